//! What a policy would have decided (F05, F22). In: the log of an organization from its first entry, entry by entry; the modules that
//! decided. Out: the decisions that would have turned out otherwise with another policy, with who and when, and how many of each.
//! Hours of places are those of the time. Refuses to guess: a question that cannot be asked again is counted as such.

use crate::event::{Actor, Asked, Entry};
use crate::org::Org;
use crate::shelf::{Kind, Which, compiled};
use jiff::Timestamp;
use keyward_server::json::{Decided, Said, Terms, read_request};
use keyward_server::{Decider, Given, Part, Policy, Schema, Status};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Decisions that are told one by one at most.
const TOLD: usize = 200;

/// What the inputs of a past decision were, by name, as a request is written.
#[must_use]
pub fn facts(schema: &Schema, asked: &Asked) -> Option<serde_json::Map<String, Value>> {
    let bytes: Option<Vec<u8>> = (0..asked.facts.len() / 2)
        .map(|at| u8::from_str_radix(asked.facts.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    let mut facts = serde_json::Map::new();
    for (name, given) in schema.given(&bytes?)? {
        let value = match given {
            Given::Json(text) => serde_json::from_str(&text).ok()?,
            Given::Somebody => Value::String(asked.ids.get(name)?.clone()),
        };
        facts.insert(name.to_string(), value);
    }
    Some(facts)
}

/// An answer, told the way the log tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// How it came about.
    pub status: String,
    /// What it said, blank answers left out.
    pub answers: BTreeMap<String, Value>,
    /// The rules that decided.
    pub rules: Vec<String>,
}

/// Why, in the words of the rules that decided: rule, words, where it is written down.
pub type Reasons = Vec<(String, String, String)>;

/// A question asked again of the module that decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Again {
    /// What the inputs were.
    pub facts: serde_json::Map<String, Value>,
    /// What it says now.
    pub told: Told,
    /// Whether that is what the log says.
    pub same: bool,
    /// Why, in the words of the rules that decided: rule, words, where it is written down.
    pub because: Reasons,
}

fn decide(decider: &mut Decider, decision: &str, request: &[u8]) -> Option<(Told, Reasons)> {
    let number = decider.policy().schema().decision(decision)?;
    let decided = Decided::new(decider, number, request).ok()?;
    let said = decided.answers.iter().filter(|(_, said)| *said != Said::Blank);
    let answers = said.filter_map(|(name, said)| Some((name.clone(), serde_json::from_str(&said.json()).ok()?)));
    let deciding = decided.because.iter().filter(|because| because.part == Part::Deciding);
    let because: Vec<_> = deciding.map(|one| (one.rule.clone(), one.text.clone(), one.cite.clone())).collect();
    let rules = because.iter().map(|(rule, ..)| rule.clone()).collect();
    Some((Told { status: decided.status.word().to_string(), answers: answers.collect(), rules }, because))
}

fn told(asked: &Asked) -> Told {
    Told { status: asked.status.clone(), answers: asked.answers.clone(), rules: asked.rules.clone() }
}

/// Asks a past question again, of the module that decided it. Nothing if the bytes are another one's.
#[must_use]
pub fn again(module: &[u8], asked: &Asked) -> Option<Again> {
    let policy = Policy::load(module).ok().filter(|policy| policy.digest() == asked.digest)?;
    let facts = facts(policy.schema(), asked)?;
    let mut decider = Decider::new(&policy).ok()?;
    let request = packed(&policy, &facts)?;
    let (now, because) = decide(&mut decider, &asked.decision, &request)?;
    Some(Again { facts, same: now == told(asked), told: now, because })
}

fn packed(policy: &Policy, facts: &serde_json::Map<String, Value>) -> Option<Vec<u8>> {
    let text = Value::Object(facts.clone()).to_string();
    Some(read_request(policy.schema(), text.as_bytes(), &Terms::default()).ok()?.pack())
}

/// One decision that would have turned out otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// The entry it stands in.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub actor: Actor,
    /// What it was.
    pub before: Told,
    /// What it would have been.
    pub after: Told,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Replayed {
    /// Decisions that were asked again.
    pub asked: u64,
    /// Those that would have turned out otherwise.
    pub changed: u64,
    /// Those that cannot be asked again: the module is gone, or the newer policy cannot take the question.
    pub not_askable: u64,
    /// By answer, before and after: how many.
    pub answers: Vec<Shift>,
    /// The first that would have turned out otherwise, at most 200.
    pub examples: Vec<Changed>,
}

/// How often an answer would have become another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shift {
    /// The answer.
    pub answer: String,
    /// What it was, in JSON.
    pub from: String,
    /// What it would have been.
    pub to: String,
    /// How many.
    pub count: u64,
}

/// A replay under way.
pub struct Replay {
    kind: Kind,
    after: Which,
    window: (Timestamp, Timestamp),
    org: Org,
    deciders: BTreeMap<Which, Option<Decider>>,
    modules: BTreeMap<String, Option<Policy>>,
    shifts: BTreeMap<(String, String, String), u64>,
    found: Replayed,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Replay({} decisions)", self.found.asked)
    }
}

impl Replay {
    /// Begins; `after` is the policy without the hours of a place.
    #[must_use]
    pub fn new(kind: Kind, after: Which, from: Timestamp, until: Timestamp) -> Replay {
        Replay {
            kind,
            after,
            window: (from, until),
            org: Org::default(),
            deciders: BTreeMap::new(),
            modules: BTreeMap::new(),
            shifts: BTreeMap::new(),
            found: Replayed::default(),
        }
    }

    /// The digests of modules that an entry needs and that were not given yet.
    #[must_use]
    pub fn wants(&self, entry: &Entry) -> Vec<String> {
        let ours = entry.decisions.iter().filter(|asked| self.concerns(entry, asked));
        let new = ours.filter(|asked| !self.modules.contains_key(&asked.digest));
        new.map(|asked| asked.digest.clone()).collect()
    }

    /// Gives a module, or that there is none.
    pub fn give(&mut self, digest: &str, bytes: Option<&[u8]>) {
        let policy = bytes.and_then(|bytes| Policy::load(bytes).ok()).filter(|policy| policy.digest() == digest);
        self.modules.insert(digest.to_string(), policy);
    }

    fn concerns(&self, entry: &Entry, asked: &Asked) -> bool {
        let (from, until) = self.window;
        Kind::deciding(&asked.decision) == Some(self.kind)
            && (from..until).contains(&entry.at)
            && !asked.digest.is_empty()
    }

    /// Takes the next entry of the log.
    pub fn feed(&mut self, entry: &Entry) {
        for asked in &entry.decisions {
            if !self.concerns(entry, asked) {
                continue;
            }
            match self.ask(asked) {
                None => self.found.not_askable += 1,
                Some(after) => {
                    self.found.asked += 1;
                    self.note(entry, told(asked), after);
                }
            }
        }
        self.org.apply(entry);
    }

    fn ask(&mut self, asked: &Asked) -> Option<Told> {
        let old = self.modules.get(&asked.digest)?.as_ref()?;
        let mut facts = facts(old.schema(), asked)?;
        let which = match self.kind {
            Kind::AfterHours => {
                let (name, version) = self.after.top();
                let place = self.org.locations.get(&asked.location?)?;
                let site = place.hours.ward("site", &place.card.name, &name, version);
                Which { site: Some(site.into()), ..self.after.clone() }
            }
            _ => self.after.clone(),
        };
        let made = || Decider::new(&compiled(&which).ok()?).ok();
        let decider = self.deciders.entry(which.clone()).or_insert_with(made).as_mut()?;
        let policy = decider.policy().clone();
        // A setting that is fixed now was a question then, and is none any more.
        facts.retain(|name, _| policy.schema().input(name).is_some());
        let request = packed(&policy, &facts)?;
        let (told, _) = decide(decider, &asked.decision, &request)?;
        // What was known then and is not known now makes the answer for doubt, which says nothing about the policy.
        let doubt = told.status != Status::Ok.word() && asked.status == Status::Ok.word();
        if doubt { None } else { Some(told) }
    }

    fn note(&mut self, entry: &Entry, before: Told, after: Told) {
        let names = before.answers.keys().chain(after.answers.keys());
        let names: std::collections::BTreeSet<&String> = names.collect();
        let word = |value: Option<&Value>| value.map_or("-".to_string(), ToString::to_string);
        let mut differs = false;
        for name in names {
            let (from, to) = (before.answers.get(name), after.answers.get(name));
            if from != to {
                differs = true;
                *self.shifts.entry((name.clone(), word(from), word(to))).or_default() += 1;
            }
        }
        if !differs {
            return;
        }
        self.found.changed += 1;
        if self.found.examples.len() < TOLD {
            let (seq, at, actor) = (entry.seq, entry.at, entry.actor);
            self.found.examples.push(Changed { seq, at, actor, before, after });
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Replayed {
        let shifts = self.shifts.into_iter();
        let answers = shifts.map(|((answer, from, to), count)| Shift { answer, from, to, count });
        Replayed { answers: answers.collect(), ..self.found }
    }
}
