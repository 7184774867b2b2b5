//! The vocabulary of a policy in another language: what its programmers write requests and read answers with.
//! In: a model. Out: one file of source text. Refuses to hold rules: a policy may change without its types changing.

mod c;
mod rust;
mod typescript;

use crate::model::Model;

/// The languages there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Types for `@keyward/runtime`.
    TypeScript,
    /// A header with the bytes of requests and outcomes.
    C,
    /// A module with a struct that packs itself.
    Rust,
}

/// The types of a policy whose requests carry this schema hash.
#[must_use]
pub fn types(model: &Model, schema_hash: u32, language: Language) -> String {
    match language {
        Language::TypeScript => typescript::write(model),
        Language::C => c::write(model, schema_hash),
        Language::Rust => rust::write(model, schema_hash),
    }
}

/// What stands on top of every file.
fn head(model: &Model, words: &str) -> String {
    let identity = &model.identity;
    format!("{} version {}: made by `keyward types{words}`, not to be edited.", identity.name, identity.version)
}

/// The last part of the policy's name.
fn last_name(model: &Model) -> &str {
    model.identity.name.rsplit('.').next().unwrap_or(&model.identity.name)
}

/// The names of all inputs with `_` for dots, each once: `a.b` and `a_b` are two inputs. `taken` are words of the language.
fn fields(model: &Model, taken: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for input in &model.schema.inputs {
        let plain = input.name.replace('.', "_");
        let plain = if taken.contains(&plain.as_str()) { format!("{plain}_") } else { plain };
        let numbered = (2..).map(|number| format!("{plain}_{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !names.contains(name));
        names.push(free.unwrap_or(plain));
    }
    names
}

/// Text for a comment: one line that cannot end it.
fn comment(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.replace("*/", "* /")
}

/// `after_hours` as `AfterHours`.
fn pascal(name: &str) -> String {
    let parts = name.split(['_', '.']).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (first, rest) = part.split_at(1);
            format!("{}{rest}", first.to_ascii_uppercase())
        })
        .collect()
}
