//! The one place where policies are asked. In: facts by name. Out: what a policy says, which rules decided, and enough to ask it
//! again. A policy that cannot be loaded, or does not say `ok`, answers for doubt: refused. Refuses to know custody.

use crate::event::Asked;
use crate::kinds::Preset;
use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::json::{Decided, Said};
use keyward_server::{Decider, InputType, Origin, Part, Policy, RequestBuilder, Schema, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

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

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// Ordinary permission.
    Access,
    /// The second factor.
    Pickup,
    /// While the place is closed; with the site file of the location.
    AfterHours(String),
    /// Handing a key on.
    FieldSwap,
    /// Signing in.
    Login,
}

const WORDS: &str = include_str!("../../../policies/words/words.ward");
const SHIPPED: [(&str, &str, &str); 5] = [
    (
        "access",
        include_str!("../../../policies/access/access.ward"),
        include_str!("../../../policies/access/strict.ward"),
    ),
    (
        "pickup",
        include_str!("../../../policies/pickup/pickup.ward"),
        include_str!("../../../policies/pickup/strict.ward"),
    ),
    (
        "after_hours",
        include_str!("../../../policies/after_hours/after_hours.ward"),
        include_str!("../../../policies/after_hours/strict.ward"),
    ),
    (
        "field_swap",
        include_str!("../../../policies/field_swap/field_swap.ward"),
        include_str!("../../../policies/field_swap/strict.ward"),
    ),
    ("login", include_str!("../../../policies/login/login.ward"), include_str!("../../../policies/login/strict.ward")),
];

impl Which {
    fn number(&self) -> usize {
        match self {
            Which::Access => 0,
            Which::Pickup => 1,
            Which::AfterHours(_) => 2,
            Which::FieldSwap => 3,
            Which::Login => 4,
        }
    }

    /// Its name without the site.
    #[must_use]
    pub fn word(&self) -> &'static str {
        SHIPPED[self.number()].0
    }

    /// The files it is made of, the one that is meant last.
    fn files(&self, preset: Preset) -> Vec<(String, &str)> {
        let (name, base, strict) = SHIPPED[self.number()];
        let mut files = vec![("words.ward".to_string(), WORDS), (format!("{name}.ward"), base)];
        if preset == Preset::Strict {
            files.push((format!("{name}_strict.ward"), strict));
        }
        if let Which::AfterHours(site) = self {
            files.push(("site.ward".to_string(), site.as_str()));
        }
        files
    }
}

/// The name of the after-hours policy that a site file refines.
#[must_use]
pub fn refined(preset: Preset) -> &'static str {
    match preset {
        Preset::Seed => "after_hours",
        Preset::Strict => "after_hours_strict",
    }
}

/// Policies that were compiled, for every desk of the process. Compiling is a function of the text, so the text is the key.
fn compiled(which: &Which, preset: Preset) -> Result<Policy, Vec<String>> {
    type Made = HashMap<(Which, Preset), Result<Policy, Vec<String>>>;
    static MADE: OnceLock<Mutex<Made>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    // Site files are what administrators write: old ones are forgotten when there are many.
    if made.len() > 1_000 {
        made.clear();
    }
    made.entry((which.clone(), preset)).or_insert_with(|| compile(&which.files(preset))).clone()
}

fn compile(files: &[(String, &str)]) -> Result<Policy, Vec<String>> {
    let mut sources = Sources::new();
    let mut main = None;
    for (name, text) in files {
        main = Some(sources.add(name.clone(), *text));
    }
    let Some(main) = main else { return Err(vec!["there is no policy".to_string()]) };
    let emitted = Project::read(sources, None).compile(main).module(Options::default());
    let bytes = emitted.map_err(|found| found.iter().map(|one| one.message.clone()).collect::<Vec<_>>())?.bytes;
    Policy::load(&bytes).map_err(|error| vec![error.to_string()])
}

/// Checks a site file and proves it against the policy it refines. Gives the digest of its module, or what is wrong.
pub fn check_site(site: &str, preset: Preset) -> Result<String, Vec<String>> {
    compiled(&Which::AfterHours(site.to_string()), preset).map(|policy| policy.digest().to_string())
}

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
    deciders: HashMap<(Which, Preset), Decider>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Desk({} policies)", self.deciders.len())
    }
}

impl Desk {
    /// Asks a policy. `settings` are those of the organization and the person that were changed.
    pub fn ask(
        &mut self,
        preset: Preset,
        which: &Which,
        decision: &str,
        facts: &Facts,
        settings: &BTreeMap<String, String>,
    ) -> Answer {
        match self.try_ask(preset, which, decision, facts, settings) {
            Ok(answer) => answer,
            Err(why) => {
                let asked = Asked {
                    policy: format!("keyward.{}", which.word()),
                    decision: decision.to_string(),
                    digest: String::new(),
                    status: format!("not asked: {why}"),
                    answers: BTreeMap::new(),
                    rules: Vec::new(),
                    facts: String::new(),
                };
                Answer { asked, sure: false, said: BTreeMap::new(), because: Vec::new() }
            }
        }
    }

    fn try_ask(
        &mut self,
        preset: Preset,
        which: &Which,
        decision: &str,
        facts: &Facts,
        settings: &BTreeMap<String, String>,
    ) -> Result<Answer, String> {
        let key = (which.clone(), preset);
        if !self.deciders.contains_key(&key) {
            if self.deciders.len() > 200 {
                self.deciders.clear();
            }
            let policy = compiled(which, preset).map_err(|found| found.join("; "))?;
            self.deciders.insert(key.clone(), Decider::new(&policy).map_err(|error| error.to_string())?);
        }
        let decider = self.deciders.get_mut(&key).ok_or("the policy is gone")?;
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
        };
        Ok(Answer { asked, sure: decided.status == keyward_server::Status::Ok, said, because })
    }
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

/// Defaults of a preset that are no pins, so they stand here and not in its policies (X07).
pub(crate) const PRESET_DEFAULTS: [(Preset, &str, &str); 1] = [(Preset::Strict, "person.my_pickup_2fa", "yes")];

/// A setting that an administrator or a person can change, as the policies declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it can be.
    pub values: Vec<String>,
    /// What it is when nobody changed it.
    pub default: String,
}

/// Every setting that the policies of a preset leave open. Those that `strict` fixes are not among them.
pub fn settings(preset: Preset) -> Result<Vec<Setting>, Vec<String>> {
    let site = crate::hours::Hours::default().ward("nowhere", "Nowhere", refined(preset));
    let mut found: BTreeMap<String, Setting> = BTreeMap::new();
    for which in [Which::Access, Which::Pickup, Which::AfterHours(site), Which::FieldSwap, Which::Login] {
        let policy = compiled(&which, preset)?;
        for input in policy.schema().inputs.iter().filter(|input| input.origin == Origin::Setting) {
            let values: Vec<String> = match &input.ty {
                InputType::YesNo => vec!["no".to_string(), "yes".to_string()],
                InputType::OneOf(names) => names.clone(),
                _ => continue,
            };
            let default = match &input.default {
                Some(keyward_server::Default::Number(value, _)) => {
                    values.get(*value as usize).cloned().unwrap_or_default()
                }
                _ => String::new(),
            };
            found.insert(input.name.clone(), Setting { name: input.name.clone(), values, default });
        }
    }
    Ok(found.into_values().collect())
}
