//! The audit log (164.312(b)): who did what, when and from where; nothing is shown before it says
//! so; what is changed or taken away is found.

mod doors;
mod every;
pub mod tamper;

use quietroom_tests::support::client::texts;
use quietroom_tests::support::people::{refusal, try_sign_in};
use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::audit::{AccessPage, Action, AuditFilter, AuditPage, Subject};
use shared_proto::id::ConversationId;
use shared_proto::office::Ask;
use shared_proto::people::{PeopleFilter, Role};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Direction, Reply, Request};

use crate::given::{device, stranger, two, two_on};

/// The rows `audit show` prints, newest first, split at their tabs.
fn show(server: &TestServer, arguments: &[&str]) -> Vec<Vec<String>> {
    let data = server.data().to_str().unwrap();
    let all = [&["audit", "show", "--data", data], arguments].concat();
    let printed = server.succeed(&all, "");
    printed.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// How many records of an action `audit show` prints.
pub fn count(server: &TestServer, action: Action) -> usize {
    show(server, &["--action", action.name(), "--limit", "1000"]).len()
}

pub async fn read(client: &TestClient, filter: AuditFilter) -> AuditPage {
    match client.request(Request::Audit { filter, before: None }).await {
        Ok(Reply::Audit(page)) => page,
        other => panic!("{other:?}"),
    }
}

pub async fn accesses(client: &TestClient, conversation: ConversationId) -> AccessPage {
    match client.request(Request::Accesses { conversation, before: None }).await {
        Ok(Reply::Accesses(page)) => page,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_signed_in_and_opened_what_is_shown_to_owner_and_operator_alike() {
    let two = two().await;
    let wrong = try_sign_in(two.server.address(), &two.jonas.email, "not the password at all");
    assert_eq!(refusal(&wrong.await.unwrap()), Refusal::WrongCredentials);
    let filter = AuditFilter { person: Some(two.jonas.id), ..AuditFilter::default() };
    let page = read(&two.provider, filter).await;
    let actions: Vec<Action> = page.entries.iter().map(|entry| entry.action).collect();
    assert_eq!(
        actions,
        [Action::SignInFailed, Action::ConversationOpened, Action::SignedIn, Action::PersonAdded]
    );
    let [failed, opened, signed_in, added] = &page.entries[..] else { panic!() };
    assert_eq!((failed.actor, failed.subject), (None, Subject::Person(two.jonas.id)));
    assert_eq!(opened.subject, Subject::Conversation(two.conversation));
    assert_eq!(signed_in.address.unwrap().to_string(), "127.0.0.1");
    assert_eq!(added.actor, None, "the operator");

    let rows = show(&two.server, &["--person", &two.jonas.email]);
    assert_eq!(rows.len(), 4);
    for (row, entry) in rows.iter().zip(&page.entries) {
        assert_eq!(row[0], entry.sequence.to_string());
        assert_eq!(row[4], entry.action.name());
    }
    assert_eq!(rows[1][2], two.jonas.id.to_string());
    assert_eq!(rows[1][5], format!("conversation {}", two.conversation));
    assert!(rows[2][1].ends_with('Z') && rows[2][3] == "127.0.0.1", "{rows:?}");
    assert_eq!(count(&two.server, Action::ServerStarted), 1);
    assert_eq!(count(&two.server, Action::ConversationCreated), 1);
    assert!(count(&two.server, Action::AuditRead) > 1, "reading it is in it");
}

#[tokio::test]
async fn only_an_owner_reads_the_log() {
    let two = two().await;
    let provider = device(&two.server, &stranger(&two.server)).await;
    let request = || Request::Audit { filter: AuditFilter::default(), before: None };
    for client in [&two.client, &provider] {
        assert_eq!(client.request(request()).await, Err(Refusal::OwnerOnly));
    }
    assert_eq!(count(&two.server, Action::AuditRead), 1, "only the command that counts");
}

#[tokio::test]
async fn members_see_who_opened_their_conversation_and_others_that_there_is_none() {
    let two = two().await;
    let page = accesses(&two.client, two.conversation).await;
    let seen: Vec<_> = page.accesses.iter().map(|access| access.person.unwrap()).collect();
    assert_eq!(seen, [two.jonas.id, two.dana.id], "newest first");
    assert!(page.accesses.iter().all(|access| access.action == Action::ConversationOpened));
    let names: Vec<_> = page.people.iter().map(|card| card.name.as_str()).collect();
    assert!(names.contains(&two.dana.name.as_str()) && names.len() == 2, "{names:?}");

    let other = device(&two.server, &stranger(&two.server)).await;
    let absent = ConversationId::from_bytes([9; 16]);
    for conversation in [two.conversation, absent] {
        let asked = [
            Request::Accesses { conversation, before: None },
            Request::Open { conversation },
            Request::History {
                conversation,
                from: shared_proto::id::EntryId::MAX,
                direction: Direction::Before,
            },
        ];
        for request in asked {
            assert_eq!(other.request(request).await, Err(Refusal::NotFound));
        }
    }
    assert_eq!(accesses(&two.client, two.conversation).await, page, "nothing was opened");
    assert_eq!(show(&two.server, &["--person", &other.me().id.to_string()]).len(), 2);
}

#[tokio::test]
async fn a_conversation_is_recorded_once_a_socket_however_often_it_is_read() {
    let two = two().await;
    two.provider.send(two.conversation, "hello").await;
    two.client.holds(two.conversation, 1).await;
    let before = count(&two.server, Action::ConversationOpened);
    for _ in 0..3 {
        two.client.history(two.conversation).await;
        two.client.open(two.conversation).await;
        two.client.inbox().await;
    }
    assert_eq!(count(&two.server, Action::ConversationOpened), before);
    assert_eq!(count(&two.server, Action::InboxOpened), 1);
    let back = two.client.reconnect().await.unwrap();
    back.resume().await.ok().unwrap();
    back.history(two.conversation).await;
    back.resume().await.ok().unwrap();
    assert_eq!(count(&two.server, Action::ConversationOpened), before + 1);
}

#[tokio::test]
async fn nothing_is_shown_when_it_cannot_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full");
    let variable = "QUIETROOM_FAULT_QUITE_FULL";
    let two = two_on(TestServer::options().variable(variable, full.to_str().unwrap())).await;
    two.provider.send(two.conversation, "only for those who are recorded").await;
    let phone = device(&two.server, &two.jonas).await;
    std::fs::write(&full, b"").unwrap();
    let conversation = two.conversation;
    let (from, direction) = (shared_proto::id::EntryId::MAX, Direction::Before);
    for request in [
        Request::Open { conversation },
        Request::History { conversation, from, direction },
        Request::Inbox { after: None },
    ] {
        assert_eq!(phone.request(request).await, Err(Refusal::StorageFull));
    }
    let read = Request::Audit { filter: AuditFilter::default(), before: None };
    assert_eq!(two.provider.request(read).await, Err(Refusal::StorageFull));
    let find = Request::FindPeople { text: String::new() };
    assert_eq!(two.provider.request(find).await, Err(Refusal::StorageFull));
    let client = two.jonas.id;
    for ask in [
        Ask::People { filter: PeopleFilter::default(), after: None },
        Ask::Chart { person: client },
        Ask::ClientInbox { client, after: None },
        Ask::EmergencyList { client, reason: "The client may be in danger".into() },
    ] {
        assert_eq!(two.provider.request(Request::Office(ask)).await, Err(Refusal::StorageFull));
    }
    assert_eq!(texts(&two.client.history(conversation).await).len(), 1, "recorded before");
    std::fs::remove_file(&full).unwrap();
    eventually("the server to see the space", async || {
        phone.request(Request::Open { conversation }).await.is_ok().then_some(())
    })
    .await;
    assert_eq!(phone.inbox().await.rows.len(), 1);
}

#[tokio::test]
async fn nothing_is_shown_before_its_record_is_durable_and_the_room_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options =
        TestServer::options().variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let two = two_on(options).await;
    two.provider.send(two.conversation, "hello").await;
    let phone = device(&two.server, &two.jonas).await;
    std::fs::write(&hold, b"").unwrap();
    let mut opened = phone.begin(Request::Open { conversation: two.conversation }).unwrap();
    let held = hold.with_extension("held");
    eventually("the record to be applied", async || held.exists().then_some(())).await;
    for reader in [&two.provider, &two.client] {
        assert_eq!(texts(&reader.history(two.conversation).await), ["hello"], "nobody else waits");
    }
    assert!(opened.try_recv().is_err(), "it is not shown yet");
    std::fs::remove_file(&hold).unwrap();
    assert!(opened.await.unwrap().result.is_ok());
}

#[tokio::test]
async fn an_emergency_stands_in_the_log_with_its_reason_and_members_see_it() {
    let two = two().await;
    let server = &two.server;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let provider = device(server, &samuel).await;
    let conversation = provider.create(&[two.jonas.id]).await;
    let reason = "The client may be in danger".to_owned();
    let open = Request::Office(Ask::EmergencyOpen { conversation, reason: reason.clone() });
    assert!(two.provider.request(open).await.is_ok());
    two.provider.open(conversation).await;
    let row = &show(server, &["--action", "emergency-opened"])[0];
    assert_eq!(row[2], two.dana.id.to_string());
    assert_eq!(row[6], reason);
    let page = accesses(&provider, conversation).await;
    let seen: Vec<_> = page.accesses.iter().map(|access| access.action).collect();
    assert_eq!(seen, [Action::ConversationOpened, Action::EmergencyOpened]);
}

#[tokio::test]
async fn the_log_is_exported_for_a_spreadsheet_and_never_twice_into_one_file() {
    let mut two = two().await;
    let data = two.server.data().to_str().unwrap().to_owned();
    let to = two.server.folder().join("log.csv");
    let path = to.to_str().unwrap();
    let export = ["audit", "export", "--data", &data, "--to", path];
    two.server.succeed(&export, "");
    let text = std::fs::read_to_string(&to).unwrap();
    let mut lines = text.split("\r\n");
    assert_eq!(lines.next(), Some("\u{feff}number,time,person,address,action,subject,detail"));
    assert!(lines.next().unwrap().starts_with("1,"), "oldest first");
    assert!(text.contains(",audit-exported,practice,\r\n"), "{text}");
    assert!(!two.server.command(&export, "").status.success(), "it is there already");
    let (status, _) = two.server.sigterm().await;
    assert!(status.success());
    assert_eq!(show(&two.server, &["--action", "server-stopped"]).len(), 1);
    let unknown = ["audit", "show", "--data", &data, "--action", "opened"];
    let refused = two.server.command(&unknown, "");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("conversation-opened"));
}

#[tokio::test]
async fn old_records_go_by_themselves() {
    let mut two = two().await;
    two.server.sigterm().await;
    let kept = show(&two.server, &["--limit", "1000"]).len();
    two.server.restart_with_variable("QUIETROOM_AUDIT_DAYS", "0").await;
    eventually("old records to be removed", async || {
        (show(&two.server, &["--limit", "1000"]).len() < kept).then_some(())
    })
    .await;
    let data = two.server.data().to_str().unwrap();
    let said = two.server.succeed(&["audit", "verify", "--data", data], "");
    assert!(said.starts_with("audit records ") && said.trim_end().ends_with(" ok"), "{said}");
    assert!(!said.contains("records 1 to"), "{said}");
}
