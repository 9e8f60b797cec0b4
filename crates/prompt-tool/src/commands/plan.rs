//! `prompt-tool orchestration plan`.

use std::process::ExitCode;

use prompt_runner::manager::{OrchestrationTemplateManager, Suggested};
use prompt_runner::orchestrator::session::{PlanRequest, Planned, PlannedTemplate};
use prompt_runner::orchestrator::{Orchestrator, Step};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::template_resolve::chosen_feature;
use crate::cli::PlanArguments;
use crate::context::{Context, environment, project};
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::Output;

pub(super) fn run(arguments: &PlanArguments, context: &Context, output: &mut Output) -> Outcome {
    refuse_switched_off()?;
    let mut request = request(arguments, context, output)?;
    let manager = context.open(output)?;
    let choice = arguments.feature_type.as_ref();
    let feature = chosen_feature(&manager, &request.project, choice, Some(&request.feature_request))?;
    feature.announce(output);
    request.feature_reason = feature.reason();
    request.feature_type.clone_from(&feature.feature_type);
    let orchestrator = Orchestrator::new(&manager);
    let mut rng = rand::rng();
    let planned = if arguments.dry_run {
        orchestrator.dry_plan(&request, &mut rng)?
    } else {
        let planned = orchestrator.plan(&request, &context.stamp(), &mut rng)?;
        if let Err(failure) = context.memory().and_then(|memory| memory.write(&planned.session_id)) {
            output.warn(failure.message());
        }
        planned
    };
    for name in &planned.unused_variables {
        output.warn(format!("the variable `{name}` is used by none of the three templates"));
    }
    announce(&planned, arguments.dry_run, orchestrator, output)?;
    let suggested = match choice {
        None => unasked(&manager, &request, output),
        Some(_) => feature.suggested,
    };
    let mut document = document(&planned, arguments.dry_run);
    document["feature_type"] = json!(request.feature_type);
    document["suggested"] = json!(suggested);
    output.document(&document, &planned.prompt)?;
    if !arguments.dry_run {
        output.labelled("Next", super::step::next_command(Step::Process, None, context));
    }
    Ok(ExitCode::SUCCESS)
}

/// What the rules suggest for a request that was planned without a feature type. It is a word on the side:
/// rules that cannot be read are no reason to fail.
fn unasked(
    manager: &OrchestrationTemplateManager,
    request: &PlanRequest,
    output: &mut Output,
) -> Option<Suggested> {
    match manager.suggest_served_feature_type(&request.project, &request.feature_request) {
        Ok(Some(suggested)) => {
            let feature_type = &suggested.suggestion.feature_type;
            output.note(format!(
                "note: the request looks like {feature_type} ({}): plan with --feature-type {feature_type}, or \
                 --feature-type auto",
                suggested.suggestion
            ));
            Some(suggested)
        }
        Ok(None) => None,
        Err(error) => {
            output.warn(format!("no feature type is suggested: {}", Failure::from(error).message()));
            None
        }
    }
}

fn request(
    arguments: &PlanArguments,
    context: &Context,
    output: &mut Output,
) -> Result<PlanRequest, Failure> {
    let feature_request = match (&arguments.feature, &arguments.file) {
        (Some(feature), _) => feature.clone(),
        (None, Some(file)) => input::text(file, "feature request", output, !context.no_input)?,
        (None, None) => unreachable!("clap requires one of the two"),
    };
    for (at, (template_type, _)) in arguments.templates.iter().enumerate() {
        if arguments.templates[..at].iter().any(|(other, _)| other == template_type) {
            return Err(Failure::usage(format!("the {template_type} template is named twice")));
        }
    }
    Ok(PlanRequest {
        feature_request,
        project: project(arguments.place.project.as_deref(), arguments.place.global),
        feature_type: None,
        feature_reason: None,
        templates: arguments.templates.clone(),
        variables: input::variables(&arguments.variables)?,
    })
}

/// A switch that is set and not there must not be passed over.
fn refuse_switched_off() -> Result<(), Failure> {
    if environment("PROMPT_TOOL_TEMPLATES").is_some_and(|value| value == "off") {
        return Err(Failure::new(
            Code::Conflict,
            "PROMPT_TOOL_TEMPLATES=off is set, and this version cannot plan without templates",
        )
        .hint("unset PROMPT_TOOL_TEMPLATES"));
    }
    Ok(())
}

fn announce(
    planned: &Planned,
    dry_run: bool,
    orchestrator: Orchestrator<'_>,
    output: &mut Output,
) -> Result<(), Failure> {
    let id =
        if dry_run { "none (dry run)".to_owned() } else { orchestrator.short_id(&planned.session_id)? };
    output.labelled("Session", format!("{id} · planned · project {}", planned.project));
    for template in &planned.templates {
        output.labelled("Template", describe(template));
    }
    Ok(())
}

fn describe(template: &PlannedTemplate) -> String {
    let builtin = template.project == prompt_runner::model::GLOBAL_PROJECT
        && prompt_runner::model::builtin::is_builtin_name(&template.name);
    let kind = if builtin { ", built-in" } else { "" };
    format!(
        "{:<14} {}@{}  ({}{kind})",
        template.template_type, template.name, template.version, template.scope
    )
}

fn document(planned: &Planned, dry_run: bool) -> Value {
    let templates: Map<String, Value> = planned
        .templates
        .iter()
        .map(|template| {
            let pinned = json!({
                "name": template.name,
                "version": template.version,
                "sha256": template.sha256,
                "scope": template.scope,
                "project": template.project,
            });
            (template.template_type.to_string(), pinned)
        })
        .collect();
    json!({
        "session_id": if dry_run { None } else { Some(&planned.session_id) },
        "status": "planned",
        "project": planned.project,
        "prompt": planned.prompt,
        "templates": templates,
        "experiment": null,
        "dry_run": dry_run,
    })
}
