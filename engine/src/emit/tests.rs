//! The table of random policies against the plain evaluator: outcomes, rules and what stays possible.

use keyward_evaluator::layout::{BLANK, FLAG_KNOWN, NO_LIMIT, NORMALLY, NOT_SET_DATE, POSSIBLE_BLANK};
use keyward_evaluator::{Scratch, Status, Table, decide, partial, why};

use super::{Options, emit, words};
use crate::eval;
use crate::lower::lower;
use crate::model::{CONFLICT, GAP, Model};
use crate::schema::{Answer, AnswerKind, Decision, IdentifierKind, Input, Label, Origin, Schema, Type, Value};
use crate::space::slots::Slots;
use crate::span::Span;
use crate::typed::{
    self, All, AnswerPredicate, AnswerTest, AnswerValue, Assume, Calendar, CalendarSpan, Clause, Days, Effect,
    EffectKind, InputPredicate, InputTest, One, Policy, Rule,
};
use crate::value::{Part, Request, Source};

/// A small random number generator, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }
}

fn labels(count: u32) -> Vec<Label> {
    (0..count).map(|n| Label { name: format!("v{n}"), text: String::new(), span: Span::default() }).collect()
}

fn inputs() -> Vec<Input> {
    let plain = [
        ("flag", Type::YesNo, false),
        ("kind", Type::OneOf(labels(4)), false),
        ("mood", Type::OneOf(labels(3)), true),
        ("roles", Type::SetOf(labels(3)), false),
        ("tags", Type::SetOf(labels(2)), true),
        ("risk", Type::Number(1, 9), false),
        ("age", Type::Number(0, 50), true),
        ("now", Type::Moment(None), false),
        ("then", Type::Moment(None), true),
        ("due", Type::Date(20_500, 20_900), true),
        ("at", Type::Time, true),
        ("person", Type::Identifier(0), false),
        ("giver", Type::Identifier(0), false),
        ("owner", Type::Identifier(0), true),
    ];
    let input = |(name, ty, optional): (&str, Type, bool)| Input {
        name: name.to_string(),
        text: String::new(),
        origin: Origin::Input,
        ty,
        optional,
        fixed: false,
        default: None,
        pinned: None,
        span: Span::default(),
    };
    plain.into_iter().map(input).collect()
}

fn decision() -> Decision {
    let answer = |name: &str, kind, only_when| Answer {
        name: name.to_string(),
        text: String::new(),
        kind,
        only_when,
        span: Span::default(),
    };
    let answers = vec![
        answer("access", AnswerKind::Strictest(labels(3)), None),
        answer("checks", AnswerKind::SetOf(labels(3)), Some((0, 0))),
        answer("back", AnswerKind::Shortest(10_000), Some((0, 1))),
        answer("notes", AnswerKind::SetOf(labels(2)), None),
        answer("hold", AnswerKind::Shortest(10_000), None),
    ];
    Decision { name: "d".to_string(), text: String::new(), answers, span: Span::default() }
}

fn one(dice: &mut Dice, input: usize, inputs: &[Input]) -> One {
    let day = |dice: &mut Dice| 20_500 + dice.below(400) as i32;
    let (low, high) = (dice.below(10), dice.below(10));
    let predicate = match &inputs[input].ty {
        Type::YesNo => InputPredicate::OneOf(vec![dice.below(2) as u32]),
        Type::OneOf(labels) => InputPredicate::OneOf(vec![dice.below(labels.len() as u64) as u32]),
        Type::SetOf(_) if dice.one_in(2) => InputPredicate::IncludesAllOf(1 + dice.below(3) as u32),
        Type::SetOf(_) => InputPredicate::IncludesOneOf(1 + dice.below(3) as u32),
        Type::Moment(_) => match dice.below(4) {
            0 => InputPredicate::During(0),
            1 => InputPredicate::TimeBetween(dice.below(700) as u16, 700 + dice.below(700) as u16),
            2 => InputPredicate::DateBetween(day(dice), 20_800),
            _ => InputPredicate::Weekdays(1 + dice.below(127) as u8),
        },
        Type::Date(..) if dice.one_in(2) => InputPredicate::Weekdays(1 + dice.below(127) as u8),
        Type::Date(..) => InputPredicate::Between(i64::from(day(dice)), 20_850),
        Type::Time => InputPredicate::Between(dice.below(700) as i64, 700 + dice.below(700) as i64),
        Type::Identifier(_) => match dice.below(3) {
            0 => InputPredicate::OneOf(vec![dice.below(2) as u32]),
            _ => InputPredicate::Same(11 + (input - 11 + 1 + dice.below(2) as usize) % 3),
        },
        _ => InputPredicate::Between(low.min(high) as i64, low.max(high) as i64),
    };
    let predicate = if inputs[input].optional && dice.one_in(5) { InputPredicate::Set } else { predicate };
    One::Input(InputTest { input, predicate, negated: dice.one_in(4), span: Span::default() })
}

fn all(dice: &mut Dice, inputs: &[Input], reads_answer: bool) -> All {
    let mut clauses = Vec::new();
    for _ in 0..1 + dice.below(2) {
        let input = dice.below(inputs.len() as u64) as usize;
        clauses.push(if dice.one_in(4) {
            let other = dice.below(inputs.len() as u64) as usize;
            let bullets = vec![vec![one(dice, input, inputs)], vec![one(dice, other, inputs)]];
            Clause::AtLeast(1, bullets, Span::default())
        } else {
            Clause::One(one(dice, input, inputs))
        });
    }
    if reads_answer {
        clauses.push(Clause::One(One::Answer(AnswerTest {
            decision: 0,
            answer: 0,
            predicate: AnswerPredicate::OneOf(vec![dice.below(3) as u32]),
            negated: false,
            span: Span::default(),
        })));
    }
    All { clauses, span: Span::default() }
}

fn rule(dice: &mut Dice, number: usize, inputs: &[Input]) -> Rule {
    let parents = match number > 2 && dice.one_in(2) {
        true => vec![dice.below(number.min(6) as u64) as usize],
        false => vec![],
    };
    // Rules that read `access` say nothing of it, and have no exceptions that do.
    let reads_answer = number >= 6;
    let mut effects = Vec::new();
    for answer in usize::from(reads_answer)..5 {
        if !dice.one_in(2) {
            continue;
        }
        let kind = match answer {
            0 => EffectKind::Choice(dice.below(3) as u8),
            1 | 3 if !parents.is_empty() && dice.one_in(2) => EffectKind::Omit(1 + dice.below(3) as u32),
            1 => EffectKind::Include(1 + dice.below(7) as u32),
            3 => EffectKind::Include(1 + dice.below(3) as u32),
            _ => EffectKind::Duration(60 * (1 + dice.below(3) as u32)),
        };
        effects.push(Effect { answer, kind, span: Span::default() });
    }
    Rule {
        name: format!("r{number}"),
        text: String::new(),
        decision: 0,
        parents,
        parents_span: Span::default(),
        condition: all(dice, inputs, reads_answer),
        effects,
        because: "Because.".to_string(),
        cite: String::new(),
        span: Span::default(),
        name_span: Span::default(),
    }
}

fn policy(dice: &mut Dice) -> Policy {
    let inputs = inputs();
    let span = |days, from, until, next_day| CalendarSpan { days, from, until, next_day };
    let open = vec![
        span(Days::Weekdays(0b1_1111), 480, 1080, false),
        span(Days::Weekdays(0b10_0000), 1320, 120, true),
        span(Days::Yearly(12 * 32 + 24, 32 + 2), 600, 660, false),
    ];
    let calendars = vec![
        Calendar { name: "open".to_string(), spans: open, except: vec![1], span: Span::default() },
        Calendar {
            name: "off".to_string(),
            spans: vec![
                span(Days::Range(20_600, 20_603), 0, 1440, false),
                span(Days::Yearly(7 * 32 + 1, 7 * 32 + 1), 0, 1440, false),
            ],
            except: vec![],
            span: Span::default(),
        },
    ];
    let normally = typed::Normally {
        effects: vec![Effect { answer: 0, kind: EffectKind::Choice(2), span: Span::default() }],
        because: "Nothing else.".to_string(),
        cite: String::new(),
        span: Span::default(),
    };
    let unsure = vec![
        AnswerValue::Choice(1),
        AnswerValue::Blank,
        AnswerValue::NoLimit,
        AnswerValue::Set(2),
        AnswerValue::Duration(5),
    ];
    let assume =
        Assume { text: String::new(), condition: all(dice, &inputs, false), then: None, span: Span::default() };
    Policy {
        edition: 2026,
        name: "test.policy".to_string(),
        version: 1,
        title: String::new(),
        refines: None,
        files: Vec::new(),
        calendars,
        terms: Vec::new(),
        assumes: vec![assume],
        decisions: vec![typed::Decision {
            normally: Some(normally),
            unsure,
            unsure_because: String::new(),
            unsure_span: Span::default(),
        }],
        rules: (0..8).map(|number| rule(dice, number, &inputs)).collect(),
        schema: Schema {
            inputs,
            decisions: vec![decision()],
            identifiers: vec![IdentifierKind { name: "user".to_string(), names: vec!["ann".into(), "bob".into()] }],
        },
        tests: Vec::new(),
        asserts: Vec::new(),
        span: Span::default(),
    }
}

fn value(dice: &mut Dice, input: &Input) -> Value {
    if input.optional && dice.one_in(3) {
        return Value::NotSet;
    }
    match &input.ty {
        Type::YesNo => Value::YesNo(dice.one_in(2)),
        Type::OneOf(labels) => Value::Choice(dice.below(labels.len() as u64) as u8),
        Type::SetOf(labels) => Value::Set(dice.below(1 << labels.len()) as u32),
        Type::Number(low, high) => Value::Number(low + dice.below(u64::from(high - low) + 1) as u32),
        Type::Duration(low, high) => Value::Duration(low + dice.below(u64::from(high - low) + 1) as u32),
        Type::Moment(_) => Value::Moment(20_450 + dice.below(500) as i32, dice.below(1440) as u16),
        Type::Date(low, high) => Value::Date(low + dice.below((high - low) as u64 + 1) as i32),
        Type::Time => Value::Time(dice.below(1440) as u16),
        Type::Identifier(_) => Value::Identifier(["ann", "bob", "eve", "kim"][dice.below(4) as usize].to_string()),
    }
}

/// Packs a request; unknown inputs have their known bits off.
fn pack(model: &Model, slots: &Slots, hash: u32, request: &Request) -> Vec<u8> {
    let mut bytes = vec![0u8; slots.len];
    bytes[0..4].copy_from_slice(&hash.to_le_bytes());
    bytes[4..8].copy_from_slice(&FLAG_KNOWN.to_le_bytes());
    for (coordinate, it) in model.coordinates.iter().enumerate() {
        if request.get(it.input).is_some() {
            bytes[slots.known + coordinate / 8] |= 1 << (coordinate % 8);
        }
    }
    for (number, input) in model.schema.inputs.iter().enumerate() {
        let at = slots.inputs[number];
        let mut put = |at: usize, width: usize, value: u32| {
            bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
        };
        let width = crate::space::slots::width(&input.ty);
        match request.get(number) {
            None => put(at, width, 0x7777_7777),
            Some(Value::NotSet) => {
                let days = matches!(input.ty, Type::Date(..) | Type::Moment(_));
                put(at, width, if days { NOT_SET_DATE } else { u32::MAX });
                if let Type::Moment(_) = input.ty {
                    put(slots.minutes[number], 2, 0xFFFF);
                }
            }
            Some(Value::YesNo(yes)) => put(at, 1, u32::from(*yes)),
            Some(Value::Choice(value)) => put(at, 1, u32::from(*value)),
            Some(Value::Set(value) | Value::Number(value) | Value::Duration(value)) => put(at, width, *value),
            Some(Value::Date(day)) => put(at, 4, *day as u32),
            Some(Value::Time(minute)) => put(at, 2, u32::from(*minute)),
            Some(Value::Moment(day, minute)) => {
                put(at, 4, *day as u32);
                put(slots.minutes[number], 2, u32::from(*minute));
            }
            Some(Value::Identifier(name)) => {
                let raw = ["ann", "bob", "eve", "kim"].iter().position(|known| known == name);
                put(at, 4, raw.unwrap_or(9) as u32);
            }
        }
    }
    bytes
}

fn outcome_words(model: &Model, answers: &[AnswerValue]) -> Vec<u32> {
    let mut list = vec![0; words::count(model, 0)];
    for (answer, value) in answers.iter().enumerate() {
        words::put(model, 0, answer, *value, &mut list);
    }
    list
}

fn read(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The sources `why` lists, as the oracle names them.
fn sources(out: &[u8]) -> Vec<(Part, Source)> {
    let mut words: Vec<u32> = (0..read(out, 4) as usize).map(|place| read(out, 8 + 4 * place)).collect();
    words.sort_unstable();
    words
        .into_iter()
        .map(|word| {
            let part = [Part::Deciding, Part::Overridden, Part::Milder][(word >> 16) as usize];
            let rule = word & 0xFFFF;
            (part, if rule == NORMALLY { Source::Normally } else { Source::Rule(rule as usize) })
        })
        .collect()
}

/// What one answer can still be, from the result of `partial`.
fn still_possible(model: &Model, out: &[u8], answer: usize, value: AnswerValue) -> bool {
    let word = |index: usize| read(out, 4 + 32 * answer + 4 * index);
    let bit = |index: u32| word((index >> 5) as usize) >> (index & 31) & 1 != 0;
    let durations = &model.decisions[0].answers[answer].durations;
    match (value, &model.schema.decisions[0].answers[answer].kind) {
        (AnswerValue::Blank, AnswerKind::SetOf(_)) => word(2) & 1 != 0,
        (AnswerValue::Blank, _) => bit(POSSIBLE_BLANK),
        (AnswerValue::Set(mask), _) => {
            word(2) & 2 != 0 && mask & !word(0) == 0 && !mask & 7 & !word(1) & (word(0) | word(1)) == 0
        }
        (AnswerValue::Choice(value), _) => bit(u32::from(value)),
        (AnswerValue::NoLimit, _) => bit(durations.len() as u32),
        (AnswerValue::Duration(minutes), _) => {
            durations.iter().position(|&duration| duration == minutes).is_some_and(|place| bit(place as u32))
        }
    }
}

#[test]
fn p2_the_table_decides_and_explains_as_the_oracle_says() {
    let mut scratch = Box::new(Scratch::new());
    let mut ok = 0;
    for seed in 0..30 {
        let mut dice = Dice(seed);
        let policy = policy(&mut dice);
        let model = lower(&policy).expect("random policies are small");
        let emitted = emit(&model, Options::default()).expect("a module");
        let slots = Slots::of_model(&model);
        let table = Table::new(&emitted.table[..]);
        for _ in 0..300 {
            let values = policy.schema.inputs.iter().map(|input| Some(value(&mut dice, input))).collect();
            let request = Request { values };
            let wanted = eval::decide(&policy, 0, &request).expect("decidable");
            let bytes = pack(&model, &slots, emitted.schema_hash, &request);
            let mut out = vec![0u8; 2048];
            let status = decide(&table, 0, &bytes[..], &mut out[..], &mut *scratch);
            assert_eq!(status.word(), wanted.status.word(), "seed {seed} {request:?}");
            let wanted_words = outcome_words(&model, &wanted.answers);
            let found: Vec<u32> = (0..wanted_words.len()).map(|word| read(&out, 4 + 4 * word)).collect();
            assert_eq!(found, wanted_words, "seed {seed} {request:?}");
            assert!(found.iter().all(|&word| word != NO_LIMIT || wanted.answers.contains(&AnswerValue::NoLimit)));
            why(&table, 0, &bytes[..], &mut out[..], &mut scratch);
            assert_eq!(sources(&out), wanted.why, "seed {seed} {request:?}");
            ok += usize::from(status == Status::Ok);
        }
    }
    assert!(ok > 2000, "most random requests are valid: {ok}");
    assert_eq!(BLANK, u32::MAX);
}

#[test]
fn p2_what_stays_possible_is_exact() {
    let mut scratch = Box::new(Scratch::new());
    let mut checked = 0;
    for seed in 0..40 {
        let mut dice = Dice(1000 + seed);
        let policy = policy(&mut dice);
        let model = lower(&policy).expect("random policies are small");
        let emitted = emit(&model, Options::default()).expect("a module");
        let slots = Slots::of_model(&model);
        let table = Table::new(&emitted.table[..]);
        for _ in 0..40 {
            let mut values: Vec<_> = policy.schema.inputs.iter().map(|input| Some(value(&mut dice, input))).collect();
            for _ in 0..3 {
                // Unknown flag, kind, mood, roles or an identifier: few candidates stand for all.
                values[[0, 1, 2, 3, 11, 12, 13][dice.below(7) as usize]] = None;
            }
            let names = ["ann", "bob", "eve", "kim", "new1", "new2", "new3"];
            let candidates: Vec<Vec<Value>> =
                policy.schema.inputs.iter().map(|input| candidates(input, &names)).collect();
            let request = Request { values };
            let wanted = eval::possible(&policy, 0, &request, &candidates, 100_000).expect("few completions");
            let bytes = pack(&model, &slots, emitted.schema_hash, &request);
            let mut out = vec![0u8; 2048];
            let status = partial(&table, 0, &bytes[..], &mut out[..], &mut scratch);
            assert_eq!(status == Status::UnsureInvalid, wanted.valid == 0, "seed {seed} {request:?}");
            if wanted.valid == 0 {
                continue;
            }
            assert_eq!(status, Status::Ok);
            for (answer, values) in wanted.answers.iter().enumerate() {
                for value in every_value(&model, answer) {
                    let found = still_possible(&model, &out, answer, value);
                    let set = matches!(value, AnswerValue::Set(_));
                    // Sets are told member by member: every possible set fits, and each member's freedom is real.
                    assert!(found || !values.contains(&value), "missing seed {seed} {request:?} {answer} {value:?}");
                    assert!(set || !found || values.contains(&value), "seed {seed} {request:?} {answer} {value:?}");
                }
                members_are_exact(&model, &out, answer, values);
            }
            checked += 1;
            let decided = decide(&table, 0, &bytes[..], &mut out[..], &mut *scratch);
            let single = wanted.answers.iter().all(|values| values.len() == 1);
            assert_eq!(decided == Status::Ok, single, "seed {seed} {request:?}");
        }
    }
    assert!(checked > 400, "{checked}");
}

fn candidates(input: &Input, names: &[&str]) -> Vec<Value> {
    let mut list: Vec<Value> = match &input.ty {
        Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Type::OneOf(labels) => (0..labels.len()).map(|value| Value::Choice(value as u8)).collect(),
        Type::SetOf(labels) => (0..1 << labels.len()).map(Value::Set).collect(),
        Type::Identifier(_) => names.iter().map(|name| Value::Identifier(name.to_string())).collect(),
        _ => vec![],
    };
    if input.optional {
        list.push(Value::NotSet);
    }
    list
}

fn every_value(model: &Model, answer: usize) -> Vec<AnswerValue> {
    let mut list = vec![AnswerValue::Blank];
    match &model.schema.decisions[0].answers[answer].kind {
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => {
            list.extend((0..values.len()).map(|value| AnswerValue::Choice(value as u8)));
        }
        AnswerKind::SetOf(members) => list.extend((0..1 << members.len()).map(AnswerValue::Set)),
        AnswerKind::Shortest(_) => {
            list.push(AnswerValue::NoLimit);
            let durations = &model.decisions[0].answers[answer].durations;
            list.extend(durations.iter().map(|&minutes| AnswerValue::Duration(minutes)));
        }
    }
    list
}

fn members_are_exact(model: &Model, out: &[u8], answer: usize, values: &std::collections::BTreeSet<AnswerValue>) {
    let AnswerKind::SetOf(members) = &model.schema.decisions[0].answers[answer].kind else { return };
    let masks: Vec<u32> = values
        .iter()
        .filter_map(|value| match value {
            AnswerValue::Set(mask) => Some(*mask),
            _ => None,
        })
        .collect();
    for member in 0..members.len() {
        let may = |word: usize| read(out, 4 + 32 * answer + 4 * word) >> member & 1 != 0;
        assert_eq!(may(0), masks.iter().any(|mask| mask >> member & 1 != 0));
        assert!(may(1) || masks.iter().all(|mask| mask >> member & 1 != 0));
    }
}

#[test]
fn a_model_with_a_gap_or_a_conflict_is_refused() {
    let mut refused = 0;
    for (seed, terminal) in (0..20).zip([GAP, CONFLICT].into_iter().cycle()) {
        let mut model = lower(&policy(&mut Dice(seed))).expect("random policies are small");
        let root = model.decisions[0].answers[0].roots[0];
        assert!(emit(&model, Options::default()).is_ok(), "seed {seed}");
        // Some requests are left open, or answered in two ways.
        let some = model.forest.test(0, |class| class == 0).expect("in budget");
        let open = model.forest.if_then_else(some, crate::diagram::Ref::terminal(terminal), root).expect("in budget");
        model.decisions[0].answers[0].roots[0] = open;
        let error = emit(&model, Options::default()).expect_err("it has no answer");
        refused += usize::from(error.to_string().contains("left open"));
    }
    assert_eq!(refused, 20);
}
