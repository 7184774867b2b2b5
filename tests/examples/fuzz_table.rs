//! The fuzz target `table`, run by `cargo xtask fuzz table`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("table")
}
