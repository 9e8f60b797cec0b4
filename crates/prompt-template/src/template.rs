//! A compiled template and its rendering.

use std::collections::BTreeSet;

use handlebars::{Context, RenderError, RenderErrorReason};
use serde::Serialize;
use serde_json::Value;

use crate::check::Variable;
use crate::declare::{self, Declarations};
use crate::diagnostic::{Code, Diagnostic, Problem, Source};
use crate::digest;
use crate::error::Error;
use crate::excerpt::short;
use crate::file::FrontMatter;
use crate::limits::Limits;
use crate::preflight::Preflight;
use crate::program::Program;
use crate::run::{Fault, Of, Run, missing};
use crate::sanitise::Hidden;
use crate::syntax::Path;
use crate::weave::Site;

/// What becomes of a variable that is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Missing {
    /// Rendering fails, and names all of them.
    #[default]
    Refuse,
    /// It renders as nothing, and so does null. All other checks stay.
    Empty,
}

/// How a template is rendered.
///
/// ```
/// use prompt_template::{Missing, RenderOptions};
///
/// let options = RenderOptions::default().missing(Missing::Empty).nonce("3f9c");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenderOptions {
    pub(crate) missing: Missing,
    nonce: Option<String>,
    pub(crate) hidden: Option<Hidden>,
    pub(crate) also_given: Vec<String>,
}

impl RenderOptions {
    /// What becomes of a variable that is not given; refused by default.
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// The text that `untrusted` draws its marker from: random, and not known to who wrote the
    /// untrusted text. The same nonce renders the same prompt again. An empty one is refused as if
    /// there were none.
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// What becomes of hidden characters in variables that do not declare it; see [`Hidden`].
    pub fn hidden(mut self, policy: Hidden) -> Self {
        self.hidden = Some(policy);
        self
    }

    /// Variables that are given to every template: none needs to use or to declare them.
    pub fn also_given(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.also_given.extend(names.into_iter().map(Into::into));
        self
    }
}

/// A template with its partials, compiled and checked, ready to be rendered from any thread.
#[derive(Debug)]
pub struct Template {
    /// Renders whatever the variables are, and notices what is wrong with them.
    pub(crate) guarded: Program,
    /// Tells whether nothing can go wrong; then the second renders the same text with less work.
    pub(crate) preflight: Option<(Preflight, Program)>,
    /// The template itself, and then its partials by name.
    pub(crate) units: Vec<Source>,
    pub(crate) sites: Vec<Site>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) declarations: Declarations,
    pub(crate) front_matter: Option<FrontMatter>,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) limits: Limits,
}

impl Template {
    /// The name that it was compiled with.
    pub fn name(&self) -> &str {
        &self.units[0].name
    }

    /// Its text, without its partials.
    pub fn source(&self) -> &str {
        &self.units[0].text
    }

    /// The variables that it and its partials use, sorted by name.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The variables that it declares, and those that its partials declare and read from the outermost
    /// level.
    pub fn declarations(&self) -> &Declarations {
        &self.declarations
    }

    /// Its front matter, if it has some.
    pub fn front_matter(&self) -> Option<&FrontMatter> {
        self.front_matter.as_ref()
    }

    /// Declared variables that neither it nor a partial uses.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The names of the partials that it reaches, sorted.
    pub fn partials(&self) -> impl Iterator<Item = &str> {
        self.units[1..].iter().map(|unit| unit.name.as_str())
    }

    /// The SHA-256 of the template's text and all partials that it reaches.
    ///
    /// The bytes that are hashed: for the template (with the empty name) and then for each partial,
    /// sorted by name, the length of the name in bytes as eight bytes, highest first, the name, the
    /// length of the text likewise, the text. The name of the template has no part in it.
    pub fn closure_digest(&self) -> String {
        let main = std::iter::once(("", self.source()));
        let partials = self.units[1..].iter().map(|unit| (unit.name.as_str(), &*unit.text));
        digest::named_texts(main.chain(partials))
    }

    /// Renders with variables that serialise to an object, such as a map or a struct.
    ///
    /// Unless told otherwise, each variable that the template or one of its partials uses must be
    /// given, in a branch that is not taken too: what a prompt needs does not depend on the data.
    /// Null can be tested, looped over and passed on, but not printed.
    ///
    /// Where variables are declared, their defaults are filled in, an optional one without a value is
    /// null, and one error names all that do not fit.
    pub fn render(&self, variables: &impl Serialize, options: &RenderOptions) -> Result<String, Error> {
        let (data, without) = self.prepared(self.object(variables)?, options)?;
        let context = Context::from(data);
        let absent = match options.missing {
            Missing::Refuse => self.not_given(context.data()),
            Missing::Empty => Vec::new(),
        };
        let new_run =
            || Run::new(&self.sites, &self.limits, options.missing, options.nonce.as_deref(), &without);
        if absent.is_empty()
            && let Some(text) = self.render_plainly(&context, new_run())
        {
            return Ok(text);
        }
        let run = new_run();
        let rendered = self.render_guarded(&context, &run);
        let found = run.into_found();
        if let Some((unit, problem)) = found.limit {
            return Err(Error::of(Diagnostic::new(&self.units[unit], problem), []));
        }
        let mut faults = absent;
        faults.extend(found.faults);
        if faults.is_empty() {
            return rendered.map_err(|error| self.failure(&error));
        }
        Err(self.unfit(faults, context.data()))
    }

    /// The variables as their declarations want them.
    fn prepared(&self, mut data: Value, options: &RenderOptions) -> Result<(Value, Vec<String>), Error> {
        let (faults, without) = match &mut data {
            Value::Object(map) => declare::prepare(&self.declarations, &self.variables, map, options),
            _ => Default::default(),
        };
        if faults.is_empty() {
            return Ok((data, without));
        }
        let mut all = match options.missing {
            Missing::Refuse => self.not_given(&data),
            Missing::Empty => Vec::new(),
        };
        all.extend(faults);
        Err(self.unfit(all, &data))
    }

    fn object(&self, variables: &impl Serialize) -> Result<Value, Error> {
        let not_an_object = |reason: String| Error::NotAnObject { template: self.name().to_owned(), reason };
        match serde_json::to_value(variables) {
            Ok(object @ Value::Object(_)) => Ok(object),
            Ok(Value::Null) => Ok(Value::Object(serde_json::Map::new())),
            Ok(Value::Array(_)) => Err(not_an_object("a list".to_owned())),
            Ok(_) => Err(not_an_object("a single value".to_owned())),
            Err(error) => Err(Error::NotJson { template: self.name().to_owned(), reason: error.to_string() }),
        }
    }

    /// The text, where a look at the variables shows that no guard is needed.
    fn render_plainly(&self, context: &Context, run: Run<'_>) -> Option<String> {
        let (preflight, program) = self.preflight.as_ref()?;
        let expected = preflight.clear(context.data(), &self.limits, run.is_lenient())?;
        let mut output = run.output(expected);
        let equip = |rc: &mut _| {
            if preflight.calls_helpers() {
                run.equip(rc);
            }
        };
        // Where it fails after all, the guards say why.
        program.render(context, &mut output, equip).ok()?;
        let text = output.text;
        run.into_found().is_nothing().then_some(text)
    }

    fn render_guarded(&self, context: &Context, run: &Run<'_>) -> Result<String, RenderError> {
        let mut output = run.output(0);
        self.guarded.render(context, &mut output, |rc| run.equip(rc))?;
        Ok(output.text)
    }

    /// Every use of a variable that the data does not have.
    fn not_given(&self, data: &Value) -> Vec<Fault> {
        let absent = self.variables.iter().filter(|variable| data.get(&variable.name).is_none());
        let uses = absent.flat_map(|variable| variable.uses.iter()).filter(|used| !used.optional);
        uses.map(|used| Fault {
            unit: used.unit,
            problem: missing(&used.path, used.span.range.clone()),
            of: Of::Missing(used.path.clone()),
        })
        .collect()
    }

    fn unfit(&self, mut faults: Vec<Fault>, data: &Value) -> Error {
        faults.sort_by_key(|fault| (fault.unit, fault.problem.range.start));
        faults.dedup_by(|later, kept| {
            let place = |fault: &Fault| (fault.unit, fault.problem.range.start, fault.problem.code);
            // All that is given and not declared is reported at one place.
            let is_same =
                later.problem.code == Code::MissingVariable || later.problem.message == kept.problem.message;
            is_same && place(later) == place(kept)
        });
        let paths: BTreeSet<_> = faults
            .iter()
            .filter_map(|fault| match &fault.of {
                Of::Missing(path) => Some(path.clone()),
                Of::Null | Of::Kind => None,
            })
            .collect();
        // A partial is passed null for what is missing; that is no news.
        faults.retain(|fault| paths.is_empty() || !matches!(fault.of, Of::Null));
        let known: Vec<_> = data.as_object().into_iter().flat_map(|data| data.keys()).collect();
        let mut diagnostics = faults.into_iter().enumerate().map(|(at, fault)| {
            let Fault { unit, problem, of } = fault;
            // Names are compared for the first fifty alone, which is more than anyone reads.
            let known = known.iter().map(|key| key.as_str()).take(if at < 50 { 500 } else { 0 });
            let problem = match of {
                Of::Missing(path) => problem.suggest(&path, known),
                Of::Null | Of::Kind => problem,
            };
            Diagnostic::new(&self.units[unit], problem)
        });
        let first = diagnostics.next().expect("there is a problem to report");
        match Error::of(first, diagnostics) {
            Error::Variables { problems, .. } => {
                Error::Variables { missing: paths.into_iter().collect(), problems }
            }
            other => other,
        }
    }

    /// What handlebars refuses by itself.
    fn failure(&self, error: &RenderError) -> Error {
        let name = error.template_name.as_deref().unwrap_or_default();
        let unit = self.units.iter().position(|unit| unit.name == name).unwrap_or(0);
        let source = &self.units[unit];
        let line = error.line_no.unwrap_or(1);
        let at = source.offset(line, error.column_no.unwrap_or(1));
        let problem = match error.reason() {
            RenderErrorReason::InvalidJsonIndex(key) => self.not_an_index(unit, key, at),
            RenderErrorReason::PartialNotFound(name) => {
                let message = format!("the partial `{name}` is not defined here");
                Problem::new(Code::UnknownPartial, at..at, message)
            }
            RenderErrorReason::PartialBlockNotFound => {
                let message = "`@partial-block` is used, but the partial was included without a block";
                Problem::new(Code::Render, at..at, message)
            }
            RenderErrorReason::Other(message) => Problem::new(Code::Render, at..at, message),
            reason => Problem::new(Code::Render, at..at, reason.to_string().to_lowercase()),
        };
        Error::of(Diagnostic::new(source, problem), [])
    }

    fn not_an_index(&self, unit: usize, key: &str, at: usize) -> Problem {
        let sites = self.sites.iter().filter(|site| site.unit == unit);
        let used = sites
            .flat_map(|site| &site.uses)
            .filter(|used| used.range.start >= at)
            .find(|used| Path::parse(&used.raw).names.contains(&key));
        let range = used.map_or(at..at, |used| used.range.clone());
        let key = short(key);
        let message = format!("`{key}` is looked up in a list, whose items are `list.[0]` and so on");
        Problem::new(Code::Value, range, message)
    }
}
