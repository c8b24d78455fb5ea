use shared_proto::form::check::{FormRule, Part};
use shared_proto::form::{ChoiceId, Condition, Kind, Test};
use shared_proto::id::FormId;

use super::*;

fn draft() -> Draft {
    let mut draft = Draft::of(None);
    draft.edit(Edit::Title("Intake".into()));
    draft
}

fn add(draft: &mut Draft, blank: Blank, label: &str) -> LinkId {
    draft.edit(Edit::Add(blank));
    let link = draft.form.items.last().unwrap().link;
    draft.edit(Edit::Change(link, Change::Label(label.into())));
    link
}

fn order(draft: &Draft) -> Vec<LinkId> {
    draft.form.items.iter().map(|item| item.link).collect()
}

fn depends(draft: &mut Draft, link: LinkId, on: LinkId) {
    let condition = Condition { item: on, test: Test::Is(true) };
    draft.edit(Edit::Change(link, Change::ShowIf(Some(condition))));
}

fn rule(draft: &Draft, link: LinkId, part: Part) -> Option<FormRule> {
    let problems = draft.problems();
    let found = problems.iter().find(|one| one.item == Some(link) && one.part == part);
    found.map(|problem| problem.rule)
}

fn choices(draft: &Draft, link: LinkId) -> Vec<ChoiceId> {
    draft.form.item(link).unwrap().kind.choices().iter().map(|choice| choice.id).collect()
}

#[test]
fn every_kind_can_be_added_and_asks_for_what_it_needs() {
    let mut draft = draft();
    for blank in Blank::ALL {
        let link = add(&mut draft, blank, "What?");
        assert_eq!(Blank::of(&draft.form.item(link).unwrap().kind), blank);
        assert_eq!(draft.open, Some(link));
        for (number, id) in choices(&draft, link).into_iter().enumerate() {
            draft.edit(Edit::Change(link, Change::Choice(id, format!("Choice {number}"))));
        }
        draft.edit(Edit::Change(link, Change::Statement("It is true.".into())));
    }
    assert_eq!(draft.problems(), []);
    assert_eq!(draft.ready().unwrap().items.len(), 11);
}

#[test]
fn what_was_deleted_comes_back_where_it_was_with_its_id_and_what_counted_it() {
    let mut draft = draft();
    let first = add(&mut draft, Blank::Scale, "Pain");
    let second = add(&mut draft, Blank::Scale, "Sleep");
    draft.edit(Edit::Score(Counted::Add));
    draft.edit(Edit::Score(Counted::Item(0, second, true)));
    draft.edit(Edit::Score(Counted::Item(0, first, true)));
    assert_eq!(draft.form.scores[0].items, [first, second], "in the order of the form");
    draft.edit(Edit::Number(Input::To(first), "5".into()));
    draft.edit(Edit::Number(Input::From(first), "x".into()));
    let before = draft.clone();
    draft.edit(Edit::Delete(first));
    assert_eq!(order(&draft), [second]);
    assert_eq!(draft.form.scores[0].items, [second]);
    let third = add(&mut draft, Blank::Text, "More?");
    draft.edit(Edit::Undo);
    assert_eq!(order(&draft), [first, second, third]);
    assert_eq!(draft.form.scores, before.form.scores);
    assert_eq!(draft.form.item(first), before.form.item(first));
    assert!(draft.is_unreadable(Input::From(first)), "what was typed is there again too");
    draft.edit(Edit::Undo);
    assert_eq!(order(&draft).len(), 3, "once");
}

#[test]
fn ids_are_never_given_out_twice() {
    let mut draft = draft();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..5 {
        let link = add(&mut draft, Blank::One, "Which?");
        assert!(seen.insert(link.0));
        let choice = choices(&draft, link)[0];
        draft.edit(Edit::Change(link, Change::AddChoice));
        assert!(choices(&draft, link).into_iter().all(|id| seen.insert(id.0)));
        draft.edit(Edit::Change(link, Change::RemoveChoice(choice)));
        draft.edit(Edit::Delete(link));
    }
    let template = Template { id: FormId::from_random([1; 16]), version: 1, form: draft.form };
    let mut draft = Draft::of(Some(Rc::new(template)));
    assert!(seen.insert(add(&mut draft, Blank::Text, "New?").0), "nor in the next version");
}

#[test]
fn an_item_is_not_moved_past_what_it_depends_on() {
    let mut draft = draft();
    let asked = add(&mut draft, Blank::YesNo, "Medicines?");
    let which = add(&mut draft, Blank::Text, "Which?");
    let other = add(&mut draft, Blank::Text, "Else?");
    depends(&mut draft, which, asked);
    assert_eq!(draft.may_move(asked, Way::Up), Err(Stuck::Edge));
    assert_eq!(draft.may_move(other, Way::Down), Err(Stuck::Edge));
    assert_eq!(draft.may_move(which, Way::Up), Err(Stuck::Needs(asked)));
    assert_eq!(draft.may_move(asked, Way::Down), Err(Stuck::NeededBy(which)));
    draft.edit(Edit::Move(which, Way::Up));
    assert_eq!(order(&draft), [asked, which, other]);
    draft.edit(Edit::Move(other, Way::Up));
    assert_eq!(order(&draft), [asked, other, which]);
    draft.edit(Edit::Move(asked, Way::Down));
    assert_eq!(order(&draft), [other, asked, which]);
    assert_eq!(rule(&draft, which, Part::ShowIf), None);
    draft.edit(Edit::Delete(asked));
    assert_eq!(rule(&draft, which, Part::ShowIf), Some(FormRule::Unknown));
    draft.edit(Edit::Undo);
    assert_eq!(rule(&draft, which, Part::ShowIf), None);
}

#[test]
fn a_choice_that_is_gone_is_looked_for_no_longer() {
    let mut draft = draft();
    let asked = add(&mut draft, Blank::Several, "Which?");
    let shown = add(&mut draft, Blank::Text, "More?");
    let ids = choices(&draft, asked);
    let condition = Condition { item: asked, test: Test::OneOf(ids.clone()) };
    draft.edit(Edit::Change(shown, Change::ShowIf(Some(condition))));
    draft.edit(Edit::Change(asked, Change::RemoveChoice(ids[0])));
    assert_eq!(rule(&draft, shown, Part::ShowIf), None);
    draft.edit(Edit::Change(asked, Change::RemoveChoice(ids[1])));
    assert_eq!(rule(&draft, shown, Part::ShowIf), Some(FormRule::Empty));
}

#[test]
fn choices_are_moved_within_their_list() {
    let mut draft = draft();
    let link = add(&mut draft, Blank::One, "Which?");
    let ids = choices(&draft, link);
    draft.edit(Edit::Change(link, Change::MoveChoice(ids[0], Way::Up)));
    assert_eq!(choices(&draft, link), ids);
    draft.edit(Edit::Change(link, Change::MoveChoice(ids[0], Way::Down)));
    assert_eq!(choices(&draft, link), [ids[1], ids[0]]);
}

#[test]
fn a_number_stays_as_it_is_typed_and_bars_saving_until_it_is_one() {
    let mut draft = draft();
    let link = add(&mut draft, Blank::Scale, "Pain");
    assert_eq!(draft.number(Input::To(link)), "10");
    draft.edit(Edit::Number(Input::To(link), String::new()));
    assert!(draft.is_unreadable(Input::To(link)), "a scale has two ends");
    assert_eq!(draft.ready(), None);
    draft.edit(Edit::Number(Input::To(link), "5.5".into()));
    assert!(draft.is_unreadable(Input::To(link)), "they are whole");
    draft.edit(Edit::Number(Input::To(link), " 5 ".into()));
    assert_eq!(draft.number(Input::To(link)), " 5 ");
    assert!(matches!(&draft.form.items[0].kind, Kind::Scale(scale) if scale.to == 5));
    let weight = add(&mut draft, Blank::Number, "Weight");
    draft.edit(Edit::Number(Input::Least(weight), "20.5".into()));
    assert_eq!(rule(&draft, weight, Part::Bounds), Some(FormRule::OutOfRange), "no decimals");
    draft.edit(Edit::Change(weight, Change::Decimals(1)));
    assert!(draft.ready().is_some());
    draft.edit(Edit::Number(Input::Least(weight), String::new()));
    assert!(matches!(&draft.form.items[1].kind, Kind::Number(number) if number.least.is_none()));
    assert!(draft.ready().is_some(), "no least is no mistake");
}

#[test]
fn what_was_saved_is_no_change_and_what_was_typed_since_is() {
    let mut draft = draft();
    let link = add(&mut draft, Blank::Text, " What? ");
    assert!(draft.is_changed());
    let saved = |draft: &Draft, version| {
        let form = draft.ready().and_then(|form| checked(form).ok()).unwrap();
        Rc::new(Template { id: FormId::from_random([1; 16]), version, form })
    };
    let first = saved(&draft, 1);
    draft.edit(Edit::Saved(first));
    assert!(!draft.is_changed());
    assert_eq!(draft.form.items[0].label, "What?", "as it is kept");
    let second = saved(&draft, 2);
    draft.edit(Edit::Change(link, Change::Label("What else?".into())));
    draft.edit(Edit::Saved(second));
    assert!(draft.is_changed());
    assert_eq!(draft.form.items[0].label, "What else?");
}

#[test]
fn what_the_server_found_wrong_stands_until_something_is_changed() {
    let mut draft = draft();
    let link = add(&mut draft, Blank::Text, "What?");
    let problem = FormProblem { item: Some(link), part: Part::Id, rule: FormRule::NotNew };
    draft.edit(Edit::Refused(vec![problem]));
    assert_eq!(draft.problems(), [problem]);
    draft.edit(Edit::Change(link, Change::Required(true)));
    assert_eq!(draft.problems(), []);
}

#[test]
fn a_band_begins_where_it_is_said_to() {
    let mut draft = draft();
    let link = add(&mut draft, Blank::Scale, "Pain");
    draft.edit(Edit::Score(Counted::Add));
    draft.edit(Edit::Score(Counted::Label(0, "Burden".into())));
    draft.edit(Edit::Score(Counted::Item(0, link, true)));
    for label in ["Low", "High"] {
        draft.edit(Edit::Score(Counted::AddBand(0)));
        let last = draft.form.scores[0].bands.len() as u8 - 1;
        draft.edit(Edit::Score(Counted::Band(0, last, label.into())));
    }
    draft.edit(Edit::Number(Input::Band(0, 1), "7".into()));
    assert_eq!(draft.form.scores[0].bands[1].from, 7);
    assert!(draft.ready().is_some());
    draft.edit(Edit::Score(Counted::RemoveBand(0, 0)));
    assert_eq!(draft.number(Input::Band(0, 0)), "7", "it is the first now");
    draft.edit(Edit::Score(Counted::Remove(0)));
    assert!(!draft.is_counted(link));
}
