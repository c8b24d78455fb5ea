use super::testing::{Forms, INTAKE, answers as said};
use super::*;
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, store};

fn filled(store: &Store, viewer: PersonId, upto: EntryId) -> Vec<Filled> {
    let mut found = Vec::new();
    filled_in(store, TALK, (viewer, upto), |filled| {
        found.push(filled);
        Ok(())
    })
    .unwrap();
    found
}

#[tokio::test]
async fn the_record_holds_what_its_viewer_may_see_in_the_version_that_was_filled_in() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let forms = Forms::of(&store).await;
    forms.submit(&store, &mut talk, BEN, "of Ben").await;
    forms.submit(&store, &mut talk, CARA, "of Cara").await;
    forms.keep(&store, &mut talk, BEN, "not submitted").await;
    let summary = |viewer| -> Vec<(PersonId, Answers, u32)> {
        let filled = filled(&store, viewer, EntryId::MAX).into_iter();
        filled.map(|filled| (filled.by, filled.answers, filled.template.version)).collect()
    };
    let (bens, caras) = ((BEN, said("of Ben"), 1), (CARA, said("of Cara"), 1));
    assert_eq!(summary(ANA), [caras.clone(), bens.clone()], "the host's");
    assert_eq!(summary(BEN), [bens]);
    assert_eq!(summary(CARA), [caras]);
    assert_eq!(summary(PersonId::from_bytes([9; 16])), []);
    let [newest, oldest] = &filled(&store, ANA, EntryId::MAX)[..] else { panic!("nothing") };
    assert_eq!(filled(&store, ANA, oldest.entry), std::slice::from_ref(oldest));
    assert_eq!(newest.template.form.title, "Version 1");
    assert_eq!(newest.at, talk.entries[4].at);
}

#[tokio::test]
async fn what_is_submitted_is_not_open_any_more_and_leaves_nothing_behind() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let forms = Forms::of(&store).await;
    let long = "x".repeat(9_000);
    let open = forms.keep(&store, &mut talk, BEN, &long).await;
    let handed_over = forms.submit(&store, &mut talk, CARA, "short").await;
    let [(entry, record)] = &open_in(&store, &talk.sealing, TALK).unwrap()[..] else { panic!() };
    assert_eq!((*entry, record.to, record.parts), (open, BEN, 3));
    assert_eq!(answers(&store, &talk.sealing, TALK, open).unwrap(), said(&long));
    let found = handed(&store, &talk.sealing, TALK, handed_over).unwrap().unwrap();
    assert_eq!((found.given.to, found.given.parts), (CARA, 1));
    assert_eq!(answers(&store, &talk.sealing, TALK, handed_over).unwrap(), said("short"));
    assert_eq!(handed(&store, &talk.sealing, TALK, open).unwrap(), None);
}

#[tokio::test]
async fn submitted_forms_are_paged_from_the_one_given_last() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let forms = Forms::of(&store).await;
    let mut given = Vec::new();
    for n in 0..limits::PENDING_PAGE + 3 {
        given.push(forms.submit(&store, &mut talk, BEN, &n.to_string()).await);
    }
    given.reverse();
    let page = |before, most: usize| {
        let mut found = Vec::new();
        each_handed(&store, &talk.sealing, TALK, before, |entry, _| {
            found.push(entry);
            Ok(found.len() < most)
        })
        .unwrap();
        found
    };
    assert_eq!(page(None, usize::MAX), given);
    assert_eq!(page(None, 2), given[..2]);
    assert_eq!(page(Some(given[1]), usize::MAX), given[2..]);
    assert_eq!(page(given.last().copied(), usize::MAX), []);
}

#[tokio::test]
async fn a_version_that_is_another_is_damage() {
    let store = store();
    Forms::of(&store).await;
    assert_eq!(version(&store, INTAKE, 2).unwrap().unwrap().template.version, 2);
    assert_eq!(version(&store, INTAKE, 3).unwrap(), None);
    let mut batch = Batch::default();
    let key = keys::form_version(INTAKE, 3);
    let second = version(&store, INTAKE, 2).unwrap().unwrap();
    parts::put(&store.records, &key, &second, 0, &mut batch);
    store.commit(batch).await.unwrap();
    assert!(version(&store, INTAKE, 3).is_err());
}
