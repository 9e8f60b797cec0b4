//! One tag: its kind, and what stands in it, as the grammar of handlebars has them.

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::syntax::Call;
use crate::syntax::reader::{Read, Reader, is_symbol};

/// A tag by what it does to the blocks around it.
#[derive(Debug)]
pub(super) enum Tag {
    Comment,
    Print(Call),
    Partial(Call),
    Decorator(Call),
    Open(Opens, Call),
    /// `{{else}}`, or `{{else helper ...}}`.
    Else(Option<Call>),
    Close {
        name: String,
        raw: bool,
    },
}

impl Tag {
    pub(super) fn call(&self) -> Option<&Call> {
        match self {
            Self::Print(call)
            | Self::Partial(call)
            | Self::Decorator(call)
            | Self::Open(_, call)
            | Self::Else(Some(call)) => Some(call),
            Self::Comment | Self::Else(None) | Self::Close { .. } => None,
        }
    }
}

/// What a tag opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    Helper,
    Partial,
    Inline,
    Raw,
}

/// How a tag ends.
#[derive(Clone, Copy)]
enum End {
    Two,
    Three,
    Four,
}

/// Reads the tag at `start`, where `{{` stands, and returns it with the offset after its end.
pub(super) fn read(source: &str, start: usize, depth_limit: usize) -> Result<(Tag, usize), Problem> {
    let mut reader = Reader::new(source, start, depth_limit);
    let mut tag = reader.tag()?;
    let end = reader.at;
    if let Tag::Print(call)
    | Tag::Partial(call)
    | Tag::Decorator(call)
    | Tag::Open(_, call)
    | Tag::Else(Some(call)) = &mut tag
    {
        call.range = start..end;
    }
    Ok((tag, end))
}

impl Reader<'_> {
    fn tag(&mut self) -> Read<Tag> {
        if self.rest().starts_with("{{!") {
            return self.comment();
        }
        if self.eat("{{{{") {
            return self.raw();
        }
        self.eat("{{");
        self.blanks();
        self.eat("~");
        self.blanks();
        match self.peek() {
            Some('#') => self.open(),
            Some('/') => self.close(),
            Some('>') => {
                self.at += 1;
                let call = self.partial()?;
                self.end(End::Two)?;
                Ok(Tag::Partial(call))
            }
            Some('*') => {
                self.at += 1;
                let call = self.helper()?;
                self.end(End::Two)?;
                Ok(Tag::Decorator(call))
            }
            Some('{') => {
                self.at += 1;
                self.blanks();
                self.eat("~");
                self.print(End::Three)
            }
            Some('&') => {
                self.at += 1;
                self.print(End::Two)
            }
            Some('^') => {
                self.at += 1;
                self.otherwise()
            }
            Some('}') => {
                self.eat("}}");
                Err(self.problem(Code::Syntax, "the tag is empty"))
            }
            _ if self.begins_else() => {
                self.at += "else".len();
                self.refuse_longer_else()?;
                self.otherwise()
            }
            _ => self.print(End::Two),
        }
    }

    /// `{{!-- ... --}}`, else `{{! ... }}`.
    ///
    /// Handlebars ends a comment of the first kind that lacks its end like one of the second, after
    /// it has searched the whole text for each; here that is refused, as in JavaScript.
    fn comment(&mut self) -> Read<Tag> {
        self.at += "{{!".len();
        let inner = self.at;
        self.blanks();
        let end = if self.eat("--") { "--}}" } else { "}}" };
        if end == "}}" {
            self.at = inner;
        }
        if let Some(at) = self.rest().find(end) {
            self.at += at + end.len();
            return Ok(Tag::Comment);
        }
        // To handlebars `--~}}` is the end of a short comment.
        if let Some(at) = self.rest().find("}}").filter(|at| self.rest()[..*at].ends_with("--~")) {
            self.at += at + "}}".len();
            return Ok(Tag::Comment);
        }
        let message = format!("the comment is not closed: `{end}` is missing");
        Err(self.problem(Code::UnclosedComment, message))
    }

    fn raw(&mut self) -> Read<Tag> {
        self.blanks();
        self.eat("~");
        self.blanks();
        if self.eat("/") {
            self.blanks();
            let name = self.word().to_owned();
            self.end(End::Four)?;
            return Ok(Tag::Close { name, raw: true });
        }
        let call = self.helper()?;
        self.end(End::Four)?;
        Ok(Tag::Open(Opens::Raw, call))
    }

    fn open(&mut self) -> Read<Tag> {
        self.at += 1;
        self.blanks();
        let opens = match self.peek() {
            Some('>') => Opens::Partial,
            Some('*') => Opens::Inline,
            _ => Opens::Helper,
        };
        let call = match opens {
            Opens::Partial => {
                self.at += 1;
                self.partial()?
            }
            Opens::Inline => {
                self.at += 1;
                self.helper()?
            }
            _ => self.helper()?,
        };
        self.end(End::Two)?;
        Ok(Tag::Open(opens, call))
    }

    fn close(&mut self) -> Read<Tag> {
        self.at += 1;
        self.blanks();
        let name = if self.peek() == Some('\'') {
            self.partial_name()?
        } else {
            self.run(|c| is_symbol(c) || matches!(c, '@' | '/' | '.'))
        };
        let name = name.to_owned();
        self.end(End::Two)?;
        Ok(Tag::Close { name, raw: false })
    }

    /// Handlebars takes every name that begins with `else` for `{{else ...}}`.
    fn begins_else(&self) -> bool {
        let after = self.rest().strip_prefix("else");
        after.is_some_and(|after| !after.starts_with(['.', '/', '=']))
    }

    fn refuse_longer_else(&mut self) -> Read<()> {
        let start = self.at - "else".len();
        let word = short(self.word());
        if word.is_empty() {
            return Ok(());
        }
        let message =
            format!("`else{word}` is read as `else {word}`; for a variable write `this.else{word}`");
        Err(Problem::new(Code::Syntax, start..self.at, message))
    }

    fn otherwise(&mut self) -> Read<Tag> {
        self.blanks();
        if matches!(self.peek(), Some('}' | '~')) {
            self.end(End::Two)?;
            return Ok(Tag::Else(None));
        }
        let call = self.helper()?;
        self.end(End::Two)?;
        Ok(Tag::Else(Some(call)))
    }

    fn print(&mut self, end: End) -> Read<Tag> {
        self.blanks();
        let mut call = Call::default();
        if self.peek() == Some('(') {
            call = self.subexpression()?;
            call.computed = true;
        } else {
            (call.name, call.name_range) = self.path()?;
            self.args(&mut call)?;
            if !call.is_bare() && call.name.contains(['.', '/', '@', '[']) {
                let message = format!("`{}` is a path and takes no parameters", short(&call.name));
                return Err(Problem::new(Code::Syntax, call.name_range, message));
            }
        }
        self.end(end)?;
        Ok(Tag::Print(call))
    }

    /// A helper's name and its parameters.
    fn helper(&mut self) -> Read<Call> {
        self.blanks();
        let start = self.at;
        let name = self.word();
        if name.is_empty() {
            return Err(self.unexpected("the name of a helper"));
        }
        let mut call = Call { name: name.to_owned(), name_range: start..self.at, ..Call::default() };
        if let Some(next) = self.peek().filter(|next| matches!(next, '.' | '[' | '@')) {
            let message = format!("a helper's name does not hold `{next}`");
            return Err(Problem::new(Code::Syntax, start..self.at + 1, message));
        }
        self.args(&mut call)?;
        Ok(call)
    }

    fn partial(&mut self) -> Read<Call> {
        self.blanks();
        let start = self.at;
        if self.peek() == Some('(') {
            let mut call = self.subexpression()?;
            call.computed = true;
            call.name_range = start..self.at;
            self.args(&mut Call::default())?;
            return Ok(call);
        }
        let name = self.partial_name()?.to_owned();
        if name.is_empty() {
            return Err(self.unexpected("the name of a partial"));
        }
        let name_range = start..self.at;
        if let Some(next) = self.peek().filter(|next| is_symbol(*next)) {
            let message = format!("a partial's name holds `{next}` only in quotes: `'...'`");
            return Err(Problem::new(Code::Syntax, start..self.at + next.len_utf8(), message));
        }
        let mut call = Call { name, name_range, ..Call::default() };
        self.args(&mut call)?;
        Ok(call)
    }
    fn end(&mut self, end: End) -> Read<()> {
        self.blanks();
        let closed = match end {
            End::Two => {
                self.eat("~");
                self.blanks();
                self.eat("}}")
            }
            End::Three => self.eat_three(),
            End::Four => {
                self.eat("~");
                self.blanks();
                self.eat("}}}}")
            }
        };
        if closed {
            return Ok(());
        }
        let expected = match end {
            End::Two => "`}}`",
            End::Three => "`}}}`",
            End::Four => "`}}}}`",
        };
        Err(self.unexpected(expected))
    }

    /// `~}}}`, `}~}}` or `}}}`.
    fn eat_three(&mut self) -> bool {
        if self.eat("~") {
            self.blanks();
            return self.eat("}}}");
        }
        if !self.eat("}") {
            return false;
        }
        self.blanks();
        self.eat("~");
        self.blanks();
        self.eat("}}")
    }
}
