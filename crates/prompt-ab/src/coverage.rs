//! Coverage: how much of each variant takes part.

use crate::{Error, Result};

/// The part of each variant's slots that takes part in an experiment, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Coverage(f64);

impl Coverage {
    /// Every slot takes part.
    pub const FULL: Self = Self(1.0);

    /// This part takes part.
    ///
    /// # Errors
    /// [`Error::Coverage`] for what is not from 0 to 1.
    pub fn new(coverage: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&coverage) { Ok(Self(coverage)) } else { Err(Error::Coverage { coverage }) }
    }

    /// The part.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// How many of `slots` take part: rounded, and never fewer for a greater coverage.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to `slots`")]
    pub(crate) fn of(self, slots: u16) -> u16 {
        (self.0 * f64::from(slots)).round() as u16
    }
}

impl Default for Coverage {
    fn default() -> Self {
        Self::FULL
    }
}
