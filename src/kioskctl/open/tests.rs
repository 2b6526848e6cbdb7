// SPDX-License-Identifier: GPL-3.0-only
//! An office without its window, against a platform over loopback: a mark, a complaint, a count, and a theft.

use super::*;
use contract::{
    Batch, BatchId, BootId, Complaint, ComplaintCount, ComplaintSealed, DetaineeId, DeviceId, Digest,
    Envelope, Event, HexBytes, Lane, Mark, Matter, OfficeAnswer, OfficeCount, OfficeKeys, OfficeWord,
    PinVerifier, SealKey, Signed, SigningKey, Stamp, Text, Topic, Trust,
};
use platform::demo::{Seed, Seeded};
use rcgen::{CertificateParams, KeyPair};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;

const WORDS: &str = "他们打我，请检察官来谈";

/// A platform with its demo cell, and a procurator's key file.
struct World {
    folder: tempfile::TempDir,
    running: platform::Running,
    seeded: Seeded,
    office: KeyFile,
    deputy: SealKey,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running =
            platform::start(platform::Config::loopback(folder.path().join("platform"))).await.unwrap();
        let seeded = platform::demo::seed(&running.platform, Seed::default()).await.unwrap();
        let path = folder.path().join("procurator.key");
        let pkcs8 = SigningKey::generate().unwrap();
        let sign: String = pkcs8.iter().map(|byte| format!("{byte:02x}")).collect();
        let seal = SealKey::generate();
        key_file(&path, &format!("seal {}\nsign {sign}\n", seal.secret().as_str()));
        let office = KeyFile::open(&path, || panic!("no passphrase")).unwrap();
        Self { folder, running, seeded, office, deputy: SealKey::generate() }
    }

    async fn signed_in(&self, name: &str) -> Result<SignedIn, PlatformFailure> {
        let user = self.seeded.desk_users.iter().find(|user| user.name == name).unwrap();
        let password = Zeroizing::new(user.password.clone());
        let who = OfficeSignIn { name: name.to_owned(), password, code: String::new() };
        let address = Address::parse(&format!("http://{}", self.running.desk_addr)).unwrap();
        SignedIn::new(Http::new(None).unwrap(), address, who).await
    }

    /// States the office's keys; what a terminal seals to.
    async fn state(&self, platform: &SignedIn) -> OfficeKeys {
        let arrangement = Arrangement { from_ms: 0, until_ms: i64::MAX, retention_days: 30 };
        let readers = [self.deputy.recipient()];
        let now_ms = platform.list().await.unwrap().now_ms;
        let stated = statement(&self.office, Office::Procurator, &readers, arrangement, now_ms).unwrap();
        platform.keys(stated.clone()).await.unwrap();
        OfficeKeys::open(&stated, None).unwrap()
    }

    fn seen(&self) -> PathBuf {
        self.folder.path().join("seen.json")
    }
}

fn key_file(path: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// A terminal as the platform knows one: it enrols and sends a lane of complaints.
struct Terminal {
    device: DeviceId,
    key: SigningKey,
    client: reqwest::Client,
    gateway: String,
    sent: Vec<Envelope>,
}

impl Terminal {
    async fn enrolled(world: &World) -> Self {
        let pkcs8 = SigningKey::generate().unwrap();
        let key = SigningKey::open(&pkcs8).unwrap();
        let roots = world.folder.path().join("root.pem");
        std::fs::write(&roots, world.running.platform.root_pem()).unwrap();
        let bare = client(&roots, None);
        let pair = KeyPair::try_from(pkcs8.as_slice()).unwrap();
        let csr = CertificateParams::default().serialize_request(&pair).unwrap();
        let device = DeviceId::fresh();
        let request = contract::EnrolRequest {
            code: world.running.platform.enrolment_code(world.seeded.terminal).await.unwrap(),
            device,
            csr_pem: csr.pem().unwrap(),
            device_key: key.public(),
        };
        let gateway = format!("https://{}", world.running.gateway_addr);
        let sent = bare.post(format!("{gateway}/v1/enrol")).header("Kiosk-Protocol", "1").json(&request);
        let reply: contract::EnrolReply = sent.send().await.unwrap().json().await.unwrap();
        let client = client(&roots, Some((&reply.certificate_pem, &pkcs8)));
        Self { device, key, client, gateway, sent: Vec::new() }
    }

    fn now() -> Stamp {
        let at =
            Stamp { boot: BootId::fresh(), mono_ms: 0, wall_ms: 1_795_315_500_000, trust: Trust::Synced };
        at.to_the_hour()
    }

    async fn say(&mut self, event: &Event) -> EventId {
        let mut envelope = Envelope {
            device: self.device,
            epoch: 1,
            lane: Lane::Complaint,
            seq: self.sent.len() as u64 + 1,
            id: EventId::fresh(),
            kind: event.kind().to_owned(),
            time: Self::now(),
            prev: self.sent.last().map_or(Digest::ZERO, Envelope::hash),
            body: event.body().unwrap(),
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        envelope.sign(&self.key).unwrap();
        let batch = Batch {
            batch: BatchId::fresh(),
            device: self.device,
            epoch: 1,
            lane: Lane::Complaint,
            events: vec![envelope.clone()],
        };
        let sent = self.client.post(format!("{}/v1/events", self.gateway)).header("Kiosk-Protocol", "1");
        assert_eq!(sent.json(&batch).send().await.unwrap().status().as_u16(), 200);
        self.sent.push(envelope);
        self.sent[self.sent.len() - 1].id
    }

    async fn seal(&mut self, told: &ToOffice, keys: &OfficeKeys) -> EventId {
        self.say(&Event::ComplaintSealed(ComplaintSealed::seal(told, keys, &Self::now()).unwrap())).await
    }
}

fn client(roots: &Path, own: Option<(&str, &[u8])>) -> reqwest::Client {
    use rustls_pki_types::pem::PemObject;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    let mut trusted = rustls::RootCertStore::empty();
    trusted.add(CertificateDer::from_pem_file(roots).unwrap()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(trusted);
    let mut config = match own {
        Some((chain, pkcs8)) => {
            let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<_, _>>().unwrap();
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pkcs8.to_vec()));
            config.with_client_auth_cert(chain, key).unwrap()
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap()
}

fn complaint(number: u64, writer: DetaineeId, answers: &SealKey) -> ToOffice {
    let code = PinVerifier {
        salt: HexBytes(vec![1; 16]),
        hash: HexBytes(vec![2; 32]),
        memory_kib: 19 * 1024,
        passes: 2,
    };
    let complaint = Complaint {
        writer: Some(writer),
        about: Vec::new(),
        topics: vec![Topic::Violence],
        words: Text::new(WORDS),
        meeting: true,
        talk: false,
        at_ms: 1_795_315_500_000,
        answer_to: answers.recipient(),
        code,
    };
    ToOffice { number, matter: Matter::Complaint(complaint) }
}

fn mark(number: u64, detainee: DetaineeId, quiet: bool) -> ToOffice {
    ToOffice { number, matter: Matter::Mark(Mark { detainee, quiet, hour_ms: 1_795_312_800_000 }) }
}

/// A mark, a quiet one, a complaint and the day's count; the complaint, and the key that opens its answers.
async fn story(world: &World, keys: &OfficeKeys) -> (EventId, SealKey) {
    let mut terminal = Terminal::enrolled(world).await;
    let (person, answers) = (world.seeded.detainees[0].id, SealKey::generate());
    terminal.seal(&mark(1, person, false), keys).await;
    let event = terminal.seal(&complaint(2, person, &answers), keys).await;
    terminal.seal(&mark(3, person, true), keys).await;
    let counts = vec![OfficeCount { office: Office::Procurator, sent: 3 }];
    terminal.say(&Event::ComplaintCount(ComplaintCount { at: Terminal::now(), day: 20_779, counts })).await;
    (event, answers)
}

#[tokio::test]
async fn an_office_lists_reads_and_answers_and_nothing_is_missing() {
    let world = World::new().await;
    let platform = world.signed_in("procurator").await.unwrap();
    let keys = world.state(&platform).await;
    let (event, answers) = story(&world, &keys).await;

    let list = platform.list().await.unwrap();
    let found = look(&list, &world.office, &world.seen()).unwrap();
    assert_eq!(found.findings, []);
    let lines = listed(&list, &found);
    assert!(lines[0].starts_with("QUIET PIN") && lines[0].contains("305室"), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("counted") && line.contains("3 sent")), "{lines:?}");
    assert!(!lines.concat().contains(WORDS));

    let item = find(&list, &world.office, event).unwrap();
    let text = shown(&list, &item).join("\n");
    assert!(text.contains(WORDS) && text.contains("王建国") && text.contains("violence"), "{text}");
    platform.word(word(&list, &world.office, &item, OfficeStage::Received).unwrap()).await.unwrap();
    let posted = answer(&list, &world.office, &item, "明天来谈", Some(5)).unwrap();
    platform.word(posted.clone()).await.unwrap();
    let signed: Signed = posted.answer.as_ref().unwrap().open(&answers).unwrap();
    let said: OfficeAnswer = signed.open(OfficeAnswer::PURPOSE, &keys.signing).unwrap();
    assert_eq!((said.words.as_str(), said.meeting_ms), ("明天来谈", Some(5)));
    let copy = posted.own.as_ref().unwrap();
    assert!(copy.open::<Signed>(&world.deputy).is_ok(), "the deputy reads what was answered");

    let list = platform.list().await.unwrap();
    let entry = list.entries.iter().find(|entry| entry.envelope.id == event).unwrap();
    let stages: Vec<_> =
        entry.words.iter().map(|word| OfficeWord::open(word, &keys).unwrap().stage).collect();
    assert!(matches!(stages[..], [OfficeStage::Received, OfficeStage::Answered { .. }]));
    assert!(
        listed(&list, &found).iter().any(|line| line.starts_with("complaint") && line.contains("answered"))
    );
    world.running.stop().await;
}

#[tokio::test]
async fn what_was_stolen_is_named_by_its_number() {
    let world = World::new().await;
    let platform = world.signed_in("procurator").await.unwrap();
    let keys = world.state(&platform).await;
    let (event, _) = story(&world, &keys).await;
    let whole = platform.list().await.unwrap();
    let lines = |list: &ComplaintList, seen: &Path| {
        let found = look(list, &world.office, seen).unwrap();
        assert!(!found.findings.is_empty());
        listed(list, &found).join("\n")
    };
    let mut stolen = whole.clone();
    stolen.entries.retain(|entry| entry.envelope.id != event);
    let text = lines(&stolen, &world.folder.path().join("first.json"));
    assert!(text.contains("MISSING       三监区 305室  number 2"), "{text}");
    assert!(text.contains("GAP           三监区 305室  lane number 2"), "{text}");
    let mut moved = whole.clone();
    let [first, second, ..] = moved.entries.as_mut_slice() else { panic!("entries") };
    std::mem::swap(&mut first.envelope.seq, &mut second.envelope.seq);
    let text = lines(&moved, &world.folder.path().join("second.json"));
    assert!(text.contains("SIGNATURE     三监区 305室  lane number 1"), "{text}");
    assert!(text.contains("CHAIN         三监区 305室  lane number 2"), "{text}");
    assert_eq!(look(&whole, &world.office, &world.seen()).unwrap().findings, []);
    let mut cut = whole;
    cut.others.clear();
    cut.entries.pop();
    let text = lines(&cut, &world.seen());
    assert!(text.contains("GONE          三监区 305室  lane number 4"), "{text}");
    world.running.stop().await;
}

#[tokio::test]
async fn the_ordinary_age_tool_opens_what_is_saved() {
    let world = World::new().await;
    let platform = world.signed_in("procurator").await.unwrap();
    let keys = world.state(&platform).await;
    let (event, _) = story(&world, &keys).await;
    let folder = world.folder.path().join("saved");
    files::save_list(&platform.list().await.unwrap(), &folder).unwrap();
    // As that tool does: armor off, the identity of a plain file, the text out.
    let sealed = std::fs::read(folder.join(format!("{event}.age"))).unwrap();
    let identity: age::x25519::Identity = world.deputy.secret().parse().unwrap();
    let decryptor = age::Decryptor::new(age::armor::ArmoredReader::new(sealed.as_slice())).unwrap();
    let mut text = String::new();
    let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
    { opened }.read_to_string(&mut text).unwrap();
    assert!(text.contains(WORDS));
    // And a plain key file of that tool opens the saved list here, but signs nothing.
    let path = world.folder.path().join("deputy.txt");
    key_file(&path, &format!("# created: 2026-11-22\n{}\n", world.deputy.secret().as_str()));
    let deputy = KeyFile::open(&path, || panic!("no passphrase")).unwrap();
    let list = files::read_list(&folder.join("list.json")).unwrap();
    let found = look(&list, &deputy, &world.seen()).unwrap();
    assert_eq!((found.findings.len(), found.items.len()), (0, 3));
    let item = find(&list, &deputy, event).unwrap();
    assert!(matches!(
        word(&list, &deputy, &item, OfficeStage::Received),
        Err(Failure::Office(OfficeFailure::NoSigning))
    ));
    world.running.stop().await;
}

#[tokio::test]
async fn another_post_and_another_key_get_nothing() {
    let world = World::new().await;
    let platform = world.signed_in("procurator").await.unwrap();
    world.state(&platform).await;
    for name in ["it", "duty", "control", "auditor"] {
        let refused = world.signed_in(name).await.map(|_| ());
        assert!(matches!(refused, Err(PlatformFailure::Status(403))), "{name}");
    }
    let list = platform.list().await.unwrap();
    let other = KeyFile { office: None, open: vec![SealKey::generate()], sign: None };
    assert!(matches!(look(&list, &other, &world.seen()), Err(Failure::Office(OfficeFailure::Keys))));
    let path = world.folder.path().join("wide.key");
    std::fs::write(&path, "any").unwrap();
    assert!(matches!(KeyFile::open(&path, || panic!("no passphrase")), Err(KeyFileError::Wide { .. })));
    world.running.stop().await;
}

#[test]
fn a_key_file_under_a_passphrase_opens_with_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.age");
    let seal = SealKey::generate();
    let mut recipient = age::scrypt::Recipient::new("a long enough passphrase".to_owned().into());
    recipient.set_work_factor(4);
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(format!("seal {}\n", seal.secret().as_str()).as_bytes()).unwrap();
    writer.finish().unwrap();
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
    file.write_all(&sealed).unwrap();
    let open = |passphrase: &str| KeyFile::open(&path, || Ok(Zeroizing::new(passphrase.to_owned())));
    assert_eq!(open("a long enough passphrase").unwrap().open[0].recipient(), seal.recipient());
    assert!(matches!(open("another one"), Err(KeyFileError::WrongPassphrase)));
}

#[tokio::test]
async fn a_terminal_is_verified_by_its_code_and_what_is_kept_back_shows() {
    let world = World::new().await;
    let platform = world.signed_in("procurator").await.unwrap();
    let keys = world.state(&platform).await;
    let mut terminal = Terminal::enrolled(&world).await;
    for number in 1..=3 {
        terminal.seal(&mark(number, world.seeded.detainees[0].id, false), &keys).await;
    }
    let list = platform.list().await.unwrap();
    let proof = contract::TerminalProof {
        device: terminal.device,
        epoch: 1,
        seq: 3,
        head: terminal.sent[2].hash(),
        at_ms: list.now_ms - 1,
        trust: Trust::Synced,
        key: terminal.key.public().digest(),
    };
    let text = proof.sign(&terminal.key).unwrap();
    let (lines, holds) = verify(&list, &world.office, &world.seen(), &text).unwrap();
    assert!(holds && lines[0].contains("305室"), "{lines:?}");
    assert!(!world.seen().exists(), "verifying pins nothing");
    // Out of a file as well; and a platform that keeps one back is found out.
    let file = world.folder.path().join("code.txt");
    std::fs::write(&file, &text).unwrap();
    assert!(verify(&list, &world.office, &world.seen(), file.to_str().unwrap()).unwrap().1);
    let mut robbed = list.clone();
    robbed.entries.pop();
    let (lines, holds) = verify(&robbed, &world.office, &world.seen(), &text).unwrap();
    assert!(!holds && lines.iter().any(|line| line.starts_with("WITHHELD")), "{lines:?}");
    let forged = proof.sign(&SigningKey::open(&SigningKey::generate().unwrap()).unwrap()).unwrap();
    let refused = verify(&list, &world.office, &world.seen(), &forged);
    assert!(matches!(refused, Err(Failure::Proof(contract::ProofError::Signature))));
    world.running.stop().await;
}

#[tokio::test]
async fn the_superior_organ_lists_and_answers_its_own_and_what_is_late_says_since_when() {
    let world = World::new().await;
    let platform = world.signed_in("superior").await.unwrap();
    let arrangement = Arrangement { from_ms: 0, until_ms: i64::MAX, retention_days: 30 };
    let now_ms = platform.list().await.unwrap().now_ms;
    let readers = [world.deputy.recipient()];
    let stated = statement(&world.office, Office::Superior, &readers, arrangement, now_ms).unwrap();
    platform.keys(stated.clone()).await.unwrap();
    let keys = contract::OfficeKeys::open(&stated, None).unwrap();
    let mut terminal = Terminal::enrolled(&world).await;
    let answers = SealKey::generate();
    let event = terminal.seal(&complaint(1, world.seeded.detainees[0].id, &answers), &keys).await;
    let mut list = platform.list().await.unwrap();
    let item = find(&list, &world.office, event).unwrap();
    platform.word(answer(&list, &world.office, &item, "已转交查办", None).unwrap()).await.unwrap();
    assert!(world.signed_in("procurator").await.unwrap().list().await.unwrap().entries.is_empty());
    // Late is said from the deadline the platform names, until there is an answer.
    let found = look(&list, &world.office, &world.seen()).unwrap();
    assert!(!listed(&list, &found).concat().contains("OVERDUE"));
    list.now_ms = list.entries[0].answer_due_ms.unwrap() + 1;
    assert!(listed(&list, &found)[0].contains("OVERDUE since"), "{:?}", listed(&list, &found));
    list.entries[0].words = platform.list().await.unwrap().entries[0].words.clone();
    assert!(!listed(&list, &found).concat().contains("OVERDUE"));
    world.running.stop().await;
}
