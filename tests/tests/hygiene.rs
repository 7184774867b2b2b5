//! Findings about rules and conditions against brute force: delete the condition or the rule and decide every
//! distinguishable request with the plain evaluator. `KEYWARD_CASES` sets the number of policies, `KEYWARD_SEED` the first seed.

use keyward::analyze::analyze;
use keyward::codes::{KW310, KW311, KW312, KW313, KW314};
use keyward::diagnostic::Diagnostic;
use keyward::lower::lower;
use keyward::span::Span;
use keyward::typed::{Clause, One, Policy};
use keyward_tests::comparison::compared;
use keyward_tests::differential::{read, setting};
use keyward_tests::generate;

/// Policies with more distinguishable requests are not enumerated.
const MOST_POINTS: u64 = 1_500;

/// How often each finding was right, and how often there was rightly none.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    conditions: usize,
    always: usize,
    idle: usize,
    rules: usize,
    never_deciding: usize,
}

fn span_of(clause: &Clause) -> Span {
    match clause {
        Clause::One(One::Term { span, .. }) | Clause::AtLeast(_, _, span) => *span,
        Clause::One(One::Input(test)) => test.span,
        Clause::One(One::Answer(test)) => test.span,
    }
}

/// Whether no answer differs, and no reason either; a policy that is no longer sound differs.
fn same(policy: &Policy, other: &Policy) -> Result<(bool, bool), String> {
    match compared(policy, other, MOST_POINTS) {
        None => Ok((false, false)),
        Some(both) => both.check().map(|tally| (tally.changed == 0, tally.changed + tally.reasons == 0)),
    }
}

/// Checks every claim about one policy, and that nothing was left unsaid.
fn check(policy: &Policy, found: &[Diagnostic], tally: &mut Tally) -> Result<(), String> {
    let has = |codes: &[keyward::codes::Code], span: Span| {
        found.iter().any(|one| codes.contains(&one.code) && one.primary.span == span)
    };
    let itself = compared(policy, policy, MOST_POINTS).ok_or("it cannot be enumerated")?;
    for (rule, (applies, decides)) in itself.parts()?.into_iter().enumerate() {
        let written = &policy.rules[rule];
        let (never, idle) = (has(&[KW312], written.name_span), has(&[KW310, KW313], written.name_span));
        tally.rules += 1;
        tally.never_deciding += usize::from(never);
        // A rule may apply only where all it says is blank; then it has no part.
        let impossible = has(&[KW311], written.name_span);
        if impossible && applies {
            return Err(format!("`{}` applies", written.name));
        }
        if never && decides || applies && !decides && !never && !idle {
            return Err(format!("`{}` decides: {decides}, said never: {never}", written.name));
        }
        if impossible {
            continue;
        }
        for place in 0..written.condition.clauses.len() {
            let span = span_of(&written.condition.clauses[place]);
            let mut without = policy.clone();
            without.rules[rule].condition.clauses.remove(place);
            let (answers, reasons) = same(policy, &without)?;
            let (always, useless) = (has(&[KW314], span), has(&[KW310], span));
            tally.conditions += 1;
            tally.always += usize::from(always);
            tally.idle += usize::from(useless);
            let said = always || useless;
            if said && !(answers && reasons) || reasons && !said && !idle {
                return Err(format!(
                    "condition {place} of `{}`: same answers {answers}, same reasons {reasons}; said always {always}, useless {useless}",
                    written.name
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn q1_findings_about_rules_and_conditions_are_true_and_complete() {
    let wanted = setting("KEYWARD_CASES", 120);
    let mut seed = setting("KEYWARD_SEED", 0) as u64;
    let (mut policies, mut tally) = (0, Tally::default());
    while policies < wanted {
        seed += 1;
        let text = generate::policy(seed).text();
        let Ok(policy) = read(std::slice::from_ref(&text)) else { continue };
        if compared(&policy, &policy, MOST_POINTS).is_none() {
            continue;
        }
        let Ok(mut model) = lower(&policy) else { continue };
        let report = analyze(&policy, &mut model);
        if let Err(why) = check(&policy, &report.diagnostics, &mut tally) {
            panic!("seed {seed}: {why}\n{text}");
        }
        policies += 1;
    }
    println!("{policies} policies up to seed {seed}: {tally:?}");
    assert!(tally.always > 5 && tally.idle > 5 && tally.never_deciding > 1, "too little was found: {tally:?}");
}
