//! `quietroom notify`: what waits to be sent and what was set aside, trying that again, trying whether
//! a notice arrives, and why somebody is told or not.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::notice::Channel;
use shared_proto::notice::rule::ways;
use shared_proto::time::Millis;
use tokio::sync::broadcast::error::RecvError;

use super::people::find;
use super::{Admin, Answer, dates};
use crate::app::App;
use crate::clock;
use crate::notices::Became;
use crate::notices::journal;
use crate::notices::queue::hex;
use crate::notices::reader::{Facts, Round};
use crate::store::engine::Batch;
use crate::store::notices::{self, Job, Named};
use crate::store::{Store, StoreError, keys};

/// Longest the command waits to say what became of its notice.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of those set aside, and of those that wait, so many are shown.
const SHOWN: usize = 20;
/// Notices tried again in one commit.
const AT_ONCE: usize = 100;

/// What waits on each channel, and what was set aside, with why.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn status(admin: &Admin) -> Answer {
    let mut lines = Vec::new();
    for channel in Channel::ALL {
        let read = admin.store.read(move |store| on_channel(store, channel)).await;
        let (waiting, oldest, dead, first_dead) = read.map_err(|error| error.to_string())?;
        let name = channel.name();
        let way = match &admin.app {
            Some(app) => format!(" (to {})", app.notices.shown(&app.mail, channel)),
            None => String::new(),
        };
        let now = clock::now();
        let age = oldest.first().map_or(0, |named| now.since(named.since) / 1_000);
        lines.push(format!("{name}{way}: {waiting} waiting, oldest {age} s; {dead} set aside"));
        for named in oldest.iter().filter(|named| named.job.tries > 0) {
            lines.push(format!("  waits {}", line(named, Some(named.job.due_at))));
        }
        for named in &first_dead {
            lines.push(format!("  set aside {}", line(named, None)));
        }
        if dead > first_dead.len() {
            lines.push(format!("  and {} more set aside", dead - first_dead.len()));
        }
    }
    Ok(lines)
}

type OnChannel = (usize, Vec<Named>, usize, Vec<Named>);

fn on_channel(store: &Store, channel: Channel) -> Result<OnChannel, StoreError> {
    let (jobs, dead) = (keys::notice_jobs(channel), keys::notices_dead(channel));
    let waiting = notices::count(store, jobs.clone(), usize::MAX)?;
    let (oldest, _) = notices::jobs(store, jobs, SHOWN)?;
    let set_aside = notices::count(store, dead.clone(), usize::MAX)?;
    let (first_dead, _) = notices::jobs(store, dead, SHOWN)?;
    Ok((waiting, oldest, set_aside, first_dead))
}

fn line(named: &Named, due_at: Option<Millis>) -> String {
    let Job { person, tries, problem, .. } = &named.job;
    let next = due_at.map(|at| format!(", next {}", dates::show(at))).unwrap_or_default();
    let since = dates::show(named.since);
    format!(
        "{} since {since} to person {person}, tried {tries} times{next}: {problem}",
        hex(&named.id)
    )
}

/// Has those that were set aside sent after all: all, those of a channel, or one.
///
/// # Errors
/// When there is none like that; when it could not be made durable.
pub(super) async fn retry(admin: &Admin, channel: Option<Channel>, id: Option<&str>) -> Answer {
    let mut count = 0;
    for of in Channel::ALL.into_iter().filter(|of| channel.is_none_or(|channel| channel == *of)) {
        let mut range = keys::notices_dead(of);
        loop {
            let from = range.clone();
            let page = admin.store.read(move |store| notices::jobs(store, from, AT_ONCE)).await;
            let (mut dead, next) = page.map_err(|error| error.to_string())?;
            let Some(next) = next else { break };
            range.start = next;
            dead.retain(|named| id.is_none_or(|id| hex(&named.id) == id));
            let mut batch = Batch::default();
            for named in &dead {
                batch.delete.push(named.dead_key());
                let job = Job { tries: 0, due_at: clock::now(), underway: 0, ..named.job.clone() };
                // Anew, so that it is tried for as long as any other.
                let again = Named { since: clock::now(), job, ..named.clone() };
                again.put(&admin.store, &mut batch);
            }
            if dead.is_empty() {
                continue;
            }
            admin.store.commit(batch).await.map_err(|error| error.to_string())?;
            count += dead.len();
            if let Some(app) = &admin.app {
                app.notices.wait(of, dead.len());
                app.notices.hurry(of);
                let left = app
                    .store
                    .read(move |store| notices::count(store, keys::notices_dead(of), usize::MAX));
                app.metrics.notices_dead(of, left.await.map_err(|error| error.to_string())?);
            }
        }
    }
    match (count, id) {
        (0, Some(_)) => {
            Err("nothing of that name is set aside; see: quietroom notify status".into())
        }
        (count, _) => Ok(vec![format!("{count} tried again")]),
    }
}

fn running(admin: &Admin) -> Result<&Arc<App>, String> {
    admin.app.as_ref().ok_or_else(|| {
        "the server does not run: notices are sent by it. Start it, then try again".to_owned()
    })
}

async fn facts(app: &Arc<App>, admin: &Admin, who: &str) -> Result<Facts, String> {
    let person = find(admin, who).await?.id;
    let round = Round::of(app, clock::now());
    let active = app.hub.active_at(person, round.now);
    let read = app.store.read(move |store| Facts::read(store, &round, person, active)).await;
    let read = read.map_err(|error| error.to_string())?;
    read.ok_or_else(|| "nobody has that id or email; see: quietroom person list".to_owned())
}

/// Sends somebody a notice by the way every other one goes, and says what became of it.
///
/// # Errors
/// Why it was not sent, in words for the operator; it may still be sent later.
pub(super) async fn test(admin: &Admin, channel: Channel, who: &str) -> Answer {
    let app = running(admin)?;
    let facts = facts(app, admin, who).await?;
    if let Err(why) = ways(&facts.reader)[channel.place()] {
        return Err(format!("not sent: {} {}", facts.person.id, journal::why(why)));
    }
    let mut became = app.notices.became();
    let sent = crate::office::notices::send_test(app, channel, &facts).await;
    let ids = sent.map_err(|error| error.to_string())?;
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            match became.recv().await {
                Ok((id, became)) if ids.contains(&id) => return Some((id, became)),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let way = app.notices.shown(&app.mail, channel);
    match waited.await {
        Ok(Some((id, Became::Sent(shown)))) => Ok(vec![format!("sent to {shown} as {}", hex(&id))]),
        Ok(Some((_, Became::Waits(why)))) => {
            Err(format!("not sent yet, and tried again for ten minutes: {why} ({way})"))
        }
        Ok(Some((_, Became::Not(why)))) => Err(format!("not sent: {why} ({way})")),
        Ok(None) | Err(_) => Err(format!("not known yet: {way} has not answered")),
    }
}

/// Why somebody would be told on each channel now, or would not.
///
/// # Errors
/// For nobody; when the store cannot be read.
pub(super) async fn why(admin: &Admin, who: &str) -> Answer {
    let app = running(admin)?;
    let facts = facts(app, admin, who).await?;
    let mut lines = vec![format!("person {}", facts.person.id)];
    if !facts.reader.may_enter {
        lines.push("nothing is told: has no account, or may not sign in".to_owned());
    }
    for channel in Channel::ALL {
        let name = channel.name();
        lines.push(match ways(&facts.reader)[channel.place()] {
            Ok(()) => format!("{name}: is told, once until they have read"),
            Err(why) => format!("{name}: is not told: {}", journal::why(why)),
        });
    }
    let now = clock::now();
    let active = facts.reader.active_at.map(|at| Millis(at.0 + facts.reader.patience_ms));
    if let Some(until) = active.filter(|until| *until > now) {
        lines.push(format!("not before {}: was active a moment ago", dates::show(until)));
    }
    if let Some(until) = facts.reader.quiet_until {
        lines.push(format!("not before {}: quiet hours", dates::show(until)));
    }
    Ok(lines)
}
