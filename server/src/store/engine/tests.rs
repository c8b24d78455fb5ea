//! One model for every engine: whatever is done to it, it answers as a `BTreeMap` does.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// What a batch expects of a key, told apart from the state it will meet.
#[derive(Clone, Debug)]
enum Hope {
    WhatIsThere,
    Absent,
    Value(Vec<u8>),
}

#[derive(Clone, Debug)]
struct Change {
    expect: Vec<(Vec<u8>, Hope)>,
    put: Vec<(Vec<u8>, Vec<u8>)>,
    delete: Vec<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Change>),
    Get(Vec<u8>),
    Scan(Vec<u8>, Vec<u8>, usize, bool),
    Reopen,
}

/// Short keys of few bytes, so that they meet, and of the outermost values.
fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![Just(0_u8), Just(1), Just(b'm'), Just(254), Just(255)], 1..=3)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec(any::<u8>(), 0..40),
        1 => (any::<u8>(), 0..=4_000_usize).prop_map(|(byte, length)| vec![byte; length]),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let hope = prop_oneof![
        6 => Just(Hope::WhatIsThere),
        1 => Just(Hope::Absent),
        1 => value().prop_map(Hope::Value),
    ];
    (vec((key(), hope), 0..3), vec((key(), value()), 0..12), vec(key(), 0..4))
        .prop_map(|(expect, put, delete)| Change { expect, put, delete })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => vec(change(), 1..8).prop_map(Step::Commit),
        3 => key().prop_map(Step::Get),
        5 => (key(), key(), 0..200_usize, any::<bool>())
            .prop_map(|(start, end, limit, back)| Step::Scan(start, end, limit, back)),
        1 => Just(Step::Reopen),
    ]
}

/// The batch a change means when it meets `model`, and what it does to it.
fn apply_to_model(model: &mut Model, change: Change) -> (Batch, Result<(), Conflict>) {
    let mut holds = true;
    let mut batch = Batch { put: change.put, delete: change.delete, ..Batch::default() };
    for (key, hope) in change.expect {
        let there = model.get(&key);
        let value = match hope {
            Hope::WhatIsThere => there.cloned(),
            Hope::Absent => None,
            Hope::Value(value) => Some(value),
        };
        holds &= there == value.as_ref();
        batch.expect.push(Expect { key, value: value.map(Bytes::from) });
    }
    if !holds {
        return (batch, Err(Conflict));
    }
    for (key, value) in &batch.put {
        model.insert(key.clone(), value.clone());
    }
    for key in &batch.delete {
        model.remove(key);
    }
    (batch, Ok(()))
}

fn scan_model(
    model: &Model,
    range: &Range<Vec<u8>>,
    limit: usize,
    back: bool,
) -> Vec<(Bytes, Bytes)> {
    let mut found: Vec<_> = model
        .iter()
        .filter(|(key, _)| range.contains(*key))
        .map(|(key, value)| (Bytes::from(key.clone()), Bytes::from(value.clone())))
        .collect();
    if back {
        found.reverse();
    }
    found.truncate(limit);
    found
}

fn check_against_model(
    steps: Vec<Step>,
    mut engine: Engine,
    reopen: impl Fn(Engine) -> Engine,
) -> Result<(), TestCaseError> {
    let mut model = Model::new();
    for step in steps {
        match step {
            Step::Commit(changes) => {
                let (batches, outcomes): (Vec<_>, Vec<_>) =
                    changes.into_iter().map(|change| apply_to_model(&mut model, change)).unzip();
                prop_assert_eq!(engine.commit_group(batches).unwrap(), outcomes);
            }
            Step::Get(key) => {
                let expected = model.get(&key).cloned().map(Bytes::from);
                prop_assert_eq!(engine.get(&key).unwrap(), expected);
            }
            Step::Scan(start, end, limit, back) => {
                let direction = if back { Direction::Backward } else { Direction::Forward };
                let range = start..end;
                let expected = scan_model(&model, &range, limit, back);
                prop_assert_eq!(engine.scan(range, limit, direction).unwrap(), expected);
            }
            Step::Reopen => engine = reopen(engine),
        }
    }
    let everything = Vec::new()..vec![255; 8];
    for (back, direction) in [(false, Direction::Forward), (true, Direction::Backward)] {
        let expected = scan_model(&model, &everything, usize::MAX, back);
        let found = engine.scan(everything.clone(), usize::MAX, direction).unwrap();
        prop_assert_eq!(found, expected);
    }
    prop_assert!(engine.is_healthy());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_memory_engine_answers_as_the_model(steps in vec(step(), 1..60)) {
        check_against_model(steps, Engine::memory(), |engine| engine)?;
    }
}

proptest! {
    // Each opens files and syncs them.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_sled_engine_answers_as_the_model(steps in vec(step(), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::open_sled(dir.path()).unwrap();
        check_against_model(steps, engine, |engine| {
            drop(engine);
            Engine::open_sled(dir.path()).unwrap()
        })?;
    }
}

fn put(count: usize, value: &[u8]) -> Batch {
    let key = |number: usize| number.to_be_bytes().to_vec();
    Batch {
        put: (0..count).map(|number| (key(number), value.to_vec())).collect(),
        ..Batch::default()
    }
}

#[test]
fn a_group_of_many_engine_batches_still_sees_itself() {
    let dir = tempfile::tempdir().unwrap();
    for engine in [Engine::memory(), Engine::open_sled(dir.path()).unwrap()] {
        let expecting = |value: Option<&[u8]>, mut batch: Batch| {
            let value = value.map(Bytes::copy_from_slice);
            batch.expect.push(Expect { key: 7_usize.to_be_bytes().to_vec(), value });
            batch
        };
        let group = vec![
            expecting(None, put(400, b"one")),
            expecting(Some(b"one"), put(400, b"two")),
            expecting(Some(b"one"), put(400, b"lost")),
            expecting(Some(b"two"), put(10, b"three")),
        ];
        let outcomes = engine.commit_group(group).unwrap();
        assert_eq!(outcomes, [Ok(()), Ok(()), Err(Conflict), Ok(())]);
        let value = |number: usize| engine.get(&number.to_be_bytes()).unwrap().unwrap();
        assert_eq!((&value(9)[..], &value(10)[..]), (&b"three"[..], &b"two"[..]));
    }
}

#[test]
fn a_group_with_a_batch_that_does_not_fit_is_not_applied() {
    let dir = tempfile::tempdir().unwrap();
    let large = Batch { put: vec![(vec![1], vec![0; 4096])], ..Batch::default() };
    let nameless = Batch { put: vec![(Vec::new(), Vec::new())], ..Batch::default() };
    for engine in [Engine::memory(), Engine::open_sled(dir.path()).unwrap()] {
        for batch in [large.clone(), nameless.clone(), put(501, b"")] {
            let outcome = engine.commit_group(vec![put(1, b"a"), batch]);
            assert_eq!(outcome, Err(EngineError::TooLarge));
        }
        assert_eq!(engine.get(&0_usize.to_be_bytes()).unwrap(), None);
    }
}

#[test]
fn the_largest_records_stay_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open_sled(dir.path()).unwrap();
    for round in 0..8_u8 {
        let record = |number: u16| (number.to_be_bytes().to_vec(), vec![round; 4094]);
        let batches =
            (0..400).map(|number| Batch { put: vec![record(number)], ..Batch::default() });
        engine.commit_group(batches.collect()).unwrap();
    }
    assert_eq!(engine.check(), Ok(()));
}

#[test]
fn a_value_outside_the_log_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open_sled(dir.path()).unwrap();
    std::fs::write(dir.path().join("blobs/7"), b"x").unwrap();
    assert_eq!(engine.check(), Err(EngineError::OutsideLog));
    assert!(!engine.is_healthy());
}

#[test]
fn a_torn_snapshot_does_not_keep_the_store_from_opening() {
    let dir = tempfile::tempdir().unwrap();
    Engine::open_sled(dir.path()).unwrap().commit_group(vec![put(3, b"a")]).unwrap();
    let torn = dir.path().join("snap.00000000000000FF.generating");
    std::fs::write(&torn, b"torn").unwrap();
    let engine = Engine::open_sled(dir.path()).unwrap();
    assert!(engine.get(&1_usize.to_be_bytes()).unwrap().is_some());
    assert!(!torn.exists());
}

#[test]
fn a_store_that_is_open_elsewhere_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open_sled(dir.path()).unwrap();
    assert_eq!(Engine::open_sled(dir.path()).err(), Some(EngineError::InUse));
    drop(engine);
    Engine::open_sled(dir.path()).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn every_group_reaches_the_disk_through_our_own_sync() {
    use crate::store::durability::{self_test, syncs};

    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open_sled(dir.path()).unwrap();
    self_test(&engine).unwrap();
    for round in 0..5_u8 {
        let before = syncs();
        engine.commit_group(vec![put(2, &[round])]).unwrap();
        assert!(syncs() > before);
    }
    assert!(engine.free_space().unwrap() > 0);
    assert!(engine.size_on_disk() > 0);
}
