#![doc = include_str!("../README.md")]

mod bucket;
mod coverage;
mod error;
mod share;
mod slots;

pub use bucket::{BUCKETS, Bucket, bucket};
pub use coverage::Coverage;
pub use error::{Error, Result};
pub use slots::{MAX_VARIANTS, SlotTable, WEIGHT_TOLERANCE};
