//! Checks as lines: `✓ name  detail`, the details below each other.

use prompt_runner::manager::TestOutcome;

/// The most characters that a name takes of its column.
const WIDEST: usize = 40;

/// The outcomes of tests, each with what was looked at or what is wrong.
pub(crate) fn lines(outcomes: &[TestOutcome]) -> String {
    let all = outcomes.iter().map(|outcome| (outcome, outcome.detail.as_str()));
    aligned(all)
}

/// The outcomes of tests; of those that passed the names alone.
pub(crate) fn failed_lines(outcomes: &[TestOutcome]) -> String {
    let detail = |outcome: &TestOutcome| !outcome.passed;
    aligned(
        outcomes.iter().map(|outcome| (outcome, if detail(outcome) { outcome.detail.as_str() } else { "" })),
    )
}

fn aligned<'a>(outcomes: impl Iterator<Item = (&'a TestOutcome, &'a str)> + Clone) -> String {
    let length = |name: &str| name.chars().count();
    let width =
        outcomes.clone().map(|(outcome, _)| length(&outcome.name)).max().unwrap_or_default().min(WIDEST);
    let mut text = String::new();
    for (outcome, detail) in outcomes {
        let mark = if outcome.passed { '✓' } else { '✗' };
        let detail = detail.replace('\n', " ");
        let line = format!("  {mark} {:<width$}  {detail}", outcome.name);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{failed_lines, lines};
    use prompt_runner::manager::TestOutcome;

    #[test]
    fn details_stand_below_each_other() {
        let outcome = |name: &str, passed, detail: &str| TestOutcome {
            name: name.to_owned(),
            passed,
            detail: detail.to_owned(),
        };
        let outcomes = [outcome("renders", true, "no checks"), outcome("asks for päths", false, "no\nline")];
        assert_eq!(lines(&outcomes), "  ✓ renders         no checks\n  ✗ asks for päths  no line\n");
        assert_eq!(failed_lines(&outcomes), "  ✓ renders\n  ✗ asks for päths  no line\n");
    }
}
