//! Views of the log: its entries, and what became of a label.

use chrono::{DateTime, Utc};
use prompt_model::{Change, ChangeFilter, Label};
use serde_json::Value;

use super::action::Action;
use super::verify::LogHead;
use crate::read::find;
use crate::{OrchestrationTemplateManager, Reference, Result};

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogEntry {
    /// Its place in the log: 1, 2, 3, ...
    pub sequence: i32,
    /// When the change was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub actor: String,
    /// What was done, as [`Action`](super::Action) names it.
    pub action: String,
    /// What it was done to, as it was called then: a project, or `project:name` of a prompt.
    pub subject: String,
    /// What else there is to say.
    pub details: Value,
    /// The digest of the chain up to this entry, in lower-case hex.
    pub sha256: String,
}

/// Which entries are read; what is left out does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct LogFilter<'a> {
    /// Only those of this prompt, looked up in the project.
    pub prompt: Option<(&'a Reference, &'a str)>,
    /// Only those of this actor.
    pub actor: Option<&'a str>,
    /// Only those whose action is this, or begins so: `label` means `label.set` and the like.
    pub action: Option<&'a str>,
    /// Only those older than this entry.
    pub before: Option<i32>,
    /// At most so many, the newest.
    pub limit: Option<i64>,
}

/// A label that came, moved or went.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LabelEvent {
    /// The entry of the log that says so.
    pub sequence: i32,
    /// When it was.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: String,
    /// The label.
    pub label: String,
    /// The version that it named before.
    pub from: Option<i32>,
    /// The version that it names since.
    pub to: Option<i32>,
}

impl OrchestrationTemplateManager {
    /// Entries of the change log, newest first.
    pub fn changes(&self, filter: &LogFilter<'_>) -> Result<Vec<LogEntry>> {
        self.database.snapshot(|q| {
            let prompt = match filter.prompt {
                Some((reference, project)) => Some(find(q, reference, project)?.id),
                None => None,
            };
            let actions = match filter.action {
                Some(action) => Action::named(action)?,
                None => Vec::new(),
            };
            let stored = q.changes(&ChangeFilter {
                prompt,
                actor: filter.actor.map(str::to_owned),
                actions,
                before: filter.before,
                limit: filter.limit,
            })?;
            Ok(stored.into_iter().map(entry).collect())
        })
    }

    /// The newest entry as a head to be kept elsewhere; none where the log is empty.
    pub fn log_head(&self) -> Result<Option<LogHead>> {
        let last = self.database.snapshot(|q| Ok::<_, crate::Error>(q.last_change()?))?;
        Ok(last.map(|last| LogHead { sequence: last.sequence, sha256: last.sha256 }))
    }

    /// What became of the labels of a prompt, or of one of them, newest first, as the log has it.
    pub fn label_history(
        &self,
        reference: &Reference,
        project: &str,
        label: Option<&Label>,
    ) -> Result<Vec<LabelEvent>> {
        let moving = [Action::PromptAdded, Action::VersionAdded, Action::LabelSet, Action::LabelRemoved];
        let changes: Vec<LogEntry> = self.database.snapshot(|q| {
            let prompt = Some(find(q, reference, project)?.id);
            let actions = moving.iter().map(|action| action.as_str().to_owned()).collect();
            let stored = q.changes(&ChangeFilter { prompt, actions, ..ChangeFilter::default() })?;
            Ok::<_, crate::Error>(stored.into_iter().map(entry).collect())
        })?;
        let events = changes.iter().flat_map(label_events);
        Ok(events.filter(|event| label.is_none_or(|label| event.label == label.as_str())).collect())
    }
}

fn entry(change: Change) -> LogEntry {
    LogEntry {
        sequence: change.sequence,
        at: change.at,
        actor: change.actor,
        action: change.action,
        subject: change.subject,
        // Somebody may have tampered with it; then it is shown as it is.
        details: serde_json::from_str(&change.details).unwrap_or(Value::String(change.details)),
        sha256: change.sha256,
    }
}

fn label_events(entry: &LogEntry) -> Vec<LabelEvent> {
    let number = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
    let moves = entry.details["labels"].as_array().cloned().unwrap_or_default();
    let event = |moved: Value| LabelEvent {
        sequence: entry.sequence,
        at: entry.at,
        actor: entry.actor.clone(),
        label: moved["label"].as_str().unwrap_or_default().to_owned(),
        from: number(&moved["from"]),
        to: number(&moved["to"]),
    };
    moves.into_iter().map(event).collect()
}
