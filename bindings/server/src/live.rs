//! The policies a server obeys, and their successors. In: bundles, keys, the time. Out: for each thread a decider of the newest
//! policies. A new bundle takes over between two decisions; one that is refused changes nothing. Refuses to obey anything of a
//! bundle unless all of it is in order.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use keyward_bundle::{BundleError, Current, Trust, verify};

use crate::decider::Decider;
use crate::error::{DecideError, LoadError};
use crate::policy::Policy;

/// Why a bundle was not activated. What was obeyed before is obeyed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActivateError {
    /// The bundle itself.
    Bundle(BundleError),
    /// A module in it: its path, and why.
    Module(String, LoadError),
    /// Two modules in it hold the policy of this name.
    Twice(String),
    /// It holds no policy.
    Empty,
}

impl fmt::Display for ActivateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActivateError::Bundle(error) => error.fmt(out),
            ActivateError::Module(path, error) => write!(out, "{path}: {error}"),
            ActivateError::Twice(name) => write!(out, "the bundle holds {name} twice"),
            ActivateError::Empty => write!(out, "the bundle holds no policy"),
        }
    }
}

impl std::error::Error for ActivateError {}

/// Policies by name, with the bundle they came from.
#[derive(Clone, Debug, Default)]
struct Set {
    policies: BTreeMap<String, Policy>,
    current: Option<Current>,
}

/// The policies that are obeyed. Shared by all threads; each has a [`Worker`] of its own.
#[derive(Debug, Default)]
pub struct Live {
    set: RwLock<Arc<Set>>,
    generation: AtomicU64,
}

impl Live {
    /// Nothing is obeyed yet: every decision is an error.
    #[must_use]
    pub fn new() -> Arc<Live> {
        Arc::new(Live::default())
    }

    /// Policies that did not come in a bundle: while developing, or where the host guards its files otherwise.
    #[must_use]
    pub fn of(policies: impl IntoIterator<Item = Policy>) -> Arc<Live> {
        let live = Live::default();
        let named = policies.into_iter().map(|policy| (policy.identity().name.clone(), policy));
        live.put(Set { policies: named.collect(), current: None });
        Arc::new(live)
    }

    /// Verifies a bundle and obeys it from now on.
    pub fn activate(&self, bundle: &[u8], trust: &Trust, now: SystemTime) -> Result<Current, ActivateError> {
        let _span = tracing::info_span!("keyward.activate", bytes = bundle.len()).entered();
        let activated = self.take_over(bundle, trust, now);
        match &activated {
            Ok(current) => tracing::info!(version = current.version, "obeyed from now on"),
            Err(error) => tracing::warn!(%error, "refused; what was obeyed is obeyed on"),
        }
        activated
    }

    fn take_over(&self, bundle: &[u8], trust: &Trust, now: SystemTime) -> Result<Current, ActivateError> {
        let now =
            now.duration_since(UNIX_EPOCH).map_or(i64::MIN, |since| since.as_secs().try_into().unwrap_or(i64::MAX));
        let before = self.set();
        let verified = verify(bundle, trust, now, before.current.as_ref()).map_err(ActivateError::Bundle)?;
        let mut policies = BTreeMap::new();
        for (path, bytes) in verified.files().filter(|(path, _)| path.ends_with(".wasm")) {
            let policy = Policy::load(bytes).map_err(|error| ActivateError::Module(path.to_string(), error))?;
            let name = policy.identity().name.clone();
            if policies.insert(name.clone(), policy).is_some() {
                return Err(ActivateError::Twice(name));
            }
        }
        if policies.is_empty() {
            return Err(ActivateError::Empty);
        }
        let current = verified.current();
        let mut set = self.set.write().unwrap_or_else(PoisonError::into_inner);
        // Another bundle may have been faster: then this one no longer follows.
        if set.current != before.current {
            return Err(ActivateError::Bundle(BundleError::Previous));
        }
        *set = Arc::new(Set { policies, current: Some(current) });
        self.generation.fetch_add(1, Ordering::Release);
        Ok(current)
    }

    /// The bundle that is obeyed.
    #[must_use]
    pub fn current(&self) -> Option<Current> {
        self.set().current
    }

    /// The names of the policies that are obeyed.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.set().policies.keys().cloned().collect()
    }

    /// A policy that is obeyed.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<Policy> {
        self.set().policies.get(name).cloned()
    }

    fn set(&self) -> Arc<Set> {
        Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, set: Set) {
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        self.generation.fetch_add(1, Ordering::Release);
    }
}

/// The deciders of one thread. Between two changes of policy it takes no lock.
pub struct Worker {
    live: Arc<Live>,
    generation: u64,
    set: Arc<Set>,
    deciders: BTreeMap<String, Decider>,
}

impl Worker {
    /// For one thread.
    #[must_use]
    pub fn new(live: &Arc<Live>) -> Worker {
        let generation = live.generation.load(Ordering::Acquire);
        Worker { live: Arc::clone(live), generation, set: live.set(), deciders: BTreeMap::new() }
    }

    /// The decider of a policy, of the newest version.
    pub fn decider(&mut self, name: &str) -> Result<&mut Decider, DecideError> {
        let generation = self.live.generation.load(Ordering::Acquire);
        if generation != self.generation {
            (self.generation, self.set) = (generation, self.live.set());
            self.deciders.clear();
        }
        if !self.deciders.contains_key(name) {
            let policy = self.set.policies.get(name).ok_or_else(|| DecideError::NoPolicy(name.to_string()))?;
            self.deciders.insert(name.to_string(), Decider::new(policy)?);
        }
        self.deciders.get_mut(name).ok_or_else(|| DecideError::NoPolicy(name.to_string()))
    }
}
