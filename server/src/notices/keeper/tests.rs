mod again;

use std::cell::Cell;

use shared_proto::chart::Consents;
use shared_proto::conversation::event::{Event, Shared, Withdrawn};
use shared_proto::entry::Audience;
use shared_proto::file::FileKind;
use shared_proto::id::{ClientMessageId, EntryId, FileId, PersonId};
use shared_proto::notice::{Channel, Quiet};
use shared_proto::practice::Notices as Policy;
use shared_proto::time::Millis;

use super::step::{Decided, Step};
use crate::notices::behind::FRESH_MS;
use crate::notices::reader::Round;
use crate::store::cursors::CursorRecord;
use crate::store::engine::{Batch, Direction};
use crate::store::notices::{self, Named};
use crate::store::people::{self, PersonRecord};
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, person, put, store};
use crate::store::{Store, keys, seal};

/// The three in a store, and what the keeper decides of them as time goes by.
struct Practice {
    store: Store,
    talk: Talk,
    now: Cell<u64>,
    ben_active: Cell<Option<u64>>,
}

const HOUR: u64 = 3_600_000;

impl Practice {
    async fn of(change: impl Fn(&mut PersonRecord)) -> Self {
        let store = store();
        for (id, email) in [(ANA, "ana@b.org"), (BEN, "ben@b.org"), (CARA, "cara@b.org")] {
            let mut person = person(id, email);
            if id == BEN {
                change(&mut person);
            }
            put(&store, people::add(&store, &person)).await;
        }
        let talk = Talk::begin(&store).await;
        let practice = Self { store, talk, now: Cell::new(1_000_000), ben_active: Cell::new(None) };
        // Ben and Cara are told that it has begun, and read it.
        practice.keep(&practice.decide()).await;
        practice.reads(BEN).await;
        practice.reads(CARA).await;
        practice.sent();
        practice
    }

    async fn new() -> Self {
        Self::of(|_| {}).await
    }

    fn decide(&self) -> Decided {
        let round = Round {
            now: Millis(self.now.get()),
            started_at: Millis(0),
            patience_ms: 30_000,
            policy: Policy::default(),
            offered: [true; 3],
            time_zone: "UTC".into(),
            language: "en".into(),
            sender: "Quietroom".into(),
        };
        let active = |person| (person == BEN).then(|| self.ben_active.get().map(Millis)).flatten();
        let step = Step {
            store: &self.store,
            round: &round,
            since: Millis(0),
            fresh_ms: FRESH_MS,
            hour_ms: HOUR,
            active: &active,
        };
        let (due, _) = notices::due(&self.store, round.now).unwrap();
        step.decide(TALK, &due).unwrap()
    }

    async fn keep(&self, decided: &Decided) {
        let Batch { put: puts, delete, .. } = &decided.batch;
        let batch = Batch { put: puts.clone(), delete: delete.clone(), ..Batch::default() };
        put(&self.store, batch).await;
    }

    /// What is decided now, kept: who is sent how many.
    async fn goes_on(&self) -> Vec<(PersonId, Channel)> {
        self.keep(&self.decide()).await;
        self.sent()
    }

    /// What waits to be sent; it is taken.
    fn sent(&self) -> Vec<(PersonId, Channel)> {
        let mut all = Vec::new();
        for named in self.waiting() {
            all.push((named.job.person, named.channel));
            let batch = Batch { delete: vec![named.key()], ..Batch::default() };
            futures_util::FutureExt::now_or_never(self.store.commit(batch));
        }
        all.sort_unstable();
        all
    }

    fn waiting(&self) -> Vec<Named> {
        let channels = Channel::ALL.into_iter();
        let jobs = |of| notices::jobs(&self.store, keys::notice_jobs(of), 100).unwrap().0;
        channels.flat_map(jobs).collect()
    }

    async fn writes(&mut self, author: PersonId) -> EntryId {
        let said = message(self.talk.entries.len() as u8, "Hello");
        self.talk.append(&self.store, &[(author, Audience::Members, said)]).await
    }

    async fn withdraws(&mut self, author: PersonId, target: EntryId) {
        let event = Event::Withdrawn(Withdrawn { target });
        let by = self.talk.append(&self.store, &[(author, Audience::Members, event)]).await;
        let key = keys::withdrawn(TALK, target);
        let sealed = seal(&self.talk.sealing, &key, &by);
        put(&self.store, Batch { put: vec![(key, sealed)], ..Batch::default() }).await;
    }

    async fn changes(&self, change: impl Fn(&mut PersonRecord)) {
        let changed = people::change::<()>(&self.store, BEN, |person| {
            change(person);
            Ok(())
        });
        let (_, batch) = changed.unwrap().unwrap().unwrap();
        put(&self.store, batch).await;
    }

    async fn reads(&self, person: PersonId) {
        self.reads_to(person, self.talk.header.last).await;
    }

    async fn reads_to(&self, person: PersonId, read: Option<EntryId>) {
        let cursor = CursorRecord { received: read, read, messages_read: 0 };
        let key = keys::cursor(TALK, person);
        let sealed = seal(&self.talk.sealing, &key, &cursor);
        put(&self.store, Batch { put: vec![(key, sealed)], ..Batch::default() }).await;
    }

    fn later(&self, ms: u64) {
        self.now.set(self.now.get() + ms);
    }

    fn due(&self) -> usize {
        let range = keys::prefix_range(keys::NOTICES_DUE);
        self.store.engine.scan(range, 100, Direction::Forward).unwrap().len()
    }
}

#[tokio::test]
async fn a_burst_is_told_once_and_the_next_once_it_has_been_read() {
    let mut practice = Practice::new().await;
    for _ in 0..3 {
        practice.writes(ANA).await;
    }
    let both = [(BEN, Channel::Email), (CARA, Channel::Email)];
    assert_eq!(practice.goes_on().await, both);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [], "they have been told");
    practice.reads(BEN).await;
    assert_eq!(practice.goes_on().await, [], "nothing is new");
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "Cara has not read");
    practice.writes(BEN).await;
    assert_eq!(practice.goes_on().await, [(ANA, Channel::Email)]);
}

#[tokio::test]
async fn whoever_decides_twice_decides_the_same() {
    let mut practice = Practice::new().await;
    practice.writes(ANA).await;
    let names = |practice: &Practice| {
        let mut ids: Vec<_> = practice.waiting().iter().map(|named| named.id).collect();
        ids.sort_unstable();
        ids
    };
    // The server was killed before it was kept, and decides later.
    let first = practice.decide();
    practice.later(5_000);
    let second = practice.decide();
    practice.keep(&second).await;
    let kept = names(&practice);
    assert_eq!(kept.len(), 2);
    // And after it was kept: there is nothing more to it.
    practice.later(5_000);
    assert_eq!(practice.decide().jobs, [0; 3]);
    practice.sent();
    practice.keep(&first).await;
    assert_eq!(names(&practice), kept, "under the same names");
}

#[tokio::test]
async fn who_has_read_is_told_of_what_came_since_and_not_reminded_of_what_was_before() {
    let mut practice = Practice::of(|ben| ben.wishes.remind_after = Some(2)).await;
    let first = practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.reads_to(BEN, Some(first)).await;
    practice.later(2 * HOUR);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "of the new one");
    practice.later(2 * HOUR - 1);
    assert_eq!(practice.goes_on().await, []);
    practice.later(1);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "and reminded of that");
}

#[tokio::test]
async fn what_is_hidden_from_somebody_is_told_to_the_others_only() {
    let mut practice = Practice::new().await;
    let shared = Event::Shared(Shared {
        client_message_id: ClientMessageId::from_random([1; 16]),
        file: FileId::from_random([2; 16]),
        name: "x.txt".into(),
        kind: FileKind::Text,
        bytes: 1,
        hash: [0; 32],
        pixels: None,
    });
    let only = Audience::Only(vec![CARA]);
    practice.talk.append(&practice.store, &[(ANA, only, shared)]).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
}

#[tokio::test]
async fn who_was_active_is_told_once_they_have_gone_unless_they_read() {
    let mut practice = Practice::new().await;
    practice.ben_active.set(Some(practice.now.get() - 20_000));
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    assert_eq!(practice.due(), 1);
    practice.later(9_999);
    assert_eq!(practice.goes_on().await, [], "not yet");
    practice.later(1);
    practice.ben_active.set(Some(practice.now.get()));
    assert_eq!(practice.goes_on().await, [], "they are still there");
    practice.later(30_000);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
    assert_eq!(practice.due(), 0);
    practice.reads(BEN).await;
    practice.ben_active.set(Some(practice.now.get()));
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, []);
    practice.reads(BEN).await;
    practice.later(30_000);
    assert_eq!(practice.goes_on().await, [], "they have read it");
    assert_eq!(practice.due(), 0, "and nothing is left of it");
}

#[tokio::test]
async fn quiet_hours_hold_what_comes_until_they_end() {
    // It is 00:16 in UTC, a million milliseconds after midnight.
    let quiet = Some(Quiet { from: 22 * 60, until: 7 * 60 });
    let mut practice = Practice::of(|ben| ben.wishes.quiet = quiet).await;
    practice.reads(BEN).await;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    practice.now.set(7 * HOUR - 1);
    assert_eq!(practice.goes_on().await, []);
    practice.now.set(7 * HOUR);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
}

#[tokio::test]
async fn a_reminder_comes_once_and_not_to_who_has_read() {
    let mut practice = Practice::of(|ben| ben.wishes.remind_after = Some(2)).await;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.later(2 * HOUR - 1);
    assert_eq!(practice.goes_on().await, []);
    practice.later(1);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
    practice.later(100 * HOUR);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [], "at most one");
    practice.reads(BEN).await;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
    practice.reads(BEN).await;
    practice.later(2 * HOUR);
    assert_eq!(practice.goes_on().await, [], "they have read it");
    assert_eq!(practice.due(), 0);
}

#[tokio::test]
async fn who_has_read_some_of_it_is_not_reminded_of_the_rest() {
    let mut practice = Practice::of(|ben| ben.wishes.remind_after = Some(2)).await;
    let first = practice.writes(ANA).await;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.reads_to(BEN, Some(first)).await;
    practice.later(2 * HOUR);
    assert_eq!(practice.goes_on().await, []);
    assert_eq!(practice.due(), 0);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "of what is new");
}

#[tokio::test]
async fn what_was_withdrawn_meanwhile_is_told_to_nobody() {
    let mut practice = Practice::new().await;
    let active = practice.now.get();
    practice.ben_active.set(Some(active));
    let first = practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    practice.withdraws(ANA, first).await;
    practice.later(30_000);
    assert_eq!(practice.goes_on().await, [], "there is nothing left");
    assert_eq!(practice.due(), 0);
    practice.reads(BEN).await;
    practice.ben_active.set(Some(practice.now.get()));
    practice.writes(ANA).await;
    let second = practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, []);
    practice.withdraws(ANA, second).await;
    practice.later(30_000);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)], "the other one is there");
    // And of one that was withdrawn before it was decided.
    practice.reads(CARA).await;
    let third = practice.writes(ANA).await;
    practice.withdraws(ANA, third).await;
    assert_eq!(practice.goes_on().await, []);
}

#[tokio::test]
async fn who_does_not_wish_to_be_reminded_any_more_is_not() {
    let mut practice = Practice::of(|ben| ben.wishes.remind_after = Some(2)).await;
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await.len(), 2);
    practice.changes(|ben| ben.wishes.remind_after = None).await;
    practice.later(2 * HOUR);
    assert_eq!(practice.goes_on().await, []);
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [], "they have been told");
    assert_eq!(practice.due(), 0);
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_put_off_is_not_put_off_for_ever() {
    let mut practice = Practice::new().await;
    let now = practice.now.get();
    practice.now.set(now + 12 * 365 * 24 * HOUR);
    practice.ben_active.set(Some(practice.now.get()));
    practice.writes(ANA).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
    practice.now.set(now);
    practice.ben_active.set(None);
    assert_eq!(practice.goes_on().await, [(BEN, Channel::Email)]);
}

#[tokio::test]
async fn a_damaged_record_of_one_keeps_nobody_else_from_being_told() {
    let mut practice = Practice::new().await;
    practice.writes(ANA).await;
    let key = keys::person(BEN);
    put(&practice.store, Batch { put: vec![(key, vec![1; 60])], ..Batch::default() }).await;
    assert_eq!(practice.goes_on().await, [(CARA, Channel::Email)]);
}

#[tokio::test]
async fn who_did_not_agree_is_not_told_and_why_is_said() {
    let none = Consents { email: false, sms: false };
    let mut practice = Practice::of(|ben| ben.consents = none).await;
    practice.writes(ANA).await;
    let decided = practice.decide();
    let said: Vec<String> = decided.lines.iter().map(|(_, line)| line.to_string()).collect();
    let ben = BEN.to_string();
    let of_ben: Vec<&String> = said.iter().filter(|line| line.contains(&ben)).collect();
    assert_eq!(of_ben.len(), 3, "{said:?}");
    assert!(of_ben[0].contains("email") && of_ben[0].ends_with("has not agreed to this"));
    practice.keep(&decided).await;
    assert_eq!(practice.sent(), [(CARA, Channel::Email)]);
}

#[tokio::test]
async fn nothing_from_before_there_were_notices_is_told() {
    let mut practice = Practice::new().await;
    practice.writes(ANA).await;
    let round = Round {
        now: Millis(practice.now.get()),
        started_at: Millis(0),
        patience_ms: 0,
        policy: Policy::default(),
        offered: [true; 3],
        time_zone: "UTC".into(),
        language: "en".into(),
        sender: "Quietroom".into(),
    };
    let nobody = |_| None;
    let since = Millis(1_000);
    let step = Step {
        store: &practice.store,
        round: &round,
        since,
        fresh_ms: 0,
        hour_ms: HOUR,
        active: &nobody,
    };
    assert_eq!(step.decide(TALK, &[]).unwrap().jobs, [0; 3]);
}
