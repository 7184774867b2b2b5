//! Where names are used.
//!
//! In: a tree, and what all files declare. Out: uses of symbols. Refuses to guess: a name that could mean two things is none.

use super::{Index, Indexed, Space, SymbolId};
use crate::ast::{
    All, AssertKind, AssumeKind, Clause, Decision, Effect, EffectKind, Group, Import, Item, ItemKind, Literal,
    LiteralKind, Name, One, Test, TestKind,
};
use crate::span::{FileId, Span};

/// Enters the uses of a file.
pub(super) fn file(index: &mut Index, file: &Indexed<'_>) {
    let mut uses = Uses { index, sees: file.sees };
    if let Some(import) = file.tree.header.as_ref().and_then(|header| header.refines.as_ref()) {
        uses.import(import);
    }
    for item in &file.tree.items {
        uses.item(item);
    }
}

struct Uses<'i> {
    index: &'i mut Index,
    sees: &'i [FileId],
}

impl Uses<'_> {
    fn name(&mut self, space: Space, name: &Name) -> Option<SymbolId> {
        let found = self.index.find(self.sees, space, &name.text);
        // A name where it is declared is no use of it.
        if found.is_some_and(|symbol| self.index.symbols.get(symbol).is_some_and(|one| one.at != name.span)) {
            self.index.used(found, name.span);
        }
        found
    }

    fn import(&mut self, import: &Import) {
        self.name(Space::Policy, &import.name);
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Use(import) => self.import(import),
            ItemKind::Fix(fix) => {
                let owner = self.subject(&fix.name);
                self.literals(owner, &fix.values);
            }
            ItemKind::Setting(setting) => {
                let owner = self.index.find(self.sees, Space::Fact, &setting.name.text);
                self.literals(owner, std::slice::from_ref(&setting.default));
            }
            ItemKind::Group(group) => self.group(group),
            ItemKind::Calendar(calendar) => {
                self.replaces(Space::Calendar, &calendar.name);
                for name in &calendar.except {
                    self.name(Space::Calendar, name);
                }
            }
            ItemKind::Term(term) => self.all(&term.condition),
            ItemKind::Assume(assume) => match &assume.kind {
                AssumeKind::Never(all) => self.all(all),
                AssumeKind::IfThen(given, then) => [given, then].into_iter().for_each(|all| self.all(all)),
            },
            ItemKind::Decision(decision) => self.decision(decision),
            ItemKind::Normally(normally) => self.effects(&normally.effects),
            ItemKind::Unsure(unsure) => self.effects(&unsure.effects),
            ItemKind::Rule(rule) => {
                rule.condition.iter().for_each(|all| self.all(all));
                self.effects(&rule.effects);
            }
            ItemKind::Exception(exception) => {
                for parent in &exception.parents {
                    self.name(Space::Rule, parent);
                }
                exception.condition.iter().for_each(|all| self.all(all));
                self.effects(&exception.effects);
            }
            ItemKind::Test(test) => [&test.given, &test.expect].into_iter().for_each(|all| self.all(all)),
            ItemKind::Assert(assert) => self.promise(&assert.kind),
            ItemKind::Input(_) | ItemKind::Constant(_) => {}
        }
    }

    fn promise(&mut self, kind: &AssertKind) {
        match kind {
            AssertKind::Never(all) | AssertKind::Possible(all) => self.all(all),
            AssertKind::AlwaysIf(given, then) => [given, then].into_iter().for_each(|all| self.all(all)),
            AssertKind::Unchanged(since, except) => {
                self.import(since);
                except.iter().for_each(|all| self.all(all));
            }
            AssertKind::Changes { input, from, to, answer, becomes } => {
                let owner = self.subject(input);
                self.literal(owner, from);
                self.literal(owner, to);
                let answer = self.subject(answer);
                self.literal(answer, becomes);
            }
        }
    }

    /// A group or calendar of a refinement stands in for the one that its parent keeps outside.
    fn replaces(&mut self, space: Space, name: &Name) {
        let above = self.sees.get(1..).unwrap_or(&[]);
        let found = self.index.find(above, space, &name.text);
        self.index.used(found, name.span);
    }

    fn group(&mut self, group: &Group) {
        self.replaces(Space::Group, &group.name);
        let owner = self.subject(&group.of);
        self.literals(owner, group.members.as_deref().unwrap_or(&[]));
    }

    fn decision(&mut self, decision: &Decision) {
        for answer in &decision.answers {
            let Some((gate, value)) = &answer.only_when else { continue };
            let full = format!("{}.{}", decision.name.text, gate.text);
            let found = self.index.find(self.sees, Space::Fact, &full);
            self.index.used(found, gate.span);
            self.value(found, value);
        }
    }

    fn effects(&mut self, effects: &[Effect]) {
        for effect in effects {
            let owner = self.subject(&effect.answer);
            match &effect.kind {
                EffectKind::Is(value) => self.literal(owner, value),
                EffectKind::Include(members) | EffectKind::Omit(members) => {
                    members.iter().for_each(|member| self.value(owner, member));
                }
            }
        }
    }

    fn all(&mut self, all: &All) {
        for clause in &all.clauses {
            let ones: Vec<&One> = match clause {
                Clause::One(one) => vec![one],
                Clause::AtLeast(choice) => choice.bullets.iter().flatten().collect(),
            };
            for one in ones {
                match one {
                    One::Term(name) | One::NotTerm(name, _) => {
                        self.name(Space::Term, name);
                    }
                    One::Test(test) => self.test(test),
                }
            }
        }
    }

    fn test(&mut self, test: &Test) {
        let owner = self.subject(&test.subject);
        match &test.kind {
            TestKind::IsSet | TestKind::IsNotSet => {}
            TestKind::During(name) | TestKind::Outside(name) => {
                self.name(Space::Calendar, name);
            }
            TestKind::IsIn(name) | TestKind::IsNotIn(name) => {
                self.name(Space::Group, name);
            }
            TestKind::Include(name) | TestKind::DoNotInclude(name) => self.value(owner, name),
            TestKind::IncludeOneOf(names) | TestKind::IncludeAllOf(names) => {
                names.iter().for_each(|name| self.value(owner, name));
            }
            TestKind::FromTo(from, to) | TestKind::FromUntil(from, to) => {
                self.literal(owner, from);
                self.literal(owner, to);
            }
            TestKind::Compare(_, value) | TestKind::Is(value) | TestKind::IsNot(value) => self.literal(owner, value),
            TestKind::IsOneOf(values) | TestKind::IsNotOneOf(values) => self.literals(owner, values),
        }
    }

    /// What a test is about: a fact, an answer with or without its decision, or a part of a moment.
    fn subject(&mut self, name: &Name) -> Option<SymbolId> {
        let whole = |index: &Index, text: &str| {
            index.find(self.sees, Space::Fact, text).or_else(|| index.answer(self.sees, text))
        };
        let found = whole(self.index, &name.text);
        if let Some(symbol) = found {
            let own = self.index.symbols.get(symbol).map_or(0, |one| one.name.len());
            // With its decision in front, only the end is the name of the answer.
            let start = name.span.start.max(name.span.end.saturating_sub(own as u32));
            if let Some((decision, _)) = name.text.rsplit_once('.').filter(|_| start > name.span.start) {
                let end = name.span.start + decision.len() as u32;
                let decision = self.index.find(self.sees, Space::Decision, decision);
                self.index.used(decision, Span { end, ..name.span });
            }
            self.index.used(found, Span { start, ..name.span });
            return found;
        }
        let (before, _) = name.text.rsplit_once('.')?;
        let moment = self.index.find(self.sees, Space::Fact, before);
        self.index.used(moment, Span { end: name.span.start + before.len() as u32, ..name.span });
        // The parts of a moment have no values with names of their own.
        None
    }

    fn literals(&mut self, owner: Option<SymbolId>, values: &[Literal]) {
        values.iter().for_each(|value| self.literal(owner, value));
    }

    fn literal(&mut self, owner: Option<SymbolId>, value: &Literal) {
        let text = match &value.kind {
            LiteralKind::Name(name) => name.clone(),
            LiteralKind::Int(number) => number.to_string(),
            _ => return,
        };
        self.value(owner, &Name { text, span: value.span });
    }

    /// A value of what stands on the left, else a constant or another input.
    fn value(&mut self, owner: Option<SymbolId>, name: &Name) {
        let own = owner.and_then(|owner| self.index.values.get(&(owner, name.text.clone())).copied());
        let found = own.or_else(|| self.index.find(self.sees, Space::Fact, &name.text));
        self.index.used(found, name.span);
    }
}
