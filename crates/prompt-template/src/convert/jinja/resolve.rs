//! From the tree of an expression to what it means here: names, attributes, calls, comparisons.

use crate::convert::Values;
use crate::convert::jinja::Converter;
use crate::convert::jinja::ast::{Args, Expr, ExprKind};
use crate::convert::jinja::ir::{Call, Ir, Type};
use crate::convert::jinja::scope::Binding;
use crate::convert::path::{Path, Step};

/// Methods of dicts, which hide keys of the same name.
const METHODS: [&str; 11] =
    ["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

/// Functions that every template of Jinja2 has.
const GLOBALS: [&str; 6] = ["range", "dict", "lipsum", "cycler", "joiner", "namespace"];

impl Converter<'_> {
    pub(super) fn refuse(&mut self, line: usize, construct: impl Into<String>, reason: &str) -> Ir {
        self.findings.report(line, construct, reason);
        Ir::Refused
    }

    pub(super) fn resolve_all<'e>(&mut self, all: impl IntoIterator<Item = &'e Expr>) -> Vec<Ir> {
        all.into_iter().map(|expr| self.resolve(expr)).collect()
    }

    /// What an expression means. What has no meaning here is reported, and so is what it holds.
    pub(super) fn resolve(&mut self, expr: &Expr) -> Ir {
        let line = expr.line;
        match &expr.kind {
            ExprKind::Text(text) => Ir::Text(text.clone()),
            ExprKind::Integer(value) => Ir::Integer(*value),
            ExprKind::Float(value) => Ir::Float(*value),
            ExprKind::Bool(value) => Ir::Bool(*value),
            ExprKind::None => Ir::None,
            ExprKind::Name(name) => self.name(name, line),
            ExprKind::Attribute(of, name) => self.attribute(of, name, line),
            ExprKind::Item(of, key) => self.item(of, key, line),
            ExprKind::Call(callee, args) => self.call(callee, args, line),
            ExprKind::Filter(of, name, args) => self.filter(of, name, args, line),
            ExprKind::Test(of, name, args) => self.test(of, name, args, line),
            ExprKind::Not(inner) => self.resolve(inner).negated(),
            ExprKind::And(all) => self.logic(all, Ir::And),
            ExprKind::Or(all) => self.logic(all, Ir::Or),
            ExprKind::Compare(first, rest) => self.compare(first, rest, line),
            ExprKind::Concat(parts) => self.concat(parts, line),
            ExprKind::Choice(test, then, otherwise) => {
                let (test, then) = (self.resolve(test), self.resolve(then));
                let otherwise = otherwise.as_ref().map(|expr| Box::new(self.resolve(expr)));
                let refused = otherwise.as_ref().is_some_and(|ir| ir.is_refused());
                if test.is_refused() || then.is_refused() || refused {
                    return Ir::Refused;
                }
                Ir::Choice(Box::new(test), Box::new(then), otherwise)
            }
            ExprKind::Negative(inner) => match inner.kind {
                ExprKind::Integer(value) => Ir::Integer(-value),
                ExprKind::Float(value) => Ir::Float(-value),
                _ => self.without_equal(expr),
            },
            _ => self.without_equal(expr),
        }
    }

    fn without_equal(&mut self, expr: &Expr) -> Ir {
        self.resolve_all(expr.children());
        let (construct, reason) = match &expr.kind {
            ExprKind::Arithmetic(operands) => match operands.first().map(|first| &first.kind) {
                Some(ExprKind::Text(text)) if text.contains('%') => {
                    ("% formatting", "write the values into the text: `a {{ b }} c`, or join them with `~`")
                }
                _ => ("arithmetic", "compute the value before rendering; texts are joined with `~`"),
            },
            ExprKind::Negative(_) => ("arithmetic", "compute the value before rendering"),
            ExprKind::Slice(_) => ("slice", "cut the list or the text before rendering"),
            ExprKind::List(_) => ("list literal", "pass the list as a variable"),
            ExprKind::Tuple(_) => ("tuple literal", "pass the list as a variable"),
            ExprKind::Dict(_) => ("dict literal", "pass the object as a variable"),
            _ => ("expression", "this has no equal in Handlebars"),
        };
        self.refuse(expr.line, construct, reason)
    }

    fn name(&mut self, name: &str, line: usize) -> Ir {
        match self.scope.find(name) {
            Some(Binding::Local(spelt, of)) => return Ir::Path(Path::local(spelt), *of),
            Some(Binding::Alias(ir)) => return ir.clone(),
            Some(Binding::Reported) => return Ir::Refused,
            None => {}
        }
        match name {
            "loop" => {
                let reason = "`loop` has no equal as a value; write the loop that it belongs to here";
                self.refuse(line, "loop", reason)
            }
            "self" => self.refuse(line, "self", "blocks of a template have no equal"),
            "this" => {
                self.refuse(line, "name clash", "no path of Handlebars can name it; rename the variable")
            }
            _ => {
                if GLOBALS.contains(&name) {
                    let note = format!("`{name}` is taken for a variable; without one it is a function");
                    self.findings.note(line, name, note);
                }
                let is_text = self.texts.contains(name);
                Ir::Path(Path::variable(name), if is_text { Type::Text } else { Type::Any })
            }
        }
    }

    fn attribute(&mut self, of: &Expr, name: &str, line: usize) -> Ir {
        if of.name() == Some("loop") && self.scope.find("loop").is_none() {
            return self.loop_attribute(name, line);
        }
        let of = self.resolve(of);
        if of.is_refused() {
            return of;
        }
        if METHODS.contains(&name) || name.starts_with("__") {
            let reason = format!("`.{name}` is a method of Python; for the key write `['{name}']`");
            return self.refuse(line, format!("attribute {name}"), &reason);
        }
        self.step(of, Step::Key(name.to_owned()), line)
    }

    fn step(&mut self, of: Ir, step: Step, line: usize) -> Ir {
        self.has_structure(&of, line);
        match of {
            Ir::Path(mut path, _) if step.can_be_spelt() => {
                path.steps.push(step);
                Ir::Path(path, Type::Any)
            }
            Ir::Path(..) | Ir::Call(_) => {
                let key = match step {
                    Step::Key(key) => Ir::Text(key),
                    Step::Index(index) => Ir::Integer(i64::try_from(index).unwrap_or(i64::MAX)),
                };
                Ir::lookup(of, key)
            }
            Ir::Refused => Ir::Refused,
            _ => self.refuse(line, "subscript", "nothing can be read of this value; give it a variable"),
        }
    }

    fn item(&mut self, of: &Expr, key: &Expr, line: usize) -> Ir {
        let of = self.resolve(of);
        let key = self.resolve(key);
        match key {
            Ir::Refused => Ir::Refused,
            Ir::Text(key) => {
                if METHODS.contains(&key.as_str()) {
                    let note =
                        format!("the key `{key}` is taken to be there; without it Jinja2 finds a method");
                    self.findings.note(line, "subscript const", note);
                }
                // Jinja2 finds no item of a list by a text, but Handlebars does.
                if key.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.note_kind(&of, "an object, not for a list", line);
                }
                self.step(of, Step::Key(key), line)
            }
            Ir::Integer(index) => match u64::try_from(index) {
                Ok(index) => {
                    self.note_kind(&of, "a list, not for a text or an object", line);
                    self.step(of, Step::Index(index), line)
                }
                Err(_) => self.refuse(line, "negative index", "use `|last`, or pass the item as a variable"),
            },
            Ir::Path(..) | Ir::Local(..) | Ir::Call(_) | Ir::Concat(_) => match of {
                Ir::Refused => Ir::Refused,
                Ir::Path(..) | Ir::Call(_) => {
                    self.note_key(&of, &key, line);
                    self.has_structure(&of, line);
                    Ir::lookup(of, key)
                }
                _ => self.refuse(line, "subscript", "nothing can be read of this value; give it a variable"),
            },
            _ => self.refuse(line, "subscript", "this cannot be a key; pass the item as a variable"),
        }
    }

    /// Handlebars reads no characters of a text by their index, and does not tell the text `0` from the number.
    fn note_key(&mut self, of: &Ir, key: &Ir, line: usize) {
        let kind = match key.type_of() {
            Type::Text => "an object, not for a list",
            Type::Integer => "a list, not for a text or an object",
            _ => "a list or an object, not for a text, and its key for what it has: numbers or texts",
        };
        self.note_kind(of, kind, line);
    }

    fn note_kind(&mut self, of: &Ir, kind: &str, line: usize) {
        if let Some(shown) = shown(of) {
            self.findings.note(line, "subscript", format!("{shown} is taken for {kind}"));
        }
    }

    fn loop_attribute(&mut self, name: &str, line: usize) -> Ir {
        let construct = format!("loop.{name}");
        let Some(innermost) = self.scope.loops.last() else {
            return self.refuse(line, "loop", "there is no loop around it in this template");
        };
        if innermost.filtered {
            let reason = "the loop passes over items, which Handlebars would count; filter the list before";
            return self.refuse(line, "for if", reason);
        }
        match name {
            "index" => Ir::call("inc", vec![Ir::Local("@index", Type::Integer)], Type::Integer),
            "index0" => Ir::Local("@index", Type::Integer),
            "first" => Ir::Local("@first", Type::Bool),
            "last" => Ir::Local("@last", Type::Bool),
            "length" => Ir::call("length", vec![innermost.over.clone()], Type::Integer),
            _ => self.refuse(line, construct, "loops of Handlebars know `loop.index`, `index0`, `first`, `last` and `length` alone; give the items what they need"),
        }
    }

    fn logic(&mut self, all: &[Expr], kind: fn(Vec<Ir>) -> Ir) -> Ir {
        let all = self.resolve_all(all);
        if all.iter().any(Ir::is_refused) { Ir::Refused } else { kind(all) }
    }

    fn concat(&mut self, parts: &[Expr], line: usize) -> Ir {
        let parts = self.resolve_all(parts);
        if parts.iter().any(Ir::is_refused) {
            return Ir::Refused;
        }
        if parts.iter().any(Ir::has_markup) {
            let reason = "`~` escapes as HTML what is joined with a value that is marked as safe; print them one after the other";
            return self.refuse(line, "safe value in ~", reason);
        }
        Ir::Concat(parts)
    }

    /// A value as Python's `str` gives it.
    pub(super) fn as_text(&self, ir: Ir) -> Ir {
        match ir {
            Ir::Refused => Ir::Refused,
            Ir::Integer(value) => Ir::Text(value.to_string()),
            Ir::Bool(true) => Ir::Text("True".to_owned()),
            Ir::Bool(false) => Ir::Text("False".to_owned()),
            Ir::None => Ir::Text("None".to_owned()),
            _ => match ir.type_of() {
                Type::Text => ir,
                Type::Any if self.options.values == Values::Text && !ir.has_python_fallback() => ir,
                _ => {
                    let markup = ir.has_markup();
                    Ir::Call(Call {
                        helper: "pystr",
                        args: vec![ir],
                        named: Vec::new(),
                        of: Type::Text,
                        markup,
                    })
                }
            },
        }
    }

    fn call(&mut self, callee: &Expr, args: &Args, line: usize) -> Ir {
        match &callee.kind {
            ExprKind::Name(name) => {
                self.resolve_all(args.all());
                let reason = match (name.as_str(), self.scope.find(name)) {
                    (_, Some(_)) => return Ir::Refused,
                    ("caller", _) => "a block that is passed to a macro has no equal",
                    ("super", _) => "the text of a block that is overridden has no equal",
                    ("loop", _) => "a loop that calls itself has no equal",
                    (name, _) if GLOBALS.contains(&name) => {
                        return self.refuse(
                            line,
                            name,
                            "this function has no equal; pass its value as a variable",
                        );
                    }
                    _ => "functions have no equal; pass the value as a variable",
                };
                self.refuse(line, format!("{name}()"), reason)
            }
            ExprKind::Attribute(of, name) => match of.name() {
                Some("loop") if self.scope.find("loop").is_none() => {
                    self.resolve_all(args.all());
                    self.refuse(
                        line,
                        format!("loop.{name}"),
                        "this has no equal; give the items what they need",
                    )
                }
                _ => self.method(of, name, args, line),
            },
            _ => {
                self.resolve(callee);
                self.resolve_all(args.all());
                self.refuse(line, "function call", "functions have no equal; pass the value as a variable")
            }
        }
    }

    /// The methods of dicts and strings that have an equal.
    fn method(&mut self, of: &Expr, name: &str, args: &Args, line: usize) -> Ir {
        let is_text = matches!(of.kind, ExprKind::Text(_));
        let of = self.resolve(of);
        let plain = self.resolve_all(args.all());
        if of.is_refused() || plain.iter().any(Ir::is_refused) {
            return Ir::Refused;
        }
        let fits = args.named.is_empty() && args.spread.is_empty();
        match (name, plain.as_slice()) {
            _ if !fits => {}
            ("get", [key] | [key, _]) => {
                let fallback = plain.get(1).cloned().unwrap_or(Ir::None);
                self.has_structure(&of, line);
                let found = match key {
                    Ir::Text(key) => self.step(of, Step::Key(key.clone()), line),
                    key => Ir::lookup(of, key.clone()),
                };
                if found.is_refused() {
                    return found;
                }
                return Ir::call("default", vec![found, fallback], Type::Any);
            }
            ("upper", []) => return Ir::call("upper", vec![of], Type::Text),
            ("lower", []) => return Ir::call("lower", vec![of], Type::Text),
            ("capitalize", []) => return Ir::call("capitalize", vec![of], Type::Text),
            ("strip", []) => return Ir::call("trim", vec![of], Type::Text),
            ("replace", [old, new]) => {
                return Ir::call("replace", vec![of, old.clone(), new.clone()], Type::Text);
            }
            ("join", [list]) if is_text => return Ir::call("join", vec![list.clone(), of], Type::Text),
            _ => {}
        }
        let reason = match name {
            "items" | "keys" | "values" => "this stands in `{% for %}` alone",
            "format" => "write the values into the text: `a {{ b }} c`, or join them with `~`",
            _ => "this method has no equal; pass the value as a variable",
        };
        self.refuse(line, format!("{name}()"), reason)
    }
}

/// How a person would call a value that is not known before rendering.
pub(super) fn shown(ir: &Ir) -> Option<String> {
    match ir {
        Ir::Path(path, _) => Some(format!("`{}`", path.spell(false))),
        Ir::Call(call) if call.of == Type::Any => Some(format!("what `{}` gives", call.helper)),
        _ => None,
    }
}
