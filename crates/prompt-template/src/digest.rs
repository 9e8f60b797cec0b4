//! Digests of texts and of closures.

use sha2::{Digest, Sha256};

/// The SHA-256 of a text, as 64 lower-case hexadecimal digits.
///
/// ```
/// let digest = prompt_template::sha256_hex("hello");
/// assert!(digest.starts_with("2cf24dba5fb0a30e"));
/// ```
pub fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// The digest of named texts, which are sorted by the caller.
///
/// Each name and each text is preceded by its length in bytes as eight bytes, highest first.
pub(crate) fn named_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in texts {
        for part in [name, text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hex(&hasher.finalize())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
