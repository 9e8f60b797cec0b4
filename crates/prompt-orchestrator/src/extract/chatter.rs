//! Whether text behind a section is the model talking, not the section (rule 10).

use super::fence::Fence;
use super::label;
use super::lines::{is_atx, is_blank, is_item, is_rule};

/// More lines than this are no closing remark.
const LONGEST: usize = 8;

/// How a model begins when it turns to its reader.
const OPENERS: [&str; 20] = [
    "let me know",
    "tell me",
    "would you",
    "do you",
    "shall i",
    "should i",
    "feel free",
    "i hope",
    "hope this",
    "if you",
    "want me",
    "happy to",
    "i can",
    "i could",
    "i've",
    "i will",
    "i'll",
    "please let",
    "good luck",
    "thank",
];

/// How it turns from one section to the next.
const TURNS: [&str; 9] =
    ["now ", "next ", "next,", "here is", "here are", "here's", "here comes", "and now", "that is all"];

/// Whether the lines read as a remark to the reader. Headings, lists, tables and labels are content, but a
/// list may follow an offer.
pub(super) fn is_chatter(lines: &[&str]) -> bool {
    let mut text = lines.iter().filter(|line| !is_blank(line) && !is_rule(line)).take(LONGEST + 1);
    let all: Vec<&str> = text.by_ref().copied().collect();
    let Some(first) = all.first() else { return false };
    if all.len() > LONGEST {
        return false;
    }
    let offers = is_offer(first);
    !all.iter().any(|line| is_structure(line, offers))
}

/// Whether a line asks its reader something or offers more.
pub(super) fn is_offer(line: &str) -> bool {
    begins_with(line, &OPENERS) || line.trim_ascii_end().ends_with('?')
}

/// Whether a line leads from one section to the next.
pub(super) fn is_turn(line: &str) -> bool {
    begins_with(line, &TURNS)
}

fn begins_with(line: &str, openers: &[&str]) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let begins =
        |opener: &&str| line.get(..opener.len()).is_some_and(|front| front.eq_ignore_ascii_case(opener));
    openers.iter().any(begins)
}

fn is_structure(line: &str, offers: bool) -> bool {
    let text = line.trim_ascii();
    let listed = is_item(line) || text.ends_with(':') || text.ends_with('：');
    is_atx(line)
        || Fence::parse(line).is_some()
        || text.starts_with('|')
        || label::is_metadata(line)
        || (listed && !offers)
}
