//! Text for a terminal: control, bidi and invisible characters are shown, not obeyed.

use prompt_runner::template::is_hidden;

/// The text with every character that a terminal would obey or hide written as `<U+202E>`.
///
/// Line ends and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && !matches!(c, '\n' | '\t') {
            shown.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn shows_what_a_terminal_would_obey() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\u{200b}\n\td"), "a<U+001B>[31mb<U+202E>c<U+200B>\n\td");
    }

    #[test]
    fn keeps_letters_of_every_language() {
        let text = "Größe 日本語 العربية 👍 café";
        assert_eq!(visible(text), text);
    }
}
