//! A template as texts and tags, and how it is written down so that each text stays as it is.

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text to be printed, as it is printed.
    Text(String),
    /// A tag that prints: `{{name}}`.
    Print(String),
    /// `{{#...}}`, `{{else}}` or `{{/...}}`, which Handlebars removes together with its line where it
    /// stands alone on one.
    Block(String),
    /// `{{> ...}}`, which besides is indented like its line.
    Partial(String),
}

/// Writes the pieces as one template.
pub(super) fn write(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < pieces.len() {
        match &pieces[at] {
            Piece::Text(_) => {
                let run = pieces[at..].iter().take_while(|piece| matches!(piece, Piece::Text(_))).count();
                let text = text_of(&pieces[at..at + run]);
                at += run;
                write_text(&mut out, &text, at < pieces.len());
                continue;
            }
            Piece::Print(tag) => out.push_str(tag),
            Piece::Block(tag) => {
                let alone = ends_with_blank_line(&out) && begins_with_line_end(&pieces[at + 1..]);
                out.push_str(tag);
                if alone {
                    out.push_str("{{!}}");
                }
            }
            Piece::Partial(tag) => {
                if out.ends_with(char::is_whitespace) {
                    out.push_str("{{!}}");
                }
                let alone = ends_with_blank_line(&out) && begins_with_line_end(&pieces[at + 1..]);
                out.push_str(tag);
                if alone {
                    out.push_str("{{!}}");
                }
            }
        }
        at += 1;
    }
    out
}

fn text_of(pieces: &[Piece]) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        _ => "",
    });
    texts.collect()
}

/// True where a tag at this place would be the first on its line.
fn ends_with_blank_line(out: &str) -> bool {
    let line = out.rfind('\n').map_or(out, |at| &out[at + 1..]);
    line.chars().all(char::is_whitespace)
}

/// True where nothing but blanks comes before the end of the line or of the template.
fn begins_with_line_end(pieces: &[Piece]) -> bool {
    for piece in pieces {
        let Piece::Text(text) = piece else {
            return false;
        };
        if let Some(at) = text.find(|c: char| c == '\n' || !c.is_whitespace()) {
            return text[at..].starts_with('\n');
        }
    }
    true
}

/// Escapes what Handlebars would read as a tag or as an escape.
///
/// A backslash is doubled where `{{` follows; literal braces get one, or a helper prints them where an
/// escape cannot: before a tag, and after a backslash.
fn write_text(out: &mut String, text: &str, before_tag: bool) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let slashes = rest.len() - rest.trim_start_matches('\\').len();
        let (backslashes, after) = rest.split_at(slashes);
        let count = after.len() - after.trim_start_matches('{').len();
        let (braces, after) = after.split_at(count);
        rest = after;
        let tag_follows = rest.is_empty() && before_tag;
        out.push_str(backslashes);
        if braces.is_empty() {
            if tag_follows && slashes > 0 {
                out.push('\\');
            }
        } else if tag_follows || (count > 1 && slashes > 0) {
            if slashes > 0 {
                out.push('\\');
            }
            out.push_str(&format!("{{{{concat \"{braces}\"}}}}"));
        } else {
            write_braces(out, count);
        }
    }
    out.push_str(rest);
}

/// Braces that neither a backslash comes before nor a tag after.
fn write_braces(out: &mut String, mut count: usize) {
    for escaped in [4, 2] {
        while count >= escaped {
            out.push('\\');
            out.push_str(&"{".repeat(escaped));
            count -= escaped;
        }
    }
    out.push_str(&"{".repeat(count));
}
