// SPDX-License-Identifier: GPL-3.0-only
//! Where the demo's window goes: the display there is, else a virtual one with a way to look at it on loopback.

use crate::demo_processes::{ProcessError, Processes};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

const XVFB: &str = "Xvfb";
const X11VNC: &str = "x11vnc";
/// First port x11vnc tries.
const VNC_PORT: &str = "5900";
const START_MAX: Duration = Duration::from_secs(20);

/// Where the window is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Display {
    /// The one this program was started on.
    Own,
    /// A virtual one, and the loopback port to look at it where x11vnc is installed.
    Virtual { name: String, vnc_port: Option<u16> },
}

impl Display {
    /// The display of this environment, or a new virtual one of `size`.
    ///
    /// # Errors
    /// There is no display and Xvfb is not installed or does not start.
    pub(crate) async fn find(processes: &mut Processes, size: &str) -> Result<Self, ProcessError> {
        let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if has("DISPLAY") || has("WAYLAND_DISPLAY") {
            return Ok(Self::Own);
        }
        let screen = format!("{size}x24");
        let mut xvfb = Processes::command(Path::new(&program(XVFB)));
        // The server picks a free number itself and tells it on its standard output.
        xvfb.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let number = |line: &str| line.trim().parse::<u32>().ok();
        let number = processes.start_and_hear(XVFB, xvfb, START_MAX, number).await?;
        let name = format!(":{number}");
        let vnc_port = match vnc(processes, &name).await {
            Ok(port) => Some(port),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "nothing to look at the display with"
                );
                None
            }
        };
        Ok(Self::Virtual { name, vnc_port })
    }

    /// Tells a program where to put its window.
    pub(crate) fn tell(&self, command: &mut Command) {
        match self {
            Self::Own => {}
            Self::Virtual { name, .. } => {
                command.env("DISPLAY", name).env_remove("WAYLAND_DISPLAY");
            }
        }
    }

    /// How to look at it, for the person who started the demo.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Own => "on this display".to_owned(),
            Self::Virtual { name, vnc_port: Some(port) } => format!(
                "no display here, so on the virtual one {name}; look at it with a VNC viewer at 127.0.0.1:{port}\n\
                 {:14}(from another machine: ssh -L {port}:127.0.0.1:{port} this-machine)",
                ""
            ),
            Self::Virtual { name, vnc_port: None } => {
                format!("no display here, so on the virtual one {name}; install x11vnc to look at it")
            }
        }
    }
}

async fn vnc(processes: &mut Processes, display: &str) -> Result<u16, ProcessError> {
    let mut vnc = Processes::command(Path::new(&program(X11VNC)));
    vnc.args([
        "-display",
        display,
        "-localhost",
        "-autoport",
        VNC_PORT,
        "-forever",
        "-shared",
        "-nopw",
        "-quiet",
    ]);
    vnc.args(["-noxdamage", "-norc"]);
    let port = |line: &str| line.strip_prefix("PORT=")?.trim().parse().ok();
    processes.start_and_hear(X11VNC, vnc, START_MAX, port).await
}

/// The full path of a program, as `setpriv` reports a missing one with its own words.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| PathBuf::from(name))
}
