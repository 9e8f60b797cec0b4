//! Text from a command line as the value that is declared.

use serde_json::{Map, Value};

use crate::declare::{Declaration, Declarations, Kind};
use crate::error::Error;
use crate::excerpt::short;

impl Declarations {
    /// Turns texts of a command line into values where the variable is declared as something else.
    ///
    /// A text that is no such value stays, for rendering to report it with all else that is wrong.
    pub fn parse_texts(&self, variables: &mut Map<String, Value>) {
        for declaration in self.iter() {
            if let Some(Value::String(text)) = variables.get_mut(&declaration.name)
                && let Some(value) = value_of(&declaration.kind, text)
            {
                variables.insert(declaration.name.clone(), value);
            }
        }
    }
}

impl Declaration {
    /// True where it has a value though none is given: a default, or null as an optional one.
    pub fn may_be_left_out(&self) -> bool {
        self.default.is_some() || !self.required
    }

    /// The text as a value of the declared kind.
    ///
    /// A string is taken as it is; numbers, booleans, lists and objects are written as in JSON. Where
    /// more than one kind is declared, the text stays one where it may, else the first that fits counts.
    ///
    /// ```
    /// use prompt_template::{NoPartials, Engine};
    /// use prompt_template::serde_json::json;
    ///
    /// let source = "---\ninput:\n  schema:\n    words: integer\n---\nUse {{words}} words.";
    /// let template = Engine::default().compile("short", source, &NoPartials)?;
    /// let words = template.declarations().get("words").expect("it is declared");
    /// assert_eq!(words.parse_text("12")?, json!(12));
    /// let error = words.parse_text("twelve").unwrap_err();
    /// assert_eq!(error.to_string(), "`words` is declared as an integer, `twelve` is given");
    /// # Ok::<(), prompt_template::Error>(())
    /// ```
    pub fn parse_text(&self, text: &str) -> Result<Value, Error> {
        if let Some(value) = value_of(&self.kind, text) {
            return Ok(value);
        }
        let json = serde_json::from_str::<Value>(text).ok();
        let json = json.filter(|value| value.is_array() || value.is_object());
        let misfit = match (&self.kind, json) {
            (Kind::Enum(_), _) => self.kind.misfit(&self.name, &Value::from(text)),
            (Kind::List(_) | Kind::Object(_), Some(value)) => self.kind.misfit(&self.name, &value),
            _ => None,
        };
        let reason = match misfit {
            Some(misfit) => misfit.message,
            None => self.expected(text),
        };
        Err(Error::Text { variable: self.name.clone(), reason })
    }

    fn expected(&self, text: &str) -> String {
        let hint = match self.kind {
            Kind::List(_) => ", such as [\"a\", \"b\"] in JSON",
            Kind::Object(_) => ", such as {\"a\": \"b\"} in JSON",
            _ => "",
        };
        let (name, kind) = (short(&self.name), self.kind.describe());
        format!("`{name}` is declared as {kind}{hint}, `{}` is given", short(text))
    }
}

fn value_of(kind: &Kind, text: &str) -> Option<Value> {
    let json = || serde_json::from_str::<Value>(text).ok();
    match kind {
        Kind::Any | Kind::String => Some(Value::from(text)),
        Kind::Enum(values) => {
            let as_text = values.iter().find(|value| value.as_str() == Some(text));
            as_text.cloned().or_else(|| json().filter(|value| values.contains(value) && !value.is_string()))
        }
        Kind::OneOf(kinds) => {
            let is_text = |kind: &&Kind| matches!(kind, Kind::Any | Kind::String);
            let others = kinds.iter().filter(|kind| !is_text(kind));
            kinds.iter().filter(is_text).chain(others).find_map(|kind| value_of(kind, text))
        }
        Kind::Null | Kind::Integer | Kind::Number | Kind::Boolean | Kind::List(_) | Kind::Object(_) => {
            json().filter(|value| kind.fits(value))
        }
    }
}
