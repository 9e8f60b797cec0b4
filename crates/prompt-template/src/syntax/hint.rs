//! What to write instead of a tag of another language, or of another Handlebars.

use crate::helpers::find;

/// Longer tags are not written anew: nobody reads so long a message.
const LONGEST: usize = 80;

/// What to say of a tag that cannot be read, where it looks like one of another language.
///
/// The tag goes from `{{` to `}}`; `found` is the character that does not fit.
pub(super) fn hint(tag: &str, found: Option<char>) -> Option<String> {
    let inner = tag.trim_start_matches(['{', '~', '&']).trim_end_matches(['}', '~']).trim();
    let (opening, rest) = opening(inner);
    let is_short = inner.len() <= LONGEST && !inner.contains(char::is_control);
    if is_short && let Some((reason, call)) = call(rest) {
        let call = if opening.is_empty() || !call.contains(' ') { call } else { format!("({call})") };
        return Some(format!("{reason}: write `{{{{{opening}{call}}}}}`"));
    }
    if is_short && opening == "else if " && !inner.starts_with("else ") && is_value(rest) {
        return Some(format!("write `{{{{else if {rest}}}}}`"));
    }
    let general = match found? {
        '=' | '!' | '<' | '>' | '&' => {
            "comparisons and logic are helpers, such as `(eq a b)`, `(not a)` and `(and a b)`"
        }
        '|' => "a filter is a helper that stands before its value, such as `{{upper x}}`",
        _ => return None,
    };
    Some(general.to_owned())
}

/// How a call of `elif` is written, by what follows it.
pub(crate) fn else_if(condition: &str) -> String {
    let condition = condition.trim_end_matches(['}', '~']).trim();
    let is_short = condition.len() <= LONGEST && !condition.contains(char::is_control);
    format!("write `{{{{else if {}}}}}`", if is_short { condition } else { "..." })
}

/// What stands before the condition or the value, as it is written here, and the rest.
fn opening(inner: &str) -> (String, &str) {
    for word in ["elif ", "elseif ", "elsif ", "else if "] {
        if let Some(rest) = inner.strip_prefix(word) {
            return ("else if ".to_owned(), rest.trim());
        }
    }
    match inner.split_once(' ') {
        Some((word, rest)) if word.len() > 1 && word.starts_with('#') => (format!("{word} "), rest.trim()),
        _ => (String::new(), inner),
    }
}

/// Why the text is not a call here, and the call that is meant.
fn call(text: &str) -> Option<(&'static str, String)> {
    match text {
        "." => return Some(("the value itself is `this`", "this".to_owned())),
        ".." => return Some(("the value around this one is `../this`", "../this".to_owned())),
        _ => {}
    }
    if let Some(value) = text.strip_prefix('!').filter(|value| is_value(value)) {
        return Some(("`!` is the helper `not`", format!("not {value}")));
    }
    let call = comparison(text).map(|call| ("a comparison is a helper", call));
    let call = call.or_else(|| Some(("a filter is a helper before its value", filters(text)?)));
    call.or_else(|| {
        let (name, args) = with_parentheses(text)?;
        Some(("parameters stand without parentheses and commas", format!("{name} {args}")))
    })
}

fn comparison(text: &str) -> Option<String> {
    const OPERATORS: [(&str, &str); 10] = [
        ("===", "eq"),
        ("!==", "ne"),
        ("==", "eq"),
        ("!=", "ne"),
        ("<=", "lte"),
        (">=", "gte"),
        ("&&", "and"),
        ("||", "or"),
        ("<", "lt"),
        (">", "gt"),
    ];
    let text = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    let (operator, helper) = OPERATORS.iter().find(|(operator, _)| text.contains(operator))?;
    let (left, right) = text.split_once(operator)?;
    let (left, right) = (left.trim(), right.trim());
    (is_value(left) && is_value(right)).then(|| format!("{helper} {left} {right}"))
}

/// `x | trim | truncate(10)` as `truncate (trim x) 10`.
fn filters(text: &str) -> Option<String> {
    let (value, filters) = text.split_once('|')?;
    let mut written = value.trim().to_owned();
    if !is_value(&written) {
        return None;
    }
    for filter in filters.split('|') {
        let (name, args) = with_parentheses(filter.trim()).unwrap_or((filter.trim(), String::new()));
        find(name)?;
        let value = if written.contains(' ') { format!("({written})") } else { written };
        let args = if args.is_empty() { args } else { format!(" {args}") };
        written = format!("{name} {value}{args}");
    }
    Some(written)
}

/// `name(a, b)` as `name` and `a b`.
fn with_parentheses(text: &str) -> Option<(&str, String)> {
    let (name, args) = text.strip_suffix(')')?.split_once('(')?;
    let args: Vec<_> = args.split(',').map(str::trim).collect();
    let is_call = is_word(name) && args.iter().all(|arg| is_value(arg));
    is_call.then(|| (name, args.join(" ")))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// A path, a number, or a text in quotes without blanks.
fn is_value(text: &str) -> bool {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let text = inner('"').or_else(|| inner('\'')).unwrap_or(text);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@');
    !text.is_empty() && !text.ends_with('.') && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_other_languages_are_written_anew() {
        for (tag, written) in [
            ("{{.}}", "{{this}}"),
            ("{{~ . ~}}", "{{this}}"),
            ("{{{.}}}", "{{this}}"),
            ("{{..}}", "{{../this}}"),
            ("{{#if a == b}}", "{{#if (eq a b)}}"),
            ("{{#unless a.b!='x'}}", "{{#unless (ne a.b 'x')}}"),
            ("{{else if a >= 10}}", "{{else if (gte a 10)}}"),
            ("{{#if (a == b)}}", "{{#if (eq a b)}}"),
            ("{{elif a && b}}", "{{else if (and a b)}}"),
            ("{{elseif y}}", "{{else if y}}"),
            ("{{a || b}}", "{{or a b}}"),
            ("{{#if !a}}", "{{#if (not a)}}"),
            ("{{ x | upper }}", "{{upper x}}"),
            ("{{ x|trim | truncate(10)}}", "{{truncate (trim x) 10}}"),
            ("{{#if x | length}}", "{{#if (length x)}}"),
            ("{{upper(x)}}", "{{upper x}}"),
            ("{{replace(x, 'a', \"b\")}}", "{{replace x 'a' \"b\"}}"),
        ] {
            let said = hint(tag, None).unwrap_or_default();
            assert!(said.ends_with(&format!("write `{written}`")), "{tag}: {said}");
        }
        for tag in [
            "{{a b.}}",
            "{{}}",
            "{{x | nothing}}",
            "{{#if (a == b) == c}}",
            "{{x |}}",
            "{{f()}}",
            "{{a \n== b}}",
        ] {
            assert_eq!(hint(tag, None), None, "{tag}");
        }
        assert!(hint("{{x | nothing}}", Some('|')).is_some());
        assert_eq!(hint("{{x ? y}}", Some('?')), None);
    }
}
