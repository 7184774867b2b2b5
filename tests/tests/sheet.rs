//! P1: the calendar sheet says of every minute of the year what the plain evaluator says.

use keyward::eval;
use keyward::schema::Value;
use keyward::sheet::{Kind, Sheet, sheet};
use keyward::source::Sources;
use keyward::typed::Policy;
use keyward::value::Request;
use keyward_tests::{differential, generate};

/// The minutes that a sheet gives a day: those of the exception it is in, else of an ordinary day of its name.
fn says(sheet: &Sheet, week: usize, day: i64, minute: u16) -> bool {
    let week = &sheet.weeks[week];
    let exception = week.exceptions.iter().find(|exception| (exception.first..=exception.last).contains(&day));
    let weekday = usize::from(eval::weekday(i32::try_from(day).unwrap_or(0)));
    let minutes = exception.map_or(&week.days[weekday], |exception| &exception.minutes);
    minutes.iter().any(|&(from, until)| (from..until).contains(&minute))
}

/// What the evaluator says.
fn holds(policy: &Policy, sheet: &Sheet, week: usize, day: i64, minute: u16) -> bool {
    let day = i32::try_from(day).unwrap_or(0);
    let found = &sheet.weeks[week];
    if found.kind == Kind::Calendar {
        let calendar = policy.calendars.iter().position(|calendar| calendar.name == found.name).expect("a calendar");
        return eval::during(&policy.calendars, calendar, day, minute);
    }
    let term = policy.terms.iter().find(|term| term.name == found.name).expect("a term");
    let mut request = Request { values: vec![None; policy.schema.inputs.len()] };
    let moments = policy.schema.inputs.iter().enumerate();
    for (input, _) in moments.filter(|(_, input)| matches!(input.ty, keyward::schema::Type::Moment(_))) {
        request.set(input, Value::Moment(day, minute));
    }
    eval::holds(policy, &term.condition, &request).expect("it asks no answer")
}

/// The minutes at which something may change, and their neighbours.
fn edges(policy: &Policy, sheet: &Sheet, week: usize) -> Vec<u16> {
    let spans = policy.calendars.iter().flat_map(|calendar| &calendar.spans).flat_map(|span| [span.from, span.until]);
    let own = &sheet.weeks[week];
    let shown = own.days.iter().chain(own.exceptions.iter().map(|exception| &exception.minutes));
    let shown = shown.flatten().flat_map(|&(from, until)| [from, until]);
    let mut all: Vec<u16> =
        spans.chain(shown).chain([0, 1439]).flat_map(|at| [at.saturating_sub(1), at]).filter(|&at| at < 1440).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn first_difference(policy: &Policy, sheet: &Sheet) -> Option<String> {
    for week in 0..sheet.weeks.len() {
        let edges = edges(policy, sheet, week);
        for day in sheet.from..=sheet.to {
            for &minute in &edges {
                if says(sheet, week, day, minute) != holds(policy, sheet, week, day, minute) {
                    return Some(format!("{} differs on day {day} at minute {minute}", sheet.weeks[week].name));
                }
            }
        }
    }
    None
}

#[test]
fn p1_each_minute_of_the_sheet_is_what_the_evaluator_says() {
    let (mut weeks, mut exceptions, mut terms) = (0, 0, 0);
    for seed in 0..300 {
        let Ok(policy) = differential::read(&[generate::policy(seed).text()]) else { continue };
        if policy.calendars.is_empty() {
            continue;
        }
        let from = 20_454 + (seed as i64 * 37) % 9_000;
        let sheet = sheet(&policy, &Sources::new(), from);
        assert!((365..=366).contains(&(sheet.to - sheet.from + 1)), "seed {seed}");
        if let Some(difference) = first_difference(&policy, &sheet) {
            panic!("seed {seed}: {difference}\n{}", generate::policy(seed).text());
        }
        weeks += sheet.weeks.len();
        terms += sheet.weeks.iter().filter(|week| week.kind == Kind::Term).count();
        exceptions += sheet.weeks.iter().map(|week| week.exceptions.len()).sum::<usize>();
    }
    println!("{weeks} weeks, {terms} of terms, {exceptions} exceptions");
    assert!(weeks > 50 && exceptions > 100 && terms > 5, "{weeks} weeks, {terms} terms, {exceptions} exceptions");
}

/// Night hours, a holiday, an overnight span into it.
const NIGHTS: &str = "edition 2026
policy t.nights version 1
input now is a moment
calendar holidays is every year on 12-25, 2027-04-03
calendar nights is friday from 22:00 until 02:15 next day, sunday from 10:00 until 10:45 except holidays
term quiet means now is outside nights and now.time is from 06:00 until 22:00
decision d
  answer x is yes or no
if unsure x is no
normally x is no because \"n\"
rule r when quiet then x is yes because \"r\"
";

#[test]
fn planted_mistakes_in_a_sheet_are_caught() {
    let policy = differential::read(&[NIGHTS.to_owned()]).expect("it is accepted");
    let good = sheet(&policy, &Sources::new(), 20_454 + 364);
    assert_eq!(first_difference(&policy, &good), None);
    let names: Vec<&str> = good.weeks.iter().map(|week| week.name.as_str()).collect();
    assert_eq!(names, ["holidays", "nights", "quiet"]);
    for week in 0..good.weeks.len() {
        for day in 0..7 {
            for span in 0..good.weeks[week].days[day].len() {
                // Off by one at `from` and at `until`.
                for (from, until) in [(1, 0), (0, 1)] {
                    let mut bad = good.clone();
                    bad.weeks[week].days[day][span].0 += from;
                    bad.weeks[week].days[day][span].1 -= until;
                    assert!(first_difference(&policy, &bad).is_some(), "week {week}, day {day}, span {span}");
                }
            }
        }
        // A day that differs is forgotten.
        for exception in 0..good.weeks[week].exceptions.len() {
            let mut bad = good.clone();
            bad.weeks[week].exceptions.remove(exception);
            assert!(first_difference(&policy, &bad).is_some(), "week {week}, exception {exception}");
        }
    }
}
