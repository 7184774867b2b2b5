//! The fuzz target `lock`, run by `cargo xtask fuzz lock`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("lock")
}
