use super::testing::{Forms, INTAKE, answers as said};
use super::*;
use crate::store::testing::{BEN, CARA, TALK, Talk, store};

#[tokio::test]
async fn what_was_filled_in_is_read_in_the_version_it_had_once_it_is_submitted() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let forms = Forms::of(&store).await;
    let given = forms.submit(&store, &mut talk, BEN, "of Ben").await;
    let open = forms.keep(&store, &mut talk, BEN, "not submitted").await;
    let read = |given| filled_by(&store, &talk.sealing, TALK, given).unwrap();
    let filled = read(given).unwrap();
    assert_eq!((filled.by, filled.answers), (BEN, said("of Ben")));
    assert_eq!((filled.template.version, filled.template.form.title.as_str()), (1, "Version 1"));
    assert_eq!(talk.entries.iter().find(|entry| entry.id == filled.entry).unwrap().at, filled.at);
    assert_eq!(read(open), None);
    assert_eq!(read(EntryId::MAX), None);
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
