// SPDX-License-Identifier: GPL-3.0-only
//! What the facility does with its platform, without a listener: places, people, codes, roll calls, reports.

use crate::ca::Authority;
use crate::enrol;
use crate::feed::{self, Bells};
use crate::reports::{self, CallReport};
use crate::roll_calls::{self, POLICY_KEY, Refusal};
use crate::seal::Seal;
use crate::tables::devices::{self, DeviceRow, TerminalRow};
use crate::tables::roll_calls::{self as rows, Notice};
use crate::tables::{self, Tables, Write, accounts, desk, feed as truth};
use crate::{AuditCheck, Clock, Core, Database, Fault, Totp, secrets};
use contract::{
    CallId, CardDigest, Collection, DetaineeId, DeviceId, Digest, FeedOp, HexBytes, Movement, Officer,
    OfficerId, Policy, Post, RollCallTask, ScheduleEntry, TerminalId,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Most roll calls, notices or movements given at once.
const LIST_MAX: usize = 500;
const CARD_SALT: &str = "card_salt";
pub(crate) const AUTHORITY: &str = "authority";
const SEAL: &str = "desk_key";

/// The platform of one data directory. Clones share it.
#[derive(Clone)]
pub struct Platform {
    pub(crate) core: Arc<Core>,
    pub(crate) stopping: watch::Sender<bool>,
    root_path: PathBuf,
}

impl Platform {
    /// Opens the keys in `data` and the tables, or makes them.
    ///
    /// # Errors
    /// The directory cannot be written, what lies there cannot be read, the database cannot be used, or it is of a
    /// platform with other keys.
    pub async fn open(data: &Path, database: &Database, clock: Clock) -> Result<Self, Fault> {
        Self::open_for(data, database, clock, Totp::default()).await
    }

    pub(crate) async fn open_for(
        data: &Path,
        database: &Database,
        clock: Clock,
        totp: Totp,
    ) -> Result<Self, Fault> {
        let keys = data.join("keys");
        Authority::make_dir(&keys)?;
        let tables = Tables::open(database, data).await?;
        // Of several processes that start at once, one makes the keys.
        let mut write = tables.write().await?;
        let mut authority = Authority::open(&keys, &clock)?;
        let seal = Seal::open(&keys)?;
        if database.is_shared() {
            if crate::content::finish_if_due(&mut write, &keys, &authority).await? {
                authority = Authority::open(&keys, &clock)?;
            }
            same_keys(&mut write, AUTHORITY, &authority.fingerprint()?.to_string()).await?;
            same_keys(&mut write, SEAL, &seal.fingerprint().to_string()).await?;
        }
        write.commit().await?;
        let (stopping, stop) = watch::channel(false);
        let core = Core {
            tables,
            authority,
            seal,
            totp,
            clock,
            data: data.to_owned(),
            bells: Bells::default(),
            metrics: crate::metrics::Metrics::new(),
            stop,
        };
        let root_path = keys.join("root.pem");
        let root_path =
            root_path.canonicalize().map_err(|source| Fault::File { path: root_path.clone(), source })?;
        Ok(Self { core: Arc::new(core), stopping, root_path })
    }

    /// The root that terminals pin, PEM.
    pub fn root_pem(&self) -> &str {
        self.core.authority.root_pem()
    }

    /// Where the root lies, for an installer to copy.
    pub fn root_path(&self) -> &Path {
        &self.root_path
    }

    /// SHA-256 over the root's DER.
    ///
    /// # Errors
    /// The root was damaged after it was opened.
    pub fn root_fingerprint(&self) -> Result<Digest, Fault> {
        self.core.authority.root_fingerprint()
    }

    /// Signs replies and feed pages.
    pub fn content_key(&self) -> contract::PublicKey {
        self.core.authority.content.public()
    }

    /// Every terminal, by block and cell.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn terminals(&self) -> Result<Vec<TerminalRow>, Fault> {
        let mut read = self.core.tables.read().await?;
        devices::terminals(&mut read).await
    }

    /// The terminal of a cell, by the cell's name.
    ///
    /// # Errors
    /// There is none, or the tables fail.
    pub async fn terminal_of(&self, cell: &str) -> Result<TerminalId, Fault> {
        let terminals = self.terminals().await?;
        let of_cell =
            terminals.iter().find(|terminal| terminal.cell == cell || terminal.id.to_string() == cell);
        of_cell.map(|terminal| terminal.id).ok_or(Fault::Unknown("cell"))
    }

    /// Lets an officer act at the terminal, or changes what is known of them.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_officer(&self, terminal: TerminalId, officer: &Officer) -> Result<(), Fault> {
        let key = officer.id.to_string();
        let mut write = self.core.tables.write().await?;
        rows::put_person(&mut write, &key, officer.name.as_str(), "").await?;
        feed::put(&mut write, terminal, Collection::Officer, &key, officer, self.now_ms()).await?;
        self.publish(write, terminal).await
    }

    /// The officers who act at the terminal.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn officers(&self, terminal: TerminalId) -> Result<Vec<Officer>, Fault> {
        let mut read = self.core.tables.read().await?;
        let items = truth::all(&mut read, terminal, Collection::Officer).await?;
        let officer = |item: contract::FeedItem| serde_json::from_value(item.body);
        items.into_iter().map(officer).collect::<Result<_, _>>().map_err(|_| Fault::Stored("officer"))
    }

    /// The officer acts at the terminal no more.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn remove_officer(&self, terminal: TerminalId, id: OfficerId) -> Result<(), Fault> {
        self.remove(terminal, Collection::Officer, &id.to_string()).await
    }

    /// The digest of an officer's card under the facility's salt.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn card(&self, number: &str) -> Result<CardDigest, Fault> {
        let mut write = self.core.tables.write().await?;
        let salt: HexBytes = match tables::setting(&mut write, CARD_SALT).await? {
            Some(text) => text.parse().map_err(|_| Fault::Stored(CARD_SALT))?,
            None => {
                let salt = HexBytes(secrets::random::<16>()?.to_vec());
                tables::set(&mut write, CARD_SALT, &salt.to_string()).await?;
                salt
            }
        };
        write.commit().await?;
        let digest = CardDigest::digest_of(&salt, number);
        Ok(CardDigest { salt, digest })
    }

    /// Puts a line of the day.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_schedule(
        &self,
        terminal: TerminalId,
        key: &str,
        entry: &ScheduleEntry,
    ) -> Result<(), Fault> {
        self.put(terminal, Collection::Schedule, key, entry).await
    }

    /// Takes a line of the day away.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn remove_schedule(&self, terminal: TerminalId, key: &str) -> Result<(), Fault> {
        self.remove(terminal, Collection::Schedule, key).await
    }

    /// Sets the terminal's policy.
    ///
    /// # Errors
    /// A setting is out of its range: no terminal would take it. Or the tables fail.
    pub async fn put_policy(&self, terminal: TerminalId, policy: &Policy) -> Result<(), Fault> {
        policy.clone().checked().map_err(|_| Fault::Refused("send a policy out of its ranges"))?;
        let mut write = self.core.tables.write().await?;
        feed::put(&mut write, terminal, Collection::Policy, POLICY_KEY, policy, self.now_ms()).await?;
        accounts::outdate(&mut write, terminal).await?;
        self.publish(write, terminal).await
    }

    /// Takes a bundle that came by hand, also of a device out of service, and returns the sealed answer.
    ///
    /// # Errors
    /// It is not for this platform, not its device's own, or the tables fail.
    pub async fn take_bundle(&self, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        crate::bundle::take(&self.core, sealed, None).await.map_err(|error| Fault::Bundle(error.inside))
    }

    /// The terminal's policy; the built-in one before it was sent any.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn policy(&self, terminal: TerminalId) -> Result<Policy, Fault> {
        let mut read = self.core.tables.read().await?;
        crate::roll_calls::policy(&mut read, terminal).await
    }

    /// Sends an item as it is, understood or not: for what a terminal makes of a platform that errs.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_raw(
        &self,
        terminal: TerminalId,
        collection: &str,
        key: &str,
        op: FeedOp,
        body: &serde_json::Value,
    ) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        let thing = truth::Thing { terminal, collection, key, op, body };
        truth::put(&mut write, &thing, self.now_ms()).await?;
        self.publish(write, terminal).await
    }

    /// A one-time code for the terminal, ten letters; an earlier one is void.
    ///
    /// # Errors
    /// There is no such terminal, or the tables fail.
    pub async fn enrolment_code(&self, terminal: TerminalId) -> Result<String, Fault> {
        let mut write = self.core.tables.write().await?;
        devices::terminal(&mut write, terminal).await?.ok_or(Fault::Unknown("terminal"))?;
        let code = enrol::code(&mut write, terminal, self.now_ms()).await?;
        write.commit().await?;
        Ok(code)
    }

    /// Every device, the newest of each terminal first.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn devices(&self) -> Result<Vec<DeviceRow>, Fault> {
        let mut read = self.core.tables.read().await?;
        devices::devices(&mut read).await
    }

    /// Puts a device out of service; true if it was in service.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn revoke(&self, device: DeviceId) -> Result<bool, Fault> {
        let mut write = self.core.tables.write().await?;
        let done = devices::revoke(&mut write, device, self.now_ms()).await?;
        write.commit().await?;
        Ok(done)
    }

    /// Asks for a roll call of the cell at once: the first name is called after the announcement.
    ///
    /// # Errors
    /// One is waiting or running in the cell, or the tables fail.
    pub async fn start_roll_call(&self, terminal: TerminalId, title: &str) -> Result<CallId, Fault> {
        self.roll_call_from(terminal, title, self.now_ms()).await
    }

    /// Asks for a roll call announced at `from_ms`, milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// One is waiting or running in the cell, or the tables fail.
    pub async fn roll_call_from(
        &self,
        terminal: TerminalId,
        title: &str,
        from_ms: i64,
    ) -> Result<CallId, Fault> {
        let mut write = self.core.tables.write().await?;
        let asked = roll_calls::ask(&mut write, terminal, title, "", from_ms, self.now_ms()).await?;
        let call = asked.map_err(refused)?;
        self.publish(write, terminal).await?;
        Ok(call)
    }

    /// Sends a roll-call task as it is.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_task(&self, terminal: TerminalId, task: &RollCallTask) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        roll_calls::put(&mut write, terminal, task, "", self.now_ms()).await?;
        self.publish(write, terminal).await
    }

    /// Takes a task back that has not begun.
    ///
    /// # Errors
    /// It has begun or is not known, or the tables fail.
    pub async fn cancel_roll_call(&self, terminal: TerminalId, call: CallId) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        roll_calls::cancel(&mut write, terminal, call, "", self.now_ms()).await?.map_err(refused)?;
        self.publish(write, terminal).await
    }

    /// What the desk knows of the roll calls, newest first.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn results(&self) -> Result<Vec<CallReport>, Fault> {
        let mut read = self.core.tables.read().await?;
        reports::newest(&mut read, LIST_MAX, self.now_ms()).await
    }

    /// What the desk must see, unseen first, then newest first.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn notices(&self) -> Result<Vec<Notice>, Fault> {
        let mut read = self.core.tables.read().await?;
        rows::notices(&mut read, LIST_MAX).await
    }

    /// Who left and returned, newest first.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn movements(&self, terminal: TerminalId) -> Result<Vec<Movement>, Fault> {
        let mut read = self.core.tables.read().await?;
        rows::movements(&mut read, terminal, LIST_MAX).await
    }

    /// The kinds of the facts received of a person (PINs given, templates made and erased), oldest first.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn person_facts(
        &self,
        terminal: TerminalId,
        detainee: DetaineeId,
    ) -> Result<Vec<String>, Fault> {
        let mut read = self.core.tables.read().await?;
        rows::person_facts(&mut read, terminal, detainee).await
    }

    /// How many events are kept of a device, and how many that contradict them.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn kept(&self, device: DeviceId) -> Result<(u64, u64), Fault> {
        let mut read = self.core.tables.read().await?;
        tables::events::counts(&mut read, device).await
    }

    /// Lets someone use the desk, or gives them a new password or post; a second factor they have stays.
    ///
    /// # Errors
    /// The password cannot be hashed, or the tables fail.
    pub async fn put_desk_user(&self, name: &str, post: Post, password: &str) -> Result<(), Fault> {
        self.desk_user(name, post, password, false).await
    }

    /// Lets someone of the demo use the desk, by a password alone.
    pub(crate) async fn put_demo_user(&self, name: &str, post: Post, password: &str) -> Result<(), Fault> {
        self.desk_user(name, post, password, true).await
    }

    async fn desk_user(&self, name: &str, post: Post, password: &str, totp_off: bool) -> Result<(), Fault> {
        let verifier = secrets::verifier(password).await?;
        let mut write = self.core.tables.write().await?;
        desk::put_user(&mut write, name, post.name(), &verifier, totp_off).await?;
        write.commit().await?;
        Ok(())
    }

    /// Looks through what was done at the desk for a line that is missing or is not as it was written.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn verify_audit(&self) -> Result<AuditCheck, Fault> {
        let mut read = self.core.tables.read().await?;
        tables::audit::verify(&mut read).await
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.core.clock.now_ms()
    }

    pub(crate) async fn put<T: serde::Serialize>(
        &self,
        terminal: TerminalId,
        collection: Collection,
        key: &str,
        body: &T,
    ) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        feed::put(&mut write, terminal, collection, key, body, self.now_ms()).await?;
        self.publish(write, terminal).await
    }

    pub(crate) async fn remove(
        &self,
        terminal: TerminalId,
        collection: Collection,
        key: &str,
    ) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        feed::remove(&mut write, terminal, collection, key, self.now_ms()).await?;
        self.publish(write, terminal).await
    }

    pub(crate) async fn publish(&self, write: Write, terminal: TerminalId) -> Result<(), Fault> {
        write.commit().await?;
        self.core.bells.ring(terminal);
        Ok(())
    }
}

/// Whoever speaks for a facility signs with its keys: terminals know no others.
async fn same_keys(write: &mut Write, which: &str, own: &str) -> Result<(), Fault> {
    match tables::setting(write, which).await? {
        None => tables::set(write, which, own).await,
        Some(held) if held == own => Ok(()),
        Some(_) => Err(Fault::Refused("use the database of a platform with other keys")),
    }
}

fn refused(refusal: Refusal) -> Fault {
    Fault::Refused(match refusal {
        Refusal::Busy => "start a roll call where one is waiting or running",
        Refusal::TooLate => "cancel a roll call that has begun or is over",
        Refusal::Unknown => "cancel a roll call that is not known",
    })
}
