//! The fuzz target `request`, run by `cargo xtask fuzz request`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("request")
}
