//! How texts and numbers are written into a message.

/// The most characters of a text that a message shows.
const SHOWN: usize = 60;

/// A text in quotes, on one line, shortened.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some(_) => {
            let end = text.char_indices().nth(SHOWN - 1).map_or(0, |(at, _)| at);
            format!("{:?}", format!("{}…", &text[..end]))
        }
        None => format!("{text:?}"),
    }
}

/// A number with its noun: `1 check`, `4,000 characters`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with a comma after each thousand.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
