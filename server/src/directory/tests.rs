use shared_proto::id::DivisionId;
use shared_proto::time::Millis;

use super::*;

fn id(n: u16) -> PersonId {
    let mut bytes = [0; 16];
    bytes[14..].copy_from_slice(&n.to_be_bytes());
    PersonId::from_bytes(bytes)
}

fn person(n: u16, name: &str, role: Role) -> PersonRecord {
    PersonRecord::new(id(n), name.to_owned(), role, Millis(1))
}

fn provider(n: u16) -> Actor {
    Actor { id: id(n), role: Role::Provider, division: None }
}

fn names(page: &PeoplePage) -> Vec<&str> {
    page.rows.iter().map(|row| row.card.name.as_str()).collect()
}

#[test]
fn assigned_clients_come_first_and_pages_go_on_where_they_ended() {
    let directory = Directory::default();
    for n in 0..120 {
        let mut client = person(100 + n, &format!("Client {n:03}"), Role::Client);
        if n == 77 {
            client.assigned.push(id(1));
        }
        directory.put(&client);
    }
    directory.put(&person(1, "A provider", Role::Provider));
    let filter = PeopleFilter::default();
    let first = directory.page(&provider(1), &filter, None);
    assert_eq!((first.rows.len(), first.total), (50, 120));
    assert_eq!(names(&first)[..2], ["Client 077", "Client 000"]);
    let mut seen = first.rows.len();
    let mut next = first.next;
    while let Some(mark) = next {
        let page = directory.page(&provider(1), &filter, Some(&mark));
        seen += page.rows.len();
        next = page.next;
    }
    assert_eq!(seen, 120);
}

#[test]
fn clients_are_found_by_name_email_phone_and_chart_number() {
    let directory = Directory::default();
    let mut ana = person(2, "Ana Sofía Ruiz", Role::Client);
    ana.email = "ana@example.org".into();
    ana.phone = "+41 (44) 123-45-67".into();
    ana.chart_number = "C-1042".into();
    directory.put(&ana);
    directory.put(&person(3, "Ben", Role::Client));
    for text in ["sofía", "ANA@", "123-45", "4144123", "c-1042"] {
        let filter = PeopleFilter { text: text.into(), ..PeopleFilter::default() };
        let page = directory.page(&provider(1), &filter, None);
        assert_eq!(names(&page), ["Ana Sofía Ruiz"], "{text}");
    }
}

#[test]
fn a_provider_sees_no_client_of_another_division_and_a_client_nobody() {
    let directory = Directory::default();
    let mut elsewhere = person(2, "Elsewhere", Role::Client);
    elsewhere.division = Some(DivisionId::from_bytes([2; 16]));
    directory.put(&elsewhere);
    let filter = PeopleFilter::default();
    assert_eq!(directory.page(&provider(1), &filter, None).total, 0);
    assert!(directory.find("", &provider(1), &Policies::OPEN).is_empty());
    let client = Actor { id: id(3), role: Role::Client, division: None };
    assert_eq!(directory.page(&client, &filter, None).total, 0);
}

#[test]
fn a_client_finds_the_providers_they_are_assigned_to_and_nobody_by_email() {
    let directory = Directory::default();
    let mut mara = person(1, "Mara", Role::Provider);
    mara.email = "mara@example.org".into();
    directory.put(&mara);
    directory.put(&person(2, "Samuel", Role::Provider));
    let mut client = person(3, "Jonas", Role::Client);
    client.assigned.push(id(1));
    directory.put(&client);
    let actor = Actor { id: id(3), role: Role::Client, division: None };
    let found = |text: &str| directory.find(text, &actor, &Policies::OPEN).len();
    assert_eq!((found(""), found("mar"), found("mara@"), found("sam")), (1, 1, 0, 0));
}

#[test]
fn what_is_older_never_takes_the_place_of_what_is_newer() {
    let directory = Directory::default();
    let mut ana = person(1, "Ana Ruiz", Role::Client);
    ana.revision = 2;
    directory.put(&ana);
    let late = PersonRecord { revision: 1, name: "Ana".into(), ..ana };
    directory.put(&late);
    assert_eq!(directory.card(id(1)).map(|card| card.name), Some("Ana Ruiz".to_owned()));
}
