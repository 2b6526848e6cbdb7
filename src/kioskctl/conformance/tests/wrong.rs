// SPDX-License-Identifier: GPL-3.0-only
//! Each obligation broken in turn shows where it should and nowhere else.

use super::{Args, Check, OBLIGATIONS, State, examine, fixture, lines, run as run_command};
use std::process::ExitCode;

/// What a platform can get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    CertificateForYears,
    WrongCodeTaken,
    CodeTwice,
    OtherKeyEnrolled,
    NoCertificateNeeded,
    AnyAuthority,
    WritesAsAnother,
    ReadsAnother,
    OldHttp,
    AnyVersion,
    Redirects,
    ReplyUnsigned,
    OtherBatchNamed,
    VerdictForAnother,
    AcceptsNothing,
    HeadsShared,
    AcceptedTwice,
    GapTaken,
    RetryAdvances,
    NumberOverwritten,
    IdTakenAgain,
    ForkGoesOn,
    ChainUnread,
    SignatureUnread,
    UnknownKindRetried,
    UnreadableBodyRetried,
    WithheldRefused,
    LanesShareGap,
    AlarmFreezes,
    FlowNothing,
    ManyTaken,
    LargeUnsaid,
    HostileSizeServed,
    HostileTextFails,
    FeedUnsigned,
    CursorsFall,
    PagesLoose,
    FeedForgets,
    RevisionsFall,
    WaitsNot,
    AbsurdServed,
    HeadsUntold,
    StrangerSpeaksForKeys,
    ClockAhead,
    OtherKeyRenewed,
    RenewalUnsigned,
    AlarmsUnsigned,
    AlarmsWaitNot,
    AlarmsWaitOn,
    AlarmsOfAll,
    BlobUnnamed,
    BlobFromAnywhere,
    BlobHashUnread,
    BlobKeptWrong,
    BlobUnsigned,
    BlobWholeEarly,
    BlobOfAnother,
    RangeShifted,
    RangeUntold,
    BeyondServed,
    WholeServed,
    FileOfAnother,
}

/// Where each shows. Two names mean that one fault is seen from two sides, and why stands beside it.
const SHOWS: [(Broken, &[&str]); 62] = [
    // The renewed certificate is as long as the first.
    (Broken::CertificateForYears, &["enrolment", "renewal"]),
    (Broken::WrongCodeTaken, &["enrolment_wrong"]),
    (Broken::CodeTwice, &["enrolment_once"]),
    (Broken::OtherKeyEnrolled, &["enrolment_key"]),
    (Broken::NoCertificateNeeded, &["certificate_needed"]),
    (Broken::AnyAuthority, &["certificate_foreign"]),
    (Broken::WritesAsAnother, &["isolation_events"]),
    (Broken::ReadsAnother, &["isolation_feed"]),
    (Broken::OldHttp, &["http2"]),
    (Broken::AnyVersion, &["version"]),
    (Broken::Redirects, &["no_redirect"]),
    (Broken::ReplyUnsigned, &["reply_signed"]),
    (Broken::OtherBatchNamed, &["reply_names_batch"]),
    (Broken::VerdictForAnother, &["verdicts"]),
    (Broken::AcceptsNothing, &["accepted"]),
    (Broken::HeadsShared, &["heads"]),
    (Broken::AcceptedTwice, &["duplicate"]),
    (Broken::GapTaken, &["gap"]),
    (Broken::RetryAdvances, &["retry_stays"]),
    (Broken::NumberOverwritten, &["fork_seq"]),
    (Broken::IdTakenAgain, &["fork_id"]),
    (Broken::ForkGoesOn, &["fork_stops"]),
    (Broken::ChainUnread, &["chain"]),
    (Broken::SignatureUnread, &["signature"]),
    (Broken::UnknownKindRetried, &["unknown_kind"]),
    (Broken::UnreadableBodyRetried, &["unreadable_body"]),
    (Broken::WithheldRefused, &["withheld"]),
    (Broken::LanesShareGap, &["lanes_apart"]),
    (Broken::AlarmFreezes, &["alarm_goes_on"]),
    (Broken::FlowNothing, &["flow"]),
    (Broken::ManyTaken, &["too_many"]),
    (Broken::LargeUnsaid, &["too_large"]),
    (Broken::HostileSizeServed, &["hostile_size"]),
    (Broken::HostileTextFails, &["hostile_text"]),
    (Broken::FeedUnsigned, &["feed_signed"]),
    (Broken::CursorsFall, &["feed_cursors"]),
    // What follows a copy of a page has to name it, too.
    (Broken::PagesLoose, &["feed_chain", "feed_again"]),
    (Broken::FeedForgets, &["feed_again"]),
    (Broken::RevisionsFall, &["feed_revisions"]),
    (Broken::WaitsNot, &["feed_waits"]),
    (Broken::AbsurdServed, &["feed_absurd"]),
    (Broken::HeadsUntold, &["feed_heads"]),
    (Broken::StrangerSpeaksForKeys, &["content_keys"]),
    (Broken::ClockAhead, &["server_time"]),
    (Broken::OtherKeyRenewed, &["renewal_key"]),
    (Broken::RenewalUnsigned, &["renewal"]),
    (Broken::AlarmsUnsigned, &["alarms_signed"]),
    // A question that is not held is answered before its news.
    (Broken::AlarmsWaitNot, &["alarms_wait", "alarms_news"]),
    (Broken::AlarmsWaitOn, &["alarms_news"]),
    (Broken::AlarmsOfAll, &["alarms_own"]),
    (Broken::BlobUnnamed, &["blob_named"]),
    (Broken::BlobFromAnywhere, &["blob_offset"]),
    (Broken::BlobHashUnread, &["blob_hash"]),
    (Broken::BlobKeptWrong, &["blob_hash"]),
    (Broken::BlobUnsigned, &["blob_signed"]),
    (Broken::BlobWholeEarly, &["blob_whole"]),
    (Broken::BlobOfAnother, &["blob_isolation"]),
    (Broken::RangeShifted, &["media_ranges"]),
    (Broken::RangeUntold, &["media_ranges"]),
    (Broken::BeyondServed, &["media_beyond"]),
    (Broken::WholeServed, &["media_range_needed"]),
    (Broken::FileOfAnother, &["media_named"]),
];

async fn run(broken: Option<Broken>) -> Vec<Check> {
    let fixture = fixture::start(broken).await;
    examine(&fixture.url, &fixture.root_pem, &fixture.codes, &[], true).await.unwrap()
}

fn broken(checks: &[Check]) -> Vec<&'static str> {
    checks.iter().filter(|check| check.result == State::Broken).map(|check| check.name).collect()
}

#[tokio::test]
async fn a_platform_from_memory_keeps_every_obligation() {
    let checks = run(None).await;
    assert!(broken(&checks).is_empty(), "{checks:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_broken_obligation_shows_there_and_nowhere_else() {
    let mut elsewhere = Vec::new();
    // A few at a time: a machine under load answers too late for what is told by the time it took.
    for some in SHOWS.chunks(16) {
        let runs: Vec<_> =
            some.iter().map(|(wrong, shows)| (wrong, shows, tokio::spawn(run(Some(*wrong))))).collect();
        for (wrong, shows, run) in runs {
            let checks = run.await.unwrap();
            if broken(&checks) != **shows {
                let seen = checks.iter().filter(|check| check.result == State::Broken);
                let seen: Vec<String> =
                    seen.map(|check| format!("{}: {}", check.name, check.words)).collect();
                elsewhere.push(format!("{wrong:?} showed in {seen:?}, not in {shows:?}"));
            }
        }
    }
    assert!(elsewhere.is_empty(), "{}", elsewhere.join("\n"));
}

#[tokio::test]
async fn a_run_tells_whether_all_holds_or_something_is_broken_or_it_could_not_run() {
    let told = async |broken, code: Option<&str>, only: &str| {
        let fixture = fixture::start(broken).await;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root.pem");
        std::fs::write(&root, &fixture.root_pem).unwrap();
        let codes = vec![code.unwrap_or(&fixture.codes[0]).to_owned()];
        let only = vec![only.to_owned()];
        let args = Args { url: fixture.url, root, codes, only, press: false, json: true };
        format!("{:?}", run_command(args).await)
    };
    let code = |code: u8| format!("{:?}", ExitCode::from(code));
    assert_eq!(told(None, None, "http2").await, code(0));
    assert_eq!(told(None, None, "isolation_feed").await, code(0), "it is not tested without a second code");
    assert_eq!(told(Some(Broken::OldHttp), None, "http2").await, code(1));
    assert_eq!(told(Some(Broken::OldHttp), None, "flow").await, code(0), "that alone was asked for");
    assert_eq!(told(None, Some("CCCCCCCCCC"), "http2").await, code(2));
    assert_eq!(told(None, None, "no_such_name").await, code(2));
}

#[tokio::test]
async fn lines_name_what_was_seen_and_count() {
    let checks = run(Some(Broken::OldHttp)).await;
    let lines = lines(&checks);
    let at = lines.iter().position(|line| line.starts_with("BROKEN")).unwrap();
    assert!(lines[at].contains("http2") && lines[at + 1].ends_with("seen: the gateway speaks HTTP/1.1"));
    let rest = OBLIGATIONS.len() - 2;
    assert_eq!(*lines.last().unwrap(), format!("{rest} hold, 1 broken, 1 not tested"));
}

#[test]
fn every_obligation_is_broken_once() {
    let shown: Vec<&str> = SHOWS.iter().flat_map(|(_, shows)| shows.iter().copied()).collect();
    let never = OBLIGATIONS.iter().map(|obligation| obligation.name).filter(|name| !shown.contains(name));
    assert_eq!(never.collect::<Vec<_>>(), ["revoked"], "it cannot be tested");
}
