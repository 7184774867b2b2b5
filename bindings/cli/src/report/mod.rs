//! Findings for other programs.
//! In: diagnostics. Out: text in the formats those programs read. Refuses to choose what is reported.

pub mod github;
pub mod junit;
pub mod sarif;

use keyward::render::json::{object, string};
use keyward::render::visible;
use keyward_server::json::Mistake;

/// Version of every JSON document the command prints.
const VERSION: u32 = 1;

/// A JSON document: `{"keyward": 1, "command": …, …}`.
pub fn document(command: &str, fields: Vec<(&str, String)>) -> String {
    let mut all = vec![("keyward", VERSION.to_string()), ("command", string(command))];
    all.extend(fields);
    object(&all)
}

/// `1 rule`, `2,880 rules`.
pub fn counted(count: usize, word: &str) -> String {
    let shown = keyward::render::grouped(&count.to_string());
    format!("{shown} {word}{}", if count == 1 { "" } else { "s" })
}

/// A mistake in a request in one line, with its place.
pub fn mistake_text(mistake: &Mistake) -> String {
    let place = if mistake.at > 0 { format!(" (at byte {} of the request)", mistake.at) } else { String::new() };
    visible(&format!("{}: {mistake}{place}", mistake.fault.code()))
}

/// A mistake in a request as JSON.
pub fn mistake_json(mistake: &Mistake) -> String {
    let mut fields = vec![
        ("code", string(mistake.fault.code())),
        ("key", string(&mistake.key)),
        ("at", mistake.at.to_string()),
        ("message", string(&mistake.message)),
        ("accepted", string(&mistake.accepted)),
    ];
    fields.push(("did_you_mean", mistake.meant.as_ref().map_or("null".to_string(), |meant| string(meant))));
    object(&fields)
}
