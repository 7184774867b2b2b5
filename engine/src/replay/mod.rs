//! Past decisions decided again by another version.
//!
//! In: the lines of a decision log, the older version that wrote it and a newer one. Out: how many decisions would turn out
//! otherwise, which answers, by which rules; which changed situations have occurred. Refuses to repeat who asked: it counts.

pub mod line;

use std::collections::BTreeMap;

use keyward_evaluator::layout::{BLANK, MAX_WORDS, NO_LIMIT, NORMALLY, OUTCOME_WORDS, REQUEST_FLAGS, WHY_DECIDING};
use keyward_evaluator::{Scratch, Status, Table, decide, why};

use crate::diagram::Ref;
use crate::model::{Model, Pair};
use crate::schema::{AnswerKind, InputId, Label, Schema, Value};
use crate::space::slots::Slots;
use crate::space::{civil, classes, packed};
use crate::value::Request;
use line::{Line, Mistake, Row, Seal};

/// One version: its model, and the table and schema hash of its module.
pub struct Side<'a> {
    /// The model.
    pub model: &'a Model,
    /// The table.
    pub table: &'a [u8],
    /// What its requests carry.
    pub schema_hash: u32,
    /// What decides: the table itself, or an engine that runs its module.
    pub decides: Box<dyn Decides + 'a>,
}

/// Whatever decides packed requests of one version.
pub trait Decides {
    /// Decides; writes the answer words behind the first four bytes of `out`. Nothing if it failed.
    fn decide(&mut self, decision: u32, request: &[u8], out: &mut [u8]) -> Option<Status>;
}

impl<F: FnMut(u32, &[u8], &mut [u8]) -> Option<Status>> Decides for F {
    fn decide(&mut self, decision: u32, request: &[u8], out: &mut [u8]) -> Option<Status> {
        self(decision, request, out)
    }
}

/// The table, walked as it is.
pub struct Walk<'a> {
    table: &'a [u8],
    scratch: Box<Scratch>,
}

impl<'a> Walk<'a> {
    /// Walks a table that was checked.
    #[must_use]
    pub fn new(table: &'a [u8]) -> Walk<'a> {
        Walk { table, scratch: Box::new(Scratch::new()) }
    }
}

impl Decides for Walk<'_> {
    fn decide(&mut self, decision: u32, request: &[u8], out: &mut [u8]) -> Option<Status> {
        Some(decide(&Table::new(self.table), decision, request, out, &mut *self.scratch))
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// How many decisions the log holds.
    pub rows: u64,
    /// When the first was made; empty if there is none.
    pub first: String,
    /// When the last was made.
    pub last: String,
    /// Decisions that the older version makes otherwise than the log says, and the line of the first.
    pub not_by_old: Option<(u64, u64)>,
    /// Decisions whose request the newer version cannot take: an input is missing, a value is gone.
    pub not_askable: u64,
    /// Decisions that turn out otherwise.
    pub changed: u64,
    /// By answer (`pickup.factor`), from and to: how many.
    pub answers: BTreeMap<(String, String, String), u64>,
    /// By status before and after, where it is another one: how many.
    pub statuses: BTreeMap<(&'static str, &'static str), u64>,
    /// By rule that decided a changed decision, before and after: how many.
    pub rules: (BTreeMap<String, u64>, BTreeMap<String, u64>),
    /// By region of the comparison, in its order: how many changed decisions lie in it.
    pub regions: Vec<u64>,
}

/// The most bytes of an outcome.
const OUTCOME: usize = OUTCOME_WORDS + 4 * MAX_WORDS;

/// A status, answer words, and the request that was asked.
type Again = (Status, Vec<u8>, Vec<u8>);

/// Decides the rows of a log again, line by line.
pub struct Replay<'a> {
    old: Side<'a>,
    new: Side<'a>,
    pair: &'a Pair,
    regions: Vec<Ref>,
    slots: (Slots, Slots),
    same_schema: bool,
    scratch: Box<Scratch>,
    line: u64,
    seal: Option<Seal>,
    found: Replayed,
    request: Vec<u8>,
    outcome: Vec<u8>,
    /// By decision of the older version: its number in the newer one.
    decisions: Vec<Option<u32>>,
}

impl<'a> Replay<'a> {
    /// Starts; `regions` are diagrams of the pair's forest.
    #[must_use]
    pub fn new(old: Side<'a>, new: Side<'a>, pair: &'a Pair, regions: Vec<Ref>) -> Replay<'a> {
        let place = |name: &str| new.model.schema.decisions.iter().position(|decision| decision.name == name);
        let decisions = old.model.schema.decisions.iter().map(|decision| place(&decision.name).map(|at| at as u32));
        Replay {
            decisions: decisions.collect(),
            slots: (Slots::of_model(old.model), Slots::of_model(new.model)),
            same_schema: old.schema_hash == new.schema_hash,
            scratch: Box::new(Scratch::new()),
            line: 0,
            seal: None,
            found: Replayed { regions: vec![0; regions.len()], ..Replayed::default() },
            request: Vec::new(),
            outcome: Vec::new(),
            old,
            new,
            pair,
            regions,
        }
    }

    /// How many decisions were read.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.found.rows
    }

    /// Takes the next line, without its line break; `whole` says that it had one.
    pub fn feed(&mut self, bytes: &[u8], whole: bool) -> Result<(), Mistake> {
        self.line += 1;
        let read = line::read(self.line, bytes, self.seal.as_ref());
        // The last line of a log that was cut off.
        let (line, seal) = match read {
            Err(Mistake::Malformed(..)) if !whole => return Err(Mistake::Truncated(self.line)),
            Err(Mistake::Malformed(1, _)) => return Err(Mistake::NoHead),
            read => read?,
        };
        self.seal = Some(seal);
        match line {
            Line::Head(head) => {
                let identity = &self.old.model.identity;
                if head.policy != identity.name {
                    return Err(Mistake::OtherPolicy(self.line, head.policy.to_string(), identity.name.clone()));
                }
                let own = format!("{:08x}", self.old.schema_hash);
                if head.schema != own {
                    return Err(Mistake::OtherSchema(self.line, head.schema.to_string(), own));
                }
                Ok(())
            }
            Line::Row(row) => self.row(&row),
        }
    }

    /// What was found; an error if there was nothing to read.
    pub fn finish(self) -> Result<Replayed, Mistake> {
        if self.line == 0 { Err(Mistake::Empty) } else { Ok(self.found) }
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), Mistake> {
        let number = self.line;
        let unreadable = |why: &str| Mistake::Request(number, why.to_string());
        let (mut request, mut logged) = (std::mem::take(&mut self.request), std::mem::take(&mut self.outcome));
        if !line::unhex(row.request, &mut request) || !line::unhex(row.outcome, &mut logged) {
            return Err(unreadable("its request or outcome is not hexadecimal"));
        }
        let table = Table::new(self.old.table);
        let Some(decision) = table.decision(row.decision) else {
            return Err(unreadable("the older version has no such decision"));
        };
        if logged.len() != 4 * decision.words() || row.status > 4 {
            return Err(unreadable("its outcome is not one of this decision"));
        }
        let flags = request.get(REQUEST_FLAGS..REQUEST_FLAGS + 4).is_some_and(|flags| flags != [0; 4]);
        if request.len() != if flags { self.slots.0.len } else { self.slots.0.short } {
            return Err(unreadable("its request has not the length that requests of the older version have"));
        }
        self.found.rows += 1;
        if self.found.rows == 1 {
            row.at.clone_into(&mut self.found.first);
        }
        self.found.last.clear();
        self.found.last.push_str(row.at);
        let mut out = [0u8; OUTCOME];
        let status = self.old.decides.decide(row.decision, &request, &mut out);
        let status = status.ok_or_else(|| unreadable("the older version could not be asked"))?;
        if status.code() != row.status || out[OUTCOME_WORDS..OUTCOME_WORDS + logged.len()] != logged[..] {
            let first = self.found.not_by_old.get_or_insert((0, number));
            first.0 += 1;
        }
        let again = self.again(row.decision, &request)?;
        match again {
            None => self.found.not_askable += 1,
            Some((status, words, ref asked)) => {
                let same = self.same_schema && status.code() == row.status && words == logged;
                if !same {
                    self.compare(row, &request, &logged, (status, &words, asked));
                }
            }
        }
        (self.request, self.outcome) = (request, logged);
        Ok(())
    }

    /// What the newer version says, and the request as it takes it; nothing if it cannot be asked.
    fn again(&mut self, decision: u32, request: &[u8]) -> Result<Option<Again>, Mistake> {
        let Some(Some(number)) = self.decisions.get(decision as usize).copied() else { return Ok(None) };
        let table = Table::new(self.new.table);
        let Some(found) = table.decision(number) else { return Ok(None) };
        let asked = if self.same_schema {
            request.to_vec()
        } else {
            let old = self.unpacked(request)?;
            let Some(new) = carried(&old, &self.old.model.schema, &self.new.model.schema) else { return Ok(None) };
            packed::pack(self.new.model, &self.slots.1, self.new.schema_hash, &new)
        };
        let mut out = [0u8; OUTCOME];
        let failed = || Mistake::Request(self.line, "the newer version could not be asked".to_string());
        let status = self.new.decides.decide(number, &asked, &mut out).ok_or_else(failed)?;
        Ok(Some((status, out[OUTCOME_WORDS..OUTCOME_WORDS + 4 * found.words()].to_vec(), asked)))
    }

    fn unpacked(&self, request: &[u8]) -> Result<Request, Mistake> {
        packed::unpack(self.old.model, &self.slots.0, self.old.schema_hash, request)
            .map_err(|why| Mistake::Request(self.line, why.to_string()))
    }

    /// Notes how a decision turns out otherwise, if it does.
    fn compare(
        &mut self,
        row: &Row<'_>,
        request: &[u8],
        logged: &[u8],
        (status, words, asked): (Status, &[u8], &[u8]),
    ) {
        let number = row.decision as usize;
        let Some(Some(new_number)) = self.decisions.get(number).copied() else { return };
        let before = answers(&self.old.model.schema, number, logged);
        let after = answers(&self.new.model.schema, new_number as usize, words);
        let mut changed = false;
        for (name, from) in &before {
            let Some((_, to)) = after.iter().find(|(other, _)| other == name) else { continue };
            if from != to {
                *self.found.answers.entry((name.clone(), from.clone(), to.clone())).or_default() += 1;
                changed = true;
            }
        }
        let was = Status::from_code(row.status);
        if was != status {
            *self.found.statuses.entry((was.word(), status.word())).or_default() += 1;
            changed = true;
        }
        if !changed {
            return;
        }
        self.found.changed += 1;
        for (side, decision, request, newer) in
            [(&self.old, row.decision, request, false), (&self.new, new_number, asked, true)]
        {
            let names = if newer { &mut self.found.rules.1 } else { &mut self.found.rules.0 };
            let mut out = [0u8; 16 * 1024];
            let count = why(&Table::new(side.table), decision, request, &mut out[..], &mut self.scratch);
            for place in 0..count as usize {
                let at = 8 + 4 * place;
                let word = u32::from_le_bytes([out[at], out[at + 1], out[at + 2], out[at + 3]]);
                if word >> 16 != WHY_DECIDING {
                    continue;
                }
                let name = match word & 0xFFFF {
                    NORMALLY => "normally",
                    rule => side.model.rules.get(rule as usize).map_or("", |rule| rule.words.name.as_str()),
                };
                *names.entry(name.to_string()).or_default() += 1;
            }
        }
        if let Some(place) = self.region(request) {
            self.found.regions[place] += 1;
        }
    }

    /// The region of the comparison that a request lies in.
    fn region(&self, request: &[u8]) -> Option<usize> {
        let old = self.unpacked(request).ok()?;
        let both = carried_into(&old, &self.old.model.schema, self.pair)?;
        let point = classes::of_request(&self.pair.model, &both).ok()?;
        let class = |coordinate: u16| point.get(usize::from(coordinate)).copied().flatten().unwrap_or(0);
        self.regions.iter().position(|&region| self.pair.model.forest.value(region, class) == crate::model::YES)
    }
}

/// The request of another version: inputs by name, values by name, new settings at their defaults; nothing if it lacks an
/// input or a value.
fn carried(request: &Request, from: &Schema, to: &Schema) -> Option<Request> {
    let mut values = Vec::with_capacity(to.inputs.len());
    for input in &to.inputs {
        let place = from.inputs.iter().position(|other| other.name == input.name);
        values.push(match place {
            None => Some(input.default.clone()?),
            Some(place) => match request.get(place) {
                None => None,
                Some(value) => Some(in_words(value, from.inputs[place].ty.labels(), input.ty.labels())?),
            },
        });
    }
    Some(Request { values })
}

/// The request over the inputs of both versions; those of the newer one alone are at their defaults, or unknown.
fn carried_into(request: &Request, from: &Schema, pair: &Pair) -> Option<Request> {
    let mut values: Vec<Option<Value>> = Vec::new();
    for (input, (old, _)) in pair.model.schema.inputs.iter().zip(&pair.inputs) {
        let own: Option<InputId> = *old;
        values.push(match own.and_then(|own| Some((own, request.get(own)?))) {
            Some((own, value)) => Some(in_words(value, from.inputs.get(own)?.ty.labels(), input.ty.labels())?),
            None => input.default.clone(),
        });
    }
    Some(Request { values })
}

/// A value with the numbers of another list of the same names.
fn in_words(value: &Value, from: &[Label], to: &[Label]) -> Option<Value> {
    let place = |at: usize| to.iter().position(|label| from.get(at).is_some_and(|own| own.name == label.name));
    Some(match value {
        Value::Choice(choice) => Value::Choice(place(usize::from(*choice))? as u8),
        Value::Set(mask) => {
            let mut members = 0;
            for member in (0..from.len()).filter(|member| mask >> member & 1 == 1) {
                members |= 1 << place(member)?;
            }
            Value::Set(members)
        }
        other => other.clone(),
    })
}

/// Answer words as people read them: name and value, a set member by member.
fn answers(schema: &Schema, decision: usize, words: &[u8]) -> Vec<(String, String)> {
    let Some(declared) = schema.decisions.get(decision) else { return Vec::new() };
    let word = |at: usize| {
        let bytes = words.get(4 * at..4 * at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    };
    let mut found = Vec::new();
    let mut at = 0;
    for answer in &declared.answers {
        let name = format!("{}.{}", declared.name, answer.name);
        match &answer.kind {
            AnswerKind::SetOf(members) => {
                for (member, label) in members.iter().enumerate() {
                    let value = match (word(at + 1), word(at) >> member & 1) {
                        (BLANK, _) => "blank",
                        (_, 1) => "in",
                        _ => "not in",
                    };
                    found.push((format!("{name}, {}", label.name), value.to_string()));
                }
                at += 1;
            }
            kind => found.push((
                name,
                match (kind, word(at)) {
                    (_, BLANK) => "blank".to_string(),
                    (AnswerKind::Shortest(_), NO_LIMIT) => "no limit".to_string(),
                    (AnswerKind::Shortest(_), minutes) => civil::duration_text(minutes),
                    (kind, value) => {
                        kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone())
                    }
                },
            )),
        }
        at += 1;
    }
    found
}
