//! Random policies as source text, and random requests for them, all from a seed.
//! In: a seed. Out: text that mostly compiles; requests with a taste for edges. Refuses to know how policies are compiled.

mod condition;
mod decision;
mod random;
mod request;
mod source;
mod text;
mod vocabulary;

pub use random::Random;
pub use request::{Requests, conditions, from_json, tests, to_json};
pub use source::{Paragraph, Source};

use decision::Decisions;
use vocabulary::{NAMES, vocabulary};

/// A random policy of one file.
pub fn policy(seed: u64) -> Source {
    let mut random = Random::new(seed);
    let mut paragraphs = Vec::new();
    let made = vocabulary(&mut random, &mut paragraphs);
    let mut decisions = Decisions::new(&mut random, &made, &mut paragraphs);
    decisions.vocabulary_terms();
    decisions.decision(0);
    if seed.is_multiple_of(3) {
        decisions.decision(1);
    }
    let name = "generated.base".to_owned();
    let header = format!("edition 2026\npolicy {name} version 1 \"Seed {seed}\"\n");
    Source { name, header, paragraphs }
}
