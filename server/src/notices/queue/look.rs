//! Whether a notice that has been decided still goes: looked up right before it is sent.

use std::sync::Arc;

use shared_proto::id::{ConversationId, EntryId};
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Why, still, waits};
use shared_proto::time::Millis;

use super::{Outcome, UNKNOWN_TWICE};
use crate::app::App;
use crate::clock;
use crate::notices::left::newest_left;
use crate::notices::reader::{Facts, Round};
use crate::store::conversations::{self, Log};
use crate::store::cursors::CursorRecord;
use crate::store::notices::Named;
use crate::store::{Store, StoreError, keys, unseal};

/// Whether a notice still goes.
pub(super) enum Looked {
    /// It does, to whom.
    Goes(Box<Facts>),
    /// It does not, now or ever.
    Comes(Outcome),
}

/// Looks up whom a notice is for as they are now. One about something that is damaged is set aside.
///
/// # Errors
/// When the store fails.
pub(super) async fn look(
    app: &Arc<App>,
    channel: Channel,
    named: &Named,
) -> Result<Looked, StoreError> {
    let round = Round::of(app, clock::now());
    let (hub, named) = (Arc::clone(&app.hub), named.clone());
    let looked = app.store.read(move |store| {
        let active = hub.active_at(named.job.person, round.now);
        look_at(store, &round, channel, &named, active)
    });
    match looked.await {
        Err(error) if error.is_damage() => {
            let problem = format!("what it is about cannot be read: {error}");
            Ok(Looked::Comes(Outcome::SetAside(problem)))
        }
        looked => looked,
    }
}

fn look_at(
    store: &Store,
    round: &Round,
    channel: Channel,
    named: &Named,
    active: Option<Millis>,
) -> Result<Looked, StoreError> {
    if named.job.underway >= UNKNOWN_TWICE {
        let problem = "the server went down twice while it was being sent; it may have arrived";
        return Ok(Looked::Comes(Outcome::SetAside(problem.to_owned())));
    }
    let arrived = named.job.underway > 0;
    let Some(facts) = Facts::read(store, round, named.job.person, active)? else {
        return Ok(Looked::Comes(Outcome::NoLonger(Why::NoAccount, arrived)));
    };
    // One that somebody sends to try is about nothing.
    let stands = match named.job.about {
        None => still(&facts.reader, channel, true, None, None),
        Some(about) => stands(store, about, &facts, channel)?,
    };
    if let Err(why) = stands {
        return Ok(Looked::Comes(Outcome::NoLonger(why, arrived)));
    }
    // Whoever tries one has it at once.
    let wait = waits(&facts.reader, round.now).filter(|_| named.job.about.is_some());
    Ok(match wait {
        Some((until, held)) => Looked::Comes(Outcome::Held(until, held)),
        None => Looked::Goes(Box::new(facts)),
    })
}

/// Whether somebody is still to be told of the conversation a notice is about, of which they had read
/// so far when that was decided.
fn stands(
    store: &Store,
    (conversation, told): (ConversationId, Option<EntryId>),
    facts: &Facts,
    channel: Channel,
) -> Result<Result<(), Why>, StoreError> {
    let person = facts.person.id;
    let Some(loaded) = conversations::load(store, conversation)? else {
        return Ok(still(&facts.reader, channel, false, told, None));
    };
    let key = keys::cursor(conversation, person);
    let cursor = store.engine.get(&key)?;
    let cursor = cursor.map(|sealed| unseal(&loaded.sealing, &key, &sealed, "cursor"));
    let read = cursor.transpose()?.and_then(|cursor: CursorRecord| cursor.read);
    let (state, sealing) = (&loaded.header.state, &loaded.sealing);
    if let Err(why) = still(&facts.reader, channel, state.is_member(person), told, read) {
        return Ok(Err(why));
    }
    let upto = loaded.header.last.unwrap_or(EntryId::MIN);
    let log = Log { store, sealing, conversation, upto };
    let left = newest_left(&log, state, person, (upto, read), Millis(0))?;
    Ok(left.map(|_| ()).ok_or(Why::Withdrawn))
}
