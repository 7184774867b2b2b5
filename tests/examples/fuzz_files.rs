//! The fuzz target `files`, run by `cargo xtask fuzz files`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("files")
}
