//! The engine from outside: what it renders, what it refuses, what people see.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

#[cfg(feature = "convert")]
mod convert;
mod declared;
mod documents;
mod files;
mod fixtures;
mod helper_properties;
mod helpers;
mod hostile;
mod properties;
mod rendering;
mod sanitising;
mod variables;

use std::collections::BTreeMap;

use prompt_template::serde_json::Value;
use prompt_template::{Engine, Error, RenderOptions, Template};

/// Partials as pairs of name and text.
type Partials<'a> = &'a [(&'a str, &'a str)];

fn compile(source: &str, partials: Partials<'_>) -> Result<Template, Error> {
    let owned = partials.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let partials: BTreeMap<_, _> = owned.collect();
    Engine::default().compile("main", source, &partials)
}

fn render(source: &str, partials: Partials<'_>, variables: &Value) -> Result<String, Error> {
    compile(source, partials)?.render(variables, &RenderOptions::default())
}

/// The missing paths of an error.
fn missing(error: &Error) -> Vec<&str> {
    match error {
        Error::Variables { missing, .. } => missing.iter().map(String::as_str).collect(),
        other => panic!("not an error of variables: {other}"),
    }
}
