//! The fuzz target `rules`, run by `cargo xtask fuzz rules`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("rules")
}
