//! The bucket of a unit: the public hash of `GrowthBook`, version 2.
//!
//! Source: <https://docs.growthbook.io/lib/build-your-own#hashing>, with the 32-bit FNV-1a of
//! <http://www.isthe.com/chongo/tech/comp/fnv/> over UTF-16 code units, as the reference implementation in
//! JavaScript does it. For texts of ASCII this is FNV-1a over their bytes. For others it is not: libraries
//! that hash the bytes of UTF-8 disagree there with the reference, and so with this.

use std::fmt;

/// How many buckets there are, and slots in a table.
pub const BUCKETS: u16 = 10_000;

/// The bucket of a unit, from 0 to 9,999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket(u16);

impl Bucket {
    /// The bucket of this number, where there is one.
    pub const fn new(index: u16) -> Option<Self> {
        if index < BUCKETS { Some(Self(index)) } else { None }
    }

    /// Its number.
    pub const fn index(self) -> u16 {
        self.0
    }

    fn of(hash: u32) -> Self {
        let index = hash % u32::from(BUCKETS);
        Self(u16::try_from(index).expect("a bucket's number is below 10,000"))
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The bucket of a unit: `fnv(decimal(fnv(seed + value))) mod 10000`.
///
/// `seed` is the experiment's, by default its key, so that experiments are independent of each other;
/// `value` names the unit. Nothing is allocated.
pub fn bucket(seed: &str, value: &str) -> Bucket {
    let first = fnv(seed.encode_utf16().chain(value.encode_utf16()));
    let mut buffer = [0; MOST_DIGITS];
    let second = fnv(decimal(first, &mut buffer).iter().map(|digit| u16::from(*digit)));
    Bucket::of(second)
}

/// 32-bit FNV-1a, a code unit at a time.
fn fnv(units: impl Iterator<Item = u16>) -> u32 {
    const OFFSET_BASIS: u32 = 0x811C_9DC5;
    const PRIME: u32 = 0x0100_0193;
    units.fold(OFFSET_BASIS, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(PRIME))
}

/// The digits of `u32::MAX`.
const MOST_DIGITS: usize = 10;

/// The number in decimal digits, at the end of the buffer.
fn decimal(mut number: u32, buffer: &mut [u8; MOST_DIGITS]) -> &[u8] {
    let mut start = MOST_DIGITS;
    loop {
        start -= 1;
        buffer[start] = b'0' + u8::try_from(number % 10).expect("a digit is below 10");
        number /= 10;
        if number == 0 {
            return &buffer[start..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_DIGITS, decimal, fnv};

    #[test]
    fn decimal_is_what_the_standard_library_prints() {
        for number in [0, 9, 10, 99, 100, 65_535, 1_000_000_000, u32::MAX] {
            assert_eq!(decimal(number, &mut [0; MOST_DIGITS]), number.to_string().as_bytes());
        }
    }

    #[test]
    fn fnv_gives_the_published_values() {
        // Landon Curt Noll's test vectors, test_fnv.c.
        let vectors = [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)];
        for (text, hash) in vectors {
            assert_eq!(fnv(text.encode_utf16()), hash, "{text}");
        }
    }
}
