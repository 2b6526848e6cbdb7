// SPDX-License-Identifier: GPL-3.0-only
//! What a person is told of a fault: what happened, and what to do now.

use crate::desk::Notice;
use crate::keys::KeyFileError;
use crate::platform::Failure;

pub(crate) fn key_fault(error: &KeyFileError) -> &'static str {
    match error {
        KeyFileError::Missing { .. } => "reader-fault-file-missing",
        KeyFileError::Wide { .. } => "reader-fault-file-wide",
        KeyFileError::WrongPassphrase | KeyFileError::Passphrase => "reader-fault-passphrase",
        KeyFileError::Damaged | KeyFileError::NoPlainFile { .. } => "reader-fault-file-damaged",
        KeyFileError::File { .. }
        | KeyFileError::Exists { .. }
        | KeyFileError::Asked(_)
        | KeyFileError::Make(_)
        | KeyFileError::Seal(_) => "reader-fault-file",
    }
}

pub(crate) fn fault(failure: &Failure) -> Notice {
    match failure {
        Failure::Address => Notice::Text("reader-fault-address"),
        Failure::Unreachable(_) | Failure::TimedOut => Notice::Text("reader-fault-unreachable"),
        Failure::Untrusted(_) => Notice::Text("reader-fault-untrusted"),
        Failure::Session => Notice::Text("reader-fault-session"),
        Failure::Status(status) => Notice::Refused(*status),
        Failure::Long(_) | Failure::Answer | Failure::Parts => Notice::Text("reader-fault-answer"),
    }
}
