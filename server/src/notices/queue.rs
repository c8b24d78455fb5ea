//! Notices that wait to be sent: one task a channel. Sent at most twice: that one is on its way is
//! written before, so that a server that went down meanwhile, or a gateway that never answered, leaves
//! behind that nobody knows whether it arrived; it is tried once more under the same name, and what
//! that comes to a second time is set aside. Into the folder each goes once, by its name.

mod fall;
mod look;
mod settle;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Held, Why};
use shared_proto::time::Millis;

use super::failure::Failure;
use super::reader::Facts;
use super::send;
use crate::app::App;
use crate::clock;
use crate::faults::{self, Point};
use crate::store::engine::Batch;
use crate::store::notices::{self, Named};
use crate::store::{StoreError, keys};
use look::{Looked, look};
use settle::{Tried, settle};
pub use settle::{count_dead, not_arrived};

/// Notices read at a time.
const PAGE: usize = 128;
/// How long to leave a store alone that did not do what it was asked.
const MENDING: Duration = Duration::from_secs(10);
/// Longest until a channel is looked at again without being woken.
const LONGEST: Duration = Duration::from_secs(10 * 60);
/// More than once on its way without anybody knowing what became of it.
const UNKNOWN_TWICE: u8 = 2;

/// What is to become of a notice.
pub(super) enum Outcome {
    /// It went there.
    Sent(String),
    /// It is not wanted any more. `true`: it may have arrived before.
    NoLonger(Why, bool),
    /// It was not taken, or (`true`) nobody knows.
    Waits(Millis, String, bool),
    /// They have come back, or their quiet hours have begun.
    Held(Millis, Held),
    /// It was not taken, for good.
    SetAside(String),
    /// It was not tried: the server stops, or the store did not do what it was asked.
    Left,
}

/// Sends what waits on a channel until the server stops.
pub async fn run(app: Arc<App>, channel: Channel) {
    while !app.notices.is_stopping() {
        let went = match round(&app, channel).await {
            Ok(went) => went,
            Err(error) => {
                tracing::warn!(%error, "waiting notices could not be read or marked");
                Went { wait: MENDING, paused: true }
            }
        };
        // Either way it is time to look.
        let _ = tokio::time::timeout(went.wait, app.notices.woken(channel, went.paused)).await;
    }
}

/// Counts what waits and what was set aside on a channel, and forgets what nobody has seen to for
/// long.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn count(app: &Arc<App>, channel: Channel) -> Result<(), StoreError> {
    let before = Millis(clock::now().0.saturating_sub(limits::NOTICE_SET_ASIDE_MS));
    let counted = app.store.read(move |store| {
        let old = keys::notices_dead(channel).start..keys::notice_dead(channel, before, &[0; 16]);
        let (old, _) = notices::jobs(store, old, limits::ENGINE_BATCH_OPERATIONS / 2)?;
        let waiting = notices::count(store, keys::notice_jobs(channel), usize::MAX)?;
        let dead = notices::count(store, keys::notices_dead(channel), usize::MAX)?;
        Ok((old, waiting, dead))
    });
    let (old, waiting, dead) = counted.await?;
    if !old.is_empty() {
        let (count, channel) = (old.len(), channel.name());
        tracing::warn!(count, channel, "notices set aside long ago were forgotten");
        let delete = old.iter().map(Named::dead_key).collect();
        app.store.commit(Batch { delete, ..Batch::default() }).await?;
    }
    app.notices.wait(channel, waiting);
    app.metrics.notices_waiting(channel, waiting);
    app.metrics.notices_dead(channel, dead - old.len());
    Ok(())
}

/// How a round went.
struct Went {
    /// How long until something is due again.
    wait: Duration,
    /// Nothing was taken: the way out is left alone until then, whatever comes.
    paused: bool,
}

/// Tries everything that is due.
async fn round(app: &Arc<App>, channel: Channel) -> Result<Went, StoreError> {
    let (mut range, mut next) = (keys::notice_jobs(channel), Millis(u64::MAX));
    let (mut oldest, mut paused) = (None, false);
    while !paused && !app.notices.is_stopping() {
        let from = range.clone();
        let page = app.store.read(move |store| notices::jobs(store, from, PAGE)).await?;
        let (jobs, Some(after)) = page else { break };
        range.start = after;
        let now = clock::now();
        // What is put off for longer than anything is was put off by another clock.
        let ahead = Millis(now.0.saturating_add(limits::NOTICE_PUT_OFF_MS));
        let is_due = |named: &Named| named.job.due_at <= now || named.job.due_at > ahead;
        let (due, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().partition(is_due);
        for named in &waiting {
            next = next.min(named.job.due_at);
            // What waits for quiet hours to end is as it should be.
            if !named.job.problem.is_empty() {
                oldest = oldest.or(Some(named.since));
            }
        }
        let first = due.first().map(|named| named.since);
        app.metrics.notices_oldest(channel, age(oldest.or(first)));
        let tried = attempt(app, channel, due).await?;
        for (since, due_at, _) in &tried.waits {
            next = next.min(*due_at);
            oldest = oldest.or(Some(*since));
        }
        if tried.left > 0 {
            next = next.min(Millis(clock::now().0 + MENDING.as_millis() as u64));
        }
        // Of one person alone it may be what they gave as their address.
        let people: HashSet<_> = tried.waits.iter().map(|(.., person)| person).collect();
        paused = (tried.left > 1 || people.len() > 1) && tried.taken == 0;
    }
    app.metrics.notices_oldest(channel, age(oldest));
    app.metrics.notices_waiting(channel, app.notices.waiting(channel));
    let wait = Duration::from_millis(next.since(clock::now()).max(1)).min(LONGEST);
    Ok(Went { wait, paused })
}

fn age(since: Option<Millis>) -> Duration {
    since.map_or(Duration::ZERO, |since| Duration::from_millis(clock::now().since(since)))
}

/// Tries some notices, and writes what became of each as it becomes known.
async fn attempt(app: &Arc<App>, channel: Channel, due: Vec<Named>) -> Result<Tried, StoreError> {
    let mut tried = Tried::default();
    let tries = futures_util::stream::iter(due).map(|named| try_one(app, channel, named));
    let mut tries =
        tries.buffer_unordered(limits::NOTICES_UNDERWAY).ready_chunks(limits::NOTICES_UNDERWAY);
    while let Some(done) = tries.next().await {
        settle(app, channel, done, &mut tried).await?;
    }
    Ok(tried)
}

async fn try_one(app: &Arc<App>, channel: Channel, mut named: Named) -> (Named, Outcome) {
    let goes_out = app.notices.has_way_out(&app.mail, channel);
    if !app.notices.is_stopping() {
        app.notices.pace(channel, goes_out).await;
    }
    if app.notices.is_stopping() {
        return (named, Outcome::Left);
    }
    // Only now: what was asked for meanwhile, as by STOP, holds.
    let facts = match look(app, channel, &named).await {
        Ok(Looked::Goes(facts)) => facts,
        Ok(Looked::Comes(outcome)) => return (named, outcome),
        Err(error) => {
            tracing::warn!(%error, "whether a notice is still wanted could not be read");
            return (named, Outcome::Left);
        }
    };
    if goes_out {
        named.job.underway = named.job.underway.saturating_add(1);
        let mut batch = Batch::default();
        named.put(&app.store, &mut batch);
        if let Err(error) = app.store.commit(batch).await {
            tracing::warn!(%error, "that a notice is on its way could not be kept; it waits");
            return (named, Outcome::Left);
        }
    }
    faults::hold(Point::HoldNotice).await;
    let outcome = hand_over(app, &named, &facts).await;
    faults::hold(Point::HoldSettle).await;
    (named, outcome)
}

async fn hand_over(app: &Arc<App>, named: &Named, facts: &Facts) -> Outcome {
    let patience = Duration::from_millis(limits::NOTICE_SEND_MS);
    let sent = tokio::time::timeout(patience, send::send(app, named, facts)).await;
    let sent = sent.unwrap_or_else(|_| Err(Failure::Unknown("no answer in time".to_owned())));
    let now = clock::now();
    // A letter of one name twice is shown once, and so is a push; a text message is not.
    let doubles = named.channel == Channel::Sms;
    let (problem, unknown) = match sent {
        Ok(shown) => return Outcome::Sent(shown),
        Err(Failure::Gone(problem)) => {
            if !send::gone(app, named, facts).await {
                // Or it would be decided anew, for ever.
                return Outcome::SetAside(problem);
            }
            let answered = named.channel == Channel::Sms;
            let why = if answered { Why::Stopped } else { Why::NoAddress };
            // Once is this time, in which it was not taken.
            return Outcome::NoLonger(why, named.job.underway > 1);
        }
        Err(Failure::Final(problem)) => return Outcome::SetAside(problem),
        Err(Failure::Unknown(problem)) if doubles => (problem, true),
        Err(Failure::Unknown(problem) | Failure::Passing(problem)) => (problem, false),
    };
    if unknown && named.job.underway >= UNKNOWN_TWICE {
        return Outcome::SetAside(format!("{problem}, twice; it may have arrived"));
    }
    // Who tries whether one arrives does not wait for it for a day.
    let is_test = named.job.about.is_none();
    let kept = if is_test { limits::NOTICE_TEST_KEPT_MS } else { limits::NOTICE_KEPT_MS };
    if now.since(named.since) >= kept {
        return Outcome::SetAside(problem);
    }
    let wait = wait_after(named.job.tries, app.notices.first_wait, rand::random());
    Outcome::Waits(Millis(now.0.saturating_add(wait)), problem, unknown)
}

/// What a notice is called, for the log and its file.
#[must_use]
pub fn hex(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Doubles with each try, up to [`limits::NOTICE_LONGEST_WAIT_MS`], and is a quarter longer or shorter
/// by `chance`, so that those that failed together do not come together again. In milliseconds.
fn wait_after(tries: u32, first: Duration, chance: u16) -> u64 {
    let first = u64::try_from(first.as_millis()).unwrap_or(u64::MAX);
    let longest = limits::NOTICE_LONGEST_WAIT_MS.max(first);
    let wait = first.saturating_mul(1 << tries.min(20)).min(longest);
    let quarter = wait / 4;
    wait - quarter + quarter.saturating_mul(2) * u64::from(chance) / u64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_differ() {
        let first = Duration::from_secs(30);
        let waits = |chance| -> Vec<u64> {
            (0..9).map(|tries| wait_after(tries, first, chance) / 1_000).collect()
        };
        assert_eq!(waits(0), [22, 45, 90, 180, 360, 720, 1_440, 2_700, 2_700]);
        assert_eq!(waits(u16::MAX), [37, 75, 150, 300, 600, 1_200, 2_400, 4_500, 4_500]);
        assert_eq!(wait_after(200, first, 0), 2_700_000);
    }
}
