//! The direction of dependencies between crates, and what every manifest must inherit.

use crate::repository::TextFile;
use crate::table;
use std::collections::BTreeMap;

/// For every crate of the workspace the crates of the workspace it may use.
pub type Allowed = BTreeMap<String, Vec<String>>;

/// Reads the table `Crates` of `engine/ARCHITECTURE.md`.
pub fn read(text: &str) -> Allowed {
    table::under(text, "Crates")
        .iter()
        .filter_map(|row| {
            let name = table::ticked(row.first()?).into_iter().next()?;
            Some((name, table::ticked(row.get(1)?)))
        })
        .collect()
}

/// Everything wrong with the manifests (files named `Cargo.toml`, the root one left out).
pub fn findings(allowed: &Allowed, files: &[TextFile]) -> Vec<String> {
    let mut findings = Vec::new();
    let manifests: Vec<_> =
        files.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml").collect();
    let names: Vec<String> = manifests.iter().filter_map(|file| name(&file.text)).collect();
    for file in manifests {
        let path = &file.path;
        // A crate with a workspace of its own has nothing to inherit from, only its licence to name.
        let alone = file.text.lines().any(|line| line.trim() == "[workspace]");
        if alone && !has(&file.text, "package", "license = \"MIT OR Apache-2.0\"") {
            findings.push(format!("{path} does not name the licence"));
        }
        if !alone && !has(&file.text, "lints", "workspace = true") {
            findings.push(format!("{path} does not inherit the lints of the workspace"));
        }
        if !alone && !has(&file.text, "package", "license.workspace = true") {
            findings.push(format!("{path} does not inherit the licence of the workspace"));
        }
        let Some(own) = name(&file.text) else {
            findings.push(format!("{path} names no crate"));
            continue;
        };
        let Some(may) = allowed.get(&own) else {
            findings.push(format!("`{own}` ({path}) is not in the table of crates of engine/ARCHITECTURE.md"));
            continue;
        };
        for used in dependencies(&file.text).into_iter().filter(|used| names.contains(used)) {
            if !may.contains(&used) {
                findings.push(format!("`{own}` may not depend on `{used}` ({path})"));
            }
        }
    }
    findings
}

/// The names under `[dependencies]`, not those that only tests use.
pub fn dependencies(manifest: &str) -> Vec<String> {
    section(manifest, "dependencies").filter_map(|line| line.split(['.', ' ', '=']).next()).map(str::to_owned).collect()
}

fn name(manifest: &str) -> Option<String> {
    section(manifest, "package")
        .find_map(|line| line.strip_prefix("name = "))
        .map(|name| name.trim_matches('"').to_owned())
}

fn has(manifest: &str, part: &str, line: &str) -> bool {
    section(manifest, part).any(|found| found == line)
}

fn section<'a>(manifest: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let heading = format!("[{name}]");
    manifest
        .lines()
        .map(str::trim)
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}
