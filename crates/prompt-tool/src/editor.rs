//! The editor of the person, and the file that it works on.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::context::environment;
use crate::failure::Failure;
use crate::input;
use crate::output::Output;

/// What is run where nothing else is named.
const DEFAULT: &str = "vi";

/// An editor: its words, and where it was named.
pub(crate) struct Editor {
    words: Vec<String>,
    because: &'static str,
}

impl Editor {
    /// The editor of `VISUAL`, else of `EDITOR`, else `vi`.
    pub(crate) fn of_environment(may_ask: bool) -> Result<Self, Failure> {
        let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
            let value = environment(name).filter(|value| !value.trim().is_empty());
            value.map(|value| (value, name))
        });
        if named.is_none() && !may_ask {
            return Err(Failure::usage(
                "no editor: neither VISUAL nor EDITOR is set, and nobody is there to type",
            )
            .kind("editor")
            .hint("set EDITOR, or change the text with template update --file FILE"));
        }
        let (text, because) = named.unwrap_or_else(|| (DEFAULT.to_owned(), "the default"));
        match shlex::split(&text) {
            Some(words) if words.first().is_some_and(|first| !first.is_empty()) => {
                Ok(Self { words, because })
            }
            _ => Err(Failure::usage(format!("{because} names no program: `{text}`"))
                .kind("editor")
                .hint(format!("write {because} as words, as in {because}='code --wait'"))),
        }
    }

    /// Runs the editor on a file and waits for its end. No shell reads its words or the path.
    pub(crate) fn open(&self, file: &Path) -> Result<(), Failure> {
        let program = &self.words[0];
        let mut command = Command::new(program);
        command.args(&self.words[1..]).arg(file);
        if !io::stdout().is_terminal() {
            // What is printed on a pipe is the data of this program alone.
            command.stdout(Stdio::from(io::stderr()));
        }
        let status = command.status().map_err(|error| {
            failure(format!("cannot run the editor `{program}` ({}): {error}", self.because))
        })?;
        if status.success() {
            return Ok(());
        }
        Err(failure(format!("the editor `{program}` ({}) failed: {status}", self.because)))
    }
}

/// A text in a file of its own, in a folder that nobody else can read. Nothing but [`delete`](Self::delete)
/// deletes it: neither a failure nor a signal.
pub(crate) struct EditedFile {
    path: PathBuf,
    original: String,
}

impl EditedFile {
    pub(crate) fn new(name: &str, text: &str) -> Result<Self, Failure> {
        let path = written(name, text).map_err(|error| {
            Failure::failed(format!("cannot make a file for the editor: {error}")).kind("io")
        })?;
        Ok(Self { path, original: text.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn read(&self, output: &mut Output) -> Result<String, Failure> {
        input::text(&self.path, "text", output, false)
    }

    /// Where the text is kept, if it is there and is another one than before; else nothing of it is left.
    pub(crate) fn kept(&self) -> Option<String> {
        match fs::read(&self.path) {
            Ok(bytes) if bytes == self.original.as_bytes() => {
                self.delete();
                None
            }
            Ok(_) => Some(self.path.display().to_string()),
            // What cannot be read may still be there, in a file beside it.
            Err(_) => self.path.parent().map(|folder| folder.display().to_string()),
        }
    }

    /// Deletes the file with its folder, where an editor may have left files of its own.
    pub(crate) fn delete(&self) {
        if let Some(folder) = self.path.parent() {
            // What cannot be deleted is a file in the folder for such files.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn failure(message: String) -> Failure {
    Failure::failed(message)
        .kind("editor")
        .hint("nothing was stored; name another editor with VISUAL or EDITOR")
}

/// Writes a text into a new file, named like the prompt so that an editor's title says what it is.
fn written(name: &str, text: &str) -> io::Result<PathBuf> {
    let plain: String =
        name.chars().take(60).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = private(tempfile::Builder::new().prefix("prompt-tool-")).tempdir()?;
    let mut file =
        tempfile::Builder::new().prefix(&format!("{plain}-")).suffix(".prompt").tempfile_in(folder.path())?;
    file.write_all(text.as_bytes())?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    let _ = folder.keep();
    Ok(path)
}

/// Lets nobody else into a folder; a file is made so anyway.
#[cfg(unix)]
fn private<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    builder
}
