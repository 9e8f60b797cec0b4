//! Extraction alone: the three sections out of an answer as models write them.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use prompt_orchestrator::extract::{Section, extract};

/// With chatter around it, fences that nest, and headings that are not quite as they were asked for.
const ANSWER: &str = "\
Sure, here is the plan!

### 1. ANALYSIS_TEMPLATE
````markdown
# Find where seats are counted
```sh
grep -rn seat src
```
````

**2) Implementation Template**

Count seats inside of the transaction. Then run the tests.

### 3. EXECUTION_NOTES
- Complexity: **Medium**
- Estimated Time: 4-6 hours

---

Shall I start with the analysis?
";

fn main() {
    let found = extract(ANSWER);
    for section in Section::ALL {
        println!("== {section}\n{}\n", found.section(section).unwrap_or("(not found)"));
    }
    println!("complexity: {}", found.complexity.as_deref().unwrap_or("(none)"));
    println!("time: {:?}", found.time_estimate);

    // Nothing is guessed: what an answer does not hold is named.
    let cut_off = &ANSWER[..ANSWER.find("### 3.").expect("the answer has a third section")];
    let found = extract(cut_off);
    println!("\ncut off before the notes, missing: {}", names(&found.missing));
    for warning in &found.warnings {
        println!("  {warning}");
    }
}

fn names(sections: &[Section]) -> String {
    sections.iter().map(|section| section.as_str()).collect::<Vec<_>>().join(", ")
}
