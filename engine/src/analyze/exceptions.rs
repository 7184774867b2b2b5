//! Exceptions that stand deep below their rule (KW303).
//!
//! In: parents. Out: a warning for each exception more than three steps below a rule. Refuses to know what they say.

use super::report::Report;
use crate::codes::KW303;
use crate::diagnostic::Diagnostic;
use crate::diagram::Exploded;
use crate::space::look::Look;

/// Depth from which readers lose the thread.
const DEEP: usize = 4;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    let mut depths: Vec<Option<usize>> = vec![None; look.policy.rules.len()];
    for rule in 0..look.policy.rules.len() {
        let depth = depth(look, rule, &mut depths);
        if depth >= DEEP {
            let written = &look.policy.rules[rule];
            let message = format!("`{}` is an exception {depth} steps below a rule", written.name);
            let hint = "Readers follow about three steps: give the deepest case a rule of its own.";
            look.found.push(Diagnostic::new(KW303, written.name_span, message).hint(hint));
        }
    }
    Ok(())
}

fn depth(look: &Look<'_>, rule: usize, depths: &mut Vec<Option<usize>>) -> usize {
    if let Some(known) = depths[rule] {
        return known;
    }
    let parents = look.policy.rules[rule].parents.iter();
    let found = parents.map(|&parent| depth(look, parent, depths) + 1).max().unwrap_or(0);
    depths[rule] = Some(found);
    found
}
