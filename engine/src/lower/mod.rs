//! From a typed policy to its model: classes, conditions, diagrams.
//!
//! In: a policy that passed every check. Out: a [`Model`], or the reasons why it is too entangled.
//! Refuses to know: whether the policy is right; gaps and conflicts are terminals here, and findings of `analyze`.

mod asked;
mod classes;
mod common;
mod conditions;
mod coordinates;
mod dates;
mod older;
mod order;
mod pair;
mod promises;
mod roots;
mod rules;
#[cfg(test)]
mod tests;

pub use pair::pair;

use crate::diagnostic::Diagnostic;
use crate::model::{Form, Identity, Model, Promise, Promises, Proofs};
use crate::space::conditions::Roots;
use crate::typed::{AssertKind, Policy};

/// Lowers a policy.
pub fn lower(policy: &Policy) -> Result<Model, Vec<Diagnostic>> {
    lower_within(policy, crate::diagram::DEFAULT_BUDGET)
}

/// Lowers a policy with a node budget other than the usual one.
pub fn lower_within(policy: &Policy, nodes: usize) -> Result<Model, Vec<Diagnostic>> {
    let older = older::rebase_all(policy);
    let mut all = vec![policy];
    all.extend(older.iter().flatten().map(|older| &older.policy));
    let asked = asked::collect(&policy.schema, &all);
    let coordinates = coordinates::build(&policy.schema, &asked, &all)?;

    let mut builder = conditions::Builder::new(policy, &coordinates);
    let rules = rules::rules(&mut builder);
    let decisions = rules::decisions(&builder);
    let (valid_condition, assumptions) = builder.valid();
    let conditions = builder.conditions.clone();
    let parts = promises::translate(&mut builder);

    let mut forest = roots::forest(&policy.schema, &coordinates, &conditions, &rules);
    forest.set_budget(nodes);
    let mut model = Model {
        identity: identity(policy),
        schema: policy.schema.clone(),
        coordinates: coordinates.clone(),
        conditions,
        forest,
        valid: crate::diagram::Ref::TRUE,
        valid_condition,
        assumptions,
        decisions,
        rules,
        proofs: proofs(policy),
        promises: Promises { conditions: builder.conditions, tests: parts.tests, asserts: Vec::new() },
    };
    roots::build(&mut model).map_err(|failure| vec![failure.explain(policy, &model)])?;
    promises::asserts(policy, &mut model, parts.asserts, &older)
        .map_err(|failure| vec![failure.explain(policy, &model)])?;
    roots::settle(&mut model).map_err(|failure| vec![failure.explain(policy, &model)])?;
    Ok(model)
}

/// The answer roots of a model, as conditions ask for them.
fn answer_roots(model: &Model) -> Roots {
    model.decisions.iter().map(|d| d.answers.iter().map(|a| a.roots.clone()).collect()).collect()
}

fn identity(policy: &Policy) -> Identity {
    Identity {
        edition: policy.edition,
        name: policy.name.clone(),
        version: policy.version,
        title: policy.title.clone(),
        source: digest(policy),
    }
}

/// SHA-256 over names, versions and digests of all files.
fn digest(policy: &Policy) -> [u8; 32] {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    for file in &policy.files {
        hash.update((file.name.len() as u32).to_le_bytes());
        hash.update(file.name.as_bytes());
        hash.update(file.version.to_le_bytes());
        hash.update(file.sha256);
    }
    hash.finalize().into()
}

/// What the policy promises.
fn proofs(policy: &Policy) -> Proofs {
    let promises = policy.asserts.iter().map(|assert| Promise {
        name: assert.name.clone(),
        form: match assert.kind {
            AssertKind::Never(_) => Form::Never,
            AssertKind::AlwaysIf(..) => Form::Always,
            AssertKind::Possible(_) => Form::Possible,
            AssertKind::Unchanged { .. } => Form::Unchanged,
            AssertKind::Changes { .. } => Form::Changes,
        },
        policy: if assert.policy == policy.name { String::new() } else { assert.policy.clone() },
    });
    Proofs { tests: u32::try_from(policy.tests.len()).unwrap_or(u32::MAX), promises: promises.collect() }
}
