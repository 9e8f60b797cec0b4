//! The parser of the statements that have no equal in Handlebars.
//!
//! They are parsed all the same: a mistake in them is a mistake, and what they hold is looked at too.

use crate::convert::jinja::ast::{Expr, Node, Other};
use crate::convert::jinja::lexer::{Kind, Stop};
use crate::convert::jinja::parser::{Parse, Parser};
use crate::excerpt::short;

impl Parser {
    /// The statement after its tag's name.
    pub(super) fn other(&mut self, tag: &str, line: usize) -> Parse<Other> {
        let mut other = Other { construct: tag.to_owned(), line, ..Other::default() };
        match tag {
            "macro" => {
                other.reason = "write the text of the macro where it is called, or make it a prompt of its \
                                own and include it with parameters: `{{> name key=value}}`";
                other.defines.push(self.name()?);
                self.signature(&mut other)?;
                self.bodies(&mut other, "endmacro")?;
            }
            "call" => {
                other.reason = "a block that is passed to a macro has no equal; write the macro's text here";
                if self.is_operator("(") {
                    self.signature(&mut other)?;
                }
                let call = self.expression()?;
                if !matches!(call.kind, crate::convert::jinja::ast::ExprKind::Call(..)) {
                    return Err(Stop::syntax(line, "`call` wants a call of a macro"));
                }
                other.exprs.push(call);
                self.bodies(&mut other, "endcall")?;
            }
            "filter" => {
                "filter block".clone_into(&mut other.construct);
                other.reason = "a filter over a block has no equal; filter the values inside of it";
                let filtered = self.filters_of_block(line)?;
                other.exprs.push(filtered);
                self.bodies(&mut other, "endfilter")?;
            }
            "block" => {
                other.reason = "use a partial with a block: `{{#> base}}` with inline partials that override";
                self.name()?;
                self.eat_name("scoped");
                self.eat_name("required");
                self.block_body(&mut other)?;
            }
            "extends" => {
                other.reason = "use a partial with a block: `{{#> base}}` with inline partials that override";
                other.exprs.push(self.expression()?);
            }
            "with" => {
                other.reason = "write the values where they are used, or use `{{#with value}}`";
                self.with(&mut other)?;
            }
            "autoescape" => {
                other.reason = "nothing is escaped here; delete the tag if nothing should be";
                other.exprs.push(self.expression()?);
                self.bodies(&mut other, "endautoescape")?;
            }
            "import" | "from" => self.import(&mut other, tag)?,
            "do" => {
                other.reason = "a statement without output has no equal; prepare the value outside";
                other.exprs.push(self.tuple(true, &[])?);
            }
            "break" | "continue" => {
                other.reason = "a loop runs to its end; give it a list that holds what is wanted";
            }
            "trans" => self.translation(&mut other)?,
            _ => {
                return Err(Stop::syntax(line, format!("there is no tag `{}` here", short(tag))));
            }
        }
        Ok(other)
    }

    fn bodies(&mut self, other: &mut Other, end: &str) -> Parse<()> {
        let (body, _) = self.body(&[end], other.line)?;
        other.bodies.push(body);
        Ok(())
    }

    /// The body of a block; its end may have the name again.
    fn block_body(&mut self, other: &mut Other) -> Parse<()> {
        self.bodies(other, "endblock")?;
        if matches!(self.peek(), Kind::Name(_)) {
            self.advance();
        }
        Ok(())
    }

    /// The parameters of a macro with their defaults.
    fn signature(&mut self, other: &mut Other) -> Parse<()> {
        self.expect("(")?;
        let mut defaults = false;
        while !self.is_operator(")") {
            if !other.binds.is_empty() {
                self.expect(",")?;
            }
            other.binds.push(self.name()?);
            if self.eat("=") {
                defaults = true;
                other.exprs.push(self.expression()?);
            } else if defaults {
                return Err(Stop::syntax(other.line, "a parameter without a default follows one with it"));
            }
        }
        self.expect(")")
    }

    fn filters_of_block(&mut self, line: usize) -> Parse<Expr> {
        let mut filtered = self.filter(Self::nothing(line))?;
        while self.is_operator("|") {
            filtered = self.filter(filtered)?;
        }
        Ok(filtered)
    }

    fn with(&mut self, other: &mut Other) -> Parse<()> {
        let mut first = true;
        while self.peek() != &Kind::CloseBlock {
            if !first {
                self.expect(",")?;
            }
            first = false;
            let target = self.target(&[], false)?;
            other.binds.extend(target.name().map(str::to_owned));
            self.expect("=")?;
            other.exprs.push(self.expression()?);
        }
        self.bodies(other, "endwith")
    }

    fn import(&mut self, other: &mut Other, tag: &str) -> Parse<()> {
        other.reason = "macros of other templates have no equal; write their text here, or include a prompt";
        other.exprs.push(self.expression()?);
        let word = if tag == "import" { "as" } else { "import" };
        if !self.eat_name(word) {
            return Err(Stop::syntax(
                other.line,
                format!("expected `{word}` after the name of the template"),
            ));
        }
        if tag == "import" {
            other.defines.push(self.name()?);
            self.context_clause();
            return Ok(());
        }
        "from import".clone_into(&mut other.construct);
        loop {
            if !other.defines.is_empty() && self.context_clause().is_some() {
                break;
            }
            let mut name = self.name()?;
            if name.starts_with('_') {
                return Err(Stop::syntax(other.line, "a name that begins with `_` cannot be imported"));
            }
            if self.eat_name("as") {
                name = self.name()?;
            }
            other.defines.push(name);
            if self.context_clause().is_some() || !self.eat(",") {
                break;
            }
        }
        Ok(())
    }

    /// `{% trans %}` of the extension for translations, of which the texts alone are read.
    fn translation(&mut self, other: &mut Other) -> Parse<()> {
        other.reason = "translations have no equal; write a prompt for each language";
        let mut end = "trans".to_owned();
        while end != "endtrans" {
            while !matches!(self.peek(), Kind::CloseBlock | Kind::End) {
                self.advance();
            }
            let (body, next) = self.body(&["pluralize", "endtrans"], other.line)?;
            other.bodies.push(body);
            end = next;
        }
        Ok(())
    }

    /// `{% set x %}...{% endset %}`.
    pub(super) fn set_block(&mut self, target: &Expr, line: usize) -> Parse<Node> {
        let mut other = Other {
            construct: "set".to_owned(),
            reason: "a block that is kept in a name has no equal; write its text where the name is used",
            line,
            defines: target.name().map(str::to_owned).into_iter().collect(),
            ..Other::default()
        };
        if self.is_operator("|") {
            let filtered = self.filters_of_block(line)?;
            other.exprs.push(filtered);
        }
        self.bodies(&mut other, "endset")?;
        Ok(Node::Other(other))
    }
}
