//! The fuzz target `packed`, run by `cargo xtask fuzz packed`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("packed")
}
