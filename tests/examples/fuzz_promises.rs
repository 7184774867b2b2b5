//! The fuzz target `promises`, run by `cargo xtask fuzz promises`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("promises")
}
