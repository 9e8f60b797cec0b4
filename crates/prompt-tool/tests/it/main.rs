//! The command line through its real binary, on both databases, in an environment of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

mod active;
mod answers;
mod audit;
mod backtest;
mod bad_databases;
mod bad_input;
mod concurrency;
mod discovery;
mod doctor;
mod edit;
mod files;
mod gates;
mod help;
mod history;
mod labels;
mod lifecycle;
mod resolution;
mod schema;
mod states;
mod suggestion;
mod template_tests;
mod templates;
mod tool;
