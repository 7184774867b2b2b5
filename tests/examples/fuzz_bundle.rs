//! The fuzz target `bundle`, run by `cargo xtask fuzz bundle`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("bundle")
}
