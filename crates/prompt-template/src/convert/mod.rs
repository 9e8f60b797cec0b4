//! Conversions to Handlebars (feature `convert`), with a report of what cannot be converted and where.
//!
//! A template comes out only where it renders as its original does; anything else is reported, with
//! its line and what can be done about it. Jinja2 is parsed as Jinja2 parses it, and what is written
//! is compiled again and compared, so a text cannot change on the way.
//!
//! ```
//! use prompt_template::convert::{ConvertOptions, Dialect, convert};
//!
//! let options = ConvertOptions::default().texts(["name"]);
//! let source = "Dear {{ name }},\n{% if notes %}\n{{ notes|length }} notes\n{% endif %}\n";
//! let conversion = convert(Dialect::Jinja2, source, &options);
//! assert_eq!(
//!     conversion.handlebars.unwrap(),
//!     "Dear {{name}},\n{{#if notes}}{{!}}\n{{length notes}} notes\n{{/if}}{{!}}"
//! );
//!
//! let conversion = convert(Dialect::Jinja2, "Total:\n{{ price * 2 }}", &options);
//! assert_eq!(conversion.handlebars, None);
//! assert_eq!((conversion.report[0].construct.as_str(), conversion.report[0].line), ("arithmetic", 2));
//! ```

mod brackets;
mod format;
mod jinja;
mod path;
mod pieces;
mod proof;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::convert::pieces::Piece;

/// Bytes of a source that is converted; a longer one is reported.
const MOST_BYTES: usize = 1 << 18;
/// Entries of a report; more do not help anyone.
const MOST_REPORTS: usize = 200;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Jinja2, as an `Environment` with its defaults reads it.
    Jinja2,
    /// Text for Python's `str.format`: `{name}`.
    Format,
    /// Placeholders in brackets: `[PROJECT_NAME]`.
    Brackets,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jinja2, Self::Format, Self::Brackets];

    /// The name on the command line: `jinja2`, `format` or `brackets`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jinja2 => "jinja2",
            Self::Format => "format",
            Self::Brackets => "brackets",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is none of [`Dialect`]'s.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of jinja2, format, brackets")]
pub struct UnknownDialect(String);

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.as_str() == name)
            .ok_or_else(|| UnknownDialect(name.to_owned()))
    }
}

/// How values are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Values {
    /// As Python prints them, also `True`, `None` and lists: `{{pystr x}}`, unless `x` is known to be
    /// a text or an integer.
    #[default]
    Python,
    /// All variables are texts or integers, so `{{x}}` will do. A boolean is then printed as `true`,
    /// null as nothing, and a list or an object is refused when it is rendered.
    Text,
}

/// The prompts that a template may include.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Includes {
    /// None: each include is reported.
    #[default]
    Nothing,
    /// Those of these names.
    Named(BTreeSet<String>),
    /// Any that has a fixed name.
    Anything,
}

impl Includes {
    fn hold(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Named(names) => names.contains(name),
            Self::Anything => true,
        }
    }
}

/// What the converter may take for granted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConvertOptions {
    values: Values,
    texts: BTreeSet<String>,
    includes: Includes,
}

impl ConvertOptions {
    /// How values are printed; as Python prints them by default.
    pub fn values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    /// Variables that are always texts, and so are printed as they are.
    pub fn texts(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.texts = names.into_iter().map(Into::into).collect();
        self
    }

    /// The prompts that may be included; none by default.
    pub fn includes(mut self, includes: Includes) -> Self {
        self.includes = includes;
        self
    }
}

/// One thing that was found while converting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The line in the original, from 1.
    pub line: usize,
    /// What it is, in a word or two: `macro`, `filter sort`, `loop.cycle`, `syntax`.
    pub construct: String,
    /// Why, and what a person can do about it.
    pub reason: String,
}

/// The outcome of a conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Conversion {
    /// The template in Handlebars; `None` where anything is reported.
    pub handlebars: Option<String>,
    /// What stands against a conversion, in the order of the original.
    pub report: Vec<Report>,
    /// What a person should look at all the same, such as what was taken for granted.
    pub notes: Vec<Report>,
}

impl Conversion {
    /// True where a template came out.
    pub fn is_convertible(&self) -> bool {
        self.handlebars.is_some()
    }
}

/// Converts a text to Handlebars, or says why it cannot be done.
///
/// No text makes it panic, and its time is bounded by the text's length.
pub fn convert(dialect: Dialect, source: &str, options: &ConvertOptions) -> Conversion {
    let mut findings = Findings::default();
    if source.len() > MOST_BYTES {
        findings.report(1, "size", format!("the text is longer than {MOST_BYTES} bytes; split it"));
        return findings.into_conversion(None);
    }
    if let Some(at) = source.find('\0') {
        let line = source[..at].matches('\n').count() + 1;
        findings.report(line, "NUL character", "a template cannot hold it; delete it");
        return findings.into_conversion(None);
    }
    let pieces = match dialect {
        Dialect::Jinja2 => jinja::convert(source, options, &mut findings),
        Dialect::Format => format::convert(source, options, &mut findings),
        Dialect::Brackets => brackets::convert(source, &mut findings),
    };
    findings.finish(&pieces)
}

/// What is found on the way.
#[derive(Default)]
struct Findings {
    report: Vec<Report>,
    notes: Vec<Report>,
}

impl Findings {
    fn report(&mut self, line: usize, construct: impl Into<String>, reason: impl Into<String>) {
        push(&mut self.report, line, construct.into(), reason.into());
    }

    /// Unlike reports, of which the first is enough, each note is about something else.
    fn note(&mut self, line: usize, construct: impl Into<String>, reason: impl Into<String>) {
        let note = Report { line, construct: construct.into(), reason: reason.into() };
        if self.notes.len() < MOST_REPORTS && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// True where no further report is kept.
    fn is_full(&self) -> bool {
        self.report.len() >= MOST_REPORTS
    }

    fn join(&mut self, other: Self) {
        other.report.into_iter().for_each(|report| self.report(report.line, report.construct, report.reason));
        other.notes.into_iter().for_each(|note| self.note(note.line, note.construct, note.reason));
    }

    /// Writes the template, unless something stands against it.
    fn finish(mut self, pieces: &[Piece]) -> Conversion {
        if !self.report.is_empty() {
            return self.into_conversion(None);
        }
        let handlebars = pieces::write(pieces);
        match proof::prove(&handlebars, pieces) {
            Ok(()) => self.into_conversion(Some(handlebars)),
            Err((line, construct, reason)) => {
                self.report(line, construct, reason);
                self.into_conversion(None)
            }
        }
    }

    fn into_conversion(mut self, handlebars: Option<String>) -> Conversion {
        self.report.sort_by_key(|report| report.line);
        self.notes.sort_by_key(|note| note.line);
        Conversion { handlebars, report: self.report, notes: self.notes }
    }
}

/// The same construct on the same line is reported once.
fn push(reports: &mut Vec<Report>, line: usize, construct: String, reason: String) {
    let known = reports.iter().rev().any(|known| known.line == line && known.construct == construct);
    if !known && reports.len() < MOST_REPORTS {
        reports.push(Report { line, construct, reason });
    }
}
