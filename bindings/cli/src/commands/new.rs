//! `keyward new`: a starter policy that passes.
//! In: a name. Out: a file. Refuses to overwrite one.

use crate::args::New;
use crate::exit::{Exit, Failure};
use crate::report;
use crate::terminal::Terminal;
use crate::write;
use keyward::keywords;
use keyward::render::json::string;
use std::path::Path;

/// The starter, with `{name}` where the name goes.
const STARTER: &str = include_str!("starter.ward");

/// Writes the starter.
pub fn run(args: &New, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let name = &args.name;
    if name.len() > 64 || !name.split('.').all(is_name) {
        let what =
            "a policy's name is lower-case letters, digits and _ in parts joined by dots, such as acme.night_keys";
        return Err(Failure::Usage(format!("{name}: {what}, and none of the reserved words")));
    }
    let file = format!("{}.ward", name.rsplit('.').next().unwrap_or(name));
    write::create(Path::new(&file), STARTER.replace("{name}", name).as_bytes())?;
    if json {
        terminal.result(&report::document("new", vec![("file", string(&file)), ("policy", string(name))]));
    } else {
        terminal.result(&format!("{file} is written. Next: keyward check {file}"));
        terminal.talk(&format!(
            "Then ask it: keyward decide {file} --request '{{\"person.job\": \"guard\", \"now\": \"2026-12-25T23:30\"}}'"
        ));
    }
    Ok(Exit::Fine)
}

fn is_name(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_lowercase())
        && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !keywords::is_reserved(part)
}
