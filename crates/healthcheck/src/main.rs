//! `healthcheck`: see the library's documentation.

/// Musl's own allocator asks the system for a connection's buffers and gives them back at once, one thread after the other.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> std::process::ExitCode {
    kit_host::run(&healthcheck::TOOL)
}
