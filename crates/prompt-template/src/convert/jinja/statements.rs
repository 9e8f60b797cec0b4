//! Statements, apart from loops.

use crate::convert::Includes;
use crate::convert::jinja::Converter;
use crate::convert::jinja::ast::{Expr, ExprKind, Node, Other};
use crate::convert::jinja::emit::{Emit, Emitter};
use crate::convert::jinja::ir::{Ir, Type};
use crate::convert::jinja::scope::Binding;
use crate::convert::path::Path;
use crate::convert::pieces::Piece;
use crate::excerpt::short;

impl Converter<'_> {
    pub(super) fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            if self.is_full() {
                return;
            }
            match node {
                Node::Text(text) => self.push(Piece::Text(text.clone())),
                Node::Print(expr) => self.print(expr),
                Node::If { branches, otherwise } => self.if_block(branches, otherwise.as_deref()),
                Node::For(block) => self.for_block(block),
                Node::Set { target, value, line } => self.set(target, value, *line),
                Node::Include { name, ignore_missing, with_context, line } => {
                    self.include(name, *ignore_missing, *with_context, *line);
                }
                Node::Other(other) => self.other(other),
            }
        }
    }

    pub(super) fn emitter(&self) -> Emitter {
        Emitter { values: self.options.values, in_loop: self.scope.in_loop() }
    }

    /// What is written, or nothing where it is reported.
    pub(super) fn written(&mut self, written: Emit<String>, line: usize) -> String {
        written.unwrap_or_else(|refusal| {
            self.findings.report(line, refusal.construct, refusal.reason);
            String::new()
        })
    }

    fn print(&mut self, expr: &Expr) {
        let ir = self.resolve(expr);
        let mut pieces = Vec::new();
        if let Err(refusal) = self.emitter().print(&ir, &mut pieces) {
            self.findings.report(expr.line, refusal.construct, refusal.reason);
        }
        for piece in pieces {
            self.push(piece);
        }
    }

    pub(super) fn condition(&mut self, expr: &Expr) -> String {
        let ir = self.resolve(expr);
        let written = self.emitter().condition(&ir);
        self.written(written, expr.line)
    }

    fn if_block(&mut self, branches: &[(Expr, Vec<Node>)], otherwise: Option<&[Node]>) {
        self.scope.branches += 1;
        let mut opens = "#if";
        for (test, body) in branches {
            let condition = self.condition(test);
            self.push(Piece::Block(format!("{{{{{opens} {condition}}}}}")));
            self.nodes(body);
            opens = "else if";
        }
        if let Some(body) = otherwise {
            self.push(Piece::Block("{{else}}".to_owned()));
            self.nodes(body);
        }
        self.push(Piece::Block("{{/if}}".to_owned()));
        self.scope.branches -= 1;
    }

    /// A name that is set once, at the top level, stands for its value from there on.
    fn set(&mut self, target: &Expr, value: &Expr, line: usize) {
        let value = self.resolve(value);
        let reason = match target.name() {
            None => "set one name at a time; members of a namespace have no equal",
            Some(name) if self.scope.times_set(name) > 1 => {
                "the name is set more than once; use a name of its own for each value"
            }
            Some(_) if !self.scope.is_top_level() => {
                "a name that is set in a branch or in a loop has no equal; write the value where it is used"
            }
            Some(_) if !value.is_small() => "the value is too big to be written wherever the name is used",
            Some(name) => {
                let binding = if value.is_refused() { Binding::Reported } else { Binding::Alias(value) };
                self.scope.bind_outermost(name, binding);
                return;
            }
        };
        self.findings.report(line, "set", reason);
        for name in std::iter::once(target).chain(target.children()).filter_map(Expr::name) {
            self.scope.bind_outermost(name, Binding::Reported);
        }
    }

    /// A partial, with the names that Jinja2 would hand over besides the variables.
    fn include(&mut self, name: &Expr, ignore_missing: bool, with_context: bool, line: usize) {
        let ExprKind::Text(name) = &name.kind else {
            self.resolve(name);
            let reason = "the name of a prompt that is included must be written out";
            self.findings.report(line, "include", reason);
            return;
        };
        let quoted = !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.'));
        let reason = if !self.options.includes.hold(name) {
            let besides = if ignore_missing { "; where it is not wanted, delete the tag" } else { "" };
            format!("no prompt `{}` is known; convert and add it first{besides}", short(name))
        } else if !with_context {
            "a prompt always sees the variables here; leave `without context` out".to_owned()
        } else if name.is_empty() || name.starts_with('@') || (quoted && name.contains(['\'', '\\', '\n'])) {
            "this cannot be the name of a prompt here; rename it".to_owned()
        } else {
            if ignore_missing && self.options.includes == Includes::Anything {
                let note = format!(
                    "prompt `{}` is taken to be there; where it is missing, nothing is rendered",
                    short(name)
                );
                self.findings.note(line, "include", note);
            }
            let spelt = if quoted { format!("'{name}'") } else { name.clone() };
            let context = if self.scope.in_loop() { " @root.this" } else { "" };
            let handed = self.handed_over(name, line);
            self.push(Piece::Partial(format!("{{{{> {spelt}{context}{handed}}}}}")));
            return;
        };
        self.findings.report(line, "include", reason);
    }

    fn handed_over(&mut self, prompt: &str, line: usize) -> String {
        if self.scope.is_crowded() {
            let reason = "the prompt would see more than 100 names that are set here; pass them as variables";
            self.findings.report(line, "include", reason);
            return String::new();
        }
        let bound = self.scope.bound();
        let bound: Vec<_> = bound.into_iter().map(|(name, it)| (name.to_owned(), it.clone())).collect();
        let mut handed = String::new();
        for (name, binding) in bound {
            let ir = match binding {
                Binding::Local(spelt, of) => {
                    let note =
                        format!("inside of loops of its own, `{}` does not see `{name}`", short(prompt));
                    self.findings.note(line, "include", note);
                    Ir::Path(Path::local(&spelt), of)
                }
                Binding::Alias(ir) if is_always_there(&ir) => ir,
                Binding::Alias(_) => {
                    let reason =
                        format!("the prompt would see `{name}`, which is set here; hand it over by hand");
                    self.findings.report(line, "include", reason);
                    continue;
                }
                Binding::Reported => continue,
            };
            let written = self.emitter().param(&ir);
            let value = self.written(written, line);
            handed.push_str(&format!(" {name}={value}"));
        }
        handed
    }

    /// A statement without an equal; what it holds is looked at, to report all at once.
    fn other(&mut self, other: &Other) {
        self.findings.report(other.line, other.construct.clone(), other.reason);
        self.resolve_all(&other.exprs);
        self.scope.push();
        self.scope.branches += 1;
        for name in &other.binds {
            self.scope.bind(name, Binding::Reported);
        }
        for body in &other.bodies {
            self.nodes(body);
        }
        self.scope.branches -= 1;
        self.scope.pop();
    }
}

/// True for a value that cannot be missing.
fn is_always_there(ir: &Ir) -> bool {
    match ir {
        Ir::Path(..) | Ir::Choice(..) | Ir::Refused => false,
        Ir::Call(call) => call.of != Type::Any,
        _ => true,
    }
}
