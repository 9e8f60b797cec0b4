//! The slot table: which variant each of the 10,000 buckets belongs to.

use crate::share::counts;
use crate::{BUCKETS, Bucket, Coverage, Error, Result};

/// How many variants an experiment has at most.
pub const MAX_VARIANTS: usize = 256;

/// How far the sum of the weights may be from 1.
///
/// Less than a slot, so that a sum within it leaves no slot without a variant.
pub const WEIGHT_TOLERANCE: f64 = 1e-6;

const SLOTS: usize = BUCKETS as usize;

/// 10,000 slots, one for each bucket, each with a variant.
///
/// Variants are named by their place in the experiment's list, from 0; a variant keeps its place for good.
/// A table that weights were changed in is not the one that the weights alone would give: it is a part of
/// the experiment, to be stored by [`slots`](Self::slots) and read by [`from_slots`](Self::from_slots).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotTable {
    /// The variant of each slot.
    variants: Box<[u8]>,
    /// How many slots before it each slot's variant has.
    ranks: Box<[u16]>,
    /// How many slots each variant has.
    counts: Box<[u16]>,
}

impl SlotTable {
    /// The table at an experiment's start: variant i has the slots n with
    /// `start <= n / 10000 < start + weight`, where `start` is the sum of the weights before it.
    ///
    /// These are the bucket ranges of `GrowthBook` at full coverage (`getBucketRanges` and `chooseVariation`
    /// of <https://docs.growthbook.io/lib/build-your-own>), with the same arithmetic in `f64`.
    ///
    /// # Errors
    /// Where `weights` is empty or too long, or holds what is negative, infinite or not a number, or does not
    /// sum to 1 within [`WEIGHT_TOLERANCE`].
    pub fn new(weights: &[f64]) -> Result<Self> {
        check(weights)?;
        let ends: Vec<f64> = weights
            .iter()
            .scan(0.0, |end, weight| {
                *end += weight;
                Some(*end)
            })
            .collect();
        // What the sum lacks belongs to the last one that has a weight.
        let last = last_with_weight(weights);
        let variant = |slot: u16| {
            let n = f64::from(slot) / f64::from(BUCKETS);
            variant_of(ends.partition_point(|end| *end <= n).min(last))
        };
        Ok(Self::build((0..BUCKETS).map(variant).collect(), weights.len()))
    }

    /// A table as it was stored, with this many variants, of which some may have no slot.
    ///
    /// # Errors
    /// Where there are not 10,000 slots, or one names a variant that is not there.
    pub fn from_slots(slots: &[u8], variants: usize) -> Result<Self> {
        check_count(variants)?;
        if slots.len() != SLOTS {
            return Err(Error::SlotCount { given: slots.len() });
        }
        if let Some(slot) = slots.iter().position(|variant| usize::from(*variant) >= variants) {
            return Err(Error::UnknownVariant { slot, variant: slots[slot], variants });
        }
        Ok(Self::build(slots.into(), variants))
    }

    /// The table with other weights. Only as many slots change their variant as must: those of the total
    /// variation distance between the weights, to rounding.
    ///
    /// More weights than variants add variants, which take their share from those that give some up; the
    /// last slots of each go first. The same weights move nothing.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::VariantsLeftOut`] where there are fewer weights than variants.
    pub fn reweight(&self, weights: &[f64]) -> Result<Self> {
        let start = Self::new(weights)?;
        if weights.len() < self.counts.len() {
            return Err(Error::VariantsLeftOut { given: weights.len(), variants: self.counts.len() });
        }
        let mut had = self.counts.to_vec();
        had.resize(weights.len(), 0);
        // The ranges may be a slot off the rounded parts; what they give is right as well.
        let wanted = if *start.counts == *had { had.clone() } else { counts(weights, &had) };
        Ok(Self::build(self.moved(&had, &wanted), weights.len()))
    }

    /// The variant of a bucket.
    pub fn variant(&self, bucket: Bucket) -> usize {
        usize::from(self.variants[usize::from(bucket.index())])
    }

    /// The variant of a bucket where the bucket takes part.
    ///
    /// Of each variant's slots, in order, the first part takes part: whoever is in at some coverage is in,
    /// with the same variant, at every greater one.
    pub fn covered_variant(&self, bucket: Bucket, coverage: Coverage) -> Option<usize> {
        let variant = self.variant(bucket);
        let rank = self.ranks[usize::from(bucket.index())];
        (rank < coverage.of(self.counts[variant])).then_some(variant)
    }

    /// The variant of each slot, in order.
    pub fn slots(&self) -> &[u8] {
        &self.variants
    }

    /// How many slots each variant has.
    pub fn counts(&self) -> &[u16] {
        &self.counts
    }

    /// The slots after those who have too many gave their last ones to those who have too few, in order.
    fn moved(&self, had: &[u16], wanted: &[u16]) -> Box<[u8]> {
        let mut slots = self.variants.clone();
        let missing = |variant: usize| usize::from(wanted[variant].saturating_sub(had[variant]));
        let mut takers =
            (0..wanted.len()).flat_map(|variant| std::iter::repeat_n(variant_of(variant), missing(variant)));
        for (slot, rank) in slots.iter_mut().zip(&self.ranks) {
            if *rank >= wanted[usize::from(*slot)] {
                *slot = takers.next().expect("as many slots are given up as are taken");
            }
        }
        slots
    }

    fn build(variants: Box<[u8]>, count: usize) -> Self {
        let mut counts = vec![0_u16; count];
        let mut next_rank = |variant: &u8| {
            let count = &mut counts[usize::from(*variant)];
            *count += 1;
            *count - 1
        };
        let ranks = variants.iter().map(&mut next_rank).collect();
        Self { variants, ranks, counts: counts.into() }
    }
}

fn last_with_weight(weights: &[f64]) -> usize {
    weights.iter().rposition(|weight| *weight > 0.0).expect("the weights sum to 1")
}

fn variant_of(place: usize) -> u8 {
    u8::try_from(place).expect("there are at most 256 variants")
}

fn check_count(variants: usize) -> Result<()> {
    match variants {
        0 => Err(Error::NoVariants),
        1..=MAX_VARIANTS => Ok(()),
        _ => Err(Error::TooManyVariants { given: variants }),
    }
}

fn check(weights: &[f64]) -> Result<()> {
    check_count(weights.len())?;
    for (variant, &weight) in weights.iter().enumerate() {
        if !weight.is_finite() {
            return Err(Error::NotFinite { variant, weight });
        }
        if weight < 0.0 {
            return Err(Error::Negative { variant, weight });
        }
    }
    let sum: f64 = weights.iter().sum();
    if (sum - 1.0).abs() > WEIGHT_TOLERANCE {
        return Err(Error::WeightSum { sum });
    }
    Ok(())
}
