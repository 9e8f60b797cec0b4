#![doc = include_str!("../README.md")]

pub mod diff;
pub mod feature_rules;
pub mod reference;
pub mod resolution;
pub mod template_test;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod activity;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod change_log;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod closure;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod error;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod gates;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod history;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod labels;
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
mod search;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod seed;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod stored_tests;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod suggest;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod versions;

pub use diff::TextDiff;
pub use feature_rules::{BadRules, FeatureRules, RuleProblem, Suggestion};
pub use prompt_model as model;
pub use prompt_template as template;
pub use reference::{Reference, Selector};
pub use resolution::{Candidate, Scope};
pub use template_test::{Assertion, BadTest, TemplateTest, TestOutcome};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use {
    activity::Placed,
    change_log::{LogEntry, LogFilter, LogHead, LogVerification},
    closure::Loaded,
    error::{Error, GateFailure, GateRefusal, Missing, Refusal, Result},
    history::{History, HistoryEntry, VersionDiff},
    labels::{LabelMove, LabelState},
    manager::OrchestrationTemplateManager,
    open::{Opened, migrate, open},
    publish::{Audience, Content, NewPlainPrompt, NewTemplate, Publication, Published},
    read::SelectedVersion,
    resolution::{Resolution, ResolveRequest},
    search::{Page, PromptListing, PromptUse, Search, Usage},
    seed::SeedReport,
    stored_tests::Tested,
    suggest::Suggested,
};
