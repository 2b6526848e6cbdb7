// SPDX-License-Identifier: GPL-3.0-only
//! One-time codes, and the certificate a terminal gets for one.
//!
//! A code is for one terminal, [`CODE_MS`] long, for [`CODE_TRIES`] tries, and once. Its first letters name it, the
//! others are its secret (35 bits), kept as a keyed digest and compared in constant time: a wrong guess costs the
//! named code a try and no other. All wrong guesses together are limited to [`GUESSES_MAX`] a minute. The request must
//! be signed by the very key that will sign the events. Enrolling another device puts the terminal's earlier one out
//! of service; what that one had not sent is carried by hand.

use crate::ca::DeviceCertificate;
use crate::fault::{ApiError, Code};
use crate::tables::devices::{self, CodeRow, DeviceRow};
use crate::tables::roll_calls::{self, NoticeKind, Origin};
use crate::tables::{self, Conn};
use crate::{Core, Fault, secrets};
use contract::{
    BootId, Digest, EnrolReply, EnrolRequest, EventId, HexBytes, RenewRequest, Signed, Stamp, TerminalId,
    Trust,
};

/// Life of a code, in milliseconds.
pub(crate) const CODE_MS: i64 = 15 * 60 * 1000;
/// Tries of a code.
const CODE_TRIES: i64 = 5;
/// Letters of a code: those that name it, and those that are secret.
const HANDLE_LETTERS: usize = 3;
const SECRET_LETTERS: usize = 7;
/// Wrong guesses answered in a minute, over all codes.
const GUESSES_MAX: u32 = 60;
const MINUTE_MS: i64 = 60_000;

const GUESSES: &str = "wrong_guesses";
const GUESSES_SINCE: &str = "wrong_guesses_since_ms";

/// When the running minute began, and how many wrong guesses all processes counted in it.
async fn guesses(conn: &mut Conn, now_ms: i64) -> Result<(i64, u32), Fault> {
    let since_ms = tables::setting(conn, GUESSES_SINCE).await?.and_then(|text| text.parse().ok());
    let counted = tables::setting(conn, GUESSES).await?.and_then(|text| text.parse().ok());
    match (since_ms, counted) {
        (Some(since_ms), Some(counted)) if now_ms.saturating_sub(since_ms).saturating_abs() < MINUTE_MS => {
            Ok((since_ms, counted))
        }
        _ => Ok((now_ms, 0)),
    }
}

/// Counts a wrong guess.
async fn guessed(conn: &mut Conn, now_ms: i64) -> Result<(), Fault> {
    let (since_ms, counted) = guesses(conn, now_ms).await?;
    tables::set(conn, GUESSES_SINCE, &since_ms.to_string()).await?;
    tables::set(conn, GUESSES, &counted.saturating_add(1).to_string()).await
}

/// Makes the terminal's one live code, ten letters. An earlier one is void.
pub(crate) async fn code(conn: &mut Conn, terminal: TerminalId, now_ms: i64) -> Result<String, Fault> {
    let mut handle = secrets::letters::<HANDLE_LETTERS>()?;
    while devices::code(conn, &handle).await?.is_some() {
        handle = secrets::letters::<HANDLE_LETTERS>()?;
    }
    let secret = secrets::letters::<SECRET_LETTERS>()?;
    let salt = secrets::random::<16>()?;
    let row = CodeRow {
        terminal,
        salt: HexBytes(salt.to_vec()),
        tag: HexBytes(secrets::tag(&salt, &secret)),
        expires_ms: now_ms.saturating_add(CODE_MS),
        tries_left: CODE_TRIES,
    };
    devices::put_code(conn, &handle, &row).await?;
    Ok(handle + &secret)
}

/// Trades a code for a certificate.
pub(crate) async fn enrol(core: &Core, request: &EnrolRequest) -> Result<EnrolReply, ApiError> {
    let now_ms = core.clock.now_ms();
    let (_, counted) = guesses(&mut *core.tables.read().await?, now_ms).await?;
    if counted >= GUESSES_MAX {
        return Err(Code::EnrolLater.into());
    }
    // The request is judged before the code, so that a botched request costs no try.
    let certificate = core
        .authority
        .device_certificate(&request.csr_pem, request.device, &request.device_key, now_ms)?
        .ok_or(Code::EnrolKey)?;
    let mut write = core.tables.write().await?;
    let terminal = match redeem(&mut write, &request.code, now_ms).await? {
        Redeemed::For(terminal) => terminal,
        Redeemed::Expired => {
            write.commit().await?;
            return Err(Code::EnrolExpired.into());
        }
        Redeemed::Wrong => {
            guessed(&mut write, now_ms).await?;
            write.commit().await?;
            return Err(Code::EnrolWrong.into());
        }
    };
    if let Some(held) = devices::device(&mut write, request.device).await?
        && (held.key != request.device_key || held.terminal != terminal)
    {
        return Err(Code::EnrolDevice.into());
    }
    install(&mut write, request, terminal, &certificate, now_ms).await?;
    devices::knows(&mut write, request.device, core.authority.content.public().digest()).await?;
    write.commit().await?;
    tracing::info!(%terminal, device = %request.device, "a device was enrolled");
    Ok(reply(core, terminal, certificate, now_ms))
}

/// Gives an enrolled device its next certificate, for the same key and place.
pub(crate) async fn renew(
    core: &Core,
    device: DeviceRow,
    request: &RenewRequest,
) -> Result<Signed, ApiError> {
    let now_ms = core.clock.now_ms();
    let certificate = core
        .authority
        .device_certificate(&request.csr_pem, device.id, &device.key, now_ms)?
        .ok_or(Code::EnrolKey)?;
    let (id, terminal) = (device.id, device.terminal);
    let mut write = core.tables.write_for(terminal).await?;
    if !devices::renew(&mut write, id, certificate.not_after_ms).await? {
        return Err(Code::DeviceRevoked.into());
    }
    write.commit().await?;
    tracing::info!(%terminal, device = %id, "a certificate was renewed");
    let reply = reply(core, terminal, certificate, now_ms);
    Ok(Signed::seal("renew", &reply, &core.authority.content).map_err(Fault::from)?)
}

fn reply(core: &Core, terminal: TerminalId, certificate: DeviceCertificate, server_ms: i64) -> EnrolReply {
    EnrolReply {
        terminal,
        certificate_pem: certificate.pem,
        roots_pem: core.authority.roots_pem(),
        content_key: core.authority.content.public(),
        bundle_key: Some(core.authority.bundle.recipient()),
        server_ms,
    }
}

/// What a typed code is worth.
enum Redeemed {
    For(TerminalId),
    /// It was right, and is too old.
    Expired,
    Wrong,
}

/// Uses up a code. A wrong one costs a try.
async fn redeem(conn: &mut Conn, typed: &str, now_ms: i64) -> Result<Redeemed, Fault> {
    let typed = secrets::normal_letters(typed);
    let Some((handle, secret)) = typed.split_at_checked(HANDLE_LETTERS) else { return Ok(Redeemed::Wrong) };
    let Some(code) = devices::code(conn, handle).await? else { return Ok(Redeemed::Wrong) };
    if code.tries_left <= 0 {
        return Ok(Redeemed::Wrong);
    }
    if !secrets::has_tag(&code.salt.0, secret, &code.tag.0) {
        devices::spend_try(conn, code.terminal).await?;
        return Ok(Redeemed::Wrong);
    }
    devices::drop_code(conn, code.terminal).await?;
    Ok(if now_ms < code.expires_ms { Redeemed::For(code.terminal) } else { Redeemed::Expired })
}

async fn install(
    conn: &mut Conn,
    request: &EnrolRequest,
    terminal: TerminalId,
    certificate: &DeviceCertificate,
    now_ms: i64,
) -> Result<(), Fault> {
    for earlier in devices::devices(conn).await? {
        if earlier.terminal != terminal || earlier.id == request.device {
            continue;
        }
        if devices::revoke(conn, earlier.id, now_ms).await? {
            let origin = Origin {
                device: earlier.id,
                terminal,
                event: EventId::in_order(),
                hash: Digest::ZERO,
                epoch: 0,
                seq: 0,
                received_ms: now_ms,
                now_ms,
                again: false,
            };
            let at = Stamp { boot: BootId::fresh(), mono_ms: 0, wall_ms: now_ms, trust: Trust::Synced };
            roll_calls::put_notice(conn, &origin, NoticeKind::Replaced, "", at).await?;
        }
    }
    let row = DeviceRow {
        id: request.device,
        terminal,
        key: request.device_key.clone(),
        enrolled_ms: now_ms,
        not_after_ms: certificate.not_after_ms,
        revoked_ms: None,
        seen_ms: None,
    };
    devices::put_device(conn, &row).await
}
