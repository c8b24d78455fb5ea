//! Search over one's own conversations: what is found and how, and never anything of others'.

mod kept;
mod seen;

use std::time::{Duration, Instant};

use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::id::ConversationId;
use shared_proto::limits::{MESSAGE_SCALARS, QUERY_SCALARS, SEARCH_HITS};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::search::{Filter, Found, Hit, Search};
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, Request};

use crate::given::{Two, device, two_on};

/// How far the index may be behind.
const LAG: Duration = Duration::from_secs(2);

/// Two who talk with each other; whoever waits for a word asks often.
async fn two() -> Two {
    two_on(TestServer::options().unhurried()).await
}

pub async fn ask(client: &TestClient, search: Search) -> Result<Found, Refusal> {
    match client.request(Request::Search(search)).await? {
        Reply::Found(found) => Ok(found),
        other => panic!("{other:?}"),
    }
}

fn words(text: &str) -> Search {
    Search { text: text.into(), ..Search::default() }
}

/// What stands on the one page a search comes to.
pub async fn search(client: &TestClient, text: &str) -> Vec<Hit> {
    let found = ask(client, words(text)).await.unwrap();
    assert_eq!(found.next, None, "{text:?}");
    found.hits
}

/// What is found of the entries, newest first.
pub async fn said(client: &TestClient, text: &str) -> Vec<String> {
    search(client, text).await.iter().map(whole).collect()
}

fn whole(hit: &Hit) -> String {
    hit.snippet.iter().map(|piece| piece.text.as_str()).collect()
}

/// What of it is marked.
fn marked(hit: &Hit) -> Vec<&str> {
    let found = hit.snippet.iter().filter(|piece| piece.found);
    found.map(|piece| piece.text.as_str()).collect()
}

/// Until a word that was written last is found: then everything before it is.
pub async fn settled(client: &TestClient, conversation: ConversationId) {
    let word = format!("settled{}", fastrand::u64(..));
    client.send(conversation, &word).await;
    found_in_time(client, &word).await;
}

/// Until something is found; not later than it may be.
async fn found_in_time(client: &TestClient, text: &str) {
    let written = Instant::now();
    eventually("the word to be found", async || {
        (!search(client, text).await.is_empty()).then_some(())
    })
    .await;
    assert!(written.elapsed() < LAG, "{text:?} was found after {:?}", written.elapsed());
}

#[tokio::test]
async fn words_are_found_by_their_beginning_and_without_their_accents() {
    let two = two().await;
    let sent = [
        "I could not sleep at all last night",
        "Did the new medication help you sleep?",
        "Größere Übungen für nächste Woche",
        "我头痛三天了",
    ];
    for text in sent {
        two.client.send(two.conversation, text).await;
    }
    settled(&two.provider, two.conversation).await;
    let cases = [
        ("sleep", vec![sent[1], sent[0]]),
        ("SLEEP", vec![sent[1], sent[0]]),
        ("sle", vec![sent[1], sent[0]]),
        ("night sleep", vec![sent[0]]),
        ("\"sleep at all\"", vec![sent[0]]),
        ("\"at sleep\"", vec![]),
        ("\"sle\"", vec![]),
        ("slept", vec![]),
        ("grossere", vec![sent[2]]),
        ("ubung", vec![sent[2]]),
        ("头痛", vec![sent[3]]),
        ("痛头", vec![]),
    ];
    for reader in [&two.provider, &two.client] {
        for (typed, expected) in &cases {
            assert_eq!(said(reader, typed).await, *expected, "{typed:?}");
        }
    }
    let hit = &search(&two.provider, "night sleep").await[0];
    assert_eq!(marked(hit), ["sleep", "night"]);
    assert_eq!((hit.conversation, hit.author), (two.conversation, two.jonas.id));
    let found = ask(&two.provider, words("night")).await.unwrap();
    assert_eq!(found.talks[0].others, [two.jonas.id], "what the conversation is called");
    assert!(found.people.iter().any(|card| card.name == two.jonas.name));
}

#[tokio::test]
async fn of_a_long_message_a_line_with_the_word_is_shown() {
    let two = two().await;
    let before = "filler ".repeat(*MESSAGE_SCALARS.end() / 16);
    two.client.send(two.conversation, &format!("{before} needle {before}")).await;
    settled(&two.provider, two.conversation).await;
    let hit = &search(&two.provider, "needle").await[0];
    assert_eq!(marked(hit), ["needle"]);
    assert!(whole(hit).len() < 400, "{}", whole(hit));
}

#[tokio::test]
async fn what_is_new_is_found_within_two_seconds() {
    let two = two().await;
    for word in ["first", "second", "third"] {
        two.client.send(two.conversation, word).await;
        found_in_time(&two.provider, word).await;
    }
    let server = &two.server;
    eventually("the lag to be told", async || {
        (server.metric("quietroom_search_lag_seconds", &[]).await < 0.001).then_some(())
    })
    .await;
    assert!(server.metric("quietroom_search_segments_written_total", &[]).await >= 3.0);
    assert!(server.metric("quietroom_search_seconds_count", &[]).await >= 3.0);
}

#[tokio::test]
async fn many_are_paged_through_newest_first_without_gap_or_double() {
    let two = two().await;
    let other = two.provider.create(&[two.jonas.id]).await;
    let mut expected = Vec::new();
    for number in 0..2 * SEARCH_HITS + 3 {
        let conversation = if number % 3 == 0 { other } else { two.conversation };
        let text = format!("exercise {number}");
        two.provider.send(conversation, &text).await;
        expected.push(text);
    }
    expected.reverse();
    settled(&two.client, two.conversation).await;
    settled(&two.client, other).await;
    let (mut read, mut after, mut last) = (Vec::new(), None, Millis(u64::MAX));
    loop {
        let found = ask(&two.client, Search { after, ..words("exerc") }).await.unwrap();
        assert!(found.hits.len() <= SEARCH_HITS);
        for hit in &found.hits {
            assert!(hit.at <= last);
            last = hit.at;
            read.push(whole(hit));
        }
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    // Of the same millisecond either may come first.
    let sorted = |mut texts: Vec<String>| {
        texts.sort_unstable();
        texts
    };
    assert_eq!(sorted(read), sorted(expected));
}

#[tokio::test]
async fn who_when_and_whether_there_is_a_file_sort_out() {
    let two = two().await;
    two.client.send(two.conversation, "a question about sleep").await;
    two.provider.send(two.conversation, "an answer about sleep").await;
    settled(&two.provider, two.conversation).await;
    let by = async |filter: Filter, text: &str| {
        let search = Search { filter, ..words(text) };
        let found = ask(&two.provider, search).await.unwrap();
        found.hits.iter().map(whole).filter(|text| text.contains("about")).collect::<Vec<_>>()
    };
    let all = by(Filter::default(), "sleep").await;
    assert_eq!(all, ["an answer about sleep", "a question about sleep"]);
    let author = Some(two.jonas.id);
    let filter = Filter { author, ..Filter::default() };
    assert_eq!(by(filter, "sleep").await, ["a question about sleep"]);
    assert_eq!(by(filter, "").await, ["a question about sleep"], "without a word");
    let at = search(&two.provider, "answer").await[0].at;
    let until = Filter { until: Some(at), ..Filter::default() };
    assert!(!by(until, "sleep").await.contains(&all[0]));
    let from = Filter { from: Some(at), ..Filter::default() };
    assert!(by(from, "sleep").await.contains(&all[0]));
    let never = Filter { from: Some(Millis(at.0 + 3_600_000)), ..Filter::default() };
    assert!(by(never, "sleep").await.is_empty());
    assert!(by(Filter { has_file: true, ..Filter::default() }, "sleep").await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_with_its_rule() {
    let two = two().await;
    let empty = Refusal::invalid(Field::Query, Rule::Empty);
    for text in ["", "   ", "?!", "\"\""] {
        assert_eq!(ask(&two.client, words(text)).await.err(), Some(empty), "{text:?}");
    }
    let long = Refusal::invalid(Field::Query, Rule::TooLong { limit: QUERY_SCALARS as u32 });
    let text = "ä".repeat(QUERY_SCALARS + 1);
    assert_eq!(ask(&two.client, words(&text)).await.err(), Some(long));
    let text = "头".repeat(QUERY_SCALARS);
    assert_eq!(ask(&two.client, words(&text)).await, Ok(Found::default()));
}

#[tokio::test]
async fn a_phrase_of_words_that_are_everywhere_is_looked_for_in_pieces() {
    let two = two().await;
    let mut answers = Vec::new();
    for number in 0..700 {
        let text = if number == 3 { "of the day" } else { "the day of" };
        answers.push(two.provider.begin(two.provider.message(two.conversation, text)).unwrap());
        if answers.len() == 50 {
            for answer in answers.drain(..) {
                answer.await.unwrap().result.unwrap();
            }
        }
    }
    settled(&two.client, two.conversation).await;
    let first = ask(&two.client, words("\"of the day\"")).await.unwrap();
    assert_eq!(first.hits, []);
    let next = Search { after: first.next, ..words("\"of the day\"") };
    assert!(first.next.is_some(), "so many are not read at a time");
    let second = ask(&two.client, next).await.unwrap();
    assert_eq!(second.hits.iter().map(whole).collect::<Vec<_>>(), ["of the day"]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn whoever_asks_for_many_at_once_is_told_to_wait_and_answered_in_full() {
    let two: Two = two().await;
    two.provider.send(two.conversation, "needle").await;
    settled(&two.provider, two.conversation).await;
    let phone = device(&two.server, &two.dana).await;
    let asked: Vec<_> = (0..60)
        .map(|number| {
            let client = if number % 2 == 0 { &two.provider } else { &phone };
            client.begin(Request::Search(words("needle"))).unwrap()
        })
        .collect();
    let mut found = 0;
    for answer in asked {
        match answer.await.unwrap().result {
            Ok(Reply::Found(page)) => {
                assert_eq!(page.hits.len(), 1);
                found += 1;
            }
            Err(Refusal::Busy) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(found > 0);
    assert_eq!(said(&two.client, "needle").await, ["needle"], "nobody else waits for them");
}
