// SPDX-License-Identifier: GPL-3.0-only
//! What the receipt code opens. It finds its complaint, and with a PIN the key that answers are sealed to; without the
//! code nothing here says which complaint is whose, not even to whoever holds this device.

use crate::pin::{self, Secret};
use contract::{RECEIPT_CODE_LEN, ReceiptCode, SealKey};
use store::{Fault, Keys};
use zeroize::Zeroizing;

const SALT_LEN: usize = 16;

/// A new receipt code.
///
/// # Errors
/// No random numbers.
pub fn fresh_code(keys: &Keys) -> Result<ReceiptCode, Fault> {
    let mut digits = Zeroizing::new(String::with_capacity(RECEIPT_CODE_LEN));
    while digits.len() < RECEIPT_CODE_LEN {
        let [byte] = keys.random::<1>()?;
        // Bytes above the last whole ten would make some digits likelier.
        if byte < 250 {
            digits.push(char::from(b'0' + byte % 10));
        }
    }
    ReceiptCode::parse(&digits).ok_or(Fault::Stored { what: "receipt code" })
}

/// What a complaint is found by.
pub(super) fn tag(keys: &Keys, code: &ReceiptCode) -> Result<[u8; 32], Fault> {
    let salt = keys.pepper("complaint_sent/code/salt", b"");
    let hash = pin::hash(code.as_str().as_bytes(), &salt[..SALT_LEN])?;
    Ok(keys.pepper("complaint_sent/code", hash.as_ref()))
}

/// The key, locked with the code and, where the writer is named, their PIN; to be sealed with the device's key besides.
pub(super) fn lock(
    keys: &Keys,
    code: &ReceiptCode,
    secret: Option<&Secret>,
    key: &SealKey,
) -> Result<Vec<u8>, Fault> {
    let salt = keys.random::<SALT_LEN>()?;
    let own = own_keys(code, secret, &salt)?;
    let mut locked = salt.to_vec();
    locked.append(&mut own.seal(PLACE, key.secret().as_bytes())?);
    Ok(locked)
}

/// The key, if these open it.
pub(super) fn unlock(
    locked: &[u8],
    code: &ReceiptCode,
    secret: Option<&Secret>,
) -> Result<Option<SealKey>, Fault> {
    let wrong = Fault::Stored { what: "complaint key" };
    let Some((salt, sealed)) = locked.split_at_checked(SALT_LEN) else { return Err(wrong) };
    let own = own_keys(code, secret, salt)?;
    let Ok(plain) = own.open(PLACE, sealed) else { return Ok(None) };
    let text = std::str::from_utf8(&plain).ok().and_then(|text| text.parse().ok());
    text.map(Some).ok_or(wrong)
}

const PLACE: &str = "complaint_sent/locked";

fn own_keys(code: &ReceiptCode, secret: Option<&Secret>, salt: &[u8]) -> Result<Keys, Fault> {
    let mut opens = Zeroizing::new(Vec::with_capacity(RECEIPT_CODE_LEN + 32));
    opens.extend_from_slice(code.as_str().as_bytes());
    if let Some(secret) = secret {
        opens.extend_from_slice(secret.0.as_ref());
    }
    let key = pin::hash(&opens, salt)?;
    Ok(Keys::from_storage_key(key.as_ref())?)
}
