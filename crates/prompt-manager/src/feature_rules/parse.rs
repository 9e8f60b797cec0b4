//! From the text of the rules to what is looked for.

use memchr::memmem::Finder;

use super::{Rule, Term, Words};

const RULES: usize = 200;
const TERMS: usize = 100;
const TERM_CHARACTERS: usize = 100;

/// A line that is no rule.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BadRules {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: RuleProblem,
}

/// What is wrong with a line, and what to write.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleProblem {
    /// No colon.
    #[error("write a feature type, a colon and terms, such as `bugfix: bug, fix, crash*`")]
    NoColon,
    /// What stands before the colon is no feature type.
    #[error(transparent)]
    FeatureType(prompt_model::Error),
    /// Nothing behind the colon, or between two commas, or behind the last one.
    #[error("a term is empty: write a word between the commas, or leave a comma out")]
    EmptyTerm,
    /// A term without a letter or a digit.
    #[error("the term `{term}` has no word: write one with letters or digits")]
    NoWord {
        /// The term.
        term: String,
    },
    /// A term that is too long.
    #[error("a term has {length} characters: write at most {TERM_CHARACTERS}")]
    LongTerm {
        /// Its length.
        length: usize,
    },
    /// A `*` that does not end the last word.
    #[error("in the term `{term}`, write `*` at the end, right behind the last word")]
    MisplacedStar {
        /// The term.
        term: String,
    },
    /// A double quote that is not closed, or does not stand at the ends of a term.
    #[error("write double quotes around a whole term, such as `\"does not work\", crash`")]
    MisplacedQuote,
    /// Too many terms in one rule.
    #[error("a rule has at most {TERMS} terms: write the others in a further rule of this feature type")]
    ManyTerms,
    /// Too many rules.
    #[error("there are more than {RULES} rules: write terms of one feature type in one line")]
    ManyRules,
}

/// The rules of a text, in order.
pub(super) fn rules(text: &str) -> Result<Vec<Rule>, BadRules> {
    let mut rules = Vec::new();
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let rule = if rules.len() < RULES { rule(line, content) } else { Err(RuleProblem::ManyRules) };
        rules.push(rule.map_err(|problem| BadRules { line, problem })?);
    }
    Ok(rules)
}

fn rule(line: usize, content: &str) -> Result<Rule, RuleProblem> {
    let (feature_type, mut rest) = content.split_once(':').ok_or(RuleProblem::NoColon)?;
    let feature_type = feature_type.trim_end().parse().map_err(RuleProblem::FeatureType)?;
    let mut terms = Vec::new();
    loop {
        let (text, behind) = next_term(rest)?;
        if terms.len() == TERMS {
            return Err(RuleProblem::ManyTerms);
        }
        terms.push(term(text)?);
        match behind {
            Some(behind) => rest = behind,
            None => return Ok(Rule { feature_type, line, terms }),
        }
    }
}

/// The first term without its quotes, and what stands behind its comma.
fn next_term(text: &str) -> Result<(&str, Option<&str>), RuleProblem> {
    let text = text.trim_start();
    if let Some(quoted) = text.strip_prefix('"') {
        let (term, behind) = quoted.split_once('"').ok_or(RuleProblem::MisplacedQuote)?;
        let behind = behind.trim_start();
        return match behind.strip_prefix(',') {
            None if !behind.is_empty() => Err(RuleProblem::MisplacedQuote),
            rest => Ok((term, rest)),
        };
    }
    let (term, rest) = text.split_once(',').map_or((text, None), |(term, rest)| (term, Some(rest)));
    if term.contains('"') {
        return Err(RuleProblem::MisplacedQuote);
    }
    Ok((term, rest))
}

fn term(text: &str) -> Result<Term, RuleProblem> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(RuleProblem::EmptyTerm);
    }
    if length > TERM_CHARACTERS {
        return Err(RuleProblem::LongTerm { length });
    }
    let stem = text.strip_suffix('*');
    let misplaced = stem.is_some_and(|stem| !stem.ends_with(char::is_alphanumeric));
    if misplaced || stem.unwrap_or(text).contains('*') {
        return Err(RuleProblem::MisplacedStar { term: text.to_owned() });
    }
    let words = Words::new(text);
    if words.places.is_empty() {
        return Err(RuleProblem::NoWord { term: text.to_owned() });
    }
    let needle = if stem.is_some() { words.folded.trim_end() } else { &words.folded };
    Ok(Term { finder: Finder::new(needle).into_owned(), words: words.places.len() })
}
