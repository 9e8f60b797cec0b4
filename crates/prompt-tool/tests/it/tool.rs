//! `prompt-tool` as the tests run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use prompt_runner::manager::OrchestrationTemplateManager;
use prompt_runner::model::Stamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::{Backend, TestDatabase, hermetic, hermetic_unprivileged};

const BINARY: &str = env!("CARGO_BIN_EXE_prompt-tool");

/// Which exit code stands for which `error.code`.
const CODES: [(i32, &str); 5] =
    [(1, "failed"), (2, "usage"), (3, "not_found"), (4, "permission_denied"), (5, "conflict")];

/// The binary with a home folder of its own, and, where one is named, a database.
#[derive(Clone)]
pub(crate) struct Tool {
    home: Arc<TempDir>,
    folder: PathBuf,
    database: Option<String>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Tool {
    /// Without a database; one in the home folder would be made.
    pub(crate) fn alone() -> Self {
        let home = TempDir::with_prefix("prompt-tool-home-").unwrap();
        let folder = home.path().to_owned();
        Self { home: Arc::new(home), folder, database: None }
    }

    /// On this database as it is.
    pub(crate) fn beside(db: &TestDatabase) -> Self {
        Self { database: Some(db.url().to_owned()), ..Self::alone() }
    }

    /// On this database, ready for use: a PostgreSQL is migrated by hand, a file by itself.
    pub(crate) fn on(db: &TestDatabase) -> Self {
        let tool = Self::beside(db);
        if db.backend() == Backend::Postgres {
            let migrated = tool.json("db migrate");
            assert_eq!(migrated["applied"].as_array().map(Vec::len), Some(5), "{migrated}");
        }
        tool
    }

    /// The same home and database, from another folder below home.
    pub(crate) fn within(&self, folder: &str) -> Self {
        let folder = self.home.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, ..self.clone() }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into the current folder.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    /// A command with these words as its arguments.
    pub(crate) fn command(&self, words: &str) -> Command {
        self.prepare(hermetic(Path::new(BINARY), self.home()), words)
    }

    /// The same for a user whom file modes hold back.
    pub(crate) fn unprivileged(&self, words: &str) -> Ran {
        run(self.prepare(hermetic_unprivileged(Path::new(BINARY), self.home()), words), "")
    }

    fn prepare(&self, mut command: Command, words: &str) -> Command {
        command.args(words.split_whitespace()).current_dir(&self.folder);
        if let Some(url) = &self.database {
            command.env("PROMPT_TOOL_DATABASE_URL", url);
        }
        command
    }

    /// Runs it with this on stdin.
    pub(crate) fn run_with(&self, words: &str, stdin: impl AsRef<[u8]>) -> Ran {
        run(self.command(words), stdin)
    }

    pub(crate) fn run(&self, words: &str) -> Ran {
        self.run_with(words, "")
    }

    /// What it prints as text; it must succeed.
    pub(crate) fn text(&self, words: &str) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, 0, "{words}: {ran:#?}");
        ran.stdout
    }

    /// What it prints as JSON; it must succeed.
    pub(crate) fn json(&self, words: &str) -> Value {
        self.json_with(words, "")
    }

    pub(crate) fn json_with(&self, words: &str, stdin: impl AsRef<[u8]>) -> Value {
        let ran = self.run_with(&format!("--format json {words}"), stdin);
        assert_eq!(ran.code, 0, "{words}: {ran:#?}");
        document(&ran.stdout)
    }

    /// The error object of a run that must fail so, whatever the database is.
    pub(crate) fn fails(&self, code: i32, words: &str) -> Value {
        self.fails_with(code, words, "")
    }

    pub(crate) fn fails_with(&self, code: i32, words: &str, stdin: impl AsRef<[u8]>) -> Value {
        error_of(code, &self.run_with(&format!("--format json {words}"), stdin))
    }

    /// The error object of a run that must fail so and leave the database as it was.
    pub(crate) fn refuses(&self, code: i32, words: &str) -> Value {
        self.refuses_with(code, words, "")
    }

    pub(crate) fn refuses_with(&self, code: i32, words: &str, stdin: impl AsRef<[u8]>) -> Value {
        let before = self.everything();
        let error = self.fails_with(code, words, stdin);
        assert_eq!(self.everything(), before, "{words} changed something");
        error
    }

    /// Runs these checks, which must leave the database as it was.
    pub(crate) fn keeps(&self, check: impl FnOnce()) {
        let before = self.everything();
        check();
        assert_eq!(self.everything(), before, "something was changed");
    }

    /// Everything that the command line shows of the database.
    pub(crate) fn everything(&self) -> Value {
        let list = |words: &str| self.json(words)["items"].clone();
        let shown = |list: &Value, words: &str| -> Vec<Value> {
            let each = list.as_array().unwrap().iter();
            each.map(|item| match &item["session_id"] {
                Value::String(id) => self.json(&format!("{words} {id}")),
                _ => self.versions(item, words),
            })
            .collect()
        };
        let prompts = list("prompt list");
        let sessions = list("orchestration list");
        json!({
            "projects": list("project list"),
            "templates": list("orchestration template list --removed"),
            "versions": shown(&prompts, "prompt show"),
            "prompts": prompts,
            "shows": shown(&sessions, "orchestration show"),
            "sessions": sessions,
        })
    }

    fn versions(&self, item: &Value, words: &str) -> Value {
        let project = string(&item["project"]);
        let name = string(&item["name"]);
        let latest = item["latest"].as_i64().unwrap();
        (1..=latest).map(|number| self.json(&format!("{words} {project}:{name}@{number}"))).collect()
    }

    /// Plans a session and returns its id.
    pub(crate) fn plan(&self, request: &str) -> String {
        string(&self.json_with("orchestration plan --file -", request)["session_id"])
    }

    /// Everything of a session.
    pub(crate) fn show(&self, session: &str) -> Value {
        self.json(&format!("orchestration show {session}"))
    }

    /// Whether every prompt of a session comes out again as it was.
    pub(crate) fn verifies(&self, session: &str) -> bool {
        self.json(&format!("orchestration verify {session}"))["valid"] == json!(true)
    }

    /// Takes a step with a text that answers every prompt.
    pub(crate) fn step(&self, step: &str, session: &str) -> Value {
        self.json_with(&step_words(step, session), crate::answers::PLAIN)
    }

    /// Takes a session from its plan to its end.
    pub(crate) fn finish(&self, session: &str) {
        for step in ["process", "analyze", "save-analysis", "implement", "complete"] {
            self.step(step, session);
        }
    }
}

/// The library on a database that is ready for use: what a test cannot do by the command it tests, or at a
/// time of its own.
pub(crate) fn library(db: &TestDatabase) -> OrchestrationTemplateManager {
    prompt_runner::open(&db.url().parse().unwrap(), SystemTime::now()).unwrap().manager
}

/// Somebody, so many minutes and half a minute ago.
pub(crate) fn minutes_ago(actor: &str, minutes: u64) -> Stamp {
    Stamp::new(actor, SystemTime::now() - Duration::from_secs(minutes * 60 + 30))
}

/// The arguments of a step; where it takes an answer, from stdin.
pub(crate) fn step_words(step: &str, session: &str) -> String {
    let file = if matches!(step, "process" | "save-analysis" | "complete") { " --file -" } else { "" };
    format!("orchestration {step} --session {session}{file}")
}

/// Checks a run that failed, and nothing but its error object on stderr.
pub(crate) fn error_of(code: i32, ran: &Ran) -> Value {
    assert_eq!(ran.code, code, "{ran:#?}");
    assert_eq!(ran.stdout, "", "{ran:#?}");
    let document = document(&ran.stderr);
    assert_eq!(document.as_object().unwrap().len(), 1, "{document:#}");
    let error = document["error"].clone();
    assert_keys(&error, &["code", "message", "hint"]);
    let expected = CODES.iter().find(|(exit, _)| *exit == code).unwrap().1;
    assert_eq!(error["code"], expected, "{error:#}");
    assert_ne!(error["message"].as_str().unwrap_or_default(), "", "{error:#}");
    error
}

/// One JSON document and nothing else.
fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not one JSON document: {error}\n{text}"))
}

/// Runs a command with this on stdin.
pub(crate) fn run(command: Command, stdin: impl AsRef<[u8]>) -> Ran {
    let output = assert_cmd::Command::from_std(command).write_stdin(stdin.as_ref()).output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Checks that an object has these keys; more may stand beside them.
#[track_caller]
pub(crate) fn assert_keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no `{key}` in {value:#}");
    }
}

/// The text of a JSON string.
#[track_caller]
pub(crate) fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Whether a key of an error object holds a text.
#[track_caller]
pub(crate) fn assert_says(error: &Value, key: &str, text: &str) {
    assert!(error[key].as_str().is_some_and(|said| said.contains(text)), "no `{text}` in `{key}`: {error:#}");
}
