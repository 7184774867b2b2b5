//! Hand-made cases: how requests are written, and how they must not be. In: nothing. Out: the text of a request, and either the
//! same request in its plainest form or the mistake every host reports. Refuses to know any host's words.

use crate::differential::Built;
use serde_json::{Map, Value, json};

/// A policy with an input of every type; what it answers depends on each of them.
pub const POLICY: &str = r#"edition 2026
policy tests.hand version 1

input on is yes or no
input choice is one of red, green, blue
input several is a set of a, b, c
input count is a number from 1 to 300
input length is a duration from 5 minutes to 3 days
input now is a moment
input there is a moment in zone "Asia/Kolkata"
input born is a date from 2026-01-01 to 2026-12-31
input clock is a time
input who is a person
optional input other is a person
optional input maybe is one of x, y
optional input some is a set of p, q
optional input often is a number from 0 to 9
optional input once is a moment
input constructor.name is yes or no
input valueof is yes or no
setting tone is one of loud, quiet default quiet

decision d
  answer same is yes or no
  answer code is the strictest of 0, 1, 2, 3
  answer limit is the shortest duration up to 1 day
  answer to_string is a set of on, off

if unsure same is no and code is 3

normally same is no and code is 0
  because "Nothing else."

rule alike
  when who is other
  then same is yes
  because "The same person."

rule many
  when any of
    - count is at least 255
    - several include b
    - choice is blue
  then code is 2 and to_string include on
  because "A lot."

rule late
  when any of
    - now.time is at least 18:00
    - there.time is before 06:00
    - clock is 12:00
    - born is 2026-02-28
  then code is 1 and limit is 45 minutes
  because "Late."

rule odd
  when any of
    - length is at least 1 day
    - maybe is x
    - some include p
    - often is 3
    - once.date is 2028-02-29
    - constructor.name is yes
    - valueof is yes
    - on is no
    - tone is loud
  then to_string include off and code is 1
  because "Odd."
"#;

/// A complete request in its plainest form.
const PLAIN: &[(&str, &str)] = &[
    ("on", "true"),
    ("choice", "\"red\""),
    ("several", "[]"),
    ("count", "1"),
    ("length", "60"),
    ("now", "\"2026-07-01T12:00\""),
    ("there", "\"2026-07-01T12:00\""),
    ("born", "\"2026-03-01\""),
    ("clock", "\"09:30\""),
    ("who", "\"u-1\""),
    ("other", "null"),
    ("maybe", "null"),
    ("some", "null"),
    ("often", "null"),
    ("once", "null"),
    ("constructor.name", "false"),
    ("valueof", "false"),
];

/// One value written otherwise: its key, how it is written, the site's zone, and what it means.
const SAME: &[(&str, &str, &str, &str)] = &[
    ("on", "false", "", "false"),
    ("choice", "\"gre\\u0065n\"", "", "\"green\""),
    ("choice", "\"\\u0062lue\"", "", "\"blue\""),
    ("several", "[\"b\", \"a\"]", "", "[\"a\",\"b\"]"),
    ("several", " [ ] ", "", "[]"),
    ("several", "[\"c\",\"b\",\"a\"]", "", "[\"a\",\"b\",\"c\"]"),
    ("count", "300", "", "300"),
    ("count", "255", "", "255"),
    ("length", "\"12 hours\"", "", "720"),
    ("length", "\"1 day\"", "", "1440"),
    ("length", "\"3 days\"", "", "4320"),
    ("length", "\"90 minutes\"", "", "90"),
    ("length", "\"1 hours\"", "", "60"),
    ("length", "\"005 minutes\"", "", "5"),
    ("now", "\"2026-12-25T23:30:59\"", "", "\"2026-12-25T23:30\""),
    ("now", "\"2028-02-29T00:00\"", "", "\"2028-02-29T00:00\""),
    ("now", "\"1900-01-01T00:00\"", "", "\"1900-01-01T00:00\""),
    ("now", "\"2199-12-31T23:59\"", "", "\"2199-12-31T23:59\""),
    ("now", "\"2026-12-25T22:30Z\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-07-25T22:30Z\"", "Europe/Paris", "\"2026-07-26T00:30\""),
    ("now", "\"2026-12-25T22:30:59.999Z\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-12-25T22:30:00.123456789Z\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-12-25T23:30+01:00\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-12-25T17:30-05:00\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-12-25T23:30:15+01:00\"", "America/New_York", "\"2026-12-25T17:30\""),
    ("now", "\"2026-12-25T23:30[Europe/Paris]\"", "Europe/Paris", "\"2026-12-25T23:30\""),
    ("now", "\"2026-12-25T23:30[Europe/Paris]\"", "Asia/Tokyo", "\"2026-12-26T07:30\""),
    ("now", "\"2026-12-25T23:30+01:00[Europe/Paris]\"", "UTC", "\"2026-12-25T22:30\""),
    ("now", "\"2026-12-25T22:30Z[Europe/Paris]\"", "UTC", "\"2026-12-25T22:30\""),
    // The hour that is repeated is the same hour both times: V in language.md 3.
    ("now", "\"2026-10-25T00:30Z\"", "Europe/Paris", "\"2026-10-25T02:30\""),
    ("now", "\"2026-10-25T01:30Z\"", "Europe/Paris", "\"2026-10-25T02:30\""),
    // Written in the zone, the first of both is meant; in the hour that is skipped, as far on as if there were no gap.
    ("now", "\"2026-10-25T02:30[Europe/Paris]\"", "UTC", "\"2026-10-25T00:30\""),
    ("now", "\"2026-03-29T02:30[Europe/Paris]\"", "Europe/Paris", "\"2026-03-29T03:30\""),
    ("now", "\"2026-03-29T01:00Z\"", "Europe/Paris", "\"2026-03-29T03:00\""),
    ("now", "\"2026-03-29T00:59Z\"", "Europe/Paris", "\"2026-03-29T01:59\""),
    ("now", "\"2026-04-05T15:30Z\"", "Australia/Lord_Howe", "\"2026-04-06T02:00\""),
    ("now", "\"2026-06-01T00:00Z\"", "Asia/Kathmandu", "\"2026-06-01T05:45\""),
    ("now", "\"2011-12-30T12:00Z\"", "Pacific/Apia", "\"2011-12-31T02:00\""),
    ("there", "\"2026-12-25T22:30Z\"", "", "\"2026-12-26T04:00\""),
    ("there", "\"2026-12-25T22:30Z\"", "Europe/Paris", "\"2026-12-26T04:00\""),
    ("once", "\"2028-02-29T12:00Z\"", "UTC", "\"2028-02-29T12:00\""),
    ("born", "\"2026-12-31\"", "", "\"2026-12-31\""),
    ("born", "\"2026-02-28\"", "", "\"2026-02-28\""),
    ("clock", "\"00:00\"", "", "\"00:00\""),
    ("clock", "\"23:59\"", "", "\"23:59\""),
    ("who", "\"constructor\"", "", "\"constructor\""),
    ("who", "\"__proto__\"", "", "\"__proto__\""),
    ("who", "\"\\ud83d\\udd11\"", "", "\"\u{1f511}\""),
    ("who", "\"u-1\\u0000\"", "", "\"u-1\\u0000\""),
    ("other", "\"u-1\"", "", "\"u-1\""),
    ("other", "\"u\\u002d1\"", "", "\"u-1\""),
    ("other", "\"U-1\"", "", "\"U-1\""),
    ("maybe", "\"x\"", "", "\"x\""),
    ("some", "[]", "", "[]"),
    ("some", "[\"p\"]", "", "[\"p\"]"),
    ("often", "0", "", "0"),
    ("valueof", "true", "", "true"),
    ("constructor.name", "true", "", "true"),
];

/// One value that is wrong: its key, how it is written, the site's zone, the code.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("on", "1", "", "KW502"),
    ("on", "\"true\"", "", "KW502"),
    ("on", "null", "", "KW502"),
    ("on", "[]", "", "KW502"),
    ("on", "{}", "", "KW502"),
    ("choice", "\"Red\"", "", "KW503"),
    ("choice", "\"\"", "", "KW503"),
    ("choice", "\"constructor\"", "", "KW503"),
    ("choice", "\"__proto__\"", "", "KW503"),
    ("choice", "0", "", "KW502"),
    ("choice", "true", "", "KW502"),
    ("choice", "[\"red\"]", "", "KW502"),
    ("choice", "null", "", "KW502"),
    ("several", "\"a\"", "", "KW502"),
    ("several", "[\"a\",\"a\"]", "", "KW503"),
    ("several", "[\"d\"]", "", "KW503"),
    ("several", "[1]", "", "KW502"),
    ("several", "[null]", "", "KW502"),
    ("several", "[[\"a\"]]", "", "KW502"),
    ("several", "{\"a\":true}", "", "KW502"),
    ("several", "null", "", "KW502"),
    ("count", "0", "", "KW503"),
    ("count", "301", "", "KW503"),
    ("count", "-1", "", "KW503"),
    ("count", "-0", "", "KW503"),
    ("count", "1.5", "", "KW502"),
    ("count", "1.0", "", "KW502"),
    ("count", "1e2", "", "KW502"),
    ("count", "1E400", "", "KW502"),
    ("count", "9007199254740993", "", "KW503"),
    ("count", "18446744073709551617", "", "KW503"),
    ("count", "4294967297", "", "KW503"),
    ("count", "\"1\"", "", "KW502"),
    ("count", "true", "", "KW502"),
    ("length", "4", "", "KW503"),
    ("length", "\"4 minutes\"", "", "KW503"),
    ("length", "\"4 days\"", "", "KW503"),
    ("length", "\"1.5 hours\"", "", "KW502"),
    ("length", "\"1  hour\"", "", "KW502"),
    ("length", "\" 1 hour\"", "", "KW502"),
    ("length", "\"1 week\"", "", "KW502"),
    ("length", "\"60\"", "", "KW502"),
    ("length", "\"-5 minutes\"", "", "KW502"),
    ("length", "\"0000000060 minutes\"", "", "KW502"),
    ("now", "\"2026-12-25\"", "", "KW502"),
    ("now", "\"2026-12-25 23:30\"", "", "KW502"),
    ("now", "\"2026-12-25t23:30\"", "", "KW502"),
    ("now", "\"2026-12-25T24:00\"", "", "KW502"),
    ("now", "\"2026-12-25T23:60\"", "", "KW502"),
    ("now", "\"2026-12-25T23:30:60\"", "", "KW502"),
    ("now", "\"2026-12-25T23:30:00.5\"", "", "KW502"),
    ("now", "\"2026-02-29T12:00\"", "", "KW502"),
    ("now", "\"2026-13-01T12:00\"", "", "KW502"),
    ("now", "\"2026-00-10T12:00\"", "", "KW502"),
    ("now", "\"1899-12-31T12:00\"", "", "KW502"),
    ("now", "\"2200-01-01T00:00\"", "", "KW502"),
    ("now", "\"26-12-25T23:30\"", "", "KW502"),
    ("now", "\"\"", "", "KW502"),
    ("now", "1782216000000", "", "KW502"),
    ("now", "\"2026-12-25T22:30Z\"", "", "KW502"),
    ("now", "\"2026-12-25T22:30z\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30+1:00\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30+0100\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30+24:00\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30+01\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30.5Z\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30:00.1234567890Z\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30+02:00[Europe/Paris]\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30[Mars/Olympus]\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30[+01:00]\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30[]\"", "UTC", "KW502"),
    ("now", "\"2026-12-25T22:30Z\"", "Mars/Olympus", "KW502"),
    ("now", "\"2026-12-25T22:30Z\"", "+01:00", "KW502"),
    ("born", "\"2025-12-31\"", "", "KW503"),
    ("born", "\"2027-01-01\"", "", "KW503"),
    ("born", "\"2026-02-30\"", "", "KW502"),
    ("born", "\"2026-2-3\"", "", "KW502"),
    ("born", "\"2026-02-03T00:00\"", "", "KW502"),
    ("born", "20260203", "", "KW502"),
    ("clock", "\"24:00\"", "", "KW502"),
    ("clock", "\"9:30\"", "", "KW502"),
    ("clock", "\"09:30:00\"", "", "KW502"),
    ("clock", "\"09.30\"", "", "KW502"),
    ("clock", "570", "", "KW502"),
    ("who", "\"\"", "", "KW503"),
    ("who", "1", "", "KW502"),
    ("who", "null", "", "KW502"),
    ("other", "\"\"", "", "KW503"),
    ("maybe", "\"z\"", "", "KW503"),
    ("some", "[\"p\",\"p\"]", "", "KW503"),
    ("often", "10", "", "KW503"),
    ("tone", "null", "", "KW502"),
    ("tone", "\"silent\"", "", "KW503"),
];

/// Whole texts that are wrong: the text, the code, and the key that is named.
const TEXTS: &[(&str, &str, &str)] = &[
    ("", "KW504", ""),
    (" ", "KW504", ""),
    ("null", "KW504", ""),
    ("[]", "KW504", ""),
    ("\"on\"", "KW504", ""),
    ("1", "KW504", ""),
    ("{", "KW504", ""),
    ("{}}", "KW504", ""),
    ("{\"on\":true,}", "KW504", ""),
    ("{\"on\" true}", "KW504", ""),
    ("{on:true}", "KW504", ""),
    ("{'on':true}", "KW504", ""),
    ("{\"on\":True}", "KW504", ""),
    ("{\"on\":tru}", "KW504", ""),
    ("{\"count\":01}", "KW504", ""),
    ("{\"count\":+1}", "KW504", ""),
    ("{\"count\":.5}", "KW504", ""),
    ("{\"count\":1.}", "KW504", ""),
    ("{\"count\":0x10}", "KW504", ""),
    ("{\"count\":NaN}", "KW504", ""),
    ("{\"count\":Infinity}", "KW504", ""),
    ("{\"who\":\"a\tb\"}", "KW504", ""),
    ("{\"who\":\"\\x41\"}", "KW504", ""),
    ("{\"who\":\"\\u12\"}", "KW504", ""),
    ("{\"who\":\"\\ud800\"}", "KW504", ""),
    ("{\"who\":\"\\udc00\\ud800\"}", "KW504", ""),
    ("{\"who\":\"open}", "KW504", ""),
    ("{\"on\":true}//", "KW504", ""),
    ("/**/{\"on\":true}", "KW504", ""),
    ("\u{feff}{\"on\":true}", "KW504", ""),
    ("{\"on\":true,\"on\":true}", "KW504", ""),
    ("{\"on\":true,\"o\\u006e\":false}", "KW504", ""),
    ("{\"constructor\":{\"name\":true},\"constructor.name\":true}", "KW501", "constructor.name"),
    ("{\"constructor\":true}", "KW501", "constructor"),
    ("{\"constructor\":{\"prototype\":true}}", "KW501", "constructor.prototype"),
    ("{\"__proto__\":{\"on\":true}}", "KW501", "__proto__"),
    ("{\"__proto__\":null}", "KW501", "__proto__"),
    ("{\"prototype\":1}", "KW501", "prototype"),
    ("{\"toString\":1}", "KW501", "toString"),
    ("{\"hasOwnProperty\":1}", "KW501", "hasOwnProperty"),
    ("{\"On\":true}", "KW501", "On"),
    ("{\"\":true}", "KW501", ""),
    ("{\"on.\":true}", "KW501", "on."),
    ("{\"now.date\":\"2026-01-01\"}", "KW501", "now.date"),
    ("{\"d\":{}}", "KW501", "d"),
    ("{\"same\":true}", "KW501", "same"),
];

/// The cases; the ones that decide are answered by `answer`, from a plain request and a text.
pub fn cases(
    built: &Built,
    mut answer: impl FnMut(&keyward::value::Request) -> Result<Map<String, Value>, String>,
) -> Result<Vec<Map<String, Value>>, String> {
    let mut cases = Vec::new();
    for (key, text, zone, plain) in SAME {
        let meant = |name: &str, value: &str| if name == *key { (*plain).to_owned() } else { value.to_owned() };
        let fields: Vec<(String, String)> =
            PLAIN.iter().map(|(name, value)| ((*name).to_owned(), meant(name, value))).collect();
        let mut request =
            crate::generate::from_json(&built.policy.schema, &fields).ok_or_else(|| format!("{key}: {plain}"))?;
        for (input, declared) in built.policy.schema.inputs.iter().enumerate() {
            if request.get(input).is_none()
                && let Some(default) = &declared.default
            {
                request.set(input, default.clone());
            }
        }
        let mut case = answer(&request)?;
        case.insert("text".to_owned(), json!(written(key, text)));
        zoned(&mut case, zone);
        cases.push(case);
    }
    let wrong = WRONG.iter().map(|(key, text, zone, code)| (written(key, text), *zone, *code, *key));
    let texts = TEXTS.iter().map(|(text, code, key)| ((*text).to_owned(), "", *code, *key));
    for (text, zone, code, key) in wrong.chain(texts) {
        let mut case = Map::new();
        case.insert("decision".to_owned(), json!("d"));
        case.insert("text".to_owned(), json!(text));
        zoned(&mut case, zone);
        case.insert("error".to_owned(), json!(code));
        case.insert("key".to_owned(), json!(key));
        cases.push(case);
    }
    Ok(cases)
}

fn zoned(case: &mut Map<String, Value>, zone: &str) {
    if !zone.is_empty() {
        case.insert("zone".to_owned(), json!(zone));
    }
}

/// The plain request with one value written otherwise.
fn written(key: &str, text: &str) -> String {
    let known = PLAIN.iter().any(|(name, _)| *name == key);
    let others = PLAIN.iter().map(|(name, value)| (*name, if *name == key { text } else { *value }));
    let added = (!known).then_some((key, text));
    let members: Vec<String> = others.chain(added).map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}
