//! What stands inside of a tag: names, literals and operators.

use crate::convert::jinja::lexer::{Cursor, Kind, Stop, Token};

/// The operators, longer ones before their beginnings.
const OPERATORS: [&str; 26] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
    "=", ".", ":", "|", ",", ";",
];

/// Reads up to and with the end of the tag.
pub(super) fn tokens(cursor: &mut Cursor<'_>, all: &mut Vec<Token>, print: bool) -> Result<(), Stop> {
    let (mut open, start) = (Vec::new(), cursor.line);
    let mut after_dot = false;
    loop {
        cursor.skip_space();
        let line = cursor.line;
        if open.is_empty() && closes(cursor, print) {
            let kind = if print { Kind::ClosePrint } else { Kind::CloseBlock };
            all.push(Token { kind, line });
            return Ok(());
        }
        let Some(first) = cursor.rest.chars().next() else {
            let end = if print { "}}" } else { "%}" };
            return Err(Stop::syntax(start, format!("the tag is not closed: `{end}` is missing")));
        };
        let kind = match first {
            '0'..='9' => number(cursor, after_dot)?,
            '"' | '\'' => text(cursor, first)?,
            c if c == '_' || c.is_alphanumeric() => name(cursor)?,
            _ => operator(cursor, &mut open)?,
        };
        after_dot = kind == Kind::Operator(".");
        all.push(Token { kind, line });
    }
}

fn closes(cursor: &mut Cursor<'_>, print: bool) -> bool {
    let end = if print { "}}" } else { "%}" };
    let tail = cursor.rest.strip_prefix('-').unwrap_or(cursor.rest);
    if tail.len() < cursor.rest.len() && tail.starts_with(end) {
        cursor.take(1 + end.len());
        cursor.skip_space();
        return true;
    }
    if !print && cursor.rest.starts_with("+%}") {
        cursor.take(1);
    }
    cursor.eat(end)
}

fn name(cursor: &mut Cursor<'_>) -> Result<Kind, Stop> {
    let length = cursor.rest.find(|c: char| !(c == '_' || c.is_alphanumeric())).unwrap_or(cursor.rest.len());
    let line = cursor.line;
    let name = cursor.take(length);
    if name.starts_with(|c: char| c.is_numeric()) {
        return Err(Stop::syntax(line, format!("`{name}` is not a name")));
    }
    Ok(Kind::Name(name.to_owned()))
}

fn operator(cursor: &mut Cursor<'_>, open: &mut Vec<&'static str>) -> Result<Kind, Stop> {
    let line = cursor.line;
    let found = OPERATORS.iter().find(|operator| cursor.rest.starts_with(**operator));
    let Some(operator) = found.copied() else {
        let c = cursor.rest.chars().next().unwrap_or_default();
        return Err(Stop::syntax(line, format!("unexpected `{c}`")));
    };
    cursor.take(operator.len());
    match operator {
        "{" => open.push("}"),
        "(" => open.push(")"),
        "[" => open.push("]"),
        "}" | ")" | "]" if open.pop() != Some(operator) => {
            return Err(Stop::syntax(line, format!("unexpected `{operator}`")));
        }
        _ => {}
    }
    Ok(Kind::Operator(operator))
}

/// Digits with single underscores between them: the length, or nothing.
fn digits(text: &str, is_digit: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_digit(c) {
            end = at + 1;
        } else if c != '_' || end != at || !chars.peek().is_some_and(|(_, next)| is_digit(*next)) {
            break;
        }
    }
    end
}

fn decimal(c: char) -> bool {
    c.is_ascii_digit()
}

/// The length of a float at the start of the text.
fn float_length(text: &str) -> Option<usize> {
    let whole = digits(text, decimal);
    let exponent = |text: &str| {
        let inner = text.strip_prefix(['e', 'E'])?;
        let unsigned = inner.strip_prefix(['+', '-']).unwrap_or(inner);
        let length = digits(unsigned, decimal);
        (length > 0).then(|| text.len() - unsigned.len() + length)
    };
    let fraction = text[whole..].strip_prefix('.').map_or(0, |inner| digits(inner, decimal));
    let mantissa = if fraction > 0 { whole + 1 + fraction } else { whole };
    match exponent(&text[mantissa..]) {
        Some(length) => Some(mantissa + length),
        None => (fraction > 0).then_some(mantissa),
    }
}

fn number(cursor: &mut Cursor<'_>, after_dot: bool) -> Result<Kind, Stop> {
    let line = cursor.line;
    if !after_dot && let Some(length) = float_length(cursor.rest) {
        let written = cursor.take(length).replace('_', "");
        let value = written.parse::<f64>().ok().filter(|value| value.is_finite());
        return value.map(Kind::Float).ok_or_else(|| too_big(line));
    }
    let text = cursor.rest;
    let radix = match text.get(..2) {
        Some("0b" | "0B") => 2,
        Some("0o" | "0O") => 8,
        Some("0x" | "0X") => 16,
        _ => 10,
    };
    if radix != 10 {
        let after = &text[2..];
        let unled = after.strip_prefix('_').unwrap_or(after);
        let length = digits(unled, |c| c.is_digit(radix));
        if length > 0 {
            let written = unled[..length].replace('_', "");
            cursor.take(text.len() - unled.len() + length);
            return i64::from_str_radix(&written, radix).map(Kind::Integer).map_err(|_| too_big(line));
        }
    }
    let length = if text.starts_with('0') { digits(text, |c| c == '0') } else { digits(text, decimal) };
    let written = cursor.take(length).replace('_', "");
    written.parse().map(Kind::Integer).map_err(|_| too_big(line))
}

fn too_big(line: usize) -> Stop {
    let reason = "numbers of more than 64 bits cannot be converted".to_owned();
    Stop { line, construct: "number", reason }
}

/// A string, with the escapes of Python's `unicode-escape`.
fn text(cursor: &mut Cursor<'_>, quote: char) -> Result<Kind, Stop> {
    let line = cursor.line;
    let mut length = 1;
    let mut chars = cursor.rest[1..].chars();
    loop {
        match chars.next() {
            None => return Err(Stop::syntax(line, "the string is not closed")),
            Some('\\') => length += 1 + chars.next().map_or(0, char::len_utf8),
            Some(c) => {
                length += c.len_utf8();
                if c == quote {
                    break;
                }
            }
        }
    }
    let written = cursor.take(length);
    unescape(&written[1..length - 1], line).map(Kind::Text)
}

fn unescape(written: &str, line: usize) -> Result<String, Stop> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            break;
        };
        let after = &rest[c.len_utf8()..];
        rest = after;
        let simple = match c {
            '\n' => continue,
            '\\' | '\'' | '"' => c,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '0'..='7' => {
                let more = after.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let octal = format!("{c}{}", &after[..more]);
                rest = &after[more..];
                code_point(u32::from_str_radix(&octal, 8).unwrap_or_default(), line)?
            }
            'x' | 'u' | 'U' => {
                let wanted = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let found = after.bytes().take(wanted).take_while(u8::is_ascii_hexdigit).count();
                if found < wanted {
                    return Err(Stop::syntax(line, format!("`\\{c}` wants {wanted} hexadecimal digits")));
                }
                rest = &after[wanted..];
                code_point(u32::from_str_radix(&after[..wanted], 16).unwrap_or(u32::MAX), line)?
            }
            'N' => return Err(escape(line, "a character by its name, `\\N{...}`: write the character")),
            other => {
                out.push('\\');
                other
            }
        };
        out.push(simple);
    }
    out.push_str(rest);
    Ok(out)
}

fn code_point(code: u32, line: usize) -> Result<char, Stop> {
    match char::from_u32(code) {
        Some('\0') => Err(escape(line, "a NUL character: a template cannot hold it")),
        Some(c) => Ok(c),
        None => Err(escape(line, "a number that is no character")),
    }
}

fn escape(line: usize, what: &str) -> Stop {
    Stop { line, construct: "string escape", reason: format!("this string holds {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_unescaped_as_python_does() {
        let unescaped = |written| unescape(written, 1).unwrap();
        assert_eq!(unescaped(r#"a\n\t\\\'\"\x41\u00e9\101\q"#), "a\n\t\\'\"AéA\\q");
        assert_eq!(unescaped("a\\\nb"), "ab");
        assert_eq!(unescape(r"\xg1", 3).unwrap_err().line, 3);
        assert_eq!(unescape(r"\ud800", 1).unwrap_err().construct, "string escape");
    }

    #[test]
    fn numbers_end_where_python_ends_them() {
        let first = |text| {
            let mut cursor = Cursor { rest: text, line: 1 };
            (number(&mut cursor, false).unwrap(), cursor.rest.len())
        };
        assert_eq!(first("1_000.5e-3x"), (Kind::Float(1.0005), 1));
        assert_eq!(first("0x_ff "), (Kind::Integer(255), 1));
        assert_eq!(first("1.a"), (Kind::Integer(1), 2));
        assert_eq!(first("012"), (Kind::Integer(0), 2));
    }
}
