//! Paging through a conversation, both ways, within the bounds of a page.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::client::texts;
use shared_proto::codec::encode;
use shared_proto::id::EntryId;
use shared_proto::limits::{PAGE_BYTES, PAGE_ENTRIES};
use shared_proto::wire::Direction;

use crate::given::{Two, two_on};

async fn filled(count: usize) -> Two {
    let two = two_on(TestServer::options().unhurried()).await;
    let mut answers = Vec::new();
    for number in 0..count {
        let request = two.provider.message(two.conversation, &number.to_string());
        answers.push(two.provider.begin(request).unwrap());
        if answers.len() == 50 {
            for answer in answers.drain(..) {
                answer.await.unwrap().result.unwrap();
            }
        }
    }
    for answer in answers {
        answer.await.unwrap().result.unwrap();
    }
    two
}

#[tokio::test]
async fn a_long_conversation_is_paged_back_and_forth_without_gap_or_double() {
    let two = filled(320).await;
    let expected: Vec<String> = (0..320).map(|number| number.to_string()).collect();
    let history = two.client.history(two.conversation).await;
    assert_eq!(texts(&history), expected);

    let newest = two.client.page(two.conversation, EntryId::MAX, Direction::Before).await;
    assert_eq!(newest.entries.len(), PAGE_ENTRIES);
    assert!(newest.more);
    assert_eq!(newest.entries, history[history.len() - PAGE_ENTRIES..]);

    let mut forth = Vec::new();
    let mut from = EntryId::MIN;
    loop {
        let page = two.client.page(two.conversation, from, Direction::After).await;
        assert!(page.entries.len() <= PAGE_ENTRIES);
        from = page.entries.last().unwrap().id;
        forth.extend(page.entries);
        if !page.more {
            break;
        }
    }
    assert_eq!(forth, history);

    let middle = history[100].id;
    let before = two.client.page(two.conversation, middle, Direction::Before).await;
    assert_eq!(before.entries, history[50..100]);
    let after = two.client.page(two.conversation, middle, Direction::After).await;
    assert_eq!(after.entries, history[101..151]);
    let end = two.client.page(two.conversation, EntryId::MAX, Direction::After).await;
    assert_eq!((end.entries.len(), end.more), (0, false));
}

#[tokio::test]
async fn a_page_of_the_largest_messages_still_fits_a_frame() {
    let two = two_on(TestServer::options().unhurried()).await;
    for number in 0..9u32 {
        let character = char::from_u32(0x1f600 + number).unwrap();
        two.provider.send(two.conversation, &character.to_string().repeat(8_000)).await;
    }
    let mut from = EntryId::MAX;
    let mut read = Vec::new();
    loop {
        let page = two.client.page(two.conversation, from, Direction::Before).await;
        assert!(!page.entries.is_empty(), "a page makes progress");
        let bytes: usize = page.entries.iter().map(|entry| encode(entry).len()).sum();
        assert!(bytes <= PAGE_BYTES, "{bytes} bytes in a page");
        from = page.entries[0].id;
        read.splice(0..0, texts(&page.entries));
        if !page.more {
            break;
        }
    }
    assert_eq!(read.len(), 9);
    assert!(read.iter().all(|text| text.chars().count() == 8_000));
    let opened = two.client.open(two.conversation).await;
    assert!(opened.page.more);
    assert!(encode(&opened.page).len() <= PAGE_BYTES + 16);
}

#[tokio::test]
async fn the_end_of_a_conversation_says_so() {
    let two = filled(10).await;
    let opened = two.client.open(two.conversation).await;
    assert!(!opened.page.more);
    assert_eq!(opened.page.entries.len(), 11, "ten messages and how it began");
    let first = opened.page.entries[0].id;
    let page = two.client.page(two.conversation, first, Direction::Before).await;
    assert_eq!((page.entries.len(), page.more), (0, false));
}
