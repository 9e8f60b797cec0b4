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

use crate::convert::jinja::scope::Scope;
use crate::convert::pieces::Piece;
use crate::convert::{ConvertOptions, Findings};

/// Bytes that are written; a template that takes more is reported.
const MOST_WRITTEN: usize = 2 << 20;

/// The template as pieces; what has no equal is among the findings.
pub(super) fn convert(source: &str, options: &ConvertOptions, findings: &mut Findings) -> Vec<Piece> {
    let nodes = match lexer::lex(source).and_then(parser::parse) {
        Ok(nodes) => nodes,
        Err(stop) => {
            findings.report(stop.line, stop.construct, stop.reason);
            return Vec::new();
        }
    };
    let scope = Scope::new(&nodes);
    let mut converter = Converter { options, findings, scope, pieces: Vec::new(), written: 0 };
    converter.nodes(&nodes);
    converter.pieces
}

/// The walk over a template.
struct Converter<'a> {
    options: &'a ConvertOptions,
    findings: &'a mut Findings,
    scope: Scope,
    pieces: Vec<Piece>,
    written: usize,
}

impl Converter<'_> {
    fn push(&mut self, piece: Piece) {
        let (Piece::Text(text) | Piece::Print(text) | Piece::Block(text) | Piece::Partial(text)) = &piece;
        self.written += text.len();
        if self.is_full() {
            let reason = "its Handlebars would be too long; set names to shorter values, or split it";
            self.findings.report(1, "size", reason);
            return;
        }
        self.pieces.push(piece);
    }

    /// True where no more is written, and so nothing more is read.
    fn is_full(&self) -> bool {
        self.written > MOST_WRITTEN
    }
}
