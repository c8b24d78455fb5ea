//! `quietroom mail`.

use std::time::Duration;

use super::{Admin, Answer};
use crate::mail::queue::{Outcome, named_job};
use crate::mail::{Job, Letter};
use crate::store::engine::Batch;
use crate::store::practice;

/// Longest the command waits to say what became of its message.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a test message by the way every other one goes, and says what became of it.
///
/// # Errors
/// When it was not taken, in words for the operator; it may still be sent later.
pub async fn test(admin: &Admin, to: String) -> Answer {
    let Some(mail) = &admin.mail else {
        return Err("the server does not run: mail is sent by it. Start it, then try again".into());
    };
    let known = admin.store.read(practice::load).await.map_err(|error| error.to_string())?;
    let practice =
        known.map_or_else(|| practice::UNNAMED.to_owned(), |practice| practice.settings.name);
    let job = Job { to, language: "en".into(), letter: Letter::Test { practice } };
    let mut outcomes = mail.outcomes();
    let (id, key, value) = named_job(&admin.store, &job);
    let batch = Batch { put: vec![(key, value)], ..Batch::default() };
    admin.store.commit(batch).await.map_err(|error| error.to_string())?;
    mail.wake();
    let outcome = tokio::time::timeout(PATIENCE, async {
        loop {
            match outcomes.recv().await {
                Ok((of, outcome)) if of == id => return Some(outcome),
                Ok(_) => {}
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    match outcome.await {
        Ok(Some(Outcome::Sent)) => Ok(vec![format!("sent to {} as {id}", mail.shown())]),
        Ok(Some(Outcome::Waiting(why))) => {
            Err(format!("not sent yet, and tried again for a day: {why} ({})", mail.shown()))
        }
        Ok(Some(Outcome::GivenUp(why))) => Err(format!("not sent: {why} ({})", mail.shown())),
        Ok(None) | Err(_) => Err(format!(
            "not known yet: {} has not answered. The log says what becomes of {id}",
            mail.shown()
        )),
    }
}
