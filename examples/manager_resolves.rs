//! The template manager: a project gets its own template, and resolution says why it takes which.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::error::Error;
use std::time::SystemTime;

use prompt_manager::model::{DatabaseUrl, FeatureType, OrchestrationTemplateType, Stamp};
use prompt_manager::template::RenderOptions;
use prompt_manager::{
    Audience, Content, NewTemplate, OrchestrationTemplateManager, Publication, Reference, ResolveRequest,
};

const PROJECT: &str = "campus";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url: DatabaseUrl = format!("sqlite:{}", folder.path().join("prompts.db").display()).parse()?;
    let manager = prompt_manager::open(&url, SystemTime::now())?.manager;
    let stamp = Stamp::new("ada", SystemTime::now());
    manager.add_project(PROJECT, None, &stamp)?;

    let bugfix: FeatureType = "bugfix".parse()?;
    let request = ResolveRequest {
        template_type: OrchestrationTemplateType::Analysis,
        project: PROJECT,
        feature_type: Some(&bugfix),
        explicit: None,
    };
    println!("before the project has a template:");
    explain(&manager, &request)?;

    // The first template of a slot becomes its active one.
    let published = manager.add(
        &NewTemplate {
            name: "campus/bugs",
            template_type: OrchestrationTemplateType::Analysis,
            project: PROJECT,
            feature_type: Some(&bugfix),
            description: Some("How we look for the cause of a bug"),
            content: content("Find the cause of: {{feature_request}}", Audience::Production),
        },
        &stamp,
    )?;
    println!("\nadded {}, version {}:", published.prompt.name, published.version.number);
    explain(&manager, &request)?;

    // A draft is a version that no session sees until `production` names it.
    let draft = content("Find the cause, and a test that shows it: {{feature_request}}", Audience::Draft);
    let reference: Reference = "campus/bugs".parse()?;
    let published = manager.update(&reference, PROJECT, Publication::Template, &draft, &stamp)?;
    println!("\nversion {} is a draft; sessions still render:", published.version.number);
    let chosen = manager.resolve(&request)?;
    let loaded = manager.load(chosen.version_id, &chosen.name, PROJECT)?;
    let variables = BTreeMap::from([("feature_request", "seats are sold twice")]);
    println!("  {}", loaded.template.render(&variables, &RenderOptions::default())?);
    Ok(())
}

fn content(text: &str, audience: Audience) -> Content<'_> {
    Content { text, audience, ..Content::default() }
}

/// Every place that was looked at, in order, and what was made of it.
fn explain(
    manager: &OrchestrationTemplateManager,
    request: &ResolveRequest<'_>,
) -> Result<(), Box<dyn Error>> {
    for candidate in manager.explain(request)?.candidates {
        let mark = if candidate.taken { "->" } else { "  " };
        let name = candidate.name.unwrap_or_default();
        println!("{mark} {:<20} {name:<22} {}", candidate.scope, candidate.reason);
    }
    Ok(())
}
