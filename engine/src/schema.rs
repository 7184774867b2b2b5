//! The vocabulary of a policy after all names are resolved: inputs, their types, the answers of its decisions.
//! In: nothing (built by `check`). Out: data every later stage and every host reads. Refuses to know rules.

use crate::span::Span;

/// Index of an input (also of a setting or a kept-outside fact) in `Schema::inputs`.
pub type InputId = usize;
/// Index of a decision in `Schema::decisions`.
pub type DecisionId = usize;
/// Index of an answer within its decision.
pub type AnswerId = usize;

/// First day of the analysis horizon, 2026-01-01, as a day number (days since 1970-01-01).
pub const FIRST_DAY: i32 = 20_454;
/// Last day of the analysis horizon, 2053-12-31.
pub const LAST_DAY: i32 = 30_680;

/// Everything a request can say and a decision can answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Inputs, settings and kept-outside facts: the parent's first, each group in source order.
    pub inputs: Vec<Input>,
    /// The decisions, in source order.
    pub decisions: Vec<Decision>,
    /// For each kind of identifier, the names the policy text mentions, in order of first mention.
    pub identifiers: Vec<IdentifierKind>,
}

/// One kind of identifier, such as `user`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierKind {
    /// Its name.
    pub name: String,
    /// The names the policy mentions; a packed request numbers them in this order.
    pub names: Vec<String>,
}

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A fact of the request.
    Input,
    /// A choice of the organization; `Input::default` holds where it says nothing.
    Setting,
    /// Membership of the given input in a group kept outside, supplied by the host as yes or no.
    OutsideGroup(InputId),
    /// A calendar kept outside: whether the moment of the given input is during it, supplied by the host as yes or no.
    OutsideCalendar(InputId),
}

/// One input, setting or kept-outside fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its dotted name: the key in a request.
    pub name: String,
    /// Its description; empty if none.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its type.
    pub ty: Type,
    /// Whether it may be not set.
    pub optional: bool,
    /// Whether the person cannot change it.
    pub fixed: bool,
    /// The value a setting has where the request is silent.
    pub default: Option<Value>,
    /// The values a refinement left (`fix`); `None` if every value of the type is allowed.
    pub pinned: Option<Vec<Value>>,
    /// Where it is declared.
    pub span: Span,
}

/// A named value with its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The value's name.
    pub name: String,
    /// What it means to people; empty if none.
    pub text: String,
    /// Where it is declared.
    pub span: Span,
}

/// The type of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    YesNo,
    /// One of some values; at most 255.
    OneOf(Vec<Label>),
    /// A set of some members; at most 32, 31 if optional.
    SetOf(Vec<Label>),
    /// A whole number in an inclusive range.
    Number(u32, u32),
    /// A duration in minutes, in an inclusive range.
    Duration(u32, u32),
    /// A civil date and minute, in the named zone; `None` is the site's.
    Moment(Option<String>),
    /// A date in an inclusive range of day numbers.
    Date(i32, i32),
    /// A time of day, minutes 0 to 1439.
    Time,
    /// An opaque identifier; the index into `Schema::identifiers`.
    Identifier(usize),
}

/// One value of an input. Also what a request holds for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// An optional input that is not set.
    NotSet,
    /// Yes or no.
    YesNo(bool),
    /// The index of a `one of` value.
    Choice(u8),
    /// Members as a bit mask, the first member lowest.
    Set(u32),
    /// A number.
    Number(u32),
    /// A duration in minutes.
    Duration(u32),
    /// A day number and a minute of the day.
    Moment(i32, u16),
    /// A day number.
    Date(i32),
    /// A minute of the day.
    Time(u16),
    /// An identifier, by name.
    Identifier(String),
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub name: String,
    /// The question it answers; empty if none.
    pub text: String,
    /// Its answers, in source order.
    pub answers: Vec<Answer>,
    /// Where it is declared.
    pub span: Span,
}

/// One answer of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its name, without the decision's.
    pub name: String,
    /// Its description; empty if none.
    pub text: String,
    /// Its kind.
    pub kind: AnswerKind,
    /// The earlier answer, and the index of its value, without which this one is blank.
    pub only_when: Option<(AnswerId, u8)>,
    /// Where it is declared.
    pub span: Span,
}

/// The kinds of answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// Exactly one of the values. `yes or no` is `no`, `yes` in this order.
    OneOf {
        /// The values.
        values: Vec<Label>,
        /// Whether it was written `yes or no`.
        yes_no: bool,
    },
    /// The strictest of what the rules say; mildest first.
    Strictest(Vec<Label>),
    /// The union of what the rules say; at most 32 members.
    SetOf(Vec<Label>),
    /// The shortest of what the rules say, in minutes; the bound is the longest a rule may say.
    Shortest(u32),
}

impl Schema {
    /// The input of a name.
    pub fn input(&self, name: &str) -> Option<InputId> {
        self.inputs.iter().position(|input| input.name == name)
    }

    /// The decision of a name.
    pub fn decision(&self, name: &str) -> Option<DecisionId> {
        self.decisions.iter().position(|decision| decision.name == name)
    }

    /// The answers that are meant: all of a decision or of all decisions, or those that are named, with or without the name of
    /// their decision. A sentence where there is none of the name.
    pub fn answers(&self, decision: Option<&str>, names: &[String]) -> Result<Vec<(DecisionId, AnswerId)>, String> {
        let decisions: Vec<DecisionId> = match decision {
            Some(name) => vec![self.decision(name).ok_or_else(|| {
                let all: Vec<&str> = self.decisions.iter().map(|decision| decision.name.as_str()).collect();
                format!("there is no decision `{name}`, only {}", all.join(", "))
            })?],
            None => (0..self.decisions.len()).collect(),
        };
        let all = || {
            decisions.iter().flat_map(|&decision| {
                let declared = &self.decisions[decision];
                declared.answers.iter().enumerate().map(move |(answer, own)| (decision, answer, declared, own))
            })
        };
        let called = |name: &str, declared: &Decision, own: &Answer| {
            let inside = name.strip_prefix(&declared.name).and_then(|rest| rest.strip_prefix('.'));
            name == own.name || inside == Some(&own.name)
        };
        if let Some(name) = names.iter().find(|name| !all().any(|(.., declared, own)| called(name, declared, own))) {
            let known: Vec<&str> = all().map(|(.., own)| own.name.as_str()).collect();
            return Err(format!("there is no answer `{name}`, only {}", known.join(", ")));
        }
        let meant = all()
            .filter(|(.., declared, own)| names.is_empty() || names.iter().any(|name| called(name, declared, own)));
        Ok(meant.map(|(decision, answer, ..)| (decision, answer)).collect())
    }

    /// The number of a known identifier of a kind.
    pub fn identifier(&self, kind: usize, name: &str) -> Option<usize> {
        self.identifiers.get(kind).and_then(|kind| kind.names.iter().position(|known| known == name))
    }
}

impl AnswerKind {
    /// The values or members, in order; none for a duration.
    pub fn labels(&self) -> &[Label] {
        match self {
            AnswerKind::OneOf { values, .. } => values,
            AnswerKind::Strictest(values) | AnswerKind::SetOf(values) => values,
            AnswerKind::Shortest(_) => &[],
        }
    }
}

impl Type {
    /// The values or members, in order; none for other types.
    pub fn labels(&self) -> &[Label] {
        match self {
            Type::OneOf(labels) | Type::SetOf(labels) => labels,
            _ => &[],
        }
    }
}
