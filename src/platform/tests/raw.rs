// SPDX-License-Identifier: GPL-3.0-only
//! Connections that keep to no rules: TLS by hand, frames of HTTP/2 by hand.

use super::*;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What a client of HTTP/2 says first: its greeting, and settings that ask for nothing.
pub(super) const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const GO_AWAY: u8 = 7;
/// This frame ends the headers, and the request with them.
const WHOLE: u8 = 0x4 | 0x1;

/// A TLS connection to the gateway, as this terminal or as nobody.
pub(super) async fn connect(world: &World, kiosk: Option<&Kiosk>, inside: &[u8]) -> TlsStream<TcpStream> {
    let own = kiosk.map(|kiosk| (kiosk.certificate_pem.as_str(), kiosk.pkcs8.as_slice()));
    let stream = TcpStream::connect(world.running.gateway_addr).await.unwrap();
    let name = rustls_pki_types::ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(world.tls(own, inside))).connect(name, stream).await.unwrap()
}

/// A connection without TLS from another address of this machine.
pub(super) async fn connect_from(from: [u8; 4], to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// One frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A whole request for the feed, on its own stream.
pub(super) fn ask_feed(stream: u32, since: u64) -> Vec<u8> {
    let path = format!("/v1/feed?since={since}&wait=60");
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    // `:method: GET` and `:scheme: https` by their places in the table; the others are spelt out.
    let parts = [
        vec![0x82, 0x87, 0x04],
        text(&path),
        vec![0x01],
        text("localhost"),
        vec![0x00],
        text("kiosk-protocol"),
        text("1"),
    ];
    frame(HEADERS, WHOLE, stream, &parts.concat())
}

/// Takes a request back.
pub(super) fn cancel(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())
}

/// How many frames of each kind come until `enough` of them or the end of the connection.
pub(super) async fn frames<S: AsyncRead + Unpin>(
    from: &mut S,
    enough: impl Fn(&[u32; 256]) -> bool,
) -> [u32; 256] {
    let mut counts = [0; 256];
    let mut head = [0; 9];
    while !enough(&counts) && from.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        if from.read_exact(&mut payload).await.is_err() {
            break;
        }
        counts[usize::from(head[3])] += 1;
    }
    counts
}

/// Writes `first`, then one more byte every 200 ms, and returns what came back by the time the other side ended it.
pub(super) async fn trickle<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    first: &[u8],
    then: &[u8],
) -> Vec<u8> {
    let (mut from, mut to) = tokio::io::split(stream);
    let writes = async {
        to.write_all(first).await.ok();
        for byte in then.iter().chain(std::iter::repeat(&b'0')) {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if to.write_all(&[*byte]).await.is_err() || to.flush().await.is_err() {
                break;
            }
        }
        // What the other side said last may still be there to read.
        std::future::pending::<()>().await;
    };
    let mut heard = Vec::new();
    tokio::select! {
        () = writes => {}
        _ = from.read_to_end(&mut heard) => {}
    }
    heard
}
