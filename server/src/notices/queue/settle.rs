//! What became of notices that were tried, made durable and told.

use std::sync::Arc;

use shared_proto::id::PersonId;
use shared_proto::notice::Channel;
use shared_proto::time::Millis;

use super::{Outcome, fall, hex};
use crate::app::App;
use crate::clock;
use crate::notices::journal::{Line, Said};
use crate::store::engine::Batch;
use crate::store::notices::{self, Named};
use crate::store::{StoreError, keys, people};

/// What became of some.
#[derive(Default)]
pub(super) struct Tried {
    /// Those that were not taken: since when and until when they wait, and whose each is.
    pub waits: Vec<(Millis, Millis, PersonId)>,
    /// Those that were not tried.
    pub left: usize,
    /// Those that went, or do not any more.
    pub taken: usize,
}

/// Writes what became of each.
///
/// # Errors
/// When the store cannot be read or written.
pub(super) async fn settle(
    app: &Arc<App>,
    channel: Channel,
    done: Vec<(Named, Outcome)>,
    tried: &mut Tried,
) -> Result<(), StoreError> {
    let (mut batch, mut lines, mut fell) = (Batch::default(), Vec::new(), Vec::new());
    let (now, mut gone, mut dead) = (clock::now(), 0, 0);
    for (mut named, outcome) in done {
        let id = hex(&named.id);
        // Before the commit: what was said of it holds, whatever becomes of the record.
        app.notices.tell(named.id, &outcome);
        let mut say = |said| lines.push(Line { at: now, person: named.job.person, said });
        match outcome {
            Outcome::Left => {
                tried.left += 1;
                continue;
            }
            Outcome::Waits(until, problem, unknown) => {
                if named.job.problem != problem {
                    tracing::warn!(
                        notice = id,
                        channel = channel.name(),
                        problem,
                        "a notice waits"
                    );
                }
                app.metrics.notice(channel, "failed");
                named.job.tries = named.job.tries.saturating_add(1);
                (named.job.due_at, named.job.problem) = (until, problem);
                if !unknown {
                    named.job.underway = 0;
                }
                named.put(&app.store, &mut batch);
                tried.waits.push((named.since, until, named.job.person));
                continue;
            }
            Outcome::Held(until, held) => {
                // What was wrong before is not what it waits for now.
                (named.job.due_at, named.job.problem) = (until, String::new());
                named.put(&app.store, &mut batch);
                tried.taken += 1;
                say(Said::Later(until, held));
                continue;
            }
            Outcome::Sent(shown) => {
                app.metrics.notice(channel, "sent");
                say(Said::Sent(channel, shown));
            }
            Outcome::NoLonger(why, arrived) => {
                app.metrics.notice(channel, "dropped");
                say(Said::NoLonger(channel, why));
                if let Some((conversation, read)) = named.job.about
                    && !arrived
                {
                    fell.push((named.job.person, conversation, read));
                }
            }
            Outcome::SetAside(problem) => {
                let channel_name = channel.name();
                tracing::error!(
                    notice = id,
                    channel = channel_name,
                    problem,
                    "a notice was set aside"
                );
                app.metrics.notice(channel, "set-aside");
                say(Said::SetAside(channel, problem.clone()));
                // Who tried one has seen that it did not come, and may try again.
                if named.job.about.is_some() {
                    named.put_dead(&app.store, problem, &mut batch);
                    dead += 1;
                }
            }
        }
        tried.taken += 1;
        gone += 1;
        batch.delete.push(named.key());
    }
    let records = if fell.is_empty() {
        None
    } else {
        let records = app.notices.records.lock().await;
        let read = app.store.read(move |store| {
            let mut more = Batch::default();
            let anew = fall::through(store, now, &fell, &mut more)?;
            Ok((more, anew))
        });
        let (mut more, anew) = read.await?;
        batch.put.append(&mut more.put);
        batch.delete.append(&mut more.delete);
        Some((records, anew))
    };
    if batch.operations() > 0 {
        // What has gone out must not go out again for want of space: what is put hardly takes more than
        // what goes.
        app.store.commit_from_reserve(batch).await?;
    }
    if let Some((_, true)) = records {
        app.hub.notices.wake();
    }
    drop(records);
    app.notices.done(channel, gone);
    app.notices.journal.add(lines).await;
    if dead > 0 {
        count_dead(app, channel).await?;
    }
    Ok(())
}

/// Counts what was set aside on a channel.
///
/// # Errors
/// When the store cannot be read.
pub async fn count_dead(app: &Arc<App>, channel: Channel) -> Result<(), StoreError> {
    let dead = keys::notices_dead(channel);
    let counted = app.store.read(move |store| notices::count(store, dead, usize::MAX));
    app.metrics.notices_dead(channel, counted.await?);
    Ok(())
}

/// Sets aside a notice that the gateway took, and says did not arrive, and why: it goes when the
/// operator has it tried again. Said twice it is there once; of one that somebody sent to try nothing is.
///
/// # Errors
/// When it could not be made durable.
pub async fn not_arrived(app: &Arc<App>, named: Named, problem: String) -> Result<(), StoreError> {
    let (channel, person) = (named.channel, named.job.person);
    // Who tried one has seen that it did not come, and may try again.
    if named.job.about.is_none() {
        return Ok(());
    }
    let known = app.store.read(move |store| Ok(people::load(store, person)?.is_some()));
    if !known.await? {
        return Ok(());
    }
    tracing::error!(notice = hex(&named.id), channel = channel.name(), problem, "did not arrive");
    let mut batch = Batch::default();
    named.put_dead(&app.store, problem.clone(), &mut batch);
    app.store.commit_from_reserve(batch).await?;
    let said = Said::SetAside(channel, problem);
    app.notices.journal.add(vec![Line { at: clock::now(), person, said }]).await;
    count_dead(app, channel).await
}
