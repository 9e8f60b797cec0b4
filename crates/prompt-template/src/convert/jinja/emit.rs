//! From resolved expressions to what stands in a tag.

use crate::convert::Values;
use crate::convert::jinja::ir::{Call, Ir, Type};
use crate::convert::pieces::Piece;

/// Why a value cannot be written where it stands.
pub(super) struct Refusal {
    pub(super) construct: &'static str,
    pub(super) reason: &'static str,
}

pub(super) type Emit<T> = Result<T, Refusal>;

/// Writes expressions for one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Emitter {
    pub(super) values: Values,
    pub(super) in_loop: bool,
}

impl Emitter {
    /// A value as the parameter of a helper.
    pub(super) fn param(self, ir: &Ir) -> Emit<String> {
        Ok(match ir {
            Ir::Text(text) => quoted(text),
            Ir::Integer(value) => value.to_string(),
            Ir::Float(value) => float(*value)?,
            Ir::Bool(value) => value.to_string(),
            Ir::None => "null".to_owned(),
            Ir::Path(path, _) => path.spell(self.in_loop),
            Ir::Local(name, _) => (*name).to_owned(),
            Ir::Call(call) => format!("({})", self.call(call)?),
            Ir::Concat(parts) => {
                let parts: Emit<Vec<_>> = parts.iter().map(|part| self.text(part)).collect();
                format!("(concat {})", parts?.join(" "))
            }
            Ir::And(_) | Ir::Or(_) if ir.type_of() != Type::Bool => return Err(operand(ir)),
            Ir::Not(_) | Ir::And(_) | Ir::Or(_) => self.condition(ir)?,
            Ir::Choice(..) => {
                let reason = "an `if` inside of a value has no equal here; use `{% if %}` around the tag";
                return Err(Refusal { construct: "conditional expression", reason });
            }
            Ir::Refused => String::new(),
        })
    }

    /// A value as the parameter of a helper that joins texts.
    fn text(self, ir: &Ir) -> Emit<String> {
        let folded = match ir {
            Ir::Bool(true) => "True",
            Ir::Bool(false) => "False",
            Ir::None => "None",
            Ir::Float(value) => &float(*value)?,
            _ if self.is_plain(ir) => return self.param(ir),
            _ => return Ok(format!("(pystr {})", self.param(ir)?)),
        };
        Ok(quoted(folded))
    }

    /// True for what Handlebars prints as Python does.
    fn is_plain(self, ir: &Ir) -> bool {
        match ir.type_of() {
            Type::Text | Type::Integer => true,
            Type::Bool => false,
            Type::Any => self.values == Values::Text && !ir.has_python_fallback(),
        }
    }

    fn call(self, call: &Call) -> Emit<String> {
        let mut out = call.helper.to_owned();
        for arg in &call.args {
            out.push(' ');
            out.push_str(&self.param(arg)?);
        }
        for (name, value) in &call.named {
            out.push_str(&format!(" {name}={}", self.param(value)?));
        }
        Ok(out)
    }

    /// A value of which only the truth counts, as the parameter of `if`.
    pub(super) fn condition(self, ir: &Ir) -> Emit<String> {
        let many = |helper: &str, all: &[Ir]| -> Emit<String> {
            let all: Emit<Vec<_>> = all.iter().map(|item| self.condition(item)).collect();
            Ok(format!("({helper} {})", all?.join(" ")))
        };
        match ir {
            Ir::And(all) => many("and", all),
            Ir::Or(all) => many("or", all),
            Ir::Not(inner) => Ok(format!("(not {})", self.condition(inner)?)),
            Ir::Choice(test, then, otherwise) => {
                let (test, then) = (self.condition(test)?, self.condition(then)?);
                Ok(match otherwise {
                    Some(otherwise) => {
                        let otherwise = self.condition(otherwise)?;
                        format!("(or (and {test} {then}) (and (not {test}) {otherwise}))")
                    }
                    None => format!("(and {test} {then})"),
                })
            }
            _ => self.param(ir),
        }
    }

    /// A value that is printed.
    pub(super) fn print(self, ir: &Ir, out: &mut Vec<Piece>) -> Emit<()> {
        let printed = match ir {
            Ir::Text(text) => Piece::Text(text.clone()),
            Ir::Integer(value) => Piece::Text(value.to_string()),
            Ir::Float(value) => Piece::Text(float(*value)?),
            Ir::Bool(value) => Piece::Text(if *value { "True" } else { "False" }.to_owned()),
            Ir::None => Piece::Text("None".to_owned()),
            Ir::Concat(parts) => return parts.iter().try_for_each(|part| self.print(part, out)),
            Ir::Choice(test, then, otherwise) => {
                out.push(Piece::Block(format!("{{{{#if {}}}}}", self.condition(test)?)));
                self.print(then, out)?;
                if let Some(otherwise) = otherwise {
                    out.push(Piece::Block("{{else}}".to_owned()));
                    self.print(otherwise, out)?;
                }
                Piece::Block("{{/if}}".to_owned())
            }
            Ir::Refused => return Ok(()),
            Ir::Call(call) if self.is_plain(ir) => Piece::Print(format!("{{{{{}}}}}", self.call(call)?)),
            _ if self.is_plain(ir) => Piece::Print(format!("{{{{{}}}}}", self.param(ir)?)),
            _ => Piece::Print(format!("{{{{pystr {}}}}}", self.param(ir)?)),
        };
        out.push(printed);
        Ok(())
    }
}

fn operand(ir: &Ir) -> Refusal {
    let (construct, reason) = match ir {
        Ir::And(_) => (
            "and value",
            "`and` gives one of its operands here, not true or false; use `{% if a %}{{ b }}{% else %}{{ a }}{% endif %}`",
        ),
        _ => (
            "or value",
            "`or` gives one of its operands here, not true or false; use `{{ a|default(b, true) }}` or `{% if %}`",
        ),
    };
    Refusal { construct, reason }
}

/// A string of a tag: JSON, with what a tag may not hold escaped too.
pub(super) fn quoted(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace('\u{7f}', "\\u007f")
}

/// A float as Python prints it and as JSON has it.
fn float(value: f64) -> Emit<String> {
    let written = format!("{value:?}");
    if written.contains(['e', 'E']) {
        let reason = "a number with an exponent cannot be converted; write its digits";
        return Err(Refusal { construct: "number", reason });
    }
    Ok(written)
}
