//! The command line of prompt-runner.
fn main() {}
