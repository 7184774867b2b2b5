//! Random conditions over a vocabulary and over answers.
//! In: a stream of choices, what may be asked. Out: condition text, and what it asked. Refuses to know what the condition is for.

use super::vocabulary::{Constant, Kind, NAMES, Vocabulary};
use super::{Random, text};

/// What a condition may ask of an answer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `decision.answer`.
    pub name: String,
    /// Its kind.
    pub kind: AnswerKind,
    /// Whether it can be blank.
    pub gated: bool,
}

/// The kinds of answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// `one of`, or `yes or no`.
    OneOf(Vec<String>),
    /// `the strictest of`.
    Strictest(Vec<String>),
    /// `a set of`.
    Set(Vec<String>),
    /// `the shortest duration up to` so many minutes.
    Shortest(u32),
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// One more than the highest answer it asks, directly or through other terms; 0 if none.
    pub level: usize,
    /// The optional inputs it asks.
    pub optional: Vec<usize>,
}

/// What conditions are made from.
pub struct Makings<'a> {
    /// The inputs and what belongs to them.
    pub vocabulary: &'a Vocabulary,
    /// The terms so far.
    pub terms: &'a [Term],
    /// The answers, in an order in which later ones may ask earlier ones.
    pub answers: &'a [Asked],
    /// The answers from here on are out of bounds.
    pub limit: usize,
}

/// A condition.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// Its text.
    pub text: String,
    /// One more than the highest answer it asks; 0 if none.
    pub level: usize,
    /// The optional inputs it asks.
    pub optional: Vec<usize>,
}

impl Makings<'_> {
    /// A whole condition: one to three clauses, perhaps a list of bullets last.
    pub fn condition(&self, random: &mut Random, most: usize) -> Condition {
        let mut made = Condition::default();
        let bullets = random.chance(18);
        let count = if bullets { random.below(most) } else { 1 + random.below(most) };
        let clauses: Vec<String> = (0..count).map(|_| self.one(random, &mut made)).collect();
        made.text = clauses.join(" and ");
        if bullets {
            let number = 2 + random.below(3);
            let head = if random.chance(60) {
                "any of".to_owned()
            } else {
                format!("at least {} of", 1 + random.below(number))
            };
            let and = if clauses.is_empty() { "" } else { " and " };
            made.text.push_str(and);
            made.text.push_str(&head);
            for _ in 0..number {
                let parts: Vec<String> = (0..1 + random.below(2)).map(|_| self.one(random, &mut made)).collect();
                made.text.push_str(&format!("\n    - {}", parts.join(" and ")));
            }
        }
        made
    }

    /// One clause.
    fn one(&self, random: &mut Random, made: &mut Condition) -> String {
        let terms: Vec<&Term> = self.terms.iter().filter(|term| term.level <= self.limit).collect();
        if !terms.is_empty() && random.chance(25) {
            let term = terms[random.below(terms.len())];
            made.level = made.level.max(term.level);
            made.optional.extend(&term.optional);
            if random.chance(40) {
                let set = |input: &usize| format!("{} is set and ", self.vocabulary.inputs[*input].name);
                let sets: String = term.optional.iter().map(set).collect();
                return format!("{sets}not {}", term.name);
            }
            return term.name.clone();
        }
        if self.limit > 0 && random.chance(25) {
            let number = random.below(self.limit.min(self.answers.len()));
            made.level = made.level.max(number + 1);
            return self.answer(random, &self.answers[number]);
        }
        let input = random.below(self.vocabulary.inputs.len());
        self.input(random, input, made)
    }

    fn input(&self, random: &mut Random, number: usize, made: &mut Condition) -> String {
        let input = &self.vocabulary.inputs[number];
        if input.optional {
            made.optional.push(number);
            if random.chance(20) {
                let not = if random.chance(50) { " not" } else { "" };
                return format!("{} is{not} set", input.name);
            }
        }
        let negative = random.chance(30);
        let (text, negative) = self.test(random, number, negative);
        if input.optional && negative { format!("{} is set and {text}", input.name) } else { text }
    }

    /// A test, and whether it came out in the negative.
    fn test(&self, random: &mut Random, number: usize, negative: bool) -> (String, bool) {
        let input = &self.vocabulary.inputs[number];
        let name = &input.name;
        let not = if negative { " not" } else { "" };
        let groups: Vec<&str> =
            self.vocabulary.groups.iter().filter(|group| group.of == number).map(|group| group.name.as_str()).collect();
        if !groups.is_empty() && random.chance(40) {
            return (format!("{name} is{not} in {}", groups[0]), negative);
        }
        match &input.kind {
            Kind::YesNo => (format!("{name} is{not} {}", if random.chance(50) { "yes" } else { "no" }), negative),
            Kind::OneOf(labels) => (format!("{name} is{not} {}", choices(random, labels)), negative),
            Kind::Set(labels) => (members(random, name, labels, negative), negative),
            Kind::Number(least, most) => {
                let constants = self.numbers(i64::from(*least), i64::from(*most));
                compare(random, name, (i64::from(*least), i64::from(*most)), negative, &constants, |_, n| n.to_string())
            }
            Kind::Duration(least, most) => {
                let constants = self.durations(i64::from(*least), i64::from(*most));
                let write = |random: &mut Random, n: i64| text::duration(random, n as u32);
                compare(random, name, (i64::from(*least), i64::from(*most)), negative, &constants, write)
            }
            Kind::Date(first, last) => date_test(random, name, (*first, *last), negative),
            Kind::Time => self.time_test(random, name, negative),
            Kind::Moment => self.moment_test(random, name, negative),
            Kind::Identifier(kind) => (self.identifier_test(random, number, kind, not), negative),
        }
    }

    fn numbers(&self, least: i64, most: i64) -> Vec<(String, i64)> {
        self.constants(|constant| match constant {
            Constant::Number(number) => Some(i64::from(number)),
            _ => None,
        })
        .into_iter()
        .filter(|(_, value)| least < *value && *value < most)
        .collect()
    }

    fn durations(&self, least: i64, most: i64) -> Vec<(String, i64)> {
        self.constants(|constant| match constant {
            Constant::Duration(minutes) => Some(i64::from(minutes)),
            _ => None,
        })
        .into_iter()
        .filter(|(_, value)| least < *value && *value < most)
        .collect()
    }

    fn constants(&self, value: impl Fn(Constant) -> Option<i64>) -> Vec<(String, i64)> {
        let constants = self.vocabulary.constants.iter();
        constants.filter_map(|(name, constant)| value(*constant).map(|value| (name.clone(), value))).collect()
    }

    fn time_test(&self, random: &mut Random, name: &str, negative: bool) -> (String, bool) {
        let constants = self.constants(|constant| match constant {
            Constant::Time(minute) => Some(i64::from(minute)),
            _ => None,
        });
        if random.chance(25) {
            let word = if random.chance(50) { "before" } else { "after" };
            return (format!("{name} is {word} {}", text::time(random.between(1, 1438) as u16)), false);
        }
        compare(random, name, (0, 1439), negative, &constants, |_, n| text::time(n as u16))
    }

    fn moment_test(&self, random: &mut Random, name: &str, negative: bool) -> (String, bool) {
        if !self.vocabulary.calendars.is_empty() && random.chance(50) {
            let calendar = &self.vocabulary.calendars[random.below(self.vocabulary.calendars.len())];
            let word = if negative { "outside" } else { "during" };
            return (format!("{name} is {word} {calendar}"), negative);
        }
        match random.below(3) {
            0 => self.time_test(random, &format!("{name}.time"), negative),
            1 => date_test(random, &format!("{name}.date"), (20_454, 30_680), negative),
            _ => weekday_test(random, name, negative),
        }
    }

    fn identifier_test(&self, random: &mut Random, number: usize, kind: &str, not: &str) -> String {
        let inputs = &self.vocabulary.inputs;
        let name = &inputs[number].name;
        let alike = |place: &usize| {
            *place != number && matches!(&inputs[*place].kind, Kind::Identifier(other) if *other == kind)
        };
        let others: Vec<usize> = (0..inputs.len()).filter(alike).filter(|place| !inputs[*place].optional).collect();
        if !others.is_empty() && random.chance(55) {
            return format!("{name} is{not} {}", inputs[others[random.below(others.len())]].name);
        }
        format!("{name} is{not} \"{}\"", NAMES[random.below(NAMES.len())])
    }

    fn answer(&self, random: &mut Random, asked: &Asked) -> String {
        let name = &asked.name;
        if asked.gated && random.chance(20) {
            let not = if random.chance(50) { " not" } else { "" };
            return format!("{name} is{not} set");
        }
        let negative = random.chance(30);
        let not = if negative { " not" } else { "" };
        match &asked.kind {
            AnswerKind::OneOf(labels) if labels.iter().any(|label| label == "yes") => {
                format!("{name} is{not} {}", labels[random.below(2)])
            }
            AnswerKind::OneOf(labels) | AnswerKind::Strictest(labels) => {
                format!("{name} is{not} {}", choices(random, labels))
            }
            AnswerKind::Set(labels) => members(random, name, labels, negative),
            AnswerKind::Shortest(most) => {
                let write = |random: &mut Random, n: i64| text::duration(random, n as u32);
                compare(random, name, (1, i64::from(*most)), negative, &[], write).0
            }
        }
    }
}

/// `a`, or `one of a, b`.
fn choices(random: &mut Random, labels: &[String]) -> String {
    if labels.len() > 2 && random.chance(35) {
        let chosen = random.some_below(labels.len(), labels.len() - 1);
        if chosen.len() > 1 {
            let names: Vec<&str> = chosen.iter().map(|place| labels[*place].as_str()).collect();
            return format!("one of {}", names.join(", "));
        }
    }
    labels[random.below(labels.len())].clone()
}

fn members(random: &mut Random, name: &str, labels: &[String], negative: bool) -> String {
    if negative {
        return format!("{name} do not include {}", labels[random.below(labels.len())]);
    }
    let chosen = random.some_below(labels.len(), 3);
    let names: Vec<&str> = chosen.iter().map(|place| labels[*place].as_str()).collect();
    match names.as_slice() {
        [one] => format!("{name} include {one}"),
        _ if random.chance(50) => format!("{name} include one of {}", names.join(", ")),
        _ => format!("{name} include all of {}", names.join(", ")),
    }
}

/// A comparison inside a range: never empty, never everything unless the range is a single value.
fn compare(
    random: &mut Random,
    name: &str,
    (least, most): (i64, i64),
    negative: bool,
    constants: &[(String, i64)],
    write: impl Fn(&mut Random, i64) -> String,
) -> (String, bool) {
    let point = |random: &mut Random, least: i64, most: i64| {
        let value = match random.below(4) {
            0 => least,
            1 => most,
            _ => random.between(least, most.min(least.saturating_add(2_000))),
        };
        (value, write(random, value))
    };
    if least >= most {
        let not = if negative { " not" } else { "" };
        return (format!("{name} is{not} {}", write(random, least)), negative);
    }
    if let Some((constant, _)) = random.pick(constants)
        && random.chance(50)
    {
        let word = *random.pick(&["at least", "at most", "more than", "less than"]).unwrap_or(&"at least");
        return (format!("{name} is {word} {constant}"), false);
    }
    let words = match random.below(7) {
        0 => format!("at least {}", point(random, least + 1, most).1),
        1 => format!("at most {}", point(random, least, most - 1).1),
        2 => format!("more than {}", point(random, least, most - 1).1),
        3 => format!("less than {}", point(random, least + 1, most).1),
        4 => {
            let (low, from) = point(random, least, most);
            format!("from {from} to {}", point(random, low, most).1)
        }
        5 => {
            let (low, from) = point(random, least, most - 1);
            format!("from {from} until {}", point(random, low + 1, most).1)
        }
        _ => {
            let not = if negative { "not " } else { "" };
            return (format!("{name} is {not}{}", point(random, least, most).1), negative);
        }
    };
    (format!("{name} is {words}"), false)
}

fn date_test(random: &mut Random, name: &str, (first, last): (i32, i32), negative: bool) -> (String, bool) {
    if first < last && random.chance(30) {
        let (word, day) = if random.chance(50) {
            ("before", random.between(i64::from(first) + 1, i64::from(last)))
        } else {
            ("after", random.between(i64::from(first), i64::from(last) - 1))
        };
        return (format!("{name} is {word} {}", text::date(day as i32)), false);
    }
    if !name.ends_with(".date") && random.chance(35) {
        return weekday_test(random, name, negative);
    }
    compare(random, name, (i64::from(first), i64::from(last)), negative, &[], |_, n| text::date(n as i32))
}

fn weekday_test(random: &mut Random, name: &str, negative: bool) -> (String, bool) {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let not = if negative { " not" } else { "" };
    let words = DAYS.map(str::to_owned);
    (format!("{name}.weekday is{not} {}", choices(random, &words)), negative)
}
