//! Properties of forms: whatever a form is and whatever was answered, the rules agree with each
//! other.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::codec;
use shared_proto::date::Date;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::check::checked;
use shared_proto::form::decimal::Decimal;
use shared_proto::form::fill::{may_save, may_submit, problems, shown, submitted};
use shared_proto::form::score::{alerts, range, totals};
use shared_proto::form::version::{Change, Template, changes};
use shared_proto::form::{
    Alert, Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, LinkId, Number, Scale, Score,
    Test,
};
use shared_proto::id::FormId;
use shared_proto::limits;

/// What an item is made of; the ids come when it takes its place in a form.
#[derive(Clone, Debug)]
struct Draft {
    label: String,
    help: String,
    required: bool,
    kind: Kind,
    /// Which earlier item shows it, and a number that chooses how.
    show_if: Option<(Index, u8)>,
    alert: Option<u8>,
}

/// Mostly a good text, now and then one that is not.
fn words(limit: usize) -> impl Strategy<Value = String> {
    let good = (0usize..1_000, "q\\PC{0,8}");
    let long = move |(more, text): (usize, String)| {
        if more == 0 { text.repeat(limit) } else { text }
    };
    prop_oneof![40 => good.prop_map(long), 1 => ".{0,6}", 1 => "[ \t\r\n]{0,3}"]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let count = prop_oneof![
        3 => (-20i64..20).prop_map(|whole| whole * 10_000),
        2 => -200_000i64..200_000,
        1 => i64::from(Decimal::MIN)..=i64::from(Decimal::MAX),
    ];
    count.prop_map(|count| Decimal::ten_thousandths(count).expect("a number"))
}

fn date() -> impl Strategy<Value = Date> {
    (1990u16..2000, 1u8..=12, 1u8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).expect("a day"))
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let points = prop_oneof![5 => (-3i16..4).prop_map(Some), 1 => Just(None)];
    let choice = (words(200), points, prop::bool::weighted(0.1));
    let choice =
        choice.prop_map(|(label, points, alone)| Choice { id: ChoiceId(0), label, points, alone });
    vec(choice, 1..5)
}

fn kind() -> impl Strategy<Value = Kind> {
    let bounds = (option::of(decimal()), option::of(decimal()), 0u8..=5, "[a-z]{0,3}");
    let number = bounds.prop_map(|(a, b, decimals, unit)| {
        // More often than not the right way round.
        let (least, most) = if a.is_some() && b.is_some() { (a.min(b), a.max(b)) } else { (a, b) };
        Kind::Number(Number { least, most, decimals, unit })
    });
    let days = (option::of(date()), option::of(date())).prop_map(|(a, b)| {
        let (earliest, latest) =
            if a.is_some() && b.is_some() { (a.min(b), a.max(b)) } else { (a, b) };
        Kind::Date(Days { earliest, latest })
    });
    let scale = (-3i16..3, 0i16..8).prop_map(|(from, more)| {
        let (from_label, to_label) = ("low".into(), "high".into());
        Kind::Scale(Scale { from, to: from + more, from_label, to_label })
    });
    prop_oneof![
        1 => Just(Kind::Section),
        1 => Just(Kind::Note),
        1 => Just(Kind::Text),
        1 => Just(Kind::LongText),
        1 => number,
        1 => days,
        1 => Just(Kind::YesNo),
        3 => choices().prop_map(Kind::One),
        2 => choices().prop_map(Kind::Several),
        2 => scale,
        1 => words(2_000).prop_map(Kind::Signature),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let show_if = option::weighted(0.4, (any::<Index>(), any::<u8>()));
    let alert = option::weighted(0.2, any::<u8>());
    (words(500), "[a-z]{0,5}", any::<bool>(), kind(), show_if, alert).prop_map(
        |(label, help, required, kind, show_if, alert)| Draft {
            label,
            help: if kind == Kind::Note { String::new() } else { help },
            required,
            kind,
            show_if,
            alert,
        },
    )
}

/// A test that mostly goes with an item of this kind.
fn test(kind: &Kind, how: u8) -> Test {
    let number = Decimal::whole(i16::from(how % 5));
    match kind {
        _ if how.is_multiple_of(7) => Test::Answered,
        _ if how == 1 => Test::Is(true),
        Kind::YesNo => Test::Is(how.is_multiple_of(2)),
        Kind::One(choices) | Kind::Several(choices) => {
            let some = choices.iter().step_by(1 + usize::from(how) % 3);
            Test::OneOf(some.map(|choice| choice.id).collect())
        }
        Kind::Number(_) | Kind::Scale(_) if how.is_multiple_of(3) => Test::Equals(number),
        Kind::Number(_) | Kind::Scale(_) if how % 3 == 1 => Test::AtLeast(number),
        Kind::Number(_) | Kind::Scale(_) => Test::AtMost(number),
        _ => Test::Answered,
    }
}

fn put_together(title: String, drafts: Vec<Draft>, bands: Vec<i32>) -> Form {
    let mut form = Form::named(&title);
    for mut draft in drafts {
        let link = form.new_link();
        if let Kind::One(choices) | Kind::Several(choices) = &mut draft.kind {
            choices.iter_mut().for_each(|choice| choice.id = form.new_choice());
        }
        let show_if = draft.show_if.filter(|_| !form.items.is_empty()).map(|(which, how)| {
            let earlier = &form.items[which.index(form.items.len())];
            Condition { item: earlier.link, test: test(&earlier.kind, how) }
        });
        let alert = draft
            .alert
            .filter(|_| draft.kind.is_asked())
            .map(|how| Alert { test: test(&draft.kind, how), label: "Look at this.".into() });
        let Draft { label, help, required, kind, .. } = draft;
        form.items.push(Item { link, label, help, required, show_if, alert, kind });
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
        let mut score = Score { label: "Total".into(), items, bands: Vec::new() };
        let (lowest, highest) = range(&form, &score);
        let mut bands: Vec<i32> =
            bands.iter().map(|band| lowest + band % (highest - lowest + 1)).collect();
        bands.sort_unstable();
        bands.dedup();
        let band = |from: &i32| Band { from: *from, label: format!("From {from}") };
        score.bands = bands.iter().map(band).collect();
        form.scores.push(score);
    }
    form
}

/// A form as somebody might build it, good or not.
fn built() -> impl Strategy<Value = Form> {
    let form = (words(120), vec(draft(), 1..12), vec(0i32..60, 0..4));
    form.prop_map(|(title, drafts, bands)| put_together(title, drafts, bands))
}

/// A form that may be assigned.
fn form() -> impl Strategy<Value = Form> {
    built().prop_filter_map("a form without problems", |form| checked(form).ok())
}

/// An answer to an item: mostly one that will do.
fn answer(item: &Item, (how, number, text): &(u8, i32, String)) -> Option<Value> {
    let some = |choices: &[Choice], step: usize| {
        let some = choices.iter().skip(*number as usize % choices.len()).step_by(step);
        some.map(|choice| choice.id).collect::<Vec<_>>()
    };
    let decimal = |count: i64| Decimal::ten_thousandths(count).expect("a number");
    let whole = i64::from(*number) * 10_000;
    Some(match &item.kind {
        _ if how % 8 == 0 => return None,
        _ if *how == 1 => Value::Text(text.clone()),
        _ if *how == 2 => Value::One(ChoiceId(*number as u16)),
        _ if *how == 3 => Value::Number(decimal(whole + 12_345)),
        Kind::Section | Kind::Note => return None,
        Kind::Text | Kind::LongText => Value::Text(text.clone()),
        Kind::Number(bounds) => Value::Number(match (bounds.least, bounds.most, how % 3) {
            (Some(least), _, 0) => least,
            (_, Some(most), 1) => most,
            _ => decimal(whole),
        }),
        Kind::Scale(scale) => {
            let steps = i32::from(scale.to - scale.from) + 1;
            Value::Number(Decimal::whole(scale.from + (number % steps) as i16))
        }
        Kind::Date(days) => {
            let fallback = Date::new(1995, 6, 1 + (number % 28) as u8);
            Value::Date(days.earliest.or(days.latest).or(fallback)?)
        }
        Kind::YesNo => Value::YesNo(how.is_multiple_of(2)),
        Kind::One(choices) => Value::One(some(choices, 1)[0]),
        Kind::Several(choices) => {
            let mut chosen = some(choices, 1 + usize::from(*how) % 3);
            if how.is_multiple_of(5) {
                chosen.reverse();
            }
            Value::Several(chosen)
        }
        Kind::Signature(_) => Value::Signature(text.clone()),
    })
}

type Seeds = Vec<(u8, i32, String)>;

fn seeds() -> impl Strategy<Value = Seeds> {
    let text = prop_oneof![20 => "\\PC{0,10}", 1 => ".{0,10}", 2 => "[ \t\r\nab]{0,6}"];
    vec((any::<u8>(), 0i32..200, text), 12)
}

fn answered(form: &Form, seeds: &Seeds) -> Answers {
    let mut answers = Answers::default();
    for (item, seed) in form.items.iter().zip(seeds) {
        if let Some(value) = answer(item, seed) {
            answers.set(item.link, value);
        }
    }
    answers
}

/// Everything there is to do with a form and answers.
fn use_all(form: &Form, answers: &Answers) {
    let _ = (shown(form, answers), problems(form, answers), may_save(form, answers));
    let _ = (submitted(form, answers), totals(form, answers), alerts(form, answers));
    for score in &form.scores {
        let _ = (range(form, score), score.band_range(form, 0));
    }
    let _ = checked(form.clone());
    let theirs = form.clone().for_filling();
    let _ = changes(form, &theirs);
    let template = Template { id: FormId::from_bytes([1; 16]), version: 1, form: form.clone() };
    let _ = template.next(theirs);
    let mut form = form.clone();
    let _ = (form.new_link(), form.new_choice());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_checked_form_is_checked(form in built()) {
        if let Ok(kept) = checked(form) {
            prop_assert!(codec::encode(&kept).len() <= limits::FORM_BYTES);
            prop_assert_eq!(checked(kept.clone()), Ok(kept));
        }
    }

    #[test]
    fn forms_and_answers_survive_their_bytes(form in built(), seeds in seeds(), version in 1u32..) {
        let answers = answered(&form, &seeds);
        prop_assert_eq!(codec::decode::<Form>(&codec::encode(&form)), Ok(form.clone()));
        prop_assert_eq!(codec::decode::<Answers>(&codec::encode(&answers)), Ok(answers));
        let template = Template { id: FormId::from_bytes([1; 16]), version, form };
        prop_assert_eq!(codec::decode::<Template>(&codec::encode(&template)), Ok(template));
    }

    #[test]
    fn what_has_no_problems_is_submitted_and_holds_only_what_was_shown(
        form in form(),
        seeds in seeds(),
    ) {
        let answers = answered(&form, &seeds);
        let problems_found = problems(&form, &answers);
        prop_assert_eq!(may_submit(&form, &answers), problems_found.is_empty());
        let kept = match submitted(&form, &answers) {
            Ok(kept) => kept,
            Err(problems) => {
                prop_assert_eq!(&problems, &problems_found);
                prop_assert!(!problems.is_empty());
                return Ok(());
            }
        };
        prop_assert_eq!(problems_found, []);
        let seen = shown(&form, &answers);
        for (item, seen) in form.items.iter().zip(&seen) {
            let answer = kept.get(item.link);
            prop_assert_eq!(answer.is_some(), *seen && answers.get(item.link).is_some());
            prop_assert!(!item.required || !seen || answer.is_some());
        }
        prop_assert!(kept.iter().all(|answer| form.item(answer.link).is_some()));
        prop_assert!(codec::encode(&kept).len() <= limits::ANSWERS_BYTES);
        // Nothing that is read of them depends on what was dropped.
        prop_assert_eq!(shown(&form, &kept), seen);
        prop_assert_eq!(totals(&form, &kept), totals(&form, &answers));
        prop_assert_eq!(alerts(&form, &kept), alerts(&form, &answers));
        prop_assert_eq!(may_save(&form, &kept), Ok(()));
        prop_assert_eq!(submitted(&form, &kept), Ok(kept));
    }

    #[test]
    fn totals_are_within_their_range_and_their_band(form in form(), seeds in seeds()) {
        let answers = answered(&form, &seeds);
        // Out of its bounds a scale counts what it says: only what may be submitted has a range.
        if let Ok(kept) = submitted(&form, &answers) {
            for (score, total) in form.scores.iter().zip(totals(&form, &kept)) {
                let Some(total) = total else { continue };
                let (lowest, highest) = range(&form, score);
                prop_assert!((lowest..=highest).contains(&total.points));
                prop_assert_eq!(total.highest, highest);
                let place = score.bands.iter().position(|band| Some(band) == total.band);
                match place.and_then(|place| score.band_range(&form, place)) {
                    Some(band) => prop_assert!(band.contains(&total.points)),
                    None => prop_assert!(score.bands.iter().all(|band| total.points < band.from)),
                }
            }
        }
    }

    #[test]
    fn whoever_fills_a_form_in_has_the_same_form(form in form(), seeds in seeds()) {
        let answers = answered(&form, &seeds);
        let theirs = form.clone().for_filling();
        prop_assert_eq!(checked(theirs.clone()), Ok(theirs.clone()));
        prop_assert_eq!(shown(&theirs, &answers), shown(&form, &answers));
        prop_assert_eq!(problems(&theirs, &answers), problems(&form, &answers));
        prop_assert_eq!(submitted(&theirs, &answers), submitted(&form, &answers));
        prop_assert!(alerts(&theirs, &answers).is_empty());
    }

    #[test]
    fn through_versions_an_id_stays_with_what_had_it(
        form in form(),
        more in vec(draft(), 0..4),
        dropped in any::<Index>(),
        swapped in any::<Index>(),
        gone in any::<Index>(),
        reuses in any::<bool>(),
    ) {
        // A form that had one more item once, which the new ones may be given the id of.
        let mut form = form;
        let gone = form.items.remove(gone.index(form.items.len()));
        let Ok(first) = Template::first(FormId::from_bytes([1; 16]), form.clone()) else {
            return Ok(());
        };
        let mut now = form.clone();
        for draft in more {
            let fresh = now.new_link();
            let link = if reuses { gone.link } else { fresh };
            let kind = if draft.kind.choices().is_empty() { draft.kind } else { Kind::YesNo };
            let Draft { label, help, required, .. } = draft;
            now.items.push(Item { link, label, help, required, show_if: None, alert: None, kind });
        }
        now.items.remove(dropped.index(now.items.len()));
        let (last, other) = (now.items.len(), swapped.index(now.items.len().max(1)));
        if last > 0 {
            now.items.swap(last - 1, other);
        }
        if let Ok(second) = first.next(now) {
            prop_assert_eq!(second.version, if second.form == form { 1 } else { 2 });
            prop_assert!(second.form.next_id >= form.next_id);
            for item in &second.form.items {
                match form.item(item.link) {
                    Some(before) => prop_assert_eq!(
                        std::mem::discriminant(&before.kind),
                        std::mem::discriminant(&item.kind)
                    ),
                    None => prop_assert!(item.link.0 >= form.next_id),
                }
            }
            let changes = changes(&form, &second.form);
            prop_assert_eq!(changes.is_empty(), second.form.items == form.items);
            let counted = |change: fn(&Change) -> bool| changes.iter().filter(|c| change(c)).count();
            prop_assert_eq!(
                form.items.len() + counted(|change| matches!(change, Change::Added(_)))
                    - counted(|change| matches!(change, Change::Removed(_))),
                second.form.items.len()
            );
        }
    }

    #[test]
    fn no_form_and_no_answers_are_too_strange_for_the_rules(
        form in built(),
        other in built(),
        seeds in seeds(),
        at in any::<Index>(),
        byte in any::<u8>(),
    ) {
        use_all(&form, &answered(&other, &seeds));
        let mut bytes = codec::encode(&form);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(form) = codec::decode::<Form>(&bytes) {
            use_all(&form, &answered(&other, &seeds));
        }
    }

    #[test]
    fn bytes_that_happen_to_be_a_form_or_answers_do_no_harm(
        form in vec(prop_oneof![3 => 0u8..20, 1 => any::<u8>()], 0..300),
        answers in vec(prop_oneof![3 => 0u8..20, 1 => any::<u8>()], 0..60),
    ) {
        let form = codec::decode::<Form>(&form);
        let answers = codec::decode::<Answers>(&answers);
        let (no_form, no_answers) = (Form::named("None"), Answers::default());
        use_all(form.as_ref().unwrap_or(&no_form), answers.as_ref().unwrap_or(&no_answers));
    }
}

/// Most of what is generated has to be worth something, or the properties say nothing.
#[test]
fn the_forms_and_answers_tried_are_mostly_good_ones() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut good, mut clean, mut hidden, mut totalled, mut alerted) = (0, 0, 0, 0, 0);
    for _ in 0..400 {
        let mut next =
            |strategy: &BoxedStrategy<Form>| strategy.new_tree(&mut runner).unwrap().current();
        good += usize::from(checked(next(&built().boxed())).is_ok());
        let form = next(&form().boxed());
        let seeds = seeds().new_tree(&mut runner).unwrap().current();
        let answers = answered(&form, &seeds);
        clean += usize::from(may_submit(&form, &answers));
        hidden += usize::from(shown(&form, &answers).contains(&false));
        totalled += usize::from(totals(&form, &answers).iter().any(Option::is_some));
        alerted += usize::from(!alerts(&form, &answers).is_empty());
    }
    println!("{good} good, {clean} clean, {hidden} hiding, {totalled} totalled, {alerted} alerted");
    assert!(good > 60 && clean > 60 && hidden > 60 && totalled > 60 && alerted > 60);
}
