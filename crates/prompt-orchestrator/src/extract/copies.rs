//! The copies of each section, and which of them counts (rules 11 and 12).

use super::body::Body;
use super::placeholder;
use super::{Extraction, Section};

/// One copy of a section.
struct Copy {
    text: String,
    cut_off: bool,
    unfilled: bool,
}

/// All copies of all sections, in their order.
#[derive(Default)]
pub(super) struct Copies([Vec<Copy>; 3]);

impl Copies {
    pub(super) fn collect(bodies: &[Body]) -> Self {
        let mut copies = Self::default();
        for body in bodies {
            copies.add(body);
        }
        for copy in copies.0.iter_mut().flatten() {
            copy.unfilled = placeholder::is_unfilled(&copy.text);
        }
        copies.0.iter_mut().for_each(|section| section.retain(|copy| !copy.text.is_empty()));
        copies.judge_notes_of_prompt();
        copies
    }

    fn add(&mut self, body: &Body) {
        let section = &mut self.0[body.section as usize];
        match section.last_mut() {
            Some(copy) if body.continued && !body.text.is_empty() => {
                if !copy.text.is_empty() {
                    copy.text.push_str("\n\n");
                }
                copy.text.push_str(&body.text);
                copy.cut_off &= body.cut_off;
            }
            Some(_) if body.continued => {}
            _ => section.push(Copy { text: body.text.clone(), cut_off: body.cut_off, unfilled: false }),
        }
    }

    /// The prompt goes on behind its last placeholder. Where nothing else is filled, a section that begins
    /// with a placeholder is the prompt's too.
    fn judge_notes_of_prompt(&mut self) {
        let blank = |copies: &[Copy]| copies.iter().all(|copy| copy.unfilled) && !copies.is_empty();
        for section in 0..3 {
            let others = (0..3).filter(|&other| other != section).all(|other| blank(&self.0[other]));
            if others && self.0[section].iter().all(|copy| placeholder::begins_unfilled(&copy.text)) {
                self.0[section].iter_mut().for_each(|copy| copy.unfilled = true);
            }
        }
    }

    fn of(&self, section: Section) -> &[Copy] {
        &self.0[section as usize]
    }

    fn chosen_copy(&self, section: Section) -> Option<&Copy> {
        let filled = || self.of(section).iter().rev().filter(|copy| !copy.unfilled);
        filled().find(|copy| !copy.cut_off).or_else(|| filled().next())
    }

    /// The text of the last complete copy; of the last one where none is complete.
    pub(super) fn chosen(&self, section: Section) -> Option<String> {
        self.chosen_copy(section).map(|copy| copy.text.clone())
    }

    /// Whether there are copies that differ.
    pub(super) fn is_duplicated(&self, section: Section) -> bool {
        let copies = self.of(section);
        copies.iter().any(|copy| copy.text != copies[0].text)
    }

    /// Whether all three sections are there and none of them is filled.
    pub(super) fn are_all_unfilled(&self) -> bool {
        self.0.iter().all(|copies| !copies.is_empty() && copies.iter().all(|copy| copy.unfilled))
    }

    /// What a reader should know.
    pub(super) fn warnings(&self, extraction: &Extraction) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.are_all_unfilled() {
            warnings.push("the text is the orchestrator prompt itself, not an answer to it".to_owned());
        }
        for section in &extraction.duplicated {
            warnings.push(format!("{section} is there more than once; the last complete copy was taken"));
        }
        for section in Section::ALL {
            if self.chosen_copy(section).is_some_and(|copy| copy.cut_off) {
                warnings.push(format!("{section} seems cut off: the fence around it never closes"));
            }
        }
        warnings
    }
}
