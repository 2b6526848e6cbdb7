// SPDX-License-Identifier: GPL-3.0-only
//! The steps of `platform root` and `platform content-key`; keys.md tells when each is due.

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum RootStep {
    /// Which root signs, which is staged and how many devices do not pin it yet.
    Show,
    /// Make the next root. Start the platform again: terminals pin it with their next renewal, within 113 days.
    Stage,
    /// Let the staged root sign, when every device pins it. Start the platform again.
    Switch {
        /// Although devices in service would be lost and have to be enrolled again.
        #[arg(long)]
        force: bool,
    },
    /// Stop trusting the former root, when no certificate in service is from it. Start the platform again.
    Retire {
        #[arg(long)]
        force: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum ContentStep {
    /// Which key signs, which is staged and how many devices do not know it yet.
    Show,
    /// Make the next key and let the present one speak for it. Start the platform again: terminals learn it when they
    /// connect.
    Stage,
    /// Let the staged key sign, when every device knows it. Start the platform again, every process at once.
    Switch {
        /// Although devices in service do not know it yet: they follow the former key's word when they come.
        #[arg(long)]
        force: bool,
    },
    /// Forget the word of former keys, when every device knows a later one. Start the platform again.
    Retire {
        /// Although devices in service would be lost and have to be enrolled again.
        #[arg(long)]
        force: bool,
    },
}
