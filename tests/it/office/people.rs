//! The People list, charts, divisions and one's own account.

use quietroom_tests::support::fresh_id;
use shared_proto::account::AccountChange;
use shared_proto::chart::{Consents, DetailField, Details};
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{AccountState, PersonChange, Role};
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{InboxPage, Reply, Request, ServerEvent};

use super::{ask, change, change_practice, clients, new_client, three};
use crate::given::device;

#[tokio::test]
async fn a_provider_adds_a_client_once_and_finds_them_by_whatever_they_know() {
    let three = three().await;
    let mut new = new_client("Ana Ruiz", "Ana@Example.org");
    new.phone = "+41 44 123 45 67".into();
    new.chart_number = "C-1042".into();
    let client_id = fresh_id();
    let add = || Ask::AddPerson { client_id, person: Box::new(new.clone()) };
    let Ok(Told::Person(row)) = ask(&three.provider, add()).await else { panic!("not added") };
    assert_eq!(row.account, AccountState::None);
    assert_eq!(row.assigned, [three.samuel.id], "who adds a client cares for them");
    assert_eq!(row.email, "ana@example.org");
    let again = ask(&three.provider, add()).await;
    assert_eq!(again, Ok(Told::Person(row.clone())), "a retry finds the same");
    let other = Ask::AddPerson {
        client_id: fresh_id(),
        person: Box::new(new_client("Another", "ana@example.org")),
    };
    let taken = Refusal::invalid(Field::Email, Rule::Taken);
    assert_eq!(ask(&three.provider, other).await, Err(taken));
    for text in ["ruiz", "ana@ex", "123 45", "c-1042"] {
        let found = clients(&three.provider, text).await.unwrap();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].card.id, row.card.id, "{text}");
    }
    let all = clients(&three.provider, "").await.unwrap();
    assert_eq!(all[0].card.id, row.card.id, "assigned ones first");
    assert_eq!(all.len(), 2);
    assert_eq!(clients(&three.client, "").await, Err(Refusal::ProviderOnly));
}

#[tokio::test]
async fn each_field_of_a_new_client_is_refused_by_its_own_name() {
    let three = three().await;
    let refused = |change: fn(&mut shared_proto::people::NewPerson)| {
        let mut new = new_client("Ana", "ana@example.org");
        change(&mut new);
        let add = Ask::AddPerson { client_id: fresh_id(), person: Box::new(new) };
        ask(&three.provider, add)
    };
    let invalid = |field, rule| Err(Refusal::invalid(field, rule));
    assert_eq!(refused(|n| n.name.clear()).await, invalid(Field::Name, Rule::Empty));
    assert_eq!(refused(|n| n.email = "ana".into()).await, invalid(Field::Email, Rule::Malformed));
    assert_eq!(refused(|n| n.phone = "call".into()).await, invalid(Field::Phone, Rule::Malformed));
    let nowhere = |n: &mut shared_proto::people::NewPerson| {
        n.division = Some(shared_proto::id::DivisionId::from_bytes([9; 16]));
    };
    assert_eq!(refused(nowhere).await, invalid(Field::Division, Rule::Unknown));
    assert_eq!(refused(|n| n.role = Role::Provider).await, Err(Refusal::OwnerOnly));
}

#[tokio::test]
async fn a_client_of_another_division_is_not_there() {
    let three = three().await;
    let mut divisions = Vec::new();
    for name in ["Adults", "Children"] {
        let add = PracticeChange::AddDivision { name: name.into() };
        let practice = change_practice(&three.owner, add).await.unwrap();
        divisions = practice.divisions;
    }
    let [adults, children] = [divisions[0].id, divisions[1].id];
    let to = |division| PersonChange::Division(Some(division));
    change(&three.owner, three.samuel.id, to(adults)).await.unwrap();
    change(&three.owner, three.jonas.id, to(children)).await.unwrap();
    let provider = three.provider.reconnect().await.unwrap();
    assert_eq!(clients(&provider, "").await.unwrap(), []);
    let absent = shared_proto::id::PersonId::from_bytes([7; 16]);
    for person in [three.jonas.id, absent] {
        let asks = [
            Ask::Chart { person },
            Ask::ClientInbox { client: person, after: None },
            Ask::ChangePerson { person, change: Box::new(PersonChange::Portal(false)) },
            Ask::ChangePerson { person, change: Box::new(PersonChange::Suspended(true)) },
        ];
        for one in asks {
            let what = format!("{one:?}");
            assert_eq!(ask(&provider, one).await, Err(Refusal::NotFound), "{what}");
        }
        let create = Request::Create { client_id: fresh_id(), participants: vec![person] };
        let unknown = Refusal::invalid(Field::Participants, Rule::Unknown);
        assert_eq!(provider.request(create).await, Err(unknown));
    }
    let assigned = PersonChange::Assigned { provider: three.samuel.id, on: true };
    change(&three.owner, three.jonas.id, assigned).await.unwrap();
    let found = provider.event("the client to appear", |arrival| match &arrival.event {
        ServerEvent::Changed(Changed::Person(row)) => {
            row.assigned.contains(&three.samuel.id).then_some(row.card.id)
        }
        _ => None,
    });
    assert_eq!(found.await, three.jonas.id);
    let remove = PracticeChange::RemoveDivision { division: children };
    let in_use = Err(Refusal::invalid(Field::Division, Rule::InUse));
    assert_eq!(change_practice(&three.owner, remove.clone()).await, in_use);
    change(&three.owner, three.jonas.id, PersonChange::Division(None)).await.unwrap();
    assert_eq!(change_practice(&three.owner, remove).await.unwrap().divisions.len(), 1);
    assert_eq!(clients(&provider, "").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_chart_is_kept_by_the_practice_and_by_the_client_themselves() {
    let three = three().await;
    let mut details = Details::default();
    details.set(DetailField::Insurer, "Helsana".into());
    let set = PersonChange::Details(Box::new(details.clone()));
    change(&three.provider, three.jonas.id, set).await.unwrap();
    let Ok(Told::Account(account)) = ask(&three.client, Ask::Account).await else {
        panic!("no account")
    };
    assert_eq!(account.details.as_ref(), Some(&details));
    assert_eq!(account.email, three.jonas.email);
    details.set(DetailField::Town, "8000 Zürich".into());
    let own = AccountChange::Details(Box::new(details.clone()));
    ask(&three.client, Ask::ChangeAccount(own)).await.unwrap();
    let chart = Ask::Chart { person: three.jonas.id };
    let Ok(Told::Chart(chart)) = ask(&three.provider, chart).await else { panic!("no chart") };
    assert_eq!(chart.details, details);
    let mut broken = details;
    broken.set(DetailField::BirthDate, "31.12.1999".into());
    let broken = AccountChange::Details(Box::new(broken));
    let malformed = Refusal::invalid(Field::Detail, Rule::Malformed);
    assert_eq!(ask(&three.client, Ask::ChangeAccount(broken)).await, Err(malformed));
    let theirs = AccountChange::Details(Box::default());
    let refused = ask(&three.provider, Ask::ChangeAccount(theirs)).await;
    assert_eq!(refused, Err(Refusal::NotFound), "a provider has no chart");
}

#[tokio::test]
async fn what_a_client_agreed_to_is_written_down_by_the_practice_and_theirs_to_change() {
    let three = three().await;
    let (person, both) = (three.jonas.id, Consents { email: true, sms: true });
    let of_chart = async |client: &_| match ask(client, Ask::Chart { person }).await {
        Ok(Told::Chart(chart)) => chart.consents,
        other => panic!("{other:?}"),
    };
    change(&three.provider, person, PersonChange::Consents(both)).await.unwrap();
    // Their own window hears of it at once.
    let told = three.client.event("their account", |arrival| match &arrival.event {
        ServerEvent::Changed(Changed::Account(account)) => Some(account.consents),
        _ => None,
    });
    assert_eq!(told.await, both);
    assert_eq!(of_chart(&three.owner).await, both);
    let only_email = Consents { email: true, sms: false };
    let own = Ask::ChangeAccount(AccountChange::Consents(only_email));
    ask(&three.client, own).await.unwrap();
    assert_eq!(of_chart(&three.provider).await, only_email);
    // Nobody agrees for a colleague, nor for whom they do not see; a client for nobody.
    let ana = three.server.person_add("Ana Ruiz", Role::Client);
    let elsewhere = PracticeChange::AddDivision { name: "Children".into() };
    let division = change_practice(&three.owner, elsewhere).await.unwrap().divisions[0].id;
    let there = PersonChange::Division(Some(division));
    change(&three.owner, ana.id, there).await.unwrap();
    for (who, whom) in [
        (&three.owner, three.samuel.id),
        (&three.provider, three.dana.id),
        (&three.provider, ana.id),
        (&three.client, person),
        (&three.client, ana.id),
    ] {
        let refused = change(who, whom, PersonChange::Consents(both)).await;
        assert_eq!(refused, Err(Refusal::NotFound), "{}", who.me().name);
    }
    change(&three.owner, ana.id, PersonChange::Consents(both)).await.unwrap();
}

#[tokio::test]
async fn each_chart_has_its_own_inbox_and_a_colleague_finds_nothing_in_it() {
    let three = three().await;
    let with_jonas = three.provider.create(&[three.jonas.id]).await;
    let ana = three.server.person_add("Ana Ruiz", Role::Client);
    let with_ana = three.provider.create(&[ana.id]).await;
    let inbox = async |client: &_, of| {
        let answer = client_inbox(client, of).await;
        answer.rows.iter().map(|row| row.conversation).collect::<Vec<_>>()
    };
    assert_eq!(inbox(&three.provider, three.jonas.id).await, [with_jonas]);
    assert_eq!(inbox(&three.provider, ana.id).await, [with_ana]);
    assert_eq!(inbox(&three.owner, three.jonas.id).await, [], "not even an owner's");
    let asked = Ask::ClientInbox { client: ana.id, after: None };
    assert_eq!(ask(&three.client, asked).await, Err(Refusal::NotFound));
}

async fn client_inbox(
    client: &quietroom_tests::support::TestClient,
    of: shared_proto::id::PersonId,
) -> InboxPage {
    let ask = Request::Office(Ask::ClientInbox { client: of, after: None });
    match client.request(ask).await {
        Ok(Reply::Inbox(page)) => page,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn everyone_sees_where_they_are_signed_in_and_signs_out_what_they_like() {
    let three = three().await;
    let second = device(&three.server, &three.jonas).await;
    let third = device(&three.server, &three.jonas).await;
    let devices = async |client: &_| match ask(client, Ask::Devices).await {
        Ok(Told::Devices(devices)) => devices,
        other => panic!("{other:?}"),
    };
    let listed = devices(&three.client).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|device| device.this_one).count(), 1);
    assert!(listed[0].this_one, "one's own first");
    let of_second = devices(&second).await[0].id;
    let out = |device, password: &str| Ask::SignOut { device, password: password.into() };
    let own = three.jonas.password.as_str();
    let foreign = ask(&three.provider, out(Some(of_second), &three.samuel.password)).await;
    assert_eq!(foreign, Err(Refusal::NotFound));
    // Whoever found the page open knows no password.
    for (given, rule) in [("", Rule::Empty), ("not the one at all", Rule::Wrong)] {
        for which in [Some(of_second), None] {
            let refused = ask(&three.client, out(which, given)).await;
            assert_eq!(refused, Err(Refusal::invalid(Field::CurrentPassword, rule)));
        }
    }
    assert_eq!(devices(&three.client).await.len(), 3);
    // Nor does whoever took a session keep its person from ending it.
    for _ in 0..10 {
        let guess = ask(&third, out(None, "a guess of a thief")).await;
        assert_eq!(guess, Err(Refusal::invalid(Field::CurrentPassword, Rule::Wrong)));
    }
    let limited = ask(&third, out(None, own)).await;
    assert!(matches!(limited, Err(Refusal::TooManyTries { .. })), "{limited:?}");
    ask(&three.client, out(Some(of_second), own)).await.unwrap();
    assert!(second.close_code().await.is_some());
    assert_eq!(second.reconnect().await.err(), Some(401));
    ask(&three.client, out(None, own)).await.unwrap();
    assert!(third.close_code().await.is_some());
    assert_eq!(devices(&three.client).await.len(), 1);
    three.client.settle().await;
}
