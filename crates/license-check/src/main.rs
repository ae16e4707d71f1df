//! `license-check`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&license_check::TOOL)
}
