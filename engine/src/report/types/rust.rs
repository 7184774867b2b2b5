//! Rust for servers and boxes: a struct with a field for each input and the bytes it packs into. In: a model. Out: a module
//! without dependencies, `no_std`. Everything is known in such a request; partly known ones are packed by name.

use super::{comment, fields, head, pascal};
use crate::model::Model;
use crate::schema::{AnswerKind, Input, Label, Type};
use crate::space::slots::{Slots, width};

/// Words that Rust has for itself.
const WORDS: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "impl", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "type", "unsafe", "where", "while", "yield", "abstract", "become", "final",
    "gen", "macro", "override", "priv", "try", "typeof", "unsized", "virtual",
];

pub(super) fn write(model: &Model, schema_hash: u32) -> String {
    let slots = Slots::of_model(model);
    let mut out = format!("//! {}\n\n", head(model, " --as rust"));
    out.push_str(&format!("/// What requests start with.\npub const SCHEMA: u32 = 0x{schema_hash:08x};\n"));
    out.push_str(&format!(
        "/// Bytes of a request in which everything is known.\npub const LENGTH: usize = {};\n\n",
        slots.short
    ));
    for (input, name) in model.schema.inputs.iter().zip(fields(model, WORDS)) {
        choices(&mut out, &pascal(&name), input.ty.labels(), matches!(input.ty, Type::SetOf(_)), &input.text);
    }
    request(&mut out, model, &slots);
    for (number, decision) in model.schema.decisions.iter().enumerate() {
        answers(&mut out, number, decision);
    }
    out
}

fn request(out: &mut String, model: &Model, slots: &Slots) {
    out.push_str("/// What is asked. Everything is known; `None` is not set.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct Request {\n");
    let names = fields(model, WORDS);
    for (input, name) in model.schema.inputs.iter().zip(&names) {
        out.push_str(&format!("    /// {}\n", words(input, model)));
        let ty = field_type(input, name);
        let ty = if input.optional { format!("Option<{ty}>") } else { ty };
        out.push_str(&format!("    pub {name}: {ty},\n"));
    }
    out.push_str("}\n\nimpl Request {\n    /// The packed request.\n    #[must_use]\n    pub fn pack(&self) -> [u8; LENGTH] {\n        let mut bytes = [0; LENGTH];\n        bytes[..4].copy_from_slice(&SCHEMA.to_le_bytes());\n");
    for (number, input) in model.schema.inputs.iter().enumerate() {
        let name = format!("self.{}", names[number]);
        let at = slots.inputs[number];
        if let Type::Moment(_) = input.ty {
            let minute = slots.minutes[number];
            let value = if input.optional { format!("{name}.unwrap_or((i32::MIN, u16::MAX))") } else { name };
            out.push_str(&format!("        let (day, minute) = {value};\n        bytes[{at}..{}].copy_from_slice(&day.to_le_bytes());\n        bytes[{minute}..{}].copy_from_slice(&minute.to_le_bytes());\n", at + 4, minute + 2));
            continue;
        }
        let (ty, len) = match (&input.ty, width(&input.ty)) {
            (Type::Date(..), _) => ("i32", 4),
            (_, 1) => ("u8", 1),
            (_, 2) => ("u16", 2),
            _ => ("u32", 4),
        };
        let cast = |name: &str| match input.ty {
            Type::YesNo => format!("u8::from({name})"),
            Type::OneOf(_) => format!("{name} as u8"),
            _ => name.to_owned(),
        };
        let none = if ty == "i32" { "i32::MIN".to_owned() } else { format!("{ty}::MAX") };
        let value =
            if input.optional { format!("{name}.map_or({none}, |value| {})", cast("value")) } else { cast(&name) };
        if len == 1 {
            out.push_str(&format!("        bytes[{at}] = {value};\n"));
        } else {
            out.push_str(&format!("        bytes[{at}..{}].copy_from_slice(&{value}.to_le_bytes());\n", at + len));
        }
    }
    out.push_str("        bytes\n    }\n}\n\n");
}

fn answers(out: &mut String, number: usize, decision: &crate::schema::Decision) {
    let name = pascal(&decision.name);
    for answer in &decision.answers {
        let yes_no = matches!(answer.kind, AnswerKind::OneOf { yes_no: true, .. });
        let set = matches!(answer.kind, AnswerKind::SetOf(_));
        if !yes_no {
            choices(out, &format!("{name}{}", pascal(&answer.name)), answer.kind.labels(), set, &answer.text);
        }
    }
    out.push_str(&format!(
        "/// The number of `{}`.\npub const {}: u32 = {number};\n\n",
        decision.name,
        snake(&decision.name).to_uppercase()
    ));
    let text = if decision.text.is_empty() { "What is answered." } else { &decision.text };
    out.push_str(&format!(
        "/// {} `None` is blank.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct {name}Answers {{\n",
        comment(text)
    ));
    for answer in &decision.answers {
        let ty = match &answer.kind {
            AnswerKind::OneOf { yes_no: true, .. } => "bool".to_owned(),
            AnswerKind::OneOf { .. } | AnswerKind::Strictest(_) => format!("{name}{}", pascal(&answer.name)),
            AnswerKind::SetOf(_) | AnswerKind::Shortest(_) => "u32".to_owned(),
        };
        let ty = if answer.only_when.is_some() { format!("Option<{ty}>") } else { ty };
        let kind = match &answer.kind {
            AnswerKind::SetOf(_) => "; members as bits",
            AnswerKind::Shortest(_) => "; minutes, `u32::MAX - 1` without a limit",
            _ => "",
        };
        let text = if answer.text.is_empty() { &answer.name } else { &answer.text };
        out.push_str(&format!("    /// {}{kind}.\n    pub {}: {ty},\n", comment(text), snake(&answer.name)));
    }
    out.push_str(&format!("}}\n\nimpl {name}Answers {{\n    /// The words of an outcome, behind its status; nothing if they are not of this policy.\n    #[must_use]\n    pub fn read(words: &[u32]) -> Option<{name}Answers> {{\n        Some({name}Answers {{\n"));
    let mut at = 0;
    for answer in &decision.answers {
        let (value, words) = match &answer.kind {
            AnswerKind::OneOf { yes_no: true, .. } => ("word == 1".to_owned(), 1),
            AnswerKind::OneOf { .. } | AnswerKind::Strictest(_) => {
                (format!("{name}{}::from_number(word)?", pascal(&answer.name)), 1)
            }
            AnswerKind::SetOf(_) => ("word".to_owned(), 2),
            AnswerKind::Shortest(_) => ("word".to_owned(), 1),
        };
        let blank = at + words - 1;
        let get = if at == 0 { "*words.first()?".to_owned() } else { format!("*words.get({at})?") };
        let first = format!("let word = {get};");
        let read = match (answer.only_when.is_some(), words, value.as_str()) {
            (false, _, "word") => get,
            (false, ..) => format!("{{ {first} {value} }}"),
            (true, 1, _) => format!("{{ {first} if word == u32::MAX {{ None }} else {{ Some({value}) }} }}"),
            (true, ..) => {
                format!("{{ {first} if *words.get({blank})? == u32::MAX {{ None }} else {{ Some({value}) }} }}")
            }
        };
        out.push_str(&format!("            {}: {read},\n", snake(&answer.name)));
        at += words;
    }
    out.push_str("        })\n    }\n}\n\n");
}

/// An enum for values, constants for the members of a set.
fn choices(out: &mut String, name: &str, labels: &[Label], set: bool, text: &str) {
    if labels.is_empty() {
        return;
    }
    let told = |label: &Label| comment(if label.text.is_empty() { &label.name } else { &label.text });
    if set {
        for (number, label) in labels.iter().enumerate() {
            let constant = format!("{}_{}", snake_of(name), snake(&label.name)).to_uppercase();
            out.push_str(&format!("/// {}.\npub const {constant}: u32 = 1 << {number};\n", told(label)));
        }
        out.push('\n');
        return;
    }
    let text = if text.is_empty() { "One of these" } else { text };
    out.push_str(&format!(
        "/// {}.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u8)]\npub enum {name} {{\n",
        comment(text)
    ));
    for (number, label) in labels.iter().enumerate() {
        out.push_str(&format!("    /// {}.\n    {} = {number},\n", told(label), variant(&label.name)));
    }
    out.push_str(&format!("}}\n\nimpl {name} {{\n    /// The value of a number.\n    #[must_use]\n    pub fn from_number(number: u32) -> Option<{name}> {{\n        match number {{\n"));
    for (number, label) in labels.iter().enumerate() {
        out.push_str(&format!("            {number} => Some({name}::{}),\n", variant(&label.name)));
    }
    out.push_str("            _ => None,\n        }\n    }\n}\n\n");
}

fn field_type(input: &Input, name: &str) -> String {
    match (&input.ty, width(&input.ty)) {
        (Type::YesNo, _) => "bool".to_owned(),
        (Type::OneOf(_), _) => pascal(name),
        (Type::Moment(_), _) => "(i32, u16)".to_owned(),
        (Type::Date(..), _) => "i32".to_owned(),
        (_, 1) => "u8".to_owned(),
        (_, 2) => "u16".to_owned(),
        _ => "u32".to_owned(),
    }
}

fn words(input: &Input, model: &Model) -> String {
    let kind = match &input.ty {
        Type::SetOf(_) => "members as bits".to_owned(),
        Type::Number(least, most) => format!("{least} to {most}"),
        Type::Duration(least, most) => format!("{least} to {most} minutes"),
        Type::Moment(_) => "days since 1970-01-01, minute of the day".to_owned(),
        Type::Date(..) => "days since 1970-01-01".to_owned(),
        Type::Time => "minute of the day".to_owned(),
        Type::Identifier(kind) => {
            let known = model.schema.identifiers.get(*kind).map_or(0, |kind| kind.names.len());
            format!("numbers below {known} are names the policy knows; the same means the same")
        }
        Type::YesNo | Type::OneOf(_) => String::new(),
    };
    let parts = [comment(if input.text.is_empty() { &input.name } else { &input.text }), kind];
    format!("{}.", parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
}

/// A field's name.
fn snake(name: &str) -> String {
    let plain = name.replace('.', "_");
    if WORDS.contains(&plain.as_str()) { format!("{plain}_") } else { plain }
}

fn snake_of(pascal: &str) -> String {
    pascal.chars().enumerate().fold(String::new(), |mut out, (place, c)| {
        if c.is_ascii_uppercase() && place > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        out
    })
}

/// The name of a value: `pin_or_fingerprint` as `PinOrFingerprint`, `2` as `N2`.
fn variant(label: &str) -> String {
    let name = pascal(label);
    match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        _ if name == "Self" => "Self_".to_owned(),
        _ => name,
    }
}
