//! Decision tables: what a policy answers, as rows that people can read aloud.
//!
//! In: a policy that was accepted, its model, its texts, which answers and which requests are meant. Out: [`Tables`].
//! Refuses to know: terminals, pages and formats. Rows of a table share no request and together hold every one that is meant;
//! the list form says the same read from the top. Columns are inputs, terms of the policy, the answer that must come first,
//! and blocks of inputs that matter only for which of few parts they are in.

mod data;
mod deciders;
mod grow;
mod long;
mod otherwise;
mod plan;
mod question;
mod rows;
mod split;
mod words;

pub use data::{Asks, Cell, Column, MOST_ROWS, Outcome, Reading, Role, Row, Table, Tables, TooLong};

use crate::diagnostic::Count as CountWords;
use crate::diagram::{Count, Exploded, Forest, Ref};
use crate::model::Model;
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::source::Sources;
use crate::space::terms;
use crate::typed::Policy;
use grow::Stunted;
use plan::Plan;
use question::Question;
use rows::{Draft, End};
use split::Split;
use words::{Words, letter};

/// What is meant.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The decision.
    pub decision: DecisionId,
    /// The answer.
    pub answer: AnswerId,
    /// The requests that are meant, a diagram of the model; those that are not valid do not count.
    pub requests: Ref,
    /// How rows are read.
    pub reading: Reading,
    /// Whether the rules behind each row are looked for; where they are not shown that work is spared.
    pub rules: bool,
}

/// The tables of one answer. The model is left as it was.
#[must_use]
pub fn tabulate(policy: &Policy, model: &Model, sources: &Sources, wish: Wish) -> Tables {
    let about = (wish.decision, wish.answer);
    let words = Words { policy, model, sources, about };
    let decision = &policy.schema.decisions[wish.decision];
    let answer = &decision.answers[wish.answer];
    let text = if answer.text.is_empty() { decision.text.clone() } else { answer.text.clone() };
    let mut tables = Tables {
        decision: wish.decision,
        answer: wish.answer,
        name: words.answer_name(wish.answer),
        text,
        requests: CountWords { requests: "0".to_string(), of: "0".to_string(), share: "0%".to_string() },
        notes: Vec::new(),
        tables: Err(TooLong { rows: None, because: Vec::new(), ways_out: Vec::new() }),
    };
    let ground = match Ground::new(policy, model, wish) {
        Ok(ground) => ground,
        Err(Exploded) => return tables,
    };
    tables.requests = counted(&ground.count, &ground.valid);
    tables.tables = ground.tables(&words, wish.reading, &mut tables.notes);
    tables
}

/// Everything the tables of one answer stand on.
pub(crate) struct Ground<'a> {
    model: &'a Model,
    wish: Wish,
    /// A copy, so that the model stays as it is.
    forest: Forest,
    /// What the rules say of the answer, if that is wanted and was found.
    stands: Option<Vec<deciders::Stands>>,
    splits: Vec<Split>,
    /// The requests that are meant.
    care: Ref,
    /// How many there are, and how many valid ones.
    count: Count,
    valid: Count,
    weights: Vec<Vec<u64>>,
}

impl<'a> Ground<'a> {
    fn new(policy: &'a Policy, model: &'a Model, wish: Wish) -> Result<Ground<'a>, Exploded> {
        let found = wish.rules.then(|| deciders::all(policy, model, (wish.decision, wish.answer)).ok()).flatten();
        let (stands, mut forest) = match found {
            Some((stands, forest)) => (Some(stands), forest),
            None => (None, model.forest.clone()),
        };
        let care = forest.and(model.valid, wish.requests)?;
        let weights: Vec<Vec<u64>> = model.coordinates.iter().map(|c| c.weights.clone()).collect();
        let (count, valid) = (forest.count_true(care, &weights), forest.count_true(model.valid, &weights));
        let mut splits = Vec::new();
        if let Some((gate, value)) = policy.schema.decisions[wish.decision].answers[wish.answer].only_when
            && let Some(&root) = model.decisions[wish.decision].answers[gate].roots.first()
        {
            let open = forest.values_where(root, |found| found == u32::from(value))?;
            let shut = forest.not(open)?;
            splits.push(Split { asks: Asks::Gate(gate), parts: Some(vec![open, shut]) });
        }
        splits.extend((0..model.coordinates.len()).filter_map(|c| u16::try_from(c).ok()).map(Split::by_class));
        let mut seen = Vec::new();
        for (term, found) in terms::diagrams(policy, model, &mut forest)?.into_iter().enumerate() {
            let Some(holds) = found.filter(|found| !found.is_terminal()) else { continue };
            // Terms that mean the same: the first name is enough.
            if !seen.contains(&holds) {
                seen.push(holds);
                let fails = forest.not(holds)?;
                splits.push(Split { asks: Asks::Term(term), parts: Some(vec![holds, fails]) });
            }
        }
        Ok(Ground { model, wish, forest, stands, splits, care, count, valid, weights })
    }

    fn tables(mut self, words: &Words<'_>, reading: Reading, notes: &mut Vec<String>) -> Result<Vec<Table>, TooLong> {
        let nothing = TooLong { rows: None, because: Vec::new(), ways_out: Vec::new() };
        let (decision, answer) = (self.wish.decision, self.wish.answer);
        let kind = &self.model.schema.decisions[decision].answers[answer].kind;
        let own = &self.model.decisions[decision].answers[answer];
        let AnswerKind::SetOf(labels) = kind else {
            let whole = question::whole(&mut self.forest, own, kind, self.care).map_err(|Exploded| nothing.clone())?;
            let Some(question) = whole else { return Err(nothing) };
            let plan = self.plan(&question, reading, plan::MOST_LEAVES);
            return self.finish(words, &[(None, question, plan)], reading);
        };
        let mut members = Vec::new();
        for (member, &root) in own.roots.iter().enumerate().take(labels.len()) {
            let member = member as u8;
            let found = question::member(&mut self.forest, root, member, self.care);
            let question = found.map_err(|Exploded| nothing.clone())?;
            let plan = self.plan(&question, reading, plan::MOST_LEAVES);
            members.push((Some(member), question, plan));
        }
        let apart = members.iter().map(|(_, _, plan)| plan.as_ref().ok().map(Plan::size)).sum::<Option<usize>>();
        // Far more leaves than that are no shorter table in the end.
        let most = apart.map_or(plan::MOST_LEAVES, |apart| 4 * apart + 40);
        let whole = question::whole(&mut self.forest, own, kind, self.care).map_err(|Exploded| nothing.clone())?;
        let whole = whole.map(|question| (self.plan(&question, reading, most), question));
        let together = whole.as_ref().and_then(|(plan, _)| plan.as_ref().ok()).map(Plan::size);
        // One table is read once: members apart must be shorter all together.
        let apart_is_shorter = match (together, apart) {
            (Some(together), Some(apart)) => apart < together,
            (None, _) => true,
            (_, None) => false,
        };
        match whole {
            Some((plan, question)) if !apart_is_shorter => self.finish(words, &[(None, question, plan)], reading),
            _ => {
                notes.push(match (together, apart) {
                    (Some(together), Some(apart)) => {
                        format!("Each member has a table of its own: {apart} rows in place of {together}.")
                    }
                    _ => "Each member has a table of its own: together they would be too long.".to_string(),
                });
                self.finish(words, &members, reading)
            }
        }
    }

    fn plan(&self, question: &Question, reading: Reading, most: usize) -> Result<Plan, Stunted> {
        let mut plan = plan::best(&self.forest, &self.splits, question.root, self.care, most)?;
        if reading == Reading::TopDown {
            // A list has no tables to go on to: the tree is grown whole.
            let tree = grow::Grow::new(&mut plan.forest, &self.splits, grow::Choice::Shortest, usize::MAX)
                .tree(question.root, self.care);
            let list = match tree {
                Ok(tree) => {
                    let about = (question.root, self.care);
                    otherwise::list(&mut plan.forest, &self.splits, &tree, about, &self.weights)?
                }
                Err(stunted) => return Err(stunted),
            };
            plan.splits.truncate(self.splits.len());
            (plan.rows, plan.continued, plan.blocks) = (list, Vec::new(), Vec::new());
        }
        Ok(plan)
    }

    /// Puts plans into words, or says why they are too long.
    fn finish(
        &mut self,
        words: &Words<'_>,
        parts: &[(Option<u8>, Question, Result<Plan, Stunted>)],
        reading: Reading,
    ) -> Result<Vec<Table>, TooLong> {
        let longest = parts.iter().find(|(_, _, plan)| plan.as_ref().map_or(usize::MAX, Plan::size) > MOST_ROWS);
        if let Some((_, question, plan)) = longest {
            return Err(long::explain(self, words, question, plan.as_ref().ok()));
        }
        let mut tables = Vec::new();
        let mut letters = 0;
        for (member, question, plan) in parts {
            let Ok(plan) = plan else { continue };
            self.written(words, *member, question, plan, reading, &mut letters, &mut tables);
        }
        Ok(tables)
    }

    #[expect(clippy::too_many_arguments, reason = "what a table needs, each once")]
    fn written(
        &mut self,
        words: &Words<'_>,
        member: Option<u8>,
        question: &Question,
        plan: &Plan,
        reading: Reading,
        letters: &mut usize,
        tables: &mut Vec<Table>,
    ) {
        let first_letter = *letters;
        let first_place = tables.len() + 1;
        let subject = words.subject(member);
        let Ground { stands, forest, weights, count, .. } = self;
        let mut put =
            |rows: &[Draft], name: String, subject: String, role: Role, reading: Reading, letter_of: usize| {
                let asked = rows::asked(rows);
                let named = |asks: Asks| match asks {
                    Asks::Block(number) => Asks::Block(letter_of + number),
                    asks => asks,
                };
                let asks: Vec<Asks> = asked.iter().map(|&split| named(plan.splits[split].asks)).collect();
                let columns = asks.iter().map(|&asks| words.column(asks)).collect();
                let mut row = |draft: &Draft| {
                    let rules = match (role, &stands) {
                        (Role::Block(_), _) | (_, None) => None,
                        (_, Some(all)) => deciders::behind(all, forest, (&plan.forest, draft.care), member).ok(),
                    };
                    let cells: Vec<Cell> = asked
                        .iter()
                        .zip(&asks)
                        .map(|(&at, &asks)| words.cell(asks, draft.cells[at].as_ref()))
                        .collect();
                    let (outcome, said) = match (draft.end, role) {
                        (End::Value(value), Role::Block(_)) => {
                            let part = Outcome::Part(value as usize);
                            (part, words.outcome(part))
                        }
                        (End::Value(value), _) => {
                            let outcome = question.outcomes.get(value as usize).copied().unwrap_or(Outcome::Part(0));
                            (outcome, words.outcome(outcome))
                        }
                        (End::Continued(number), _) => (
                            Outcome::Continued(first_place + number),
                            format!("see table {}", letter(first_letter + plan.blocks.len() + number)),
                        ),
                    };
                    let sentence = words.sentence(&asks, &cells);
                    let count = counted(&plan.forest.count_true(draft.care, weights), count);
                    Row { cells, outcome, words: said, sentence, count, rules }
                };
                let rows = rows.iter().map(&mut row).collect();
                tables.push(Table { name, subject, role, reading, columns, rows });
            };
        put(&plan.rows, String::new(), subject.clone(), Role::Answer, reading, first_letter);
        for (number, rows) in plan.continued.iter().enumerate() {
            let name = letter(first_letter + plan.blocks.len() + number);
            put(rows, name, subject.clone(), Role::Continued, Reading::OneRow, first_letter);
        }
        for (number, rows) in plan.blocks.iter().enumerate() {
            let name = letter(first_letter + number);
            let role = Role::Block(first_letter + number);
            put(rows, name.clone(), format!("block {name}"), role, Reading::OneRow, first_letter);
        }
        *letters += plan.blocks.len() + plan.continued.len();
    }
}

fn counted(count: &Count, of: &Count) -> CountWords {
    CountWords { requests: count.digits(), of: of.digits(), share: count.percent_of(of) }
}
