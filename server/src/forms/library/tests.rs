use std::collections::BTreeSet;

use shared_proto::codec;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::check::checked;
use shared_proto::form::fill::{may_submit, problems, shown};
use shared_proto::form::score::{alerts, totals};
use shared_proto::limits;

use super::*;

/// The counted items of a questionnaire, in their order.
fn counted(form: &Form) -> Vec<&Item> {
    let score = &form.scores[0];
    form.items.iter().filter(|item| score.counts(item.link)).collect()
}

/// Answers whose points add up to `points`: as many full ones as there can be, then the rest.
fn adding_up_to(form: &Form, points: i32) -> Answers {
    let mut left = points;
    let mut answers = Answers::default();
    for item in counted(form) {
        let these = left.min(3);
        left -= these;
        let choice = item.kind.choices().iter().find(|choice| choice.points == Some(these as i16));
        answers.set(item.link, Value::One(choice.expect("0 to 3 points").id));
    }
    assert_eq!(left, 0, "{points} cannot be reached");
    answers
}

#[track_caller]
fn check_bands(known: Known, bands: &[(std::ops::RangeInclusive<i32>, &str)]) {
    let form = super::form(known);
    let mut next = 0;
    for (place, (range, label)) in bands.iter().enumerate() {
        assert_eq!(*range.start(), next, "no gap and no overlap");
        for points in range.clone() {
            let answers = adding_up_to(&form, points);
            let total = totals(&form, &answers)[0].expect("all that counts is answered");
            assert_eq!(total.points, points);
            assert_eq!(total.band.map(|band| &*band.label), Some(*label), "{points}");
            assert!(may_submit(&form, &answers));
        }
        assert_eq!(form.scores[0].band_range(&form, place).as_ref(), Some(range));
        next = range.end() + 1;
    }
    assert_eq!(form.scores[0].bands.len(), bands.len());
    let most = adding_up_to(&form, next - 1);
    assert_eq!(totals(&form, &most)[0].map(|total| total.highest), Some(next - 1));
}

#[test]
fn every_form_of_the_library_keeps_the_rules_and_has_room_to_grow() {
    for known in Known::ALL {
        let form = super::form(known);
        assert_eq!(checked(form.clone()).as_ref(), Ok(&form), "{}", known.name());
        let bytes = codec::encode(&form).len();
        println!("{}: {} items, {bytes} bytes", known.name(), form.items.len());
        assert!(bytes < limits::FORM_BYTES / 2, "{}: {bytes}", known.name());
    }
    let names: BTreeSet<_> = Known::ALL.map(Known::name).into();
    assert_eq!(names.len(), Known::ALL.len());
}

#[test]
fn the_phq_9_has_its_published_words() {
    let form = super::form(Known::Phq9);
    let labels: Vec<&str> = counted(&form).iter().map(|item| &*item.label).collect();
    assert_eq!(
        labels,
        [
            "Little interest or pleasure in doing things",
            "Feeling down, depressed, or hopeless",
            "Trouble falling or staying asleep, or sleeping too much",
            "Feeling tired or having little energy",
            "Poor appetite or overeating",
            "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
            "Trouble concentrating on things, such as reading the newspaper or watching television",
            "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or restless that you have been moving around a lot more than usual",
            "Thoughts that you would be better off dead or of hurting yourself in some way",
        ]
    );
    assert_eq!(
        form.items[0].label,
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    );
    check_choices(&form);
}

#[test]
fn the_gad_7_has_its_published_words() {
    let form = super::form(Known::Gad7);
    let labels: Vec<&str> = counted(&form).iter().map(|item| &*item.label).collect();
    assert_eq!(
        labels,
        [
            "Feeling nervous, anxious or on edge",
            "Not being able to stop or control worrying",
            "Worrying too much about different things",
            "Trouble relaxing",
            "Being so restless that it is hard to sit still",
            "Becoming easily annoyed or irritable",
            "Feeling afraid as if something awful might happen",
        ]
    );
    assert_eq!(
        form.items[0].label,
        "Over the last 2 weeks, how often have you been bothered by the following problems?"
    );
    check_choices(&form);
}

/// Choices and points of both, what is asked at the end, and what stands under it.
#[track_caller]
fn check_choices(form: &Form) {
    for item in counted(form) {
        let choices = item.kind.choices().iter();
        let choices: Vec<_> = choices.map(|choice| (&*choice.label, choice.points)).collect();
        assert_eq!(
            choices,
            [
                ("Not at all", Some(0)),
                ("Several days", Some(1)),
                ("More than half the days", Some(2)),
                ("Nearly every day", Some(3)),
            ]
        );
        assert!(item.required);
    }
    let last = &form.items[form.items.len() - 2];
    assert_eq!(
        last.label,
        "If you checked off any problems, how difficult have these problems made it for you to do your work, take care of things at home, or get along with other people?"
    );
    let choices: Vec<_> = last.kind.choices().iter().map(|choice| &*choice.label).collect();
    assert_eq!(
        choices,
        ["Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"]
    );
    assert!(!last.required);
    let source = &form.items[form.items.len() - 1].label;
    assert!(
        source.ends_with("No permission required to reproduce, translate, display or distribute.")
    );
}

#[test]
fn the_phq_9_is_scored_as_published() {
    check_bands(
        Known::Phq9,
        &[
            (0..=4, "Minimal depression"),
            (5..=9, "Mild depression"),
            (10..=14, "Moderate depression"),
            (15..=19, "Moderately severe depression"),
            (20..=27, "Severe depression"),
        ],
    );
}

#[test]
fn the_gad_7_is_scored_as_published() {
    check_bands(
        Known::Gad7,
        &[
            (0..=4, "Minimal anxiety"),
            (5..=9, "Mild anxiety"),
            (10..=14, "Moderate anxiety"),
            (15..=21, "Severe anxiety"),
        ],
    );
}

#[test]
fn half_a_phq_9_has_no_total() {
    let form = super::form(Known::Phq9);
    for missing in counted(&form) {
        let mut answers = adding_up_to(&form, 13);
        answers.clear(missing.link);
        assert_eq!(totals(&form, &answers), [None]);
        let without: Vec<_> = problems(&form, &answers).iter().map(|p| p.item).collect();
        assert_eq!(without, [Some(missing.link)]);
    }
}

#[test]
fn any_thought_of_death_in_a_phq_9_is_flagged_and_nothing_else_is() {
    let form = super::form(Known::Phq9);
    let last = counted(&form)[8];
    for (choice, flagged) in last.kind.choices().iter().zip([false, true, true, true]) {
        // Whatever the rest says.
        for rest in [0, 24] {
            let mut answers = adding_up_to(&form, rest);
            answers.set(last.link, Value::One(choice.id));
            let alerted: Vec<_> = alerts(&form, &answers).iter().map(|item| item.link).collect();
            assert_eq!(alerted, if flagged { vec![last.link] } else { vec![] }, "{}", choice.label);
        }
    }
}

#[test]
fn an_intake_flags_danger_and_asks_on_where_something_was_said() {
    let form = super::form(Known::Intake);
    let item = |label: &str| form.items.iter().find(|item| item.label == label).unwrap();
    let choose = |label: &str, choice: &str| {
        let item = item(label);
        let found = item.kind.choices().iter().find(|known| known.label == choice).unwrap();
        (item.link, Value::One(found.id))
    };
    let thoughts = "Have you had thoughts of ending your life or of hurting yourself?";
    let home = "Do you feel safe where you live?";
    for (label, choice, flagged) in [
        (thoughts, "No", 0),
        (thoughts, "In the past", 1),
        (thoughts, "In the last month", 1),
        (thoughts, "I would rather talk about it in person", 1),
        (home, "Yes", 0),
        (home, "Not always", 1),
        (home, "No", 1),
    ] {
        let mut answers = Answers::default();
        let (link, value) = choose(label, choice);
        answers.set(link, value);
        assert_eq!(alerts(&form, &answers).len(), flagged, "{label} {choice}");
    }
    let place = |label| form.items.iter().position(|item| item.label == label).unwrap();
    let mut answers = Answers::default();
    let medicines = item("Do you take any medicines?").link;
    for (said, asked) in [(false, false), (true, true)] {
        answers.set(medicines, Value::YesNo(said));
        let shown = shown(&form, &answers);
        assert_eq!(shown[place("Which ones, how much, and what for?")], asked);
        assert!(!shown[place("To what?")]);
    }
}

#[test]
fn consent_to_messaging_is_signed_and_says_what_it_must() {
    let form = super::form(Known::Messaging);
    let all: String = form
        .items
        .iter()
        .map(|item| match &item.kind {
            Kind::Signature(statement) => format!("{} {statement}\n", item.label),
            _ => format!("{}\n", item.label),
        })
        .collect();
    for what in [
        "not for emergencies",
        "988",
        "within two working days",
        "Who can read",
        "part of your health record",
        "take this consent back at any time",
    ] {
        assert!(all.contains(what), "{what}");
    }
    let signatures: Vec<_> =
        form.items.iter().filter(|item| matches!(item.kind, Kind::Signature(_))).collect();
    assert!(signatures.len() == 1 && signatures[0].required);
    assert!(!may_submit(&form, &Answers::default()));
}
