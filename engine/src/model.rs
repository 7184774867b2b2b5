//! A policy as classes, conditions and diagrams: what the analyses ask and what the machine forms are made of.
//! In: nothing (built by `lower`). Out: data for `analyze`, `emit` and `explain`. Refuses to know source text and how tests were written.

use crate::diagram::{Forest, Ref};
use crate::schema::{AnswerId, DecisionId, InputId, Schema};
use crate::span::Span;
use crate::typed::{AnswerValue, RuleId};

/// Index of a coordinate in `Model::coordinates`; also its number in the forest.
pub type CoordinateId = u16;
/// Index of a condition in `Model::conditions`.
pub type ConditionId = u32;

/// Terminal of a truth-valued root: false.
pub const NO: u32 = 0;
/// Terminal of a truth-valued root: true.
pub const YES: u32 = 1;
/// Terminal of an answer root: the answer is blank.
pub const BLANK: u32 = 0xFFFF;
/// Terminal of a `shortest` root: nothing limits it.
pub const NO_LIMIT: u32 = 0xFFFE;
/// Terminal of an answer root: no rule answers. Never reachable within the valid requests of a policy that was accepted.
pub const GAP: u32 = 0xFFFD;
/// Terminal of an answer root: rules answer differently. Never reachable within the valid requests of a policy that was accepted.
pub const CONFLICT: u32 = 0xFFFC;

/// A whole policy after lowering.
#[derive(Clone, Debug)]
pub struct Model {
    /// Name, version and digests, copied into the module.
    pub identity: Identity,
    /// The vocabulary.
    pub schema: Schema,
    /// The coordinates, in schema order (a moment's date before its time, presence before members).
    pub coordinates: Vec<Coordinate>,
    /// Conditions; an entry refers only to lower entries.
    pub conditions: Vec<Condition>,
    /// All diagrams. Coordinate numbers and classes are those of `coordinates`.
    pub forest: Forest,
    /// The requests that satisfy every assumption, every pin, and are possible for identifiers.
    pub valid: Ref,
    /// The same as a condition, without what only identifiers impose.
    pub valid_condition: ConditionId,
    /// By assumption of the policy: what it says must hold.
    pub assumptions: Vec<ConditionId>,
    /// By decision.
    pub decisions: Vec<DecisionModel>,
    /// By rule, in the order of `typed::Policy::rules`.
    pub rules: Vec<RuleModel>,
    /// What the policy promises: a module says that all of it was proved.
    pub proofs: Proofs,
    /// What its tests and asserts say; no part of a module.
    pub promises: Promises,
}

/// The tests and asserts of a policy, for `analyze`.
#[derive(Clone, Debug, Default)]
pub struct Promises {
    /// The conditions of the model, followed by those only tests and asserts use.
    pub conditions: Vec<Condition>,
    /// By test: what is given and what is expected, as conditions of this list.
    pub tests: Vec<(ConditionId, ConditionId)>,
    /// By assert, in the order of `typed::Policy::asserts`.
    pub asserts: Vec<AssertModel>,
}

/// An assert over conditions of [`Promises::conditions`].
#[derive(Clone, Debug)]
pub enum AssertModel {
    /// The condition never holds.
    Never(ConditionId),
    /// Where the first holds, the second does.
    AlwaysIf(ConditionId, ConditionId),
    /// The condition holds for some request.
    Possible(ConditionId),
    /// Answers equal those of an older version, except where the condition holds.
    Unchanged {
        /// The answers of the older version, in terminals of this one; a value this one does not have is `FOREIGN` or more.
        old: Vec<OldAnswer>,
        /// The requests valid in the older version.
        valid: Ref,
        /// Where answers may differ.
        except: ConditionId,
        /// Why some parts cannot be compared, in words: inputs or answers that one of the two does not have.
        apart: Vec<String>,
    },
    /// Changing one input never makes an answer become something it was not.
    Changes {
        /// The coordinate of the input.
        coordinate: CoordinateId,
        /// The class before.
        from: u16,
        /// The class after.
        to: u16,
        /// The decision.
        decision: DecisionId,
        /// The answer.
        answer: AnswerId,
        /// The root of the answer that is meant: the member, for sets.
        root: usize,
        /// The terminal it must not newly have.
        becomes: u32,
    },
}

/// One root of an older version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldAnswer {
    /// The decision, in this version's numbers.
    pub decision: DecisionId,
    /// The answer.
    pub answer: AnswerId,
    /// Which of its roots: the member, for sets.
    pub root: usize,
    /// What the older version answered.
    pub diagram: Ref,
}

/// First terminal for values that an older version has and this one does not.
pub const FOREIGN: u32 = 0x1_0000;

/// Two versions of a policy over the same coordinates, in one forest.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The newer version. Its inputs are those of both versions, its forest holds the diagrams of both; it has no promises.
    pub model: Model,
    /// The older version.
    pub old: Older,
    /// By input of the model: which one it is in the older and in the newer version.
    pub inputs: Vec<(Option<InputId>, Option<InputId>)>,
    /// Sets of requests that have a name in the policies and mean the same in both.
    pub named: Vec<Named>,
}

/// The older of two versions; its diagrams are in the forest of the newer one's model.
#[derive(Clone, Debug)]
pub struct Older {
    /// Its vocabulary: the inputs of both, its own decisions.
    pub schema: Schema,
    /// The requests valid in it.
    pub valid: Ref,
    /// By decision of its own.
    pub decisions: Vec<DecisionModel>,
    /// By rule of its own.
    pub rules: Vec<RuleModel>,
}

/// A set of requests with a name: a term, or a moment during a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The words when a request is among them: `closed`, `now is during office_hours`.
    pub holds: String,
    /// The words when it is not.
    pub fails: String,
    /// What has the name.
    pub kind: NamedKind,
    /// The requests.
    pub requests: Ref,
}

/// What has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedKind {
    /// The term of this name.
    Term(String),
    /// The moment (by input of the model) is during the calendar of this name.
    During(InputId, String),
}

/// What names a policy and its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The edition.
    pub edition: u16,
    /// The policy's name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title; empty if none.
    pub title: String,
    /// SHA-256 over the identities of all files it is made of.
    pub source: [u8; 32],
}

/// What a policy promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// How many tests it has.
    pub tests: u32,
    /// Its asserts.
    pub promises: Vec<Promise>,
}

/// One assert, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its name.
    pub name: String,
    /// Its form.
    pub form: Form,
    /// The policy it stands in; empty if that is the policy itself.
    pub policy: String,
}

/// The forms of an assert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `never`.
    Never,
    /// `always if`.
    Always,
    /// `possible`.
    Possible,
    /// `unchanged since`.
    Unchanged,
    /// `changes ... never becomes`.
    Changes,
}

impl Form {
    /// Its number in a module.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Form::Never => 0,
            Form::Always => 1,
            Form::Possible => 2,
            Form::Unchanged => 3,
            Form::Changes => 4,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Form::Never => "never",
            Form::Always => "always",
            Form::Possible => "possible",
            Form::Unchanged => "unchanged",
            Form::Changes => "changes",
        }
    }
}

/// One coordinate of the request space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinate {
    /// The input it is a part of.
    pub input: InputId,
    /// Which part.
    pub part: Part,
    /// How a raw value becomes a class.
    pub classifier: Classifier,
    /// How many classes there are; at least 1.
    pub classes: u32,
    /// How many raw values each class holds, by class, over the analysis horizon.
    pub weights: Vec<u64>,
    /// A familiar raw value of each class, as the classifier takes it: for examples. Not meaningful for `not set`.
    pub samples: Vec<i64>,
    /// Every class's raw values as inclusive intervals over the horizon (day numbers for dates), for rendering. Empty for `not set`.
    pub ranges: Vec<Vec<(i64, i64)>>,
}

/// The part of an input a coordinate stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole value.
    Whole,
    /// Whether it is set (optional sets and optional moments): raw 0 not set, raw 1 set.
    Presence,
    /// The date of a moment.
    Date,
    /// The minute of a moment.
    Time,
    /// One member of a set: raw 0 out, raw 1 in.
    Member(u8),
}

/// How a raw value becomes a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Classifier {
    /// By index: yes/no, presence, members, `one of`. `not_set` is the class of an optional input that is not set.
    Direct {
        /// Class by raw index.
        classes: Vec<u16>,
        /// The class of not set, for optional inputs.
        not_set: Option<u16>,
    },
    /// By interval: numbers, durations, times.
    Bounds {
        /// First raw value of each interval, ascending; the first is the least value of the type.
        starts: Vec<i64>,
        /// Class of each interval.
        classes: Vec<u16>,
        /// The class of not set, for optional inputs.
        not_set: Option<u16>,
    },
    /// By date: `table[(a * year_starts.len() + b) * 7 + weekday]`, Monday 0.
    Date {
        /// First day number of each one-off interval; the first is `i64::MIN`.
        day_starts: Vec<i64>,
        /// First `month * 32 + day` of each yearly interval; the first is 0.
        year_starts: Vec<u16>,
        /// Class by (one-off interval, yearly interval, weekday).
        table: Vec<u16>,
        /// The class of not set, for optional dates.
        not_set: Option<u16>,
    },
    /// By identity. Class order: known names, `same as` each compared earlier input, fresh; then not set.
    Identifier {
        /// How many known names have a class of their own: raw numbers below it are their own class.
        known: u32,
        /// Earlier inputs of the same kind it is compared with, by input: class `known + position` means the same as that one, which is fresh.
        same_as: Vec<InputId>,
        /// The class of not set, for optional inputs.
        not_set: Option<u16>,
    },
}

impl Classifier {
    /// The class of *not set*, if the input is optional.
    #[must_use]
    pub fn not_set(&self) -> Option<u16> {
        match self {
            Classifier::Direct { not_set, .. }
            | Classifier::Bounds { not_set, .. }
            | Classifier::Date { not_set, .. }
            | Classifier::Identifier { not_set, .. } => *not_set,
        }
    }
}

/// A condition over classes and answers; shared, so that equal conditions have one number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Always or never.
    Constant(bool),
    /// The coordinate is in one of these classes (ascending).
    In(CoordinateId, Vec<u16>),
    /// The two identifier inputs are equal and set. Their coordinates also say so, together; the code form compares the slots.
    Same(CoordinateId, CoordinateId),
    /// The answer has one of these terminals (ascending): for sets, see `Member`.
    Answer(DecisionId, AnswerId, Vec<u32>),
    /// The member is in the set answer (false on blank).
    Member(DecisionId, AnswerId, u8),
    /// All hold.
    And(Vec<ConditionId>),
    /// At least one holds.
    Or(Vec<ConditionId>),
    /// At least so many hold.
    AtLeast(u32, Vec<ConditionId>),
    /// It does not hold.
    Not(ConditionId),
}

/// One decision.
#[derive(Clone, Debug)]
pub struct DecisionModel {
    /// Its answers, in schema order.
    pub answers: Vec<AnswerModel>,
    /// Its answers in an order in which each only needs those before it.
    pub order: Vec<AnswerId>,
    /// What `normally` says, if anything.
    pub normally: Vec<EffectModel>,
    /// The words of `normally`.
    pub normally_words: Words,
    /// What holds when unsure, by answer.
    pub unsure: Vec<AnswerValue>,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct AnswerModel {
    /// Diagram roots after `only when`: one for all kinds but sets, one a member for sets.
    /// Terminals: the value's index; for `shortest` an index into `durations` or `NO_LIMIT`; for members `NO` or `YES`; `BLANK` everywhere.
    pub roots: Vec<Ref>,
    /// The same before `only when`, and of any value where the answer is blank: what the machine forms walk.
    pub bare: Vec<Ref>,
    /// The durations that occur, ascending, for `shortest`.
    pub durations: Vec<u32>,
    /// The earlier answer and terminals without which this one is blank.
    pub only_when: Option<(AnswerId, Vec<u32>)>,
}

/// One rule or exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleModel {
    /// Its decision.
    pub decision: DecisionId,
    /// Its own condition, without its parents'.
    pub condition: ConditionId,
    /// Its own conditions one by one, in source order: together they are `condition`.
    pub clauses: Vec<ConditionId>,
    /// The diagram of its own condition, without its parents'.
    pub guard: Ref,
    /// The rules it is an exception to; empty for a rule.
    pub parents: Vec<RuleId>,
    /// The exceptions to it, ascending.
    pub kids: Vec<RuleId>,
    /// What it says.
    pub effects: Vec<EffectModel>,
    /// Its words, for the module's reasons.
    pub words: Words,
}

/// What a module tells people about a rule or `normally`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The rule's name; `normally` for that.
    pub name: String,
    /// Why.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
    /// Where it stands in the source.
    pub span: Span,
}

/// One effect, in terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectModel {
    /// The answer is this terminal (index of value, or index into `durations`).
    Is(AnswerId, u32),
    /// The members are put in.
    Include(AnswerId, u32),
    /// The members are taken out of the direct parents.
    Omit(AnswerId, u32),
}
