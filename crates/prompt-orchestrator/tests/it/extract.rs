//! Extraction, rule by rule of `extraction.md`, and over generated answers.

mod fixtures;
mod generated;
mod headings;
mod metadata;
mod public_cases;
mod rules;
