//! What a command runs in: the database and why it is that one, the actor, the clock, chance.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use prompt_runner::Opened;
use prompt_runner::manager::OrchestrationTemplateManager;
use prompt_runner::model::builtin::BUILTIN_TEMPLATES;
use prompt_runner::model::{DatabaseUrl, GLOBAL_PROJECT, Stamp};

use crate::active::Memory;
use crate::cli::Cli;
use crate::failure::Failure;
use crate::output::Output;

/// The folder of a project's own database.
const PROJECT_FOLDER: &str = ".prompt-tool";
const DATABASE_FILE: &str = "prompt-tool.db";

/// A value and where it comes from.
pub(crate) struct Found<T> {
    pub(crate) value: T,
    pub(crate) because: String,
}

/// What a command runs in.
pub(crate) struct Context {
    database: Option<String>,
    actor: Option<String>,
    pub(crate) no_input: bool,
}

impl Context {
    pub(crate) fn new(cli: &Cli) -> Self {
        Self { database: cli.database.clone(), actor: cli.actor.clone(), no_input: cli.no_input }
    }

    /// This program as the next command has to call it: with the database, where it was named.
    pub(crate) fn program(&self) -> String {
        match (&self.database, self.database_url()) {
            (Some(_), Ok(found)) => format!("prompt-tool --database '{}'", found.value),
            _ => "prompt-tool".to_owned(),
        }
    }

    /// Who acts: named, or the user of the system.
    pub(crate) fn actor(&self) -> Found<String> {
        if let Some(actor) = &self.actor {
            return Found { value: actor.clone(), because: "--actor".to_owned() };
        }
        for variable in ["PROMPT_TOOL_ACTOR", "USER", "LOGNAME", "USERNAME"] {
            if let Some(name) = environment(variable) {
                return Found { value: name, because: variable.to_owned() };
            }
        }
        Found {
            value: "unknown".to_owned(),
            because: "no --actor, and no USER in the environment".to_owned(),
        }
    }

    /// The time.
    #[expect(clippy::unused_self, reason = "the clock is the context's, so that it has one place")]
    pub(crate) fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    /// Who acts, and now.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.actor().value, SystemTime::now())
    }

    /// Which database, and why.
    pub(crate) fn database_url(&self) -> Result<Found<DatabaseUrl>, Failure> {
        const VARIABLE: &str = "PROMPT_TOOL_DATABASE_URL";
        if let Some(text) = &self.database {
            return Ok(Found { value: named_database(text)?, because: "--database".to_owned() });
        }
        if std::env::var_os(VARIABLE).is_some_and(|value| value.to_str().is_none()) {
            return Err(Failure::usage(format!("{VARIABLE} is not UTF-8")));
        }
        if let Some(text) = environment(VARIABLE) {
            return Ok(Found { value: named_database(&text)?, because: VARIABLE.to_owned() });
        }
        if let Some(folder) = project_folder(&current_folder()?) {
            let because = format!("the nearest {PROJECT_FOLDER} folder upwards");
            return Ok(Found { value: DatabaseUrl::Sqlite(folder.join(DATABASE_FILE)), because });
        }
        let data = dirs::data_dir().ok_or_else(|| {
            Failure::failed("there is no home folder to keep a database in")
                .hint("name a database: --database sqlite:PATH")
        })?;
        let path = data.join("prompt-tool").join(DATABASE_FILE);
        Ok(Found { value: DatabaseUrl::Sqlite(path), because: "the user's data folder".to_owned() })
    }

    /// Opens the database and says what that changed.
    pub(crate) fn open(&self, output: &mut Output) -> Result<OrchestrationTemplateManager, Failure> {
        let url = self.database_url()?.value;
        let Opened { manager, migration, seeds } = prompt_runner::open(&url, SystemTime::now())?;
        let place = shown(&url);
        if migration.created {
            // Another process that starts at the same time may have been the one to seed it.
            output.note(format!("New database {place} ({} built-in templates)", BUILTIN_TEMPLATES.len()));
        } else if !migration.done.is_empty() {
            output.note(format!("Migrated {place}: {}", migration.done.join(", ")));
        }
        if let Some(copy) = migration.copy {
            output.note(format!("Kept a copy as it was: {}", copy.display()));
        }
        for name in seeds.upgraded {
            output.note(format!("The built-in template {name} has a newer version"));
        }
        Ok(manager)
    }

    /// Where the active session of this folder is remembered.
    pub(crate) fn memory(&self) -> Result<Memory, Failure> {
        let folder = current_folder()?;
        Ok(Memory::of(&folder, &absolute(&self.database_url()?.value, &folder)))
    }

    /// The session that is named, or the active one, which is then said.
    pub(crate) fn session(&self, named: Option<&str>, output: &mut Output) -> Result<String, Failure> {
        if let Some(id) = named {
            return Ok(id.to_owned());
        }
        let id = self.memory()?.read().ok_or_else(|| {
            Failure::usage("no session is named, and this folder has no active one").kind("no_active_session").hint(
                "name one with --session, choose one: prompt-tool orchestration use ID, or plan one: prompt-tool \
                 orchestration plan",
            )
        })?;
        output.labelled("Session", format!("{id} (active in this folder)"));
        Ok(id)
    }
}

/// An environment variable that is set and not empty.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The project that is meant: named, global, or the default.
pub(crate) fn project(named: Option<&str>, global: bool) -> String {
    if global {
        return GLOBAL_PROJECT.to_owned();
    }
    named.unwrap_or(prompt_runner::model::DEFAULT_PROJECT).to_owned()
}

fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| Failure::failed(format!("there is no current folder: {error}")))
}

fn project_folder(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(PROJECT_FOLDER)).find(|folder| folder.is_dir())
}

/// A database that a person names; `~/` in front of a file is the home folder, as this program shows it.
fn named_database(text: &str) -> Result<DatabaseUrl, Failure> {
    match (text.strip_prefix("sqlite:~/"), dirs::home_dir()) {
        (Some(rest), Some(home)) => Ok(DatabaseUrl::Sqlite(home.join(rest))),
        _ => Ok(text.parse()?),
    }
}

/// The database as one text, whichever folder it is named from.
fn absolute(url: &DatabaseUrl, folder: &Path) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let path = folder.join(path);
            let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
            let path = match (parent, path.file_name()) {
                (Some(parent), Some(name)) => parent.join(name),
                _ => path,
            };
            format!("sqlite:{}", path.display())
        }
        DatabaseUrl::Postgres(_) => url.to_string(),
    }
}

/// A database as it is shown: a file by its path, with `~` for the home folder.
pub(crate) fn shown(url: &DatabaseUrl) -> String {
    let DatabaseUrl::Sqlite(path) = url else { return url.to_string() };
    match dirs::home_dir().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
