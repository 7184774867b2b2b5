//! B3: JSON is read exactly as the standard has it. Every form that must be accepted is, every form that must be refused is, what is left
//! free is settled here, and an independent reader agrees on mutated texts.

use keyward_server::json::{DEEPEST, Json, Kind, LARGEST};

/// Forms every reader must accept.
const ACCEPTED: &[&str] = &[
    "[]",
    "{}",
    "[ ]",
    "{ }",
    " [] ",
    "\t\r\n[]\n",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "7",
    "-7",
    "\"\"",
    "\" \"",
    "[null]",
    "[true, false]",
    "[1,2]",
    "[1 ,2]",
    "[1\n,\n2]",
    "[[[]]]",
    "[{}]",
    "{\"a\":[]}",
    "{\"\":0}",
    "{\"a\":1,\"b\":2}",
    "{ \"a\" : 1 }",
    "{\"a\":{\"a\":1}}",
    "[{\"a\":1},{\"a\":1}]",
    "1.5",
    "-1.5",
    "0.1",
    "-0.1",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "1E-03",
    "1e00",
    "0e1",
    "0e+1",
    "1.25e-2",
    "123456789012345678901234567890",
    "-123123123123123123",
    "1.000000000000000000000000000000005",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0000\"",
    "\"\\u0041\"",
    "\"\\u00e9\"",
    "\"\\u20AC\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uDBFF\\uDFFF\"",
    "\"\\uFFFF\"",
    "\"\\u2028\"",
    "\"é€😀\"",
    "\"\u{7f}\"",
    "\"\u{2028}\"",
    "\"\u{10ffff}\"",
    "\"\\\\u0041\"",
    "\"\\\\\\\"\"",
    "\"// no comment /* here */\"",
    "[\"a\",1,null,{\"b\":[true]}]",
    "{\"\\u0061\":1}",
    "{\"a\":\"\\u0061\"}",
    "[1,1,1,1]",
];

/// Forms every reader must refuse.
const REFUSED: &[&str] = &[
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "[]]",
    "{}}",
    "[][]",
    "[] []",
    "{} {}",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1 2]",
    "[1:2]",
    "[1;2]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\",1}",
    "{\"a\" 1}",
    "{\"a\":1,}",
    "{,}",
    "{,\"a\":1}",
    "{\"a\":1,,\"b\":2}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{null:1}",
    "{[]:1}",
    "{\"a\":1",
    "{\"a",
    "{\"a\"",
    "{\"a\":",
    "{\"a\"::1}",
    "{:1}",
    "{\"a\":'b'}",
    "'a'",
    "a",
    "nul",
    "nulll",
    "tru",
    "truee",
    "fals",
    "NULL",
    "True",
    "FALSE",
    "undefined",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "+1",
    "++1",
    "-",
    "--1",
    "+",
    "01",
    "-01",
    "00",
    "-00",
    "0x1",
    "0b1",
    "1_000",
    "1,000",
    ".5",
    "-.5",
    "5.",
    "-5.",
    "1.e3",
    "1.5.5",
    "1e",
    "1e+",
    "1e-",
    "1E",
    "1ee3",
    "1e3.5",
    "1e 3",
    "1 e3",
    "e3",
    "- 1",
    "1-",
    "1+1",
    "1a",
    "0a",
    "\u{ff11}",
    "1/2",
    "$1",
    "#1",
    "@",
    "\"",
    "\"a",
    "\"\\",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\a\"",
    "\"\\0\"",
    "\"\\'\"",
    "\"\\u\"",
    "\"\\u1\"",
    "\"\\u12\"",
    "\"\\u123\"",
    "\"\\u123g\"",
    "\"\\u 123\"",
    "\"\\u+123\"",
    "\"\\U0041\"",
    "\"\\uD800\\u\"",
    "\"\\uD800\\u1\"",
    "\"\\uD800\\n\\u1\"",
    "\"\n\"",
    "\"\t\"",
    "\"\r\"",
    "\"\u{0}\"",
    "\"\u{1f}\"",
    "\"\\\n\"",
    "\"a\"b",
    "\"a\" \"b\"",
    "\"a\",",
    "[\"a\",\n\"b",
    "[\"a\\",
    "[\"\\u00",
    "[\"\\ud83d\\ude",
    "// a\n1",
    "/* a */1",
    "1 // a",
    "1 /* a */",
    "#\n1",
    "[1] # a",
    "\u{a0}[]",
    "[\u{a0}]",
    "\u{b}[]",
    "\u{c}[]",
    "[\u{2060}]",
    "\u{200b}1",
    "[1]\u{0}",
    "\u{0}",
    "[\u{0}]",
    "<a>",
    "()",
    "(1)",
    "`a`",
    "\\u005b]",
    "[\\n]",
    "[*]",
    "*",
    "&",
    "[a",
    "[1,a]",
    "[-]",
    "[-a]",
    "[1.]",
    "[.1]",
    "[1eE2]",
    "[0e]",
    "[0e+]",
    "[2.e3]",
    "[1+2]",
    "[0x42]",
    "[NaN]",
    "[-NaN]",
    "[+Inf]",
    "[{\"a\":1]",
    "{\"a\":[1}",
    "[}",
    "{]",
    "[\"a\":1]",
    "[\"a\"",
    "[1}",
    "{\"a\":true, \"b\"",
    "{\"a\":tru}",
    "{\"a\":nul",
    "[t",
    "[f",
    "[n",
    "[true",
    "{\"a\":1}#",
    "{\"a\":1}/**/",
    "{\"a\":/*b*/1}",
    "{\"a\":1}//",
    "{\"a\":1};",
    ";",
    ",",
    ":",
    ",1",
    ":1",
    "1:",
    "=",
    "[]=",
];

/// Forms that the standard leaves free and Keyward refuses: keys that stand twice, half pairs of surrogates, a byte order mark.
const REFUSED_BY_US: &[&str] = &[
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"a\":{\"b\":1,\"b\":1}}",
    "[{\"\":0,\"\":0}]",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud800a\"",
    "\"\\ud800\\n\"",
    "\"\\ud800\\u0041\"",
    "\u{feff}[]",
    "\u{feff}",
];

/// Bytes that are no text.
const NO_TEXT: &[&[u8]] = &[
    b"\"\xff\"",
    b"\"\x80\"",
    b"\"\xc0\xaf\"",
    b"\"\xe0\x80\x80\"",
    b"\"\xed\xa0\x80\"",
    b"\"\xf4\x90\x80\x80\"",
    b"\"\xc3",
    b"[\xc3\x28]",
    b"\xfe\xff\x00[",
    b"\xff\xfe[\x00",
    b"\xef\xbb\xbf{}",
    b"\xe5",
];

#[test]
fn b3_every_form_is_accepted_or_refused_rightly() {
    for text in ACCEPTED {
        assert!(Json::read(text.as_bytes()).is_ok(), "{text:?} is JSON: {:?}", Json::read(text.as_bytes()));
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text:?} is in the wrong list");
    }
    for text in REFUSED {
        assert!(Json::read(text.as_bytes()).is_err(), "{text:?} is not JSON");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?} is in the wrong list");
    }
    for text in REFUSED_BY_US {
        assert!(Json::read(text.as_bytes()).is_err(), "{text:?} is to be refused");
    }
    for bytes in NO_TEXT {
        assert!(Json::read(bytes).is_err(), "{bytes:?} is no text");
    }
    println!("{} accepted, {} refused", ACCEPTED.len(), REFUSED.len() + REFUSED_BY_US.len() + NO_TEXT.len());
}

#[test]
fn b3_depth_and_size_are_bounded() {
    let nested = |open: &str, close: &str, levels: usize| format!("{}{}", open.repeat(levels), close.repeat(levels));
    assert!(Json::read(nested("[", "]", DEEPEST).as_bytes()).is_ok());
    assert!(Json::read(nested("[", "]", DEEPEST + 1).as_bytes()).is_err());
    for open in ["[", "{\"a\":", "[[{\"a\":"] {
        assert!(Json::read(open.repeat(100_000).as_bytes()).is_err());
    }
    let filled = format!("\"{}\"", "a".repeat(LARGEST - 2));
    assert!(Json::read(filled.as_bytes()).is_ok());
    assert!(Json::read(format!("{filled} ").as_bytes()).is_err());
}

#[test]
fn b3_values_come_through_unchanged() {
    let kind = |text: &str| Json::read(text.as_bytes()).map(|json| json.kind);
    assert_eq!(kind("123456789012345678901234567890"), Ok(Kind::Number("123456789012345678901234567890".to_owned())));
    assert_eq!(kind("-0.10e+2"), Ok(Kind::Number("-0.10e+2".to_owned())));
    assert_eq!(kind("\"\\ud83d\\ude00\\u0000\\n\\/\""), Ok(Kind::String("😀\0\n/".to_owned())));
    for id in ["__proto__", "constructor", "toString", "then"] {
        let Ok(Kind::Object(members)) = kind(&format!("{{\"{id}\":1}}")) else { panic!("{id} is a key like others") };
        assert_eq!(members[0].key, id);
    }
}

/// A small repeatable sequence of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Whether an object below has a key twice, which the other reader lets pass. It sees only what this reader refuses for that reason.
fn refused_for_our_reasons(bytes: &[u8]) -> bool {
    Json::read(bytes).is_err_and(|broken| broken.what.contains("twice") || broken.what.contains("byte order"))
}

#[test]
fn b3_an_independent_reader_agrees_on_mutated_texts() {
    const PIECES: &[u8] = b"{}[]\",:0123456789.eE+-tfn\\u \n\tabnrlsD8\xc3\xa9\x00\x7f/";
    let mut numbers = Numbers(0x4B45_5957_4152_4421);
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..20_000 {
        let mut bytes = ACCEPTED[round % ACCEPTED.len()].as_bytes().to_vec();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len() + 1);
            let piece = PIECES[numbers.below(PIECES.len())];
            match numbers.below(3) {
                0 => bytes.insert(at, piece),
                1 if at < bytes.len() => bytes[at] = piece,
                _ if at < bytes.len() => {
                    bytes.remove(at);
                }
                _ => bytes.push(piece),
            }
        }
        let ours = Json::read(&bytes);
        let other = serde_json::from_slice::<serde_json::Value>(&bytes);
        // A float beyond its range is JSON; only the other reader minds.
        let too_large = other.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
        assert!(
            ours.is_ok() == other.is_ok() || refused_for_our_reasons(&bytes) || too_large,
            "{:?}: we say {ours:?}, the other says {other:?}",
            String::from_utf8_lossy(&bytes)
        );
        if ours.is_ok() { accepted += 1 } else { refused += 1 }
    }
    println!("{accepted} accepted, {refused} refused alike");
    assert!(accepted > 1_000 && refused > 1_000, "the texts are too much alike: {accepted} and {refused}");
}
