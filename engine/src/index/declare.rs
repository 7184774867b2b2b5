//! What a file declares.
//!
//! In: a tree and its text. Out: symbols without uses. Refuses to look at other files.

use super::{Index, Indexed, Kind, Space, Symbol, SymbolId};
use crate::ast::{AnswerKind, Decision, Item, ItemKind, Label, Name, Text, Type, TypeKind};
use crate::span::Span;

/// Most characters of a type or condition.
const LONGEST: usize = 240;

/// Enters the declarations of a file.
pub(super) fn file(index: &mut Index, file: &Indexed<'_>) {
    let mut declares = Declares { index, file };
    if let Some(header) = &file.tree.header {
        let detail = format!("version {}", header.version.value);
        declares.put(Kind::Policy, Space::Policy, &header.name, header.title.as_ref(), detail, header.span);
    }
    for item in &file.tree.items {
        declares.item(item);
    }
}

struct Declares<'i, 'a> {
    index: &'i mut Index,
    file: &'i Indexed<'a>,
}

impl Declares<'_, '_> {
    fn put(
        &mut self,
        kind: Kind,
        space: Space,
        name: &Name,
        text: Option<&Text>,
        detail: String,
        whole: Span,
    ) -> SymbolId {
        let symbol = self.push(kind, &name.text, text, detail, None, (name.span, whole));
        self.index.named.entry((self.file.tree.file, space, name.text.clone())).or_insert(symbol);
        symbol
    }

    fn push(
        &mut self,
        kind: Kind,
        name: &str,
        text: Option<&Text>,
        detail: String,
        owner: Option<SymbolId>,
        (at, paragraph): (Span, Span),
    ) -> SymbolId {
        let text = text.map_or(String::new(), |text| text.text.clone());
        self.index.symbols.push(Symbol {
            kind,
            name: name.to_owned(),
            text,
            detail,
            owner,
            at,
            paragraph,
            uses: Vec::new(),
        });
        self.index.symbols.len() - 1
    }

    /// The text of a place on one line.
    fn written(&self, span: Span) -> String {
        let text = self.file.text.get(span.range()).unwrap_or("");
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ");
        match line.chars().count() > LONGEST {
            true => line.chars().take(LONGEST).chain(['…']).collect(),
            false => line,
        }
    }

    fn item(&mut self, item: &Item) {
        let whole = item.span;
        match &item.kind {
            ItemKind::Input(input) => {
                self.typed(Kind::Input, &input.name, input.text.as_ref(), &input.ty, whole);
            }
            ItemKind::Setting(setting) => {
                self.typed(Kind::Setting, &setting.name, setting.text.as_ref(), &setting.ty, whole);
            }
            ItemKind::Constant(constant) => {
                let detail = self.written(constant.value.span);
                self.put(Kind::Constant, Space::Fact, &constant.name, constant.text.as_ref(), detail, whole);
            }
            ItemKind::Group(group) => {
                let detail = self.behind(group.name.span, whole);
                self.put(Kind::Group, Space::Group, &group.name, group.text.as_ref(), detail, whole);
            }
            ItemKind::Calendar(calendar) => {
                let detail = self.behind(calendar.name.span, whole);
                self.put(Kind::Calendar, Space::Calendar, &calendar.name, calendar.text.as_ref(), detail, whole);
            }
            ItemKind::Term(term) => {
                let detail = self.written(term.condition.span);
                self.put(Kind::Term, Space::Term, &term.name, term.text.as_ref(), detail, whole);
            }
            ItemKind::Decision(decision) => self.decision(decision, whole),
            ItemKind::Rule(rule) => {
                self.rule(Kind::Rule, &rule.name, &rule.because, whole);
            }
            ItemKind::Exception(exception) => {
                self.rule(Kind::Exception, &exception.name, &exception.because, whole);
            }
            ItemKind::Test(test) => {
                self.push(Kind::Test, &test.name.text, None, String::new(), None, (test.name.span, whole));
            }
            ItemKind::Assert(assert) => {
                let text = assert.text.as_ref();
                self.push(Kind::Assert, &assert.name.text, text, String::new(), None, (assert.name.span, whole));
            }
            ItemKind::Use(_) | ItemKind::Fix(_) | ItemKind::Assume(_) => {}
            ItemKind::Normally(_) | ItemKind::Unsure(_) => {}
        }
    }

    /// What is written from behind a name to the end of its paragraph.
    fn behind(&self, name: Span, whole: Span) -> String {
        self.written(Span { start: name.end, ..whole })
    }

    fn rule(&mut self, kind: Kind, name: &Name, because: &Text, whole: Span) {
        let detail = self.behind(name.span, whole);
        self.put(kind, Space::Rule, name, Some(because), detail, whole);
    }

    fn typed(&mut self, kind: Kind, name: &Name, text: Option<&Text>, ty: &Type, whole: Span) {
        let detail = self.written(ty.span);
        let symbol = self.put(kind, Space::Fact, name, text, detail, whole);
        if let TypeKind::OneOf(labels) | TypeKind::SetOf(labels) = &ty.kind {
            self.labels(symbol, labels, whole);
        }
    }

    fn labels(&mut self, owner: SymbolId, labels: &[Label], whole: Span) {
        for label in labels {
            let places = (label.name.span, whole);
            let value =
                self.push(Kind::Value, &label.name.text, label.text.as_ref(), String::new(), Some(owner), places);
            self.index.values.entry((owner, label.name.text.clone())).or_insert(value);
        }
    }

    fn decision(&mut self, decision: &Decision, whole: Span) {
        let (name, text) = (&decision.name, decision.text.as_ref());
        let owner = self.put(Kind::Decision, Space::Decision, name, text, String::new(), whole);
        for answer in &decision.answers {
            let detail = self.behind(answer.name.span, answer.span);
            let places = (answer.name.span, answer.span);
            let symbol = self.push(Kind::Answer, &answer.name.text, answer.text.as_ref(), detail, Some(owner), places);
            let full = format!("{}.{}", decision.name.text, answer.name.text);
            let file = self.file.tree.file;
            self.index.named.entry((file, Space::Fact, full)).or_insert(symbol);
            self.index.answers.entry((file, answer.name.text.clone())).or_default().push(symbol);
            if let AnswerKind::OneOf(labels) | AnswerKind::SetOf(labels) | AnswerKind::Strictest(labels) = &answer.kind
            {
                self.labels(symbol, labels, answer.span);
            }
        }
    }
}
