//! From the model to the machine: a WebAssembly module that decides. In: `model::Model`. Out: bytes, proved to decide as
//! the model says. Refuses to know source text, typed rules and how the model came about.
//!
//! Every module holds the same loop and a table of its own (`engine/ABI.md`). The table is read back and compared with
//! the model's diagrams before anything is handed out; the module is validated.

mod classes;
mod code;
mod decode;
mod error;
mod fingerprint;
mod groups;
mod levels;
mod module;
mod nodes;
mod sample;
mod sections;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod writer;

use crate::diagram::{Forest, Ref};
use crate::model::{CONFLICT, GAP, Model};

pub use error::EmitError;

/// What to leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leave out reasons, source map and the trace of the rules.
    pub strip: bool,
}

/// A module and its measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    /// The module.
    pub bytes: Vec<u8>,
    /// The table in it, for evaluators that walk it themselves.
    pub table: Vec<u8>,
    /// What requests must carry.
    pub schema_hash: u32,
    /// How many nodes the table has.
    pub nodes: usize,
    /// Bytes of nodes.
    pub node_bytes: usize,
    /// Of these, about how many decide; the rest trace rules.
    pub answer_bytes: usize,
    /// Bytes of the loop's functions.
    pub loop_bytes: usize,
    /// Bytes of the straight-line form; none if it is left out.
    pub code_bytes: Option<usize>,
    /// Whether `kw_why` knows the rules.
    pub traced: bool,
    /// The most steps a walk of the table takes.
    pub steps: usize,
}

/// Refuses a model that leaves a valid request without an answer, or with two: whoever emits need not have analysed it.
fn answered(model: &Model, forest: &mut Forest) -> Result<(), EmitError> {
    for (decision, declared) in model.decisions.iter().zip(&model.schema.decisions) {
        for (answer, it) in decision.answers.iter().zip(&declared.answers) {
            for &root in &answer.roots {
                let asked = forest.if_then_else(model.valid, root, Ref::FALSE)?;
                if forest.values(&[asked]).iter().any(|value| matches!(*value, GAP | CONFLICT)) {
                    let what = format!("{}.{} is left open, or answered in two ways", declared.name, it.name);
                    return Err(EmitError::Different(what));
                }
            }
        }
    }
    Ok(())
}

/// What a policy means, in sixteen bytes: policies that answer every request alike have the same, whatever their rules say.
pub fn fingerprint(model: &Model) -> Result<[u8; 16], EmitError> {
    Ok(fingerprint::fingerprint(model, &mut model.forest.clone())?)
}

/// Makes a module.
pub fn emit(model: &Model, options: Options) -> Result<Emitted, EmitError> {
    let slots = crate::space::slots::Slots::of_model(model);
    let vocabulary = sections::vocabulary(model, &slots);
    let mut forest = model.forest.clone();
    answered(model, &mut forest)?;
    let built = table::build(model, &mut forest, &slots, vocabulary.hash, !options.strip)?;
    decode::validate(model, &mut forest, &slots, &built)?;
    let number = |at: usize| usize::from(u16::from_le_bytes([built.bytes[at], built.bytes[at + 1]]));
    let window = module::Window::new(built.bytes.len(), slots.len, number(44), number(46))?;
    let fixed = module::Loop::read()?;
    let code = code::build(model, &slots, &built, window, fixed.decide())?;
    let mut list = vec![
        ("keyward.schema", vocabulary.schema),
        ("keyward.outcomes", vocabulary.outcomes),
        ("keyward.id", sections::identity(model, vocabulary.hash, fingerprint::fingerprint(model, &mut forest)?)),
    ];
    if !options.strip {
        list.push(("keyward.proof", sections::proof(model)));
        list.push(("keyward.reasons", sections::reasons(model)));
        list.push(("keyward.map", sections::map(model)));
    }
    let bytes = fixed.module(&built.bytes, window, code.as_deref(), &list);
    // In a browser the engine at hand looks at the module before it is given away.
    #[cfg(feature = "validate")]
    wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::MVP)
        .validate_all(&bytes)
        .map_err(|error| EmitError::Malformed(error.to_string()))?;
    Ok(Emitted {
        bytes,
        schema_hash: vocabulary.hash,
        nodes: built.nodes,
        node_bytes: built.node_bytes,
        answer_bytes: built.answer_bytes,
        loop_bytes: fixed.code_bytes(),
        code_bytes: code.as_ref().map(Vec::len),
        traced: built.traced,
        steps: built.steps,
        table: built.bytes,
    })
}
