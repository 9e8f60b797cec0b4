//! Which lines start a section (rules 2 and 3).

use prompt_orchestrator::extract::{Section, extract};

fn starts(line: &str) -> bool {
    let answer = format!("Preamble.\n\n{line}\n\nThe body.");
    extract(&answer).section(Section::AnalysisTemplate) == Some("The body.")
}

#[test]
fn headings_of_every_style_start_a_section() {
    let lines = [
        "# ANALYSIS_TEMPLATE",
        "###### 1. ANALYSIS_TEMPLATE",
        "## 1) Analysis Template ##",
        "### 1: analysis-template",
        "#### AnalysisTemplate:",
        "### ANALYSISTEMPLATE",
        "1. ANALYSIS\\_TEMPLATE",
        "1\\. ANALYSIS\\_TEMPLATE",
        "(1) ANALYSIS_TEMPLATE",
        "7. ANALYSIS_TEMPLATE",
        "**1. ANALYSIS_TEMPLATE**",
        "1. **ANALYSIS_TEMPLATE**",
        "**ANALYSIS_TEMPLATE:**",
        "__ANALYSIS_TEMPLATE__",
        "_Analysis Template_",
        "## **🧭 1. ANALYSIS_TEMPLATE (draft)**",
        "🧭 1. ANALYSIS_TEMPLATE",
        "1️⃣ ANALYSIS_TEMPLATE",
        "① ANALYSIS_TEMPLATE",
        "`ANALYSIS_TEMPLATE`",
        "### Section 1: `ANALYSIS_TEMPLATE`",
        "Part 1 - ANALYSIS_TEMPLATE",
        "Step one: ANALYSIS_TEMPLATE",
        "I. ANALYSIS_TEMPLATE",
        "## 1 ANALYSIS_TEMPLATE",
        "- ANALYSIS_TEMPLATE",
        "* **ANALYSIS_TEMPLATE**",
        "● ANALYSIS_TEMPLATE",
        "⏺ ## 1. ANALYSIS_TEMPLATE",
        "  ## ANALYSIS_TEMPLATE",
        "１．ANALYSIS_TEMPLATE：",
        "１）ANALYSIS_TEMPLATE",
        "1:ANALYSIS_TEMPLATE",
        "## 1.\u{a0}ANALYSIS_\u{a0}TEMPLATE",
        "## ANAL\u{200b}YSIS_TEMPLATE\u{200b}",
        "# 1. Analysis Template: summary of the survey, which is read first.",
        "1. ANALYSIS_TEMPLATE — draft",
        "ANALYSIS_TEMPLATE (final):",
        "Analysis Template\n=================",
        "1. Analysis Template\n---",
        "ANALYSIS_TEMPLATE   ",
    ];
    for line in lines {
        assert!(starts(line), "{line:?}");
    }
}

#[test]
fn lines_that_mention_a_name_start_nothing() {
    let lines = [
        "The ANALYSIS_TEMPLATE is meant for the survey.",
        "The 1. ANALYSIS_TEMPLATE is meant for the survey; 2. IMPLEMENTATION_TEMPLATE builds on it.",
        "ANALYSIS_TEMPLATE is meant for the survey.",
        "ANALYSIS_TEMPLATE, then an IMPLEMENTATION_TEMPLATE.",
        "ANALYSIS_TEMPLATE: it is what the survey reads before anything else is done at all.",
        "ANALYSIS_TEMPLATE - feeds the IMPLEMENTATION_TEMPLATE",
        "**ANALYSIS_TEMPLATE**, the prompt for the engineer who analyses:",
        "`ANALYSIS_TEMPLATE` is the input.",
        "## Using the ANALYSIS_TEMPLATE",
        "## ANALYSIS_TEMPLATE and EXECUTION_NOTES",
        "ANALYSIS_TEMPLATE.md",
        "ANALYSIS_TEMPLATE_V2",
        "ANALYSIS_TEMPLATES",
        "MY_ANALYSIS_TEMPLATE",
        "> ### 1. ANALYSIS_TEMPLATE",
        "| ANALYSIS_TEMPLATE | x |",
        "[ANALYSIS_TEMPLATE](#1-analysis_template)",
        "“ANALYSIS_TEMPLATE”",
        "☐ ANALYSIS_TEMPLATE",
        "1.1 ANALYSIS_TEMPLATE",
        "1 ANALYSIS_TEMPLATE",
        "####### ANALYSIS_TEMPLATE",
        "ANALYSIS",
        "1. ",
        "#",
    ];
    for line in lines {
        assert!(!starts(line), "{line:?}");
    }
}

#[test]
fn prose_behind_a_name_is_a_heading_only_where_it_stands_apart() {
    assert!(starts("Analysis Template: the survey of the code"));
    let within =
        "### ANALYSIS_TEMPLATE\n\nInputs:\nExecution notes: what the planner wrote about them\nand more.";
    let found = extract(within);
    assert_eq!(found.execution_notes, None);
    assert!(found.analysis_template.is_some_and(|text| text.ends_with("and more.")));
}

#[test]
fn a_list_of_names_inside_a_section_is_content() {
    let answer = "### ANALYSIS_TEMPLATE\n\nInputs:\n- IMPLEMENTATION_TEMPLATE\n- EXECUTION_NOTES\n\nRead both.\n\n\
                  ### IMPLEMENTATION_TEMPLATE\n\nBuild.\n\n### EXECUTION_NOTES\n\nComplexity: Low";
    let found = extract(answer);
    let analysis = "Inputs:\n- IMPLEMENTATION_TEMPLATE\n- EXECUTION_NOTES\n\nRead both.";
    assert_eq!(found.analysis_template.as_deref(), Some(analysis));
    assert_eq!(found.implementation_template.as_deref(), Some("Build."));
    assert!(found.duplicated.is_empty());
}
