//! Problems of templates: a code, a sentence, and the place in the source.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::excerpt::{Excerpt, visible};
use crate::limits::Limit;

/// A stretch of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// The line of its start, from 1.
    pub line: usize,
    /// The column of its start, from 1, in characters.
    pub column: usize,
    /// Its bytes.
    pub range: Range<usize>,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// It may be a mistake; the template can be used.
    Warning,
    /// The template, or the variables, cannot be used.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What kind of problem a [`Diagnostic`] reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Handlebars does not understand the text.
    Syntax,
    /// `{{` without its `}}`.
    UnclosedTag,
    /// A comment without its end.
    UnclosedComment,
    /// A block without its end, reported where it opens.
    UnclosedBlock,
    /// The end of another block than the one that is open.
    MismatchedClose,
    /// The end of a block where none is open.
    StrayClose,
    /// `{{else}}` outside of a block, or a second one.
    StrayElse,
    /// A NUL character.
    Nul,
    /// A tag of another language, which is plain text here.
    ForeignTag,
    /// A helper that does not exist.
    UnknownHelper,
    /// A helper with too few or too many parameters, or used as a block where it is none.
    HelperUse,
    /// A decorator other than `inline`, or an inline partial without a fixed name.
    Decorator,
    /// An `@name` that no block provides.
    UnknownLocal,
    /// A partial that the source of partials does not have.
    UnknownPartial,
    /// A partial whose name is computed while rendering.
    DynamicPartial,
    /// Partials that include each other.
    PartialCycle,
    /// A variable that templates of this kind are not given.
    UnknownVariable,
    /// A variable without a value.
    MissingVariable,
    /// Front matter that is not YAML, or has a key of the wrong kind.
    FrontMatter,
    /// A declaration that cannot be understood, or contradicts another one.
    Schema,
    /// A variable that is used and not declared, in a template with declarations.
    UndeclaredVariable,
    /// A variable that is declared and not used.
    UnusedVariable,
    /// A variable or a parameter with the name of a helper.
    NameClash,
    /// A variable inside of a block that looks its name up in something else.
    RootNeeded,
    /// A variable that is given and not declared.
    Undeclared,
    /// A value of another kind than the declared one.
    Mistyped,
    /// A value that is none of the declared ones.
    NotAllowed,
    /// A text that is longer than declared.
    TooLong,
    /// A text with hidden characters where these are refused.
    HiddenCharacters,
    /// A value that cannot be used where it stands: null or an object printed, a text looped over.
    Value,
    /// A failure of rendering that no other code describes.
    Render,
    /// One of the [`Limits`](crate::Limits) was reached.
    Limit(Limit),
}

impl Code {
    /// All codes.
    pub fn all() -> impl Iterator<Item = Self> {
        let codes = [
            Self::Syntax,
            Self::UnclosedTag,
            Self::UnclosedComment,
            Self::UnclosedBlock,
            Self::MismatchedClose,
            Self::StrayClose,
            Self::StrayElse,
            Self::Nul,
            Self::ForeignTag,
            Self::UnknownHelper,
            Self::HelperUse,
            Self::Decorator,
            Self::UnknownLocal,
            Self::UnknownPartial,
            Self::DynamicPartial,
            Self::PartialCycle,
            Self::UnknownVariable,
            Self::MissingVariable,
            Self::FrontMatter,
            Self::Schema,
            Self::UndeclaredVariable,
            Self::UnusedVariable,
            Self::NameClash,
            Self::RootNeeded,
            Self::Undeclared,
            Self::Mistyped,
            Self::NotAllowed,
            Self::TooLong,
            Self::HiddenCharacters,
            Self::Value,
            Self::Render,
        ];
        codes.into_iter().chain(Limit::all().map(Self::Limit))
    }

    /// The code as stable text, such as `unclosed-block`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnclosedTag => "unclosed-tag",
            Self::UnclosedComment => "unclosed-comment",
            Self::UnclosedBlock => "unclosed-block",
            Self::MismatchedClose => "mismatched-close",
            Self::StrayClose => "stray-close",
            Self::StrayElse => "stray-else",
            Self::Nul => "nul",
            Self::ForeignTag => "foreign-tag",
            Self::UnknownHelper => "unknown-helper",
            Self::HelperUse => "helper-use",
            Self::Decorator => "decorator",
            Self::UnknownLocal => "unknown-local",
            Self::UnknownPartial => "unknown-partial",
            Self::DynamicPartial => "dynamic-partial",
            Self::PartialCycle => "partial-cycle",
            Self::UnknownVariable => "unknown-variable",
            Self::MissingVariable => "missing-variable",
            Self::FrontMatter => "front-matter",
            Self::Schema => "schema",
            Self::UndeclaredVariable => "undeclared-variable",
            Self::UnusedVariable => "unused-variable",
            Self::NameClash => "name-clash",
            Self::RootNeeded => "root-needed",
            Self::Undeclared => "undeclared",
            Self::Mistyped => "mistyped",
            Self::NotAllowed => "not-allowed",
            Self::TooLong => "too-long",
            Self::HiddenCharacters => "hidden-characters",
            Self::Value => "value",
            Self::Render => "render",
            Self::Limit(limit) => limit.code(),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One problem of a template, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of problem it is.
    pub code: Code,
    /// Whether it can be ignored.
    pub severity: Severity,
    /// The template or partial that holds it.
    pub template: String,
    /// One sentence, in lower case, without a full stop.
    pub message: String,
    /// The culprit.
    pub span: Span,
    /// The name that the problem is about, whole, where it is about one.
    pub subject: Option<String>,
    /// A name that may have been meant.
    pub suggestion: Option<String>,
    #[serde(skip)]
    excerpt: Excerpt,
}

impl Diagnostic {
    pub(crate) fn new(source: &Source, problem: Problem) -> Self {
        let span = source.span(problem.range);
        Self {
            code: problem.code,
            severity: problem.severity,
            template: source.name.clone(),
            excerpt: Excerpt::new(&source.text, &span),
            message: problem.message,
            subject: problem.subject,
            suggestion: problem.suggestion,
            span,
        }
    }

    /// The problem as a person reads it, on four lines: message, place, source line, underline.
    ///
    /// Control, bidi and invisible characters are made visible; a long line is cut around the culprit.
    pub fn render_excerpt(&self) -> String {
        let gutter = self.span.line.to_string();
        let blank = " ".repeat(gutter.len());
        let name = visible(&self.template);
        let Span { line, column, .. } = self.span;
        let Excerpt { line: text, indent, width } = &self.excerpt;
        let mut underline = format!("{}{}", " ".repeat(*indent), "^".repeat(*width));
        if let Some(suggestion) = &self.suggestion {
            underline.push_str(" did you mean `");
            underline.push_str(&visible(suggestion));
            underline.push_str("`?");
        }
        format!(
            "{}: {}\n{blank}┌ {name}:{line}:{column}\n{}\n{blank}│ {underline}\n",
            self.severity.as_str(),
            visible(&self.message),
            format!("{gutter}│ {text}").trim_end(),
        )
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { line, column, .. } = self.span;
        let (name, message) = (visible(&self.template), visible(&self.message));
        write!(f, "{name}:{line}:{column}: {message}")
    }
}

/// A problem before its place is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) subject: Option<String>,
    pub(crate) suggestion: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        let severity = Severity::Error;
        Self { code, severity, range, message: message.into(), subject: None, suggestion: None }
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same as a warning.
    pub(crate) fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    pub(crate) fn limit(limit: Limit, allowed: u64, range: Range<usize>) -> Self {
        Self::new(Code::Limit(limit), range, limit.message(allowed))
    }

    /// Says what the problem is about, and which known name may have been meant.
    pub(crate) fn suggest<'a>(mut self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = closest(name, known).map(str::to_owned);
        self.subject = Some(name.to_owned());
        self
    }
}

/// A named text with the starts of its lines.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Arc<str>,
    /// Where the template begins, after its front matter.
    pub(crate) body: usize,
    lines: Vec<usize>,
    /// The characters before each of the bytes 0, 1,024, 2,048 and so on: a line may be long.
    marks: Vec<usize>,
}

/// Bytes from one mark to the next.
const MARKED: usize = 1_024;

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        Self {
            name: name.to_owned(),
            text: Arc::from(text),
            body: 0,
            lines: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(),
            marks: marks(text),
        }
    }

    /// The template, without its front matter.
    pub(crate) fn body(&self) -> &str {
        &self.text[self.body..]
    }

    /// The span of a range, which is moved to the nearest character boundaries.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end).max(start);
        let line = self.lines.partition_point(|at| *at <= start);
        let line_start = self.lines[line - 1];
        Span {
            line,
            column: self.characters_before(start) - self.characters_before(line_start) + 1,
            range: start..end,
        }
    }

    fn characters_before(&self, at: usize) -> usize {
        let mark = at / MARKED;
        self.marks[mark] + characters(&self.text.as_bytes()[mark * MARKED..at])
    }

    /// The byte offset of a line and a column of the body, both from 1.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let before = self.lines.partition_point(|at| *at <= self.body).saturating_sub(1);
        let start = self.lines.get(before + line.saturating_sub(1)).copied();
        let start = start.unwrap_or(self.text.len());
        let mut chars = self.text[start..].char_indices();
        let at = chars.nth(column.saturating_sub(1)).map(|(at, _)| at);
        at.map_or(self.text.len(), |at| start + at)
    }
}

fn marks(text: &str) -> Vec<usize> {
    let mut count = 0;
    let after = text.as_bytes().chunks(MARKED).map(|chunk| {
        count += characters(chunk);
        count
    });
    std::iter::once(0).chain(after).collect()
}

/// Characters that begin in a part of a text: all bytes but those that continue one.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The known name that is nearest to `name`, if one is near enough to have been meant.
///
/// Long names, and known ones beyond the first few hundred, are not tried: the time stays bounded.
pub(crate) fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 60;
    const TRIED: usize = 500;
    let length = name.chars().count();
    if length > LONGEST {
        return None;
    }
    let allowed = (length / 3).clamp(1, 3);
    known
        .into_iter()
        .take(TRIED)
        .filter(|other| *other != name && other.chars().count().abs_diff(length) <= allowed)
        .map(|other| (strsim::osa_distance(name, other), other))
        .filter(|(distance, other)| *distance <= allowed && *distance < other.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}
