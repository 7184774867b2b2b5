//! Diagrams written down.
//!
//! In: a diagram. Out: DOT or JSON for other programs, or an SVG picture. Refuses to know: how the diagram was found.

mod dot;
mod json;
mod layout;
mod svg;

pub use dot::dot;
pub use json::json;
pub use svg::svg;

use crate::render::visible;

/// Most characters of a label in a picture; the whole stands in its title.
const LONGEST: usize = 36;

/// A label that fits.
fn label(text: &str) -> String {
    let text = visible(text);
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => text,
    }
}
