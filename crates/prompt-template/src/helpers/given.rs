//! What a helper is given, and what it may spend.

use std::borrow::Cow;
use std::io;

use handlebars::{Helper, PathAndJson, RenderError};
use serde_json::Value;

use crate::helpers::Known;
use crate::run::{Run, weight};

/// Values within values that a helper goes into. Deeper ones cannot come from a JSON text.
const DEEPEST: usize = 128;

/// Parts of a text that are paid for together.
const PARTS: usize = 1024;

/// What a helper makes: a value, or none where what it is to find is not there.
pub(crate) type Made = Result<Option<Value>, Halt>;

/// Why a helper makes nothing.
pub(crate) enum Halt {
    /// It is used wrongly; rendering goes on, to find what else is wrong.
    Refused(String),
    /// A limit is reached; rendering ends.
    Limit(Box<RenderError>),
}

impl From<RenderError> for Halt {
    fn from(error: RenderError) -> Self {
        Self::Limit(Box::new(error))
    }
}

/// One call of a helper. Its parameters fit what the helper takes.
pub(crate) struct Given<'g, 'rc> {
    run: &'g Run<'g>,
    known: &'static Known,
    helper: &'g Helper<'rc>,
    /// Nothing is an answer too.
    may_miss: bool,
}

/// The parameters of a call stand behind the number of its site.
const SITES: usize = 1;

impl<'g, 'rc> Given<'g, 'rc> {
    /// Refuses a call whose parameters are not what the helper takes, and charges for reading them.
    pub(crate) fn new(
        run: &'g Run<'g>,
        known: &'static Known,
        helper: &'g Helper<'rc>,
        may_miss: bool,
    ) -> Result<Self, Halt> {
        let given = Self { run, known, helper, may_miss };
        let mut bytes = 0;
        for at in 0..given.count() {
            let Some(value) = given.param(at) else { continue };
            bytes += value.as_str().map_or(0, str::len);
            given.fit(value, at, known.param(at))?;
        }
        for param in known.named {
            if let Some(value) = given.named(param.name) {
                bytes += value.as_str().map_or(0, str::len);
                given.fit(value, SITES, Some(param))?;
            }
        }
        run.read(bytes)?;
        Ok(given)
    }

    fn fit(&self, value: &Value, at: usize, param: Option<&super::Param>) -> Result<(), Halt> {
        match param {
            Some(param) if !param.takes.fits(value) => {
                Err(Halt::Refused(param.refusal(self.known.name, at == 0, value)))
            }
            _ => Ok(()),
        }
    }

    /// The number of unnamed parameters.
    pub(super) fn count(&self) -> usize {
        self.helper.params().len().saturating_sub(SITES)
    }

    fn seen<'v>(&self, given: Option<&'v PathAndJson<'rc>>, null_is_a_value: bool) -> Option<&'v Value> {
        let given = given.filter(|given| !given.is_value_missing())?;
        let value = given.value();
        // Where missing values are empty, null is, too.
        let empty = value.is_null() && !null_is_a_value && self.run.is_lenient();
        (!empty).then_some(value)
    }

    /// A parameter; none where its value is missing.
    pub(super) fn param(&self, at: usize) -> Option<&'g Value> {
        let any = self.known.param(at).is_some_and(|param| param.takes.fits(&Value::Null));
        let given = self.helper.param(at + SITES);
        let may_miss = self.known.may_miss(at);
        self.seen(given.filter(|given| !may_miss || !self.run.is_without(given)), any)
    }

    /// A named parameter; none where it is left out, or its value is missing.
    pub(super) fn named(&self, name: &str) -> Option<&'g Value> {
        self.seen(self.helper.hash_get(name), false)
    }

    /// A parameter as text; empty where its value is missing.
    pub(super) fn text(&self, at: usize) -> Cow<'g, str> {
        self.param(at).map_or(Cow::Borrowed(""), printed)
    }

    /// True where a named parameter is given and true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.named(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Says in what way the first parameter does not fit.
    pub(super) fn unfit(&self, value: &Value) -> Halt {
        let param = self.known.param(0).expect("a helper that looks at a parameter has one");
        Halt::Refused(param.refusal(self.known.name, true, value))
    }

    pub(super) fn refuse<T>(&self, reason: &str) -> Result<T, Halt> {
        Err(Halt::Refused(format!("`{}` {reason}", self.known.name)))
    }

    /// What a helper makes where there is nothing to be found.
    pub(super) fn nothing(&self, reason: &str) -> Made {
        if self.may_miss { Ok(None) } else { self.refuse(reason) }
    }

    /// Charges for going through a whole value, and bounds how deep it is.
    pub(super) fn enter(&self, value: &Value) -> Result<(), Halt> {
        self.run.charge(weight(value))?;
        if is_deeper(value, DEEPEST) {
            return self.refuse(&format!("takes values that are nested at most {DEEPEST} deep"));
        }
        Ok(())
    }

    /// True where missing values are empty.
    pub(super) fn is_lenient(&self) -> bool {
        self.run.is_lenient()
    }

    /// Refuses a text that would be too long before it is made.
    pub(super) fn room(&self, bytes: usize) -> Result<(), Halt> {
        Ok(self.run.room(bytes)?)
    }

    /// A text that grows within the limits.
    pub(super) fn growing(&self) -> Growing<'g> {
        Growing { run: self.run, text: String::new(), parts: 0, stopped: None }
    }
}

/// A text, number or boolean as a tag prints it; nothing for what a tag does not print.
pub(super) fn printed(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(_) | Value::Bool(_) => Cow::Owned(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Cow::Borrowed(""),
    }
}

fn is_deeper(value: &Value, than: usize) -> bool {
    let inside = |value: &Value| than == 0 || is_deeper(value, than - 1);
    match value {
        Value::Array(items) => items.iter().any(inside),
        Value::Object(items) => items.values().any(inside),
        _ => false,
    }
}

/// A text of a helper, which does not grow beyond the limit of the whole rendering.
pub(super) struct Growing<'r> {
    run: &'r Run<'r>,
    text: String,
    parts: usize,
    stopped: Option<RenderError>,
}

impl Growing<'_> {
    pub(super) fn push(&mut self, part: &str) -> Result<(), Halt> {
        self.run.fits(self.text.len().saturating_add(part.len()))?;
        self.parts += 1;
        // Many small parts take longer than their bytes.
        if self.parts.is_multiple_of(PARTS) {
            self.run.charge(PARTS as u64 / 8)?;
        }
        self.text.push_str(part);
        Ok(())
    }

    /// The text, paid for.
    pub(super) fn done(self) -> Made {
        self.run.room(self.text.len())?;
        Ok(Some(Value::String(self.text)))
    }

    /// The limit that stopped a writer, else the text.
    pub(super) fn written(mut self) -> Made {
        match self.stopped.take() {
            Some(error) => Err(error.into()),
            None => self.done(),
        }
    }
}

impl io::Write for Growing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = str::from_utf8(bytes).map_err(io::Error::other)?;
        match self.push(part) {
            Ok(()) => Ok(bytes.len()),
            Err(halt) => {
                if let Halt::Limit(error) = halt {
                    self.stopped = Some(*error);
                }
                Err(io::Error::other("a limit is reached"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
