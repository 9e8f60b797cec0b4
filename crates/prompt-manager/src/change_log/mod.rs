//! The change log: every change of the registry is one entry, written in its transaction.
//!
//! The entries are a hash chain: the SHA-256 of each covers the digest of the one before. Nobody can change,
//! insert or delete an entry without every later digest being wrong, and
//! [`verify_log`](crate::OrchestrationTemplateManager::verify_log) finds the first one that is. Who keeps a
//! [`LogHead`] elsewhere also finds that the end was cut off, or all of it rewritten.

mod action;
mod read;
mod verify;

use prompt_model::{Change, Prompt, PromptId, Queries, Stamp};
use prompt_template::sha256_hex;
use serde_json::{Value, json};

use crate::Result;

pub use action::Action;
pub use read::{LabelEvent, LogEntry, LogFilter};
pub use verify::{BadEntry, LogHead, LogVerification};

/// What stands for the digest of the entry before the first.
const BEFORE_THE_FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A change that is to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    action: Action,
    subject: String,
    prompt_id: Option<PromptId>,
    details: Value,
}

impl Entry {
    /// Something done to a prompt.
    pub(crate) fn of_prompt(action: Action, prompt: &Prompt, details: Value) -> Self {
        Self { action, subject: prompt.full_name(), prompt_id: Some(prompt.id), details }
    }

    /// Something done to a project.
    pub(crate) fn of_project(action: Action, name: &str, details: Value) -> Self {
        Self { action, subject: name.to_owned(), prompt_id: None, details }
    }
}

/// How a label moved, as `details` hold it; none is where there was no version.
pub(crate) fn label_move(label: &str, from: Option<i32>, to: Option<i32>) -> Value {
    json!([{ "label": label, "from": from, "to": to }])
}

/// Adds entries to the log. Call it last in a transaction: it holds the lock of the log to its end.
pub(crate) fn record(q: &mut Queries<'_>, entries: Vec<Entry>, stamp: &Stamp) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    q.lock_changes()?;
    let (mut sequence, mut previous) = match q.last_change()? {
        Some(last) => (last.sequence, last.sha256),
        None => (0, BEFORE_THE_FIRST.to_owned()),
    };
    for entry in entries {
        sequence += 1;
        let mut change = Change {
            sequence,
            at: stamp.at,
            actor: stamp.actor.clone(),
            action: entry.action.as_str().to_owned(),
            subject: entry.subject,
            prompt_id: entry.prompt_id,
            details: entry.details.to_string(),
            sha256: String::new(),
        };
        change.sha256 = digest(&previous, &change);
        q.insert_change(&change)?;
        previous = change.sha256;
    }
    Ok(())
}

/// SHA-256, in lower-case hex, of the JSON list of the digest before and of everything else in the entry: a
/// form in which no two entries look the same.
fn digest(previous: &str, change: &Change) -> String {
    let at = change.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let prompt = change.prompt_id.map(|id| id.0);
    let form = json!([
        previous,
        change.sequence,
        at,
        change.actor,
        change.action,
        change.subject,
        prompt,
        change.details,
    ]);
    sha256_hex(&form.to_string())
}
