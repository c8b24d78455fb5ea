use super::super::sample::{self, *};
use super::super::{Alert, Condition};
use super::*;

/// Breaks the sample by `change` and expects exactly these problems.
#[track_caller]
fn check(change: impl FnOnce(&mut Form), expect: &[(Option<LinkId>, Part, FormRule)]) {
    let mut form = sample::form();
    change(&mut form);
    let expect: Vec<FormProblem> =
        expect.iter().map(|&(item, part, rule)| FormProblem { item, part, rule }).collect();
    match checked(form) {
        Ok(_) => assert_eq!(expect, [], "it was accepted"),
        Err(problems) => assert_eq!(problems, expect),
    }
}

fn letters(count: usize) -> String {
    "ä".repeat(count)
}

#[test]
fn a_form_with_an_item_of_every_kind_is_accepted() {
    assert_eq!(checked(sample::form()), Ok(sample::form()));
}

#[test]
fn texts_are_trimmed_and_nothing_is_required_that_cannot_be_answered() {
    let mut form = sample::form();
    form.title = " \t Before we meet\n".into();
    form.item_mut(NOTE).label = "One\r\ntwo\tthree ".into();
    form.item_mut(NOTE).required = true;
    form.item_mut(SECTION).required = true;
    let kept = checked(form).unwrap();
    assert_eq!(kept.title, "Before we meet");
    assert_eq!(kept.item(NOTE).unwrap().label, "One\ntwo three");
    assert!(!kept.item(NOTE).unwrap().required && !kept.item(SECTION).unwrap().required);
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    check(
        |form| {
            form.title = "  ".into();
            form.item_mut(NAME).label = "\u{200b}".into();
            form.item_mut(WHICH).show_if =
                Some(Condition { item: LinkId(99), test: Test::Answered });
            form.scores[0].label.clear();
        },
        &[
            (None, Part::Title, FormRule::Empty),
            (Some(NAME), Part::Label, FormRule::Empty),
            (Some(WHICH), Part::ShowIf, FormRule::Unknown),
            (None, Part::ScoreLabel(0), FormRule::Empty),
        ],
    );
}

#[test]
fn texts_have_their_bounds() {
    type Set = fn(&mut Form, String);
    let fields: [(usize, Option<LinkId>, Part, Set); 12] = [
        (limits::FORM_TITLE_SCALARS, None, Part::Title, |form, text| form.title = text),
        (limits::FORM_DESCRIPTION_SCALARS, None, Part::Description, |form, text| {
            form.description = text;
        }),
        (limits::FORM_LABEL_SCALARS, Some(NAME), Part::Label, |form, text| {
            form.item_mut(NAME).label = text;
        }),
        (limits::FORM_NOTE_SCALARS, Some(NOTE), Part::Label, |form, text| {
            form.item_mut(NOTE).label = text;
        }),
        (limits::FORM_HELP_SCALARS, Some(NAME), Part::Help, |form, text| {
            form.item_mut(NAME).help = text;
        }),
        (limits::FORM_NAME_SCALARS, Some(WEIGHT), Part::Unit, |form, text| {
            if let Kind::Number(number) = &mut form.item_mut(WEIGHT).kind {
                number.unit = text;
            }
        }),
        (limits::FORM_NAME_SCALARS, Some(PAIN), Part::Ends, |form, text| {
            if let Kind::Scale(scale) = &mut form.item_mut(PAIN).kind {
                scale.to_label = text;
            }
        }),
        (limits::FORM_CHOICE_SCALARS, Some(MOOD), Part::Choice(OFTEN), |form, text| {
            if let Kind::One(choices) = &mut form.item_mut(MOOD).kind {
                choices[1].label = text;
            }
        }),
        (limits::FORM_STATEMENT_SCALARS, Some(SIGNED), Part::Statement, |form, text| {
            form.item_mut(SIGNED).kind = Kind::Signature(text);
        }),
        (limits::FORM_ALERT_SCALARS, Some(MOOD), Part::AlertLabel, |form, text| {
            form.item_mut(MOOD).alert.as_mut().unwrap().label = text;
        }),
        (limits::FORM_NAME_SCALARS, None, Part::ScoreLabel(0), |form, text| {
            form.scores[0].label = text;
        }),
        (limits::FORM_NAME_SCALARS, None, Part::Band(0, 1), |form, text| {
            form.scores[0].bands[1].label = text;
        }),
    ];
    for (limit, item, part, set) in fields {
        check(|form| set(form, letters(limit)), &[]);
        let rule = FormRule::TooLong { limit: limit as u32 };
        check(|form| set(form, letters(limit + 1)), &[(item, part, rule)]);
        check(|form| set(form, "a\u{7}b".into()), &[(item, part, FormRule::Malformed)]);
        let may_be_empty = matches!(part, Part::Description | Part::Help | Part::Unit | Part::Ends);
        let empty = [(item, part, FormRule::Empty)];
        check(|form| set(form, " ".into()), if may_be_empty { &[] } else { &empty });
        let many =
            matches!(part, Part::Description | Part::Help | Part::Statement) || item == Some(NOTE);
        let one = [(item, part, FormRule::Malformed)];
        check(|form| set(form, "a\nb".into()), if many { &[] } else { &one });
    }
}

#[test]
fn a_note_has_no_help_and_nothing_unasked_an_alert() {
    check(
        |form| {
            form.item_mut(NOTE).help = "Help".into();
            form.item_mut(SECTION).alert =
                Some(Alert { test: Test::Answered, label: "Look".into() });
        },
        &[
            (Some(SECTION), Part::Alert, FormRule::WrongKind),
            (Some(NOTE), Part::Help, FormRule::WrongKind),
        ],
    );
}

#[test]
fn ids_were_given_out_and_stand_once() {
    check(|form| form.item_mut(STORY).link = NAME, &[(Some(NAME), Part::Id, FormRule::Duplicate)]);
    check(
        |form| form.item_mut(STORY).link = LinkId(SLEEP.0),
        &[(Some(SYMPTOMS), Part::Id, FormRule::Duplicate)],
    );
    check(
        |form| form.item_mut(STORY).link = LinkId(0),
        &[(Some(LinkId(0)), Part::Id, FormRule::NotNew)],
    );
    check(|form| form.next_id = 18, &[(Some(SIGNED), Part::Id, FormRule::NotNew)]);
    let mut form = sample::form();
    let link = form.new_link();
    form.items.push(sample::item(link, "One more", Kind::Text));
    assert!(checked(form).is_ok());
    let mut worn_out = sample::form();
    worn_out.next_id = u16::MAX;
    let links = [worn_out.new_link(), worn_out.new_link()];
    assert_eq!(links, [LinkId(u16::MAX); 2]);
    worn_out.items.push(sample::item(links[0], "One more", Kind::Text));
    assert!(checked(worn_out).is_err());
}

#[test]
fn an_item_is_shown_by_an_earlier_one_only_and_by_a_test_that_goes_with_it() {
    let shown_if = |item, test| {
        move |form: &mut Form| form.item_mut(PAIN).show_if = Some(Condition { item, test })
    };
    let twenty = || Test::AtLeast(number("20"));
    for (item, test) in [
        (NAME, Test::Answered),
        (SIGNED, Test::Answered),
        (MEDICINES, Test::Is(false)),
        (MOOD, Test::OneOf(vec![ALWAYS])),
        (SYMPTOMS, Test::OneOf(vec![SLEEP, NOTHING])),
        (WEIGHT, twenty()),
        (WEIGHT, Test::Equals(number("72.5"))),
    ] {
        let later = [(Some(PAIN), Part::ShowIf, FormRule::Later)];
        check(shown_if(item, test), if item == SIGNED { &later } else { &[] });
    }
    for (item, test, rule) in [
        (PAIN, Test::Answered, FormRule::Later),
        (LinkId(99), Test::Answered, FormRule::Unknown),
        (SECTION, Test::Answered, FormRule::WrongKind),
        (NAME, Test::Is(true), FormRule::WrongKind),
        (MEDICINES, twenty(), FormRule::WrongKind),
        (WEIGHT, Test::AtMost(number("20.25")), FormRule::OutOfRange),
        (WEIGHT, Test::OneOf(vec![OFTEN]), FormRule::WrongKind),
        (MOOD, Test::OneOf(vec![]), FormRule::Empty),
        (MOOD, Test::OneOf(vec![OFTEN, SLEEP]), FormRule::Unknown),
        (MOOD, Test::OneOf(vec![OFTEN; 4]), FormRule::TooMany { limit: 3 }),
    ] {
        check(shown_if(item, test), &[(Some(PAIN), Part::ShowIf, rule)]);
    }
}

#[test]
fn numbers_days_and_scales_have_bounds_that_can_be_met() {
    let of_weight = |least: &str, most: &str, decimals| {
        let (least, most) = (Some(number(least)), Some(number(most)));
        let kind = Kind::Number(super::super::Number { least, most, decimals, unit: "kg".into() });
        move |form: &mut Form| form.item_mut(WEIGHT).kind = kind
    };
    let bounds = |item, rule| [(Some(item), Part::Bounds, rule)];
    check(of_weight("20", "20", 0), &[]);
    check(of_weight("20.5", "20", 1), &bounds(WEIGHT, FormRule::Contrary));
    check(of_weight("20.5", "21", 0), &bounds(WEIGHT, FormRule::OutOfRange));
    check(of_weight("1", "2", 5), &[(Some(WEIGHT), Part::Decimals, FormRule::OutOfRange)]);
    let (earliest, latest) = (Some(day(2026, 1, 2)), Some(day(2026, 1, 1)));
    check(
        |form| form.item_mut(BORN).kind = Kind::Date(super::super::Days { earliest, latest }),
        &bounds(BORN, FormRule::Contrary),
    );
    for (from, to, rule) in [
        (-100, 100, None),
        (5, 5, Some(FormRule::Contrary)),
        (0, 101, Some(FormRule::OutOfRange)),
        (i16::MIN, 0, Some(FormRule::OutOfRange)),
    ] {
        let expect: Vec<_> = rule.iter().map(|rule| (Some(PAIN), Part::Bounds, *rule)).collect();
        let set = |form: &mut Form| {
            if let Kind::Scale(scale) = &mut form.item_mut(PAIN).kind {
                (scale.from, scale.to) = (from, to);
            }
            // The band would be out of the range of what is left.
            form.scores.clear();
        };
        check(set, &expect);
    }
}

#[test]
fn choices_are_there_and_told_apart() {
    let of_mood = |labels: &'static [&str]| {
        move |form: &mut Form| {
            let choice = |(place, label): (usize, &&str)| {
                sample::choice(ChoiceId(100 + place as u16), label, 0)
            };
            form.next_id = 300;
            form.item_mut(MOOD).alert = None;
            form.item_mut(MOOD).kind = Kind::One(labels.iter().enumerate().map(choice).collect());
        }
    };
    check(of_mood(&["a", "b"]), &[]);
    check(of_mood(&["a"]), &[(Some(MOOD), Part::Choices, FormRule::TooFew { least: 2 })]);
    check(
        of_mood(&["a", "b", " a"]),
        &[(Some(MOOD), Part::Choice(ChoiceId(102)), FormRule::Duplicate)],
    );
    let many = |count: u16| {
        move |form: &mut Form| {
            let choice = |n: u16| sample::choice(ChoiceId(100 + n), &n.to_string(), 0);
            form.next_id = 300;
            form.item_mut(SYMPTOMS).kind = Kind::Several((0..count).map(choice).collect());
        }
    };
    check(many(1), &[]);
    check(many(limits::FORM_CHOICES as u16), &[]);
    check(
        many(limits::FORM_CHOICES as u16 + 1),
        &[(Some(SYMPTOMS), Part::Choices, FormRule::TooMany { limit: 40 })],
    );
    check(
        |form| {
            if let Kind::One(choices) = &mut form.item_mut(MOOD).kind {
                choices[0].points = Some(-1_001);
            }
        },
        &[(Some(MOOD), Part::Choice(NEVER), FormRule::OutOfRange)],
    );
}

#[test]
fn scores_count_what_has_points_and_their_bands_rise_within_what_there_can_be() {
    let items = |items: &'static [LinkId]| {
        move |form: &mut Form| {
            form.scores[0].items = items.to_vec();
            form.scores[0].bands.clear();
        }
    };
    let part = Part::ScoreItems(0);
    check(items(&[MOOD, PAIN, SYMPTOMS]), &[]);
    check(items(&[]), &[(None, part, FormRule::Empty)]);
    check(items(&[MOOD, MOOD]), &[(Some(MOOD), part, FormRule::Duplicate)]);
    check(items(&[LinkId(99)]), &[(Some(LinkId(99)), part, FormRule::Unknown)]);
    check(items(&[WEIGHT]), &[(Some(WEIGHT), part, FormRule::WrongKind)]);
    check(
        |form| {
            if let Kind::One(choices) = &mut form.item_mut(MOOD).kind {
                choices[2].points = None;
            }
        },
        &[(Some(MOOD), part, FormRule::NoPoints)],
    );
    // 3 for the mood, 4 for the symptoms, 10 for the pain.
    let bands = |from: &'static [i32]| {
        move |form: &mut Form| {
            let band = |from: &i32| super::super::Band { from: *from, label: "Band".into() };
            form.scores[0].bands = from.iter().map(band).collect();
        }
    };
    check(bands(&[0, 5, 17]), &[]);
    check(bands(&[5, 18]), &[(None, Part::Band(0, 1), FormRule::OutOfRange)]);
    check(bands(&[-1]), &[(None, Part::Band(0, 0), FormRule::OutOfRange)]);
    check(bands(&[0, 7, 7]), &[(None, Part::Band(0, 2), FormRule::Disordered)]);
    check(
        bands(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        &[(None, Part::Band(0, 10), FormRule::TooMany { limit: 10 })],
    );
    let score = sample::form().scores[0].clone();
    check(|form| form.scores = vec![score.clone(); 8], &[]);
    check(
        |form| form.scores = vec![score.clone(); 9],
        &[(None, Part::Scores, FormRule::TooMany { limit: 8 })],
    );
}

#[test]
fn a_form_asks_something_and_not_too_much() {
    check(
        |form| {
            form.scores.clear();
            form.items.retain(|item| !item.kind.is_asked());
        },
        &[(None, Part::Items, FormRule::Empty)],
    );
    let with = |count: u16, label: String| {
        move |form: &mut Form| {
            form.scores.clear();
            form.next_id = 1 + count;
            let item = |n| sample::item(LinkId(n), &label, Kind::Text);
            form.items = (1..=count).map(item).collect();
        }
    };
    check(with(100, "Why?".into()), &[]);
    check(with(101, "Why?".into()), &[(None, Part::Items, FormRule::TooMany { limit: 100 })]);
    let limit = limits::FORM_BYTES as u32;
    // Each takes two bytes for its length, and six besides.
    let fits = limits::FORM_BYTES / 100 - 9;
    check(with(100, "x".repeat(fits)), &[]);
    check(with(100, "x".repeat(fits + 2)), &[(None, Part::Whole, FormRule::TooLarge { limit })]);
}
