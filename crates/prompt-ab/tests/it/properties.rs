//! What holds for all weights.

use prompt_ab::{BUCKETS, Bucket, Coverage, SlotTable};
use proptest::prelude::*;

/// Weights of `variants` variants that sum to 1; one in five weighs nothing.
fn weights(variants: impl Strategy<Value = usize>) -> impl Strategy<Value = Vec<f64>> {
    let part = prop_oneof![1 => Just(0_u32), 4 => 1_u32..1_000];
    variants.prop_flat_map(move |n| prop::collection::vec(part.clone(), n)).prop_filter_map(
        "something must weigh",
        |parts| {
            let sum: u32 = parts.iter().sum();
            (sum > 0).then(|| parts.iter().map(|part| f64::from(*part) / f64::from(sum)).collect())
        },
    )
}

/// Weights before and after a change that adds up to three variants.
fn change() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (1_usize..9, 0_usize..4).prop_flat_map(|(n, added)| (weights(Just(n)), weights(Just(n + added))))
}

fn moves(before: &SlotTable, after: &SlotTable) -> Vec<(u8, u8)> {
    let pairs = before.slots().iter().copied().zip(after.slots().iter().copied());
    pairs.filter(|(from, to)| from != to).collect()
}

/// Half the sum of the differences: the least that has to move.
fn total_variation(before: &[f64], after: &[f64]) -> f64 {
    let had = before.iter().copied().chain(std::iter::repeat(0.0));
    had.zip(after).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}

fn count(moves: &[(u8, u8)]) -> f64 {
    f64::from(u32::try_from(moves.len()).unwrap())
}

proptest! {
    /// The reference is a walk through the ranges, as the definition says it.
    #[test]
    fn a_new_table_is_the_definition(weights in weights(1_usize..9)) {
        let table = SlotTable::new(&weights).unwrap();
        for n in (0..BUCKETS).step_by(7) {
            let x = f64::from(n) / 10_000.0;
            let mut start = 0.0;
            let holds = |weight: &f64| {
                let inside = start <= x && x < start + weight;
                start += weight;
                inside
            };
            let wanted = weights.iter().position(holds);
            prop_assert!(wanted.is_none_or(|variant| variant == table.variant(Bucket::new(n).unwrap())));
        }
    }

    /// To rounding: a slot for each variant, since each part may be rounded on either side.
    #[test]
    fn a_change_moves_the_total_variation((before, after) in change()) {
        let table = SlotTable::new(&before).unwrap();
        let changed = table.reweight(&after).unwrap();
        let wanted = total_variation(&before, &after) * 10_000.0;
        let slack = f64::from(u8::try_from(after.len()).unwrap());
        let moved = count(&moves(&table, &changed));
        prop_assert!((moved - wanted).abs() <= slack, "{moved} slots, {wanted} wanted");
        for (slots, weight) in changed.counts().iter().zip(&after) {
            prop_assert!((f64::from(*slots) - weight * 10_000.0).abs() < 1.0 + 1e-6);
        }
    }

    /// As many slots move as the counts differ by: never two that could have stayed.
    #[test]
    fn no_slot_moves_in_vain((before, after) in change(), then in weights(Just(12_usize))) {
        let mut table = SlotTable::new(&before).unwrap();
        for weights in [&after, &then, &then] {
            let changed = table.reweight(weights).unwrap();
            let had = table.counts().iter().copied().chain(std::iter::repeat(0));
            let gained: u16 = changed.counts().iter().zip(had).map(|(now, had)| now.saturating_sub(had)).sum();
            prop_assert_eq!(moves(&table, &changed).len(), usize::from(gained));
            table = changed;
        }
    }

    #[test]
    fn the_same_weights_again_move_nothing((before, after) in change()) {
        let changed = SlotTable::new(&before).unwrap().reweight(&after).unwrap();
        prop_assert_eq!(&changed.reweight(&after).unwrap(), &changed);
    }

    /// Each of the others gives up a slot or more, so that rounding cannot make one of them win.
    #[test]
    fn an_added_variant_takes_only_its_share(parts in prop::collection::vec(100_u32..1_000, 1..9), share in 0.05..0.95) {
        let sum = f64::from(parts.iter().sum::<u32>());
        let before: Vec<f64> = parts.iter().map(|part| f64::from(*part) / sum).collect();
        let mut after: Vec<f64> = before.iter().map(|weight| weight * (1.0 - share)).collect();
        after.push(share);
        let table = SlotTable::new(&before).unwrap();
        let grown = table.reweight(&after).unwrap();
        let moved = moves(&table, &grown);
        let added = u8::try_from(before.len()).unwrap();
        prop_assert!(moved.iter().all(|(_, to)| *to == added));
        prop_assert!((count(&moved) - share * 10_000.0).abs() < 1.0 + 1e-6);
    }

    #[test]
    fn more_coverage_moves_nobody((before, after) in change(), a in 0.0..=1.0, b in 0.0..=1.0) {
        let table = SlotTable::new(&before).unwrap().reweight(&after).unwrap();
        let (less, more) = if a < b { (a, b) } else { (b, a) };
        let (less, more) = (Coverage::new(less).unwrap(), Coverage::new(more).unwrap());
        let mut covered = vec![0_u16; after.len()];
        for n in 0..BUCKETS {
            let bucket = Bucket::new(n).unwrap();
            if let Some(variant) = table.covered_variant(bucket, less) {
                prop_assert_eq!(table.covered_variant(bucket, more), Some(variant));
                covered[variant] += 1;
            }
        }
        for (covered, slots) in covered.iter().zip(table.counts()) {
            prop_assert!((f64::from(*covered) - less.get() * f64::from(*slots)).abs() <= 0.5);
        }
    }
}
