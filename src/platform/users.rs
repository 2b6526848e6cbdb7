// SPDX-License-Identifier: GPL-3.0-only
//! Users of the desk, as they are made: at the desk by someone whose post may, and the first one at the platform's own
//! machine, where nobody can sign in yet.
//!
//! A made password is shown once; the second factor is set up at the first sign-in. Refuses: a first user where there are
//! users, unless another is asked for, and a name that is taken.

use crate::tables::desk as rows;
use crate::{Fault, Platform, secrets};
use contract::Post;

/// Longest name of a user, in characters.
pub(crate) const NAME_MAX: usize = 32;
/// Length of a made password, in letters of five bits.
const PASSWORD_LETTERS: usize = 12;
/// Shortest password somebody chose, in characters, and longest, in bytes: the desk looks at no more.
const PASSWORD_CHARS_MIN: usize = 12;
pub(crate) const PASSWORD_BYTES_MAX: usize = 128;

/// Whether a user may be called so: what is typed on any keyboard, and reads the same in an address.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.len() <= NAME_MAX && name.chars().all(fits)
}

/// A new password, to be shown once.
pub(crate) fn password() -> Result<String, Fault> {
    secrets::letters::<PASSWORD_LETTERS>()
}

impl Platform {
    /// Makes the first user of the desk with the password `chosen`, or one that is made here and returned. Where there
    /// are users already, only `another` makes one: whoever may use this machine is not let in unseen, the audit tells.
    ///
    /// # Errors
    /// There are users, the name is taken or no name, the password is too short or too long, or the tables fail.
    pub async fn first_user(
        &self,
        name: &str,
        post: Post,
        chosen: Option<&str>,
        another: bool,
    ) -> Result<Option<String>, Fault> {
        if !is_name(name) {
            return Err(Fault::Refused(
                "make a user of this name: a-z, 0-9, dot, dash and underscore, at most 32",
            ));
        }
        if chosen.is_some_and(|it| it.chars().count() < PASSWORD_CHARS_MIN || it.len() > PASSWORD_BYTES_MAX) {
            return Err(Fault::Refused("take a password of less than 12 characters or more than 128 bytes"));
        }
        let made = if chosen.is_some() { None } else { Some(password()?) };
        let verifier = secrets::verifier(chosen.or(made.as_deref()).unwrap_or_default()).await?;
        let mut write = self.core.tables.write().await?;
        let users = rows::users(&mut write).await?;
        if !users.is_empty() && !another {
            return Err(Fault::Refused("make a first user where there are users: --another makes one more"));
        }
        if users.iter().any(|user| user.name == name) {
            return Err(Fault::Refused("make a user whose name is taken"));
        }
        rows::put_user(&mut write, name, post.name(), &verifier, false).await?;
        // Nobody was signed in: the line names no officer.
        rows::audit(&mut write, "", "user_add", name, self.now_ms()).await?;
        write.commit().await?;
        Ok(made)
    }
}
