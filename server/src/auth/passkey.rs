//! Passkeys as a second factor after a password, over webauthn-rs. A device that can ask for a
//! finger or a PIN does (user verification preferred, and from then on required of that passkey);
//! a plain security key does as well.

use shared_proto::id::{PasskeyId, PersonId};
use shared_proto::limits;
use shared_proto::people;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use webauthn_rs::prelude::{
    PublicKeyCredential, RegisterPublicKeyCredential, SecurityKey, SecurityKeyAuthentication,
    SecurityKeyRegistration, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

pub use crate::store::factors::StoredPasskey;

/// The public address cannot have passkeys.
#[derive(Debug, thiserror::Error)]
pub enum PasskeysError {
    /// It is no URL.
    #[error("{0:?} is not an address such as https://messages.example.org")]
    Address(String),
    /// Its host is an IP address, which WebAuthn does not allow (Web Authentication Level 3, 5.1.2).
    #[error("passkeys need a name in the public address, or localhost, and not an IP address")]
    NoName,
    /// Neither encrypted nor on this machine: browsers offer no passkeys there.
    #[error("passkeys need https in the public address")]
    NotSecure,
}

/// Makes and checks passkeys for one public address.
pub struct Passkeys {
    webauthn: Webauthn,
}

/// A passkey being made. Lies in [`super::pending::Pending`].
pub struct Registration(SecurityKeyRegistration);

/// A passkey being asked for. Lies in [`super::pending::Pending`].
pub struct Authentication(SecurityKeyAuthentication);

impl Passkeys {
    /// For the public address of the practice, whose host passkeys are bound to for good, and for
    /// further addresses of the same host (other ports, in development).
    ///
    /// # Errors
    /// [`PasskeysError`].
    pub fn new(origin: &str, further: &[&str]) -> Result<Self, PasskeysError> {
        let parse =
            |text: &str| Url::parse(text).map_err(|_| PasskeysError::Address(text.to_owned()));
        let origin = parse(origin)?;
        let host = origin.domain().ok_or(PasskeysError::NoName)?;
        let on_this_machine = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !on_this_machine {
            return Err(PasskeysError::NotSecure);
        }
        let builder = WebauthnBuilder::new(host, &origin).map_err(|_| PasskeysError::NoName)?;
        let mut builder = builder
            .rp_name("Quietroom")
            .timeout(std::time::Duration::from_millis(limits::PENDING_MS));
        for origin in further {
            builder = builder.append_allowed_origin(&parse(origin)?);
        }
        let webauthn = builder.build().map_err(|_| PasskeysError::NoName)?;
        Ok(Self { webauthn })
    }

    /// Begins to make a passkey for somebody, on a device that has none of the `existing` ones.
    /// The first of the pair is JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`.
    ///
    /// # Errors
    /// `Invalid { field: PasskeyName, rule: TooMany }` when they have as many as they may.
    pub fn begin_registration(
        &self,
        person: PersonId,
        name: &str,
        email: &str,
        existing: &[StoredPasskey],
    ) -> Result<(String, Registration), Refusal> {
        if existing.len() >= limits::PASSKEYS {
            let limit = limits::PASSKEYS as u32;
            return Err(Refusal::invalid(Field::PasskeyName, Rule::TooMany { limit }));
        }
        let exclude = keys(existing)?.iter().map(|key| key.cred_id().clone()).collect();
        let person = Uuid::from_bytes(*person.as_bytes());
        let begun = self.webauthn.start_securitykey_registration(
            person,
            email,
            name,
            Some(exclude),
            None,
            None,
        );
        let (mut options, state) = begun.map_err(|error| refused(&error))?;
        // webauthn-rs hints that only a key on a cable will do: any passkey will. It asks for
        // extensions too, of which one makes a key without a PIN unusable.
        options.public_key.hints = None;
        options.public_key.extensions = None;
        Ok((json(&options.public_key)?, Registration(state)))
    }

    /// The passkey that was made, from what the browser answered (`credential.toJSON()`). That its
    /// id may be known to another person too harms nobody: a passkey is only ever compared with
    /// those of the person whose password was right.
    ///
    /// # Errors
    /// `WrongCode` when the answer is not one to what was asked; `Invalid { PasskeyName }`.
    pub fn finish_registration(
        &self,
        registration: &Registration,
        response: &str,
        name: &str,
        now: Millis,
    ) -> Result<StoredPasskey, Refusal> {
        let name = people::passkey_name(name)?;
        let response: RegisterPublicKeyCredential = parse(response)?;
        let key = self.webauthn.finish_securitykey_registration(&response, &registration.0);
        let credential = encode(&key.map_err(|error| refused(&error))?)?;
        let id = PasskeyId::from_random(rand::random());
        Ok(StoredPasskey { id, name, created_at: now, last_used: None, credential })
    }

    /// Asks for any of somebody's passkeys. The first of the pair is JSON for
    /// `PublicKeyCredential.parseRequestOptionsFromJSON`.
    ///
    /// # Errors
    /// `NotFound` when they have none; `Unavailable` when one is damaged.
    pub fn begin_authentication(
        &self,
        passkeys: &[StoredPasskey],
    ) -> Result<(String, Authentication), Refusal> {
        if passkeys.is_empty() {
            return Err(Refusal::NotFound);
        }
        let begun = self.webauthn.start_securitykey_authentication(&keys(passkeys)?);
        let (mut options, state) = begun.map_err(|error| refused(&error))?;
        options.public_key.hints = None;
        Ok((json(&options.public_key)?, Authentication(state)))
    }

    /// Which of the passkeys answered, now with its counter and time of use: to be kept before
    /// anything else happens. `passkeys` are those the person has now.
    ///
    /// # Errors
    /// `WrongCode` when none of them did, or when its counter shows that there is a copy.
    pub fn finish_authentication(
        &self,
        authentication: &Authentication,
        response: &str,
        passkeys: &mut [StoredPasskey],
        now: Millis,
    ) -> Result<usize, Refusal> {
        let response: PublicKeyCredential = parse(response)?;
        let result = self.webauthn.finish_securitykey_authentication(&response, &authentication.0);
        let result = result.map_err(|error| refused(&error))?;
        for (n, mut key) in keys(passkeys)?.into_iter().enumerate() {
            let before = encode(&key)?;
            if key.update_credential(&result).is_none() {
                continue;
            }
            let after = encode(&key)?;
            // webauthn-rs compared the counter with the one there was when the step began: another
            // step may have moved it on since.
            if result.counter() > 0 && before == after {
                return Err(refused(&WebauthnError::CredentialPossibleCompromise));
            }
            passkeys[n].credential = after;
            passkeys[n].last_used = Some(now);
            return Ok(n);
        }
        Err(Refusal::WrongCode)
    }
}

fn keys(passkeys: &[StoredPasskey]) -> Result<Vec<SecurityKey>, Refusal> {
    let key = |passkey: &StoredPasskey| {
        serde_json::from_slice(&passkey.credential).map_err(|_| {
            tracing::error!(passkey = %passkey.id, "a stored passkey does not decode");
            Refusal::Unavailable
        })
    };
    passkeys.iter().map(key).collect()
}

/// As JSON: webauthn-rs promises that for stored keys, and not that other formats can read them.
fn encode(key: &SecurityKey) -> Result<Vec<u8>, Refusal> {
    let bytes = serde_json::to_vec(key).map_err(|_| Refusal::Unavailable)?;
    // A made-up device can send an attestation as long as it likes.
    if bytes.len() > limits::PASSKEY_BYTES { Err(Refusal::WrongCode) } else { Ok(bytes) }
}

fn json(options: &impl serde::Serialize) -> Result<String, Refusal> {
    serde_json::to_string(options).map_err(|_| Refusal::Unavailable)
}

fn parse<T: serde::de::DeserializeOwned>(response: &str) -> Result<T, Refusal> {
    if response.len() > limits::PASSKEY_RESPONSE_BYTES {
        return Err(Refusal::WrongCode);
    }
    serde_json::from_str(response).map_err(|_| Refusal::WrongCode)
}

fn refused(error: &WebauthnError) -> Refusal {
    // Only the kind: it names no person and quotes nothing that was sent.
    match error {
        WebauthnError::CredentialPossibleCompromise => {
            tracing::warn!("a passkey's counter ran back: there may be a copy of it");
        }
        other => tracing::debug!(error = %other, "a passkey was refused"),
    }
    Refusal::WrongCode
}

#[cfg(test)]
mod tests;
