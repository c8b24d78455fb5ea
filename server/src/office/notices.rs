//! Notices of one's own: wishes, consent, the mobile number, browsers that may be pushed to.

use std::net::IpAddr;
use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::chart::Consents;
use shared_proto::id::{DeviceId, PersonId};
use shared_proto::limits;
use shared_proto::notice::ask::{Ask, PushDevice, Standing};
use shared_proto::notice::rule::{Why, ways};
use shared_proto::notice::{Channel, How, Wishes};
use shared_proto::office::{Changed, Told};
use shared_proto::refusal::Refusal;

use super::{Added, Answer, change_person, failed, noted, tell};
use crate::app::App;
use crate::audit;
use crate::clock;
use crate::notices::Failure;
use crate::notices::reader::{Facts, Round};
use crate::socket::session::Session;
use crate::store::audit::Record;
use crate::store::engine::Batch;
use crate::store::notices::{DeviceRecord, Job, Named, device_id, devices};
use crate::store::people::{self, Choice, PersonRecord};
use crate::store::{Store, StoreError, keys};

/// Sees to what somebody asks about notices of their own.
///
/// # Errors
/// The rule that was broken; when it could not be made durable.
pub async fn handle(app: &Arc<App>, session: &Session, ask: Ask) -> Answer {
    match ask {
        Ask::Standing => {}
        Ask::Wish(wishes) => wish(app, session, wishes.checked()?).await?,
        Ask::Test(channel) => test(app, session, channel).await?,
        Ask::SendCode => send_code(app, session).await?,
        Ask::Confirm { code } => confirm(app, session, &code).await?,
        Ask::Allow(device) => allow(app, session, *device).await?,
        Ask::Disallow { all } => {
            let of = (!all).then_some(session.device);
            forget_browsers(app, session, of).await?;
        }
    }
    Ok(Told::Notices(Box::new(standing(app, session).await?)))
}

async fn facts(app: &Arc<App>, person: PersonId) -> Result<Facts, Refusal> {
    let round = Round::of(app, clock::now());
    let active = app.hub.active_at(person, round.now);
    let read = app.store.read(move |store| Facts::read(store, &round, person, active)).await;
    read.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)
}

async fn standing(app: &Arc<App>, session: &Session) -> Result<Standing, Refusal> {
    let facts = facts(app, session.person.id).await?;
    let here = |(_, record): &([u8; 16], DeviceRecord)| record.session == session.device;
    Ok(Standing {
        wishes: facts.person.wishes,
        stopped: ways(&facts.reader).map(Result::err),
        push_key: app.notices.push_key().to_vec(),
        browsers: u8::try_from(facts.devices.len()).unwrap_or(u8::MAX),
        this_browser: facts.devices.iter().any(here),
        mobile_confirmed: facts.person.phone_confirmed,
    })
}

async fn wish(app: &Arc<App>, session: &Session, wishes: Wishes) -> Result<(), Refusal> {
    let judge = move |record: &mut PersonRecord| {
        record.wishes = wishes;
        Ok(())
    };
    let record = audit::of(Action::SettingsChanged).over(session);
    let with = move |store: &Store, person: &PersonRecord, _: &mut Batch| {
        let before = people::load(store, person.id)?.map(|before| before.wishes);
        let before = before.unwrap_or_default();
        let named: Vec<&'static str> = [
            ("quiet-hours", before.quiet != wishes.quiet),
            ("reminder", before.remind_after != wishes.remind_after),
            ("sound", before.sound != wishes.sound),
        ]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name)
        .collect();
        Ok(Ok(record.clone().naming(&named)))
    };
    change_person(app, session.person.id, judge, with).await.map(|_| ())
}

/// Takes one off what somebody may send themselves.
fn spend(app: &App, person: PersonId) -> Result<(), Refusal> {
    let key = app.store.vault.lookup("notices to oneself", &person.to_string());
    app.throttle.spend(key, limits::NOTICE_TESTS)
}

/// Sends somebody a notice at once, by the way every other one goes.
async fn test(app: &Arc<App>, session: &Session, channel: Channel) -> Result<(), Refusal> {
    let facts = facts(app, session.person.id).await?;
    ways(&facts.reader)[channel.place()].map_err(Refusal::NoNotice)?;
    spend(app, facts.person.id)?;
    send_test(app, channel, &facts).await.map(|_| ()).map_err(|error| failed(&error))
}

/// Keeps a notice that is about nothing; what it is called, one for each browser of a push.
///
/// # Errors
/// When it could not be made durable.
pub async fn send_test(
    app: &Arc<App>,
    channel: Channel,
    facts: &Facts,
) -> Result<Vec<[u8; 16]>, StoreError> {
    let now = clock::now();
    let browsers: Vec<Option<[u8; 16]>> = match channel {
        Channel::Push => facts.devices.iter().map(|(id, _)| Some(*id)).collect(),
        Channel::Email | Channel::Sms => vec![None],
    };
    let (mut batch, mut ids) = (Batch::default(), Vec::new());
    for device in &browsers {
        let job = Job { device: *device, ..Job::new(facts.person.id, now) };
        let named = Named { channel, since: now, id: rand::random(), job };
        named.put(&app.store, &mut batch);
        ids.push(named.id);
    }
    app.store.commit(batch).await?;
    app.notices.wait(channel, ids.len());
    Ok(ids)
}

async fn send_code(app: &Arc<App>, session: &Session) -> Result<(), Refusal> {
    let facts = facts(app, session.person.id).await?;
    // Whether they agree can come after; what the practice does not send, it sends to nobody.
    if let Err(why @ (Why::Policy | Why::NoWayOut)) = ways(&facts.reader)[Channel::Sms.place()] {
        return Err(Refusal::NoNotice(why));
    }
    let Some(number) = facts.mobile.clone() else {
        let missing = facts.person.phone.is_empty();
        return Err(Refusal::NoNotice(if missing { Why::NoAddress } else { Why::Unfit }));
    };
    spend(app, facts.person.id)?;
    let code = app.notices.codes.make(facts.person.id, &number, clock::now())?;
    // Before it is sent: it costs the practice money, and may go to a number that is somebody else's.
    let record = audit::of(Action::SettingsChanged).over(session).naming(&["mobile-code"]);
    let batch = Batch { audit: vec![record], ..Batch::default() };
    app.store.commit(batch).await.map_err(|error| failed(&error))?;
    app.metrics.text_message("code");
    let sent = crate::notices::send_code(app, &number, &code, &facts.language).await;
    if matches!(sent, Ok(()) | Err(Failure::Unknown(_))) {
        // One that did not go leaves the one before as it is.
        app.notices.codes.keep(facts.person.id, &number, code, clock::now());
    }
    sent.map_err(|failure| {
        tracing::warn!(?failure, "a code was not sent");
        Refusal::NotSent
    })
}

async fn confirm(app: &Arc<App>, session: &Session, code: &str) -> Result<(), Refusal> {
    let person = session.person.id;
    let number = app.notices.codes.check(person, code, clock::now())?;
    let judge = move |record: &mut PersonRecord| {
        if shared_proto::notice::mobile(&record.phone).as_ref() != Some(&number) {
            // It is another number by now.
            return Err(Refusal::MobileCodeOver);
        }
        record.phone_confirmed = true;
        Ok(())
    };
    let record = audit::of(Action::SettingsChanged).over(session).naming(&["mobile-confirmed"]);
    change_person(app, person, judge, noted(record)).await.map(|_| ())
}

async fn allow(app: &Arc<App>, session: &Session, device: PushDevice) -> Result<(), Refusal> {
    app.notices.check_device(&device)?;
    let (person, here) = (session.person.id, session.device);
    let record = audit::of(Action::SettingsChanged).over(session).naming(&["push"]);
    let kept = DeviceRecord { device, session: here, since: clock::now() };
    let made = app.store.read(move |store| {
        let mut known = devices(store, person)?;
        let id = device_id(store, &kept.device.endpoint);
        let mut batch = Batch { audit: vec![record], ..Batch::default() };
        // A browser has one address at a time; and of too many the oldest goes.
        known.retain(|(other, _)| *other != id);
        let over = (known.len() + 1).saturating_sub(limits::PUSH_DEVICES);
        for (place, (other, record)) in known.iter().enumerate() {
            if record.session == here || place < over {
                batch.delete.push(keys::push_device(person, other));
            }
        }
        let key = keys::push_device(person, &id);
        batch.put.push((key.clone(), store.seal(&key, &kept)));
        Ok(batch)
    });
    let batch = made.await.map_err(|error| failed(&error))?;
    app.store.commit(batch).await.map_err(|error| failed(&error))?;
    told_account(app, person).await;
    Ok(())
}

/// Has every window of somebody look again how it stands.
async fn told_account(app: &App, person: PersonId) {
    let read = app.store.read(move |store| people::load(store, person)).await;
    if let Ok(Some(record)) = read {
        tell(&app.hub, person, Changed::Account(Box::new(record.own_account())));
    }
}

/// Forgets the browsers of somebody that may be pushed to: that of one session, or all.
///
/// # Errors
/// When it could not be made durable.
async fn forget_browsers(
    app: &Arc<App>,
    session: &Session,
    of: Option<DeviceId>,
) -> Result<(), Refusal> {
    let person = session.person.id;
    let made = app.store.read(move |store| {
        let mut batch = Batch::default();
        let meant = |device| of.is_none_or(|of| device == of);
        crate::store::notices::forget(store, person, meant, &mut batch)?;
        Ok(batch)
    });
    let mut batch = made.await.map_err(|error| failed(&error))?;
    if batch.delete.is_empty() {
        return Ok(());
    }
    let record = audit::of(Action::SettingsChanged).over(session);
    batch.audit.push(record.naming(&["push", "removed"]));
    app.store.commit_from_reserve(batch).await.map_err(|error| failed(&error))?;
    told_account(app, person).await;
    Ok(())
}

/// Forgets a browser that ended its subscription.
///
/// # Errors
/// When it could not be made durable.
pub async fn forget_browser(
    app: &Arc<App>,
    person: PersonId,
    browser: [u8; 16],
) -> Result<(), Refusal> {
    let key = keys::push_device(person, &browser);
    let sought = key.clone();
    let found = app.store.read(move |store| Ok(store.engine.get(&sought)?.is_some())).await;
    if !found.map_err(|error| failed(&error))? {
        return Ok(());
    }
    let record = audit::of(Action::SettingsChanged).to(person).naming(&["push", "removed"]);
    let batch = Batch { delete: vec![key], audit: vec![record], ..Batch::default() };
    app.store.commit_from_reserve(batch).await.map_err(|error| failed(&error))?;
    told_account(app, person).await;
    Ok(())
}

/// Turns notices on a channel off for somebody, at once: what waits to be sent does not go any more.
///
/// # Errors
/// `NotFound` for nobody; when it could not be made durable.
pub async fn withdraw(
    app: &Arc<App>,
    person: PersonId,
    channel: Channel,
    how: How,
    from: Option<IpAddr>,
) -> Result<(), Refusal> {
    switch(app, person, channel, false, how, from).await
}

/// Turns text messages on again for somebody who ended them by an answer, and asks for them so. Nobody
/// who said otherwise by themselves, or never agreed, is taken at an answer from their number.
///
/// # Errors
/// As there.
pub async fn resume(app: &Arc<App>, person: PersonId) -> Result<(), Refusal> {
    switch(app, person, Channel::Sms, true, How::Reply, None).await
}

async fn switch(
    app: &Arc<App>,
    person: PersonId,
    channel: Channel,
    on: bool,
    how: How,
    from: Option<IpAddr>,
) -> Result<(), Refusal> {
    let choice = Choice { at: clock::now(), how, by: None };
    let judge = move |record: &mut PersonRecord| {
        let Consents { email, sms } = record.consents;
        let consents = match channel {
            Channel::Email => Consents { email: on, sms },
            Channel::Sms => Consents { email, sms: on },
            // A browser is turned off where it is.
            Channel::Push => return Err(Refusal::NotFound),
        };
        let ended_so = record.sms_choice.is_some_and(|choice| choice.how == How::Reply);
        if on && !(ended_so && record.phone_confirmed) {
            return Err(Refusal::Outdated);
        }
        if record.agree(consents, choice).is_empty() {
            // Said twice it is so already.
            return Err(Refusal::Outdated);
        }
        Ok(())
    };
    let mut record = audit::of(Action::ConsentWithdrawn).by(person).to(person);
    if let Some(from) = from {
        record = record.from(from);
    }
    match change_person(app, person, judge, noted_consents(record, how)).await {
        Ok(_) | Err(Refusal::Outdated) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// To a change of consent belongs a record a channel, which says how; to one that changes nothing,
/// `record` as it is.
pub fn noted_consents(
    record: Record,
    how: How,
) -> impl Fn(&Store, &PersonRecord, &mut Batch) -> Added + Clone + Send + 'static {
    move |store, person, batch| {
        let before = people::load(store, person.id)?.map(|before| before.consents);
        let (before, after) = (before.unwrap_or_default(), person.consents);
        let channels = [("email", before.email, after.email), ("sms", before.sms, after.sms)];
        let changed = channels.into_iter().filter(|(_, was, is)| was != is);
        let mut records: Vec<Record> = changed
            .map(|(channel, _, on)| {
                let action = if on { Action::ConsentGiven } else { Action::ConsentWithdrawn };
                let words: &[&'static str] = match how {
                    How::Themselves => &[channel],
                    How::Practice => &[channel, "on-paper"],
                    How::Link => &[channel, "by-link"],
                    How::Reply => &[channel, "by-reply"],
                };
                Record { action, ..record.clone() }.naming(words)
            })
            .collect();
        let first = records.pop().unwrap_or_else(|| record.clone());
        batch.audit.append(&mut records);
        Ok(Ok(first))
    }
}
