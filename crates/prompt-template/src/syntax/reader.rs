//! The reader inside of a tag: names, paths, parameters, literals.

use std::ops::Range;

use crate::diagnostic::{Code, Problem};
use crate::limits::Limit;
use crate::syntax::{Arg, Call};

/// What is read, or why it cannot be.
pub(super) type Read<T> = Result<T, Problem>;

/// A place in a source, inside of the tag that begins at `start`.
pub(super) struct Reader<'s> {
    pub(super) source: &'s str,
    pub(super) at: usize,
    pub(super) start: usize,
    depth: usize,
    depth_limit: usize,
}
impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s str, start: usize, depth_limit: usize) -> Self {
        Self { source, at: start, start, depth: 0, depth_limit }
    }

    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - trimmed.len();
    }
    /// A partial's name, with its quotes if it has them; empty where none stands.
    pub(super) fn partial_name(&mut self) -> Read<&'s str> {
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

    pub(super) fn word(&mut self) -> &'s str {
        self.run(is_symbol)
    }

    pub(super) fn run(&mut self, holds: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !holds(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A path: names, `[any text]`, `.`, `/`, and `@` at its start.
    pub(super) fn path(&mut self) -> Read<(String, Range<usize>)> {
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
        if let "." | ".." = &self.source[range.clone()] {
            let instead = if range.len() == 1 { "this" } else { "../this" };
            let message = format!("`{}` is written `{instead}`", &self.source[range.clone()]);
            return Err(Problem::new(Code::Syntax, range, message));
        }
        if self.peek() == Some('[') {
            let message = "an item of a list is written with a dot: `list.[0]`";
            return Err(Problem::new(Code::Syntax, start..self.at + 1, message));
        }
        Ok((self.source[range.clone()].to_owned(), range))
    }
    /// Parameters, named parameters and `as |name|`, up to what ends the tag or the parentheses.
    pub(super) fn args(&mut self, call: &mut Call) -> Read<()> {
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
        let start = self.at - 1;
        loop {
            self.blanks();
            let word = self.word();
            if word.is_empty() {
                break;
            }
            call.block_params.push(word.to_owned());
        }
        let fits = matches!(call.block_params.len(), 1 | 2);
        match self.eat("|") {
            true if fits => Ok(()),
            true => {
                let message = "one or two names stand between `|` and `|`";
                Err(Problem::new(Code::Syntax, start..self.at, message))
            }
            false => Err(self.unexpected("one or two names between `|` and `|`")),
        }
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
                let depth = self.depth;
                match self.literal() {
                    Ok(()) => return Ok(Arg::Literal(start..self.at)),
                    Err(problem) if matches!(problem.code, Code::Limit(_)) => return Err(problem),
                    Err(_) => (self.at, self.depth) = (start, depth),
                }
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

    pub(super) fn subexpression(&mut self) -> Read<Call> {
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
        self.blanks();
        let mut more = self.peek() != Some(close);
        while more {
            self.literal()?;
            self.blanks();
            if close == '}' {
                if !self.eat(":") {
                    return Err(self.unexpected("`:`"));
                }
                self.literal()?;
                self.blanks();
            }
            more = self.eat(",");
        }
        if self.peek() != Some(close) {
            return Err(self.unexpected("`,`"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    fn string(&mut self, quote: char) -> Read<()> {
        let start = self.at;
        self.at += 1;
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                let escaped = chars.next().map(|(_, escaped)| escaped);
                if let Some(escaped) = escaped
                    && escaped != quote
                    && !"\\/bfnrtu".contains(escaped)
                {
                    let at = start + 1 + at;
                    let range = at..at + 1 + escaped.len_utf8();
                    let message = format!("`\\{escaped}` is not an escape in a string");
                    return Err(Problem::new(Code::Syntax, range, message));
                }
            } else if c.is_ascii_control() {
                let at = start + 1 + at;
                let message = "a string holds no line break and no control character";
                return Err(Problem::new(Code::Syntax, at..at + 1, message));
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

    /// A problem with the tag from its start to the reader.
    pub(super) fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        let end = self.at.max(self.start + 2);
        Problem::new(code, self.start..end, message)
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Problem {
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
pub(super) fn is_symbol(c: char) -> bool {
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
    unsigned(whole) && (fraction.is_empty() || digits(fraction)) && exponent.is_none_or(unsigned)
}
