//! One rendering: what it has spent and what it found missing.

mod helpers;
mod ours;
mod output;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use handlebars::{PathAndJson, RenderContext, RenderError, RenderErrorReason};
use serde_json::Value;

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::limits::{Limit, Limits};
use crate::run::helpers::{Guard, Lookup, Sheath, Untrusted};
use crate::run::ours::Ours;
use crate::run::output::Bounded;
use crate::syntax::Path;
use crate::template::Missing;
use crate::weave::{GUARD, OURS, PRINTED_LOOKUP, Role, SHEATH, Site, Use};

/// Problems of one rendering that are reported.
const MOST_PROBLEMS: usize = 100;

/// Bytes of a text that a helper reads or writes for one step.
const BYTES_A_STEP: u64 = 64;

/// The state of one rendering. Helpers must be shareable, hence the atomics.
pub(crate) struct Run<'a> {
    sites: &'a [Site],
    limits: &'a Limits,
    missing: Missing,
    nonce: Option<&'a str>,
    /// Variables that are null as they are optional and not given.
    without: &'a [String],
    work: AtomicU64,
    buffered: AtomicUsize,
    /// Blocks around the place whose text is thrown away.
    unseen: AtomicUsize,
    depth: AtomicUsize,
    /// The site that was passed last.
    site: AtomicUsize,
    found: Mutex<Found>,
}

/// A problem with the unit that holds it.
pub(crate) struct Fault {
    pub(crate) unit: usize,
    pub(crate) problem: Problem,
    pub(crate) of: Of,
}

/// What a fault is about.
pub(crate) enum Of {
    /// A value that is not there, by its path.
    Missing(String),
    /// Null, which may come from a value that is not there.
    Null,
    /// A value of the wrong kind.
    Kind,
}

/// What a rendering came upon.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) faults: Vec<Fault>,
    pub(crate) limit: Option<(usize, Problem)>,
    places: HashSet<(usize, usize)>,
}

impl Found {
    pub(crate) fn is_nothing(&self) -> bool {
        self.faults.is_empty() && self.limit.is_none()
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        sites: &'a [Site],
        limits: &'a Limits,
        missing: Missing,
        nonce: Option<&'a str>,
        without: &'a [String],
    ) -> Self {
        Self {
            sites,
            limits,
            missing,
            nonce,
            without,
            work: AtomicU64::new(0),
            buffered: AtomicUsize::new(0),
            unseen: AtomicUsize::new(0),
            depth: AtomicUsize::new(0),
            site: AtomicUsize::new(0),
            found: Mutex::default(),
        }
    }

    /// Gives a rendering its helpers. They hide those of the registry.
    pub(crate) fn equip<'reg: 'rc, 'rc>(&'rc self, rc: &mut RenderContext<'reg, 'rc>) {
        rc.register_local_helper(GUARD, Box::new(Guard(self)));
        rc.register_local_helper(SHEATH, Box::new(Sheath(self)));
        rc.register_local_helper(OURS, Box::new(Ours(self)));
        rc.register_local_helper("lookup", Box::new(Lookup { run: self, printed: false }));
        rc.register_local_helper(PRINTED_LOOKUP, Box::new(Lookup { run: self, printed: true }));
        rc.register_local_helper("untrusted", Box::new(Untrusted(self)));
    }

    /// Where the text goes, of which so many bytes are expected.
    pub(crate) fn output(&self, expected: usize) -> Bounded<'_, 'a> {
        Bounded { run: self, text: String::with_capacity(expected) }
    }

    pub(crate) fn into_found(self) -> Found {
        self.found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// True where missing values are empty.
    pub(crate) fn is_lenient(&self) -> bool {
        self.missing == Missing::Empty
    }

    /// True for the null of a variable that is optional and not given.
    pub(crate) fn is_without(&self, param: &PathAndJson<'_>) -> bool {
        if self.without.is_empty() || !param.value().is_null() {
            return false;
        }
        let holds = |name: &str| self.without.iter().any(|known| known == name);
        match (param.context_path().map(Vec::as_slice), param.relative_path()) {
            (Some([name]), _) => holds(name),
            (None, Some(raw)) => matches!(Path::parse(raw).names.as_slice(), [name] if holds(name)),
            _ => false,
        }
    }

    /// Charges for reading a text.
    pub(crate) fn read(&self, bytes: usize) -> Result<(), RenderError> {
        self.charge(bytes as u64 / BYTES_A_STEP)
    }

    /// Refuses a text of a helper that is longer than the whole rendering may be.
    pub(crate) fn fits(&self, bytes: usize) -> Result<(), RenderError> {
        let most = self.limits.output_bytes;
        if bytes > most { Err(self.exceed(Limit::OutputBytes, most as u64)) } else { Ok(()) }
    }

    /// Charges for a text of a helper, which must fit.
    pub(crate) fn room(&self, bytes: usize) -> Result<(), RenderError> {
        self.fits(bytes)?;
        self.read(bytes)
    }

    pub(crate) fn charge(&self, steps: u64) -> Result<(), RenderError> {
        let spent = self.work.fetch_add(steps, Relaxed).saturating_add(steps);
        if spent > self.limits.work {
            return Err(self.exceed(Limit::Work, self.limits.work));
        }
        Ok(())
    }

    fn exceed(&self, limit: Limit, allowed: u64) -> RenderError {
        let (unit, range) = match self.sites.get(self.site.load(Relaxed)) {
            Some(site) => (site.unit, site.range.clone()),
            None => (0, 0..0),
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.limit.get_or_insert((unit, Problem::limit(limit, allowed, range)));
        RenderErrorReason::Other(limit.code().to_owned()).into()
    }

    fn record(&self, site: &Site, problem: Problem, of: Of) {
        if self.unseen.load(Relaxed) > 0 {
            return;
        }
        let unit = site.unit;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = found.places.insert((unit, problem.range.start));
        if is_new && found.faults.len() < MOST_PROBLEMS {
            found.faults.push(Fault { unit, problem, of });
        }
    }

    fn record_unfit(&self, site: &Site, range: &Range<usize>, message: String, value: &Value) {
        let of = if value.is_null() { Of::Null } else { Of::Kind };
        self.record(site, Problem::new(Code::Value, range.clone(), message), of);
    }

    fn inspect(&self, site: &Site, used: &Use, param: &PathAndJson<'_>) -> Result<(), RenderError> {
        let Use { raw, range, role } = used;
        let strict = self.missing == Missing::Refuse;
        if param.is_value_missing() {
            if strict && *role != Role::Optional {
                self.record(site, missing(raw, range.clone()), Of::Missing(raw.clone()));
            }
            return Ok(());
        }
        if let Some(message) = unfit(raw, *role, param.value(), strict) {
            self.record_unfit(site, range, message, param.value());
        }
        // Handlebars copies a value that it does not find in the variables themselves.
        if *role == Role::Compared || param.context_path().is_none() {
            self.charge(weight(param.value()))?;
        }
        Ok(())
    }
}

/// The problem of a path without a value.
pub(crate) fn missing(raw: &str, range: Range<usize>) -> Problem {
    let message = format!("variable `{}` is not given", short(raw));
    Problem::new(Code::MissingVariable, range, message)
}

fn unfit(raw: &str, role: Role, value: &Value, strict: bool) -> Option<String> {
    let name = short(raw);
    match (role, value) {
        (Role::Printed, Value::Null) if strict => {
            Some(format!("`{name}` is null, which would print nothing"))
        }
        (Role::Printed, Value::Object(_) | Value::Array(_)) => {
            Some(format!("`{name}` is {}, which cannot be printed as text", kind(value)))
        }
        (Role::Looped, Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
            Some(format!("`{name}` is {}, not a list or an object to loop over", kind(value)))
        }
        _ => None,
    }
}

/// What a value is, in a sentence.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Steps that a copy or a comparison of a value takes.
pub(crate) fn weight(value: &Value) -> u64 {
    let mut steps = 0;
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => steps += 1 + text.len() as u64 / 1024,
            Value::Array(items) => {
                steps += 1;
                left.extend(items);
            }
            Value::Object(items) => {
                steps += 1 + items.len() as u64;
                left.extend(items.values());
            }
            _ => steps += 1,
        }
    }
    steps
}
