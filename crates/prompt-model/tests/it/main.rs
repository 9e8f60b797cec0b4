//! Tests of the model: names, states, and both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod immutability;
mod migrations;
mod names;
mod sessions;
mod states;
mod support;
mod urls;
