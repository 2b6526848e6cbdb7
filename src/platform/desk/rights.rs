// SPDX-License-Identifier: GPL-3.0-only
//! Who may do what at the desk: one row per right, one column per post. What has no row, nobody may.
//!
//! 信息员 sees terminals and what ails them, and nobody's data; 审计 reads what officers did, and nothing else. What is
//! sealed to the clinic is the doctor's; what is sealed to a complaint office is its own post's, in its window alone.
//! Orders are the shop's and accounts are finance's: no officer sees a balance, and 所领导 sees of an account what is to be
//! decided.

use contract::Post;

/// Something a post may do at the desk or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Roll calls with names.
    SeeRollCalls,
    StartRollCall,
    SeeNotices,
    /// Marks as seen what ails a terminal.
    AnswerNotice,
    /// Marks as seen what needs somebody to go there: an alarm, one person left in a cell.
    AnswerAlarm,
    /// 警情 and requests of cells. Nobody is named but who is in danger: somebody has to find them.
    SeeAlarms,
    /// 申领报修.
    AnswerRequest,
    SeeTerminals,
    /// Gives enrolment codes, puts devices out of service.
    ManageTerminals,
    /// Changes settings: which ones, each setting says.
    EditPolicy,
    SeeParked,
    ReplayParked,
    /// The audit and 电子台账.
    SeeAudit,
    ExportLedger,
    ManageUsers,
    /// Who is on duty, the rota, how often each person serves.
    SeeDuty,
    /// Answers gaps, handovers, swaps and calls for help.
    AnswerDuty,
    EditRota,
    /// 看病, without what was said: cell, time, urgency, where it stands; notices for one's own post.
    SeeCare,
    /// The clinic's window: sealed words of cells, and the letters and notices of the clinic.
    Clinic,
    /// 购物: orders with whose they are, the catalogue, stock, lists for picking. No account.
    RunShop,
    /// 财务: accounts, statements, the books. An adjustment is proposed only.
    KeepAccounts,
    /// Decides adjustments, each with whose it is and how much.
    DecideAdjustment,
    /// An office's window at all: signing in and out, and the office's own keys.
    Window,
    /// The window of an office complaints are sealed to: its own, and no other's.
    Complaints,
    /// 投诉, as everybody on the way sees them: how many of which size came to which office in which hour.
    SeeComplaints,
    /// How long answers take.
    SeeFigures,
    /// 约见 of whom the post answers for.
    Appointments,
    /// 签名捺印: asks people to sign, sees what they said, sees to the 捺印 on paper.
    Documents,
    /// 公示: posts on every terminal, takes down.
    PostNotices,
}

/// Columns as in [`Post::ALL`].
const MATRIX: [(Right, &str); 30] = [
    //                       值 管 巡 所 医 购 财 检 信 审 上
    (Right::SeeRollCalls, "   x  x  x  x  .  .  .  .  .  .  ."),
    (Right::StartRollCall, "  x  .  .  x  .  .  .  .  .  .  ."),
    (Right::SeeNotices, "     x  x  x  x  .  .  .  .  x  .  ."),
    (Right::AnswerNotice, "   x  .  x  x  .  .  .  .  x  .  ."),
    (Right::AnswerAlarm, "    x  .  x  x  .  .  .  .  .  .  ."),
    (Right::SeeAlarms, "      x  x  x  x  .  .  .  .  .  .  ."),
    (Right::AnswerRequest, "  x  x  x  x  .  .  .  .  .  .  ."),
    (Right::SeeTerminals, "   x  x  x  x  .  .  .  .  x  .  ."),
    (Right::ManageTerminals, ".  .  .  x  .  .  .  .  x  .  ."),
    (Right::EditPolicy, "     .  .  .  x  .  .  .  .  x  .  ."),
    (Right::SeeParked, "      x  x  x  x  .  .  .  .  x  .  ."),
    (Right::ReplayParked, "   .  .  .  x  .  .  .  .  .  .  ."),
    (Right::SeeAudit, "       .  .  .  x  .  .  .  .  .  x  ."),
    (Right::ExportLedger, "   .  .  .  x  .  .  .  .  .  x  ."),
    (Right::ManageUsers, "    .  .  .  x  .  .  .  .  .  .  ."),
    (Right::SeeDuty, "        x  x  x  x  .  .  .  .  .  .  ."),
    (Right::AnswerDuty, "     x  x  .  x  .  .  .  .  .  .  ."),
    (Right::EditRota, "       .  x  .  x  .  .  .  .  .  .  ."),
    (Right::SeeCare, "        x  x  x  x  x  .  .  .  .  .  ."),
    (Right::Clinic, "         .  .  .  .  x  .  .  .  .  .  ."),
    (Right::RunShop, "        .  .  .  .  .  x  .  .  .  .  ."),
    (Right::KeepAccounts, "   .  .  .  .  .  .  x  .  .  .  ."),
    (Right::DecideAdjustment, ".  .  .  x  .  .  .  .  .  .  ."),
    (Right::Window, "         .  x  .  x  x  .  .  x  .  .  x"),
    (Right::Complaints, "     .  x  .  x  .  .  .  x  .  .  x"),
    (Right::SeeComplaints, "  .  .  .  x  .  .  .  x  x  .  x"),
    (Right::SeeFigures, "     .  .  .  x  .  .  .  x  .  .  x"),
    (Right::Appointments, "   x  x  .  x  x  .  .  .  .  .  ."),
    (Right::Documents, "      x  x  .  x  .  .  .  .  .  .  ."),
    (Right::PostNotices, "    .  x  .  x  .  .  .  .  .  .  ."),
];

impl Right {
    /// Whether the post has it.
    pub(crate) fn is_of(self, post: Post) -> bool {
        let row = MATRIX.iter().find(|(right, _)| *right == self);
        let column = Post::ALL.iter().position(|one| *one == post);
        let cell = row.zip(column).and_then(|((_, cells), column)| cells.split_whitespace().nth(column));
        cell == Some("x")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offices::office_of;

    #[test]
    fn every_right_has_one_row_with_a_cell_for_each_post() {
        for (number, (right, cells)) in MATRIX.into_iter().enumerate() {
            assert_eq!(right as usize, number, "{right:?}");
            assert_eq!(cells.split_whitespace().count(), Post::ALL.len(), "{right:?}");
            assert!(cells.split_whitespace().all(|cell| matches!(cell, "x" | ".")), "{right:?}");
        }
    }

    #[test]
    fn it_sees_terminals_and_nobody_and_the_auditor_reads_what_officers_did_alone() {
        let of = |post| MATRIX.iter().filter(move |(right, _)| right.is_of(post)).map(|(right, _)| *right);
        for personal in [
            Right::SeeRollCalls,
            Right::SeeAudit,
            Right::ExportLedger,
            Right::ManageUsers,
            Right::SeeDuty,
            Right::SeeCare,
            Right::Window,
            Right::Complaints,
            Right::Appointments,
            Right::Documents,
        ] {
            assert!(!of(Post::It).any(|right| right == personal), "{personal:?}");
        }
        assert!(of(Post::Auditor).eq([Right::SeeAudit, Right::ExportLedger]));
        assert!(of(Post::Doctor).eq([Right::SeeCare, Right::Clinic, Right::Window, Right::Appointments]));
        for above in [Post::Procurator, Post::Superior] {
            let rights = [Right::Window, Right::Complaints, Right::SeeComplaints, Right::SeeFigures];
            assert!(of(above).eq(rights), "{above:?}");
        }
        let offices = Post::ALL.into_iter().filter(|post| Right::Complaints.is_of(*post));
        assert!(offices.eq([Post::SupervisingOfficer, Post::Director, Post::Procurator, Post::Superior]));
        let windows = Post::ALL.into_iter().filter(|post| Right::Window.is_of(*post));
        assert!(windows.eq(Post::ALL.into_iter().filter(|post| office_of(*post).is_some())));
        assert!(Post::ALL.into_iter().filter(|post| Right::Clinic.is_of(*post)).eq([Post::Doctor]));
        assert!(of(Post::Shop).eq([Right::RunShop]));
        assert!(of(Post::Finance).eq([Right::KeepAccounts]));
        for money in [Right::RunShop, Right::KeepAccounts, Right::DecideAdjustment] {
            assert_eq!(Post::ALL.into_iter().filter(|post| money.is_of(*post)).count(), 1, "{money:?}");
        }
    }
}
