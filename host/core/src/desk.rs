//! The one place where policies are asked. In: facts by name. Out: what a policy says, which rules decided, and enough to ask it
//! again. A policy that cannot be loaded, or does not say `ok`, answers for doubt: refused. Refuses to know custody.

use crate::event::Asked;
use crate::shelf::{self, Which};
use keyward_server::json::{Decided, Said};
use keyward_server::{Decider, InputType, Origin, Part, RequestBuilder, Schema, Value};
use std::collections::{BTreeMap, HashMap};

/// A fact of the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no.
    Is(bool),
    /// A value by name.
    Name(&'static str),
    /// Who or what, by name.
    Id(String),
    /// A number, or minutes.
    Number(u32),
    /// A date (days since 1970) and a minute of the day.
    Moment(i32, u16),
    /// Not set.
    NotSet,
}

/// Facts by the names of the inputs of the policies.
pub type Facts = BTreeMap<&'static str, Fact>;

/// What one policy said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// For the log.
    pub asked: Asked,
    /// Whether it came about as it should.
    pub sure: bool,
    /// Each answer.
    pub said: BTreeMap<String, Said>,
    /// Why, in the words of the rules that decided: rule, words.
    pub because: Vec<(String, String)>,
}

impl Answer {
    /// The name an answer has; empty if it is blank or is none.
    #[must_use]
    pub fn name(&self, answer: &str) -> &str {
        match self.said.get(answer) {
            Some(Said::Name(name)) => name,
            _ => "",
        }
    }

    /// The members of a set.
    #[must_use]
    pub fn members(&self, answer: &str) -> &[String] {
        match self.said.get(answer) {
            Some(Said::Set(members)) => members,
            _ => &[],
        }
    }

    /// Whether a set has a member.
    #[must_use]
    pub fn has(&self, answer: &str, member: &str) -> bool {
        self.members(answer).iter().any(|one| one == member)
    }

    /// The minutes of a duration, if it is limited.
    #[must_use]
    pub fn minutes(&self, answer: &str) -> Option<u32> {
        match self.said.get(answer) {
            Some(Said::Minutes(minutes)) => Some(*minutes),
            _ => None,
        }
    }

    /// Whether the policy allows.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.sure && self.name("access") == "allowed"
    }
}

/// Asks policies. One per thread: an evaluator has a memory of its own.
#[derive(Default)]
pub struct Desk {
    deciders: HashMap<Which, Decider>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Desk({} policies)", self.deciders.len())
    }
}

impl Desk {
    /// Asks a policy. `settings` are those of the organization and the person that were changed.
    pub fn ask(&mut self, which: &Which, decision: &str, facts: &Facts, settings: &BTreeMap<String, String>) -> Answer {
        match self.try_ask(which, decision, facts, settings) {
            Ok(answer) => answer,
            Err(why) => {
                let asked = Asked {
                    policy: format!("keyward.{}", which.kind.word()),
                    decision: decision.to_string(),
                    digest: String::new(),
                    status: format!("not asked: {why}"),
                    answers: BTreeMap::new(),
                    rules: Vec::new(),
                    facts: String::new(),
                    ids: BTreeMap::new(),
                    location: None,
                };
                Answer { asked, sure: false, said: BTreeMap::new(), because: Vec::new() }
            }
        }
    }

    fn try_ask(
        &mut self,
        which: &Which,
        decision: &str,
        facts: &Facts,
        settings: &BTreeMap<String, String>,
    ) -> Result<Answer, String> {
        if !self.deciders.contains_key(which) {
            if self.deciders.len() > 200 {
                self.deciders.clear();
            }
            let policy = shelf::compiled(which).map_err(|found| found.join("; "))?;
            self.deciders.insert(which.clone(), Decider::new(&policy).map_err(|error| error.to_string())?);
        }
        let decider = self.deciders.get_mut(which).ok_or("the policy is gone")?;
        let policy = decider.policy().clone();
        let number = policy.schema().decision(decision).ok_or("the policy has no such decision")?;
        let request = packed(policy.schema(), facts, settings)?;
        let decided = Decided::new(decider, number, &request).map_err(|error| error.to_string())?;
        let said: BTreeMap<String, Said> = decided.answers.into_iter().collect();
        let deciding = decided.because.into_iter().filter(|because| because.part == Part::Deciding);
        let because: Vec<(String, String)> = deciding.map(|because| (because.rule, because.text)).collect();
        let told = said.iter().filter(|(_, said)| **said != Said::Blank);
        let told = told.filter_map(|(name, said)| Some((name.clone(), serde_json::from_str(&said.json()).ok()?)));
        let asked = Asked {
            policy: decided.policy.0,
            decision: decision.to_string(),
            digest: policy.digest().to_string(),
            status: decided.status.word().to_string(),
            answers: told.collect(),
            rules: because.iter().map(|(rule, _)| rule.clone()).collect(),
            facts: request.iter().map(|byte| format!("{byte:02x}")).collect(),
            ids: ids(policy.schema(), facts),
            location: None,
        };
        Ok(Answer { asked, sure: decided.status == keyward_server::Status::Ok, said, because })
    }
}

/// Who and what was meant: a packed request has a number in its place.
fn ids(schema: &Schema, facts: &Facts) -> BTreeMap<String, String> {
    let id = |(name, fact): (&&str, &Fact)| match fact {
        Fact::Id(id) if schema.input(name).is_some() => Some(((*name).to_string(), id.clone())),
        _ => None,
    };
    facts.iter().filter_map(id).collect()
}

fn packed(schema: &Schema, facts: &Facts, settings: &BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    let mut request = RequestBuilder::new(schema);
    for input in &schema.inputs {
        let name = input.name.as_str();
        if input.origin == Origin::Setting {
            if let Some(value) = settings.get(name) {
                request.set(name, read(&input.ty, value)?).map_err(|error| error.to_string())?;
            }
            continue;
        }
        let Some(fact) = facts.get(name) else { continue };
        let value = match fact {
            Fact::Is(yes) => Value::YesNo(*yes),
            Fact::Name(name) => Value::Name(name),
            Fact::Id(id) => Value::Name(id),
            Fact::Number(number) => Value::Number(*number),
            Fact::Moment(day, minute) => Value::Moment(*day, *minute),
            Fact::NotSet => Value::NotSet,
        };
        request.set(name, value).map_err(|error| error.to_string())?;
    }
    debug_assert_eq!(request.unknown().collect::<Vec<_>>(), Vec::<&str>::new(), "whoever asks knows everything");
    Ok(request.pack())
}

fn read<'v>(ty: &InputType, value: &'v str) -> Result<Value<'v>, String> {
    match (ty, value) {
        (InputType::YesNo, "yes") => Ok(Value::YesNo(true)),
        (InputType::YesNo, "no") => Ok(Value::YesNo(false)),
        (InputType::OneOf(names), _) if names.iter().any(|name| name == value) => Ok(Value::Name(value)),
        (InputType::OneOf(names), _) => Err(format!("one of {} is needed", names.join(", "))),
        _ => Err("yes or no is needed".to_string()),
    }
}
