// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl models`: puts the face models into their folder.
//!
//! Each file comes from a folder (`--from`) or from the address it is published at, is checked against its pinned hash
//! and only then takes its place, whole, by a rename. The embedder is published as an OpenVINO network and converted
//! here. What is there and right is left alone; what is there and wrong is replaced. The liveness models come from a
//! folder only; without them liveness is unknown and a challenge takes its place. It fails when a required model is
//! missing at the end, and says which and what to do.

mod onnx;
mod openvino;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use face::{Manifest, ManifestFault, ModelFile};

use crate::say::{chain, say};

pub use openvino::ConvertFault;

/// Largest model fetched or read, in bytes.
const MODEL_BYTES_MAX: u64 = 256 * 1024 * 1024;
const CONNECT_MAX: Duration = Duration::from_secs(15);
const FETCH_MAX: Duration = Duration::from_secs(300);
/// Name of the graph in a converted embedder; part of its bytes and so of its hash.
const CONVERTED_GRAPH: &str = "reid0095";

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where the models go; else ~/.local/share/cell-terminal/models.
    #[arg(long, env = "KIOSK_MODELS")]
    pub dir: Option<PathBuf>,
    /// A folder that holds the files, in place of the network.
    #[arg(long)]
    pub from: Option<PathBuf>,
}

/// Why the models cannot be looked after at all.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("find a home for the models: give --dir")]
    Home,
    #[error("use the models folder {path}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Manifest(#[from] ManifestFault),
    #[error("set up fetching")]
    Client(#[source] reqwest::Error),
}

/// Why one file is not there.
#[derive(Debug, thiserror::Error)]
enum Absence {
    #[error("find {name} in {dir}")]
    NotInFolder { name: String, dir: PathBuf },
    #[error("find {name}: it comes from a folder only, give --from")]
    FolderOnly { name: String },
    #[error("read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("fetch {url}: without the network, give a folder by --from")]
    Fetch { url: String, source: reqwest::Error },
    #[error("accept {name}: it is over {MODEL_BYTES_MAX} bytes")]
    TooBig { name: String },
    #[error("accept {name} from {origin}: its SHA-256 is {found}, which is not pinned")]
    WrongHash { name: String, origin: String, found: String },
    #[error("convert {name}")]
    Convert { name: String, source: ConvertFault },
    #[error("read {name} as text")]
    Text { name: String },
}

/// Installs what is missing and says what is there.
///
/// # Errors
/// See [`Failure`]; a model that cannot be had is said, and makes the exit code 1 if it is required.
pub async fn run(args: Args) -> Result<ExitCode, Failure> {
    let dir = match args.dir {
        Some(dir) => dir,
        None => default_dir().ok_or(Failure::Home)?,
    };
    std::fs::create_dir_all(&dir).map_err(|source| Failure::Folder { path: dir.clone(), source })?;
    let manifest = Manifest::of_dir(&dir)?;
    let installer = Installer { dir, from: args.from, client: client()? };
    let missing = installer.install(&manifest).await;
    let hash = manifest.model_hash();
    if missing {
        say(format_args!("\nThe face check cannot run: {} is not complete.", installer.dir.display()));
        Ok(ExitCode::FAILURE)
    } else {
        say(format_args!("\nmodel hash {hash} in {}", installer.dir.display()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Where the models are when nothing else is said.
pub fn default_dir() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let share = of("XDG_DATA_HOME").or_else(|| of("HOME").map(|home| home.join(".local/share")))?;
    Some(share.join("cell-terminal/models"))
}

fn client() -> Result<reqwest::Client, Failure> {
    // A second call finds the first one's provider, which is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let roots = roots.map(|root| reqwest::Certificate::from_der(root)).collect::<Result<Vec<_>, _>>();
    reqwest::Client::builder()
        .tls_certs_merge(roots.map_err(Failure::Client)?)
        .connect_timeout(CONNECT_MAX)
        .timeout(FETCH_MAX)
        .build()
        .map_err(Failure::Client)
}

struct Installer {
    dir: PathBuf,
    from: Option<PathBuf>,
    client: reqwest::Client,
}

impl Installer {
    /// Whether a required model is missing at the end.
    async fn install(&self, manifest: &Manifest) -> bool {
        let mut missing = false;
        for (file, required) in manifest.files() {
            let path = self.dir.join(&file.name);
            if std::fs::read(&path).is_ok_and(|bytes| file.check(&bytes).is_ok()) {
                say(format_args!("there      {}", file.name));
                continue;
            }
            let bytes = if file.name == manifest.embedder.file.name {
                self.embedder(manifest).await
            } else {
                self.obtain(file).await
            };
            match bytes.and_then(|bytes| self.put(file, &bytes)) {
                Ok(()) => say(format_args!("installed  {}", file.name)),
                Err(absence) => {
                    let word = if required { "MISSING   " } else { "optional  " };
                    say(format_args!("{word} {}: failed to {}", file.name, chain(&absence)));
                    missing |= required;
                }
            }
        }
        missing
    }

    /// The embedder as it is, or converted from its published form.
    async fn embedder(&self, manifest: &Manifest) -> Result<Vec<u8>, Absence> {
        let file = &manifest.embedder.file;
        let direct = self.obtain(file).await;
        let (Err(_), Some(openvino)) = (&direct, &manifest.embedder.openvino) else {
            return direct;
        };
        let network = self.obtain(&openvino.network).await?;
        let weights = self.obtain(&openvino.weights).await?;
        let network =
            String::from_utf8(network).map_err(|_| Absence::Text { name: openvino.network.name.clone() })?;
        openvino::to_onnx(&network, &weights, CONVERTED_GRAPH)
            .map_err(|source| Absence::Convert { name: openvino.network.name.clone(), source })
    }

    /// The accepted bytes of a file.
    async fn obtain(&self, file: &ModelFile) -> Result<Vec<u8>, Absence> {
        let (bytes, origin) = match (&self.from, &file.upstream) {
            (Some(from), _) => (read(file, from)?, from.display().to_string()),
            (None, Some(url)) => (self.fetch(file, url).await?, url.clone()),
            (None, None) => return Err(Absence::FolderOnly { name: file.name.clone() }),
        };
        match file.check(&bytes) {
            Ok(()) => Ok(bytes),
            Err(found) => Err(Absence::WrongHash { name: file.name.clone(), origin, found }),
        }
    }

    async fn fetch(&self, file: &ModelFile, url: &str) -> Result<Vec<u8>, Absence> {
        let failed =
            |source: reqwest::Error| Absence::Fetch { url: url.to_owned(), source: source.without_url() };
        let mut answer = self
            .client
            .get(url)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(failed)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if (bytes.len() + chunk.len()) as u64 > MODEL_BYTES_MAX {
                return Err(Absence::TooBig { name: file.name.clone() });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// Puts the whole file in its place or leaves the place as it was.
    fn put(&self, file: &ModelFile, bytes: &[u8]) -> Result<(), Absence> {
        if let Err(found) = file.check(bytes) {
            let origin = String::from("our conversion");
            return Err(Absence::WrongHash { name: file.name.clone(), origin, found });
        }
        let path = self.dir.join(&file.name);
        let part = self.dir.join(format!(".{}.part", file.name));
        let write = || {
            let mut new = std::fs::File::create(&part)?;
            new.write_all(bytes)?;
            new.sync_all()?;
            std::fs::rename(&part, &path)?;
            std::fs::File::open(&self.dir)?.sync_all()
        };
        write().map_err(|source| Absence::Write { path: path.clone(), source })
    }
}

fn read(file: &ModelFile, from: &Path) -> Result<Vec<u8>, Absence> {
    let path = from.join(&file.name);
    let failed = |source: std::io::Error| {
        if source.kind() == std::io::ErrorKind::NotFound {
            Absence::NotInFolder { name: file.name.clone(), dir: from.to_path_buf() }
        } else {
            Absence::Read { path: path.clone(), source }
        }
    };
    if std::fs::metadata(&path).map_err(failed)?.len() > MODEL_BYTES_MAX {
        return Err(Absence::TooBig { name: file.name.clone() });
    }
    std::fs::read(&path).map_err(failed)
}

#[cfg(test)]
#[path = "models/tests.rs"]
mod tests;
