//! The fuzz target `format`, run by `cargo xtask fuzz format`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("format")
}
