//! Text messages, through one gateway: Twilio, or any other that takes a request over HTTP
//! (`args::SmsArgs`).

pub mod args;
mod template;
mod twilio;
mod web;

use reqwest::Client;

use super::exchange;
use super::failure::Failure;
use crate::app::StartError;
use args::{Place, SmsArgs};
use twilio::Twilio;
use web::WebPlace;

/// A way out for text messages.
pub struct Sms {
    client: Client,
    gateway: Gateway,
}

enum Gateway {
    Twilio(Box<Twilio>),
    Web(Box<WebPlace>),
}

impl Sms {
    /// The gateway of the flags; `None` where there is none. `public_url` is where this server is
    /// reached. The gateway is not asked for anything yet.
    ///
    /// # Errors
    /// When a setting cannot be sent with, or TLS cannot be set up.
    pub fn open(args: &SmsArgs, public_url: &str) -> Result<Option<Self>, StartError> {
        let gateway = match args.place()? {
            None => return Ok(None),
            Some(Place::Twilio(place)) => Gateway::Twilio(Box::new(Twilio::new(place, public_url))),
            Some(Place::Web(place)) => Gateway::Web(place),
        };
        Ok(Some(Self { client: exchange::client()?, gateway }))
    }

    /// Where text messages go, for the operator: the host.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.gateway {
            Gateway::Twilio(twilio) => twilio.shown(),
            Gateway::Web(place) => place.shown().to_owned(),
        }
    }

    /// Hands a message over to a number (ITU-T E.164). `id` is what it is known by, the same whenever
    /// it is sent: a gateway that is asked for it may send it once. At most
    /// [`NOTICE_SEND_MS`](shared_proto::limits::NOTICE_SEND_MS). A gateway that says later what became of
    /// it does so with `token`.
    ///
    /// # Errors
    /// `Gone` when the number answered STOP, as far as the gateway says so; `Final` when it refuses the
    /// number or the message; else `Passing`, also when it does not know us, since that is the
    /// operator's to mend. None of them holds the number or the text.
    pub async fn send(
        &self,
        to: &str,
        text: &str,
        id: &str,
        token: Option<&str>,
    ) -> Result<(), Failure> {
        if !args::is_number(to) {
            return Err(Failure::Final("the number is not one messages can go to".to_owned()));
        }
        match &self.gateway {
            Gateway::Twilio(twilio) => twilio.send(&self.client, to, text, token).await,
            Gateway::Web(place) => place.send(&self.client, to, text, id).await,
        }
    }

    /// Whether an answer comes back here, so that STOP is heard.
    #[must_use]
    pub const fn hears_stop(&self) -> bool {
        matches!(self.gateway, Gateway::Twilio(_))
    }

    /// Whether a request to `url`, as the gateway was told it, with these parameters of its form
    /// carries the signature of the gateway (`X-Twilio-Signature`). No gateway but Twilio signs.
    #[must_use]
    pub fn signed(&self, url: &str, params: &[(String, String)], signature: &str) -> bool {
        match &self.gateway {
            Gateway::Twilio(twilio) => twilio.signed(url, params, signature),
            Gateway::Web(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
