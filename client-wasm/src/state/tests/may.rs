//! What the person may do, said before they try.

use shared_proto::account::Account;
use shared_proto::chart::Consents;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{AccountState, PersonRow};
use shared_proto::practice::{ClientStart, Policies};

use super::*;

fn policy(client: &mut Client, client_start: ClientStart) {
    let mut practice = practice();
    practice.settings.policies = Policies { client_start, ..Policies::OPEN };
    client.event(ServerEvent::Changed(Changed::Practice(Box::new(practice))));
}

fn is_reachable(request: &Request) -> bool {
    matches!(request, Request::Office(Ask::Reachable { .. }))
}

fn told(reachable: bool) -> Result<Reply, Refusal> {
    Ok(Reply::Office(Told::Reachable(reachable)))
}

fn other() -> PersonRow {
    PersonRow {
        card: card(2, Role::Owner),
        account: AccountState::Active,
        email: String::new(),
        phone: String::new(),
        chart_number: String::new(),
        division: None,
        assigned: vec![],
        portal: true,
    }
}

#[test]
fn whether_a_client_may_write_follows_the_policy_and_the_conversation_at_once() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    assert_eq!(client.state.may_write(room()), Ok(()));
    policy(&mut client, ClientStart::AfterProviderFirst);
    assert_eq!(client.state.may_write(room()), Err(Refusal::ProviderFirst));
    client.arrives(&[message(5, 2, 1, "Welcome")]);
    assert_eq!(client.state.may_write(room()), Ok(()), "a provider has written");
    policy(&mut client, ClientStart::Never);
    assert_eq!(client.state.may_write(room()), Err(Refusal::SessionsOnly));
}

#[test]
fn whoever_is_no_member_reads_only() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let conversation = client.state.conversation_mut(room()).unwrap();
    conversation.fold.members.retain(|member| member.person != person(1));
    assert_eq!(client.state.may_write(room()), Err(Refusal::ReadOnly));
}

#[test]
fn whether_anybody_reads_is_asked_when_shown_and_when_one_of_them_changed() {
    let mut client = Client::live();
    let effects = client.act(Action::Show(Some(room())));
    let id = id_of(&effects, |request| matches!(request, Request::Open { .. }));
    let entries = [created()];
    let opened = Opened {
        row: row(&entries, 0, None),
        page: Page { entries: entries.to_vec(), more: false },
        cursors: Vec::new(),
        here: Vec::new(),
    };
    let id = id_of(&client.reply(id, Ok(Reply::Opened(Box::new(opened)))), is_reachable);
    client.reply(id, told(false));
    assert_eq!(client.state.may_write(room()), Err(Refusal::PortalOff));

    let mut stranger = other();
    stranger.card = card(7, Role::Client);
    let of = |row| ServerEvent::Changed(Changed::Person(Box::new(row)));
    assert!(!requests(&client.event(of(stranger))).into_iter().any(is_reachable));
    let id = id_of(&client.event(of(other())), is_reachable);
    client.reply(id, told(true));
    assert_eq!(client.state.may_write(room()), Ok(()));
}

#[test]
fn whom_a_client_may_start_with_follows_their_account() {
    let mut client = Client::live();
    assert_eq!(client.state.may_start(), Err(Refusal::NotAssigned));
    let account = Account {
        card: PersonCard { name: "Another name".into(), ..card(1, Role::Client) },
        email: String::new(),
        mobile: String::new(),
        language: String::new(),
        time_zone: String::new(),
        consents: Consents::default(),
        read_receipts: true,
        details: None,
    };
    let changed = ServerEvent::Changed(Changed::Account(Box::new(account)));
    let effects = client.event(changed.clone());
    assert_eq!(client.state.me().unwrap().name, "Another name");
    let finds = |request: &Request| matches!(request, Request::FindPeople { .. });
    let id = id_of(&effects, finds);
    client.reply(id, Ok(Reply::People(vec![card(2, Role::Provider)])));
    assert_eq!(client.state.may_start(), Ok(()));
    let id = id_of(&client.event(changed), finds);
    client.reply(id, Ok(Reply::People(vec![])));
    assert_eq!(client.state.may_start(), Err(Refusal::NotAssigned));
}
