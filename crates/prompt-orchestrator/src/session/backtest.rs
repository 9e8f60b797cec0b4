//! Backtest: a version is rendered with what past sessions gave, without a model, and compared with what they
//! used.

use prompt_manager::diff::{LineCounts, line_counts};
use prompt_manager::model::db::{Queries, SessionFilter};
use prompt_manager::model::{DEFAULT_PROJECT, GLOBAL_PROJECT, OrchestrationTemplateType, SessionRecord};
use prompt_manager::template::{Declaration, Template};
use prompt_manager::{Error as ManagerError, Reference, Refusal};

use super::render::Given;
use super::steps::pinned;
use super::{Orchestrator, Result};

/// How many sessions are read at once.
const BATCH: i64 = 50;
/// How many sessions are tried at most.
const MOST: usize = 10_000;

/// What a version makes of past sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backtest {
    /// The template's project.
    pub project: String,
    /// The template's name.
    pub name: String,
    /// The version that was tried.
    pub version: i32,
    /// Which prompt of a session it renders.
    pub template_type: OrchestrationTemplateType,
    /// The sessions, newest first.
    pub sessions: Vec<BacktestSession>,
}

/// What a version makes of one session.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BacktestSession {
    /// The session.
    pub session_id: String,
    /// The version that the session used, as `name@3`; none for a session that pins none.
    pub used: Option<String>,
    /// Variables that the version needs and the session did not give.
    pub missing: Vec<String>,
    /// Why it does not render, where that is not for missing variables.
    pub error: Option<String>,
    /// Lines that it adds and removes against the prompt that the session used; none where it does not render.
    pub changed: Option<LineCounts>,
    /// The length of the prompt that the session used, in bytes.
    pub bytes_before: usize,
    /// The length of what the version renders, in bytes; none where it does not render.
    pub bytes_after: Option<usize>,
}

impl BacktestSession {
    /// Whether the version renders with what the session gave.
    pub fn renders(&self) -> bool {
        self.bytes_after.is_some()
    }

    /// Whether the version renders, and renders another text than the session used.
    pub fn differs(&self) -> bool {
        self.changed.is_some_and(|changed| changed != LineCounts::default())
    }

    /// By how many bytes the prompt would be longer; none where the version does not render.
    pub fn growth(&self) -> Option<i64> {
        let length = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
        self.bytes_after.map(|after| length(after) - length(self.bytes_before))
    }
}

impl Backtest {
    /// Whether the version renders for each session.
    pub fn all_render(&self) -> bool {
        self.sessions.iter().all(BacktestSession::renders)
    }

    /// For how many sessions the version renders.
    pub fn renders(&self) -> usize {
        self.sessions.iter().filter(|session| session.renders()).count()
    }

    /// For how many sessions it renders another text than they used.
    pub fn differs(&self) -> usize {
        self.sessions.iter().filter(|session| session.differs()).count()
    }

    /// The median of the changes of length, in bytes; of an even number of sessions the lower of the two in
    /// the middle.
    pub fn median_growth(&self) -> Option<i64> {
        let mut growths: Vec<i64> = self.sessions.iter().filter_map(BacktestSession::growth).collect();
        growths.sort_unstable();
        growths.get(growths.len().checked_sub(1)? / 2).copied()
    }
}

impl Orchestrator<'_> {
    /// Renders a version with the variables of the newest `count` sessions that rendered a prompt of its type:
    /// those of its project, or, for a global template, of all projects, at most 10,000. Nothing is stored.
    pub fn backtest(&self, reference: &Reference, project: &str, count: usize) -> Result<Backtest> {
        let selected = self.manager.get(reference, project)?;
        let prompt = &selected.prompt;
        let Some(place) = &prompt.placement else {
            return Err(ManagerError::Refused(Refusal::NotATemplate { name: prompt.name.clone() }).into());
        };
        let of_project = (prompt.project != GLOBAL_PROJECT).then(|| prompt.project.clone());
        self.manager.database().snapshot(|q| {
            let mut backtest = Backtest {
                project: prompt.project.clone(),
                name: prompt.name.clone(),
                version: selected.version.header.number,
                template_type: place.template_type,
                sessions: Vec::new(),
            };
            let mut filter =
                SessionFilter { project: of_project, limit: Some(BATCH), ..SessionFilter::default() };
            filter.rendered = Some(place.template_type);
            while backtest.sessions.len() < count.min(MOST) {
                let batch = q.sessions(&filter)?;
                let Some(last) = batch.last() else { break };
                filter.before = Some(last.row);
                for summary in batch {
                    if backtest.sessions.len() < count.min(MOST) {
                        // A session gets the partials of its own project.
                        let project = summary.project.as_deref().unwrap_or(DEFAULT_PROJECT);
                        let loaded =
                            self.manager.load_in(q, selected.version.header.id, &prompt.name, project)?;
                        let tried = try_on(q, summary.row, place.template_type, &loaded.template)?;
                        backtest.sessions.extend(tried);
                    }
                }
            }
            Ok(backtest)
        })
    }
}

/// What a template makes of a session, if the session rendered a prompt of its type.
fn try_on(
    q: &mut Queries<'_>,
    row: prompt_manager::model::SessionRowId,
    template_type: OrchestrationTemplateType,
    template: &Template,
) -> Result<Option<BacktestSession>> {
    let Some(record) = q.session(row)? else { return Ok(None) };
    let before = match template_type {
        OrchestrationTemplateType::Orchestrator => &record.texts.rendered_orchestrator,
        OrchestrationTemplateType::Analysis => &record.texts.rendered_analysis,
        OrchestrationTemplateType::Implementation => &record.texts.rendered_implementation,
    };
    let Some(before) = before else { return Ok(None) };
    let missing = missing(&record, template_type, template);
    let rendered = if missing.is_empty() {
        Given::of(&record).render(template_type, template, &record.texts)
    } else {
        Ok(String::new())
    };
    let (after, error) = match rendered {
        Ok(text) if missing.is_empty() => (Some(text), None),
        Ok(_) => (None, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let used = pinned(&record, template_type).map(|pin| format!("{}@{}", pin.name, pin.version));
    Ok(Some(BacktestSession {
        session_id: record.summary.session_id.clone(),
        used,
        missing,
        error,
        changed: after.as_ref().map(|after| line_counts(before, after)),
        bytes_before: before.len(),
        bytes_after: after.as_ref().map(String::len),
    }))
}

fn missing(
    record: &SessionRecord,
    template_type: OrchestrationTemplateType,
    template: &Template,
) -> Vec<String> {
    let system = template_type.system_variables();
    let may_be_left_out =
        |name: &str| template.declarations().get(name).is_some_and(Declaration::may_be_left_out);
    let names = template.variables().iter().map(|variable| variable.name.as_str());
    names
        .filter(|name| {
            !system.contains(name) && !record.variables.contains_key(*name) && !may_be_left_out(name)
        })
        .map(str::to_owned)
        .collect()
}
