// SPDX-License-Identifier: GPL-3.0-only
//! The photo camera's verbs as lines of text, for a camera that runs in another process.
//!
//! One line is one verb. Lines are at most [`COMMAND_LEN_MAX`] bytes; names in `show-two` have no blanks.

use std::fmt;
use std::str::FromStr;

use super::scene::{Head, Turn};

/// Longest line, in bytes.
pub const COMMAND_LEN_MAX: usize = 1024;

/// A verb of the photo camera.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Show(String),
    ShowTwo(String, String),
    Advance,
    Turn(Turn),
    /// A share of the turn, above 0 and at most 1.
    TurnPartly(Turn, f32),
    Aim(Head),
    Cover,
    Uncover,
    Dark,
    Light,
    Stall,
    Resume,
    Unplug,
    PlugIn,
}

/// Why a line is no verb.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CommandError {
    #[error("understand a camera command")]
    Unknown,
    #[error("accept a camera command of {0} bytes")]
    Length(usize),
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(line: &str) -> Result<Self, CommandError> {
        if line.len() > COMMAND_LEN_MAX {
            return Err(CommandError::Length(line.len()));
        }
        let line = line.trim();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        match (verb, words.as_slice()) {
            ("show", [_, ..]) => Ok(Self::Show(rest.trim().to_owned())),
            ("show-two", [left, right]) => Ok(Self::ShowTwo((*left).to_owned(), (*right).to_owned())),
            ("turn", [way]) => Ok(Self::Turn(parse_turn(way)?)),
            ("turn", [way, share]) => {
                let share = number(share)?;
                if share <= 0.0 || share > 1.0 {
                    return Err(CommandError::Unknown);
                }
                Ok(Self::TurnPartly(parse_turn(way)?, share))
            }
            ("aim", [x, y, height]) => {
                Ok(Self::Aim(Head { x: number(x)?, y: number(y)?, height: number(height)? }))
            }
            ("advance", []) => Ok(Self::Advance),
            ("cover", []) => Ok(Self::Cover),
            ("uncover", []) => Ok(Self::Uncover),
            ("dark", []) => Ok(Self::Dark),
            ("light", []) => Ok(Self::Light),
            ("stall", []) => Ok(Self::Stall),
            ("resume", []) => Ok(Self::Resume),
            ("unplug", []) => Ok(Self::Unplug),
            ("plug-in", []) => Ok(Self::PlugIn),
            (_, _) => Err(CommandError::Unknown),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Show(name) => write!(f, "show {name}"),
            Self::ShowTwo(left, right) => write!(f, "show-two {left} {right}"),
            Self::Turn(Turn::Ahead) => f.write_str("turn ahead"),
            Self::Turn(Turn::Left) => f.write_str("turn left"),
            Self::Turn(Turn::Right) => f.write_str("turn right"),
            Self::Turn(Turn::Up) => f.write_str("turn up"),
            Self::TurnPartly(turn, share) => write!(f, "{} {share}", Self::Turn(*turn)),
            Self::Aim(head) => write!(f, "aim {} {} {}", head.x, head.y, head.height),
            Self::Advance => f.write_str("advance"),
            Self::Cover => f.write_str("cover"),
            Self::Uncover => f.write_str("uncover"),
            Self::Dark => f.write_str("dark"),
            Self::Light => f.write_str("light"),
            Self::Stall => f.write_str("stall"),
            Self::Resume => f.write_str("resume"),
            Self::Unplug => f.write_str("unplug"),
            Self::PlugIn => f.write_str("plug-in"),
        }
    }
}

fn parse_turn(way: &str) -> Result<Turn, CommandError> {
    match way {
        "ahead" => Ok(Turn::Ahead),
        "left" => Ok(Turn::Left),
        "right" => Ok(Turn::Right),
        "up" => Ok(Turn::Up),
        _ => Err(CommandError::Unknown),
    }
}

fn number(word: &str) -> Result<f32, CommandError> {
    word.parse().ok().filter(|n: &f32| n.is_finite()).ok_or(CommandError::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_survives_being_written_and_read() {
        let head = Head { x: 320.5, y: 200.0, height: 140.25 };
        let verbs = [
            Command::Show("b 1.jpg".into()),
            Command::ShowTwo("a".into(), "b".into()),
            Command::Advance,
            Command::Turn(Turn::Ahead),
            Command::Turn(Turn::Left),
            Command::Turn(Turn::Right),
            Command::Turn(Turn::Up),
            Command::TurnPartly(Turn::Left, 0.5),
            Command::Aim(head),
            Command::Cover,
            Command::Uncover,
            Command::Dark,
            Command::Light,
            Command::Stall,
            Command::Resume,
            Command::Unplug,
            Command::PlugIn,
        ];
        for verb in verbs {
            assert_eq!(verb.to_string().parse(), Ok(verb));
        }
    }

    #[test]
    fn nonsense_is_no_verb() {
        for line in [
            "",
            "jump",
            "turn",
            "turn back",
            "turn left 2",
            "show",
            "show  ",
            "aim 1 2",
            "aim NaN 1 2",
            "cover it",
        ] {
            assert_eq!(line.parse::<Command>(), Err(CommandError::Unknown), "{line:?}");
        }
        assert_eq!("show ".repeat(1000).parse::<Command>(), Err(CommandError::Length(5000)));
    }
}
