//! Rule lists anchored on a few inputs: the same after-hours rules as Keyward text and as Cedar text.
//! In: how many rules. Out: source text. Refuses to know how either is compiled.
//!
//! The domain stays as it is however many rules there are: 12 roles, 20 key groups, the days of the week, the minutes of the day.

use super::Sequence;
use std::fmt::Write;

/// How many roles there are.
pub const ROLES: u64 = 12;
/// How many key groups there are.
pub const GROUPS: u64 = 20;

/// The days, Monday first.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// One generated rule.
#[derive(Clone, Debug)]
pub struct Row {
    /// Role number.
    pub role: u64,
    /// Key group number.
    pub group: u64,
    /// Days as a bit mask, Monday lowest.
    pub days: u8,
    /// First minute.
    pub from: u64,
    /// First minute after.
    pub until: u64,
    /// What the rule says: 0 refused, 1 watched, 2 allowed.
    pub says: u64,
}

/// The rules of a list of that length; always the same.
#[must_use]
pub fn rows(count: usize) -> Vec<Row> {
    let mut sequence = Sequence::new(2026);
    (0..count)
        .map(|_| {
            let from = sequence.below(23) * 60;
            Row {
                role: sequence.below(ROLES),
                group: sequence.below(GROUPS),
                days: u8::try_from(sequence.below(127) + 1).unwrap_or(1),
                from,
                until: (from + 60 * (1 + sequence.below(8))).min(1440),
                says: sequence.below(3),
            }
        })
        .collect()
}

fn names(prefix: &str, count: u64) -> String {
    (0..count).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>().join(", ")
}

fn time(minute: u64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The rules as a Keyward policy.
#[must_use]
pub fn keyward(rows: &[Row]) -> String {
    let mut text = String::from("edition 2026\npolicy bench.growth version 1 \"Generated rules\"\n\n");
    let _ = writeln!(text, "input person.role is one of {}", names("role_", ROLES));
    let _ = writeln!(text, "input key.group is one of {}", names("group_", GROUPS));
    text.push_str(
        "input now is a moment\n\ndecision growth\n  answer access is the strictest of allowed, watched, refused\n",
    );
    text.push_str("  answer notices is a set of desk, manager\n");
    text.push_str(
        "if unsure access is refused\nnormally access is refused\n  because \"Nobody has been given access.\"\n\n",
    );
    for (n, row) in rows.iter().enumerate() {
        let days: Vec<&str> =
            (0..7).filter(|day| row.days >> day & 1 == 1).filter_map(|day| DAYS.get(day).copied()).collect();
        let says = match row.says {
            0 => "access is allowed and notices include desk",
            1 => "access is watched and notices include manager",
            _ => "access is allowed",
        };
        let _ = writeln!(
            text,
            "rule r{n}\n  when person.role is role_{} and key.group is group_{} and now.weekday is one of {}\n    and now.time is from {} until {}\n  then {says}\n  because \"Row {n} of the generated list.\"\n",
            row.role,
            row.group,
            days.join(", "),
            time(row.from),
            time(row.until)
        );
    }
    text
}

/// The Cedar schema for the same rules.
pub const CEDAR_SCHEMA: &str = "entity Person = { role: String };
entity Key = { group: String };
action take appliesTo { principal: [Person], resource: [Key], context: { weekday: Long, minute: Long } };
";

/// The rules as Cedar policies; answers other than plain permission become annotations.
#[must_use]
pub fn cedar(rows: &[Row]) -> String {
    let mut text = String::new();
    for (n, row) in rows.iter().enumerate() {
        let days: Vec<String> = (0..7).filter(|day| row.days >> day & 1 == 1).map(|day| day.to_string()).collect();
        let _ = writeln!(
            text,
            "@id(\"r{n}\")\n@because(\"Row {n} of the generated list.\")\n@says(\"{}\")\npermit(principal is Person, action == Action::\"take\", resource is Key)\nwhen {{ principal.role == \"role_{}\" && resource.group == \"group_{}\" && [{}].contains(context.weekday) && context.minute >= {} && context.minute < {} }};\n",
            row.says,
            row.role,
            row.group,
            days.join(", "),
            row.from,
            row.until
        );
    }
    text
}
