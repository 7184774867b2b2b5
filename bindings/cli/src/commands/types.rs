//! `keyward types`: a policy's vocabulary for programmers of other languages.
//! In: a policy. Out: a file of TypeScript, C or Rust on standard output. Refuses modules: descriptions stand in the source.

use crate::args::{Language, Types};
use crate::exit::{Exit, Failure};
use crate::module;
use crate::search::is_ward;
use crate::terminal::Terminal;
use keyward::report::types;
use std::path::Path;

/// Prints the types.
pub fn run(args: &Types, terminal: &Terminal) -> Result<Exit, Failure> {
    if !is_ward(&args.file) && args.file != Path::new("-") {
        return Err(Failure::Usage("types are made from the policy itself: name its .ward file".to_string()));
    }
    let (compiled, emitted) = module::sound(&args.file, terminal)?;
    let model = compiled.model.ok_or_else(|| Failure::Internal("a policy that was built has a model".to_string()))?;
    let language = match args.language {
        Language::Typescript => types::Language::TypeScript,
        Language::C => types::Language::C,
        Language::Rust => types::Language::Rust,
    };
    terminal.result(types::types(&model, emitted.schema_hash, language).trim_end());
    Ok(Exit::Fine)
}
