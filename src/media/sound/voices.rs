// SPDX-License-Identifier: GPL-3.0-only
//! Recorded prompts: which there are, and their samples. Files are looked for once, when the folder is opened.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rodio::{Decoder, Source};

use super::Clip;

/// Most prompts taken of a folder.
pub(super) const VOICES_MAX: usize = 10_000;
/// Longest file, in bytes.
pub(super) const VOICE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Longest prompt, in seconds; the rest is not played.
const VOICE_S_MAX: u64 = 30;
/// What is played, best first.
const ENDINGS: [&str; 2] = ["wav", "ogg"];

/// Why a recording is not played.
#[derive(Debug, thiserror::Error)]
pub(super) enum VoiceError {
    #[error("read the recording")]
    Read(#[from] std::io::Error),
    #[error("accept a recording of {0} bytes")]
    Length(u64),
    #[error("decode the recording")]
    Decode(#[from] rodio::decoder::DecoderError),
    #[error("find any sound in the recording")]
    Empty,
}

#[derive(Default)]
pub(super) struct Voices(HashMap<(String, String), PathBuf>);

impl Voices {
    pub(super) fn open(dir: &Path) -> Self {
        let mut found = HashMap::new();
        for language in entries(dir) {
            for file in entries(&language) {
                let ending = file.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
                let Some(rank) = ENDINGS.iter().position(|e| ending.as_deref() == Some(*e)) else { continue };
                let key = (name(language.file_name()), name(file.file_stem()));
                if rank == 0 || !found.contains_key(&key) {
                    found.insert(key, file);
                }
                if found.len() >= VOICES_MAX {
                    tracing::warn!("more voices than are looked at");
                    return Self(found);
                }
            }
        }
        if found.is_empty() {
            tracing::info!(dir = %dir.display(), "no voices");
        }
        Self(found)
    }

    pub(super) fn find(&self, language: &str, prompt: &str) -> Option<&Path> {
        self.0.get(&(language.to_owned(), prompt.to_owned())).map(PathBuf::as_path)
    }
}

/// The whole recording, so that nothing is read or decoded where a late sample would be heard.
pub(super) fn decode(path: &Path) -> Result<Clip, VoiceError> {
    let length = fs::metadata(path)?.len();
    if length > VOICE_BYTES_MAX {
        return Err(VoiceError::Length(length));
    }
    let bytes = fs::read(path)?;
    let length = bytes.len() as u64;
    let decoder = Decoder::builder().with_data(Cursor::new(bytes)).with_byte_len(length).build()?;
    let (channels, rate_hz) = (decoder.channels().get(), decoder.sample_rate().get());
    let most = VOICE_S_MAX.saturating_mul(rate_hz.into()).saturating_mul(channels.into());
    let samples: Vec<f32> = decoder.take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
    if samples.is_empty() {
        return Err(VoiceError::Empty);
    }
    Ok(Clip { channels, rate_hz, samples })
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(dir).into_iter().flatten();
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn name(of: Option<&std::ffi::OsStr>) -> String {
    of.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
