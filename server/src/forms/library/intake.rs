//! Intake: what a provider of counselling or therapy asks before the first session. A practice
//! takes out what it does not need and adds what it does.

use shared_proto::date::Date;
use shared_proto::form::decimal::Decimal;
use shared_proto::form::{Days, Form, Number, Test};

use super::Draft;

pub fn form() -> Form {
    let mut draft = Draft::titled(
        "Intake",
        "What you write here helps us use our first session well. Skip what you would rather talk \
         about in person. It is saved as you go, and you can come back to it before you submit it.",
    );
    about_you(&mut draft);
    what_brings_you(&mut draft);
    health(&mut draft);
    safety(&mut draft);
    life(&mut draft);
    draft.section("Anything else");
    draft.long_text("Is there anything else we should know?");
    draft.form
}

fn about_you(draft: &mut Draft) {
    draft.section("About you");
    draft.text("Your full name");
    draft.required();
    draft.text("What would you like to be called?");
    draft.text("Your pronouns");
    draft.date("Date of birth", Days { earliest: Date::new(1900, 1, 1), latest: None });
    draft.required();
    draft.text("Telephone number");
    draft.one("May we leave a message there?", &["Yes", "Only to call back", "No"]);
    draft.text("Address");
    draft.text("Languages you are comfortable in");
    draft.text("Who should we call in an emergency?");
    draft.help("Their name, and what they are to you.");
    let emergency = draft.last().link;
    draft.text("Their telephone number");
    draft.required();
    draft.show_if(emergency, Test::Answered);
    let before = draft.one(
        "How did you hear about us?",
        &[
            "From a doctor or another provider",
            "From somebody I know",
            "I searched for it",
            "Other",
        ],
    );
    let referred = draft.chose(before, &["From a doctor or another provider", "Other"]);
    draft.text("From whom, or where?");
    draft.show_if(before, referred);
}

fn what_brings_you(draft: &mut Draft) {
    draft.section("What brings you here");
    draft.long_text("What would you like help with?");
    draft.required();
    draft.one(
        "How long has this been going on?",
        &["Less than a month", "One to six months", "Six months to two years", "Longer"],
    );
    draft.scale("How much does it trouble you now?", (0, "Not at all"), (10, "As much as can be"));
    draft.several(
        "Which of these have you noticed in the last month?",
        &[
            "Low mood",
            "Worry or fear",
            "Panic attacks",
            "Trouble sleeping",
            "Changes in appetite or weight",
            "Little energy",
            "Trouble concentrating",
            "Anger or irritability",
            "Memories that come back unwanted",
            "Conflict with people close to me",
            "Trouble at work or school",
            "Grief or loss",
            "None of these",
        ],
    );
    draft.alone("None of these");
    draft.long_text("What would be different if this went well?");
    let before = draft.yes_no("Have you had counselling or therapy before?");
    draft.long_text("When was that, and what helped or did not?");
    draft.show_if(before, Test::Is(true));
}

fn health(draft: &mut Draft) {
    draft.section("Your health");
    let conditions = draft.yes_no("Do you have any medical conditions we should know of?");
    draft.long_text("Which ones?");
    draft.show_if(conditions, Test::Is(true));
    let medicines = draft.yes_no("Do you take any medicines?");
    draft.long_text("Which ones, how much, and what for?");
    draft.required();
    draft.show_if(medicines, Test::Is(true));
    let allergies = draft.yes_no("Do you have any allergies?");
    draft.text("To what?");
    draft.required();
    draft.show_if(allergies, Test::Is(true));
    draft.text("Your doctor, and how we can reach them");
    draft.number(
        "How many hours do you usually sleep?",
        Number {
            least: Some(Decimal::whole(0)),
            most: Some(Decimal::whole(24)),
            decimals: 1,
            unit: "hours".to_owned(),
        },
    );
    let often =
        ["Never", "Monthly or less", "2 to 4 times a month", "2 to 3 times a week", "More often"];
    draft.one("How often do you drink alcohol?", &often);
    draft.one("How often do you use other drugs, or medicines not as prescribed?", &often);
}

fn safety(draft: &mut Draft) {
    draft.section("Your safety");
    draft.note(
        "This form is not read at once. If you are in danger now, call the emergency number (911 \
         in the United States, 112 in Europe) or go to the nearest emergency department. In the \
         United States you can call or text 988 at any time.",
    );
    let thoughts = draft.one(
        "Have you had thoughts of ending your life or of hurting yourself?",
        &["No", "In the past", "In the last month", "I would rather talk about it in person"],
    );
    let any = draft.chose(
        thoughts,
        &["In the past", "In the last month", "I would rather talk about it in person"],
    );
    draft.alert(any, "Thoughts of suicide or self-harm: ask about them before the first session.");
    let unsafe_at_home = draft.one(
        "Do you feel safe where you live?",
        &["Yes", "Not always", "No", "I would rather talk about it in person"],
    );
    let not_safe = draft
        .chose(unsafe_at_home, &["Not always", "No", "I would rather talk about it in person"]);
    draft.alert(not_safe, "May not be safe at home: ask how and when it is safe to call or write.");
}

fn life(draft: &mut Draft) {
    draft.section("Your life");
    draft.text("Who lives with you?");
    draft.one(
        "What do you do at present?",
        &[
            "Work",
            "School or university",
            "Care for others",
            "Looking for work",
            "Retired",
            "Other",
        ],
    );
    draft.long_text("Who or what gives you strength?");
    draft.long_text("Is there anything about your culture, faith or identity we should know?");
}
