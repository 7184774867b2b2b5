//! Requests in JSON: what is accepted, what is refused and how it is said (B3).

use crate::run::{Folder, Ran};

/// A policy with an input of every type.
const KINDS: &str = "edition 2026
policy acme.kinds version 3 \"Every kind of input\"

input flag is yes or no
input choice is one of red, green, blue
input tags is a set of one_tag, two_tag, three_tag
input level is a number from 1 to 5
input age is a duration from 0 minutes to 7 days
input now is a moment
input day is a date from 2026-01-01 to 2030-12-31
input hour is a time
input person.id is a user
optional input badge is one of valid, revoked

setting strict is yes or no default no

group friends of person.id is kept outside
group staff of person.id is \"ann\", \"bob\"

calendar office is monday to friday from 08:00 until 18:00

decision entry
  answer access is the strictest of allowed, refused
  answer notices is a set of desk, guard
  answer back is the shortest duration up to 7 days only when access is allowed
  answer asked is yes or no

if unsure access is refused and notices include guard and asked is yes

normally access is refused and asked is no
  because \"Nobody has said yes.\"

rule all_well
  when flag is yes
    and choice is one of red, green
    and tags include two_tag
    and level is at most 3
    and age is less than 1 day
    and now is during office
    and day is before 2027-01-01
    and hour is from 08:00 to 20:00
    and badge is set and badge is valid
    and any of
      - person.id is in staff
      - person.id is in friends
  then access is allowed and notices include desk and back is 90 minutes
  because \"Everything is as it should be.\"
  cite \"House rules, 1\"

rule strictly
  when strict is yes
  then asked is yes
  because \"The house is strict.\"

decision second
  answer other is one of left, right

if unsure other is left

rule left_side when flag is yes then other is left because \"The flag is up.\"
rule right_side when flag is no then other is right because \"The flag is down.\"
";

const GOOD: &str = r#"{"flag":true,"choice":"red","tags":["two_tag"],"level":3,"age":"12 hours","now":"2026-11-23T09:30",
 "day":"2026-12-31","hour":"20:00","person":{"id":"ann"},"badge":"valid","friends":false}"#;

fn kinds(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("kinds.ward", KINDS);
    folder.run(&["build", "kinds.ward", "-o", "kinds.wasm"]).expect(0);
    folder
}

fn decide(folder: &Folder, request: &str) -> Ran {
    folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--format", "json", "--request", request])
}

/// The good request with one value replaced, or added.
fn with(key: &str, value: &str) -> String {
    let mut request: serde_json::Map<String, serde_json::Value> = serde_json::from_str(GOOD).unwrap();
    request.insert(key.to_string(), serde_json::from_str(value).unwrap());
    serde_json::Value::Object(request).to_string()
}

#[test]
fn a_policy_and_its_module_give_the_same_bytes() {
    let folder = kinds("same");
    let args = |file| ["decide", file, "--decision", "entry", "--format", "json", "--request", GOOD];
    let (text, module) = (folder.run(&args("kinds.ward")).expect(0), folder.run(&args("kinds.wasm")).expect(0));
    assert_eq!(text.out, module.out);
    let answer = text.json();
    let keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["decision", "status", "answers", "because", "policy"]);
    assert_eq!(answer["decision"], "entry");
    assert_eq!(answer["status"], "ok");
    let said = serde_json::json!({"access": "allowed", "notices": ["desk"], "back": 90, "asked": false});
    assert_eq!(answer["answers"], said);
    assert_eq!(answer["because"][0]["rule"], "all_well");
    assert_eq!(answer["because"][0]["text"], "Everything is as it should be.");
    assert_eq!(answer["because"][0]["cite"], "House rules, 1");
    assert_eq!(answer["policy"]["name"], "acme.kinds");
    assert_eq!(answer["policy"]["version"], 3);
    assert_eq!(answer["policy"]["hash"].as_str().unwrap().len(), 64);
    let human = folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", GOOD]).expect(0);
    for part in ["access is allowed", "back is 90 minutes", "Everything is as it should be. (all_well; House rules, 1)"]
    {
        assert!(human.out.contains(part), "{part}: {}", human.out);
    }
}

#[test]
fn values_that_are_accepted() {
    let folder = kinds("accepted");
    let allowed =
        |key: &str, value: &str| decide(&folder, &with(key, value)).expect(0).json()["answers"]["access"] == "allowed";
    for (key, value) in [
        ("choice", "\"green\""),
        ("choice", "\"gr\\u0065en\""),
        ("tags", "[\"one_tag\",\"two_tag\"]"),
        ("age", "0"),
        ("age", "1439"),
        ("age", "\"23 hours\""),
        ("now", "\"2026-11-23T09:30:59\""),
        ("hour", "\"08:00\""),
        ("person", "{\"id\":\"bob\"}"),
        ("strict", "true"),
    ] {
        assert!(allowed(key, value), "{key} {value}");
    }
    for (key, value) in [
        ("flag", "false"),
        ("choice", "\"blue\""),
        ("tags", "[]"),
        ("level", "4"),
        ("age", "\"1 day\""),
        ("now", "\"2026-11-22T09:30\""),
        ("day", "\"2027-01-01\""),
        ("hour", "\"20:01\""),
        ("person", "{\"id\":\"eve\"}"),
        ("badge", "null"),
        ("badge", "\"revoked\""),
    ] {
        assert!(!allowed(key, value), "{key} {value}");
    }
    let friend = with("friends", "true").replace("\"ann\"", "\"eve\"");
    assert_eq!(decide(&folder, &friend).expect(0).json()["answers"]["access"], "allowed");
    let blank = decide(&folder, &with("flag", "false")).expect(0).json();
    assert!(blank["answers"]["back"].is_null());
}

#[test]
fn values_that_are_refused_by_name() {
    let folder = kinds("refused");
    for (key, value, code, words) in [
        ("flga", "true", "KW501", "flag"),
        ("person.name", "\"x\"", "KW501", "no such input"),
        ("unheard", "true", "KW501", "no such input"),
        ("person", "true", "KW501", "an object"),
        ("flag", "\"yes\"", "KW502", "true or false"),
        ("flag", "1", "KW502", "true or false"),
        ("flag", "null", "KW502", "not optional"),
        ("choice", "1", "KW502", "a string"),
        ("choice", "\"gren\"", "KW503", "green"),
        ("choice", "\"Red\"", "KW503", "red"),
        ("tags", "\"one_tag\"", "KW502", "an array"),
        ("tags", "[\"one_tag\",\"one_tag\"]", "KW503", "twice"),
        ("tags", "[\"four_tag\"]", "KW503", "no value"),
        ("level", "0", "KW503", "from 1 to 5"),
        ("level", "6", "KW503", "from 1 to 5"),
        ("level", "-1", "KW503", "out of range"),
        ("level", "3.0", "KW502", "fraction"),
        ("level", "\"3\"", "KW502", "a whole number"),
        ("age", "\"12 moons\"", "KW502", "not a duration"),
        ("age", "10081", "KW503", "out of range"),
        ("age", "\"8 days\"", "KW503", "out of range"),
        ("now", "\"2026-11-23\"", "KW502", "not a moment"),
        ("now", "\"2026-11-23T25:00\"", "KW502", "not a moment"),
        ("now", "\"2026-11-23T09:30Z\"", "KW502", "zone"),
        ("now", "1700000000", "KW502", "a moment"),
        ("day", "\"2026-02-29\"", "KW502", "not a date"),
        ("day", "\"2031-01-01\"", "KW503", "out of range"),
        ("hour", "\"24:00\"", "KW502", "not a time"),
        ("person", "{\"id\":7}", "KW502", "identifier"),
        ("person", "{\"id\":\"\"}", "KW503", "empty"),
        ("friends", "[]", "KW502", "true or false"),
    ] {
        let error = decide(&folder, &with(key, value)).expect(1).json()["error"].clone();
        assert_eq!(error["code"], code, "{key} {value}: {error}");
        let said = error.to_string();
        assert!(said.contains(words), "{key} {value}: {said}");
    }
    let human = folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", &with("choice", "\"gren\"")]);
    let human = human.expect(1);
    assert!(human.out.is_empty() && human.err.contains("Did you mean green?"), "{}", human.err);
}

#[test]
fn exact_numbers_only() {
    let folder = kinds("numbers");
    for (number, code) in [
        ("1e0", "KW502"),
        ("3e-1", "KW502"),
        ("-0", "KW503"),
        ("18446744073709551617", "KW503"),
        ("03", "KW504"),
        ("+3", "KW504"),
        ("0x3", "KW504"),
        ("NaN", "KW504"),
        (".5", "KW504"),
    ] {
        let error = decide(&folder, &format!("{{\"level\":{number}}}")).expect(1).json()["error"].clone();
        assert_eq!(error["code"], code, "{number}: {error}");
    }
}

#[test]
fn missing_facts_are_unknown_and_settings_have_defaults() {
    let folder = kinds("missing");
    let answer = decide(&folder, "{}").expect(0).json();
    assert_eq!(answer["status"], "unsure-missing");
    assert_eq!(answer["answers"]["access"], "refused");
    assert_eq!(answer["answers"]["notices"], serde_json::json!(["guard"]));
    // Whatever the other facts are, a flag that is down refuses.
    let decided = decide(&folder, "{\"flag\":false}").expect(0).json();
    assert_eq!(decided["status"], "ok");
    let human = folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "{}"]).expect(0);
    assert!(human.out.contains("not known: flag, choice"), "{}", human.out);
}

#[test]
fn an_enforcing_host_gets_the_unsure_answer() {
    let folder = kinds("unsure");
    let request = with("level", "9");
    let args = ["decide", "kinds.wasm", "--decision", "entry", "--format", "json", "--unsure", "--request", &request];
    let answer = folder.run(&args).expect(0);
    assert_eq!(answer.json()["status"], "unsure-invalid");
    assert_eq!(answer.json()["answers"]["access"], "refused");
    assert!(answer.err.contains("KW503"), "{}", answer.err);
}

#[test]
fn moments_with_a_zone_become_the_time_of_the_site() {
    let folder = kinds("zones");
    let at = |now: &str| {
        let request = with("now", &format!("\"{now}\""));
        let args = [
            "decide",
            "kinds.wasm",
            "--decision",
            "entry",
            "--format",
            "json",
            "--zone",
            "Europe/Paris",
            "--request",
            &request,
        ];
        folder.run(&args).expect(0).json()["answers"]["access"] == "allowed"
    };
    assert!(at("2026-11-23T07:00Z"), "08:00 in Paris");
    assert!(!at("2026-11-23T06:59Z"));
    assert!(at("2026-06-22T06:00Z"), "08:00 in Paris in summer");
    assert!(at("2026-11-23T02:00-05:00"));
    assert!(at("2026-11-23T16:00[Asia/Tokyo]"));
    assert!(!at("2026-11-23T08:00[Asia/Tokyo]"));
    assert!(at("2026-11-23T08:00"), "without a zone it is the site's time");
    folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--zone", "Mars/Olympus", "--request", "{}"]).expect(2);
}

#[test]
fn a_stream_goes_on_after_a_bad_line() {
    let folder = kinds("stream");
    let good = GOOD.replace('\n', "");
    let input = format!("{good}\n\nnot json\n{{\"flag\":tru}}\n{{\"level\":9}}\r\n{good}");
    let ran = folder.pipe(&["decide", "kinds.wasm", "--decision", "entry", "--request", "-"], input).expect(1);
    let lines: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!((&lines[0], &lines[0]["status"]), (&lines[4], &serde_json::json!("ok")));
    assert_eq!(lines[1]["error"]["code"], "KW504");
    assert_eq!(lines[2]["error"]["code"], "KW504");
    assert_eq!(lines[3]["error"]["code"], "KW503");
    folder.pipe(&["decide", "kinds.wasm", "--decision", "entry", "--request", "-"], good).expect(0);
    folder.pipe(&["decide", "-", "--decision", "second", "--request", "{\"flag\":true}"], KINDS).expect(0);
    folder.pipe(&["decide", "-", "--request", "-"], KINDS).expect(2);
    folder.write("request.json", GOOD);
    folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "@request.json"]).expect(0);
    folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "@none.json"]).expect(2);
}

#[test]
fn the_decision_is_named_where_there_are_several() {
    let folder = kinds("decisions");
    let none = folder.run(&["decide", "kinds.wasm", "--request", "{}"]).expect(2);
    assert!(none.err.contains("entry, second"), "{}", none.err);
    let wrong = folder.run(&["decide", "kinds.wasm", "--decision", "secnd", "--request", "{}"]).expect(2);
    assert!(wrong.err.contains("Did you mean second?"), "{}", wrong.err);
    let second = folder.run(&[
        "decide",
        "kinds.wasm",
        "--decision",
        "second",
        "--format",
        "json",
        "--request",
        "{\"flag\":false}",
    ]);
    assert_eq!(second.expect(0).json()["answers"]["other"], "right");
}

#[test]
fn b3_json_that_must_be_refused() {
    let folder = kinds("b3");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let just_too_deep = format!("{{\"flag\":{}1{}}}", "[".repeat(64), "]".repeat(64));
    let refused = [
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "[\"a\" \"b\"]",
        "\"\u{1}\"",
        "\"\t\"",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"open",
        "nul",
        "True",
        "[-]",
        "[1.]",
        "[1e]",
        "[1e+]",
        "[.1]",
        "[01]",
        "[-01]",
        "[1_000]",
        "[Infinity]",
        "[\"a\",]",
        "{\"flag\":true,\"flag\":true}",
        "// x\n{}",
        "{}/**/",
        "\u{feff}{}",
        "\u{a0}{}",
        "[1,\u{b}2]",
        &just_too_deep,
    ];
    let lines: Vec<String> = refused.iter().map(|text| text.replace('\n', "")).collect();
    for text in &lines {
        let error = decide(&folder, text).expect(1).json()["error"].clone();
        assert_eq!(error["code"], "KW504", "{text}: {error}");
    }
    // Too long for an argument.
    folder.write("deep.json", deep);
    let ran = folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "@deep.json"]).expect(1);
    assert!(ran.err.contains("64 levels"), "{}", ran.err);
    folder.write("large.json", " ".repeat(2 << 20));
    folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "@large.json"]).expect(1);
    folder.write("bytes.json", b"{\"choice\":\"\xFF\"}");
    let ran = folder.run(&["decide", "kinds.wasm", "--decision", "entry", "--request", "@bytes.json"]).expect(1);
    assert!(ran.err.contains("UTF-8"), "{}", ran.err);
}

#[test]
fn b3_json_that_is_read_but_is_no_request() {
    let folder = kinds("b3-read");
    for text in
        ["[]", "1", "null", "true", "\"x\"", "[1.5e300]", "[\"\\ud83d\\ude00\"]", " [ ] ", "[{\"a\":{}}]", "-0.0"]
    {
        let error = decide(&folder, text).expect(1).json()["error"].clone();
        assert!(error["message"].as_str().unwrap().contains("a request is an object"), "{text}: {error}");
    }
    // Keys and values with escapes mean the characters.
    assert_eq!(decide(&folder, "{\"f\\u006cag\":false}").expect(0).json()["status"], "ok");
}

#[test]
fn one_input_twice_is_refused_in_either_spelling() {
    let folder = kinds("twice");
    for text in
        ["{\"person\":{\"id\":\"ann\"},\"person.id\":\"ann\"}", "{\"person.id\":\"ann\",\"person\":{\"id\":\"bob\"}}"]
    {
        let error = decide(&folder, text).expect(1).json()["error"].clone();
        assert!(error["message"].as_str().unwrap().contains("twice"), "{error}");
    }
}

const DUTIES: &str = "edition 2026\npolicy acme.duties version 1\n\ninput on is yes or no\n\ndecision d\n  answer a is one of x, y\n  \
    answer tell is a set of guard, owner\n\nif unsure a is x\n\nnormally a is y\n  because \"So.\"\n\nrule told\n  when on is yes\n  \
    then tell include guard\n  because \"The guard is told.\"\n";

#[test]
fn a_duty_that_cannot_be_done_refuses_the_rest() {
    let folder = Folder::new("duties");
    folder.write("duties.ward", DUTIES);
    let decide = |able: &[&str]| {
        let words = [&["decide", "duties.ward", "--request", "{\"on\":true}", "--format", "json"][..], able].concat();
        let said = folder.run(&words).expect(0).json();
        (said["status"].as_str().map(str::to_owned), said["answers"]["a"].as_str().map(str::to_owned))
    };
    let pair = |status: &str, answer: &str| (Some(status.to_owned()), Some(answer.to_owned()));
    assert_eq!(decide(&[]), pair("ok", "y"));
    assert_eq!(decide(&["--able", "tell=guard,owner"]), pair("ok", "y"));
    assert_eq!(decide(&["--able", "tell=guard"]), pair("ok", "y"));
    assert_eq!(decide(&["--able", "tell=owner"]), pair("duty-unsupported", "x"));
    assert_eq!(decide(&["--able", "tell="]), pair("duty-unsupported", "x"));
    for (able, part) in [("tell", "ANSWER=MEMBER"), ("a=x", "no set answer a"), ("tell=boss", "no value `boss`")] {
        let ran = folder.run(&["decide", "duties.ward", "--request", "{}", "--able", able]).expect(2);
        assert!(ran.err.contains(part), "{able}: {}", ran.err);
    }
}
