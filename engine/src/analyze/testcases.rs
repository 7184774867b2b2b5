//! Tests as proofs: whatever is not given must not matter (KW402, KW405).
//!
//! In: what is given and what is expected. Out: a result a test; a request that turns out otherwise where there is one.
//! Refuses to know: which rule is to blame, beyond naming those that decided.

use super::promised;
use super::report::{Report, TestResult};
use crate::codes::{KW402, KW405};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::space::look::Look;

/// Proves every test.
pub(super) fn prove(look: &mut Look<'_>, report: &mut Report) -> Result<(), Exploded> {
    for (number, (given, expect)) in look.model.promises.tests.clone().into_iter().enumerate() {
        let test = &look.policy.tests[number];
        let given = look.condition(given)?;
        let like_it = look.valid_and(given)?;
        let expected = look.condition(expect)?;
        let failing = look.model.forest.and_not(like_it, expected)?;
        let mut evidence = None;
        if like_it == Ref::FALSE {
            let message = format!("no valid request is like the test \"{}\"", test.name);
            look.found.push(
                Diagnostic::new(KW405, test.span, message)
                    .note("A test that no request is like would hold whatever the rules say.")
                    .hint("Check what is given against the assumptions and the pinned settings."),
            );
        } else if failing != Ref::FALSE {
            let message = format!("the test \"{}\" does not hold", test.name);
            let mut found = look.about(KW402, test.span, message, failing);
            let (bad, all) = (look.count(failing), look.count(like_it));
            found = found.note(format!("It fails for {bad} of the {all} requests like it."));
            if let Some(point) = look.point(failing) {
                let answers = look.policy.answers_tested(&[&test.expect]);
                found = promised::show(look, found, &answers, &point);
                evidence = Some(promised::evidence(look, &answers, &point));
            }
            look.found.push(found);
        }
        report.tests.push(TestResult {
            name: test.name.clone(),
            span: test.span,
            holds: like_it != Ref::FALSE && failing == Ref::FALSE,
            like_it: look.counted(&look.count(like_it)),
            failing: look.counted(&look.count(failing)),
            evidence,
        });
    }
    Ok(())
}
