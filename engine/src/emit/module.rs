//! A module around a table. In: the bytes of the table, perhaps a function that decides without it, custom sections.
//! Out: a WebAssembly module whose first functions are the fixed loop, byte for byte. Refuses to know the policy.

use keyward_evaluator::LOOP;
use keyward_evaluator::layout::BATCH_ROWS;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ExportKind, ExportSection, FunctionSection, GlobalSection,
    GlobalType, MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload};

use super::error::EmitError;

/// Where the table stands in memory.
pub(super) const TABLE_AT: usize = 0x1_0000;
/// Most pages of memory: 1 MiB.
const MAX_PAGES: usize = 16;
const PAGE: usize = 0x1_0000;
/// `i32.const`.
const I32_CONST: u8 = 0x41;

/// The exports of every module, in order; `kw_decide` stands before them.
const EXPORTS: [&str; 9] = [
    "kw_decide_table",
    "kw_partial",
    "kw_why",
    "kw_batch",
    "kw_abi",
    "kw_request",
    "kw_outcome",
    "kw_rows",
    "kw_results",
];

/// The fixed loop, taken apart.
pub(super) struct Loop {
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    functions: Vec<u32>,
    globals: Vec<(bool, i32)>,
    bodies: Vec<Vec<u8>>,
    exports: Vec<u32>,
    /// The type of functions that decide.
    decide_type: u32,
}

/// The places of the window behind a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Where it starts, and the request.
    pub(super) start: usize,
    /// Where memory ends.
    pub(super) end: usize,
}

impl Window {
    /// The window for a table: request, outcome, and room for a batch as far as memory reaches.
    pub(super) fn new(table: usize, request: usize, result: usize, outcome: usize) -> Result<Window, EmitError> {
        let aligned = |at: usize| at.next_multiple_of(16);
        let start = aligned(TABLE_AT + table);
        let rows = aligned(aligned(start + request) + result);
        let end = rows + (request + outcome) * BATCH_ROWS as usize;
        let pages = end.div_ceil(PAGE).min(MAX_PAGES);
        if rows > pages * PAGE {
            return Err(EmitError::TooLarge("bytes of table", table, MAX_PAGES * PAGE - TABLE_AT));
        }
        Ok(Window { start, end: pages * PAGE })
    }
}

impl Loop {
    /// Takes the committed loop apart.
    pub(super) fn read() -> Result<Loop, EmitError> {
        let malformed = |error: wasmparser::BinaryReaderError| EmitError::Malformed(error.to_string());
        let mut it =
            Loop { types: vec![], functions: vec![], globals: vec![], bodies: vec![], exports: vec![], decide_type: 0 };
        let mut named: Vec<(String, u32)> = Vec::new();
        for payload in Parser::new(0).parse_all(LOOP) {
            match payload.map_err(malformed)? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        let ty = ty.map_err(malformed)?;
                        it.types.push((values(ty.params())?, values(ty.results())?));
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        it.functions.push(ty.map_err(malformed)?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        let global = global.map_err(malformed)?;
                        // Read by hand: all operators there are would be compiled in for the one there can be.
                        let mut reader = global.init_expr.get_binary_reader();
                        if reader.read_u8().map_err(malformed)? != I32_CONST {
                            return Err(EmitError::Malformed("the loop has an odd global".to_string()));
                        }
                        it.globals.push((global.ty.mutable, reader.read_var_i32().map_err(malformed)?));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.map_err(malformed)?;
                        if export.kind == ExternalKind::Func {
                            named.push((export.name.to_string(), export.index));
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => it.bodies.push(LOOP[body.range()].to_vec()),
                _ => {}
            }
        }
        for name in EXPORTS {
            let found = named.iter().find(|(other, _)| other == name);
            it.exports.push(
                found
                    .map(|(_, index)| *index)
                    .ok_or_else(|| EmitError::Malformed(format!("the loop does not export {name}")))?,
            );
        }
        it.decide_type = it.functions.get(it.exports[0] as usize).copied().unwrap_or(0);
        Ok(it)
    }

    /// The number of the loop's own `kw_decide`.
    pub(super) fn decide(&self) -> u32 {
        self.exports[0]
    }

    /// Bytes of the loop's functions.
    pub(super) fn code_bytes(&self) -> usize {
        self.bodies.iter().map(Vec::len).sum()
    }

    /// Puts a module together.
    pub(super) fn module(
        &self,
        table: &[u8],
        window: Window,
        code: Option<&[u8]>,
        sections: &[(&str, Vec<u8>)],
    ) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        for (params, results) in &self.types {
            types.ty().function(params.iter().copied(), results.iter().copied());
        }
        let mut functions = FunctionSection::new();
        self.functions.iter().for_each(|&ty| {
            functions.function(ty);
        });
        let mut bodies = CodeSection::new();
        self.bodies.iter().for_each(|body| {
            bodies.raw(body);
        });
        let mut decide = self.decide();
        if let Some(code) = code {
            decide = self.functions.len() as u32;
            functions.function(self.decide_type);
            bodies.raw(code);
        }
        let mut memory = MemorySection::new();
        let pages = (window.end / PAGE) as u64;
        memory.memory(MemoryType {
            minimum: pages,
            maximum: Some(pages),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        for &(mutable, value) in &self.globals {
            globals.global(GlobalType { val_type: ValType::I32, mutable, shared: false }, &ConstExpr::i32_const(value));
        }
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(TABLE_AT as i32), table.iter().copied());
        module.section(&types).section(&functions).section(&memory).section(&globals);
        module.section(&self.exports(decide)).section(&bodies).section(&data);
        for (name, data) in sections {
            module.section(&CustomSection { name: (*name).into(), data: data.into() });
        }
        module.finish()
    }

    fn exports(&self, decide: u32) -> ExportSection {
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export("kw_decide", ExportKind::Func, decide);
        for (name, &index) in EXPORTS.iter().zip(&self.exports) {
            exports.export(name, ExportKind::Func, index);
        }
        exports
    }
}

fn values(types: &[wasmparser::ValType]) -> Result<Vec<ValType>, EmitError> {
    let value = |ty: &wasmparser::ValType| match ty {
        wasmparser::ValType::I32 => Ok(ValType::I32),
        wasmparser::ValType::I64 => Ok(ValType::I64),
        other => Err(EmitError::Malformed(format!("the loop uses {other}"))),
    };
    types.iter().map(value).collect()
}
