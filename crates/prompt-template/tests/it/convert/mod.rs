//! Conversions to Handlebars.

mod brackets;
mod cases;
mod dialects;
mod docs;
mod granted;
mod properties;

use std::collections::BTreeMap;

use prompt_template::convert::{Conversion, ConvertOptions, Dialect, Includes, convert};
use prompt_template::serde_json::Value;
use prompt_template::{Engine, Missing, RenderOptions};

fn jinja(source: &str) -> Conversion {
    convert(Dialect::Jinja2, source, &ConvertOptions::default().includes(Includes::Anything))
}

/// Renders as `template test --lenient` does.
fn lenient(handlebars: &str, partials: &BTreeMap<String, String>, context: &Value) -> Result<String, String> {
    let template = Engine::default().compile("case", handlebars, partials).map_err(|error| error.report())?;
    let options = RenderOptions::default().missing(Missing::Empty);
    template.render(context, &options).map_err(|error| error.report())
}
