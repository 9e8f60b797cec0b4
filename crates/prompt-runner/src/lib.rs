#![doc = include_str!("../README.md")]

pub use prompt_ab as ab;
pub use prompt_manager as manager;
pub use prompt_model as model;
pub use prompt_orchestrator as orchestrator;
pub use prompt_template as template;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use prompt_manager::{Opened, open};
