use shared_proto::people::{AccountState, PersonCard, Role};
use shared_proto::refusal::Refusal;

use super::*;

const ME: u8 = 200;

fn id(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

fn row(number: u8, name: &str) -> PersonRow {
    PersonRow {
        card: PersonCard { id: id(number), name: name.to_owned(), role: Role::Client },
        account: AccountState::Active,
        email: format!("{}@example.org", name.to_lowercase()),
        phone: "+41 79 555".to_owned(),
        chart_number: format!("C-{number}"),
        division: None,
        assigned: Vec::new(),
        portal: true,
    }
}

fn page(rows: &[PersonRow], more: bool, total: u32) -> PeoplePage {
    let next = rows.last().filter(|_| more).map(|last| PeopleMark {
        assigned: false,
        name: last.card.name.to_lowercase(),
        person: last.card.id,
    });
    PeoplePage { rows: rows.to_vec(), next, total }
}

fn answer(listing: &mut Listing, page: PeoplePage) {
    let number = listing.question.as_ref().expect("something is asked").number;
    listing.happened(Event::Answered(number, Ok(page)));
}

fn names(listing: &Listing) -> Vec<&str> {
    listing.rows.iter().map(|row| row.card.name.as_str()).collect()
}

fn text(text: &str) -> PeopleFilter {
    PeopleFilter { text: text.to_owned(), ..PeopleFilter::default() }
}

/// A list of Ana, Carla and Emil, which is all there are unless `more`.
fn three(more: bool) -> Listing {
    let mut listing = Listing::of(id(ME));
    let rows = [row(1, "Ana"), row(3, "Carla"), row(5, "Emil")];
    answer(&mut listing, page(&rows, more, if more { 90 } else { 3 }));
    listing
}

#[test]
fn pages_follow_each_other_and_nobody_stands_in_it_twice() {
    let mut listing = three(true);
    assert!(listing.question.is_none());
    listing.happened(Event::More);
    assert_eq!(listing.question.as_ref().unwrap().after.as_ref().unwrap().person, id(5));
    listing.happened(Event::More);
    answer(&mut listing, page(&[row(5, "Emil"), row(6, "Fritz")], false, 4));
    assert_eq!(names(&listing), ["Ana", "Carla", "Emil", "Fritz"]);
    listing.happened(Event::More);
    assert!(listing.question.is_none(), "there is no more");
}

#[test]
fn the_latest_question_wins_and_what_was_found_stays_until_it_is_answered() {
    let mut listing = three(false);
    listing.happened(Event::Find(text("c")));
    let first = listing.question.as_ref().unwrap().number;
    listing.happened(Event::Find(text("ca")));
    assert_eq!(names(&listing), ["Ana", "Carla", "Emil"]);
    listing.happened(Event::Answered(first, Ok(page(&[row(9, "Cleo")], false, 1))));
    assert_eq!(names(&listing), ["Ana", "Carla", "Emil"], "an answer to an older question");
    answer(&mut listing, page(&[row(3, "Carla")], false, 1));
    assert_eq!(names(&listing), ["Carla"]);
    assert_eq!(listing.filter, text("ca"));
}

#[test]
fn a_refused_question_is_asked_again() {
    let mut listing = three(false);
    listing.happened(Event::Find(text("ca")));
    let number = listing.question.as_ref().unwrap().number;
    listing.happened(Event::Answered(number, Err(Refusal::ProviderOnly)));
    assert_eq!(listing.refused, Some(Refusal::ProviderOnly));
    listing.happened(Event::More);
    assert_eq!(listing.question.as_ref().unwrap().filter, text("ca"));
    assert_eq!(listing.refused, None);
}

#[test]
fn somebody_new_or_renamed_stands_where_the_server_sorts_them() {
    let mut listing = three(false);
    listing.happened(Event::Changed(Box::new(row(2, "Bea"))));
    assert_eq!(names(&listing), ["Ana", "Bea", "Carla", "Emil"]);
    assert_eq!(listing.total, 4);
    listing.happened(Event::Changed(Box::new(row(1, "Zoe"))));
    assert_eq!(names(&listing), ["Bea", "Carla", "Emil", "Zoe"]);
    let mut assigned = row(5, "Emil");
    assigned.assigned.push(id(ME));
    listing.happened(Event::Changed(Box::new(assigned)));
    assert_eq!(names(&listing), ["Emil", "Bea", "Carla", "Zoe"], "assigned ones first");
    listing.happened(Event::Gone(id(3)));
    assert_eq!(names(&listing), ["Emil", "Bea", "Zoe"]);
    assert_eq!(listing.total, 3);
}

#[test]
fn who_is_beyond_what_is_here_comes_with_their_page() {
    let mut listing = three(true);
    listing.happened(Event::Changed(Box::new(row(9, "Zoe"))));
    assert_eq!(names(&listing), ["Ana", "Carla", "Emil"]);
    listing.happened(Event::Changed(Box::new(row(2, "Bea"))));
    assert_eq!(names(&listing), ["Ana", "Bea", "Carla", "Emil"]);
}

#[test]
fn who_is_not_looked_for_does_not_appear() {
    let mut listing = three(false);
    listing.happened(Event::Find(text("c-3")));
    answer(&mut listing, page(&[row(3, "Carla")], false, 1));
    listing.happened(Event::Changed(Box::new(row(2, "Bea"))));
    assert_eq!(names(&listing), ["Carla"]);
    listing.happened(Event::Changed(Box::new(PersonRow { phone: "3".into(), ..row(30, "Di") })));
    assert_eq!(names(&listing), ["Carla", "Di"], "her number is C-30");
    let mut provider = row(31, "Eva");
    provider.card.role = Role::Provider;
    listing.happened(Event::Changed(Box::new(provider)));
    listing.happened(Event::Changed(Box::new(row(3, "Carla"))));
    let other = PersonRow { chart_number: "7".into(), ..row(3, "Carla") };
    listing.happened(Event::Changed(Box::new(other)));
    assert_eq!(names(&listing), ["Di"], "no longer what is looked for");
    assert_eq!(listing.total, 1);
}

#[test]
fn after_a_while_without_a_line_all_that_was_here_is_asked_for_before_it_is_replaced() {
    let mut listing = three(true);
    listing.happened(Event::More);
    answer(&mut listing, page(&[row(6, "Fritz")], true, 90));
    listing.happened(Event::Refresh);
    answer(&mut listing, page(&[row(1, "Ana"), row(5, "Emil")], true, 90));
    assert_eq!(names(&listing), ["Ana", "Carla", "Emil", "Fritz"]);
    answer(&mut listing, page(&[row(6, "Fritz"), row(7, "Gil")], true, 90));
    assert_eq!(names(&listing), ["Ana", "Emil", "Fritz", "Gil"]);
}
