//! The fuzz target `trust`, run by `cargo xtask fuzz trust`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("trust")
}
