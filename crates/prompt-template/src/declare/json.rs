//! The part of JSON Schema that declarations have.

use crate::declare::schema::{Reader, SCALARS, any_object, scalar};
use crate::declare::{Declaration, Field, Fields, Kind};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::yaml::{Entry, Node, Yaml};

/// Keywords that say something to people and restrict nothing.
const NOTES: [&str; 12] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "$comment",
];

/// Keywords that are read.
const READ: [&str; 8] =
    ["type", "properties", "required", "additionalProperties", "items", "enum", "const", "maxLength"];

impl Reader {
    /// Declares the variables of an input, and returns what others are where it allows them.
    pub(super) fn json_input(&mut self, schema: &Node, all: &mut Vec<Declaration>) -> Option<Kind> {
        self.unchecked(schema);
        let Kind::Object(fields) = self.json_object(schema, Self::json) else {
            return Some(Kind::Any);
        };
        let properties = schema.get("properties").map_or(&[][..], |entry| entry.value.entries());
        for (field, entry) in fields.named.into_iter().zip(properties) {
            let Field { name, kind, required, description } = field;
            let mut declaration = Declaration { description, ..Declaration::new(&name, kind, required) };
            if let Some(default) = entry.value.get("default") {
                declaration.default = Some(default.value.to_json());
                self.default_at(&name, default.value.range.clone());
            }
            if let Some(length) = entry.value.get("maxLength") {
                declaration.max_length = self.length(length);
            }
            self.declare(entry, declaration, all);
        }
        // Without a word about others, JSON Schema allows them; a slip of a name would pass in silence.
        let is_broken = schema.get("properties").is_some_and(|it| !matches!(it.value.yaml, Yaml::Map(_)));
        let allows = is_broken || schema.get("additionalProperties").is_some();
        fields.others.filter(|_| allows).map(|kind| *kind)
    }

    fn length(&mut self, entry: &Entry) -> Option<usize> {
        let length = match &entry.value.yaml {
            Yaml::Number(number) => number.as_u64().and_then(|length| usize::try_from(length).ok()),
            _ => None,
        };
        if length.is_none() {
            self.report(&entry.value.range, format!("`{}` is a number of characters", entry.key));
        }
        length
    }

    fn json(&mut self, node: &Node) -> Kind {
        if !matches!(node.yaml, Yaml::Map(_)) {
            if node.yaml != Yaml::Bool(true) {
                self.report(&node.range, format!("a schema is a mapping, {} is given", node.kind()));
            }
            return Kind::Any;
        }
        self.unchecked(node);
        if let Some(values) = node.get("enum") {
            return self.values(&values.value);
        }
        if let Some(value) = node.get("const") {
            return Kind::Enum(vec![value.value.to_json()]);
        }
        match node.get("type") {
            Some(entry) => self.json_type(&entry.value, node),
            None if node.get("properties").is_some() => self.json_object(node, Self::nested),
            None if node.get("items").is_some() => self.json_list(node),
            None => Kind::Any,
        }
    }

    /// Reports what a person may take for a check and is none.
    fn unchecked(&mut self, node: &Node) {
        for entry in node.entries() {
            let key = entry.key.as_str();
            if !READ.contains(&key) && !NOTES.contains(&key) {
                let message = format!("`{}` is not checked", short(key));
                let problem = Problem::new(Code::Schema, entry.key_range.clone(), message).warning();
                self.problems.push(problem.suggest(key, READ));
            }
        }
    }

    fn json_type(&mut self, name: &Node, node: &Node) -> Kind {
        match &name.yaml {
            Yaml::Text(text) if text == "object" => self.json_object(node, Self::nested),
            Yaml::Text(text) if text == "array" => self.json_list(node),
            Yaml::Text(text) => scalar(text).unwrap_or_else(|| {
                let known: Vec<_> = SCALARS.into_iter().chain(["object", "array"]).collect();
                self.unknown_type(&name.range, text, &known);
                Kind::Any
            }),
            Yaml::Null => Kind::Null,
            Yaml::List(names) if !names.is_empty() => {
                let is_list = |node: &Node| matches!(node.yaml, Yaml::List(_));
                if names.iter().any(is_list) {
                    self.report(&name.range, "a type is a name, or a list of names");
                    return Kind::Any;
                }
                Kind::OneOf(names.iter().map(|name| self.json_type(name, node)).collect())
            }
            _ => {
                self.report(&name.range, format!("a type is a name, {} is given", name.kind()));
                Kind::Any
            }
        }
    }

    fn json_list(&mut self, node: &Node) -> Kind {
        let items = node.get("items").map_or(Kind::Any, |items| self.nested(&items.value));
        Kind::List(Box::new(items))
    }

    /// A schema inside of another one, where a length is not checked.
    fn nested(&mut self, node: &Node) -> Kind {
        if let Some(entry) = node.get("maxLength") {
            let message = "`maxLength` is checked for variables, not for what is inside of them";
            self.problems.push(Problem::new(Code::Schema, entry.key_range.clone(), message).warning());
        }
        self.json(node)
    }

    fn json_object(&mut self, node: &Node, child: fn(&mut Self, &Node) -> Kind) -> Kind {
        let others = match node.get("additionalProperties").map(|entry| &entry.value) {
            None => Some(Kind::Any),
            Some(node) if node.yaml == Yaml::Bool(false) => None,
            Some(node) => Some(self.nested(node)),
        };
        let Some(properties) = node.get("properties") else {
            return match others {
                Some(kind) => Kind::Object(Fields { named: Vec::new(), others: Some(Box::new(kind)) }),
                None => Kind::Object(Fields::default()),
            };
        };
        if !matches!(properties.value.yaml, Yaml::Map(_)) {
            self.report(&properties.value.range, "`properties` maps names to schemas");
            return any_object();
        }
        let required = self.required(node, properties.value.entries());
        let mut named = Vec::new();
        for entry in properties.value.entries() {
            let kind = child(self, &entry.value);
            let description = entry.value.get("description").and_then(|it| it.value.as_text());
            named.push(Field {
                name: entry.key.clone(),
                kind,
                required: required.contains(&entry.key.as_str()),
                description: description.map(str::to_owned),
            });
        }
        Kind::Object(Fields { named, others: others.map(Box::new) })
    }

    fn required<'n>(&mut self, node: &'n Node, properties: &[Entry]) -> Vec<&'n str> {
        let Some(entry) = node.get("required") else { return Vec::new() };
        let Yaml::List(items) = &entry.value.yaml else {
            self.report(&entry.value.range, "`required` is a list of names");
            return Vec::new();
        };
        for item in items {
            let name = item.as_text().unwrap_or_default();
            if !properties.iter().any(|entry| entry.key == name) {
                let message = format!("`{}` is required, but not among the properties", short(name));
                let problem = Problem::new(Code::Schema, item.range.clone(), message);
                let known = properties.iter().map(|entry| entry.key.as_str());
                self.problems.push(problem.suggest(name, known));
            }
        }
        items.iter().filter_map(Node::as_text).collect()
    }
}
