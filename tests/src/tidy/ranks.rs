//! The direction of imports inside the engine: the tables of `engine/ARCHITECTURE.md` against the paths in the sources.

use crate::repository::TextFile;
use crate::{rust_text, table};
use std::collections::{BTreeMap, BTreeSet};

/// What `engine/ARCHITECTURE.md` says about imports.
#[derive(Debug, Default)]
pub struct Architecture {
    /// The rank of each module of the engine.
    pub ranks: BTreeMap<String, u32>,
    /// What a module may not use beyond the ranks.
    pub denials: Vec<Denial>,
}

/// One row of the list of denials.
#[derive(Debug)]
pub struct Denial {
    /// The module it binds, or `*` for the whole engine.
    pub module: String,
    /// Module names and outside paths such as `std::fs`.
    pub forbidden: Vec<String>,
    /// The reason, repeated in the finding.
    pub because: String,
}

/// Reads the two tables.
pub fn read(text: &str) -> Architecture {
    let mut architecture = Architecture::default();
    for row in table::under(text, "Ranks") {
        let Some(rank) = row.first().and_then(|cell| cell.parse().ok()) else {
            continue;
        };
        for module in row.get(1).map(|cell| table::ticked(cell)).unwrap_or_default() {
            architecture.ranks.insert(module, rank);
        }
    }
    for row in table::under(text, "Denials") {
        let [module, forbidden, because] = row.as_slice() else {
            continue;
        };
        for module in table::ticked(module) {
            architecture.denials.push(Denial { module, forbidden: table::ticked(forbidden), because: because.clone() });
        }
    }
    architecture
}

/// Everything in the engine's sources that breaks the tables, one sentence each.
pub fn findings(architecture: &Architecture, files: &[TextFile]) -> Vec<String> {
    let mut findings = BTreeSet::new();
    for file in files {
        let Some(inner) = file.path.strip_prefix("engine/src/").filter(|inner| !is_test(inner)) else {
            continue;
        };
        let place = module_of(inner);
        let Some(own) = place.first() else { continue };
        let Some(own_rank) = architecture.ranks.get(own) else {
            findings.insert(format!("`{own}` ({}) has no rank in engine/ARCHITECTURE.md", file.path));
            continue;
        };
        for path in rust_text::paths(rust_text::without_tests(&file.text)) {
            let inside = inside_path(&place, &path);
            for denial in architecture.denials.iter().filter(|denial| denial.module == "*" || denial.module == *own) {
                if let Some(forbidden) =
                    denial.forbidden.iter().find(|forbidden| is_under(forbidden, inside.as_deref(), &path))
                {
                    findings.insert(format!("`{own}` may not use `{forbidden}` ({}): {}", file.path, denial.because));
                }
            }
            let Some(used) = inside.as_ref().and_then(|inside| inside.first()) else {
                continue;
            };
            if used == own || own == "lib" {
                continue;
            }
            match architecture.ranks.get(used) {
                None => {
                    findings
                        .insert(format!("`{own}` uses `crate::{used}` ({}): name the module it lives in", file.path));
                }
                Some(rank) if rank >= own_rank => {
                    let below = own_rank.saturating_sub(1);
                    findings.insert(format!(
                        "`{own}` ({own_rank}) may not use `{used}` ({rank}): move the shared type to rank <= {below}  [{}]",
                        file.path
                    ));
                }
                Some(_) => {}
            }
        }
    }
    findings.into_iter().collect()
}

/// Modules that have a rank and no file.
pub fn stale(architecture: &Architecture, files: &[TextFile]) -> Vec<String> {
    let present: BTreeSet<String> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("engine/src/"))
        .filter_map(|inner| module_of(inner).first().cloned())
        .collect();
    architecture.ranks.keys().filter(|module| !present.contains(*module)).cloned().collect()
}

/// Tests may use every module.
fn is_test(inner: &str) -> bool {
    inner.ends_with("/tests.rs") || inner.contains("/tests/")
}

/// `check/names.rs` is `check::names`, `check/mod.rs` is `check`.
fn module_of(inner: &str) -> Vec<String> {
    let mut parts: Vec<String> = inner.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.len() > 1 && parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The path from the root of the crate, if it leads inside the crate.
fn inside_path(place: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    if ups > 0 {
        let kept = place.len().checked_sub(ups)?;
        let mut inside = place[..kept].to_vec();
        inside.extend_from_slice(&path[ups..]);
        return Some(inside);
    }
    (path.first()? == "crate").then(|| path[1..].to_vec())
}

fn is_under(forbidden: &str, inside: Option<&[String]>, path: &[String]) -> bool {
    let parts: Vec<&str> = forbidden.split("::").collect();
    let starts = |path: &[String]| parts.len() <= path.len() && parts.iter().zip(path).all(|(a, b)| a == b);
    inside.map_or_else(|| starts(path), starts)
}
