//! What is known of one source, and of the variables that it uses.

use serde::Serialize;

use crate::declare::Declarations;
use crate::diagnostic::{Code, Diagnostic, Problem, Severity, Source, Span};
use crate::excerpt::short;
use crate::file::FrontMatter;
use crate::walk::Findings;

/// A variable that a template uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Variable {
    /// Its name, without what is read of it: `user` of `user.name`.
    pub name: String,
    /// The places where it is used, sorted by template and position. Never empty.
    pub uses: Vec<Use>,
}

impl Variable {
    /// True where the variable need not be given: `isdef` or `default` looks at each use, or the use
    /// stands inside of `{{#if (isdef name)}}`.
    pub fn is_optional(&self) -> bool {
        self.uses.iter().all(|used| used.optional)
    }

    /// True where each use stands inside of an `if`, `with` or `each` over the same variable.
    pub fn is_guarded(&self) -> bool {
        self.uses.iter().all(|used| used.guarded)
    }
}

/// One use of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Use {
    /// What is read, from the variable's name on: `user.name`.
    pub path: String,
    /// The template or partial that it stands in.
    pub template: String,
    /// Where it stands.
    pub span: Span,
    /// It stands inside of an `if`, `with` or `each` over the same variable.
    pub guarded: bool,
    /// A missing value is no mistake here.
    pub optional: bool,
    #[serde(skip)]
    pub(crate) unit: usize,
}

/// What is known beside a source that is checked.
///
/// ```
/// use prompt_template::{CheckOptions, Engine};
///
/// let source = "---\ninput:\n  schema:\n    text: string\n---\n{{text}} {{session_id}}";
/// let engine = Engine::default();
/// assert!(!engine.check("main", source).is_ok());
/// let options = CheckOptions::default().also_given(["session_id"]);
/// assert!(engine.check_with("main", source, &options).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckOptions {
    pub(crate) also_given: Vec<String>,
}

impl CheckOptions {
    /// Variables that are given to the template though it may not declare them.
    pub fn also_given(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.also_given.extend(names.into_iter().map(Into::into));
        self
    }
}

/// What [`Engine::check`](crate::Engine::check) found out about a source.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Check {
    /// All problems, warnings among them, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The variables that it uses, sorted by name.
    pub variables: Vec<Variable>,
    /// The names of the partials that it includes, sorted, without its own inline ones.
    pub partials: Vec<String>,
    /// The variables that it declares.
    pub declarations: Declarations,
    /// Its front matter, if it has some.
    pub front_matter: Option<FrontMatter>,
    pub(crate) source: Source,
}

impl Check {
    /// True where nothing is wrong; there may be warnings.
    pub fn is_ok(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity < Severity::Error)
    }

    /// One diagnostic for each use of a variable that is neither among the known ones nor declared.
    ///
    /// A caller that knows more may add to the message:
    ///
    /// ```
    /// use prompt_template::Engine;
    ///
    /// let check = Engine::default().check("campus/analysis", "Work: {{analysis_templat}}");
    /// let mut unknown = check.unknown_variables(&["analysis_template", "project"]);
    /// unknown[0].message.push_str(" to analysis templates");
    /// assert_eq!(
    ///     unknown[0].render_excerpt(),
    ///     "error: variable `analysis_templat` is not given to analysis templates\n \
    ///       ┌ campus/analysis:1:9\n\
    ///      1│ Work: {{analysis_templat}}\n \
    ///       │         ^^^^^^^^^^^^^^^^ did you mean `analysis_template`?\n"
    /// );
    /// ```
    pub fn unknown_variables(&self, known: &[&str]) -> Vec<Diagnostic> {
        let unknown = self.variables.iter().filter(|variable| {
            !known.contains(&variable.name.as_str()) && self.declarations.get(&variable.name).is_none()
        });
        let mut found: Vec<_> = unknown
            .flat_map(|variable| variable.uses.iter().map(move |used| (&variable.name, used)))
            .collect();
        found.sort_by_key(|(_, used)| used.span.range.start);
        found
            .into_iter()
            .map(|(name, used)| {
                let message = format!("variable `{}` is not given", short(name));
                let range = used.span.range.clone();
                let problem = Problem::new(Code::UnknownVariable, range, message);
                Diagnostic::new(&self.source, problem.suggest(name, known.iter().copied()))
            })
            .collect()
    }
}

/// The variables of a walk, with spans.
pub(crate) fn variables(findings: &Findings, units: &[Source]) -> Vec<Variable> {
    let variables = findings.variables.iter().map(|(name, places)| {
        let uses = places.iter().map(|found| Use {
            path: found.path.clone(),
            template: units[found.unit].name.clone(),
            span: units[found.unit].span(found.start..found.end),
            guarded: found.guarded,
            optional: found.optional,
            unit: found.unit,
        });
        Variable { name: name.clone(), uses: uses.collect() }
    });
    variables.collect()
}
