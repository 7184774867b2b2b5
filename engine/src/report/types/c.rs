//! A C header with the bytes of requests and outcomes. In: a model. Out: structs that stand in memory as ABI 1 has them, on
//! little-endian machines; the numbers of all values; which known bits belong to which input.

use super::{comment, fields, head, last_name};
use crate::model::Model;
use crate::schema::{AnswerKind, Label, Type};
use crate::space::slots::{Slots, width};

/// Words that C has for itself, and members that every request has.
const WORDS: &[&str] = &[
    "alignas",
    "alignof",
    "auto",
    "bool",
    "break",
    "case",
    "char",
    "const",
    "constexpr",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "false",
    "flags",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "known",
    "long",
    "nullptr",
    "register",
    "restrict",
    "return",
    "schema",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "true",
    "typedef",
    "typeof",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
    "zeros",
];

pub(super) fn write(model: &Model, schema_hash: u32) -> String {
    let prefix = format!("kw_{}", plain(last_name(model)));
    let upper = prefix.to_uppercase();
    let slots = Slots::of_model(model);
    let mut out =
        format!("/* {} */\n#ifndef {upper}_H\n#define {upper}_H\n\n#include <stdint.h>\n\n", head(model, " --as c"));
    out.push_str(&format!("#define {upper}_SCHEMA 0x{schema_hash:08x}u\n"));
    out.push_str(&format!("/* A request with flags 0 may end here: everything is known, every duty can be done. */\n#define {upper}_SHORT {}\n\n", slots.short));
    request(&mut out, model, &slots, &prefix);
    values(&mut out, model, &upper);
    known(&mut out, model, &upper);
    for (number, decision) in model.schema.decisions.iter().enumerate() {
        out.push_str(&format!(
            "\n/* {} */\n",
            comment(if decision.text.is_empty() { &decision.name } else { &decision.text })
        ));
        out.push_str(&format!("#define {upper}_{} {number}\n", plain(&decision.name).to_uppercase()));
        out.push_str("typedef struct {\n  uint32_t status; /* 0 ok, 1 unsure-missing, 2 unsure-invalid, 3 schema-mismatch, 4 duty-unsupported */\n");
        for answer in &decision.answers {
            let text = if answer.text.is_empty() { String::new() } else { format!(": {}", comment(&answer.text)) };
            let kind = match answer.kind {
                AnswerKind::SetOf(_) => "bits",
                AnswerKind::Shortest(_) => "minutes, 0xfffffffe no limit",
                _ => "number",
            };
            let blank = if answer.only_when.is_some() { ", 0xffffffff blank" } else { "" };
            let name = plain(&answer.name);
            if let AnswerKind::SetOf(_) = answer.kind {
                out.push_str(&format!(
                    "  uint32_t {name}; /* bits{text} */\n  uint32_t {name}_blank; /* 0{blank} */\n"
                ));
            } else {
                out.push_str(&format!("  uint32_t {name}; /* {kind}{blank}{text} */\n"));
            }
        }
        out.push_str(&format!("}} {prefix}_{}_answers;\n", plain(&decision.name)));
        for answer in &decision.answers {
            let bits = matches!(answer.kind, AnswerKind::SetOf(_));
            let path =
                format!("{upper}_{}_{}", plain(&decision.name).to_uppercase(), plain(&answer.name).to_uppercase());
            if let AnswerKind::OneOf { yes_no: true, .. } = answer.kind {
                continue;
            }
            labels(&mut out, &path, answer.kind.labels(), bits);
        }
    }
    out.push_str("\n#endif\n");
    out
}

fn request(out: &mut String, model: &Model, slots: &Slots, prefix: &str) {
    let mut members: Vec<(usize, String)> = Vec::new();
    let names = fields(model, WORDS);
    for (number, input) in model.schema.inputs.iter().enumerate() {
        let name = &names[number];
        let not_set = |bits: &str| if input.optional { format!(", {bits} not set") } else { String::new() };
        let ty = match (&input.ty, width(&input.ty)) {
            (Type::Moment(_) | Type::Date(..), _) => "int32_t",
            (_, 1) => "uint8_t",
            (_, 2) => "uint16_t",
            _ => "uint32_t",
        };
        let all_bits = match width(&input.ty) {
            1 => "0xff",
            2 => "0xffff",
            _ => "0xffffffff",
        };
        let words = match &input.ty {
            Type::YesNo => format!("0 no, 1 yes{}", not_set(all_bits)),
            Type::OneOf(_) => format!("number of the value{}", not_set(all_bits)),
            Type::SetOf(_) => format!("bits{}", not_set(all_bits)),
            Type::Number(least, most) => format!("{least} to {most}{}", not_set(all_bits)),
            Type::Duration(least, most) => format!("{least} to {most} minutes{}", not_set(all_bits)),
            Type::Moment(_) | Type::Date(..) => format!("days since 1970-01-01{}", not_set("INT32_MIN")),
            Type::Time => format!("minute of the day{}", not_set(all_bits)),
            Type::Identifier(_) => {
                format!("names the policy knows first, else a number of your own{}", not_set(all_bits))
            }
        };
        let text = if input.text.is_empty() { String::new() } else { format!("; {}", comment(&input.text)) };
        if let Type::Moment(_) = input.ty {
            members.push((slots.inputs[number], format!("  {ty} {name}_day; /* {words}{text} */\n")));
            members.push((slots.minutes[number], format!("  uint16_t {name}_minute; /* 0 to 1439 */\n")));
        } else {
            members.push((slots.inputs[number], format!("  {ty} {name}; /* {words}{text} */\n")));
        }
    }
    members.sort();
    out.push_str(
        "typedef struct {\n  uint32_t schema;\n  uint32_t flags; /* 1: known[] is filled in; 2: the duties are */\n",
    );
    members.iter().for_each(|(_, line)| out.push_str(line));
    let bytes = slots.bytes_at + model.schema.inputs.iter().filter(|input| width(&input.ty) == 1).count();
    if slots.short > bytes {
        out.push_str(&format!("  uint8_t zeros[{}];\n", slots.short - bytes));
    }
    for (decision, places) in model.schema.decisions.iter().zip(&slots.duties) {
        for (answer, _) in decision.answers.iter().zip(places) {
            if let AnswerKind::SetOf(_) = answer.kind {
                let (decision, name) = (plain(&decision.name), plain(&answer.name));
                out.push_str(&format!("  uint32_t {decision}_{name}_duties; /* bits that can be done here */\n"));
            }
        }
    }
    out.push_str(&format!("  uint8_t known[{}];\n}} {prefix}_request;\n", slots.len - slots.known));
    out.push_str(&format!("_Static_assert(sizeof({prefix}_request) == {}, \"the bytes of a request\");\n", slots.len));
}

fn values(out: &mut String, model: &Model, upper: &str) {
    for (input, name) in model.schema.inputs.iter().zip(fields(model, WORDS)) {
        let path = format!("{upper}_{}", name.to_uppercase());
        labels(out, &path, input.ty.labels(), matches!(input.ty, Type::SetOf(_)));
    }
    for kind in model.schema.identifiers.iter().filter(|kind| !kind.names.is_empty()) {
        out.push_str(&format!("/* Numbers of the names of a {} that the policy knows:", comment(&kind.name)));
        for (number, name) in kind.names.iter().enumerate() {
            out.push_str(&format!(" {number} \"{}\"", comment(name)));
        }
        out.push_str(" */\n");
    }
}

fn known(out: &mut String, model: &Model, upper: &str) {
    out.push_str("/* Known bits of each input: the first, and how many. Bit n is bit n % 8 of known[n / 8]. */\n");
    for (number, name) in fields(model, WORDS).iter().enumerate() {
        let mine = |coordinate: &&crate::model::Coordinate| coordinate.input == number;
        let first = model.coordinates.iter().position(|coordinate| coordinate.input == number).unwrap_or(0);
        let count = model.coordinates.iter().filter(mine).count();
        let name = name.to_uppercase();
        out.push_str(&format!("#define {upper}_{name}_KNOWN {first}, {count}\n"));
    }
}

fn labels(out: &mut String, path: &str, labels: &[Label], bits: bool) {
    if labels.is_empty() {
        return;
    }
    let list = labels.iter().enumerate().map(|(number, label)| {
        let value = if bits { format!("1u << {number}") } else { number.to_string() };
        format!("{path}_{} = {value}", plain(&label.name).to_uppercase())
    });
    out.push_str(&format!("enum {{ {} }};\n", list.collect::<Vec<_>>().join(", ")));
}

/// A name that C takes.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
