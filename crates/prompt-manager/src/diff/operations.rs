//! From lines to the operations that turn one text into the other.

use similar::algorithms::IdentifyDistinct;
use similar::{Algorithm, DiffOp, capture_diff};

/// The most pairs of lines between the common start and the common end that are compared.
const LINE_PAIRS: usize = 1 << 30;

/// The operations, in order; none for equal texts.
pub(super) fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let start = common(old.iter(), new.iter());
    if start == old.len() && start == new.len() {
        return Vec::new();
    }
    let end = common(old[start..].iter().rev(), new[start..].iter().rev());
    let (old_len, new_len) = (old.len() - start - end, new.len() - start - end);
    if old_len > 0 && new_len > 0 && old_len.saturating_mul(new_len) <= LINE_PAIRS {
        return compared(old, new);
    }
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: start },
        DiffOp::Replace { old_index: start, old_len, new_index: start, new_len },
        DiffOp::Equal { old_index: start + old_len, new_index: start + new_len, len: end },
    ]
}

/// Lines are numbered first, so that a comparison does not depend on their length.
fn compared(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let numbered = IdentifyDistinct::<u32>::new(old, 0..old.len(), new, 0..new.len());
    capture_diff(
        Algorithm::Myers,
        numbered.old_lookup(),
        numbered.old_range(),
        numbered.new_lookup(),
        numbered.new_range(),
    )
}

fn common<'t>(old: impl Iterator<Item = &'t &'t str>, new: impl Iterator<Item = &'t &'t str>) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}
