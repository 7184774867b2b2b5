//! The fuzz target `json`, run by `cargo xtask fuzz json`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("json")
}
