//! Puts the files of one policy together: what it refines, whole, and from the files it uses what is referred to.
//! In: all files and the main one. Out: one list of items, each with the file and level it comes from. Refuses to know types.
//!
//! A chain of refinements is a list of levels, the root first. The items of a level are first what it brings in with `use`,
//! then its own. A file that is used gives vocabulary only, see `imports`; what a used file itself refines it uses.

use super::files::Files;
use super::imports::Imports;
use super::report::Report;
use crate::ast::{self, ItemKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::typed::FileIdentity;
use std::collections::{BTreeMap, BTreeSet};

/// The most levels of refinement.
const LEVELS: usize = 16;

/// An item and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    /// The item.
    pub(super) item: &'a ast::Item,
    /// The level that brought it; 0 is the root of the chain of refinements.
    pub(super) level: usize,
    /// Whether it came with `use`.
    pub(super) used: bool,
}

/// The files of one policy, put together.
pub(super) struct Linked<'a> {
    /// The items, parents first.
    pub(super) items: Vec<Placed<'a>>,
    /// The headers of the levels, the main file last.
    pub(super) headers: Vec<&'a ast::Header>,
    /// Every file it is made of, the main file last.
    pub(super) identities: Vec<FileIdentity>,
}

impl Linked<'_> {
    /// Whether an item stands in the main file.
    pub(super) fn is_main(&self, placed: &Placed<'_>) -> bool {
        !placed.used && placed.level + 1 == self.headers.len()
    }
}

/// Which file refers to which.
pub(super) struct Graph<'a> {
    /// For each file it refers to with `use`, in order.
    pub(super) uses: BTreeMap<usize, Vec<(&'a ast::Import, usize)>>,
    /// The file it refines.
    refines: BTreeMap<usize, usize>,
    /// Every file reached, each after those it refers to.
    pub(super) order: Vec<usize>,
}

impl Graph<'_> {
    /// The files a file brings in when it is used: itself, what it uses and refines, and so on.
    pub(super) fn reach(&self, file: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![file];
        while let Some(at) = waiting.pop() {
            if reached.insert(at) {
                waiting.extend(self.uses.get(&at).into_iter().flatten().map(|(_, file)| *file));
                waiting.extend(self.refines.get(&at));
            }
        }
        reached
    }
}

/// Links a policy; `None` if its header is missing.
pub(super) fn link<'a>(files: &'a Files, main: usize, report: &mut Report) -> Option<Linked<'a>> {
    files.get(main).tree.header.as_ref()?;
    files.report_alike(main, report);
    let graph = graph(files, main, report);
    let chain = chain(&graph, main);
    if chain.len() > LEVELS {
        let span = files.get(main).tree.header.as_ref()?.span;
        report.push(Diagnostic::new(
            codes::KW130,
            span,
            format!("a policy refines at most {} others in a row", LEVELS - 1),
        ));
    }
    let mut imports = Imports::new(files, &graph, &chain);
    let mut items = Vec::new();
    for (level, &file) in chain.iter().enumerate() {
        let own = &files.get(file).tree.items;
        imports.take_level(level, own, &graph, report);
        items.extend(imports.new_items().map(|item| Placed { item, level, used: true }));
        items.extend(own.iter().map(|item| Placed { item, level, used: false }));
        if level > 0 {
            report_forbidden(own, report);
        }
    }
    let headers = chain.iter().filter_map(|file| files.get(*file).tree.header.as_ref()).collect();
    Some(Linked { items, headers, identities: identities(files, &graph.order) })
}

/// Walks from the main file along `use` and `refines`, without recursion, and reports files that refer to each other.
fn graph<'a>(files: &'a Files, main: usize, report: &mut Report) -> Graph<'a> {
    let mut graph = Graph { uses: BTreeMap::new(), refines: BTreeMap::new(), order: Vec::new() };
    let mut path: Vec<(usize, Vec<(&ast::Import, usize)>)> = Vec::new();
    let mut next = Some((main, None::<&ast::Import>));
    loop {
        if let Some((file, _)) = next.take() {
            let targets = resolve(files, file, &mut graph, report);
            path.push((file, targets.into_iter().rev().collect()));
        }
        let Some((file, waiting)) = path.last_mut() else { break };
        let Some((import, target)) = waiting.pop() else {
            graph.order.push(*file);
            path.pop();
            continue;
        };
        if path.iter().any(|(file, _)| *file == target) {
            report.push(cycle(files, &path, import, target));
            graph.refines.retain(|_, to| *to != target);
            graph.uses.values_mut().for_each(|list| list.retain(|(_, to)| *to != target));
            report.mark_incomplete();
        } else if !graph.uses.contains_key(&target) {
            next = Some((target, Some(import)));
        }
    }
    graph
}

/// Finds the files one file refers to and notes the edges.
fn resolve<'a>(
    files: &'a Files,
    file: usize,
    graph: &mut Graph<'a>,
    report: &mut Report,
) -> Vec<(&'a ast::Import, usize)> {
    let entry = files.get(file);
    if entry.incomplete {
        report.mark_incomplete();
    }
    let mut targets = Vec::new();
    if let Some(import) = entry.tree.header.as_ref().and_then(|header| header.refines.as_ref())
        && let Some(found) = files.find(import, report)
    {
        graph.refines.insert(file, found);
        targets.push((import, found));
    }
    let mut uses = Vec::new();
    for item in &entry.tree.items {
        let ItemKind::Use(import) = &item.kind else { continue };
        if let Some(found) = files.find(import, report) {
            uses.push((import, found));
        }
    }
    targets.extend(uses.iter().copied());
    graph.uses.insert(file, uses);
    targets
}

fn cycle(
    files: &Files,
    path: &[(usize, Vec<(&ast::Import, usize)>)],
    import: &ast::Import,
    target: usize,
) -> Diagnostic {
    let name = &import.name.text;
    let message = if path.last().is_some_and(|(file, _)| *file == target) {
        format!("`{name}` refers to itself")
    } else {
        format!("`{name}` refers back to the file that refers to it")
    };
    let mut diagnostic = Diagnostic::new(codes::KW129, import.name.span, message);
    for (file, _) in path.iter().skip_while(|(file, _)| *file != target) {
        if let Some(header) = &files.get(*file).tree.header {
            diagnostic = diagnostic.label(header.name.span, "one of the files");
        }
    }
    diagnostic.hint("put what both need into a third file")
}

/// The levels of refinement, the root first.
fn chain(graph: &Graph<'_>, main: usize) -> Vec<usize> {
    let mut chain = vec![main];
    let mut at = main;
    while let Some(parent) = graph.refines.get(&at) {
        if chain.contains(parent) {
            break;
        }
        chain.push(*parent);
        at = *parent;
    }
    chain.reverse();
    chain
}

fn identities(files: &Files, order: &[usize]) -> Vec<FileIdentity> {
    let of = |file: &usize| {
        let entry = files.get(*file);
        let header = entry.tree.header.as_ref()?;
        let version = u32::try_from(header.version.value).unwrap_or(u32::MAX);
        Some(FileIdentity { name: header.name.text.clone(), version, sha256: entry.sha256 })
    };
    order.iter().filter_map(of).collect()
}

/// Reports what a refinement may not say.
fn report_forbidden(items: &[ast::Item], report: &mut Report) {
    for item in items {
        let (what, span) = match &item.kind {
            ItemKind::Decision(decision) => ("a decision", decision.name.span),
            ItemKind::Normally(_) => ("`normally`", item.span),
            ItemKind::Unsure(_) => ("`if unsure`", item.span),
            ItemKind::Assume(assume) => ("an assumption", assume.text.span),
            _ => continue,
        };
        report.push(
            Diagnostic::new(codes::KW141, span, format!("a refinement cannot add {what}"))
                .note(
                    "what a policy decides, its default, and which requests can happen stay as its author proved them",
                )
                .hint("say it with a rule or an exception, or in a new version of the policy that is refined"),
        );
    }
}
