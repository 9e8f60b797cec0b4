//! Suggesting a feature type from a feature request, by rules that people edit.
//!
//! A rule is a line, a feature type and its terms: `bugfix: bug, crash*, "does not work"`. **The first rule
//! from the top with a term in the request wins**, however many terms of a later one match, so that a
//! person can predict it. The head of the [built-in rules](prompt_model::builtin::FEATURE_RULES) explains
//! the format.

use std::fmt;
use std::ops::Range;

use memchr::memmem::Finder;
use prompt_model::FeatureType;

mod parse;
#[cfg(test)]
mod tests;

pub use parse::{BadRules, RuleProblem};

/// How many terms a suggestion names.
const NAMED_TERMS: usize = 3;
/// How many characters of a match a suggestion shows.
const SHOWN_CHARACTERS: usize = 100;

/// Rules, in order.
///
/// ```
/// use prompt_manager::FeatureRules;
/// let rules = FeatureRules::parse("bugfix: fix, crash*, \"does not work\"\nui: button")?;
/// let suggestion = rules.suggest("Fix the button: it crashes").expect("a rule matches");
/// assert_eq!(suggestion.feature_type.as_str(), "bugfix");
/// assert_eq!(suggestion.to_string(), r#"the request says "Fix", "crashes""#);
/// # Ok::<(), prompt_manager::BadRules>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct FeatureRules {
    rules: Vec<Rule>,
}

/// A feature type, and why it is suggested.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// The feature type of the first rule that matches.
    pub feature_type: FeatureType,
    /// What the request says that matches its terms, in the order of the terms; at most 3, each at most
    /// 100 characters.
    pub terms: Vec<String>,
    /// The line of the rule, counted from 1.
    pub line: usize,
}

#[derive(Debug, Clone)]
struct Rule {
    feature_type: FeatureType,
    line: usize,
    terms: Vec<Term>,
}

/// What is looked for in the [`Words`] of a request.
#[derive(Debug, Clone)]
struct Term {
    finder: Finder<'static>,
    words: usize,
}

impl FeatureRules {
    /// Reads rules, one a line.
    ///
    /// # Errors
    /// Names the first line that is no rule, and what to write there: a feature type, a colon, and 1 to 100
    /// terms of 1 to 100 characters. There may be 200 rules.
    pub fn parse(text: &str) -> Result<Self, BadRules> {
        parse::rules(text).map(|rules| Self { rules })
    }

    /// The feature type of the first rule in order that has a term in the request.
    ///
    /// Words match whole, whatever their case; any run of characters between two words that are neither
    /// letters nor digits is one gap.
    pub fn suggest(&self, request: &str) -> Option<Suggestion> {
        let words = Words::new(request);
        self.rules.iter().find_map(|rule| {
            let mut terms: Vec<String> = Vec::new();
            for written in rule.terms.iter().filter_map(|term| words.find(term)) {
                if !terms.contains(&written) {
                    terms.push(written);
                }
                if terms.len() == NAMED_TERMS {
                    break;
                }
            }
            let (feature_type, line) = (rule.feature_type.clone(), rule.line);
            (!terms.is_empty()).then_some(Suggestion { feature_type, terms, line })
        })
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request says ")?;
        for (n, term) in self.terms.iter().enumerate() {
            write!(f, "{}\"{term}\"", if n == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// The words of a text in lower case, a blank before, between and behind them, and where each stands in it.
struct Words<'a> {
    text: &'a str,
    folded: String,
    /// Where each word starts in `folded`, and its range in `text`.
    places: Vec<(usize, Range<usize>)>,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let mut words = Self { text, folded: String::from(" "), places: Vec::new() };
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            words.places.push((words.folded.len(), start..start + word.len()));
            words.folded.extend(word.chars().flat_map(char::to_lowercase).map(one_sigma));
            words.folded.push(' ');
        }
        words
    }

    /// The first match, as the text has it.
    fn find(&self, term: &Term) -> Option<String> {
        let at = term.finder.find(self.folded.as_bytes())? + 1;
        let first = self.places.partition_point(|(start, _)| *start < at);
        let mut written = String::new();
        let mut end = None;
        for (_, word) in &self.places[first..first + term.words] {
            if let Some(end) = end {
                written.push(gap(&self.text[end..word.start]));
            }
            written.push_str(&self.text[word.clone()]);
            end = Some(word.end);
        }
        if let Some((cut, _)) = written.char_indices().nth(SHOWN_CHARACTERS) {
            let last = written[..cut].char_indices().next_back().map_or(0, |(at, _)| at);
            written.truncate(last);
            written.push('…');
        }
        Some(written)
    }
}

/// Upper case knows one sigma, lower case two.
fn one_sigma(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

/// What is shown of what stands between two words: a hyphen or the like, else a blank.
fn gap(between: &str) -> char {
    match between.as_bytes() {
        [byte] if byte.is_ascii_punctuation() => char::from(*byte),
        _ => ' ',
    }
}
