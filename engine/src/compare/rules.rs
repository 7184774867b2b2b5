//! What became of rules: new, gone, renamed, changed, or told in other words.
//!
//! In: the rules of both versions with their diagrams. Out: a list. Refuses to know: what difference a rule makes.

use super::Side;
use super::result::{RuleChange, RuleNews};
use crate::diagram::{Exploded, Ref};
use crate::model::{DecisionModel, EffectModel, Pair, Words};
use crate::schema::{AnswerKind, Decision};
use crate::space::civil;

/// Compares rules by name; what is the same under another name was renamed. In the order of the newer version, gone ones last.
pub(super) fn changes(pair: &mut Pair, both: Ref) -> Result<Vec<RuleNews>, Exploded> {
    let mut old = told(Side::old(pair));
    let mut new = told(Side::new(&pair.model));
    for rule in old.iter_mut().chain(&mut new) {
        rule.applies = pair.model.forest.and(rule.applies, both)?;
    }
    let mut taken = vec![false; old.len()];
    let mut partners: Vec<Option<usize>> = Vec::with_capacity(new.len());
    for rule in &new {
        let found = old.iter().position(|other| other.decision == rule.decision && other.words.name == rule.words.name);
        found.into_iter().for_each(|at| taken[at] = true);
        partners.push(found);
    }
    for (rule, partner) in new.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
        *partner = old.iter().zip(&taken).position(|(other, taken)| !taken && rule.same(other));
        partner.iter().for_each(|&at| taken[at] = true);
    }
    let mut found = Vec::new();
    for (rule, partner) in new.iter().zip(partners) {
        let change = match partner.and_then(|at| old.get(at)) {
            None => RuleChange::Added,
            Some(other) if other.words.name != rule.words.name => RuleChange::Renamed(other.words.name.clone()),
            Some(other) if !rule.same(other) || rule.parents != other.parents => RuleChange::Changed,
            Some(other) if other.reason() != rule.reason() => RuleChange::Reworded,
            Some(_) => continue,
        };
        found.push(RuleNews { name: rule.words.name.clone(), change });
    }
    let gone = old.iter().zip(taken).filter(|(_, taken)| !taken);
    found.extend(gone.map(|(rule, _)| RuleNews { name: rule.words.name.clone(), change: RuleChange::Removed }));
    Ok(found)
}

/// A rule by what it says, in words that mean the same in both versions.
struct Told {
    words: Words,
    decision: String,
    parents: Vec<String>,
    says: Vec<String>,
    applies: Ref,
}

impl Told {
    fn reason(&self) -> (&str, &str) {
        (&self.words.because, &self.words.cite)
    }

    /// Whether it says the same for the same requests.
    fn same(&self, other: &Told) -> bool {
        self.decision == other.decision
            && self.says == other.says
            && self.applies == other.applies
            && self.parents.len() == other.parents.len()
    }
}

/// All rules of a version, then every `normally`.
fn told(side: Side<'_>) -> Vec<Told> {
    let name = |rule: usize| side.rules.get(rule).map_or(String::new(), |rule| rule.words.name.clone());
    let mut all = Vec::new();
    for rule in side.rules {
        let Some(decision) = side.schema.decisions.get(rule.decision) else { continue };
        let mut parents: Vec<String> = rule.parents.iter().map(|&parent| name(parent)).collect();
        parents.sort_unstable();
        all.push(Told {
            words: rule.words.clone(),
            decision: decision.name.clone(),
            parents,
            says: says(&rule.effects, decision, &side.decisions[rule.decision]),
            applies: rule.guard,
        });
    }
    for (decision, model) in side.schema.decisions.iter().zip(side.decisions) {
        if !model.normally.is_empty() {
            all.push(Told {
                words: Words { name: format!("normally of {}", decision.name), ..model.normally_words.clone() },
                decision: decision.name.clone(),
                parents: Vec::new(),
                says: says(&model.normally, decision, model),
                applies: Ref::TRUE,
            });
        }
    }
    all
}

/// Effects in words, sorted.
fn says(effects: &[EffectModel], decision: &Decision, model: &DecisionModel) -> Vec<String> {
    let mut all = Vec::new();
    for effect in effects {
        let (verb, answer, members) = match *effect {
            EffectModel::Is(answer, value) => ("is", answer, Err(value)),
            EffectModel::Include(answer, mask) => ("include", answer, Ok(mask)),
            EffectModel::Omit(answer, mask) => ("omit", answer, Ok(mask)),
        };
        let Some(declared) = decision.answers.get(answer) else { continue };
        let label = |at: usize| declared.kind.labels().get(at).map_or(String::new(), |label| label.name.clone());
        let values = match (members, &declared.kind) {
            (Ok(mask), _) => (0..32).filter(|at| mask >> at & 1 == 1).map(label).collect(),
            (Err(value), AnswerKind::Shortest(_)) => {
                let durations = model.answers.get(answer).map_or(&[][..], |answer| &answer.durations);
                vec![durations.get(value as usize).map_or(String::new(), |&minutes| civil::duration_text(minutes))]
            }
            (Err(value), _) => vec![label(value as usize)],
        };
        all.extend(values.iter().map(|value| format!("{} {verb} {value}", declared.name)));
    }
    all.sort_unstable();
    all
}
