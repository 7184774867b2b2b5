//! Policies from source text to an outcome under the engine, and modules nobody should run.

use std::collections::BTreeSet;

use keyward::check::{Files, check};
use keyward::emit::{Options, emit};
use keyward::lower::lower;
use keyward::parse::parse;
use keyward::span::FileId;
use keyward_server::{Answer, DecideError, Decider, LoadError, Part, Policy, Possible, RequestError, Status, Value};
use wasm_encoder::{
    CodeSection, EntityType, Function, FunctionSection, ImportSection, Instruction, MemorySection, MemoryType, Module,
    RawSection, RefType, StartSection, TableSection, TableType, TypeSection,
};

const SOURCE: &str = r#"
edition 2026
policy test.door version 3 "May this key leave?"

input person is a user
input giver is a user
input job is one of guard, guest, cleaner
input roles is a set of admin, night "what the person may do"
input risk is a number from 1 to 5
input now is a moment
optional input badge is yes or no
setting org.strict is yes or no default no

calendar office is monday to friday from 08:00 until 18:00 except feasts
calendar feasts is every year on 12-25, 2026-04-03

assume "Guests are never administrators." never job is guest and roles include admin

decision door "May it?"
  answer access is the strictest of allowed, refused
  answer checks is a set of pin, badge only when access is allowed
  answer back is the shortest duration up to 7 days only when access is allowed
if unsure access is refused
normally access is refused
  because "Nobody was given access."

rule open_hours when now is during office
  then access is allowed and checks include pin
  because "The office is open."
rule guards when job is guard
  then access is allowed and back is 12 hours
  because "Guards come and go."
rule risky when risk is at least 4
  then checks include pin, badge and back is 1 hour
  because "Risky keys come back soon."
rule not_to_oneself when person is giver
  then access is refused
  because "Two people hand over a key."
exception trusted to risky when roles include admin
  then checks omit badge and back is 4 hours
  because "Administrators may keep it longer."
exception strict_houses to guards when org.strict is yes and roles do not include night
  then access is refused
  because "This house trusts only night guards."

test "guards may" given job is guard and risk is 1 and person is not giver and org.strict is no
  expect door.access is allowed
"#;

fn module(strip: bool) -> Vec<u8> {
    let mut files = Files::new();
    let (tree, findings) = parse(FileId(0), SOURCE);
    assert!(findings.is_empty(), "{findings:?}");
    files.add(tree, SOURCE);
    let (policy, findings) = check(&files, FileId(0));
    let policy = policy.unwrap_or_else(|| panic!("{findings:?}"));
    let model = lower(&policy).expect("a small policy");
    emit(&model, Options { strip }).expect("a module").bytes
}

fn loaded() -> Policy {
    Policy::load(&module(false)).expect("our own module")
}

#[test]
fn a_request_is_decided_and_explained() {
    let policy = loaded();
    assert_eq!(policy.identity().name, "test.door");
    assert_eq!(policy.identity().version, 3);
    let mut decider = Decider::new(&policy).expect("an instance");
    let mut request = policy.request();
    request.set("person", Value::Name("ann")).unwrap();
    request.set("giver", Value::Name("bob")).unwrap();
    request.set("job", Value::Name("guard")).unwrap();
    request.set("roles", Value::Names(&["admin"])).unwrap();
    request.set("risk", Value::Number(5)).unwrap();
    request.set("now", Value::Moment(20_812, 600)).unwrap(); // Christmas 2026
    assert_eq!(request.unknown().collect::<Vec<_>>(), ["badge"]);
    request.set("badge", Value::NotSet).unwrap();
    assert!(request.is_complete());
    let packed = request.pack();
    let outcome = decider.decide(0, &packed).expect("decided");
    assert_eq!(outcome.status, Status::Ok);
    let wanted = vec![
        ("access", Answer::Value("allowed")),
        ("checks", Answer::Members(vec!["pin"])),
        ("back", Answer::Minutes(240)),
    ];
    assert_eq!(decider.answers(0, &outcome), wanted);
    assert_eq!(decider.decide_table(0, &packed).expect("decided"), outcome);
    let why: Vec<(Part, String)> = decider
        .why(0, &packed)
        .expect("explained")
        .into_iter()
        .map(|reason| (reason.part, reason.words.map(|words| words.name.clone()).unwrap_or_default()))
        .collect();
    let named = |part, name: &str| (part, name.to_string());
    let wanted = [named(Part::Deciding, "guards"), named(Part::Deciding, "risky"), named(Part::Deciding, "trusted")];
    assert_eq!(why, wanted);
}

#[test]
fn what_is_unknown_stays_possible_and_what_cannot_be_is_unsure() {
    let policy = loaded();
    let mut decider = Decider::new(&policy).expect("an instance");
    let mut request = policy.request();
    request.set("job", Value::Name("guard")).unwrap();
    request.set("risk", Value::Number(2)).unwrap();
    let (status, possible) = decider.partial(0, &request.pack()).expect("explored");
    assert_eq!(status, Status::Ok);
    assert_eq!(possible[0], Possible::Values(vec![Answer::Value("allowed"), Answer::Value("refused")]));
    assert_eq!(possible[2], Possible::Values(vec![Answer::Minutes(720), Answer::Blank]));
    assert_eq!(decider.decide(0, &request.pack()).unwrap().status, Status::UnsureMissing);
    request.set("person", Value::Name("ann")).unwrap();
    request.set("giver", Value::Name("ann")).unwrap();
    let outcome = decider.decide(0, &request.pack()).unwrap();
    assert_eq!(outcome.status, Status::Ok, "whatever else holds");
    assert_eq!(decider.answers(0, &outcome)[0].1, Answer::Value("refused"));
    request.set("job", Value::Name("guest")).unwrap();
    request.set("roles", Value::Names(&["admin"])).unwrap();
    assert_eq!(decider.decide(0, &request.pack()).unwrap().status, Status::UnsureInvalid, "an assumption is broken");
}

#[test]
fn duties_schemas_and_lengths_are_checked() {
    let policy = loaded();
    let mut decider = Decider::new(&policy).expect("an instance");
    let mut request = policy.request();
    request.set("job", Value::Name("guard")).unwrap();
    request.set("risk", Value::Number(5)).unwrap();
    request.set("roles", Value::Names(&[])).unwrap();
    request.set("person", Value::Name("ann")).unwrap();
    request.set("giver", Value::Name("bob")).unwrap();
    assert_eq!(decider.decide(0, &request.pack()).unwrap().status, Status::Ok);
    assert!(request.duties(0, 1, 0b01));
    let outcome = decider.decide(0, &request.pack()).unwrap();
    assert_eq!(outcome.status, Status::DutyUnsupported);
    assert_eq!(decider.answers(0, &outcome)[0].1, Answer::Value("refused"));
    assert!(!request.duties(0, 0, 0));
    let mut packed = request.pack();
    packed[0] ^= 1;
    assert_eq!(decider.decide(0, &packed).unwrap().status, Status::SchemaMismatch);
    assert_eq!(decider.decide(7, &packed), Err(DecideError::NoDecision(7)));
    assert!(matches!(decider.decide(0, &packed[1..]), Err(DecideError::Length(..))));
    assert_eq!(
        request.set("risk", Value::Number(6)),
        Err(RequestError::OutOfRange("risk".into(), "a number from 1 to 5".into()))
    );
    assert_eq!(request.set("job", Value::Name("boss")), Err(RequestError::UnknownValue("job".into(), "boss".into())));
    assert_eq!(request.set("risk", Value::NotSet), Err(RequestError::NotOptional("risk".into())));
    assert_eq!(request.set("risk", Value::YesNo(true)), Err(RequestError::WrongType("risk".into(), "a number")));
    assert_eq!(request.set("shoes", Value::Number(6)), Err(RequestError::UnknownInput("shoes".into())));
}

#[test]
fn p9_all_forms_agree_on_many_requests_and_batches_keep_their_order() {
    let policy = loaded();
    assert!(policy.has_code(), "a policy this small has a straight-line form");
    let mut decider = Decider::new(&policy).expect("an instance");
    let mut seed = 3u64;
    let mut below = |limit: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % limit
    };
    let (mut rows, mut single) = (Vec::new(), Vec::new());
    let mut statuses = BTreeSet::new();
    for _ in 0..3000 {
        let mut request = policy.request();
        request.set("person", Value::Name(["ann", "bob"][below(2) as usize])).unwrap();
        request.set("giver", Value::Name(["ann", "bob", "eve"][below(3) as usize])).unwrap();
        request.set("job", Value::Name(["guard", "guest", "cleaner"][below(3) as usize])).unwrap();
        let roles: &[&str] = [&["admin"][..], &["night"], &[], &["admin", "night"]][below(4) as usize];
        request.set("roles", Value::Names(roles)).unwrap();
        request.set("risk", Value::Number(1 + below(5) as u32)).unwrap();
        request.set("now", Value::Moment(20_400 + below(900) as i32, below(1440) as u16)).unwrap();
        request.set("badge", if below(3) == 0 { Value::NotSet } else { Value::YesNo(below(2) == 0) }).unwrap();
        request.set("org.strict", Value::YesNo(below(2) == 0)).unwrap();
        let mut packed = request.pack();
        if below(8) == 0 {
            // Somewhere in the slots: often out of range.
            let at = 8 + below(policy.schema().short_len as u64 - 8) as usize;
            packed[at] = below(256) as u8;
        }
        let outcome = decider.decide(0, &packed).expect("decided");
        assert_eq!(decider.decide_table(0, &packed).expect("decided"), outcome);
        let short = &packed[..policy.schema().short_len];
        assert_eq!(decider.decide(0, short).expect("decided"), outcome, "masks and known bits are not read");
        statuses.insert(outcome.status);
        rows.extend(packed);
        single.push(outcome);
    }
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [Status::Ok, Status::UnsureInvalid]);
    assert_eq!(decider.batch(0, &rows).expect("decided"), single);
}

#[test]
fn p9_the_same_source_gives_the_same_bytes() {
    assert_eq!(module(false), module(false));
    let stripped = Policy::load(&module(true)).expect("our own module");
    assert!(stripped.reasons().rules.is_empty());
    // A stripped module leaves out the trace of its rules, and decides the same.
    assert!(stripped.table().len() < loaded().table().len());
    let (mut one, mut other) =
        (Decider::new(&stripped).expect("an instance"), Decider::new(&loaded()).expect("an instance"));
    let packed = loaded().request().pack();
    for byte in 8..loaded().schema().short_len {
        for value in [0, 1, 2, 7, 255] {
            let mut packed = packed.clone();
            packed[byte] = value;
            assert_eq!(one.decide(0, &packed).expect("decided"), other.decide(0, &packed).expect("decided"));
        }
    }
}

/// A module of one function, perhaps with more.
fn foreign(change: impl Fn(&mut Module), body: &[Instruction]) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    module.section(&types);
    change(&mut module);
    let mut functions = FunctionSection::new();
    functions.function(0);
    module.section(&functions);
    let mut code = CodeSection::new();
    let mut function = Function::new([]);
    body.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
    function.instruction(&Instruction::End);
    code.function(&function);
    module.section(&code);
    module.finish()
}

fn refused(bytes: &[u8]) -> LoadError {
    Policy::load(bytes).expect_err("this module must be refused")
}

#[test]
fn p6_modules_with_anything_foreign_are_refused() {
    let nothing = |_: &mut Module| {};
    assert!(matches!(refused(b""), LoadError::NotAModule(_)));
    assert!(matches!(refused(b"\0asm\x01\0\0\0"), LoadError::ForeignLoop));
    assert_eq!(refused(&foreign(nothing, &[])), LoadError::ForeignLoop);
    assert!(matches!(
        refused(&foreign(nothing, &[Instruction::F32Const(1.0.into()), Instruction::Drop])),
        LoadError::NotAModule(_)
    ));
    let imports = |module: &mut Module| {
        let mut imports = ImportSection::new();
        imports.import("env", "tick", EntityType::Function(0));
        module.section(&imports);
    };
    assert_eq!(refused(&foreign(imports, &[])), LoadError::Forbidden("imports"));
    let mut tail = foreign(nothing, &[]);
    let start = StartSection { function_index: 0 };
    let mut with_start = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut code = CodeSection::new();
    let mut function = Function::new([]);
    function.instruction(&Instruction::End);
    code.function(&function);
    with_start.section(&types).section(&functions).section(&start).section(&code);
    assert_eq!(refused(&with_start.finish()), LoadError::Forbidden("a start function"));
    let mut with_table = Module::new();
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        minimum: 1,
        maximum: Some(1),
        table64: false,
        shared: false,
    });
    with_table.section(&types).section(&tables);
    assert_eq!(refused(&with_table.finish()), LoadError::Forbidden("a table of functions"));
    for (minimum, maximum) in [(1, None), (1, Some(2)), (17, Some(17))] {
        let mut module = Module::new();
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
        module.section(&types).section(&memories);
        assert_eq!(refused(&module.finish()), LoadError::Forbidden("a memory that grows or is larger than 1 MiB"));
    }
    tail.truncate(tail.len() - 1);
    assert!(matches!(refused(&tail), LoadError::NotAModule(_)));
    assert_eq!(refused(&vec![0; 3 << 20]), LoadError::TooLarge);
    let vector = foreign(nothing, &[Instruction::V128Const(0), Instruction::Drop]);
    assert!(matches!(refused(&vector), LoadError::NotAModule(_)));
}

/// The sections of a module: number, and bytes from its number to its end.
fn sections(bytes: &[u8]) -> Vec<(u8, std::ops::Range<usize>, usize)> {
    let mut found = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let start = at;
        let id = bytes[at];
        at += 1;
        let (mut size, mut shift) = (0usize, 0);
        loop {
            let byte = bytes[at];
            at += 1;
            size |= usize::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        found.push((id, start..at + size, at));
        at += size;
    }
    found
}

#[test]
fn p6_our_module_with_one_section_changed_is_refused() {
    let good = module(false);
    for (id, range, content) in sections(&good) {
        // Left out.
        let mut less = good.clone();
        less.drain(range.clone());
        let stripped = id == 0
            && [&b"keyward.reasons"[..], b"keyward.map", b"keyward.proof"]
                .iter()
                .any(|name| good[content + 1..].starts_with(name));
        assert_eq!(Policy::load(&less).is_ok(), stripped, "section {id} at {range:?}");
        // A loop of our own making, a table of our own making.
        if id == 10 || id == 7 || id == 3 || id == 6 {
            let mut changed = good.clone();
            let last = range.end - 40.min(range.len() / 2);
            changed[last] ^= 1;
            assert!(Policy::load(&changed).is_err() || id == 10, "section {id}");
        }
    }
    // A second function beside the straight-line form would be a second section: not even well-formed.
    let mut twice = good.clone();
    let code = sections(&good).into_iter().find(|(id, ..)| *id == 10).expect("code");
    twice.extend(&good[code.1]);
    assert!(matches!(refused(&twice), LoadError::NotAModule(_)));
    let mut raw = Module::new();
    raw.section(&RawSection { id: 1, data: &[0xFF; 4] });
    assert!(matches!(refused(&raw.finish()), LoadError::NotAModule(_)));
}

#[test]
fn p6_p7_changed_bytes_are_refused_or_decide_something_and_end() {
    let good = module(true);
    let policy = Policy::load(&good).expect("our own module");
    let packed = policy.request().pack();
    let table = good.windows(4).position(|bytes| bytes == b"KWD1").expect("a table");
    let mut seed = 11u64;
    let (mut refused, mut run) = (0, 0);
    for round in 0..400 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut bytes = good.clone();
        // Half of them in the table, where the loop reads.
        let (from, to) = if round % 2 == 0 { (table, bytes.len()) } else { (0, bytes.len()) };
        let at = from + (seed >> 33) as usize % (to - from);
        bytes[at] = bytes[at].wrapping_add(1 + (seed >> 20) as u8 % 254);
        match Policy::load(&bytes) {
            Err(_) => refused += 1,
            Ok(policy) => {
                let mut decider = Decider::new(&policy).expect("an instance");
                if decider.policy().schema().request_len == packed.len() {
                    let outcome = decider.decide(0, &packed);
                    assert!(outcome.is_ok(), "byte {at}: {outcome:?}");
                    let _ = decider.decide_table(0, &packed).expect("never traps");
                    let _ = decider.partial(0, &packed).expect("never traps");
                    let _ = decider.why(0, &packed).expect("never traps");
                }
                run += 1;
            }
        }
    }
    assert!(refused > 150, "{refused} refused, {run} run");
}
