//! One file a command. Each takes its arguments and gives an exit code; none calls another.

mod build;
mod bundle;
mod cases;
mod check;
mod completions;
mod decide;
mod diff;
mod draw;
mod explain;
mod fix;
mod fmt;
mod inspect;
mod lock;
mod new;
mod prove;
mod replay;
mod schema;
mod table;
mod test;
mod types;
mod why;
mod year;

use crate::args::{Args, Command, Format};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;

/// Runs the command that was asked for.
pub fn run(args: Args, terminal: &Terminal) -> Result<Exit, Failure> {
    if cfg!(debug_assertions) && std::env::var_os("KEYWARD_TEST_PANIC").is_some() {
        panic!("asked to by the tests\nwith a second line");
    }
    let for_check = matches!(args.command, Command::Check(_));
    if !for_check && matches!(args.format, Format::Sarif | Format::Github) {
        return Err(Failure::Usage("the formats sarif and github are for `keyward check`".to_string()));
    }
    let json = args.format == Format::Json;
    match args.command {
        Command::Check(check) => check::run(&check, args.format, terminal),
        Command::Build(build) => build::run(&build, json, terminal),
        Command::Inspect(inspect) => inspect::run(&inspect, json, terminal),
        Command::Decide(decide) => decide::run(&decide, json, terminal),
        Command::Diff(diff) => diff::run(&diff, json, terminal),
        Command::Why(why) => why::run(&why, json, terminal),
        Command::Replay(replay) => replay::run(&replay, json, terminal),
        Command::Cases(cases) => cases::run(&cases, json, terminal),
        Command::Prove(prove) => prove::run(&prove, json, terminal),
        Command::Test(test) => test::run(&test, json, terminal),
        Command::Fix(fix) => fix::run(&fix, json, terminal),
        Command::Fmt(fmt) => fmt::run(&fmt, json, terminal),
        Command::Explain(explain) => explain::run(&explain, json, terminal),
        Command::Schema(schema) => schema::run(&schema, terminal),
        Command::Types(types) => types::run(&types, terminal),
        Command::New(new) => new::run(&new, json, terminal),
        Command::Lock(lock) => lock::run(&lock, json, terminal),
        Command::Table(table) => table::run(&table, json, terminal),
        Command::Year(year) => year::run(&year, json, terminal),
        Command::Draw(draw) => draw::run(&draw, json, terminal),
        Command::Keygen(keygen) => bundle::keygen(&keygen, json, terminal),
        Command::Sign(sign) => bundle::sign_bundle(&sign, json, terminal),
        Command::Verify(verify) => bundle::verify_bundle(&verify, json, terminal),
        Command::Completions(completions) => completions::run(&completions, terminal),
    }
}
