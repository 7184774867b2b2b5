//! The words of edition 2026: every one of them, where it may stand and what it says.
//! In: nothing. Out: one table that the grammar, the messages, the formatter's tests and editors read.
//! Refuses to know the grammar: a test in `parse` proves that the two agree.

/// One word of the language.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The word.
    pub word: &'static str,
    /// Whether it can never be a name. A word that is not reserved has its meaning only at its place.
    pub reserved: bool,
    /// Whether it starts a paragraph (`if` does so only before `unsure`).
    pub starts_item: bool,
    /// Where it may stand.
    pub place: &'static str,
    /// One line on what it says.
    pub doc: &'static str,
}

macro_rules! keywords {
    ($($role:ident $word:literal $place:literal $doc:literal;)*) => {
        /// Every word, in alphabetical order.
        pub const ALL: &[Keyword] = &[$(keywords!(@row $role $word $place $doc),)*];
    };
    (@row item $word:literal $place:literal $doc:literal) => {
        Keyword { word: $word, reserved: true, starts_item: true, place: $place, doc: $doc }
    };
    (@row word $word:literal $place:literal $doc:literal) => {
        Keyword { word: $word, reserved: true, starts_item: false, place: $place, doc: $doc }
    };
    (@row free $word:literal $place:literal $doc:literal) => {
        Keyword { word: $word, reserved: false, starts_item: false, place: $place, doc: $doc }
    };
}

keywords! {
    free "a" "types" "begins a type: `a number`, `a set of`, `a user`";
    word "after" "tests" "later than a date, a time or a moment";
    word "all" "tests" "`include all of`: every listed member is in the set";
    word "always" "rules, assertions" "a rule without condition; an assertion that holds for every request";
    free "an" "types" "begins a type: `an account`";
    word "and" "conditions, effects" "joins conditions, and joins effects";
    word "answer" "decisions" "one thing a decision says";
    word "any" "conditions" "`any of`: at least one of the bullets holds";
    item "assert" "paragraphs" "a promise about every request, proved at each build";
    item "assume" "paragraphs" "a fact about the world: other requests are invalid";
    word "at" "tests, fixes" "`at least`, `at most`; the value of a `fix`";
    word "because" "rules" "the reason, in words for the person concerned";
    word "becomes" "assertions" "`never becomes`: the answer does not newly take this value";
    word "before" "tests" "earlier than a date, a time or a moment";
    item "calendar" "paragraphs" "names a set of days and hours";
    word "changes" "assertions" "`if X changes from A to B`: compares two requests";
    word "cite" "rules" "the document that a rule follows";
    item "constant" "paragraphs" "names a value that never changes while the policy runs";
    word "date" "types" "`a date from … to …`";
    free "day" "durations, calendars" "a duration of 24 hours; `every day`; `next day`";
    free "days" "durations" "a duration in days of 24 hours";
    item "decision" "paragraphs" "a question with its answers";
    word "default" "settings" "what holds where an organization says nothing";
    word "do" "tests" "`do not include`: the member is not in the set";
    word "duration" "types, answers" "`a duration from … to …`; `the shortest duration up to …`";
    word "during" "tests" "the moment lies in the calendar";
    word "edition" "the header" "the edition of the language the file is written in";
    word "every" "calendars" "`every day`, `every year`";
    word "except" "calendars, assertions" "takes days out of a calendar; allows changes in an assertion";
    item "exception" "paragraphs" "narrows a rule: where it applies, it overrides the answers it names";
    word "expect" "tests" "what must follow from what is given";
    item "fix" "paragraphs" "pins a setting or constant of the policy that is refined";
    word "fixed" "inputs" "the person cannot change this input";
    word "friday" "values" "a day of the week";
    word "from" "types, tests, calendars" "the first value of a range";
    word "given" "tests" "what the request is like";
    item "group" "paragraphs" "names a list of values of one input";
    free "hour" "durations" "a duration of 60 minutes";
    free "hours" "durations" "a duration in hours";
    item "if" "assumptions, assertions, paragraphs" "a condition; `if unsure` says what holds when facts are missing";
    word "in" "tests, types" "the value is in a group; `a moment in zone`";
    word "include" "tests, effects" "the set holds the member; adds members to a set answer";
    item "input" "paragraphs" "a fact that the request brings";
    word "is" "everywhere" "joins a name with its type, its value or its test";
    word "kept" "groups, calendars" "`kept outside`: the host says who or when";
    word "least" "tests, conditions" "`at least`: this much or more";
    word "less" "tests" "`less than`: below the number or duration";
    word "means" "terms" "joins a term with its condition";
    free "minute" "durations" "a duration of one minute";
    free "minutes" "durations" "a duration in minutes";
    word "moment" "types" "`a moment`: a date and a time of day at the site";
    word "monday" "values" "a day of the week";
    word "more" "tests" "`more than`: above the number or duration";
    word "most" "tests" "`at most`: this much or less";
    word "never" "assumptions, assertions" "no request is like this";
    free "next" "calendars" "`next day`: the hours end on the following day";
    word "no" "types, values" "the value `no`";
    item "normally" "paragraphs" "what holds where no rule says anything";
    word "not" "tests, conditions" "the opposite of one test or one term";
    word "number" "types" "`a number from … to …`";
    word "of" "lists" "`one of`, `a set of`, `any of`; the input of a group";
    word "omit" "effects" "takes a member out that the parent rule included";
    free "on" "calendars" "`every year on 12-25`";
    word "one" "lists" "`one of`: exactly one of the values";
    word "only" "answers" "`only when`: the answer is blank otherwise";
    item "optional" "paragraphs" "the input may be not set";
    word "or" "types" "`yes or no`; conditions are never joined by it";
    word "outside" "tests, groups, calendars" "the moment does not lie in the calendar; `kept outside`";
    word "policy" "the header" "the name of the policy";
    word "possible" "assertions" "at least one request is like this";
    word "refines" "the header" "the policy whose rules this one narrows";
    item "rule" "paragraphs" "says answers for the requests that meet its condition";
    word "saturday" "values" "a day of the week";
    word "set" "types, tests" "`a set of`; `is set`, `is not set`";
    item "setting" "paragraphs" "a choice of the organization";
    word "shortest" "answers" "`the shortest duration`: the shortest one said by any rule";
    word "since" "assertions" "`unchanged since`: compares with an older version";
    word "strictest" "answers" "`the strictest of`: the last listed one said by any rule";
    word "sunday" "values" "a day of the week";
    item "term" "paragraphs" "names a condition";
    item "test" "paragraphs" "an example that must come out as expected";
    word "than" "tests" "`more than`, `less than`";
    word "the" "answers" "`the strictest of`, `the shortest duration`";
    word "then" "rules, assumptions, assertions" "what follows from the condition";
    word "thursday" "values" "a day of the week";
    word "time" "types" "`a time`: a time of day";
    word "to" "types, tests, exceptions" "the last value of a range; the parents of an exception";
    word "tuesday" "values" "a day of the week";
    word "unchanged" "assertions" "`unchanged since`: every request is answered as before";
    word "unsure" "paragraphs" "`if unsure`: what holds when facts are missing or invalid";
    word "until" "tests, calendars" "the end of a range, which is not part of it";
    free "up" "answers" "`up to`: the longest duration an answer can be";
    item "use" "paragraphs" "takes the words of another policy file";
    word "version" "the header, uses" "the whole number of a policy's version";
    word "wednesday" "values" "a day of the week";
    word "when" "rules, answers" "the condition of a rule";
    free "year" "calendars" "`every year on`, `every year from`";
    word "yes" "types, values" "the value `yes`";
    free "zone" "types" "`a moment in zone \"Europe/Paris\"`";
}

/// What the table says of a word.
pub fn find(word: &str) -> Option<&'static Keyword> {
    ALL.binary_search_by(|keyword| keyword.word.cmp(word)).ok().and_then(|at| ALL.get(at))
}

/// Whether the word can never be a name.
pub fn is_reserved(word: &str) -> bool {
    find(word).is_some_and(|keyword| keyword.reserved)
}

/// Whether the word starts a paragraph. `if` does so only before `unsure`, which the caller has to see.
pub fn starts_item(word: &str) -> bool {
    find(word).is_some_and(|keyword| keyword.starts_item)
}

/// The days of the week in order; Monday is 0.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The number of a weekday; Monday is 0.
pub fn weekday(word: &str) -> Option<u8> {
    WEEKDAYS.iter().position(|day| *day == word).and_then(|at| u8::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_word_twice() {
        for pair in ALL.windows(2) {
            assert!(pair[0].word < pair[1].word, "{} before {}", pair[0].word, pair[1].word);
        }
    }

    #[test]
    fn words_are_found() {
        assert!(starts_item("rule") && is_reserved("rule"));
        assert!(is_reserved("set") && !starts_item("set"));
        assert!(find("day").is_some() && !is_reserved("day"));
        assert!(find("person").is_none());
        assert_eq!(weekday("sunday"), Some(6));
    }
}
