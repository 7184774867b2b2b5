//! The whole compiler on one screen.
//! In: the texts of all files there are, perhaps a lock, and which file is meant. Out: findings, proofs and a module.
//! Refuses to find or read files.
//!
//! text → `parse` → `check` → `lower` → `analyze` → `emit` → module

use crate::analyze::{Against, Report, against, analyze, prove_tests};
use crate::ast::{self, ItemKind};
use crate::cases::mutants::mutants;
pub use crate::cases::mutants::{Fate, Judged};
use crate::cases::{Cases, Proposed, cases};
use crate::check::{Files, Lock, check, needs_decision};
use crate::codes;
use crate::compare::{Comparison, Direction, Incomparable, compare};
use crate::diagnostic::{Diagnostic, tidy};
use crate::diagram::Ref;
use crate::emit::{EmitError, Emitted, Options, emit};
use crate::index::{Indexed, Symbol, index};
use crate::lower::{lower, pair};
use crate::mend::mend;
use crate::model::{AssertModel, Model, Pair};
use crate::parse::parse;
use crate::replay::{Decides, Replay, Side, Walk};
use crate::report::cases::written;
use crate::source::Sources;
use crate::space::look::Look;
use crate::span::{FileId, Span};
use crate::survey::{Survey, survey};
use crate::typed::Policy;

/// The name of the assert that holds a condition given from outside.
const NARROWED: &str = "only_these_requests_are_asked_about";

/// All files of one place, read once.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Names and texts.
    pub sources: Sources,
    files: Files,
    read: Vec<Read>,
    lock_findings: Vec<Diagnostic>,
}

/// One file after parsing.
#[derive(Clone, Debug)]
struct Read {
    file: FileId,
    tree: ast::File,
    findings: Vec<Diagnostic>,
}

/// One policy as far as it came.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The policy, if it could be understood.
    pub policy: Option<Policy>,
    /// Its model, if it could be lowered.
    pub model: Option<Model>,
    /// What is proved of it, if it could be analysed.
    pub report: Option<Report>,
    /// Everything found in it and in the files it refers to, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Project {
    /// Reads all policy files; `lock` is the file that is no policy but the lock of the others.
    pub fn read(sources: Sources, lock: Option<FileId>) -> Project {
        let mut project = Project::default();
        for (file, source) in sources.iter().filter(|(file, _)| Some(*file) != lock) {
            let (tree, findings) = parse(file, source.text());
            if findings.iter().any(Diagnostic::is_error) {
                project.files.add_incomplete(tree.clone(), source.text());
            } else {
                project.files.add(tree.clone(), source.text());
            }
            project.read.push(Read { file, tree, findings });
        }
        if let Some((file, source)) = lock.and_then(|file| Some((file, sources.get(file)?))) {
            let (lock, findings) = Lock::parse(file, source.text());
            project.lock_findings = findings;
            project.files.set_lock(lock);
        }
        project.sources = sources;
        project
    }

    /// Checks and analyses the policy of a file.
    pub fn compile(&self, main: FileId) -> Compiled {
        let mut compiled = Compiled::default();
        let mut found = self.lock_findings.clone();
        for read in self.read.iter().filter(|read| self.reaches(main, read)) {
            found.extend(read.findings.iter().filter(|one| read.file == main || one.is_error()).cloned());
        }
        let (policy, more) = check(&self.files, main);
        found.extend(more);
        let sound = !found.iter().any(Diagnostic::is_error);
        if let Some(policy) = policy.as_ref().filter(|policy| sound && !policy.schema.decisions.is_empty()) {
            match lower(policy) {
                Err(more) => found.extend(more),
                Ok(mut model) => {
                    let report = analyze(policy, &mut model);
                    found.extend_from_slice(&report.diagnostics);
                    mend(&mut found, policy, &self.sources);
                    compiled.report = Some(report);
                    compiled.model = Some(model);
                }
            }
        }
        compiled.policy = policy;
        tidy(&mut found);
        compiled.diagnostics = found;
        compiled
    }

    /// The same files, the main one with an assert that these requests are possible: how a condition that is given from
    /// outside is read and proved like one of the author's. [`Compiled::narrowed`] finds it again. The lock is left out; it
    /// speaks of the files as they were.
    pub fn narrowed(&self, main: FileId, condition: &str) -> (Project, FileId) {
        let text = self.sources.get(main).map_or("", |source| source.text());
        self.with_text(main, &format!("{text}\nassert {NARROWED} possible {condition}\n"))
    }

    /// The same files, one of them with another text; the lock is left out, since it speaks of the files as they were.
    pub fn with_text(&self, main: FileId, text: &str) -> (Project, FileId) {
        let mut sources = Sources::new();
        let mut meant = main;
        for read in &self.read {
            let Some(source) = self.sources.get(read.file) else { continue };
            if read.file == main {
                meant = sources.add(source.name(), text);
            } else {
                sources.add(source.name(), source.text());
            }
        }
        (Project::read(sources, None), meant)
    }

    /// What the tests of a file leave untried, and new tests for it, each proved; nothing if it has errors beside broken
    /// promises, or is too entangled.
    pub fn cases(&self, main: FileId) -> Option<Cases> {
        let mut compiled = self.compile(main);
        if !compiled.answers_everything() {
            return None;
        }
        let mut found = {
            let (policy, model) = (compiled.policy.as_ref()?, compiled.model.as_mut()?);
            cases(&mut Look::new(policy, model)).ok()?
        };
        // Written down and read back like tests of the author, so that a test that says too much is found out.
        let kept = self.kept(main, &found.proposed);
        found.proposed.retain(|test| kept.contains(&test.name));
        Some(found)
    }

    /// Plants small mistakes in a policy, one at a time, and says whether its tests and asserts notice; nothing if it has
    /// errors. `seen` is told how many are done, of how many.
    pub fn mutants(&self, main: FileId, mut seen: impl FnMut(usize, usize)) -> Option<Vec<Judged>> {
        let compiled = self.compile(main);
        let (policy, model) = (compiled.policy.as_ref()?, compiled.model.as_ref()?);
        if compiled.has_errors() {
            return None;
        }
        let all = mutants(policy);
        let count = all.len();
        let judged = all.into_iter().enumerate().map(|(number, mutant)| {
            seen(number, count);
            Judged { fate: fate(policy, model, &mutant.policy), what: mutant.what, span: mutant.span }
        });
        Some(judged.collect())
    }

    /// Which of these tests hold when they stand in the file. One that cannot be read does not take the others along.
    fn kept(&self, main: FileId, tests: &[Proposed]) -> Vec<String> {
        match self.kept_together(main, tests) {
            Some(kept) => kept,
            None => {
                tests.iter().filter_map(|test| self.kept_together(main, std::slice::from_ref(test))).flatten().collect()
            }
        }
    }

    fn kept_together(&self, main: FileId, tests: &[Proposed]) -> Option<Vec<String>> {
        let text = self.sources.get(main).map_or("", |source| source.text());
        let (project, meant) = self.with_text(main, &format!("{text}\n{}", written(tests)));
        let (policy, found) = check(&project.files, meant);
        let unread = project.parse_findings(meant).iter().chain(&found).any(Diagnostic::is_error);
        let policy = policy.filter(|_| !unread)?;
        let held = prove_tests(&policy, &mut lower(&policy).ok()?);
        Some(held.into_iter().filter(|test| test.holds).map(|test| test.name).collect())
    }

    /// Every name of all files, its place and its uses.
    pub fn index(&self) -> Vec<Symbol> {
        let sees: Vec<Vec<FileId>> = self.read.iter().map(|read| self.reached(read.file)).collect();
        let files: Vec<Indexed<'_>> = self
            .read
            .iter()
            .zip(&sees)
            .map(|(read, sees)| {
                let text = self.sources.get(read.file).map_or("", |source| source.text());
                Indexed { tree: &read.tree, text, sees }
            })
            .collect();
        index(&files)
    }

    /// The tree of a file.
    pub fn tree(&self, file: FileId) -> Option<&ast::File> {
        self.read.iter().find(|read| read.file == file).map(|read| &read.tree)
    }

    /// What parsing a file found.
    pub fn parse_findings(&self, file: FileId) -> &[Diagnostic] {
        self.read.iter().find(|read| read.file == file).map_or(&[], |read| &read.findings)
    }

    /// The name, version and digest of every policy file, as a lock holds them.
    pub fn identities(&self) -> Vec<(String, u64, [u8; 32])> {
        let named = self.read.iter().filter_map(|read| Some((read, read.tree.header.as_ref()?)));
        named
            .filter_map(|(read, header)| {
                Some((header.name.text.clone(), header.version.value, self.files.sha256(read.file)?))
            })
            .collect()
    }

    /// Whether `read` is the main file or one it refers to, directly or not.
    fn reaches(&self, main: FileId, read: &Read) -> bool {
        self.reached(main).contains(&read.file)
    }

    /// A file and those it refers to, directly or not.
    fn reached(&self, main: FileId) -> Vec<FileId> {
        let mut reached = vec![main];
        let mut next = 0;
        while let Some(tree) = reached.get(next).and_then(|file| self.tree(*file)) {
            for (name, version) in imports(tree) {
                let wanted = |read: &&Read| {
                    let header = read.tree.header.as_ref();
                    header.is_some_and(|header| header.name.text == name && header.version.value == version)
                };
                let files = self.read.iter().filter(wanted).map(|read| read.file);
                let new: Vec<FileId> = files.filter(|file| !reached.contains(file)).collect();
                reached.extend(new);
            }
            next += 1;
        }
        reached
    }
}

impl Compiled {
    /// The requests of [`Project::narrowed`], as a diagram of the model.
    pub fn narrowed(&mut self) -> Option<Ref> {
        let (policy, model) = (self.policy.as_ref()?, self.model.as_mut()?);
        let at = policy.asserts.iter().rposition(|assert| assert.name == NARROWED)?;
        let AssertModel::Possible(condition) = *model.promises.asserts.get(at)? else { return None };
        Look::new(policy, model).condition(condition).ok()
    }

    /// How much of the request space rules and terms speak for; nothing where that cannot be said.
    pub fn survey(&mut self) -> Option<Survey> {
        survey(self.policy.as_ref()?, self.model.as_mut()?).ok()
    }

    /// Whether anything stands in the way of a module.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether it was lowered and every request has an answer, whatever its tests and asserts say.
    pub fn answers_everything(&self) -> bool {
        self.model.is_some() && !self.diagnostics.iter().any(|one| one.is_error() && !one.code.is_promise())
    }

    /// Makes the module, or says what stands in the way of it.
    pub fn module(&self, options: Options) -> Result<Emitted, Vec<Diagnostic>> {
        self.made(options, |_| true)
    }

    /// Makes a module to try requests with, also where tests or asserts fail: how a counter-example is looked at. It says of
    /// itself that everything was proved, so it is never to be handed out.
    pub fn trial(&self) -> Result<Emitted, Vec<Diagnostic>> {
        self.made(Options::default(), |error| !error.code.is_promise())
    }

    fn made(&self, options: Options, stops: fn(&Diagnostic) -> bool) -> Result<Emitted, Vec<Diagnostic>> {
        let errors = self.diagnostics.iter().filter(|one| one.is_error() && stops(one));
        let errors: Vec<Diagnostic> = errors.cloned().collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        match (&self.policy, &self.model) {
            (_, Some(model)) => emit(model, options).map_err(|error| vec![self.not_emitted(&error)]),
            (Some(policy), None) => Err(needs_decision(policy).into_iter().collect()),
            (None, None) => Err(Vec::new()),
        }
    }

    fn not_emitted(&self, error: &EmitError) -> Diagnostic {
        let code = match error {
            EmitError::Exploded => codes::KW200,
            EmitError::TooLarge(..) => codes::KW604,
            EmitError::Different(_) | EmitError::Malformed(_) => codes::KW605,
        };
        let span = self.policy.as_ref().map_or(Span::default(), |policy| policy.span);
        Diagnostic::new(code, span, error.to_string())
    }
}

/// What becomes of a policy with a mistake in it.
fn fate(policy: &Policy, model: &Model, wrong: &Policy) -> Fate {
    let Ok(mut lowered) = lower(wrong) else { return Fate::Refused(codes::KW200.to_string()) };
    match against(wrong, &mut lowered) {
        Err(_) => return Fate::Undecided,
        Ok(Some(Against::Refused(code))) => return Fate::Refused(code),
        Ok(Some(Against::Broken(name))) => return Fate::Noticed(name),
        Ok(None) => {}
    }
    let compared = pair(policy, wrong, Some(model)).ok().and_then(|mut both| compare(policy, wrong, &mut both).ok());
    let Some(found) = compared else { return Fate::Undecided };
    let accepted = found.no_longer_accepted.iter().chain(&found.newly_accepted).next();
    let region = found.regions.iter().find(|region| !region.directions.contains(&Direction::ReasonOnly));
    match (region, accepted) {
        (Some(region), _) => Fate::Survives(Box::new((found.changed.clone(), region.example.clone()))),
        (None, Some(shift)) => Fate::Survives(Box::new((shift.count.clone(), shift.example.clone()))),
        (None, None) if found.decides_differently() => Fate::Undecided,
        (None, None) if found.reason_only.requests == "0" => Fate::Equivalent,
        (None, None) => Fate::Reasons,
    }
}

/// Why two compiled policies are not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCompared {
    /// The older one (false) or the newer one (true) has errors, or no decision.
    Unsound(bool),
    /// They have nothing in common, or are too entangled together.
    Incomparable(Incomparable),
    /// They are too entangled together; a sentence.
    Entangled(String),
}

/// Compares two versions of a policy that were compiled before. Broken promises do not stand in the way: they are told.
pub fn compared(old: &Compiled, new: &Compiled) -> Result<Comparison, NotCompared> {
    let (Some(before), true) = (&old.policy, old.answers_everything()) else { return Err(NotCompared::Unsound(false)) };
    let (Some(after), true) = (&new.policy, new.answers_everything()) else { return Err(NotCompared::Unsound(true)) };
    let mut both = pair(before, after, new.model.as_ref()).map_err(NotCompared::Entangled)?;
    let mut comparison = compare(before, after, &mut both).map_err(NotCompared::Incomparable)?;
    comparison.promises = promises(old, new);
    Ok(comparison)
}

/// Two versions ready to decide past requests again.
#[derive(Clone, Debug)]
pub struct Replaying {
    /// What changes between them; its regions are those of the replay.
    pub comparison: Comparison,
    both: Pair,
    modules: (Emitted, Emitted),
}

/// Compares two versions and makes their tables. Broken promises do not stand in the way.
pub fn replaying(old: &Compiled, new: &Compiled) -> Result<Replaying, NotCompared> {
    let (Some(before), Some(after)) = (&old.policy, &new.policy) else {
        return Err(NotCompared::Unsound(old.policy.is_some()));
    };
    let modules =
        (old.trial().map_err(|_| NotCompared::Unsound(false))?, new.trial().map_err(|_| NotCompared::Unsound(true))?);
    let mut both = pair(before, after, new.model.as_ref()).map_err(NotCompared::Entangled)?;
    let comparison = compare(before, after, &mut both).map_err(NotCompared::Incomparable)?;
    Ok(Replaying { comparison, both, modules })
}

impl Replaying {
    /// The modules of the older and the newer version.
    pub fn modules(&self) -> (&Emitted, &Emitted) {
        (&self.modules.0, &self.modules.1)
    }

    /// Starts reading a log, with the two versions it was made of; their tables decide.
    pub fn start<'a>(&'a self, old: &'a Compiled, new: &'a Compiled) -> Option<Replay<'a>> {
        let (first, second) = (Walk::new(&self.modules.0.table), Walk::new(&self.modules.1.table));
        self.start_with(old, new, (Box::new(first), Box::new(second)))
    }

    /// The same, and somebody else runs the modules.
    pub fn start_with<'a>(
        &'a self,
        old: &'a Compiled,
        new: &'a Compiled,
        (first, second): (Box<dyn Decides + 'a>, Box<dyn Decides + 'a>),
    ) -> Option<Replay<'a>> {
        let side = |model: Option<&'a Model>, emitted: &'a Emitted, decides| {
            Some(Side { model: model?, table: &emitted.table, schema_hash: emitted.schema_hash, decides })
        };
        let regions = self.comparison.regions.iter().map(|region| region.requests).collect();
        let old = side(old.model.as_ref(), &self.modules.0, first)?;
        let new = side(new.model.as_ref(), &self.modules.1, second)?;
        Some(Replay::new(old, new, &self.both, regions))
    }
}

/// What became of tests and asserts that the older version kept.
fn promises(old: &Compiled, new: &Compiled) -> Vec<String> {
    fn kept(compiled: &Compiled) -> Vec<(&'static str, &str, bool)> {
        let Some(report) = &compiled.report else { return Vec::new() };
        let tests = report.tests.iter().map(|test| ("test", test.name.as_str(), test.holds));
        tests.chain(report.asserts.iter().map(|assert| ("assert", assert.name.as_str(), assert.holds))).collect()
    }
    let after = kept(new);
    let mut told = Vec::new();
    for (what, name, held) in kept(old) {
        let now = after.iter().find(|(kind, other, _)| (*kind, *other) == (what, name));
        match now {
            None => told.push(format!("the {what} \"{name}\" is gone")),
            Some((.., false)) if held => told.push(format!("the {what} \"{name}\" no longer holds")),
            Some(_) => {}
        }
    }
    for (what, name, holds) in &after {
        if !holds && !kept(old).iter().any(|(kind, other, _)| (kind, other) == (what, name)) {
            told.push(format!("the new {what} \"{name}\" does not hold"));
        }
    }
    told
}

/// The policies a tree refers to.
fn imports(tree: &ast::File) -> Vec<(&str, u64)> {
    let refines = tree.header.iter().filter_map(|header| header.refines.as_ref());
    let uses = tree.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use(import) => Some(import),
        _ => None,
    });
    refines.chain(uses).map(|import| (import.name.text.as_str(), import.version.value)).collect()
}
