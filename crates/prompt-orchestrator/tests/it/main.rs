//! The integration tests of the crate, in one binary.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod extract;
mod session;
