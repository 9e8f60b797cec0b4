//! The headings of a Markdown text.

/// Whether a text has a heading of this name, outside of fenced code blocks.
///
/// A heading is one of the ATX form (`## Steps`) or of the setext form, a line of text underlined with `=` or
/// `-`, as `CommonMark` describes them. XML tags around it do not matter here.
pub(super) fn has(text: &str, name: &str) -> bool {
    let wanted = plain(name);
    let mut fence: Option<Fence> = None;
    let mut previous = Previous::Other;
    for line in text.lines() {
        let content = unindented(line);
        if let Some(open) = fence {
            if content.is_some_and(|content| open.is_closed_by(content)) {
                fence = None;
            }
            continue;
        }
        let Some(content) = content else {
            // An indented line is code, or goes on with a paragraph.
            previous =
                if matches!(previous, Previous::Other) { Previous::Other } else { Previous::Paragraph };
            continue;
        };
        fence = Fence::opened_by(content);
        let heading = match (atx(content), previous) {
            (None, Previous::Line(text)) if is_underline(content) => Some(text),
            (heading, _) => heading,
        };
        if heading.is_some_and(|heading| plain(heading) == wanted) {
            return true;
        }
        previous = match previous {
            _ if fence.is_some() || heading.is_some() || !is_paragraph(content) => Previous::Other,
            Previous::Other => Previous::Line(content),
            Previous::Line(_) | Previous::Paragraph => Previous::Paragraph,
        };
    }
    false
}

/// What stands in front of a line.
#[derive(Clone, Copy)]
enum Previous<'t> {
    /// A paragraph of one line so far, which may become a heading.
    Line(&'t str),
    /// A paragraph of more lines.
    Paragraph,
    /// No paragraph.
    Other,
}

/// The start of a fenced code block.
#[derive(Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(content: &str) -> Option<Self> {
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = content.trim_start_matches(mark);
        let length = content.len() - rest.len();
        (length >= 3 && (mark == '~' || !rest.contains('`'))).then_some(Self { mark, length })
    }

    fn is_closed_by(self, content: &str) -> bool {
        let rest = content.trim_start_matches(self.mark);
        content.len() - rest.len() >= self.length && rest.trim().is_empty()
    }
}

/// A line without its indentation; none where that makes it code.
fn unindented(line: &str) -> Option<&str> {
    let content = line.trim_start_matches(' ');
    (line.len() - content.len() <= 3 && !content.starts_with('\t')).then_some(content)
}

/// The text of an ATX heading.
fn atx(content: &str) -> Option<&str> {
    let rest = content.trim_start_matches('#');
    let level = content.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then_some(rest)
}

fn is_underline(content: &str) -> bool {
    let marks = content.trim_end();
    let is_all = |mark| !marks.is_empty() && marks.chars().all(|c| c == mark);
    is_all('=') || is_all('-')
}

/// Whether a line may begin or go on with a paragraph: not blank, no quote, no item of a list.
fn is_paragraph(content: &str) -> bool {
    let is_item = content.starts_with(['-', '*', '+']) && content[1..].starts_with([' ', '\t']);
    !(content.trim().is_empty() || content.starts_with('>') || is_item)
}

/// A heading's text without what does not matter.
fn plain(heading: &str) -> String {
    let text: String = heading.chars().filter(|c| !matches!(c, '*' | '_')).collect();
    let text = text.trim().trim_end_matches('#').trim_end();
    without_number(text).to_lowercase()
}

/// A text without a number such as `1.`, `2)` or `3.1.` in front; one that is nothing else is kept.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text[..text.len() - rest.len()];
    let rest = match rest.strip_prefix(')') {
        Some(rest) if number.ends_with(|c: char| c.is_ascii_digit()) => rest,
        None if number.ends_with('.') => rest,
        _ => return text,
    };
    let is_number = number.starts_with(|c: char| c.is_ascii_digit());
    let rest_text = rest.trim_start();
    if is_number && !rest_text.is_empty() && rest_text.len() < rest.len() { rest_text } else { text }
}
