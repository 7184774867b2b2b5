//! An outcome as JSON and as plain values.
//! In: the bytes a module wrote, and its vocabulary. Out: names, lists, minutes and reasons. Refuses to choose words of its own.

use super::vocabulary::{Answer as Declared, Decision, Kind, Label, Vocabulary};
use super::write::{array, object, string};
use keyward_evaluator::layout::{self, Status};

/// What a decision answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: String,
    /// How it came about.
    pub status: Status,
    /// Each answer with its value.
    pub answers: Vec<(String, Value)>,
    /// The rules that applied: deciding first, then overridden, then milder.
    pub because: Vec<Because>,
    /// The policy: its name, version and the hash of its sources in hexadecimal.
    pub policy: (String, u32, String),
}

/// The value of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It does not apply.
    Blank,
    /// Yes or no.
    YesNo(bool),
    /// A value by name.
    Name(String),
    /// The members.
    Set(Vec<String>),
    /// Minutes.
    Minutes(u32),
    /// Nothing limits it.
    NoLimit,
}

/// The part a rule played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Something it says is in the outcome.
    Deciding,
    /// An exception took its place.
    Overridden,
    /// Something stricter or shorter won.
    Milder,
}

/// A rule that applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// Its part.
    pub part: Part,
    /// Its name; its number if the module is stripped.
    pub rule: String,
    /// Its reason.
    pub text: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
}

impl Answer {
    /// Reads what `kw_decide` and `kw_why` wrote: status and words; status, count and a word for each rule.
    pub fn read(vocabulary: &Vocabulary, decision: usize, outcome: &[u8], why: &[u8]) -> Option<Answer> {
        let declared = vocabulary.decisions.get(decision)?;
        let status = Status::from_code(word(outcome, layout::OUTCOME_STATUS)?);
        let mut answers = Vec::new();
        for answer in &declared.answers {
            answers.push((answer.name.clone(), value(answer, outcome)?));
        }
        let hash: String = vocabulary.identity.source.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Answer {
            decision: declared.name.clone(),
            status,
            answers,
            because: because(vocabulary, decision, why),
            policy: (vocabulary.identity.name.clone(), vocabulary.identity.version, hash),
        })
    }

    /// The answer on one line, its `because` only of rules that decide.
    pub fn json(&self) -> String {
        let answers: Vec<(&str, String)> =
            self.answers.iter().map(|(name, value)| (name.as_str(), value.json())).collect();
        let deciding = self.because.iter().filter(|because| because.part == Part::Deciding);
        let because = array(deciding.map(|because| {
            let parts =
                [("rule", string(&because.rule)), ("text", string(&because.text)), ("cite", string(&because.cite))];
            object(&parts)
        }));
        let (name, version, hash) = &self.policy;
        object(&[
            ("decision", string(&self.decision)),
            ("status", string(self.status.word())),
            ("answers", object(&answers)),
            ("because", because),
            (
                "policy",
                object(&[("name", string(name)), ("version", version.to_string()), ("hash", string(hash))]),
            ),
        ])
    }
}

impl Value {
    /// The value in JSON: `null` where it is blank, `"no limit"` where nothing limits it, minutes as a number.
    pub fn json(&self) -> String {
        match self {
            Value::Blank => "null".to_string(),
            Value::YesNo(yes) => yes.to_string(),
            Value::Name(name) => string(name),
            Value::Set(members) => array(members.iter().map(|member| string(member))),
            Value::Minutes(minutes) => minutes.to_string(),
            Value::NoLimit => "\"no limit\"".to_string(),
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn value(answer: &Declared, outcome: &[u8]) -> Option<Value> {
    let at = layout::OUTCOME_WORDS + 4 * answer.word;
    let found = word(outcome, at)?;
    let name = |labels: &[Label]| Some(Value::Name(labels.get(found as usize)?.name.clone()));
    match &answer.kind {
        Kind::SetOf(_, labels) => {
            if answer.blankable && word(outcome, at + 4)? == layout::BLANK {
                return Some(Value::Blank);
            }
            let members = labels.iter().enumerate().filter(|(member, _)| found.checked_shr(*member as u32).unwrap_or(0) & 1 == 1);
            Some(Value::Set(members.map(|(_, label)| label.name.clone()).collect()))
        }
        _ if found == layout::BLANK => Some(Value::Blank),
        Kind::YesNo => Some(Value::YesNo(found == 1)),
        Kind::OneOf(labels) | Kind::Strictest(labels) => name(labels),
        Kind::Shortest(_) if found == layout::NO_LIMIT => Some(Value::NoLimit),
        Kind::Shortest(_) => Some(Value::Minutes(found)),
    }
}

fn because(vocabulary: &Vocabulary, decision: usize, why: &[u8]) -> Vec<Because> {
    let count = word(why, 4).unwrap_or(0).min(1 << 15) as usize;
    let words = (0..count).map_while(|at| word(why, 8 + 4 * at));
    words.map(|found| reason(vocabulary, decision, found)).collect()
}

fn reason(vocabulary: &Vocabulary, decision: usize, found: u32) -> Because {
    let (number, part) = (found & 0xFFFF, found >> 16);
    let part = match part {
        layout::WHY_DECIDING => Part::Deciding,
        layout::WHY_OVERRIDDEN => Part::Overridden,
        _ => Part::Milder,
    };
    let known = vocabulary.reasons.as_deref().unwrap_or(&[]);
    let rules = known.len().saturating_sub(vocabulary.decisions.len());
    let place = if number == layout::NORMALLY { rules + decision } else { number as usize };
    let fallback = || if number == layout::NORMALLY { "normally".to_string() } else { number.to_string() };
    match known.get(place) {
        Some(reason) => Because {
            part,
            rule: if reason.rule.is_empty() { fallback() } else { reason.rule.clone() },
            text: reason.text.clone(),
            cite: reason.cite.clone(),
        },
        None => Because { part, rule: fallback(), text: String::new(), cite: String::new() },
    }
}

/// Which decision is meant: the named one, or the only one.
pub fn choose<'v>(vocabulary: &'v Vocabulary, name: Option<&str>) -> Result<(usize, &'v Decision), String> {
    let names = || vocabulary.decisions.iter().map(|decision| decision.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, vocabulary.decisions.as_slice()) {
        (Some(name), decisions) => vocabulary
            .decision(name)
            .and_then(|at| Some((at, decisions.get(at)?)))
            .ok_or_else(|| format!("there is no decision `{name}`; there is {}", names())),
        (None, [only]) => Ok((0, only)),
        (None, _) => Err(format!("the policy has several decisions: say which of {}", names())),
    }
}
