//! From the front matter to declarations.

use std::ops::Range;

use serde_json::Value;

use crate::declare::pico::OTHERS;
use crate::declare::{Declaration, Declarations, Fields, Kind, Place, settings};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::yaml::{Entry, Node, Yaml};

/// The types of scalars, in both forms of a schema.
pub(super) const SCALARS: [&str; 6] = ["string", "integer", "number", "boolean", "null", "any"];

/// The declarations of a front matter, and what is wrong with them.
pub(crate) fn declarations(front: &Node) -> (Declarations, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut declared = Declarations::default();
    let input = front.get("input").map(|input| &input.value);
    if let Some(schema) = input.and_then(|input| input.get("schema"))
        && !schema.value.is_null()
    {
        declared.schema = Some(schema.key_range.clone());
        reader.schema(&schema.value, &mut declared);
    }
    if let Some(default) = input.and_then(|input| input.get("default")) {
        reader.defaults(default.value.entries(), &mut declared);
    }
    let ours = front.get("prompt_runner").and_then(|ours| ours.value.get("variables"));
    if let Some(variables) = ours {
        for entry in variables.value.entries() {
            if let Some(declaration) = reader.named(entry, &mut declared) {
                settings::read(&entry.value, declaration, &mut reader.problems);
            }
        }
    }
    reader.check_defaults(&declared);
    (declared, reader.problems)
}

pub(super) fn scalar(name: &str) -> Option<Kind> {
    Some(match name {
        "string" => Kind::String,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "null" => Kind::Null,
        "any" => Kind::Any,
        _ => return None,
    })
}

/// The type that is meant by its name in another language.
pub(super) fn likely_type(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "array" | "list" | "tuple" | "set" | "sequence" => "array",
        "object" | "dict" | "map" | "mapping" | "record" => "object",
        "enum" | "literal" => "enum",
        "int" | "integer" | "long" => "integer",
        "float" | "double" | "decimal" | "number" => "number",
        "bool" | "boolean" => "boolean",
        "str" | "string" | "text" => "string",
        "none" | "nil" => "null",
        _ => return None,
    })
}

/// Reads schemas and gathers problems.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
    /// Where each default stands.
    defaults: Vec<(String, Range<usize>)>,
}

impl Reader {
    pub(super) fn report(&mut self, range: &Range<usize>, message: impl Into<String>) {
        self.problems.push(Problem::new(Code::Schema, range.clone(), message));
    }

    pub(super) fn unknown_type(&mut self, range: &Range<usize>, name: &str, known: &[&str]) {
        let message = format!("there is no type `{}`", short(name));
        let mut problem = Problem::new(Code::Schema, range.clone(), message);
        problem = problem.suggest(name, known.iter().copied());
        if let Some(likely) = likely_type(name).filter(|likely| known.contains(likely)) {
            problem.suggestion = Some(likely.to_owned());
        }
        self.problems.push(problem);
    }

    fn schema(&mut self, node: &Node, declared: &mut Declarations) {
        let is_json = node.get("properties").is_some_and(|it| matches!(it.value.yaml, Yaml::Map(_)))
            || node.get("type").is_some_and(|it| it.value.as_text() == Some("object"));
        if is_json {
            declared.others = self.json_input(node, &mut declared.all);
            return;
        }
        let Yaml::Map(entries) = &node.yaml else {
            let message = format!("a schema of the input maps names to types, {} is given", node.kind());
            self.report(&node.range, message);
            // One problem is enough: what is declared is not known.
            declared.others = Some(Kind::Any);
            return;
        };
        if let Some(entry) = node.get("type")
            && entry.value.as_text().is_some_and(|name| scalar(name).is_some() || name == "array")
        {
            let message = "other readers take a schema with this line for JSON Schema, unless a description \
                           follows the type";
            self.problems.push(Problem::new(Code::Schema, entry.key_range.clone(), message).warning());
        }
        for entry in entries {
            if entry.key == OTHERS {
                declared.others = Some(self.pico(&entry.value).0);
            } else {
                let property = self.pico_property(entry);
                self.declare(entry, property.into_declaration(), &mut declared.all);
            }
        }
    }

    /// Takes in a declaration, unless there is one of the name.
    pub(super) fn declare(&mut self, entry: &Entry, mut new: Declaration, all: &mut Vec<Declaration>) {
        if all.iter().any(|known| known.name == new.name) {
            self.report(&entry.key_range, format!("`{}` is declared twice", short(&new.name)));
            return;
        }
        new.place = Place { unit: 0, range: entry.key_range.clone() };
        all.push(new);
    }

    /// The declaration that an entry is about; a new one where there is no schema, or an open one.
    fn named<'d>(&mut self, entry: &Entry, declared: &'d mut Declarations) -> Option<&'d mut Declaration> {
        let known = declared.all.iter().position(|known| known.name == entry.key);
        if known.is_none() && declared.is_complete() {
            let message = format!("`{}` is not in the schema of the input", short(&entry.key));
            let problem = Problem::new(Code::Schema, entry.key_range.clone(), message);
            self.problems.push(problem.suggest(&entry.key, declared.names()));
            return None;
        }
        let at = known.unwrap_or_else(|| {
            // Without a schema, what is used must be given.
            let mut new = Declaration::new(&entry.key, Kind::Any, true);
            new.place.range = entry.key_range.clone();
            declared.all.push(new);
            declared.all.len() - 1
        });
        declared.all.get_mut(at)
    }

    fn defaults(&mut self, entries: &[Entry], declared: &mut Declarations) {
        for entry in entries {
            if let Some(declaration) = self.named(entry, declared) {
                declaration.default = Some(entry.value.to_json());
                self.default_at(&entry.key, entry.value.range.clone());
            }
        }
    }

    pub(super) fn default_at(&mut self, name: &str, range: Range<usize>) {
        self.defaults.retain(|(known, _)| known != name);
        self.defaults.push((name.to_owned(), range));
    }

    fn check_defaults(&mut self, declared: &Declarations) {
        for (name, range) in std::mem::take(&mut self.defaults) {
            let Some(declaration) = declared.get(&name) else { continue };
            let Some(default) = &declaration.default else { continue };
            if let Some(misfit) = declaration.misfit(default) {
                let message = format!("this default does not fit: {}", misfit.message);
                let mut problem = Problem::new(Code::Schema, range, message);
                problem.suggestion = misfit.suggestion;
                self.problems.push(problem);
            }
        }
    }

    /// The values of an enum, which are scalars and at least one.
    pub(super) fn values(&mut self, node: &Node) -> Kind {
        let Yaml::List(items) = &node.yaml else {
            self.report(&node.range, format!("an enum is a list of values, {} is given", node.kind()));
            return Kind::Any;
        };
        if items.is_empty() {
            self.report(&node.range, "an enum without values takes none");
            return Kind::Any;
        }
        let values: Vec<Value> = items.iter().map(Node::to_json).collect();
        if let Some(item) = items.iter().find(|item| matches!(item.yaml, Yaml::List(_) | Yaml::Map(_))) {
            self.report(&item.range, "a value of an enum is a text, a number, a boolean or null");
        }
        Kind::Enum(values)
    }
}

impl Declaration {
    pub(super) fn new(name: &str, kind: Kind, required: bool) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            required,
            default: None,
            max_length: None,
            description: None,
            trusted: true,
            hidden: None,
            place: Place::default(),
        }
    }
}

/// An object of which nothing is known.
pub(super) fn any_object() -> Kind {
    Kind::Object(Fields { named: Vec::new(), others: Some(Box::new(Kind::Any)) })
}
