//! One's own second factors. Whoever changes them enters their password again, the change is in
//! the audit log, and a letter tells its person. With the first one every other session of theirs
//! ends: it was begun with the password alone (ASVS 7.4.3).

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::factors::{FactorAsk, FactorList, FactorTold, RecoveryCodes};
use shared_proto::id::{PasskeyId, PersonId};
use shared_proto::limits;
use shared_proto::office::Told;
use shared_proto::people;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::close;

use super::again::confirmed;
use super::{Answer, failed};
use crate::app::App;
use crate::audit;
use crate::auth::second::{self, SettingUp};
use crate::auth::{recovery, sessions, totp};
use crate::clock;
use crate::mail::{Job, Letter, queue};
use crate::socket::session::Session;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::factors::{self, FactorsRecord, StoredPasskey, Totp};
use crate::store::people::PersonRecord;
use crate::store::practice::UNNAMED;
use crate::store::{StoreError, people as records};

/// How often a change is judged anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// Sees to one ask.
///
/// # Errors
/// `Invalid` for a field, also for a wrong password; `WrongCode`, `CodeExpired`, `StepExpired`,
/// `LastFactor`, `TooManyTries`; when it could not be made durable.
pub async fn handle(app: &Arc<App>, session: &Session, ask: FactorAsk) -> Answer {
    let told = match ask {
        FactorAsk::List => {
            let record = second::load(&app.store, session.person.id).await?.record;
            FactorTold::List(shown(app, session, &record))
        }
        FactorAsk::BeginTotp { password } => begin_totp(app, session, password).await?,
        FactorAsk::FinishTotp { ticket, code } => finish_totp(app, session, &ticket, &code).await?,
        FactorAsk::RemoveTotp { password } => {
            let person = confirmed(app, session, &password).await?;
            let removed = Change { action: Action::FactorRemoved, detail: "app" };
            let judge = |record: &mut FactorsRecord| {
                record.totp.take().ok_or(Refusal::NotFound)?;
                may_go(app, session, record, &password)
            };
            change(app, session, &person, removed, judge).await?
        }
        FactorAsk::BeginPasskey { name, password } => {
            begin_passkey(app, session, &name, &password).await?
        }
        FactorAsk::FinishPasskey { ticket, response } => {
            finish_passkey(app, session, &ticket, &response).await?
        }
        FactorAsk::RenamePasskey { passkey, name, password } => {
            let name = people::passkey_name(&name)?;
            let person = confirmed(app, session, &password).await?;
            let renamed = Change { action: Action::FactorRenamed, detail: "passkey" };
            let judge = |record: &mut FactorsRecord| {
                one(record, passkey)?.name.clone_from(&name);
                Ok(())
            };
            change(app, session, &person, renamed, judge).await?
        }
        FactorAsk::RemovePasskey { passkey, password } => {
            let person = confirmed(app, session, &password).await?;
            let removed = Change { action: Action::FactorRemoved, detail: "passkey" };
            let judge = |record: &mut FactorsRecord| {
                one(record, passkey)?;
                record.passkeys.retain(|kept| kept.id != passkey);
                may_go(app, session, record, &password)
            };
            change(app, session, &person, removed, judge).await?
        }
        FactorAsk::NewRecoveryCodes { password } => {
            let person = confirmed(app, session, &password).await?;
            let replaced = Change { action: Action::RecoveryReplaced, detail: "recovery codes" };
            let judge = |record: &mut FactorsRecord| {
                if !record.has_factor() {
                    return Err(Refusal::NotFound);
                }
                record.recovery.clear();
                Ok(())
            };
            change(app, session, &person, replaced, judge).await?
        }
    };
    Ok(Told::Factors(Box::new(told)))
}

fn shown(app: &App, session: &Session, record: &FactorsRecord) -> FactorList {
    FactorList {
        factors: record.shown(),
        passkeys_offered: app.second.passkeys.is_some(),
        required: app.needs_factor(session.person.role),
    }
}

async fn begin_totp(app: &App, session: &Session, password: String) -> Result<FactorTold, Refusal> {
    let person = confirmed(app, session, &password).await?;
    let secret = totp::generate();
    let set_up = totp::set_up(&secret, &practice_name(app), &person.email);
    let ticket = app.second.setting_up.begin(person.id, SettingUp::Totp(secret))?;
    Ok(FactorTold::Totp { ticket, set_up })
}

async fn finish_totp(
    app: &App,
    session: &Session,
    ticket: &str,
    code: &str,
) -> Result<FactorTold, Refusal> {
    if code.trim().is_empty() {
        return Err(Refusal::invalid(Field::Code, Rule::Empty));
    }
    let asker = session.person.id;
    let look = |person: PersonId, step: &mut SettingUp| match step {
        SettingUp::Totp(secret) if person == asker => Some(*secret),
        _ => None,
    };
    let secret = app.second.setting_up.look(ticket, look)?.ok_or(Refusal::StepExpired)?;
    // Nothing to guess: whoever sets it up was shown the secret.
    let step = totp::verify(&secret, code, clock::now(), None)?;
    app.second.setting_up.take(ticket)?;
    let person = loaded(app, asker).await?;
    let added = Change { action: Action::FactorAdded, detail: "app" };
    let judge = |record: &mut FactorsRecord| {
        record.totp = Some(Totp { secret, confirmed_at: clock::now(), last_step: Some(step) });
        Ok(())
    };
    change(app, session, &person, added, judge).await
}

async fn begin_passkey(
    app: &App,
    session: &Session,
    name: &str,
    password: &str,
) -> Result<FactorTold, Refusal> {
    let passkeys = app.second.passkeys.as_ref().ok_or(Refusal::NotFound)?;
    let name = people::passkey_name(name)?;
    let person = confirmed(app, session, password).await?;
    let record = second::load(&app.store, person.id).await?.record;
    let begun =
        passkeys.begin_registration(person.id, &person.name, &person.email, &record.passkeys);
    let (options, registration) = begun?;
    let step = SettingUp::Passkey { name, registration: Box::new(registration) };
    let ticket = app.second.setting_up.begin(person.id, step)?;
    Ok(FactorTold::Passkey { ticket, options })
}

async fn finish_passkey(
    app: &App,
    session: &Session,
    ticket: &str,
    response: &str,
) -> Result<FactorTold, Refusal> {
    let passkeys = app.second.passkeys.as_ref().ok_or(Refusal::NotFound)?;
    let asker = session.person.id;
    let step = match app.second.setting_up.take(ticket)? {
        (person, SettingUp::Passkey { name, registration }) if person == asker => {
            (name, registration)
        }
        _ => return Err(Refusal::StepExpired),
    };
    let (name, registration) = step;
    let made = passkeys.finish_registration(&registration, response, &name, clock::now())?;
    let person = loaded(app, asker).await?;
    let added = Change { action: Action::FactorAdded, detail: "passkey" };
    let judge = |record: &mut FactorsRecord| {
        if record.passkeys.len() >= limits::PASSKEYS {
            let limit = limits::PASSKEYS as u32;
            return Err(Refusal::invalid(Field::PasskeyName, Rule::TooMany { limit }));
        }
        record.passkeys.push(made.clone());
        Ok(())
    };
    change(app, session, &person, added, judge).await
}

fn one(record: &mut FactorsRecord, passkey: PasskeyId) -> Result<&mut StoredPasskey, Refusal> {
    record.passkeys.iter_mut().find(|kept| kept.id == passkey).ok_or(Refusal::NotFound)
}

/// Whether what was just taken out of the record may go. The last factor stays with whoever needs
/// one; of others it takes the recovery codes along, and leaves a password that is long enough to
/// stand alone.
fn may_go(
    app: &App,
    session: &Session,
    record: &mut FactorsRecord,
    password: &str,
) -> Result<(), Refusal> {
    if record.has_factor() {
        return Ok(());
    }
    if app.needs_factor(session.person.role) {
        return Err(Refusal::LastFactor);
    }
    let limit = *limits::PASSWORD_SCALARS.start();
    if password.chars().count() < limit {
        let rule = Rule::TooShort { limit: limit as u32 };
        return Err(Refusal::invalid(Field::CurrentPassword, rule));
    }
    record.recovery.clear();
    Ok(())
}

async fn loaded(app: &App, person: PersonId) -> Result<PersonRecord, Refusal> {
    let read = app.store.read(move |store| records::load(store, person)).await;
    read.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)
}

/// What the audit log says of a change.
#[derive(Clone, Copy)]
struct Change {
    action: Action,
    detail: &'static str,
}

/// Judges and makes a change to the asker's factors. Whoever has a factor and no recovery codes
/// gets new ones with it.
async fn change(
    app: &App,
    session: &Session,
    person: &PersonRecord,
    made: Change,
    judge: impl Fn(&mut FactorsRecord) -> Result<(), Refusal>,
) -> Result<FactorTold, Refusal> {
    let job = notice(app, person);
    for _ in 0..TRIES {
        let loaded = second::load(&app.store, person.id).await?;
        let mut record = loaded.record.clone();
        judge(&mut record)?;
        let mut shown_once = RecoveryCodes::default();
        if record.has_factor() && record.recovery.is_empty() {
            (shown_once.0, record.recovery) = recovery::generate();
        }
        let mut batch = factors::put(&app.store, person.id, &loaded, &record);
        let is_first = record.has_factor() && !loaded.record.has_factor();
        if is_first {
            alone(app, session, &mut batch).await?;
        }
        batch.put.push(queue::job(&app.store, &job));
        batch.audit.push(audit::of(made.action).over(session).to(person.id).with(made.detail));
        match app.store.commit(batch).await {
            Ok(()) => {
                if is_first {
                    app.hub.close_others(person.id, &session.token, close::SESSION_ENDED);
                }
                app.mail.wake();
                tracing::info!(person = %person.id, "second factors were changed");
                let factors = shown(app, session, &record);
                return Ok(FactorTold::Changed { factors, recovery: shown_once });
            }
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(Refusal::Busy)
}

/// Adds to `batch` that of the asker's sessions only the one that asks goes on. A sign-in that is
/// under way with the password alone begins in an epoch that is over.
async fn alone(app: &App, session: &Session, batch: &mut Batch) -> Result<(), Refusal> {
    let (id, token) = (session.person.id, session.token);
    let made = app.store.read(move |store| {
        let changed = records::change(store, id, |person| {
            person.session_epoch += 1;
            Ok::<_, Refusal>(())
        });
        let Some(Ok((person, mut batch))) = changed? else { return Ok(None) };
        Ok(sessions::keep_one(store, &token, &token, &person, &mut batch)?.then_some(batch))
    });
    let made = made.await.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)?;
    batch.expect.extend(made.expect);
    batch.put.extend(made.put);
    batch.delete.extend(made.delete);
    Ok(())
}

/// The letter about a change of somebody's second factors.
fn notice(app: &App, person: &PersonRecord) -> Job {
    let practice = app.practice.record();
    let of_practice = practice.map(|practice| practice.settings.language.clone());
    let own = Some(person.language.clone()).filter(|language| !language.is_empty());
    Job {
        to: person.email.clone(),
        language: own.or(of_practice).unwrap_or_default(),
        letter: Letter::FactorChanged { practice: practice_name(app) },
    }
}

fn practice_name(app: &App) -> String {
    app.practice_name().unwrap_or_else(|| UNNAMED.to_owned())
}
