use shared_proto::id::{
    ClientMessageId, ConversationId, EntryId, FileId, FormId, PasskeyId, PersonId,
};
use shared_proto::time::Millis;

use super::*;

#[test]
fn keys_say_what_they_were_made_of() {
    let conversation = ConversationId::from_random([1; 16]);
    let person = PersonId::from_random([2; 16]);
    let entry = EntryId::next(None, 77, 5);
    let row = inbox_row(person, Shelf::Archive, Millis(99), conversation);
    let mine = ClientMessageId::from_random([4; 16]);
    let waits = pending(conversation, person, mine);
    assert_eq!(parse_pending(&waits), Some((person, mine)));
    let waited = settled(conversation, person, mine);
    assert_eq!(parse_pending(&waited), Some((person, mine)));
    assert_eq!(of_conversation(&waited), Some(conversation));
    let due = due(Millis(99), conversation, person, mine);
    assert_eq!(parse_due(&due), Some((Millis(99), conversation, person, mine)));
    let told = activity(conversation, person, 300);
    assert_eq!(parse_activity(&told), Some((conversation, person, 300)));
    assert_eq!(parse_own_hours(&own_hours(person)), Some(person));
    assert_eq!(parse_draft(&draft(conversation, person)), Some(person));
    assert_eq!(parse_inbox_row(&row), Some((Millis(99), conversation)));
    assert_eq!(parse_entries(&entries(conversation, entry, 3)), Some((entry, 3)));
    assert_eq!(parse_cursor(&cursor(conversation, person)), Some(person));
    assert_eq!(parse_withdrawn(&withdrawn(conversation, entry)), Some(entry));
    assert_eq!(parse_summary(&summary(conversation, entry)), Some(entry));
    assert!(segments(conversation).contains(&segment(conversation, entry, 7)));
    let (plain, one) = (factors(person), PasskeyId::from_random([3; 16]));
    assert_eq!(parse_factors(&plain), Some((person, None)));
    assert_eq!(parse_factors(&passkey(person, one)), Some((person, Some(one))));
    assert_eq!(parse_conversation(&header(conversation)), Some(conversation));
    assert_eq!(parse_audit(&audit(77)), Some(77));
    assert_eq!(parse_access(&access(conversation, 77)), Some((conversation, 77)));
    assert!(access(conversation, 78) < access(conversation, 77));
    assert_eq!(parse_conversation(&cursor(conversation, person)), Some(conversation));
    let asked = FormId::from_random([5; 16]);
    assert_eq!(parse_form(&form(asked)), Some(asked));
    assert_eq!(parse_form_version(&form_version(asked, 7)), Some((asked, 7)));
    for of in [given, handed, answers] {
        let key = of(conversation, entry);
        assert_eq!(parse_given(&key), Some(entry));
        assert_eq!(of_conversation(&key), Some(conversation));
    }
    assert_eq!(of_conversation(&form(asked)), None);
    let a_file = FileId::from_random([5; 16]);
    let sent = upload(conversation, person, a_file);
    assert_eq!(parse_upload(&sent), Some((conversation, person, a_file)));
    assert!(uploads_of(conversation, person).contains(&sent));
    let there = shared(conversation, entry);
    assert_eq!(parse_shared(&there), Some(entry));
    assert!(!shared_before(conversation, entry).contains(&there));
    assert!(shared_before(conversation, EntryId::MAX).contains(&there));
    assert_eq!(parse_file(&file(a_file)), Some(a_file));
    assert_eq!(parse_kept(&kept(person)), Some(person));
    assert_eq!(parse_counted(&counted(person)), Some(person));
}

#[test]
fn recent_inbox_rows_come_first() {
    let person = PersonId::from_random([2; 16]);
    let conversation = ConversationId::from_random([1; 16]);
    let row = |at| inbox_row(person, Shelf::Live, Millis(at), conversation);
    assert!(row(2) < row(1));
    assert!(inbox(person, Shelf::Live).contains(&row(2)));
    assert!(!inbox(person, Shelf::Archive).contains(&row(2)));
}

#[test]
fn a_prefix_ends_where_the_next_begins() {
    assert_eq!(prefix_range(b"a"), b"a".to_vec()..b"b".to_vec());
    assert_eq!(prefix_range(&[1, 255]), vec![1, 255]..vec![2]);
}
