use super::super::Kind;
use super::super::sample::{self, *};
use super::*;

fn first() -> Template {
    Template::first(FormId::from_bytes([7; 16]), sample::form()).unwrap()
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Form), item: Option<LinkId>, part: Part, rule: FormRule) {
    let mut form = sample::form();
    change(&mut form);
    assert_eq!(first().next(form), Err(vec![FormProblem { item, part, rule }]));
}

#[test]
fn a_change_makes_the_next_version_and_no_change_makes_none() {
    let first = first();
    assert_eq!(first.version, 1);
    assert_eq!(first.next(sample::form()), Ok(first.clone()));
    let mut form = sample::form();
    form.title = "Before we meet again".into();
    let second = first.next(form).unwrap();
    assert_eq!((second.id, second.version), (first.id, 2));
    assert_eq!(first.form.title, "Before we meet");
    assert!(Template { version: u32::MAX, ..first.clone() }.next(second.form).is_err());
    assert!(Template { version: u32::MAX, ..first }.next(sample::form()).is_ok());
}

#[test]
fn an_id_is_never_given_to_something_else() {
    let kind = |form: &mut Form, link| form.item_mut(link).kind = Kind::LongText;
    refused(|form| kind(form, NAME), Some(NAME), Part::Id, FormRule::WrongKind);
    let taken_back = LinkId(100);
    let mut form = sample::form();
    form.next_id = 101;
    let without = first().next(form.clone()).unwrap();
    form.items.push(sample::item(taken_back, "Again", Kind::Text));
    let problem = FormProblem { item: Some(taken_back), part: Part::Id, rule: FormRule::NotNew };
    assert_eq!(without.next(form), Err(vec![problem]));
    let move_choice = |form: &mut Form| {
        form.scores.clear();
        let mut moved = None;
        if let Kind::Several(choices) = &mut form.item_mut(SYMPTOMS).kind {
            moved = choices.pop();
        }
        if let Kind::One(choices) = &mut form.item_mut(MOOD).kind {
            choices.extend(moved);
        }
    };
    refused(move_choice, Some(MOOD), Part::Choice(NOTHING), FormRule::NotNew);
    let forget = |form: &mut Form| {
        form.items.pop();
        form.next_id = 18;
    };
    refused(forget, None, Part::Whole, FormRule::NotNew);
}

#[test]
fn new_items_and_choices_get_new_ids() {
    let mut form = sample::form();
    let (link, choice) = (form.new_link(), form.new_choice());
    form.items.insert(3, sample::item(link, "One more", Kind::YesNo));
    if let Kind::One(choices) = &mut form.item_mut(MOOD).kind {
        choices.insert(0, sample::choice(choice, "Seldom", 1));
    }
    assert_eq!(first().next(form).unwrap().version, 2);
}

#[test]
fn what_changed_is_told_by_the_ids() {
    let before = sample::form();
    let mut now = sample::form();
    let link = now.new_link();
    let story = now.items.remove(3);
    now.items.insert(1, story);
    now.items.push(sample::item(link, "One more", Kind::YesNo));
    now.item_mut(NAME).label = "Your name".into();
    now.items.retain(|item| item.link != BORN);
    assert_eq!(
        changes(&before, &now),
        [Change::Changed(NAME), Change::Added(link), Change::Removed(BORN), Change::Reordered,]
    );
    assert_eq!(changes(&before, &before), []);
}
