//! Types for `@keyward/runtime`. In: a model. Out: a `.d.ts` file. Every input has to be mentioned, so that none is forgotten:
//! `undefined` says that it is not known. Settings may be left out; they have defaults.

use super::{comment, head, last_name, pascal};
use crate::model::Model;
use crate::render::json::string;
use crate::schema::{Answer, AnswerKind, Input, Label, Origin, Type};

pub(super) fn write(model: &Model) -> String {
    let name = pascal(last_name(model));
    let mut out = format!("// {}\n\n", head(model, ""));
    out.push_str(&doc("", &model.identity.title));
    out.push_str(&format!("export interface {name} {{\n  request: {name}Request;\n  decisions: {{\n"));
    for decision in &model.schema.decisions {
        out.push_str(&doc("    ", &decision.text));
        out.push_str(&format!("    {}: {};\n", decision.name, answers_name(model, &name, &decision.name)));
    }
    out.push_str("  };\n}\n\n");
    out.push_str("/** What is asked. `undefined`: not known; `null`: not set. */\n");
    out.push_str(&format!("export interface {name}Request {{\n"));
    for input in &model.schema.inputs {
        out.push_str(&doc("  ", &input_words(input, &model.schema.inputs)));
        let silent = input.default.is_some();
        let not_set = if input.optional { " | null" } else { "" };
        let ty = input_type(&input.ty);
        let (mark, unknown) = if silent { ("?", "") } else { ("", " | undefined") };
        out.push_str(&format!("  {}{mark}: {ty}{not_set}{unknown};\n", string(&input.name)));
    }
    out.push_str("}\n");
    for decision in &model.schema.decisions {
        out.push('\n');
        out.push_str(&doc("", &decision.text));
        out.push_str(&format!("export interface {} {{\n", answers_name(model, &name, &decision.name)));
        for answer in &decision.answers {
            out.push_str(&doc("  ", &answer_words(answer)));
            let blank = if answer.only_when.is_some() { " | null" } else { "" };
            out.push_str(&format!("  readonly {}: {}{blank};\n", answer.name, answer_type(&answer.kind)));
        }
        out.push_str("}\n");
    }
    out
}

fn answers_name(model: &Model, name: &str, decision: &str) -> String {
    if model.schema.decisions.len() == 1 {
        format!("{name}Answers")
    } else {
        format!("{name}{}Answers", pascal(decision))
    }
}

fn input_type(ty: &Type) -> String {
    match ty {
        Type::YesNo => "boolean".to_owned(),
        Type::OneOf(labels) => union(labels),
        Type::SetOf(labels) => format!("readonly ({})[]", union(labels)),
        Type::Number(..) => "number".to_owned(),
        Type::Duration(..) => "number | string".to_owned(),
        Type::Moment(_) => "string | Date".to_owned(),
        Type::Date(..) | Type::Time | Type::Identifier(_) => "string".to_owned(),
    }
}

fn answer_type(kind: &AnswerKind) -> String {
    match kind {
        AnswerKind::OneOf { yes_no: true, .. } => "boolean".to_owned(),
        AnswerKind::OneOf { values, .. } | AnswerKind::Strictest(values) => union(values),
        AnswerKind::SetOf(labels) => format!("readonly ({})[]", union(labels)),
        AnswerKind::Shortest(_) => "number | \"no limit\"".to_owned(),
    }
}

fn union(labels: &[Label]) -> String {
    let names: Vec<String> = labels.iter().map(|label| string(&label.name)).collect();
    names.join(" | ")
}

fn input_words(input: &Input, all: &[Input]) -> String {
    let about = |of: usize| all.get(of).map_or("?", |input| input.name.as_str());
    let kind = match &input.ty {
        Type::Number(least, most) => format!("from {least} to {most}"),
        Type::Duration(least, most) => format!("from {least} to {most} minutes, or text such as \"12 hours\""),
        Type::Moment(_) => "local time such as \"2026-12-25T23:30\"".to_owned(),
        Type::Date(..) => "a date such as \"2026-12-25\"".to_owned(),
        Type::Time => "a time such as \"23:30\"".to_owned(),
        _ => String::new(),
    };
    let origin = match input.origin {
        Origin::Input => String::new(),
        Origin::Setting => "a setting".to_owned(),
        Origin::OutsideGroup(of) => format!("whether {} is in the group", about(of)),
        Origin::OutsideCalendar(of) => format!("whether {} is in the calendar", about(of)),
    };
    let parts = [input.text.clone(), origin, kind, labels_words(input.ty.labels())];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn answer_words(answer: &Answer) -> String {
    let kind = if let AnswerKind::Shortest(_) = answer.kind { "minutes" } else { "" };
    let parts = [answer.text.as_str(), kind, &labels_words(answer.kind.labels())].map(str::to_owned);
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn labels_words(labels: &[Label]) -> String {
    let told = labels.iter().filter(|label| !label.text.is_empty());
    told.map(|label| format!("{}: {}", label.name, label.text)).collect::<Vec<_>>().join("; ")
}

fn doc(indent: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{indent}/** {} */\n", comment(text)) }
}
