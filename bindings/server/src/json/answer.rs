//! An outcome as JSON and as plain values.
//! In: a decider and a packed request. Out: names, lists, minutes and reasons. Refuses to choose words of its own.

use super::write::{array, object, string};
use crate::decider::{Answer, Decider, Part};
use crate::error::DecideError;
use keyward_evaluator::Status;

/// What a decision answered, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The decision.
    pub decision: String,
    /// How it came about.
    pub status: Status,
    /// Each answer with its value.
    pub answers: Vec<(String, Said)>,
    /// The rules that applied: deciding first, then overridden, then milder.
    pub because: Vec<Because>,
    /// The policy: its name, version and the hash of its sources in hexadecimal.
    pub policy: (String, u32, String),
}

/// The value of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
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

/// A rule that applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// Its part.
    pub part: Part,
    /// Its name; its number if the module is stripped.
    pub rule: String,
    /// Its reason; empty if the module is stripped.
    pub text: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
}

impl Decided {
    /// Decides a packed request and says why.
    pub fn new(decider: &mut Decider, decision: u32, request: &[u8]) -> Result<Decided, DecideError> {
        let outcome = decider.decide(decision, request)?;
        let because = if outcome.status == Status::Ok { because(decider, decision, request)? } else { Vec::new() };
        let said = decider.answers(decision, &outcome);
        let answers = said.into_iter().map(|(name, answer)| (name.to_string(), Said::of(answer))).collect();
        let policy = decider.policy();
        let info = policy.schema().decisions.get(decision as usize).ok_or(DecideError::NoDecision(decision))?;
        let identity = policy.identity();
        let hash: String = identity.source.iter().map(|byte| format!("{byte:02x}")).collect();
        let policy = (identity.name.clone(), identity.version, hash);
        Ok(Decided { decision: info.name.clone(), status: outcome.status, answers, because, policy })
    }

    /// An answer in words, by name; nothing if there is none of the name.
    #[must_use]
    pub fn answer(&self, name: &str) -> Option<String> {
        self.answers.iter().find(|(other, _)| other == name).map(|(_, said)| said.to_string())
    }

    /// The answer on one line; its `because` names only the rules that decide.
    #[must_use]
    pub fn json(&self) -> String {
        let answers: Vec<(&str, String)> =
            self.answers.iter().map(|(name, said)| (name.as_str(), said.json())).collect();
        let deciding = self.because.iter().filter(|because| because.part == Part::Deciding);
        let because = array(deciding.map(|because| {
            let rule = string(&because.rule);
            object(&[("rule", rule), ("text", string(&because.text)), ("cite", string(&because.cite))])
        }));
        let (name, version, hash) = &self.policy;
        object(&[
            ("decision", string(&self.decision)),
            ("status", string(self.status.word())),
            ("answers", object(&answers)),
            ("because", because),
            ("policy", object(&[("name", string(name)), ("version", version.to_string()), ("hash", string(hash))])),
        ])
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Blank => Ok(()),
            Said::YesNo(yes) => out.write_str(if *yes { "yes" } else { "no" }),
            Said::Name(name) => out.write_str(name),
            Said::Set(members) => out.write_str(&members.join(", ")),
            Said::Minutes(minutes) => write!(out, "{minutes}"),
            Said::NoLimit => out.write_str("no limit"),
        }
    }
}

impl Said {
    /// The value in JSON: `null` where it is blank, `"no limit"` where nothing limits it, minutes as a number.
    #[must_use]
    pub fn json(&self) -> String {
        match self {
            Said::Blank => "null".to_string(),
            Said::YesNo(yes) => yes.to_string(),
            Said::Name(name) => string(name),
            Said::Set(members) => array(members.iter().map(|member| string(member))),
            Said::Minutes(minutes) => minutes.to_string(),
            Said::NoLimit => "\"no limit\"".to_string(),
        }
    }

    fn of(answer: Answer<'_>) -> Said {
        match answer {
            Answer::Blank => Said::Blank,
            Answer::YesNo(yes) => Said::YesNo(yes),
            Answer::Value(name) => Said::Name(name.to_string()),
            Answer::Members(members) => Said::Set(members.into_iter().map(str::to_string).collect()),
            Answer::Minutes(minutes) => Said::Minutes(minutes),
            Answer::NoLimit => Said::NoLimit,
        }
    }
}

fn because(decider: &mut Decider, decision: u32, request: &[u8]) -> Result<Vec<Because>, DecideError> {
    let reasons = decider.why(decision, request)?;
    let because = reasons.into_iter().map(|reason| {
        let words = reason.words.cloned().unwrap_or_default();
        let number = || reason.rule.map_or("normally".to_string(), |rule| rule.to_string());
        let rule = if words.name.is_empty() { number() } else { words.name };
        Because { part: reason.part, rule, text: words.because, cite: words.cite }
    });
    Ok(because.collect())
}
