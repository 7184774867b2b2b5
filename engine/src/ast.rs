//! What the author wrote: one tree a file, every node with its place, comments kept aside.
//! In: nothing (built by `parse`). Out: data for `check` and `format`. Refuses to know what a name means or whether a type fits.
//!
//! The tree is flat: an item holds lists of clauses, a clause lists of tests, and nothing nests deeper, so no pass recurses.

use crate::span::{FileId, Span};

/// A name or dotted name as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text, dots included.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A string as written, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
}

/// A whole number as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value.
    pub value: u64,
    /// Its place.
    pub span: Span,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its number.
    pub file: FileId,
    /// Its header; missing if it could not be read.
    pub header: Option<Header>,
    /// Its items, in source order; items that could not be read are left out.
    pub items: Vec<Item>,
    /// Its comments, in source order.
    pub comments: Vec<Comment>,
}

/// A comment from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text after `#`, with trailing blanks cut.
    pub text: String,
    /// Its place, `#` included.
    pub span: Span,
    /// Whether only blanks stand before it on its line.
    pub own_line: bool,
    /// Whether an empty line stands before it.
    pub after_blank: bool,
}

/// `edition 2026 policy keyward.pickup version 1 "…" refines …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The edition.
    pub edition: Number,
    /// The policy's name.
    pub name: Name,
    /// Its version.
    pub version: Number,
    /// Its title.
    pub title: Option<Text>,
    /// The policy it refines.
    pub refines: Option<Import>,
    /// The whole header.
    pub span: Span,
}

/// A policy named with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The name.
    pub name: Name,
    /// The version.
    pub version: Number,
}

/// One paragraph of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub kind: ItemKind,
    /// The whole paragraph, without comments around it.
    pub span: Span,
}

/// The kinds of paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `use keyward.words version 1`.
    Use(Import),
    /// `constant limit is 12 hours "…"`.
    Constant(Constant),
    /// `fix org.mode at pin`, `fix org.mode at one of pin, otp`.
    Fix(Fix),
    /// `input …`.
    Input(Input),
    /// `setting …`.
    Setting(Setting),
    /// `group …`.
    Group(Group),
    /// `calendar …`.
    Calendar(Calendar),
    /// `term …`.
    Term(Term),
    /// `assume …`.
    Assume(Assume),
    /// `decision …` with its answers.
    Decision(Decision),
    /// `normally …`.
    Normally(Normally),
    /// `if unsure …`.
    Unsure(Unsure),
    /// `rule …`.
    Rule(Rule),
    /// `exception …`.
    Exception(Exception),
    /// `test …`.
    Test(TestCase),
    /// `assert …`.
    Assert(Assert),
}

/// A literal as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its value.
    pub kind: LiteralKind,
    /// Its place.
    pub span: Span,
}

/// The kinds of literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// A bare name: a value, a weekday, `yes` or `no`, a constant, or another input; dots possible where an operand may stand.
    Name(String),
    /// A whole number.
    Int(u64),
    /// A string: an identifier.
    Text(String),
    /// A date that exists.
    Date(Date),
    /// Minutes after midnight, 0 to 1440.
    Time(u16),
    /// A duration.
    Duration(Duration),
}

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day, 1 to 31.
    pub day: u8,
}

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearDay {
    /// The month, 1 to 12.
    pub month: u8,
    /// The day, 1 to 31.
    pub day: u8,
}

/// A duration as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u64,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl Duration {
    /// The duration in minutes; `None` if it is larger than any machine accepts.
    pub fn minutes(self) -> Option<u32> {
        let factor = match self.unit {
            Unit::Minutes => 1,
            Unit::Hours => 60,
            Unit::Days => 24 * 60,
        };
        self.count.checked_mul(factor).and_then(|minutes| u32::try_from(minutes).ok())
    }
}

/// A value with its description: `sms_code "by text"`. The name may be a whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The value's name.
    pub name: Name,
    /// What it means to people.
    pub text: Option<Text>,
}

/// `constant NAME is LITERAL "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Literal,
    /// Its description. The formatter writes it right after the name.
    pub text: Option<Text>,
}

/// `fix NAME at LITERAL` or `fix NAME at one of LITERAL, …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The setting or constant.
    pub name: Name,
    /// The value, or the values left; never empty.
    pub values: Vec<Literal>,
    /// Whether `one of` was written.
    pub one_of: bool,
}

/// `optional input NAME "…" is TYPE fixed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Whether it may be not set.
    pub optional: bool,
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its type.
    pub ty: Type,
    /// Whether the person cannot change it.
    pub fixed: bool,
}

/// `setting NAME "…" is TYPE default LITERAL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its type.
    pub ty: Type,
    /// What holds where an organization says nothing.
    pub default: Literal,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What was written.
    pub kind: TypeKind,
    /// Its place.
    pub span: Span,
}

/// The types of inputs and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// `yes or no`.
    YesNo,
    /// `one of a, b`.
    OneOf(Vec<Label>),
    /// `a set of a, b`.
    SetOf(Vec<Label>),
    /// `a number from 1 to 5`.
    Number(Number, Number),
    /// `a duration from 0 minutes to 30 days`.
    Duration(Duration, Duration),
    /// `a moment`, `a moment in zone "Europe/Paris"`.
    Moment(Option<Text>),
    /// `a date from 2026-01-01 to 2027-12-31`.
    Date(Date, Date),
    /// `a time`.
    Time,
    /// `a user`: an identifier of the kind `user`.
    Identifier(Name),
}

/// `group NAME "…" of INPUT is …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// The input it is of.
    pub of: Name,
    /// Its members; `None` if it is kept outside.
    pub members: Option<Vec<Literal>>,
}

/// `calendar NAME "…" is …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its spans; `None` if it is kept outside.
    pub spans: Option<Vec<CalendarSpan>>,
    /// The calendars whose days are taken out.
    pub except: Vec<Name>,
}

/// One span of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarSpan {
    /// The days.
    pub days: Days,
    /// The hours of those days; the whole day if not given.
    pub hours: Option<Hours>,
    /// Its place.
    pub span: Span,
}

/// The days of a calendar span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// `every day`.
    Every,
    /// `every year on 12-25`.
    Yearly(YearDay),
    /// `every year from 12-24 to 01-02`; may run over the end of the year.
    YearlyRange(YearDay, YearDay),
    /// `monday`, `monday to friday`: Monday is 0; may run over the end of the week.
    Weekdays(u8, u8),
    /// `2026-04-03`.
    On(Date),
    /// `from 2026-12-28 to 2026-12-31`.
    Range(Date, Date),
}

/// `from 22:00 until 02:00 next day`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First minute, 0 to 1440.
    pub from: u16,
    /// First minute after, 0 to 1440.
    pub until: u16,
    /// Whether `next day` was written.
    pub next_day: bool,
}

/// `term NAME "…" means …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its condition.
    pub condition: All,
}

/// `assume "…" never …` or `assume "…" if … then …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assume {
    /// The sentence.
    pub text: Text,
    /// What is assumed.
    pub kind: AssumeKind,
}

/// The two forms of an assumption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssumeKind {
    /// `never A`.
    Never(All),
    /// `if A then B`.
    IfThen(All, All),
}

/// `decision NAME "…"` with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub name: Name,
    /// The question it answers.
    pub text: Option<Text>,
    /// Its answers, in order.
    pub answers: Vec<Answer>,
}

/// `answer NAME "…" is KIND only when …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its kind.
    pub kind: AnswerKind,
    /// The answer and value without which it is blank.
    pub only_when: Option<(Name, Name)>,
    /// The whole answer.
    pub span: Span,
}

/// The kinds of answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// `one of a, b`.
    OneOf(Vec<Label>),
    /// `yes or no`.
    YesNo,
    /// `a set of a, b`.
    SetOf(Vec<Label>),
    /// `the strictest of mild, strict`.
    Strictest(Vec<Label>),
    /// `the shortest duration up to 7 days`.
    Shortest(Duration),
}

/// `normally EFFECTS because …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normally {
    /// What holds where no rule says anything.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: Text,
    /// Where it is written down.
    pub cite: Option<Text>,
}

/// `if unsure EFFECTS because …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// What holds when facts are missing or invalid.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: Option<Text>,
}

/// `rule NAME "…" always|when … then … because …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// Its condition; `None` for `always`.
    pub condition: Option<All>,
    /// What it says.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: Text,
    /// Where it is written down.
    pub cite: Option<Text>,
}

/// `exception NAME "…" to PARENT, … when …|always then … because …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub text: Option<Text>,
    /// The rules and exceptions it is an exception to; never empty.
    pub parents: Vec<Name>,
    /// Its condition; `None` for `always`.
    pub condition: Option<All>,
    /// What it says.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: Text,
    /// Where it is written down.
    pub cite: Option<Text>,
}

/// One effect of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The answer, bare or with its decision.
    pub answer: Name,
    /// What is said of it.
    pub kind: EffectKind,
    /// The whole effect.
    pub span: Span,
}

/// The kinds of effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// `is VALUE`.
    Is(Literal),
    /// `include a, b`.
    Include(Vec<Name>),
    /// `omit a, b`.
    Omit(Vec<Name>),
}

/// Clauses joined by `and`; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct All {
    /// The clauses.
    pub clauses: Vec<Clause>,
    /// The whole list.
    pub span: Span,
}

/// One clause of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A test or a term.
    One(One),
    /// `any of` (at least 1) or `at least N of`, with its bullets.
    AtLeast(AtLeast),
}

/// `any of - … - …` or `at least 2 of - … - …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLeast {
    /// How many bullets must hold; `None` where `any of` was written.
    pub count: Option<Number>,
    /// The bullets, each a list of tests and terms joined by `and`; never empty.
    pub bullets: Vec<Vec<One>>,
    /// The whole clause.
    pub span: Span,
}

/// A test, or a term, perhaps with `not`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum One {
    /// A bare name: a term.
    Term(Name),
    /// `not` and a term; the span covers both.
    NotTerm(Name, Span),
    /// A test.
    Test(Test),
}

/// A test of one input or answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The input, the part of a moment (`now.date`), or the answer.
    pub subject: Name,
    /// What is tested.
    pub kind: TestKind,
    /// The whole test.
    pub span: Span,
}

/// The forms of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// `is set`.
    IsSet,
    /// `is not set`.
    IsNotSet,
    /// `is during CALENDAR`.
    During(Name),
    /// `is outside CALENDAR`.
    Outside(Name),
    /// `is from A to B` (B included).
    FromTo(Literal, Literal),
    /// `is from A until B` (B not included).
    FromUntil(Literal, Literal),
    /// `is at least A`, `is before A`, ….
    Compare(Comparison, Literal),
    /// `include a`.
    Include(Name),
    /// `do not include a`.
    DoNotInclude(Name),
    /// `include one of a, b`.
    IncludeOneOf(Vec<Name>),
    /// `include all of a, b`.
    IncludeAllOf(Vec<Name>),
    /// `is one of a, b`.
    IsOneOf(Vec<Literal>),
    /// `is not one of a, b`.
    IsNotOneOf(Vec<Literal>),
    /// `is in GROUP`.
    IsIn(Name),
    /// `is not in GROUP`.
    IsNotIn(Name),
    /// `is A`.
    Is(Literal),
    /// `is not A`.
    IsNot(Literal),
}

/// The comparisons of ordered types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `at least`.
    AtLeast,
    /// `at most`.
    AtMost,
    /// `more than`.
    MoreThan,
    /// `less than`.
    LessThan,
    /// `before`: less than, for dates, times and moments.
    Before,
    /// `after`: more than, for dates, times and moments.
    After,
}

/// `test "…" given … expect …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// Its sentence, which is its name.
    pub name: Text,
    /// What is given.
    pub given: All,
    /// What must follow.
    pub expect: All,
}

/// `assert NAME "…" …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assert {
    /// Its name.
    pub name: Name,
    /// Its sentence.
    pub text: Option<Text>,
    /// What is promised.
    pub kind: AssertKind,
}

/// The five forms of an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssertKind {
    /// `never A`.
    Never(All),
    /// `always if A then B`.
    AlwaysIf(All, All),
    /// `possible A`.
    Possible(All),
    /// `unchanged since POLICY version N except when A`.
    Unchanged(Import, Option<All>),
    /// `if INPUT changes from A to B then ANSWER never becomes C`.
    Changes {
        /// The input or setting that changes.
        input: Name,
        /// The value before.
        from: Literal,
        /// The value after.
        to: Literal,
        /// The answer.
        answer: Name,
        /// The value it must not newly take.
        becomes: Literal,
    },
}
