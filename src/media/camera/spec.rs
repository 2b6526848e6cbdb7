// SPDX-License-Identifier: GPL-3.0-only
//! Which camera, and how that is told on a command line: what [`command_args`] writes, [`parse`] reads.

use std::ffi::OsString;
use std::path::PathBuf;

/// The subcommand under which a program runs [`super::serve`].
const SUBCOMMAND: &str = "camera";

/// Which camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraSpec {
    /// The first camera of the machine that delivers pictures.
    First,
    /// `/dev/video` with this number.
    Device(u32),
    /// The photos of a folder.
    Photos(PathBuf),
}

/// Why arguments name no camera.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("read which camera to use from the arguments")]
pub struct SpecError;

/// The arguments that make a program a camera process, its subcommand first.
pub fn command_args(spec: &CameraSpec) -> Vec<OsString> {
    let (option, value) = match spec {
        CameraSpec::First => return vec![SUBCOMMAND.into()],
        CameraSpec::Device(index) => ("--device", index.to_string().into()),
        CameraSpec::Photos(dir) => ("--photos", dir.into()),
    };
    vec![SUBCOMMAND.into(), option.into(), value]
}

/// Reads the arguments after the subcommand.
///
/// # Errors
/// They are none [`command_args`] would write.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<CameraSpec, SpecError> {
    let args: Vec<OsString> = args.into_iter().collect();
    match args.as_slice() {
        [] => Ok(CameraSpec::First),
        [option, value] if option == "--device" => {
            value.to_str().and_then(|v| v.parse().ok()).map(CameraSpec::Device).ok_or(SpecError)
        }
        [option, value] if option == "--photos" => Ok(CameraSpec::Photos(value.into())),
        [..] => Err(SpecError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_agree_on_every_camera() {
        for spec in [CameraSpec::First, CameraSpec::Device(3), CameraSpec::Photos("/a folder/照片".into())]
        {
            let args = command_args(&spec);
            assert_eq!(args[0], SUBCOMMAND);
            assert_eq!(parse(args.into_iter().skip(1)), Ok(spec));
        }
    }

    #[test]
    fn arguments_nobody_wrote_are_refused() {
        for args in
            [&["--device"][..], &["--device", "-1"], &["--device", "x"], &["--photos", "a", "b"], &["x"]]
        {
            assert_eq!(parse(args.iter().map(OsString::from)), Err(SpecError), "{args:?}");
        }
    }
}
