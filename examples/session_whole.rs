//! The whole life of a session, from the plan to the verification, through the one crate that others need.
//!
//! The answers of the model stand in this program; a real one sends each prompt to a model.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::time::SystemTime;

use prompt_runner::model::{DatabaseUrl, Stamp};
use prompt_runner::orchestrator::Orchestrator;
use prompt_runner::orchestrator::session::PlanRequest;

const ANSWER: &str = "\
### 1. ANALYSIS_TEMPLATE
````markdown
Find where seats are counted, and who may change them.
````

### 2. IMPLEMENTATION_TEMPLATE
````markdown
Count seats inside of the transaction. Write the test first.
````

### 3. EXECUTION_NOTES
````markdown
Complexity: Medium
Estimated Time: 4-6 hours
````
";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url: DatabaseUrl = format!("sqlite:{}", folder.path().join("prompts.db").display()).parse()?;
    let opened = prompt_runner::open(&url, SystemTime::now())?;
    let orchestrator = Orchestrator::new(&opened.manager);
    // Clock and chance are the caller's, so that a test can replay a session exactly.
    let now = || Stamp::new("ada", SystemTime::now());

    let request = PlanRequest {
        feature_request: "A waiting list for full courses".to_owned(),
        project: "default".to_owned(),
        feature_type: Some("api".parse()?),
        ..PlanRequest::default()
    };
    let planned = orchestrator.plan(&request, &now(), &mut rand::rng())?;
    let id = planned.session_id.as_str();
    println!("planned session {id} from");
    for template in &planned.templates {
        println!("  {}@{} ({})", template.name, template.version, template.scope);
    }
    show("the orchestrator prompt", &planned.prompt);

    let processed = orchestrator.process(id, ANSWER, &now())?;
    let complexity = processed.extraction.complexity.unwrap_or_default();
    println!("\n{}: the sections are found, complexity {complexity}", processed.session.status);

    let analyzing = orchestrator.analyze(id, &now())?;
    show("the analysis prompt", analyzing.prompt.as_deref().unwrap_or_default());
    let analyzed = orchestrator.save_analysis(id, "Seats are counted in src/seat.rs:42.", &now())?;
    println!("\n{}", analyzed.status);

    let implementing = orchestrator.implement(id, &now())?;
    show("the implementation prompt", implementing.prompt.as_deref().unwrap_or_default());

    // A step at the wrong time changes nothing, and says what fits.
    let refused = orchestrator.process(id, ANSWER, &now()).expect_err("the answer was processed before");
    println!("\nrefused: {refused}");

    let complete = orchestrator.complete(id, "Done; 3 tests added.", &now())?;
    println!("{}", complete.status);

    println!("\nrendered again from what the session pins:");
    for check in orchestrator.verify(id)?.phases {
        let mark = if check.passed { "ok" } else { "DIFFERS" };
        println!("  {mark}: {}: {}", check.phase, check.detail);
    }
    Ok(())
}

/// A prompt's size and first line.
fn show(what: &str, prompt: &str) {
    let first = prompt.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    println!("\n{what}, {} bytes: {first} ...", prompt.len());
}
