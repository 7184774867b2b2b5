//! One thread that changes things. In: commands for organizations, from any number of callers. Out: their answers, once what they
//! made is on the disk. Commands that wait while the disk is busy are written together (group commit), under a lock on their organization,
//! after what other hosts have written was read. When anything goes wrong, what is in memory is thrown away and read again; nothing
//! is answered with yes that is not written. Refuses to know HTTP.

use crate::keys::Keys;
use crate::store::snapshot::{EVERY, written};
use crate::store::{Answered, Batch, Loaded, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use keyward_host_core::desk::Desk;
use keyward_host_core::event::Actor;
use keyward_host_core::id::{BoxId, OrgId, PersonId, SessionId};
use keyward_host_core::org::Org;
use keyward_host_core::{Fault, Made, Turn, session_of};
use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
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

/// Why an organization could not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// There is none of the name.
    NoOrg,
    /// The store does not work.
    Down,
}

/// What a command gives: a status and a body.
pub type Reply = Result<(u16, serde_json::Value), Fault>;

type Run = Box<dyn FnOnce(&mut Turn<'_>) -> Reply + Send>;
type Look = Box<dyn FnOnce(&Org, &Keys, Timestamp) + Send>;

/// Somebody who waits to see an organization.
type Looking = (Look, oneshot::Sender<Result<(), Unseen>>);

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

/// A command without the one who waits for it.
struct Asked {
    caller: Caller,
    name: Option<Name>,
    box_time: Option<Timestamp>,
    run: Run,
}

enum Order {
    Do(Job),
    Look(String, Look, oneshot::Sender<Result<(), Unseen>>),
    Create(String, oneshot::Sender<Result<bool, StoreError>>),
}

/// The clock of the host. Tests set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A door to the writer.
#[derive(Clone)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
    health: Arc<Mutex<Option<String>>>,
    shared: Arc<Shared>,
}

/// What the room and its doors share.
#[derive(Default)]
struct Shared {
    commands: AtomicU64,
    batches: AtomicU64,
    /// How long the log of each organization is, for whoever waits for more.
    lengths: Mutex<HashMap<String, watch::Sender<u64>>>,
}

impl Shared {
    fn grown(&self, slug: &str, length: u64) {
        let mut lengths = self.lengths.lock().unwrap_or_else(PoisonError::into_inner);
        let own = lengths.entry(slug.to_string()).or_insert_with(|| watch::channel(length).0);
        own.send_if_modified(|known| std::mem::replace(known, length) != length);
    }
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
        let mut kept = HashMap::new();
        for (id, slug) in store.orgs().await? {
            let loaded = store.load(id).await?;
            // A start that read much is the last that does.
            if loaded.org.seq >= store.kept_until(id).await? + EVERY {
                write_down(&store, &loaded);
            }
            kept.insert(id, loaded.org.seq);
            orgs.insert(id, loaded);
            slugs.insert(slug, id);
        }
        let (orders, waiting) = mpsc::channel(WAITING);
        let health = Arc::new(Mutex::new(None));
        let shared: Arc<Shared> = Arc::default();
        let handle = Handle::current();
        let room = Room {
            store,
            keys,
            clock,
            orgs,
            slugs,
            desk: Desk::default(),
            seen: HashMap::new(),
            health: Arc::clone(&health),
            shared: Arc::clone(&shared),
            kept,
        };
        let begun = std::thread::Builder::new().name("writer".to_string()).spawn(move || room.work(&handle, waiting));
        begun.map_err(|error| StoreError(error.to_string()))?;
        Ok(Writer { orders, health, shared })
    }

    /// What is wrong with the store, if something is.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many commands there were, and in how many transactions.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.shared.commands.load(Ordering::Relaxed), self.shared.batches.load(Ordering::Relaxed))
    }

    /// How long the log of an organization is, and each time it grows. What other hosts write is seen within a second.
    #[must_use]
    pub fn watch(&self, slug: &str) -> watch::Receiver<u64> {
        let mut lengths = self.shared.lengths.lock().unwrap_or_else(PoisonError::into_inner);
        lengths.entry(slug.to_string()).or_insert_with(|| watch::channel(0).0).subscribe()
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

    /// Looks at an organization.
    pub async fn look<T: Send + 'static>(
        &self,
        slug: &str,
        look: impl FnOnce(&Org, &Keys, Timestamp) -> T + Send + 'static,
    ) -> Result<T, Unseen> {
        let (out, value) = std::sync::mpsc::channel();
        let (reply, done) = oneshot::channel();
        let look: Look = Box::new(move |org, keys, now| {
            let _ = out.send(look(org, keys, now));
        });
        self.orders.send(Order::Look(slug.to_string(), look, reply)).await.map_err(|_| Unseen::Down)?;
        done.await.map_err(|_| Unseen::Down)??;
        value.recv().map_err(|_| Unseen::Down)
    }

    /// Makes an empty organization; false if the name is taken.
    pub async fn create(&self, slug: &str) -> Result<bool, StoreError> {
        let (reply, done) = oneshot::channel();
        let gone = || StoreError("the writer has stopped".to_string());
        self.orders.send(Order::Create(slug.to_string(), reply)).await.map_err(|_| gone())?;
        done.await.map_err(|_| gone())?
    }
}

struct Room {
    store: Store,
    keys: Keys,
    clock: Clock,
    orgs: BTreeMap<OrgId, Loaded>,
    slugs: HashMap<String, OrgId>,
    desk: Desk,
    seen: HashMap<SessionId, Timestamp>,
    health: Arc<Mutex<Option<String>>>,
    shared: Arc<Shared>,
    /// How far each organization was written down.
    kept: HashMap<OrgId, u64>,
}

/// Writes down how an organization stands, beside everything else: if that fails, the next start takes longer, and nothing else.
fn write_down(store: &Store, loaded: &Loaded) {
    let (store, loaded) = (store.clone(), loaded.clone());
    tokio::spawn(async move {
        let (id, seq) = (loaded.id, loaded.org.seq);
        let plain = tokio::task::spawn_blocking(move || written(loaded)).await;
        if let Ok(Ok(plain)) = plain {
            let _ = store.keep(id, seq, &plain).await;
        }
    });
}

/// Why a batch is given up.
enum Broken {
    /// The store does not work.
    Store(StoreError),
    /// A command broke off half-way.
    Half,
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Broken {
        Broken::Store(error)
    }
}

impl Room {
    fn work(mut self, handle: &Handle, mut waiting: mpsc::Receiver<Order>) {
        let mut orders = Vec::new();
        while waiting.blocking_recv_many(&mut orders, BATCH) > 0 {
            let mut jobs: BTreeMap<String, Vec<Job>> = BTreeMap::new();
            let mut looks: BTreeMap<String, Vec<Looking>> = BTreeMap::new();
            for order in orders.drain(..) {
                match order {
                    Order::Do(job) => jobs.entry(job.slug.clone()).or_default().push(job),
                    Order::Look(slug, look, reply) => looks.entry(slug).or_default().push((look, reply)),
                    Order::Create(slug, reply) => drop(reply.send(handle.block_on(self.create(&slug)))),
                }
            }
            for (slug, jobs) in jobs {
                handle.block_on(self.together(&slug, jobs));
            }
            for (slug, looks) in looks {
                handle.block_on(self.look(&slug, looks));
            }
        }
    }

    async fn create(&mut self, slug: &str) -> Result<bool, StoreError> {
        let now = (self.clock)();
        let id =
            OrgId(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), u128::from_be_bytes(fresh()?)));
        let made = self.store.create(id, slug).await?;
        if made {
            self.slugs.insert(slug.to_string(), id);
        }
        Ok(made)
    }

    /// The id of a name, which another host may have made just now.
    async fn id(&mut self, slug: &str) -> Result<Option<OrgId>, StoreError> {
        if !self.slugs.contains_key(slug) {
            self.slugs = self.store.orgs().await?.into_iter().map(|(id, slug)| (slug, id)).collect();
        }
        Ok(self.slugs.get(slug).copied())
    }

    /// An organization as it was last seen. It is taken out: whoever has it puts it back when all went well.
    async fn take(&mut self, id: OrgId) -> Result<Loaded, StoreError> {
        match self.orgs.remove(&id) {
            Some(loaded) => Ok(loaded),
            None => self.store.load(id).await,
        }
    }

    /// Shows an organization to everybody who waits to see it, as it is now.
    async fn look(&mut self, slug: &str, looks: Vec<Looking>) {
        let loaded = async {
            let Some(id) = self.id(slug).await? else { return Ok(None) };
            let mut loaded = self.take(id).await?;
            self.store.catch_up(&mut loaded).await?;
            Ok(Some(loaded))
        };
        let loaded: Result<Option<Loaded>, StoreError> = loaded.await;
        self.tell(loaded.as_ref().err());
        let now = (self.clock)();
        for (look, reply) in looks {
            let seen = match &loaded {
                Ok(Some(loaded)) => {
                    look(&loaded.org, &self.keys, now);
                    Ok(())
                }
                Ok(None) => Err(Unseen::NoOrg),
                Err(_) => Err(Unseen::Down),
            };
            let _ = reply.send(seen);
        }
        if let Ok(Some(loaded)) = loaded {
            self.shared.grown(slug, loaded.org.seq);
            self.orgs.insert(loaded.id, loaded);
        }
    }

    /// Commands for one organization, in one transaction: all that they made is on the disk before any is answered.
    async fn together(&mut self, slug: &str, jobs: Vec<Job>) {
        let id = match self.id(slug).await {
            Ok(Some(id)) => id,
            Ok(None) => return jobs.into_iter().for_each(|job| drop(job.reply.send(Outcome::NoOrg))),
            Err(error) => {
                self.tell(Some(&error));
                return jobs.into_iter().for_each(|job| drop(job.reply.send(Outcome::Down)));
            }
        };
        let (jobs, replies): (Vec<Asked>, Vec<_>) = jobs
            .into_iter()
            .map(|Job { caller, name, box_time, run, reply, .. }| (Asked { caller, name, box_time, run }, reply))
            .unzip();
        self.shared.commands.fetch_add(jobs.len() as u64, Ordering::Relaxed);
        self.shared.batches.fetch_add(1, Ordering::Relaxed);
        let done = self.batch(id, jobs).await;
        if let Some(loaded) = self.orgs.get(&id) {
            self.shared.grown(slug, loaded.org.seq);
            let kept = self.kept.entry(id).or_default();
            if loaded.org.seq >= *kept + EVERY {
                *kept = loaded.org.seq;
                write_down(&self.store, loaded);
            }
        }
        match &done {
            Ok(_) => self.tell(None),
            Err(Broken::Store(error)) => self.tell(Some(error)),
            Err(Broken::Half) => {
                eprintln!("keyward-host: a command of {slug} broke off half-way; the organization is read again")
            }
        }
        let mut outcomes = done.unwrap_or_default().into_iter();
        for reply in replies {
            let _ = reply.send(outcomes.next().unwrap_or(Outcome::Down));
        }
    }

    async fn batch(&mut self, id: OrgId, jobs: Vec<Asked>) -> Result<Vec<Outcome>, Broken> {
        let mut loaded = self.take(id).await?;
        let mut batch = self.store.begin(&mut loaded).await?;
        // Every command of a batch happens at the same moment: after it has the lock, so that time does not go back between hosts.
        let now = (self.clock)();
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            outcomes.push(self.outcome(&mut loaded, &mut batch, job, now).await?);
        }
        batch.commit(&mut loaded).await?;
        self.orgs.insert(id, loaded);
        Ok(outcomes)
    }

    async fn outcome(
        &mut self,
        loaded: &mut Loaded,
        batch: &mut Batch,
        job: Asked,
        now: Timestamp,
    ) -> Result<Outcome, Broken> {
        let Asked { caller, name, box_time, run } = job;
        let Some((actor, called)) = who(&loaded.org, &self.keys, &mut self.seen, &caller, now) else {
            return Ok(Outcome::SignedOut);
        };
        if let Some(name) = &name {
            match batch.answered(&called, &name.request).await? {
                Some(before) if before.hash != name.hash => return Ok(Outcome::Reused),
                Some(before) => return Ok(Outcome::Again(before.status, before.body)),
                None => {}
            }
        }
        let mut turn = Turn::new(&mut loaded.org, &mut self.desk, &self.keys.pepper, now, actor, fresh()?);
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
                    batch.write(&made, answered.as_ref(), now).await?;
                }
                Ok(Outcome::Done(status, body))
            }
            Ok(Err(fault)) if !unclean => Ok(Outcome::Fault(fault)),
            // Half of a command is none, and neither is what was made beside it.
            Ok(Err(_)) | Err(_) => Err(Broken::Half),
        }
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
