//! `__tool__`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&__crate__::TOOL)
}
