//! The parser of expressions, one function for each level of precedence, as in `jinja2/parser.py`.

use crate::convert::jinja::ast::{Args, Expr, ExprKind};
use crate::convert::jinja::lexer::{Kind, Stop};
use crate::convert::jinja::parser::{DEEPEST, MOST_PARTS, Parse, Parser};

impl Parser {
    /// An expression node, which is refused where it is too deep to be walked.
    fn node(&self, kind: ExprKind, line: usize) -> Parse<Expr> {
        let mut expr = Expr { kind, line, depth: 1 };
        let children = expr.children();
        if children.len() > MOST_PARTS {
            let reason = format!("this has more than {MOST_PARTS} parts; prepare the value before rendering");
            return Err(Stop { line, construct: "size", reason });
        }
        let depth = children.iter().map(|child| child.depth).max().unwrap_or_default() + 1;
        if depth > DEEPEST {
            return Err(self.too_deep());
        }
        expr.depth = depth;
        Ok(expr)
    }

    /// One expression, or a tuple where a comma follows.
    pub(super) fn tuple(&mut self, choices: bool, ends: &[&str]) -> Parse<Expr> {
        let line = self.line();
        let mut items = Vec::new();
        let mut is_tuple = false;
        loop {
            if self.is_tuple_end(ends) {
                break;
            }
            items.push(if choices { self.expression()? } else { self.or()? });
            if !self.eat(",") {
                break;
            }
            is_tuple = true;
        }
        self.one_or_tuple(items, is_tuple, line)
    }

    fn one_or_tuple(&self, mut items: Vec<Expr>, is_tuple: bool, line: usize) -> Parse<Expr> {
        if is_tuple {
            return self.node(ExprKind::Tuple(items), line);
        }
        items.pop().ok_or_else(|| Stop::syntax(line, "an expression is missing"))
    }

    fn is_tuple_end(&self, ends: &[&str]) -> bool {
        match self.peek() {
            Kind::ClosePrint | Kind::CloseBlock | Kind::Operator(")") => true,
            Kind::Name(name) => ends.contains(&name.as_str()),
            _ => false,
        }
    }

    /// What stands left of `=` or `in`: names, members of namespaces, and tuples of them.
    pub(super) fn target(&mut self, ends: &[&str], members: bool) -> Parse<Expr> {
        let line = self.line();
        let mut items = Vec::new();
        let mut is_tuple = false;
        while !self.is_tuple_end(ends) {
            let line = self.line();
            let mut item = self.primary()?;
            if members && item.name().is_some() && self.eat(".") {
                self.name()?;
                item = self.node(ExprKind::Member, line)?;
            }
            items.push(item);
            if !self.eat(",") {
                break;
            }
            is_tuple = true;
        }
        let target = self.one_or_tuple(items, is_tuple, line)?;
        if can_assign(&target) { Ok(target) } else { Err(Stop::syntax(line, "this cannot be assigned to")) }
    }

    pub(super) fn expression(&mut self) -> Parse<Expr> {
        self.deeper()?;
        let line = self.line();
        let mut expr = self.or()?;
        while self.eat_name("if") {
            let test = self.or()?;
            let otherwise = if self.eat_name("else") { Some(Box::new(self.expression()?)) } else { None };
            expr = self.node(ExprKind::Choice(Box::new(test), Box::new(expr), otherwise), line)?;
        }
        self.depth -= 1;
        Ok(expr)
    }

    fn many(
        &mut self,
        word: &str,
        kind: fn(Vec<Expr>) -> ExprKind,
        next: fn(&mut Self) -> Parse<Expr>,
    ) -> Parse<Expr> {
        let line = self.line();
        let first = next(self)?;
        let mut all = vec![first];
        while self.eat_name(word) {
            all.push(next(self)?);
        }
        match all.len() {
            1 => all.pop().ok_or_else(|| Stop::syntax(line, "an expression is missing")),
            _ => self.node(kind(all), line),
        }
    }

    pub(super) fn or(&mut self) -> Parse<Expr> {
        self.many("or", ExprKind::Or, Self::and)
    }

    fn and(&mut self) -> Parse<Expr> {
        self.many("and", ExprKind::And, Self::not)
    }

    fn not(&mut self) -> Parse<Expr> {
        let line = self.line();
        if !self.eat_name("not") {
            return self.compare();
        }
        self.deeper()?;
        let inner = self.not()?;
        self.depth -= 1;
        self.node(ExprKind::Not(Box::new(inner)), line)
    }

    fn compare(&mut self) -> Parse<Expr> {
        let line = self.line();
        let first = self.sum()?;
        let mut rest = Vec::new();
        loop {
            let operator = match self.peek() {
                Kind::Operator(operator @ ("==" | "!=" | "<" | "<=" | ">" | ">=")) => *operator,
                Kind::Name(name) if name == "in" => "in",
                Kind::Name(name) if name == "not" && self.next_is_name("in") => {
                    self.advance();
                    "not in"
                }
                _ => break,
            };
            self.advance();
            rest.push((operator, self.sum()?));
        }
        if rest.is_empty() { Ok(first) } else { self.node(ExprKind::Compare(Box::new(first), rest), line) }
    }

    fn arithmetic(&mut self, operators: &[&str], next: fn(&mut Self) -> Parse<Expr>) -> Parse<Expr> {
        let line = self.line();
        let first = next(self)?;
        let mut all = vec![first];
        while let Kind::Operator(operator) = self.peek()
            && operators.contains(operator)
        {
            self.advance();
            all.push(next(self)?);
        }
        match all.len() {
            1 => all.pop().ok_or_else(|| Stop::syntax(line, "an expression is missing")),
            _ => self.node(ExprKind::Arithmetic(all), line),
        }
    }

    fn sum(&mut self) -> Parse<Expr> {
        self.arithmetic(&["+", "-"], Self::concat)
    }

    fn concat(&mut self) -> Parse<Expr> {
        let line = self.line();
        let first = self.product()?;
        let mut all = vec![first];
        while self.eat("~") {
            all.push(self.product()?);
        }
        match all.len() {
            1 => all.pop().ok_or_else(|| Stop::syntax(line, "an expression is missing")),
            _ => self.node(ExprKind::Concat(all), line),
        }
    }

    fn product(&mut self) -> Parse<Expr> {
        self.arithmetic(&["*", "/", "//", "%"], Self::power)
    }

    fn power(&mut self) -> Parse<Expr> {
        self.arithmetic(&["**"], |parser| parser.unary(true))
    }

    fn unary(&mut self, filters: bool) -> Parse<Expr> {
        let line = self.line();
        let minus = self.eat("-");
        let mut expr = if minus || self.eat("+") {
            self.deeper()?;
            let inner = self.unary(false)?;
            self.depth -= 1;
            let kind =
                if minus { ExprKind::Negative(Box::new(inner)) } else { ExprKind::Arithmetic(vec![inner]) };
            self.node(kind, line)?
        } else {
            self.primary()?
        };
        expr = self.postfix(expr)?;
        if filters { self.filters(expr) } else { Ok(expr) }
    }

    fn primary(&mut self) -> Parse<Expr> {
        let line = self.line();
        let kind = match self.take() {
            Kind::Name(name) => match name.as_str() {
                "true" | "True" => ExprKind::Bool(true),
                "false" | "False" => ExprKind::Bool(false),
                "none" | "None" => ExprKind::None,
                _ => ExprKind::Name(name),
            },
            Kind::Text(mut text) => {
                while let Kind::Text(more) = self.peek() {
                    text.push_str(more);
                    self.advance();
                }
                ExprKind::Text(text)
            }
            Kind::Integer(value) => ExprKind::Integer(value),
            Kind::Float(value) => ExprKind::Float(value),
            Kind::Operator("(") => {
                if self.eat(")") {
                    return self.node(ExprKind::Tuple(Vec::new()), line);
                }
                let inner = self.tuple(true, &[])?;
                self.expect(")")?;
                return Ok(inner);
            }
            Kind::Operator("[") => ExprKind::List(self.items("]")?),
            Kind::Operator("{") => ExprKind::Dict(self.items("}")?),
            other => return Err(Self::unexpected(&other, line)),
        };
        self.node(kind, line)
    }

    /// The items of a list, or the keys and values of a dict.
    fn items(&mut self, end: &'static str) -> Parse<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.is_operator(end) {
            if !items.is_empty() {
                self.expect(",")?;
            }
            if self.is_operator(end) {
                break;
            }
            items.push(self.expression()?);
            if end == "}" {
                self.expect(":")?;
                items.push(self.expression()?);
            }
        }
        self.expect(end)?;
        Ok(items)
    }

    fn postfix(&mut self, mut expr: Expr) -> Parse<Expr> {
        loop {
            let line = self.line();
            let kind = match self.peek() {
                Kind::Operator(".") => {
                    self.advance();
                    match self.take() {
                        Kind::Name(name) => ExprKind::Attribute(Box::new(expr), name),
                        Kind::Integer(value) => {
                            let key = self.node(ExprKind::Integer(value), line)?;
                            ExprKind::Item(Box::new(expr), Box::new(key))
                        }
                        other => return Err(Self::unexpected(&other, line)),
                    }
                }
                Kind::Operator("[") => {
                    self.advance();
                    let key = self.subscript(line)?;
                    ExprKind::Item(Box::new(expr), Box::new(key))
                }
                Kind::Operator("(") => {
                    let args = self.args()?;
                    ExprKind::Call(Box::new(expr), args)
                }
                _ => return Ok(expr),
            };
            expr = self.node(kind, line)?;
        }
    }

    fn subscript(&mut self, line: usize) -> Parse<Expr> {
        let mut keys = Vec::new();
        while !self.is_operator("]") {
            if !keys.is_empty() {
                self.expect(",")?;
            }
            keys.push(self.one_subscript()?);
        }
        self.expect("]")?;
        match keys.len() {
            1 => keys.pop().ok_or_else(|| Stop::syntax(line, "a subscript is missing")),
            _ => self.node(ExprKind::Tuple(keys), line),
        }
    }

    fn one_subscript(&mut self) -> Parse<Expr> {
        let line = self.line();
        let mut parts = Vec::new();
        if !self.is_operator(":") {
            let first = self.expression()?;
            if !self.is_operator(":") {
                return Ok(first);
            }
            parts.push(first);
        }
        for _ in 0..2 {
            if self.eat(":") && !matches!(self.peek(), Kind::Operator("]" | "," | ":")) {
                parts.push(self.expression()?);
            }
        }
        self.node(ExprKind::Slice(parts), line)
    }

    fn filters(&mut self, mut expr: Expr) -> Parse<Expr> {
        loop {
            expr = match self.peek() {
                Kind::Operator("|") => self.filter(expr)?,
                Kind::Name(name) if name == "is" => self.test(expr)?,
                Kind::Operator("(") => {
                    let line = self.line();
                    let args = self.args()?;
                    self.node(ExprKind::Call(Box::new(expr), args), line)?
                }
                _ => return Ok(expr),
            };
        }
    }

    /// One filter, from its `|` on.
    pub(super) fn filter(&mut self, expr: Expr) -> Parse<Expr> {
        self.eat("|");
        let line = self.line();
        let name = self.dotted_name()?;
        let args = if self.is_operator("(") { self.args()? } else { Args::default() };
        self.node(ExprKind::Filter(Box::new(expr), name, args), line)
    }

    fn dotted_name(&mut self) -> Parse<String> {
        let mut name = self.name()?;
        while self.eat(".") {
            name = format!("{name}.{}", self.name()?);
        }
        Ok(name)
    }

    fn test(&mut self, expr: Expr) -> Parse<Expr> {
        let line = self.line();
        self.advance();
        let negated = self.eat_name("not");
        let name = self.dotted_name()?;
        let has_operand = match self.peek() {
            Kind::Name(name) if name == "is" => {
                return Err(Stop::syntax(line, "tests with `is` cannot be chained"));
            }
            Kind::Name(name) => !matches!(name.as_str(), "else" | "or" | "and"),
            Kind::Text(_) | Kind::Integer(_) | Kind::Float(_) | Kind::Operator("[" | "{") => true,
            _ => false,
        };
        let mut args = Args::default();
        if self.is_operator("(") {
            args = self.args()?;
        } else if has_operand {
            let operand = self.primary()?;
            args.plain.push(self.postfix(operand)?);
        }
        let test = self.node(ExprKind::Test(Box::new(expr), name, args), line)?;
        if negated { self.node(ExprKind::Not(Box::new(test)), line) } else { Ok(test) }
    }

    fn args(&mut self) -> Parse<Args> {
        let line = self.line();
        self.expect("(")?;
        let mut args = Args::default();
        let mut spread_named = false;
        let mut first = true;
        while !self.is_operator(")") {
            if !first {
                self.expect(",")?;
                if self.is_operator(")") {
                    break;
                }
            }
            first = false;
            let fits;
            if self.eat("*") {
                fits = args.spread.is_empty();
                args.spread.push(self.expression()?);
            } else if self.eat("**") {
                fits = !spread_named;
                spread_named = true;
                args.spread.push(self.expression()?);
            } else if let Some(name) = self.named_argument() {
                fits = !spread_named;
                let value = self.expression()?;
                args.named.push((name, value));
            } else {
                fits = args.spread.is_empty() && args.named.is_empty();
                args.plain.push(self.expression()?);
            }
            if !fits {
                return Err(Stop::syntax(line, "these arguments stand in an order that is not allowed"));
            }
        }
        self.expect(")")?;
        Ok(args)
    }
}

fn can_assign(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Name(_) | ExprKind::Member => true,
        ExprKind::Tuple(items) => items.iter().all(can_assign),
        _ => false,
    }
}
