//! Line ends, ANSI escapes and the byte order mark (rule 1).

/// The text without a leading byte order mark and without escape sequences, its line ends LF.
pub(super) fn clean(answer: &str) -> String {
    let mut clean = String::with_capacity(answer.len());
    let mut rest = answer;
    while let Some(at) = rest.find(['\x1b', '\r']) {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('\r') {
            // A pseudo-terminal writes `\r\r\n` where the program already wrote `\r\n`.
            let after = rest.trim_start_matches('\r');
            if after.starts_with('\n') {
                rest = after;
            } else {
                clean.push('\n');
                rest = &rest[1..];
                if rest.starts_with('\r') {
                    let run = rest.len() - after.len();
                    clean.extend(std::iter::repeat_n('\n', run));
                    rest = after;
                }
            }
        } else {
            let length = escape_length(rest.as_bytes());
            if length == 0 {
                clean.push('\x1b');
            }
            rest = &rest[length.max(1)..];
        }
    }
    clean.push_str(rest);
    if clean.starts_with('\u{feff}') { clean.split_off('\u{feff}'.len_utf8()) } else { clean }
}

/// The length of the escape sequence at the front, 0 where it is none or is cut off.
///
/// CSI, OSC and the selection of a character set, as ECMA-48 and xterm write them.
fn escape_length(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'[') => control_sequence(bytes),
        Some(b']') => operating_system_command(bytes),
        Some(b'(' | b')' | b'*' | b'+') if bytes.get(2).is_some_and(u8::is_ascii_alphanumeric) => 3,
        _ => 0,
    }
}

fn control_sequence(bytes: &[u8]) -> usize {
    let parameters = bytes[2..].iter().take_while(|b| (0x30..=0x3f).contains(*b)).count();
    let intermediates = bytes[2 + parameters..].iter().take_while(|b| (0x20..=0x2f).contains(*b)).count();
    let last = 2 + parameters + intermediates;
    match bytes.get(last) {
        Some(0x40..=0x7e) => last + 1,
        _ => 0,
    }
}

/// Ends with BEL or ST. It never spans a line, and another escape ends it: a sequence that was cut off must
/// not swallow the text behind it, nor be searched to the end of the text again and again.
fn operating_system_command(bytes: &[u8]) -> usize {
    let Some(end) = bytes.iter().skip(2).position(|b| matches!(b, 0x07 | 0x1b | b'\n' | b'\r')) else {
        return 0;
    };
    match (bytes[end + 2], bytes.get(end + 3)) {
        (0x07, _) => end + 3,
        (0x1b, Some(b'\\')) => end + 4,
        _ => 0,
    }
}
