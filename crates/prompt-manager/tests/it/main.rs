//! Tests of the manager, each on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod change_log;
mod gates;
mod labels;
mod model;
mod moving_together;
mod partials;
mod publishing;
mod references;
mod resolving;
mod searching;
mod seeding;
mod suggesting;
mod support;
mod truth_table;
mod versions;
mod watched_partials;
