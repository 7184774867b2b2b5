//! The fuzz target `codes`, run by `cargo xtask fuzz codes`.

fn main() -> std::process::ExitCode {
    keyward_tests::fuzz::main("codes")
}
