//! Decision time, growth, sizes and compile time, as ratios within one run. In: which tables to print. Out: tables on standard output.
//! Refuses to judge: nothing here passes or fails.
//!
//! `cargo xtask bench` runs it; `decide`, `growth` and `check` as arguments print only that table.

mod decide;
mod growth;
mod policies;
mod requests;
mod rules;
mod timing;

/// Whatever went wrong, in words.
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let all = wanted.is_empty();
    let want = |name: &str| all || wanted.iter().any(|one| one == name);
    if let Some(unknown) = wanted.iter().find(|one| !["decide", "growth", "check"].contains(&one.as_str())) {
        return Err(format!("no table is called `{unknown}`: decide, growth or check").into());
    }
    if want("check") {
        policies::print_checks()?;
    }
    if want("decide") {
        decide::print()?;
    }
    if want("growth") {
        growth::print()?;
    }
    Ok(())
}
