use std::path::PathBuf;

use shared_proto::audit::Action;
use shared_proto::entry::Audience;

use super::*;
use crate::audit::of;
use crate::store::engine::Batch;
use crate::store::testing::{ANA, TALK, Talk, message, store};

/// A practice with a few messages and records, and a checkpoint of it.
struct Kept {
    store: Store,
    _dir: tempfile::TempDir,
    path: PathBuf,
    text: String,
}

impl Kept {
    async fn new() -> Self {
        let store = store();
        let mut talk = Talk::begin(&store).await;
        for n in 1..=3 {
            talk.append(&store, &[(ANA, Audience::Members, message(n, "hello"))]).await;
            store.record(of(Action::SignedIn).by(ANA)).await.unwrap();
        }
        let text = take(&store, Millis(7)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("checkpoint");
        std::fs::write(&path, &text).unwrap();
        Self { store, _dir: dir, path, text }
    }

    fn compare(&self) -> Result<Vec<String>, CheckpointError> {
        compare(&self.store, &self.path)
    }

    /// Takes away the last `count` records under a prefix.
    fn cut(&self, prefix: &[u8], count: usize) {
        let range = keys::prefix_range(prefix);
        let last = self.store.engine.scan(range, count, Direction::Backward).unwrap();
        let delete = last.iter().map(|(key, _)| key.to_vec()).collect();
        self.store.engine.commit_group(vec![Batch { delete, ..Batch::default() }]).unwrap();
    }
}

#[tokio::test]
async fn a_practice_that_only_went_on_has_everything_a_checkpoint_saw() {
    let kept = Kept::new().await;
    assert!(kept.compare().is_ok());
    kept.store.record(of(Action::SignedOut).by(ANA)).await.unwrap();
    let lines = kept.compare().unwrap();
    assert_eq!(lines[0], "audit records 1 to 4 ok");
    assert!(lines[1].contains("3 audit records, 1 conversations"), "{lines:?}");
}

#[tokio::test]
async fn the_missing_end_of_the_audit_log_is_named() {
    let kept = Kept::new().await;
    kept.cut(keys::AUDIT, 2);
    assert!(audit::verify(&kept.store, None).is_ok(), "by itself it looks whole");
    let error = kept.compare().unwrap_err().to_string();
    assert_eq!(error, "audit log: it ends at record 1, and records 2 to 3 are missing");
}

#[tokio::test]
async fn an_audit_log_that_was_begun_anew_is_told_apart() {
    let kept = Kept::new().await;
    kept.cut(keys::AUDIT, 3);
    let sealing = kept.store.vault.records();
    let mut chain = audit::Chain::recover(&kept.store.engine, sealing).unwrap();
    let forged = (0..3).map(|_| of(Action::SignedOut)).collect();
    let put = chain.extend(forged);
    kept.store.engine.commit_group(vec![Batch { put, ..Batch::default() }]).unwrap();
    assert!(audit::verify(&kept.store, None).is_ok(), "by itself it looks whole");
    assert!(kept.compare().unwrap_err().to_string().contains("up to record 3 is not what"));
}

#[tokio::test]
async fn the_missing_end_of_a_conversation_is_named() {
    let kept = Kept::new().await;
    kept.cut(keys::ENTRIES, 2);
    let error = kept.compare().unwrap_err().to_string();
    assert_eq!(error, format!("conversation {TALK}: its last 2 entries are missing"));
}

#[tokio::test]
async fn a_checkpoint_that_was_changed_or_cut_is_none() {
    let kept = Kept::new().await;
    let refused = |text: String| {
        std::fs::write(&kept.path, text).unwrap();
        kept.compare().unwrap_err()
    };
    let changed = kept.text.replacen("at 7", "at 8", 1);
    assert!(matches!(refused(changed), CheckpointError::Signature));
    let without: String = kept
        .text
        .lines()
        .filter(|line| !line.starts_with("conversation"))
        .fold(String::new(), |text, line| text + line + "\n");
    assert!(matches!(refused(without), CheckpointError::Signature));
    let cut = kept.text[..kept.text.len() / 2].to_owned();
    assert!(matches!(refused(cut), CheckpointError::Malformed));
}

#[tokio::test]
async fn a_checkpoint_of_another_practice_is_told_apart() {
    let kept = Kept::new().await;
    let other = Kept::new().await;
    // Each practice has a records key of its own, also under the same practice key.
    std::fs::write(&kept.path, &other.text).unwrap();
    assert!(matches!(kept.compare().unwrap_err(), CheckpointError::Foreign));
}
