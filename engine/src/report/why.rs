//! An explanation written down: for people as they would say it, for machines complete.
//!
//! In: an [`Explanation`]. Out: text of the width asked for, or the fields of a JSON document.
//! Refuses to know: how anything was found. What the reader is not meant to see is not in the explanation any more.

use crate::explain::{Applied, Ask, Change, Explanation, Fault, Flip, Next, Open, Reason, Until, Ways, Who};
use crate::render::json::{array, object, string};
use crate::render::{Look, Paint, grouped, visible, wrap};
use crate::space::civil;
use crate::value::{Part, Status};

/// The most changes that are shown of one value; the rest is counted.
const SHOWN: usize = 4;

/// The explanation as a person reads it.
#[must_use]
pub fn text(found: &Explanation, look: Look) -> String {
    let mut page = Page { look, lines: Vec::new() };
    page.head(found);
    page.faults(found);
    page.rules(found);
    page.reasons(found);
    page.flips(found);
    page.until(found);
    if let Some(open) = &found.open {
        page.open(found, open);
    }
    page.lines.join("\n")
}

/// Lines of one look.
struct Page {
    look: Look,
    lines: Vec<String>,
}

impl Page {
    fn title(&mut self, title: &str) {
        self.lines.push(self.look.paint(Paint::Strong, title));
    }

    fn put(&mut self, indent: usize, text: &str) {
        let width = self.look.width.saturating_sub(indent + 2);
        let blank = " ".repeat(indent);
        for (number, line) in wrap(&visible(text), width + 2, width).into_iter().enumerate() {
            self.lines.push(format!("{blank}{}{line}", if number > 0 { "  " } else { "" }));
        }
    }

    fn head(&mut self, found: &Explanation) {
        let (paint, word) = match found.status {
            Status::Ok => (Paint::Good, "decided"),
            Status::UnsureMissing => (Paint::Warning, "not certain, too little is known"),
            _ => (Paint::Warning, "not decided, the request is not one the policy allows for"),
        };
        let head =
            format!("{}: {}", self.look.paint(Paint::Strong, &visible(&found.decision)), self.look.paint(paint, word));
        self.lines.push(head);
        let said: Vec<String> = found.answers.iter().filter_map(|said| said_words(&said.answer, &said.value)).collect();
        if !said.is_empty() {
            let unless = if found.status == Status::Ok { "" } else { "What holds for now: " };
            self.put(2, &format!("{unless}{}.", said.join("; ")));
        }
        if !found.unsure_because.is_empty() {
            self.put(2, &found.unsure_because);
        }
    }

    fn faults(&mut self, found: &Explanation) {
        for fault in &found.faults {
            match fault {
                Fault::Range(input, accepted) => {
                    self.put(2, &format!("The value of {input} is out of range; it is {accepted}."));
                }
                Fault::Fixed(input, left) => {
                    self.put(2, &format!("{input} is fixed here: it is {left}, and the request says something else."));
                }
                Fault::Assumption(sentence) => {
                    self.put(2, &format!("The request breaks what the policy takes for granted: {sentence}"));
                }
                Fault::Assumptions(sentences) => {
                    self.put(2, "The policy takes these for granted, and they cannot all hold here:");
                    for sentence in sentences {
                        self.put(4, sentence);
                    }
                }
            }
        }
    }

    fn rules(&mut self, found: &Explanation) {
        for (part, title) in [
            (Part::Deciding, "Because"),
            (Part::Overridden, "Set aside by an exception"),
            (Part::Milder, "Also true, but milder"),
        ] {
            let rules: Vec<&Applied> = found.rules.iter().filter(|rule| rule.part == part).collect();
            if rules.is_empty() {
                continue;
            }
            self.title(title);
            for rule in rules {
                self.put(2, &rule_words(rule));
            }
        }
        if found.completed.is_some() {
            self.put(2, "Not everything is known: these are the rules of one way to fill it in. The outcome is the same in all.");
        }
    }

    /// Answers that hang on the same facts share a line.
    fn reasons(&mut self, found: &Explanation) {
        let mut groups: Vec<(Vec<&Reason>, Vec<String>)> = Vec::new();
        for reason in &found.reasons {
            if reason.says.ends_with(" not apply") {
                continue;
            }
            let facts: Vec<String> = reason.facts.iter().map(|fact| fact.words.clone()).collect();
            match groups.iter_mut().find(|(_, known)| *known == facts) {
                Some((together, _)) => together.push(reason),
                None => groups.push((vec![reason], facts)),
            }
        }
        if groups.is_empty() {
            return;
        }
        self.title("What it hangs on");
        for (together, facts) in groups {
            let says: Vec<&str> = together.iter().map(|reason| reason.says.as_str()).collect();
            let facts = if facts.is_empty() { "nothing: it is always so".to_string() } else { facts.join("; ") };
            self.put(2, &format!("{}: {facts}.", says.join(", ")));
        }
    }

    fn flips(&mut self, found: &Explanation) {
        let blank = |name: &str| found.answers.iter().any(|said| said.answer == name && said.value == "blank");
        let shown: Vec<&Flip> = found.flips.iter().filter(|flip| !blank(&flip.answer)).collect();
        if shown.is_empty() {
            return;
        }
        self.title("What would have changed it");
        for flip in shown {
            self.put(2, &format!("{}:", flip_words(flip)));
            if flip.ways.is_empty() {
                self.put(4, "no valid request has this.");
            }
            for ways in &flip.ways {
                for change in ways.changes.iter().take(SHOWN) {
                    let own = |then: &&String| {
                        then.strip_prefix("no ") == Some(flip.answer.as_str())
                            || then.split(' ').next() == Some(flip.answer.as_str())
                    };
                    let also: Vec<&str> = change.then.iter().filter(|t| !own(t)).map(String::as_str).collect();
                    let also = if also.is_empty() { String::new() } else { format!(" Then also {}.", also.join("; ")) };
                    self.put(4, &format!("{}: if {}.{also}", who_words(ways.who), change.words.join(", and ")));
                }
                let more = ways.more + ways.changes.len().saturating_sub(SHOWN);
                if more > 0 {
                    let least = if ways.at_least { "at least " } else { "" };
                    let count = grouped(&more.to_string());
                    self.put(4, &format!("{}: {least}{count} more ways as short.", who_words(ways.who)));
                }
            }
        }
    }

    fn until(&mut self, found: &Explanation) {
        if found.until.is_empty() {
            return;
        }
        self.title("How long it stays like this");
        for until in &found.until {
            self.put(2, &until_words(until));
        }
    }

    fn open(&mut self, found: &Explanation, open: &Open) {
        self.title("Still possible");
        for said in &found.answers {
            let possible = possible_words(&said.possible);
            self.put(2, &format!("{}: {possible}.", said.answer));
        }
        if open.worth.is_empty() {
            self.put(2, "Nothing that is not known matters to the answer that is asked about.");
            return;
        }
        self.title("Worth asking");
        self.put(2, &format!("{}.", open.worth.join(", ")));
        if let Some(ask) = &open.next {
            self.title("Ask first");
            self.ask(ask);
        }
    }

    fn ask(&mut self, ask: &Ask) {
        let of = grouped(&ask.of);
        if ask.settled == "0" {
            self.put(2, &format!("{}: no single fact settles any of the {of} requests that are left.", ask.input));
        } else {
            self.put(2, &format!("{}: it settles {} of the {of} requests that are left.", ask.input, ask.share));
        }
        for row in &ask.rows {
            let then = if row.outcome.is_empty() { "still open".to_string() } else { row.outcome.join("; ") };
            self.put(4, &format!("{}: {then}.", row.when));
        }
        if ask.more > 0 {
            self.put(4, &format!("and {} more.", grouped(&ask.more.to_string())));
        }
    }
}

fn said_words(answer: &str, value: &str) -> Option<String> {
    match value {
        "blank" => None,
        "nothing" => Some(format!("no {answer}")),
        "no limit" => Some(format!("{answer} has no limit")),
        value => Some(format!("{answer}: {value}")),
    }
}

fn rule_words(rule: &Applied) -> String {
    let mut about = Vec::new();
    if !rule.name.is_empty() {
        about.push(rule.name.clone());
    }
    if !rule.cite.is_empty() {
        about.push(rule.cite.clone());
    }
    if !rule.overrides.is_empty() {
        about.push(format!("in place of {}", rule.overrides.join(", ")));
    }
    if !rule.overridden_by.is_empty() {
        about.push(format!("gives way to {}", rule.overridden_by.join(", ")));
    }
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join("; ")) };
    format!("{}{about}", rule.because)
}

fn flip_words(flip: &Flip) -> String {
    match flip.value.split_once(' ') {
        Some((with @ ("with" | "without"), member)) => format!("{} {with} {member}", flip.answer),
        _ if flip.value == "no limit" => format!("{} without a limit", flip.answer),
        _ => format!("{} {}", flip.answer, flip.value),
    }
}

fn who_words(who: Who) -> &'static str {
    match who {
        Who::Person => "the person",
        Who::Organization => "with the organization",
        Who::Nobody => "only with what nobody can change",
    }
}

fn until_words(until: &Until) -> String {
    let name = &until.input;
    let mut words = match &until.next {
        Next::At(day, minute, then) => {
            let day = i64::from(*day);
            let weekday = civil::weekday_name(civil::weekday(day));
            let at = format!("{} {} ({weekday})", civil::date_text(day), civil::time_text(i64::from(*minute)));
            let then = if then.is_empty() { String::new() } else { format!("; then {}", then.join("; ")) };
            format!("Until {at} by {name}{then}.")
        }
        Next::Never if until.unmoved.is_empty() => {
            format!("However {name} moves on, nothing changes before the end of 2053.")
        }
        Next::Never => format!("However {name} moves on, that alone changes nothing before the end of 2053."),
        Next::Beyond => format!("{name} lies after 2053, where calendars end: nothing is known."),
    };
    if !until.unmoved.is_empty() {
        let names = until.unmoved.join(", ");
        words.push_str(&format!(
            " But time also changes {names}, which is not followed here: decide again when it does."
        ));
    }
    words
}

/// `allowed or refused`; for sets what is certain and what may be.
fn possible_words(possible: &[String]) -> String {
    let sets = possible.iter().any(|value| value.starts_with("with ") || value.starts_with("without "));
    if !sets {
        let words = possible.iter().map(|value| if value == "blank" { "does not apply" } else { value });
        return words.collect::<Vec<_>>().join(" or ");
    }
    let has = |with: &str, member: &str| possible.iter().any(|value| *value == format!("{with} {member}"));
    let with = possible.iter().filter_map(|value| value.strip_prefix("with "));
    let members: Vec<String> = with
        .map(|member| if has("without", member) { format!("perhaps {member}") } else { member.to_string() })
        .collect();
    let members = if members.is_empty() { "nothing".to_string() } else { members.join(", ") };
    let blank = possible.iter().any(|value| value == "blank");
    if blank { format!("do not apply, or {members}") } else { members }
}

/// The fields of the JSON document.
#[must_use]
pub fn json(found: &Explanation) -> Vec<(&'static str, String)> {
    let answers = array(found.answers.iter().map(|said| {
        object(&[
            ("answer", string(&said.answer)),
            ("value", string(&said.value)),
            ("possible", strings(&said.possible)),
        ])
    }));
    vec![
        ("decision", string(&found.decision)),
        ("question", string(&found.question)),
        ("status", string(found.status.word())),
        ("answers", answers),
        ("unsure_because", string(&found.unsure_because)),
        ("faults", array(found.faults.iter().map(fault))),
        ("rules", array(found.rules.iter().map(rule))),
        ("completed", found.completed.as_ref().map_or("null".to_string(), |words| string(words))),
        ("reason", found.reason.as_ref().map_or("null".to_string(), reason)),
        ("reasons", array(found.reasons.iter().map(reason))),
        ("changes", array(found.flips.iter().map(flip))),
        ("until", array(found.until.iter().map(until))),
        ("open", found.open.as_ref().map_or("null".to_string(), open)),
    ]
}

fn strings(texts: &[String]) -> String {
    array(texts.iter().map(|text| string(text)))
}

fn fault(fault: &Fault) -> String {
    let (kind, input, words) = match fault {
        Fault::Range(input, accepted) => ("out-of-range", input.as_str(), vec![accepted.clone()]),
        Fault::Fixed(input, left) => ("fixed", input.as_str(), vec![left.clone()]),
        Fault::Assumption(sentence) => ("assumption", "", vec![sentence.clone()]),
        Fault::Assumptions(sentences) => ("assumptions-together", "", sentences.clone()),
    };
    object(&[("kind", string(kind)), ("input", string(input)), ("words", strings(&words))])
}

fn rule(rule: &Applied) -> String {
    let part = match rule.part {
        Part::Deciding => "deciding",
        Part::Overridden => "overridden",
        Part::Milder => "milder",
    };
    object(&[
        ("rule", string(&rule.name)),
        ("part", string(part)),
        ("because", string(&rule.because)),
        ("cite", string(&rule.cite)),
        ("says", strings(&rule.says)),
        ("overrides", strings(&rule.overrides)),
        ("overridden_by", strings(&rule.overridden_by)),
    ])
}

fn reason(reason: &Reason) -> String {
    let facts = reason.facts.iter();
    let facts = facts.map(|fact| object(&[("input", string(&fact.input)), ("words", string(&fact.words))]));
    object(&[("answer", string(&reason.answer)), ("says", string(&reason.says)), ("facts", array(facts))])
}

fn flip(flip: &Flip) -> String {
    object(&[
        ("answer", string(&flip.answer)),
        ("value", string(&flip.value)),
        ("ways", array(flip.ways.iter().map(ways))),
    ])
}

fn ways(ways: &Ways) -> String {
    let who = match ways.who {
        Who::Person => "person",
        Who::Organization => "organization",
        Who::Nobody => "nobody",
    };
    object(&[
        ("who", string(who)),
        ("inputs", ways.inputs.to_string()),
        ("changes", array(ways.changes.iter().map(change))),
        ("more", ways.more.to_string()),
        ("more_is_at_least", ways.at_least.to_string()),
    ])
}

fn change(change: &Change) -> String {
    let request: Vec<(&str, String)> =
        change.request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    object(&[
        ("words", strings(&change.words)),
        ("inputs", strings(&change.inputs)),
        ("then", strings(&change.then)),
        ("request", object(&request)),
    ])
}

fn until(until: &Until) -> String {
    let (next, at, then) = match &until.next {
        Next::At(day, minute, then) => {
            let at = format!("{}T{}", civil::date_text(i64::from(*day)), civil::time_text(i64::from(*minute)));
            ("at", string(&at), strings(then))
        }
        Next::Never => ("never", "null".to_string(), strings(&[])),
        Next::Beyond => ("beyond-the-horizon", "null".to_string(), strings(&[])),
    };
    object(&[
        ("input", string(&until.input)),
        ("next", string(next)),
        ("at", at),
        ("then", then),
        ("not_followed", strings(&until.unmoved)),
    ])
}

fn open(open: &Open) -> String {
    let next = open.next.as_ref().map_or("null".to_string(), |ask| {
        let rows = ask.rows.iter();
        let rows = rows.map(|row| object(&[("when", string(&row.when)), ("outcome", strings(&row.outcome))]));
        object(&[
            ("input", string(&ask.input)),
            ("share", string(&ask.share)),
            ("settled", string(&ask.settled)),
            ("of", string(&ask.of)),
            ("rows", array(rows)),
            ("more", ask.more.to_string()),
        ])
    });
    object(&[("worth", strings(&open.worth)), ("next", next)])
}
