//! Reading sessions.

use prompt_manager::model::db::{Queries, SessionFilter};
use prompt_manager::model::{SessionRecord, SessionRowId, SessionSummary};
use prompt_manager::{Error as ManagerError, Missing};

use super::{Error, Orchestrator, Result};

impl Orchestrator<'_> {
    /// The sessions that pass the filter, newest first, with their templates: a constant number of
    /// statements, however many there are.
    pub fn list(&self, filter: &SessionFilter) -> Result<Vec<SessionSummary>> {
        self.manager.database().snapshot(|q| {
            if let Some(project) = &filter.project
                && q.project_by_name(project)?.is_none()
            {
                let missing = Missing::Project { name: project.clone() };
                return Err(ManagerError::NotFound(missing).into());
            }
            Ok(q.sessions(filter)?)
        })
    }

    /// Everything of the session with this id, or the only one whose id starts so.
    pub fn session(&self, id: &str) -> Result<SessionRecord> {
        self.manager.database().snapshot(|q| {
            let row = find(q, id)?;
            load(q, row, id)
        })
    }

    /// The shortest beginning of an id, of 4 characters or more, that no other session shares.
    pub fn short_id(&self, session_id: &str) -> Result<String> {
        const SHORTEST: usize = 4;
        let ends = session_id.char_indices().map(|(at, c)| at + c.len_utf8()).skip(SHORTEST - 1);
        for end in ends {
            let prefix = &session_id[..end];
            if self.manager.database().read(|q| q.session_ids(prefix))?.len() <= 1 {
                return Ok(prefix.to_owned());
            }
        }
        Ok(session_id.to_owned())
    }
}

pub(super) fn find(queries: &mut Queries<'_>, id: &str) -> Result<SessionRowId> {
    let no_session = || Error::NoSession { id: id.to_owned() };
    if id.is_empty() || id.contains('\0') {
        return Err(no_session());
    }
    match queries.session_ids(id)?.as_slice() {
        [] => Err(no_session()),
        [(row, _)] => Ok(*row),
        [(_, first), (_, second), ..] => {
            Err(Error::AmbiguousSession { id: id.to_owned(), first: first.clone(), second: second.clone() })
        }
    }
}

pub(super) fn load(queries: &mut Queries<'_>, row: SessionRowId, id: &str) -> Result<SessionRecord> {
    queries.session(row)?.ok_or_else(|| Error::NoSession { id: id.to_owned() })
}
