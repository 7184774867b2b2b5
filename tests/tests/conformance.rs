//! The conformance files: what they say is what the plain evaluator says, and what every host that speaks Rust answers (P3).
//! The modules they are about are left in `target/conformance` for the hosts that do not. `cargo xtask bless` makes the files.

use keyward_server::json::{Terms, read_request};
use keyward_server::{InputType, Policy as Loaded};
use keyward_tests::conformance::check::Hosts;
use keyward_tests::conformance::make::{self, Wanted};
use keyward_tests::conformance::{FOLDER, File, MODULES, Policy, hand, names, unhex, zones};
use keyward_tests::{generate, repository};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The policies of the house, with the files they need.
const HOUSE: [(&str, &[&str]); 7] = [
    ("access", &["access/access"]),
    ("pickup", &["pickup/pickup"]),
    ("field_swap", &["field_swap/field_swap"]),
    ("after_hours", &["after_hours/after_hours"]),
    ("login", &["login/login"]),
    ("after_hours_strict", &["after_hours/after_hours", "after_hours/strict"]),
    ("after_hours_north", &["after_hours/after_hours", "after_hours/site_north"]),
];

/// How many random policies there are files for.
const RANDOM: usize = 90;

fn made() -> Vec<File> {
    let mut files = Vec::new();
    for (name, parts) in HOUSE {
        let parts = std::iter::once("words/words").chain(parts.iter().copied());
        let policy = Policy::Files(parts.map(|part| format!("policies/{part}.ward")).collect());
        files
            .push(filled(name, policy, 1, Wanted { complete: 60, partial: 30, duties: 12 }).expect("the house builds"));
    }
    let policy = Policy::Text(hand::POLICY.to_owned());
    let mut file = filled("hand", policy, 2, Wanted { complete: 30, partial: 15, duties: 10 }).expect("it builds");
    let built = file.policy.build().expect("it builds");
    let loaded = Loaded::load(&built.emitted.bytes).expect("it loads");
    let answer = |request: &keyward::value::Request| {
        make::told(&built, loaded.schema(), request).ok_or_else(|| format!("not answered: {request:?}"))
    };
    file.cases.extend(hand::cases(&built, answer).expect("they are understood"));
    files.push(file);
    let mut seed = 0;
    while files.len() < HOUSE.len() + 1 + RANDOM {
        seed += 1;
        let policy = Policy::Text(generate::policy(seed).text());
        let wanted = Wanted { complete: 6, partial: 3, duties: 2 };
        files.extend(filled(&format!("random_{seed:03}"), policy, seed, wanted));
    }
    files
}

fn filled(name: &str, policy: Policy, seed: u64, wanted: Wanted) -> Option<File> {
    let built = policy.build().ok()?;
    let loaded = Loaded::load(&built.emitted.bytes).ok()?;
    let cases = make::cases(&built, loaded.schema(), seed, wanted);
    Some(File { name: name.to_owned(), policy, cases })
}

/// All packed cases with their modules as one piece for hosts without files: the number of modules, then for each its bytes and its
/// cases, for each case the decision, the request and the outcome. Numbers have four bytes, everything starts at a multiple of four.
fn blob(names: &[String]) -> Result<Vec<u8>, String> {
    let number = |out: &mut Vec<u8>, number: usize| out.extend((number as u32).to_le_bytes());
    let piece = |out: &mut Vec<u8>, bytes: &[u8]| {
        number(out, bytes.len());
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    };
    let mut out = Vec::new();
    number(&mut out, names.len());
    for name in names {
        let file = File::read(name)?;
        let built = file.policy.build()?;
        piece(&mut out, &built.emitted.bytes);
        let hex =
            |case: &serde_json::Map<String, Value>, key: &str| case.get(key).and_then(Value::as_str).and_then(unhex);
        let packed: Vec<_> = file.cases.iter().filter(|case| case.contains_key("packed")).collect();
        number(&mut out, packed.len());
        for case in packed {
            let decision = case.get("decision").and_then(Value::as_str).unwrap_or_default();
            let decisions = &built.policy.schema.decisions;
            number(&mut out, decisions.iter().position(|one| one.name == decision).ok_or("no such decision")?);
            piece(&mut out, &hex(case, "packed").ok_or("no request")?);
            piece(&mut out, &hex(case, "outcome").ok_or("no outcome")?);
        }
    }
    Ok(out)
}

/// P3: at least 1,500 cases, no difference, on the server (code, loop, batch, from JSON), natively and under wasmi.
#[test]
fn p3_conformance() {
    if std::env::var_os("KEYWARD_BLESS").is_some() {
        let folder = repository::root().join(FOLDER);
        for name in names() {
            std::fs::remove_file(folder.join(format!("{name}.jsonl"))).expect("the file can be removed");
        }
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        for file in made() {
            std::fs::write(folder.join(format!("{}.jsonl", file.name)), file.text()).expect("the file can be written");
        }
    }
    let modules = repository::root().join(MODULES);
    std::fs::create_dir_all(&modules).expect("the folder can be made");
    let (names, next, count) = (names(), AtomicUsize::new(0), AtomicUsize::new(0));
    let blob = blob(&names).unwrap_or_else(|why| panic!("{why}"));
    std::fs::write(modules.join("cases.bin"), blob).expect("the cases can be written");
    let check = || {
        let mut wrong = Vec::new();
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            let file = File::read(name).unwrap_or_else(|why| panic!("{why}"));
            let built = file.policy.build().unwrap_or_else(|why| panic!("{name}: {why}"));
            let part = modules.join(format!("{name}.part"));
            std::fs::write(&part, &built.emitted.bytes).expect("the module can be written");
            std::fs::rename(&part, modules.join(format!("{name}.wasm"))).expect("the module can be renamed");
            let mut hosts = Hosts::new(&built.emitted.bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
            for (number, case) in file.cases.iter().enumerate() {
                if let Err(why) = hosts.check(case) {
                    wrong.push(format!("{name}.jsonl:{}: {why}", number + 2));
                }
            }
            count.fetch_add(file.cases.len(), Ordering::Relaxed);
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(check)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it ends")).collect()
    });
    let count = count.into_inner();
    println!("{count} cases of {} policies", names.len());
    assert!(wrong.is_empty(), "{} differences, the first:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(count >= 1_500, "P3 asks for 1,500 cases, here are {count}");
}

/// Around every change of every zone the server reads an instant as the file has it.
#[test]
fn p3_civil_time_on_the_server() {
    let text = zones::text().expect("the zones are known");
    let path = repository::root().join(zones::FILE);
    if std::env::var_os("KEYWARD_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    assert_eq!(repository::read(zones::FILE).as_deref(), Ok(text.as_str()), "`cargo xtask bless` makes it again");
    let schema = Policy::Text(hand::POLICY.to_owned()).build().expect("it builds");
    let loaded = Loaded::load(&schema.emitted.bytes).expect("it loads");
    let slot = loaded.schema().input("now").expect("it has one");
    let InputType::Moment(minute_at, _) = slot.ty else { panic!("no moment") };
    let mut checked = 0;
    for zone in zones::ZONES {
        let changes = zones::changes(zone).expect("they are known");
        for (number, (at, ahead)) in changes.iter().enumerate() {
            let before = number.checked_sub(1).map_or(*ahead, |before| changes[before].1);
            for (instant, ahead) in [(at - 1, before), (*at, *ahead), (at + 61, *ahead)] {
                if number == 0 && instant < *at {
                    continue;
                }
                let local = instant + ahead;
                let text = jiff::Timestamp::from_second(instant * 60).expect("it is one").to_string();
                let json = format!("{{\"now\":\"{text}\"}}");
                let terms = Terms { zone: Some(zone.to_owned()), ..Terms::default() };
                let packed = read_request(loaded.schema(), json.as_bytes(), &terms).expect("it is read").pack();
                let found = |at: usize, len: usize| {
                    packed[at..at + len].iter().rev().fold(0u32, |all, one| all << 8 | u32::from(*one))
                };
                let found = i64::from(found(slot.slot, 4) as i32) * 1440 + i64::from(found(minute_at, 2));
                assert_eq!(found, local, "{zone} at {text}");
                checked += 1;
            }
        }
    }
    println!("{checked} instants");
}

/// Q1: a wrong expectation of each kind is seen.
#[test]
fn q1_wrong_cases_are_seen() {
    let file = File::read("after_hours").expect("it is read");
    let built = file.policy.build().expect("it builds");
    let mut hosts = Hosts::new(&built.emitted.bytes).expect("it loads");
    let mut seen = 0;
    for key in ["status", "answers", "because", "overridden", "milder", "possible", "packed", "outcome"] {
        let Some(case) = file.cases.iter().find(|case| case.get(key).is_some_and(|value| *value != json!([]))) else {
            continue;
        };
        let mut wrong = case.clone();
        let value = match &wrong[key] {
            Value::String(text) => json!(text.chars().rev().collect::<String>()),
            Value::Array(names) => json!(names[1..]),
            Value::Object(answers) => {
                let mut answers = answers.clone();
                if let Some(one) = answers.values_mut().next() {
                    *one = json!("nothing");
                }
                Value::Object(answers)
            }
            other => panic!("{other}"),
        };
        wrong.insert(key.to_owned(), value);
        assert!(hosts.check(case).is_ok());
        assert!(hosts.check(&wrong).is_err(), "{key}: believed");
        seen += 1;
    }
    assert!(seen >= 6, "only {seen} kinds");
}
