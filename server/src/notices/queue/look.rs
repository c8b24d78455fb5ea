//! Whether a notice that has been decided still goes: looked up right before it is sent.

use std::sync::Arc;

use shared_proto::id::{ConversationId, EntryId};
use shared_proto::notice::Channel;
use shared_proto::notice::rule::{Why, still, waits};
use shared_proto::time::Millis;

use super::{Outcome, UNKNOWN_TWICE};
use crate::app::App;
use crate::clock;
use crate::notices::reader::{Facts, Round};
use crate::store::cursors::CursorRecord;
use crate::store::notices::Named;
use crate::store::{Store, StoreError, conversations, keys, unseal};

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
    let Some(facts) = Facts::read(store, round, named.job.person, active)? else {
        return Ok(Looked::Comes(Outcome::NoLonger(Why::NoAccount)));
    };
    let (member, told, read) = match named.job.about {
        None => (true, None, None),
        Some((conversation, told)) => {
            let (member, read) = stands(store, conversation, named)?;
            (member, told, read)
        }
    };
    if let Err(why) = still(&facts.reader, channel, member, told, read) {
        return Ok(Looked::Comes(Outcome::NoLonger(why)));
    }
    // One that somebody sends to try goes at once.
    let wait = waits(&facts.reader, round.now).filter(|_| named.job.about.is_some());
    Ok(match wait {
        Some((until, held)) => Looked::Comes(Outcome::Held(until, held)),
        None => Looked::Goes(Box::new(facts)),
    })
}

/// Whether somebody takes part in the conversation their notice is about, and how far they have read.
fn stands(
    store: &Store,
    conversation: ConversationId,
    named: &Named,
) -> Result<(bool, Option<EntryId>), StoreError> {
    let person = named.job.person;
    let Some(loaded) = conversations::load(store, conversation)? else { return Ok((false, None)) };
    let key = keys::cursor(conversation, person);
    let cursor = store.engine.get(&key)?;
    let cursor = cursor.map(|sealed| unseal(&loaded.sealing, &key, &sealed, "cursor"));
    let cursor: CursorRecord = cursor.transpose()?.unwrap_or_default();
    Ok((loaded.header.state.is_member(person), cursor.read))
}
