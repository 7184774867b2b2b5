//! From a FILE argument to a loaded policy: a `.ward` file is compiled first, so there is one way to decide.
//! In: a path. Out: a policy the server runs, with the bytes of its module. Refuses modules the server refuses.

use crate::exit::Failure;
use crate::files::{self, Place};
use crate::search::is_ward;
use crate::terminal::Terminal;
use keyward::diagnostic::Diagnostic;
use keyward::emit::{Emitted, Options};
use keyward::pipeline::Compiled;
use keyward::render::text;
use keyward::span::FileId;
use keyward_server::{LoadError, Policy};
use std::path::Path;

/// Most bytes of a module that is read.
const LARGEST: usize = 16 << 20;

/// The bytes of a module and the policy in it.
pub struct Loaded {
    /// The module.
    pub bytes: Vec<u8>,
    /// The policy.
    pub policy: Policy,
}

/// Loads a module, or compiles a policy and loads that.
pub fn load(path: &Path, terminal: &Terminal) -> Result<Loaded, Failure> {
    let bytes = if is_ward(path) || path == Path::new("-") {
        sound(path, terminal)?.1.bytes
    } else if path.is_dir() {
        return Err(Failure::Usage(format!("{} is a folder; name a policy or a module", path.display())));
    } else {
        files::read_bytes(path, LARGEST)?
    };
    let policy = Policy::load(&bytes).map_err(|error| refused(path, &error))?;
    Ok(Loaded { bytes, policy })
}

/// Compiles the policy of a file to a module; what stands in the way is shown.
pub fn compile(path: &Path, options: Options, terminal: &Terminal) -> Result<Emitted, Failure> {
    let (place, main) = files::load_one(path)?;
    let compiled = compiled(&place, main, terminal);
    let found = if place.broken.is_empty() { compiled.module(options) } else { Err(place.broken.clone()) };
    found.map_err(|errors| not_built(path, &place, &errors, terminal))
}

/// Compiles the policy of a file to try requests with, and keeps everything that was found out about it. Broken promises do
/// not stand in the way, so that a counter-example can be tried; they are told.
pub fn sound(path: &Path, terminal: &Terminal) -> Result<(Compiled, Emitted), Failure> {
    let (place, main) = files::load_one(path)?;
    let compiled = compiled(&place, main, terminal);
    let found = if place.broken.is_empty() { compiled.trial() } else { Err(place.broken.clone()) };
    let emitted = found.map_err(|errors| not_built(path, &place, &errors, terminal))?;
    let broken = compiled.diagnostics.iter().filter(|one| one.is_error()).count();
    if broken > 0 {
        let what = crate::report::counted(broken, "broken promise");
        terminal.talk(&format!("{}: {what}; this is how the rules stand (keyward prove tells more)", path.display()));
    }
    Ok((compiled, emitted))
}

/// Shows what stands in the way of a module.
fn not_built(path: &Path, place: &Place, errors: &[Diagnostic], terminal: &Terminal) -> Failure {
    terminal.talk(text::diagnostics(&place.project.sources, errors, terminal.talk_look()).trim_end());
    let name = path.display();
    if errors.iter().any(|error| error.code == keyward::codes::KW605) {
        return Failure::Internal(format!("{name} could not be compiled"));
    }
    let count = errors.iter().filter(|error| error.is_error()).count();
    Failure::Findings(format!("{name} cannot be built: {}", crate::report::counted(count, "error")))
}

/// Checks a file, with a word on what is going on where that takes long.
pub fn compiled(place: &Place, main: FileId, terminal: &Terminal) -> Compiled {
    let name = place.project.sources.get(main).map_or("", |source| source.name());
    terminal.progress(&format!("proving {}", keyward::render::visible(name)));
    let compiled = place.project.compile(main);
    terminal.end_progress();
    compiled
}

/// All findings of a file, those about its bytes first.
pub fn findings(place: &Place, main: FileId, compiled: &Compiled) -> Vec<Diagnostic> {
    let broken = place.broken.iter().filter(|one| one.primary.span.file == main);
    broken.chain(&compiled.diagnostics).cloned().collect()
}

fn refused(path: &Path, error: &LoadError) -> Failure {
    let code = match error {
        LoadError::NotAModule(_) | LoadError::Forbidden(_) => "KW601",
        LoadError::TooLarge => "KW604",
        LoadError::ForeignLoop => "KW603",
        LoadError::Table(_) | LoadError::Section(_) | LoadError::Engine(_) => "KW602",
    };
    Failure::Findings(format!("{code}: {}: {error}", path.display()))
}
