//! `asset-hash-and-upload`: see the library's documentation.

fn main() -> std::process::ExitCode {
    kit_host::run(&asset_hash_and_upload::TOOL)
}
