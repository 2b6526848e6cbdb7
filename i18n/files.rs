// SPDX-License-Identifier: GPL-3.0-only
//! The one table of the text files; a file that is not in it does not exist.

use crate::Lang;

macro_rules! texts {
    ($lang:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!($lang, "/", $name, ".ftl")))),+]
    };
}

/// The text files of a language: name and source.
pub(crate) fn of(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::ZhCn => {
            texts!("zh-CN": "common", "time", "home", "session", "roll_call", "review", "movement", "alarm", "device", "request", "duty", "care", "shop", "complaint", "document", "public_notice", "spoken", "platform", "board", "care_desk", "shop_desk", "complaint_desk", "document_desk", "public_notice_desk", "policy", "reader", "office")
        }
        Lang::En => {
            texts!("en": "common", "time", "home", "session", "roll_call", "review", "movement", "alarm", "device", "request", "duty", "care", "shop", "complaint", "document", "public_notice", "spoken", "platform", "board", "care_desk", "shop_desk", "complaint_desk", "document_desk", "public_notice_desk", "policy", "reader", "office")
        }
    }
}
