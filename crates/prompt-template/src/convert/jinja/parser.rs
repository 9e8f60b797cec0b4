//! The parser of statements, and what both parsers share: a place in the tokens, and its bounds.

use crate::convert::jinja::ast::{Expr, ExprKind, For, Node};
use crate::convert::jinja::lexer::{Kind, Stop, Token};

/// Expressions and statements within each other; more would not fit into Handlebars either.
pub(super) const DEEPEST: usize = 60;

/// Conditions of one `if`, which Handlebars takes for as many blocks within each other.
const MOST_BRANCHES: usize = 64;
/// Parts of one expression: operands, items or arguments.
pub(super) const MOST_PARTS: usize = 1_000;

pub(super) type Parse<T> = Result<T, Stop>;

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    pub(super) depth: usize,
}

/// The tree of a template.
pub(super) fn parse(tokens: Vec<Token>) -> Parse<Vec<Node>> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    parser.nodes(&[])
}

impl Parser {
    pub(super) fn peek(&self) -> &Kind {
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    pub(super) fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |token| token.line)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn take(&mut self) -> Kind {
        let kind = self.peek().clone();
        self.advance();
        kind
    }

    pub(super) fn is_operator(&self, operator: &str) -> bool {
        matches!(self.peek(), Kind::Operator(found) if *found == operator)
    }

    pub(super) fn eat(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, operator: &str) -> Parse<()> {
        let line = self.line();
        if self.eat(operator) {
            return Ok(());
        }
        let found = shown(self.peek());
        Err(Stop::syntax(line, format!("expected `{operator}`, found {found}")))
    }

    pub(super) fn eat_name(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Kind::Name(name) if name == word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn next_is_name(&self, word: &str) -> bool {
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        matches!(next, Some(Kind::Name(name)) if name == word)
    }

    /// The name before `=` in the arguments of a call, and past the `=`.
    pub(super) fn named_argument(&mut self) -> Option<String> {
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        match self.peek() {
            Kind::Name(name) if next == Some(&Kind::Operator("=")) => {
                let name = name.clone();
                self.at += 2;
                Some(name)
            }
            _ => None,
        }
    }

    pub(super) fn name(&mut self) -> Parse<String> {
        let line = self.line();
        match self.take() {
            Kind::Name(name) => Ok(name),
            other => Err(Stop::syntax(line, format!("expected a name, found {}", shown(&other)))),
        }
    }

    pub(super) fn unexpected(found: &Kind, line: usize) -> Stop {
        Stop::syntax(line, format!("unexpected {}", shown(found)))
    }

    pub(super) fn too_deep(&self) -> Stop {
        let reason = format!("this is nested more than {DEEPEST} deep; write it in smaller parts");
        Stop { line: self.line(), construct: "nesting", reason }
    }

    pub(super) fn deeper(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Texts and tags up to one of the ends, where the parser then stands.
    fn nodes(&mut self, ends: &[&str]) -> Parse<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            let line = self.line();
            match self.take() {
                Kind::Data(text) => nodes.push(Node::Text(text)),
                Kind::OpenPrint => {
                    nodes.push(Node::Print(self.tuple(true, &[])?));
                    self.close(&Kind::ClosePrint)?;
                }
                Kind::OpenBlock => {
                    if matches!(self.peek(), Kind::Name(name) if ends.contains(&name.as_str())) {
                        return Ok(nodes);
                    }
                    self.statement(&mut nodes)?;
                    self.close(&Kind::CloseBlock)?;
                }
                Kind::End if ends.is_empty() => return Ok(nodes),
                Kind::End => {
                    let end = ends.last().copied().unwrap_or_default();
                    return Err(Stop::syntax(line, format!("`{{% {end} %}}` is missing")));
                }
                other => return Err(Self::unexpected(&other, line)),
            }
        }
    }

    fn close(&mut self, end: &Kind) -> Parse<()> {
        let line = self.line();
        let found = self.take();
        if found == *end {
            return Ok(());
        }
        Err(Stop::syntax(line, format!("expected {}, found {}", shown(end), shown(&found))))
    }

    /// The end of a tag, then what it holds up to one of the ends, which is returned.
    pub(super) fn body(&mut self, ends: &[&str], opened: usize) -> Parse<(Vec<Node>, String)> {
        self.eat(":");
        self.close(&Kind::CloseBlock)?;
        self.deeper()?;
        let nodes = self.nodes(ends).map_err(|mut stop| {
            if self.peek() == &Kind::End && stop.reason.ends_with("is missing") {
                stop.line = opened;
            }
            stop
        })?;
        self.depth -= 1;
        Ok((nodes, self.name()?))
    }

    fn statement(&mut self, nodes: &mut Vec<Node>) -> Parse<()> {
        let line = self.line();
        let tag = match self.peek() {
            Kind::Name(name) => name.clone(),
            other => return Err(Stop::syntax(line, format!("expected a tag, found {}", shown(other)))),
        };
        self.advance();
        let node = match tag.as_str() {
            "if" => self.if_block(line)?,
            "for" => self.for_block(line)?,
            "set" => self.set(line)?,
            "include" => self.include(line)?,
            "print" => {
                let mut first = true;
                while self.peek() != &Kind::CloseBlock {
                    if !first {
                        self.expect(",")?;
                    }
                    first = false;
                    nodes.push(Node::Print(self.expression()?));
                }
                return Ok(());
            }
            tag => Node::Other(self.other(tag, line)?),
        };
        nodes.push(node);
        Ok(())
    }

    fn if_block(&mut self, line: usize) -> Parse<Node> {
        let mut branches = Vec::new();
        loop {
            if branches.len() == MOST_BRANCHES {
                let reason = format!(
                    "this chain has more than {MOST_BRANCHES} conditions, each of which is a block in the one before; split it"
                );
                return Err(Stop { line: self.line(), construct: "size", reason });
            }
            let test = self.tuple(false, &[])?;
            let (body, end) = self.body(&["elif", "else", "endif"], line)?;
            branches.push((test, body));
            match end.as_str() {
                "elif" => {}
                "else" => {
                    let (body, _) = self.body(&["endif"], line)?;
                    return Ok(Node::If { branches, otherwise: Some(body) });
                }
                _ => return Ok(Node::If { branches, otherwise: None }),
            }
        }
    }

    fn for_block(&mut self, line: usize) -> Parse<Node> {
        let target = self.target(&["in"], false)?;
        if !self.eat_name("in") {
            return Err(Stop::syntax(line, "expected `in` after the names of the loop"));
        }
        let over = self.tuple(false, &["recursive"])?;
        let test = if self.eat_name("if") { Some(self.expression()?) } else { None };
        let recursive = self.eat_name("recursive");
        let (body, end) = self.body(&["endfor", "else"], line)?;
        let otherwise = match end.as_str() {
            "else" => Some(self.body(&["endfor"], line)?.0),
            _ => None,
        };
        Ok(Node::For(Box::new(For { target, over, test, recursive, body, otherwise, line })))
    }

    fn set(&mut self, line: usize) -> Parse<Node> {
        let target = self.target(&[], true)?;
        if self.eat("=") {
            let value = self.tuple(true, &[])?;
            return Ok(Node::Set { target, value, line });
        }
        self.set_block(&target, line)
    }

    fn include(&mut self, line: usize) -> Parse<Node> {
        let name = self.expression()?;
        let ignore_missing =
            matches!(self.peek(), Kind::Name(name) if name == "ignore") && self.next_is_name("missing");
        if ignore_missing {
            self.at += 2;
        }
        let with_context = self.context_clause().unwrap_or(true);
        Ok(Node::Include { name, ignore_missing, with_context, line })
    }

    /// `with context` or `without context`.
    pub(super) fn context_clause(&mut self) -> Option<bool> {
        let with = match self.peek() {
            Kind::Name(name) if name == "with" => true,
            Kind::Name(name) if name == "without" => false,
            _ => return None,
        };
        if !self.next_is_name("context") {
            return None;
        }
        self.at += 2;
        Some(with)
    }

    /// A node that stands for nothing, where the grammar wants a value to filter.
    pub(super) fn nothing(line: usize) -> Expr {
        Expr { kind: ExprKind::Text(String::new()), line, depth: 1 }
    }
}

fn shown(kind: &Kind) -> String {
    match kind {
        Kind::Data(_) => "text".to_owned(),
        Kind::OpenPrint => "`{{`".to_owned(),
        Kind::ClosePrint => "`}}`".to_owned(),
        Kind::OpenBlock => "`{%`".to_owned(),
        Kind::CloseBlock => "`%}`".to_owned(),
        Kind::Name(name) => format!("`{}`", crate::excerpt::short(name)),
        Kind::Text(_) => "a string".to_owned(),
        Kind::Integer(_) | Kind::Float(_) => "a number".to_owned(),
        Kind::Operator(operator) => format!("`{operator}`"),
        Kind::End => "the end of the template".to_owned(),
    }
}
