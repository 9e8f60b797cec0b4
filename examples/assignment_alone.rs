//! Assignment alone: who meets which variant, and who moves when weights and coverage change.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use prompt_ab::{Coverage, Error, SlotTable, bucket};

const EXPERIMENT: &str = "shorter-analysis";
const VARIANTS: [&str; 3] = ["control", "short", "shortest"];
const UNITS: usize = 10_000;

fn main() -> Result<(), Error> {
    let table = SlotTable::new(&[0.5, 0.5])?;
    for unit in ["session-1", "session-2", "session-3"] {
        let bucket = bucket(EXPERIMENT, unit);
        println!("{unit}: bucket {bucket}, variant {}", VARIANTS[table.variant(bucket)]);
    }

    println!("\na ramp:");
    let mut before = vec![None; UNITS];
    for part in [0.1, 0.2, 0.5, 1.0] {
        let coverage = Coverage::new(part)?;
        let now = assign(&table, coverage);
        let inside = now.iter().flatten().count();
        let moved = before.iter().zip(&now).filter(|(was, is)| was.is_some() && was != is).count();
        println!("  coverage {part}: {inside} of {UNITS} units are in, {moved} left or changed variant");
        before = now;
    }

    println!("\na third variant takes a fifth:");
    let grown = table.reweight(&[0.4, 0.4, 0.2])?;
    let after = assign(&grown, Coverage::FULL);
    for (variant, name) in VARIANTS.iter().enumerate() {
        let had = before.iter().filter(|was| **was == Some(variant)).count();
        let has = after.iter().filter(|is| **is == Some(variant)).count();
        println!("  {name}: {had} units before, {has} after");
    }
    let between = before.iter().zip(&after).filter(|(was, is)| was != is && **is != Some(2)).count();
    println!("  {between} units moved between the first two");
    Ok(())
}

/// The variant of each unit that takes part.
fn assign(table: &SlotTable, coverage: Coverage) -> Vec<Option<usize>> {
    let unit = |n| bucket(EXPERIMENT, &format!("session-{n}"));
    (0..UNITS).map(|n| table.covered_variant(unit(n), coverage)).collect()
}
