//! Tests that are stored with a template, and run on a version of it.

use std::sync::Arc;

use prompt_model::{OrchestrationTemplateType, Prompt, Queries, Stamp, StoredTest};
use prompt_template::{RenderOptions, Template, sha256_hex};
use serde_json::{Map, Value, json};

use crate::change_log::{Action, Entry, record};
use crate::labels::lock;
use crate::publish::check_actor;
use crate::template_test::{TemplateTest, TestOutcome};
use crate::{Error, Missing, OrchestrationTemplateManager, Reference, Refusal, Result, SelectedVersion};

/// What `untrusted` draws its markers from in a test; a session draws a random one.
pub const TEST_NONCE: &str = "00000000000000000000000000000000";

/// The most tests that a prompt may have.
const MOST_TESTS: usize = 100;

/// A version with the outcome of its tests.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The version.
    pub selected: SelectedVersion,
    /// The version, compiled with its partials as they are now.
    pub template: Arc<Template>,
    /// One outcome for each stored test, by name.
    pub outcomes: Vec<TestOutcome>,
}

impl OrchestrationTemplateManager {
    /// Stores tests with a prompt, each in the place of one of the same name, in one transaction.
    pub fn store_tests(
        &self,
        reference: &Reference,
        project: &str,
        tests: &[TemplateTest],
        stamp: &Stamp,
    ) -> Result<Vec<TemplateTest>> {
        check_actor(stamp)?;
        for test in tests {
            test.check()?;
        }
        self.database.write(|q| {
            let prompt = lock(q, reference, project)?;
            if !prompt.is_template {
                return Err(Error::Refused(Refusal::PlainText { name: prompt.name }));
            }
            let mut entries = Vec::new();
            let before = stored_tests(q, &prompt)?;
            for test in tests.iter().filter(|test| !before.contains(test)) {
                let assertions = json!(test.assertions);
                let stored =
                    StoredTest { name: test.name.clone(), variables: test.variables.clone(), assertions };
                q.set_template_test(prompt.id, &stored)?;
                // The log keeps what cannot be taken back, so it names the test and does not hold it.
                let sha256 = sha256_hex(&json!(test).to_string());
                let details = json!({ "test": { "name": test.name, "sha256": sha256 } });
                entries.push(Entry::of_prompt(Action::TestStored, &prompt, details));
            }
            let all = stored_tests(q, &prompt)?;
            if all.len() > MOST_TESTS {
                return Err(Error::Refused(Refusal::TooManyTests {
                    name: prompt.full_name(),
                    limit: MOST_TESTS,
                }));
            }
            record(q, entries, stamp)?;
            Ok(all)
        })
    }

    /// Deletes a test.
    pub fn delete_test(&self, reference: &Reference, project: &str, name: &str, stamp: &Stamp) -> Result<()> {
        check_actor(stamp)?;
        self.database.write(|q| {
            let prompt = lock(q, reference, project)?;
            if !q.delete_template_test(prompt.id, name)? {
                let missing = Missing::Test { prompt: prompt.name, name: name.to_owned() };
                return Err(Error::NotFound(missing));
            }
            let details = json!({ "test": { "name": name } });
            record(q, vec![Entry::of_prompt(Action::TestDeleted, &prompt, details)], stamp)
        })
    }

    /// The tests of a prompt, by name.
    pub fn tests(&self, reference: &Reference, project: &str) -> Result<Vec<TemplateTest>> {
        self.database.snapshot(|q| {
            let prompt = crate::read::find(q, reference, project)?;
            stored_tests(q, &prompt)
        })
    }

    /// Runs the stored tests of a template on a version of it, with its partials as they are now.
    pub fn run_tests(&self, reference: &Reference, project: &str) -> Result<Tested> {
        self.database.snapshot(|q| {
            let selected = crate::read::select(q, reference, project)?;
            if !selected.prompt.is_template {
                return Err(Error::Refused(Refusal::PlainText { name: selected.prompt.name }));
            }
            let (id, name) = (selected.version.header.id, &selected.prompt.name);
            let template = self.load_in(q, id, name, project)?.template;
            let outcomes = run_tests(q, &selected.prompt, &template)?;
            Ok(Tested { selected, template, outcomes })
        })
    }
}

/// The outcome of each stored test of a prompt on a version of it.
pub(crate) fn run_tests(
    q: &mut Queries<'_>,
    prompt: &Prompt,
    template: &Template,
) -> Result<Vec<TestOutcome>> {
    let template_type = prompt.placement.as_ref().map(|place| place.template_type);
    let outcome = |test: TemplateTest| {
        let rendered = render_example(template, template_type, &prompt.project, &test.variables);
        match rendered {
            Ok(text) => test.judge(Ok(&text)),
            Err(error) => test.judge(Err(&error.to_string())),
        }
    };
    Ok(stored_tests(q, prompt)?.into_iter().map(outcome).collect())
}

fn stored_tests(q: &mut Queries<'_>, prompt: &Prompt) -> Result<Vec<TemplateTest>> {
    let corrupt = |error: serde_json::Error| {
        Error::Model(prompt_model::Error::Corrupt { what: "test", value: error.to_string() })
    };
    let parse = |stored: StoredTest| {
        let assertions = serde_json::from_value(stored.assertions).map_err(corrupt)?;
        Ok(TemplateTest { name: stored.name, variables: stored.variables, assertions })
    };
    q.template_tests(prompt.id)?.into_iter().map(parse).collect()
}

/// Renders a template with these variables, and an example for each that every session gives and they lack.
pub fn render_example(
    template: &Template,
    template_type: Option<OrchestrationTemplateType>,
    project: &str,
    variables: &Map<String, Value>,
) -> Result<String, prompt_template::Error> {
    let mut all = template_type.map(|of| example_variables(of, project)).unwrap_or_default();
    all.extend(variables.clone());
    let system = OrchestrationTemplateType::Implementation.system_variables();
    let options = RenderOptions::default().nonce(TEST_NONCE).also_given(system.iter().copied());
    template.render(&all, &options)
}

/// An example for each variable that every session gives to templates of a type.
pub fn example_variables(template_type: OrchestrationTemplateType, project: &str) -> Map<String, Value> {
    let example = |name: &&str| {
        let value = match *name {
            "feature_request" => "Add a waiting list for full courses",
            "project" => project,
            "feature_type" => "",
            "session_id" => "0123456789abcdef",
            "analysis_template" => "1. Find where courses are booked.",
            "implementation_template" => "1. Add the waiting list.",
            "execution_notes" => "Complexity: Medium\nEstimated Time: 6-8 hours",
            _ => "Courses are booked in `src/booking.rs:10-40`.",
        };
        ((*name).to_owned(), Value::from(value))
    };
    template_type.system_variables().iter().map(example).collect()
}
