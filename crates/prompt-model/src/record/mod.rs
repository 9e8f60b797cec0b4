//! Plain records: what the queries return and take. They hold no handle to a database.

mod change;
mod gate;
mod prompt;
mod session;

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, Utc};

pub use change::{Change, ChangeFilter};
pub use gate::{LabelPolicy, StoredTest};
pub use prompt::{
    NewVersion, Placement, ProductionVersion, Project, Prompt, SlotCandidate, Version, VersionHeader,
};
pub use session::{
    NewSession, PartialPin, PhaseRecord, Pin, SessionRecord, SessionSummary, SessionTexts, SessionUse,
};

/// Who did something, and when: given to every call that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The name that the record keeps.
    pub actor: String,
    /// The time that the record keeps, to the microsecond.
    pub at: DateTime<Utc>,
}

impl Stamp {
    /// A stamp of `actor` at `at`.
    pub fn new(actor: impl Into<String>, at: SystemTime) -> Self {
        Self { actor: actor.into(), at: DateTime::<Utc>::from(at).trunc_subsecs(6) }
    }
}
