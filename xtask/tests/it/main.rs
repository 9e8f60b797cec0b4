//! The checks, checked: each passes on this workspace and fails on one that breaks its rule.

#![expect(clippy::unwrap_used, reason = "a failed expectation of a test is a panic")]

mod features;
mod schema;
mod tidy;
mod workspace;
