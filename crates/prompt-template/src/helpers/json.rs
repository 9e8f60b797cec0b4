//! JSON as templates write it: plain, and as `tojson` of Jinja2 3.1 does.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::ser::Formatter;

use crate::helpers::python;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Whose rules are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Nothing is escaped beyond what JSON needs.
    Plain,
    /// `json.dumps` of Python, and then what could end a script of HTML is escaped.
    Jinja,
}

/// Blanks, line ends and escapes.
pub(super) struct Layout {
    style: Style,
    /// The blanks of one level, where each member takes a line.
    indent: Option<String>,
    depth: usize,
    /// The innermost list or object has members.
    filled: bool,
}

impl Layout {
    pub(super) fn new(style: Style, indent: Option<usize>) -> Self {
        Self { style, indent: indent.map(|width| " ".repeat(width)), depth: 0, filled: false }
    }

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, with: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(with)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, with: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(with)
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        if let Some(indent) = &self.indent {
            out.write_all(b"\n")?;
            for _ in 0..self.depth {
                out.write_all(indent.as_bytes())?;
            }
        }
        Ok(())
    }

    fn member<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.filled = true;
        if !first {
            let one_line = self.indent.is_none() && self.style == Style::Jinja;
            out.write_all(if one_line { b", " } else { b"," })?;
        }
        self.line(out)
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let blank = self.indent.is_some() || self.style == Style::Jinja;
        out.write_all(if blank { b": " } else { b":" })
    }

    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        match self.style {
            Style::Plain => serde_json::ser::CompactFormatter.write_f64(out, value),
            Style::Jinja => out.write_all(python::repr_of_float(value).as_bytes()),
        }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.style == Style::Plain {
            return out.write_all(fragment.as_bytes());
        }
        let mut plain = 0;
        for (at, c) in fragment.char_indices() {
            if matches!(c, ' '..='~') && !matches!(c, '<' | '>' | '&' | '\'') {
                continue;
            }
            out.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                let digit = |shift: u16| HEX[usize::from(*unit >> shift & 15)];
                out.write_all(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)])?;
            }
            plain = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[plain..])
    }
}

/// A value whose objects are written in the order of their keys.
pub(super) struct Sorted<'v>(pub(super) &'v Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            Value::Object(items) => {
                let sorted: BTreeMap<_, _> = items.iter().collect();
                let mut map = serializer.serialize_map(Some(sorted.len()))?;
                for (key, value) in sorted {
                    map.serialize_entry(key, &Sorted(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}
