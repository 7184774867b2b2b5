//! `keyward schema`: the JSON Schema of a policy's requests.
//! In: a policy or a module. Out: JSON Schema 2020-12. Refuses to demand inputs: what is absent is unknown.

use crate::args::Schema;
use crate::exit::{Exit, Failure};
use crate::module;
use crate::terminal::Terminal;
use keyward::render::json::{array, object, string};
use keyward_server::json::{Said, date_text};
use keyward_server::{Default, InputInfo, InputType, Origin, Policy};
use std::collections::BTreeMap;

/// Prints the schema.
pub fn run(args: &Schema, terminal: &Terminal) -> Result<Exit, Failure> {
    let loaded = module::load(&args.file, terminal)?;
    terminal.result(&schema(&loaded.policy));
    Ok(Exit::Fine)
}

fn schema(policy: &Policy) -> String {
    let identity = policy.identity();
    let title = if identity.title.is_empty() { &identity.name } else { &identity.title };
    let inputs = &policy.schema().inputs;
    let mut properties: Vec<(String, String)> =
        inputs.iter().map(|input| (input.name.clone(), property(input, inputs))).collect();
    // The same inputs as nested objects.
    properties.extend(nested(inputs));
    let properties: Vec<(&str, String)> =
        properties.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    object(&[
        ("$schema", string("https://json-schema.org/draft/2020-12/schema")),
        ("$id", string(&format!("urn:keyward:{}:{}", identity.name, identity.version))),
        ("title", string(title)),
        ("type", string("object")),
        ("properties", object(&properties)),
        ("additionalProperties", "false".to_string()),
    ])
}

/// One level of names below a prefix.
#[derive(std::default::Default)]
struct Tree<'a> {
    leaf: Option<&'a InputInfo>,
    below: BTreeMap<&'a str, Tree<'a>>,
}

fn nested(inputs: &[InputInfo]) -> Vec<(String, String)> {
    let mut root = Tree::default();
    for input in inputs.iter().filter(|input| input.name.contains('.')) {
        let mut at = &mut root;
        for part in input.name.split('.') {
            at = at.below.entry(part).or_default();
        }
        at.leaf = Some(input);
    }
    root.below.iter().map(|(name, tree)| ((*name).to_string(), branch(tree, inputs, 0))).collect()
}

fn branch(tree: &Tree<'_>, inputs: &[InputInfo], depth: usize) -> String {
    if let Some(input) = tree.leaf {
        return property(input, inputs);
    }
    let below: Vec<(&str, String)> = if depth > 32 {
        Vec::new()
    } else {
        tree.below.iter().map(|(name, tree)| (*name, branch(tree, inputs, depth + 1))).collect()
    };
    object(&[("type", string("object")), ("properties", object(&below)), ("additionalProperties", "false".to_string())])
}

fn property(input: &InputInfo, inputs: &[InputInfo]) -> String {
    let mut kind = type_of(&input.ty);
    let name = |of: usize| inputs.get(of).map_or("", |input| input.name.as_str());
    match input.origin {
        Origin::OutsideGroup(of) => {
            kind.push(("description", string(&format!("whether {} is in this group", name(of)))));
        }
        Origin::OutsideCalendar(of) => {
            kind.push(("description", string(&format!("whether {} is during this calendar", name(of)))));
        }
        Origin::Setting => kind.push(("description", string("a setting; absent means its default"))),
        Origin::Input => {}
    }
    if let Some(default) = &input.default {
        kind.push(("default", default_of(&input.ty, default)));
    }
    if !input.optional {
        return object(&kind);
    }
    let null = object(&[("type", string("null"))]);
    object(&[("anyOf", array([object(&kind), null].into_iter()))])
}

fn type_of(ty: &InputType) -> Vec<(&'static str, String)> {
    let names = |names: &[String]| array(names.iter().map(|name| string(name)));
    let text = |pattern: &str| vec![("type", string("string")), ("pattern", string(pattern))];
    let whole = |least: u32, most: u32| {
        vec![("type", string("integer")), ("minimum", least.to_string()), ("maximum", most.to_string())]
    };
    match ty {
        InputType::YesNo => vec![("type", string("boolean"))],
        InputType::OneOf(values) => vec![("enum", names(values))],
        InputType::SetOf(members) => vec![
            ("type", string("array")),
            ("items", object(&[("enum", names(members))])),
            ("uniqueItems", "true".to_string()),
        ],
        InputType::Number(least, most) => whole(*least, *most),
        InputType::Duration(least, most) => {
            let words = text("^[0-9]+ (minute|minutes|hour|hours|day|days)$");
            vec![("anyOf", array([object(&whole(*least, *most)), object(&words)].into_iter()))]
        }
        InputType::Moment(_, zone) => {
            let mut kind = text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}");
            if !zone.is_empty() {
                kind.push(("$comment", string(&format!("civil time in {zone}"))));
            }
            kind
        }
        InputType::Date(least, most) => {
            let comment = format!("{} to {}", date_text(*least), date_text(*most));
            vec![("type", string("string")), ("format", string("date")), ("$comment", string(&comment))]
        }
        InputType::Time => text("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
        InputType::Identifier(_) => vec![("type", string("string")), ("minLength", "1".to_string())],
    }
}

fn default_of(ty: &InputType, default: &Default) -> String {
    let named = |names: &[String], at: u32| Said::Name(names.get(at as usize).cloned().unwrap_or_default()).json();
    match (ty, default) {
        (_, Default::NotSet) => "null".to_string(),
        (_, Default::Identifier(name)) => string(name),
        (InputType::YesNo, Default::Number(value, _)) => (*value == 1).to_string(),
        (InputType::OneOf(names), Default::Number(value, _)) => named(names, *value),
        (InputType::SetOf(names), Default::Number(mask, _)) => {
            let members = names.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
            array(members.map(|(_, name)| string(name)))
        }
        (InputType::Date(..), Default::Number(day, _)) => string(&date_text(day.cast_signed())),
        (InputType::Moment(..), Default::Number(day, minute)) => {
            string(&format!("{}T{}", date_text(day.cast_signed()), time_text(*minute)))
        }
        (InputType::Time, Default::Number(minute, _)) => string(&time_text(*minute)),
        (InputType::Number(..) | InputType::Duration(..) | InputType::Identifier(_), Default::Number(value, _)) => {
            value.to_string()
        }
    }
}

fn time_text(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
