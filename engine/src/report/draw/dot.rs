//! A diagram in the DOT language.
//!
//! In: a diagram. Out: DOT. Refuses to rely on colour: outcomes are boxes with their words.

use crate::draw::{Diagram, Place};
use crate::render::visible;

/// The diagram.
#[must_use]
pub fn dot(diagram: &Diagram) -> String {
    let mut out = format!(
        "digraph {} {{\n  rankdir=TB;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=11];\n",
        quoted(&diagram.name)
    );
    for (number, (words, place)) in diagram.starts.iter().enumerate() {
        out.push_str(&format!(
            "  s{number} [label={}, shape=plaintext];\n  s{number} -> {};\n",
            quoted(words),
            id(*place)
        ));
    }
    for (number, question) in diagram.questions.iter().enumerate() {
        out.push_str(&format!("  q{number} [label={}, shape=box, style=rounded];\n", quoted(&question.name)));
        for way in &question.ways {
            out.push_str(&format!("  q{number} -> {} [label={}];\n", id(way.to), quoted(&way.words)));
        }
    }
    for row in 0..diagram.rows {
        let same: Vec<String> =
            diagram.questions.iter().enumerate().filter(|(_, q)| q.row == row).map(|(n, _)| format!("q{n}")).collect();
        out.push_str(&format!("  {{ rank=same; {}; }}\n", same.join("; ")));
    }
    for (number, outcome) in diagram.outcomes.iter().enumerate() {
        out.push_str(&format!("  o{number} [label={}, shape=box, peripheries=2];\n", quoted(&outcome.words)));
    }
    out.push_str("}\n");
    out
}

fn id(place: Place) -> String {
    match place {
        Place::Question(number) => format!("q{number}"),
        Place::Outcome(number) => format!("o{number}"),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text).replace('\\', "\\\\").replace('"', "\\\""))
}
