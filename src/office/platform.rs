// SPDX-License-Identifier: GPL-3.0-only
//! What an office asks the platform, and over what: HTTPS with no redirect and no proxy, plain HTTP to this machine only.
//!
//! Every request has a time-out and every answer a limit. Nothing is tried again here: whoever asked decides, and a
//! letter has a number, so that sending it twice is sending it once. An answer's body is never logged.

use crate::complaints;
use contract::{
    CareList, ComplaintList, OfficeSession, OfficeSignIn, PostedLetter, PostedNotice, PostedWord, Signed,
};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long the platform may hold a question for the list, in seconds.
pub const WAIT_S: u32 = 25;
const CONNECT: Duration = Duration::from_secs(10);
const TIME_OUT: Duration = Duration::from_secs(30);
/// Largest list, in bytes.
const LIST_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest of the other answers, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Most parts of a list of complaints.
const PARTS_MAX: usize = 10_000;
/// Largest file of roots, in bytes.
const ROOTS_BYTES_MAX: u64 = 1024 * 1024;

/// Where the platform's desk is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads `https://host:port`, or `http://` on a loopback address; a path, a user or another scheme is refused.
    ///
    /// # Errors
    /// It is no such address.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let url = Url::parse(text.trim()).map_err(|_| Failure::Address)?;
        let here = match url.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
            None => false,
        };
        let plain = (url.scheme() == "https" || url.scheme() == "http" && here)
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if plain { Ok(Self(url)) } else { Err(Failure::Address) }
    }

    fn at(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url.set_query(query);
        url
    }
}

/// A question.
#[derive(Clone)]
pub enum Ask {
    SignIn(OfficeSignIn),
    /// Everything, once something is newer than `since`.
    List {
        token: Zeroizing<String>,
        since: u64,
        wait_s: u32,
    },
    /// What was sealed to a complaint office, or changed, after `since`.
    Complaints {
        token: Zeroizing<String>,
        since: u64,
        wait_s: u32,
    },
    /// A word of a complaint office.
    Word {
        token: Zeroizing<String>,
        word: Box<PostedWord>,
    },
    Keys {
        token: Zeroizing<String>,
        statement: Signed,
    },
    Letter {
        token: Zeroizing<String>,
        letter: Box<PostedLetter>,
    },
    Notice {
        token: Zeroizing<String>,
        notice: PostedNotice,
    },
}

/// What was answered.
pub enum Answer {
    Session(OfficeSession),
    /// None: nothing is newer.
    List(Option<Box<CareList>>),
    /// A part of it, or all.
    Complaints(Box<ComplaintList>),
    Taken,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("use that as the platform's address")]
    Address,
    #[error("reach the platform")]
    Unreachable(#[source] reqwest::Error),
    #[error("reach the platform in time")]
    TimedOut,
    #[error("trust the platform's certificate")]
    Untrusted(#[source] reqwest::Error),
    #[error("be let in")]
    Session,
    #[error("be answered: status {0}")]
    Status(u16),
    #[error("read an answer of more than {0} bytes")]
    Long(usize),
    #[error("understand the answer")]
    Answer,
    #[error("read a list of more than {PARTS_MAX} parts")]
    Parts,
}

impl Failure {
    /// Whether the same may succeed later by itself.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::TimedOut => true,
            Self::Status(status) => *status >= 500 || matches!(status, 408 | 425 | 429),
            Self::Address
            | Self::Untrusted(_)
            | Self::Session
            | Self::Long(_)
            | Self::Answer
            | Self::Parts => false,
        }
    }
}

/// Whoever answers: the platform, or a made-up one.
pub trait Platform: Send + Sync + 'static {
    fn ask(&self, to: &Address, ask: Ask) -> impl Future<Output = Result<Answer, Failure>> + Send;
}

/// Why no connection can be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("read the roots of the platform's certificate")]
    Roots(#[source] std::io::Error),
    #[error("find a certificate in the file of roots")]
    NoRoots,
    #[error("set TLS up")]
    Tls(#[source] rustls::Error),
    #[error("make an HTTP client")]
    Client(#[source] reqwest::Error),
}

/// The platform over the network.
pub struct Http {
    client: Client,
}

impl Http {
    /// Trusts the roots in the PEM file `roots`, or the public ones without it.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn new(roots: Option<&Path>) -> Result<Self, SetupError> {
        let mut pinned = RootCertStore::empty();
        match roots {
            Some(path) => {
                for root in read_roots(path)? {
                    pinned.add(root).map_err(SetupError::Tls)?;
                }
            }
            None => {
                for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
                    // One that this version cannot read is one fewer.
                    pinned.add(root.clone()).ok();
                }
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(SetupError::Tls)?
            .with_root_certificates(pinned)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT)
            .build()
            .map_err(SetupError::Client)?;
        Ok(Self { client })
    }

    fn request(&self, method: Method, url: Url, token: &Zeroizing<String>) -> RequestBuilder {
        self.client.request(method, url).timeout(TIME_OUT).bearer_auth(token.as_str())
    }
}

fn read_roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let about = std::fs::metadata(path).map_err(SetupError::Roots)?;
    if about.len() > ROOTS_BYTES_MAX {
        return Err(SetupError::NoRoots);
    }
    let text = std::fs::read(path).map_err(SetupError::Roots)?;
    let roots: Vec<_> = CertificateDer::pem_slice_iter(&text).flatten().collect();
    if roots.is_empty() { Err(SetupError::NoRoots) } else { Ok(roots) }
}

impl Platform for Http {
    async fn ask(&self, to: &Address, ask: Ask) -> Result<Answer, Failure> {
        match ask {
            Ask::SignIn(sign_in) => {
                let url = to.at("/office/v1/login", None);
                let request = with_json(self.client.post(url).timeout(TIME_OUT), &sign_in)?;
                let bytes = answer(request, ANSWER_BYTES_MAX).await?.ok_or(Failure::Answer)?;
                serde_json::from_slice(&bytes).map(Answer::Session).map_err(|_| Failure::Answer)
            }
            Ask::List { token, since, wait_s } => {
                let url = to.at("/office/v1/care", Some(&format!("since={since}&wait={wait_s}")));
                let time_out = TIME_OUT + Duration::from_secs(wait_s.into());
                let request = self.request(Method::GET, url, &token).timeout(time_out);
                let Some(bytes) = answer(request, LIST_BYTES_MAX).await? else {
                    return Ok(Answer::List(None));
                };
                let list = serde_json::from_slice(&bytes).map_err(|_| Failure::Answer)?;
                Ok(Answer::List(Some(Box::new(list))))
            }
            Ask::Complaints { token, since, wait_s } => {
                let url = to.at("/office/v1/complaints", Some(&format!("since={since}&wait={wait_s}")));
                let time_out = TIME_OUT + Duration::from_secs(wait_s.into());
                let request = self.request(Method::GET, url, &token).timeout(time_out);
                let bytes = answer(request, LIST_BYTES_MAX).await?.ok_or(Failure::Answer)?;
                let list = serde_json::from_slice(&bytes).map_err(|_| Failure::Answer)?;
                Ok(Answer::Complaints(Box::new(list)))
            }
            Ask::Word { token, word } => {
                let url = to.at("/office/v1/complaints/words", None);
                taken(with_json(self.request(Method::POST, url, &token), &word)?).await
            }
            Ask::Keys { token, statement } => {
                let url = to.at("/office/v1/keys", None);
                taken(with_json(self.request(Method::PUT, url, &token), &statement)?).await
            }
            Ask::Letter { token, letter } => {
                let url = to.at("/office/v1/care/letters", None);
                taken(with_json(self.request(Method::POST, url, &token), &letter)?).await
            }
            Ask::Notice { token, notice } => {
                let url = to.at("/office/v1/care/notices", None);
                taken(with_json(self.request(Method::POST, url, &token), &notice)?).await
            }
        }
    }
}

/// The platform's desk, signed in as a complaint office, one question after the other: for the command line.
pub struct SignedIn {
    http: Http,
    address: Address,
    token: Zeroizing<String>,
}

impl SignedIn {
    /// Signs in as somebody of the office.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn new(http: Http, address: Address, who: OfficeSignIn) -> Result<Self, Failure> {
        match http.ask(&address, Ask::SignIn(who)).await? {
            Answer::Session(session) => Ok(Self { http, address, token: session.token }),
            Answer::List(_) | Answer::Complaints(_) | Answer::Taken => Err(Failure::Answer),
        }
    }

    /// Everything that was sealed to the office, part by part.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn list(&self) -> Result<ComplaintList, Failure> {
        let mut whole = self.part(0).await?;
        for _ in 0..PARTS_MAX {
            let part = self.part(whole.rev).await?;
            if part.rev <= whole.rev {
                return Ok(whole);
            }
            complaints::merge(&mut whole, part);
        }
        Err(Failure::Parts)
    }

    async fn part(&self, since: u64) -> Result<ComplaintList, Failure> {
        let ask = Ask::Complaints { token: self.token.clone(), since, wait_s: 0 };
        match self.http.ask(&self.address, ask).await? {
            Answer::Complaints(list) => Ok(*list),
            Answer::Session(_) | Answer::List(_) | Answer::Taken => Err(Failure::Answer),
        }
    }

    /// Hands a word of the office over.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn word(&self, word: PostedWord) -> Result<(), Failure> {
        self.http.ask(&self.address, Ask::Word { token: self.token.clone(), word: Box::new(word) }).await?;
        Ok(())
    }

    /// States the office's keys.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn keys(&self, statement: Signed) -> Result<(), Failure> {
        self.http.ask(&self.address, Ask::Keys { token: self.token.clone(), statement }).await?;
        Ok(())
    }
}

fn with_json<T: Serialize>(request: RequestBuilder, body: &T) -> Result<RequestBuilder, Failure> {
    let body = serde_json::to_vec(body).map_err(|_| Failure::Answer)?;
    Ok(request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body))
}

async fn taken(request: RequestBuilder) -> Result<Answer, Failure> {
    answer(request, ANSWER_BYTES_MAX).await.map(|_| Answer::Taken)
}

/// The body of a success, at most `bytes_max` of it; none where there is nothing to say.
async fn answer(request: RequestBuilder, bytes_max: usize) -> Result<Option<Vec<u8>>, Failure> {
    let mut response = request.send().await.map_err(failure)?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => {}
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => return Ok(None),
        StatusCode::UNAUTHORIZED => return Err(Failure::Session),
        other => return Err(Failure::Status(other.as_u16())),
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Failure::Long(bytes_max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(next) = cause {
        if let Some(rustls::Error::InvalidCertificate(_)) = next.downcast_ref::<rustls::Error>() {
            return Failure::Untrusted(error);
        }
        // An `io::Error` hides what it wraps from `source`.
        let wrapped = next.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref());
        cause = match wrapped {
            Some(inner) => Some(inner),
            None => next.source(),
        };
    }
    Failure::Unreachable(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn only_https_is_taken_and_http_on_this_machine() {
        for right in [
            "https://platform.example:8443",
            "http://127.0.0.1:8080/",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(Address::parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "http://platform.example",
            "http://127.0.0.1.example",
            "https://u@host",
            "https://host/path",
            "https://host?x=1",
            "ftp://127.0.0.1",
            "host:1",
            "",
        ] {
            assert!(matches!(Address::parse(wrong), Err(Failure::Address)), "{wrong}");
        }
    }

    /// Answers one request with these bytes and hands over what was asked.
    fn once(reply: &'static str) -> (Address, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; 64 * 1024];
            let read = stream.read(&mut asked).unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked[..read]).into_owned()
        });
        (address, served)
    }

    #[expect(clippy::unwrap_in_result, reason = "the result is what is tested")]
    fn list(address: &Address) -> Result<Answer, Failure> {
        let token = Zeroizing::new("token".to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(Http::new(None).unwrap().ask(address, Ask::List { token, since: 7, wait_s: 1 }))
    }

    #[test]
    fn the_list_is_asked_for_with_the_token_and_read() {
        let (address, served) = once(concat!(
            "HTTP/1.1 200 OK\r\nContent-Length: 90\r\nConnection: close\r\n\r\n",
            r#"{"rev":8,"now_ms":1,"keys":null,"terminals":[],"entries":[],"letters":[],"notices":[]}    "#,
        ));
        let Ok(Answer::List(Some(list))) = list(&address) else { panic!("no list") };
        assert_eq!(list.rev, 8);
        let asked = served.join().unwrap();
        assert!(asked.starts_with("GET /office/v1/care?since=7&wait=1 "), "{asked}");
        assert!(asked.to_lowercase().contains("authorization: bearer token"), "{asked}");
    }

    #[test]
    fn a_redirect_an_ended_session_and_a_closed_door_are_no_list() {
        let (address, _) =
            once("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        assert!(matches!(list(&address), Err(Failure::Status(302))));
        let (address, _) = once("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        assert!(matches!(list(&address), Err(Failure::Session)));
        let (address, _) = once("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin");
        assert!(matches!(list(&address), Err(Failure::Answer)));
        let closed = Address::parse("http://127.0.0.1:1").unwrap();
        assert!(list(&closed).is_err_and(|failure| failure.passes()));
    }
}
