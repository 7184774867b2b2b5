//! The fuzz target `log`, run by `cargo xtask fuzz log`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("log")
}
