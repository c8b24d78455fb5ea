//! Who pushes come from, said to push services by a signature (VAPID, RFC 8292). Browsers are told the
//! public key when they subscribe, and their push service takes pushes of nobody else.

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use serde_json::json;
use shared_proto::time::Millis;
use zeroize::Zeroizing;

use crate::app::StartError;

/// How long a signature is good for, in seconds: a day is the most that is taken (RFC 8292, 2).
const GOOD_FOR_S: u64 = 12 * 60 * 60;

/// A fresh private key, to be kept for good: with another one no browser can be pushed to that
/// subscribed before.
#[must_use]
pub fn new_key() -> [u8; 32] {
    random_key().to_bytes().into()
}

/// The public key that goes with a private one: an uncompressed point of 65 bytes, as browsers are told
/// it. `None` when it is no private key.
#[must_use]
pub fn public(secret: &[u8; 32]) -> Option<Vec<u8>> {
    let key = SecretKey::from_slice(secret).ok()?;
    Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
}

/// A key by chance.
pub(super) fn random_key() -> SecretKey {
    loop {
        // All but one of 2³² are a key.
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        if let Ok(key) = SecretKey::from_slice(&*bytes) {
            return key;
        }
    }
}

/// The key pushes from here are signed with. No `Debug`.
pub(super) struct Signs {
    key: SigningKey,
    public: String,
}

impl Signs {
    /// The key of [`new_key`].
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn new(secret: &[u8; 32]) -> Result<Self, StartError> {
        let key = SigningKey::from_slice(secret);
        let public = public(secret).ok_or("the key that pushes are signed with is damaged")?;
        let public = Base64UrlUnpadded::encode_string(&public);
        Ok(Self { key: key.map_err(|_| "the key that pushes are signed with is damaged")?, public })
    }

    /// What stands in `Authorization` of a push to a push service, `https://host` of its endpoints
    /// (RFC 8292, 3).
    pub(super) fn authorization(&self, service: &str, contact: &str, now: Millis) -> String {
        let expires = now.0 / 1_000 + GOOD_FOR_S;
        let part = |value: serde_json::Value| {
            Base64UrlUnpadded::encode_string(value.to_string().as_bytes())
        };
        let header = part(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(json!({ "aud": service, "exp": expires, "sub": contact }));
        let signed = format!("{header}.{claims}");
        // Both halves as they are, not as DER (RFC 7518, 3.4).
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = Base64UrlUnpadded::encode_string(signature.to_bytes().as_slice());
        format!("vapid t={signed}.{signature}, k={}", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    #[test]
    fn what_is_signed_says_whom_it_is_for_from_whom_and_until_when() {
        let secret = new_key();
        let signs = Signs::new(&secret).unwrap();
        let now = Millis(1_764_000_000_999);
        let said = signs.authorization("https://fcm.googleapis.com", "mailto:it@example.org", now);
        let (token, key) = said.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let decoded = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
        assert_eq!(Some(decoded(key)), public(&secret));

        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = VerifyingKey::from_sec1_bytes(&decoded(key)).unwrap();
        let signature = Signature::from_slice(&decoded(signature)).unwrap();
        assert!(key.verify(signed.as_bytes(), &signature).is_ok());
        assert!(key.verify(token.as_bytes(), &signature).is_err());

        let (header, claims) = signed.split_once('.').unwrap();
        let read = |part| serde_json::from_slice::<serde_json::Value>(&decoded(part)).unwrap();
        assert_eq!(read(header), json!({ "typ": "JWT", "alg": "ES256" }));
        assert_eq!(
            read(claims),
            json!({
                "aud": "https://fcm.googleapis.com",
                "exp": 1_764_043_200u64,
                "sub": "mailto:it@example.org",
            })
        );
    }

    #[test]
    fn a_key_has_a_point_and_what_is_none_has_not() {
        let (one, other) = (new_key(), new_key());
        assert_ne!(one, other);
        let public = public(&one).unwrap();
        assert_eq!((public.len(), public[0]), (65, 4));
        for none in [[0; 32], [0xff; 32]] {
            assert_eq!(super::public(&none), None);
            assert!(Signs::new(&none).is_err());
        }
    }
}
