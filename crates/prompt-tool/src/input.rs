//! Texts that people give: files, stdin, `K=V` pairs.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::{Code, Failure};
use crate::output::Output;

/// The most that is read of a file or of stdin; what is stored has limits of its own.
const MOST: u64 = 64 << 20;

/// Reads a text from a path, or, for `-`, from stdin.
pub(crate) fn text(path: &Path, what: &str, output: &mut Output, may_ask: bool) -> Result<String, Failure> {
    let name = name(path);
    let bytes = if path.as_os_str() == "-" {
        if std::io::stdin().is_terminal() {
            if !may_ask {
                return Err(Failure::usage(format!("no {what}: stdin is a terminal"))
                    .hint("give it with --file PATH, or on a pipe"));
            }
            output.note(format!("Paste the {what}, then press Ctrl-D on a line of its own."));
        }
        limited(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
        limited(file)
    };
    let bytes = bytes.map_err(|error| unreadable(&name, &error))?;
    if bytes.len() as u64 > MOST {
        return Err(Failure::usage(format!("{name} is larger than {} MiB", MOST >> 20)).kind("too_long"));
    }
    String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!("{name} is not UTF-8: byte {} is not", error.utf8_error().valid_up_to()))
            .kind("not_utf8")
            .hint("convert it to UTF-8 first")
    })
}

/// Whether a person can be asked.
pub(crate) fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a question whose answer is yes unless it begins with `n`; the end of the input is a no.
pub(crate) fn agrees(question: &str) -> bool {
    let _ = write!(std::io::stderr(), "{question} [Y/n] ");
    let mut answer = String::new();
    match std::io::stdin().read_line(&mut answer) {
        Ok(0) | Err(_) => false,
        Ok(_) => !answer.trim().to_lowercase().starts_with('n'),
    }
}

/// What a file is called in messages.
pub(crate) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() }
}

fn limited(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    let code = if error.kind() == std::io::ErrorKind::NotFound { Code::NotFound } else { Code::Failed };
    Failure::new(code, format!("cannot read {name}: {error}"))
}

/// Parses `K=V` pairs into variables; the last value of a name wins nowhere: a name given twice is refused.
pub(crate) fn variables(pairs: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut variables = Map::new();
    for pair in pairs {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(Failure::usage(format!("`{pair}` is not a variable")).hint("write --var NAME=VALUE"));
        };
        let is_name = !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_numeric());
        if !is_name {
            return Err(Failure::usage(format!("`{name}` cannot name a variable"))
                .hint("a name is letters, digits and `_`, and does not start with a digit"));
        }
        if variables.insert(name.to_owned(), Value::from(value)).is_some() {
            return Err(Failure::usage(format!("the variable `{name}` is given twice")));
        }
    }
    Ok(variables)
}

/// Parses `NAME=VALUE` pairs into settings; none where none are given.
///
/// A value that is a number, `true`, `false`, `null`, a list or an object of JSON is taken as that, everything
/// else as text.
pub(crate) fn settings(pairs: &[String]) -> Result<Option<Map<String, Value>>, Failure> {
    let mut settings = Map::new();
    for pair in pairs {
        let (name, text) = match pair.split_once('=') {
            Some((name, text)) if !name.trim().is_empty() => (name.trim(), text),
            _ => {
                return Err(Failure::usage(format!("`{pair}` is not a setting"))
                    .hint("write --config NAME=VALUE, as --config temperature=0.2"));
            }
        };
        let value = match serde_json::from_str(text) {
            Ok(Value::String(_)) | Err(_) => Value::from(text),
            Ok(value) => value,
        };
        if holds_nul(&value) {
            return Err(Failure::usage(format!("the setting `{name}` holds a NUL character")).kind("nul"));
        }
        if settings.insert(name.to_owned(), value).is_some() {
            return Err(Failure::usage(format!("the setting `{name}` is given twice")));
        }
    }
    Ok((!settings.is_empty()).then_some(settings))
}

/// Reads variables from a JSON file: one object.
pub(crate) fn variables_file(path: &Path, output: &mut Output) -> Result<Map<String, Value>, Failure> {
    let text = text(path, "variables", output, false)?;
    match serde_json::from_str(&text) {
        Ok(value) if holds_nul(&value) => {
            Err(Failure::usage(format!("{} holds a NUL character", path.display())).kind("nul"))
        }
        Ok(Value::Object(variables)) => Ok(variables),
        Ok(_) => Err(Failure::usage(format!("{} does not hold a JSON object", path.display()))),
        Err(error) => Err(Failure::usage(format!("{} is not JSON: {error}", path.display()))),
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(entries) => entries.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
