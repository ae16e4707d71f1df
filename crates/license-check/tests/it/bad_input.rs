//! What is broken or hostile: a clear message with file and line, the exit code of the contract, never a panic and never a
//! pass.

mod evidence;
mod files;
mod large;
mod policy;
mod samples;
