//! Calendars that list one-off days for some years and skip a year between them (KW304).
//!
//! In: calendars as written. Out: a warning that names the years. Refuses to know which days are holidays.

use std::collections::BTreeSet;

use super::report::Report;
use crate::codes::KW304;
use crate::diagnostic::Diagnostic;
use crate::diagram::Exploded;
use crate::space::civil;
use crate::space::look::Look;
use crate::typed::Days;

/// Finds them.
pub(super) fn find(look: &mut Look<'_>, _: &mut Report) -> Result<(), Exploded> {
    for calendar in &look.policy.calendars {
        let mut years = BTreeSet::new();
        for span in &calendar.spans {
            if let Days::Range(first, last) = span.days {
                years.extend(civil::date(i64::from(first)).0..=civil::date(i64::from(last)).0);
            }
        }
        let (Some(&first), Some(&last)) = (years.first(), years.last()) else { continue };
        let missing: Vec<String> = (first..=last).filter(|y| !years.contains(y)).map(|y| y.to_string()).collect();
        if !missing.is_empty() {
            let message = format!(
                "`{}` lists single days of {first} to {last}, but none of {}",
                calendar.name,
                missing.join(", ")
            );
            look.found.push(Diagnostic::new(KW304, calendar.span, message));
        }
    }
    Ok(())
}
