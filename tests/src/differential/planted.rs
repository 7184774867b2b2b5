//! Bugs planted on purpose: the differential test must find each of them, or it proves nothing.
//! In: a typed policy. Out: the policy as a compiler with that bug would see it. Refuses to touch what the oracle reads.

use keyward::typed::{All, AnswerPredicate, Clause, Days, EffectKind, InputPredicate, One, Policy};

/// A bug: what it is called, and what it does to a policy.
pub type Bug = (&'static str, fn(&mut Policy));

/// Every planted bug.
pub const BUGS: &[Bug] = &[
    ("omit is ignored", no_omit),
    ("until is one minute late", late_until),
    ("exceptions are rules of their own", no_parents),
    ("only the first parent counts", first_parent),
    ("only when is ignored", no_gates),
    ("assumptions are ignored", no_assumptions),
    ("next day is ignored", no_next_day),
    ("except is ignored", no_except),
    ("at least n of is any of", any_of),
    ("negated tests are not negated", no_negation),
    ("not before a term is ignored", no_negated_terms),
    ("a leap day is the last of February", no_leap_day),
    ("identifiers are never the same", never_same),
    ("include all of is include one of", all_is_one),
    ("not set is asked for the wrong way round", set_upside_down),
    ("normally supplies another value", other_normally),
    ("a blank answer counts as set", blank_is_set),
    ("ranges are one too short", short_ranges),
    ("weekdays start on Sunday", shifted_weekdays),
    ("tests of answers say the opposite", opposite_answers),
];

fn no_omit(policy: &mut Policy) {
    for rule in &mut policy.rules {
        rule.effects.retain(|effect| !matches!(effect.kind, EffectKind::Omit(_)));
    }
}

fn late_until(policy: &mut Policy) {
    for span in policy.calendars.iter_mut().flat_map(|calendar| &mut calendar.spans) {
        span.until = (span.until + 1).min(1440);
    }
}

fn no_parents(policy: &mut Policy) {
    policy.rules.iter_mut().for_each(|rule| rule.parents.clear());
}

fn first_parent(policy: &mut Policy) {
    policy.rules.iter_mut().for_each(|rule| rule.parents.truncate(1));
}

fn no_gates(policy: &mut Policy) {
    let answers = policy.schema.decisions.iter_mut().flat_map(|decision| &mut decision.answers);
    answers.for_each(|answer| answer.only_when = None);
}

fn no_assumptions(policy: &mut Policy) {
    policy.assumes.clear();
}

fn no_next_day(policy: &mut Policy) {
    for span in policy.calendars.iter_mut().flat_map(|calendar| &mut calendar.spans) {
        if span.next_day {
            span.next_day = false;
            span.until = 1440;
        }
    }
}

fn no_except(policy: &mut Policy) {
    policy.calendars.iter_mut().for_each(|calendar| calendar.except.clear());
}

fn no_leap_day(policy: &mut Policy) {
    for span in policy.calendars.iter_mut().flat_map(|calendar| &mut calendar.spans) {
        if let Days::Yearly(first, last) = &mut span.days {
            for day in [first, last] {
                *day = if *day == 2 * 32 + 29 { 2 * 32 + 28 } else { *day };
            }
        }
    }
}

fn other_normally(policy: &mut Policy) {
    for effect in policy.decisions.iter_mut().filter_map(|d| d.normally.as_mut()).flat_map(|n| &mut n.effects) {
        if let EffectKind::Choice(choice) = &mut effect.kind {
            *choice = u8::from(*choice == 0);
        }
    }
}

fn any_of(policy: &mut Policy) {
    each_condition(policy, &|all| {
        for clause in &mut all.clauses {
            if let Clause::AtLeast(enough, _, _) = clause {
                *enough = 1;
            }
        }
    });
}

fn no_negation(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Input(test) = one
            && test.predicate != InputPredicate::Set
        {
            test.negated = false;
        }
    });
}

fn no_negated_terms(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Term { negated, .. } = one {
            *negated = false;
        }
    });
}

fn never_same(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Input(test) = one
            && matches!(test.predicate, InputPredicate::Same(_))
        {
            test.predicate = InputPredicate::OneOf(Vec::new());
        }
    });
}

fn all_is_one(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Input(test) = one
            && let InputPredicate::IncludesAllOf(members) = test.predicate
        {
            test.predicate = InputPredicate::IncludesOneOf(members);
        }
    });
}

fn set_upside_down(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Input(test) = one
            && test.predicate == InputPredicate::Set
        {
            test.negated = !test.negated;
        }
    });
}

fn blank_is_set(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Answer(test) = one
            && test.predicate == AnswerPredicate::Set
        {
            test.predicate = AnswerPredicate::NotSet;
        }
    });
}

fn short_ranges(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Input(test) = one {
            match &mut test.predicate {
                InputPredicate::Between(least, most) if *least < *most => *most -= 1,
                InputPredicate::TimeBetween(least, most) if *least < *most => *most -= 1,
                InputPredicate::DateBetween(least, most) if *least < *most => *most -= 1,
                _ => {}
            }
        }
    });
}

fn shifted_weekdays(policy: &mut Policy) {
    let shift = |mask: u8| (mask << 1 | mask >> 6) & 0x7F;
    each_one(policy, &|one| {
        if let One::Input(test) = one
            && let InputPredicate::Weekdays(mask) = &mut test.predicate
        {
            *mask = shift(*mask);
        }
    });
    for span in policy.calendars.iter_mut().flat_map(|calendar| &mut calendar.spans) {
        if let Days::Weekdays(mask) = &mut span.days {
            *mask = shift(*mask);
        }
    }
}

fn opposite_answers(policy: &mut Policy) {
    each_one(policy, &|one| {
        if let One::Answer(test) = one {
            test.negated = !test.negated;
        }
    });
}

/// Changes every condition that decides.
fn each_condition(policy: &mut Policy, change: &dyn Fn(&mut All)) {
    policy.terms.iter_mut().for_each(|term| change(&mut term.condition));
    policy.rules.iter_mut().for_each(|rule| change(&mut rule.condition));
    for assume in &mut policy.assumes {
        change(&mut assume.condition);
        assume.then.iter_mut().for_each(change);
    }
}

/// Changes every test and term in a condition.
fn each_one(policy: &mut Policy, change: &dyn Fn(&mut One)) {
    each_condition(policy, &|all| {
        for clause in &mut all.clauses {
            match clause {
                Clause::One(one) => change(one),
                Clause::AtLeast(_, bullets, _) => bullets.iter_mut().flatten().for_each(change),
            }
        }
    });
}
