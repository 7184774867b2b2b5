//! Rules that apply but never decide: each time an exception takes the place of all they say, or something stricter wins
//! (KW312).
//!
//! In: where each rule is active, and the answers. Out: a finding for each such rule. Refuses to know: rules that never
//! apply, which `never` reports, and rules without which nothing changes, which `differences` reports.

use super::report::Report;
use crate::codes::{KW310, KW312, KW313};
use crate::diagnostic::Diagnostic;
use crate::diagram::{Exploded, Ref};
use crate::space::look::Look;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for rule in 0..look.policy.rules.len() {
        let active = look.active(rule)?;
        let applies = look.valid_and(active)?;
        let written = &look.policy.rules[rule];
        let told = |found: &Diagnostic| {
            (found.code == KW310 || found.code == KW313) && found.primary.span == written.name_span
        };
        if applies == Ref::FALSE || look.found.iter().any(told) || look.decides(rule, applies)? != Ref::FALSE {
            continue;
        }
        let message = format!("`{}` applies, but never decides", written.name);
        let mut found = look.about(KW312, written.name_span, message, applies);
        let kids = look.model.rules[rule].kids.clone();
        for kid in kids {
            found = found.label(look.policy.rules[kid].name_span, "takes its place");
        }
        look.found.push(
            found.note(
                "Each time an exception takes its place, or something stricter wins, so its reason is never shown.",
            ),
        );
    }
    Ok(())
}
