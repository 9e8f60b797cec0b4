//! Data on stdout, everything else on stderr; text or one JSON document.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use comfy_table::{Table, presets};
use owo_colors::OwoColorize;
use prompt_runner::template::{Diagnostic, Severity};
use serde::Serialize;

use crate::failure::Failure;
use crate::visible::visible;

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// Text and tables for people.
    #[default]
    Table,
    /// One JSON document for programs.
    Json,
}

/// The two streams of a run.
pub(crate) struct Output {
    format: Format,
    /// What is said beside the data. With JSON it waits, since a failure prints nothing but its error.
    waiting: Vec<String>,
    colour: bool,
    data_on_terminal: bool,
    data_in_colour: bool,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self {
            format,
            waiting: Vec::new(),
            colour: wanted && io::stderr().is_terminal(),
            data_on_terminal: io::stdout().is_terminal(),
            data_in_colour: wanted && io::stdout().is_terminal(),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Says something beside the data, on stderr.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) {
        let text = visible(text.as_ref());
        if self.is_json() {
            self.waiting.push(text);
        } else {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// A note with a label of a fixed width, as `Session  7f3c`.
    pub(crate) fn labelled(&mut self, label: &str, text: impl AsRef<str>) {
        let label = format!("{label:<9}");
        let label = if self.colour { label.bold().to_string() } else { label };
        let line = format!("{label}{}", visible(text.as_ref()));
        if self.is_json() {
            self.waiting.push(line);
        } else {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// A warning, on stderr.
    pub(crate) fn warn(&mut self, text: impl AsRef<str>) {
        let label = if self.colour { "warning:".yellow().bold().to_string() } else { "warning:".to_owned() };
        let line = format!("{label} {}", visible(text.as_ref()));
        if self.is_json() {
            self.waiting.push(line);
        } else {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Something that is wrong and does not end the command, on stderr; a JSON document has it in its data.
    pub(crate) fn error(&mut self, text: impl AsRef<str>) {
        if !self.is_json() {
            let label = if self.colour { "error:".red().bold().to_string() } else { "error:".to_owned() };
            let _ = writeln!(io::stderr(), "{label} {}", visible(text.as_ref()));
        }
    }

    /// A problem of a template with its place, on stderr; a JSON document has it in its data.
    pub(crate) fn excerpt(&mut self, diagnostic: &Diagnostic) {
        if !self.is_json() {
            let text = diagnostic.render_excerpt();
            let label = format!("{}:", diagnostic.severity.as_str());
            let text = match (text.strip_prefix(&label), diagnostic.severity) {
                (Some(rest), Severity::Error) if self.colour => format!("{}{rest}", label.red().bold()),
                (Some(rest), _) if self.colour => format!("{}{rest}", label.yellow().bold()),
                _ => text,
            };
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Prints the data: the JSON document, or what `text` makes of it.
    pub(crate) fn data<T: Serialize>(
        &mut self,
        data: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        if self.is_json() {
            let mut document = serde_json::to_string_pretty(data)
                .map_err(|error| Failure::failed(format!("the result cannot be written as JSON: {error}")))?;
            document.push('\n');
            return write_stdout(&document);
        }
        let mut text = text(data);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let text = if self.data_on_terminal { visible(&text) } else { text };
        write_stdout(&text)
    }

    /// Prints the data, where its text is somebody's text: byte for byte on a pipe.
    pub(crate) fn document<T: Serialize>(&mut self, data: &T, document: &str) -> Result<(), Failure> {
        if self.is_json() {
            return self.data(data, |_| String::new());
        }
        if !self.data_on_terminal {
            return write_stdout(document);
        }
        let end = if document.ends_with('\n') { "" } else { "\n" };
        write_stdout(&format!("\n{}{end}\n", visible(document)))
    }

    /// Prints the data, where a terminal with colours gets a text of its own, made visible already.
    pub(crate) fn painted<T: Serialize>(
        &mut self,
        data: &T,
        plain: &str,
        painted: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.data_in_colour && !self.is_json() {
            return write_stdout(&painted());
        }
        self.data(data, |_| plain.to_owned())
    }

    /// A note, of which a terminal with colours gets a text of its own, made visible already.
    pub(crate) fn painted_note(&mut self, plain: &str, painted: impl FnOnce() -> String) {
        if self.colour && !self.is_json() {
            let _ = writeln!(io::stderr(), "{}", painted());
        } else {
            self.note(plain);
        }
    }

    /// Says what waited.
    pub(crate) fn finish(&mut self) {
        for line in self.waiting.drain(..) {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Says why something failed where the run goes on all the same.
    pub(crate) fn failure(&self, failure: &Failure) {
        let _ = io::stderr().write_all(failure.text(self.colour).as_bytes());
    }

    /// Prints why a run failed, and nothing else, and gives its exit code.
    pub(crate) fn fail(&mut self, failure: &Failure) -> ExitCode {
        let text = if self.is_json() {
            let mut document = serde_json::to_string_pretty(&failure.document())
                .expect("an error of texts can be written as JSON");
            document.push('\n');
            document
        } else {
            failure.text(self.colour)
        };
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::from(failure.code().exit())
    }

    /// A table in the look of this program: no lines, aligned columns, whole on a pipe.
    pub(crate) fn table(&self, head: &[&str]) -> Table {
        let mut table = plain_table();
        // A terminal that says that it is no column wide does not know how wide it is.
        if self.data_on_terminal && table.width().is_some_and(|width| width > 0) {
            table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
        }
        table.set_header(head.to_vec());
        table
    }
}

fn write_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // The reader has seen enough, as with `| head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed(format!("cannot write to stdout: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// A table without lines and head.
pub(crate) fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// The text of a table without trailing blanks.
pub(crate) fn table_text(table: &Table) -> String {
    let line = |line: String| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n";
    table.lines().map(line).collect()
}
