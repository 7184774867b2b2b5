//! Deciding. In: a policy and packed requests. Out: outcomes in words. One decider serves one thread; making one takes
//! some microseconds, deciding some tens of nanoseconds. Refuses to interpret what a status other than ok means.

use keyward_evaluator::layout::{
    BATCH_ROWS, BLANK, NO_LIMIT, NORMALLY, OUTCOME_WORDS, POSSIBLE_BLANK, POSSIBLE_WORDS, REQUEST_FLAGS, WHY_DECIDING,
    WHY_OVERRIDDEN,
};
use keyward_evaluator::{Status, Table};
use wasmtime::{Instance, Memory, Store, TypedFunc};

use crate::error::DecideError;
use crate::policy::{Policy, engine};
use crate::schema::{AnswerInfo, AnswerKind, RuleWords};

type Call = TypedFunc<(u32, u32, u32), u32>;

/// One running instance of a policy.
pub struct Decider {
    policy: Policy,
    store: Store<()>,
    memory: Memory,
    decide: Call,
    decide_table: Call,
    partial: Call,
    why: Call,
    batch: TypedFunc<(u32, u32, u32, u32), u32>,
    abi: TypedFunc<(), u32>,
    request_at: u32,
    outcome_at: u32,
    rows_at: u32,
    results_at: u32,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it came about; anything but ok comes with the `if unsure` record.
    pub status: Status,
    /// The answer words.
    pub words: Vec<u32>,
}

/// The value of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Blanked by its `only when`.
    Blank,
    /// A named value.
    Value(&'a str),
    /// Yes or no.
    YesNo(bool),
    /// The members of a set.
    Members(Vec<&'a str>),
    /// A duration.
    Minutes(u32),
    /// No rule limits the duration.
    NoLimit,
}

/// What one answer can still be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Possible<'a> {
    /// Any of these values.
    Values(Vec<Answer<'a>>),
    /// A set: members that may be in, members that may be out, whether it may be blank, whether it may be answered.
    Members {
        /// May be in.
        may: Vec<&'a str>,
        /// May be out.
        may_not: Vec<&'a str>,
        /// May be blank.
        blank: bool,
        /// May be answered.
        answered: bool,
    },
}

/// The part a rule played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Something it says is in the outcome.
    Deciding,
    /// It applied, and an exception took its place.
    Overridden,
    /// It applied, and something stricter or shorter won.
    Milder,
}

/// A rule that applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The part it played.
    pub part: Part,
    /// Its number; none for `normally`.
    pub rule: Option<u32>,
    /// Its words; none in a stripped module.
    pub words: Option<&'a RuleWords>,
}

fn engine_failed(error: wasmtime::Error) -> DecideError {
    DecideError::Engine(error.to_string())
}

impl Decider {
    /// Instantiates a policy.
    pub fn new(policy: &Policy) -> Result<Decider, DecideError> {
        let engine = engine().map_err(|error| DecideError::Engine(error.to_string()))?;
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &policy.inner.module, &[]).map_err(engine_failed)?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| DecideError::Engine("no memory".to_string()))?;
        let mut place = |name: &str| {
            let get = instance.get_typed_func::<(), u32>(&mut store, name)?;
            get.call(&mut store, ())
        };
        let request_at = place("kw_request").map_err(engine_failed)?;
        let outcome_at = place("kw_outcome").map_err(engine_failed)?;
        let rows_at = place("kw_rows").map_err(engine_failed)?;
        let results_at = place("kw_results").map_err(engine_failed)?;
        let mut call = |name: &str| instance.get_typed_func(&mut store, name).map_err(engine_failed);
        let (decide, decide_table) = (call("kw_decide")?, call("kw_decide_table")?);
        let (partial, why) = (call("kw_partial")?, call("kw_why")?);
        let batch = instance.get_typed_func(&mut store, "kw_batch").map_err(engine_failed)?;
        let abi = instance.get_typed_func(&mut store, "kw_abi").map_err(engine_failed)?;
        let policy = policy.clone();
        Ok(Decider {
            policy,
            store,
            memory,
            decide,
            decide_table,
            partial,
            why,
            batch,
            abi,
            request_at,
            outcome_at,
            rows_at,
            results_at,
        })
    }

    /// The policy it decides by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides a packed request.
    pub fn decide(&mut self, decision: u32, request: &[u8]) -> Result<Outcome, DecideError> {
        self.place(decision, request)?;
        self.decide_placed(decision)
    }

    /// Decides a packed request and writes the outcome, as far as there is room.
    pub fn decide_into(&mut self, decision: u32, request: &[u8], out: &mut [u8]) -> Result<Status, DecideError> {
        self.place(decision, request)?;
        let status = self.run(decision, Form::Fastest)?;
        let len = (OUTCOME_WORDS + 4 * self.words(decision)?).min(out.len());
        if let (Some(room), Some(answered)) = (out.get_mut(..len), self.answered().get(..len)) {
            room.copy_from_slice(answered);
        }
        Ok(status)
    }

    /// Decides a packed request by walking the table, also where there is a faster form.
    pub fn decide_table(&mut self, decision: u32, request: &[u8]) -> Result<Outcome, DecideError> {
        self.place(decision, request)?;
        self.run(decision, Form::Table)?;
        self.outcome(decision)
    }

    /// The bytes of the request in the module's own memory: write here, then [`Decider::decide_placed`]. What stands behind
    /// the first `short_len` bytes is not read while the flags are zero.
    pub fn placed(&mut self) -> &mut [u8] {
        let (at, len) = (self.request_at as usize, self.policy.inner.schema.request_len);
        self.memory.data_mut(&mut self.store).get_mut(at..at + len).unwrap_or_default()
    }

    /// Decides the request that stands in the module's memory.
    pub fn decide_placed(&mut self, decision: u32) -> Result<Outcome, DecideError> {
        self.run(decision, Form::Fastest)?;
        self.outcome(decision)
    }

    /// Only the status of the request that stands in the module's memory; the answer words are in [`Decider::answered`].
    pub fn status_placed(&mut self, decision: u32) -> Result<Status, DecideError> {
        self.run(decision, Form::Fastest)
    }

    /// As [`Decider::status_placed`], by walking the table.
    pub fn status_placed_table(&mut self, decision: u32) -> Result<Status, DecideError> {
        self.run(decision, Form::Table)
    }

    /// The bytes of the last outcome.
    #[must_use]
    pub fn answered(&self) -> &[u8] {
        self.memory.data(&self.store).get(self.outcome_at as usize..).unwrap_or_default()
    }

    /// Calls an export that does nothing: the floor under every measurement.
    pub fn nothing(&mut self) -> Result<u32, DecideError> {
        self.abi.call(&mut self.store, ()).map_err(engine_failed)
    }

    /// What each answer can still be when some inputs are unknown.
    pub fn partial(&mut self, decision: u32, request: &[u8]) -> Result<(Status, Vec<Possible<'_>>), DecideError> {
        self.place(decision, request)?;
        let (request_at, outcome_at) = (self.request_at, self.outcome_at);
        let status = self.partial.call(&mut self.store, (decision, request_at, outcome_at)).map_err(engine_failed)?;
        let bytes = self.memory.data(&self.store).get(outcome_at as usize..).unwrap_or_default();
        let table = Table::new(&self.policy.inner.table[..]);
        let found = table.decision(decision).ok_or(DecideError::NoDecision(decision))?;
        let info = &self.policy.inner.schema.decisions[decision as usize];
        let list = info.answers.iter().enumerate().map(|(number, answer)| {
            let word = |index: usize| read(bytes, OUTCOME_WORDS + 4 * (POSSIBLE_WORDS * number + index));
            let durations: Vec<u32> =
                (0..found.answer(number).count()).map(|it| found.answer(number).duration(it)).collect();
            possible(answer, &durations, word)
        });
        Ok((Status::from_code(status), list.collect()))
    }

    /// The rules that applied, most telling first; empty unless the status is ok, everything is known, and the module
    /// traces its rules.
    pub fn why(&mut self, decision: u32, request: &[u8]) -> Result<Vec<Reason<'_>>, DecideError> {
        self.place(decision, request)?;
        let (request_at, outcome_at) = (self.request_at, self.outcome_at);
        let count = self.why.call(&mut self.store, (decision, request_at, outcome_at)).map_err(engine_failed)?;
        let bytes = self.memory.data(&self.store).get(outcome_at as usize..).unwrap_or_default();
        let reasons = &self.policy.inner.reasons;
        let mut words: Vec<u32> = (0..count as usize).map(|place| read(bytes, 8 + 4 * place)).collect();
        // Deciding rules first, then overridden, then milder ones, each in source order.
        words.sort_unstable();
        let list = words.into_iter().map(|word| {
            let rule = (word & 0xFFFF != NORMALLY).then_some(word & 0xFFFF);
            let words = match rule {
                Some(rule) => reasons.rules.get(rule as usize),
                None => reasons.normally.get(decision as usize),
            };
            let part = match word >> 16 {
                WHY_DECIDING => Part::Deciding,
                WHY_OVERRIDDEN => Part::Overridden,
                _ => Part::Milder,
            };
            Reason { part, rule, words }
        });
        Ok(list.collect())
    }

    /// Decides many packed requests that stand one after the other.
    pub fn batch(&mut self, decision: u32, rows: &[u8]) -> Result<Vec<Outcome>, DecideError> {
        let mut outcomes = Vec::new();
        self.batch_into(decision, rows, &mut outcomes)?;
        Ok(outcomes.chunks_exact(self.outcome_len(decision)?).map(outcome_of).collect())
    }

    /// Decides many packed requests that stand one after the other, and appends the bytes of their outcomes, each of
    /// [`Decider::outcome_len`]. Rows have the whole length, also where they have no flags.
    pub fn batch_into(&mut self, decision: u32, rows: &[u8], outcomes: &mut Vec<u8>) -> Result<(), DecideError> {
        let len = self.policy.inner.schema.request_len;
        if len == 0 || !rows.len().is_multiple_of(len) {
            return Err(DecideError::Length(rows.len(), len));
        }
        outcomes.reserve(rows.len() / len * self.outcome_len(decision)?);
        // The straight-line form is so much quicker than the loop that calling it for each row is quicker than one call for all.
        if self.policy.has_code() {
            self.row_by_row(decision, rows, outcomes)
        } else {
            self.chunks(decision, rows, outcomes)
        }
    }

    /// Bytes of an outcome.
    pub fn outcome_len(&self, decision: u32) -> Result<usize, DecideError> {
        Ok(OUTCOME_WORDS + 4 * self.words(decision)?)
    }

    fn row_by_row(&mut self, decision: u32, rows: &[u8], outcomes: &mut Vec<u8>) -> Result<(), DecideError> {
        let (len, short) = (self.policy.inner.schema.request_len, self.policy.inner.schema.short_len);
        let outcome_len = self.outcome_len(decision)?;
        for row in rows.chunks_exact(len) {
            let plain = row.get(REQUEST_FLAGS..REQUEST_FLAGS + 4) == Some(&[0; 4]);
            let read = if plain { &row[..short] } else { row };
            if let Some(place) = self.placed().get_mut(..read.len()) {
                place.copy_from_slice(read);
            }
            self.run(decision, Form::Fastest)?;
            outcomes.extend_from_slice(self.answered().get(..outcome_len).unwrap_or_default());
        }
        Ok(())
    }

    /// 1,024 rows to a call.
    fn chunks(&mut self, decision: u32, rows: &[u8], outcomes: &mut Vec<u8>) -> Result<(), DecideError> {
        let len = self.policy.inner.schema.request_len;
        let outcome_len = self.outcome_len(decision)?;
        let (rows_at, results_at) = (self.rows_at, self.results_at);
        for chunk in rows.chunks(len * BATCH_ROWS as usize) {
            let memory = self.memory.data_mut(&mut self.store);
            let place = memory.get_mut(rows_at as usize..rows_at as usize + chunk.len());
            place.ok_or(DecideError::TooManyRows(chunk.len() / len))?.copy_from_slice(chunk);
            let count = (chunk.len() / len) as u32;
            let done =
                self.batch.call(&mut self.store, (decision, rows_at, count, results_at)).map_err(engine_failed)?;
            if done != count {
                return Err(DecideError::TooManyRows(count as usize));
            }
            let results = self.memory.data(&self.store).get(results_at as usize..).unwrap_or_default();
            outcomes.extend_from_slice(results.get(..count as usize * outcome_len).unwrap_or_default());
        }
        Ok(())
    }

    /// What an outcome says, answer by answer, by name.
    #[must_use]
    pub fn answers(&self, decision: u32, outcome: &Outcome) -> Vec<(&str, Answer<'_>)> {
        let Some(info) = self.policy.inner.schema.decisions.get(decision as usize) else { return Vec::new() };
        let word = |index: usize| outcome.words.get(index).copied().unwrap_or(0);
        info.answers
            .iter()
            .map(|answer| (answer.name.as_str(), value(answer, word(answer.word), word(answer.word + 1))))
            .collect()
    }

    fn words(&self, decision: u32) -> Result<usize, DecideError> {
        let found = Table::new(&self.policy.inner.table[..]).decision(decision);
        found.map(|decision| decision.words()).ok_or(DecideError::NoDecision(decision))
    }

    fn place(&mut self, decision: u32, request: &[u8]) -> Result<(), DecideError> {
        self.words(decision)?;
        let (short, full) = (self.policy.inner.schema.short_len, self.policy.inner.schema.request_len);
        let plain = request.get(REQUEST_FLAGS..REQUEST_FLAGS + 4) == Some(&[0; 4]);
        if request.len() != full && !(plain && request.len() == short) {
            return Err(DecideError::Length(request.len(), if plain { short } else { full }));
        }
        let read = if plain { &request[..short] } else { request };
        if let Some(place) = self.placed().get_mut(..read.len()) {
            place.copy_from_slice(read);
        }
        Ok(())
    }

    fn run(&mut self, decision: u32, form: Form) -> Result<Status, DecideError> {
        let call = match form {
            Form::Fastest => &self.decide,
            Form::Table => &self.decide_table,
        };
        let status = call.call(&mut self.store, (decision, self.request_at, self.outcome_at)).map_err(engine_failed)?;
        Ok(Status::from_code(status))
    }

    fn outcome(&self, decision: u32) -> Result<Outcome, DecideError> {
        let len = OUTCOME_WORDS + 4 * self.words(decision)?;
        Ok(outcome_of(self.answered().get(..len).unwrap_or_default()))
    }
}

/// Which form decides.
#[derive(Clone, Copy)]
enum Form {
    Fastest,
    Table,
}

fn outcome_of(bytes: &[u8]) -> Outcome {
    let words = (OUTCOME_WORDS..bytes.len()).step_by(4).map(|at| read(bytes, at)).collect();
    Outcome { status: Status::from_code(read(bytes, 0)), words }
}

fn read(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn value<'a>(answer: &'a AnswerInfo, word: u32, blank: u32) -> Answer<'a> {
    match &answer.kind {
        AnswerKind::SetOf(..) if answer.blankable && blank == BLANK => Answer::Blank,
        AnswerKind::SetOf(names, _) => Answer::Members(members(names, word)),
        _ if word == BLANK => Answer::Blank,
        AnswerKind::YesNo => Answer::YesNo(word != 0),
        AnswerKind::Shortest(_) if word == NO_LIMIT => Answer::NoLimit,
        AnswerKind::Shortest(_) => Answer::Minutes(word),
        AnswerKind::OneOf(names) | AnswerKind::Strictest(names) => {
            Answer::Value(names.get(word as usize).map_or("", String::as_str))
        }
    }
}

fn members(names: &[String], mask: u32) -> Vec<&str> {
    names.iter().enumerate().filter(|(member, _)| mask >> member & 1 != 0).map(|(_, name)| name.as_str()).collect()
}

fn possible<'a>(answer: &'a AnswerInfo, durations: &[u32], word: impl Fn(usize) -> u32) -> Possible<'a> {
    if let AnswerKind::SetOf(names, _) = &answer.kind {
        let (may, may_not, kind) = (members(names, word(0)), members(names, word(1)), word(2));
        return Possible::Members { may, may_not, blank: kind & 1 != 0 && answer.blankable, answered: kind & 2 != 0 };
    }
    let count = match &answer.kind {
        AnswerKind::OneOf(names) | AnswerKind::Strictest(names) => names.len(),
        AnswerKind::YesNo => 2,
        _ => durations.len(),
    };
    let bit = |index: u32| word((index >> 5) as usize) >> (index & 31) & 1 != 0;
    let raw = |index: usize| match answer.kind {
        AnswerKind::Shortest(_) => durations[index],
        _ => index as u32,
    };
    let mut values: Vec<Answer<'a>> =
        (0..count).filter(|&index| bit(index as u32)).map(|index| value(answer, raw(index), 0)).collect();
    if bit(POSSIBLE_BLANK) && answer.blankable {
        values.push(Answer::Blank);
    }
    Possible::Values(values)
}
