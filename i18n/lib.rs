// SPDX-License-Identifier: GPL-3.0-only
//! Every word a person reads or hears, by id, in the languages of the terminal.
//!
//! Promises: the texts are part of the program (no file is read); an id that a language lacks is answered in Chinese,
//! and one that Chinese lacks as `⟨id⟩`, counted in [`missing`], so that a gap is visible and never a blank or a
//! panic. Refuses: control characters and direction overrides inside an argument. Limit: an argument is cut at
//! [`ARGUMENT_CHARS_MAX`] characters.

mod civil;
mod files;

pub use civil::money;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use unic_langid::LanguageIdentifier;

/// Longer arguments are cut: the longest honest one is a typed reason of 200 characters.
pub const ARGUMENT_CHARS_MAX: usize = 240;

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

static MISSING: AtomicU64 = AtomicU64::new(0);
static CATALOGUES: LazyLock<[Catalogue; 2]> = LazyLock::new(|| Lang::ALL.map(Catalogue::build));

/// A language of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// The source language; every text exists in it.
    #[default]
    ZhCn,
    En,
}

impl Lang {
    const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// All of them, in the order of the language button.
    pub fn all() -> &'static [Self] {
        &Self::ALL
    }

    /// The BCP 47 code, as in the folder of its texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "中文",
            Self::En => "English",
        }
    }

    /// Whether it is written from right to left.
    pub fn rtl(self) -> bool {
        match self {
            Self::ZhCn | Self::En => false,
        }
    }

    fn index(self) -> usize {
        match self {
            Self::ZhCn => 0,
            Self::En => 1,
        }
    }

    fn langid(self) -> LanguageIdentifier {
        self.code().parse().expect("our codes are well formed")
    }
}

/// What a text is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// The texts of one language.
pub struct Catalogue {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    /// The texts without arguments, formatted once.
    plain: HashMap<String, String>,
    arguments: BTreeMap<String, BTreeSet<String>>,
}

impl Catalogue {
    /// The texts of `lang`; built at the first call, then shared.
    pub fn of(lang: Lang) -> &'static Self {
        &CATALOGUES[lang.index()]
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A text without arguments.
    pub fn text(&self, id: &str) -> Cow<'static, str> {
        let own = Self::of(self.lang).plain.get(id);
        match own.or_else(|| Self::of(Lang::default()).plain.get(id)) {
            Some(text) => Cow::Borrowed(text.as_str()),
            None => Cow::Owned(Self::gap(id)),
        }
    }

    /// A text with its arguments.
    pub fn format(&self, id: &str, args: &[(&str, Arg)]) -> String {
        self.try_format(id, args)
            .or_else(|| Self::of(Lang::default()).try_format(id, args))
            .unwrap_or_else(|| Self::gap(id))
    }

    /// The ids of this language, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.arguments.keys().map(String::as_str)
    }

    /// The names of the arguments of a text; none where there is no such text.
    pub fn arguments(&self, id: &str) -> Option<&BTreeSet<String>> {
        self.arguments.get(id)
    }

    fn build(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.langid()]);
        bundle.set_use_isolating(false);
        bundle.add_builtins().expect("a new bundle has no function of that name");
        let mut arguments = BTreeMap::new();
        for (_, source) in files::of(lang) {
            // What cannot be parsed stands apart in the error; a test holds every file to parse whole.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(parsed, _)| parsed);
            for entry in resource.entries() {
                if let ast::Entry::Message(message) = entry {
                    let mut names = BTreeSet::new();
                    if let Some(pattern) = &message.value {
                        names_in_pattern(pattern, &mut names);
                    }
                    arguments.insert(message.id.name.to_owned(), names);
                }
            }
            bundle.add_resource_overriding(resource);
        }
        let mut catalogue = Self { lang, bundle, plain: HashMap::new(), arguments };
        catalogue.plain = catalogue
            .arguments
            .iter()
            .filter(|(_, names)| names.is_empty())
            .filter_map(|(id, _)| Some((id.clone(), catalogue.try_format(id, &[])?)))
            .collect();
        catalogue
    }

    fn try_format(&self, id: &str, args: &[(&str, Arg)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => values.set(*name, FluentValue::from(self.argument_text(text))),
                Arg::Number(number) => values.set(*name, FluentValue::from(*number)),
            }
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            MISSING.fetch_add(1, Ordering::Relaxed);
        }
        Some(text)
    }

    /// Without controls and overrides; isolated where its direction may differ from the sentence's.
    fn argument_text(&self, text: &str) -> String {
        let clean: String = text.chars().filter(|c| !is_control(*c)).take(ARGUMENT_CHARS_MAX).collect();
        if self.lang.rtl() || clean.chars().any(is_right_to_left) {
            format!("{FIRST_STRONG_ISOLATE}{clean}{POP_ISOLATE}")
        } else {
            clean
        }
    }

    fn gap(id: &str) -> String {
        MISSING.fetch_add(1, Ordering::Relaxed);
        format!("⟨{id}⟩")
    }
}

/// How often a text or an argument was missing since the start: anything but 0 is our bug.
pub fn missing() -> u64 {
    MISSING.load(Ordering::Relaxed)
}

/// Control characters and the marks that reorder or hide text.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Hebrew, Arabic and their neighbours and presentation forms.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

fn names_in_pattern(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            names_in_expression(expression, names);
        }
    }
}

fn names_in_expression(expression: &ast::Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => names_in_inline(inline, names),
        ast::Expression::Select { selector, variants } => {
            names_in_inline(selector, names);
            for variant in variants {
                names_in_pattern(&variant.value, names);
            }
        }
    }
}

fn names_in_inline(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                names_in_inline(argument, names);
            }
        }
        ast::InlineExpression::Placeable { expression } => names_in_expression(expression, names),
        ast::InlineExpression::StringLiteral { .. }
        | ast::InlineExpression::NumberLiteral { .. }
        | ast::InlineExpression::MessageReference { .. }
        | ast::InlineExpression::TermReference { .. } => {}
    }
}

#[cfg(test)]
mod bridge;
#[cfg(test)]
mod tests;
