//! Tables: where slots are, how they move, what is refused.

use prompt_ab::{BUCKETS, Bucket, Coverage, Error, MAX_VARIANTS, SlotTable};

fn moved(before: &SlotTable, after: &SlotTable) -> usize {
    before.slots().iter().zip(after.slots()).filter(|(a, b)| a != b).count()
}

fn variants(table: &SlotTable, coverage: Coverage) -> Vec<Option<usize>> {
    (0..BUCKETS).map(|n| table.covered_variant(Bucket::new(n).unwrap(), coverage)).collect()
}

#[test]
fn a_new_table_is_cumulative_ranges() {
    let table = SlotTable::new(&[0.2, 0.3, 0.5]).unwrap();
    assert_eq!(table.counts(), [2_000, 3_000, 5_000]);
    let at = |n| table.variant(Bucket::new(n).unwrap());
    assert_eq!([at(0), at(1_999), at(2_000), at(4_999), at(5_000), at(9_999)], [0, 0, 1, 1, 2, 2]);
}

#[test]
fn a_variant_without_weight_has_no_slot() {
    let table = SlotTable::new(&[0.0, 1.0, 0.0]).unwrap();
    assert_eq!(table.counts(), [0, 10_000, 0]);
    // The sum lacks a little: the last slot is not left to a variant that weighs nothing.
    let thirds = SlotTable::new(&[0.333_333, 0.333_333, 0.333_333_5, 0.0]).unwrap();
    assert_eq!(thirds.counts()[3], 0);
}

#[test]
fn thirds_to_a_half_and_quarters_move_a_sixth() {
    let third = 1.0 / 3.0;
    let thirds = SlotTable::new(&[third, third, third]).unwrap();
    let after = thirds.reweight(&[0.5, 0.25, 0.25]).unwrap();
    // Cumulative ranges would move a quarter.
    assert_eq!(moved(&thirds, &after), 1_666);
    assert_eq!(after.counts(), [5_000, 2_500, 2_500]);
}

#[test]
fn the_same_weights_move_nothing() {
    // In f64, 0.1 + 0.2 is more than 0.3: the second variant has a slot more than its part.
    for weights in [&[0.1, 0.2, 0.7][..], &[0.7, 0.1, 0.1, 0.1], &[1.0 / 7.0; 7], &[1.0]] {
        let table = SlotTable::new(weights).unwrap();
        assert_eq!(table.reweight(weights).unwrap(), table, "{weights:?}");
    }
}

#[test]
fn an_added_variant_takes_from_all_and_a_dropped_one_leaves_to_all() {
    let two = SlotTable::new(&[0.5, 0.5]).unwrap();
    let three = two.reweight(&[0.4, 0.4, 0.2]).unwrap();
    assert_eq!((moved(&two, &three), three.counts()), (2_000, &[4_000, 4_000, 2_000][..]));
    let dropped = three.reweight(&[0.5, 0.5, 0.0]).unwrap();
    assert_eq!((moved(&three, &dropped), dropped.counts()), (2_000, &[5_000, 5_000, 0][..]));
}

#[test]
fn coverage_takes_the_first_part_of_each_variant() {
    let table = SlotTable::new(&[0.5, 0.5]).unwrap();
    let tenth = variants(&table, Coverage::new(0.1).unwrap());
    let inside: Vec<usize> = (0..10_000).filter(|n| tenth[*n].is_some()).collect();
    assert_eq!(inside, (0..500).chain(5_000..5_500).collect::<Vec<_>>());
    assert!(variants(&table, Coverage::new(0.0).unwrap()).iter().all(Option::is_none));
    assert!(variants(&table, Coverage::default()).iter().all(Option::is_some));
}

#[test]
fn a_ramp_moves_nobody() {
    let table = SlotTable::new(&[0.2, 0.3, 0.5]).unwrap().reweight(&[0.3, 0.1, 0.35, 0.25]).unwrap();
    let steps = [0.1, 0.2, 0.5, 1.0].map(|c| variants(&table, Coverage::new(c).unwrap()));
    for pair in steps.windows(2) {
        let left = pair[0].iter().zip(&pair[1]).filter(|(before, after)| before.is_some() && before != after);
        assert_eq!(left.count(), 0);
    }
}

#[test]
fn a_table_is_stored_and_read_back() {
    let table = SlotTable::new(&[0.5, 0.5]).unwrap().reweight(&[0.25, 0.25, 0.5, 0.0]).unwrap();
    assert_eq!(SlotTable::from_slots(table.slots(), 4).unwrap(), table);
    assert_eq!(SlotTable::from_slots(&[0; 10], 1), Err(Error::SlotCount { given: 10 }));
    let refused = SlotTable::from_slots(table.slots(), 2);
    assert!(matches!(refused, Err(Error::UnknownVariant { variant: 2, variants: 2, .. })), "{refused:?}");
}

#[test]
fn wrong_numbers_are_refused() {
    assert_eq!(SlotTable::new(&[]), Err(Error::NoVariants));
    let many = vec![0.0; MAX_VARIANTS + 1];
    assert_eq!(SlotTable::new(&many), Err(Error::TooManyVariants { given: MAX_VARIANTS + 1 }));
    assert_eq!(SlotTable::new(&[1.5, -0.5]), Err(Error::Negative { variant: 1, weight: -0.5 }));
    for weight in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused = SlotTable::new(&[weight, 1.0]);
        assert!(matches!(refused, Err(Error::NotFinite { variant: 0, .. })), "{refused:?}");
    }
    assert_eq!(SlotTable::new(&[0.5, 0.25]), Err(Error::WeightSum { sum: 0.75 }));
    assert_eq!(SlotTable::new(&[0.0, 0.0]), Err(Error::WeightSum { sum: 0.0 }));
    let table = SlotTable::new(&[0.5, 0.5]).unwrap();
    assert_eq!(table.reweight(&[1.0]), Err(Error::VariantsLeftOut { given: 1, variants: 2 }));
    assert_eq!(Coverage::new(1.1), Err(Error::Coverage { coverage: 1.1 }));
    assert!(Coverage::new(f64::NAN).is_err());
}

#[test]
fn messages_name_the_numbers() {
    let error = SlotTable::new(&[0.5, 0.25]).unwrap_err();
    assert_eq!(error.to_string(), "the weights sum to 0.75, not to 1 (within 0.000001)");
}

#[test]
fn as_many_variants_as_possible_share() {
    let weights = [1.0 / 256.0; MAX_VARIANTS];
    let table = SlotTable::new(&weights).unwrap();
    assert!(table.counts().iter().all(|count| [39, 40].contains(count)));
}
