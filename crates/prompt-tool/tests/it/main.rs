//! The command line through its real binary, on both databases, in an environment of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

mod active;
mod answers;
mod audit;
mod bad_databases;
mod bad_input;
mod concurrency;
mod discovery;
mod doctor;
mod files;
mod help;
mod history;
mod lifecycle;
mod resolution;
mod schema;
mod states;
mod templates;
mod tool;
