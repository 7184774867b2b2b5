//! One thread that changes things. In: commands for organizations, from any number of callers. Out: their answers, once what they
//! made is on the disk. Commands that wait while the disk is busy are written together (group commit). When anything goes wrong,
//! what is in memory is thrown away and read again; nothing is answered with yes that is not written. Refuses to know HTTP.

use crate::keys::Keys;
use crate::store::{Answered, Loaded, Store, StoreError, Written};
use jiff::{SignedDuration, Timestamp};
use keyward_host_core::desk::Desk;
use keyward_host_core::event::Actor;
use keyward_host_core::id::{BoxId, OrgId, PersonId, SessionId};
use keyward_host_core::org::Org;
use keyward_host_core::{Fault, Made, Turn, session_of};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use ulid::Ulid;

/// Commands that are written together at most.
const BATCH: usize = 128;
/// Commands that wait at most.
const WAITING: usize = 1_024;
/// A session that nobody uses ends after so long (C12).
const IDLE: SignedDuration = SignedDuration::from_mins(30);

/// Who says they are asking, with the proof.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody known.
    Nobody,
    /// Somebody with a session.
    Session(SessionId, String),
    /// A box whose signature was checked.
    Box(BoxId),
    /// The host itself.
    System,
    /// Whoever has the setup token.
    Installer,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out: status and body.
    Done(u16, String),
    /// The same request was carried out before; this is what it was answered.
    Again(u16, String),
    /// Not carried out.
    Fault(Fault),
    /// The caller is not who they say.
    SignedOut,
    /// The name of the request was used for something else.
    Reused,
    /// There is no such organization.
    NoOrg,
    /// The store does not work: nothing was changed.
    Down,
}

/// What a command gives: a status and a body.
pub type Reply = Result<(u16, serde_json::Value), Fault>;

type Run = Box<dyn FnOnce(&mut Turn<'_>) -> Reply + Send>;
type Look = Box<dyn FnOnce(&Org, &Keys, Timestamp) + Send>;

/// A name for a request, so that it can come again.
#[derive(Clone, Debug)]
pub struct Name {
    /// As the caller gave it.
    pub request: String,
    /// The hash of what is asked.
    pub hash: [u8; 32],
}

struct Job {
    slug: String,
    caller: Caller,
    name: Option<Name>,
    box_time: Option<Timestamp>,
    run: Run,
    reply: oneshot::Sender<Outcome>,
}

enum Order {
    Do(Job),
    Look(String, Look, oneshot::Sender<bool>),
    Create(String, oneshot::Sender<Result<bool, StoreError>>),
}

/// The clock of the host. Tests set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A door to the writer.
#[derive(Clone)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
    health: Arc<Mutex<Option<String>>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Writer")
    }
}

impl Writer {
    /// Reads everything and begins.
    pub async fn start(store: Store, keys: Keys, clock: Clock) -> Result<Writer, StoreError> {
        let mut orgs = BTreeMap::new();
        let mut slugs = HashMap::new();
        for (id, slug) in store.orgs().await? {
            orgs.insert(id, store.load(id).await?);
            slugs.insert(slug, id);
        }
        let (orders, waiting) = mpsc::channel(WAITING);
        let health = Arc::new(Mutex::new(None));
        let handle = Handle::current();
        let now = clock();
        let room = Room {
            store,
            keys,
            clock,
            now,
            orgs,
            slugs,
            desk: Desk::default(),
            seen: HashMap::new(),
            health: Arc::clone(&health),
        };
        let begun = std::thread::Builder::new().name("writer".to_string()).spawn(move || room.work(&handle, waiting));
        begun.map_err(|error| StoreError(error.to_string()))?;
        Ok(Writer { orders, health })
    }

    /// What is wrong with the store, if something is.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Carries out a command.
    pub async fn act(
        &self,
        slug: &str,
        caller: Caller,
        name: Option<Name>,
        box_time: Option<Timestamp>,
        run: impl FnOnce(&mut Turn<'_>) -> Reply + Send + 'static,
    ) -> Outcome {
        let (reply, answer) = oneshot::channel();
        let job = Job { slug: slug.to_string(), caller, name, box_time, run: Box::new(run), reply };
        if self.orders.send(Order::Do(job)).await.is_err() {
            return Outcome::Down;
        }
        answer.await.unwrap_or(Outcome::Down)
    }

    /// Looks at an organization; nothing if there is none of the name.
    pub async fn look<T: Send + 'static>(
        &self,
        slug: &str,
        look: impl FnOnce(&Org, &Keys, Timestamp) -> T + Send + 'static,
    ) -> Option<T> {
        let (out, value) = std::sync::mpsc::channel();
        let (reply, done) = oneshot::channel();
        let look: Look = Box::new(move |org, keys, now| {
            let _ = out.send(look(org, keys, now));
        });
        self.orders.send(Order::Look(slug.to_string(), look, reply)).await.ok()?;
        if done.await.ok()? { value.recv().ok() } else { None }
    }

    /// Makes an empty organization; false if the name is taken.
    pub async fn create(&self, slug: &str) -> Result<bool, StoreError> {
        let (reply, done) = oneshot::channel();
        let gone = || StoreError("the writer has stopped".to_string());
        self.orders.send(Order::Create(slug.to_string(), reply)).await.map_err(|_| gone())?;
        done.await.map_err(|_| gone())?
    }
}

/// An answer that waits for the disk.
struct Pending {
    org: Option<OrgId>,
    reply: oneshot::Sender<Outcome>,
    outcome: Outcome,
}

struct Room {
    store: Store,
    keys: Keys,
    clock: Clock,
    /// The time of the batch: every command of it happens at the same moment.
    now: Timestamp,
    orgs: BTreeMap<OrgId, Loaded>,
    slugs: HashMap<String, OrgId>,
    desk: Desk,
    seen: HashMap<SessionId, Timestamp>,
    health: Arc<Mutex<Option<String>>>,
}

impl Room {
    fn work(mut self, handle: &Handle, mut waiting: mpsc::Receiver<Order>) {
        let mut orders = Vec::new();
        while waiting.blocking_recv_many(&mut orders, BATCH) > 0 {
            self.now = (self.clock)();
            let now = self.now;
            let mut batch: Vec<Written> = Vec::new();
            let mut replies: Vec<Pending> = Vec::new();
            for order in orders.drain(..) {
                match order {
                    Order::Look(slug, look, reply) => {
                        // What a look sees may not be on the disk yet: it waits for it.
                        self.flush(handle, &mut batch, &mut replies, now);
                        let found = self.slugs.get(&slug).and_then(|id| self.orgs.get(id));
                        if let Some(loaded) = found {
                            look(&loaded.org, &self.keys, now);
                        }
                        let _ = reply.send(found.is_some());
                    }
                    Order::Create(slug, reply) => {
                        self.flush(handle, &mut batch, &mut replies, now);
                        let _ = reply.send(self.create(handle, &slug, now));
                    }
                    Order::Do(job) => {
                        let pending = self.run(handle, job, &mut batch, &mut replies);
                        replies.push(pending);
                    }
                }
            }
            self.flush(handle, &mut batch, &mut replies, now);
        }
    }

    fn create(&mut self, handle: &Handle, slug: &str, now: Timestamp) -> Result<bool, StoreError> {
        let id =
            OrgId(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), u128::from_be_bytes(fresh()?)));
        let made = handle.block_on(self.store.create(id, slug))?;
        if made {
            let loaded = handle.block_on(self.store.load(id))?;
            self.orgs.insert(id, loaded);
            self.slugs.insert(slug.to_string(), id);
        }
        Ok(made)
    }

    fn run(&mut self, handle: &Handle, job: Job, batch: &mut Vec<Written>, replies: &mut [Pending]) -> Pending {
        let Job { slug, caller, name, box_time, run, reply } = job;
        let Some(id) = self.slugs.get(&slug).copied() else {
            return Pending { org: None, reply, outcome: Outcome::NoOrg };
        };
        let outcome = self.outcome(handle, (id, &slug), (&caller, name, box_time), run, batch);
        if outcome == Outcome::Down && !self.orgs.contains_key(&id) {
            // What was made before it in this batch is thrown away with it.
            batch.retain(|written| written.org != id);
            for pending in replies.iter_mut().filter(|pending| pending.org == Some(id)) {
                pending.outcome = Outcome::Down;
            }
        }
        Pending { org: Some(id), reply, outcome }
    }

    fn outcome(
        &mut self,
        handle: &Handle,
        (id, slug): (OrgId, &str),
        (caller, name, box_time): (&Caller, Option<Name>, Option<Timestamp>),
        run: Run,
        batch: &mut Vec<Written>,
    ) -> Outcome {
        if !self.orgs.contains_key(&id) && self.reload(handle, id).is_err() {
            return Outcome::Down;
        }
        let now = self.now;
        let Some(loaded) = self.orgs.get_mut(&id) else { return Outcome::Down };
        let Some((actor, called)) = who(&loaded.org, &self.keys, &mut self.seen, caller, now) else {
            return Outcome::SignedOut;
        };
        if let Some(name) = &name {
            let mut here =
                batch.iter().filter(|written| written.org == id).filter_map(|written| written.answered.as_ref());
            let here = here.find(|answered| answered.caller == called && answered.request == name.request).cloned();
            let before = match here {
                Some(here) => Ok(Some(here)),
                None => handle.block_on(self.store.answered(id, &called, &name.request)),
            };
            match before {
                Err(error) => {
                    self.tell(Some(&error));
                    return Outcome::Down;
                }
                Ok(Some(before)) if before.hash != name.hash => return Outcome::Reused,
                Ok(Some(before)) => return Outcome::Again(before.status, before.body),
                Ok(None) => {}
            }
        }
        let Ok(seed) = fresh::<32>() else { return Outcome::Down };
        let mut turn = Turn::new(&mut loaded.org, &mut self.desk, &self.keys.pepper, now, actor, seed);
        turn.box_time = box_time;
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| run(&mut turn)));
        let made: Made = std::mem::take(&mut turn.made);
        let unclean = !made.entries.is_empty() || !made.records.is_empty();
        match ran {
            Ok(Ok((status, body))) => {
                let body = body.to_string();
                let answered = name.map(|name| Answered {
                    caller: called,
                    request: name.request,
                    hash: name.hash,
                    status,
                    body: body.clone(),
                });
                if unclean || answered.is_some() {
                    batch.push(Written { org: id, made, answered });
                }
                Outcome::Done(status, body)
            }
            Ok(Err(fault)) if !unclean => Outcome::Fault(fault),
            // Half of a command is none: everything that was not written yet is thrown away.
            Ok(Err(_)) | Err(_) => {
                eprintln!("keyward-host: a command of {slug} broke off half-way; the organization is read again");
                self.orgs.remove(&id);
                Outcome::Down
            }
        }
    }

    /// Writes what was made, and answers. Where that fails, nothing is answered with yes.
    fn flush(&mut self, handle: &Handle, batch: &mut Vec<Written>, replies: &mut Vec<Pending>, now: Timestamp) {
        let broken = !batch.is_empty() && {
            let written = handle.block_on(self.store.commit(batch, &mut self.orgs, now));
            self.tell(written.as_ref().err());
            written.is_err()
        };
        if broken {
            let touched: BTreeSet<OrgId> = batch.iter().map(|written| written.org).collect();
            for id in touched {
                self.orgs.remove(&id);
            }
        }
        batch.clear();
        for pending in replies.drain(..) {
            let outcome = match pending.outcome {
                Outcome::Done(..) | Outcome::Again(..) if broken => Outcome::Down,
                other => other,
            };
            let _ = pending.reply.send(outcome);
        }
    }

    fn reload(&mut self, handle: &Handle, id: OrgId) -> Result<(), StoreError> {
        let loaded = handle.block_on(self.store.load(id));
        self.tell(loaded.as_ref().err());
        self.orgs.insert(id, loaded?);
        Ok(())
    }

    fn tell(&self, error: Option<&StoreError>) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = error {
            eprintln!("keyward-host: the store does not work: {error}");
        }
        *health = error.map(|error| error.0.clone());
    }
}

fn fresh<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

/// Who a caller is, and the name they have beside their requests.
fn who(
    org: &Org,
    keys: &Keys,
    seen: &mut HashMap<SessionId, Timestamp>,
    caller: &Caller,
    now: Timestamp,
) -> Option<(Actor, String)> {
    match caller {
        Caller::Nobody => Some((Actor::Unknown, "nobody".to_string())),
        Caller::System => Some((Actor::System, "system".to_string())),
        Caller::Installer => Some((Actor::Installer, "installer".to_string())),
        Caller::Box(id) => Some((Actor::Box(*id), format!("box/{id}"))),
        Caller::Session(id, token) => {
            let person: PersonId = session_of(org, &keys.pepper, now, *id, token)?;
            let last = seen.get(id).copied();
            if last.is_some_and(|last| now.duration_since(last) > IDLE) {
                return None;
            }
            seen.insert(*id, now);
            if seen.len() > 100_000 {
                seen.retain(|_, last| now.duration_since(*last) <= IDLE);
            }
            Some((Actor::Person(person), format!("person/{person}")))
        }
    }
}
