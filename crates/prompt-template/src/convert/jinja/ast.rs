//! The tree of a Jinja2 template.

/// A statement, a text or a printed expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    Print(Expr),
    If { branches: Vec<(Expr, Vec<Node>)>, otherwise: Option<Vec<Node>> },
    For(Box<For>),
    Set { target: Expr, value: Expr, line: usize },
    Include { name: Expr, ignore_missing: bool, with_context: bool, line: usize },
    Other(Other),
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct For {
    pub(super) target: Expr,
    pub(super) over: Expr,
    pub(super) test: Option<Expr>,
    pub(super) recursive: bool,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Option<Vec<Node>>,
    pub(super) line: usize,
}

/// A statement that has no equal, with what it holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Other {
    pub(super) construct: String,
    pub(super) reason: &'static str,
    pub(super) line: usize,
    /// The macro or the module that it defines.
    pub(super) defines: Vec<String>,
    /// Names that have a meaning in the body alone.
    pub(super) binds: Vec<String>,
    pub(super) exprs: Vec<Expr>,
    pub(super) bodies: Vec<Vec<Node>>,
}

/// An expression, with its line and how deep it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) line: usize,
    pub(super) depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ExprKind {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    None,
    Name(String),
    /// `a.b` where an assignment stands: an attribute of a namespace.
    Member,
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<Expr>),
    Attribute(Box<Expr>, String),
    Item(Box<Expr>, Box<Expr>),
    Slice(Vec<Expr>),
    Call(Box<Expr>, Args),
    Filter(Box<Expr>, String, Args),
    Test(Box<Expr>, String, Args),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Box<Expr>, Vec<(&'static str, Expr)>),
    Concat(Vec<Expr>),
    Arithmetic(Vec<Expr>),
    /// Condition, then, else.
    Choice(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
}

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Args {
    pub(super) plain: Vec<Expr>,
    pub(super) named: Vec<(String, Expr)>,
    /// `*args` and `**kwargs`.
    pub(super) spread: Vec<Expr>,
}

impl Args {
    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.named.is_empty() && self.spread.is_empty()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Expr> {
        self.plain.iter().chain(self.named.iter().map(|(_, value)| value)).chain(&self.spread)
    }
}

impl Expr {
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// True where two names or chains of attributes are the same, wherever they stand.
    pub(super) fn is_same_path(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (ExprKind::Name(a), ExprKind::Name(b)) => a == b,
            (ExprKind::Attribute(a, x), ExprKind::Attribute(b, y)) => x == y && a.is_same_path(b),
            _ => false,
        }
    }

    /// The expressions that it is made of.
    pub(super) fn children(&self) -> Vec<&Expr> {
        use ExprKind as K;
        match &self.kind {
            K::List(items)
            | K::Tuple(items)
            | K::Dict(items)
            | K::Slice(items)
            | K::And(items)
            | K::Or(items)
            | K::Concat(items)
            | K::Arithmetic(items) => items.iter().collect(),
            K::Attribute(inner, _) | K::Not(inner) | K::Negative(inner) => vec![inner],
            K::Item(inner, key) => vec![inner, key],
            K::Call(inner, args) | K::Filter(inner, _, args) | K::Test(inner, _, args) => {
                std::iter::once(&**inner).chain(args.all()).collect()
            }
            K::Compare(first, rest) => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect()
            }
            K::Choice(test, then, otherwise) => {
                [Some(&**test), Some(&**then), otherwise.as_deref()].into_iter().flatten().collect()
            }
            K::Text(_) | K::Integer(_) | K::Float(_) | K::Bool(_) | K::None | K::Name(_) | K::Member => {
                Vec::new()
            }
        }
    }
}
