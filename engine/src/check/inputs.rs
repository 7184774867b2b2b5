//! Inputs, settings and what is kept outside: types, ranges, defaults, and how many there may be.
//! In: declarations. Out: inputs of the schema. Refuses to know what rules do with them.

use super::dates::{MACHINE_DAYS, day_number};
use super::labels::{MEMBERS, OPTIONAL_MEMBERS, VALUES, labels, text};
use super::link::Linked;
use super::literals::{Domain, literal};
use super::names::{Declarations, Fact};
use super::refs::{Ref, each_ref};
use super::report::Report;
use super::vocabulary::{Calendar, Vocabulary};
use crate::ast::{self, TypeKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{IdentifierKind, Input, Origin, Type};
use crate::span::Span;
use std::collections::BTreeMap;

/// The most inputs and settings.
const INPUTS: usize = 48;
/// The most coordinates once sets and moments are spread out.
const COORDINATES: usize = 255;
/// How many are entered at all; the others are too many by far, and their names are silent.
const ENTERED: usize = 512;
/// The largest number and the longest duration; one more means not set.
const LARGEST: u32 = u32::MAX - 1;

/// Enters the inputs, settings and facts.
pub(super) fn inputs<'a>(
    linked: &Linked<'a>,
    declarations: &Declarations<'a>,
    vocabulary: &mut Vocabulary,
    report: &mut Report,
) {
    let about = About::new(linked, declarations);
    let mut kept: Vec<&Fact<'a>> = declarations.facts.iter().filter(|fact| about.keeps(fact)).collect();
    for fact in kept.drain(ENTERED.min(kept.len())..) {
        report.mark_broken(&fact.name().text);
    }
    for (id, fact) in kept.iter().enumerate() {
        if let Fact::Input(ast::Input { name, .. }) | Fact::Setting(ast::Setting { name, .. }) = fact {
            vocabulary.inputs.insert(name.text.clone(), id);
        }
    }
    for (id, fact) in kept.into_iter().enumerate() {
        let input = match fact {
            Fact::Input(input) => {
                let ty = ty(&input.ty, input.optional, vocabulary, report);
                new(&input.name, input.text.as_ref(), Origin::Input, ty, input.optional, input.fixed)
            }
            Fact::Setting(setting) => self::setting(setting, vocabulary, report),
            Fact::Group(group) => {
                let origin = Origin::OutsideGroup(vocabulary.inputs.get(&group.of.text).copied().unwrap_or(id));
                vocabulary.outside.insert(group.name.text.clone(), id);
                new(&group.name, group.text.as_ref(), origin, Type::YesNo, false, true)
            }
            Fact::Calendar(calendar) => {
                let moment = about.moment(calendar).and_then(|name| vocabulary.inputs.get(name)).copied().unwrap_or(id);
                vocabulary.outside.insert(calendar.name.text.clone(), id);
                vocabulary.calendars.insert(calendar.name.text.clone(), Calendar::Outside(id, moment));
                new(&calendar.name, calendar.text.as_ref(), Origin::OutsideCalendar(moment), Type::YesNo, false, false)
            }
        };
        vocabulary.schema.inputs.push(input);
    }
    report_limits(&declarations.facts, &vocabulary.schema.inputs, report);
}

/// Which input each fact kept outside is about.
struct About<'a> {
    inputs: BTreeMap<&'a str, &'a TypeKind>,
    moments: BTreeMap<&'a str, &'a str>,
    first_moment: Option<&'a str>,
}

impl<'a> About<'a> {
    fn new(linked: &Linked<'a>, declarations: &Declarations<'a>) -> Self {
        let mut about = About { inputs: BTreeMap::new(), moments: BTreeMap::new(), first_moment: None };
        for fact in &declarations.facts {
            match fact {
                Fact::Input(input) => {
                    if matches!(input.ty.kind, TypeKind::Moment(_)) && about.first_moment.is_none() {
                        about.first_moment = Some(&input.name.text);
                    }
                    about.inputs.insert(&input.name.text, &input.ty.kind);
                }
                Fact::Setting(setting) => {
                    about.inputs.insert(&setting.name.text, &setting.ty.kind);
                }
                Fact::Group(_) | Fact::Calendar(_) => {}
            }
        }
        for placed in &linked.items {
            each_ref(placed.item, &mut |reference| {
                if let Ref::Calendar(calendar, Some(moment)) = reference
                    && matches!(about.inputs.get(moment.text.as_str()), Some(TypeKind::Moment(_)))
                {
                    about.moments.entry(&calendar.text).or_insert(&moment.text);
                }
            });
        }
        about
    }

    /// The first moment the calendar is compared with, else the first moment there is.
    fn moment(&self, calendar: &ast::Calendar) -> Option<&'a str> {
        self.moments.get(calendar.name.text.as_str()).copied().or(self.first_moment)
    }

    /// Whether the fact is about something that exists; otherwise it is no part of a request.
    fn keeps(&self, fact: &Fact<'_>) -> bool {
        match fact {
            Fact::Input(_) | Fact::Setting(_) => true,
            Fact::Group(group) => matches!(self.inputs.get(group.of.text.as_str()), Some(TypeKind::Identifier(_))),
            Fact::Calendar(calendar) => self.moment(calendar).is_some(),
        }
    }
}

fn new(name: &ast::Name, text: Option<&ast::Text>, origin: Origin, ty: Type, optional: bool, fixed: bool) -> Input {
    let text = self::text(text);
    Input { name: name.text.clone(), text, origin, ty, optional, fixed, default: None, pinned: None, span: name.span }
}

fn setting(setting: &ast::Setting, vocabulary: &mut Vocabulary, report: &mut Report) -> Input {
    let ty = ty(&setting.ty, false, vocabulary, report);
    let mut input = new(&setting.name, setting.text.as_ref(), Origin::Setting, ty, false, false);
    match Domain::of(&input.ty) {
        Some(domain) if !matches!(domain, Domain::Identifier(_)) => {
            let value = literal(&setting.default, &domain, &setting.name.text, vocabulary, report);
            input.default = value.and_then(|value| domain.value(value, vocabulary));
            if value.is_some() && input.default.is_none() {
                report.push(Diagnostic::new(codes::KW126, setting.default.span, "no minute of the day is 24:00"));
            }
        }
        _ => report.push(
            Diagnostic::new(
                codes::KW124,
                setting.ty.span,
                format!("the setting `{}` cannot have this type", setting.name.text),
            )
            .note("a setting is yes or no, one of some values, a number, a duration, a date or a time")
            .hint("for several members write one `yes or no` setting each"),
        ),
    }
    input
}

fn ty(written: &ast::Type, optional: bool, vocabulary: &mut Vocabulary, report: &mut Report) -> Type {
    let span = written.span;
    match &written.kind {
        TypeKind::YesNo => Type::YesNo,
        TypeKind::OneOf(values) => Type::OneOf(labels(values, "value", VALUES, report)),
        TypeKind::SetOf(members) => {
            let most = if optional { OPTIONAL_MEMBERS } else { MEMBERS };
            Type::SetOf(labels(members, "member", most, report))
        }
        TypeKind::Number(from, to) => {
            let (low, high) = range(u32::try_from(from.value).ok(), u32::try_from(to.value).ok(), span, report);
            Type::Number(low, high)
        }
        TypeKind::Duration(from, to) => {
            let (low, high) = range(from.minutes(), to.minutes(), span, report);
            Type::Duration(low, high)
        }
        TypeKind::Moment(zone) => Type::Moment(zone.as_ref().map(|zone| zone.text.clone())),
        TypeKind::Date(from, to) => {
            let (low, high) = (day_number(*from), day_number(*to));
            if low < MACHINE_DAYS.0 || high > MACHINE_DAYS.1 {
                report.push(Diagnostic::new(codes::KW126, span, "dates lie in the years 1900 to 2199"));
            }
            if low > high {
                report.push(backwards(span));
            }
            Type::Date(low, high.max(low))
        }
        TypeKind::Time => Type::Time,
        TypeKind::Identifier(kind) => Type::Identifier(identifier_kind(kind, vocabulary)),
    }
}

fn range(low: Option<u32>, high: Option<u32>, span: Span, report: &mut Report) -> (u32, u32) {
    match (low, high) {
        (Some(low), Some(high)) if high <= LARGEST => {
            if low > high {
                report.push(backwards(span));
            }
            (low, high.max(low))
        }
        _ => {
            let message = format!("numbers, and durations in minutes, go up to {LARGEST}");
            report.push(Diagnostic::new(codes::KW126, span, message));
            (0, LARGEST)
        }
    }
}

fn backwards(span: Span) -> Diagnostic {
    Diagnostic::new(codes::KW127, span, "the range runs backwards").hint("write the smaller end first")
}

fn identifier_kind(kind: &ast::Name, vocabulary: &mut Vocabulary) -> usize {
    let kinds = &mut vocabulary.schema.identifiers;
    kinds.iter().position(|known| known.name == kind.text).unwrap_or_else(|| {
        kinds.push(IdentifierKind { name: kind.text.clone(), names: Vec::new() });
        kinds.len() - 1
    })
}

fn report_limits(facts: &[Fact<'_>], inputs: &[Input], report: &mut Report) {
    let own: Vec<&Fact<'_>> = facts.iter().filter(|fact| matches!(fact, Fact::Input(_) | Fact::Setting(_))).collect();
    if let Some(extra) = own.get(INPUTS) {
        let message = format!("a policy has at most {INPUTS} inputs and settings, and this one has {}", own.len());
        report.push(Diagnostic::new(codes::KW130, extra.name().span, message).at("the first too many"));
    }
    let mut coordinates = 0;
    for input in inputs {
        coordinates += match &input.ty {
            Type::SetOf(members) => members.len() + usize::from(input.optional),
            Type::Moment(_) => 2 + usize::from(input.optional),
            _ => 1,
        };
        if coordinates > COORDINATES {
            let message = format!("the inputs spread out into more than {COORDINATES} coordinates");
            let note = "every member of a set, and the date and the time of a moment, count by themselves";
            report.push(Diagnostic::new(codes::KW130, input.span, message).at("the first too many").note(note));
            break;
        }
    }
}
