use std::cmp::Reverse;

use shared_proto::conversation::event::{Event, Left};
use shared_proto::conversation::visible::visible_to;
use shared_proto::entry::{Audience, Entry};
use shared_proto::search::said;

use super::*;
use crate::search::keeper::take_in_all;
use crate::store::engine::Batch;
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, put, store};

/// Two hundred messages: some to Ben alone, some to Cara alone; after half of them Cara leaves.
async fn talk(store: &Store) -> Talk {
    talk_by(store, |n| 1 + n).await
}

async fn talk_by(store: &Store, clock: fn(u64) -> u64) -> Talk {
    let mut talk = Talk::begin(store).await;
    talk.clock = clock;
    for n in 0..200_u8 {
        let audience = match n % 7 {
            0 => Audience::Only(vec![BEN]),
            3 => Audience::Only(vec![CARA]),
            _ => Audience::Members,
        };
        let author = if n.is_multiple_of(2) { ANA } else { BEN };
        let text = format!("word{} common", n % 10);
        talk.append(store, &[(author, audience, message(n, &text))]).await;
        if n == 100 {
            let left = Event::Left(Left { person: CARA });
            talk.append(store, &[(CARA, Audience::Members, left)]).await;
        }
    }
    talk
}

/// What somebody finds, page by page of so many.
fn found(
    search: &Search,
    store: &Store,
    person: PersonId,
    asked: &Asked,
    count: usize,
) -> Vec<Mark> {
    let mut found: Vec<Mark> = Vec::new();
    loop {
        let query = Arc::new(Query::parse(asked.typed));
        let mut plan = Plan::new(person, query, asked.filter, found.last().copied());
        let page = plan.next(search, store, count).unwrap();
        let end = page.len() < count;
        found.extend(page);
        if end {
            return found;
        }
    }
}

struct Asked {
    typed: &'static str,
    filter: Filter,
}

/// What they should, worked out entry by entry.
fn expected(talk: &Talk, person: PersonId, asked: &Asked) -> Vec<Mark> {
    let member = talk.header.state.member(person).unwrap();
    let (query, filter) = (Query::parse(asked.typed), asked.filter);
    let fits = |entry: &&Entry| {
        let event = Event::decode(entry).unwrap();
        visible_to(entry, member)
            && said(&event).is_some_and(|said| query.find(said.text).is_some())
            && filter.author.is_none_or(|author| author == entry.author)
            && filter.from.is_none_or(|from| from <= entry.at)
            && filter.until.is_none_or(|until| entry.at < until)
    };
    let mark = |entry: &Entry| Mark { at: entry.at, conversation: TALK, entry: entry.id };
    let mut expected: Vec<Mark> = talk.entries.iter().filter(fits).map(mark).collect();
    expected.sort_unstable_by_key(|mark| Reverse(*mark));
    expected
}

#[tokio::test]
async fn everyone_finds_what_they_may_see_newest_first_and_nothing_else() {
    let store = store();
    let talk = talk(&store).await;
    let search = Search::default();
    take_in_all(&search.index, &store, TALK).await;
    let filter = Filter::default();
    let asked = [
        Asked { typed: "word3", filter },
        Asked { typed: "wor", filter },
        Asked { typed: "common word7", filter },
        Asked { typed: "absent", filter },
        Asked { typed: "", filter: Filter { author: Some(BEN), ..filter } },
        Asked { typed: "common", filter: Filter { from: Some(Millis(60)), ..filter } },
        Asked {
            typed: "word",
            filter: Filter { from: Some(Millis(30)), until: Some(Millis(90)), ..filter },
        },
    ];
    for asked in &asked {
        for person in [ANA, BEN, CARA] {
            for count in [1, 7, 1_000] {
                let got = found(&search, &store, person, asked, count);
                assert_eq!(got, expected(&talk, person, asked), "{:?}", asked.typed);
            }
        }
        let stranger = PersonId::from_bytes([0x77; 16]);
        assert!(found(&search, &store, stranger, asked, 10).is_empty());
    }
    let files = Asked { typed: "", filter: Filter { has_file: true, ..filter } };
    assert!(found(&search, &store, ANA, &files, 10).is_empty());
}

#[tokio::test]
async fn what_is_found_is_in_the_order_of_time_when_the_clock_was_put_back() {
    let store = store();
    // The oldest piece later than the one after it, and the newest on both sides of it.
    let clock = |n| match n {
        ..90 => 150 + n,
        90..180 => n - 89,
        _ if n % 2 == 0 => n + 100,
        _ => n - 80,
    };
    let talk = talk_by(&store, clock).await;
    let search = Search::default();
    take_in_all(&search.index, &store, TALK).await;
    let pieces = search.index.known(TALK).unwrap();
    assert!(!pieces.is_sorted_by_key(|piece| piece.newest), "else it shows nothing");
    for filter in [Filter::default(), Filter { from: Some(Millis(100)), ..Filter::default() }] {
        let asked = Asked { typed: "common", filter };
        for count in [1, 1_000] {
            let got = found(&search, &store, BEN, &asked, count);
            assert_eq!(got, expected(&talk, BEN, &asked));
        }
    }
}

#[tokio::test]
async fn no_piece_is_opened_before_the_page_needs_it() {
    let store = store();
    talk(&store).await;
    let search = Search::default();
    take_in_all(&search.index, &store, TALK).await;
    let search = Search::default();
    let open = |typed: &str, count| {
        let query = Arc::new(Query::parse(typed));
        let mut plan = Plan::new(ANA, query, Filter::default(), None);
        plan.next(&search, &store, count).unwrap();
        search.index.opened()
    };
    assert_eq!(open("absent", 1), 0);
    assert_eq!(open("common", 1), 1);
    let all = search.index.known(TALK).unwrap().len();
    assert!(all > 1, "else it shows nothing");
    assert_eq!(open("common", 1_000), all);
}

#[tokio::test]
async fn an_index_that_cannot_be_read_is_no_error() {
    let store = store();
    let talk = talk(&store).await;
    let asked = Asked { typed: "common", filter: Filter::default() };
    take_in_all(&Search::default().index, &store, TALK).await;
    for key in index::some_keys(&store, TALK, 100).unwrap() {
        let kept = store.engine.get(&key).unwrap().unwrap();
        put(&store, Batch { put: vec![(key.clone(), b"damage".to_vec())], ..Batch::default() })
            .await;
        let search = Search::default();
        let got = found(&search, &store, ANA, &asked, 1_000);
        assert!(got.len() < expected(&talk, ANA, &asked).len());
        assert!(search.behind.is_suspect(TALK), "it is made anew");
        put(&store, Batch { put: vec![(key, kept.to_vec())], ..Batch::default() }).await;
    }
}

#[tokio::test]
async fn a_piece_that_is_replaced_under_way_is_looked_for_again() {
    let store = store();
    let mut talk = talk(&store).await;
    let search = Search::default();
    take_in_all(&search.index, &store, TALK).await;
    let before = search.index.summaries(&store, &talk.sealing, TALK).unwrap();
    // So many that the pieces before go into the new one.
    let more: Vec<_> = (0..20).map(|n| (ANA, Audience::Members, message(n, "common"))).collect();
    talk.append(&store, &more).await;
    take_in_all(&search.index, &store, TALK).await;
    // As a search that has read the pieces there were, and none of them yet.
    let search = Search::default();
    search.index.replace(TALK, before);
    let asked = Asked { typed: "common", filter: Filter::default() };
    assert_eq!(found(&search, &store, ANA, &asked, 1_000), expected(&talk, ANA, &asked));
    assert!(!search.behind.is_suspect(TALK));
}
