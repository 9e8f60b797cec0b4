//! The shape of a source with the place of each name, read in one linear scan before handlebars.
//!
//! The parser of handlebars recurses without a bound, reports an unclosed block at the end of the
//! text, and keeps no places of parameters. This scan bounds what it is given, knows the places, and
//! reports what a person can act on. Handlebars still decides what is a template and what it means:
//! the tree of this module is compared with its tree before anything is rendered.

mod foreign;
mod hint;
mod reader;
mod scan;
mod tag;

use std::ops::Range;

pub(crate) use hint::else_if;
pub(crate) use scan::{Parsed, parse};

/// The parts between two tags that belong together, or a whole source.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) items: Vec<Item>,
    /// The tag that opens it; empty for a whole source.
    pub(crate) opened: Range<usize>,
}

impl Body {
    /// True where the body of a partial asks for the block that it is given.
    pub(crate) fn asks_for_block(&self) -> bool {
        self.items.iter().any(|item| match item {
            Item::Partial { call, body } => {
                call.name == "@partial-block" || body.as_ref().is_some_and(Self::asks_for_block)
            }
            Item::Block { body, otherwise, .. } => {
                body.asks_for_block() || otherwise.as_ref().is_some_and(Self::asks_for_block)
            }
            Item::Inline { body, .. } => body.asks_for_block(),
            Item::Print(_) | Item::Raw(_) | Item::Decorator(_) => false,
        })
    }
}

/// A tag, or a block from its first tag to its last. Texts and comments are left out.
#[derive(Debug)]
pub(crate) enum Item {
    /// `{{path}}` or `{{helper ...}}`.
    Print(Call),
    /// `{{#helper ...}}body{{else}}otherwise{{/helper}}`.
    Block { call: Call, body: Body, otherwise: Option<Body> },
    /// `{{{{raw}}}}text{{{{/raw}}}}`.
    Raw(Call),
    /// `{{> name ...}}` or `{{#> name ...}}body{{/name}}`.
    Partial { call: Call, body: Option<Body> },
    /// `{{#*inline "name"}}body{{/inline}}`.
    Inline { call: Call, body: Body },
    /// `{{* name}}`, which has no meaning here.
    Decorator(Call),
}

/// What stands between the braces of a tag, or between parentheses.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// A helper, a path, or a partial as it is written.
    pub(crate) name: String,
    pub(crate) name_range: Range<usize>,
    /// The whole tag or subexpression.
    pub(crate) range: Range<usize>,
    pub(crate) params: Vec<Arg>,
    pub(crate) hash: Vec<(String, Arg)>,
    pub(crate) block_params: Vec<String>,
    /// A subexpression stands where the name should.
    pub(crate) computed: bool,
    /// Its tag could not be read, which is reported; it stands here for its end alone.
    pub(crate) broken: bool,
}

impl Call {
    /// True for `{{name}}`: a variable, unless a helper has the name.
    pub(crate) fn is_bare(&self) -> bool {
        self.params.is_empty() && self.hash.is_empty()
    }

    /// All parameters, in order, and then the named ones.
    pub(crate) fn args(&self) -> impl Iterator<Item = &Arg> {
        self.params.iter().chain(self.hash.iter().map(|(_, arg)| arg))
    }

    /// The number of parameters, with those of its subexpressions.
    pub(crate) fn parameters(&self) -> usize {
        let inside = |arg: &Arg| if let Arg::Call(call) = arg { call.parameters() } else { 0 };
        self.args().map(|arg| 1 + inside(arg)).sum()
    }

    /// The name of a partial without its quotes.
    pub(crate) fn partial_name(&self) -> &str {
        let quoted = self.name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        quoted.unwrap_or(&self.name)
    }
}

/// A parameter.
#[derive(Debug)]
pub(crate) enum Arg {
    Path { raw: String, range: Range<usize> },
    Literal(Range<usize>),
    Call(Call),
}

/// A path taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path<'a> {
    /// `@index` and the like: the name belongs to a block, not to the data.
    pub(crate) local: bool,
    /// It begins with `@root`.
    pub(crate) root: bool,
    /// The number of `../`.
    pub(crate) ups: usize,
    /// The names, without `this`.
    pub(crate) names: Vec<&'a str>,
}

impl<'a> Path<'a> {
    pub(crate) fn parse(raw: &'a str) -> Self {
        let mut rest = raw;
        for current in ["this.", "this/", "./"] {
            if let Some(tail) = rest.strip_prefix(current) {
                rest = tail;
                break;
            }
        }
        let after_root = rest.strip_prefix("@root").and_then(|tail| tail.strip_prefix(['.', '/']));
        let root = after_root.is_some();
        rest = after_root.unwrap_or(rest);
        let after_at = rest.strip_prefix('@');
        let local = after_at.is_some();
        rest = after_at.unwrap_or(rest);
        let mut ups = 0;
        while let Some(tail) = rest.strip_prefix("..").and_then(|tail| tail.strip_prefix(['.', '/'])) {
            rest = tail;
            ups += 1;
        }
        let names = names(rest);
        Self { local, root, ups, names }
    }
}

/// The names between separators, where `[...]` is one name.
fn names(mut rest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (name, tail) = if let Some(inner) = rest.strip_prefix('[') {
            inner.split_once(']').unwrap_or((inner, ""))
        } else {
            let end = rest.find(['.', '/']).unwrap_or(rest.len());
            rest.split_at(end)
        };
        if name != "this" {
            names.push(name);
        }
        rest = tail.strip_prefix(['.', '/']).unwrap_or(tail);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        let path = |raw| {
            let Path { local, root, ups, names } = Path::parse(raw);
            (local, root, ups, names.join("|"))
        };
        assert_eq!(path("a.b/c"), (false, false, 0, "a|b|c".into()));
        assert_eq!(path("this"), (false, false, 0, String::new()));
        assert_eq!(path("this.a"), (false, false, 0, "a".into()));
        assert_eq!(path("./a"), (false, false, 0, "a".into()));
        assert_eq!(path("@root.a.[b c].d"), (false, true, 0, "a|b c|d".into()));
        assert_eq!(path("../../a"), (false, false, 2, "a".into()));
        assert_eq!(path("@../index"), (true, false, 1, "index".into()));
        assert_eq!(path("[a.b]"), (false, false, 0, "a.b".into()));
    }
}
