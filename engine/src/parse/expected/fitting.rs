//! What would fit at a place, in the language's own words.
//! In: grammar rules. Out: phrases such as "`when`, `always` or a text in quotes". Refuses to know the place.

use super::super::Rule;
use super::super::reader;

/// All that would fit, as one phrase.
pub fn list(rules: &[Rule]) -> String {
    let mut phrases: Vec<String> = Vec::new();
    for phrase in rules.iter().filter_map(|rule| phrase(*rule)) {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases.sort_by_key(|phrase| !phrase.starts_with('`'));
    match phrases.split_last() {
        None => "something else".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// One grammar rule as a phrase; `None` where naming it would help nobody.
fn phrase(rule: Rule) -> Option<String> {
    if let Some(word) = reader::word(rule) {
        return Some(format!("`{word}`"));
    }
    Some(
        match rule {
            Rule::name => "a name",
            Rule::int => "a whole number",
            Rule::text => "a text in quotes",
            Rule::date => "a date such as 2026-12-24",
            Rule::year_day => "a day such as 12-24",
            Rule::time => "a time such as 08:00",
            Rule::duration => "a duration such as 2 hours",
            Rule::unit => "`minutes`, `hours` or `days`",
            Rule::weekday => "a day of the week",
            Rule::literal | Rule::label | Rule::member => "a value",
            Rule::one | Rule::all => "a condition",
            Rule::at_least => "`any of`",
            Rule::bullet | Rule::dash => "a bullet `-`",
            Rule::comma => "a comma",
            Rule::effect => "an effect such as `access is allowed`",
            Rule::because => "`because`",
            Rule::cite => "`cite`",
            Rule::answer => "`answer`",
            Rule::only_when => "`only when`",
            Rule::is_test => "`is`",
            Rule::include_test => "`include`",
            Rule::comparison => "`at least`, `at most`, `more than`, `less than`, `before`, `after`",
            Rule::kept_outside => "`kept outside`",
            Rule::hours => "hours such as `from 08:00 until 18:00`",
            Rule::span | Rule::every | Rule::range | Rule::weekdays => "days such as `monday to friday`",
            Rule::yes_or_no => "`yes or no`",
            Rule::one_of => "`one of`",
            Rule::set_of => "`a set of`",
            Rule::strictest => "`the strictest of`",
            Rule::shortest => "`the shortest duration`",
            Rule::number
            | Rule::duration_type
            | Rule::moment
            | Rule::date_type
            | Rule::time_type
            | Rule::identifier => "a type such as `a number from 1 to 5`",
            Rule::never => "`never`",
            Rule::always_if => "`always if`",
            Rule::possible => "`possible`",
            Rule::unchanged => "`unchanged since`",
            Rule::changes => "`if` with `changes from`",
            Rule::import => "the name of a policy with its version",
            Rule::header => "`edition 2026`",
            Rule::EOI => "a new paragraph",
            _ => return None,
        }
        .to_owned(),
    )
}
