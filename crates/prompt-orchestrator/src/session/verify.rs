//! Verification: every prompt of a session is rendered again from what the session pins.

use prompt_manager::model::OrchestrationTemplateType;

use super::read::{find, load};
use super::render::Given;
use super::steps::pinned;
use super::{Orchestrator, Result};

/// Whether what a session pins gives the prompts that it stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Its id, whole.
    pub session_id: String,
    /// One check for each prompt that was given out.
    pub phases: Vec<PhaseCheck>,
}

/// Whether one prompt came out again byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PhaseCheck {
    /// Which prompt.
    pub phase: OrchestrationTemplateType,
    /// Whether all is as it was.
    pub passed: bool,
    /// What was compared, or what differs.
    pub detail: String,
}

impl Verification {
    /// Whether every check passed.
    pub fn is_valid(&self) -> bool {
        self.phases.iter().all(|check| check.passed)
    }
}

impl Orchestrator<'_> {
    /// Renders each prompt of a session again from its pins and compares byte for byte.
    pub fn verify(&self, id: &str) -> Result<Verification> {
        self.manager.database().snapshot(|q| {
            let row = find(q, id)?;
            let record = load(q, row, id)?;
            let given = Given::of(&record);
            let stored = [
                (OrchestrationTemplateType::Orchestrator, &record.texts.rendered_orchestrator),
                (OrchestrationTemplateType::Analysis, &record.texts.rendered_analysis),
                (OrchestrationTemplateType::Implementation, &record.texts.rendered_implementation),
            ];
            let mut phases = Vec::new();
            for (phase, stored) in stored {
                let Some(stored) = stored else { continue };
                let Some(pin) = pinned(&record, phase) else {
                    phases.push(failed(phase, "the session pins no template for it".to_owned()));
                    continue;
                };
                let loaded = self.manager.load_pinned(q, pin.version_id, &pin.name, &record.partials)?;
                let digest = loaded.template.closure_digest();
                if digest != pin.closure_digest {
                    let detail = format!("the closure is {digest}, pinned was {}", pin.closure_digest);
                    phases.push(failed(phase, detail));
                    continue;
                }
                phases.push(match given.render(phase, &loaded.template, &record.texts) {
                    Ok(again) if again == *stored => PhaseCheck {
                        phase,
                        passed: true,
                        detail: format!("{}@{}: {} bytes, the same", pin.name, pin.version, again.len()),
                    },
                    Ok(again) => failed(phase, difference(stored, &again)),
                    Err(error) => failed(phase, error.to_string()),
                });
            }
            Ok(Verification { session_id: record.summary.session_id.clone(), phases })
        })
    }
}

fn failed(phase: OrchestrationTemplateType, detail: String) -> PhaseCheck {
    PhaseCheck { phase, passed: false, detail }
}

fn difference(stored: &str, again: &str) -> String {
    let same = stored.bytes().zip(again.bytes()).take_while(|(a, b)| a == b).count();
    let line = 1 + stored.as_bytes()[..same].iter().map(|byte| usize::from(*byte == b'\n')).sum::<usize>();
    format!(
        "differs from byte {same} on (line {line}): {} bytes stored, {} rendered",
        stored.len(),
        again.len()
    )
}
