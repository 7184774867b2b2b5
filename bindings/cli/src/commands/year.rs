//! `keyward year`: the hours of a year in a policy's calendars and terms.
//! In: a policy, perhaps a first day. Out: a sheet as text, a picture or JSON. Knows today; the sheet does not.

use crate::args::{Year, YearForm};
use crate::exit::{Exit, Failure};
use crate::narrowed::{put, read};
use crate::report;
use crate::terminal::Terminal;
use keyward::render::json::string;
use keyward::report::sheet;
use keyward::schema::{FIRST_DAY, LAST_DAY};
use keyward::sheet::sheet as make;
use keyward::space::civil;

/// Shows a sheet.
pub fn run(args: &Year, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let from = match &args.from {
        Some(text) => date(text)?,
        None => today(),
    };
    let (policy, sources) = read(&args.file, terminal)?;
    let sheet = make(&policy, &sources, from);
    let text = match (json, args.form) {
        (true, _) => {
            let fields = vec![
                ("policy", string(&policy.name)),
                ("version", policy.version.to_string()),
                ("sheet", sheet::json(&sheet)),
            ];
            format!("{}\n", report::document("year", fields))
        }
        (false, YearForm::Text) => sheet::text(&sheet, terminal.look()),
        (false, YearForm::Svg) => {
            sheet::svg(&sheet, if policy.title.is_empty() { &policy.name } else { &policy.title })
        }
    };
    put(&text, args.output.as_ref(), terminal)?;
    Ok(Exit::Fine)
}

/// Today, in days since 1970; the first day of the horizon where the clock says something earlier.
fn today() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = now.map_or(0, |since| i64::try_from(since.as_secs() / 86_400).unwrap_or(0));
    days.clamp(i64::from(FIRST_DAY), i64::from(LAST_DAY) - 365)
}

fn date(text: &str) -> Result<i64, Failure> {
    let refused = || Failure::Usage(format!("--from takes a date such as 2026-12-01, not `{text}`"));
    let parts: Vec<i64> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| refused())?;
    let [year, month, dom] = parts[..] else { return Err(refused()) };
    let (Ok(month), Ok(dom)) = (u16::try_from(month), u16::try_from(dom)) else { return Err(refused()) };
    if !(1..=12).contains(&month) || !(1..=31).contains(&dom) || !(1900..=2199).contains(&year) {
        return Err(refused());
    }
    let day = civil::day(year, month, dom);
    if civil::date(day) != (year, month, dom) {
        return Err(refused());
    }
    let (first, last) = (i64::from(FIRST_DAY), i64::from(LAST_DAY) - 365);
    if !(first..=last).contains(&day) {
        let (first, last) = (civil::date_text(first), civil::date_text(last));
        return Err(Failure::Usage(format!(
            "--from takes a date from {first} to {last}, so that twelve months are known"
        )));
    }
    Ok(day)
}
