//! The straight-line form: one function that decides without loops, from the rules' own conditions. In: the model, the
//! finished table (for durations and date classes). Out: the body of `kw_decide`, or nothing where the loop is the better
//! form. Whatever is unusual (known bits, duty masks, other schemas, odd places, requests that are not valid) goes to the
//! loop; there are no other branches.

mod answers;
mod conditions;
mod factor;
mod graph;
mod print;
mod range;

use std::collections::BTreeMap;

use keyward_evaluator::layout::{OUTCOME_WORDS, REQUEST_FLAGS, REQUEST_HASH};
use keyward_evaluator::{Scratch, Table, decide};
use wasm_encoder::{BlockType, Function, Instruction, ValType};

use self::graph::{Graph, Number, Op};
use self::print::{DECISION, OUT, Printer, REQUEST, at};
use super::classes::Merged;
use super::error::EmitError;
use super::module::Window;
use super::table::Built;
use super::words;
use crate::model::{ConditionId, Model};
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::space::slots::Slots;
use crate::typed::RuleId;

/// A longer function is slower than the loop, and costs an engine too much to compile.
const MOST_BYTES: usize = 24 * 1024;
/// With more rules it is not even tried.
const MOST_RULES: usize = 400;
/// Every byte of the function costs time at each decision, the loop only takes the steps of one path: so many bytes take
/// about as long as one step. Measured by `cargo xtask bench growth`: by 100 rules over a few inputs the loop is ahead.
const BYTES_A_STEP: usize = 128;
/// What the loop takes before its first step, in steps.
const STEPS_BEFORE: usize = 8;

/// What is being built.
pub(super) struct Build<'a> {
    model: &'a Model,
    slots: &'a Slots,
    merged: &'a [Merged],
    table: &'a [u8],
    graph: Graph,
    conditions: BTreeMap<ConditionId, Number>,
    active: BTreeMap<RuleId, Number>,
    words: BTreeMap<(DecisionId, AnswerId), Number>,
}

/// The numbers of one decision: whether the request is valid, and the words of the outcome.
struct Decided {
    valid: Number,
    words: Vec<Number>,
}

/// Makes the function, if it pays.
pub(super) fn build(
    model: &Model,
    slots: &Slots,
    built: &Built,
    window: Window,
    loop_decide: u32,
) -> Result<Option<Vec<u8>>, EmitError> {
    if model.rules.len() > MOST_RULES {
        return Ok(None);
    }
    let mut build = Build {
        model,
        slots,
        merged: &built.merged,
        table: &built.bytes,
        graph: Graph::default(),
        conditions: BTreeMap::new(),
        active: BTreeMap::new(),
        words: BTreeMap::new(),
    };
    let Some(decided) = build.decisions() else { return Ok(None) };
    prove(model, slots, built, &build.graph, &decided)?;
    let body = print(model, slots, &build.graph, &decided, window, &built.bytes, loop_decide);
    let pays = body.len() <= MOST_BYTES.min(BYTES_A_STEP * (built.steps + STEPS_BEFORE));
    Ok(pays.then_some(body))
}

impl Build<'_> {
    fn decisions(&mut self) -> Option<Vec<Decided>> {
        let bad = self.out_of_range();
        let in_range = self.graph.with(Op::Eq, bad, 0);
        let assumed = self.condition(self.model.valid_condition)?;
        let valid = self.graph.two(Op::And, in_range, assumed);
        let mut all = Vec::new();
        for (decision, info) in self.model.schema.decisions.iter().enumerate() {
            let mut list = Vec::new();
            for &answer in &self.model.decisions[decision].order {
                self.answer_word(decision, answer)?;
            }
            for (answer, it) in info.answers.iter().enumerate() {
                list.push(self.answer_word(decision, answer)?);
                if let AnswerKind::SetOf(_) = it.kind {
                    list.push(self.blank_word(decision, answer)?);
                }
            }
            all.push(Decided { valid, words: list });
        }
        Some(all)
    }
}

/// Writes the function: the gate, then one block for each decision, then the call of the loop.
fn print(
    model: &Model,
    slots: &Slots,
    graph: &Graph,
    decided: &[Decided],
    window: Window,
    table: &[u8],
    loop_decide: u32,
) -> Vec<u8> {
    let mut out = Printer::new(graph);
    let longest =
        (0..decided.len()).map(|decision| OUTCOME_WORDS + 4 * words::count(model, decision)).max().unwrap_or(0);
    out.code.push(Instruction::Block(BlockType::Empty));
    let size = window.end - window.start;
    for (place, len) in [(REQUEST, slots.len), (OUT, longest)] {
        out.code.extend([
            Instruction::LocalGet(place),
            Instruction::I32Const(window.start as i32),
            Instruction::I32Sub,
            Instruction::I32Const(size.saturating_sub(len) as i32),
            Instruction::I32GtU,
        ]);
    }
    out.code.extend([Instruction::I32Or, Instruction::BrIf(0)]);
    // Another schema, known bits or duty masks: flags are not zero.
    let hash = Table::new(table).schema_hash();
    out.code.extend([
        Instruction::LocalGet(REQUEST),
        Instruction::I32Load(at(REQUEST_HASH)),
        Instruction::I32Const(hash as i32),
        Instruction::I32Xor,
        Instruction::LocalGet(REQUEST),
        Instruction::I32Load(at(REQUEST_FLAGS)),
        Instruction::I32Or,
        Instruction::BrIf(0),
    ]);
    for (decision, decided) in decided.iter().enumerate() {
        block(&mut out, decision, decided);
    }
    out.code.extend([
        Instruction::End,
        Instruction::LocalGet(DECISION),
        Instruction::LocalGet(REQUEST),
        Instruction::LocalGet(OUT),
        Instruction::Call(loop_decide),
        Instruction::End,
    ]);
    let mut function = Function::new([(out.locals(), ValType::I32)]);
    out.code.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
    function.into_raw_body()
}

/// One decision: every word is stored, then the status ok is stored and returned.
fn block(out: &mut Printer, decision: usize, decided: &Decided) {
    out.code.extend([
        Instruction::LocalGet(DECISION),
        Instruction::I32Const(decision as i32),
        Instruction::I32Eq,
        Instruction::If(BlockType::Empty),
    ]);
    let mut wanted = vec![decided.valid];
    wanted.extend(&decided.words);
    out.start(&wanted);
    // The loop knows what becomes of a request that is not valid.
    out.push(decided.valid);
    out.code.extend([Instruction::I32Eqz, Instruction::BrIf(1)]);
    for (place, &word) in decided.words.iter().enumerate() {
        out.code.push(Instruction::LocalGet(OUT));
        out.push(word);
        out.code.push(Instruction::I32Store(at(OUTCOME_WORDS + 4 * place)));
    }
    out.code.extend([
        Instruction::LocalGet(OUT),
        Instruction::I32Const(0),
        Instruction::I32Store(at(0)),
        Instruction::I32Const(0),
        Instruction::Return,
        Instruction::End,
    ]);
}

/// How many requests each build compares.
const PROOF_REQUESTS: usize = 2048;

/// Compares the graph with the table, which is proved, on requests drawn from the ends of all ranges.
fn prove(model: &Model, slots: &Slots, built: &Built, graph: &Graph, decided: &[Decided]) -> Result<(), EmitError> {
    let mut scratch = Box::new(Scratch::new());
    let table = Table::new(&built.bytes[..]);
    let mut draw = super::sample::Draw::new(model, slots, table.schema_hash());
    for _ in 0..PROOF_REQUESTS {
        let request = draw.request();
        let values = graph.compute(&request, &built.bytes);
        for (number, decided) in decided.iter().enumerate() {
            let mut out = vec![0; OUTCOME_WORDS + 4 * decided.words.len()];
            decide(&table, number as u32, &request[..], &mut out[..], &mut *scratch);
            let valid = values[decided.valid.0 as usize] == 1;
            let same = !valid
                || decided.words.iter().enumerate().all(|(place, word)| {
                    let at = OUTCOME_WORDS + 4 * place;
                    out[at..at + 4] == values[word.0 as usize].to_le_bytes()
                });
            if !same || valid != (out[..4] == [0; 4]) {
                let name = &model.schema.decisions[number].name;
                return Err(EmitError::Different(format!("the straight-line form of {name}")));
            }
        }
    }
    Ok(())
}
