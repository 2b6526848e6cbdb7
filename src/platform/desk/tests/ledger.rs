// SPDX-License-Identifier: GPL-3.0-only
//! 电子台账: what officers did at the desk and at terminals, filtered, and as files.

use super::*;
use contract::{
    CheckReason, Direction, DutyAnswer, DutyOfficerChecked, DutySignedOn, How, IdentityCheck, Movement,
    OutReason,
};

on_both! {
    the_ledger_joins_the_desk_and_the_terminals_and_names_no_detainee,
    an_officer_who_looked_at_duty_or_answered_stands_in_the_ledger_and_nobody_on_duty_does,
    the_ledger_is_filtered_by_person_business_and_day,
    the_ledger_leaves_as_csv_and_json_and_that_is_in_the_audit,
    without_a_line_in_the_audit_nothing_leaves,
}

/// A roll call with its result, a person taken out, the first roll call signed.
async fn worked(on: On) -> (World, Browser) {
    let world = World::new(on).await;
    let (mut kiosk, _) = received(&world).await;
    let movement = Movement {
        detainee: world.seeded.detainees[4].id,
        direction: Direction::TakeOut,
        reason: OutReason::Interrogation,
        at: kiosk.stamp(),
        left_ms: None,
        checked: IdentityCheck::Officer,
        officer: world.seeded.officers[1].id,
        remaining: 11,
    };
    kiosk.say(&Event::Movement(movement)).await;
    let auditor = Browser::signed_in(&world, "auditor").await;
    (world, auditor)
}

fn count(page: &str) -> usize {
    page.split("id=\"ledger-count\" data-count=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

async fn the_ledger_joins_the_desk_and_the_terminals_and_names_no_detainee(on: On) {
    let (world, mut auditor) = worked(on).await;
    let page = auditor.get("/ledger").await.text;
    for word in [
        "登录",
        "签名确认点名",
        "民警核验",
        "记为未点到",
        "带出",
        "马国庆",
        "何志远",
        "在终端",
        "三监区 305室",
    ] {
        assert!(page.contains(word), "{word}");
    }
    for person in &world.seeded.detainees {
        assert!(!page.contains(&person.name), "{}", person.name);
    }
}

async fn an_officer_who_looked_at_duty_or_answered_stands_in_the_ledger_and_nobody_on_duty_does(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let officer = world.seeded.officers[1].id;
    let ways = [How::OfficerCheck { officer, reason: CheckReason::CameraDown }, How::Pin { chosen: true }];
    for (who, how) in ways.into_iter().enumerate() {
        let fact = DutySignedOn {
            turn: world.turn(),
            detainee: world.who(who),
            instead_of: None,
            at: kiosk.stamp(),
            repeated: false,
            how,
        };
        kiosk.say(&Event::DutySignedOn(fact)).await;
    }
    let told = crate::tests::duty::gap(&kiosk, world.turn());
    let subject = kiosk.say(&Event::DutyGap(told)).await;
    let (answer, note) = (DutyAnswer::Confirmed, "已查看，正常".into());
    let said = DutyOfficerChecked { subject, answer, officer, note, at: kiosk.stamp() };
    kiosk.say(&Event::DutyOfficerChecked(said)).await;
    let mut auditor = Browser::signed_in(&world, "auditor").await;
    let lines: Vec<serde_json::Value> =
        serde_json::from_str(&auditor.get("/ledger.json?business=duty").await.text).unwrap();
    let mut did: Vec<_> = lines
        .iter()
        .map(|line| (line["action"].as_str().unwrap(), line["person"].as_str().unwrap()))
        .collect();
    did.sort_unstable();
    assert_eq!(did, [("duty_answer", "何志远"), ("officer_check", "何志远")]);
    let page = auditor.get("/ledger?business=duty").await.text;
    assert!(world.seeded.detainees.iter().all(|person| !page.contains(&person.name)));
}

async fn the_ledger_is_filtered_by_person_business_and_day(on: On) {
    let (_world, mut auditor) = worked(on).await;
    let page = auditor.get("/ledger?business=movement").await.text;
    assert_eq!(count(&page), 1);
    assert_eq!(count(&auditor.get("/ledger?person=%E4%BD%95%E5%BF%97%E8%BF%9C").await.text), 1, "何志远");
    assert_eq!(count(&auditor.get("/ledger?person=nobody").await.text), 0);
    let all = count(&auditor.get("/ledger").await.text);
    assert!(all > 3);
    assert_eq!(count(&auditor.get("/ledger?from=2026-11-22&to=2026-11-22").await.text), all);
    assert_eq!(count(&auditor.get("/ledger?to=2026-11-21").await.text), 0);
    for nonsense in ["from=x", "business=x", "to=2026-13-01"] {
        assert_eq!(
            auditor.get(&format!("/ledger?{nonsense}")).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

async fn the_ledger_leaves_as_csv_and_json_and_that_is_in_the_audit(on: On) {
    let (world, mut auditor) = worked(on).await;
    world.running.platform.put_desk_user("=1+1", contract::Post::DutyOfficer, "long enough").await.unwrap();
    Browser::new(&world).sign_in("%3D1%2B1", "long enough").await;
    let csv = auditor.get("/ledger.csv").await.text;
    let csv = csv.trim_start_matches('\u{feff}');
    assert!(csv.starts_with("时间,谁,岗位,业务,操作,地点,对象,结果"), "{csv}");
    assert!(csv.contains(",'=1+1,") && !csv.contains(",=1+1"), "{csv}");
    assert!(csv.contains("何志远,在终端,出入监室,带出,三监区 305室,"));
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&auditor.get("/ledger.json?business=movement").await.text).unwrap();
    assert_eq!(json.len(), 1);
    assert_eq!((&json[0]["person"], &json[0]["action"]), (&"何志远".into(), &"take_out".into()));
    assert!(auditor.get("/audit").await.text.contains("导出台账"));
}

async fn without_a_line_in_the_audit_nothing_leaves(on: On) {
    let (world, mut auditor) = worked(on).await;
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    crate::tables::set(&mut write, "audit_number", "0").await.unwrap();
    write.commit().await.unwrap();
    for path in ["/ledger.csv", "/ledger.json"] {
        assert_eq!(auditor.get(path).await.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    assert_eq!(auditor.get("/ledger").await.status, StatusCode::OK);
}
