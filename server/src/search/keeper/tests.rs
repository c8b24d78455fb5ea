use shared_proto::conversation::event::{Event, Withdrawn};
use shared_proto::entry::Audience;
use shared_proto::id::{EntryId, PersonId};

use super::*;
use crate::search::index::Index;
use crate::search::query::Query;
use crate::store::testing::{ANA, BEN, TALK, Talk, message, put, store};

async fn take_in(index: &Index, store: &Store) -> usize {
    take_in_all(index, store, TALK).await
}

/// The entries that hold all words of `typed`, by the index as a server would read it that has just
/// started.
fn found(store: &Store, talk: &Talk, typed: &str) -> Vec<EntryId> {
    let index = Index::default();
    let query = Query::parse(typed);
    let marks = index::marks(&query);
    let mut found = Vec::new();
    for piece in index.summaries(store, &talk.sealing, TALK).unwrap().iter() {
        if piece.may_hold(&marks) {
            let segment = index.segment(store, &talk.sealing, TALK, piece).unwrap().unwrap();
            let numbers = segment.matching(&query);
            let rows = segment.rows().unwrap();
            found.extend(numbers.iter().map(|number| rows[usize::from(*number)].entry));
        }
    }
    found
}

fn said(by: PersonId, n: usize, text: &str) -> (PersonId, Audience, Event) {
    (by, Audience::Members, message(n as u8, text))
}

#[tokio::test]
async fn every_message_is_taken_in_once_however_it_comes() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let index = Index::default();
    let (mut expected, mut most) = (Vec::new(), 0);
    for n in 0..600 {
        let batch: Vec<_> = (0..=n % 5)
            .map(|m| said(ANA, n, &format!("word{} and filler{m} of number {n}", n % 50)))
            .collect();
        let first = talk.entries.len();
        talk.append(&store, &batch).await;
        if n % 50 == 7 {
            expected.extend(talk.entries[first..].iter().map(|entry| entry.id));
        }
        if n % 3 == 0 {
            take_in(&index, &store).await;
            let pieces = index.summaries(&store, &talk.sealing, TALK).unwrap();
            let full =
                |piece: &&Arc<index::Summary>| piece.bytes as usize > limits::SEGMENT_BYTES / 2;
            most = most.max(pieces.iter().filter(|piece| !full(piece)).count());
        }
    }
    take_in(&index, &store).await;
    assert_eq!(found(&store, &talk, "word7"), expected);
    assert_eq!(take_in(&index, &store).await, 0);
    assert!(most <= 6, "{most} small pieces");
    let rows: u32 =
        index.summaries(&store, &talk.sealing, TALK).unwrap().iter().map(|p| p.rows).sum();
    assert_eq!(rows as usize, talk.entries.len() - 1);
    check(&store, TALK).unwrap();
}

#[tokio::test]
async fn what_is_withdrawn_is_forgotten_wherever_it_stands() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let index = Index::default();
    let mut sent = Vec::new();
    for n in 0..60 {
        let text = format!("secret {}", "long words of many kinds ".repeat(n));
        sent.push(talk.append(&store, &[said(BEN, n, &text)]).await);
        if n % 20 == 0 {
            take_in(&index, &store).await;
        }
    }
    take_in(&index, &store).await;
    assert_eq!(found(&store, &talk, "secret"), sent);
    let gone = [0, 1, 20, 40, 59].map(|n| sent[n]);
    for target in gone {
        talk.append(&store, &[(BEN, Audience::Members, Event::Withdrawn(Withdrawn { target }))])
            .await;
    }
    // One that is withdrawn before it was ever taken in.
    let target = talk.append(&store, &[said(BEN, 61, "secret too")]).await;
    talk.append(&store, &[(BEN, Audience::Members, Event::Withdrawn(Withdrawn { target }))]).await;
    take_in(&index, &store).await;
    sent.retain(|entry| !gone.contains(entry));
    assert_eq!(found(&store, &talk, "secret"), sent);
    assert!(found(&store, &talk, "too").is_empty());
    check(&store, TALK).unwrap();
}

#[tokio::test]
async fn an_index_that_is_damaged_is_told_from_a_log_that_is() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    talk.append(&store, &[said(ANA, 1, "something")]).await;
    take_in(&Index::default(), &store).await;
    talk.append(&store, &[said(ANA, 2, "something else")]).await;
    let keys = index::some_keys(&store, TALK, 10).unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        let kept = store.engine.get(&key).unwrap().unwrap();
        put(&store, Batch { put: vec![(key.clone(), b"damage".to_vec())], ..Batch::default() })
            .await;
        assert!(matches!(check(&store, TALK), Err(StoreError::Damaged(index::WHAT))));
        let step = advance(&Index::default(), &store, TALK);
        assert!(matches!(step.err(), Some(StoreError::Damaged(index::WHAT))));
        put(&store, Batch { put: vec![(key, kept.to_vec())], ..Batch::default() }).await;
    }
    assert!(advance(&Index::default(), &store, TALK).unwrap().is_some());
}
