//! The fuzz target `check`, run by `cargo xtask fuzz check`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("check")
}
