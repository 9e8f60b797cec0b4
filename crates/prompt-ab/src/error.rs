//! What can be wrong with the numbers of an experiment.

use crate::slots::{MAX_VARIANTS, WEIGHT_TOLERANCE};

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with weights, coverage or stored slots.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An experiment without variants.
    #[error("no variants are given")]
    NoVariants,
    /// More variants than a table can name.
    #[error("{given} variants are given, at most {MAX_VARIANTS} are possible")]
    TooManyVariants {
        /// How many were given.
        given: usize,
    },
    /// A weight that is infinite or not a number.
    #[error("the weight of variant {variant} is {weight}, which is not a number to share by")]
    NotFinite {
        /// The variant's place in the list, from 0.
        variant: usize,
        /// Its weight.
        weight: f64,
    },
    /// A weight below zero.
    #[error("the weight of variant {variant} is {weight}, which is negative")]
    Negative {
        /// The variant's place in the list, from 0.
        variant: usize,
        /// Its weight.
        weight: f64,
    },
    /// Weights that share out more or less than everything.
    #[error("the weights sum to {sum}, not to 1 (within {WEIGHT_TOLERANCE})")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
    /// Weights that leave out a variant that the table has.
    #[error(
        "{given} weights are given for {variants} variants; one that is given up keeps its place and weighs 0"
    )]
    VariantsLeftOut {
        /// How many weights were given.
        given: usize,
        /// How many variants the table has.
        variants: usize,
    },
    /// A coverage that is not from 0 to 1.
    #[error("the coverage is {coverage}, not from 0 to 1")]
    Coverage {
        /// The coverage.
        coverage: f64,
    },
    /// A stored table with another number of slots.
    #[error("{given} slots are given, a table has {}", crate::BUCKETS)]
    SlotCount {
        /// How many were given.
        given: usize,
    },
    /// A stored slot with a variant that is not there.
    #[error("slot {slot} names variant {variant}, of {variants}")]
    UnknownVariant {
        /// The slot.
        slot: usize,
        /// The variant that it names.
        variant: u8,
        /// How many variants there are.
        variants: usize,
    },
}
