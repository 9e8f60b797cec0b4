//! Sessions in a database: planned from resolved templates, moved on step by step, explained and verified.

mod backtest;
mod error;
mod plan;
mod read;
mod render;
mod steps;
mod verify;

use prompt_manager::OrchestrationTemplateManager;

pub use backtest::{Backtest, BacktestSession};
pub use error::{Error, MissingVariable, Result};
pub use plan::{PlanRequest, Planned, PlannedTemplate};
pub use steps::{Processed, Stepped};
pub use verify::{PhaseCheck, Verification};

/// Runs sessions with the templates of a manager.
///
/// Each step is one transaction, with the state checked in it: of two that race, one wins, and the other is
/// told so.
#[derive(Clone, Copy)]
pub struct Orchestrator<'m> {
    manager: &'m OrchestrationTemplateManager,
}

impl<'m> Orchestrator<'m> {
    /// Sessions with the templates of this manager, in its database.
    pub fn new(manager: &'m OrchestrationTemplateManager) -> Self {
        Self { manager }
    }
}
