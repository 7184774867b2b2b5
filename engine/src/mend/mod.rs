//! Ways out of a conflict, written down: the exception that lets one of two rules speak where both apply.
//!
//! In: findings, the policy they are about, its texts. Out: the same findings, their ways out with edits where the author's own
//! words can be used again. Refuses to choose: which rule should win is the author's business.

use crate::codes::KW201;
use crate::diagnostic::{Diagnostic, Edit};
use crate::source::Sources;
use crate::span::Span;
use crate::typed::{Effect, EffectKind, Policy, Rule};

/// Writes the edits.
pub fn mend(found: &mut [Diagnostic], policy: &Policy, sources: &Sources) {
    for one in found.iter_mut().filter(|one| one.code == KW201) {
        let places = (one.primary.span, one.labels.first().map(|label| label.span));
        let named = |span: Span| policy.rules.iter().find(|rule| rule.name_span == span);
        let (Some(first), Some(second)) = (named(places.0), places.1.and_then(named)) else { continue };
        // The ways out stand in this order.
        for (hint, (winner, loser)) in one.hints.iter_mut().zip([(second, first), (first, second)]) {
            if hint.edits.is_empty() && winner.parents.is_empty() {
                hint.edits.extend(exception(policy, sources, winner, loser));
            }
        }
    }
}

/// The exception, right behind the rule whose words it repeats.
fn exception(policy: &Policy, sources: &Sources, winner: &Rule, loser: &Rule) -> Option<Edit> {
    let text = |span: Span| sources.get(span.file)?.text().get(span.range());
    let said: Vec<&str> =
        winner.effects.iter().filter(|one| differs(one, loser)).filter_map(|one| text(one.span)).collect();
    if said.is_empty() {
        return None;
    }
    let when = match winner.condition.clauses.is_empty() {
        true => "always".to_owned(),
        false => format!("when {}", text(winner.condition.span)?),
    };
    let name = free(policy, &format!("{}_first", winner.name));
    let because = winner.because.replace('"', "");
    let written = format!(
        "\n\nexception {name} to {}\n  {when}\n  then {}\n  because \"{because}\"",
        loser.name,
        said.join(" and ")
    );
    Some(Edit { span: Span { start: winner.span.end, ..winner.span }, text: written })
}

/// Whether a rule says something else about the same answer.
fn differs(effect: &Effect, other: &Rule) -> bool {
    let EffectKind::Choice(own) = effect.kind else { return false };
    other
        .effects
        .iter()
        .any(|one| one.answer == effect.answer && matches!(one.kind, EffectKind::Choice(said) if said != own))
}

/// A name that no rule has.
fn free(policy: &Policy, wanted: &str) -> String {
    let taken = |name: &str| policy.rules.iter().any(|rule| rule.name == name);
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
