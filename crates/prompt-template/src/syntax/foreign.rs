//! Tags of Jinja2, which are plain text in a template of Handlebars.

use std::ops::Range;

/// The words that a statement of Jinja2 begins with.
const WORDS: [&str; 24] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "endset",
    "include",
    "import",
    "from",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "block",
    "endblock",
    "extends",
    "raw",
    "endraw",
    "with",
    "endwith",
    "filter",
    "endfilter",
];

/// Bytes of a statement.
const LONGEST: usize = 300;

/// The first statement of Jinja2 from `from` on that `is_text` accepts by its place.
pub(super) fn statement(source: &str, from: usize, is_text: impl Fn(usize) -> bool) -> Option<Range<usize>> {
    memchr::memmem::find_iter(&source.as_bytes()[from..], "{%").map(|at| from + at).find_map(|start| {
        let inner = source[start + 2..].trim_start_matches(['-', '+']).trim_start_matches([' ', '\t']);
        let word = inner.find(|c: char| !c.is_ascii_lowercase()).map_or(inner, |end| &inner[..end]);
        if !WORDS.contains(&word) || !is_text(start) {
            return None;
        }
        // A long text without line breaks is not searched to its end for each statement.
        let near = &inner[..inner.floor_char_boundary(LONGEST)];
        let line = near.lines().next().unwrap_or_default();
        let end = line.find("%}")? + 2 + (source.len() - inner.len());
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_text() {
        let found = |source: &'static str| statement(source, 0, |_| true).map(|range| &source[range]);
        assert_eq!(found("{% x %} é {% if x %}a{% endif %}"), Some("{% if x %}"));
        assert_eq!(found("{%- for x in y -%}"), Some("{%- for x in y -%}"));
        assert_eq!(found("{%+ raw +%}"), Some("{%+ raw +%}"));
        for text in ["{%", "{%if", "{% iffy %}", "{% 100 %}", "{% if\n%}", "50 {% off"] {
            assert_eq!(found(text), None, "{text}");
        }
        assert_eq!(statement("{% if x %}", 0, |_| false), None);
    }
}
