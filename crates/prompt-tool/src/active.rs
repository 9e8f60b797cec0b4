//! The active session of a folder, so that `--session` can be left out.
//!
//! It is kept in the user's own folder, not in the project: a file for each folder and database.

use std::path::{Path, PathBuf};

use prompt_runner::template::sha256_hex;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

#[derive(Serialize, Deserialize)]
struct ActiveSession {
    folder: String,
    database: String,
    session_id: String,
}

/// Where the active session of a folder is remembered.
pub(crate) struct Memory {
    file: Option<PathBuf>,
    folder: String,
    database: String,
}

impl Memory {
    pub(crate) fn of(folder: &Path, database: &str) -> Self {
        let folder = folder.to_string_lossy().into_owned();
        let name = format!("{}.json", &sha256_hex(&format!("{folder}\0{database}"))[..32]);
        let home = dirs::state_dir().or_else(dirs::data_local_dir);
        Self {
            file: home.map(|home| home.join("prompt-tool").join("active-sessions").join(name)),
            folder,
            database: database.to_owned(),
        }
    }

    /// The id of the active session, where one is remembered.
    pub(crate) fn read(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.file.as_ref()?).ok()?;
        let active: ActiveSession = serde_json::from_str(&text).ok()?;
        (active.folder == self.folder && active.database == self.database).then_some(active.session_id)
    }

    /// Remembers a session; the file is replaced whole.
    pub(crate) fn write(&self, session_id: &str) -> Result<(), Failure> {
        let unwritable = |error: &dyn std::fmt::Display| {
            Failure::failed(format!("cannot remember the active session: {error}"))
        };
        let file = self.file.as_ref().ok_or_else(|| unwritable(&"there is no home folder"))?;
        let folder = file.parent().expect("the file is in a folder");
        std::fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
        let active = ActiveSession {
            folder: self.folder.clone(),
            database: self.database.clone(),
            session_id: session_id.to_owned(),
        };
        let text = serde_json::to_string_pretty(&active).map_err(|error| unwritable(&error))?;
        let beside = file.with_extension(format!("{}.tmp", std::process::id()));
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::rename(&beside, file))
            .map_err(|error| unwritable(&error))
    }
}
