//! Pushes to browsers (RFC 8030): sealed for the browser, signed for its push service.

pub mod args;
pub mod hosts;
mod sealed;
mod vapid;

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use shared_proto::notice::ask::PushDevice;

use super::exchange::{self, exchange};
use super::failure::Failure;
use crate::app::StartError;
use crate::clock;
use args::{PushArgs, PushArgsError};
use hosts::PushHosts;
use sealed::{Once, Recipient};
use vapid::Signs;

pub use vapid::{new_key, public};

/// How long a push service keeps what it cannot hand over, in seconds.
const TTL_S: u32 = 24 * 60 * 60;
/// Most characters of a topic (RFC 8030, 5.4).
const TOPIC: usize = 32;

/// A way out for pushes.
pub struct Push {
    client: Client,
    hosts: PushHosts,
    signs: Signs,
    contact: String,
}

impl Push {
    /// The way out the flags say, with the practice's private key ([`new_key`]); `None` without
    /// `--push`.
    ///
    /// # Errors
    /// When a setting cannot be pushed with, the key is none, or TLS cannot be set up.
    pub fn open(args: &PushArgs, secret: &[u8; 32]) -> Result<Option<Self>, StartError> {
        args.check()?;
        if !args.push {
            return Ok(None);
        }
        let contact = args.push_contact.clone().ok_or(PushArgsError::NoContact)?;
        let (signs, hosts) = (Signs::new(secret)?, args.hosts()?);
        Ok(Some(Self { client: exchange::client()?, hosts, signs, contact }))
    }

    /// Pushes `payload`, of 3,993 bytes at most, to a browser. One that waits at its push service under
    /// the same `topic` is replaced: at most 32 characters of base64url (RFC 8030, 5.4); with none, or
    /// another, nothing is. At most
    /// [`NOTICE_SEND_MS`](shared_proto::limits::NOTICE_SEND_MS).
    ///
    /// # Errors
    /// `Gone` when the browser has no subscription any more; `Final` when the push service refuses the
    /// push, or is none that may be pushed to; else `Passing`, also when it does not accept who it is
    /// from. None of them holds the endpoint or the payload.
    pub async fn send(
        &self,
        device: &PushDevice,
        payload: &[u8],
        topic: &str,
    ) -> Result<(), Failure> {
        let never = |why: &str| Failure::Final(why.to_owned());
        // Once more: it was checked when it was stored, maybe with other flags.
        let url = self.hosts.admit(&device.endpoint);
        let url = url.map_err(|_| never("the browser's push service is not one of ours"))?;
        let recipient = Recipient::of(device);
        let recipient = recipient.ok_or_else(|| never("the browser's keys are damaged"))?;
        let padding = sealed::padding(payload.len());
        let body = sealed::seal(&recipient, payload, padding, &Once::new())
            .ok_or_else(|| never("the notice is longer than a push can be"))?;

        let service = url.origin().ascii_serialization();
        let token = self.signs.authorization(&service, &self.contact, clock::now());
        let mut token = HeaderValue::try_from(token)
            .map_err(|_| never("the contact of --push-contact cannot be sent"))?;
        token.set_sensitive(true);
        let request = self
            .client
            .post(url)
            .header(AUTHORIZATION, token)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("TTL", TTL_S)
            .header("Urgency", "normal")
            .body(body);
        let request = if is_topic(topic) { request.header("Topic", topic) } else { request };
        let status = exchange(request, "the push service").await?.status;
        judged(status.as_u16())
    }
}

fn is_topic(topic: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=TOPIC).contains(&topic.len()) && topic.bytes().all(fits)
}

/// RFC 8030, 5, 7.3 and 8.4; RFC 8292, 4.2.
fn judged(status: u16) -> Result<(), Failure> {
    let said = format!("the push service answered {status}");
    match status {
        200..300 => Ok(()),
        404 | 410 => Err(Failure::Gone(said)),
        // 406 is what Microsoft's says to whoever pushes too often.
        401 | 403 | 406 | 408 | 429 => Err(Failure::Passing(said)),
        400..500 => Err(Failure::Final(said)),
        _ => Err(Failure::Passing(said)),
    }
}

#[cfg(test)]
mod tests;
