// SPDX-License-Identifier: GPL-3.0-only
//! What an office reads on its standard output: what is missing before anything else, then quiet marks, then the rest.
//! What a code proves stands line by line.

use contract::{
    Complaint, ComplaintList, ComplaintTerminal, Custody, DeviceId, Finding, InCustody, Matter, OfficeKeys,
    ProofDoubt, Proven, ToOffice,
};
use office::complaints::{overdue_since, said};

const DAY_MS: i64 = 86_400_000;

/// The list as lines: what is wrong, quiet marks, everything else, and each terminal's newest count.
pub(super) fn listed(list: &ComplaintList, found: &Custody) -> Vec<String> {
    let keys = list.keys.as_ref().and_then(OfficeKeys::read);
    let mut lines: Vec<String> = found.findings.iter().map(|finding| wrong(list, *finding)).collect();
    let is_quiet = |item: &&InCustody| matches!(&item.told.matter, Matter::Mark(mark) if mark.quiet);
    let quiet = found.items.iter().filter(is_quiet);
    let rest = found.items.iter().filter(|item| !is_quiet(item));
    for item in quiet.chain(rest) {
        let entry = list.entries.iter().find(|entry| entry.envelope.id == item.event);
        let state = match entry.map(|entry| (entry.words.len(), entry.own.is_some())) {
            Some((_, true)) => "answered",
            Some((0, false)) | None => "new",
            Some((_, false)) => "received",
        };
        let hour = entry.map_or_else(String::new, |entry| time(entry.received_ms));
        let place = place(list, item.place.device);
        let kind = kind(&item.told.matter);
        let late = entry.zip(keys.as_ref()).filter(|_| matches!(item.told.matter, Matter::Complaint(_)));
        let late =
            late.and_then(|(entry, keys)| overdue_since(entry, &said(entry, keys, item.sealed), list.now_ms));
        let late = late.map_or_else(String::new, |due_ms| format!("  OVERDUE since {}", time(due_ms)));
        let number = item.told.number;
        lines.push(format!("{kind:<13} {hour}  {place}  no. {number}  {state}{late}  {}", item.event));
    }
    for terminal in &list.terminals {
        let of = found.counts.iter().filter(|count| count.device == terminal.device);
        lines.push(match of.max_by_key(|count| (count.day, count.epoch)) {
            Some(count) => format!(
                "counted       {}  {} sent by {}",
                place(list, terminal.device),
                count.sent,
                time(count.day * DAY_MS)
            ),
            None => format!("counted       {}  no count yet", place(list, terminal.device)),
        });
    }
    lines
}

/// What a terminal's text says and what speaks against it.
pub(super) fn proof_lines(list: &ComplaintList, proven: &Proven) -> Vec<String> {
    let proof = &proven.proof;
    let mut lines = vec![
        format!("terminal      {}", place(list, proof.device)),
        format!("shown at      {} ({:?})", time(proof.at_ms), proof.trust),
        format!("lane          epoch {}, {} acknowledged, head {}", proof.epoch, proof.seq, proof.head),
        "signature     the device's, as the office knows it".to_owned(),
    ];
    lines.extend(proven.doubts.iter().map(|doubt| match doubt {
        ProofDoubt::Old => "OLD           it was not shown just now".to_owned(),
        ProofDoubt::Clock => "CLOCK         the terminal's clock is not confirmed: it may be old".to_owned(),
        ProofDoubt::Head => "HEAD          the office holds another history under this number".to_owned(),
        ProofDoubt::Withheld { events } => {
            format!("WITHHELD      the platform acknowledged {events} more than it handed over")
        }
        ProofDoubt::Newer => "NEWER         it is later than this list: look again".to_owned(),
        ProofDoubt::Back => "BACK          the terminal was set back, or two have its key".to_owned(),
    }));
    lines
}

/// What is wrong, by number.
fn wrong(list: &ComplaintList, finding: Finding) -> String {
    let at = |of: contract::Place| {
        format!("{}  lane number {} (epoch {})", place(list, of.device), of.seq, of.epoch)
    };
    match finding {
        Finding::Missing { device, epoch, number } => {
            format!("MISSING       {}  number {number} (epoch {epoch})", place(list, device))
        }
        Finding::Gap(of) => format!("GAP           {}", at(of)),
        Finding::Chain(of) => format!("CHAIN         {} does not follow from the one before", at(of)),
        Finding::Signature(of) => format!("SIGNATURE     {} is not its device's", at(of)),
        Finding::Gone(of) => format!("GONE          {} was here before", at(of)),
        Finding::Closed(of) => format!("CLOSED        {} opens with none of these keys", at(of)),
        Finding::Key { device } => {
            format!("KEY           {}  is another device's, or was changed", place(list, device))
        }
    }
}

fn place(list: &ComplaintList, device: DeviceId) -> String {
    match terminal(list, device) {
        Some(of) => format!("{} {}", of.block, of.cell),
        None => device.to_string(),
    }
}

fn terminal(list: &ComplaintList, device: DeviceId) -> Option<&ComplaintTerminal> {
    list.terminals.iter().find(|of| of.device == device)
}

fn kind(matter: &Matter) -> &'static str {
    match matter {
        Matter::Mark(mark) if mark.quiet => "QUIET PIN",
        Matter::Mark(_) => "mark",
        Matter::Complaint(complaint) if complaint.talk => "private talk",
        Matter::Complaint(_) => "complaint",
        Matter::Withdrawal { .. } => "withdrawal",
        Matter::Escalation { .. } => "escalation",
        Matter::Meeting { .. } => "meeting",
    }
}

fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default()
}

/// One thing as lines.
pub(super) fn shown(list: &ComplaintList, item: &InCustody) -> Vec<String> {
    let people = terminal(list, item.place.device).map_or(&[][..], |of| &of.people);
    let mut lines = vec![format!("terminal      {}", place(list, item.place.device))];
    lines.extend(told_lines(&item.told, people));
    lines
}

/// What was under a seal as lines; `people` are those of its cell.
pub(super) fn told_lines(told: &ToOffice, people: &[contract::CarePerson]) -> Vec<String> {
    let person = |id: contract::DetaineeId| match people.iter().find(|one| one.detainee == id) {
        Some(one) => format!("{} {}", one.name, one.badge_number),
        None => id.to_string(),
    };
    let mut lines =
        vec![format!("number        {}", told.number), format!("kind          {}", kind(&told.matter))];
    match &told.matter {
        Matter::Complaint(complaint) => {
            lines.push(format!(
                "writer        {}",
                complaint.writer.map_or_else(|| "unnamed".to_owned(), person)
            ));
            lines.extend(complaint_lines(complaint));
        }
        Matter::Mark(mark) => {
            lines.push(format!("person        {}", person(mark.detainee)));
            lines.push(format!("hour          {}", time(mark.hour_ms)));
        }
        Matter::Withdrawal { complaint, .. } => lines.push(format!("complaint     {complaint}")),
        Matter::Escalation { complaint, office, sent_ms, unreceived } => {
            lines.push(format!("complaint     {complaint}"));
            lines.push(format!("sent to       {} at {}", office.name(), time(*sent_ms)));
            lines.push(format!(
                "received      {}",
                if *unreceived { "never" } else { "yes, and not answered" }
            ));
        }
        Matter::Meeting { complaint, took_place, .. } => {
            lines.push(format!("complaint     {complaint}"));
            lines.push(format!("took place    {}", if *took_place { "yes" } else { "no" }));
        }
    }
    lines
}

fn complaint_lines(complaint: &Complaint) -> Vec<String> {
    let about: Vec<&str> = complaint.about.iter().map(|about| about.name()).collect();
    let topics: Vec<&str> = complaint.topics.iter().map(|topic| topic.name()).collect();
    vec![
        format!("said at       {}", time(complaint.at_ms)),
        format!("about         {}", about.join(", ")),
        format!("topics        {}", topics.join(", ")),
        format!("wants to meet {}", if complaint.meeting { "yes" } else { "no" }),
        format!("words         {}", complaint.words),
    ]
}
