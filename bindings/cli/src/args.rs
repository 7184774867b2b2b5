//! The arguments of every command.
//! In: nothing. Out: the definition clap reads; help and completions come from it. Refuses to do anything.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Check, prove, build and ask policies for physical keys.
#[derive(Parser, Debug)]
#[command(
    name = "keyward",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "FILE is a .ward policy, a folder of them, or - for standard input.\nExit codes: 0 fine, 1 findings, 2 wrong usage, 70 internal error."
)]
pub struct Args {
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    /// How results are written.
    #[arg(long, global = true, value_enum, default_value = "human")]
    pub format: Format,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where somebody is watching and NO_COLOR is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON document, `{"keyward": 1, …}`.
    Json,
    /// SARIF 2.1.0, for code scanning (check only).
    Sarif,
    /// Annotations of GitHub Actions (check only).
    Github,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Find everything wrong with policies and prove what they promise.
    Check(Check),
    /// Compile a policy to a WebAssembly module.
    Build(Build),
    /// Show what a module holds.
    Inspect(Inspect),
    /// Decide a request with a policy or a module.
    Decide(Decide),
    /// Compare two versions of a policy: which requests are decided differently, and why.
    Diff(Diff),
    /// Explain why a request is answered as it is, and what would change it.
    Why(Why),
    /// Decide the requests of a decision log again, by another version.
    Replay(Replay),
    /// Say what the tests of a policy leave untried, and write tests for it.
    Cases(Cases),
    /// Prove every assert, with a request to try where one is broken or possible.
    Prove(Prove),
    /// Run the tests and prove the asserts of policies.
    Test(Test),
    /// Apply the edits the compiler is sure of.
    Fix(Fix),
    /// Write policies in their one spelling.
    Fmt(Fmt),
    /// Explain a diagnostic code, or list all.
    Explain(Explain),
    /// Print the JSON Schema of a policy's requests.
    Schema(Schema),
    /// Print the types of a policy's requests and answers for another language.
    Types(Types),
    /// Write a starter policy.
    New(New),
    /// Write or update the lock of a folder: name, version and SHA-256 of every policy in it.
    Lock(Lock),
    /// Show what a policy answers as decision tables.
    Table(Table),
    /// Show the hours of a year: each calendar and each term about a moment, its week and the days that differ.
    Year(Year),
    /// Draw the diagram of an answer.
    Draw(Draw),
    /// Make a pair of keys to sign bundles with.
    Keygen(Keygen),
    /// Put modules into a signed bundle, or sign a bundle as well.
    Sign(Sign),
    /// Verify a bundle as a server or a box would.
    Verify(Verify),
    /// Print shell completions.
    Completions(Completions),
}

/// Arguments of `check`.
#[derive(ClapArgs, Debug)]
pub struct Check {
    /// Policies, folders, or - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Fail on warnings too.
    #[arg(long)]
    pub deny_warnings: bool,
}

/// Arguments of `build`.
#[derive(ClapArgs, Debug)]
pub struct Build {
    /// The policy, or - for standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the module goes; - for standard output.
    #[arg(short, long, value_name = "OUT.wasm")]
    pub output: PathBuf,
    /// Leave out reasons and source map.
    #[arg(long)]
    pub strip: bool,
}

/// Arguments of `inspect`.
#[derive(ClapArgs, Debug)]
pub struct Inspect {
    /// The module, or a policy that is compiled first.
    #[arg(value_name = "OUT.wasm")]
    pub file: PathBuf,
}

/// Arguments of `decide`.
#[derive(ClapArgs, Debug)]
pub struct Decide {
    /// The policy or module; - for a policy on standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The request: JSON, @FILE, or - for one JSON request per line on standard input.
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub request: String,
    /// Which decision, where the policy has several.
    #[arg(long, value_name = "NAME")]
    pub decision: Option<String>,
    /// The zone of the site, such as Europe/Paris, for moments written with an offset or a zone.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// What can be performed here of a set answer, such as alerts=manager,designated_sms; an outcome with anything else becomes
    /// duty-unsupported. Answers that are not named are unlimited.
    #[arg(long, value_name = "ANSWER=MEMBERS")]
    pub able: Vec<String>,
    /// Answer requests that cannot be read with `if unsure` and status unsure-invalid.
    #[arg(long)]
    pub unsure: bool,
    /// Write the decisions into a new decision log, for `keyward replay`.
    #[arg(long, value_name = "LOG")]
    pub log: Option<PathBuf>,
}

/// Arguments of `diff`.
#[derive(ClapArgs, Debug)]
pub struct Diff {
    /// The older and the newer version; with --rev the one policy.
    #[arg(required = true, num_args = 1..=2, value_names = ["OLD", "NEW"])]
    pub files: Vec<PathBuf>,
    /// Compare revisions of git: A..B, or A with the files as they are now.
    #[arg(long, value_name = "A..B")]
    pub rev: Option<String>,
    /// End with 1 if a request is decided or accepted differently, or the vocabulary changed.
    #[arg(long)]
    pub exit_code: bool,
    /// Write Markdown, for a pull request.
    #[arg(long)]
    pub markdown: bool,
    /// Print every example also as a request for `keyward decide`.
    #[arg(long)]
    pub requests: bool,
}

/// Arguments of `why`.
#[derive(ClapArgs, Debug)]
pub struct Why {
    /// The policy; - for standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The request: JSON, @FILE, or - for JSON on standard input. What it does not say is unknown.
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub request: String,
    /// Which decision, where the policy has several.
    #[arg(long, value_name = "NAME")]
    pub decision: Option<String>,
    /// One answer that is meant; for a set, each member in or out is looked for.
    #[arg(long, value_name = "NAME")]
    pub answer: Option<String>,
    /// The zone of the site, such as Europe/Paris, for moments written with an offset or a zone.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Who reads it: telling what would change an answer may coach an attacker.
    #[arg(long, value_enum, default_value = "author", value_name = "WHO")]
    pub audience: Audience,
}

/// Who reads an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Audience {
    /// The reasons of the rules that decided, and until when.
    Person,
    /// Also the facts it hangs on, and what the person or the organization could change.
    Operator,
    /// Everything.
    Author,
}

/// Arguments of `test`.
#[derive(ClapArgs, Debug)]
pub struct Test {
    /// Policies, folders, or - for standard input.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// Write a JUnit report as well.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// Arguments of `replay`.
#[derive(ClapArgs, Debug)]
pub struct Replay {
    /// A decision log, or - for standard input.
    #[arg(value_name = "LOG")]
    pub log: PathBuf,
    /// The policy as it was when the log was written.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The policy that decides again.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Exit with 1 if a decision would turn out otherwise.
    #[arg(long)]
    pub exit_code: bool,
}

/// Arguments of `cases`.
#[derive(ClapArgs, Debug)]
pub struct Cases {
    /// A policy.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Add the missing tests to the file.
    #[arg(long, conflicts_with = "mutants")]
    pub write: bool,
    /// Plant small mistakes one at a time and say which of them no test and no assert notices.
    #[arg(long)]
    pub mutants: bool,
    /// Exit with 1 if something is not tried.
    #[arg(long)]
    pub exit_code: bool,
}

/// Arguments of `prove`.
#[derive(ClapArgs, Debug)]
pub struct Prove {
    /// Policies, folders, or - for standard input.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// Prove this assert only.
    #[arg(long, value_name = "NAME")]
    pub assert: Option<String>,
    /// Also make the module again and say whether this one is the same.
    #[arg(long, value_name = "MODULE")]
    pub module: Option<PathBuf>,
}

/// Arguments of `fix`.
#[derive(ClapArgs, Debug)]
pub struct Fix {
    /// Policies or folders; - reads standard input and writes the result to standard output.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
}

/// Arguments of `fmt`.
#[derive(ClapArgs, Debug)]
pub struct Fmt {
    /// Policies or folders; - reads standard input and writes the result to standard output.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change nothing; fail if something would change.
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `explain`.
#[derive(ClapArgs, Debug)]
pub struct Explain {
    /// The code, such as KW201.
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// Arguments of `schema`.
#[derive(ClapArgs, Debug)]
pub struct Schema {
    /// The policy or module; - for a policy on standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Arguments of `types`.
#[derive(ClapArgs, Debug)]
pub struct Types {
    /// The policy; - for one on standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The language: typescript for @keyward/runtime, c for boxes, rust for servers and boxes.
    #[arg(long = "as", value_enum, default_value = "typescript", value_name = "LANGUAGE")]
    pub language: Language,
}

/// The languages of `types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// A .d.ts file.
    Typescript,
    /// A header.
    C,
    /// A module.
    Rust,
}

/// Arguments of `keygen`.
#[derive(ClapArgs, Debug)]
pub struct Keygen {
    /// NAME.key is the secret key, NAME.pub the public one; neither may be there yet.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Arguments of `sign`.
#[derive(ClapArgs, Debug)]
pub struct Sign {
    /// The bundle, such as acme.kwb.
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// What goes into it: modules and other files, under their own names or as PATH=FILE.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The secret key to sign with.
    #[arg(long, value_name = "KEY")]
    pub key: PathBuf,
    /// Sign a bundle that is signed already.
    #[arg(long)]
    pub add: bool,
    /// Whose policies these are.
    #[arg(long, value_name = "NAME", required_unless_present = "add")]
    pub organization: Option<String>,
    /// The bundle that is obeyed so far; the new one follows it, and has the next number.
    #[arg(long, value_name = "BUNDLE")]
    pub previous: Option<PathBuf>,
    /// The number of the bundle, unless it is the next.
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<u32>,
    /// From when on it may be obeyed; now, unless it is said.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// From when on it may not be obeyed any more, such as "in 30 days"; 90 days after it starts, unless it is said.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The zone of the site, for boxes: its table becomes site.kwz.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

/// Arguments of `verify`.
#[derive(ClapArgs, Debug)]
pub struct Verify {
    /// The bundle.
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Who is trusted: a JSON file with the organization, and keys by role.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub trust: Option<PathBuf>,
    /// Or one public key.
    #[arg(long, value_name = "PUBLIC")]
    pub key: Option<PathBuf>,
    /// The bundle that is obeyed so far; the other one has to follow it.
    #[arg(long, value_name = "BUNDLE")]
    pub current: Option<PathBuf>,
    /// The time; now, unless it is said.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
}

/// Arguments of `new`.
#[derive(ClapArgs, Debug)]
pub struct New {
    /// The name of the policy, such as acme.night_keys; the file is called by its last part.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Arguments of `lock`.
#[derive(ClapArgs, Debug)]
pub struct Lock {
    /// The folder.
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// Change nothing; fail if the lock is not up to date.
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `table`.
#[derive(ClapArgs, Debug)]
pub struct Table {
    /// The policy, or - for standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which decision, where the policy has several.
    #[arg(long, value_name = "NAME")]
    pub decision: Option<String>,
    /// Only this answer; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub answer: Vec<String>,
    /// Only requests like this, such as method=badge or 'closed and key.risk is at least 3'; may be given several times.
    #[arg(long = "where", value_name = "CONDITION")]
    pub only: Vec<String>,
    /// A list read from the top, ending in what holds otherwise, in place of rows that each stand alone.
    #[arg(long)]
    pub otherwise: bool,
    /// The form of the tables.
    #[arg(long = "as", value_enum, default_value = "text", value_name = "FORM")]
    pub form: TableForm,
    /// Write to a file in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// The forms of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableForm {
    /// Aligned columns.
    Text,
    /// Markdown.
    Markdown,
    /// Comma-separated values for a spreadsheet.
    Csv,
    /// A page.
    Html,
}

/// Arguments of `year`.
#[derive(ClapArgs, Debug)]
pub struct Year {
    /// The policy, or - for standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The first of the twelve months' days, such as 2026-12-01; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// The form of the sheet.
    #[arg(long = "as", value_enum, default_value = "text", value_name = "FORM")]
    pub form: YearForm,
    /// Write to a file in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// The forms of a calendar sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YearForm {
    /// Blocks and words.
    Text,
    /// A picture.
    Svg,
}

/// Arguments of `draw`.
#[derive(ClapArgs, Debug)]
pub struct Draw {
    /// The policy, or - for standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which decision, where the policy has several.
    #[arg(long, value_name = "NAME")]
    pub decision: Option<String>,
    /// Which answer; the first one where nothing is said.
    #[arg(long, value_name = "NAME")]
    pub answer: Option<String>,
    /// Only requests like this, such as method=badge or 'closed and key.risk is at least 3'; may be given several times.
    #[arg(long = "where", value_name = "CONDITION")]
    pub only: Vec<String>,
    /// The form of the diagram.
    #[arg(long = "as", value_enum, default_value = "svg", value_name = "FORM")]
    pub form: DrawForm,
    /// Write to a file in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// The forms of a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DrawForm {
    /// A picture.
    Svg,
    /// The DOT language, for other programs.
    Dot,
}

/// Arguments of `completions`.
#[derive(ClapArgs, Debug)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
