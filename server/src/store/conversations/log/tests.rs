use shared_proto::conversation::event::{Withdrawn, kind};
use shared_proto::entry::Audience;
use shared_proto::id::PersonId;

use super::*;
use crate::store::files::testing::shared;
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, put, store};

fn only(people: &[PersonId]) -> Audience {
    let mut people = people.to_vec();
    people.sort_unstable();
    Audience::Only(people)
}

fn log<'a>(store: &'a Store, talk: &'a Talk) -> Log<'a> {
    let upto = talk.header.last.unwrap();
    Log { store, sealing: &talk.sealing, conversation: TALK, upto }
}

fn member(talk: &Talk, person: PersonId) -> Member {
    talk.header.state.member(person).unwrap().clone()
}

/// Every third message is Ana's to Ben alone, every fifth Cara's to Ana alone, the rest Ben's to
/// all: a hundred of them, up to seven a batch.
async fn partly_hidden(store: &Store) -> Talk {
    let mut talk = Talk::begin(store).await;
    let mut batch = Vec::new();
    for n in 0..100_u8 {
        let text = format!("message {n}");
        batch.push(match n {
            _ if n.is_multiple_of(3) => (ANA, only(&[BEN]), message(n, &text)),
            _ if n.is_multiple_of(5) => (CARA, only(&[ANA]), message(n, &text)),
            _ => (BEN, Audience::Members, message(n, &text)),
        });
        if batch.len() > usize::from(n) % 7 {
            talk.append(store, &std::mem::take(&mut batch)).await;
        }
    }
    talk.append(store, &batch).await;
    talk
}

/// What a member sees, worked out entry by entry.
fn seen(talk: &Talk, member: &Member) -> Vec<EntryId> {
    let entries = talk.entries.iter().filter(|entry| visible_to(entry, member));
    entries.map(|entry| entry.id).collect()
}

#[tokio::test]
async fn history_holds_what_a_member_may_see_and_nothing_else() {
    let store = store();
    let talk = partly_hidden(&store).await;
    for person in [ANA, BEN, CARA] {
        let member = member(&talk, person);
        let log = log(&store, &talk);
        for direction in [Direction::After, Direction::Before] {
            let mut got: Vec<EntryId> = Vec::new();
            let mut from = match direction {
                Direction::After => EntryId::MIN,
                Direction::Before => EntryId::MAX,
            };
            loop {
                let page = log.page(&member, from, direction).unwrap();
                let ids: Vec<EntryId> = page.entries.iter().map(|entry| entry.id).collect();
                match direction {
                    Direction::After => got.extend(&ids),
                    Direction::Before => drop(got.splice(0..0, ids.clone())),
                }
                if !page.more {
                    break;
                }
                from = match direction {
                    Direction::After => ids[ids.len() - 1],
                    Direction::Before => ids[0],
                };
            }
            assert_eq!(got, seen(&talk, &member), "{direction:?}");
        }
    }
}

#[tokio::test]
async fn counts_and_marks_know_only_what_a_member_may_see() {
    let store = store();
    let talk = partly_hidden(&store).await;
    for person in [ANA, BEN, CARA] {
        let member = member(&talk, person);
        let (log, seen) = (log(&store, &talk), seen(&talk, &member));
        let counted = |upto: EntryId| {
            let entries = talk.entries.iter().filter(|entry| entry.id <= upto);
            let of_others = entries.filter(|entry| entry.kind == kind::MESSAGE);
            let of_others = of_others.filter(|entry| entry.author != person);
            of_others.filter(|entry| visible_to(entry, &member)).count() as u32
        };
        let all = member.tally.unwrap().messages;
        assert_eq!(all, counted(EntryId::MAX), "the fold counts the same");
        for (n, &entry) in seen.iter().enumerate() {
            for before in [None, Some(seen[n / 2])] {
                let from = before.map_or((EntryId::MIN, 0), |before| (before, counted(before)));
                let count = log.messages_up_to(&member, from, entry, all).unwrap();
                assert_eq!(count, counted(entry), "{n} from {before:?}");
            }
            let after = seen.len() - n - 1;
            assert!(!log.has_more_than(&member, entry, after).unwrap());
            assert!(after == 0 || log.has_more_than(&member, entry, after - 1).unwrap());
        }
        for entry in &talk.entries {
            let rounded = seen.iter().copied().rfind(|id| *id <= entry.id);
            assert_eq!(log.round_down(&member, entry.id).unwrap(), rounded);
        }
    }
}

#[tokio::test]
async fn a_retry_is_looked_for_within_a_bound_and_never_missed_in_silence() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let held = talk.header.last.unwrap();
    let fill = |count: usize| vec![(BEN, Audience::Members, message(2, "another")); count];
    let sent = talk.append(&store, &[(ANA, Audience::Members, message(1, "mine"))]).await;
    talk.append(&store, &fill(limits::RESUME_ENTRIES)).await;
    let id = |n| ClientMessageId::from_random([n; 16]);
    let find = |talk: &Talk, author, id, held| {
        log(&store, talk).find_sent(&Member::since(author, EntryId::MIN), id, held)
    };
    assert!(
        matches!(find(&talk, ANA, id(1), held).unwrap(), Found::Sent(entry, _) if entry == sent)
    );
    assert_eq!(find(&talk, BEN, id(1), sent).unwrap(), Found::Never, "500 are looked through");
    assert_eq!(find(&talk, BEN, id(1), held).unwrap(), Found::TooFarBack);
    let late = talk.append(&store, &[(ANA, Audience::Members, message(3, "late"))]).await;
    assert_eq!(find(&talk, ANA, id(3), sent).unwrap(), Found::TooFarBack, "not taken for new");
    let near = talk.entries[talk.entries.len() - 3].id;
    assert!(
        matches!(find(&talk, ANA, id(3), near).unwrap(), Found::Sent(entry, _) if entry == late)
    );
    // What its author does not see is stepped over: a refusal would tell how much there is.
    let last = talk.header.last.unwrap();
    let aside = vec![(CARA, only(&[ANA]), message(4, "aside")); limits::RESUME_ENTRIES + 1];
    talk.append(&store, &aside).await;
    assert_eq!(find(&talk, BEN, id(1), last).unwrap(), Found::Never);
    assert_eq!(find(&talk, ANA, id(1), last).unwrap(), Found::TooFarBack);
}

#[tokio::test]
async fn a_withdrawal_that_is_not_durable_yet_redacts_nothing() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let target = talk.append(&store, &[(ANA, Audience::Members, message(1, "taken back"))]).await;
    let withdrawn = Event::Withdrawn(Withdrawn { target });
    talk.append(&store, &[(ANA, Audience::Members, withdrawn)]).await;
    let ben = member(&talk, BEN);
    let kind_seen = |log: &Log<'_>| {
        let page = log.page(&ben, EntryId::MAX, Direction::Before).unwrap();
        page.entries.into_iter().find(|entry| entry.id == target).unwrap().kind
    };
    let after = log(&store, &talk);
    assert!(after.is_withdrawn(target).unwrap());
    assert_eq!(kind_seen(&after), kind::REDACTED);
    let before = Log { upto: target, ..after };
    assert!(!before.is_withdrawn(target).unwrap());
    assert_eq!(kind_seen(&before), kind::MESSAGE);
}

/// All of a record, stretch by stretch.
fn recorded(log: &Log<'_>, member: &Member, keeps_text: bool) -> Vec<Recorded> {
    let (mut all, mut next) = (Vec::new(), Some(EntryId::MIN));
    while let Some(from) = next {
        let stretch = log.recorded(member, from, keeps_text).unwrap();
        assert!(stretch.next.is_none_or(|next| next > from), "it comes to an end");
        all.extend(stretch.entries);
        next = stretch.next;
    }
    all
}

#[tokio::test]
async fn a_record_holds_what_a_member_may_see_and_withdrawn_text_only_where_it_is_kept() {
    let store = store();
    let mut talk = partly_hidden(&store).await;
    for n in 0..250_u16 {
        let text = format!("more {n}");
        talk.append(&store, &[(BEN, Audience::Members, message(200, &text))]).await;
    }
    let target = talk.entries[1].id;
    assert!(matches!(talk.entries[1].audience, Audience::Only(_)), "Ana's to Ben");
    let withdrawn = Event::Withdrawn(Withdrawn { target });
    talk.append(&store, &[(ANA, only(&[BEN]), withdrawn)]).await;
    let withdrawn_at = talk.entries.last().unwrap().at;
    let log = log(&store, &talk);
    for person in [ANA, BEN, CARA] {
        let member = member(&talk, person);
        for keeps_text in [true, false] {
            let all = recorded(&log, &member, keeps_text);
            let ids: Vec<EntryId> = all.iter().map(|one| one.entry.id).collect();
            assert_eq!(ids, seen(&talk, &member), "{person}");
            let taken_back = all.iter().filter(|one| one.withdrawn.is_some());
            let taken_back: Vec<&Recorded> = taken_back.collect();
            if person == CARA {
                assert!(taken_back.is_empty(), "she never saw it");
                continue;
            }
            let [one] = taken_back[..] else { panic!("{taken_back:?}") };
            assert_eq!(one.entry.id, target);
            assert_eq!(one.withdrawn, Some(Withdrawal { at: Some(withdrawn_at) }));
            let said = Event::decode(&one.entry).unwrap().said().unwrap();
            assert_eq!(said.text.is_some(), keeps_text);
        }
    }
    // Who left before it was withdrawn is not told when, and has no text either.
    let mut left = member(&talk, BEN);
    left.until = Some(talk.entries[100].id);
    let all = recorded(&log, &left, false);
    assert_eq!(all.iter().map(|one| one.entry.id).collect::<Vec<_>>(), seen(&talk, &left));
    let one = all.iter().find(|one| one.entry.id == target).unwrap();
    assert_eq!(one.withdrawn, Some(Withdrawal { at: None }));
    assert_eq!(Event::decode(&one.entry).unwrap().said().unwrap().text, None);
}

#[tokio::test]
async fn a_stretch_of_files_is_looked_at_in_one_go_however_few_of_them_are_seen() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let hidden = 2 * limits::FILES_LOOKED_AT as u16;
    let mut mine = Vec::new();
    for n in 0..hidden + 3 {
        let to_all = n < 2 || n == hidden + 2;
        let audience = if to_all { Audience::Members } else { only(&[BEN]) };
        let mut file = [9; 16];
        file[..2].copy_from_slice(&n.to_be_bytes());
        let file = FileId::from_bytes(file);
        let entry = talk.append(&store, &[(ANA, audience, shared(file, 3))]).await;
        let key = keys::shared(TALK, entry);
        let record = (key.clone(), crate::store::seal(&talk.sealing, &key, &file));
        put(&store, engine::Batch { put: vec![record], ..Default::default() }).await;
        if to_all {
            mine.insert(0, entry);
        }
    }
    let log = log(&store, &talk);
    let cara = member(&talk, CARA);
    let found =
        |listing: &Listing| listing.entries.iter().map(|entry| entry.id).collect::<Vec<_>>();
    let mut listing = log.files(&cara, Listing::before(EntryId::MAX)).unwrap();
    assert_eq!((found(&listing), listing.more), (mine[..1].to_vec(), None));
    listing = log.files(&cara, listing).unwrap();
    assert_eq!((found(&listing), listing.more), (mine[..1].to_vec(), None));
    listing = log.files(&cara, listing).unwrap();
    assert_eq!((found(&listing), listing.more), (mine.clone(), Some(false)));
    // Who sees them all has a page in one go.
    let listing = log.files(&member(&talk, BEN), Listing::before(EntryId::MAX)).unwrap();
    assert_eq!((listing.entries.len(), listing.more), (limits::PAGE_ENTRIES, Some(true)));
    // Of what came before they joined nothing is looked at.
    let late = Member::since(CARA, mine[0]);
    let listing = log.files(&late, Listing::before(EntryId::MAX)).unwrap();
    assert_eq!((found(&listing), listing.more), (mine[..1].to_vec(), Some(false)));
    let listing = log.files(&late, Listing::before(mine[2])).unwrap();
    assert_eq!((found(&listing), listing.more), (vec![], Some(false)));
}
