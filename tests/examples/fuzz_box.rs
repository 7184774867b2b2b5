//! The fuzz target `box`, run by `cargo xtask fuzz box`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("box")
}
