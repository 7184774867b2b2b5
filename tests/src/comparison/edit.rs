//! Edits an author might make, on a typed policy.
//! In: a policy and a stream of choices. Out: another version of it, sound or not. Refuses to judge the result.

use crate::generate::Random;
use keyward::schema::{AnswerKind, Input, Label, Origin, Type};
use keyward::span::Span;
use keyward::typed::{All, Assume, Clause, Effect, EffectKind, InputPredicate, InputTest, One, Policy, Rule};

/// An edit: what it is called, and what it does.
pub type Edit = (&'static str, fn(&mut Policy, &mut Random));

/// Every edit.
pub const EDITS: &[Edit] = &[
    ("drop a rule", drop_rule),
    ("drop a condition", drop_condition),
    ("turn a condition round", turn_condition),
    ("shift a bound", shift_bound),
    ("change a value", change_value),
    ("change the members", change_members),
    ("add an exception", add_exception),
    ("add a rule", add_rule),
    ("change normally", change_normally),
    ("reword a reason", reword),
    ("rename a rule", rename),
    ("shift a calendar", shift_calendar),
    ("drop an assumption", drop_assumption),
    ("add an assumption", add_assumption),
    ("lift only when", lift_only_when),
    ("change a pin", change_pin),
    ("add an input", add_input),
    ("add a value", add_value),
    ("add a value in front", add_value_in_front),
    ("widen a range", widen_range),
    ("allow not set", allow_not_set),
    ("another type", another_type),
];

fn pick_rule<'p>(policy: &'p mut Policy, random: &mut Random) -> Option<&'p mut Rule> {
    let at = random.below(policy.rules.len());
    policy.rules.get_mut(at)
}

/// Only one without exceptions, so that no exception hangs in the air.
fn drop_rule(policy: &mut Policy, random: &mut Random) {
    let leaf = |at: &usize| !policy.rules.iter().any(|rule| rule.parents.contains(at));
    let leaves: Vec<usize> = (0..policy.rules.len()).filter(leaf).collect();
    let Some(&gone) = random.pick(&leaves) else { return };
    policy.rules.remove(gone);
    for parent in policy.rules.iter_mut().flat_map(|rule| &mut rule.parents) {
        *parent -= usize::from(*parent > gone);
    }
}

fn drop_condition(policy: &mut Policy, random: &mut Random) {
    let Some(rule) = pick_rule(policy, random) else { return };
    if !rule.condition.clauses.is_empty() {
        rule.condition.clauses.remove(random.below(rule.condition.clauses.len()));
    }
}

/// The tests of inputs in the rules.
fn tests(policy: &mut Policy) -> Vec<&mut InputTest> {
    tests_in(policy.rules.iter_mut().map(|rule| &mut rule.condition))
}

/// The tests of inputs everywhere.
fn all_tests(policy: &mut Policy) -> Vec<&mut InputTest> {
    let assumes = policy.assumes.iter_mut();
    let assumed = assumes.flat_map(|assume| std::iter::once(&mut assume.condition).chain(&mut assume.then));
    let rules = policy.rules.iter_mut().map(|rule| &mut rule.condition);
    tests_in(rules.chain(policy.terms.iter_mut().map(|term| &mut term.condition)).chain(assumed))
}

fn tests_in<'p>(conditions: impl Iterator<Item = &'p mut All>) -> Vec<&'p mut InputTest> {
    let ones = conditions.flat_map(|all| &mut all.clauses).flat_map(|clause| match clause {
        Clause::One(one) => vec![one],
        Clause::AtLeast(_, bullets, _) => bullets.iter_mut().flatten().collect(),
    });
    ones.filter_map(|one| if let One::Input(test) = one { Some(test) } else { None }).collect()
}

fn turn_condition(policy: &mut Policy, random: &mut Random) {
    let mut all = tests(policy);
    let at = random.below(all.len());
    if let Some(test) = all.get_mut(at) {
        test.negated = !test.negated;
    }
}

fn shift_bound(policy: &mut Policy, random: &mut Random) {
    let mut all = tests(policy);
    let at = random.below(all.len());
    match all.get_mut(at).map(|test| &mut test.predicate) {
        Some(InputPredicate::Between(low, _)) => *low += 1,
        Some(InputPredicate::DateBetween(low, _)) => *low += 1,
        Some(InputPredicate::TimeBetween(_, high)) => *high = (*high + 1).min(1439),
        Some(InputPredicate::Weekdays(days)) => *days ^= 1 << random.below(7),
        Some(InputPredicate::OneOf(values)) if values.len() > 1 => drop(values.pop()),
        _ => {}
    }
}

fn change_value(policy: &mut Policy, random: &mut Random) {
    let schema = policy.schema.clone();
    let Some(rule) = pick_rule(policy, random) else { return };
    for effect in &mut rule.effects {
        let kind = &schema.decisions[rule.decision].answers[effect.answer].kind;
        match &mut effect.kind {
            EffectKind::Choice(choice) => *choice = random.below(kind.labels().len()) as u8,
            EffectKind::Duration(minutes) => *minutes = (*minutes / 2).max(1),
            _ => {}
        }
    }
}

fn change_members(policy: &mut Policy, random: &mut Random) {
    let schema = policy.schema.clone();
    for rule in &mut policy.rules {
        for effect in &mut rule.effects {
            let members = schema.decisions[rule.decision].answers[effect.answer].kind.labels().len() as u32;
            if let EffectKind::Include(mask) | EffectKind::Omit(mask) = &mut effect.kind
                && random.chance(40)
            {
                let other = *mask ^ 1 << random.below(members as usize);
                *mask = if other == 0 { *mask } else { other };
            }
        }
    }
}

fn a_test(policy: &Policy, random: &mut Random) -> All {
    let span = policy.span;
    let choosable: Vec<usize> = (0..policy.schema.inputs.len())
        .filter(|&at| matches!(policy.schema.inputs[at].ty, Type::YesNo | Type::OneOf(_)))
        .collect();
    let Some(&input) = random.pick(&choosable) else { return All::default() };
    let values = policy.schema.inputs[input].ty.labels().len().max(2);
    let predicate = InputPredicate::OneOf(vec![random.below(values) as u32]);
    All { clauses: vec![Clause::One(One::Input(InputTest { input, predicate, negated: false, span }))], span }
}

fn effect(policy: &Policy, decision: usize, random: &mut Random) -> Effect {
    let answers = &policy.schema.decisions[decision].answers;
    let answer = random.below(answers.len());
    let labels = answers[answer].kind.labels().len();
    let kind = match &answers[answer].kind {
        AnswerKind::SetOf(_) => EffectKind::Include(1 << random.below(labels)),
        AnswerKind::Shortest(most) => EffectKind::Duration(1 + random.below((*most).max(2) as usize - 1) as u32),
        _ => EffectKind::Choice(random.below(labels) as u8),
    };
    Effect { answer, kind, span: Span::default() }
}

fn added(policy: &Policy, random: &mut Random, parents: Vec<usize>, decision: usize) -> Rule {
    Rule {
        name: "added_here".to_string(),
        text: String::new(),
        decision,
        parents,
        parents_span: Span::default(),
        condition: a_test(policy, random),
        effects: vec![effect(policy, decision, random)],
        because: "It was added.".to_string(),
        cite: String::new(),
        span: policy.span,
        name_span: policy.span,
    }
}

fn add_exception(policy: &mut Policy, random: &mut Random) {
    let parent = random.below(policy.rules.len());
    let Some(decision) = policy.rules.get(parent).map(|rule| rule.decision) else { return };
    let rule = added(policy, random, vec![parent], decision);
    policy.rules.push(rule);
}

fn add_rule(policy: &mut Policy, random: &mut Random) {
    let rule = added(policy, random, Vec::new(), 0);
    policy.rules.push(rule);
}

fn change_normally(policy: &mut Policy, random: &mut Random) {
    let schema = policy.schema.clone();
    for (parts, declared) in policy.decisions.iter_mut().zip(&schema.decisions) {
        for effect in parts.normally.iter_mut().flat_map(|normally| &mut normally.effects) {
            if let EffectKind::Choice(choice) = &mut effect.kind {
                *choice = random.below(declared.answers[effect.answer].kind.labels().len()) as u8;
            }
        }
    }
}

fn reword(policy: &mut Policy, random: &mut Random) {
    if let Some(rule) = pick_rule(policy, random) {
        rule.because.push_str(" Indeed.");
    }
}

fn rename(policy: &mut Policy, random: &mut Random) {
    if let Some(rule) = pick_rule(policy, random) {
        rule.name.push_str("_anew");
    }
}

fn shift_calendar(policy: &mut Policy, random: &mut Random) {
    let at = random.below(policy.calendars.len());
    if let Some(span) = policy.calendars.get_mut(at).and_then(|calendar| calendar.spans.first_mut()) {
        span.from = if span.from + 1 < span.until { span.from + 1 } else { span.from };
    }
}

fn drop_assumption(policy: &mut Policy, _: &mut Random) {
    policy.assumes.pop();
}

fn add_assumption(policy: &mut Policy, random: &mut Random) {
    let condition = a_test(policy, random);
    if !condition.clauses.is_empty() {
        let text = "Something never happens.".to_string();
        policy.assumes.push(Assume { text, condition, then: None, span: policy.span });
    }
}

fn lift_only_when(policy: &mut Policy, _: &mut Random) {
    for answer in policy.schema.decisions.iter_mut().flat_map(|decision| &mut decision.answers) {
        answer.only_when = None;
    }
}

fn change_pin(policy: &mut Policy, random: &mut Random) {
    let settings = policy.schema.inputs.iter_mut().filter(|input| input.origin == Origin::Setting);
    for setting in settings {
        let default = setting.default.clone();
        setting.pinned = if random.chance(60) { default.map(|value| vec![value]) } else { None };
    }
}

/// A new input, asked by one rule.
fn add_input(policy: &mut Policy, random: &mut Random) {
    let span = policy.span;
    policy.schema.inputs.push(Input {
        name: "new_here".to_string(),
        text: String::new(),
        origin: Origin::Input,
        ty: Type::YesNo,
        optional: random.chance(30),
        fixed: false,
        default: None,
        pinned: None,
        span,
    });
    let input = policy.schema.inputs.len() - 1;
    let predicate = InputPredicate::OneOf(vec![1]);
    if let Some(rule) = pick_rule(policy, random) {
        rule.condition.clauses.push(Clause::One(One::Input(InputTest { input, predicate, negated: false, span })));
    }
}

fn a_label() -> Label {
    Label { name: "zz_new".to_string(), text: String::new(), span: Span::default() }
}

fn add_value(policy: &mut Policy, random: &mut Random) {
    let mut all: Vec<&mut Vec<Label>> = policy
        .schema
        .inputs
        .iter_mut()
        .filter_map(|input| match &mut input.ty {
            Type::OneOf(labels) | Type::SetOf(labels) => Some(labels),
            _ => None,
        })
        .collect();
    let at = random.below(all.len());
    if let Some(labels) = all.get_mut(at) {
        labels.push(a_label());
    }
}

/// Every value behind it gets another number.
fn add_value_in_front(policy: &mut Policy, random: &mut Random) {
    let choices: Vec<usize> =
        (0..policy.schema.inputs.len()).filter(|&at| matches!(policy.schema.inputs[at].ty, Type::OneOf(_))).collect();
    let Some(&input) = random.pick(&choices) else { return };
    let declared = &mut policy.schema.inputs[input];
    if declared.origin == Origin::Setting {
        return;
    }
    if let Type::OneOf(labels) = &mut declared.ty {
        labels.insert(0, a_label());
    }
    for test in all_tests(policy) {
        if let InputPredicate::OneOf(values) = &mut test.predicate
            && test.input == input
        {
            values.iter_mut().for_each(|value| *value += 1);
        }
    }
}

fn widen_range(policy: &mut Policy, _: &mut Random) {
    for input in &mut policy.schema.inputs {
        match &mut input.ty {
            Type::Number(_, high) if *high < 1000 => *high += 2,
            Type::Duration(_, high) => *high += 60,
            Type::Date(_, last) => *last += 10,
            _ => {}
        }
    }
}

fn allow_not_set(policy: &mut Policy, random: &mut Random) {
    let at = random.below(policy.schema.inputs.len());
    if let Some(input) = policy.schema.inputs.get_mut(at).filter(|input| input.default.is_none()) {
        input.optional = !input.optional || matches!(input.origin, Origin::OutsideGroup(_));
    }
}

/// A yes/no input becomes a number that no rule asks; its tests vanish.
fn another_type(policy: &mut Policy, _: &mut Random) {
    let plain = |input: &Input| input.ty == Type::YesNo && input.origin == Origin::Input;
    let Some(at) = policy.schema.inputs.iter().position(plain) else { return };
    policy.schema.inputs[at].ty = Type::Number(1, 3);
    for test in all_tests(policy) {
        if test.input == at {
            test.predicate = InputPredicate::Between(2, 2);
        }
    }
}
