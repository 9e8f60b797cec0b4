//! Tests that are stored with a template: values to render it with, and what the rendered text has to be.

mod assertion;
mod error;
mod file;
mod holds;
mod phrase;
mod section;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use assertion::Assertion;
pub use error::BadTest;

/// A test of a template.
///
/// ```
/// use prompt_manager::template_test::TemplateTest;
/// let file = r##"[{
///     "name": "names the file",
///     "variables": {"path": "src/lib.rs"},
///     "assertions": [{"contains": "src/lib.rs"}, {"has_section": "Steps"}]
/// }]"##;
/// let tests = TemplateTest::parse_file(file)?;
/// let outcome = tests[0].judge(Ok("Read src/lib.rs.\n\n## 1. Steps\n"));
/// assert!(outcome.passed);
/// assert_eq!(outcome.detail, "2 checks, 30 characters");
/// # Ok::<(), prompt_manager::template_test::BadTest>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateTest {
    /// Its name, unique among the tests of a template; 1 to 100 characters.
    pub name: String,
    /// What the template is rendered with.
    #[serde(default)]
    pub variables: Map<String, Value>,
    /// What has to hold of the rendered text. Without any, the template has to render.
    #[serde(default)]
    pub assertions: Vec<Assertion>,
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestOutcome {
    /// The test's name.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was looked at, or what is wrong.
    pub detail: String,
}

impl TemplateTest {
    /// The most characters of a name.
    pub const NAME_CHARACTERS: usize = 100;
    /// The most assertions of a test.
    pub const ASSERTIONS: usize = 100;
    /// The most bytes of a text in an assertion.
    pub const TEXT_BYTES: usize = 64 * 1024;
    /// The most bytes of the variables, written as JSON.
    pub const VARIABLE_BYTES: usize = 1024 * 1024;
    /// The most tests of a file.
    pub const TESTS: usize = 100;

    /// Whether the test can be stored: its name, its bounds, its patterns.
    pub fn check(&self) -> Result<(), BadTest> {
        let label = phrase::quoted(&self.name);
        self.check_name(&label)?;
        self.check_rest(&label)
    }

    /// Reads a JSON file that holds a list of tests, or an object with the list as `tests`, and checks them.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, BadTest> {
        file::parse(text)
    }

    /// Judges a rendering of the template with the variables: the text, or why there is none.
    pub fn judge(&self, rendering: Result<&str, &str>) -> TestOutcome {
        let result = match rendering {
            Ok(rendered) => self.judge_text(rendered),
            Err(message) => Err(message.to_owned()),
        };
        let passed = result.is_ok();
        TestOutcome { name: self.name.clone(), passed, detail: result.unwrap_or_else(|detail| detail) }
    }

    fn judge_text(&self, rendered: &str) -> Result<String, String> {
        let mut failures = self.assertions.iter().filter_map(|assertion| assertion.holds(rendered).err());
        let Some(first) = failures.next() else {
            let checks = match self.assertions.len() {
                0 => "no checks".to_owned(),
                count => phrase::count(count, "check"),
            };
            return Ok(format!("{checks}, {}", phrase::count(rendered.chars().count(), "character")));
        };
        Err(match failures.count() {
            0 => first,
            more => format!("{first}, and {more} more failed"),
        })
    }

    fn check_name(&self, label: &str) -> Result<(), BadTest> {
        let reason = if self.name.trim().is_empty() {
            "is blank"
        } else if self.name.chars().any(char::is_control) {
            "holds a control character"
        } else if self.name.chars().nth(Self::NAME_CHARACTERS).is_some() {
            "is longer than 100 characters"
        } else {
            return Ok(());
        };
        Err(BadTest::Name { test: label.to_owned(), reason })
    }

    fn check_rest(&self, label: &str) -> Result<(), BadTest> {
        let test = || label.to_owned();
        let (count, limit) = (self.assertions.len(), Self::ASSERTIONS);
        if count > limit {
            return Err(BadTest::TooManyAssertions { test: test(), count, limit });
        }
        let json = serde_json::to_vec(&self.variables).expect("values of JSON can be written as JSON");
        let (bytes, limit) = (json.len(), Self::VARIABLE_BYTES);
        if bytes > limit {
            return Err(BadTest::VariablesTooLarge { test: test(), bytes, limit });
        }
        for assertion in &self.assertions {
            let (bytes, limit) = (assertion.text().map_or(0, str::len), Self::TEXT_BYTES);
            if bytes > limit {
                let assertion = assertion.to_string();
                return Err(BadTest::TextTooLong { test: test(), assertion, bytes, limit });
            }
            if let Assertion::Matches(pattern) = assertion
                && let Err(reason) = holds::compile(pattern)
            {
                return Err(BadTest::Pattern { test: test(), pattern: phrase::quoted(pattern), reason });
            }
        }
        Ok(())
    }
}
