//! `healthcheck`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&healthcheck::TOOL)
}
