//! How much of the request space every rule and every term speaks for.
//!
//! In: a policy that was accepted, and its model. Out: for each rule how often it applies and decides, for each term how
//! often it holds. Refuses to judge: `analyze` reports what is wrong.

use crate::diagnostic::Count;
use crate::diagram::Exploded;
use crate::model::Model;
use crate::schema::DecisionId;
use crate::space::look::Look;
use crate::space::terms;
use crate::span::Span;
use crate::typed::Policy;

/// What a rule speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleShare {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// Its decision.
    pub decision: DecisionId,
    /// The requests for which it and what it narrows apply.
    pub applies: Count,
    /// The requests for which something it says stands in the outcome.
    pub decides: Count,
}

/// What a term speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermShare {
    /// Its name.
    pub name: String,
    /// The requests for which it holds; nothing where it asks an answer.
    pub holds: Option<Count>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// By rule and exception.
    pub rules: Vec<RuleShare>,
    /// By term.
    pub terms: Vec<TermShare>,
}

/// Surveys a policy.
pub fn survey(policy: &Policy, model: &mut Model) -> Result<Survey, Exploded> {
    let mut found = Survey::default();
    let mut forest = model.forest.clone();
    let held = terms::diagrams(policy, model, &mut forest)?;
    let weights: Vec<Vec<u64>> = model.coordinates.iter().map(|c| c.weights.clone()).collect();
    let mut look = Look::new(policy, model);
    for (term, holds) in policy.terms.iter().zip(held) {
        let holds = match holds {
            Some(holds) => {
                let valid = forest.and(look.model.valid, holds)?;
                Some(look.counted(&forest.count_true(valid, &weights)))
            }
            None => None,
        };
        found.terms.push(TermShare { name: term.name.clone(), holds });
    }
    for (rule, written) in policy.rules.iter().enumerate() {
        let active = look.active(rule)?;
        let applies = look.valid_and(active)?;
        let decides = look.decides(rule, applies)?;
        let (applies, decides) = (look.count(applies), look.count(decides));
        found.rules.push(RuleShare {
            name: written.name.clone(),
            at: written.name_span,
            decision: written.decision,
            applies: look.counted(&applies),
            decides: look.counted(&decides),
        });
    }
    look.finish();
    Ok(found)
}
