//! One's own account, and where one is signed in.

use std::sync::Arc;

use shared_proto::account::{AccountChange, Device};
use shared_proto::audit::Action;
use shared_proto::conversation::event::Part;
use shared_proto::id::{DeviceId, PersonId};
use shared_proto::limits;
use shared_proto::notice::How;
use shared_proto::office::Told;
use shared_proto::people::{self as names, Role};
use shared_proto::practice::{language, time_zone};
use shared_proto::refusal::{Field, Refusal};
use shared_proto::wire::close;

use super::again::confirmed;
use super::notices::noted_consents;
use super::people::kept_details;
use super::{Answer, change_person, failed, noted_fields};
use crate::app::App;
use crate::audit::{self, fields};
use crate::auth::sessions;
use crate::clock;
use crate::socket::session::Session;
use crate::store::engine::Batch;
use crate::store::people::{self, Choice, PersonRecord};
use crate::store::sessions::TokenHash;
use crate::store::{Store, activity, charts, sessions as records};

/// The asker's own account.
///
/// # Errors
/// When the store cannot be read.
pub async fn show(app: &App, asker: PersonId) -> Answer {
    let read = app.store.read(move |store| {
        let Some(record) = people::load(store, asker)? else { return Ok(None) };
        let details = charts::load(store, asker)?;
        Ok(Some((record, details)))
    });
    let found = read.await.map_err(|error| failed(&error))?;
    let (record, details) = found.ok_or(Refusal::SignInRequired)?;
    let mut account = record.own_account();
    account.details = (record.role == Role::Client).then_some(details);
    Ok(Told::Account(Box::new(account)))
}

/// Changes the asker's own account.
///
/// # Errors
/// `Invalid` for a field; when it could not be made durable.
pub async fn change(app: &Arc<App>, session: &Session, change: AccountChange) -> Answer {
    if let AccountChange::Details(details) = change {
        return own_details(app, session, *details).await;
    }
    let asker = session.person.id;
    let checked = match change {
        AccountChange::Name(name) => AccountChange::Name(names::name(Field::Name, &name)?),
        AccountChange::Mobile(phone) => AccountChange::Mobile(names::phone(&phone)?),
        AccountChange::Language(tag) if !tag.is_empty() => AccountChange::Language(language(&tag)?),
        AccountChange::TimeZone(zone) if !zone.is_empty() => {
            AccountChange::TimeZone(time_zone(&zone)?)
        }
        other => other,
    };
    let choice = Choice { at: clock::now(), how: How::Themselves, by: None };
    let of_consents = matches!(checked, AccountChange::Consents(_));
    let judge = move |record: &mut PersonRecord| {
        match &checked {
            AccountChange::Name(name) => record.name.clone_from(name),
            AccountChange::Mobile(phone) => record.set_phone(phone.clone(), false),
            AccountChange::Language(tag) => record.language.clone_from(tag),
            AccountChange::TimeZone(zone) => record.time_zone.clone_from(zone),
            AccountChange::Consents(consents) => {
                record.agree(*consents, choice);
            }
            AccountChange::ReadReceipts(shown) => record.read_receipts = *shown,
            AccountChange::Details(_) => {}
        }
        Ok(())
    };
    let of_settings = audit::of(Action::SettingsChanged).over(session);
    let noted = noted_fields(of_settings.clone());
    let noted_consents = noted_consents(of_settings.to(asker), How::Themselves);
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        let record = if of_consents {
            noted_consents(store, person, batch)?
        } else {
            noted(store, person, batch)?
        };
        let before = people::load(store, asker)?;
        let parts = before.map(|before| fields::parts_of_person(&before, person));
        activity::intend(store, person, &parts.unwrap_or_default(), batch)?;
        Ok(record)
    };
    change_person(app, asker, judge, with).await?;
    app.hub.clock.set();
    show(app, asker).await
}

async fn own_details(
    app: &Arc<App>,
    session: &Session,
    details: shared_proto::chart::Details,
) -> Answer {
    let asker = session.person.id;
    let details = details.checked().map_err(|(_, refusal)| refusal)?;
    let judge = |record: &mut PersonRecord| {
        if record.role == Role::Client { Ok(()) } else { Err(Refusal::NotFound) }
    };
    let kept =
        kept_details(details.clone(), audit::of(Action::ChartChanged).over(session).to(asker));
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        let record = kept(store, person, batch)?;
        let before = charts::load(store, asker)?;
        let parts: Vec<Part> = details.changed(&before).map(Part::Detail).collect();
        activity::intend(store, person, &parts, batch)?;
        Ok(record)
    };
    change_person(app, asker, judge, with).await?;
    app.hub.clock.set();
    show(app, asker).await
}

/// Where the asker is signed in, last active first.
///
/// # Errors
/// When the store cannot be read.
pub async fn devices(app: &App, session: &Session) -> Answer {
    let asker = session.person.id;
    let read = app.store.read(move |store| {
        let Some(person) = people::load(store, asker)? else { return Ok(Vec::new()) };
        let mut found = records::of(store, asker, limits::DEVICES * 2)?;
        found.retain(|(_, record)| record.epoch == person.session_epoch);
        Ok(found)
    });
    let found = read.await.map_err(|error| failed(&error))?;
    let now = clock::now();
    let live = found.into_iter().filter(|(_, record)| record.expires_at > now);
    let mut devices: Vec<Device> = live
        .map(|(token, record)| Device {
            id: record.device,
            last_active: app.activity.last(&token, record.last_active),
            browser: record.browser,
            system: record.system,
            since: record.created_at,
            this_one: token == session.token,
        })
        .collect();
    devices.sort_by_key(|device| std::cmp::Reverse((device.this_one, device.last_active)));
    Ok(Told::Devices(devices))
}

/// Signs one of the asker's devices out, or all but the one that asks, by their password.
///
/// # Errors
/// `NotFound` for a device that is not theirs; what [`confirmed`] refuses; when it could not be
/// made durable.
pub async fn sign_out(
    app: &App,
    session: &Session,
    device: Option<DeviceId>,
    password: &str,
) -> Answer {
    // Whatever they entered, a device that is not theirs is not there.
    if device.is_some() && meant(app, session, device).await?.is_empty() {
        return Err(Refusal::NotFound);
    }
    confirmed(app, session, password).await?;
    // Read again: one that began while the password was compared is meant as well.
    for token in meant(app, session, device).await? {
        let record = audit::of(Action::DeviceSignedOut).over(session);
        let ended = sessions::end(&app.store, &token, session.person.id, record).await;
        ended.map_err(|error| failed(&error))?;
        app.activity.forget(&token);
        app.hub.close(session.person.id, Some(&token), close::SESSION_ENDED);
        tracing::info!(person = %session.person.id, "a device was signed out");
    }
    devices(app, session).await
}

/// The asker's sessions on a device, or on all but the one that asks.
async fn meant(
    app: &App,
    session: &Session,
    device: Option<DeviceId>,
) -> Result<Vec<TokenHash>, Refusal> {
    let asker = session.person.id;
    let read = app.store.read(move |store| records::of(store, asker, limits::DEVICES * 2));
    let found = read.await.map_err(|error| failed(&error))?.into_iter();
    let meant = found.filter(|(token, record)| match device {
        Some(device) => record.device == device,
        None => *token != session.token,
    });
    Ok(meant.map(|(token, _)| token).collect())
}
