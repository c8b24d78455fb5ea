//! Decides who is told: one task, a moment after entries are durable and many conversations at a
//! time. How far it has come is kept in the commit of what it decided: a server that was killed goes
//! on from there.

mod new;
mod said;
mod step;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use shared_proto::id::ConversationId;
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::time::Millis;

use super::behind::FRESH_MS;
use super::reader::Round;
use crate::app::App;
use crate::clock;
use crate::store::engine::Direction;
use crate::store::notices::{self, Due};
use crate::store::{StoreError, keys};
use said::Said;
use step::{Decided, Step};

/// How long what is new gathers.
const EVERY: Duration = Duration::from_millis(limits::NOTICE_EVERY_MS);
/// How long to leave a store alone that did not do what it was asked.
const AGAIN: Duration = Duration::from_secs(1);
/// The longest rest between two rounds while there is more to do.
const REST: Duration = Duration::from_millis(250);
/// Longest time between two looks, for a wall clock that was set.
const LONGEST: Duration = Duration::from_secs(30);
/// Operations of one commit, unless one conversation takes more: so few hold no message up. One takes
/// 13 for each of 26 members at most, and two for each that is due.
const OPERATIONS: usize = 160;

/// What has to be decided in one conversation: whom it is due of.
type Work = HashMap<ConversationId, Vec<Due>>;

/// What a round comes to.
struct Went {
    /// When the next thing is due.
    next: Option<Millis>,
    /// Whether there is more to do at once.
    more: bool,
    /// How long logs were read for.
    read_for: Duration,
}

/// Decides for as long as the server runs.
pub async fn run(app: Arc<App>) {
    let since = loop {
        match begin(&app).await {
            Ok(since) => break since,
            Err(_) if ends(&app) => return,
            Err(error) => pause(&error).await,
        }
    };
    // What was written while nobody decided.
    let mut looking = Some(keys::prefix_range(keys::HEADERS).start);
    let mut said = Said::default();
    while !ends(&app) {
        match round(&app, since, &mut looking, &mut said).await {
            // Messages come first, however much there is to look through.
            Ok(Went { more: true, read_for, .. }) => {
                tokio::time::sleep((read_for * 2).min(REST)).await;
            }
            Ok(Went { next, .. }) => {
                let due = next.map(|next| Duration::from_millis(next.since(clock::now())));
                // What comes together is decided together.
                let ripens = app.hub.notices.ripens().map(|ripens| ripens.max(EVERY));
                let until = ripens.into_iter().chain(due).min().unwrap_or(LONGEST).min(LONGEST);
                if ripens.is_some() {
                    tokio::time::sleep(until).await;
                } else {
                    // Either way it is time to look.
                    let new = app.hub.notices.something_new();
                    let _ = tokio::time::timeout(until, new).await;
                }
            }
            Err(error) => pause(&error).await,
        }
        if app.hub.notices.take_lost() {
            looking = Some(keys::prefix_range(keys::HEADERS).start);
        }
    }
}

/// Whether nothing more is to be decided here.
fn ends(app: &App) -> bool {
    app.notices.is_stopping() || app.store.committer.failed()
}

async fn pause(error: &StoreError) {
    tracing::warn!(%error, "who is told could not be decided; it is tried again");
    tokio::time::sleep(AGAIN).await;
}

/// Since when there are notices.
async fn begin(app: &Arc<App>) -> Result<Millis, StoreError> {
    let (since, batch) = app.store.read(|store| notices::since(store, clock::now())).await?;
    if batch.operations() > 0 {
        app.store.commit(batch).await?;
    }
    Ok(since)
}

/// Decides what is due, and in some of the conversations where something is new.
async fn round(
    app: &Arc<App>,
    since: Millis,
    looking: &mut Option<Vec<u8>>,
    said: &mut Said,
) -> Result<Went, StoreError> {
    let now = clock::now();
    let from = looking.clone();
    let (due, next, page) = app
        .store
        .read(move |store| {
            let (due, next) = notices::due(store, now)?;
            let headers = match from {
                Some(from) => {
                    let range = from..keys::prefix_range(keys::HEADERS).end;
                    Some(store.engine.scan(
                        range,
                        limits::NOTICE_CONVERSATIONS,
                        Direction::Forward,
                    )?)
                }
                None => None,
            };
            Ok((due, next, headers))
        })
        .await?;
    let mut work = Work::new();
    for due in due {
        work.entry(due.1).or_default().push(due);
    }
    let taken = app.hub.notices.take();
    let _under_way = app.hub.notices.under_way();
    for conversation in &taken {
        work.entry(*conversation).or_default();
    }
    let mut after = None;
    if let Some(headers) = page {
        after = headers.last().map(|(last, _)| keys::after(last));
        for conversation in headers.iter().filter_map(|(key, _)| keys::parse_conversation(key)) {
            work.entry(conversation).or_default();
        }
    }
    let worked = !work.is_empty();
    let read_for = match decide(app, since, now, work, said).await {
        Ok(read_for) => read_for,
        Err(error) => {
            for conversation in taken {
                app.hub.notices.add(conversation);
            }
            return Err(error);
        }
    };
    *looking = after;
    let due_now = next.is_some_and(|next| next <= clock::now());
    // What was decided may be due again before anything that was.
    let more = worked || looking.is_some() || due_now;
    Ok(Went { next, more, read_for })
}

/// Decides in some conversations, and keeps it; for how long it read.
async fn decide(
    app: &Arc<App>,
    since: Millis,
    now: Millis,
    work: Work,
    said: &mut Said,
) -> Result<Duration, StoreError> {
    if work.is_empty() {
        return Ok(Duration::ZERO);
    }
    let (hub, round) = (Arc::clone(&app.hub), Round::of(app, now));
    let hour_ms = app.notices.hour_ms;
    // What each has been told is read and written by one at a time.
    let _records = app.notices.records.lock().await;
    let reading = app.store.read(move |store| {
        let begun = Instant::now();
        let active = |person| hub.active_at(person, now);
        let fresh_ms = FRESH_MS;
        let step = Step { store, round: &round, since, fresh_ms, hour_ms, active: &active };
        let decided = work.into_iter().map(|(of, due)| step.decide(of, &due));
        Ok((decided.collect::<Result<Vec<_>, _>>()?, begun.elapsed()))
    });
    let (all, read_for) = reading.await?;
    let mut group = Decided::default();
    for decided in all {
        if group.batch.operations() + decided.batch.operations() > OPERATIONS {
            keep(app, std::mem::take(&mut group), said).await?;
        }
        group.join(decided);
    }
    keep(app, group, said).await?;
    Ok(read_for)
}

/// Makes what was decided durable; only then it is sent.
async fn keep(app: &Arc<App>, decided: Decided, said: &mut Said) -> Result<(), StoreError> {
    let Decided { batch, jobs, lines, told, more } = decided;
    if batch.operations() > 0 {
        app.store.commit(batch).await?;
    }
    for channel in Channel::ALL {
        let count = jobs[channel.place()];
        if count > 0 {
            app.notices.wait(channel, count);
            app.metrics.notices_waiting(channel, app.notices.waiting(channel));
        }
    }
    for conversation in more {
        app.hub.notices.add(conversation);
    }
    let news = said.news(lines);
    said.forget(&told);
    app.notices.journal.add(news).await;
    Ok(())
}
