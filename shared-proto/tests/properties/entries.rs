//! Entries: what is left of a withdrawn one, their bytes, and their ids.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use shared_proto::codec;
use shared_proto::conversation::event::{Event, Message, Quoting, Redacted, redact};
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::wire::{ServerEvent, ServerFrame};

use crate::logs::{any_log, event, log};
use crate::{client_message_id, fold, nothing};

proptest! {
    #[test]
    fn a_withdrawn_message_keeps_everything_but_its_text(
        log in log(1..10),
        text in "[a-z]{12,40}",
        client_message_id in client_message_id(),
    ) {
        for entry in log {
            let decoded = Event::decode(&entry);
            let redacted = redact(entry.clone());
            let left = Redacted { client_message_id };
            let (message, left) = match decoded {
                Ok(Event::Message(_)) => {
                    let message = Message { client_message_id, text: text.clone() };
                    (Event::Message(message), Event::Redacted(left))
                }
                Ok(Event::Quoting(Quoting { quoted, .. })) => {
                    let message = Quoting { client_message_id, text: text.clone(), quoted };
                    (Event::Quoting(message), Event::RedactedQuoting(left))
                }
                _ => {
                    prop_assert_eq!(redacted, entry);
                    continue;
                }
            };
            let (kind, body) = message.encode();
            let entry = Entry { kind, body, ..entry };
            let redacted = redact(entry.clone());
            prop_assert_eq!(Event::decode(&redacted), Ok(left));
            let left = codec::encode(&redacted);
            prop_assert!(!left.windows(8).any(|part| text.as_bytes().starts_with(part)));
            let (kind, body) = (entry.kind, entry.body.clone());
            prop_assert_eq!(Entry { kind, body, ..redacted }, entry);
        }
    }

    #[test]
    fn a_withdrawn_message_folds_as_it_did(log in any_log()) {
        let redacted: Vec<Entry> = log.iter().cloned().map(redact).collect();
        prop_assert_eq!(fold(&nothing(), &redacted), fold(&nothing(), &log));
    }

    #[test]
    fn events_and_entries_survive_their_bytes(event in event(), log in log(1..5)) {
        let (kind, body) = event.encode();
        for entry in log {
            let said = Entry { kind, body: body.clone(), ..entry.clone() };
            prop_assert_eq!(Event::decode(&said), Ok(event.clone()));
            let bytes = codec::encode(&entry);
            prop_assert_eq!(codec::entry_size(&entry), bytes.len());
            prop_assert_eq!(codec::decode::<Entry>(&bytes), Ok(entry));
        }
    }

    #[test]
    fn entries_encoded_once_make_the_frame_encoded_whole(
        log in prop_oneof![log(0..10), log(120..140)],
        conversation in any::<[u8; 16]>().prop_map(ConversationId::from_random),
    ) {
        let encoded: Vec<Vec<u8>> = log.iter().map(codec::encode).collect();
        let slices: Vec<&[u8]> = encoded.iter().map(Vec::as_slice).collect();
        let frame = codec::entries_frame(conversation, &slices);
        prop_assert_eq!(codec::append_entries(vec![7], &slices)[1..].to_vec(), codec::encode(&log));
        let whole = ServerFrame::Event(ServerEvent::Entries { conversation, entries: log });
        prop_assert_eq!(frame, codec::encode(&whole));
    }

    #[test]
    fn entry_ids_rise_by_steps_nobody_can_count_in(
        start in (0u64..1 << 47, any::<u128>()),
        back in 0u64..1 << 47,
        randoms in vec(any::<u128>(), 2..60),
    ) {
        // The clock runs back and stands still, so every id is a step above the one before.
        let mut last = EntryId::next(None, start.0, start.1);
        let stuck = start.0.saturating_sub(back);
        let mut steps = BTreeSet::new();
        for random in &randoms {
            let next = EntryId::next(Some(last), stuck, *random);
            prop_assert!(next > last && next > EntryId::MIN && next < EntryId::MAX);
            prop_assert_eq!(next.as_bytes()[6] >> 4, 7, "version 7");
            prop_assert_eq!(next.as_bytes()[8] >> 6, 0b10, "the variant of RFC 9562");
            let bits = |id: EntryId| u128::from_be_bytes(*id.as_bytes());
            steps.insert(bits(next).wrapping_sub(bits(last)));
            last = next;
        }
        let different = randoms.iter().collect::<BTreeSet<_>>().len();
        prop_assert!(steps.len() + 1 >= different, "steps repeat: {:?}", steps);
    }
}
