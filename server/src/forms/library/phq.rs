//! What the PHQ-9 and the GAD-7 share: both come from the Patient Health Questionnaire.

use shared_proto::form::{LinkId, Test};

use super::Draft;

/// How often, with what it counts from 0 to 3.
const OFTEN: [&str; 4] =
    ["Not at all", "Several days", "More than half the days", "Nearly every day"];

/// One of the numbered problems; each has to be answered for there to be a total.
pub fn problem(draft: &mut Draft, label: &str) -> LinkId {
    let link = draft.one(label, &OFTEN);
    draft.points(&[0, 1, 2, 3]);
    draft.required();
    link
}

/// The reader is alerted to any answer to the last item but "Not at all".
pub fn alert_unless_not_at_all(draft: &mut Draft, item: LinkId, label: &str) {
    let test: Test = draft.chose(item, &OFTEN[1..]);
    draft.alert(test, label);
}

/// The question about how one manages, which does not count.
pub fn difficulty(draft: &mut Draft) {
    draft.one(
        "If you checked off any problems, how difficult have these problems made it for you to do \
         your work, take care of things at home, or get along with other people?",
        &["Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"],
    );
}

/// Whom it comes from, in the words that are to stand under it.
pub fn source(draft: &mut Draft) {
    draft.note(
        "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, \
         with an educational grant from Pfizer Inc. No permission required to reproduce, \
         translate, display or distribute.",
    );
}
