//! `keyward build`: a policy as a WebAssembly module.
//! In: one file. Out: a module, written whole or not at all. Refuses to build what has errors.

use crate::args::Build;
use crate::exit::{Exit, Failure};
use crate::module;
use crate::report;
use crate::terminal::Terminal;
use crate::write;
use keyward::emit::Options;
use keyward::render::json::string;
use std::io::Write;
use std::path::Path;

/// Compiles a policy and writes the module.
pub fn run(args: &Build, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let emitted = module::compile(&args.file, Options { strip: args.strip }, terminal)?;
    let name = args.output.display().to_string();
    if args.output == Path::new("-") {
        let written = std::io::stdout().lock().write_all(&emitted.bytes);
        return written
            .map(|()| Exit::Fine)
            .map_err(|error| Failure::Usage(format!("cannot write the module: {error}")));
    }
    write::replace(&args.output, &emitted.bytes)?;
    if json {
        let mut fields = vec![
            ("module", string(&name)),
            ("bytes", emitted.bytes.len().to_string()),
            ("table_bytes", emitted.table.len().to_string()),
            ("loop_bytes", emitted.loop_bytes.to_string()),
            ("code_bytes", emitted.code_bytes.map_or("null".to_string(), |bytes| bytes.to_string())),
        ];
        fields.push(("nodes", emitted.nodes.to_string()));
        fields.push(("steps", emitted.steps.to_string()));
        fields.push(("stripped", args.strip.to_string()));
        terminal.result(&report::document("build", fields));
    } else {
        let code = emitted.code_bytes.map_or(String::new(), |bytes| format!(", code {bytes}"));
        terminal.result(&format!(
            "{name}: {} bytes (table {}{code}, loop {}), {} nodes, at most {} steps a decision",
            emitted.bytes.len(),
            emitted.table.len(),
            emitted.loop_bytes,
            emitted.nodes,
            emitted.steps,
        ));
    }
    Ok(Exit::Fine)
}
