//! Letters with a link that somebody has sent to another: an invitation, a new password.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::office::Told;
use shared_proto::people::rules::{self, Actor, With};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use super::{Answer, actor, change_person, failed};
use crate::app::App;
use crate::audit;
use crate::clock;
use crate::links::{self, Post};
use crate::mail::Letter;
use crate::socket::session::Session;
use crate::store::engine::Batch;
use crate::store::links::{self as records, Purpose};
use crate::store::people::{self, PersonRecord};
use crate::store::{Store, StoreError};

/// Invites somebody, again or for the first time: the link in the letter voids those before.
///
/// # Errors
/// `NotFound` for whom the asker does not see; the rule; `TooManyTries`; when it could not be made
/// durable.
pub async fn invite(app: &Arc<App>, session: &Session, person: PersonId) -> Answer {
    let acting = allowed(app, session, person, With::Invite)?;
    let inviter = app.directory.card(acting.id).map(|card| card.name).unwrap_or_default();
    let (post, until) = (Post::of(app), Millis(clock::now().0 + limits::INVITATION_MS));
    let judge = move |record: &mut PersonRecord| {
        rules::may_with(&acting, With::Invite, &record.row())?;
        record.invited_until = Some(until);
        Ok(())
    };
    let record = audit::of(Action::PersonInvited).over(session).to(person);
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        let link = post.link(Purpose::Invitation, person, Some(acting.id));
        let mut links = records::load(store, person.id)?;
        links.record.invitation = Some(link.hash);
        links.put(store, &[link.kept()], batch);
        let (practice, inviter) = (post.practice.clone(), inviter.clone());
        let letter = Letter::Invitation { practice, inviter, link: link.url };
        post.send(store, person, &person.email, letter, batch);
        Ok(Ok(record.clone()))
    };
    let invited = change_person(app, person, judge, with).await?;
    app.mail.wake();
    tracing::info!(%person, by = %acting.id, "a person was invited");
    Ok(Told::Person(Box::new(invited.row())))
}

/// Sends somebody who has an account a link to a new password.
///
/// # Errors
/// As [`invite`].
pub async fn send_reset(app: &App, session: &Session, person: PersonId) -> Result<(), Refusal> {
    let acting = allowed(app, session, person, With::Reset)?;
    let (post, record) = (Post::of(app), audit::of(Action::ResetAsked).over(session).to(person));
    let make = move |store: &Store| {
        let Some(found) = people::load(store, person)? else { return Ok(Err(Refusal::NotFound)) };
        if let Err(refusal) = rules::may_with(&acting, With::Reset, &found.row()) {
            return Ok(Err(refusal));
        }
        let mut batch = Batch { audit: vec![record.clone()], ..Batch::default() };
        post.reset(store, &found, Some(acting.id), &mut batch)?;
        Ok::<_, StoreError>(Ok(batch))
    };
    links::commit(&app.store, make).await?;
    app.mail.wake();
    tracing::info!(%person, by = %acting.id, "a person was sent a link to a new password");
    Ok(())
}

/// Who asks, if they may do this with somebody now, and have not had too many letters sent.
fn allowed(app: &App, session: &Session, person: PersonId, does: With) -> Result<Actor, Refusal> {
    let acting = actor(app, session.person.id)?;
    let row = app.directory.row(person).ok_or(Refusal::NotFound)?;
    rules::may_with(&acting, does, &row)?;
    let vault = &app.store.vault;
    let by = vault.lookup("letters by", &acting.id.to_string());
    app.throttle.spend(by, limits::LETTERS_PER_PERSON)?;
    app.throttle.spend(vault.lookup("letters to", &row.email), limits::LETTERS_PER_EMAIL)?;
    Ok(acting)
}

/// Whether this is the change that was asked for a moment ago, and nobody has confirmed anything: its
/// letters are on their way, and other links would void those in them.
fn is_asked_again(
    store: &Store,
    change: Option<&records::ChangeRecord>,
    email: &str,
) -> Result<bool, StoreError> {
    let now = clock::now();
    let Some(records::ChangeRecord { email: before, new: Some(new), old: Some(_) }) = change else {
        return Ok(false);
    };
    let found = if before == email { records::find(store, *new, now)? } else { None };
    Ok(found.is_some_and(|found| now.since(found.link.made_at) < limits::ASKED_AGAIN_MS))
}

/// Starts a change of the asker's email: a letter to the address they have and one to the other.
/// When somebody else has that one, nothing is sent there, and the answer is the same.
///
/// # Errors
/// `Invalid` for the email; `WrongCredentials`, `TooManyTries`; when it could not be made durable.
pub async fn change_email(
    app: &App,
    session: &Session,
    email: &str,
    password: String,
) -> Result<(), Refusal> {
    use shared_proto::people as names;
    use shared_proto::refusal::{Field, Rule};
    let email = names::email(email)?;
    let asker = session.person.id;
    let known = app.store.read(move |store| people::load(store, asker)).await;
    let known = known.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)?;
    if known.email == email {
        return Err(Refusal::invalid(Field::Email, Rule::Duplicate));
    }
    app.verify(&known, &session.token, password, session.address).await?;
    let vault = &app.store.vault;
    for address in [&email, &known.email] {
        app.throttle.spend(vault.lookup("letters to", address), limits::LETTERS_PER_EMAIL)?;
    }
    let (post, record) = (Post::of(app), audit::of(Action::EmailChangeAsked).over(session));
    let record = record.to(asker);
    let make = move |store: &Store| {
        let Some(person) = people::load(store, asker)?.filter(PersonRecord::may_enter) else {
            return Ok(Err(Refusal::SignInRequired));
        };
        if person.session_epoch != known.session_epoch {
            return Ok(Err(Refusal::SignInRequired));
        }
        let [new, old] =
            [Purpose::NewEmail, Purpose::OldEmail].map(|purpose| post.link(purpose, &person, None));
        let mut links = records::load(store, asker)?;
        if is_asked_again(store, links.record.change.as_ref(), &email)? {
            return Ok(Ok(Batch::default()));
        }
        links.record.change = Some(records::ChangeRecord {
            email: email.clone(),
            new: Some(new.hash),
            old: Some(old.hash),
        });
        let mut batch = Batch { audit: vec![record.clone()], ..Batch::default() };
        links.put(store, &[new.kept(), old.kept()], &mut batch);
        let practice = || post.practice.clone();
        let letter = Letter::ConfirmOldEmail { practice: practice(), link: old.url };
        post.send(store, &person, &person.email, letter, &mut batch);
        if people::by_email(store, &email)?.is_none() {
            let letter = Letter::ConfirmNewEmail { practice: practice(), link: new.url };
            post.send(store, &person, &email, letter, &mut batch);
        }
        Ok::<_, StoreError>(Ok(batch))
    };
    links::commit(&app.store, make).await?;
    app.mail.wake();
    tracing::info!(person = %asker, "another email was asked for");
    Ok(())
}
