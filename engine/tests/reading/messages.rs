//! Mistakes and the words they are answered with: code, place, and the edit that mends them.

use keyward::codes::{self, Code};
use keyward::diagnostic::Diagnostic;
use keyward::parse::parse;
use keyward::span::FileId;

const HEADER: &str = "edition 2026\npolicy keyward.sample version 1\n";

fn found(body: &str) -> (String, Vec<Diagnostic>) {
    let text = format!("{HEADER}{body}\n");
    let diagnostics = parse(FileId(0), &text).1;
    (text, diagnostics)
}

/// The text after the edits of the first hint.
fn mended(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let mut edits = diagnostic.hints.first()?.edits.clone();
    edits.sort_by_key(|edit| edit.span);
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    Some(out)
}

/// One mistake: the code, the words it points at, and what the first edit makes of the text.
fn one_mistake(body: &str, code: Code, points_at: &str, becomes: Option<&str>) {
    let (text, diagnostics) = found(body);
    let [one] = diagnostics.as_slice() else { panic!("one message expected for {body}: {diagnostics:#?}") };
    assert_eq!((one.code, &text[one.primary.span.range()]), (code, points_at), "{body}: {one:#?}");
    assert!(!one.message.starts_with(char::is_uppercase) || one.message.starts_with("I "), "{}", one.message);
    if let Some(becomes) = becomes {
        let new = mended(&text, one).unwrap_or_default();
        assert_eq!(new.strip_prefix(HEADER).map(str::trim_end), Some(becomes), "{one:#?}");
        let again = parse(FileId(0), &new).1;
        assert!(!again.iter().any(Diagnostic::is_error), "the edit leads to {again:#?}");
    }
}

fn rule(condition: &str) -> String {
    format!("rule r when {condition} then x is y because \"z\"")
}

#[test]
fn v_conditions_have_one_connective() {
    let case = |condition: &str, points_at: &str, becomes: Option<&str>| {
        one_mistake(&rule(condition), codes::KW101, points_at, becomes.map(rule).as_deref());
    };
    case("a or b is c", "or", Some("any of\n    - a\n    - b is c"));
    case("k and a or b is c", "or", Some("k and any of\n    - a\n    - b is c"));
    case("p and a is b or c", "or", Some("p and a is one of b, c"));
    case("a is not b or c or d and p", "or", Some("a is not one of b, c, d and p"));
    case("a is one of b, c or d", "or", Some("a is one of b, c, d"));
    case("a is b, c is d", ",", Some("a is b and c is d"));
    case("a include b, c", ",", Some("a include all of b, c"));
    case("a but b", "but", Some("a and b"));
    case("a && b", "&&", Some("a and b"));
    case("(a and b) and c", "(", None);
    case("a and (b and c)", "(", None);
    case("a unless b", "unless", None);
    case("any of - a - b and any of - c", "any", None);
}

#[test]
fn effects_are_joined_by_and() {
    let body = "rule r always then a is b, c is d because \"z\"";
    one_mistake(body, codes::KW101, ",", Some("rule r always then a is b and c is d because \"z\""));
}

#[test]
fn a_rule_says_why() {
    one_mistake(
        "rule r always then a is b",
        codes::KW104,
        "b",
        Some("rule r always then a is b\n  because \"Say here why.\""),
    );
    one_mistake("rule r always then a is b\ninput x is yes or no", codes::KW104, "b", None);
    one_mistake(
        "rule r always then a is b \"z\"",
        codes::KW104,
        "\"z\"",
        Some("rule r always then a is b because \"z\""),
    );
    one_mistake("rule r always then a is b cite \"z\"", codes::KW104, "b", None);
    one_mistake("normally a is b", codes::KW104, "b", None);
}

#[test]
fn names_are_well_made() {
    one_mistake("input UserBadge is yes or no", codes::KW111, "UserBadge", Some("input user_badge is yes or no"));
    one_mistake("input gerät is yes or no", codes::KW111, "gerät", Some("input geraet is yes or no"));
    one_mistake("input cafe\u{301} is yes or no", codes::KW111, "cafe\u{301}", Some("input cafe is yes or no"));
    one_mistake(
        "input person.has-pin is yes or no",
        codes::KW111,
        "person.has-pin",
        Some("input person.has_pin is yes or no"),
    );
    one_mistake("input 4pin is yes or no", codes::KW111, "4pin", None);
    one_mistake("input x is one of person.a, b", codes::KW111, "person.a", Some("input x is one of person_a, b"));
    one_mistake("rule r When p then x is y because \"z\"", codes::KW111, "When", Some(&rule("p")));
    let long = "a".repeat(65);
    one_mistake(&format!("input {long} is yes or no"), codes::KW111, &long, None);
    assert_eq!(found(&format!("input {} is yes or no", &long[..64])).1, Vec::new());
}

#[test]
fn reserved_words_are_no_names() {
    one_mistake("input given is yes or no", codes::KW110, "given", Some("input given_1 is yes or no"));
    one_mistake("input rule is yes or no", codes::KW110, "rule", Some("input rule_1 is yes or no"));
    one_mistake("term test means x", codes::KW110, "test", Some("term test_1 means x"));
    one_mistake("input x is one of open, set", codes::KW110, "set", Some("input x is one of open, set_1"));
    one_mistake(&rule("time is 08:00"), codes::KW110, "time", Some(&rule("time_1 is 08:00")));
    assert_eq!(found("input person.rule is yes or no\ninput x is one of a, day, hour").1, Vec::new());
}

#[test]
fn numbers_dates_and_times_exist() {
    one_mistake("constant c is 2026-02-30", codes::KW109, "2026-02-30", None);
    one_mistake("constant c is 25:00", codes::KW109, "25:00", None);
    one_mistake("constant c is 24:01", codes::KW109, "24:01", None);
    one_mistake("constant c is 2026-13-01", codes::KW109, "2026-13-01", None);
    one_mistake("calendar c is every year on 02-30", codes::KW109, "02-30", None);
    one_mistake("constant c is 99999999999", codes::KW109, "99999999999", None);
    one_mistake("constant c is 8:00", codes::KW109, "8:00", Some("constant c is 08:00"));
    one_mistake("constant c is 2026-4-3", codes::KW109, "2026-4-3", Some("constant c is 2026-04-03"));
    one_mistake("constant c is 007", codes::KW109, "007", Some("constant c is 7"));
    one_mistake("constant c is 12hours", codes::KW109, "12hours", Some("constant c is 12 hours"));
    one_mistake("constant c is 1.5", codes::KW109, "1.5", None);
    one_mistake("constant c is -5", codes::KW109, "-", None);
    assert_eq!(found("constant c is 24:00\ncalendar d is every year on 02-29, 2028-02-29").1, Vec::new());
}

#[test]
fn paragraphs_start_with_a_known_word() {
    one_mistake(
        "rul r always then a is b because \"z\"",
        codes::KW103,
        "rul",
        Some(&rule("").replace("when  then x is y", "always then a is b")),
    );
    one_mistake(
        "Rule r always then a is b because \"z\"",
        codes::KW103,
        "Rule",
        Some("rule r always then a is b because \"z\""),
    );
    one_mistake("input x is yes or no\nfrobnicate", codes::KW103, "frobnicate", None);
    one_mistake("input x is yes or no\nanswer y is yes or no", codes::KW103, "answer", None);
}

#[test]
fn a_file_has_a_header() {
    let codes_of = |text: &str| parse(FileId(0), text).1.iter().map(|one| one.code).collect::<Vec<_>>();
    assert_eq!(codes_of(""), [codes::KW102]);
    assert_eq!(codes_of("input x is yes or no"), [codes::KW102]);
    assert_eq!(codes_of("policy a.b version 1 input x is yes or no"), [codes::KW102]);
    assert_eq!(codes_of("edition 2026 policy a.b version one"), [codes::KW102]);
    assert_eq!(codes_of("edition 2027 policy a.b version 1 input x is yes or no"), [codes::KW112]);
    assert_eq!(codes_of("edition 2026 policy a.b version 1 \"open\ninput x is yes or no"), [codes::KW105]);
}

#[test]
fn operators_are_read_and_written_as_words() {
    let (text, diagnostics) =
        found(&rule("a = b and c!=d and n >= 4 and n<=5 and t < 08:00 and t > 2026-01-01 and k > 1"));
    assert!(diagnostics.iter().all(|one| one.code == codes::KW114 && !one.is_error()), "{diagnostics:#?}");
    let mut edits: Vec<_> = diagnostics.iter().flat_map(|one| &one.hints).flat_map(|hint| &hint.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = text;
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    let words = "a is b and c is not d and n is at least 4 and n is at most 5 and t is before 08:00 and t is after 2026-01-01 and k is more than 1";
    assert_eq!(out, format!("{HEADER}{}\n", rule(words)));
}

#[test]
fn other_mistakes_name_what_would_fit() {
    one_mistake("input x is yes or no \"what\"", codes::KW100, "\"what\"", Some("input x \"what\" is yes or no"));
    one_mistake(&rule("not a is b"), codes::KW100, "not", Some(&rule("a is not b")));
    one_mistake(&rule("x is at leest 4"), codes::KW100, "leest", Some(&rule("x is at least 4")));
    one_mistake(&rule("x includes y"), codes::KW100, "includes", Some(&rule("x include y")));
    one_mistake("rule r a then x is y because \"z\"", codes::KW100, "a", None);
    one_mistake("decision d \"What?\"", codes::KW100, "\"What?\"", None);
    one_mistake("constant c is \"open", codes::KW105, "\"open", None);
    let (_, diagnostics) = found("setting s is one of p, q");
    assert_eq!(
        diagnostics[0].message,
        "setting `s` stops too early; next would come `default`, a text in quotes or a comma"
    );
}

#[test]
fn names_that_look_alike_are_told_apart() {
    let (_, diagnostics) = found(
        "input door_l is yes or no\ninput door_1 is one of modem, modern\nterm has_pin means x\nterm haspin means y",
    );
    let told: Vec<_> = diagnostics.iter().map(|one| (one.code, one.message.as_str())).collect();
    let told_of =
        |name: &str, other: &str| told.contains(&(codes::KW113, format!("`{name}` looks like `{other}`").as_str()));
    assert!(told_of("door_1", "door_l") && told_of("modern", "modem") && told_of("haspin", "has_pin"), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn several_mistakes_are_told_in_one_run_and_the_rest_is_read() {
    let text = format!(
        "{HEADER}input Door is yes or no\nrule r1 when a or b then x is y because \"z\"\nrule r2 when a then x is y\n\
         input ok is yes or no\nrul r3 when a then x is y because \"z\"\nrule r4 when a then x is y because \"z\n\
         rule r5 when (a) then x is y because \"z\"\nrule r6 when a then x is y because \"z\"\n"
    );
    let (tree, diagnostics) = parse(FileId(0), &text);
    let told: Vec<_> = diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(told, [codes::KW111, codes::KW101, codes::KW104, codes::KW103, codes::KW105, codes::KW101]);
    assert_eq!(tree.items.len(), 3);
}
