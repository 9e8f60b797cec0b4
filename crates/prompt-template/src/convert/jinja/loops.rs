//! Loops.

use crate::convert::jinja::Converter;
use crate::convert::jinja::ast::{Expr, ExprKind, For, Node, Other};
use crate::convert::jinja::ir::{Ir, Type};
use crate::convert::jinja::resolve::shown;
use crate::convert::jinja::scope::{Binding, Loop};
use crate::convert::pieces::Piece;

/// What a loop goes over.
enum Over<'e> {
    /// The items of a list.
    List(&'e Expr),
    /// The keys and values of an object.
    Items(&'e Expr),
    Keys(&'e Expr),
    Values(&'e Expr),
}

impl Converter<'_> {
    pub(super) fn for_block(&mut self, block: &For) {
        let line = block.line;
        if block.recursive {
            self.findings.report(
                line,
                "for recursive",
                "a loop that calls itself has no equal; use a partial",
            );
        }
        let over = over(&block.over);
        let (Over::List(expr) | Over::Items(expr) | Over::Keys(expr) | Over::Values(expr)) = over;
        let list = self.resolve(expr);
        self.check_over(&over, &list, block);
        let written = self.emitter().param(&list);
        let written = self.written(written, line);

        self.scope.push();
        let names = self.bind_names(&over, block);
        self.scope.loops.push(Loop { over: list, filtered: block.test.is_some() });
        self.scope.branches += 1;
        self.push(Piece::Block(format!("{{{{#each {written} as |{names}|}}}}")));
        if let Some(test) = &block.test {
            let condition = self.condition(test);
            self.push(Piece::Block(format!("{{{{#if {condition}}}}}")));
        }
        self.nodes(&block.body);
        if block.test.is_some() {
            self.push(Piece::Block("{{/if}}".to_owned()));
        }
        self.scope.loops.pop();
        self.scope.pop();
        if let Some(otherwise) = &block.otherwise {
            if block.test.is_some() {
                let reason =
                    "the `else` of a loop that passes over items has no equal; filter the list before";
                self.findings.report(line, "for if", reason);
            }
            self.push(Piece::Block("{{else}}".to_owned()));
            self.nodes(otherwise);
        }
        self.push(Piece::Block("{{/each}}".to_owned()));
        self.scope.branches -= 1;
    }

    /// Gives the names of the loop their meaning, and returns how they are written.
    fn bind_names(&mut self, over: &Over<'_>, block: &For) -> String {
        let targets = match &block.target.kind {
            ExprKind::Tuple(targets) => targets.as_slice(),
            _ => std::slice::from_ref(&block.target),
        };
        let names: Vec<_> = targets.iter().filter_map(Expr::name).collect();
        let spell = |name: &str, beside: &[String]| self.scope.spelling(name, beside);
        let (bound, written) = match (over, names.as_slice()) {
            (Over::Items(_), [key, value]) if targets.len() == 2 && key != value => {
                let value_spelt = spell(value, &[]);
                let key_spelt = spell(key, std::slice::from_ref(&value_spelt));
                let written = format!("{value_spelt} {key_spelt}");
                let names = vec![(*key, key_spelt, Type::Text), (*value, value_spelt, Type::Any)];
                (names, written)
            }
            (Over::List(_) | Over::Values(_), [name]) if targets.len() == 1 && !is_tuple(block) => {
                let item = spell(name, &[]);
                (vec![(*name, item.clone(), Type::Any)], item)
            }
            (Over::Keys(_), [name]) if targets.len() == 1 && !is_tuple(block) => {
                let value = spell("value", &[]);
                let key = spell(name, std::slice::from_ref(&value));
                let written = format!("{value} {key}");
                (vec![(*name, key, Type::Text)], written)
            }
            (Over::Items(_), _) => {
                let reason = "pairs are taken apart: write `for key, value in x.items()`";
                self.findings.report(block.line, "items()", reason);
                (Vec::new(), "item".to_owned())
            }
            _ => {
                let reason = "items that are taken apart have no equal; name the item and read `item[0]`, or loop over `x.items()`";
                self.findings.report(block.line, "for k, v", reason);
                (Vec::new(), "item".to_owned())
            }
        };
        for target in targets.iter().filter_map(Expr::name) {
            self.scope.bind(target, Binding::Reported);
        }
        for (name, spelt, of) in bound {
            self.scope.bind(name, Binding::Local(spelt, of));
        }
        written
    }

    /// Reports what cannot be looped over, and notes what is taken for granted.
    fn check_over(&mut self, over: &Over<'_>, list: &Ir, block: &For) {
        let line = block.line;
        if list.is_refused() {
            return;
        }
        self.has_structure(list, line);
        let Some(shown) = shown(list).filter(|_| list.type_of() == Type::Any) else {
            self.findings.report(line, "for", "only a variable can be looped over");
            return;
        };
        let Over::List(expr) = over else {
            return;
        };
        if let Some(name) = block.target.name()
            && nodes_read(&block.body, expr, name)
        {
            let reason = format!("a loop over keys: write `for {name}, value in x.items()`");
            self.findings.report(line, "for", reason);
        }
        let note = format!(
            "{shown} is taken for a list; of an object Jinja2 gives the keys, and of a text the characters"
        );
        self.findings.note(line, "for", note);
    }
}

fn is_tuple(block: &For) -> bool {
    matches!(block.target.kind, ExprKind::Tuple(_))
}

fn over(expr: &Expr) -> Over<'_> {
    match &expr.kind {
        // A loop goes over nothing as it goes over an empty list.
        ExprKind::Filter(inner, name, args) if matches!(name.as_str(), "default" | "d") => {
            let is_empty = |expr: &Expr| matches!(&expr.kind, ExprKind::List(items) if items.is_empty());
            match args.plain.as_slice() {
                [first] | [first, _]
                    if is_empty(first) && args.named.is_empty() && args.spread.is_empty() =>
                {
                    over(inner)
                }
                _ => Over::List(expr),
            }
        }
        ExprKind::Filter(inner, name, args) if name == "items" && args.is_empty() => Over::Items(inner),
        ExprKind::Call(callee, args) if args.is_empty() => match &callee.kind {
            ExprKind::Attribute(of, name) if name == "items" => Over::Items(of),
            ExprKind::Attribute(of, name) if name == "keys" => Over::Keys(of),
            ExprKind::Attribute(of, name) if name == "values" => Over::Values(of),
            _ => Over::List(expr),
        },
        _ => Over::List(expr),
    }
}

/// True where `of[name]` is read anywhere: what is looped over are keys of it.
fn nodes_read(nodes: &[Node], of: &Expr, name: &str) -> bool {
    let reads = |expr: &Expr| expr_reads(expr, of, name);
    nodes.iter().any(|node| match node {
        Node::Text(_) => false,
        Node::Print(expr) | Node::Set { value: expr, .. } | Node::Include { name: expr, .. } => reads(expr),
        Node::If { branches, otherwise } => {
            branches.iter().any(|(test, body)| reads(test) || nodes_read(body, of, name))
                || otherwise.as_ref().is_some_and(|body| nodes_read(body, of, name))
        }
        Node::For(block) => {
            reads(&block.over)
                || block.test.as_ref().is_some_and(reads)
                || nodes_read(&block.body, of, name)
                || block.otherwise.as_ref().is_some_and(|body| nodes_read(body, of, name))
        }
        Node::Other(Other { exprs, bodies, .. }) => {
            exprs.iter().any(reads) || bodies.iter().any(|body| nodes_read(body, of, name))
        }
    })
}

fn expr_reads(expr: &Expr, of: &Expr, name: &str) -> bool {
    let here = match &expr.kind {
        ExprKind::Item(inner, key) => inner.is_same_path(of) && key.name() == Some(name),
        _ => false,
    };
    here || expr.children().into_iter().any(|child| expr_reads(child, of, name))
}
