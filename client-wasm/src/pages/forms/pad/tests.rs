use super::*;
use shared_proto::form::{Condition, Item, Number, Test};

const ASKED: LinkId = LinkId(1);
const WHICH: LinkId = LinkId(2);
const WEIGHT: LinkId = LinkId(3);
const NOTE: LinkId = LinkId(4);

fn item(link: LinkId, kind: Kind) -> Item {
    Item {
        link,
        label: "What?".into(),
        help: String::new(),
        required: true,
        show_if: None,
        alert: None,
        kind,
    }
}

fn pad() -> Pad {
    let mut form = Form::named("Intake");
    form.items = vec![
        item(ASKED, Kind::YesNo),
        item(WHICH, Kind::Text),
        item(WEIGHT, Kind::Number(Number::default())),
        item(NOTE, Kind::Text),
    ];
    form.items[1].show_if = Some(Condition { item: ASKED, test: Test::Is(true) });
    form.items[3].required = false;
    form.next_id = 5;
    Pad::of(Rc::new(form), Answers::default())
}

fn text(words: &str) -> Option<Value> {
    Some(Value::Text(words.into()))
}

fn said(pad: &Pad, link: LinkId) -> Option<Wrong> {
    pad.said().into_iter().find(|(item, _)| *item == Some(link)).map(|(_, wrong)| wrong)
}

fn places(pad: &Pad) -> Vec<(Option<LinkId>, Wrong)> {
    pad.wrong()
}

#[test]
fn what_is_missing_is_said_once_somebody_tries_and_only_where_it_is_asked() {
    let mut pad = pad();
    assert_eq!(said(&pad, ASKED), None);
    pad.act(Does::Try);
    let missing = Wrong::Rule(AnswerRule::Missing);
    assert_eq!(places(&pad), [(Some(ASKED), missing), (Some(WEIGHT), missing)]);
    pad.act(Does::Answer(ASKED, Some(Value::YesNo(true))));
    assert_eq!(said(&pad, WHICH), Some(missing), "it is asked now");
    pad.act(Does::Answer(WHICH, text("Aspirin")));
    pad.act(Does::Type(WEIGHT, "72".into()));
    assert_eq!(places(&pad), []);
}

#[test]
fn a_number_stays_as_it_is_typed_and_is_no_answer_until_it_is_one() {
    let mut pad = pad();
    pad.act(Does::Type(WEIGHT, "7".into()));
    assert_eq!(pad.answers.get(WEIGHT), Some(&Value::Number("7".parse().unwrap())));
    pad.act(Does::Type(WEIGHT, "7.".into()));
    assert_eq!((pad.typed(WEIGHT), pad.answers.get(WEIGHT)), ("7.".into(), None));
    assert_eq!(said(&pad, WEIGHT), None, "nobody is told while they type");
    pad.act(Does::Try);
    assert_eq!(said(&pad, WEIGHT), Some(Wrong::NoNumber), "and not that it is missing");
    pad.act(Does::Type(WEIGHT, "7,50".into()));
    assert_eq!(pad.typed(WEIGHT), "7,50");
    assert_eq!(pad.answers.get(WEIGHT), Some(&Value::Number("7.5".parse().unwrap())));
}

#[test]
fn one_thing_is_on_its_way_at_a_time_and_what_is_typed_meanwhile_goes_next() {
    let mut pad = pad();
    assert_eq!(pad.to_send(), None, "nothing was changed");
    pad.act(Does::Answer(NOTE, text("a")));
    assert!(pad.to_send().is_some());
    pad.act(Does::Send);
    pad.act(Does::Answer(NOTE, text("ab")));
    assert_eq!(pad.to_send(), None);
    pad.act(Does::Kept);
    assert!(!pad.is_kept(), "the first was");
    assert!(pad.to_send().is_some());
    pad.act(Does::Send);
    pad.act(Does::Failed);
    assert!(!pad.is_kept() && pad.to_send().is_none(), "the same is not tried again");
    pad.act(Does::Answer(NOTE, text("abc")));
    assert!(pad.to_send().is_some());
    pad.act(Does::Send);
    pad.act(Does::Kept);
    assert!(pad.is_kept());
}

#[test]
fn what_cannot_be_kept_is_said_at_once_and_not_sent() {
    let mut pad = pad();
    pad.act(Does::Answer(NOTE, text(&"x".repeat(10_000))));
    assert!(matches!(said(&pad, NOTE), Some(Wrong::Rule(AnswerRule::TooLong { .. }))));
    assert_eq!(pad.to_send(), None);
    pad.act(Does::Answer(NOTE, text("x")));
    assert_eq!(said(&pad, NOTE), None);
    assert!(pad.to_send().is_some());
}

#[test]
fn answers_of_another_device_appear_and_take_nothing_away_that_was_changed_here() {
    let mut pad = pad();
    pad.act(Does::Answer(NOTE, text("mine")));
    pad.act(Does::Type(WEIGHT, "8.".into()));
    let mut theirs = Answers::default();
    theirs.set(NOTE, Value::Text("theirs".into()));
    theirs.set(ASKED, Value::YesNo(true));
    theirs.set(WEIGHT, Value::Number("70".parse().unwrap()));
    pad.act(Does::Elsewhere(theirs.clone()));
    assert_eq!(pad.answers.get(NOTE), Some(&Value::Text("mine".into())));
    assert_eq!(pad.answers.get(ASKED), Some(&Value::YesNo(true)));
    assert_eq!(pad.typed(WEIGHT), "8.", "somebody is typing there");
    assert!(!pad.is_kept());
    theirs.clear(ASKED);
    pad.act(Does::Elsewhere(theirs));
    assert_eq!(pad.answers.get(ASKED), None, "taken back there");
}

#[test]
fn what_the_server_found_wrong_is_said_until_something_is_changed() {
    let mut pad = pad();
    pad.act(Does::Answer(NOTE, text("a")));
    pad.act(Does::Send);
    let rule = AnswerRule::TooLarge { limit: 9 };
    pad.act(Does::Refused(vec![AnswerProblem { item: None, rule }]));
    assert!(places(&pad).contains(&(None, Wrong::Rule(rule))));
    assert_eq!(pad.to_send(), None, "not the same again");
    pad.act(Does::Answer(NOTE, text("b")));
    assert!(pad.to_send().is_some());
}
