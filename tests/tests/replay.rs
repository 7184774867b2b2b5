//! The decision log and its replay: what the server writes is read back, what is said to change does and nothing else, and no
//! byte of a log can be changed unnoticed. `KEYWARD_CASES` sets the number of pairs of versions, for longer runs.

use keyward::analyze::analyze;
use keyward::diagnostic::Diagnostic;
use keyward::eval;
use keyward::lower::lower;
use keyward::pipeline::{Compiled, Project, Replaying, replaying};
use keyward::replay::Replayed;
use keyward::replay::line::Mistake;
use keyward::schema::{AnswerKind, Value};
use keyward::source::Sources;
use keyward::space::packed::pack;
use keyward::space::slots::Slots;
use keyward::typed::{AnswerValue, Policy};
use keyward::value::Request;
use keyward_server::{Decider, LogWriter, Policy as Loaded, RotatingLog};
use keyward_tests::comparison::edit::EDITS;
use keyward_tests::differential::{read, setting};
use keyward_tests::generate::{self, Random, Requests};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// A sound policy, as far as a replay needs it.
fn compiled(policy: Policy) -> Option<Compiled> {
    let mut model = lower(&policy).ok()?;
    let report = analyze(&policy, &mut model);
    let answered = !report.diagnostics.iter().any(Diagnostic::is_error);
    answered.then(|| Compiled { policy: Some(policy), model: Some(model), report: Some(report), ..Compiled::default() })
}

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_780_800_123)
}

/// The log of some requests, decided by a policy.
fn log(old: &Compiled, requests: &[Request]) -> Vec<u8> {
    let emitted = old.trial().expect("a module");
    let loaded = Loaded::load(&emitted.bytes).expect("our own module");
    let mut decider = Decider::new(&loaded).expect("an instance");
    let model = old.model.as_ref().expect("a model");
    let slots = Slots::of_model(model);
    let mut writer = LogWriter::new(Vec::new(), None);
    writer.policy(&loaded).expect("memory");
    for (place, request) in requests.iter().enumerate() {
        let packed = pack(model, &slots, emitted.schema_hash, request);
        let decision = (place % loaded.schema().decisions.len()) as u32;
        let outcome = decider.decide(decision, &packed).expect("decided");
        let at = noon() + Duration::from_secs(place as u64);
        writer.append(at, decision, &packed, &outcome, &loaded).expect("memory");
    }
    into_bytes(writer)
}

fn into_bytes(mut writer: LogWriter<Vec<u8>>) -> Vec<u8> {
    writer.flush().expect("memory");
    writer.into_inner()
}

/// Replays a whole log.
fn replay(bytes: &[u8], old: &Compiled, new: &Compiled) -> Result<Replayed, Mistake> {
    replay_with(&replaying(old, new).expect("comparable"), bytes, old, new)
}

fn replay_with(ready: &Replaying, bytes: &[u8], old: &Compiled, new: &Compiled) -> Result<Replayed, Mistake> {
    let mut replay = ready.start(old, new).expect("two models");
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let whole = line.ends_with(b"\n");
        replay.feed(line.strip_suffix(b"\n").unwrap_or(line), whole)?;
    }
    replay.finish()
}

/// How many of the logged decisions turn out otherwise, as the plain evaluator sees it.
fn expected(old: &Policy, new: &Policy, requests: &[Request]) -> u64 {
    let mut changed = 0;
    for (place, request) in requests.iter().enumerate() {
        let decision = place % old.schema.decisions.len();
        let name = &old.schema.decisions[decision].name;
        let Some(other) = new.schema.decision(name) else { continue };
        let told = |policy: &Policy, decision: usize| {
            let outcome = eval::decide(policy, decision, request).ok()?;
            let answers = &policy.schema.decisions[decision].answers;
            let words = answers
                .iter()
                .zip(&outcome.answers)
                .map(|(answer, value)| (answer.name.clone(), word(&answer.kind, value)));
            Some((outcome.status.word(), words.collect::<BTreeMap<_, _>>()))
        };
        changed += u64::from(told(old, decision) != told(new, other));
    }
    changed
}

fn word(kind: &AnswerKind, value: &AnswerValue) -> String {
    let name = |place: usize| kind.labels().get(place).map_or(place.to_string(), |label| label.name.clone());
    match value {
        AnswerValue::Choice(choice) => name(usize::from(*choice)),
        AnswerValue::Set(mask) => {
            (0..32).filter(|member| mask >> member & 1 == 1).map(name).collect::<Vec<_>>().join(",")
        }
        other => format!("{other:?}"),
    }
}

/// Pairs of versions with the same vocabulary, so that every logged decision can be asked again.
#[test]
fn a_replay_tells_what_the_evaluator_tells() {
    let wanted = setting("KEYWARD_CASES", 40);
    let (mut seed, mut pairs, mut changed, mut rows) = (0, 0, 0, 0);
    while pairs < wanted {
        seed += 1;
        let Ok(old) = read(&[generate::policy(seed).text()]) else { continue };
        let mut random = Random::new(seed);
        let mut new = old.clone();
        for _ in 0..=random.below(2) {
            let Some((_, edit)) = random.pick(EDITS) else { continue };
            edit(&mut new, &mut random);
        }
        let alike = |schema: &keyward::schema::Schema| {
            let inputs: Vec<_> =
                schema.inputs.iter().map(|input| (input.name.clone(), input.ty.clone(), input.optional)).collect();
            (inputs, schema.decisions.clone())
        };
        if alike(&old.schema) != alike(&new.schema) {
            continue;
        }
        let (Some(before), Some(after)) = (compiled(old.clone()), compiled(new.clone())) else { continue };
        if replaying(&before, &after).is_err() {
            continue;
        }
        let maker = Requests::new(&old);
        let requests: Vec<Request> = (0..40)
            .map(|_| {
                let request = maker.complete(&mut random);
                if seed.is_multiple_of(4) && random.chance(20) {
                    maker.forget(&mut random, &request, 2)
                } else {
                    request
                }
            })
            .filter(|request| eval::is_valid(&old, request) || !request.is_complete())
            .collect();
        let bytes = log(&before, &requests);
        let found = replay(&bytes, &before, &after).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        assert_eq!((found.rows, found.not_by_old, found.not_askable), (requests.len() as u64, None, 0), "seed {seed}");
        let complete: Vec<Request> = requests.iter().filter(|request| request.is_complete()).cloned().collect();
        // The evaluator has no words for unknown inputs; those are left to the module's own tests.
        if complete.len() == requests.len() {
            assert_eq!(found.changed, expected(&old, &new, &requests), "seed {seed}\n{:?}", found.answers);
            let placed: u64 = found.regions.iter().sum();
            assert!(placed <= found.changed, "seed {seed}: {found:?}");
            changed += found.changed;
        }
        if !requests.is_empty() {
            assert_eq!(found.first, "2026-11-27T12:00:00.123Z");
        }
        pairs += 1;
        rows += found.rows;
    }
    println!("{pairs} pairs up to seed {seed}, {rows} rows, {changed} changed");
    assert!(changed > 0);
}

const DOOR: &str = "edition 2026
policy acme.door version 1 \"A door\"
input role is one of guard, visitor
input badge is yes or no
decision entry
  answer access is the strictest of allowed, refused
if unsure access is refused
normally access is refused because \"Nobody has said yes.\"
rule guards when role is guard and badge is yes then access is allowed because \"Guards may, with a badge.\"
";

fn door(text: &str) -> Compiled {
    let mut sources = Sources::new();
    let main = sources.add("door.ward", text);
    Project::read(sources, None).compile(main)
}

/// Every request of the door, twice.
fn door_log(old: &Compiled) -> Vec<u8> {
    let all = (0..8u8)
        .map(|place| Request { values: vec![Some(Value::Choice(place & 1)), Some(Value::YesNo(place & 2 == 0))] });
    log(old, &all.collect::<Vec<_>>())
}

/// What was cut off says where, and what stands before the cut is told as before; no changed byte goes unnoticed.
#[test]
fn q1_no_byte_of_a_log_changes_unnoticed() {
    let old = door(DOOR);
    let bytes = door_log(&old);
    let ready = replaying(&old, &old).expect("comparable");
    assert_eq!(replay_with(&ready, &bytes, &old, &old).expect("sound").rows, 8);
    let lines: Vec<usize> =
        bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    for end in 0..bytes.len() {
        let result = replay_with(&ready, &bytes[..end], &old, &old);
        match lines.iter().position(|&line| line == end) {
            // A cut between two lines cannot be seen; every line before it counts.
            Some(place) => assert_eq!(result.expect("sound").rows, place as u64),
            None if end == 0 => assert_eq!(result, Err(Mistake::Empty)),
            // Without its line break a line may still be whole.
            None if lines.contains(&(end + 1)) => assert!(result.is_ok()),
            None => assert!(matches!(result, Err(Mistake::Truncated(_))), "{end}: {result:?}"),
        }
    }
    for at in 0..bytes.len() {
        for change in [1, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            let result = replay_with(&ready, &changed, &old, &old);
            let last = at + 1 == bytes.len();
            assert!(result.is_err() || last, "byte {at} ^ {change}: {result:?}");
        }
    }
    for (place, pair) in lines.windows(2).enumerate() {
        let without = [&bytes[..pair[0]], &bytes[pair[1]..]].concat();
        let result = replay_with(&ready, &without, &old, &old);
        let is_last = place + 2 == lines.len();
        assert!(is_last || matches!(result, Err(Mistake::Edited(_))), "without line {}: {result:?}", place + 2);
    }
}

#[test]
fn logs_of_others_are_refused_by_name() {
    let old = door(DOOR);
    let bytes = door_log(&old);
    let other = door(&DOOR.replace("acme.door", "acme.gate"));
    assert!(
        matches!(replay(&bytes, &other, &other), Err(Mistake::OtherPolicy(1, found, wanted)) if found == "acme.door" && wanted == "acme.gate")
    );
    let wider = door(&DOOR.replace("guard, visitor", "guard, visitor, cleaner"));
    assert!(matches!(replay(&bytes, &wider, &wider), Err(Mistake::OtherSchema(1, ..))));
    let text = String::from_utf8(bytes.clone()).expect("text");
    let version = text.replacen("\"keyward_log\":1", "\"keyward_log\":2", 1);
    assert_eq!(replay(version.as_bytes(), &old, &old), Err(Mistake::Version(1, 2)));
    assert_eq!(replay(b"{}\n", &old, &old), Err(Mistake::NoHead));
    let headless = text.split_once('\n').expect("two lines").1;
    assert_eq!(replay(headless.as_bytes(), &old, &old), Err(Mistake::NoHead));
    // Another text of the same vocabulary: the log is not what that text decides.
    let milder = door(&DOOR.replace(" and badge is yes", ""));
    let found = replay(&bytes, &milder, &old).expect("readable");
    assert!(found.not_by_old.is_some_and(|(rows, line)| rows > 0 && line > 1), "{found:?}");
    // The newer version has a value more, another order of values, and a new setting with a default.
    let reordered = DOOR
        .replace("guard, visitor", "visitor, cleaner, guard")
        .replace("decision entry", "setting quiet is yes or no default no\ndecision entry");
    let found = replay(&bytes, &old, &door(&reordered)).expect("readable");
    assert_eq!((found.rows, found.changed, found.not_askable), (8, 0, 0), "{found:?}");
    let lacking = door(&DOOR.replace("guard, visitor", "guard, porter"));
    let found = replay(&bytes, &old, &lacking).expect("readable");
    assert!(found.not_askable > 0, "visitors are unknown there: {found:?}");
}

/// Files that were put aside go on where the one before ended.
#[test]
fn a_rotating_log_is_one_log() {
    let old = door(DOOR);
    let folder = std::env::temp_dir().join(format!("keyward-log-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("decisions.log");
    let emitted = old.trial().expect("a module");
    let loaded = Loaded::load(&emitted.bytes).expect("our own module");
    let mut decider = Decider::new(&loaded).expect("an instance");
    let mut log = RotatingLog::create(&path, 700, 3, &loaded).expect("a file");
    let mut request = loaded.request();
    request.set("role", keyward_server::Value::Name("guard")).expect("a role");
    request.set("badge", keyward_server::Value::YesNo(true)).expect("a badge");
    let packed = request.pack();
    for _ in 0..20 {
        let outcome = decider.decide(0, &packed).expect("decided");
        log.append(noon(), 0, &packed, &outcome).expect("written");
    }
    log.sync().expect("written");
    let mut all = Vec::new();
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.display().to_string()));
    assert!(names.len() == 4, "{names:?}");
    for name in &names {
        let bytes = std::fs::read(name).expect("a file");
        let rows = replay(&bytes, &old, &old).expect("each is a log").rows;
        assert!(rows > 0);
        all.extend(bytes);
    }
    let rows = replay(&all, &old, &old).expect("together they are one").rows;
    assert!((8..20).contains(&rows), "the oldest file is gone: {rows}");
    let stranger = RotatingLog::create(&path, 700, 3, &loaded).expect("the old file is put aside");
    drop(stranger);
    assert!(std::fs::read_to_string(&path).expect("a file").lines().count() <= 1);
    let _ = std::fs::remove_dir_all(&folder);
}
