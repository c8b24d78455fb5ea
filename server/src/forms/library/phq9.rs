//! The PHQ-9, the depression module of the Patient Health Questionnaire.
//!
//! Wording: the PHQ-9 as its authors publish it (phqscreeners.com), free of charge and marked "No
//! permission required to reproduce, translate, display or distribute". Points and bands: Kroenke,
//! Spitzer, Williams, "The PHQ-9: Validity of a Brief Depression Severity Measure", Journal of
//! General Internal Medicine 16 (2001), 606-613: 5, 10, 15 and 20 are where mild, moderate,
//! moderately severe and severe depression begin. Nobody may change its words and still call it so.

use shared_proto::form::Form;

use super::{Draft, phq};

const PROBLEMS: [&str; 9] = [
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself \u{2014} or that you are a failure or have let yourself or your \
     family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    "Moving or speaking so slowly that other people could have noticed? Or the opposite \u{2014} \
     being so fidgety or restless that you have been moving around a lot more than usual",
    "Thoughts that you would be better off dead or of hurting yourself in some way",
];

const BANDS: [(i32, &str); 5] = [
    (0, "Minimal depression"),
    (5, "Mild depression"),
    (10, "Moderate depression"),
    (15, "Moderately severe depression"),
    (20, "Severe depression"),
];

pub fn form() -> Form {
    let mut draft = Draft::titled("PHQ-9", "");
    draft.section(
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    );
    let items: Vec<_> = PROBLEMS.iter().map(|problem| phq::problem(&mut draft, problem)).collect();
    phq::alert_unless_not_at_all(
        &mut draft,
        items[8],
        "Thoughts of death or self-harm: ask about them, today if it can be.",
    );
    draft.score("PHQ-9 total", items, &BANDS);
    phq::difficulty(&mut draft);
    phq::source(&mut draft);
    draft.form
}
