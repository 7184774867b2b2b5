//! The fuzz target `parse`, run by `cargo xtask fuzz parse`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("parse")
}
