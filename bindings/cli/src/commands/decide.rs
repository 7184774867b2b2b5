//! `keyward decide`: what a policy says to a request.
//! In: a policy or module and requests in JSON. Out: answers, readable or in JSON, one a line for a stream. Refuses to stop a
//! stream for one bad line.

use crate::args::Decide;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::module;
use crate::report;
use crate::terminal::Terminal;
use keyward::render::json::object;
use keyward::render::{Look, Paint, visible, wrap};
use keyward_server::json::{
    Because, Decided, LARGEST, Mistake, Said, Terms, duration_text, knows_zone, nearest, read_request, refused_request,
};
use keyward_server::{Decider, Duties, LogWriter, Outcome, Part, Policy, RequestError, Schema, Status};
use std::fs::File;
use std::io::{BufRead, BufWriter};
use std::path::Path;
use std::time::SystemTime;

/// Decides one request, or a stream of them.
pub fn run(args: &Decide, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.request == "-" && args.file == Path::new("-") {
        return Err(Failure::Usage("the policy and the requests cannot both come from standard input".to_string()));
    }
    if let Some(zone) = args.zone.as_deref().filter(|zone| !knows_zone(zone)) {
        return Err(Failure::Usage(format!("the zone {zone} is not known; zones are named like Europe/Paris")));
    }
    let loaded = module::load(&args.file, terminal)?;
    let schema = loaded.policy.schema();
    let decision = choose(schema, args.decision.as_deref())?;
    let decider = Decider::new(&loaded.policy).map_err(|error| Failure::Internal(error.to_string()))?;
    let log = args.log.as_deref().map(|path| Log::create(path, &loaded.policy)).transpose()?;
    let terms = Terms { zone: args.zone.clone(), duties: duties(schema, decision, &args.able)? };
    let mut asking = Asking { schema, decider, decision, terms, enforce: args.unsure, log };
    if args.request == "-" {
        return stream(&mut asking, terminal);
    }
    let text = match args.request.strip_prefix('@') {
        Some(path) => files::read_bytes(Path::new(path), LARGEST)?,
        None => args.request.clone().into_bytes(),
    };
    match asking.answer(&text)? {
        Asked { answer: Ok(answer), mistake, unknown } => {
            if let Some(mistake) = &mistake {
                terminal.talk(&report::mistake_text(mistake));
            }
            let shown = if json { answer.json() } else { paragraph(&answer, &unknown, terminal.look()) };
            terminal.result(&shown);
            Ok(Exit::Fine)
        }
        Asked { answer: Err(mistake), .. } => {
            if json {
                terminal.result(&report::document("decide", vec![("error", report::mistake_json(&mistake))]));
            } else {
                terminal.talk(&report::mistake_text(&mistake));
            }
            Ok(Exit::Findings)
        }
    }
}

/// What one request led to: an answer, or why there is none; with an enforced answer both.
struct Asked {
    answer: Result<Decided, Mistake>,
    mistake: Option<Mistake>,
    unknown: Vec<String>,
}

/// Everything that stays the same for all requests.
struct Asking<'a> {
    schema: &'a Schema,
    decider: Decider,
    decision: u32,
    terms: Terms,
    enforce: bool,
    log: Option<Log>,
}

/// A decision log under construction.
struct Log {
    name: String,
    policy: Policy,
    writer: LogWriter<BufWriter<File>>,
}

impl Log {
    fn create(path: &Path, policy: &Policy) -> Result<Log, Failure> {
        let name = path.display().to_string();
        let file = File::options().write(true).create_new(true).open(path);
        let file = file.map_err(|error| Failure::Usage(format!("{name} cannot be started: {error}")))?;
        let mut writer = LogWriter::new(BufWriter::new(file), None);
        writer.policy(policy).map_err(|error| Failure::Usage(format!("{name} cannot be written: {error}")))?;
        Ok(Log { name, policy: policy.clone(), writer })
    }

    fn append(&mut self, decision: u32, request: &[u8], outcome: &Outcome) -> Result<(), Failure> {
        let written = self.writer.append(SystemTime::now(), decision, request, outcome, &self.policy);
        let written = written.and_then(|()| self.writer.flush());
        written.map_err(|error| Failure::Usage(format!("{} cannot be written: {error}", self.name)))
    }
}

impl Asking<'_> {
    fn answer(&mut self, text: &[u8]) -> Result<Asked, Failure> {
        let request = match read_request(self.schema, text, &self.terms) {
            Ok(request) => request,
            Err(mistake) if self.enforce => {
                let mut answer = self.decide(&refused_request(self.schema))?;
                answer.status = Status::UnsureInvalid;
                return Ok(Asked { answer: Ok(answer), mistake: Some(mistake), unknown: Vec::new() });
            }
            Err(mistake) => return Ok(Asked { answer: Err(mistake), mistake: None, unknown: Vec::new() }),
        };
        let unknown = request.unknown().map(str::to_string).collect();
        let answer = self.decide(&request.pack())?;
        Ok(Asked { answer: Ok(answer), mistake: None, unknown })
    }

    fn decide(&mut self, request: &[u8]) -> Result<Decided, Failure> {
        if let Some(log) = &mut self.log {
            let outcome = self.decider.decide(self.decision, request);
            log.append(self.decision, request, &outcome.map_err(|error| Failure::Internal(error.to_string()))?)?;
        }
        Decided::new(&mut self.decider, self.decision, request).map_err(|error| Failure::Internal(error.to_string()))
    }
}

/// One request a line in, one answer a line out.
fn stream(asking: &mut Asking<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = read_line(&mut input, &mut line);
        if !read.map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))? {
            return Ok(exit);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match asking.answer(&line)?.answer {
            Ok(answer) => terminal.result(&answer.json()),
            Err(mistake) => {
                exit = Exit::Findings;
                terminal.result(&object(&[("error", report::mistake_json(&mistake))]));
            }
        }
    }
}

/// Reads a line without keeping more than a request may have; false at the end.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    let mut any = false;
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(bytes.len(), |end| end + 1);
        let room = (LARGEST + 1).saturating_sub(line.len());
        let kept = end.unwrap_or(bytes.len()).min(room);
        line.extend(bytes.iter().take(kept));
        input.consume(taken);
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// The number of the decision that is meant.
fn choose(schema: &Schema, name: Option<&str>) -> Result<u32, Failure> {
    let names: Vec<&str> = schema.decisions.iter().map(|decision| decision.name.as_str()).collect();
    match name {
        Some(name) => schema.decision(name).ok_or_else(|| {
            let meant = nearest(name, names.iter().copied()).map(|meant| format!(" Did you mean {meant}?"));
            let all = names.join(", ");
            Failure::Usage(format!("there is no decision {name} in this policy ({all}).{}", meant.unwrap_or_default()))
        }),
        None if names.len() == 1 => Ok(0),
        None => Err(Failure::Usage(format!("this policy has several decisions; add --decision: {}", names.join(", ")))),
    }
}

/// What can be performed here, from `ANSWER=MEMBER,…`.
fn duties(schema: &Schema, decision: u32, able: &[String]) -> Result<Duties, Failure> {
    let wrong = |text: &str| Failure::Usage(format!("--able takes ANSWER=MEMBER,…, not {text}"));
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for text in able {
        let (answer, members) = text.split_once('=').ok_or_else(|| wrong(text))?;
        said.push((answer, members.split(',').filter(|member| !member.is_empty()).collect()));
    }
    let all: Vec<(&str, &[&str])> = said.iter().map(|(answer, members)| (*answer, members.as_slice())).collect();
    Duties::new(schema, decision, &all).map_err(|error| {
        Failure::Usage(match error {
            RequestError::UnknownInput(name) => format!("--able: there is no set answer {name} in this decision"),
            other => format!("--able: {other}"),
        })
    })
}

/// The answer as a person reads it.
fn paragraph(answer: &Decided, unknown: &[String], look: Look) -> String {
    let paint = if answer.status == Status::Ok { Paint::Good } else { Paint::Warning };
    let said: Vec<String> = answer.answers.iter().filter_map(|(name, said)| words(name, said)).collect();
    let head = format!("{}: {}", look.paint(Paint::Strong, &answer.decision), look.paint(paint, answer.status.word()));
    let mut lines = vec![head];
    lines.extend(indented(&format!("{}.", said.join(", ")), look));
    if let Some(sentence) = unsure(answer.status, unknown) {
        lines.extend(indented(&sentence, look));
    }
    for (part, title) in [
        (Part::Deciding, "Because"),
        (Part::Overridden, "Set aside by an exception"),
        (Part::Milder, "Also true, but milder"),
    ] {
        let found: Vec<&Because> = answer.because.iter().filter(|because| because.part == part).collect();
        if !found.is_empty() {
            lines.push(look.paint(Paint::Strong, &format!("{title}:")));
        }
        lines.extend(found.iter().flat_map(|because| indented(&reason(because), look)));
    }
    let (name, version, hash) = &answer.policy;
    let hash = hash.get(..12).unwrap_or(hash);
    lines.push(look.paint(Paint::Faint, &format!("{name} version {version}, {hash}")));
    lines.join("\n")
}

fn words(name: &str, said: &Said) -> Option<String> {
    match said {
        Said::Blank => None,
        Said::YesNo(yes) => Some(format!("{name} is {}", if *yes { "yes" } else { "no" })),
        Said::Name(value) => Some(format!("{name} is {value}")),
        Said::Set(members) if members.is_empty() => Some(format!("no {name}")),
        Said::Set(members) => Some(format!("{name} are {}", members.join(" and "))),
        Said::Minutes(minutes) => Some(format!("{name} is {}", duration_text(*minutes))),
        Said::NoLimit => Some(format!("{name} has no limit")),
    }
}

fn unsure(status: Status, unknown: &[String]) -> Option<String> {
    let names = unknown.join(", ");
    match status {
        Status::Ok if unknown.is_empty() => None,
        Status::Ok => Some(format!("Not known, and without influence: {names}.")),
        Status::UnsureMissing => Some(format!("The policy is unsure, because this is not known: {names}.")),
        Status::UnsureInvalid => {
            Some("The policy is unsure, because the request is not one it allows for: it breaks an assumption or a fixed value.".to_string())
        }
        Status::SchemaMismatch => Some("The request was packed for another policy.".to_string()),
        Status::DutyUnsupported => Some("The answer asks for something that cannot be done here.".to_string()),
    }
}

fn reason(because: &Because) -> String {
    let cite = if because.cite.is_empty() { String::new() } else { format!("; {}", because.cite) };
    let text = if because.text.is_empty() { "(the module holds no reasons)" } else { &because.text };
    visible(&format!("{text} ({}{cite})", because.rule))
}

fn indented(text: &str, look: Look) -> Vec<String> {
    let width = look.width.saturating_sub(2);
    wrap(text, width, width).into_iter().map(|line| format!("  {line}")).collect()
}
