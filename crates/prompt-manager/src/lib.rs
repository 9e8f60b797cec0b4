#![doc = include_str!("../README.md")]

pub mod reference;
pub mod resolution;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod activity;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod closure;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod error;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod manager;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod open;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod projects;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod publish;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod read;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod seed;

pub use prompt_model as model;
pub use prompt_template as template;
pub use reference::{Reference, Selector};
pub use resolution::{Candidate, Scope};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use {
    activity::Placed,
    closure::Loaded,
    error::{Error, Missing, Refusal, Result},
    manager::OrchestrationTemplateManager,
    open::{Opened, migrate, open},
    publish::{Audience, Content, NewPlainPrompt, NewTemplate, Publication, Published},
    read::{PromptListing, SelectedVersion},
    resolution::{Resolution, ResolveRequest},
    seed::SeedReport,
};
