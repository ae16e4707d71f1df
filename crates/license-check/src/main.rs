//! `license-check`: see the library's documentation.

/// Musl's own allocator asks the system for most buffers of more than a few kilobytes, and gives them back at once.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> std::process::ExitCode {
    kit_host::run(&license_check::TOOL)
}
