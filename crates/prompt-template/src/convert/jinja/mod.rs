//! Jinja2, parsed as Jinja2 parses it, and written as Handlebars where that means the same.
//!
//! A source is cut into tokens ([`lexer`], [`token`]), read into a tree ([`parser`], [`others`],
//! [`expression`]), and walked once: statements become tags ([`statements`], [`loops`]), and each
//! expression is first resolved ([`resolve`], [`compare`], [`filters`]) and then written ([`emit`]).

mod ast;
mod compare;
mod emit;
mod expression;
mod filters;
mod ir;
mod lexer;
mod loops;
mod others;
mod parser;
mod resolve;
mod scope;
mod statements;
mod token;

use std::collections::{BTreeMap, BTreeSet};

use crate::convert::jinja::ir::{Ir, Type};
use crate::convert::jinja::scope::Scope;
use crate::convert::path::{Path, Root};
use crate::convert::pieces::Piece;
use crate::convert::{ConvertOptions, Findings};
use crate::excerpt::short;

/// Bytes that are written; a template that takes more is reported.
const MOST_WRITTEN: usize = 2 << 20;
/// What a parameter counts for besides, as Handlebars takes its time to read it.
const PARAM_BYTES: usize = 64;

/// The template as pieces; what has no equal is among the findings.
pub(super) fn convert(source: &str, options: &ConvertOptions, findings: &mut Findings) -> Vec<Piece> {
    let nodes = match lexer::lex(source).and_then(parser::parse) {
        Ok(nodes) => nodes,
        Err(stop) => {
            findings.report(stop.line, stop.construct, stop.reason);
            return Vec::new();
        }
    };
    let mut texts = options.texts.clone();
    loop {
        let mut found = Findings::default();
        let mut converter = Converter {
            options,
            findings: &mut found,
            scope: Scope::new(&nodes),
            texts: &texts,
            structured: BTreeMap::new(),
            pieces: Vec::new(),
            written: 0,
        };
        converter.nodes(&nodes);
        let (pieces, structured) = (converter.pieces, converter.structured);
        if structured.is_empty() {
            findings.join(found);
            return pieces;
        }
        // What is no text is printed in another way everywhere, so all is written again.
        for (name, line) in structured {
            let note =
                format!("`{}` is taken for no text, as it is used as a list or an object", short(&name));
            findings.note(line, "text", note);
            texts.remove(&name);
        }
    }
}

/// The walk over a template.
struct Converter<'a> {
    options: &'a ConvertOptions,
    findings: &'a mut Findings,
    scope: Scope,
    /// Variables that are always texts.
    texts: &'a BTreeSet<String>,
    /// Those among them that are used as something else, and where.
    structured: BTreeMap<String, usize>,
    pieces: Vec<Piece>,
    written: usize,
}

impl Converter<'_> {
    /// Sees that a value is used as a list or an object.
    fn has_structure(&mut self, ir: &Ir, line: usize) {
        if let Ir::Path(Path { root: Root::Variable(name), steps }, Type::Text) = ir
            && steps.is_empty()
        {
            self.structured.entry(name.clone()).or_insert(line);
        }
    }

    fn push(&mut self, piece: Piece) {
        let (Piece::Text(text) | Piece::Print(text) | Piece::Block(text) | Piece::Partial(text)) = &piece;
        self.written += text.len();
        if !matches!(piece, Piece::Text(_)) {
            self.written += PARAM_BYTES * text.bytes().filter(|byte| matches!(byte, b' ' | b'(')).count();
        }
        if self.written > MOST_WRITTEN {
            let reason = "its Handlebars would be too long; set names to shorter values, or split it";
            self.findings.report(1, "size", reason);
            return;
        }
        self.pieces.push(piece);
    }

    /// True where no more is written or reported, and so nothing more is read.
    fn is_full(&self) -> bool {
        self.written > MOST_WRITTEN || self.findings.is_full()
    }
}
