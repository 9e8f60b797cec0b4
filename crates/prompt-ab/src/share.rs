//! How many slots each variant gets for its weight.

use crate::BUCKETS;

/// A variant's part of the slots: as a number, and rounded down and up.
struct Quota {
    exact: f64,
    least: u16,
    most: u16,
}

/// Shares out the slots by new weights, with as few moves from `before` as rounding allows.
///
/// Each variant gets its part rounded down or up. One that has either keeps what it has, so that weights that
/// stay the same, but for rounding, move nothing. `before` is as long as `weights`.
pub(crate) fn counts(weights: &[f64], before: &[u16]) -> Vec<u16> {
    let quotas: Vec<Quota> = weights.iter().map(|weight| quota(*weight)).collect();
    let mut counts: Vec<u16> =
        quotas.iter().zip(before).map(|(quota, had)| (*had).clamp(quota.least, quota.most)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    loop {
        let sum: u32 = counts.iter().map(|count| u32::from(*count)).sum();
        let (short, over) = (sum < u32::from(BUCKETS), sum > u32::from(BUCKETS));
        if !short && !over {
            return counts;
        }
        // First who changes anyway, towards what it had; then a new variant; then whose rounding is worst.
        let error = |i: usize| f64::from(counts[i]) - quotas[i].exact;
        let rank = |i: usize| {
            let changes_less = if short { before[i] > counts[i] } else { before[i] < counts[i] };
            (!changes_less, before[i] != 0)
        };
        order.sort_by(|&a, &b| {
            let worst = if short { error(a).total_cmp(&error(b)) } else { error(b).total_cmp(&error(a)) };
            rank(a).cmp(&rank(b)).then(worst).then(a.cmp(&b))
        });
        let room = |i: usize| if short { counts[i] < quotas[i].most } else { counts[i] > quotas[i].least };
        let next =
            *order.iter().find(|i| room(**i)).expect("the parts rounded up reach 10,000, and down not");
        counts[next] = if short { counts[next] + 1 } else { counts[next] - 1 };
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10,000")]
fn quota(weight: f64) -> Quota {
    // A weight such as 0.29 times 10,000 is 2,900 but for the last bit, which must not count as a part.
    const NOISE: f64 = 1e-6;
    let exact = weight * f64::from(BUCKETS);
    let whole = exact.round();
    if (exact - whole).abs() < NOISE {
        return Quota { exact: whole, least: whole as u16, most: whole as u16 };
    }
    Quota { exact, least: exact.floor() as u16, most: exact.ceil() as u16 }
}
