//! Conformance files: a policy, requests, and what every host must answer, in JSON that any language can read.
//! In: files of `tests/conformance`. Out: cases. Refuses to know hosts; what a file says comes from the plain evaluator.

pub mod check;
pub mod hand;
pub mod make;
pub mod zones;

use crate::differential::{self, Built, Refusal};
use crate::repository;
use serde_json::{Map, Value, json};

/// Where the files stand, from the root.
pub const FOLDER: &str = "tests/conformance";

/// Where the modules go, from the root; other hosts than Rust find them there.
pub const MODULES: &str = "target/conformance";

/// One file: a policy and its cases.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, without the ending.
    pub name: String,
    /// The source files of the policy, the main one last: paths in the repository, or the texts themselves.
    pub policy: Policy,
    /// The cases, one JSON object each.
    pub cases: Vec<Map<String, Value>>,
}

/// Where the sources of a policy are.
#[derive(Clone, Debug)]
pub enum Policy {
    /// Files of the repository.
    Files(Vec<String>),
    /// One text.
    Text(String),
}

impl Policy {
    /// Its texts, the main one last.
    pub fn texts(&self) -> Result<Vec<String>, String> {
        match self {
            Policy::Files(paths) => paths.iter().map(|path| repository::read(path)).collect(),
            Policy::Text(text) => Ok(vec![text.clone()]),
        }
    }

    /// Builds it.
    pub fn build(&self) -> Result<Built, String> {
        differential::build(&self.texts()?).map_err(|refusal| match refusal {
            Refusal::NotEmitted(why) => why,
            other => format!("{other:?}"),
        })
    }
}

impl File {
    /// Reads a file.
    pub fn read(name: &str) -> Result<File, String> {
        let text = repository::read(&format!("{FOLDER}/{name}.jsonl"))?;
        let mut lines = text.lines().enumerate().map(|(number, line)| {
            let value: Value =
                serde_json::from_str(line).map_err(|error| format!("{name}.jsonl:{}: {error}", number + 1))?;
            value.as_object().cloned().ok_or_else(|| format!("{name}.jsonl:{}: not an object", number + 1))
        });
        let head = lines.next().ok_or_else(|| format!("{name}.jsonl is empty"))??;
        if head.get("conformance") != Some(&json!(1)) {
            return Err(format!("{name}.jsonl does not start with {{\"conformance\":1"));
        }
        let policy = match (head.get("files").and_then(Value::as_array), head.get("source").and_then(Value::as_str)) {
            (Some(paths), _) => Policy::Files(paths.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            (_, Some(text)) => Policy::Text(text.to_owned()),
            _ => return Err(format!("{name}.jsonl names no policy")),
        };
        Ok(File { name: name.to_owned(), policy, cases: lines.collect::<Result<_, _>>()? })
    }

    /// The file as text.
    pub fn text(&self) -> String {
        let head = match &self.policy {
            Policy::Files(paths) => json!({"conformance": 1, "files": paths}),
            Policy::Text(text) => json!({"conformance": 1, "source": text}),
        };
        let mut text = format!("{head}\n");
        for case in &self.cases {
            text.push_str(&format!("{}\n", Value::Object(case.clone())));
        }
        text
    }
}

/// The names of all files, sorted.
pub fn names() -> Vec<String> {
    let files = repository::files(&["jsonl"]);
    let inside = files.iter().filter_map(|file| file.path.strip_prefix(FOLDER)?.strip_prefix('/'));
    let mut names: Vec<String> = inside.filter_map(|name| name.strip_suffix(".jsonl")).map(str::to_owned).collect();
    names.sort();
    names
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hexadecimal digits as bytes.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
