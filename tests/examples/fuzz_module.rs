//! The fuzz target `module`, run by `cargo xtask fuzz module`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("module")
}
