//! Conditions as numbers: 1 where they hold, else 0. In: the model's conditions. Out: numbers of a graph; nothing where
//! the straight-line form has no good way to ask. Slots are compared as they are; only dates go through a table.

use keyward_evaluator::layout::{BLANK, NOT_SET_8, NOT_SET_16, NOT_SET_32, NOT_SET_DATE};

use keyward_evaluator::{Bytes, Table};

use super::Build;
use super::graph::{Node, Number, Op};
use crate::emit::words;
use crate::model::{Classifier, Condition, ConditionId, Part};
use crate::schema::{AnswerKind, Type};
use crate::space::slots::width;

/// Date classifiers with more bounds than this are left to the loop.
const MOST_BOUNDS: usize = 64;

impl Build<'_> {
    /// Whether a condition holds.
    pub(super) fn condition(&mut self, id: ConditionId) -> Option<Number> {
        if let Some(&known) = self.conditions.get(&id) {
            return Some(known);
        }
        let found = match self.model.conditions[id as usize].clone() {
            Condition::Constant(holds) => self.graph.constant(u32::from(holds)),
            Condition::In(coordinate, classes) => self.in_classes(usize::from(coordinate), &classes)?,
            Condition::Same(one, other) => self.same(usize::from(one), usize::from(other)),
            Condition::Answer(decision, answer, terminals) => self.answer_is(decision, answer, &terminals)?,
            Condition::Member(decision, answer, member) => {
                let mask = self.answer_word(decision, answer)?;
                self.bit(mask, u32::from(member))
            }
            Condition::And(list) => {
                let list = self.conditions(&list)?;
                self.graph.all(&list)
            }
            Condition::Or(list) => {
                let list = self.conditions(&list)?;
                self.graph.any(&list)
            }
            Condition::AtLeast(count, list) => {
                let list = self.conditions(&list)?;
                let sum = self.graph.join(Op::Add, &list, 0);
                let count = self.graph.constant(count);
                self.graph.two(Op::AtMost, count, sum)
            }
            Condition::Not(inner) => {
                let inner = self.condition(inner)?;
                self.graph.not(inner)
            }
        };
        self.conditions.insert(id, found);
        Some(found)
    }

    fn conditions(&mut self, list: &[ConditionId]) -> Option<Vec<Number>> {
        list.iter().map(|&id| self.condition(id)).collect()
    }

    fn bit(&mut self, mask: Number, bit: u32) -> Number {
        let shifted = self.graph.with(Op::Shr, mask, bit);
        self.graph.with(Op::And, shifted, 1)
    }

    /// The raw value of a coordinate's slot.
    pub(super) fn slot(&mut self, coordinate: usize) -> Number {
        let it = &self.model.coordinates[coordinate];
        let input = &self.model.schema.inputs[it.input];
        let at = self.slots.of(self.model, coordinate) as u32;
        match (&input.ty, it.part) {
            (Type::YesNo, _) if !input.optional => self.graph.flag(at),
            (_, Part::Time) => self.graph.add(Node::Slot(2, at)),
            (ty, _) => self.graph.add(Node::Slot(width(ty) as u32, at)),
        }
    }

    fn same(&mut self, one: usize, other: usize) -> Number {
        let (a, b) = (self.slot(one), self.slot(other));
        let equal = self.graph.two(Op::Eq, a, b);
        let set = self.graph.with(Op::Ne, a, NOT_SET_32);
        self.graph.two(Op::And, equal, set)
    }

    /// Whether the class of a coordinate is one of these.
    fn in_classes(&mut self, coordinate: usize, classes: &[u16]) -> Option<Number> {
        let it = &self.model.coordinates[coordinate];
        let holds = |class: u16| classes.binary_search(&class).is_ok();
        let raw = self.slot(coordinate);
        match (&it.classifier, it.part) {
            (Classifier::Direct { classes: map, .. }, Part::Presence) => {
                let none = match self.model.schema.inputs[it.input].ty {
                    Type::Moment(_) => NOT_SET_DATE,
                    _ => NOT_SET_32,
                };
                let set = self.graph.with(Op::Ne, raw, none);
                Some(self.truth(set, holds(map[0]), holds(map[1])))
            }
            (Classifier::Direct { classes: map, .. }, Part::Member(member)) => {
                let held = self.bit(raw, u32::from(member));
                Some(self.truth(held, holds(map[0]), holds(map[1])))
            }
            (Classifier::Direct { classes: map, not_set }, _) => {
                let mut list: Vec<(u32, bool)> = (0u32..).zip(map).map(|(raw, &class)| (raw, holds(class))).collect();
                list.extend(not_set.map(|class| (NOT_SET_8, holds(class))));
                Some(self.one_of(raw, &list))
            }
            (Classifier::Bounds { starts, classes: map, not_set }, part) => {
                if let Type::Number(least, greatest) = self.model.schema.inputs[it.input].ty
                    && greatest < 31
                {
                    let place = |raw: u32| starts.iter().skip(1).take_while(|start| **start <= i64::from(raw)).count();
                    let mut list: Vec<(u32, bool)> =
                        (least..=greatest).map(|raw| (raw, holds(map[place(raw)]))).collect();
                    list.extend(not_set.map(|class| (NOT_SET_8, holds(class))));
                    return Some(self.one_of(raw, &list));
                }
                let none = match width(&self.model.schema.inputs[it.input].ty) {
                    2 => NOT_SET_16,
                    _ if part == Part::Time => NOT_SET_16,
                    1 => NOT_SET_8,
                    _ => NOT_SET_32,
                };
                let mut ranges: Vec<(u32, u32)> = Vec::new();
                for (place, _) in map.iter().enumerate().filter(|it| holds(*it.1)) {
                    let first = if place == 0 { 0 } else { starts[place] as u32 };
                    let last = starts.get(place + 1).map_or(none - 1, |next| (*next as u32).wrapping_sub(1));
                    match ranges.last_mut() {
                        Some(range) if range.1.wrapping_add(1) == first => range.1 = last,
                        _ => ranges.push((first, last)),
                    }
                }
                if not_set.is_some_and(holds) {
                    ranges.push((none, none));
                }
                Some(self.in_ranges(raw, &ranges))
            }
            (Classifier::Date { .. }, _) => {
                let class = self.date_class(coordinate)?;
                let first = &self.merged[coordinate].first;
                let list: Vec<(u32, bool)> =
                    (0u32..).zip(first).map(|(class, &first)| (class, holds(first as u16))).collect();
                Some(self.one_of(class, &list))
            }
            (Classifier::Identifier { known, same_as, not_set }, _) => {
                let others = (*known as u16..=*known as u16 + same_as.len() as u16).map(holds).collect::<Vec<bool>>();
                let rest = others.first().copied().unwrap_or(false);
                if others.iter().any(|&other| other != rest) {
                    return None;
                }
                // Names apart from the rest, by range.
                let mut ranges: Vec<(u32, u32)> = Vec::new();
                for name in (0..*known).filter(|&name| holds(name as u16) != rest) {
                    match ranges.last_mut() {
                        Some(range) if range.1 + 1 == name => range.1 = name,
                        _ => ranges.push((name, name)),
                    }
                }
                if not_set.is_some_and(|class| holds(class) != rest) {
                    ranges.push((NOT_SET_32, NOT_SET_32));
                }
                let apart = self.in_ranges(raw, &ranges);
                Some(if rest { self.graph.not(apart) } else { apart })
            }
        }
    }

    /// A truth, its opposite, always or never.
    fn truth(&mut self, truth: Number, when_no: bool, when_yes: bool) -> Number {
        match (when_no, when_yes) {
            (false, true) => truth,
            (true, false) => self.graph.not(truth),
            (always, _) => self.graph.constant(u32::from(always)),
        }
    }

    /// Whether a number is one of some listed ones. Numbers that are not listed never occur in a request that counts.
    fn one_of(&mut self, raw: Number, list: &[(u32, bool)]) -> Number {
        if let Some(found) = self.graph.choice(raw, list) {
            return found;
        }
        let (yes, no): (Vec<u32>, Vec<u32>) = {
            let wanted = |holds: bool| list.iter().filter(|it| it.1 == holds).map(|it| it.0).collect();
            (wanted(true), wanted(false))
        };
        match (&yes[..], &no[..]) {
            ([], _) => return self.graph.constant(0),
            (_, []) => return self.graph.constant(1),
            ([one], _) => return self.graph.with(Op::Eq, raw, *one),
            (_, [one]) => return self.graph.with(Op::Ne, raw, *one),
            _ => {}
        }
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for value in yes {
            match ranges.last_mut() {
                Some(range) if range.1.wrapping_add(1) == value => range.1 = value,
                _ => ranges.push((value, value)),
            }
        }
        self.in_ranges(raw, &ranges)
    }

    /// Whether a number lies in one of these inclusive ranges.
    pub(super) fn in_ranges(&mut self, raw: Number, ranges: &[(u32, u32)]) -> Number {
        let tests: Vec<Number> = ranges
            .iter()
            .map(|&(first, last)| match (first, last) {
                (first, last) if first == last => self.graph.with(Op::Eq, raw, first),
                (0, last) => self.graph.with(Op::AtMost, raw, last),
                (first, last) => {
                    let moved = self.graph.with(Op::Sub, raw, first);
                    self.graph.with(Op::AtMost, moved, last - first)
                }
            })
            .collect();
        self.graph.any(&tests)
    }

    /// The table's class of a date.
    fn date_class(&mut self, coordinate: usize) -> Option<Number> {
        let it = &self.model.coordinates[coordinate];
        let input = &self.model.schema.inputs[it.input];
        let Classifier::Date { not_set, .. } = &it.classifier else { return None };
        let map = &self.merged[coordinate].map;
        let dates = crate::emit::levels::dates(&it.classifier, |class| map[usize::from(class)]);
        if dates.days.0.len() + dates.years.0.len() > MOST_BOUNDS {
            return None;
        }
        let day = self.slot(coordinate);
        // The same arithmetic as in the loop: days since 0000-03-01.
        let days = self.graph.with(Op::Add, day, 719_468);
        let four = self.graph.constant(4);
        let mut weekday = self.graph.with(Op::Add, days, 2);
        weekday = self.graph.with(Op::Rem, weekday, 7);
        let row = {
            let flipped = self.graph.with(Op::Xor, day, NOT_SET_DATE);
            let starts: Vec<u32> = dates.days.0.iter().map(|&start| start as u32 ^ NOT_SET_DATE).collect();
            self.interval(flipped, &starts, &dates.days.1)
        };
        let column = if dates.years.0.is_empty() {
            self.graph.constant(u32::from(dates.years.1[0]))
        } else {
            let mut of_century = self.graph.two(Op::Mul, days, four);
            of_century = self.graph.with(Op::Add, of_century, 3);
            of_century = self.graph.with(Op::Rem, of_century, 146_097);
            of_century = self.graph.with(Op::Or, of_century, 3);
            let of_four = self.graph.with(Op::Rem, of_century, 1_461);
            let of_year = self.graph.with(Op::Shr, of_four, 2);
            let starts: Vec<u32> = dates.years.0.iter().map(|&start| u32::from(start)).collect();
            self.interval(of_year, &starts, &dates.years.1)
        };
        let mut cell = self.graph.with(Op::Mul, row, dates.columns as u32);
        cell = self.graph.two(Op::Add, cell, column);
        cell = self.graph.with(Op::Mul, cell, 7);
        cell = self.graph.two(Op::Add, cell, weekday);
        // A date out of range must not read beyond the table; its class does not matter.
        let fits = self.graph.with(Op::Less, cell, dates.table.len() as u32);
        let fits = self.graph.spread(fits);
        cell = self.graph.two(Op::And, cell, fits);
        cell = self.graph.with(Op::Shl, cell, 1);
        let at = self.date_cells(coordinate);
        let class = self.graph.add(Node::Table(2, at, cell));
        Some(match not_set {
            Some(none) if input.optional => {
                let none = self.graph.constant(u32::from(map[usize::from(*none)]));
                let unset = self.graph.with(Op::Eq, day, NOT_SET_DATE);
                self.graph.select(none, class, unset)
            }
            _ => class,
        })
    }

    /// Where the table keeps the classes of a date: behind bounds and maps.
    fn date_cells(&self, coordinate: usize) -> u32 {
        let order = self.model.forest.order();
        let level = order.iter().position(|&other| usize::from(other) == coordinate).unwrap_or(0);
        let table: &[u8] = self.table;
        let at = Table::new(table).level(level).data();
        let (days, years) = (table.u16_at(at) as usize, table.u16_at(at + 2) as usize);
        (at + 12 + 4 * (days - 1 + years - 1) + 2 * (days + years)) as u32
    }

    /// The number of the interval a value lies in.
    fn interval(&mut self, value: Number, starts: &[u32], numbers: &[u16]) -> Number {
        // Steps up or down at each start; most calendars have two numbers, so a step is a truth times a constant.
        let mut total = vec![self.graph.constant(u32::from(numbers[0]))];
        for (place, &start) in starts.iter().enumerate() {
            let start = self.graph.constant(start);
            let reached = self.graph.two(Op::AtMost, start, value);
            let step = u32::from(numbers[place + 1]).wrapping_sub(u32::from(numbers[place]));
            total.push(match step {
                1 => reached,
                u32::MAX => self.graph.spread(reached),
                _ => self.graph.with(Op::Mul, reached, step),
            });
        }
        self.graph.join(Op::Add, &total, 0)
    }

    /// Whether an answer has one of these terminals.
    pub(super) fn answer_is(&mut self, decision: usize, answer: usize, terminals: &[u32]) -> Option<Number> {
        let word = self.answer_word(decision, answer)?;
        let model = self.model;
        if let AnswerKind::SetOf(_) = model.schema.decisions[decision].answers[answer].kind {
            // Sets are asked member by member; as a whole only whether they are blank.
            let blank = self.blank_word(decision, answer)?;
            let wants_blank = terminals.contains(&crate::model::BLANK);
            let is_blank = self.graph.with(Op::And, blank, 1);
            return Some(if wants_blank { is_blank } else { self.graph.not(is_blank) });
        }
        let mut list: Vec<u32> = terminals.iter().map(|&it| words::value(model, decision, answer, it)).collect();
        list.sort_unstable();
        let count = model.schema.decisions[decision].answers[answer].kind.labels().len() as u32;
        if count > 0 && count <= 31 {
            let mut all: Vec<(u32, bool)> = (0..count).map(|value| (value, list.contains(&value))).collect();
            all.push((BLANK, list.contains(&BLANK)));
            return Some(self.one_of(word, &all));
        }
        let ranges: Vec<(u32, u32)> = list.into_iter().map(|value| (value, value)).collect();
        Some(self.in_ranges(word, &ranges))
    }
}
