//! `junit-shard-split`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&junit_shard_split::TOOL)
}
