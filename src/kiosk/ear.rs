// SPDX-License-Identifier: GPL-3.0-only
//! What is heard when the scene changes. Each sound has its twin on the screen; without a sound card, and in the quiet
//! hours, only the twin remains.

use i18n::{Catalogue, Lang};
use media::sound::{Cue, Prompt, Sound};
use services::scene::Scene;
use services::spoken::{Moment, News, Spoken, read};
use std::sync::{Mutex, PoisonError};

pub(crate) struct Ear {
    sound: Sound,
    last: Mutex<Moment>,
}

impl Ear {
    pub(crate) fn new(sound: Sound) -> Self {
        Self { sound, last: Mutex::default() }
    }

    /// Says what is new in this scene to the whole cell, in the facility's language.
    pub(crate) fn hear(&self, scene: &Scene) {
        let moment = Moment::of(scene);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let news = moment.news_since(&last);
        *last = moment;
        self.sound.quiet(scene.quiet);
        if let Some(news) = news {
            // Asleep or not, too few on duty is said low.
            self.sound.quiet(scene.quiet || news == News::DutyShort);
            let lang = Lang::default();
            say(&self.sound, lang, &news.told(scene, Catalogue::of(lang)), cue(news));
        }
    }
}

/// Reads the page of this scene aloud, if it is one for everybody's ears.
pub(crate) fn read_aloud(sound: &Sound, scene: &Scene, lang: Lang) {
    if let Some(spoken) = read(scene, Catalogue::of(lang)) {
        say(sound, lang, &spoken, Cue::Attention);
    }
}

fn say(sound: &Sound, lang: Lang, Spoken { id, words }: &Spoken, cue: Cue) {
    sound.speak(Prompt { language: lang.code(), id, words, cue });
}

fn cue(news: News) -> Cue {
    match news {
        News::Alarm => Cue::Attention,
        News::Seen | News::Confirmed => Cue::Done,
        News::ForOfficer => Cue::NextWay,
        News::Announced | News::AnyOrder | News::SecondRound | News::Review => Cue::Announce,
        News::Turn => Cue::YourTurn,
        News::DutyConfirm | News::DutyShort => Cue::Attention,
    }
}
