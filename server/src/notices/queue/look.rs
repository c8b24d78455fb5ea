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
    let (told, stands) = match named.job.about {
        None => (None, Stands { member: true, read: None, left: true }),
        Some((conversation, told)) => (told, stands(store, conversation, named)?),
    };
    if let Err(why) = still(&facts.reader, channel, stands.member, told, stands.read) {
        return Ok(Looked::Comes(Outcome::NoLonger(why, arrived)));
    }
    if !stands.left {
        return Ok(Looked::Comes(Outcome::NoLonger(Why::Withdrawn, arrived)));
    }
    // One that somebody sends to try goes at once.
    let wait = waits(&facts.reader, round.now).filter(|_| named.job.about.is_some());
    Ok(match wait {
        Some((until, held)) => Looked::Comes(Outcome::Held(until, held)),
        None => Looked::Goes(Box::new(facts)),
    })
}

/// How it stands with the conversation somebody's notice is about.
struct Stands {
    /// Whether they take part in it.
    member: bool,
    /// How far they have read.
    read: Option<EntryId>,
    /// Whether there is something left to tell them of.
    left: bool,
}

fn stands(
    store: &Store,
    conversation: ConversationId,
    named: &Named,
) -> Result<Stands, StoreError> {
    let person = named.job.person;
    let Some(loaded) = conversations::load(store, conversation)? else {
        return Ok(Stands { member: false, read: None, left: false });
    };
    let key = keys::cursor(conversation, person);
    let cursor = store.engine.get(&key)?;
    let cursor = cursor.map(|sealed| unseal(&loaded.sealing, &key, &sealed, "cursor"));
    let cursor: CursorRecord = cursor.transpose()?.unwrap_or_default();
    let (state, sealing) = (&loaded.header.state, &loaded.sealing);
    let upto = loaded.header.last.unwrap_or(EntryId::MIN);
    let log = Log { store, sealing, conversation, upto };
    let left = newest_left(&log, state, person, (upto, cursor.read), Millis(0))?.is_some();
    Ok(Stands { member: state.is_member(person), read: cursor.read, left })
}
