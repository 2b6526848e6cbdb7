// SPDX-License-Identifier: GPL-3.0-only
//! The window's two ends: a finger becomes a [`Touch`] ([`wire`]), a [`Scene`] becomes what is seen ([`show`]).
//!
//! Promises: an unchanged scene repaints nothing; a page that is not shown keeps nobody's name. Refuses: an id it
//! cannot read is no touch. Decides no rule: what may be done is the scene's to say.

pub(crate) mod pen;

use crate::scene::{
    CarePage, DutyPage, Idle, Link, MovementPage, PinIssuePage, Place, RollCallPage, Scene, Touch,
};
use crate::session::{Second, Who};
use crate::{
    Refusal, alarm, care, cell, complaint, device, document, duty, public_notice, request, roll_call,
    session, shop,
};
use contract::Trust;
use i18n::{Arg, Catalogue};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};
use std::str::FromStr;
use ui::MainWindow;

/// China has one time zone.
const CHINA_OFFSET_MIN: i16 = 480;

/// Connects what the pages can say to `touched`.
pub fn wire(window: &MainWindow, touched: impl Fn(Touch) + Clone + 'static) {
    window.global::<ui::Touch<'_>>().on_any(pressed(&touched, Touch::Any));
    let nav = window.global::<ui::Nav<'_>>();
    nav.on_stay(pressed(&touched, Touch::Stay));
    nav.on_fault_seen(pressed(&touched, Touch::FaultSeen));
    public_notice::screen::wire(window, &touched);
    request::screen::wire(window, &touched);
    care::screen::wire(window, &touched);
    complaint::screen::wire(window, &touched);
    cell::screen::wire(window, &touched);
    device::screen::wire(window, &touched);
    document::screen::wire(window, &touched);
    duty::screen::wire(window, &touched);
    session::screen::wire(window, &touched);
    session::screen::prove::wire(window, &touched);
    shop::screen::wire(window, &touched);
    roll_call::screen::wire(window, &touched);
}

/// Puts the scene on the screen in the language of `words`. Sets only what differs.
pub fn show(window: &MainWindow, scene: &Scene, words: &Catalogue) {
    let say = Phrases::of(scene, words);
    let page = page(scene);
    forget_others(window, page);
    bar(window, scene, &say);
    alarm::screen::show_camera(window, scene, &say);
    request::screen::show_call(window, scene, &say);
    duty::screen::call(window, scene, &say);
    match page {
        ui::Page::Home => cell::screen::show_home(window, scene, &say),
        ui::Page::Movement => cell::screen::show_movement(window, scene, &say),
        ui::Page::RollCall => roll_call::screen::show_roll_call(window, scene, &say),
        ui::Page::Review => roll_call::screen::show_review(window, scene, &say),
        ui::Page::Officer => session::screen::show_officer(window, scene, &say),
        ui::Page::Enrol => session::screen::show_enrol(window, scene, &say),
        ui::Page::PinIssue => session::screen::show_pin_issue(window, scene, &say),
        ui::Page::MyRecord => session::screen::show_my_record(window, scene, &say),
        ui::Page::Device => device::screen::show(window, scene, &say),
        ui::Page::Requests => request::screen::show(window, scene, &say),
        ui::Page::Duty => duty::screen::show(window, scene, &say),
        ui::Page::Care => care::screen::show(window, scene, &say),
        ui::Page::Shop => shop::screen::show(window, scene, &say),
        ui::Page::Prove => session::screen::prove::show(window, scene, &say),
        ui::Page::Complaint => complaint::screen::show(window, scene, &say),
        ui::Page::Documents => document::screen::show(window, scene, &say),
        ui::Page::PublicNotices => public_notice::screen::show(window, scene, &say),
    }
    let nav = window.global::<ui::Nav<'_>>();
    nav.set_still_there(still_there(scene.idle, &say));
    nav.set_fault(if scene.fault { say.text("fault-detail") } else { SharedString::default() });
    nav.set_notice(if tells_refusal(scene) { SharedString::default() } else { problem(scene, &say) });
    nav.set_page(page);
}

/// Puts the alarm on the screen, over whatever is there. It needs no scene: it is shown before the store is open. Without
/// one the facility's clock is taken to be China's.
pub fn show_alarm(
    window: &MainWindow,
    alarm: Option<&alarm::Status>,
    small: bool,
    scene: Option<&Scene>,
    words: &Catalogue,
) {
    let offset_min = scene.and_then(|scene| scene.cell.utc_offset_min).unwrap_or(CHINA_OFFSET_MIN);
    let say = Phrases { words, offset_min };
    alarm::screen::show(window, alarm, small, scene.is_some_and(|scene| scene.alarm_policy.silent), &say);
}

/// What stands on the screen in words: texts in one language, times on the facility's clock.
pub(crate) struct Phrases<'a> {
    pub(crate) words: &'a Catalogue,
    /// Minutes the facility's clock is ahead of UTC.
    offset_min: i16,
}

impl<'a> Phrases<'a> {
    pub(crate) fn of(scene: &Scene, words: &'a Catalogue) -> Self {
        Self { words, offset_min: scene.cell.utc_offset_min.unwrap_or_default() }
    }
}

impl Phrases<'_> {
    pub(crate) fn text(&self, id: &str) -> SharedString {
        self.words.text(id).as_ref().into()
    }

    pub(crate) fn format(&self, id: &str, args: &[(&str, Arg)]) -> SharedString {
        self.words.format(id, args).into()
    }

    /// A text with a time of day in it.
    pub(crate) fn at(&self, id: &str, wall_ms: i64) -> SharedString {
        self.format(id, &[("time", self.time(wall_ms).into())])
    }

    /// `10:32`.
    pub(crate) fn time(&self, wall_ms: i64) -> String {
        self.words.time(self.civil(wall_ms).time())
    }

    /// `10:47:52`.
    pub(crate) fn time_s(&self, wall_ms: i64) -> String {
        self.words.time_s(self.civil(wall_ms).time())
    }

    /// `11月22日 10:32`.
    pub(crate) fn date_time(&self, wall_ms: i64) -> String {
        self.words.date_time(self.civil(wall_ms))
    }

    /// `11月22日 星期日`.
    pub(crate) fn date(&self, wall_ms: i64) -> String {
        self.words.date(self.civil(wall_ms).date())
    }

    /// `2027-05-21`, for what lies in another year; the same in every language.
    pub(crate) fn day(&self, wall_ms: i64) -> String {
        self.civil(wall_ms).date().to_string()
    }

    fn civil(&self, wall_ms: i64) -> DateTime {
        let offset = Offset::from_seconds(i32::from(self.offset_min) * 60).unwrap_or(Offset::UTC);
        offset.to_datetime(Timestamp::from_millisecond(wall_ms).unwrap_or_default())
    }
}

/// A button without words of its own.
pub(crate) fn pressed<F>(touched: &F, touch: Touch) -> impl Fn() + use<F>
where
    F: Fn(Touch) + Clone + 'static,
{
    let touched = touched.clone();
    move || touched(touch.clone())
}

/// A button that says which, or a field that says what; nothing when it cannot be read.
pub(crate) fn said<F, R>(touched: &F, read: R) -> impl Fn(SharedString) + use<F, R>
where
    F: Fn(Touch) + Clone + 'static,
    R: Fn(&str) -> Option<Touch> + 'static,
{
    let touched = touched.clone();
    move |words| {
        if let Some(touch) = read(&words) {
            touched(touch);
        }
    }
}

/// A person's or officer's tile.
pub(crate) fn of_id<T: FromStr>(touch: fn(T) -> Touch) -> impl Fn(&str) -> Option<Touch> {
    move |id| id.parse().ok().map(touch)
}

/// Digits as entered.
pub(crate) fn pin(digits: &str) -> Option<Touch> {
    Some(Touch::Pin(zeroize::Zeroizing::new(digits.to_owned())))
}

/// Brings a shown list in line with `wanted`, row by row: rows that stay the same are not drawn again, and a finger on
/// one does not lose it.
pub(crate) fn fill<T: Clone + PartialEq + 'static>(
    shown: ModelRc<T>,
    wanted: Vec<T>,
    replace: impl FnOnce(ModelRc<T>),
) {
    let Some(rows) = shown.as_any().downcast_ref::<VecModel<T>>() else {
        if !wanted.is_empty() {
            replace(ModelRc::new(VecModel::from(wanted)));
        }
        return;
    };
    while rows.row_count() > wanted.len() {
        rows.remove(rows.row_count() - 1);
    }
    for (index, row) in wanted.into_iter().enumerate() {
        match rows.row_data(index) {
            None => rows.push(row),
            Some(before) if before != row => rows.set_row_data(index, row),
            Some(_) => {}
        }
    }
}

/// Why the last touch was not carried out, in words; nothing when it was.
pub(crate) fn problem(scene: &Scene, say: &Phrases<'_>) -> SharedString {
    scene.refusal.map_or_else(SharedString::default, |refusal| refusal_text(refusal, say))
}

/// Whether no PIN is taken right now.
pub(crate) fn pin_waits(scene: &Scene) -> bool {
    matches!(scene.refusal, Some(Refusal::Session(session::Refusal::Wait { .. })))
}

/// 民警 周** 已登录; nothing when no officer is at the screen.
pub(crate) fn signed_in(scene: &Scene, say: &Phrases<'_>) -> SharedString {
    match &scene.who {
        Who::Officer { officer, .. } => {
            say.format("officer-signed-in", &[("name", cell::masked(&officer.name).into())])
        }
        Who::Nobody
        | Who::CardShown(_)
        | Who::WithoutCard(_)
        | Who::Voucher { .. }
        | Who::Claimed(_)
        | Who::Detainee(_) => SharedString::default(),
    }
}

fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    match refusal {
        Refusal::OfficerOnly => say.text("refused-officer-only"),
        Refusal::Cell(refusal) => cell::screen::refusal_text(refusal, say),
        Refusal::Session(refusal) => session::screen::refusal_text(refusal, say),
        Refusal::RollCall(refusal) => roll_call::screen::refusal_text(refusal, say),
        Refusal::Request(refusal) => request::screen::refusal_text(refusal, say),
        Refusal::Duty(refusal) => duty::screen::refusal_text(refusal, say),
        Refusal::Care(refusal) => care::screen::refusal_text(refusal, say),
        Refusal::Shop(refusal) => shop::screen::refusal_text(refusal, say),
        Refusal::Complaint(refusal) => complaint::screen::refusal_text(refusal, say),
        Refusal::Document(refusal) => document::screen::refusal_text(refusal, say),
    }
}

fn page(scene: &Scene) -> ui::Page {
    let called = scene.roll_call.is_some();
    match scene.place {
        Place::RollCall(_) if called => ui::Page::RollCall,
        Place::Review(_) if called => ui::Page::Review,
        Place::Home | Place::RollCall(_) => ui::Page::Home,
        Place::Officer | Place::OfficerChoose | Place::Review(_) => ui::Page::Officer,
        Place::Movement(_) => ui::Page::Movement,
        Place::Enrol(_) => ui::Page::Enrol,
        Place::PinIssue(_) => ui::Page::PinIssue,
        Place::MyRecord(_) => ui::Page::MyRecord,
        Place::Device => ui::Page::Device,
        Place::Requests => ui::Page::Requests,
        Place::Duty(_) => ui::Page::Duty,
        Place::Care(_) => ui::Page::Care,
        Place::Shop(_) => ui::Page::Shop,
        Place::Prove(_) => ui::Page::Prove,
        Place::Complaint(_) => ui::Page::Complaint,
        Place::Document(_) => ui::Page::Documents,
        Place::Notices(_) => ui::Page::PublicNotices,
    }
}

/// Whether the page itself has a place for the refusal, beside what it is about.
fn tells_refusal(scene: &Scene) -> bool {
    match &scene.place {
        Place::Home
        | Place::Review(_)
        | Place::Enrol(_)
        | Place::OfficerChoose
        | Place::Device
        | Place::MyRecord(_)
        | Place::Shop(_)
        | Place::Document(_)
        | Place::Notices(_)
        | Place::Requests => false,
        Place::Prove(_) => true,
        Place::RollCall(page) => match page {
            RollCallPage::Follow => roll_call::screen::is_calling(scene),
            RollCallPage::Pin(_) => true,
            RollCallPage::ChooseSelf => false,
        },
        Place::Officer => {
            !matches!(&scene.who, Who::Officer { second: Second::None | Second::Confirmed(_), .. })
        }
        Place::Movement(page) => {
            matches!(page, MovementPage::Reason(_) | MovementPage::Check { .. } | MovementPage::Pin { .. })
        }
        Place::PinIssue(page) => !matches!(page, PinIssuePage::People | PinIssuePage::Done(_)),
        Place::Care(page) => matches!(page, CarePage::Check(_)),
        Place::Complaint(page) => complaint::screen::tells_refusal(page),
        Place::Duty(page) => matches!(page, DutyPage::Face { .. } | DutyPage::Pin { .. }),
    }
}

fn bar(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let bar = window.global::<ui::Bar<'_>>();
    bar.set_cell(format!("{} {}", scene.cell.block, scene.cell.cell).trim().into());
    let now = say.civil(scene.now.wall_ms);
    // Without the facility's offset there is no time of day to show.
    let placed = scene.cell.utc_offset_min.is_some();
    bar.set_date(if placed { say.words.date(now.date()).into() } else { SharedString::default() });
    bar.set_clock(if placed { say.words.time(now.time()).into() } else { SharedString::default() });
    bar.set_clock_verified(placed && scene.now.trust == Trust::Synced);
    bar.set_link(say.text(link_text(scene.link)));
    bar.set_linked(scene.link == Link::Online);
}

/// The text that says how the platform is reached.
pub(crate) fn link_text(link: Link) -> &'static str {
    match link {
        Link::Online => "link-connected",
        Link::Offline => "link-down",
        Link::NotEnrolled => "link-never",
        Link::Refused => "link-refused",
    }
}

fn still_there(idle: Idle, say: &Phrases<'_>) -> SharedString {
    match idle {
        Idle::Touched | Idle::Blurred => SharedString::default(),
        Idle::Asked { clears_in_s } => say.format("still-there-detail", &[("seconds", clears_in_s.into())]),
    }
}

/// No page keeps a name behind the one that is shown.
fn forget_others(window: &MainWindow, page: ui::Page) {
    if page != ui::Page::Review {
        roll_call::screen::forget_review(window);
    }
    if page != ui::Page::Movement {
        cell::screen::forget_movement(window);
    }
    if page != ui::Page::Enrol {
        session::screen::forget_enrol(window);
    }
    if page != ui::Page::PinIssue {
        session::screen::forget_pin_issue(window);
    }
    if page != ui::Page::Device {
        device::screen::forget(window);
    }
    if page != ui::Page::Requests {
        request::screen::forget(window);
    }
    if page != ui::Page::Duty {
        duty::screen::forget(window);
    }
    if page != ui::Page::Care {
        care::screen::forget(window);
    }
    if page != ui::Page::Shop {
        shop::screen::forget(window);
    }
    if page != ui::Page::Prove {
        session::screen::prove::forget(window);
    }
    if page != ui::Page::Complaint {
        complaint::screen::forget(window);
    }
    if page != ui::Page::PublicNotices {
        public_notice::screen::forget(window);
    }
    if page != ui::Page::Documents {
        document::screen::forget(window);
    }
    if page != ui::Page::MyRecord {
        session::screen::forget_my_record(window);
    }
}
