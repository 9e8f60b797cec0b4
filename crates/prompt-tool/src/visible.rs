//! Text for a terminal: control, bidi and invisible characters are shown, not obeyed.

/// The text with every character that a terminal would obey or hide written as `<U+202E>`.
///
/// Line ends and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) {
            shown.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_deceptive(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Soft hyphen, zero-width characters and marks, line and paragraph separators, bidi controls,
        // invisible operators, the byte order mark, annotation anchors, tag characters.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
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
