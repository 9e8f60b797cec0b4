//! The promises of prompt-ab: the public hash, and tables that move nobody without need.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail as the test does")]

mod hash;
mod properties;
mod table;
