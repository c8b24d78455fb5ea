use super::super::sample::{self, *};
use super::super::{Condition, Test};
use super::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn said(answers: &[(LinkId, Value)]) -> Answers {
    let mut said = Answers::default();
    answers.iter().cloned().for_each(|(link, value)| said.set(link, value));
    said
}

/// All that the sample asks, answered well.
fn complete() -> Answers {
    said(&[
        (NAME, text("Ana")),
        (STORY, text("I sleep badly.\nAnd I worry.")),
        (WEIGHT, Value::Number(number("72.5"))),
        (BORN, Value::Date(day(1984, 2, 29))),
        (MEDICINES, Value::YesNo(true)),
        (WHICH, text("Sertraline")),
        (MOOD, Value::One(OFTEN)),
        (SYMPTOMS, Value::Several(vec![WORRY, SLEEP])),
        (PAIN, Value::Number(number("3"))),
        (SIGNED, Value::Signature("Ana Lopez".into())),
    ])
}

#[track_caller]
fn check(link: LinkId, value: Value, expect: Option<AnswerRule>) {
    let mut answers = complete();
    answers.set(link, value);
    let expect: Vec<_> =
        expect.iter().map(|rule| AnswerProblem { item: Some(link), rule: *rule }).collect();
    let form = sample::form();
    assert_eq!(problems(&form, &answers), expect);
    assert_eq!(may_submit(&form, &answers), expect.is_empty());
    assert_eq!(submitted(&form, &answers).is_ok(), expect.is_empty());
    let barred = expect.iter().any(|problem| problem.rule.bars_saving());
    assert_eq!(may_save(&form, &answers), if barred { Err(expect) } else { Ok(()) });
}

#[test]
fn what_is_required_and_shown_has_to_be_answered() {
    let form = sample::form();
    let missing = |item| AnswerProblem { item: Some(item), rule: AnswerRule::Missing };
    assert_eq!(problems(&form, &Answers::default()), [missing(NAME)]);
    let invisible = text(" \u{feff}\u{200b}");
    let medicines = said(&[(MEDICINES, Value::YesNo(true)), (NAME, invisible)]);
    assert_eq!(problems(&form, &medicines), [missing(NAME), missing(WHICH)]);
    assert_eq!(problems(&form, &said(&[(NAME, text("Ana"))])), []);
    assert_eq!(may_save(&form, &Answers::default()), Ok(()));
}

#[test]
fn each_kind_takes_its_own_answers_within_its_bounds() {
    let numbers = |text: &str| Value::Number(number(text));
    check(NAME, text(&"ä".repeat(200)), None);
    check(NAME, text(&"ä".repeat(201)), Some(AnswerRule::TooLong { limit: 200 }));
    check(NAME, text("Ana\nLopez"), Some(AnswerRule::Malformed));
    check(NAME, numbers("1"), Some(AnswerRule::WrongKind));
    check(STORY, text(&"ä".repeat(4_000)), None);
    check(STORY, text(&"ä".repeat(4_001)), Some(AnswerRule::TooLong { limit: 4_000 }));
    check(STORY, text("a\u{0}b"), Some(AnswerRule::Malformed));
    check(WEIGHT, numbers("20"), None);
    check(WEIGHT, numbers("300"), None);
    check(WEIGHT, numbers("19.9"), Some(AnswerRule::TooSmall { least: number("20") }));
    check(WEIGHT, numbers("300.1"), Some(AnswerRule::TooGreat { most: number("300") }));
    check(WEIGHT, numbers("72.55"), Some(AnswerRule::TooFine { decimals: 1 }));
    check(WEIGHT, text("72"), Some(AnswerRule::WrongKind));
    check(BORN, Value::Date(day(1900, 1, 1)), None);
    let earliest = day(1900, 1, 1);
    check(BORN, Value::Date(day(1899, 12, 31)), Some(AnswerRule::TooEarly { earliest }));
    let latest = day(2026, 12, 31);
    check(BORN, Value::Date(day(2027, 1, 1)), Some(AnswerRule::TooLate { latest }));
    check(MEDICINES, Value::One(OFTEN), Some(AnswerRule::WrongKind));
    check(MOOD, Value::One(SLEEP), Some(AnswerRule::NoSuchChoice));
    check(MOOD, Value::Several(vec![OFTEN]), Some(AnswerRule::WrongKind));
    check(SYMPTOMS, Value::Several(vec![NOTHING]), None);
    check(
        SYMPTOMS,
        Value::Several(vec![SLEEP, NOTHING]),
        Some(AnswerRule::Alone { choice: NOTHING }),
    );
    check(SYMPTOMS, Value::Several(vec![SLEEP, OFTEN]), Some(AnswerRule::NoSuchChoice));
    check(PAIN, numbers("10"), None);
    check(PAIN, numbers("11"), Some(AnswerRule::TooGreat { most: number("10") }));
    check(PAIN, numbers("1.5"), Some(AnswerRule::TooFine { decimals: 0 }));
    check(SIGNED, Value::Signature("x".repeat(101)), Some(AnswerRule::TooLong { limit: 100 }));
    check(SIGNED, text("Ana"), Some(AnswerRule::WrongKind));
    check(SECTION, text("Ana"), Some(AnswerRule::Unknown));
    check(LinkId(99), text("Ana"), Some(AnswerRule::Unknown));
}

#[test]
fn an_answer_to_what_is_not_shown_is_kept_while_filling_in_and_does_not_count() {
    let form = sample::form();
    let mut answers = complete();
    answers.set(MEDICINES, Value::YesNo(false));
    assert!(!shown(&form, &answers)[7]);
    assert_eq!(may_save(&form, &answers), Ok(()));
    let kept = submitted(&form, &answers).unwrap();
    assert_eq!(kept.get(WHICH), None);
    assert_eq!(kept.len(), answers.len() - 1);
    // Whatever it says.
    answers.set(WHICH, Value::Number(number("1")));
    assert!(may_submit(&form, &answers));
    assert!(may_save(&form, &answers).is_err());
}

#[test]
fn what_is_hidden_hides_what_depends_on_it_and_a_section_what_is_in_it() {
    let mut form = sample::form();
    form.item_mut(MOOD).show_if = Some(Condition { item: WHICH, test: Test::Answered });
    form.item_mut(SYMPTOMS).show_if =
        Some(Condition { item: MOOD, test: Test::OneOf(vec![OFTEN]) });
    let mut answers = complete();
    assert_eq!(shown(&form, &answers), [true; 12]);
    answers.set(MEDICINES, Value::YesNo(false));
    let hidden = |answers: &Answers| -> Vec<usize> {
        let shown = shown(&form, answers);
        (0..12).filter(|place| !shown[*place]).collect()
    };
    assert_eq!(hidden(&answers), [7, 8, 9]);
    answers.set(MEDICINES, Value::YesNo(true));
    answers.set(MOOD, Value::One(NEVER));
    assert_eq!(hidden(&answers), [9]);

    let mut form = sample::form();
    let link = form.new_link();
    let mut section = sample::item(link, "Pain", Kind::Section);
    section.show_if = Some(Condition { item: SYMPTOMS, test: Test::OneOf(vec![SLEEP, WORRY]) });
    form.items.insert(10, section);
    let next = form.new_link();
    form.items.insert(12, sample::item(next, "And now", Kind::Section));
    let mut answers = complete();
    assert_eq!(shown(&form, &answers), [true; 14]);
    answers.set(SYMPTOMS, Value::Several(vec![NOTHING]));
    let seen = shown(&form, &answers);
    assert_eq!(seen[10..], [false, false, true, true]);
}

#[test]
fn every_test_of_a_condition_is_told_by_the_answer() {
    let number = |text: &str| Value::Number(sample::number(text));
    let five = sample::number("5");
    for (test, holds, fails) in [
        (Test::Answered, text("x"), text(" ")),
        (Test::Is(false), Value::YesNo(false), Value::YesNo(true)),
        (Test::OneOf(vec![SLEEP, WORRY]), Value::One(WORRY), Value::One(NOTHING)),
        (
            Test::OneOf(vec![SLEEP, WORRY]),
            Value::Several(vec![NOTHING, SLEEP]),
            Value::Several(vec![NOTHING]),
        ),
        (Test::Equals(five), number("5.0"), number("5.1")),
        (Test::AtLeast(five), number("5"), number("4.9")),
        (Test::AtMost(five), number("5"), number("5.1")),
        (Test::Equals(five), number("5"), text("5")),
    ] {
        assert!(test.holds(&holds), "{test:?} {holds:?}");
        assert!(!test.holds(&fails), "{test:?} {fails:?}");
    }
}

#[test]
fn what_is_submitted_is_tidy() {
    let form = sample::form();
    let mut answers = complete();
    answers.set(NAME, text(" Ana\t"));
    answers.set(STORY, text("\r\nOne\r\ntwo\r\n"));
    answers.set(SYMPTOMS, Value::Several(vec![WORRY, SLEEP, WORRY]));
    answers.set(SIGNED, Value::Signature(" Ana Lopez ".into()));
    let kept = submitted(&form, &answers).unwrap();
    assert_eq!(kept.get(NAME), Some(&text("Ana")));
    assert_eq!(kept.get(STORY), Some(&text("One\ntwo")));
    assert_eq!(kept.get(SYMPTOMS), Some(&Value::Several(vec![SLEEP, WORRY])));
    assert_eq!(kept.get(SIGNED), Some(&Value::Signature("Ana Lopez".into())));
}

#[test]
fn all_answers_together_have_a_bound() {
    let mut form = sample::form();
    form.items = (1..=7).map(|n| sample::item(LinkId(n), "Tell me", Kind::LongText)).collect();
    let mut answers = Answers::default();
    (1..=6).for_each(|n| answers.set(LinkId(n), text(&"x".repeat(4_000))));
    assert_eq!((problems(&form, &answers), may_save(&form, &answers)), (vec![], Ok(())));
    answers.set(LinkId(7), text(&"x".repeat(1_000)));
    let rule = AnswerRule::TooLarge { limit: limits::ANSWERS_BYTES as u32 };
    let problem = vec![AnswerProblem { item: None, rule }];
    assert_eq!(problems(&form, &answers), problem);
    assert_eq!(may_save(&form, &answers), Err(problem));
}

#[test]
fn whoever_fills_in_is_asked_the_same_and_sees_no_points_bands_or_alerts() {
    let form = sample::form();
    let theirs = form.clone().for_filling();
    assert!(theirs.scores.is_empty());
    assert!(theirs.items.iter().all(|item| item.alert.is_none()));
    let mut choices = theirs.items.iter().flat_map(|item| item.kind.choices());
    assert!(choices.all(|choice| choice.points.is_none()));
    let asked = |form: &Form| -> Vec<_> {
        form.items.iter().map(|item| (item.link, item.label.clone())).collect()
    };
    assert_eq!(asked(&theirs), asked(&form));
}
