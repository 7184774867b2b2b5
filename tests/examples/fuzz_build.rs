//! The fuzz target `build`, run by `cargo xtask fuzz build`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("build")
}
