//! How long ago something was, in words.

use chrono::{DateTime, TimeDelta, Utc};

/// The time between two moments as a person says it: `2 minutes ago`.
///
/// A month counts 30 days and a year 365. What lies ahead, as another machine's clock may have it, is `in 2 minutes`.
pub(crate) fn age(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let between = now - then;
    let length = between.abs();
    let units = [
        ("year", length.num_days() / 365),
        ("month", length.num_days() / 30),
        ("day", length.num_days()),
        ("hour", length.num_hours()),
        ("minute", length.num_minutes()),
    ];
    let Some((unit, count)) = units.into_iter().find(|(_, count)| *count > 0) else {
        return "just now".to_owned();
    };
    let plural = if count == 1 { "" } else { "s" };
    if between < TimeDelta::zero() {
        return format!("in {count} {unit}{plural}");
    }
    format!("{count} {unit}{plural} ago")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::age;

    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;

    fn after(seconds: i64) -> String {
        let then = DateTime::<Utc>::UNIX_EPOCH;
        age(then, then + TimeDelta::seconds(seconds))
    }

    #[test]
    fn counts_in_the_largest_unit_that_fits() {
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (MINUTE, "1 minute ago"),
            (2 * MINUTE + 59, "2 minutes ago"),
            (HOUR - 1, "59 minutes ago"),
            (HOUR, "1 hour ago"),
            (DAY - 1, "23 hours ago"),
            (DAY, "1 day ago"),
            (29 * DAY, "29 days ago"),
            (30 * DAY, "1 month ago"),
            (364 * DAY, "12 months ago"),
            (365 * DAY, "1 year ago"),
            (800 * DAY, "2 years ago"),
        ] {
            assert_eq!(after(seconds), words, "{seconds} s");
        }
    }

    #[test]
    fn a_clock_that_is_behind_is_no_error() {
        assert_eq!(after(-59), "just now");
        assert_eq!(after(-MINUTE), "in 1 minute");
        assert_eq!(after(-3 * DAY), "in 3 days");
    }

    #[test]
    fn the_ends_of_time_are_no_error() {
        assert!(age(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).ends_with(" years ago"));
        assert!(age(DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC).starts_with("in "));
    }
}
