//! Whether an assertion holds of a rendered text, and if not, why.

use regex::{Regex, RegexBuilder};

use super::phrase::{count, grouped, quoted};
use super::{Assertion, section};

/// The most bytes of a compiled pattern.
const PATTERN_BYTES: usize = 256 << 10;
/// The characters shown in front of the first that differs.
const BEFORE_DIFFERENCE: usize = 20;

impl Assertion {
    /// Whether it holds of a rendered text.
    ///
    /// # Errors
    /// A phrase that says what was expected and what is there.
    pub fn holds(&self, rendered: &str) -> Result<(), String> {
        match self {
            Self::Contains(text) if !rendered.contains(text) => {
                Err(format!("expected to contain {}, and does not", quoted(text)))
            }
            Self::NotContains(text) => not_contains(text, rendered),
            Self::Matches(pattern) => matches(pattern, rendered),
            Self::Equals(text) if text != rendered => Err(first_difference(text, rendered)),
            Self::MaxLength(most) => max_length(*most, rendered),
            Self::HasSection(name) if !section::has(rendered, name) => {
                Err(format!("expected to have the section {}, and does not", quoted(name)))
            }
            Self::Contains(_) | Self::Equals(_) | Self::HasSection(_) | Self::Renders => Ok(()),
        }
    }
}

/// Compiles a pattern, or says in a phrase why it cannot be used.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("compiled, it takes more than {} bytes", grouped(limit))
        }
        // The lines in front of the last one show the pattern with the place underlined.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim().trim_start_matches("error: ").to_owned()
        }
    })
}

fn not_contains(text: &str, rendered: &str) -> Result<(), String> {
    let Some(at) = rendered.find(text) else { return Ok(()) };
    let line = rendered[..at].matches('\n').count() + 1;
    Err(format!("expected not to contain {}, and does on line {}", quoted(text), grouped(line)))
}

fn matches(pattern: &str, rendered: &str) -> Result<(), String> {
    let regex = compile(pattern)
        .map_err(|reason| format!("expected to match {}, which cannot be used: {reason}", quoted(pattern)))?;
    if regex.is_match(rendered) {
        return Ok(());
    }
    Err(format!("expected to match {}, and does not", quoted(pattern)))
}

fn max_length(most: usize, rendered: &str) -> Result<(), String> {
    let length = rendered.chars().count();
    if length <= most {
        return Ok(());
    }
    Err(format!("expected at most {}, has {}", count(most, "character"), grouped(length)))
}

/// The first line in which two texts differ that are not equal.
fn first_difference(expected: &str, rendered: &str) -> String {
    let mut lines = (expected.split_inclusive('\n'), rendered.split_inclusive('\n'));
    let mut number = 1;
    loop {
        let (expected, found) = (lines.0.next(), lines.1.next());
        if expected != found || expected.is_none() {
            let (expected, found) = excerpts(expected, found);
            return format!("expected line {} to be {expected}, is {found}", grouped(number));
        }
        number += 1;
    }
}

/// Two lines in quotes, without what they share in front of the difference where that is long. The newline
/// is shown where it makes the difference.
fn excerpts(expected: Option<&str>, found: Option<&str>) -> (String, String) {
    let show = |line: Option<&str>, from: usize| match line {
        Some(line) if from == 0 => quoted(line),
        Some(line) => quoted(&format!("…{}", &line[from..])),
        None => "missing".to_owned(),
    };
    let (Some(a), Some(b)) = (expected, found) else { return (show(expected, 0), show(found, 0)) };
    let (bare_a, bare_b) = (a.strip_suffix('\n').unwrap_or(a), b.strip_suffix('\n').unwrap_or(b));
    let (a, b) = if bare_a == bare_b { (a, b) } else { (bare_a, bare_b) };
    let shared = a.char_indices().zip(b.chars()).take_while(|((_, x), y)| x == y);
    let starts: Vec<usize> = shared.map(|((at, _), _)| at).collect();
    let from =
        starts.len().checked_sub(BEFORE_DIFFERENCE).map_or(0, |index| starts[index.min(starts.len() - 1)]);
    (show(Some(a), from), show(Some(b), from))
}
