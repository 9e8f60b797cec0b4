//! Whatever the template, its partials and its variables: an error or a text, within the limits.
//!
//! The input is cut at NUL bytes: the template, two partials, the variables as JSON.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use prompt_template::serde_json::{Value, json};
use prompt_template::{Engine, Missing, RenderOptions};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut parts = text.splitn(4, '\0');
    let source = parts.next().unwrap_or_default();
    let partials = ["p", "q"].map(|name| (name.to_owned(), parts.next().unwrap_or_default().to_owned()));
    let partials = BTreeMap::from(partials);
    let variables: Value = parts
        .next()
        .and_then(|text| prompt_template::serde_json::from_str(text).ok())
        .unwrap_or_else(|| json!({"a": "text", "b": [1, {"c": null}], "o": {"k": true}}));

    let engine = Engine::default();
    let check = engine.check("main", source);
    for diagnostic in &check.diagnostics {
        assert!(source.get(diagnostic.span.range.clone()).is_some());
        diagnostic.render_excerpt();
    }
    let Ok(template) = engine.compile("main", source, &partials) else { return };
    for missing in [Missing::Refuse, Missing::Empty] {
        let options = RenderOptions::default().missing(missing).nonce("n");
        if let Ok(text) = template.render(&variables, &options) {
            assert!(text.len() <= 16 << 20);
        }
    }
});
