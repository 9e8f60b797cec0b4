//! Another program with the registry in it: open, resolve, render.
//!
//! Its one argument is a database, as `sqlite:prompts.db`; a new file gets the built-in templates.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::SystemTime;

use prompt_runner::template::RenderOptions;
use prompt_runner::{manager::ResolveRequest, model::OrchestrationTemplateType::Orchestrator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: registry_embedded sqlite:PATH")?;
    let registry = prompt_runner::open(&url.parse()?, SystemTime::now())?.manager;
    let chosen = registry.resolve(&ResolveRequest::new(Orchestrator, "default"))?;
    let template = registry.load(chosen.version_id, &chosen.name, "default")?.template;
    let variables = serde_json::json!({ "feature_request": "a waiting list", "feature_type": "api", "project": "default" });
    println!("{}", template.render(&variables, &RenderOptions::default())?);
    Ok(())
}
