//! The fuzz targets: each takes any bytes through one part of Keyward.
//! In: bytes. Out: nothing; a target that does not return has found something. Refuses to expect anything of the bytes.

use super::{Target, hosts};
use crate::differential::{build, native};
use crate::generate;
use keyward::check::Lock;
use keyward::codes::Code;
use keyward::emit::Options;
use keyward::format::format;
use keyward::parse::parse;
use keyward::pipeline::{Compiled, Project, Replaying, replaying};
use keyward::render;
use keyward::source::Sources;
use keyward::span::FileId;
use keyward_evaluator::{Marks, Scratch, Table};
use keyward_server::json::{Json, Terms, read_request};
use keyward_server::{Decider, Policy};
use std::sync::OnceLock;

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "parse", run: parses },
    Target { name: "format", run: formats },
    Target { name: "vocabulary", run: vocabulary },
    Target { name: "conditions", run: conditions },
    Target { name: "rules", run: rules },
    Target { name: "promises", run: promises },
    Target { name: "check", run: check },
    Target { name: "build", run: builds },
    Target { name: "files", run: files },
    Target { name: "lock", run: lock },
    Target { name: "codes", run: codes },
    Target { name: "json", run: json },
    Target { name: "request", run: request },
    Target { name: "packed", run: packed },
    Target { name: "table", run: table },
    Target { name: "module", run: module },
    Target { name: "log", run: log },
    Target { name: "bundle", run: hosts::bundle },
    Target { name: "trust", run: hosts::trusted },
    Target { name: "moment", run: hosts::moment },
    Target { name: "box", run: hosts::boxed },
];

/// What stands between two files of one input.
const BETWEEN: &str = "\n=====\n";

/// A policy that the fragments of some targets are added to.
const BASE: &str = "edition 2026
policy fuzz.base version 1
input kind is one of a, b, c
optional input who is a user
input host is a user
input tags is a set of x, y
input size is a number from 1 to 9
input now is a moment
setting org.mode is one of off, on default off
calendar open is monday to friday from 08:00 until 18:00
term closed means now is outside open
decision d
  answer access is the strictest of allowed, refused
  answer checks is a set of pin, badge only when access is allowed
  answer reason is one of none, some
  answer back is the shortest duration up to 7 days
if unsure access is refused and reason is none
normally access is refused and reason is none because \"Nobody said yes.\"
rule first when kind is a and not closed then access is allowed and checks include pin because \"A.\"
";

/// Seeds made in memory rather than kept in files.
pub fn made(name: &str) -> Vec<Vec<u8>> {
    let policies = || (0..24).map(|seed| generate::policy(seed).text().into_bytes());
    let fragments = |kinds: &[&str]| {
        let sources = (0..24).map(generate::policy);
        let texts = sources.flat_map(|source| source.paragraphs).filter(|it| kinds.contains(&it.kind));
        texts.map(|paragraph| paragraph.text.into_bytes()).collect::<Vec<_>>()
    };
    match name {
        "vocabulary" => fragments(&["input", "setting", "constant", "group", "calendar"]),
        "conditions" => fragments(&["term", "assume"]),
        "rules" => fragments(&["decision", "normally", "if", "rule", "exception"]),
        "parse" | "format" | "check" | "build" | "files" | "promises" => policies().collect(),
        "packed" => vec![vec![0; 64], vec![0xFF; 96]],
        "table" => vec![sample().0.clone()],
        "module" => vec![sample().1.clone()],
        "box" => vec![sample().0.clone(), sample().1.clone()],
        "bundle" => hosts::bundles(),
        "moment" => hosts::bundles().into_iter().skip(2).collect(),
        _ => Vec::new(),
    }
}

/// The table and the module of the base policy.
fn sample() -> &'static (Vec<u8>, Vec<u8>) {
    static SAMPLE: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    SAMPLE.get_or_init(|| match build(&[BASE.to_owned()]) {
        Ok(built) => (built.emitted.table, built.emitted.bytes),
        Err(refusal) => panic!("the base policy is refused: {refusal:?}"),
    })
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

fn parses(data: &[u8]) {
    let text = text(data);
    let (_, diagnostics) = parse(FileId(0), &text);
    let mut sources = Sources::new();
    sources.add("fuzz.ward", text);
    render::text::diagnostics(&sources, &diagnostics, render::Look::default());
    render::json::diagnostics(&sources, &diagnostics);
}

fn formats(data: &[u8]) {
    let text = text(data);
    let (tree, _) = parse(FileId(0), &text);
    let Some(once) = format(&tree, &text) else { return };
    let (tree, _) = parse(FileId(0), &once);
    assert_eq!(format(&tree, &once).as_ref(), Some(&once), "formatted twice is not formatted once");
}

/// Everything from texts to a module; the last file is the main one.
fn pipeline(texts: &[String], lock: Option<FileId>) {
    let mut sources = Sources::new();
    let main = texts.iter().map(|text| sources.add("fuzz.ward", text.clone())).last().unwrap_or_default();
    let project = Project::read(sources, lock);
    let compiled = project.compile(main);
    if let Ok(emitted) = compiled.module(Options::default()) {
        walk(&emitted.table, &[0; 256]);
    }
    render::text::diagnostics(&project.sources, &compiled.diagnostics, render::Look::default());
}

fn with_base(data: &[u8]) {
    pipeline(&[format!("{BASE}{}", text(data))], None);
}

fn vocabulary(data: &[u8]) {
    with_base(data);
}

fn conditions(data: &[u8]) {
    with_base(format!("term fuzzed means {}", text(data).trim_start_matches("term ")).as_bytes());
    with_base(data);
}

fn rules(data: &[u8]) {
    with_base(data);
}

fn promises(data: &[u8]) {
    let text = text(data);
    with_base(format!("assert fuzzed never {text}").as_bytes());
    with_base(text.as_bytes());
}

fn check(data: &[u8]) {
    let text = text(data);
    let (tree, _) = parse(FileId(0), &text);
    let mut files = keyward::check::Files::new();
    files.add(tree, &text);
    keyward::check::check(&files, FileId(0));
}

fn builds(data: &[u8]) {
    pipeline(&[text(data)], None);
}

fn files(data: &[u8]) {
    let all = text(data);
    let mut texts: Vec<String> = vec![BASE.to_owned()];
    texts.extend(all.split(BETWEEN).take(6).map(str::to_owned));
    pipeline(&texts, None);
    pipeline(&texts, Some(FileId(0)));
}

fn lock(data: &[u8]) {
    let text = text(data);
    let (lock, _) = Lock::parse(FileId(0), &text);
    let mut files = keyward::check::Files::new();
    let (tree, _) = parse(FileId(1), BASE);
    files.add(tree, BASE);
    files.set_lock(lock);
    keyward::check::check(&files, FileId(1));
}

fn codes(data: &[u8]) {
    if let Some(code) = Code::parse(&text(data)) {
        assert!(code.entry().is_some(), "{code} is parsed and not in the table");
    }
}

fn json(data: &[u8]) {
    let _refused = Json::read(data);
}

fn request(data: &[u8]) {
    static LOADED: OnceLock<Option<Policy>> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| Policy::load(&sample().1).ok());
    let Some(loaded) = loaded else { panic!("the base policy does not load") };
    let terms = Terms { zone: Some("Europe/Berlin".to_owned()), ..Terms::default() };
    if let Ok(request) = read_request(loaded.schema(), data, &terms) {
        walk(&sample().0, &request.pack());
    }
}

/// A decision log as it is, and the same with every line sealed, so that what stands in the lines is looked at too.
fn log(data: &[u8]) {
    static READY: OnceLock<(Compiled, Replaying)> = OnceLock::new();
    let (compiled, ready) = READY.get_or_init(|| {
        let mut sources = Sources::new();
        let main = sources.add("base.ward", BASE);
        let compiled = Project::read(sources, None).compile(main);
        let ready = replaying(&compiled, &compiled).expect("the base is sound");
        (compiled, ready)
    });
    let Some(mut plain) = ready.start(compiled, compiled) else { return };
    let Some(mut sealed) = ready.start(compiled, compiled) else { return };
    let mut before: Vec<u8> = Vec::new();
    for line in data.split(|&byte| byte == b'\n') {
        let _mistake = plain.feed(line, true);
        let body = line.split(|&byte| byte == b'}').next().unwrap_or_default();
        let seal = keyward::replay::line::seal(&before, body);
        let whole = [body, b",\"seal\":\"", &seal[..], b"\"}"].concat();
        if sealed.feed(&whole, true).is_ok() {
            before = seal.to_vec();
        }
    }
    let _found = (plain.finish(), sealed.finish());
}

fn packed(data: &[u8]) {
    let table = Table::new(sample().0.as_slice());
    let mut request = data.to_vec();
    request.resize(table.request_len(), 0);
    walk(&sample().0, data);
    walk(&sample().0, &request);
    request[..4].copy_from_slice(&table.schema_hash().to_le_bytes());
    walk(&sample().0, &request);
}

/// A table is walked only after its check; but even one that lies must not make the walk panic.
fn table(data: &[u8]) {
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let _refused = keyward_evaluator::check(data, &mut marks);
    walk(data, &[0; 256]);
}

/// Decides, explores and explains every decision of a table.
fn walk(table: &[u8], request: &[u8]) {
    let table = Table::new(table);
    let mut scratch = Box::new(Scratch::new());
    let mut room = vec![0; 16 * 1024];
    for decision in 0..table.decisions().clamp(1, 4) {
        keyward_evaluator::decide(&table, decision, request, room.as_mut_slice(), &mut *scratch);
        let _status = native::status(native::word(&room, 0));
        keyward_evaluator::partial(&table, decision, request, room.as_mut_slice(), &mut scratch);
        keyward_evaluator::why(&table, decision, request, room.as_mut_slice(), &mut scratch);
    }
}

fn module(data: &[u8]) {
    let Ok(loaded) = Policy::load(data) else { return };
    let Ok(mut decider) = Decider::new(&loaded) else { return };
    let request = loaded.request().pack();
    let _outcome = decider.decide(0, &request);
    let _loop = decider.decide_table(0, &request);
    let _reasons = decider.why(0, &request);
    let _possible = decider.partial(0, &request);
}
