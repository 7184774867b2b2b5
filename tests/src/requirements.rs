//! The list of requirements against the tests of the repository: which row is proved, which reason went stale.

use crate::repository::TextFile;
use crate::{rust_text, table};
use std::collections::{BTreeMap, BTreeSet};

/// One row of `tests/REQUIREMENTS.md`.
#[derive(Clone, Debug)]
pub struct Row {
    /// The ID, such as `V01`.
    pub id: String,
    /// What is required, in our words.
    pub requirement: String,
    /// Nothing, `by …`, `partly: …`, or a reason.
    pub proof: String,
}

/// For every ID the places that name it in a test; for every assert of a policy (`after_hours.no_bare_number`) its file.
pub type Named = BTreeMap<String, BTreeSet<String>>;

/// Reads the rows.
pub fn read(text: &str) -> Vec<Row> {
    let cell = |cells: &[String], at: usize| cells.get(at).cloned().unwrap_or_default();
    table::all(text)
        .iter()
        .map(|cells| Row { id: cell(cells, 0), requirement: cell(cells, 1), proof: cell(cells, 2) })
        .collect()
}

/// Finds the IDs that tests name: in Rust test names and comments, in the names of tests in JavaScript, in the names of tests and asserts of policies, in case headings.
pub fn named(files: &[TextFile]) -> Named {
    let mut named = Named::new();
    for file in files {
        let asserts = file.text.lines().filter_map(|line| assert_name(file, line));
        for name in test_texts(file).iter().flat_map(|text| ids(text)).chain(asserts) {
            named.entry(name).or_default().insert(file.path.clone());
        }
    }
    named
}

/// Everything wrong with the list, one sentence each.
pub fn findings(rows: &[Row], named: &Named) -> Vec<String> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let known: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    for row in rows {
        let Row { id, requirement, proof } = row;
        if !is_id(id) {
            findings.push(format!("`{id}` is not an ID"));
        }
        if !seen.insert(id.as_str()) {
            findings.push(format!("{id} stands in the list twice"));
        }
        if requirement.is_empty() {
            findings.push(format!("{id} says nothing"));
        }
        let tests = named.get(id);
        if proof.is_empty() {
            if tests.is_none() {
                findings.push(format!("{id} has neither a test that names it nor a written reason"));
            }
        } else if let Some(others) = proof.strip_prefix("by ") {
            for other in others.split(',').map(str::trim) {
                match known.get(other) {
                    None if named.contains_key(other) => {}
                    None => findings.push(format!("{id} is proved by {other}, which is not in the list")),
                    Some(row) if !(row.proof.is_empty() || row.proof.starts_with("partly: ")) => {
                        findings.push(format!("{id} is proved by {other}, which has no test of its own"));
                    }
                    Some(_) => {}
                }
            }
        } else if proof.starts_with("partly: ") {
            if tests.is_none() {
                findings.push(format!("{id} is said to be proved in part, and no test names it"));
            }
        } else if let Some(places) = tests {
            let place = places.iter().next().map_or("", String::as_str);
            findings
                .push(format!("{id} is named by a test now ({place}): its reason `{proof}` is stale, empty the cell"));
        } else if !["later: ", "hardware: ", "note: "].iter().any(|start| proof.starts_with(start)) {
            findings.push(format!(
                "{id} has the reason `{proof}`, which does not start with `later:`, `partly:`, `hardware:` or `note:`"
            ));
        }
    }
    findings
}

/// The IDs in a text: whole words such as `V01`, `W12`, `P5`.
pub fn ids(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_id(word)).map(str::to_owned).collect()
}

fn is_id(word: &str) -> bool {
    let mut bytes = word.bytes();
    let letter = bytes.next().unwrap_or(b' ');
    let digits = &word[1.min(word.len())..];
    let two = matches!(letter, b'R' | b'X' | b'V' | b'F');
    let one = matches!(letter, b'W' | b'P' | b'B' | b'C' | b'A' | b'D' | b'Q' | b'O' | b'T');
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && if two { digits.len() == 2 } else { one && matches!(digits.len(), 1 | 2) && !digits.starts_with('0') }
}

/// The pieces of a file in which a test says what it proves.
fn test_texts(file: &TextFile) -> Vec<String> {
    let name = file.name();
    if name.ends_with(".ward") {
        return file.text.lines().filter_map(ward_name).collect();
    }
    if name.ends_with(".md") {
        let is_case = file.path.starts_with("tests/suite/");
        return file.text.lines().filter(|line| is_case && line.starts_with('#')).map(str::to_owned).collect();
    }
    if name.ends_with(".mjs") {
        // `test("p6 p7 changed bytes …"` names P6 and P7: the IDs stand first.
        let quoted = file.text.lines().filter_map(|line| line.strip_prefix("test(\"")).map(str::to_uppercase);
        let ids = quoted.map(|line| line.split(' ').take_while(|word| is_id(word)).collect::<Vec<_>>().join(" "));
        return ids.collect();
    }
    let whole = file.path.starts_with("tests/tests/") || file.path.contains("/tests/");
    let Some(tests) = (if whole { Some(file.text.as_str()) } else { rust_text::tests_only(&file.text) }) else {
        return Vec::new();
    };
    let names = rust_text::test_names(tests);
    if names.is_empty() {
        return Vec::new();
    }
    let mut texts: Vec<String> = rust_text::comments_only(tests).lines().map(str::to_owned).collect();
    // `fn v01_p5_sends_a_code` names V01 and P5: the IDs stand first.
    texts.extend(names.iter().map(|name| {
        name.split('_').map(str::to_uppercase).take_while(|word| is_id(word)).collect::<Vec<_>>().join(" ")
    }));
    texts
}

/// `after_hours.two_kinds` for `assert two_kinds …` in `policies/after_hours/after_hours.ward`.
fn assert_name(file: &TextFile, line: &str) -> Option<String> {
    let policy = file.name().strip_suffix(".ward")?;
    let name = line.strip_prefix("assert ")?.split(' ').next()?;
    Some(format!("{policy}.{name}"))
}

fn ward_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("test ") {
        return Some(rest.to_owned());
    }
    let rest = line.strip_prefix("assert ")?;
    let label = rest.split(['"', '“']).nth(1).unwrap_or("");
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let leading: Vec<String> = name.split('_').map(str::to_uppercase).take_while(|word| is_id(word)).collect();
    Some(format!("{} {label}", leading.join(" ")))
}
