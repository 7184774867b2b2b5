//! Random inputs, settings, constants, groups and calendars.
//! In: a stream of choices. Out: paragraphs, and what conditions may ask. Refuses to know decisions.

use super::{Paragraph, Random, text};

/// What a condition may ask of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// One of some values.
    OneOf(Vec<String>),
    /// A set of some members.
    Set(Vec<String>),
    /// A number.
    Number(u32, u32),
    /// A duration in minutes.
    Duration(u32, u32),
    /// A moment.
    Moment,
    /// A date.
    Date(i32, i32),
    /// A time of day.
    Time,
    /// An identifier of a kind.
    Identifier(&'static str),
}

/// An input or setting.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// Whether it may be not set.
    pub optional: bool,
}

/// A group of an input.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its input.
    pub of: usize,
}

/// All names conditions can use.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Inputs and settings.
    pub inputs: Vec<Input>,
    /// Groups, also those kept outside.
    pub groups: Vec<Group>,
    /// Calendars, also those kept outside.
    pub calendars: Vec<String>,
    /// Constants: name and value.
    pub constants: Vec<(String, Constant)>,
    /// Settings by name, with the literals they may be fixed at.
    pub settings: Vec<(String, Vec<String>)>,
}

/// The value of a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A number.
    Number(u32),
    /// A duration in minutes.
    Duration(u32),
    /// A minute of the day.
    Time(u16),
}

const LABELS: [&str; 10] = ["red", "green", "blue", "amber", "white", "black", "brown", "pink", "grey", "plum"];
/// Names of identifiers the policy may mention.
pub const NAMES: [&str; 4] = ["u-1", "u-2", "u-3", "Ünal"];

/// Generates the vocabulary; the first input is always a `one of` with at least four values, which rules can be anchored on.
pub fn vocabulary(random: &mut Random, out: &mut Vec<Paragraph>) -> Vocabulary {
    let mut made = Vocabulary::default();
    let anchor = Kind::OneOf(labels(random, 4, 7));
    input(random, &mut made, out, "site.kind".to_owned(), anchor, false);
    let count = 1 + random.below(5);
    for number in 0..count {
        let kind = kind(random, &made);
        let optional = random.chance(22);
        let name = if random.chance(40) { format!("person.i{number}") } else { format!("i{number}") };
        input(random, &mut made, out, name, kind, optional);
    }
    for number in 0..random.below(3) {
        setting(random, &mut made, out, number);
    }
    for number in 0..random.below(3) {
        constant(random, &mut made, out, number);
    }
    groups(random, &mut made, out);
    if made.inputs.iter().any(|input| input.kind == Kind::Moment) {
        calendars(random, &mut made, out);
    }
    made
}

fn labels(random: &mut Random, least: usize, most: usize) -> Vec<String> {
    let count = least + random.below(most - least + 1);
    let mut all: Vec<String> = LABELS.iter().map(|label| (*label).to_owned()).collect();
    random.shuffle(&mut all);
    all.truncate(count);
    all
}

fn kind(random: &mut Random, made: &Vocabulary) -> Kind {
    let identifiers = made.inputs.iter().filter(|input| matches!(input.kind, Kind::Identifier(_))).count();
    let moments = made.inputs.iter().filter(|input| input.kind == Kind::Moment).count();
    match random.below(20) {
        0..=2 => Kind::YesNo,
        3..=5 => Kind::OneOf(labels(random, 2, 5)),
        6..=7 => Kind::Set(labels(random, 1, 4)),
        8..=9 => {
            let ranges = [(1, 5), (0, 4_294_967_294), (7, 7), (10, 300)];
            let (least, most) = ranges[random.below(ranges.len())];
            Kind::Number(least, most)
        }
        10..=11 => {
            let least = *random.pick(&[0, 1, 30]).unwrap_or(&0);
            Kind::Duration(least, *random.pick(&[60, 1440, 43_200]).unwrap_or(&60))
        }
        12 => Kind::Time,
        13 => {
            let first = i32::try_from(random.between(20_454, 28_000)).unwrap_or(20_454);
            Kind::Date(first, first + i32::try_from(random.between(0, 2_600)).unwrap_or(0))
        }
        14..=16 if identifiers < 4 => Kind::Identifier(if random.chance(85) { "user" } else { "box_id" }),
        _ if moments == 0 => Kind::Moment,
        _ => Kind::YesNo,
    }
}

/// The words of a type.
fn type_text(random: &mut Random, kind: &Kind) -> String {
    match kind {
        Kind::YesNo => "yes or no".to_owned(),
        Kind::OneOf(labels) => format!("one of {}", described(random, labels)),
        Kind::Set(labels) => format!("a set of {}", described(random, labels)),
        Kind::Number(least, most) => format!("a number from {least} to {most}"),
        Kind::Duration(least, most) => {
            format!("a duration from {} to {}", text::duration(random, *least), text::duration(random, *most))
        }
        Kind::Moment if random.chance(20) => "a moment in zone \"Europe/Berlin\"".to_owned(),
        Kind::Moment => "a moment".to_owned(),
        Kind::Date(first, last) => format!("a date from {} to {}", text::date(*first), text::date(*last)),
        Kind::Time => "a time".to_owned(),
        Kind::Identifier(kind) => format!("a {kind}"),
    }
}

fn described(random: &mut Random, labels: &[String]) -> String {
    let described = |label: &String| {
        if random.chance(15) { format!("{label} \"the {label} one\"") } else { label.clone() }
    };
    labels.iter().map(described).collect::<Vec<_>>().join(", ")
}

fn input(
    random: &mut Random,
    made: &mut Vocabulary,
    out: &mut Vec<Paragraph>,
    name: String,
    kind: Kind,
    optional: bool,
) {
    let before = if optional { "optional " } else { "" };
    let described = if random.chance(15) { " \"what it is\"" } else { "" };
    let fixed = if random.chance(15) { " fixed" } else { "" };
    let ty = type_text(random, &kind);
    let text = format!("{before}input {name}{described} is {ty}{fixed}");
    out.push(Paragraph { kind: "input", name: name.clone(), text });
    made.inputs.push(Input { name, kind, optional });
}

fn setting(random: &mut Random, made: &mut Vocabulary, out: &mut Vec<Paragraph>, number: usize) {
    let kind = match random.below(4) {
        0 => Kind::YesNo,
        1 | 2 => Kind::OneOf(labels(random, 2, 4)),
        _ => Kind::Number(1, 4),
    };
    let values: Vec<String> = match &kind {
        Kind::OneOf(labels) => labels.clone(),
        Kind::Number(least, most) => (*least..=*most).map(|number| number.to_string()).collect(),
        _ => vec!["yes".to_owned(), "no".to_owned()],
    };
    let name = format!("org.s{number}");
    let default = random.pick(&values).cloned().unwrap_or_default();
    let text = format!("setting {name} is {} default {default}", type_text(random, &kind));
    out.push(Paragraph { kind: "setting", name: name.clone(), text });
    made.settings.push((name.clone(), values));
    made.inputs.push(Input { name, kind, optional: false });
}

fn constant(random: &mut Random, made: &mut Vocabulary, out: &mut Vec<Paragraph>, number: usize) {
    let name = format!("limit_{number}");
    let (value, words) = match random.below(3) {
        0 => {
            let value = random.between(1, 5) as u32;
            (Constant::Number(value), value.to_string())
        }
        1 => {
            let value = *random.pick(&[30, 45, 60]).unwrap_or(&30);
            (Constant::Duration(value), text::duration(random, value))
        }
        _ => {
            let value = random.between(1, 1438) as u16;
            (Constant::Time(value), text::time(value))
        }
    };
    out.push(Paragraph { kind: "constant", name: name.clone(), text: format!("constant {name} is {words}") });
    made.constants.push((name, value));
}

fn groups(random: &mut Random, made: &mut Vocabulary, out: &mut Vec<Paragraph>) {
    for of in 0..made.inputs.len() {
        let Input { name: input, kind, .. } = made.inputs[of].clone();
        let (members, outside) = match &kind {
            Kind::OneOf(labels) if random.chance(40) => {
                let chosen = random.some_below(labels.len(), 3);
                (chosen.into_iter().map(|place| labels[place].clone()).collect::<Vec<_>>(), false)
            }
            Kind::Identifier(_) if random.chance(60) => {
                let chosen = random.some_below(NAMES.len(), 3);
                (chosen.into_iter().map(|place| format!("\"{}\"", NAMES[place])).collect(), random.chance(50))
            }
            _ => continue,
        };
        let name = format!("g{of}");
        let list = if outside { "kept outside".to_owned() } else { members.join(", ") };
        out.push(Paragraph { kind: "group", name: name.clone(), text: format!("group {name} of {input} is {list}") });
        made.groups.push(Group { name, of });
    }
}

fn calendars(random: &mut Random, made: &mut Vocabulary, out: &mut Vec<Paragraph>) {
    let mut inside: Vec<String> = Vec::new();
    for number in 0..random.below(4) {
        let name = format!("c{number}");
        if random.chance(12) {
            out.push(Paragraph {
                kind: "calendar",
                name: name.clone(),
                text: format!("calendar {name} is kept outside"),
            });
            made.calendars.push(name);
            continue;
        }
        let spans: Vec<String> = (0..1 + random.below(3)).map(|_| span(random)).collect();
        let mut words = format!("calendar {name} is {}", spans.join(", "));
        if !inside.is_empty() && random.chance(50) {
            let chosen = random.some_below(inside.len(), 2);
            let names: Vec<&str> = chosen.iter().map(|place| inside[*place].as_str()).collect();
            words.push_str(&format!(" except {}", names.join(", ")));
        }
        out.push(Paragraph { kind: "calendar", name: name.clone(), text: words });
        inside.push(name.clone());
        made.calendars.push(name);
    }
}

fn span(random: &mut Random) -> String {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    match random.below(7) {
        0 => format!("every year on {}", text::year_day(random)),
        1 => format!("every year from {} to {}", text::year_day(random), text::year_day(random)),
        2 => format!("every day{}", hours(random, 100)),
        3 => {
            let first = random.between(20_454, 30_000) as i32;
            let last = first + random.between(0, 40) as i32;
            format!("from {} to {}{}", text::date(first), text::date(last), hours(random, 30))
        }
        4 => format!("{}{}", text::date(random.between(20_454, 30_680) as i32), hours(random, 30)),
        _ => {
            let first = random.below(7);
            let last = first + random.below(7 - first);
            let days = if last > first { format!("{} to {}", DAYS[first], DAYS[last]) } else { DAYS[first].to_owned() };
            format!("{days}{}", hours(random, 70))
        }
    }
}

fn hours(random: &mut Random, percent: u64) -> String {
    if !random.chance(percent) {
        return String::new();
    }
    let (a, b) = (random.between(0, 95) as u16 * 15, random.between(0, 96) as u16 * 15);
    if b > a {
        format!(" from {} until {}", text::time(a), text::time(b))
    } else {
        format!(" from {} until {} next day", text::time(a), text::time(b))
    }
}
