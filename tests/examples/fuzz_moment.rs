//! The fuzz target `moment`, run by `cargo xtask fuzz moment`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("moment")
}
