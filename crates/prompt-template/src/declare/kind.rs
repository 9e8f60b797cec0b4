//! The kinds of values, and whether a value is of one.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, closest};
use crate::excerpt::short;

/// Which values a variable takes. It serialises to JSON Schema.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Every value.
    Any,
    /// Null alone.
    Null,
    /// A text.
    String,
    /// A number without a fraction, as it is written: `3`, not `3.0`.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these values.
    Enum(Vec<Value>),
    /// A list of such values.
    List(Box<Kind>),
    /// An object.
    Object(Fields),
    /// A value of one of these kinds.
    OneOf(Vec<Kind>),
}

/// What an object has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    /// The fields that are named.
    pub named: Vec<Field>,
    /// The kind of all others; without it there are no others.
    pub others: Option<Box<Kind>>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Which values it takes.
    pub kind: Kind,
    /// It must be there; one that need not may be null too.
    pub required: bool,
    /// What it is for.
    pub description: Option<String>,
}

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
}

impl Misfit {
    fn mistyped(message: String) -> Self {
        Self { code: Code::Mistyped, message, suggestion: None }
    }
}

impl Kind {
    /// True where the value is of this kind.
    ///
    /// ```
    /// use prompt_template::Kind;
    /// use prompt_template::serde_json::json;
    ///
    /// let numbers = Kind::List(Box::new(Kind::Integer));
    /// assert!(numbers.fits(&json!([1, 2])) && !numbers.fits(&json!([1, "2"])));
    /// ```
    pub fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _)
            | (Self::Null, Value::Null)
            | (Self::String, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_)) => true,
            (Self::Integer, Value::Number(number)) => !number.is_f64(),
            (Self::Enum(values), value) => values.contains(value),
            (Self::List(kind), Value::Array(items)) => items.iter().all(|item| kind.fits(item)),
            (Self::Object(fields), Value::Object(map)) => fields.fit(map),
            (Self::OneOf(kinds), value) => kinds.iter().any(|kind| kind.fits(value)),
            _ => false,
        }
    }

    /// What is wrong with a value, which stands at a path such as `users.[1].age`.
    pub(crate) fn misfit(&self, path: &str, value: &Value) -> Option<Misfit> {
        if self.fits(value) {
            return None;
        }
        Some(match (self, value) {
            (Self::Enum(values), value) => not_allowed(path, values, value),
            (Self::List(kind), Value::Array(items)) => {
                let mut items = items.iter().enumerate();
                items.find_map(|(at, item)| kind.misfit(&format!("{path}.[{at}]"), item))?
            }
            (Self::Object(fields), Value::Object(map)) => fields.misfit(path, map)?,
            (kind, value) => Misfit::mistyped(format!(
                "`{}` is declared as {}, {} is given",
                short(path),
                kind.describe(),
                describe(value)
            )),
        })
    }

    /// The kind in words, such as `a list`.
    pub(crate) fn describe(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Any => "any value",
            Self::Null => "null",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Enum(values) => return Cow::Owned(format!("one of {}", listed(values))),
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::OneOf(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(Self::describe).collect();
                return Cow::Owned(kinds.join(" or "));
            }
        })
    }

    /// True where one of the two takes no value that the other takes.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OneOf(kinds), other) | (other, Self::OneOf(kinds)) => {
                kinds.iter().all(|kind| kind.clashes(other))
            }
            (Self::Enum(values), other) | (other, Self::Enum(values)) => {
                !values.iter().any(|value| other.fits(value))
            }
            (Self::List(kind), Self::List(other)) => kind.clashes(other),
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Object(_), Self::Object(_))
            | (Self::Integer, Self::Number)
            | (Self::Number, Self::Integer) => false,
            (kind, other) => kind != other,
        }
    }

    /// The values that are of both kinds, which do not clash. Of two objects it is the first.
    pub(crate) fn and(&self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) => other,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Integer,
            (Self::Enum(values), other) => {
                Self::Enum(values.iter().filter(|value| other.fits(value)).cloned().collect())
            }
            (kind, Self::Enum(mut values)) => {
                values.retain(|value| kind.fits(value));
                Self::Enum(values)
            }
            (Self::List(kind), Self::List(other)) => Self::List(Box::new(kind.and(*other))),
            (Self::OneOf(kinds), other) => {
                let kinds = kinds.iter().filter(|kind| !kind.clashes(&other));
                Self::OneOf(kinds.map(|kind| kind.and(other.clone())).collect())
            }
            (kind, Self::OneOf(mut kinds)) => {
                kinds.retain(|other| !kind.clashes(other));
                Self::OneOf(kinds.into_iter().map(|other| kind.and(other)).collect())
            }
            (kind, _) => kind.clone(),
        }
    }

    fn to_json_schema(&self) -> Value {
        match self {
            Self::Any => json!({}),
            Self::Null => json!({"type": "null"}),
            Self::String => json!({"type": "string"}),
            Self::Integer => json!({"type": "integer"}),
            Self::Number => json!({"type": "number"}),
            Self::Boolean => json!({"type": "boolean"}),
            Self::Enum(values) => json!({"enum": values}),
            Self::List(kind) => json!({"type": "array", "items": kind.to_json_schema()}),
            Self::Object(fields) => fields.to_json_schema(),
            Self::OneOf(kinds) => {
                json!({"anyOf": kinds.iter().map(Self::to_json_schema).collect::<Vec<_>>()})
            }
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json_schema().serialize(serializer)
    }
}

impl Field {
    fn fits(&self, value: Option<&Value>) -> bool {
        match value {
            None => !self.required,
            Some(Value::Null) if !self.required => true,
            Some(value) => self.kind.fits(value),
        }
    }
}

impl Fields {
    /// The kind of a field, if the object can have one of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Kind> {
        let named = self.named.iter().find(|field| field.name == name).map(|field| &field.kind);
        named.or(self.others.as_deref())
    }

    fn fit(&self, map: &Map<String, Value>) -> bool {
        let fits = |field: &Field| field.fits(map.get(&field.name));
        let is_named = |name: &String| self.named.iter().any(|field| field.name == *name);
        self.named.iter().all(fits)
            && map
                .iter()
                .filter(|(name, _)| !is_named(name))
                .all(|(_, value)| self.others.as_ref().is_some_and(|kind| kind.fits(value)))
    }

    fn misfit(&self, path: &str, map: &Map<String, Value>) -> Option<Misfit> {
        for (name, value) in map {
            let path = format!("{path}.{name}");
            let named = self.named.iter().find(|field| field.name == *name);
            if named.is_some_and(|field| field.fits(Some(value))) {
                continue;
            }
            let kind = named.map(|field| &field.kind).or(self.others.as_deref());
            let Some(kind) = kind else {
                let mut misfit = Misfit::mistyped(format!("`{}` is not declared", short(&path)));
                let fields = self.named.iter().map(|field| field.name.as_str());
                misfit.suggestion = closest(name, fields).map(str::to_owned);
                return Some(misfit);
            };
            if let Some(misfit) = kind.misfit(&path, value) {
                return Some(misfit);
            }
        }
        let absent = self.named.iter().find(|field| !field.fits(map.get(&field.name)))?;
        Some(Misfit::mistyped(format!("`{}` is not given", short(&format!("{path}.{}", absent.name)))))
    }

    fn to_json_schema(&self) -> Value {
        let fields = self.named.iter().map(|field| {
            let mut schema = field.kind.to_json_schema();
            if let Some(description) = &field.description {
                schema["description"] = json!(description);
            }
            (field.name.clone(), schema)
        });
        let required = self.named.iter().filter(|field| field.required).map(|field| &field.name);
        json!({
            "type": "object",
            "required": required.collect::<Vec<_>>(),
            "additionalProperties": self.others.as_ref().map_or(json!(false), |kind| kind.to_json_schema()),
            "properties": fields.collect::<Map<_, _>>(),
        })
    }
}

fn not_allowed(path: &str, values: &[Value], value: &Value) -> Misfit {
    let texts = values.iter().filter_map(Value::as_str);
    let suggestion = value.as_str().and_then(|text| {
        let other_case = texts.clone().find(|known| known.eq_ignore_ascii_case(text));
        other_case.or_else(|| closest(text, texts)).map(str::to_owned)
    });
    let (name, given) = (short(path), describe_value(value));
    let message = format!("`{name}` is {given}, but only {} can be given", listed(values));
    Misfit { code: Code::NotAllowed, message, suggestion }
}

/// The values in words; of many, the first.
fn listed(values: &[Value]) -> String {
    const SHOWN: usize = 8;
    let mut shown: Vec<_> = values.iter().take(SHOWN).map(describe_value).collect();
    if values.len() > SHOWN {
        shown.push(format!("{} more", values.len() - SHOWN));
    }
    shown.join(", ")
}

fn describe_value(value: &Value) -> String {
    match value {
        // The quotes tell the text "1" from the number 1.
        Value::String(text) => format!("`\"{}\"`", short(text)),
        Value::Array(_) | Value::Object(_) => describe(value).to_owned(),
        other => format!("`{other}`"),
    }
}

/// What a value is, in words.
pub(crate) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if !number.is_f64() => "an integer",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
