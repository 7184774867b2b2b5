//! A policy that was accepted, with the answers and the requests that somebody wants to look at.
//! In: a FILE argument, names, conditions as `--where` gives them. Out: policy, model, a set of requests.
//! Refuses policies with errors: what they answer is not settled.

use crate::exit::Failure;
use crate::files::{self, Place};
use crate::module::{compiled, findings};
use crate::report::counted;
use crate::terminal::Terminal;
use keyward::codes;
use keyward::diagnostic::Diagnostic;
use keyward::diagram::Ref;
use keyward::model::Model;
use keyward::pipeline::Compiled;
use keyward::render::text;
use keyward::schema::{AnswerId, DecisionId};
use keyward::source::Sources;
use keyward::span::FileId;
use keyward::typed::Policy;
use std::path::{Path, PathBuf};

/// What is looked at.
pub struct Narrowed {
    /// The texts.
    pub sources: Sources,
    /// The policy.
    pub policy: Policy,
    /// Its model.
    pub model: Model,
    /// The requests that are meant; all of them where nothing narrows.
    pub requests: Ref,
    /// The condition that narrows, as it was given.
    pub condition: String,
}

/// Reads a policy that was accepted; words for other policies are one too.
pub fn read(path: &Path, terminal: &Terminal) -> Result<(Policy, Sources), Failure> {
    let (place, _, whole) = accepted(path, terminal)?;
    let policy = whole.policy.ok_or_else(|| Failure::Usage(format!("there is no policy in {}", path.display())))?;
    Ok((policy, place.project.sources))
}

fn accepted(path: &Path, terminal: &Terminal) -> Result<(Place, FileId, Compiled), Failure> {
    let (place, main) = files::load_one(path)?;
    let whole = compiled(&place, main, terminal);
    let errors: Vec<Diagnostic> = findings(&place, main, &whole).into_iter().filter(Diagnostic::is_error).collect();
    if errors.is_empty() {
        return Ok((place, main, whole));
    }
    terminal.talk(text::diagnostics(&place.project.sources, &errors, terminal.talk_look()).trim_end());
    let errors = counted(errors.len(), "error");
    Err(Failure::Findings(format!("{} has {errors}; what it answers is not settled", path.display())))
}

/// Compiles a policy, narrowed by conditions.
pub fn load(path: &Path, only: &[String], terminal: &Terminal) -> Result<Narrowed, Failure> {
    let (place, main, whole) = accepted(path, terminal)?;
    let condition = only.join(" and ");
    let (project, main) = match only.is_empty() {
        true => (place.project, main),
        false => place.project.narrowed(main, &condition),
    };
    let mut narrowed = if only.is_empty() { whole } else { project.compile(main) };
    if let Some(error) = narrowed.diagnostics.iter().find(|one| one.is_error()) {
        return Err(refused(error, &condition));
    }
    let requests = if only.is_empty() { Some(Ref::TRUE) } else { narrowed.narrowed() };
    match (narrowed.policy, narrowed.model, requests) {
        (Some(policy), Some(model), Some(requests)) => {
            Ok(Narrowed { sources: project.sources, policy, model, requests, condition })
        }
        (Some(_), None, _) => {
            Err(Failure::Usage(format!("{} has no decision; it is words for other policies", path.display())))
        }
        _ => Err(Failure::Usage(format!("{} cannot be narrowed by `{condition}`", path.display()))),
    }
}

/// A condition that cannot be read, or that no request fits.
fn refused(error: &Diagnostic, condition: &str) -> Failure {
    if error.code == codes::KW403 {
        return Failure::Usage(format!("--where: no valid request is like this: {condition}"));
    }
    let hint = error.hints.first().map_or(String::new(), |hint| format!("\n  {}", hint.text));
    Failure::Usage(format!("--where: {}, in: {condition}{hint}", error.message))
}

impl Narrowed {
    /// The answers that are meant: all of the decision, or those that are named, with or without the decision's name.
    pub fn answers(&self, decision: Option<&str>, names: &[String]) -> Result<Vec<(DecisionId, AnswerId)>, Failure> {
        self.policy.schema.answers(decision, names).map_err(Failure::Usage)
    }
}

/// Writes a result to a file or to standard output.
pub fn put(text: &str, output: Option<&PathBuf>, terminal: &Terminal) -> Result<(), Failure> {
    match output {
        Some(path) if path != Path::new("-") => crate::write::replace(path, text.as_bytes()),
        _ => {
            terminal.raw_result(text);
            Ok(())
        }
    }
}
