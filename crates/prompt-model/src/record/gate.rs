//! What stands between a label and a version.

use serde_json::{Map, Value};

/// What moving a label of a prompt asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct LabelPolicy {
    /// The label is not moved or removed at all.
    #[serde(rename = "protected")]
    pub is_protected: bool,
    /// The stored tests of the prompt must pass on the version.
    #[serde(rename = "tests")]
    pub needs_tests: bool,
    /// The version must not ask for a variable that callers of the labelled version need not give.
    #[serde(rename = "variables")]
    pub needs_known_variables: bool,
}

/// A test of a prompt, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTest {
    /// Its name, unique among the tests of the prompt.
    pub name: String,
    /// The variables that it renders with.
    pub variables: Map<String, Value>,
    /// What must hold of the rendering, as JSON.
    pub assertions: Value,
}
