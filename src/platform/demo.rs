// SPDX-License-Identifier: GPL-3.0-only
//! A made-up facility to try everything on: one cell of twelve people, three officers, a day, a shop, a first roll call.
//!
//! Seeding again changes nothing but to ask for another roll call where none is waiting; the secrets, made at random
//! and kept as verifiers only, are shown once, and can be made anew. The names are common ones and mean nobody.

use crate::{Fault, Platform, demo_shop, rota, secrets};
use contract::{
    DetaineeId, Facility, FacilityKind, Member, Officer, OfficerId, OfficerRole, Policy, Post, ScheduleEntry,
    ScheduleKind, Terminal, TerminalId,
};
use serde::Serialize;

const BLOCK: &str = "三监区";
const CELL: &str = "305室";
/// China has one time zone.
const UTC_OFFSET_MIN: i16 = 480;
/// A demo does not wait a minute for the first name.
const ANNOUNCE_S: u32 = 15;
/// The first roll call is announced this long after seeding, in milliseconds.
const FIRST_CALL_MS: i64 = 3 * 60_000;
const FIRST_CALL: &str = "示范点名";

/// The demo's first cycle; the desk names later ones by their first day.
const ROTA: &str = "0000-first";

const DETAINEES: [(&str, &str); 12] = [
    ("王建国", "0312"),
    ("李志强", "0315"),
    ("张伟", "0318"),
    ("刘洋", "0321"),
    ("陈国栋", "0324"),
    ("杨帆", "0327"),
    ("赵文斌", "0330"),
    ("黄海涛", "0333"),
    ("周小军", "0336"),
    ("吴俊杰", "0339"),
    ("徐明亮", "0342"),
    ("孙立平", "0345"),
];

const OFFICERS: [(&str, OfficerRole); 3] = [
    ("马国庆", OfficerRole::DutyOfficer),
    ("何志远", OfficerRole::SupervisingOfficer),
    ("林正华", OfficerRole::Director),
];

const DESK_USERS: [(&str, Post); 11] = [
    ("duty", Post::DutyOfficer),
    ("control", Post::ControlRoom),
    ("director", Post::Director),
    ("it", Post::It),
    ("auditor", Post::Auditor),
    ("supervisor", Post::SupervisingOfficer),
    ("doctor", Post::Doctor),
    ("shop", Post::Shop),
    ("finance", Post::Finance),
    ("procurator", Post::Procurator),
    ("superior", Post::Superior),
];

/// What the kind of facility changes in [`DAY`]: entries at the same minute take the place of its own.
fn day_of(kind: FacilityKind) -> &'static [(u16, ScheduleKind, &'static str, &'static str)] {
    match kind {
        FacilityKind::DetentionCentre => &[],
        // 拘留所条例 §21: two hours outdoors a day at least.
        FacilityKind::LockUp => &[
            (9 * 60 + 40, ScheduleKind::ExerciseYard, "室外活动", "一小时"),
            (16 * 60, ScheduleKind::ExerciseYard, "室外活动", "一小时"),
        ],
        FacilityKind::DrugRehabilitation => &[
            (8 * 60 + 30, ScheduleKind::Lesson, "戒毒教育", "毒品危害与戒断"),
            (9 * 60 + 40, ScheduleKind::ExerciseYard, "康复训练", "训练场"),
            (14 * 60 + 30, ScheduleKind::Lesson, "心理健康课", "视频学习"),
        ],
    }
}

const DAY: [(u16, ScheduleKind, &str, &str); 13] = [
    (6 * 60 + 30, ScheduleKind::Other, "起床", "整理内务"),
    (7 * 60, ScheduleKind::RollCall, "早点名", ""),
    (7 * 60 + 20, ScheduleKind::Meal, "早餐", ""),
    (8 * 60 + 30, ScheduleKind::Lesson, "学习", "监规与法律知识"),
    (9 * 60 + 40, ScheduleKind::ExerciseYard, "放风", "放风场"),
    (10 * 60 + 45, ScheduleKind::RollCall, "上午点名", ""),
    (11 * 60 + 30, ScheduleKind::Meal, "午餐", ""),
    (12 * 60, ScheduleKind::Rest, "午休", ""),
    (14 * 60 + 30, ScheduleKind::Lesson, "教育课", "视频学习"),
    (16 * 60, ScheduleKind::ExerciseYard, "放风", "放风场"),
    (17 * 60 + 30, ScheduleKind::Meal, "晚餐", ""),
    (19 * 60, ScheduleKind::RollCall, "晚点名", ""),
    (22 * 60, ScheduleKind::Rest, "就寝", ""),
];

/// What to seed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seed {
    pub kind: FacilityKind,
    pub first_call: FirstCall,
    /// New PINs, cards and passwords, which are shown.
    pub new_secrets: bool,
}

/// When the demo's own roll call is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstCall {
    /// In a few minutes.
    #[default]
    Soon,
    AtOnce,
    /// Somebody else asks for one.
    Never,
}

/// What was seeded. Holds secrets where they are new: for a console, never for a log.
#[derive(Serialize)]
pub struct Seeded {
    pub terminal: TerminalId,
    pub block: String,
    pub cell: String,
    /// The secrets below are new; else they were shown before and the lists are empty.
    pub new_secrets: bool,
    /// A roll call was asked for.
    pub roll_call: bool,
    pub detainees: Vec<DemoDetainee>,
    pub officers: Vec<DemoOfficer>,
    pub desk_users: Vec<DemoUser>,
}

/// A person of the demo cell.
#[derive(Serialize)]
pub struct DemoDetainee {
    pub id: DetaineeId,
    pub name: String,
    pub badge_number: String,
    /// Four digits.
    pub pin: String,
}

/// An officer of the demo block.
#[derive(Serialize)]
pub struct DemoOfficer {
    pub id: OfficerId,
    pub name: String,
    pub role: OfficerRole,
    /// Ten digits, as the reader types them.
    pub card: String,
    /// Six digits.
    pub pin: String,
}

/// Someone who may use the demo's desk.
#[derive(Serialize)]
pub struct DemoUser {
    pub name: String,
    pub role: &'static str,
    pub password: String,
}

/// Seeds the demo facility.
///
/// # Errors
/// The tables fail, or the system gives no random numbers.
pub async fn seed(platform: &Platform, seed: Seed) -> Result<Seeded, Fault> {
    let held = platform.terminals().await?.into_iter().find(|row| row.block == BLOCK && row.cell == CELL);
    let is_new = held.is_none();
    let terminal = held.map_or_else(TerminalId::fresh, |row| row.id);
    if is_new {
        place(platform, terminal, seed.kind).await?;
    }
    let new_secrets = is_new || seed.new_secrets;
    let mut seeded = Seeded {
        terminal,
        block: BLOCK.to_owned(),
        cell: CELL.to_owned(),
        new_secrets,
        roll_call: false,
        detainees: Vec::new(),
        officers: Vec::new(),
        desk_users: Vec::new(),
    };
    if new_secrets {
        seeded.detainees = detainees(platform, terminal).await?;
        let people: Vec<DetaineeId> = seeded.detainees.iter().map(|person| person.id).collect();
        if is_new {
            demo_shop::seed(platform, &people).await?;
        }
        seeded.officers = officers(platform, terminal).await?;
        if platform.rotas(terminal).await?.is_empty() {
            let midnight_ms = rota::midnight_ms(platform.now_ms(), UTC_OFFSET_MIN);
            if let Some(first) = rota::first(&platform.members(terminal).await?, midnight_ms)? {
                platform.put_rota(terminal, ROTA, &first).await?;
            }
        }
        for (name, post) in DESK_USERS {
            let password = secrets::letters::<12>()?;
            platform.put_demo_user(name, post, &password).await?;
            seeded.desk_users.push(DemoUser { name: name.to_owned(), role: post.name(), password });
        }
    }
    let after_ms = match seed.first_call {
        FirstCall::Soon => FIRST_CALL_MS,
        FirstCall::AtOnce => 0,
        FirstCall::Never => return Ok(seeded),
    };
    let from_ms = platform.now_ms().saturating_add(after_ms);
    seeded.roll_call = match platform.roll_call_from(terminal, FIRST_CALL, from_ms).await {
        Ok(_) => true,
        Err(Fault::Refused(_)) => false,
        Err(fault) => return Err(fault),
    };
    Ok(seeded)
}

async fn place(platform: &Platform, terminal: TerminalId, kind: FacilityKind) -> Result<(), Fault> {
    let name = match kind {
        FacilityKind::DetentionCentre => "示范看守所",
        FacilityKind::LockUp => "示范拘留所",
        FacilityKind::DrugRehabilitation => "示范强制隔离戒毒所",
    };
    let facility = Facility { name: name.into(), kind };
    let hangs = Terminal { terminal, block: BLOCK.into(), cell: CELL.into(), utc_offset_min: UTC_OFFSET_MIN };
    platform.put_terminal(&hangs, &facility).await?;
    let mut policy = Policy::default();
    policy.roll_call.announce_s = ANNOUNCE_S;
    platform.put_policy(terminal, &policy).await?;
    let own = day_of(kind);
    for entry in DAY {
        let &(minute, kind, title, detail) = own.iter().find(|of| of.0 == entry.0).unwrap_or(&entry);
        let entry = ScheduleEntry { minute, kind, title: title.into(), detail: detail.into() };
        platform.put_schedule(terminal, &format!("{minute:04}"), &entry).await?;
    }
    Ok(())
}

async fn detainees(platform: &Platform, terminal: TerminalId) -> Result<Vec<DemoDetainee>, Fault> {
    let held = platform.members(terminal).await?;
    let mut seeded = Vec::with_capacity(DETAINEES.len());
    for (name, badge_number) in DETAINEES {
        let pin = secrets::digits::<4>()?;
        let known = held.iter().find(|member| member.badge_number.as_str() == badge_number).cloned();
        let mut member = known.unwrap_or_else(|| Member {
            id: DetaineeId::fresh(),
            name: name.into(),
            badge_number: badge_number.into(),
            out: None,
            exempt: None,
            face_off: false,
            pin: None,
        });
        member.pin = Some(secrets::verifier(&pin).await?);
        platform.put_member(terminal, &member).await?;
        let (name, badge_number) = (name.to_owned(), badge_number.to_owned());
        seeded.push(DemoDetainee { id: member.id, name, badge_number, pin });
    }
    Ok(seeded)
}

async fn officers(platform: &Platform, terminal: TerminalId) -> Result<Vec<DemoOfficer>, Fault> {
    let held = platform.officers(terminal).await?;
    let mut seeded = Vec::with_capacity(OFFICERS.len());
    for (name, role) in OFFICERS {
        let (card, pin) = (secrets::digits::<10>()?, secrets::digits::<6>()?);
        let known = held.iter().find(|officer| officer.name.as_str() == name && officer.role == role);
        let officer = Officer {
            id: known.map_or_else(OfficerId::fresh, |officer| officer.id),
            name: name.into(),
            role,
            card: platform.card(&card).await?,
            pin: secrets::verifier(&pin).await?,
        };
        platform.put_officer(terminal, &officer).await?;
        seeded.push(DemoOfficer { id: officer.id, name: name.to_owned(), role, card, pin });
    }
    Ok(seeded)
}
