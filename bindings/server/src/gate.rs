//! The gate: what a module must be before any engine sees it. In: bytes. Out: its table and its custom sections, or the
//! reason it is refused. No imports, no table, no start function, no floats and nothing newer than the first version of
//! WebAssembly; a fixed memory of at most 1 MiB; only our exports; the fixed loop, byte for byte; beside it at most one
//! function, which neither loops nor grows memory. So every call ends, and touches nothing outside.

use std::ops::Range;

use keyward_evaluator::LOOP;
use wasmparser::{ExternalKind, Operator, Parser, Payload, ValType, Validator, WasmFeatures};

use crate::error::LoadError;

/// Where the table stands in a module's memory.
const TABLE_AT: i32 = 0x1_0000;
const MAX_PAGES: u64 = 16;
const MAX_BYTES: usize = 2 << 20;

/// The functions a policy module exports, and how many numbers they take.
const EXPORTS: [(&str, usize); 10] = [
    ("kw_decide", 3),
    ("kw_decide_table", 3),
    ("kw_partial", 3),
    ("kw_why", 3),
    ("kw_batch", 4),
    ("kw_abi", 0),
    ("kw_request", 0),
    ("kw_outcome", 0),
    ("kw_rows", 0),
    ("kw_results", 0),
];

/// What the gate found in a module it let through.
pub(crate) struct Passed<'a> {
    pub(crate) table: &'a [u8],
    pub(crate) sections: Vec<(&'a str, &'a [u8])>,
    /// Whether it has a straight-line form.
    pub(crate) has_code: bool,
}

/// Checks a module.
pub(crate) fn check(bytes: &[u8]) -> Result<Passed<'_>, LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::TooLarge);
    }
    // No floats, nothing beyond the first version.
    let types = Validator::new_with_features(WasmFeatures::empty())
        .validate_all(bytes)
        .map_err(|error| LoadError::NotAModule(error.to_string()))?;
    let module = read(bytes, false)?;
    let fixed = read(LOOP, true)?;
    let (first, rest) = module.bodies.split_at_checked(fixed.bodies.len()).ok_or(LoadError::ForeignLoop)?;
    let same = first.iter().zip(&fixed.bodies).all(|(one, other)| bytes[one.clone()] == LOOP[other.clone()]);
    if !same
        || module.functions.get(..fixed.functions.len()) != Some(&fixed.functions[..])
        || module.types != fixed.types
        || module.globals != fixed.globals
    {
        return Err(LoadError::ForeignLoop);
    }
    let has_code = match rest {
        [] => false,
        [code] => {
            straight(&bytes[code.clone()])?;
            true
        }
        _ => return Err(LoadError::Forbidden("more than one function of its own")),
    };
    if module.exports.len() != EXPORTS.len() {
        return Err(LoadError::Forbidden("other exports than a policy"));
    }
    for ((name, params), index) in EXPORTS.iter().zip(&module.exports) {
        let ty = types.as_ref().core_function_at(*index);
        let all = types.as_ref();
        let ty = all[ty].unwrap_func();
        let plain = ty.params().iter().chain(ty.results()).all(|ty| *ty == ValType::I32);
        if !plain || ty.params().len() != *params || ty.results().len() != 1 {
            return Err(LoadError::Forbidden("an export of the wrong type"));
        }
        // Every export but the fast one is the loop's own.
        let own = fixed.named.iter().find(|(other, _)| other == name);
        let code = has_code && *index as usize == fixed.bodies.len();
        let expected = match (own, *name) {
            (_, "kw_decide") => code || Some(*index) == module.exports.get(1).copied(),
            (Some((_, wanted)), _) => index == wanted,
            _ => false,
        };
        if !expected {
            return Err(LoadError::Forbidden("an export that is not what it is called"));
        }
    }
    let table = module.table.ok_or(LoadError::Forbidden("no table"))?;
    Ok(Passed { table: &bytes[table], sections: module.sections, has_code })
}

/// What a module consists of.
#[derive(Default)]
struct Contents<'a> {
    /// Whether this is the loop itself, which is no whole module.
    is_loop: bool,
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    functions: Vec<u32>,
    globals: Vec<(bool, i32)>,
    bodies: Vec<Range<usize>>,
    /// Function numbers in the order of `EXPORTS`.
    exports: Vec<u32>,
    named: Vec<(&'a str, u32)>,
    table: Option<Range<usize>>,
    sections: Vec<(&'a str, &'a [u8])>,
}

fn read(bytes: &[u8], is_loop: bool) -> Result<Contents<'_>, LoadError> {
    let mut found = Contents { is_loop, ..Contents::default() };
    for payload in Parser::new(0).parse_all(bytes) {
        section(&mut found, payload.map_err(malformed)?)?;
    }
    Ok(found)
}

fn malformed(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::NotAModule(error.to_string())
}

fn section<'a>(found: &mut Contents<'a>, payload: Payload<'a>) -> Result<(), LoadError> {
    match payload {
        Payload::TypeSection(section) => {
            for ty in section.into_iter_err_on_gc_types() {
                let ty = ty.map_err(malformed)?;
                found.types.push((ty.params().to_vec(), ty.results().to_vec()));
            }
        }
        Payload::FunctionSection(section) => {
            for ty in section {
                found.functions.push(ty.map_err(malformed)?);
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                let memory = memory.map_err(malformed)?;
                // The loop itself has no fixed size yet; a module has.
                let fixed = memory.maximum == Some(memory.initial) && memory.initial <= MAX_PAGES;
                if !fixed && !found.is_loop {
                    return Err(LoadError::Forbidden("a memory that grows or is larger than 1 MiB"));
                }
            }
        }
        Payload::GlobalSection(section) => {
            for global in section {
                let global = global.map_err(malformed)?;
                found.globals.push((global.ty.mutable, constant(&global.init_expr)?));
            }
        }
        Payload::ExportSection(section) => exports(found, section)?,
        Payload::DataSection(section) => {
            for data in section {
                let data = data.map_err(malformed)?;
                let wasmparser::DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
                    return Err(LoadError::Forbidden("passive data"));
                };
                if found.table.is_some() || constant(&offset_expr)? != TABLE_AT {
                    return Err(LoadError::Forbidden("data that is not a table"));
                }
                let end = data.range.end;
                found.table = Some(end - data.data.len()..end);
            }
        }
        Payload::CodeSectionEntry(body) => found.bodies.push(body.range()),
        Payload::CustomSection(section) => found.sections.push((section.name(), section.data())),
        Payload::ImportSection(_) => return Err(LoadError::Forbidden("imports")),
        Payload::TableSection(_) => return Err(LoadError::Forbidden("a table of functions")),
        Payload::ElementSection(_) => return Err(LoadError::Forbidden("element segments")),
        Payload::StartSection { .. } => return Err(LoadError::Forbidden("a start function")),
        Payload::TagSection(_) | Payload::DataCountSection { .. } => {
            return Err(LoadError::Forbidden("newer sections"));
        }
        Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
        _ => return Err(LoadError::Forbidden("unknown sections")),
    }
    Ok(())
}

fn exports<'a>(found: &mut Contents<'a>, section: wasmparser::ExportSectionReader<'a>) -> Result<(), LoadError> {
    let mut named: Vec<(&str, u32)> = Vec::new();
    let mut memory = false;
    for export in section {
        let export = export.map_err(malformed)?;
        match export.kind {
            ExternalKind::Func => named.push((export.name, export.index)),
            ExternalKind::Memory if export.name == "memory" => memory = true,
            // The loop as the compiler left it exports two marks of the linker.
            ExternalKind::Global if export.name.starts_with("__") => named.push((export.name, u32::MAX)),
            _ => return Err(LoadError::Forbidden("an export that is no function")),
        }
    }
    let is_module = !found.is_loop;
    if is_module && (named.len() != EXPORTS.len() || !memory) {
        return Err(LoadError::Forbidden("other exports than a policy"));
    }
    for (name, _) in EXPORTS {
        match named.iter().find(|(other, _)| *other == name) {
            Some((_, index)) => found.exports.push(*index),
            None if is_module => return Err(LoadError::Forbidden("other exports than a policy")),
            None => {}
        }
    }
    found.named = named;
    Ok(())
}

fn constant(expression: &wasmparser::ConstExpr) -> Result<i32, LoadError> {
    match expression.get_operators_reader().read().map_err(malformed)? {
        Operator::I32Const { value } => Ok(value),
        _ => Err(LoadError::Forbidden("a computed constant")),
    }
}

/// Whether a function runs straight through: no loops, no growing, nothing but calls into the loop.
fn straight(body: &[u8]) -> Result<(), LoadError> {
    let reader = wasmparser::BinaryReader::new(body, 0);
    let body = wasmparser::FunctionBody::new(reader);
    let own = read(LOOP, true)?.functions.len() as u32;
    for operator in body.get_operators_reader().map_err(malformed)? {
        match operator.map_err(malformed)? {
            Operator::Loop { .. } => return Err(LoadError::Forbidden("a loop of its own")),
            Operator::MemoryGrow { .. } => return Err(LoadError::Forbidden("a memory that grows")),
            Operator::Call { function_index } if function_index >= own => {
                return Err(LoadError::Forbidden("a function that calls itself"));
            }
            _ => {}
        }
    }
    Ok(())
}
