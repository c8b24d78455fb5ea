//! The second step of signing in, and what is under way of it: who may take which, and whether it
//! was the right one. What was used is used up before anybody is let in.

use std::sync::Arc;

use shared_proto::factors::{SecondStep, SecondSteps};
use shared_proto::id::PersonId;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;

use super::passkey::{Authentication, Passkeys, Registration};
use super::pending::Pending;
use super::totp::Secret;
use super::{recovery, totp};
use crate::clock;
use crate::settings::Settings;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::factors::{self, FactorsRecord};
use crate::store::people::PersonRecord;
use crate::store::{Store, StoreError};

/// How often a step is checked anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// Second factors as the running server deals with them.
pub struct Second {
    /// Makes and checks passkeys; `None` where the address of the server cannot have any.
    pub passkeys: Option<Passkeys>,
    /// Those who have entered their password and not yet taken the second step.
    pub signing_in: Pending<SigningIn>,
    /// Those who are setting a factor up.
    pub setting_up: Pending<SettingUp>,
}

/// Somebody whose password was right.
pub struct SigningIn {
    /// What the password was checked against: another by now ends the step.
    password_hash: Option<String>,
    epoch: u32,
    /// The passkey asked for; good for one answer.
    pub authentication: Option<Authentication>,
}

/// A factor that is being set up.
pub enum SettingUp {
    /// An authenticator app.
    Totp(Secret),
    /// A passkey.
    Passkey {
        /// What it is going to be called.
        name: String,
        /// What the browser was asked.
        registration: Box<Registration>,
    },
}

/// What a second step came to.
pub struct Taken {
    /// Whether it was a recovery code, which is gone now.
    pub by_recovery: bool,
}

impl Second {
    /// For the address the server is reached at.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        // Other ports of the same host, as in development; another host has other passkeys.
        let host = settings.host();
        let same_host = |origin: &&str| {
            let authority = origin.split_once("://").map_or(*origin, |(_, rest)| rest);
            authority == host || authority.strip_prefix(host).is_some_and(|r| r.starts_with(':'))
        };
        let further: Vec<&str> = settings.origins.iter().map(String::as_str).collect();
        let further: Vec<&str> = further.into_iter().filter(same_host).collect();
        let passkeys = Passkeys::new(&settings.url, &further);
        let passkeys = passkeys.inspect_err(|error| {
            tracing::warn!(%error, "passkeys are not offered");
        });
        Self {
            passkeys: passkeys.ok(),
            signing_in: Pending::default(),
            setting_up: Pending::default(),
        }
    }

    /// The steps somebody can take here.
    #[must_use]
    pub fn steps(&self, record: &FactorsRecord) -> SecondSteps {
        SecondSteps {
            totp: record.totp.is_some(),
            passkey: self.passkeys.is_some() && !record.passkeys.is_empty(),
            recovery: !record.recovery.is_empty(),
        }
    }

    /// Begins the second step of somebody whose password was right: its ticket, and how it can be
    /// taken. `None`: they have no second factor.
    ///
    /// # Errors
    /// `Busy`; when the store cannot be read.
    pub async fn begin(
        &self,
        store: &Arc<Store>,
        person: &PersonRecord,
    ) -> Result<Option<(String, SecondSteps)>, Refusal> {
        let record = load(store, person.id).await?.record;
        if !record.has_factor() {
            return Ok(None);
        }
        let step = SigningIn {
            password_hash: person.password_hash.clone(),
            epoch: person.session_epoch,
            authentication: None,
        };
        let ticket = self.signing_in.begin(person.id, step)?;
        Ok(Some((ticket, self.steps(&record))))
    }

    /// Whose step a ticket is, as they are now. Their password or access has changed: it is over.
    ///
    /// # Errors
    /// `StepExpired`; when the store cannot be read.
    pub async fn whose(&self, store: &Arc<Store>, ticket: &str) -> Result<PersonRecord, Refusal> {
        let look = |person, step: &mut SigningIn| (person, step.password_hash.clone(), step.epoch);
        let (id, password_hash, epoch) = self.signing_in.look(ticket, look)?;
        let person = store.read(move |store| crate::store::people::load(store, id)).await;
        let person = person.map_err(|error| failed(&error))?;
        let same = person.filter(|person| {
            person.may_enter()
                && person.password_hash == password_hash
                && person.session_epoch == epoch
        });
        same.ok_or_else(|| {
            let _ = self.signing_in.take(ticket);
            Refusal::StepExpired
        })
    }

    /// What the browser needs to ask for a passkey in the step of this ticket.
    ///
    /// # Errors
    /// `StepExpired`; `NotFound` when they have none, or there are none here.
    pub async fn ask_for_passkey(
        &self,
        store: &Arc<Store>,
        ticket: &str,
    ) -> Result<String, Refusal> {
        let passkeys = self.passkeys.as_ref().ok_or(Refusal::NotFound)?;
        let person = self.whose(store, ticket).await?;
        let record = load(store, person.id).await?.record;
        let (options, asked) = passkeys.begin_authentication(&record.passkeys)?;
        self.signing_in.look(ticket, |_, step| step.authentication = Some(asked))?;
        Ok(options)
    }

    /// Takes the second step of a ticket: checks it, and keeps that it was used together with what
    /// the audit log is to say (`records`).
    ///
    /// # Errors
    /// `WrongCode`, `CodeExpired`, `Invalid { Code }`, `StepExpired`; when it could not be made durable.
    pub async fn take(
        &self,
        store: &Arc<Store>,
        person: PersonId,
        ticket: &str,
        given: &SecondStep,
        records: impl Fn(&Taken) -> Vec<Record>,
    ) -> Result<(), Refusal> {
        let asked = match given {
            SecondStep::Passkey(_) => {
                self.signing_in.look(ticket, |_, step| step.authentication.take())?
            }
            SecondStep::Totp(_) | SecondStep::Recovery(_) => None,
        };
        for _ in 0..TRIES {
            let loaded = load(store, person).await?;
            let mut record = loaded.record.clone();
            let taken = self.check(&mut record, given, asked.as_ref(), clock::now())?;
            let mut batch = factors::put(store, person, &loaded, &record);
            batch.audit = records(&taken);
            match store.commit(batch).await {
                // Whoever took the same step in the same moment has ended it.
                Ok(()) => return self.signing_in.take(ticket).map(|_| ()),
                Err(StoreError::Commit(CommitError::Conflict)) => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        Err(Refusal::Busy)
    }

    /// Whether a step is the right one, and uses it up in the record.
    fn check(
        &self,
        record: &mut FactorsRecord,
        given: &SecondStep,
        asked: Option<&Authentication>,
        now: Millis,
    ) -> Result<Taken, Refusal> {
        match given {
            SecondStep::Totp(code) | SecondStep::Recovery(code) if code.trim().is_empty() => {
                Err(Refusal::invalid(Field::Code, Rule::Empty))
            }
            SecondStep::Totp(code) => {
                let app = record.totp.as_mut().ok_or(Refusal::WrongCode)?;
                app.last_step = Some(totp::verify(&app.secret, code, now, app.last_step)?);
                Ok(Taken { by_recovery: false })
            }
            SecondStep::Recovery(code) => {
                let used = recovery::verify(code, &record.recovery).ok_or(Refusal::WrongCode)?;
                record.recovery.remove(used);
                Ok(Taken { by_recovery: true })
            }
            SecondStep::Passkey(response) => {
                let passkeys = self.passkeys.as_ref().ok_or(Refusal::WrongCode)?;
                let asked = asked.ok_or(Refusal::WrongCode)?;
                passkeys.finish_authentication(asked, response, &mut record.passkeys, now)?;
                Ok(Taken { by_recovery: false })
            }
        }
    }

    /// Forgets steps that took too long.
    pub fn tidy(&self) {
        self.signing_in.tidy();
        self.setting_up.tidy();
    }
}

/// Somebody's second factors, to be changed from.
///
/// # Errors
/// When the store cannot be read.
pub async fn load(store: &Arc<Store>, person: PersonId) -> Result<factors::Loaded, Refusal> {
    let loaded = store.read(move |store| factors::load(store, person)).await;
    loaded.map_err(|error| failed(&error))
}

fn failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "second factors could not be read or kept");
    error.refusal()
}
