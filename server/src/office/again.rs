//! The password again, from somebody who is signed in, before what only they may do: a session
//! left open, or taken, is not them (ASVS 7.5.1, 7.5.2).

use shared_proto::refusal::{Field, Refusal, Rule};

use super::failed;
use crate::app::App;
use crate::socket::session::Session;
use crate::store::people::{self, PersonRecord};

/// The asker, whose password this is. Wrong ones count as with [`App::verify`].
///
/// # Errors
/// `Invalid { CurrentPassword }` for none and for a wrong one; `TooManyTries`, `Busy`; when the
/// store cannot be read.
pub async fn confirmed(
    app: &App,
    session: &Session,
    password: &str,
) -> Result<PersonRecord, Refusal> {
    if password.is_empty() {
        return Err(Refusal::invalid(Field::CurrentPassword, Rule::Empty));
    }
    let asker = session.person.id;
    let read = app.store.read(move |store| people::load(store, asker)).await;
    let person = read.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)?;
    match app.verify(&person, &session.token, password.to_owned(), session.address).await {
        Ok(()) => Ok(person),
        Err(Refusal::WrongCredentials) => {
            Err(Refusal::invalid(Field::CurrentPassword, Rule::Wrong))
        }
        Err(refusal) => Err(refusal),
    }
}
