use super::*;

fn id(n: usize) -> ConversationId {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    ConversationId::from_bytes(bytes)
}

#[test]
fn whoever_has_just_written_goes_first() {
    let behind = Behind::default();
    for n in 0..limits::INDEXED_CONVERSATIONS {
        behind.add(id(n), Since { old: true, at: Instant::now() });
    }
    behind.note(id(900), 1);
    behind.note(id(3), 1);
    let taken: Vec<ConversationId> = behind.take().into_iter().map(|(id, _)| id).collect();
    assert_eq!(taken.len(), limits::INDEXED_CONVERSATIONS);
    assert_eq!(taken[..2], [id(900), id(3)]);
    assert_eq!(behind.len(), 1);
    for n in 0..=limits::INDEX_BEHIND {
        behind.note(id(n), 1);
    }
    assert!(behind.known().lost);
}

/// From one beat of those who write to the next: never more than four within [`EVERY`].
const BEAT: Duration = Duration::from_millis(limits::INDEX_EVERY_MS / 4 + 1);

/// For how long what is new gathers while `per_beat` entries come at each of `beats` beats.
async fn gathers(per_beat: usize, beats: usize) -> Duration {
    let behind = Behind::default();
    let began = Instant::now();
    let writing = async {
        for n in 0..beats {
            behind.note(id(n), per_beat);
            sleep(BEAT).await;
        }
    };
    let gathered = async {
        behind.something_new().await;
        behind.gather(drop).await;
        began.elapsed()
    };
    tokio::join!(writing, gathered).1
}

#[tokio::test(start_paused = true)]
async fn what_a_few_write_gathers_for_a_moment() {
    assert_eq!(gathers(1, 1).await, EVERY);
    assert_eq!(gathers(CROWD as usize / 4 - 1, 500).await, EVERY);
}

#[tokio::test(start_paused = true)]
async fn what_a_crowd_writes_gathers_until_it_rests_and_never_for_long() {
    assert_eq!(gathers(CROWD as usize, 500).await, LONGEST);
    // Seven beats reach into the second time, and nothing comes in the third.
    assert_eq!(gathers(CROWD as usize, 7).await, EVERY * 3);
}

#[tokio::test(start_paused = true)]
async fn a_search_has_what_a_crowd_wrote_taken_in() {
    let behind = Behind::default();
    let began = Instant::now();
    let keeping = async {
        behind.something_new().await;
        behind.gather(drop).await;
        sleep(ASKED / 2).await;
        behind.took_in();
        began.elapsed()
    };
    let writing = async {
        for n in 0..500 {
            behind.note(id(n), CROWD as usize);
            sleep(BEAT).await;
        }
    };
    let searching = async {
        sleep(EVERY * 3 + EVERY / 2).await;
        behind.hurry().await;
        let waited = began.elapsed();
        // Nothing gathers for long now: nobody waits.
        behind.hurry().await;
        assert_eq!(began.elapsed(), waited);
        waited
    };
    let (took_in, (), waited) = tokio::join!(keeping, writing, searching);
    assert_eq!(took_in, EVERY * 3 + EVERY / 2 + ASKED / 2);
    assert_eq!(waited, took_in);
}

#[tokio::test(start_paused = true)]
async fn a_search_waits_for_no_crowd() {
    let behind = Behind::default();
    let keeping = async {
        behind.note(id(1), 1);
        behind.something_new().await;
        behind.gather(drop).await;
        // Taking it in takes long.
        sleep(ASKED * 10).await;
        behind.took_in();
    };
    let searching = async {
        sleep(EVERY / 2).await;
        behind.note(id(2), CROWD as usize);
        sleep(EVERY).await;
        let began = Instant::now();
        behind.hurry().await;
        assert_eq!(began.elapsed(), ASKED);
    };
    tokio::join!(keeping, searching);
}

#[tokio::test(start_paused = true)]
async fn what_was_left_over_does_not_wait_again() {
    let behind = Behind::default();
    let (began, heard) = (Instant::now(), Mutex::new(Vec::new()));
    let writing = async {
        for n in 0..110 {
            behind.note(id(n), CROWD as usize);
            sleep(BEAT).await;
        }
    };
    let keeping = async {
        behind.something_new().await;
        behind.gather(|lag| heard.lock().unwrap().push(lag)).await;
        assert_eq!(began.elapsed(), LONGEST);
        // One is taken in, and all others are left.
        behind.known().conversations.remove(&id(0));
        sleep(BEAT * 2).await;
        let before = began.elapsed();
        behind.gather(drop).await;
        assert_eq!(began.elapsed(), before);
    };
    tokio::join!(writing, keeping);
    let heard = heard.into_inner().unwrap();
    assert_eq!(heard.len() as u64, limits::INDEX_LATEST_MS / limits::INDEX_EVERY_MS);
    assert!(heard.is_sorted() && heard[0] == EVERY, "{heard:?}");
}
