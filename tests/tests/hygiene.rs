//! Findings about rules and conditions against brute force: every distinguishable request of a policy, decided by the plain
//! evaluator. `KEYWARD_CASES` sets the number of policies, `KEYWARD_SEED` the first seed.

use keyward::analyze::analyze;
use keyward::codes::{Code, KW310, KW311, KW312, KW313, KW314};
use keyward::diagnostic::Diagnostic;
use keyward::eval;
use keyward::lower::lower;
use keyward::schema::Type;
use keyward::span::Span;
use keyward::typed::{All, Clause, InputPredicate, InputTest, One, Policy, RuleId};
use keyward::value::{Part, Request, Source};
use keyward_tests::comparison::compared;
use keyward_tests::differential::{read, setting};
use keyward_tests::generate;

/// Policies with more distinguishable requests are not enumerated.
const MOST_POINTS: u64 = 1_500;

/// How much was looked at, and how often each finding was right.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    conditions: usize,
    always: usize,
    rules: usize,
    never_deciding: usize,
    superfluous: usize,
}

fn span_of(clause: &Clause) -> Span {
    match clause {
        Clause::One(One::Term { span, .. }) | Clause::AtLeast(_, _, span) => *span,
        Clause::One(One::Input(test)) => test.span,
        Clause::One(One::Answer(test)) => test.span,
    }
}

fn holds(policy: &Policy, condition: &All, request: &Request) -> Result<bool, String> {
    eval::holds(policy, condition, request).map_err(|why| format!("{why:?}"))
}

/// Whether some rule that this one is an exception to applies; true for a rule without parents.
fn is_reached(policy: &Policy, rule: RuleId, request: &Request) -> Result<bool, String> {
    let parents = &policy.rules[rule].parents;
    for &parent in parents {
        if holds(policy, &policy.rules[parent].condition, request)? && is_reached(policy, parent, request)? {
            return Ok(true);
        }
    }
    Ok(parents.is_empty())
}

/// Whether a condition holds wherever the rest of its rule applies.
fn always_holds(policy: &Policy, rule: RuleId, place: usize, requests: &[Request]) -> Result<bool, String> {
    let mut others = policy.rules[rule].condition.clone();
    let one = All { clauses: vec![others.clauses.remove(place)], span: others.span };
    for request in requests {
        if is_reached(policy, rule, request)? && holds(policy, &others, request)? && !holds(policy, &one, request)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a condition lists every value of its input.
fn lists_all(policy: &Policy, clause: &Clause) -> bool {
    match clause {
        Clause::One(One::Input(InputTest {
            input, predicate: InputPredicate::OneOf(values), negated: false, ..
        })) => {
            let Type::OneOf(labels) = &policy.schema.inputs[*input].ty else { return false };
            let mut values = values.clone();
            values.sort_unstable();
            values.dedup();
            labels.len() > 1 && values.len() == labels.len()
        }
        _ => false,
    }
}

/// By rule: whether it has a part in some outcome, and whether it decides some.
fn parts(policy: &Policy, requests: &[Request]) -> Result<Vec<(bool, bool)>, String> {
    let mut parts = vec![(false, false); policy.rules.len()];
    for request in requests {
        for decision in 0..policy.schema.decisions.len() {
            let outcome = eval::decide(policy, decision, request).map_err(|why| format!("{why:?}"))?;
            for (part, source) in outcome.why {
                if let Source::Rule(rule) = source {
                    parts[rule].0 = true;
                    parts[rule].1 |= part == Part::Deciding;
                }
            }
        }
    }
    Ok(parts)
}

/// Whether no answer differs without the rule; exceptions to it alone go with it.
fn changes_nothing(policy: &Policy, rule: RuleId) -> Result<bool, String> {
    let mut without = policy.clone();
    // A rule that never holds is a rule that is not there.
    let never = InputTest {
        input: 0,
        predicate: InputPredicate::IncludesOneOf(0),
        negated: false,
        span: policy.rules[rule].span,
    };
    without.rules[rule].condition.clauses = vec![Clause::One(One::Input(never))];
    match compared(policy, &without, MOST_POINTS) {
        None => Ok(false),
        Some(both) => both.check().map(|tally| tally.changed == 0),
    }
}

/// Checks every claim about one policy, and that nothing was left unsaid.
fn check(policy: &Policy, found: &[Diagnostic], requests: &[Request], tally: &mut Tally) -> Result<(), String> {
    let has =
        |codes: &[Code], span: Span| found.iter().any(|one| codes.contains(&one.code) && one.primary.span == span);
    for (rule, (applies, decides)) in parts(policy, requests)?.into_iter().enumerate() {
        let written = &policy.rules[rule];
        let (never, idle) = (has(&[KW312], written.name_span), has(&[KW310, KW313], written.name_span));
        let impossible = has(&[KW311], written.name_span);
        tally.rules += 1;
        tally.never_deciding += usize::from(never);
        tally.superfluous += usize::from(idle);
        if impossible && applies {
            return Err(format!("`{}` applies", written.name));
        }
        if never && decides || applies && !decides && !never && !idle {
            return Err(format!("`{}` decides: {decides}, said never: {never}", written.name));
        }
        if idle && !changes_nothing(policy, rule)? {
            return Err(format!("without `{}` answers change", written.name));
        }
        for place in 0..if impossible { 0 } else { written.condition.clauses.len() } {
            let said = has(&[KW314], span_of(&written.condition.clauses[place]));
            tally.conditions += 1;
            tally.always += usize::from(said);
            let clause = &written.condition.clauses[place];
            if said != (always_holds(policy, rule, place, requests)? && !lists_all(policy, clause)) {
                return Err(format!("condition {place} of `{}` always holds, it was said: {said}", written.name));
            }
        }
    }
    Ok(())
}

#[test]
fn q1_findings_about_rules_and_conditions_are_true_and_complete() {
    let wanted = setting("KEYWARD_CASES", 300);
    let mut seed = setting("KEYWARD_SEED", 0) as u64;
    let (mut policies, mut tally) = (0, Tally::default());
    while policies < wanted {
        seed += 1;
        let text = generate::policy(seed).text();
        let Ok(policy) = read(std::slice::from_ref(&text)) else { continue };
        let Some(itself) = compared(&policy, &policy, MOST_POINTS) else { continue };
        let Ok(mut model) = lower(&policy) else { continue };
        let report = analyze(&policy, &mut model);
        if let Err(why) = check(&policy, &report.diagnostics, &itself.requests(), &mut tally) {
            panic!("seed {seed}: {why}\n{text}");
        }
        policies += 1;
    }
    println!("{policies} policies up to seed {seed}: {tally:?}");
    assert!(tally.always > 5 && tally.never_deciding > 1 && tally.superfluous > 5, "too little was found: {tally:?}");
}
