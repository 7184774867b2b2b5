//! Groups: values of one input, or identifiers, listed or kept outside.
//! In: groups as written. Out: members as numbers. Refuses to know where the group is used.

use super::labels::VALUES;
use super::literals::{Domain, literal};
use super::report::Report;
use super::vocabulary::{Group, Members, Vocabulary};
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{InputId, Type};
use std::collections::BTreeMap;

/// Enters the groups.
pub(super) fn groups(written: &[&ast::Group], vocabulary: &mut Vocabulary, report: &mut Report) {
    for group in written {
        let Some(&of) = vocabulary.inputs.get(&group.of.text) else {
            report.mark_broken(&group.name.text);
            report.unknown("input", &group.of.text, group.of.span, vocabulary.inputs.keys().map(String::as_str));
            continue;
        };
        let members = match &group.members {
            Some(members) => listed(group, of, members, vocabulary, report),
            None => outside(group, of, vocabulary, report),
        };
        let Some(members) = members else {
            report.mark_broken(&group.name.text);
            continue;
        };
        vocabulary.groups.insert(group.name.text.clone(), Group { of, members, span: group.name.span });
    }
}

fn listed(
    group: &ast::Group,
    of: InputId,
    members: &[ast::Literal],
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<Members> {
    let input = vocabulary.input(of);
    let domain = match Domain::of(&input.ty) {
        Some(domain @ (Domain::Values(_) | Domain::Identifier(_))) => domain,
        _ => {
            let message = format!("`{}` has no list of values to make a group of", input.name);
            report.push(
                Diagnostic::new(codes::KW138, group.of.span, message)
                    .label(input.span, "declared here")
                    .note("groups are of inputs that are `one of` some values, and of identifiers")
                    .hint("give the condition a name with `term`"),
            );
            return None;
        }
    };
    let mut numbers = BTreeMap::new();
    for member in members {
        let Some(number) = literal(member, &domain, &input.name, vocabulary, report) else { continue };
        if let Some(first) = numbers.insert(number, member.span) {
            let message = format!("`{}` lists this member twice", group.name.text);
            report.push(Diagnostic::new(codes::KW122, member.span, message).label(first, "first listed here"));
        }
    }
    // More members than can be numbered are reported with the identifiers.
    let numbers = numbers.into_keys().take(VALUES).filter_map(|number| u32::try_from(number).ok());
    Some(Members::Listed(numbers.collect()))
}

fn outside(group: &ast::Group, of: InputId, vocabulary: &Vocabulary, report: &mut Report) -> Option<Members> {
    let input = vocabulary.input(of);
    if !matches!(input.ty, Type::Identifier(_)) {
        let message = format!("only groups of identifiers are kept outside, and `{}` is none", input.name);
        report.push(
            Diagnostic::new(codes::KW138, group.of.span, message)
                .label(input.span, "declared here")
                .hint("list the members, or ask the host with an input that is `yes or no`"),
        );
        return None;
    }
    vocabulary.outside.get(&group.name.text).copied().map(Members::Outside)
}
