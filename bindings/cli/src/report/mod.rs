//! Findings for other programs.
//! In: diagnostics. Out: text in the formats those programs read. Refuses to choose what is reported.

pub mod github;
pub mod junit;
pub mod sarif;

use keyward::render::json::object;

/// Version of every JSON document the command prints.
const VERSION: u32 = 1;

/// A JSON document: `{"keyward": 1, "command": …, …}`.
pub fn document(command: &str, fields: Vec<(&str, String)>) -> String {
    let mut all = vec![("keyward", VERSION.to_string()), ("command", keyward::render::json::string(command))];
    all.extend(fields);
    object(&all)
}

/// `1 rule`, `2,880 rules`.
pub fn counted(count: usize, word: &str) -> String {
    let shown = keyward::render::grouped(&count.to_string());
    format!("{shown} {word}{}", if count == 1 { "" } else { "s" })
}
