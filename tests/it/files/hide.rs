//! A file that is hidden from somebody leaves no trace in anything they ever receive (O22).

use quietroom_tests::support::{Person, TestClient, TestServer};
use shared_proto::codec;
use shared_proto::conversation::command::New;
use shared_proto::conversation::event::Start;
use shared_proto::http as api;
use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};
use shared_proto::people::Role;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Cursor, Held, Reply, Request, ServerEvent};

use super::{fetch, get, listed, pdf, send, share, shared, shares};
use crate::conversations::begin as begin_conversation;
use crate::given::device;

struct Three {
    server: TestServer,
    people: [Person; 3],
    host: TestClient,
    ben: TestClient,
    cara: TestClient,
    talk: ConversationId,
}

/// A session of a host, Ben and Cara, which all of them have open.
async fn three() -> Three {
    let server = TestServer::options().unhurried().start().await;
    let people = [
        server.person_add("Hana Host", Role::Owner),
        server.person_add("Ben Client", Role::Client),
        server.person_add("Cara Client", Role::Client),
    ];
    let host = device(&server, &people[0]).await;
    let ben = device(&server, &people[1]).await;
    let cara = device(&server, &people[2]).await;
    let session = Some(Start { at: None });
    let new = New { session, ..New::ongoing(vec![people[1].id, people[2].id]) };
    let talk = begin_conversation(&host, new).await.unwrap();
    for client in [&host, &ben, &cara] {
        client.open(talk).await;
    }
    Three { server, people, host, ben, cara, talk }
}

const NAME: &str = "for-hanas-eyes-only.pdf";
const WORD: &str = "nobody but the host reads this";

/// All that somebody is told by whatever they may ask, and by what comes unasked.
async fn everything(three: &Three, who: &TestClient, held: EntryId) -> Vec<u8> {
    let conversation = three.talk;
    let mut all = Vec::new();
    let requests = [
        Request::Inbox { after: None },
        Request::Rows { conversations: vec![conversation] },
        Request::Open { conversation },
        Request::Resume { held: vec![Held { conversation, last: held }] },
        Request::Accesses { conversation, before: None },
        Request::Rehearse { conversation },
    ];
    for request in requests {
        all.extend(codec::encode(&who.request(request).await));
    }
    all.extend(codec::encode(&who.history(conversation).await));
    all.extend(codec::encode(&listed(who, conversation).await));
    who.settle().await;
    for arrival in who.take_events() {
        all.extend(codec::encode(&arrival.event));
    }
    all
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether any of these bytes tell of the file.
fn tells(bytes: &[u8], file: FileId, entry: EntryId) -> bool {
    holds(bytes, NAME.as_bytes())
        || holds(bytes, WORD.as_bytes())
        || holds(bytes, file.as_bytes())
        || holds(bytes, entry.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_file_leaves_no_trace_with_who_it_is_hidden_from() {
    let three = three().await;
    let [host, _, cara] = three.people.each_ref().map(|person| person.id);
    let before = three.ben.send(three.talk, "before").await;
    three.cara.reads(three.talk, &["before"]).await;
    drop(three.cara.take_events());
    let held = three.cara.last_held(three.talk).unwrap();
    let inbox = three.cara.inbox().await;

    let file = send(&three.ben, three.talk, NAME, &pdf(WORD)).await.unwrap();
    let entry = share(&three.ben, three.talk, file, &[cara]).await.unwrap();
    assert_eq!(fetch(&three.host, three.talk, file).await.body, pdf(WORD));
    // Who sees it reads up to it, and is seen to have read what others see.
    three.host.tell(Request::ReadUpTo { conversation: three.talk, entry });
    three.host.settle().await;
    assert!(
        tells(&everything(&three, &three.host, before).await, file, entry),
        "the check finds it"
    );
    let sees: Vec<_> = listed(&three.host, three.talk).await.iter().map(shared).collect();
    assert_eq!(sees.len(), 1);

    assert_eq!(three.cara.inbox().await, inbox, "neither unread nor last activity");
    let told = everything(&three, &three.cara, held).await;
    assert!(!tells(&told, file, entry), "a trace of it");
    for path in [api::file(three.talk, file), api::file_preview(three.talk, file)] {
        let hidden = get(three.cara.session(), &path, &[]).await;
        let absent = api::file(three.talk, FileId::from_random([9; 16]));
        let absent = get(three.cara.session(), &absent, &[]).await;
        assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
    }
    let withdraw =
        three.cara.request(Request::Withdraw { conversation: three.talk, target: entry });
    assert_eq!(withdraw.await, Err(Refusal::NotFound));

    // What comes after it is in order, and leaves no hole.
    three.host.send(three.talk, "after").await;
    three.cara.reads(three.talk, &["before", "after"]).await;
    assert_eq!(three.cara.inbox().await.rows[0].unread, 2);
    assert_eq!(three.host.inbox().await.rows[0].unread, 0);
    assert_eq!(three.cara.breaches(), Vec::<String>::new());

    // Cursors of those who saw it are shown up to what Cara sees.
    let cursors = three.cara.open(three.talk).await.cursors;
    let of_host = cursors.iter().find(|cursor| cursor.person == host).unwrap();
    assert_eq!(of_host.read, Some(before));
}

/// Until `who` is told that the host has read up to `entry`.
async fn told_host_read(who: &TestClient, host: PersonId, entry: EntryId) {
    who.event("that the host has read it", |arrival| match &arrival.event {
        ServerEvent::Cursors { cursors, .. } => {
            let read = |cursor: &&Cursor| cursor.person == host && cursor.read == Some(entry);
            cursors.iter().find(read).map(|_| ())
        }
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_moves_over_it_is_not_shown_where_it_does_not_move() {
    let three = three().await;
    let [host, _, cara] = three.people.each_ref().map(|person| person.id);
    let conversation = three.talk;
    let before = three.ben.send(conversation, "before").await;
    three.host.tell(Request::ReadUpTo { conversation, entry: before });
    told_host_read(&three.cara, host, before).await;
    drop(three.cara.take_events());
    let file = send(&three.ben, conversation, NAME, &pdf(WORD)).await.unwrap();
    let entry = share(&three.ben, conversation, file, &[cara]).await.unwrap();
    three.host.tell(Request::ReadUpTo { conversation, entry });
    told_host_read(&three.ben, host, entry).await;
    three.cara.settle().await;
    let shown: Vec<_> = three
        .cara
        .take_events()
        .into_iter()
        .filter(|arrival| matches!(arrival.event, ServerEvent::Cursors { .. }))
        .map(|arrival| arrival.event)
        .collect();
    assert_eq!(shown, [], "the same mark again says that there was something to read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_it_is_hidden_from_does_not_find_it_in_counts() {
    let three = three().await;
    let [host, _, cara] = three.people.each_ref().map(|person| person.id);
    let file = send(&three.ben, three.talk, NAME, &pdf(WORD)).await.unwrap();
    let entry = share(&three.ben, three.talk, file, &[host]).await.unwrap();
    let rehearse = Request::Rehearse { conversation: three.talk };
    let Ok(Reply::Rehearsal(shown)) = three.host.request(rehearse.clone()).await else { panic!() };
    assert_eq!(shown.unread, [], "Cara has not read it, and the host is not told");
    three.ben.send(three.talk, "and for all").await;
    let Ok(Reply::Rehearsal(shown)) = three.host.request(rehearse).await else { panic!() };
    assert_eq!(shown.unread, [(host, 1), (cara, 1)]);
    let held = three.host.last_held(three.talk).unwrap();
    let told = everything(&three, &three.host, held).await;
    assert!(!tells(&told, file, entry));
    // Cara opens it, and who opened what is no trace either.
    assert_eq!(fetch(&three.cara, three.talk, file).await.status, 200);
    let accesses = Request::Accesses { conversation: three.talk, before: None };
    let Ok(Reply::Accesses(page)) = three.host.request(accesses).await else { panic!() };
    assert!(page.accesses.iter().all(|access| access.action.name() != "file-opened"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_chosen_is_a_member_once_and_somebody_is_left() {
    let three = three().await;
    let [host, ben, cara] = three.people.each_ref().map(|person| person.id);
    let stranger = three.server.person_add("Sam Stranger", Role::Client);
    let file = send(&three.ben, three.talk, "a.pdf", &pdf("a")).await.unwrap();
    for (hidden, rule) in [
        (vec![host, cara], Rule::Empty),
        (vec![cara, cara], Rule::Duplicate),
        (vec![ben], Rule::Unknown),
        (vec![stranger.id], Rule::Unknown),
    ] {
        let refused = Err(Refusal::invalid(Field::Recipients, rule));
        assert_eq!(share(&three.ben, three.talk, file, &hidden).await, refused);
    }
    share(&three.ben, three.talk, file, &[host]).await.unwrap();
    assert_eq!(fetch(&three.host, three.talk, file).await.status, 404);
    assert_eq!(fetch(&three.cara, three.talk, file).await.status, 200);
    assert_eq!(fetch(&three.ben, three.talk, file).await.status, 200, "and to who sent it");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_or_reads_in_an_emergency_is_told_of_no_hidden_file() {
    let three = three().await;
    let cara = three.people[2].id;
    let file = send(&three.ben, three.talk, NAME, &pdf(WORD)).await.unwrap();
    let entry = share(&three.ben, three.talk, file, &[cara]).await.unwrap();
    let (open, _) = shares(&three.ben, three.talk, "open.pdf", &pdf("open")).await;
    let other = three.server.person_add("Olga Owner", Role::Owner);
    let olga = device(&three.server, &other).await;
    let reason = "Somebody may be in danger".to_owned();
    let ask = shared_proto::office::Ask::EmergencyOpen { conversation: three.talk, reason };
    olga.request(Request::Office(ask)).await.unwrap();
    assert_eq!(fetch(&olga, three.talk, open).await.status, 200, "what all members see");
    assert_eq!(fetch(&olga, three.talk, file).await.status, 404);
    let told = codec::encode(&(olga.history(three.talk).await, listed(&olga, three.talk).await));
    assert!(!tells(&told, file, entry));
    let events = olga.take_events();
    assert!(!events.iter().any(|arrival| matches!(arrival.event, ServerEvent::Entries { .. })));
}
