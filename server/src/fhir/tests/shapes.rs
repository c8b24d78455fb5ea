use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

fn kind() -> impl Strategy<Value = Kind> {
    let label = || prop_oneof!["\\PC{1,8}x", "x[\u{a0}\u{2028}\u{3000}\u{feff} ]y"];
    let points = option::of(-3i16..4);
    let choices = vec((label(), points, any::<bool>()), 2..4).prop_map(|choices| {
        let choice = |(place, (label, points, alone)): (usize, (String, _, _))| Choice {
            id: ChoiceId(0),
            label: format!("{label}{place}"),
            points,
            alone,
        };
        choices.into_iter().enumerate().map(choice).collect::<Vec<_>>()
    });
    let number = (0u8..=4, any::<bool>()).prop_map(|(decimals, bounded)| {
        let (least, most) = (Decimal::whole(-2), Decimal::whole(5));
        let (least, most) = (bounded.then_some(least), bounded.then_some(most));
        Kind::Number(Number { least, most, decimals, unit: if bounded { "kg" } else { "" }.into() })
    });
    let scale = (-2i16..2, label()).prop_map(|(from, from_label)| {
        Kind::Scale(Scale { from, to: from + 6, from_label, to_label: String::new() })
    });
    prop_oneof![
        2 => Just(Kind::Section),
        1 => Just(Kind::Note),
        1 => Just(Kind::Text),
        1 => Just(Kind::LongText),
        2 => number,
        1 => Just(Kind::Date(Days { earliest: Date::new(1990, 1, 1), latest: None })),
        2 => Just(Kind::YesNo),
        2 => choices.clone().prop_map(Kind::One),
        2 => choices.prop_map(Kind::Several),
        2 => scale,
        1 => label().prop_map(Kind::Signature),
    ]
}

fn test(kind: &Kind, how: u8) -> Test {
    let number = Decimal::whole(i16::from(how % 4));
    match kind {
        Kind::YesNo if how % 3 < 2 => Test::Is(how.is_multiple_of(3)),
        Kind::One(choices) | Kind::Several(choices) if how % 3 < 2 => {
            let some = choices.iter().step_by(1 + usize::from(how % 3));
            Test::OneOf(some.map(|choice| choice.id).collect())
        }
        Kind::Number(_) | Kind::Scale(_) => match how % 4 {
            0 => Test::Equals(number),
            1 => Test::AtLeast(number),
            2 => Test::AtMost(number),
            _ => Test::Answered,
        },
        _ => Test::Answered,
    }
}

fn answer(kind: &Kind, how: u8, text: &str) -> Option<Answer> {
    let number = Decimal::whole(i16::from(how % 4));
    Some(match kind {
        _ if how.is_multiple_of(5) => return None,
        Kind::Section | Kind::Note => return None,
        Kind::Text | Kind::LongText => Answer::Text(text.to_owned()),
        Kind::Number(_) if how % 7 == 1 => Answer::Number(decimal("1.2345")),
        Kind::Number(_) | Kind::Scale(_) => Answer::Number(number),
        Kind::Date(_) => Answer::Date(Date::new(1995, 6, 1 + how % 28)?),
        Kind::YesNo => Answer::YesNo(how.is_multiple_of(2)),
        Kind::One(choices) => Answer::One(choices[usize::from(how) % choices.len()].id),
        Kind::Several(choices) => {
            let some = choices.iter().step_by(1 + usize::from(how % 3));
            Answer::Several(some.map(|choice| choice.id).collect())
        }
        Kind::Signature(_) => Answer::Signature(text.to_owned()),
    })
}

type Shape = (Kind, String, bool, Option<(Index, u8)>, (u8, String));

fn put_together(shapes: Vec<Shape>) -> Option<(Form, Answers)> {
    let (mut form, mut answers) = (Form::named("Shapes"), Answers::default());
    for (mut kind, help, required, show_if, (how, text)) in shapes {
        let link = form.new_link();
        if let Kind::One(choices) | Kind::Several(choices) = &mut kind {
            choices.iter_mut().for_each(|choice| choice.id = form.new_choice());
        }
        let asked: Vec<&Item> = form.items.iter().filter(|item| item.kind.is_asked()).collect();
        let show_if = show_if.filter(|_| !asked.is_empty()).map(|(which, how)| {
            let earlier = asked[which.index(asked.len())];
            Condition { item: earlier.link, test: test(&earlier.kind, how) }
        });
        if let Some(value) = answer(&kind, how, &text) {
            answers.set(link, value);
        }
        let help = if kind == Kind::Note { String::new() } else { help };
        let label = format!("Item {}", link.0);
        form.items.push(Item { link, label, help, required, show_if, alert: None, kind });
    }
    let counts = |item: &&Item| match &item.kind {
        Kind::Scale(_) => true,
        kind => {
            !kind.choices().is_empty()
                && kind.choices().iter().all(|choice| choice.points.is_some())
        }
    };
    let items: Vec<LinkId> = form.items.iter().filter(counts).map(|item| item.link).collect();
    if !items.is_empty() {
        form.scores.push(Score { label: "Total".into(), items, bands: vec![] });
        let (lowest, highest) = shared_proto::form::score::range(&form, &form.scores[0]);
        let from = |from: i32| Band { from, label: format!("From {from}") };
        form.scores[0].bands = (lowest..=highest).step_by(5).take(10).map(from).collect();
    }
    Some((checked(form).ok()?, answers))
}

/// A form that keeps the rules, and answers to it.
pub fn form_and_answers() -> impl Strategy<Value = (Form, Answers)> {
    let show_if = option::weighted(0.5, (any::<Index>(), any::<u8>()));
    let text = prop_oneof!["\\PC{0,12}", "[\u{a0}\u{2028}\u{3000}\u{feff} \n\tab]{0,8}"];
    let shape = (kind(), "[a-z]{0,4}", any::<bool>(), show_if, (any::<u8>(), text));
    vec(shape, 1..14).prop_filter_map("a form that keeps the rules", put_together)
}
