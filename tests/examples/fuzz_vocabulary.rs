//! The fuzz target `vocabulary`, run by `cargo xtask fuzz vocabulary`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("vocabulary")
}
