//! What providers keep at hand for writing: saved replies, hours and leave. The practice's are its
//! owners' to change, and everybody's who writes for it to use.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::desk::{News, Told};
use shared_proto::hours::{Common, Own};
use shared_proto::id::{PersonId, ReplyId};
use shared_proto::office::Changed;
use shared_proto::people::rules::{self, Does};
use shared_proto::refusal::Refusal;
use shared_proto::replies::{self, Reply};

use super::{actor, failed, tell};
use crate::app::App;
use crate::audit::{self, fields};
use crate::socket::session::Session;
use crate::store::StoreError;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::{hours, keys, replies as kept};

/// What an ask comes to.
pub type Answer = Result<Told, Refusal>;

/// How often a change is judged anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// The saved replies somebody can use.
///
/// # Errors
/// `ProviderOnly`; when the store cannot be read.
pub async fn replies(app: &App, session: &Session) -> Answer {
    let asker = session.person.id;
    rules::may(actor(app, asker)?.role, Does::KeepDesk)?;
    let read = app.store.read(move |store| {
        Ok(Told::Replies { shared: kept::load(store, None)?, own: kept::load(store, Some(asker))? })
    });
    read.await.map_err(|error| failed(&error))
}

/// Keeps a saved reply.
///
/// # Errors
/// `ProviderOnly`, `OwnerOnly`; `Invalid` for a field; what [`replies::save`] refuses.
pub async fn save_reply(app: &Arc<App>, session: &Session, shared: bool, reply: Reply) -> Answer {
    may_change(app, session, shared)?;
    let reply = reply.checked()?;
    change_replies(app, session, shared, move |kept| replies::save(kept, reply.clone())).await
}

/// Keeps one no longer.
///
/// # Errors
/// `ProviderOnly`, `OwnerOnly`; when it could not be made durable.
pub async fn delete_reply(app: &Arc<App>, session: &Session, shared: bool, id: ReplyId) -> Answer {
    may_change(app, session, shared)?;
    let without = move |kept: &mut Vec<Reply>| {
        kept.retain(|reply| reply.id != id);
        Ok(())
    };
    change_replies(app, session, shared, without).await
}

fn may_change(app: &App, session: &Session, shared: bool) -> Result<(), Refusal> {
    let role = actor(app, session.person.id)?.role;
    rules::may(role, Does::KeepDesk)?;
    if shared { rules::may(role, Does::ChangePractice) } else { Ok(()) }
}

async fn change_replies(
    app: &Arc<App>,
    session: &Session,
    shared: bool,
    change: impl Fn(&mut Vec<Reply>) -> Result<(), Refusal> + Clone + Send + 'static,
) -> Answer {
    let asker = session.person.id;
    let of = (!shared).then_some(asker);
    let record = if shared {
        audit::of(Action::PracticeChanged).to_practice()
    } else {
        audit::of(Action::SettingsChanged)
    };
    let record = record.over(session).naming(&["replies"]);
    for _ in 0..TRIES {
        let change = change.clone();
        let read = app.store.read(move |store| kept::change(store, of, change)).await;
        let mut batch = read.map_err(|error| failed(&error))??;
        batch.audit.push(record.clone());
        if commit(app, batch).await? {
            tracing::info!(by = %asker, shared, "saved replies were changed");
            tell_of(app, News::Replies, of);
            return replies(app, session).await;
        }
    }
    Err(Refusal::Busy)
}

/// Whether it was committed: not, when somebody else was first.
async fn commit(app: &App, batch: Batch) -> Result<bool, Refusal> {
    match app.store.commit(batch).await {
        Ok(()) => Ok(true),
        Err(StoreError::Commit(CommitError::Conflict)) => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

/// Tells the sockets of one provider, or of all, that something of it is another.
pub fn tell_of(app: &App, news: News, of: Option<PersonId>) {
    let everyone = || app.hub.connected().into_iter().filter(|person| is_provider(app, *person));
    for person in of.map_or_else(|| everyone().collect(), |person| vec![person]) {
        tell(&app.hub, person, Changed::Desk(news));
    }
}

fn is_provider(app: &App, person: PersonId) -> bool {
    app.directory.card(person).is_some_and(|card| card.role.is_provider())
}

/// The practice's hours, and the asker's own.
///
/// # Errors
/// `ProviderOnly`.
pub fn show_hours(app: &App, session: &Session) -> Answer {
    let asker = session.person.id;
    rules::may(actor(app, asker)?.role, Does::KeepDesk)?;
    Ok(Told::Hours(Box::new(app.hub.desk.kept(asker))))
}

/// Sets the asker's own.
///
/// # Errors
/// `ProviderOnly`; `Invalid` for a field; `Outdated` when they have been changed since the asker
/// looked.
pub async fn set_own(app: &Arc<App>, session: &Session, revision: u64, own: Own) -> Answer {
    may_change(app, session, false)?;
    let (asker, own) = (session.person.id, own.checked()?);
    let key = keys::own_hours(asker);
    let read = app.store.read(move |store| hours::change(store, key, revision, own));
    let made = read.await.map_err(|error| failed(&error))?;
    let (after, before, mut batch) = made.ok_or(Refusal::Outdated)?;
    let named = fields::of_own_hours(&before, &after.set);
    batch.audit.push(audit::of(Action::SettingsChanged).over(session).naming(&named));
    if !commit(app, batch).await? {
        return Err(Refusal::Outdated);
    }
    app.hub.desk.put_own(asker, after);
    tell_of(app, News::Hours, Some(asker));
    show_hours(app, session)
}

/// Sets the practice's.
///
/// # Errors
/// `ProviderOnly`, `OwnerOnly`; as [`set_own`].
pub async fn set_common(
    app: &Arc<App>,
    session: &Session,
    revision: u64,
    common: Common,
) -> Answer {
    may_change(app, session, true)?;
    let (key, common) = (keys::common_hours(), common.checked()?);
    let read = app.store.read(move |store| hours::change(store, key, revision, common));
    let made = read.await.map_err(|error| failed(&error))?;
    let (after, before, mut batch) = made.ok_or(Refusal::Outdated)?;
    let named = fields::of_common_hours(&before, &after.set);
    let record = audit::of(Action::PracticeChanged).over(session).to_practice();
    batch.audit.push(record.naming(&named));
    if !commit(app, batch).await? {
        return Err(Refusal::Outdated);
    }
    app.hub.desk.put_common(after);
    tell_of(app, News::Hours, None);
    show_hours(app, session)
}
