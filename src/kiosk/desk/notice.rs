// SPDX-License-Identifier: GPL-3.0-only
//! What a touch means on the pages of 公示. They are nobody's: no session, no event.

use super::Desk;
use contract::Stamp;
use services::public_notice;
use services::scene::{NoticePage, NoticeTouch, Place};
use uuid::Uuid;

impl Desk {
    /// A touch without a meaning at this place is none.
    pub(super) fn notice_touched(&mut self, page: NoticePage, touch: NoticeTouch, now: &Stamp) {
        let next = match (page, touch) {
            (NoticePage::List, NoticeTouch::One(notice)) => NoticePage::Read { notice, part: 0 },
            (NoticePage::List, NoticeTouch::Figures) => NoticePage::Figures,
            (NoticePage::Read { notice, part }, NoticeTouch::Next)
                if self.parts_of(notice, now).is_some_and(|parts| part + 1 < parts) =>
            {
                NoticePage::Read { notice, part: part + 1 }
            }
            (NoticePage::Read { notice, part }, NoticeTouch::Previous) => {
                NoticePage::Read { notice, part: part.saturating_sub(1) }
            }
            _ => return,
        };
        self.place = Place::Notices(next);
    }

    /// Back to the list from one that was taken down, or is over, or got shorter.
    pub(super) fn follow_notice(&mut self, page: NoticePage, now: &Stamp) {
        if let NoticePage::Read { notice, part } = page
            && self.parts_of(notice, now).is_none_or(|parts| part >= parts)
        {
            self.place = Place::Notices(NoticePage::List);
        }
    }

    /// In how many parts a posted notice is read.
    fn parts_of(&mut self, notice: Uuid, now: &Stamp) -> Option<usize> {
        let view = self.store.read(|read| public_notice::view(read, true, now)).ok()?;
        view.of(notice).map(|(_, parts)| parts.len())
    }
}
