//! Python's format strings: `{name}`, `{user.name}`, `{items[0]}`, and `{{` for a brace.
//!
//! The rules are those of "Format String Syntax" in the library reference of Python 3.

use std::collections::BTreeSet;

use crate::convert::path::{Path, Root, Step};
use crate::convert::pieces::Piece;
use crate::convert::{ConvertOptions, Findings, Values};
use crate::excerpt::short;

/// The template as pieces; what has no equal is among the findings.
pub(super) fn convert(source: &str, options: &ConvertOptions, findings: &mut Findings) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = source;
    let mut line = 1;
    let structured = structured(source);
    while let Some(at) = rest.find(['{', '}']) {
        let (text, tail) = rest.split_at(at);
        line += newlines(text);
        pieces.push(Piece::Text(text.to_owned()));
        if tail.starts_with("{{") || tail.starts_with("}}") {
            pieces.push(Piece::Text(tail[..1].to_owned()));
            rest = &tail[2..];
            continue;
        }
        let Some(field) = field(tail) else {
            let reason = match &tail[..1] {
                "}" => "Python does not read this: a single `}`; for a brace write `}}`",
                _ => "Python does not read this: `{` is not closed; for a brace write `{{`",
            };
            findings.report(line, "syntax", reason);
            return pieces;
        };
        let bare = |path: &Path| match &path.root {
            _ if options.values == Values::Text => true,
            Root::Variable(root) => {
                path.steps.is_empty() && options.texts.contains(root) && !structured.contains(root.as_str())
            }
            Root::Local(_) => false,
        };
        match written(field) {
            Ok(path) => {
                note(&path, options, line, findings);
                let spelt = path.spell(false);
                let tag =
                    if bare(&path) { format!("{{{{{spelt}}}}}") } else { format!("{{{{pystr {spelt}}}}}") };
                pieces.push(Piece::Print(tag));
            }
            Err((construct, reason)) => findings.report(line, construct, reason),
        }
        line += newlines(field);
        rest = &tail[field.len() + 2..];
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// What stands between the braces, where fields within fields count.
fn field(tail: &str) -> Option<&str> {
    let inner = tail.strip_prefix('{')?;
    let mut depth = 1;
    let mut in_brackets = false;
    for (at, c) in inner.char_indices() {
        match c {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '{' if !in_brackets => depth += 1,
            '}' if !in_brackets => {
                depth -= 1;
                if depth == 0 {
                    return Some(&inner[..at]);
                }
            }
            _ => {}
        }
    }
    None
}

type Refusal = (&'static str, String);

/// The names of which something is read anywhere, and which so are no texts.
fn structured(source: &str) -> BTreeSet<&str> {
    let fields = source
        .split('{')
        .filter_map(|field| field.find(['.', '[', '}', '!', ':']).map(|at| field.split_at(at)));
    fields.filter(|(_, tail)| tail.starts_with(['.', '['])).map(|(name, _)| name).collect()
}

/// Notes what is taken for granted.
fn note(path: &Path, options: &ConvertOptions, line: usize, findings: &mut Findings) {
    let mut of = Path { root: path.root.clone(), steps: Vec::new() };
    if let (Root::Variable(root), false) = (&path.root, path.steps.is_empty())
        && options.texts.contains(root)
    {
        findings.note(
            line,
            "text",
            format!("`{}` is taken for no text, as something is read of it", short(root)),
        );
    }
    for step in &path.steps {
        let shown = of.spell(false);
        let shown = short(&shown);
        match step {
            Step::Index(_) => {
                let note = format!("`{shown}` is taken for a list, not for a text or an object");
                findings.note(line, "subscript", note);
            }
            Step::Key(key)
                if key.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                let note =
                    format!("`{shown}` is taken for an object, as `{}` is a text to Python", short(key));
                findings.note(line, "subscript", note);
            }
            Step::Key(_) => {}
        }
        of.steps.push(step.clone());
    }
}

fn written(field: &str) -> Result<Path, Refusal> {
    let end = end_of_name(field);
    let (name, tail) = field.split_at(end);
    let (conversion, spec) = match tail.strip_prefix('!') {
        Some(tail) => tail.split_once(':').map_or((tail, ""), |(conversion, spec)| (conversion, spec)),
        None => ("", tail.strip_prefix(':').unwrap_or(tail)),
    };
    match conversion {
        "" if tail.starts_with('!') => {
            return Err(("syntax", "Python does not read `!` without `r`, `s` or `a`".to_owned()));
        }
        "" | "s" => {}
        "r" | "a" => {
            let reason =
                "the value would be printed with quotes; use `{{json value}}`, or quote it before".to_owned();
            return Err(("conversion", reason));
        }
        _ => return Err(("syntax", format!("Python knows no conversion `!{}`", short(conversion)))),
    }
    if spec.contains(['{', '}']) {
        return Err((
            "nested field",
            "a format that is computed has no equal; format the value before".to_owned(),
        ));
    }
    if !matches!(spec, "" | "s") {
        let reason = format!("the format `{}` has no equal; format the value before", short(spec));
        return Err(("format spec", reason));
    }
    path(name)
}

/// Where a name ends: at `!` or `:` outside of brackets.
fn end_of_name(field: &str) -> usize {
    let mut in_brackets = false;
    for (at, c) in field.char_indices() {
        match c {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '!' | ':' if !in_brackets => return at,
            _ => {}
        }
    }
    field.len()
}

fn path(name: &str) -> Result<Path, Refusal> {
    let syntax = |reason: &str| Err(("syntax", format!("Python does not read this: {reason}")));
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (root, mut rest) = name.split_at(end);
    if root.is_empty() || root.bytes().all(|byte| byte.is_ascii_digit()) {
        let reason = "fields without a name have no equal; give the field a name".to_owned();
        return Err(("positional field", reason));
    }
    if root.contains(['{', '}']) {
        return syntax("a brace in the name of a field");
    }
    let mut path = Path::variable(root);
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix('.') {
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            if end == 0 {
                return syntax("an attribute without a name");
            }
            path.steps.push(Step::Key(tail[..end].to_owned()));
            rest = &tail[end..];
        } else if let Some(tail) = rest.strip_prefix('[') {
            let Some((key, tail)) = tail.split_once(']').filter(|(key, _)| !key.is_empty()) else {
                return syntax("brackets that are empty or not closed");
            };
            path.steps.push(if key.chars().all(char::is_numeric) {
                let Ok(index) = key.parse() else {
                    let reason = format!("no list has an item `{}`", short(key));
                    return Err(("index", reason));
                };
                Step::Index(index)
            } else {
                Step::Key(key.to_owned())
            });
            rest = tail;
        } else {
            return syntax("only `.` and `[` follow after brackets");
        }
    }
    let fits = path.steps.iter().all(Step::can_be_spelt) && Step::Key(root.to_owned()).can_be_spelt();
    if !fits {
        return Err(("field name", format!("no path of Handlebars can hold `{}`; rename it", short(name))));
    }
    Ok(path)
}
