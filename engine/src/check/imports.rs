//! What `use` brings: the names that are referred to, and the assumptions over them.
//! In: the files that are used, level by level. Out: the items taken. Refuses to know what they mean.
//!
//! A paragraph refers to every input, setting, constant, group, calendar and term it names; so does what it refers to.
//! An assumption comes along once every input, setting and fact kept outside that it mentions, also through terms,
//! groups and calendars, has been taken. A refinement may only bring assumptions that its parent's files hold already,
//! or that speak of nothing but inputs it brings itself: otherwise it could assume its way past a proof.

use super::files::Files;
use super::link::Graph;
use super::refs::{Ref, each_ref};
use super::report::Report;
use crate::ast::{self, ItemKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of name a file can bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Fact,
    Group,
    Calendar,
    Term,
}

struct Node<'a> {
    item: &'a ast::Item,
    file: usize,
    /// The nodes it refers to.
    to: Vec<usize>,
    /// The level that took it.
    taken: Option<usize>,
}

/// The vocabulary of all used files.
pub(super) struct Imports<'a> {
    nodes: Vec<Node<'a>>,
    names: BTreeMap<(usize, Kind, &'a str), Vec<usize>>,
    chain: Vec<usize>,
    level: usize,
}

impl<'a> Imports<'a> {
    /// Gathers the vocabulary of every file that is reached and not refined.
    pub(super) fn new(files: &'a Files, graph: &Graph<'_>, chain: &[usize]) -> Self {
        let mut imports = Imports { nodes: Vec::new(), names: BTreeMap::new(), chain: chain.to_vec(), level: 0 };
        for &file in graph.order.iter().filter(|file| !chain.contains(file)) {
            for item in &files.get(file).tree.items {
                let declared = declared(item);
                if declared.is_none() && !matches!(item.kind, ItemKind::Assume(_)) {
                    continue;
                }
                if let Some((kind, name)) = declared {
                    imports.names.entry((file, kind, name)).or_default().push(imports.nodes.len());
                }
                imports.nodes.push(Node { item, file, to: Vec::new(), taken: None });
            }
        }
        let mut visible: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..imports.nodes.len() {
            let Node { item, file, .. } = imports.nodes[at];
            let visible = visible.entry(file).or_insert_with(|| graph.reach(file).into_iter().collect());
            imports.nodes[at].to = imports.targets(visible, item);
        }
        imports
    }

    /// Takes what one level needs from the files it uses.
    pub(super) fn take_level(&mut self, level: usize, own: &[ast::Item], graph: &Graph<'_>, report: &mut Report) {
        self.level = level;
        let visible = self.visible(level, graph);
        let files: Vec<usize> = visible.keys().copied().collect();
        let mut waiting: Vec<usize> = own.iter().flat_map(|item| self.targets(&files, item)).collect();
        self.take(&mut waiting);
        let missing = self.reaching(|node| node.taken.is_none());
        let old = self.reaching(|node| node.taken.is_some_and(|taken| taken < level));
        let known: BTreeSet<usize> = (0..level).flat_map(|below| self.visible(below, graph).into_keys()).collect();
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let ItemKind::Assume(assume) = &node.item.kind else { continue };
            let Some(import) = visible.get(&node.file) else { continue };
            if node.taken.is_some() || missing[at] {
                continue;
            }
            if old[at] && !known.contains(&node.file) {
                report.push(smuggled(import, assume));
                continue;
            }
            self.take(&mut vec![at]);
        }
    }

    /// The items taken by the last level, in the order of the files and their text.
    pub(super) fn new_items(&self) -> impl Iterator<Item = &'a ast::Item> {
        self.nodes.iter().filter(|node| node.taken == Some(self.level)).map(|node| node.item)
    }

    /// The files a level can take from, each with the `use` that leads there.
    fn visible<'g>(&self, level: usize, graph: &Graph<'g>) -> BTreeMap<usize, &'g ast::Import> {
        let mut visible = BTreeMap::new();
        let uses = self.chain.get(level).and_then(|file| graph.uses.get(file));
        for &(import, file) in uses.into_iter().flatten() {
            for reached in graph.reach(file) {
                visible.entry(reached).or_insert(import);
            }
        }
        visible
    }

    fn take(&mut self, waiting: &mut Vec<usize>) {
        while let Some(at) = waiting.pop() {
            let level = self.level;
            let node = &mut self.nodes[at];
            if node.taken.is_none() {
                node.taken = Some(level);
                waiting.extend(&node.to);
            }
        }
    }

    /// For each node, whether it refers, directly or not, to an input, setting or outside fact with a property.
    fn reaching(&self, property: impl Fn(&Node<'_>) -> bool) -> Vec<bool> {
        let mut from: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            node.to.iter().for_each(|to| from[*to].push(at));
        }
        let mut reaching = vec![false; self.nodes.len()];
        let seeds = self.nodes.iter().enumerate().filter(|(_, node)| is_fact(node.item) && property(node));
        let mut waiting: Vec<usize> = seeds.map(|(at, _)| at).collect();
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut reaching[at], true) {
                waiting.extend(&from[at]);
            }
        }
        reaching
    }

    /// The nodes an item refers to, among the files it sees.
    fn targets(&self, files: &[usize], item: &ast::Item) -> Vec<usize> {
        let mut found = BTreeSet::new();
        let mut look = |kind: Kind, name: &str, fits: fn(&ast::Item) -> bool| {
            let nodes = files.iter().filter_map(|file| self.names.get(&(*file, kind, name))).flatten();
            let before = found.len();
            found.extend(nodes.copied().filter(|at| fits(self.nodes[*at].item)));
            found.len() > before
        };
        each_ref(item, &mut |reference| match reference {
            Ref::Subject(name) => {
                let whole = look(Kind::Fact, &name.text, |_| true);
                if let Some((moment, "date" | "time" | "weekday")) = name.text.rsplit_once('.')
                    && !whole
                {
                    look(Kind::Fact, moment, |_| true);
                }
            }
            Ref::Input(name) | Ref::Fixed(name) => drop(look(Kind::Fact, &name.text, |_| true)),
            Ref::Operand(name) => drop(look(Kind::Fact, name, stands_right)),
            Ref::Calendar(name, _) => drop(look(Kind::Calendar, &name.text, |_| true)),
            Ref::Group(name) => drop(look(Kind::Group, &name.text, |_| true)),
            Ref::Term(name) => drop(look(Kind::Term, &name.text, |_| true)),
        });
        found.into_iter().collect()
    }
}

/// The name a vocabulary item declares.
fn declared(item: &ast::Item) -> Option<(Kind, &str)> {
    match &item.kind {
        ItemKind::Input(input) => Some((Kind::Fact, &input.name.text)),
        ItemKind::Setting(setting) => Some((Kind::Fact, &setting.name.text)),
        ItemKind::Constant(constant) => Some((Kind::Fact, &constant.name.text)),
        ItemKind::Group(group) => Some((Kind::Group, &group.name.text)),
        ItemKind::Calendar(calendar) => Some((Kind::Calendar, &calendar.name.text)),
        ItemKind::Term(term) => Some((Kind::Term, &term.name.text)),
        _ => None,
    }
}

/// Whether an item adds something a request has to say.
fn is_fact(item: &ast::Item) -> bool {
    match &item.kind {
        ItemKind::Input(_) | ItemKind::Setting(_) => true,
        ItemKind::Group(group) => group.members.is_none(),
        ItemKind::Calendar(calendar) => calendar.spans.is_none(),
        _ => false,
    }
}

/// Whether a name on the right side of a test can mean this item: a constant or an identifier.
fn stands_right(item: &ast::Item) -> bool {
    match &item.kind {
        ItemKind::Constant(_) => true,
        ItemKind::Input(input) => matches!(input.ty.kind, ast::TypeKind::Identifier(_)),
        _ => false,
    }
}

fn smuggled(import: &ast::Import, assume: &ast::Assume) -> Diagnostic {
    let message = format!("`{}` would bring an assumption about inputs of the refined policy", import.name.text);
    Diagnostic::new(codes::KW141, import.name.span, message)
        .label(assume.text.span, "this assumption")
        .note("a refinement cannot narrow the requests its parent was proved for")
        .hint("take the vocabulary from a file without this assumption")
}
