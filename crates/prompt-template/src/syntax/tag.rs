//! One tag: its kind, its name and its parameters, as the grammar of handlebars has them.

use std::ops::Range;

use crate::diagnostic::{Code, Problem};
use crate::excerpt::short;
use crate::limits::Limit;
use crate::syntax::{Arg, Call};

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
    Close { name: String, raw: bool },
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
pub(super) fn read(
    source: &str,
    start: usize,
    depth_limit: usize,
) -> Result<(Tag, usize), Problem> {
    let mut reader = Reader { source, at: start, start, depth: 0, depth_limit };
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

type Read<T> = Result<T, Problem>;

struct Reader<'s> {
    source: &'s str,
    at: usize,
    start: usize,
    depth: usize,
    depth_limit: usize,
}

impl<'s> Reader<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - trimmed.len();
    }

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
        match self.rest().find(end) {
            Some(at) => {
                self.at += at + end.len();
                Ok(Tag::Comment)
            }
            None => {
                let message = format!("the comment is not closed: `{end}` is missing");
                Err(self.problem(Code::UnclosedComment, message))
            }
        }
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
        let name = self.partial_name()?.to_owned();
        self.end(End::Two)?;
        Ok(Tag::Close { name, raw: false })
    }

    /// Handlebars takes every name that begins with `else` for `{{else ...}}`.
    fn begins_else(&self) -> bool {
        let after = self.rest().strip_prefix("else");
        after.is_some_and(|after| !after.starts_with(['.', '/', '=']))
    }

    fn otherwise(&mut self) -> Read<Tag> {
        if self.peek().is_some_and(is_symbol) {
            let begin = self.at - "else".len();
            let name = self.word();
            let range = begin..self.at;
            if self.source[range.clone()].starts_with("else") {
                let message = format!(
                    "`else{name}` is read as `else {name}`; for a variable write `this.else{name}`",
                    name = short(name),
                );
                return Err(Problem::new(Code::Syntax, range, message));
            }
            self.at -= name.len();
        }
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
        let mut call = Call {
            name: name.to_owned(),
            name_range: start..self.at,
            ..Call::default()
        };
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

    /// A partial's name, with its quotes if it has them; empty where none stands.
    fn partial_name(&mut self) -> Read<&'s str> {
        let start = self.at;
        if self.eat("'") {
            let inner = self.rest();
            let Some(length) = inner.find('\'').filter(|length| *length > 0) else {
                return Err(self.problem(Code::Syntax, "the quoted name is empty or not closed"));
            };
            self.at += length + 1;
            if inner[..length].contains('\\') {
                let message = "a quoted name cannot hold a backslash";
                return Err(Problem::new(Code::Syntax, start..self.at, message));
            }
            return Ok(&self.source[start..self.at]);
        }
        let is_name = |c: char| is_symbol(c) && c != '$' && c != ':' || matches!(c, '@' | '/' | '.');
        Ok(self.run(is_name))
    }

    fn word(&mut self) -> &'s str {
        self.run(is_symbol)
    }

    fn run(&mut self, holds: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !holds(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A path: names, `[any text]`, `.`, `/`, and `@` at its start.
    fn path(&mut self) -> Read<(String, Range<usize>)> {
        let start = self.at;
        let mut item_may_begin = true;
        loop {
            match self.peek() {
                Some('[') if item_may_begin => match self.rest().find(']') {
                    Some(length) => {
                        self.at += length + 1;
                        item_may_begin = false;
                    }
                    None => return Err(self.problem(Code::Syntax, "`[` is not closed by `]`")),
                },
                Some('@') if self.at == start || self.source[start..self.at].ends_with(['.', '/']) => {
                    self.at += 1;
                }
                Some('.' | '/') => {
                    self.at += 1;
                    item_may_begin = true;
                }
                Some(c) if is_symbol(c) => {
                    self.at += c.len_utf8();
                    item_may_begin = false;
                }
                _ => break,
            }
        }
        let range = start..self.at;
        if range.is_empty() {
            return Err(self.unexpected("a name"));
        }
        if self.peek() == Some('[') {
            let message = "an item of a list is written with a dot: `list.[0]`";
            return Err(Problem::new(Code::Syntax, start..self.at + 1, message));
        }
        Ok((self.source[range.clone()].to_owned(), range))
    }

    /// Parameters, named parameters and `as |name|`, up to what ends the tag or the parentheses.
    fn args(&mut self, call: &mut Call) -> Read<()> {
        loop {
            self.blanks();
            match self.peek() {
                None => return Err(self.problem(Code::UnclosedTag, "the tag is not closed")),
                Some('}' | '~' | ')') => return Ok(()),
                _ => {}
            }
            let before = self.at;
            let word = self.word();
            let at_word_end = self.at;
            self.blanks();
            if word == "as" && self.eat("|") {
                self.block_params(call)?;
                continue;
            }
            if matches!(word, "as" | "else") {
                let message = format!("`{word}` cannot be a parameter; write `this.{word}`");
                return Err(Problem::new(Code::Syntax, before..at_word_end, message));
            }
            if !word.is_empty() && self.eat("=") {
                self.blanks();
                let arg = self.arg()?;
                call.hash.push((word.to_owned(), arg));
                continue;
            }
            self.at = before;
            let arg = self.arg()?;
            call.params.push(arg);
        }
    }

    fn block_params(&mut self, call: &mut Call) -> Read<()> {
        loop {
            self.blanks();
            let word = self.word();
            if word.is_empty() {
                break;
            }
            call.block_params.push(word.to_owned());
        }
        let fits = matches!(call.block_params.len(), 1 | 2);
        if self.eat("|") && fits {
            return Ok(());
        }
        Err(self.unexpected("one or two names between `|` and `|`"))
    }

    fn arg(&mut self) -> Read<Arg> {
        let start = self.at;
        match self.peek() {
            Some('(') => self.subexpression().map(Arg::Call),
            Some('"' | '\'' | '{') => {
                self.literal()?;
                Ok(Arg::Literal(start..self.at))
            }
            Some('[') => {
                // A list comes first, as in the grammar; else it is a path such as `[a b].c`.
                if self.literal().is_ok() {
                    return Ok(Arg::Literal(start..self.at));
                }
                self.at = start;
                let (raw, range) = self.path()?;
                Ok(Arg::Path { raw, range })
            }
            _ => {
                let (raw, range) = self.path()?;
                if is_scalar(&raw) {
                    return Ok(Arg::Literal(range));
                }
                Ok(Arg::Path { raw, range })
            }
        }
    }

    fn subexpression(&mut self) -> Read<Call> {
        let start = self.at;
        self.deeper()?;
        self.at += 1;
        self.blanks();
        if self.peek() == Some('(') {
            let message = "parentheses begin with the name of a helper";
            return Err(self.problem(Code::Syntax, message));
        }
        let mut call = Call::default();
        (call.name, call.name_range) = self.path()?;
        self.args(&mut call)?;
        if !self.eat(")") {
            let range = start..self.at.max(start + 1);
            return Err(Problem::new(Code::Syntax, range, "`(` is not closed by `)`"));
        }
        call.range = start..self.at;
        self.depth -= 1;
        Ok(call)
    }

    /// A string, or a list or an object of JSON.
    fn literal(&mut self) -> Read<()> {
        self.blanks();
        match self.peek() {
            Some(quote @ ('"' | '\'')) => self.string(quote),
            Some('[') => self.items(']'),
            Some('{') => self.items('}'),
            _ => {
                let word = self.run(|c| is_symbol(c) || c == '.');
                if is_scalar(word) {
                    return Ok(());
                }
                Err(self.unexpected("a value"))
            }
        }
    }

    fn items(&mut self, close: char) -> Read<()> {
        self.deeper()?;
        self.at += 1;
        loop {
            self.blanks();
            if self.peek() == Some(close) {
                self.at += 1;
                self.depth -= 1;
                return Ok(());
            }
            self.literal()?;
            self.blanks();
            if close == '}' {
                if !self.eat(":") {
                    return Err(self.unexpected("`:`"));
                }
                self.literal()?;
                self.blanks();
            }
            if !self.eat(",") && self.peek() != Some(close) {
                return Err(self.unexpected("`,`"));
            }
        }
    }

    fn string(&mut self, quote: char) -> Read<()> {
        let start = self.at;
        self.at += 1;
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                chars.next();
            } else if c == quote {
                self.at += at + 1;
                return Ok(());
            }
        }
        Err(Problem::new(Code::UnclosedTag, start..start + 1, "the string is not closed"))
    }

    fn deeper(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > self.depth_limit {
            let range = self.at..self.at + 1;
            let allowed = self.depth_limit as u64;
            return Err(Problem::limit(Limit::SubexpressionDepth, allowed, range));
        }
        Ok(())
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

    /// A problem with the tag from its start to the reader.
    fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        let end = self.at.max(self.start + 2);
        Problem::new(code, self.start..end, message)
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        match self.peek() {
            None => self.problem(Code::UnclosedTag, format!("the tag is not closed: {wanted} is missing")),
            Some(c) => {
                let message = format!("expected {wanted}, found `{c}`");
                Problem::new(Code::Syntax, self.at..self.at + c.len_utf8(), message)
            }
        }
    }
}

/// Characters of names. Everything outside of ASCII is one, invisible characters too.
fn is_symbol(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$' | ':') || !c.is_ascii()
}

/// True for `null`, `true`, `false` and numbers.
fn is_scalar(word: &str) -> bool {
    if matches!(word, "null" | "true" | "false") {
        return true;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &str| digits(text.strip_prefix('-').unwrap_or(text));
    let (mantissa, exponent) = word.split_once('E').map_or((word, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    unsigned(whole)
        && (fraction.is_empty() || digits(fraction))
        && exponent.is_none_or(unsigned)
}
