//! The three sections out of a model's answer.
//!
//! An answer is real text: copied from a terminal, wrapped in chatter, fenced in ways that nest. A wrong
//! template is worse than an error, so nothing here guesses: a section that is not there is reported by
//! name. The policy is `extraction.md` of the project; each file below carries out the rules that it names.
//! The text is read line by line, in time linear in its length; no regular expression touches it.
//!
//! ```
//! use prompt_orchestrator::extract::{Section, extract};
//!
//! let found = extract("### 1. ANALYSIS_TEMPLATE\n\nRead the code.\n\n## 3) Execution Notes\nComplexity: Low");
//! assert_eq!(found.analysis_template.as_deref(), Some("Read the code."));
//! assert_eq!(found.complexity.as_deref(), Some("Low"));
//! assert_eq!(found.missing, [Section::ImplementationTemplate]);
//! ```

mod body;
mod candidates;
mod chatter;
mod complexity;
mod copies;
mod fence;
mod heading;
mod label;
mod lines;
mod normalize;
mod outline;
mod placeholder;
mod suffix;
mod terminal;
mod time;
mod wrapper;

use std::fmt;

use serde::Serialize;

use copies::Copies;
use lines::Document;

pub use time::TimeEstimate;

/// One of the three sections that an answer has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// The prompt for the analysis.
    AnalysisTemplate,
    /// The prompt for the implementation.
    ImplementationTemplate,
    /// The estimate, the risks, the way back.
    ExecutionNotes,
}

impl Section {
    /// All sections, in the order in which the prompt asks for them.
    pub const ALL: [Self; 3] = [Self::AnalysisTemplate, Self::ImplementationTemplate, Self::ExecutionNotes];

    /// The name as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnalysisTemplate => "analysis_template",
            Self::ImplementationTemplate => "implementation_template",
            Self::ExecutionNotes => "execution_notes",
        }
    }

    /// The two words of the name, in lower case.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AnalysisTemplate => ("analysis", "template"),
            Self::ImplementationTemplate => ("implementation", "template"),
            Self::ExecutionNotes => ("execution", "notes"),
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The three sections and metadata found in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extraction {
    /// The prompt for the analysis.
    pub analysis_template: Option<String>,
    /// The prompt for the implementation.
    pub implementation_template: Option<String>,
    /// The notes.
    pub execution_notes: Option<String>,
    /// The complexity that the notes name.
    pub complexity: Option<String>,
    /// The time that the notes estimate.
    pub time_estimate: Option<TimeEstimate>,
    /// The sections that are not there, are empty, or hold nothing but the prompt's placeholders.
    pub missing: Vec<Section>,
    /// The sections that are there more than once and differ; the last complete one was taken.
    pub duplicated: Vec<Section>,
    /// What a reader of the answer should know, in sentences.
    pub warnings: Vec<String>,
}

impl Extraction {
    /// Whether all three sections were found.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The text of a section.
    pub fn section(&self, section: Section) -> Option<&str> {
        match section {
            Section::AnalysisTemplate => self.analysis_template.as_deref(),
            Section::ImplementationTemplate => self.implementation_template.as_deref(),
            Section::ExecutionNotes => self.execution_notes.as_deref(),
        }
    }
}

/// Extracts the sections and their metadata from an answer.
///
/// Never fails: what is not found is named in [`Extraction::missing`].
pub fn extract(answer: &str) -> Extraction {
    let text = normalize::clean(answer);
    let copies = find_copies(&text);
    let [analysis_template, implementation_template, execution_notes] =
        Section::ALL.map(|s| copies.chosen(s));
    let notes = execution_notes.as_deref();
    let mut extraction = Extraction {
        complexity: notes.and_then(complexity::find),
        time_estimate: notes.and_then(time::find),
        analysis_template,
        implementation_template,
        execution_notes,
        missing: Vec::new(),
        duplicated: Section::ALL.into_iter().filter(|&s| copies.is_duplicated(s)).collect(),
        warnings: Vec::new(),
    };
    extraction.missing = Section::ALL.into_iter().filter(|&s| extraction.section(s).is_none()).collect();
    extraction.warnings = copies.warnings(&extraction);
    extraction
}

/// Whether a text is the orchestrator prompt alone: it asks for all three sections and fills none of them.
///
/// Such a text was pasted back by mistake. Prompt and answer pasted together are not meant: the answer
/// fills the sections.
pub fn is_unanswered_prompt(text: &str) -> bool {
    let text = normalize::clean(text);
    find_copies(&text).are_all_unfilled()
}

fn find_copies(text: &str) -> Copies {
    let mut document = Document::read(text);
    let wrapper = wrapper::take(&mut document);
    let headings = outline::real_headings(&document);
    if let Some(wrapper) = wrapper {
        wrapper.end(&mut document, &headings);
    }
    Copies::collect(&body::read_all(&document, &headings))
}
