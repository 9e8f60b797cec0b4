//! From a source to texts and tags, with white space trimmed, as the lexer of Jinja2 cuts it.
//!
//! The rules are those of `jinja2/lexer.py` 3.1 with the defaults of `Environment`: `{{`, `{%`, `{#`,
//! no line statements, `trim_blocks` and `lstrip_blocks` off, one newline at the end dropped.

use crate::convert::jinja::token::tokens;

/// One token, with its line from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Text between tags.
    Data(String),
    OpenPrint,
    ClosePrint,
    OpenBlock,
    CloseBlock,
    Name(String),
    Text(String),
    Integer(i64),
    Float(f64),
    Operator(&'static str),
    End,
}

/// Why reading ends before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) line: usize,
    pub(super) construct: &'static str,
    pub(super) reason: String,
}

impl Stop {
    pub(super) fn syntax(line: usize, reason: impl Into<String>) -> Self {
        let reason = format!("Jinja2 does not compile this: {}", reason.into());
        Self { line, construct: "syntax", reason }
    }
}

/// White space of Python's `str.isspace` and of `\s`.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// A place in the source, which knows its line.
pub(super) struct Cursor<'s> {
    pub(super) rest: &'s str,
    pub(super) line: usize,
}

impl<'s> Cursor<'s> {
    /// Goes on by so many bytes, and returns them.
    pub(super) fn take(&mut self, bytes: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
        taken
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.starts_with(text);
        if found {
            self.take(text.len());
        }
        found
    }

    pub(super) fn skip_space(&mut self) {
        let blanks = self.rest.len() - self.rest.trim_start_matches(is_space).len();
        self.take(blanks);
    }
}

/// All tokens of a source. Line ends are those of Unix afterwards.
pub(super) fn lex(source: &str) -> Result<Vec<Token>, Stop> {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let source = source.strip_suffix('\n').unwrap_or(&source);
    let mut cursor = Cursor { rest: source, line: 1 };
    let mut all = Vec::new();
    while let Some(at) = next_tag(cursor.rest) {
        let line = cursor.line;
        let text = cursor.take(at);
        let start = cursor.line;
        let tag = cursor.take(2);
        let raw = (tag == "{%").then(|| raw_begin(cursor.rest)).flatten();
        let trims = cursor.rest.starts_with('-');
        let text = if trims { text.trim_end_matches(is_space) } else { text };
        data(&mut all, text, line);
        if let Some(length) = raw {
            cursor.take(length);
            raw_block(&mut cursor, &mut all, start)?;
            continue;
        }
        if cursor.rest.starts_with(['-', '+']) {
            cursor.take(1);
        }
        match tag {
            "{#" => comment(&mut cursor, start)?,
            "{{" => {
                all.push(Token { kind: Kind::OpenPrint, line: start });
                tokens(&mut cursor, &mut all, true)?;
            }
            _ => {
                all.push(Token { kind: Kind::OpenBlock, line: start });
                tokens(&mut cursor, &mut all, false)?;
            }
        }
    }
    let line = cursor.line;
    data(&mut all, cursor.rest, line);
    cursor.take(cursor.rest.len());
    all.push(Token { kind: Kind::End, line: cursor.line });
    Ok(all)
}

fn data(all: &mut Vec<Token>, text: &str, line: usize) {
    if !text.is_empty() {
        all.push(Token { kind: Kind::Data(text.to_owned()), line });
    }
}

fn next_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let found = |(_, pair): &(usize, &[u8])| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#');
    bytes.windows(2).enumerate().find(found).map(|(at, _)| at)
}

/// The length of what stands after `{%` where that begins a raw block.
fn raw_begin(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix(['-', '+']).unwrap_or(rest).trim_start_matches(is_space);
    let after = inner.strip_prefix("raw")?.trim_start_matches(is_space);
    let tail = match after.strip_prefix("-%}") {
        Some(tail) => tail.trim_start_matches(is_space),
        None => after.strip_prefix("%}")?,
    };
    Some(rest.len() - tail.len())
}

/// The text of a raw block up to and with its end.
fn raw_block(cursor: &mut Cursor<'_>, all: &mut Vec<Token>, start: usize) -> Result<(), Stop> {
    let mut from = 0;
    while let Some(at) = cursor.rest[from..].find("{%") {
        let at = from + at;
        if let Some(length) = raw_end(&cursor.rest[at + 2..]) {
            let line = cursor.line;
            let trims = cursor.rest[at + 2..].starts_with('-');
            let text = cursor.take(at);
            cursor.take(2 + length);
            data(all, if trims { text.trim_end_matches(is_space) } else { text }, line);
            return Ok(());
        }
        from = at + 2;
    }
    Err(Stop::syntax(start, "`raw` is not closed: `{% endraw %}` is missing"))
}

fn raw_end(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix(['-', '+']).unwrap_or(rest).trim_start_matches(is_space);
    let after = inner.strip_prefix("endraw")?.trim_start_matches(is_space);
    let tail = if let Some(tail) = after.strip_prefix("-%}") {
        tail.trim_start_matches(is_space)
    } else {
        after.strip_prefix("+%}").or_else(|| after.strip_prefix("%}"))?
    };
    Some(rest.len() - tail.len())
}

fn comment(cursor: &mut Cursor<'_>, start: usize) -> Result<(), Stop> {
    let Some(at) = cursor.rest.find("#}") else {
        return Err(Stop::syntax(start, "the comment is not closed: `#}` is missing"));
    };
    let inner = cursor.take(at + 2);
    if inner.ends_with("-#}") {
        cursor.skip_space();
    }
    Ok(())
}
