//! Comparisons and tests.

use crate::convert::Values;
use crate::convert::jinja::Converter;
use crate::convert::jinja::ast::{Args, Expr, ExprKind};
use crate::convert::jinja::ir::{Ir, Type};

impl Converter<'_> {
    /// `a < b <= c` is `a < b and b <= c`.
    pub(super) fn compare(&mut self, first: &Expr, rest: &[(&'static str, Expr)], line: usize) -> Ir {
        let mut left = first;
        let mut all = Vec::new();
        for (operator, right) in rest {
            all.push(self.comparison(left, operator, right, line));
            left = right;
        }
        if all.iter().any(Ir::is_refused) {
            return Ir::Refused;
        }
        if all.len() == 1 { all.remove(0) } else { Ir::And(all) }
    }

    fn comparison(&mut self, left: &Expr, operator: &str, right: &Expr, line: usize) -> Ir {
        match operator {
            "in" => return self.contained(left, right),
            "not in" => return self.contained(left, right).negated(),
            _ => {}
        }
        let (left, right) = (self.resolve(left), self.resolve(right));
        self.compared(left, operator, right, line)
    }

    fn compared(&mut self, left: Ir, operator: &str, right: Ir, line: usize) -> Ir {
        if left.is_refused() || right.is_refused() {
            return Ir::Refused;
        }
        let helper = match operator {
            "==" => return self.equal(left, right),
            "!=" => return self.equal(left, right).negated(),
            "<" => "lt",
            "<=" => "lte",
            ">" => "gt",
            _ => "gte",
        };
        if [&left, &right].into_iter().any(|ir| matches!(ir, Ir::Bool(_) | Ir::None)) {
            return self.refuse(line, "comparison", "only numbers and texts have an order here");
        }
        Ir::call(helper, vec![left, right], Type::Bool)
    }

    /// The built-in `eq` where it agrees with Python, which takes 1, 1.0 and true for the same.
    fn equal(&self, left: Ir, right: Ir) -> Ir {
        let (a, b) = (left.type_of(), right.type_of());
        let literal =
            [&left, &right].into_iter().any(|ir| matches!(ir, Ir::Bool(_) | Ir::None | Ir::Float(_)));
        let plain = a == Type::Text
            || b == Type::Text
            || (a == Type::Integer && b == Type::Integer)
            || (self.options.values == Values::Text && !literal);
        Ir::call(if plain { "eq" } else { "pyeq" }, vec![left, right], Type::Bool)
    }

    /// `item in list`; a list that is written out becomes comparisons.
    fn contained(&mut self, item: &Expr, list: &Expr) -> Ir {
        if let ExprKind::List(options) | ExprKind::Tuple(options) = &list.kind
            && options.iter().all(|option| matches!(option.kind, ExprKind::Text(_) | ExprKind::Integer(_)))
        {
            let item = self.resolve(item);
            let mut options = self.resolve_all(options);
            if item.is_refused() {
                return item;
            }
            options = options.into_iter().map(|option| self.equal(item.clone(), option)).collect();
            return match options.len() {
                0 => Ir::Bool(false),
                1 => options.remove(0),
                _ => Ir::Or(options),
            };
        }
        let list = match &list.kind {
            ExprKind::Call(callee, args) if args.is_empty() => match &callee.kind {
                ExprKind::Attribute(of, name) if name == "keys" => of,
                _ => list,
            },
            _ => list,
        };
        let (item, list) = (self.resolve(item), self.resolve(list));
        if item.is_refused() || list.is_refused() {
            return Ir::Refused;
        }
        Ir::call("contains", vec![list, item], Type::Bool)
    }

    /// `value is name`.
    pub(super) fn test(&mut self, of: &Expr, name: &str, args: &Args, line: usize) -> Ir {
        if name == "in"
            && let [list] = args.plain.as_slice()
        {
            return self.contained(of, list);
        }
        let operand = of;
        let of = self.resolve(of);
        let mut plain = self.resolve_all(args.all());
        if plain.iter().any(Ir::is_refused) {
            return Ir::Refused;
        }
        let fits = args.named.is_empty() && args.spread.is_empty();
        let operator = match name {
            "eq" | "equalto" | "==" => "==",
            "ne" | "!=" => "!=",
            "lt" | "lessthan" => "<",
            "le" => "<=",
            "gt" | "greaterthan" => ">",
            "ge" => ">=",
            _ => "",
        };
        match plain.len() {
            1 if fits && !operator.is_empty() => {
                return self.compared(of, operator, plain.remove(0), line);
            }
            0 => {}
            _ => return self.without_test(name, line),
        }
        if of.is_refused() {
            return of;
        }
        match name {
            "defined" => self.defined(of, operand.line),
            "undefined" => self.defined(of, operand.line).negated(),
            "none" => self.equal(of, Ir::None),
            "true" | "false" => Ir::call("eq", vec![of, Ir::Bool(name == "true")], Type::Bool),
            "boolean" => {
                let is = |value| Ir::call("eq", vec![of.clone(), Ir::Bool(value)], Type::Bool);
                Ir::Or(vec![is(true), is(false)])
            }
            _ => self.without_test(name, line),
        }
    }

    fn without_test(&mut self, name: &str, line: usize) -> Ir {
        let reason = "this test has no equal; pass its answer as a variable";
        self.refuse(line, format!("test {name}"), reason)
    }

    fn defined(&mut self, of: Ir, line: usize) -> Ir {
        match of {
            Ir::Path(..) => Ir::call("isdef", vec![of], Type::Bool),
            Ir::Call(ref call) if call.of == Type::Any => Ir::call("isdef", vec![of], Type::Bool),
            Ir::Choice(..) | Ir::And(_) | Ir::Or(_) => {
                self.refuse(line, "test defined", "test the variables themselves, one by one")
            }
            _ => Ir::Bool(true),
        }
    }
}
