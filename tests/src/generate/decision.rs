//! Random decisions with their rules and exceptions, mostly without gaps and conflicts.
//! In: a stream of choices and a vocabulary. Out: paragraphs. Refuses to know what they mean together.
//!
//! `one of` answers agree because the rules that set them are anchored: each begins with another value of the first input.

use super::condition::{AnswerKind, Asked, Condition, Makings, Term};
use super::vocabulary::{Kind, Vocabulary};
use super::{Paragraph, Random, text};
use std::collections::BTreeSet;

/// How often a rule or exception is careless about conflicts, of a hundred.
const CARELESS: u64 = 2;

/// An answer with what `if unsure` and `only when` need.
#[derive(Clone, Debug)]
struct Answer {
    /// Its own name.
    name: String,
    /// Its kind.
    kind: AnswerKind,
    /// The place of the answer that gates it, and the value wanted.
    gate: Option<(usize, String)>,
}

/// A rule while it is being made.
#[derive(Clone, Debug)]
struct Rule {
    name: String,
    /// One more than the highest answer its own condition or a parent's asks.
    level: usize,
    /// The answers it or an exception below it sets to a value.
    values: BTreeSet<usize>,
    /// What it includes: answer and member.
    includes: BTreeSet<(usize, String)>,
    parents: Vec<usize>,
    depth: usize,
}

/// Everything generated so far.
pub struct Decisions<'a> {
    random: &'a mut Random,
    vocabulary: &'a Vocabulary,
    out: &'a mut Vec<Paragraph>,
    asked: Vec<Asked>,
    terms: Vec<Term>,
}

const VALUES: [&str; 8] = ["none", "low", "some", "much", "full", "deny", "code", "badge"];

impl<'a> Decisions<'a> {
    /// Nothing yet.
    pub fn new(random: &'a mut Random, vocabulary: &'a Vocabulary, out: &'a mut Vec<Paragraph>) -> Self {
        Decisions { random, vocabulary, out, asked: Vec::new(), terms: Vec::new() }
    }

    /// Terms and assumptions that ask inputs only.
    pub fn vocabulary_terms(&mut self) {
        for _ in 0..self.random.below(4) {
            self.term();
        }
        for number in 0..self.random.below(3) {
            let (first, second) = (self.condition(0, 2), self.condition(0, 1));
            let text = if self.random.chance(50) {
                format!("assume \"Assumption {number}.\" if {} then {}", first.text, second.text)
            } else {
                let flat = self.flat_condition(2);
                format!("assume \"Assumption {number}.\" never {}", flat.text)
            };
            self.push("assume", "", text);
        }
    }

    /// A whole decision; later ones may ask the answers of earlier ones.
    pub fn decision(&mut self, number: usize) {
        let name = format!("d{number}");
        let first = self.asked.len();
        let answers = self.answers(number);
        let declared: Vec<String> = answers.iter().map(|answer| self.declared(answer, &answers)).collect();
        self.push("decision", &name, format!("decision {name} \"Decision {number}?\"\n  {}", declared.join("\n  ")));
        self.unsure(&name, &answers);
        self.normally(&name, &answers);
        for answer in &answers {
            self.asked.push(Asked {
                name: format!("{name}.{}", answer.name),
                kind: answer.kind.clone(),
                gated: answer.gate.is_some(),
            });
        }
        if self.random.chance(40) {
            self.term();
        }
        self.rules(&name, first, &answers);
    }

    fn push(&mut self, kind: &'static str, name: &str, text: String) {
        self.out.push(Paragraph { kind, name: name.to_owned(), text });
    }

    fn condition(&mut self, limit: usize, most: usize) -> Condition {
        let makings = Makings { vocabulary: self.vocabulary, terms: &self.terms, answers: &self.asked, limit };
        makings.condition(self.random, most)
    }

    /// A condition over inputs with at least two clauses, so that `never` leaves most requests valid.
    fn flat_condition(&mut self, clauses: usize) -> Condition {
        let parts: Vec<Condition> = (0..clauses).map(|_| self.condition(0, 1)).collect();
        let bullets = |part: &&Condition| part.text.contains("\n");
        let (mut last, mut first): (Vec<&Condition>, Vec<&Condition>) = parts.iter().partition(bullets);
        last.truncate(1);
        first.append(&mut last);
        let text = first.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" and ");
        Condition { text, ..Condition::default() }
    }

    fn term(&mut self) {
        let limit = if self.asked.is_empty() { 0 } else { self.random.below(self.asked.len() + 1) };
        let condition = self.condition(limit, 2);
        let name = format!("t{}", self.terms.len());
        self.push("term", &name, format!("term {name} means {}", condition.text));
        let mut optional = condition.optional;
        optional.sort_unstable();
        optional.dedup();
        self.terms.push(Term { name, level: condition.level, optional });
    }

    fn answers(&mut self, decision: usize) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for number in 0..1 + self.random.below(4) {
            let kind = match self.random.below(9) {
                0 | 1 => AnswerKind::OneOf(self.values(2, 4)),
                2 => AnswerKind::OneOf(vec!["no".to_owned(), "yes".to_owned()]),
                3 | 4 if self.random.chance(25) => AnswerKind::Strictest(["0", "1", "2"].map(str::to_owned).to_vec()),
                3 | 4 => AnswerKind::Strictest(self.values(2, 4)),
                5 | 6 => AnswerKind::Set(self.values(1, 5)),
                _ => AnswerKind::Shortest(*self.random.pick(&[240, 1440, 10_080]).unwrap_or(&240)),
            };
            let gates: Vec<usize> =
                (0..answers.len()).filter(|place| choices(&answers[*place].kind).is_some()).collect();
            let gate = match self.random.pick(&gates).copied() {
                Some(place) if self.random.chance(45) => {
                    let values = choices(&answers[place].kind).unwrap_or(&[]);
                    Some((place, values[self.random.below(values.len())].clone()))
                }
                _ => None,
            };
            answers.push(Answer { name: format!("a{decision}{number}"), kind, gate });
        }
        answers
    }

    fn values(&mut self, least: usize, most: usize) -> Vec<String> {
        let mut all: Vec<String> = VALUES.map(str::to_owned).to_vec();
        self.random.shuffle(&mut all);
        all.truncate(least + self.random.below(most - least + 1));
        all
    }

    fn declared(&mut self, answer: &Answer, answers: &[Answer]) -> String {
        let kind = match &answer.kind {
            AnswerKind::OneOf(labels) if labels[0] == "no" => "yes or no".to_owned(),
            AnswerKind::OneOf(labels) => format!("one of {}", labels.join(", ")),
            AnswerKind::Strictest(labels) => format!("the strictest of {}", labels.join(", ")),
            AnswerKind::Set(labels) => format!("a set of {}", labels.join(", ")),
            AnswerKind::Shortest(most) => format!("the shortest duration up to {}", text::duration(self.random, *most)),
        };
        let gate = match &answer.gate {
            Some((place, value)) => format!(" only when {} is {value}", answers[*place].name),
            None => String::new(),
        };
        format!("answer {} is {kind}{gate}", answer.name)
    }

    fn unsure(&mut self, decision: &str, answers: &[Answer]) {
        let mut chosen: Vec<Option<String>> = Vec::new();
        let mut effects = Vec::new();
        for answer in answers {
            let blank = answer.gate.as_ref().is_some_and(|(place, value)| chosen[*place].as_ref() != Some(value));
            let value = match &answer.kind {
                _ if blank => None,
                AnswerKind::OneOf(labels) => Some(labels[self.random.below(labels.len())].clone()),
                AnswerKind::Strictest(labels) if self.random.chance(80) => labels.last().cloned(),
                AnswerKind::Strictest(labels) => labels.first().cloned(),
                AnswerKind::Set(_) | AnswerKind::Shortest(_) => None,
            };
            let name = format!("{decision}.{}", answer.name);
            match (&value, &answer.kind) {
                (Some(value), _) => effects.push(format!("{name} is {value}")),
                (None, AnswerKind::Set(labels)) if !blank && self.random.chance(50) => {
                    effects.push(format!("{name} include {}", labels[0]));
                }
                (None, AnswerKind::Shortest(_)) if !blank && self.random.chance(50) => {
                    effects.push(format!("{name} is 15 minutes"));
                }
                _ => {}
            }
            chosen.push(value);
        }
        if effects.is_empty() {
            let effect = |answer: &Answer| match &answer.kind {
                AnswerKind::Set(labels) => Some(format!("{decision}.{} include {}", answer.name, labels[0])),
                AnswerKind::Shortest(_) => Some(format!("{decision}.{} is 15 minutes", answer.name)),
                _ => None,
            };
            effects.extend(answers.iter().find_map(effect));
        }
        let because = if self.random.chance(30) { "\n  because \"Nobody knows.\"" } else { "" };
        self.push("if", "", format!("if unsure {}{because}", effects.join(" and ")));
    }

    fn normally(&mut self, decision: &str, answers: &[Answer]) {
        let mut effects = Vec::new();
        for answer in answers {
            let name = format!("{decision}.{}", answer.name);
            match &answer.kind {
                AnswerKind::OneOf(labels) | AnswerKind::Strictest(labels) if self.random.chance(98) => {
                    effects.push(format!("{name} is {}", labels[self.random.below(labels.len())]));
                }
                AnswerKind::Shortest(most) if self.random.chance(40) => {
                    let minutes = self.duration(*most);
                    effects.push(format!("{name} is {minutes}"));
                }
                _ => {}
            }
        }
        if !effects.is_empty() {
            self.push("normally", "", format!("normally {}\n  because \"By default.\"", effects.join(" and ")));
        }
    }

    fn duration(&mut self, most: u32) -> String {
        let choices = [15, 30, 60, 90, 240, 720, 1440, 10_080];
        let allowed: Vec<u32> = choices.into_iter().filter(|minutes| *minutes <= most).collect();
        let minutes = *self.random.pick(&allowed).unwrap_or(&15);
        text::duration(self.random, minutes)
    }

    fn rules(&mut self, decision: &str, first: usize, answers: &[Answer]) {
        let anchors = match self.vocabulary.inputs.first().map(|input| &input.kind) {
            Some(Kind::OneOf(labels)) => labels.clone(),
            _ => Vec::new(),
        };
        let mut free = anchors.into_iter();
        let mut rules: Vec<Rule> = Vec::new();
        for number in 0..1 + self.random.below(6) {
            let rule = self.rule(&format!("{decision}_r{number}"), first, answers, &mut free);
            rules.push(rule);
        }
        for number in 0..self.random.below(6) {
            if let Some(rule) = self.exception(&format!("{decision}_e{number}"), first, answers, &mut rules) {
                rules.push(rule);
            }
        }
    }

    /// The places of the answers a rule sets: one to three, none below `level`.
    fn targets(&mut self, first: usize, answers: &[Answer], level: usize) -> Vec<usize> {
        let from = level.saturating_sub(first);
        if from >= answers.len() {
            return Vec::new();
        }
        self.random.some_below(answers.len() - from, 3).into_iter().map(|place| place + from).collect()
    }

    fn rule(
        &mut self,
        name: &str,
        first: usize,
        answers: &[Answer],
        anchors: &mut impl Iterator<Item = String>,
    ) -> Rule {
        let mut targets = self.targets(first, answers, 0);
        let careless = self.random.chance(CARELESS);
        let exact = |place: &usize| matches!(answers[*place].kind, AnswerKind::OneOf(_));
        let mut anchor = None;
        if targets.iter().any(exact) && !careless {
            anchor = anchors.next();
            if anchor.is_none() {
                targets.retain(|place| !exact(place));
            }
        }
        let mut made = Rule {
            name: name.to_owned(),
            level: 0,
            values: BTreeSet::new(),
            includes: BTreeSet::new(),
            parents: Vec::new(),
            depth: 0,
        };
        let Some(lowest) = targets.first().copied() else {
            return self.rule_or_nothing(made, first, answers);
        };
        let (mut condition, level) = self.guard(first + lowest);
        made.level = level;
        if let Some(anchor) = anchor {
            let anchored = format!("{} is {anchor}", self.vocabulary.inputs[0].name);
            condition = if condition == "always" || self.random.chance(25) {
                made.level = 0;
                format!("when {anchored}")
            } else {
                condition.replacen("when ", &format!("when {anchored} and "), 1)
            };
        }
        let effects = self.effects(&mut made, answers, &targets, &BTreeSet::new());
        self.paragraph("rule", &made, "", &condition, &effects);
        made
    }

    /// When every target was taken away: a rule about the first answer that cannot conflict, if there is one.
    fn rule_or_nothing(&mut self, mut made: Rule, first: usize, answers: &[Answer]) -> Rule {
        let place = answers.iter().position(|answer| !matches!(answer.kind, AnswerKind::OneOf(_)));
        if let Some(place) = place {
            let (condition, level) = self.guard(first + place);
            made.level = level;
            let effects = self.effects(&mut made, answers, &[place], &BTreeSet::new());
            self.paragraph("rule", &made, "", &condition, &effects);
        } else {
            made.depth = usize::MAX;
        }
        made
    }

    /// `always` or `when` with a condition that asks only answers below `limit`.
    fn guard(&mut self, limit: usize) -> (String, usize) {
        if self.random.chance(8) {
            return ("always".to_owned(), 0);
        }
        let condition = self.condition(limit, 3);
        (format!("when {}", condition.text), condition.level)
    }

    fn exception(&mut self, name: &str, first: usize, answers: &[Answer], rules: &mut [Rule]) -> Option<Rule> {
        let possible: Vec<usize> = (0..rules.len()).filter(|place| rules[*place].depth < 5).collect();
        if possible.is_empty() {
            return None;
        }
        let many = if self.random.chance(30) { 3 } else { 1 };
        let parents: Vec<usize> =
            self.random.some_below(possible.len(), many).into_iter().map(|place| possible[place]).collect();
        let level = parents.iter().map(|parent| rules[*parent].level).max().unwrap_or(0);
        let mut targets = self.targets(first, answers, level);
        let careless = self.random.chance(CARELESS);
        targets.retain(|place| {
            let exact = matches!(answers[*place].kind, AnswerKind::OneOf(_));
            let said = |rule: &Rule| rule.values.contains(place);
            let sibling = |rule: &Rule| {
                said(rule) && rule.parents.iter().any(|parent| parents.contains(parent))
                    || rule
                        .parents
                        .iter()
                        .any(|parent| rules[*parent].parents.iter().any(|grand| parents.contains(grand)) && said(rule))
            };
            let own = parents.iter().any(|parent| rules[*parent].values.contains(place));
            careless || !exact || own && !rules.iter().any(sibling)
        });
        let lowest = *targets.first()?;
        let condition = self.condition(first + lowest, 2);
        let included: BTreeSet<(usize, String)> =
            parents.iter().flat_map(|parent| rules[*parent].includes.iter().cloned()).collect();
        let mut made = Rule {
            name: name.to_owned(),
            level: level.max(condition.level),
            values: BTreeSet::new(),
            includes: BTreeSet::new(),
            depth: parents.iter().map(|parent| rules[*parent].depth).max().unwrap_or(0) + 1,
            parents,
        };
        let effects = self.effects(&mut made, answers, &targets, &included);
        let names: Vec<&str> = made.parents.iter().map(|parent| rules[*parent].name.as_str()).collect();
        let to = format!(" to {}", names.join(", "));
        let guard = format!("when {}", condition.text);
        self.paragraph("exception", &made, &to, &guard, &effects);
        Some(made)
    }

    /// The effects on the targets; `included` is what the parents of an exception include.
    fn effects(
        &mut self,
        made: &mut Rule,
        answers: &[Answer],
        targets: &[usize],
        included: &BTreeSet<(usize, String)>,
    ) -> Vec<String> {
        let mut effects = Vec::new();
        for place in targets {
            let name = answers[*place].name.clone();
            match &answers[*place].kind {
                AnswerKind::OneOf(labels) | AnswerKind::Strictest(labels) => {
                    effects.push(format!("{name} is {}", labels[self.random.below(labels.len())]));
                    made.values.insert(*place);
                }
                AnswerKind::Shortest(most) => {
                    effects.push(format!("{name} is {}", self.duration(*most)));
                    made.values.insert(*place);
                }
                AnswerKind::Set(labels) => {
                    let taken: Vec<String> = included
                        .iter()
                        .filter(|(answer, _)| answer == place)
                        .map(|(_, member)| member.clone())
                        .collect();
                    let mut gone = Vec::new();
                    if !taken.is_empty() && self.random.chance(60) {
                        gone = self.random.some_below(taken.len(), 2).into_iter().map(|at| taken[at].clone()).collect();
                        effects.push(format!("{name} omit {}", gone.join(", ")));
                    }
                    let left: Vec<&String> = labels.iter().filter(|label| !gone.contains(label)).collect();
                    if !left.is_empty() && (gone.is_empty() || self.random.chance(50)) {
                        let chosen = self.random.some_below(left.len(), 3);
                        let names: Vec<&str> = chosen.iter().map(|at| left[*at].as_str()).collect();
                        effects.push(format!("{name} include {}", names.join(", ")));
                        made.includes.extend(names.iter().map(|member| (*place, (*member).to_owned())));
                    }
                }
            }
        }
        effects
    }

    fn paragraph(&mut self, kind: &'static str, rule: &Rule, to: &str, condition: &str, effects: &[String]) {
        let cite = if self.random.chance(20) { " cite \"Handbook\"" } else { "" };
        let name = rule.name.clone();
        let text = format!(
            "{kind} {name}{to} {condition}\n  then {}\n  because \"Because of {name}.\"{cite}",
            effects.join(" and ")
        );
        self.push(kind, &name, text);
    }
}

/// The values an `only when` may ask for.
fn choices(kind: &AnswerKind) -> Option<&[String]> {
    match kind {
        AnswerKind::OneOf(labels) | AnswerKind::Strictest(labels) => Some(labels),
        AnswerKind::Set(_) | AnswerKind::Shortest(_) => None,
    }
}
