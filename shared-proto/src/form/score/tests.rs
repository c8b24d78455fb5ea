use super::super::sample::{self, *};
use super::super::{Condition, Test};
use super::*;

fn said(answers: &[(LinkId, Value)]) -> Answers {
    let mut said = Answers::default();
    answers.iter().cloned().for_each(|(link, value)| said.set(link, value));
    said
}

fn pain(number: i16) -> (LinkId, Value) {
    (PAIN, Value::Number(super::super::decimal::Decimal::whole(number)))
}

#[track_caller]
fn check(form: &Form, answers: &[(LinkId, Value)], expect: Option<(i32, Option<&str>)>) {
    let totals = totals(form, &said(answers));
    let found = totals[0].map(|total| (total.points, total.band.map(|band| &*band.label)));
    assert_eq!(found, expect);
}

#[test]
fn points_are_summed_and_fall_into_bands() {
    let form = sample::form();
    let mood = |choice| (MOOD, Value::One(choice));
    let symptoms = |choices: &[_]| (SYMPTOMS, Value::Several(choices.to_vec()));
    check(&form, &[mood(NEVER), symptoms(&[NOTHING]), pain(0)], Some((0, Some("Low"))));
    check(&form, &[mood(ALWAYS), symptoms(&[SLEEP, WORRY]), pain(0)], Some((7, Some("Low"))));
    check(&form, &[mood(OFTEN), symptoms(&[SLEEP, WORRY]), pain(3)], Some((8, Some("High"))));
    check(&form, &[mood(ALWAYS), symptoms(&[SLEEP, WORRY]), pain(10)], Some((17, Some("High"))));
    let whole = said(&[mood(NEVER), symptoms(&[NOTHING]), pain(0)]);
    assert_eq!(totals(&form, &whole)[0].unwrap().highest, 17);
    assert_eq!(form.scores[0].band_range(&form, 0), Some(0..=7));
    assert_eq!(form.scores[0].band_range(&form, 1), Some(8..=17));
    assert_eq!(form.scores[0].band_range(&form, 2), None);
}

#[test]
fn there_is_no_total_while_an_item_that_counts_is_unanswered() {
    let form = sample::form();
    let (mood, symptoms) = ((MOOD, Value::One(OFTEN)), (SYMPTOMS, Value::Several(vec![SLEEP])));
    check(&form, &[], None);
    check(&form, &[mood.clone(), symptoms.clone()], None);
    check(&form, &[mood.clone(), (SYMPTOMS, Value::Several(vec![])), pain(1)], None);
    check(&form, &[(MOOD, Value::One(SLEEP)), symptoms.clone(), pain(1)], None);
    check(&form, &[(MOOD, Value::YesNo(true)), symptoms.clone(), pain(1)], None);
    check(&form, &[mood, symptoms, pain(1)], Some((4, Some("Low"))));
}

#[test]
fn what_is_not_shown_counts_nothing() {
    let mut form = sample::form();
    form.item_mut(PAIN).show_if =
        Some(Condition { item: SYMPTOMS, test: Test::OneOf(vec![WORRY]) });
    let mood = (MOOD, Value::One(ALWAYS));
    let without = [mood.clone(), (SYMPTOMS, Value::Several(vec![SLEEP])), pain(9)];
    check(&form, &without, Some((5, Some("Low"))));
    let with = [mood, (SYMPTOMS, Value::Several(vec![SLEEP, WORRY])), pain(9)];
    check(&form, &with, Some((16, Some("High"))));
    if let Kind::Scale(scale) = &mut form.item_mut(PAIN).kind {
        (scale.from, scale.to) = (2, 4);
    }
    assert_eq!(range(&form, &form.scores[0]), (0, 11));
    form.item_mut(PAIN).show_if = None;
    assert_eq!(range(&form, &form.scores[0]), (2, 11));
}

#[test]
fn below_the_first_band_there_is_none() {
    let mut form = sample::form();
    form.scores[0].bands.remove(0);
    let low = [(MOOD, Value::One(NEVER)), (SYMPTOMS, Value::Several(vec![SLEEP])), pain(0)];
    check(&form, &low, Some((2, None)));
}

#[test]
fn the_reader_is_alerted_to_the_answers_named_and_no_others() {
    let mut form = sample::form();
    let alerted = |form: &Form, choice| -> Vec<LinkId> {
        let answers = said(&[(MOOD, Value::One(choice))]);
        alerts(form, &answers).iter().map(|item| item.link).collect()
    };
    assert_eq!(alerted(&form, NEVER), []);
    assert_eq!(alerted(&form, OFTEN), [MOOD]);
    assert_eq!(alerted(&form, ALWAYS), [MOOD]);
    assert!(alerts(&form, &Answers::default()).is_empty());
    form.item_mut(MOOD).show_if = Some(Condition { item: MEDICINES, test: Test::Is(true) });
    assert_eq!(alerted(&form, ALWAYS), []);
}
