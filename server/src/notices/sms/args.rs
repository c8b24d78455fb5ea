//! Flags about text messages. Most hold a secret: nothing here shows one.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use super::twilio::{Sender, TwilioPlace};
use super::web::WebPlace;

/// Flags about text messages.
#[derive(Args, Clone, Debug)]
pub struct SmsArgs {
    /// Account at Twilio that text messages go through: AC and 32 digits [default: text messages are
    /// files, as mail is]
    #[arg(long, env = "QUIETROOM_SMS_TWILIO_ACCOUNT")]
    pub sms_twilio_account: Option<String>,
    /// Its auth token; better in the variable, which is not in the list of processes
    #[arg(long, env = "QUIETROOM_SMS_TWILIO_TOKEN", hide_env_values = true)]
    pub sms_twilio_token: Option<Hidden>,
    /// Where Twilio is; for tests
    #[arg(long, env = "QUIETROOM_SMS_TWILIO_URL", default_value = TWILIO, hide = true)]
    pub sms_twilio_url: String,
    /// Who text messages come from: a number such as +15550100199, or a messaging service of Twilio's
    /// (MG and 32 digits); with another gateway what stands for {from}
    #[arg(long, env = "QUIETROOM_SMS_FROM")]
    pub sms_from: Option<String>,
    /// Address of another gateway, such as https://gateway.example/send; {to}, {text}, {id} and {from}
    /// are put in. It may hold a key, so better in the variable
    #[arg(long, env = "QUIETROOM_SMS_URL", hide_env_values = true)]
    pub sms_url: Option<Hidden>,
    /// How that gateway is asked
    #[arg(
        long,
        env = "QUIETROOM_SMS_METHOD",
        value_enum,
        ignore_case = true,
        default_value = "POST"
    )]
    pub sms_method: Method,
    /// What it is sent, such as to={to}&text={text}; the same places are put in
    #[arg(long, env = "QUIETROOM_SMS_BODY", hide_env_values = true)]
    pub sms_body: Option<Hidden>,
    /// What that is
    #[arg(
        long,
        env = "QUIETROOM_SMS_CONTENT_TYPE",
        value_enum,
        ignore_case = true,
        default_value = "application/x-www-form-urlencoded"
    )]
    pub sms_content_type: BodyType,
    /// Header it is sent, such as "Authorization: Bearer …"; may be given several times, in the
    /// variable one a line
    #[arg(long, env = "QUIETROOM_SMS_HEADER", hide_env_values = true, value_delimiter = '\n')]
    pub sms_header: Vec<Hidden>,
}

/// Where Twilio is.
pub(super) const TWILIO: &str = "https://api.twilio.com";

/// How a gateway is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// With a body.
    #[value(name = "POST")]
    Post,
    /// By its address alone.
    #[value(name = "GET")]
    Get,
}

/// What a gateway is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BodyType {
    /// Fields of a form.
    #[value(name = "application/x-www-form-urlencoded")]
    Form,
    /// A JSON text.
    #[value(name = "application/json")]
    Json,
}

impl BodyType {
    /// As it stands in a header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        }
    }
}

/// What was given and may hold a secret; never printed.
#[derive(Clone)]
pub struct Hidden(Zeroizing<String>);

impl Hidden {
    /// As it was given.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden(…)")
    }
}

/// A setting that text messages cannot be sent with. Never says what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsArgsError {
    /// Two gateways.
    #[error("give either --sms-twilio-account or --sms-url: text messages go through one gateway")]
    Both,
    /// Something is given without the gateway it is for.
    #[error(
        "--sms-twilio-token is for --sms-twilio-account; --sms-body and --sms-header are for \
         --sms-url; --sms-from is for either"
    )]
    NoGateway,
    /// Not an account.
    #[error("--sms-twilio-account must be the Account SID that Twilio shows: AC and 32 digits")]
    Account,
    /// Twilio takes nothing without it.
    #[error("--sms-twilio-account needs --sms-twilio-token: the auth token Twilio shows beside it")]
    Token,
    /// Not who Twilio sends for.
    #[error(
        "--sms-twilio-account needs --sms-from: a number of the account with its country, such as \
         +15550100199, or a messaging service, MG and 32 digits"
    )]
    From,
    /// Not where a gateway can be.
    #[error(
        "--sms-url and --sms-twilio-url must be https://host/…, without user, password or #; \
         http:// is for this machine only, and {{to}}, {{text}}, {{id}}, {{from}} stand behind the \
         host"
    )]
    Url,
    /// Nothing says where the number or the text goes.
    #[error(
        "--sms-url and --sms-body must say where the number and the text go: {{to}} and {{text}}"
    )]
    Places,
    /// `{from}` stands for nothing.
    #[error("--sms-url or --sms-body says {{from}}: it needs --sms-from")]
    NoFrom,
    /// A `GET` has no body.
    #[error("--sms-method GET sends no --sms-body: put everything into --sms-url")]
    BodyWithGet,
    /// Not JSON once it is filled in.
    #[error(
        "--sms-body must be JSON for application/json, with every place between quotes, such as \
         {{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}}"
    )]
    Json,
    /// Not a header, or one that is ours to write.
    #[error(
        "--sms-header must be \"Name: value\"; Content-Type has a flag of its own, and Host, \
         Content-Length, Transfer-Encoding and Connection are written for you"
    )]
    Header,
}

/// The gateway of the flags.
pub(super) enum Place {
    Twilio(TwilioPlace),
    Web(Box<WebPlace>),
}

impl SmsArgs {
    /// Checks what can be checked before anything is opened.
    ///
    /// # Errors
    /// The first setting that text messages cannot be sent with.
    pub fn check(&self) -> Result<(), SmsArgsError> {
        self.place().map(drop)
    }

    /// The gateway, taken apart; `None` where there is none.
    pub(super) fn place(&self) -> Result<Option<Place>, SmsArgsError> {
        match (&self.sms_twilio_account, &self.sms_url) {
            (Some(_), Some(_)) => Err(SmsArgsError::Both),
            (Some(account), None) => {
                if self.sms_body.is_some() || !self.sms_header.is_empty() {
                    return Err(SmsArgsError::NoGateway);
                }
                self.twilio(account).map(|place| Some(Place::Twilio(place)))
            }
            (None, Some(url)) => {
                if self.sms_twilio_token.is_some() {
                    return Err(SmsArgsError::NoGateway);
                }
                WebPlace::new(self, url).map(|place| Some(Place::Web(Box::new(place))))
            }
            (None, None) => {
                let rest = self.sms_twilio_token.is_some()
                    || self.sms_from.is_some()
                    || self.sms_body.is_some()
                    || !self.sms_header.is_empty();
                if rest { Err(SmsArgsError::NoGateway) } else { Ok(None) }
            }
        }
    }

    fn twilio(&self, account: &str) -> Result<TwilioPlace, SmsArgsError> {
        if !is_sid(account, "AC") {
            return Err(SmsArgsError::Account);
        }
        let token = self.sms_twilio_token.as_ref().filter(|token| !token.text().is_empty());
        let token = token.ok_or(SmsArgsError::Token)?.0.clone();
        let from = self.sms_from.as_deref().ok_or(SmsArgsError::From)?;
        let from = if is_number(from) {
            Sender::Number(from.to_owned())
        } else if is_sid(from, "MG") {
            Sender::Service(from.to_owned())
        } else {
            return Err(SmsArgsError::From);
        };
        let base = super::web::address(&self.sms_twilio_url).ok_or(SmsArgsError::Url)?;
        if base.path() != "/" || base.query().is_some() {
            return Err(SmsArgsError::Url);
        }
        let is_elsewhere = self.sms_twilio_url.trim_end_matches('/') != TWILIO;
        Ok(TwilioPlace { base, is_elsewhere, account: account.to_owned(), token, from })
    }
}

/// Whether it is what Twilio calls something: two letters and 32 hexadecimal digits.
fn is_sid(text: &str, kind: &str) -> bool {
    let digits = text.strip_prefix(kind).filter(|digits| digits.len() == 32);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether it is a number that says its country (ITU-T E.164).
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').filter(|digits| (8..=15).contains(&digits.len()));
    digits.is_some_and(|digits| {
        digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests;
