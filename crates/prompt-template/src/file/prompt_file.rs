//! A `.prompt` file as text and as values.

use crate::declare::Declarations;
use crate::diagnostic::{Diagnostic, Severity, Source};
use crate::error::Error;
use crate::file::{Front, FrontMatter};

/// The text of a `.prompt` file, taken apart.
///
/// The text is kept as it is: what is read and written back is the same to the byte. Whether the
/// template itself is sound says [`Engine::check`](crate::Engine::check), which takes the whole text.
///
/// ```
/// use prompt_template::PromptFile;
///
/// let text = "---\nmodel: any/model\nconfig:\n  temperature: 0.2\n---\nSum up {{text}}.";
/// let mut file = PromptFile::parse("sum-up", text)?;
/// assert_eq!(file.body(), "Sum up {{text}}.");
/// let mut front = file.front_matter().cloned().unwrap_or_default();
/// assert_eq!(front.model.as_deref(), Some("any/model"));
///
/// front.config.insert("temperature".to_owned(), 0.into());
/// file = PromptFile::new("sum-up", &front, file.body())?;
/// assert_eq!(file.text(), "---\nmodel: any/model\nconfig:\n  temperature: 0\n---\nSum up {{text}}.");
/// # Ok::<(), prompt_template::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PromptFile {
    text: String,
    front: Front,
    warnings: Vec<Diagnostic>,
}

impl PromptFile {
    /// Takes a text apart. The name is for the problems, which are all reported.
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        let mut front = Front::read(&text);
        let source = Source::new(name, &text);
        front.problems.sort_by_key(|problem| problem.range.start);
        let problems = front.problems.drain(..).map(|problem| Diagnostic::new(&source, problem));
        let (errors, warnings): (Vec<_>, Vec<_>) =
            problems.partition(|problem| problem.severity == Severity::Error);
        let mut errors = errors.into_iter();
        match errors.next() {
            Some(first) => Err(Error::of(first, errors)),
            None => Ok(Self { text, front, warnings }),
        }
    }

    /// Writes front matter before a template.
    ///
    /// Front matter that says nothing is left out, unless the template would be taken for front matter.
    /// An error says that the values are not front matter, such as a schema with an unknown type, or a
    /// key in [`rest`](FrontMatter::rest) that has a field of its own.
    pub fn new(name: &str, front_matter: &FrontMatter, body: &str) -> Result<Self, Error> {
        let yaml = front_matter
            .to_yaml()
            .map_err(|problem| Error::of(Diagnostic::new(&Source::new(name, body), problem), []))?;
        let bare = Front::read(body);
        if yaml.is_empty() && bare.matter.is_none() && bare.problems.is_empty() {
            return Self::parse(name, body);
        }
        let marked = format!("---\n{yaml}---\n{body}");
        let read = Front::read(&marked);
        if read.matter.is_some() && read.body == marked.len() - body.len() {
            return Self::parse(name, marked);
        }
        // Keys of others alone do not make front matter; one of ours does.
        Self::parse(name, format!("---\n{yaml}prompt_runner: {{}}\n---\n{body}"))
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text, without a copy.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The template, which follows the front matter.
    pub fn body(&self) -> &str {
        &self.text[self.front.body..]
    }

    /// The front matter; `None` where the whole text is the template.
    pub fn front_matter(&self) -> Option<&FrontMatter> {
        self.front.matter.as_ref()
    }

    /// The variables that it declares.
    pub fn declarations(&self) -> &Declarations {
        &self.front.declarations
    }

    /// What may be a mistake in the front matter.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}
