//! `coverage-gate`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&coverage_gate::TOOL)
}
