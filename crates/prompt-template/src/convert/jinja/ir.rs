//! Expressions once their names are resolved: what is left to do is to write them down.

use crate::convert::path::Path;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ir {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    None,
    Path(Path, Type),
    /// `@index`, `@first` or `@last`.
    Local(&'static str, Type),
    Call(Call),
    Not(Box<Ir>),
    And(Vec<Ir>),
    Or(Vec<Ir>),
    /// Condition, then, else.
    Choice(Box<Ir>, Box<Ir>, Option<Box<Ir>>),
    Concat(Vec<Ir>),
    /// Something that is reported.
    Refused,
}

/// A call of a helper.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) helper: &'static str,
    pub(super) args: Vec<Ir>,
    pub(super) named: Vec<(&'static str, Ir)>,
    pub(super) of: Type,
    /// Jinja2 marks it as safe HTML, and then escapes what it is joined with by `~`.
    pub(super) markup: bool,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Integer,
    Bool,
    Any,
}

/// What an expression may be made of where it is kept in a name.
const MOST_PARTS: usize = 200;
const MOST_DEPTH: usize = 16;
const MOST_TEXT: usize = 10_000;

impl Ir {
    pub(super) fn call(helper: &'static str, args: Vec<Ir>, of: Type) -> Self {
        Self::Call(Call { helper, args, named: Vec::new(), of, markup: false })
    }

    pub(super) fn lookup(of: Self, key: Self) -> Self {
        Self::call("lookup", vec![of, key], Type::Any)
    }

    pub(super) fn is_refused(&self) -> bool {
        *self == Self::Refused
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Refused => Self::Refused,
            Self::Bool(value) => Self::Bool(!value),
            other => Self::Not(Box::new(other)),
        }
    }

    pub(super) fn type_of(&self) -> Type {
        match self {
            Self::Text(_) | Self::Concat(_) => Type::Text,
            Self::Integer(_) => Type::Integer,
            Self::Bool(_) | Self::Not(_) => Type::Bool,
            Self::Path(_, of) | Self::Local(_, of) => *of,
            Self::Call(call) => call.of,
            Self::And(all) | Self::Or(all) => {
                let all_bool = all.iter().all(|item| item.type_of() == Type::Bool);
                if all_bool { Type::Bool } else { Type::Any }
            }
            Self::Choice(_, then, Some(otherwise)) if then.type_of() == otherwise.type_of() => then.type_of(),
            Self::Choice(..) | Self::Float(_) | Self::None | Self::Refused => Type::Any,
        }
    }

    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Call(call) => call.args.iter().chain(call.named.iter().map(|(_, value)| value)).collect(),
            Self::Not(inner) => vec![inner],
            Self::And(all) | Self::Or(all) | Self::Concat(all) => all.iter().collect(),
            Self::Choice(test, then, otherwise) => {
                [Some(&**test), Some(&**then), otherwise.as_deref()].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// True for a fallback that Python prints in another way, wherever the values of variables are texts.
    pub(super) fn has_python_fallback(&self) -> bool {
        let is_python = |ir: &Self| matches!(ir, Self::None | Self::Float(_)) || ir.type_of() == Type::Bool;
        match self {
            Self::Call(call) if call.helper == "default" => {
                call.args.iter().take(2).any(|arg| is_python(arg) || arg.has_python_fallback())
            }
            _ => false,
        }
    }

    pub(super) fn has_markup(&self) -> bool {
        matches!(self, Self::Call(call) if call.markup) || self.parts().into_iter().any(Self::has_markup)
    }

    /// True where it may be written again and again.
    pub(super) fn is_small(&self) -> bool {
        let (mut parts, mut bytes) = (0, 0);
        let mut left = vec![(self, 1)];
        while let Some((ir, depth)) = left.pop() {
            parts += 1;
            bytes += match ir {
                Self::Text(text) => text.len(),
                _ => 0,
            };
            if parts > MOST_PARTS || depth > MOST_DEPTH || bytes > MOST_TEXT {
                return false;
            }
            left.extend(ir.parts().into_iter().map(|part| (part, depth + 1)));
        }
        true
    }
}
