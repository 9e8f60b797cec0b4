//! Characters in variables that a person who reads the prompt does not see.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::excerpt::is_hidden;

/// What becomes of hidden characters in the value of a variable.
///
/// Hidden are control characters other than tab and the ends of lines (`\n`, `\r\n`), the characters
/// that reorder text (bidi overrides, embeddings, isolates and marks), those of no width, soft hyphens,
/// Unicode tags, variation selectors and other format characters that cannot be seen. Texts in lists
/// and objects are meant too, and the keys of objects.
///
/// Unless said otherwise they are kept, as a text is given to the model byte for byte, and emoji and some
/// scripts need a few of them; in a variable that is declared as untrusted they are made visible, as its
/// author might hide an instruction from the person who reads the prompt and not from the model. What
/// a variable declares (`hidden: refuse`) counts before what a rendering asks for
/// ([`RenderOptions::hidden`](crate::RenderOptions::hidden)). The later ones are the stricter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Hidden {
    /// They stay.
    Keep,
    /// They are spelt out, such as `<U+202E>`.
    Show,
    /// Rendering fails.
    Refuse,
}

impl Hidden {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "keep" => Some(Self::Keep),
            "refuse" => Some(Self::Refuse),
            "show" => Some(Self::Show),
            _ => None,
        }
    }

    /// The text under this policy; `None` where it is refused.
    ///
    /// ```
    /// use prompt_template::Hidden;
    ///
    /// let text = "a\u{202e}b\r\nc".to_owned();
    /// assert_eq!(Hidden::Show.apply(text.clone()).as_deref(), Some("a<U+202E>b\r\nc"));
    /// assert_eq!(Hidden::Keep.apply(text.clone()).as_ref(), Some(&text));
    /// assert_eq!(Hidden::Refuse.apply(text), None);
    /// ```
    pub fn apply(self, text: String) -> Option<String> {
        match (self, first_hidden(&text)) {
            (Self::Keep, _) | (_, None) => Some(text),
            (Self::Refuse, Some(_)) => None,
            (Self::Show, Some((at, _))) => Some(shown(&text, at)),
        }
    }
}

/// Applies a policy to all texts of a value; the character that is refused.
pub(crate) fn sanitise(value: &mut Value, policy: Hidden) -> Result<(), char> {
    if policy == Hidden::Keep {
        return Ok(());
    }
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => {
                if let Some((at, c)) = first_hidden(text) {
                    if policy == Hidden::Refuse {
                        return Err(c);
                    }
                    *text = shown(text, at);
                }
            }
            Value::Array(items) => left.extend(items),
            Value::Object(map) => {
                if let Some((_, c)) = map.keys().find_map(|key| first_hidden(key)) {
                    if policy == Hidden::Refuse {
                        return Err(c);
                    }
                    // Two keys that look the same when shown would become one.
                    *map = with_shown_keys(std::mem::take(map)).ok_or(c)?;
                }
                left.extend(map.values_mut());
            }
            _ => {}
        }
    }
    Ok(())
}

fn with_shown_keys(map: Map<String, Value>) -> Option<Map<String, Value>> {
    let count = map.len();
    let key = |key: String| match first_hidden(&key) {
        Some((at, _)) => shown(&key, at),
        None => key,
    };
    let map: Map<_, _> = map.into_iter().map(|(name, value)| (key(name), value)).collect();
    (map.len() == count).then_some(map)
}

/// The first hidden character, with its place.
fn first_hidden(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let is_fine = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    // All that is hidden, and all that is not ASCII, begins with another byte.
    let from = bytes.iter().position(|byte| !is_fine(byte))?;
    let mut chars = text[from..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends_line = c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n');
        if !ends_line && is_refused(c) {
            return Some((from + at, c));
        }
    }
    None
}

fn is_refused(c: char) -> bool {
    !matches!(c, '\n' | '\t') && (is_hidden(c) || matches!(c, '\u{fe00}'..='\u{fe0f}'))
}

/// The text with hidden characters spelt out; the first is at `from`.
fn shown(text: &str, from: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..from]);
    let mut chars = text[from..].chars().peekable();
    while let Some(c) = chars.next() {
        let ends_line = c == '\r' && chars.peek() == Some(&'\n');
        if ends_line || !is_refused(c) {
            out.push(c);
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
    }
    out
}
