//! `keyward inspect`: what a module holds.
//! In: a module. Out: its identity, its inputs and answers, its sizes, its worst case. Refuses modules the server refuses.

use crate::args::Inspect;
use crate::exit::{Exit, Failure};
use crate::module::{self, Loaded};
use crate::report;
use crate::terminal::Terminal;
use keyward::render::json::{array, object, string};
use keyward::render::{Look, Paint, grouped, visible};
use keyward_evaluator::Table;
use keyward_server::json::{accepted, duration_text};
use keyward_server::{AnswerKind, DecisionInfo, InputInfo, Origin, Policy};
use wasmparser::{Parser, Payload};

/// Shows a module.
pub fn run(args: &Inspect, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let loaded = module::load(&args.file, terminal)?;
    let sizes = sizes(&loaded.bytes);
    terminal.result(&if json { document(&loaded, &sizes) } else { text(&loaded, &sizes, terminal.look()) });
    Ok(Exit::Fine)
}

/// The bytes of each section, in order; what stands between them last.
fn sizes(module: &[u8]) -> Vec<(String, usize)> {
    let mut sizes: Vec<(String, usize)> = Vec::new();
    for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
        let name = match &payload {
            Payload::TypeSection(_) => "types".to_string(),
            Payload::FunctionSection(_) => "functions".to_string(),
            Payload::MemorySection(_) => "memory".to_string(),
            Payload::GlobalSection(_) => "globals".to_string(),
            Payload::ExportSection(_) => "exports".to_string(),
            Payload::CodeSectionStart { .. } => "code".to_string(),
            Payload::DataSection(_) => "data (table)".to_string(),
            Payload::CustomSection(section) => section.name().to_string(),
            _ => continue,
        };
        let length = match &payload {
            Payload::CodeSectionStart { range, .. } => range.len(),
            _ => payload.as_section().map_or(0, |(_, range)| range.len()),
        };
        sizes.push((name, length));
    }
    let inside: usize = sizes.iter().map(|(_, length)| length).sum();
    sizes.push(("headers".to_string(), module.len().saturating_sub(inside)));
    sizes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(loaded: &Loaded, sizes: &[(String, usize)], look: Look) -> String {
    let policy = &loaded.policy;
    let identity = policy.identity();
    let strong = |text: &str| look.paint(Paint::Strong, text);
    let mut lines = vec![format!("{} version {}", strong(&visible(&identity.name)), identity.version)];
    if !identity.title.is_empty() {
        lines.push(format!("  {}", visible(&identity.title)));
    }
    lines.push(format!("  edition {}, made by {}", identity.edition, visible(&identity.compiler)));
    lines.push(format!("  sources  {}", hex(&identity.source)));
    lines.push(format!(
        "  schema   {:08x}, a request has {} bytes, {} of them always",
        policy.schema().hash,
        policy.schema().request_len,
        policy.schema().short_len
    ));
    lines.push(format!("  meaning  {}", hex(&identity.fingerprint)));
    lines.push(format!(
        "  proved   {}, {}, no gap, no conflict, for each of {} possible requests",
        report::counted(identity.tests as usize, "test"),
        report::counted(identity.asserts as usize, "assert"),
        grouped(&visible(&identity.requests))
    ));
    let form = if policy.has_code() { "straight-line code and table" } else { "table" };
    let (walks, steps) = walks(policy);
    lines.push(format!("  decides by {form}; the table in at most {walks} walks of at most {steps} steps"));
    lines.push(strong("Inputs"));
    lines.extend(policy.schema().inputs.iter().map(input_line));
    for decision in &policy.schema().decisions {
        lines.push(strong(&format!("Decision {}", visible(&decision.name))));
        lines.extend(
            decision.answers.iter().map(|answer| format!("  {}: {}", visible(&answer.name), kind(&answer.kind))),
        );
    }
    if !identity.promises.is_empty() {
        lines.push(strong("Proved asserts"));
    }
    lines.extend(identity.promises.iter().map(|promise| {
        let by = promise.policy.as_ref().map_or(String::new(), |policy| format!(", promised by {policy}"));
        visible(&format!("  {}: {}{by}", promise.name, promise.form))
    }));
    lines.push(format!("{} {} bytes", strong("Sizes"), grouped(&loaded.bytes.len().to_string())));
    lines
        .extend(sizes.iter().map(|(name, length)| format!("  {:>7}  {}", grouped(&length.to_string()), visible(name))));
    lines.join("\n")
}

fn input_line(input: &InputInfo) -> String {
    let what = match input.origin {
        Origin::Input => "input",
        Origin::Setting => "setting",
        Origin::OutsideGroup(_) => "group kept outside",
        Origin::OutsideCalendar(_) => "calendar kept outside",
    };
    let optional = if input.optional { "optional " } else { "" };
    visible(&format!("  {}: {optional}{what}, {}", input.name, accepted(&input.ty)))
}

fn kind(kind: &AnswerKind) -> String {
    let list = |names: &[String]| visible(&names.join(", "));
    match kind {
        AnswerKind::YesNo => "yes or no".to_string(),
        AnswerKind::OneOf(names) => format!("one of {}", list(names)),
        AnswerKind::Strictest(names) => format!("the strictest of {}", list(names)),
        AnswerKind::SetOf(names, _) => format!("a set of {}", list(names)),
        AnswerKind::Shortest(most) => format!("the shortest duration up to {}", duration_text(*most)),
    }
}

/// How many walks of the table the largest decision takes, and the most steps of each: one a level, never back.
fn walks(policy: &Policy) -> (usize, usize) {
    let table = Table::new(policy.table());
    let decisions = (0..table.decisions()).filter_map(|number| table.decision(number));
    (decisions.map(|decision| decision.groups()).max().unwrap_or(0), table.levels())
}

fn document(loaded: &Loaded, sizes: &[(String, usize)]) -> String {
    let policy = &loaded.policy;
    let identity = policy.identity();
    let promises = array(identity.promises.iter().map(|promise| {
        let policy = promise.policy.as_ref().unwrap_or(&identity.name);
        object(&[("name", string(&promise.name)), ("form", string(promise.form)), ("policy", string(policy))])
    }));
    let proved = [
        ("requests", string(&identity.requests)),
        ("tests", identity.tests.to_string()),
        ("asserts", identity.asserts.to_string()),
        ("promises", promises),
    ];
    let identity = object(&[
        ("name", string(&identity.name)),
        ("version", identity.version.to_string()),
        ("title", string(&identity.title)),
        ("edition", identity.edition.to_string()),
        ("compiler", string(&identity.compiler)),
        ("source", string(&hex(&identity.source))),
        ("fingerprint", string(&hex(&identity.fingerprint))),
        ("schema", string(&format!("{:08x}", policy.schema().hash))),
        ("proved", object(&proved)),
    ]);
    let sizes =
        array(sizes.iter().map(|(name, length)| object(&[("section", string(name)), ("bytes", length.to_string())])));
    let (walks, steps) = walks(policy);
    let fields = vec![
        ("identity", identity),
        ("request_bytes", policy.schema().request_len.to_string()),
        ("short_request_bytes", policy.schema().short_len.to_string()),
        ("has_code", policy.has_code().to_string()),
        ("walks", walks.to_string()),
        ("steps_a_walk", steps.to_string()),
        ("inputs", array(policy.schema().inputs.iter().map(input))),
        ("decisions", array(policy.schema().decisions.iter().map(decision))),
        ("bytes", loaded.bytes.len().to_string()),
        ("sections", sizes),
    ];
    report::document("inspect", fields)
}

fn input(input: &InputInfo) -> String {
    let origin = match input.origin {
        Origin::Input => "input",
        Origin::Setting => "setting",
        Origin::OutsideGroup(_) => "group",
        Origin::OutsideCalendar(_) => "calendar",
    };
    object(&[
        ("name", string(&input.name)),
        ("origin", string(origin)),
        ("optional", input.optional.to_string()),
        ("fixed", input.fixed.to_string()),
        ("accepts", string(&accepted(&input.ty))),
        ("slot", input.slot.to_string()),
    ])
}

fn decision(decision: &DecisionInfo) -> String {
    let answers = array(decision.answers.iter().map(|answer| {
        let blank = ("blankable", answer.blankable.to_string());
        object(&[("name", string(&answer.name)), ("kind", string(&kind(&answer.kind))), blank])
    }));
    object(&[("name", string(&decision.name)), ("answers", answers)])
}
