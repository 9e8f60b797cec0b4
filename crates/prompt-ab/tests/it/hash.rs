//! The hash against vectors that others computed, and its quality.

use std::path::Path;

use prompt_ab::{BUCKETS, Bucket, bucket};
use serde_json::Value;

fn assert_vectors(text: &str, at_least: usize) {
    let vectors: Value = serde_json::from_str(text).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    for case in cases {
        let (seed, value) = (case["seed"].as_str().unwrap(), case["value"].as_str().unwrap());
        assert_eq!(u64::from(bucket(seed, value).index()), case["bucket"].as_u64().unwrap(), "{case}");
    }
}

#[test]
fn own_vectors_are_exact() {
    assert_vectors(include_str!("fixtures/hash_vectors.json"), 20);
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test has to be seen")]
fn the_public_vectors_are_exact() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ab/hash_vectors.json");
    match std::fs::read_to_string(&path) {
        Ok(text) => assert_vectors(&text, 20),
        Err(_) => eprintln!("SKIPPED: {} is not there", path.display()),
    }
}

#[test]
fn code_units_are_hashed_and_not_bytes() {
    // Computed by the definition in Python over UTF-16; the bytes of UTF-8 give others.
    assert_eq!(bucket("größe", "zürich").index(), 1995);
    assert_eq!(bucket("", "\u{1f600}").index(), 4971);
    assert_eq!(bucket("", "").index(), 2305);
}

#[test]
fn there_is_no_bucket_beyond_the_last() {
    assert_eq!(Bucket::new(BUCKETS - 1).map(Bucket::index), Some(9_999));
    assert_eq!(Bucket::new(BUCKETS), None);
}

/// Pearson's statistic of counts that should all be equal.
fn chi_square(counts: &[u32]) -> f64 {
    let total: u32 = counts.iter().sum();
    let cells = u32::try_from(counts.len()).unwrap();
    let expected = f64::from(total) / f64::from(cells);
    counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
}

const UNITS: u32 = 100_000;

#[test]
fn buckets_are_uniform() {
    // Exceeded by chance with p = 1e-4 at 99 degrees of freedom.
    const CRITICAL: f64 = 160.2;
    for seed in ["shorter-analysis", "a", ""] {
        let mut counts = [0; 100];
        for unit in 0..UNITS {
            counts[usize::from(bucket(seed, &format!("session-{unit}")).index()) / 100] += 1;
        }
        let statistic = chi_square(&counts);
        assert!(statistic < CRITICAL, "{seed:?}: {statistic}");
    }
}

#[test]
fn seeds_that_differ_in_one_character_are_independent() {
    // Exceeded by chance with p = 1e-4 at 99 degrees of freedom, the margins being known.
    const CRITICAL: f64 = 160.2;
    for (one, other) in [("experiment-1", "experiment-2"), ("a", "b"), ("1-experiment", "2-experiment")] {
        let mut counts = [0; 100];
        for unit in 0..UNITS {
            let unit = format!("session-{unit}");
            let tenth = |seed| usize::from(bucket(seed, &unit).index()) / 1_000;
            counts[tenth(one) * 10 + tenth(other)] += 1;
        }
        let statistic = chi_square(&counts);
        assert!(statistic < CRITICAL, "{one} and {other}: {statistic}");
    }
}
