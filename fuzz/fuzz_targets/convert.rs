//! Whatever the prompt: a template that compiles, or a report.

#![no_main]

use libfuzzer_sys::fuzz_target;
use prompt_template::convert::{ConvertOptions, Dialect, Includes, convert};
use prompt_template::Engine;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let options = ConvertOptions::default().includes(Includes::Anything);
    for dialect in [Dialect::Jinja2, Dialect::Format, Dialect::Brackets] {
        let conversion = convert(dialect, text, &options);
        match &conversion.handlebars {
            Some(converted) => assert!(Engine::default().check("converted", converted).is_ok()),
            None => assert!(!conversion.report.is_empty()),
        }
    }
});
