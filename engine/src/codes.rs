//! The one table of diagnostic codes: number, severity, short name and title.
//! In: nothing. Out: `Code` and its facts; the page of each code stands in `engine/pages/`. Refuses to know when a code is raised.
//!
//! Ranges: 100-119 reading the text, 120-149 names and types, 2xx meaning, 3xx hygiene, 4xx promises, 5xx requests, 6xx modules.
//! A code is never given a second meaning, and never disappears.

use std::fmt;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy cannot be built.
    Error,
    /// The policy can be built, but probably does not say what its author means.
    Warning,
    /// Worth knowing.
    Note,
}

/// A diagnostic code such as `KW201`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// What the table says of one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Its short name, for people and for `--format json`.
    pub name: &'static str,
    /// One line on what it means.
    pub title: &'static str,
    /// Its page: why, an example, the way out.
    pub page: &'static str,
}

macro_rules! codes {
    ($($code:ident $number:literal $severity:ident $name:literal $title:literal;)*) => {
        $(#[doc = $title] pub const $code: Code = Code($number);)*
        /// Every code, ascending.
        pub const ALL: &[Entry] = &[$(Entry {
            code: Code($number),
            severity: Severity::$severity,
            name: $name,
            title: $title,
            page: include_str!(concat!("../pages/", stringify!($code), ".md")),
        },)*];
    };
}

codes! {
    KW100 100 Error "not-understood" "I cannot read this here";
    KW101 101 Error "one-connective" "conditions are joined by `and`";
    KW102 102 Error "header" "the file starts with its edition and its name";
    KW103 103 Error "item" "this does not start a paragraph";
    KW104 104 Error "because" "a rule needs its reason";
    KW105 105 Error "text" "a string is not closed or holds a forbidden character";
    KW106 106 Error "character" "this character is refused";
    KW107 107 Error "too-large" "the file is larger than the language allows";
    KW108 108 Error "too-deep" "the text nests deeper than the language allows";
    KW109 109 Error "number" "this number, date or time does not exist";
    KW110 110 Error "reserved-word" "a reserved word cannot be a name";
    KW111 111 Error "name" "this is not a name";
    KW112 112 Error "edition" "this edition is not known";
    KW113 113 Warning "look-alike" "two names look alike";
    KW114 114 Warning "spelling" "the operator is written as a word";
    KW120 120 Error "not-a-value" "the input has no such value";
    KW121 121 Error "unknown-name" "nothing has this name";
    KW122 122 Error "twice" "two things have one name";
    KW123 123 Error "prefix" "a name is the beginning of another";
    KW124 124 Error "wrong-type" "this test does not fit the input";
    KW125 125 Error "ambiguous" "the word is both a value and a constant";
    KW126 126 Error "range" "the value lies outside its range";
    KW127 127 Error "empty-range" "the range is empty or runs backwards";
    KW128 128 Error "optional" "the test must say what holds when the input is not set";
    KW129 129 Error "cycle" "these definitions refer to each other";
    KW130 130 Error "limit" "the policy is larger than the language allows";
    KW131 131 Error "effect" "this effect does not fit the answer";
    KW132 132 Error "decision" "the rule does not belong to one decision";
    KW133 133 Error "unsure" "the decision must say what holds when it is unsure";
    KW134 134 Error "parent" "the exception cannot stand below this";
    KW135 135 Error "only-when" "`only when` names an earlier answer of the same decision";
    KW136 136 Error "omit" "`omit` removes only what the direct parent includes";
    KW137 137 Error "calendar" "these hours cannot be";
    KW138 138 Error "group" "this group cannot be used so";
    KW139 139 Error "not-in-test" "this cannot stand here";
    KW140 140 Error "use" "the file that is used cannot be found";
    KW141 141 Error "refines" "a refinement may not say this";
    KW142 142 Error "fix" "this cannot be fixed at that value";
    KW143 143 Error "lock" "the file does not match the lock";
    KW144 144 Error "policy-shape" "a policy needs a decision";
    KW145 145 Error "identifiers" "too many identifiers are compared";
    KW146 146 Error "missing-decision" "the item needs a decision";
    KW147 147 Error "given" "a test needs a condition and an expectation";
    KW148 148 Error "answer-test" "the answer cannot be tested so";
    KW149 149 Error "expect" "the expectation must be about an answer";
    KW200 200 Error "too-complex" "the policy is too entangled to analyse";
    KW201 201 Error "conflict" "two rules answer differently";
    KW202 202 Error "gap" "no rule answers";
    KW203 203 Error "nothing-valid" "no request satisfies all assumptions";
    KW204 204 Warning "mild-unsure" "the answer when unsure is not the strictest";
    KW301 301 Warning "unused" "nothing uses this";
    KW302 302 Warning "omit-nothing" "this `omit` removes nothing";
    KW303 303 Warning "deep-exception" "the exception stands deep below its rule";
    KW304 304 Warning "years" "movable days are listed for some years only";
    KW305 305 Warning "overbroad" "the catch-all swallows most requests";
    KW306 306 Note "never-blank" "this `only when` never blanks";
    KW310 310 Warning "no-difference" "deleting this changes no answer";
    KW311 311 Warning "never-applies" "the condition can never hold";
    KW312 312 Warning "never-decides" "the rule never decides";
    KW313 313 Warning "subsumed" "another rule says the same for more requests";
    KW314 314 Warning "always-holds" "the condition always holds";
    KW401 401 Error "not-proved" "the assertion does not hold";
    KW402 402 Error "test-failed" "the test does not hold";
    KW403 403 Error "not-possible" "what should be possible never happens";
    KW404 404 Error "changed" "answers changed that should not";
    KW405 405 Error "test-empty" "no request is like the test";
    KW501 501 Error "request-key" "the request names an unknown input";
    KW502 502 Error "request-type" "the value has the wrong type";
    KW503 503 Error "request-range" "the value lies outside its range";
    KW504 504 Error "request-json" "the request is not valid JSON";
    KW601 601 Error "module-foreign" "this is not a Keyward module";
    KW602 602 Error "module-broken" "the module is damaged";
    KW603 603 Error "module-version" "the module was made for another version";
    KW604 604 Error "module-too-large" "the module would be too large";
    KW605 605 Error "self-check" "the compiled module does not match the policy";
}

impl Code {
    /// True for what is said of tests and asserts: the policy decides all the same.
    #[must_use]
    pub fn is_promise(self) -> bool {
        (400..500).contains(&self.0)
    }

    /// The code of a number such as `KW201` (in either case) or `201`.
    pub fn parse(text: &str) -> Option<Code> {
        let digits = text.trim().trim_start_matches(['K', 'k']).trim_start_matches(['W', 'w']);
        let number: u16 = digits.parse().ok()?;
        ALL.iter().map(|entry| entry.code).find(|code| code.0 == number)
    }

    /// What the table says of it.
    pub fn entry(self) -> Option<&'static Entry> {
        ALL.binary_search_by_key(&self, |entry| entry.code).ok().and_then(|at| ALL.get(at))
    }

    /// How much it matters.
    pub fn severity(self) -> Severity {
        self.entry().map_or(Severity::Error, |entry| entry.severity)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KW{:03}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
