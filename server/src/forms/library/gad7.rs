//! The GAD-7, the anxiety module of the Patient Health Questionnaire.
//!
//! Wording: the GAD-7 as its authors publish it (phqscreeners.com), free of charge and marked "No
//! permission required to reproduce, translate, display or distribute". Points and bands: Spitzer,
//! Kroenke, Williams, Löwe, "A Brief Measure for Assessing Generalized Anxiety Disorder: The
//! GAD-7", Archives of Internal Medicine 166 (2006), 1092-1097: 5, 10 and 15 are where mild,
//! moderate and severe anxiety begin. Nobody may change its words and still call it so.

use shared_proto::form::Form;

use super::{Draft, phq};

const PROBLEMS: [&str; 7] = [
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
];

const BANDS: [(i32, &str); 4] =
    [(0, "Minimal anxiety"), (5, "Mild anxiety"), (10, "Moderate anxiety"), (15, "Severe anxiety")];

pub fn form() -> Form {
    let mut draft = Draft::titled("GAD-7", "");
    draft.section(
        "Over the last 2 weeks, how often have you been bothered by the following problems?",
    );
    let items = PROBLEMS.iter().map(|problem| phq::problem(&mut draft, problem)).collect();
    draft.score("GAD-7 total", items, &BANDS);
    phq::difficulty(&mut draft);
    phq::source(&mut draft);
    draft.form
}
