//! Picoschema, the short form of a schema that dotprompt has.
//!
//! `name: type, description`; `name?` need not be given; `name(array, description): type`,
//! `name(object): {...}`, `name(enum): [a, b]`; `(*): type` stands for all other names.
//! Source: <https://google.github.io/dotprompt/reference/picoschema>.

use crate::declare::schema::{Reader, SCALARS, any_object, likely_type, scalar};
use crate::declare::{Declaration, Field, Fields, Kind};
use crate::excerpt::short;
use crate::yaml::{Entry, Node, Yaml};

/// The key that stands for all other names.
pub(super) const OTHERS: &str = "(*)";

/// What a name of an object stands for.
pub(super) struct Property(Field);

impl Property {
    pub(super) fn into_declaration(self) -> Declaration {
        let Self(Field { name, kind, required, description }) = self;
        Declaration { description, ..Declaration::new(&name, kind, required) }
    }
}

/// A key taken apart.
struct Key<'k> {
    name: &'k str,
    required: bool,
    form: Option<&'k str>,
    description: Option<String>,
}

impl Reader {
    pub(super) fn pico_property(&mut self, entry: &Entry) -> Property {
        let key = self.key(entry);
        let (kind, described) = match key.form {
            Some("array") => (Kind::List(Box::new(self.pico_named(&key, &entry.value).0)), None),
            Some("enum") => (self.values(&entry.value), None),
            Some("object") => (self.pico_object(&entry.value), None),
            _ => self.pico_named(&key, &entry.value),
        };
        Property(Field {
            name: key.name.to_owned(),
            kind,
            required: key.required,
            description: key.description.or(described),
        })
    }

    fn key<'k>(&mut self, entry: &'k Entry) -> Key<'k> {
        let (name, form) = match entry.key.split_once('(') {
            Some((name, rest)) => {
                if !rest.ends_with(')') {
                    self.report(&entry.key_range, "`(` is not closed by `)`");
                }
                (name, Some(rest.strip_suffix(')').unwrap_or(rest)))
            }
            None => (entry.key.as_str(), None),
        };
        let (form, description) = match form.map(described) {
            Some((form, description)) => (Some(form), description),
            None => (None, None),
        };
        if let Some(form) = form
            && !["array", "object", "enum"].contains(&form)
        {
            self.unknown_type(&entry.key_range, form, &["array", "object", "enum"]);
        }
        let name = name.trim();
        let required = !name.ends_with('?');
        let name = name.strip_suffix('?').unwrap_or(name).trim_end();
        if name.is_empty() {
            self.report(&entry.key_range, "a variable has a name");
        }
        Key { name, required, form, description }
    }

    /// The type of a name, which may be one that is written beside the name.
    fn pico_named(&mut self, key: &Key<'_>, node: &Node) -> (Kind, Option<String>) {
        let Some((of, description)) = node.as_text().map(described) else { return self.pico(node) };
        let written = match (key.form, likely_type(of)) {
            (Some("array"), Some("object")) => "(array): {field: string}",
            (None, Some("array")) => "(array): string",
            (None, Some("object")) => "(object): {field: string}",
            (None, Some("enum")) => "(enum): [a, b]",
            _ => return self.pico(node),
        };
        let (of, name) = (short(of), short(key.name));
        let message = format!("there is no type `{of}` by itself: write `{name}{written}`");
        self.report(&node.range, message);
        (Kind::Any, description)
    }

    /// A type, or a mapping of names to types.
    pub(super) fn pico(&mut self, node: &Node) -> (Kind, Option<String>) {
        match &node.yaml {
            Yaml::Text(text) => {
                let (name, description) = described(text);
                let kind = scalar(name).unwrap_or_else(|| {
                    self.unknown_type(&node.range, name, &SCALARS);
                    Kind::Any
                });
                (kind, description)
            }
            // `null` without quotes is null in YAML, and a type here.
            Yaml::Null => (Kind::Null, None),
            Yaml::Map(_) => (self.pico_object(node), None),
            _ => {
                let message = format!("a type is expected, {} is given", node.kind());
                self.report(&node.range, message);
                (Kind::Any, None)
            }
        }
    }

    fn pico_object(&mut self, node: &Node) -> Kind {
        let Yaml::Map(entries) = &node.yaml else {
            self.report(&node.range, format!("an object maps names to types, {} is given", node.kind()));
            return any_object();
        };
        let mut fields = Fields::default();
        for entry in entries {
            if entry.key == OTHERS {
                fields.others = Some(Box::new(self.pico(&entry.value).0));
                continue;
            }
            let Property(field) = self.pico_property(entry);
            if fields.named.iter().any(|known| known.name == field.name) {
                self.report(&entry.key_range, format!("`{}` is declared twice", short(&field.name)));
            } else {
                fields.named.push(field);
            }
        }
        Kind::Object(fields)
    }
}

/// What stands before the first comma, and the description after it.
fn described(text: &str) -> (&str, Option<String>) {
    match text.split_once(',') {
        Some((name, description)) => (name.trim(), Some(description.trim().to_owned())),
        None => (text.trim(), None),
    }
}
