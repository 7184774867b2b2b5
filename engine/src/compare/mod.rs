//! Two versions of a policy, request by request: which are decided differently, how often, in which direction, and why.
//!
//! In: two typed policies and the [`Pair`] of their models. Out: a [`Comparison`], plain data.
//! Refuses to know: text, JSON and where the versions come from. Nothing is sampled: what is said holds for every request.

mod answers;
mod cover;
mod deciding;
mod regions;
mod result;
mod rules;
mod vocabulary;

pub use result::{
    AnswerChanges, Change, Comparison, Deciding, Direction, More, Part, Region, Row, RuleChange, RuleNews, Shift,
    Version,
};

use crate::diagnostic::Count as CountWords;
use crate::diagram::{Count, Exploded, Forest, Ref};
use crate::model::{DecisionModel, Model, Pair, RuleModel};
use crate::schema::Schema;
use crate::space::words;
use crate::typed::Policy;

/// Why two versions cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// No decision has the same name in both: those of the older one, those of the newer one.
    NothingInCommon(Vec<String>, Vec<String>),
    /// The diagrams of the comparison do not fit; the inputs that take part in it.
    Entangled(Vec<String>),
}

/// Compares two versions.
pub fn compare(old: &Policy, new: &Policy, pair: &mut Pair) -> Result<Comparison, Incomparable> {
    let names = |policy: &Policy| policy.schema.decisions.iter().map(|d| d.name.clone()).collect::<Vec<_>>();
    if !old.schema.decisions.iter().any(|decision| new.schema.decision(&decision.name).is_some()) {
        return Err(Incomparable::NothingInCommon(names(old), names(new)));
    }
    run(old, new, pair).map_err(|Exploded| {
        let inputs = pair.model.forest.widest(4).into_iter().map(|c| pair.model.coordinates[usize::from(c)].input);
        let mut names: Vec<String> = inputs.map(|input| pair.model.schema.inputs[input].name.clone()).collect();
        names.dedup();
        Incomparable::Entangled(names)
    })
}

fn run(old: &Policy, new: &Policy, pair: &mut Pair) -> Result<Comparison, Exploded> {
    let both = pair.model.forest.and(pair.old.valid, pair.model.valid)?;
    let weights: Vec<Vec<u64>> = pair.model.coordinates.iter().map(|c| c.weights.clone()).collect();
    let total = pair.model.forest.count_true(both, &weights);
    let scale = Scale { weights, total };
    let no_longer = {
        let gone = pair.model.forest.and_not(pair.old.valid, pair.model.valid)?;
        shift(pair, gone, pair.old.valid, &scale)
    };
    let newly = {
        let come = pair.model.forest.and_not(pair.model.valid, pair.old.valid)?;
        shift(pair, come, pair.model.valid, &scale)
    };
    let changes = answers::find(pair, both)?;
    let matrix = changes.matrix(pair, &scale);
    let reasons = deciding::differing(pair, both)?;
    let signatures = changes.signatures(&mut pair.model.forest, reasons.anywhere)?;
    let found = regions::find(pair, both, &changes, &signatures, &reasons, &scale)?;
    Ok(Comparison {
        old: version(old),
        new: version(new),
        accepted: scale.total.digits(),
        no_longer_accepted: no_longer,
        newly_accepted: newly,
        changed: scale.counted(&found.changed),
        reason_only: scale.counted(&found.reason_only),
        directions: found.directions,
        answers: matrix,
        regions: found.regions,
        more: found.more,
        vocabulary: vocabulary::changes(old, new),
        unsure: vocabulary::unsure(old, new),
        rules: rules::changes(pair, both)?,
        promises: Vec::new(),
    })
}

/// Requests that only one version accepts.
fn shift(pair: &Pair, requests: Ref, of: Ref, scale: &Scale) -> Option<Shift> {
    let point = pair.model.forest.witness(requests, |v| v == 1, |c, class| words::cost(&pair.model, c, class))?;
    let count = pair.model.forest.count_true(requests, &scale.weights);
    let of = pair.model.forest.count_true(of, &scale.weights);
    Some(Shift {
        count: CountWords { requests: count.digits(), of: of.digits(), share: count.percent_of(&of) },
        example: words::example(&pair.model, &point),
    })
}

fn version(policy: &Policy) -> Version {
    Version { name: policy.name.clone(), version: policy.version, title: policy.title.clone() }
}

/// What counts are measured by.
struct Scale {
    weights: Vec<Vec<u64>>,
    total: Count,
}

impl Scale {
    fn count(&self, forest: &Forest, f: Ref) -> Count {
        forest.count_true(f, &self.weights)
    }

    fn counted(&self, count: &Count) -> CountWords {
        CountWords { requests: count.digits(), of: self.total.digits(), share: count.percent_of(&self.total) }
    }
}

/// One of the two versions.
#[derive(Clone, Copy)]
struct Side<'a> {
    schema: &'a Schema,
    rules: &'a [RuleModel],
    decisions: &'a [DecisionModel],
}

impl Side<'_> {
    fn old(pair: &Pair) -> Side<'_> {
        Side { schema: &pair.old.schema, rules: &pair.old.rules, decisions: &pair.old.decisions }
    }

    fn new(model: &Model) -> Side<'_> {
        Side { schema: &model.schema, rules: &model.rules, decisions: &model.decisions }
    }
}
