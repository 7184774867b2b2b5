//! Random typed policies: every type, calendar span, clause, answer kind and exception shape, in small numbers.
//!
//! In: a seed. Out: a policy that satisfies what `check` would ask of its shape. Refuses to know what it means.

use keyward::schema::{Answer, AnswerKind, Decision, IdentifierKind, Input, Label, Origin, Schema, Type, Value};
use keyward::span::Span;
use keyward::typed::{
    All, AnswerPredicate, AnswerTest, AnswerValue, Assert, AssertKind, Assume, Calendar, CalendarSpan, Clause, Days,
    Effect, EffectKind, InputPredicate, InputTest, Normally, One, Policy, Rule, Term, Test,
};

/// A small deterministic source of choices.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 24) % n.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn at() -> Span {
    Span::default()
}

fn labels(prefix: &str, count: usize) -> Vec<Label> {
    (0..count).map(|n| Label { name: format!("{prefix}{n}"), text: String::new(), span: at() }).collect()
}

/// Days that are easy to get wrong, as day numbers: 27 February to 2 March of common and leap years, year ends, the horizon.
pub const DAYS: [i32; 16] = [
    20_454, 20_511, 20_512, 20_513, 20_514, 20_818, 20_819, 21_242, 21_243, 21_244, 21_245, 30_680, 30_681, 20_453,
    47_540, 0,
];

pub fn policy(seed: u64) -> Policy {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let mut policy = Policy {
        edition: 2026,
        name: "random.policy".into(),
        version: 1,
        title: String::new(),
        refines: None,
        files: vec![],
        schema: Schema {
            inputs: vec![],
            decisions: vec![],
            identifiers: vec![IdentifierKind {
                name: "user".into(),
                names: vec!["anna".into(), "ben".into(), "cleo".into()],
            }],
        },
        calendars: vec![],
        terms: vec![],
        assumes: vec![],
        decisions: vec![],
        rules: vec![],
        tests: vec![],
        asserts: vec![],
        span: at(),
    };
    for number in 0..2 + dice.below(4) {
        let input = input(dice, number);
        policy.schema.inputs.push(input);
    }
    for number in 0..dice.below(3) {
        let calendar = calendar(dice, number);
        policy.calendars.push(calendar);
    }
    for number in 0..dice.below(3) {
        let condition = all(dice, &policy, None, 2);
        policy.terms.push(Term { name: format!("t{number}"), condition, span: at() });
    }
    for _ in 0..dice.below(3) {
        let condition = all(dice, &policy, None, 2);
        let then = dice.one_in(2).then(|| all(dice, &policy, None, 1));
        policy.assumes.push(Assume { text: String::new(), condition, then, span: at() });
    }
    for number in 0..1 + dice.below(2) {
        decision(dice, &mut policy, number);
    }
    for number in 0..dice.below(3) {
        let (given, expect) = (all(dice, &policy, Some(usize::MAX), 2), all(dice, &policy, Some(usize::MAX), 2));
        policy.tests.push(Test { name: format!("test {number}"), given, expect, span: at() });
    }
    for number in 0..dice.below(4) {
        let kind = assert_kind(dice, &policy);
        let (name, policy_name) = (format!("assert_{number}"), policy.name.clone());
        policy.asserts.push(Assert { name, text: String::new(), kind, policy: policy_name, span: at() });
    }
    policy
}

fn input(dice: &mut Dice, number: usize) -> Input {
    let ty = match dice.below(11) {
        0 => Type::YesNo,
        1 => Type::OneOf(labels("v", 2 + dice.below(3))),
        2 | 3 => Type::SetOf(labels("m", 1 + dice.below(3))),
        4 => Type::Number(3, 3 + dice.below(12) as u32),
        5 => Type::Duration(0, 600),
        6 | 7 => Type::Moment(None),
        8 => Type::Date(20_500, 21_300),
        9 => Type::Time,
        _ => Type::Identifier(0),
    };
    let setting = dice.one_in(4) && matches!(ty, Type::YesNo | Type::OneOf(_) | Type::Number(..));
    let pinned = match &ty {
        Type::OneOf(_) if setting && dice.one_in(2) => Some(vec![Value::Choice(1)]),
        Type::Number(..) if setting && dice.one_in(2) => Some(vec![Value::Number(4), Value::Number(3)]),
        _ => None,
    };
    let default = setting.then_some(match &ty {
        Type::YesNo => Value::YesNo(false),
        Type::OneOf(_) => Value::Choice(1),
        _ => Value::Number(3),
    });
    Input {
        name: format!("i{number}"),
        text: String::new(),
        origin: if setting { Origin::Setting } else { Origin::Input },
        optional: !setting && dice.one_in(3),
        fixed: false,
        default,
        pinned,
        ty,
        span: at(),
    }
}

fn calendar(dice: &mut Dice, number: usize) -> Calendar {
    let mut spans = vec![];
    for _ in 0..1 + dice.below(4) {
        let year_days = [2 * 32 + 27, 2 * 32 + 28, 2 * 32 + 29, 3 * 32 + 1, 12 * 32 + 31, 32 + 1, 7 * 32 + 4];
        let days = match dice.below(5) {
            0 => Days::Every,
            1 | 2 => Days::Yearly(dice.pick(&year_days), dice.pick(&year_days)),
            3 => Days::Weekdays(1 + dice.below(127) as u8),
            _ => {
                let first = dice.pick(&DAYS[..12]);
                Days::Range(first, first + dice.below(4) as i32)
            }
        };
        let times = [0, 1, 480, 600, 1080, 1320, 1439, 1440];
        let (from, until, next_day) = match dice.below(3) {
            0 => (0, 1440, false),
            1 => (480, 1080, false),
            _ => {
                let (a, b) = (dice.pick(&times[..7]), dice.pick(&times[..7]));
                (a.max(b), a.min(b), true)
            }
        };
        spans.push(CalendarSpan { days, from, until, next_day });
    }
    let except = if number > 0 && dice.one_in(2) { vec![number - 1] } else { vec![] };
    Calendar { name: format!("c{number}"), spans, except, span: at() }
}

/// A condition. `answers`: nothing, or how many answers of the last decision may be tested (all of it, for `MAX`).
fn all(dice: &mut Dice, policy: &Policy, answers: Option<usize>, most: usize) -> All {
    let mut clauses = vec![];
    for _ in 0..dice.below(most + 1) {
        clauses.push(if dice.one_in(4) {
            let bullets: Vec<Vec<One>> = (0..1 + dice.below(3))
                .map(|_| (0..1 + dice.below(2)).map(|_| one(dice, policy, answers)).collect())
                .collect();
            Clause::AtLeast(1 + dice.below(bullets.len()) as u32, bullets, at())
        } else {
            Clause::One(one(dice, policy, answers))
        });
    }
    All { clauses, span: at() }
}

fn one(dice: &mut Dice, policy: &Policy, answers: Option<usize>) -> One {
    if let Some(limit) = answers
        && dice.one_in(3)
        && let Some(test) = answer_test(dice, policy, limit)
    {
        return One::Answer(test);
    }
    if !policy.terms.is_empty() && dice.one_in(4) {
        return One::Term { term: dice.below(policy.terms.len()), negated: dice.one_in(3), span: at() };
    }
    let input = dice.below(policy.schema.inputs.len());
    let predicate = predicate(dice, policy, input);
    One::Input(InputTest { input, predicate, negated: dice.one_in(3), span: at() })
}

fn predicate(dice: &mut Dice, policy: &Policy, input: usize) -> InputPredicate {
    let declared = &policy.schema.inputs[input];
    if declared.optional && dice.one_in(4) {
        return InputPredicate::Set;
    }
    let day = dice.pick(&DAYS[..12]);
    match &declared.ty {
        Type::YesNo => InputPredicate::OneOf(vec![dice.below(2) as u32]),
        Type::OneOf(labels) => InputPredicate::OneOf((0..labels.len() as u32).filter(|_| dice.one_in(2)).collect()),
        Type::SetOf(labels) => {
            let mask = 1 + dice.below((1 << labels.len()) - 1) as u32;
            if dice.one_in(2) { InputPredicate::IncludesOneOf(mask) } else { InputPredicate::IncludesAllOf(mask) }
        }
        Type::Number(low, high) => {
            let from = *low as usize + dice.below((high - low) as usize + 1);
            InputPredicate::Between(from as i64, (from + dice.below(6)) as i64)
        }
        Type::Duration(..) => InputPredicate::Between(0, dice.pick(&[0, 60, 90, 600])),
        Type::Time => InputPredicate::Between(dice.pick(&[0, 480, 1000]), dice.pick(&[479, 1000, 1439])),
        Type::Date(..) => match dice.below(2) {
            0 => InputPredicate::Between(i64::from(day), i64::from(day) + dice.below(400) as i64),
            _ => InputPredicate::Weekdays(1 + dice.below(127) as u8),
        },
        Type::Moment(_) => match dice.below(5) {
            0 => InputPredicate::DateBetween(day, day + dice.below(400) as i32),
            1 => InputPredicate::Weekdays(1 + dice.below(127) as u8),
            2 => InputPredicate::TimeBetween(dice.pick(&[0, 480, 1000]), dice.pick(&[479, 1000, 1439])),
            _ if policy.calendars.is_empty() => InputPredicate::TimeBetween(60, 61),
            _ => InputPredicate::During(dice.below(policy.calendars.len())),
        },
        Type::Identifier(_) => {
            let others: Vec<usize> = (0..policy.schema.inputs.len())
                .filter(|&o| o != input && matches!(policy.schema.inputs[o].ty, Type::Identifier(_)))
                .collect();
            match others.is_empty() || dice.one_in(2) {
                true => InputPredicate::OneOf((0..3).filter(|_| dice.one_in(2)).collect()),
                false => InputPredicate::Same(dice.pick(&others)),
            }
        }
    }
}

fn answer_test(dice: &mut Dice, policy: &Policy, limit: usize) -> Option<AnswerTest> {
    let decisions = policy.schema.decisions.len();
    let decision = dice.below(decisions);
    // Earlier decisions whole; of the one being made only the answers before.
    let answers = policy.schema.decisions.get(decision)?.answers.len();
    let answers = if decision + 1 == decisions { answers.min(limit) } else { answers };
    if answers == 0 {
        return None;
    }
    let answer = dice.below(answers);
    let declared = &policy.schema.decisions[decision].answers[answer];
    let predicate = match &declared.kind {
        _ if declared.only_when.is_some() && dice.one_in(4) => {
            if dice.one_in(2) {
                AnswerPredicate::Set
            } else {
                AnswerPredicate::NotSet
            }
        }
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => {
            AnswerPredicate::OneOf((0..values.len() as u32).filter(|_| dice.one_in(2)).collect())
        }
        AnswerKind::SetOf(members) => {
            let mask = 1 + dice.below((1 << members.len()) - 1) as u32;
            if dice.one_in(2) { AnswerPredicate::IncludesOneOf(mask) } else { AnswerPredicate::IncludesAllOf(mask) }
        }
        AnswerKind::Shortest(_) => AnswerPredicate::Between(dice.pick(&[0, 61]), dice.pick(&[60, 100, u32::MAX])),
    };
    let plain = matches!(predicate, AnswerPredicate::Set | AnswerPredicate::NotSet);
    Some(AnswerTest { decision, answer, predicate, negated: !plain && dice.one_in(3), span: at() })
}

fn decision(dice: &mut Dice, policy: &mut Policy, number: usize) {
    let mut answers: Vec<Answer> = vec![];
    for index in 0..1 + dice.below(4) {
        let kind = match dice.below(4) {
            0 => AnswerKind::OneOf { values: labels("a", 2 + dice.below(2)), yes_no: false },
            1 => AnswerKind::Strictest(labels("s", 2 + dice.below(2))),
            2 => AnswerKind::SetOf(labels("d", 1 + dice.below(3))),
            _ => AnswerKind::Shortest(10_080),
        };
        let single = |answer: &Answer| matches!(answer.kind, AnswerKind::OneOf { .. } | AnswerKind::Strictest(_));
        let gates: Vec<usize> = (0..answers.len()).filter(|&a| single(&answers[a])).collect();
        let only_when = (!gates.is_empty() && dice.one_in(2)).then(|| (dice.pick(&gates), dice.below(2) as u8));
        answers.push(Answer { name: format!("a{index}"), text: String::new(), kind, only_when, span: at() });
    }
    let unsure = answers.iter().map(|answer| match answer.kind {
        AnswerKind::SetOf(_) => AnswerValue::Set(0),
        AnswerKind::Shortest(_) => AnswerValue::NoLimit,
        _ => AnswerValue::Choice(0),
    });
    let unsure = unsure.collect();
    policy.schema.decisions.push(Decision {
        name: format!("d{number}"),
        text: String::new(),
        answers: answers.clone(),
        span: at(),
    });
    let normally = dice.one_in(2).then(|| {
        let mut effects = effects(dice, &answers, false);
        effects.retain(|effect| matches!(effect.kind, EffectKind::Choice(_) | EffectKind::Duration(_)));
        Normally { effects, because: String::new(), cite: String::new(), span: at() }
    });
    policy.decisions.push(keyward::typed::Decision {
        normally,
        unsure,
        unsure_because: String::new(),
        unsure_span: at(),
    });
    let first = policy.rules.len();
    for index in 0..1 + dice.below(7) {
        let earlier = policy.rules.len() - first;
        let mut parents = vec![];
        if earlier > 0 && dice.one_in(2) {
            parents.push(first + dice.below(earlier));
            if dice.one_in(3) {
                parents.push(first + dice.below(earlier));
                parents.sort_unstable();
                parents.dedup();
            }
        }
        let effects = effects(dice, &answers, !parents.is_empty());
        // So that no answer depends on itself: test only answers before the first that the rule, its exceptions or its
        // parents could say.
        let limit = if dice.one_in(3) { lowest(policy, &parents, &effects) } else { 0 };
        let condition = all(dice, policy, Some(limit), 3);
        policy.rules.push(Rule {
            name: format!("r{number}_{index}"),
            text: String::new(),
            decision: number,
            parents,
            parents_span: at(),
            condition,
            effects,
            because: "Because.".into(),
            cite: String::new(),
            span: at(),
            name_span: at(),
        });
    }
    // A rule may have got exceptions that say earlier answers than it tests: such policies are refused by `check`.
    for rule in first..policy.rules.len() {
        let below = lowest_below(policy, rule);
        for clause in &mut policy.rules[rule].condition.clauses {
            let ones: Vec<&mut One> = match clause {
                Clause::One(one) => vec![one],
                Clause::AtLeast(_, bullets, _) => bullets.iter_mut().flatten().collect(),
            };
            for one in ones {
                if matches!(one, One::Answer(test) if test.decision == number && test.answer >= below) {
                    let predicate = InputPredicate::IncludesOneOf(0);
                    *one = One::Input(InputTest { input: 0, predicate, negated: true, span: at() });
                }
            }
        }
    }
}

fn lowest(policy: &Policy, parents: &[usize], effects: &[Effect]) -> usize {
    let own = effects.iter().map(|effect| effect.answer).min().unwrap_or(0);
    parents.iter().map(|&p| lowest(policy, &policy.rules[p].parents, &policy.rules[p].effects)).fold(own, usize::min)
}

fn lowest_below(policy: &Policy, rule: usize) -> usize {
    let own = policy.rules[rule].effects.iter().map(|effect| effect.answer).min().unwrap_or(0);
    let kids = (0..policy.rules.len()).filter(|&kid| policy.rules[kid].parents.contains(&rule));
    kids.map(|kid| lowest_below(policy, kid)).fold(own, usize::min)
}

fn effects(dice: &mut Dice, answers: &[Answer], exception: bool) -> Vec<Effect> {
    let mut effects = vec![];
    while effects.is_empty() {
        for (answer, declared) in answers.iter().enumerate() {
            if dice.one_in(2) {
                continue;
            }
            match &declared.kind {
                AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => {
                    let kind = EffectKind::Choice(dice.below(values.len()) as u8);
                    effects.push(Effect { answer, kind, span: at() });
                }
                AnswerKind::Shortest(_) => {
                    let kind = EffectKind::Duration(dice.pick(&[30, 60, 90, 240]));
                    effects.push(Effect { answer, kind, span: at() });
                }
                AnswerKind::SetOf(members) => {
                    let mut mask = || 1 + dice.below((1 << members.len()) - 1) as u32;
                    let (include, omit) = (mask(), mask());
                    if exception && dice.one_in(2) {
                        effects.push(Effect { answer, kind: EffectKind::Omit(omit), span: at() });
                    }
                    if !exception || dice.one_in(2) {
                        effects.push(Effect { answer, kind: EffectKind::Include(include), span: at() });
                    }
                }
            }
        }
        if answers.iter().all(|a| matches!(a.kind, AnswerKind::SetOf(_))) && effects.is_empty() {
            effects.push(Effect { answer: 0, kind: EffectKind::Include(1), span: at() });
        }
    }
    effects
}

fn assert_kind(dice: &mut Dice, policy: &Policy) -> AssertKind {
    match dice.below(5) {
        0 => AssertKind::Never(all(dice, policy, Some(usize::MAX), 3)),
        1 => AssertKind::AlwaysIf(all(dice, policy, Some(usize::MAX), 2), all(dice, policy, Some(usize::MAX), 1)),
        2 => AssertKind::Possible(all(dice, policy, Some(usize::MAX), 3)),
        3 => {
            let mut since = policy.clone();
            since.tests.clear();
            since.asserts.clear();
            since.rules.retain(|rule| rule.parents.is_empty() && rule.name.ends_with(['0', '1', '2']));
            let except = dice.one_in(2).then(|| all(dice, policy, None, 2));
            AssertKind::Unchanged { since: Box::new(since), except }
        }
        _ => changes(dice, policy).unwrap_or_else(|| AssertKind::Possible(All { clauses: vec![], span: at() })),
    }
}

fn changes(dice: &mut Dice, policy: &Policy) -> Option<AssertKind> {
    let input = policy.schema.inputs.iter().position(|i| matches!(i.ty, Type::YesNo | Type::OneOf(_)))?;
    let value = |n: usize| match policy.schema.inputs[input].ty {
        Type::YesNo => Value::YesNo(n == 1),
        _ => Value::Choice(n as u8),
    };
    let decision = dice.below(policy.schema.decisions.len());
    let answer = dice.below(policy.schema.decisions[decision].answers.len());
    let becomes = match policy.schema.decisions[decision].answers[answer].kind {
        AnswerKind::SetOf(_) => AnswerValue::Set(1),
        AnswerKind::Shortest(_) => AnswerValue::Duration(60),
        _ => AnswerValue::Choice(1),
    };
    Some(AssertKind::Changes { input, from: value(0), to: value(1), decision, answer, becomes })
}

/// The policy before its first `one of` input (no setting) got a new first value, and with one rule less where `less`.
/// Nothing when there is no such input.
pub fn before_a_new_value(policy: &Policy, less: bool) -> Option<(usize, Policy)> {
    let input =
        policy.schema.inputs.iter().position(|input| {
            input.default.is_none() && matches!(&input.ty, Type::OneOf(labels) if labels.len() > 2)
        })?;
    let mut old = policy.clone();
    old.tests.clear();
    old.asserts.clear();
    if let Type::OneOf(labels) = &mut old.schema.inputs[input].ty {
        labels.remove(0);
    }
    let conditions = old.terms.iter_mut().map(|term| &mut term.condition);
    let conditions = conditions.chain(old.rules.iter_mut().map(|rule| &mut rule.condition));
    let assumed =
        old.assumes.iter_mut().flat_map(|assume| std::iter::once(&mut assume.condition).chain(&mut assume.then));
    for clause in conditions.chain(assumed).flat_map(|all| &mut all.clauses) {
        let ones: Vec<&mut One> = match clause {
            Clause::One(one) => vec![one],
            Clause::AtLeast(_, bullets, _) => bullets.iter_mut().flatten().collect(),
        };
        for one in ones {
            if let One::Input(InputTest { input: at, predicate: InputPredicate::OneOf(values), .. }) = one
                && *at == input
            {
                *values = values.iter().filter_map(|value| value.checked_sub(1)).collect();
            }
        }
    }
    if less && let Some(last) = old.rules.pop() {
        let number = old.rules.len();
        let was_parent = old.rules.iter().any(|rule| rule.parents.contains(&number));
        if was_parent {
            old.rules.push(last);
        }
    }
    Some((input, old))
}
