//! What the tests of several crates share: databases of both kinds that the tests themselves
//! bring up, and commands that run in an environment of their own.
//!
//! A test that passes on SQLite alone proves half. [`backends!`] writes one body and runs it on a
//! fresh SQLite file and on a fresh PostgreSQL database:
//!
//! ```
//! use test_support::{TestDatabase, backends};
//!
//! backends! {
//!     /// Every database has an address of its own.
//!     fn has_an_address(db: &TestDatabase) {
//!         assert!(db.url().contains(':'));
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! The PostgreSQL server is started once per process and ends with it, however it ends. Where the
//! variable [`SERVER_VARIABLE`] holds the URL of a server, that one is used and none is started:
//! `cargo xtask test` starts one for all test binaries. Where no server can be found, the tests on
//! PostgreSQL say so on stderr and are skipped; under `CI=true` they fail.
//!
//! For development only: never published, and nothing but `dev-dependencies` and `xtask` name it.

#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod command;
mod database;
mod dump;
mod postgres;

pub use command::{hermetic, hermetic_unprivileged};
pub use database::{Backend, TestDatabase, server};
pub use postgres::{PostgresServer, SERVER_VARIABLE, Unavailable, psql};
