//! Front matter as values.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::file::KEYS;
use crate::yaml::{Entry, Node, Yaml, block, to_map};

/// What stands before the template in a `.prompt` file, by the convention of dotprompt.
///
/// Source: <https://google.github.io/dotprompt/reference/frontmatter>. What is ours stands under the
/// key `prompt_runner`. Keys that are not known stay as they are, in [`rest`](Self::rest).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct FrontMatter {
    /// The prompt's name, where it differs from that of its file.
    pub name: Option<String>,
    /// Which variant of the prompt this is.
    pub variant: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The model that it is written for.
    pub model: Option<String>,
    /// Settings of the model, such as `temperature`.
    pub config: Map<String, Value>,
    /// The variables.
    pub input: Input,
    /// The answer.
    pub output: Output,
    /// What is ours; `variables` holds settings by the name of the variable.
    pub prompt_runner: Map<String, Value>,
    /// All other keys: `tools`, `toolDefs`, `metadata`, `ext`, and those of others. A key that has a
    /// field of its own cannot be written from here.
    pub rest: Map<String, Value>,
}

/// What front matter says of the variables.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Input {
    /// Picoschema or JSON Schema.
    pub schema: Option<Value>,
    /// Values of variables that are not given.
    pub default: Map<String, Value>,
}

/// What front matter says of the answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Output {
    /// Its format, such as `json`.
    pub format: Option<String>,
    /// Picoschema or JSON Schema.
    pub schema: Option<Value>,
    /// All other keys. `format` and `schema` cannot be written from here.
    pub rest: Map<String, Value>,
}

/// The keys that are read into fields of their own.
const FIELDS: [&str; 9] =
    ["name", "variant", "version", "description", "model", "config", "input", "output", "prompt_runner"];

impl FrontMatter {
    /// The front matter as YAML, which is read back as an equal one. It is empty where nothing is said.
    ///
    /// A key of `rest` that is read into a field of its own is refused: it would be read back as that.
    pub(super) fn to_yaml(&self) -> Result<String, Problem> {
        let refuse = |key: &str, within: &str| {
            let message = format!("`{key}` is a field of {within} and cannot stand in `rest`");
            Err(Problem::new(Code::FrontMatter, 0..0, message))
        };
        if let Some(key) = FIELDS.iter().find(|key| self.rest.contains_key(**key)) {
            return refuse(key, "the front matter");
        }
        if let Some(key) = ["format", "schema"].into_iter().find(|key| self.output.rest.contains_key(*key)) {
            return refuse(key, "`output`");
        }
        let mut yaml = String::new();
        block(&self.to_map(), 0, &mut yaml);
        Ok(yaml)
    }

    fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        let Self { name, variant, version, description, model, config, input, output, .. } = self;
        for (key, text) in KEYS.into_iter().zip([name, variant, version, description, model]) {
            map.extend(text.iter().map(|text| (key.to_owned(), json!(text))));
        }
        let mut put = |key: &str, value: Map<String, Value>| {
            if !value.is_empty() {
                map.insert(key.to_owned(), Value::Object(value));
            }
        };
        put("config", config.clone());
        let mut inner = Map::new();
        insert(&mut inner, "schema", input.schema.as_ref());
        if !input.default.is_empty() {
            inner.insert("default".to_owned(), json!(input.default));
        }
        put("input", inner);
        let mut inner = Map::new();
        insert(&mut inner, "format", output.format.as_ref().map(|format| json!(format)).as_ref());
        insert(&mut inner, "schema", output.schema.as_ref());
        inner.extend(output.rest.clone());
        put("output", inner);
        put("prompt_runner", self.prompt_runner.clone());
        map.extend(self.rest.clone());
        map
    }

    /// Takes the values of a tree, and reports those of the wrong kind.
    pub(super) fn read(node: &Node, problems: &mut Vec<Problem>) -> Self {
        let mut reader = Reader { problems };
        let mut front = Self::default();
        for entry in node.entries() {
            match entry.key.as_str() {
                "name" => front.name = reader.text(entry),
                "variant" => front.variant = reader.text(entry),
                "version" => front.version = reader.text(entry),
                "description" => front.description = reader.text(entry),
                "model" => front.model = reader.text(entry),
                "config" => front.config = to_map(reader.map(entry)),
                "input" => front.input = reader.input(entry),
                "output" => front.output = reader.output(entry),
                "prompt_runner" => front.prompt_runner = reader.ours(entry),
                key => {
                    reader.other(key, entry);
                    front.rest.insert(entry.key.clone(), entry.value.to_json());
                }
            }
        }
        front
    }
}

fn insert(map: &mut Map<String, Value>, key: &str, value: Option<&Value>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value.clone());
    }
}

struct Reader<'p> {
    problems: &'p mut Vec<Problem>,
}

impl Reader<'_> {
    fn expected(&mut self, entry: &Entry, expected: &str) {
        let hint = match entry.value.yaml {
            Yaml::Number(_) | Yaml::Bool(_) if expected == "a text" => ": put it in quotes",
            _ => "",
        };
        let message = format!("`{}` is {expected}, {} is given{hint}", entry.key, entry.value.kind());
        self.problems.push(Problem::new(Code::FrontMatter, entry.value.range.clone(), message));
    }

    fn unknown(&mut self, within: &str, entry: &Entry, known: &[&str]) {
        let message = format!("`{within}` has no key `{}`", short(&entry.key));
        let problem = Problem::new(Code::FrontMatter, entry.key_range.clone(), message);
        self.problems.push(problem.suggest(&entry.key, known.iter().copied()));
    }

    fn text(&mut self, entry: &Entry) -> Option<String> {
        let text = entry.value.as_text().map(str::to_owned);
        if text.is_none() && !entry.value.is_null() {
            self.expected(entry, "a text");
        }
        text
    }

    /// The entries of a mapping, or of nothing.
    fn map<'n>(&mut self, entry: &'n Entry) -> &'n [Entry] {
        if !matches!(entry.value.yaml, Yaml::Map(_) | Yaml::Null) {
            self.expected(entry, "a mapping");
        }
        entry.value.entries()
    }

    fn input(&mut self, entry: &Entry) -> Input {
        let mut input = Input::default();
        for inner in self.map(entry) {
            match inner.key.as_str() {
                "schema" => input.schema = Some(inner.value.to_json()),
                "default" => input.default = to_map(self.map(inner)),
                _ => self.unknown("input", inner, &["schema", "default"]),
            }
        }
        input
    }

    fn output(&mut self, entry: &Entry) -> Output {
        let mut output = Output::default();
        for inner in self.map(entry) {
            match inner.key.as_str() {
                "schema" => output.schema = Some(inner.value.to_json()),
                "format" => output.format = self.text(inner),
                _ => {
                    output.rest.insert(inner.key.clone(), inner.value.to_json());
                }
            }
        }
        output
    }

    fn ours(&mut self, entry: &Entry) -> Map<String, Value> {
        for inner in self.map(entry) {
            if inner.key == "variables" {
                self.map(inner);
            } else {
                self.unknown("prompt_runner", inner, &["variables"]);
            }
        }
        to_map(entry.value.entries())
    }

    /// A key that is not read here.
    fn other(&mut self, key: &str, entry: &Entry) {
        match key {
            "tools" | "toolDefs" if !matches!(entry.value.yaml, Yaml::List(_) | Yaml::Null) => {
                self.expected(entry, "a list");
            }
            "metadata" | "ext" => {
                self.map(entry);
            }
            _ => {
                let problem = Problem::new(Code::FrontMatter, entry.key_range.clone(), "");
                let mut problem = problem.suggest(key, KEYS).warning();
                if !KEYS.contains(&key) && problem.suggestion.is_some() {
                    problem.message = format!("nothing reads the key `{}`", short(key));
                    self.problems.push(problem);
                }
            }
        }
    }
}
