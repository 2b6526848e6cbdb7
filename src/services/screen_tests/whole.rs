// SPDX-License-Identifier: GPL-3.0-only
//! What holds for every page: nothing drawn twice, nothing unreadable taken, no text missing.

use super::*;

#[test]
fn an_unchanged_row_is_not_told_as_changed() {
    let asked = Rc::new(Cell::new(0));
    let rows = Rc::new(VecModel::from(vec!["a", "b", "c"]));
    let counted = Rc::clone(&asked);
    let watcher = FilterModel::new(ModelRc::from(Rc::clone(&rows)), move |_: &&str| {
        counted.set(counted.get() + 1);
        true
    });
    assert_eq!(watcher.row_count(), 3);
    asked.set(0);
    let wanted =
        |wanted: &[&'static str]| fill(ModelRc::from(Rc::clone(&rows)), wanted.to_vec(), |_| panic!("kept"));
    wanted(&["a", "b", "c"]);
    assert_eq!(asked.get(), 0);
    wanted(&["a", "x", "c", "d"]);
    assert_eq!(asked.get(), 2);
    wanted(&["a"]);
    assert!(rows.iter().eq(["a"]));
}

#[test]
fn what_cannot_be_read_is_no_touch() {
    let (window, touches) = touchable(&quiet());
    for id in ["", "王小明", "00000000", "my-record-2"] {
        window.global::<ui::Home<'_>>().invoke_open(id.into());
        window.global::<ui::RollCall<'_>>().invoke_person_chosen(id.into());
        window.global::<ui::Officer<'_>>().invoke_officer_chosen(id.into());
        window.global::<ui::Officer<'_>>().invoke_menu_chosen(id.into());
        window.global::<ui::Review<'_>>().invoke_here(id.into());
        window.global::<ui::Review<'_>>().invoke_reason_chosen(id.into());
        window.global::<ui::Movement<'_>>().invoke_check_chosen(id.into());
        window.global::<ui::Movement<'_>>().invoke_reason_chosen(id.into());
    }
    assert!(touches.borrow().is_empty());
    assert_eq!(touched(&quiet(), "tile-my-record"), [Touch::MyRecord]);
    assert_eq!(touched(&calling(), "use-pin"), [Touch::UsePin]);
    assert_eq!(touched(&calling(), "use-officer"), [Touch::UseOfficer]);
}

#[test]
fn every_refusal_and_every_guide_has_its_own_words_in_every_language() {
    for lang in Lang::all() {
        let mut scene = review();
        let window = shown(&scene, *lang);
        let mut said = std::collections::BTreeSet::new();
        for refusal in refusals() {
            scene.refusal = Some(refusal);
            show(&window, &scene, Catalogue::of(*lang));
            said.insert(says(&window, "notice"));
        }
        // Two services know the same "not of this cell".
        assert_eq!(said.len(), refusals().len() - 1);
        let mut guidance = std::collections::BTreeSet::new();
        for guide in GUIDES {
            scene.eye.guide = Some(guide);
            show(&window, &scene, Catalogue::of(*lang));
            guidance.insert(window.global::<ui::Camera<'_>>().get_guidance());
        }
        assert_eq!(guidance.len(), GUIDES.len());
    }
    assert_eq!(i18n::missing(), 0);
}

#[test]
fn no_page_lacks_a_text_in_any_language() {
    for lang in Lang::all() {
        let mut scene = review();
        call(&mut scene).extra = vec![contract::ExtraPerson {
            at: stamp(0),
            officer: OfficerId::fresh(),
            note: Text::new("工作人员"),
        }];
        let window = shown(&scene, *lang);
        for place in places(&scene) {
            scene.place = place;
            show(&window, &scene, Catalogue::of(*lang));
            let said = read_all(&window);
            assert!(!said.contains('⟨'), "{:?}: {said}", scene.place);
        }
        for camera in
            [CameraState::Covered, CameraState::Stalled, CameraState::Unplugged, CameraState::Missing]
        {
            scene.eye.camera = camera;
            show(&window, &scene, Catalogue::of(*lang));
        }
        for link in [Link::Online, Link::Offline, Link::NotEnrolled, Link::Refused] {
            scene.link = link;
            show(&window, &scene, Catalogue::of(*lang));
        }
    }
    assert_eq!(i18n::missing(), 0);
}

fn refusals() -> Vec<Refusal> {
    use {cell::Refusal as C, roll_call::Refusal as R, session::Refusal as S};
    let cell = [C::NotOfThisCell, C::AlreadyOut, C::NotOut, C::NotRecognised].map(Refusal::Cell);
    let session = [
        S::NotOfThisCell,
        S::UnknownCard,
        S::UnknownOfficer,
        S::NoPin,
        S::ObviousPin,
        S::WrongPin { tries_left: 1 },
        S::Wait { seconds: 30 },
        S::NoTemplate,
    ]
    .map(Refusal::Session);
    let roll_call = [
        R::Running,
        R::NotNow,
        R::NotOnRoster,
        R::NotYourTurn,
        R::AlreadyResolved,
        R::IsOut,
        R::Unresolved { lines: 1 },
        R::ReasonMissing,
        R::SecondOfficerMissing,
        R::SameOfficer,
        R::TooMany,
    ]
    .map(Refusal::RollCall);
    [Refusal::OfficerOnly].into_iter().chain(cell).chain(session).chain(roll_call).collect()
}

const GUIDES: [Guide; 17] = [
    Guide::ComeBefore,
    Guide::Closer,
    Guide::Back,
    Guide::ToTheMiddle,
    Guide::OneAtATime,
    Guide::MoreLight,
    Guide::LessLight,
    Guide::HoldStill,
    Guide::LookHere,
    Guide::HeadUpright,
    Guide::Uncover,
    Guide::Holding,
    Guide::TurnLeft,
    Guide::TurnRight,
    Guide::LookUp,
    Guide::LookAhead,
    Guide::TryAgain,
];

/// Every page in every state this crate can put on it.
fn places(scene: &Scene) -> Vec<Place> {
    let who = scene.people[7].id;
    let reason = Some(OutReason::Hospital);
    let checked = IdentityCheck::Face;
    let mut places = vec![Place::Home, Place::Officer, Place::OfficerChoose];
    let (own, table) = (RollCallPage::Pin(who), ReviewPage::Table);
    places.extend([RollCallPage::Follow, RollCallPage::ChooseSelf, own].map(Place::RollCall));
    let asked =
        [ReviewPage::Present(who), ReviewPage::NotSeen(who), ReviewPage::Extra, ReviewPage::LateReason(who)];
    places.extend(asked.map(Place::Review));
    let ends = [ReviewPage::Recount, ReviewPage::ReadBack, ReviewPage::Receipt, ReviewPage::Late, table];
    places.extend(ends.map(Place::Review));
    for reason in [reason, None] {
        let detainee = who;
        places.extend(
            [
                MovementPage::People,
                MovementPage::Reason(who),
                MovementPage::Check { detainee, reason },
                MovementPage::Mirror { detainee, reason },
                MovementPage::Pin { detainee, reason },
                MovementPage::ReadBack { detainee, reason, checked },
                MovementPage::Done { detainee, reason },
            ]
            .map(Place::Movement),
        );
    }
    let refused = |why| EnrolPage::Refused { detainee: who, why };
    places.extend(
        [
            EnrolPage::People,
            EnrolPage::Consent(who),
            EnrolPage::Mirror { detainee: who, view: 2 },
            EnrolPage::Done(who),
            refused(EnrolRefusal::TooAlike),
            refused(EnrolRefusal::NotOnePerson),
            refused(EnrolRefusal::TookTooLong),
            refused(EnrolRefusal::NoCamera),
        ]
        .map(Place::Enrol),
    );
    let (pin, quiet) = (Pin::parse("258025").unwrap(), Pin::parse("369036").unwrap());
    let again = PinIssuePage::Again(who, pin.clone());
    let second = [
        PinIssuePage::Quiet(who, pin.clone()),
        PinIssuePage::QuietAgain { detainee: who, pin: pin.clone(), quiet },
        PinIssuePage::QuietDiffered(who, pin),
    ];
    places.extend(second.map(Place::PinIssue));
    let (first, differed) = (PinIssuePage::First(who), PinIssuePage::Differed(who));
    places
        .extend([PinIssuePage::People, first, again, differed, PinIssuePage::Done(who)].map(Place::PinIssue));
    places.extend([RecordPage::People, RecordPage::List].map(Place::MyRecord));
    places
}
