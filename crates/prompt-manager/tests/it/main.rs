//! Tests of the manager, each on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod model;
mod partials;
mod publishing;
mod references;
mod resolving;
mod seeding;
mod support;
mod watched_partials;
