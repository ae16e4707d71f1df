//! `asset-hash-and-upload`: see the library's documentation.

/// Musl's own allocator has one lock, and asks the system for most buffers.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> std::process::ExitCode {
    kit_host::run(&asset_hash_and_upload::TOOL)
}
