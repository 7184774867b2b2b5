//! What a policy asks and answers, as plain data. In: nothing. Out: names, types, places. Refuses to know rules.

/// The vocabulary of a loaded policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Hash that packed requests carry.
    pub hash: u32,
    /// Bytes of a packed request.
    pub request_len: usize,
    /// Bytes of one in which everything is known and every duty can be performed: it may end before masks and known bits.
    pub short_len: usize,
    /// Kinds of identifier, each with the names the policy knows.
    pub identifiers: Vec<(String, Vec<String>)>,
    /// Inputs, settings and outside facts.
    pub inputs: Vec<InputInfo>,
    /// The decisions.
    pub decisions: Vec<DecisionInfo>,
}

impl Schema {
    /// Where the known bits of a request stand: at its end.
    pub(crate) fn known_at(&self) -> usize {
        let coordinates = self.inputs.iter().map(|input| input.known_count).sum();
        self.request_len.saturating_sub(keyward_evaluator::layout::known_bytes(coordinates))
    }

    /// The number of a decision.
    #[must_use]
    pub fn decision(&self, name: &str) -> Option<u32> {
        self.decisions.iter().position(|decision| decision.name == name).map(|number| number as u32)
    }

    /// The input of a name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&InputInfo> {
        self.inputs.iter().find(|input| input.name == name)
    }
}

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A fact of the request.
    Input,
    /// A choice of the organization.
    Setting,
    /// Whether the given input is in a group kept outside.
    OutsideGroup(usize),
    /// Whether the moment of the given input is during a calendar kept outside.
    OutsideCalendar(usize),
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputInfo {
    /// Its dotted name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its type.
    pub ty: InputType,
    /// Whether it may be not set.
    pub optional: bool,
    /// Whether the person cannot change it.
    pub fixed: bool,
    /// What a setting is where the request is silent.
    pub default: Option<Default>,
    /// Place of its slot.
    pub slot: usize,
    /// Its first known bit.
    pub known: usize,
    /// How many known bits it has.
    pub known_count: usize,
}

/// A default, as it is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    /// Not set.
    NotSet,
    /// The number in the slot; for a moment the day, with its minute.
    Number(u32, u32),
    /// An identifier.
    Identifier(String),
}

/// The type of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputType {
    /// Yes or no.
    YesNo,
    /// One of these.
    OneOf(Vec<String>),
    /// A set of these.
    SetOf(Vec<String>),
    /// A number in an inclusive range.
    Number(u32, u32),
    /// Minutes in an inclusive range.
    Duration(u32, u32),
    /// A civil date and minute: place of the minute, and the zone for hosts (empty: the site's).
    Moment(usize, String),
    /// A date in an inclusive range of day numbers.
    Date(i32, i32),
    /// A minute of the day.
    Time,
    /// An identifier of a kind.
    Identifier(usize),
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionInfo {
    /// Its name.
    pub name: String,
    /// Its answers.
    pub answers: Vec<AnswerInfo>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerInfo {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: AnswerKind,
    /// Whether it has an `only when`.
    pub blankable: bool,
    /// Its first word in the outcome.
    pub word: usize,
}

/// The kinds of answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// One of these.
    OneOf(Vec<String>),
    /// Yes or no.
    YesNo,
    /// The strictest of these, mildest first.
    Strictest(Vec<String>),
    /// A set of these, and the place of its duty mask in a request.
    SetOf(Vec<String>, usize),
    /// A duration of at most so many minutes.
    Shortest(u32),
}

/// Which policy a module holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The edition of the language.
    pub edition: u32,
    /// The policy's name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// SHA-256 over its sources.
    pub source: [u8; 32],
    /// What it was made with.
    pub compiler: String,
    /// How many of its tests were proved.
    pub tests: u32,
    /// How many of its asserts were proved.
    pub asserts: u32,
    /// For how many possible requests all of it was proved, in decimal.
    pub requests: String,
    /// What it means, in sixteen bytes: modules that answer every request alike have the same. A hint, no proof.
    pub fingerprint: [u8; 16],
    /// The asserts by name; empty for a stripped module.
    pub promises: Vec<Promise>,
}

/// An assert that was proved when the module was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promise {
    /// Its form: never, always, possible, unchanged, changes.
    pub form: &'static str,
    /// Its name.
    pub name: String,
    /// The policy it stands in, if that is another one.
    pub policy: Option<String>,
}

/// The words of a policy's rules; empty for a stripped module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// By rule.
    pub rules: Vec<RuleWords>,
    /// By decision: `normally`.
    pub normally: Vec<RuleWords>,
}

/// The words of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleWords {
    /// Its name.
    pub name: String,
    /// Why.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
}
