//! A loaded policy. In: the bytes of a module. Out: a checked module, ready to be instantiated, and its vocabulary.
//! Refuses anything the gate or the table checker refuses, before an engine sees it.

use std::sync::{Arc, OnceLock};

use keyward_evaluator::layout::REQUEST_SLOTS;
use keyward_evaluator::{Marks, Table, check};
use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Module, OptLevel};

use crate::error::LoadError;
use crate::gate;
use crate::request::RequestBuilder;
use crate::schema::{Identity, Reasons, Schema};
use crate::sections;

/// A policy module that passed every check.
#[derive(Clone)]
pub struct Policy {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) module: Module,
    pub(crate) table: Vec<u8>,
    pub(crate) schema: Schema,
    pub(crate) identity: Identity,
    pub(crate) reasons: Reasons,
    has_code: bool,
    digest: String,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let identity = self.identity();
        write!(out, "Policy({} version {})", identity.name, identity.version)
    }
}

impl Policy {
    /// Checks and compiles a module. Says so to whoever listens with `tracing`; no request is ever told.
    pub fn load(bytes: &[u8]) -> Result<Policy, LoadError> {
        let _span = tracing::debug_span!("keyward.load", bytes = bytes.len()).entered();
        let loaded = Policy::checked(bytes);
        match &loaded {
            Ok(policy) => {
                let identity = policy.identity();
                tracing::info!(policy = %identity.name, version = identity.version, digest = policy.digest(), "loaded");
            }
            Err(error) => tracing::warn!(%error, "refused"),
        }
        loaded
    }

    fn checked(bytes: &[u8]) -> Result<Policy, LoadError> {
        let passed = gate::check(bytes)?;
        let mut marks: Box<Marks> = Box::new(Marks::new());
        let table = check(passed.table, &mut marks).map_err(LoadError::Table)?;
        let section = |name| passed.sections.iter().find(|(other, _)| *other == name).map(|(_, data)| *data);
        let required = |name| section(name).ok_or(LoadError::Section(name));
        let id = required("keyward.id")?;
        let (mut identity, hash) = sections::identity(id).ok_or(LoadError::Section("keyward.id"))?;
        if hash != table.schema_hash() {
            return Err(LoadError::Section("keyward.id"));
        }
        let (inputs, outcomes) = (required("keyward.schema")?, required("keyward.outcomes")?);
        let schema = sections::schema(inputs, outcomes, hash).ok_or(LoadError::Section("keyward.schema"))?;
        fits(&schema, &table).ok_or(LoadError::Section("keyward.schema"))?;
        let reasons = match section("keyward.reasons") {
            Some(bytes) => {
                sections::reasons(bytes, schema.decisions.len()).ok_or(LoadError::Section("keyward.reasons"))?
            }
            None => Reasons::default(),
        };
        if let Some(bytes) = section("keyward.proof") {
            let promises = sections::promises(bytes, identity.asserts);
            identity.promises = promises.ok_or(LoadError::Section("keyward.proof"))?;
        }
        let module = Module::new(engine()?, bytes).map_err(|error| LoadError::Engine(error.to_string()))?;
        let (table, has_code) = (passed.table.to_vec(), passed.has_code);
        let digest = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Policy { inner: Arc::new(Inner { module, table, schema, identity, reasons, has_code, digest }) })
    }

    /// What it asks and answers.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// Which policy it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    /// The words of its rules; empty if they were stripped.
    #[must_use]
    pub fn reasons(&self) -> &Reasons {
        &self.inner.reasons
    }

    /// The table, for evaluators that walk it themselves.
    #[must_use]
    pub fn table(&self) -> &[u8] {
        &self.inner.table
    }

    /// SHA-256 of the module in hexadecimal: the same bytes have the same in every host.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// Whether it decides with straight-line code rather than by walking the table.
    #[must_use]
    pub fn has_code(&self) -> bool {
        self.inner.has_code
    }

    /// An empty request: settings have their defaults, everything else is unknown.
    #[must_use]
    pub fn request(&self) -> RequestBuilder<'_> {
        RequestBuilder::new(&self.inner.schema)
    }
}

/// The one engine of the process.
pub(crate) fn engine() -> Result<&'static Engine, LoadError> {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    let made = ENGINE.get_or_init(|| {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::Speed);
        Engine::new(&config).map_err(|error| error.to_string())
    });
    made.as_ref().map_err(|error| LoadError::Engine(error.clone()))
}

/// Whether the vocabulary describes this table: every place it names exists.
fn fits(schema: &Schema, table: &Table<&[u8]>) -> Option<()> {
    let lengths = schema.request_len == table.request_len() && schema.short_len == table.short_len();
    let known: usize = schema.inputs.iter().map(|input| input.known_count).sum();
    let same = lengths && known == table.levels() && schema.decisions.len() == table.decisions() as usize;
    let inside = |at: usize, width: usize| {
        at >= REQUEST_SLOTS && at.checked_add(width).is_some_and(|end| end <= schema.short_len)
    };
    let inputs = schema.inputs.iter().all(|input| {
        let known = input.known.checked_add(input.known_count).is_some_and(|end| end <= table.levels());
        known
            && inside(input.slot, crate::request::width(&input.ty))
            && crate::request::minute_at(&input.ty).is_none_or(|at| inside(at, 2))
    });
    for (number, info) in schema.decisions.iter().enumerate() {
        let decision = table.decision(number as u32)?;
        let masked = |at: usize| at >= schema.short_len && at.saturating_add(4) <= table.known_at();
        let words = info.answers.iter().all(|answer| {
            let (words, masked) = match answer.kind {
                crate::AnswerKind::SetOf(_, at) => (2, masked(at)),
                _ => (1, true),
            };
            masked && answer.word.checked_add(words).is_some_and(|end| end <= decision.words())
        });
        (words && info.answers.len() == decision.answers()).then_some(())?;
    }
    (same && inputs).then_some(())
}
