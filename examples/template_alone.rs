//! The template engine alone: a text becomes a prompt, and a mistake becomes a report.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::error::Error;

use prompt_template::serde_json::json;
use prompt_template::{Engine, RenderOptions};

const SOURCE: &str = "\
Review the change \"{{title}}\".
{{#if files}}
Look at:
{{#each files}}
{{@index}}. {{this}}
{{/each}}
{{/if}}
{{> tone style=\"in three sentences\"}}
";

fn main() -> Result<(), Box<dyn Error>> {
    let partials = BTreeMap::from([("tone".to_owned(), "Answer {{style}}.".to_owned())]);
    let template = Engine::default().compile("review", SOURCE, &partials)?;

    println!("uses the variables:");
    for variable in template.variables() {
        println!("  {}", variable.name);
    }

    let variables = json!({ "title": "waiting lists & seats", "files": ["src/course.rs", "src/seat.rs"] });
    println!("\nrenders to:\n{}", template.render(&variables, &RenderOptions::default())?);

    // A wrong name is an error that says where, and what may have been meant.
    let wrong = json!({ "titel": "waiting lists & seats", "files": [] });
    let error = template.render(&wrong, &RenderOptions::default()).expect_err("`title` is not given");
    println!("without its title:\n{}", error.report());
    Ok(())
}
