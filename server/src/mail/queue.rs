//! Letters that wait to be sent. Each is a sealed record; only this task changes or forgets one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::{Job, MailError};
use crate::app::App;
use crate::clock;
use crate::store::engine::{Batch, Direction};
use crate::store::{Store, StoreError, keys, unseal_record};

/// What a job is called: random, so that it says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobId([u8; 16]);

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What came of trying to send a job.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The relay or the disk has it.
    Sent,
    /// Not yet, and why; for the operator only. It is tried again.
    Waiting(String),
    /// Not ever, and why; for the operator only.
    GivenUp(String),
}

/// A job as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRecord {
    /// What to send.
    pub job: Job,
    /// Since when it waits.
    pub created_at: Millis,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub due_at: Millis,
}

/// The record that has `job` sent: goes into the batch of the change it is about. When that is
/// committed, call [`super::Mail::wake`].
#[must_use]
pub fn job(store: &Store, job: &Job) -> (Vec<u8>, Vec<u8>) {
    let (_, key, value) = named_job(store, job);
    (key, value)
}

/// As [`job`], with its name.
#[must_use]
pub fn named_job(store: &Store, job: &Job) -> (JobId, Vec<u8>, Vec<u8>) {
    let id = JobId(rand::random());
    let now = clock::now();
    let record = JobRecord { job: job.clone(), created_at: now, tries: 0, due_at: now };
    let key = keys::mail(&id.0);
    let value = store.seal(&key, &record);
    (id, key, value)
}

/// Sends what is due, for good. What was left by an earlier process is due at once: its relay may
/// have been mended by the restart.
pub async fn run(app: Arc<App>) {
    let mut all = true;
    loop {
        let wait = match round(&app, all).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "waiting mail could not be read or marked");
                MENDING
            }
        };
        all = false;
        let woken = tokio::time::timeout(wait, app.mail.due.notified());
        // Either way it is time to look.
        let _ = woken.await;
    }
}

/// How long to leave a store alone that did not do what it was asked.
const MENDING: Duration = Duration::from_secs(60);
/// Longest until the queue is looked at again without being woken.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Tries everything that is due, and says how long until something is again.
async fn round(app: &Arc<App>, all: bool) -> Result<Duration, StoreError> {
    let mut next = Millis(u64::MAX);
    let mut waiting = 0u32;
    let mut range = keys::prefix_range(keys::MAILS);
    loop {
        let from = range.clone();
        let page = app
            .store
            .read(move |store| {
                Ok(store.engine.scan(from, limits::MAIL_PAGE, Direction::Forward)?)
            })
            .await?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            let Some(id) = keys::parse_mail(key).map(JobId) else { continue };
            let record = match unseal_record::<JobRecord>(&app.store, key, sealed, "mail") {
                Ok(record) => record,
                Err(error) => {
                    tracing::error!(%error, mail = %id, "a letter cannot be sent");
                    continue;
                }
            };
            let kept = if all || record.due_at <= clock::now() {
                attempt(app, id, key, record).await?
            } else {
                Some(record.due_at)
            };
            if let Some(due_at) = kept {
                waiting += 1;
                next = next.min(due_at);
            }
        }
    }
    app.metrics.mails_waiting(waiting);
    let wait = Duration::from_millis(next.0.saturating_sub(clock::now().0).max(1));
    Ok(wait.min(LONGEST))
}

/// Tries one job. When it is due next, unless it is done with.
async fn attempt(
    app: &Arc<App>,
    id: JobId,
    key: &[u8],
    mut record: JobRecord,
) -> Result<Option<Millis>, StoreError> {
    let sent = app.mail.send(id, record.created_at, &record.job).await;
    let now = clock::now();
    let overdue = now.0.saturating_sub(record.created_at.0) >= limits::MAIL_KEPT_MS;
    let outcome = match sent {
        Ok(()) => Outcome::Sent,
        Err(MailError::Passing(problem)) if !overdue => {
            tracing::warn!(mail = %id, problem = problem.kind, "a letter waits");
            app.metrics.mail("failed");
            Outcome::Waiting(problem.detail)
        }
        Err(MailError::Passing(problem) | MailError::Final(problem)) => {
            tracing::error!(mail = %id, problem = problem.kind, "a letter was given up");
            app.metrics.mail("given-up");
            Outcome::GivenUp(problem.detail)
        }
    };
    let mut batch = Batch::default();
    let due_at = if matches!(outcome, Outcome::Waiting(_)) {
        let wait = wait_after(record.tries, app.mail.first_wait);
        record.tries = record.tries.saturating_add(1);
        record.due_at = Millis(now.0.saturating_add(wait));
        batch.put.push((key.to_vec(), app.store.seal(key, &record)));
        Some(record.due_at)
    } else {
        batch.delete.push(key.to_vec());
        None
    };
    if matches!(outcome, Outcome::Sent) {
        app.metrics.mail("sent");
        tracing::info!(mail = %id, "a letter was sent");
    }
    // Before the commit: what the relay said holds, whatever becomes of the record. Nobody may be
    // listening.
    let _ = app.mail.outcomes.send((id, outcome));
    // A record that goes needs no space; one that stays is as large as it was.
    app.store.commit_from_reserve(batch).await?;
    Ok(due_at)
}

/// Doubles with each try, up to [`limits::MAIL_LONGEST_WAIT_MS`]. In milliseconds.
fn wait_after(tries: u32, first: Duration) -> u64 {
    let first = u64::try_from(first.as_millis()).unwrap_or(u64::MAX);
    first.saturating_mul(1 << tries.min(20)).min(limits::MAIL_LONGEST_WAIT_MS.max(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let first = Duration::from_secs(60);
        let waits: Vec<u64> = (0..12).map(|tries| wait_after(tries, first) / 60_000).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240]);
    }
}
