// SPDX-License-Identifier: GPL-3.0-only
//! `platform media`: files for terminals to show, put on their lists, told and taken off.

use crate::{Failure, open, say};
use clap::{Subcommand, ValueEnum};
use contract::{Digest, TerminalId, Text};
use platform::{About, Database, Fault, Listed, Platform};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(crate) enum MediaVerb {
    /// Take a file in and put it on the list of all terminals there are, or of one.
    Add {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        kind: MediaKind,
        /// The cell's name or the terminal's id; else all.
        #[arg(long)]
        terminal: Option<String>,
        /// What people read; else the file's name without its ending.
        #[arg(long)]
        title: Option<String>,
        /// The file's type, where its ending does not tell.
        #[arg(long)]
        mime: Option<String>,
        /// It has its place on the terminal whatever else there is.
        #[arg(long)]
        mandatory: bool,
        file: PathBuf,
    },
    /// Show every file with the number of terminals whose lists name it.
    List {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Take a file off the lists of all terminals, or of one; the last one lets it go.
    Remove {
        #[arg(long)]
        data: PathBuf,
        /// The cell's name or the terminal's id; else all.
        #[arg(long)]
        terminal: Option<String>,
        /// As the list shows it.
        sha256: Digest,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MediaKind {
    Video,
    Sound,
    Document,
}

impl MediaKind {
    /// The type of a file of this kind with this name.
    fn mime(self, file: &Path) -> Option<&'static str> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        let known: &[(&str, &str)] = match self {
            Self::Video => &[("webm", "video/webm"), ("mp4", "video/mp4"), ("mkv", "video/x-matroska")],
            Self::Sound => &[
                ("ogg", "audio/ogg"),
                ("oga", "audio/ogg"),
                ("opus", "audio/ogg"),
                ("wav", "audio/wav"),
                ("mp3", "audio/mpeg"),
                ("flac", "audio/flac"),
            ],
            Self::Document => &[
                ("pdf", "application/pdf"),
                ("txt", "text/plain"),
                ("png", "image/png"),
                ("jpg", "image/jpeg"),
                ("jpeg", "image/jpeg"),
            ],
        };
        known.iter().find(|(name, _)| *name == ending).map(|(_, mime)| *mime)
    }

    /// Whether a type that was named is of this kind.
    fn takes(self, mime: &str) -> bool {
        let (group, _) = mime.split_once('/').unwrap_or_default();
        match self {
            Self::Video => group == "video",
            Self::Sound => group == "audio",
            Self::Document => matches!(group, "application" | "text" | "image"),
        }
    }
}

pub(crate) async fn run(verb: MediaVerb, database: &Database) -> Result<(), Failure> {
    match verb {
        MediaVerb::Add { data, kind, terminal, title, mime, mandatory, file } => {
            let about = about(kind, title.as_deref(), mime.as_deref(), mandatory, &file)?;
            let platform = open(&data, database).await?;
            let to = named(&platform, terminal.as_deref()).await?;
            let (item, lists) = platform.add_media(to, &file, about).await?;
            say(&format!("{}  {} bytes, {lists} lists changed", item.sha256, item.len))
        }
        MediaVerb::List { data, json } => {
            let files = open(&data, database).await?.media().await?;
            if json { say(&serde_json::to_string(&files)?) } else { say(&lines(&files)) }
        }
        MediaVerb::Remove { data, terminal, sha256 } => {
            let platform = open(&data, database).await?;
            let from = named(&platform, terminal.as_deref()).await?;
            let lists = platform.drop_media(from, sha256).await?;
            say(&if lists == 0 { "was on no list".to_owned() } else { format!("{lists} lists changed") })
        }
    }
}

async fn named(platform: &Platform, terminal: Option<&str>) -> Result<Option<TerminalId>, Fault> {
    match terminal {
        Some(name) => platform.terminal_of(name).await.map(Some),
        None => Ok(None),
    }
}

fn about(
    kind: MediaKind,
    title: Option<&str>,
    mime: Option<&str>,
    mandatory: bool,
    file: &Path,
) -> Result<About, Fault> {
    let untold = Fault::Refused("tell this file's type by its ending: name one of its kind with --mime");
    let mime = match mime {
        Some(mime) if kind.takes(mime) => mime,
        Some(_) => return Err(Fault::Refused("take a type that is not of the file's kind")),
        None => kind.mime(file).ok_or(untold)?,
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let title: Text<80> = Text::new(title.unwrap_or(&stem));
    if title.is_empty() {
        return Err(Fault::Refused("take a file without a title: name one with --title"));
    }
    Ok(About { mime: Text::new(mime), title, mandatory })
}

fn lines(files: &[Listed]) -> String {
    let line = |Listed { item, terminals, here }: &Listed| {
        let mandatory = if item.mandatory { "  mandatory" } else { "" };
        let missing = if *here { "" } else { "  MISSING: add it again" };
        let (sha256, len, mime) = (item.sha256, item.len, &item.mime);
        format!(
            "{sha256}  {len:>10}  {mime}  {} terminals{mandatory}{missing}  {}",
            terminals.len(),
            item.title
        )
    };
    if files.is_empty() {
        "no files".to_owned()
    } else {
        files.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_kind_its_ending_or_its_type_says() {
        let told = |kind, mime, file: &str| {
            about(kind, None, mime, false, Path::new(file)).map(|about| about.mime.as_str().to_owned()).ok()
        };
        assert_eq!(told(MediaKind::Video, None, "a/防疫.WEBM").as_deref(), Some("video/webm"));
        assert_eq!(told(MediaKind::Sound, None, "bell.opus").as_deref(), Some("audio/ogg"));
        assert_eq!(told(MediaKind::Document, Some("text/html"), "law").as_deref(), Some("text/html"));
        assert_eq!(told(MediaKind::Video, None, "bell.opus"), None);
        assert_eq!(told(MediaKind::Video, Some("audio/ogg"), "bell.webm"), None);
        assert_eq!(told(MediaKind::Document, None, "law"), None);
        let titled = about(MediaKind::Video, None, None, true, Path::new("/tmp/防疫.webm")).unwrap();
        assert_eq!((titled.title.as_str(), titled.mandatory), ("防疫", true));
        assert!(
            about(MediaKind::Video, Some("\u{200B}"), None, true, Path::new("a.webm")).is_err(),
            "no title"
        );
    }
}
