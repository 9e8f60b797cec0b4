//! From a source to a checked or a compiled template.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::check::{Check, CheckOptions, variables};
use crate::declare;
use crate::diagnostic::{Code, Diagnostic, Problem};
use crate::error::Error;
use crate::limits::{Limit, Limits};
use crate::load::{Loaded, Total, compiled, has_limit};
use crate::partials::PartialSource;
use crate::preflight::Preflight;
use crate::program::Program;
use crate::template::Template;
use crate::walk::{Findings, walk};
use crate::weave::{Disagreement, Guards, weave};

/// Checks and compiles templates within its [`Limits`]; cheap to make and to share.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    limits: Limits,
}

impl Engine {
    /// An engine with other limits than the default.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits }
    }

    /// Finds all problems of one source, its variables and the partials that it names.
    ///
    /// Partials are not looked up: a template may be checked before its partials exist.
    pub fn check(&self, name: &str, source: &str) -> Check {
        self.check_with(name, source, &CheckOptions::default())
    }

    /// [`check`](Self::check), with more that is known.
    pub fn check_with(&self, name: &str, source: &str, options: &CheckOptions) -> Check {
        let unit = Loaded::new(name, source, &self.limits);
        let mut problems = unit.problems();
        let is_readable = !has_limit(&problems);
        let findings =
            if is_readable { walk(&[unit.as_unit()], true, &self.limits) } else { Findings::default() };
        problems.extend(findings.problems.iter().map(|(_, problem)| problem.clone()));
        if !problems.iter().any(Problem::is_error)
            && let Err(problem) = compiled(&unit)
        {
            problems.push(problem);
        }
        let partials: Vec<_> = unit.wanted().into_iter().map(str::to_owned).collect();
        if is_readable {
            problems.extend(declare::lint(&declare::Lint {
                text: &unit.source.text,
                body: &unit.parsed.body,
                declared: &unit.front.declarations,
                findings: &findings,
                also_given: &options.also_given,
                // What a partial uses is not known here, nor what a broken text was to use.
                whole: partials.is_empty() && unit.parsed.problems.is_empty(),
            }));
        }
        problems.sort_by_key(|problem| problem.range.start);
        problems.dedup();
        Check {
            diagnostics: problems.into_iter().map(|problem| Diagnostic::new(&unit.source, problem)).collect(),
            variables: variables(&findings, std::slice::from_ref(&unit.source)),
            partials,
            declarations: unit.front.declarations,
            front_matter: unit.front.matter,
            source: unit.source,
        }
    }

    /// The names of the partials that a source includes, sorted, without its own inline ones.
    ///
    /// This reads the source without compiling it: it is much faster than [`check`](Self::check).
    pub fn partials(&self, source: &str) -> Vec<String> {
        let unit = Loaded::new("", source, &self.limits);
        unit.wanted().into_iter().map(str::to_owned).collect()
    }

    /// Compiles a source with all partials that it reaches.
    pub fn compile(&self, name: &str, source: &str, partials: &dyn PartialSource) -> Result<Template, Error> {
        let units = self.load(name, source, partials)?;
        let walked: Vec<_> = units.iter().map(Loaded::as_unit).collect();
        let findings = walk(&walked, false, &self.limits);
        if let Some(error) = refusal(&findings, &units) {
            return Err(error);
        }
        self.assemble(units, &findings)
    }

    /// The template and its partials, the latter sorted by name, each without problems of its own.
    fn load(&self, name: &str, source: &str, partials: &dyn PartialSource) -> Result<Vec<Loaded>, Error> {
        let main = Loaded::new(name, source, &self.limits);
        let mut total = Total::default();
        total.add(&main, &self.limits).map_err(|problem| main.refuse(vec![problem]))?;
        main.refuse_problems()?;
        let mut wanted: VecDeque<_> = main.wanted().into_iter().map(str::to_owned).collect();
        let mut loaded = BTreeMap::new();
        let mut asked = BTreeSet::from([name.to_owned()]);
        while let Some(wanted_name) = wanted.pop_front() {
            if !asked.insert(wanted_name.clone()) {
                continue;
            }
            let Some(text) = partials.partial(&wanted_name) else {
                continue;
            };
            if loaded.len() == self.limits.partials {
                let allowed = self.limits.partials as u64;
                return Err(main.refuse(vec![Problem::limit(Limit::Partials, allowed, 0..0)]));
            }
            let unit = Loaded::new(&wanted_name, &text, &self.limits);
            total.add(&unit, &self.limits).map_err(|problem| unit.refuse(vec![problem]))?;
            unit.refuse_problems()?;
            wanted.extend(unit.wanted().into_iter().map(str::to_owned));
            loaded.insert(wanted_name, unit);
        }
        Ok(std::iter::once(main).chain(loaded.into_values()).collect())
    }

    fn assemble(&self, units: Vec<Loaded>, findings: &Findings) -> Result<Template, Error> {
        let preflight = Preflight::new(&units);
        let mut sites = Vec::new();
        let mut plain = Vec::new();
        let mut guarded = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let template = compiled(unit).map_err(|problem| unit.refuse(vec![problem]))?;
            let mut woven = |guards, template| {
                weave(template, &unit.parsed, index, guards, &mut sites)
                    .map_err(|disagreement| unit.refuse(vec![misread(disagreement)]))
            };
            if preflight.is_some() {
                plain.push(woven(Guards::Nowhere, template.clone())?);
            }
            guarded.push(woven(Guards::Everywhere, template)?);
        }
        let preflight = preflight.map(|look| (look, Program::new(plain, &units)));
        let guarded = Program::new(guarded, &units);
        let (units, mut fronts): (Vec<_>, Vec<_>) =
            units.into_iter().map(|unit| (unit.source, unit.front)).unzip();
        let variables = variables(findings, &units);
        let declaring = units.iter().zip(&fronts);
        let declaring: Vec<_> =
            declaring.map(|(unit, front)| (unit.name.as_str(), &front.declarations)).collect();
        let (declarations, clashes) = declare::join(&declaring, &variables);
        let mut clashes = clashes.into_iter().map(|(unit, problem)| Diagnostic::new(&units[unit], problem));
        if let Some(first) = clashes.next() {
            return Err(Error::of(first, clashes));
        }
        let unused = declare::unused(&declarations, findings);
        let warnings = unused.into_iter().map(|problem| Diagnostic::new(&units[0], problem)).collect();
        Ok(Template {
            guarded,
            preflight,
            variables,
            declarations,
            front_matter: fronts.swap_remove(0).matter,
            warnings,
            units,
            sites,
            limits: self.limits.clone(),
        })
    }
}

fn refusal(findings: &Findings, units: &[Loaded]) -> Option<Error> {
    let diagnostic =
        |(unit, problem): &(usize, Problem)| Diagnostic::new(&units[*unit].source, problem.clone());
    let (first, rest) = findings.problems.split_first()?;
    let error = Error::of(diagnostic(first), rest.iter().map(diagnostic));
    Some(match (error, &findings.cycle) {
        (Error::PartialCycle { problems, .. }, Some(path)) => {
            Error::PartialCycle { path: path.clone(), problems }
        }
        (error, _) => error,
    })
}

fn misread(Disagreement(range): Disagreement) -> Problem {
    let message = "this can be read in more than one way; write it more plainly";
    Problem::new(Code::Syntax, range, message)
}
