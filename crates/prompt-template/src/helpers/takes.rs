//! What a parameter of a helper takes, checked where it is written and where it is given.

use serde_json::Value;

use crate::excerpt::short;
use crate::run;

/// A parameter of a helper.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    /// How a named parameter that is left out is read.
    pub(super) default: &'static str,
    /// A value that is not given is no mistake here.
    pub(super) may_be_missing: bool,
}

impl Param {
    pub(super) const fn new(name: &'static str, takes: Takes) -> Self {
        Self { name, takes, default: "", may_be_missing: false }
    }

    pub(super) const fn named(name: &'static str, default: &'static str, takes: Takes) -> Self {
        Self { name, takes, default, may_be_missing: false }
    }

    pub(super) const fn may_be_missing(self) -> Self {
        Self { may_be_missing: true, ..self }
    }

    /// Says that a value is of the wrong kind; the first parameter needs no name.
    pub(crate) fn refusal(&self, helper: &str, first: bool, value: &Value) -> String {
        let wanted = self.takes.phrase();
        let given = match (self.takes, value) {
            (Takes::Whole | Takes::Width, Value::Number(number)) => number.to_string(),
            (Takes::Word(_), Value::String(text)) => format!("`{}`", short(text)),
            _ => kind(value).to_owned(),
        };
        if first {
            format!("`{helper}` takes {wanted}, not {given}")
        } else {
            format!("`{helper}` takes {wanted} as its `{}`, not {given}", self.name)
        }
    }
}

/// The values that a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Everything, null too.
    Any,
    /// A text. Numbers and booleans are taken as they are printed.
    Text,
    /// A text, a list or an object.
    Sized,
    /// A text or a list.
    Sequence,
    /// A list; what else may be gone through is the helper's to decide.
    Items,
    Number,
    /// A whole number that is not negative.
    Whole,
    /// A whole number that is not negative, or a text.
    Width,
    Flag,
    /// One word.
    Word(&'static str),
}

impl Takes {
    pub(crate) fn fits(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Text => value.is_string() || value.is_number() || value.is_boolean(),
            Self::Sized | Self::Items => value.is_string() || value.is_array() || value.is_object(),
            Self::Sequence => value.is_string() || value.is_array(),
            Self::Number => value.is_number(),
            Self::Whole => value.is_u64(),
            Self::Width => value.is_u64() || value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Word(word) => value == word,
        }
    }

    fn phrase(self) -> String {
        match self {
            Self::Any => "a value",
            Self::Text => "a text",
            Self::Sized => "a text, a list or an object",
            Self::Sequence => "a list or a text",
            Self::Items => "a list",
            Self::Number => "a number",
            Self::Whole => "a whole number from 0",
            Self::Width => "a whole number from 0 or a text",
            Self::Flag => "true or false",
            Self::Word(word) => return format!("`{word}`"),
        }
        .to_owned()
    }
}

/// What a value is, in the words in which helpers say what they take.
pub(super) fn kind(value: &Value) -> &'static str {
    if value.is_string() { "a text" } else { run::kind(value) }
}

/// A literal as it is written, or a stand-in of its kind; none where that would need a parser.
pub(super) fn literal(written: &str) -> Option<Value> {
    match written.as_bytes().first()? {
        b'[' => Some(Value::Array(Vec::new())),
        b'{' => Some(Value::Object(serde_json::Map::new())),
        b'\'' => {
            let inner = written.strip_prefix('\'')?.strip_suffix('\'')?;
            (!inner.contains('\\')).then(|| Value::from(inner))
        }
        _ => serde_json::from_str(written).ok(),
    }
}
