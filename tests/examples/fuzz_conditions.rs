//! The fuzz target `conditions`, run by `cargo xtask fuzz conditions`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("conditions")
}
