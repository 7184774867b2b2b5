//! The shipped policies, read from `policies/`, and how long checking and building them takes.
//! In: the folder. Out: texts, modules and a table. Refuses to change anything.

use crate::Failure;
use crate::timing::{best, time};
use keyward::emit::{Emitted, Options, emit};
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward::span::FileId;
use std::path::{Path, PathBuf};

/// The shipped policies, in the order of the tables.
pub const NAMES: [&str; 5] = ["access", "pickup", "field_swap", "after_hours", "login"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// All policy files as a project, and the file of the policy named.
pub fn read(name: &str) -> Result<(Sources, FileId), Failure> {
    let mut sources = Sources::new();
    let mut main = None;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "ward")) {
            let id = sources.add(file.display().to_string(), std::fs::read_to_string(file)?);
            if file.file_stem().is_some_and(|stem| stem == name) {
                main = Some(id);
            }
        }
    }
    Ok((sources, main.ok_or_else(|| format!("there is no policy `{name}`"))?))
}

/// The module of a policy.
pub fn build(name: &str, strip: bool) -> Result<Emitted, Failure> {
    let (sources, main) = read(name)?;
    let compiled = Project::read(sources, None).compile(main);
    let model = compiled.model.ok_or_else(|| format!("`{name}` does not compile"))?;
    Ok(emit(&model, Options { strip }).map_err(|error| format!("{error:?}"))?)
}

/// Prints how long each policy takes from text to proofs and to a module, and how large the module is.
pub fn print_checks() -> Result<(), Failure> {
    println!("From text to proofs, and to a module (best of 5)\n");
    println!(
        "| policy | rules | check, ms | build, ms | module stripped, bytes | with reasons and map, bytes | nodes |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for name in NAMES {
        let (sources, main) = read(name)?;
        let check = best(5, || Project::read(sources.clone(), None).compile(main));
        let compiled = Project::read(sources, None).compile(main);
        let rules = compiled.report.as_ref().map_or(0, |report| report.rules);
        let model = compiled.model.ok_or_else(|| format!("`{name}` does not compile"))?;
        let (whole, emitted) = time(|| emit(&model, Options { strip: false }));
        let whole = whole.map_err(|error| format!("{error:?}"))?;
        let stripped = build(name, true)?;
        println!(
            "| {name} | {rules} | {:.1} | {:.1} | {} | {} | {} |",
            check.as_secs_f64() * 1e3,
            (check + emitted).as_secs_f64() * 1e3,
            stripped.bytes.len(),
            whole.bytes.len(),
            whole.nodes
        );
    }
    println!();
    Ok(())
}
