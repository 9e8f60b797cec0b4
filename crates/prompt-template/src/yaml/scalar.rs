//! Plain scalars, by the core schema of YAML 1.2.2, section 10.3.2.

use serde_json::Number;

use crate::excerpt::short;
use crate::yaml::Yaml;

/// What a scalar without quotes is, or why it cannot be told.
pub(super) fn plain(text: &str) -> Result<Yaml, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Yaml::Null),
        "true" | "True" | "TRUE" => return Ok(Yaml::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Yaml::Bool(false)),
        _ => {}
    }
    if is_special(text) {
        return Err(format!("JSON has no number `{text}`"));
    }
    if !is_number(text) {
        return Ok(Yaml::Text(text.to_owned()));
    }
    let number = number(text).ok_or_else(|| {
        format!("the number `{}` would be changed; as text it is put in quotes", short(text))
    })?;
    Ok(Yaml::Number(number))
}

/// Infinity, and what is not a number.
fn is_special(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// The digits of a number that begins with `0x` or `0o`, with their base.
fn based(text: &str) -> Option<(&str, u32)> {
    let hexadecimal = text.strip_prefix("0x").map(|digits| (digits, 16));
    let based = hexadecimal.or_else(|| text.strip_prefix("0o").map(|digits| (digits, 8)));
    based.filter(|(digits, radix)| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(*radix)))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_number(text: &str) -> bool {
    if based(text).is_some() {
        return true;
    }
    let unsigned_text = unsigned(text);
    let (mantissa, exponent) = match unsigned_text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned_text, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| digits(unsigned(exponent)));
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    exponent_fits && mantissa_fits
}

/// The value of a number, if it stays what it is.
fn number(text: &str) -> Option<Number> {
    if let Some((digits, radix)) = based(text) {
        return u64::from_str_radix(digits, radix).ok().map(Number::from);
    }
    let bare = unsigned(text);
    if bare.starts_with('0') && bare[1..].starts_with(|next: char| next.is_ascii_digit()) {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if digits(bare) {
        let signed = text.parse::<i64>().map(Number::from);
        return signed.or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    }
    text.parse().ok().and_then(Number::from_f64)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_scalars_are_read_by_the_core_schema() {
        for (text, number) in [
            ("0", json!(0)),
            ("-12", json!(-12)),
            ("+5", json!(5)),
            ("18446744073709551615", json!(u64::MAX)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("1.5", json!(1.5)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("-1e3", json!(-1000.0)),
            ("1E-2", json!(0.01)),
        ] {
            let Ok(Yaml::Number(read)) = plain(text) else { panic!("{text} is a number") };
            assert_eq!(json!(read), number, "{text}");
        }
        for text in ["yes", "no", "on", "1_000", "1e", "0x", "0xg", "-", "1.2.3", "12:30", "e5", ".", "+"] {
            assert_eq!(plain(text), Ok(Yaml::Text(text.to_owned())));
        }
        for text in
            ["007", "-01", "18446744073709551616", "1e999", "0xfffffffffffffffff", ".inf", "-.Inf", ".nan"]
        {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
