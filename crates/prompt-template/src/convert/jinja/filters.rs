//! Filters.

use crate::convert::Values;
use crate::convert::jinja::Converter;
use crate::convert::jinja::ast::{Args, Expr};
use crate::convert::jinja::ir::{Call, Ir, Type};
use crate::convert::jinja::resolve::shown;

impl Converter<'_> {
    /// `value|name(args)`.
    pub(super) fn filter(&mut self, of: &Expr, name: &str, args: &Args, line: usize) -> Ir {
        let of = self.resolve(of);
        let names: &[&str] = match name {
            "upper" | "lower" | "capitalize" | "length" | "count" | "first" | "last" | "string" | "safe" => {
                &[]
            }
            "trim" => &["chars"],
            "replace" => &["old", "new", "count"],
            "indent" => &["width", "first", "blank"],
            "join" => &["d", "attribute"],
            "default" | "d" => &["default_value", "boolean"],
            "tojson" => &["indent"],
            _ => {
                self.resolve_all(args.all());
                let reason = "this filter has no equal; apply it before rendering";
                return self.refuse(line, format!("filter {name}"), reason);
            }
        };
        let Some(given) = self.bound(args, names) else {
            return self.refuse(
                line,
                format!("filter {name}"),
                "these arguments of the filter have no equal",
            );
        };
        if of.is_refused() || given.iter().flatten().any(Ir::is_refused) {
            return Ir::Refused;
        }
        match name {
            "first" | "last" => {
                if let Some(shown) = shown(&of).filter(|_| of.type_of() == Type::Any) {
                    let note =
                        format!("{shown} is taken for a list or a text; of an object Jinja2 gives a key");
                    self.findings.note(line, format!("filter {name}"), note);
                }
            }
            "join" => self.has_structure(&of, line),
            _ => {}
        }
        match self.filtered(of, name, &given) {
            Ok(ir) => ir,
            Err(reason) => self.refuse(line, format!("filter {name}"), reason),
        }
    }

    /// The arguments by the names of their parameters; nothing where they do not fit.
    fn bound(&mut self, args: &Args, names: &[&str]) -> Option<Vec<Option<Ir>>> {
        let plain = self.resolve_all(&args.plain);
        let by_name: Vec<_> = args.named.iter().map(|(name, value)| (name, self.resolve(value))).collect();
        if !args.spread.is_empty() || plain.len() > names.len() {
            return None;
        }
        let mut given: Vec<_> = plain.into_iter().map(Some).collect();
        given.resize(names.len(), None);
        for (name, value) in by_name {
            let at = names.iter().position(|known| known == name)?;
            if given[at].replace(value).is_some() {
                return None;
            }
        }
        Some(given)
    }

    fn filtered(&mut self, of: Ir, name: &str, given: &[Option<Ir>]) -> Result<Ir, &'static str> {
        let markup = of.has_markup();
        let arg = |at: usize| given.get(at).cloned().flatten();
        let call = |helper, args, of| Ir::Call(Call { helper, args, named: Vec::new(), of, markup });
        Ok(match name {
            "upper" => call("upper", vec![self.as_text(of)], Type::Text),
            "lower" => call("lower", vec![self.as_text(of)], Type::Text),
            "capitalize" => call("capitalize", vec![self.as_text(of)], Type::Text),
            "trim" if arg(0).is_some() => return Err("`trim` takes no characters here"),
            "trim" => call("trim", vec![self.as_text(of)], Type::Text),
            "string" => self.as_text(of),
            "safe" => {
                let args = vec![self.as_text(of)];
                Ir::Call(Call { helper: "pystr", args, named: Vec::new(), of: Type::Text, markup: true })
            }
            "length" | "count" => call("length", vec![of], Type::Integer),
            "first" => call("first", vec![of], Type::Any),
            "last" => call("last", vec![of], Type::Any),
            "replace" => {
                let (Some(old), Some(new), None) = (arg(0), arg(1), arg(2)) else {
                    return Err("`replace` takes the old and the new text, and no count");
                };
                call("replace", vec![self.as_text(of), self.as_text(old), self.as_text(new)], Type::Text)
            }
            "indent" => Self::indented(of, arg(0), [arg(1), arg(2)])?,
            "join" if arg(1).is_some() => return Err("`join` takes no attribute here; pass a list of texts"),
            "join" => {
                let separator = self.as_text(arg(0).unwrap_or(Ir::Text(String::new())));
                let python = ("values", Ir::Text("python".to_owned()));
                let named = if self.options.values == Values::Python { vec![python] } else { Vec::new() };
                Ir::Call(Call {
                    helper: "join",
                    args: vec![of, separator],
                    named,
                    of: Type::Text,
                    markup: false,
                })
            }
            "tojson" => {
                let named = match arg(0) {
                    None | Some(Ir::None) => Vec::new(),
                    Some(Ir::Integer(width)) if width >= 0 => vec![("indent", Ir::Integer(width))],
                    Some(_) => return Err("`tojson` takes a number as its `indent`"),
                };
                Ir::Call(Call { helper: "tojson", args: vec![of], named, of: Type::Text, markup: true })
            }
            _ => {
                let fallback = arg(0).unwrap_or(Ir::Text(String::new()));
                let both = of.type_of() == Type::Text && fallback.type_of() == Type::Text;
                let mut args = vec![of, fallback];
                match arg(1) {
                    None | Some(Ir::Bool(false)) => {}
                    Some(Ir::Bool(true)) => args.push(Ir::Bool(true)),
                    Some(_) => return Err("`default` takes true or false as its second argument"),
                }
                call("default", args, if both { Type::Text } else { Type::Any })
            }
        })
    }

    fn indented(of: Ir, width: Option<Ir>, flags: [Option<Ir>; 2]) -> Result<Ir, &'static str> {
        let markup = of.has_markup();
        let mut args = vec![of];
        match width {
            None => {}
            Some(Ir::Integer(width)) if width >= 0 => args.push(Ir::Integer(width)),
            Some(Ir::Text(indent)) => args.push(Ir::Text(indent)),
            Some(_) => return Err("`indent` takes a number or a text that is written out"),
        }
        let mut named = Vec::new();
        for (name, flag) in ["first", "blank"].into_iter().zip(flags) {
            match flag {
                None | Some(Ir::Bool(false)) => {}
                Some(Ir::Bool(true)) => named.push((name, Ir::Bool(true))),
                Some(_) => return Err("`indent` takes true or false as its second and third argument"),
            }
        }
        Ok(Ir::Call(Call { helper: "indent", args, named, of: Type::Text, markup }))
    }
}
