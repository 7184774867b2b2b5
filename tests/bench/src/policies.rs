//! The shipped policies and generated texts, compiled.
//! In: a name or a text. Out: sources, models, modules. Refuses to change anything.

use crate::Failure;
use keyward::emit::{Emitted, Options, emit};
use keyward::model::Model;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward::span::FileId;
use std::path::Path;

/// The shipped policies, in the order of the tables.
pub const NAMES: [&str; 5] = ["access", "pickup", "field_swap", "after_hours", "login"];

/// The file of the policy named, the words it shares with the others, and which of the two is meant.
pub fn read(name: &str) -> Result<(Sources, FileId), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut sources = Sources::new();
    let mut add = |name: &str| -> Result<FileId, Failure> {
        let file = folder.join(name).join(format!("{name}.ward"));
        Ok(sources.add(file.display().to_string(), std::fs::read_to_string(file)?))
    };
    let main = add(name)?;
    add("words")?;
    Ok((sources, main))
}

/// A text as the only file.
pub fn text(name: &str, text: &str) -> (Sources, FileId) {
    let mut sources = Sources::new();
    let main = sources.add(format!("{name}.ward"), text);
    (sources, main)
}

/// The model of a policy, and how many rules it has.
pub fn model((sources, main): (Sources, FileId)) -> Result<(Model, usize), Failure> {
    let compiled = Project::read(sources, None).compile(main);
    if let Some(finding) = compiled.diagnostics.iter().find(|finding| finding.is_error()) {
        return Err(format!("{}: {}", finding.code, finding.message).into());
    }
    let rules = compiled.policy.as_ref().map_or(0, |policy| policy.rules.len());
    Ok((compiled.model.ok_or("the policy does not compile")?, rules))
}

/// A model as a module.
pub fn module(model: &Model, strip: bool) -> Result<Emitted, Failure> {
    Ok(emit(model, Options { strip }).map_err(|error| format!("{error:?}"))?)
}
