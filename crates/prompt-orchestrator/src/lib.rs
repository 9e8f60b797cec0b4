#![doc = include_str!("../README.md")]

pub mod extract;
pub mod step;

#[cfg(all(feature = "db", any(feature = "sqlite", feature = "postgres")))]
pub mod session;

pub use extract::{Extraction, Section, extract};
pub use step::Step;

#[cfg(all(feature = "db", any(feature = "sqlite", feature = "postgres")))]
pub use session::Orchestrator;

/// The generator of random numbers that plans take is one of this version.
#[cfg(all(feature = "db", any(feature = "sqlite", feature = "postgres")))]
pub use rand;
