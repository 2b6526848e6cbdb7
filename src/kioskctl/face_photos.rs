// SPDX-License-Identifier: GPL-3.0-only
//! Reads lists and photos for measuring: each photo is opened and embedded once, whatever the list says.
//!
//! A photo that cannot be read or shows no face is a failure to acquire, counted and named; it never stops the run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use face::{Embedding, ModelFault, Models, RuntimeFault};

/// Longest list, in rows.
const ROWS_MAX: usize = 1_000_000;

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureFault {
    #[error(transparent)]
    Models(#[from] ModelFault),
    #[error("run the face models")]
    Runtime(#[from] RuntimeFault),
    #[error("read the list {path}")]
    List { path: PathBuf, source: csv::Error },
    #[error("read the list {path}: it has no column {column}")]
    Column { path: PathBuf, column: &'static str },
    #[error("read the list {path}: row {row}: {what}")]
    Row { path: PathBuf, row: usize, what: String },
    #[error("find the photos folder {path}")]
    Photos { path: PathBuf },
    #[error("print the result")]
    Print(#[from] serde_json::Error),
}

/// The named columns of a list with a header, in the order asked for; other columns and the order do not matter.
pub(crate) fn columns<const N: usize>(
    path: &Path,
    names: [&'static str; N],
) -> Result<Vec<[String; N]>, MeasureFault> {
    let failed = |source| MeasureFault::List { path: path.to_path_buf(), source };
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(names) {
        let same = |name: &str| name.trim_start_matches('\u{feff}').eq_ignore_ascii_case(column);
        *place = header
            .iter()
            .position(same)
            .ok_or_else(|| MeasureFault::Column { path: path.to_path_buf(), column })?;
    }
    let mut rows = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(failed)?;
        let wrong = |what: String| MeasureFault::Row { path: path.to_path_buf(), row: row + 2, what };
        if rows.len() == ROWS_MAX {
            return Err(wrong(format!("the list is over {ROWS_MAX} rows")));
        }
        let mut values = places.map(|_| String::new());
        for ((value, place), name) in values.iter_mut().zip(places).zip(names) {
            let cell = record.get(place).ok_or_else(|| wrong(format!("it has no {name}")))?;
            cell.clone_into(value);
        }
        rows.push(values);
    }
    Ok(rows)
}

/// The embeddings of photos, by the names the list gave them.
pub(crate) struct Gallery {
    embeddings: BTreeMap<String, Option<Embedding>>,
    pub(crate) model_hash: String,
}

impl Gallery {
    /// Embeds each of `files` once.
    pub(crate) fn embed<'a>(
        models: &Path,
        photos: &Path,
        files: impl IntoIterator<Item = &'a String>,
    ) -> Result<Self, MeasureFault> {
        if !photos.is_dir() {
            return Err(MeasureFault::Photos { path: photos.to_path_buf() });
        }
        let mut models = Models::load(models)?;
        let mut embeddings = BTreeMap::new();
        for file in files {
            if embeddings.contains_key(file) {
                continue;
            }
            let acquired = match face::photo::read(&photos.join(file), device::FRAME_SIDE_MAX) {
                Ok(photo) => models.acquire(&photo)?,
                Err(_) => None,
            };
            embeddings.insert(file.clone(), acquired.map(|acquired| acquired.embedding));
        }
        Ok(Self { embeddings, model_hash: models.model_hash().to_string() })
    }

    pub(crate) fn of(&self, file: &str) -> Option<&Embedding> {
        self.embeddings.get(file).and_then(Option::as_ref)
    }

    /// Photos without a face, or that cannot be read.
    pub(crate) fn failures(&self) -> Failures {
        let failed = self.embeddings.iter().filter(|(_, embedding)| embedding.is_none());
        let files: Vec<String> = failed.map(|(file, _)| file.clone()).collect();
        Failures { count: files.len(), of: self.embeddings.len(), files }
    }
}

/// Photos no face was taken from.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Failures {
    pub count: usize,
    /// Photos looked at.
    pub of: usize,
    pub files: Vec<String>,
}

/// The folder an environment variable names; without it a test is skipped aloud, except where it is required.
#[cfg(test)]
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} is required where CI is true");
        eprintln!("skipped: {variable} is not set");
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.csv");
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_among_others() {
        let (_dir, path) = list("note,person,file\n\"a, b\",one,1.jpg\n,two,2.jpg\n");
        let rows = columns(&path, ["file", "person"]).unwrap();
        assert_eq!(rows, [["1.jpg", "one"], ["2.jpg", "two"]]);
    }

    #[test]
    fn a_list_without_its_header_or_with_a_short_row_is_refused() {
        let (_dir, path) = list("1.jpg,one\n");
        let fault = columns(&path, ["file", "person"]).unwrap_err();
        assert!(matches!(fault, MeasureFault::Column { column: "file", .. }));
        let (_dir, path) = list("file,person\n1.jpg\n");
        assert!(matches!(columns(&path, ["file", "person"]), Err(MeasureFault::Row { row: 2, .. })));
    }
}
