//! The shared test helpers, tested.

#![expect(clippy::unwrap_used, reason = "a failed expectation of a test is a panic")]

mod commands;
mod databases;
