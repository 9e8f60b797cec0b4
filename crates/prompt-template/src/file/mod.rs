//! `.prompt` files: front matter in YAML, and the template after it.

mod front;
mod name;
mod prompt_file;
mod split;

use std::ops::Range;

pub use front::{FrontMatter, Input, Output};
pub use name::FileName;
pub use prompt_file::PromptFile;

use crate::declare::{Declarations, declarations};
use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::file::split::Split;
use crate::yaml::{self, Entry, Node};

/// The keys that front matter has: those of dotprompt, and ours.
pub(crate) const KEYS: [&str; 13] = [
    "name",
    "variant",
    "version",
    "description",
    "model",
    "tools",
    "toolDefs",
    "config",
    "input",
    "output",
    "metadata",
    "ext",
    "prompt_runner",
];

/// What stands before the template in a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Front {
    /// Where the template begins.
    pub(crate) body: usize,
    /// `None` where the whole text is the template.
    pub(crate) matter: Option<FrontMatter>,
    pub(crate) declarations: Declarations,
    pub(crate) problems: Vec<Problem>,
}

impl Front {
    /// Reads the front matter of a text, if it has some.
    pub(crate) fn read(text: &str) -> Self {
        match split::split(text) {
            Split::None => Self::default(),
            Split::Found { yaml, body } => Self::found(text, yaml, body),
            Split::Doubtful { range, message } => {
                let problem = Problem::new(Code::FrontMatter, range, message).warning();
                Self { problems: vec![problem], ..Self::default() }
            }
        }
    }

    fn found(text: &str, yaml: Range<usize>, body: usize) -> Self {
        let (node, mut problems) = yaml::read(text, yaml.clone());
        let is_front = match &node {
            Some(node) => node.entries().iter().any(|entry| is_key(&entry.key)),
            None => split::looks_like_front_matter(&text[yaml]),
        };
        if !is_front {
            let problems = node.iter().flat_map(Node::entries).find_map(near_miss).into_iter().collect();
            return Self { problems, ..Self::default() };
        }
        let Some(node) = node else {
            return Self { body, problems, ..Self::default() };
        };
        let (declarations, wrong) = declarations(&node);
        problems.extend(wrong);
        let matter = FrontMatter::read(&node, &mut problems);
        Self { body, matter: Some(matter), declarations, problems }
    }
}

/// The warning for a key that makes no front matter and was perhaps to do so.
fn near_miss(entry: &Entry) -> Option<Problem> {
    let message =
        format!("`{}` is no key of front matter: this is no front matter, but text", short(&entry.key));
    let problem = Problem::new(Code::FrontMatter, entry.key_range.clone(), message).warning();
    // `ext` is so short that other words are near to it.
    let problem = problem.suggest(&entry.key, KEYS.into_iter().filter(|key| *key != "ext"));
    Some(problem).filter(|problem| problem.suggestion.is_some())
}

/// True for the keys that say that a text has front matter.
fn is_key(key: &str) -> bool {
    KEYS.contains(&key) || is_dotted(key)
}

/// Keys of others have a dot, such as `tools.search`.
fn is_dotted(key: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    key.contains('.') && key.split('.').all(is_word)
}
