//! What is looked at once more: entries that have only just come, and bursts of which nothing went.

use super::*;
use crate::store::notices::{NoticeRecord, Stage};

/// How far Cara has read is not in the store yet when Ben's time has come.
#[tokio::test]
async fn what_has_only_just_come_is_decided_once_it_is_known_who_had_read() {
    let mut practice = Practice::new().await;
    practice.ben_active.set(Some(practice.now.get()));
    let first = practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    practice.later(30_000);
    practice.talk.clock = |_| 1_029_900;
    practice.writes(ANA).await;
    let decided = practice.decide();
    assert_eq!(decided.more, [TALK], "it is looked at again");
    practice.keep(&decided).await;
    assert_eq!(practice.sent(), [(BEN, Channel::Email)]);
    practice.reads_to(CARA, Some(first)).await;
    practice.later(FRESH_MS - 101);
    assert_eq!(practice.goes_on().await, []);
    practice.later(1);
    let decided = practice.decide();
    assert_eq!(decided.more, []);
    practice.keep(&decided).await;
    assert_eq!(practice.sent(), [(CARA, Channel::Email)]);
}

/// What everyone else is told of is not what whoever wrote it is.
#[tokio::test]
async fn who_writes_without_having_read_is_told_of_what_came_before() {
    let mut practice = Practice::new().await;
    practice.reads(ANA).await;
    practice.writes(CARA).await;
    practice.writes(ANA).await;
    practice.writes(ANA).await;
    let all = [(ANA, Channel::Email), (BEN, Channel::Email), (CARA, Channel::Email)];
    assert_eq!(practice.goes_on().await, all);
    // Who has been told keeps nobody from being found.
    practice.reads(CARA).await;
    practice.writes(ANA).await;
    practice.writes(CARA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    // Nor does who has read all of it.
    for person in [ANA, BEN, CARA] {
        practice.reads(person).await;
    }
    practice.writes(CARA).await;
    practice.writes(BEN).await;
    practice.reads(CARA).await;
    practice.reads(ANA).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
}

/// Something damaged further back keeps nobody from being told.
#[tokio::test]
async fn it_is_looked_no_further_than_somebody_may_be_found() {
    let mut practice = Practice::new().await;
    let old = practice.writes(ANA).await;
    let new = practice.writes(ANA).await;
    practice.reads_to(ANA, Some(new)).await;
    let damaged = (keys::entries(TALK, old, 0), b"damaged".to_vec());
    put(&practice.store, Batch { put: vec![damaged], ..Batch::default() }).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email), (CARA, Channel::Email)]);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [], "they have been told");
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_dated_is_not_waited_for() {
    let mut practice = Practice::new().await;
    practice.talk.clock = |_| 9_000_000;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
}

#[tokio::test]
async fn what_is_withdrawn_within_a_moment_is_not_decided() {
    let mut practice = Practice::new().await;
    practice.talk.clock = |_| 2_000_000;
    let slip = practice.writes(ANA).await;
    practice.talk.clock = |_| 2_001_000;
    practice.withdraws(ANA, slip).await;
    practice.now.set(2_001_800);
    assert_eq!(practice.goes_on().await, []);
    practice.later(FRESH_MS);
    assert_eq!(practice.goes_on().await, []);
}

/// The email to Ben does not go after all; what comes of it in the store.
async fn falls(practice: &Practice, read: Option<EntryId>, gone: u8) {
    let before = notices::of_one(&practice.store, &practice.talk.sealing, (TALK, BEN));
    let before = before.unwrap().unwrap();
    let stage = before.stage.without(read, gone);
    let due = if stage == Stage::Held { Some(Millis(practice.now.get())) } else { before.due };
    let after = NoticeRecord { stage, due, ..before };
    let mut batch = Batch::default();
    let (store, sealing) = (&practice.store, &practice.talk.sealing);
    notices::put(store, sealing, (TALK, BEN), Some(&before), Some(&after), &mut batch);
    put(store, batch).await;
}

#[tokio::test]
async fn whom_nothing_reached_is_told_of_all_that_came_meanwhile() {
    let mut practice = Practice::new().await;
    let read = practice.talk.header.last;
    let first = practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [], "they have been told");
    practice.reads_to(BEN, Some(first)).await;
    falls(&practice, read, 1).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "of the second");
    practice.reads(BEN).await;
    falls(&practice, Some(first), 1).await;
    assert_eq!((practice.goes_on().await, practice.due()), (vec![], 0), "there is no more");
}

#[tokio::test]
async fn whom_neither_a_notice_nor_its_reminder_reached_is_told_anew() {
    let mut practice = Practice::of(|ben| ben.wishes.remind_after = Some(2)).await;
    let read = practice.talk.header.last;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.later(2 * HOUR);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
    falls(&practice, read, 1).await;
    assert_eq!(practice.goes_on().await, [], "the other may arrive");
    falls(&practice, read, 1).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
}
