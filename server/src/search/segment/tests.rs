use proptest::prelude::*;

use super::*;
use crate::search::sieve::Mark;

const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);

fn row(n: u64) -> Row {
    let author = if n.is_multiple_of(2) { ANA } else { BEN };
    let only = n.is_multiple_of(3).then(|| vec![ANA, BEN]);
    let entry = EntryId::next(None, 1_000 + n, 0);
    Row { entry, at: Millis(990 + n), author, file: n.is_multiple_of(5), only }
}

fn build(texts: &[String]) -> Builder {
    let mut builder = Builder::default();
    for (n, text) in texts.iter().enumerate() {
        builder.add(row(n as u64), text);
    }
    builder
}

/// Which of the texts hold all words of the query: what its segment finds, but for their order.
fn by_reading(texts: &[String], query: &Query) -> Vec<u16> {
    let holds = |text: &String| {
        let words = tokens::tokens(text);
        query.phrases.iter().flat_map(terms).all(|(term, open)| {
            words.iter().any(
                |word| {
                    if open { word.term.starts_with(term) } else { word.term == term }
                },
            )
        })
    };
    (0..texts.len()).filter(|n| holds(&texts[*n])).map(|n| n as u16).collect()
}

#[test]
fn segments_keep_their_bytes() {
    let texts = ["Sleep badly", "sleepless"].map(str::to_owned);
    let bytes = build(&texts).build().encode();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "0002000000020000001a010000056261646c7901000005736c656570010005046c657373010102aa\
         aaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb020000000003e87000\
         8000000000000000130001010200010000000003e97000800000000000000013010000"
    );
}

#[test]
fn what_is_damaged_is_found_or_finds_something_else_and_never_breaks() {
    let texts: Vec<String> = (0..40).map(|n| format!("word{n} other{} more", n * 7)).collect();
    let whole = build(&texts).build().encode();
    let query = Query::parse("word1 more");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        if let Some(segment) = Segment::decode(&bytes) {
            let _ = segment.matching(&query);
            let _ = Builder::from(&segment).map(Builder::build);
        }
        if let Some(segment) = Segment::decode(&whole[..at]) {
            let _ = segment.matching(&query);
        }
    }
}

#[test]
fn the_longest_message_of_different_characters_is_kept() {
    let text: String = (0..8_000).filter_map(|n| char::from_u32(0x20000 + n)).collect();
    let mut builder = Builder::default();
    builder.add(row(1), &text);
    assert!(!builder.has_room());
    let bytes = builder.build().encode();
    assert!(bytes.len() <= limits::FRAME_BYTES, "{} bytes", bytes.len());
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-c]{1,3}( [a-c]{1,3}){0,5}", 0..40)
}

proptest! {
    #[test]
    fn a_segment_finds_what_reading_finds(texts in texts(), typed in "[a-c]{1,3}( [a-c]{1,2})?\"?") {
        let builder = build(&texts);
        let sieve = builder.sieve();
        let segment = builder.build();
        let kept = Segment::decode(&segment.encode()).unwrap();
        prop_assert_eq!(&kept, &segment);
        let query = Query::parse(&typed);
        let found = kept.matching(&query);
        prop_assert_eq!(&found, &by_reading(&texts, &query));
        let mut all = query.phrases.iter().flat_map(terms);
        let passes = all.all(|(term, open)| sieve.lets_through(Mark::of(term, open)));
        prop_assert!(passes || found.is_empty());
    }

    #[test]
    fn two_put_together_find_what_one_of_all_finds(
        texts in texts(), cut in any::<prop::sample::Index>(), typed in "[a-c]{1,2}",
    ) {
        let cut = cut.index(texts.len() + 1);
        let mut later = Builder::default();
        for (n, text) in texts.iter().enumerate().skip(cut) {
            later.add(row(n as u64), text);
        }
        let mut both = Builder::from(&build(&texts[..cut]).build()).unwrap();
        prop_assert!(both.append(&later.build()).is_some());
        let both = both.build();
        let query = Query::parse(&typed);
        prop_assert_eq!(both.matching(&query), by_reading(&texts, &query));
        prop_assert_eq!(both, build(&texts).build());
    }

    #[test]
    fn what_is_forgotten_is_not_found(
        texts in texts(), which in any::<prop::sample::Index>(), typed in "[a-c]{1,2}",
    ) {
        prop_assume!(!texts.is_empty());
        let gone = which.index(texts.len());
        let mut builder = build(&texts);
        prop_assert!(builder.forget(row(gone as u64).entry));
        prop_assert!(!builder.forget(row(gone as u64).entry));
        let segment = builder.build();
        let rows = segment.rows().unwrap();
        let query = Query::parse(&typed);
        let found: Vec<EntryId> =
            segment.matching(&query).iter().map(|n| rows[usize::from(*n)].entry).collect();
        let expected = by_reading(&texts, &query);
        let expected = expected.into_iter().filter(|n| usize::from(*n) != gone);
        let expected: Vec<EntryId> = expected.map(|n| row(u64::from(n)).entry).collect();
        prop_assert_eq!(found, expected);
    }
}
