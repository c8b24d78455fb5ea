//! A gateway that is asked as the operator wrote it down, whoever's it is.

use std::net::IpAddr;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};

use super::args::{BodyType, Hidden, Method, SmsArgs, SmsArgsError};
use super::template::{Escape, Place, Template, Values};
use crate::notices::exchange::exchange;
use crate::notices::failure::Failure;

/// Headers that are not the operator's to write.
const OURS: [&str; 5] =
    ["content-type", "host", "content-length", "transfer-encoding", "connection"];

/// A gateway and what it is sent. No `Debug`: most of it may hold a secret.
pub(super) struct WebPlace {
    url: Template,
    host: String,
    method: Method,
    body: Option<Template>,
    content: BodyType,
    headers: HeaderMap,
    from: String,
}

impl WebPlace {
    /// The gateway at `url` as the flags describe it.
    ///
    /// # Errors
    /// The first of them that cannot be sent with.
    pub(super) fn new(args: &SmsArgs, url: &Hidden) -> Result<Self, SmsArgsError> {
        let host = host(url.text()).ok_or(SmsArgsError::Url)?;
        let url = Template::new(url.text());
        if url.fixed().any(|fixed| fixed.contains(['{', '}'])) {
            return Err(SmsArgsError::Url);
        }
        let body = args.sms_body.as_ref().map(|body| Template::new(body.text()));
        if body.is_some() && args.sms_method == Method::Get {
            return Err(SmsArgsError::BodyWithGet);
        }
        let has = |place| url.has(place) || body.as_ref().is_some_and(|body| body.has(place));
        if !has(Place::To) || !has(Place::Text) {
            return Err(SmsArgsError::Places);
        }
        if has(Place::From) && args.sms_from.is_none() {
            return Err(SmsArgsError::NoFrom);
        }
        if args.sms_content_type == BodyType::Json
            && !body.as_ref().is_none_or(is_json_whatever_comes)
        {
            return Err(SmsArgsError::Json);
        }
        let mut headers = HeaderMap::new();
        for header in &args.sms_header {
            let (name, value) = header_of(header.text()).ok_or(SmsArgsError::Header)?;
            headers.append(name, value);
        }
        let from = args.sms_from.clone().unwrap_or_default();
        let (method, content) = (args.sms_method, args.sms_content_type);
        Ok(Self { url, host, method, body, content, headers, from })
    }

    /// Its host, and its port where it is not the usual one.
    pub(super) fn shown(&self) -> &str {
        &self.host
    }

    /// Sends a message.
    ///
    /// # Errors
    /// `Final` when the gateway refuses what was sent; `Passing` otherwise, also when it does not know
    /// us or the address, since those are the operator's to mend.
    pub(super) async fn send(
        &self,
        client: &Client,
        to: &str,
        text: &str,
        id: &str,
    ) -> Result<(), Failure> {
        let values = Values { to, text, id, from: &self.from };
        let url = self.url.filled(&values, Escape::Percent);
        let request = match self.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url),
        };
        let request = match &self.body {
            Some(body) => {
                let escape = match self.content {
                    BodyType::Form => Escape::Percent,
                    BodyType::Json => Escape::Json,
                };
                request
                    .header("Content-Type", self.content.name())
                    .body(body.filled(&values, escape))
            }
            None => request,
        };
        let answer = exchange(request.headers(self.headers.clone()), "the SMS gateway").await?;
        let said = || format!("the SMS gateway answered {}", answer.status.as_u16());
        match answer.status.as_u16() {
            200..300 => Ok(()),
            400 | 402 | 406 | 409..=424 | 426..=428 | 430..500 => Err(Failure::Final(said())),
            _ => Err(Failure::Passing(said())),
        }
    }
}

/// An address that is sealed, or leads to this machine; without user, password or fragment.
pub(super) fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let bare = host.trim_matches(['[', ']']);
    let is_here = bare.parse::<IpAddr>().map_or(bare == "localhost", |ip| ip.is_loopback());
    let is_sealed = match url.scheme() {
        "https" => true,
        "http" => is_here,
        _ => false,
    };
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_sealed && is_plain && url.fragment().is_none()).then_some(url)
}

/// The host of a gateway, whatever is put into its address.
fn host(text: &str) -> Option<String> {
    // What is fixed up to the first place already says all of it.
    let start = Template::new(text);
    let start = start.fixed().next()?;
    let (_, rest) = start.split_once("://")?;
    if !rest.contains(['/', '?']) {
        return None;
    }
    let values = Values { to: "+15550100199", text: "text", id: "id", from: "from" };
    let url = address(&Template::new(text).filled(&values, Escape::Percent))?;
    let host = url.host_str()?.to_owned();
    Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// Whether every place is within the quotes of a JSON text.
fn is_json_whatever_comes(body: &Template) -> bool {
    // Harmless between quotes only: outside of them it is neither a number nor closes anything.
    let values = ["1", "a\"b\\c\n"].map(|text| Values { to: text, text, id: text, from: text });
    let is_json = |values: &Values<'_>| {
        serde_json::from_str::<serde::de::IgnoredAny>(&body.filled(values, Escape::Json)).is_ok()
    };
    values.iter().all(is_json)
}

fn header_of(text: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = text.split_once(':')?;
    let name: HeaderName =
        name.trim().parse().ok().filter(|name: &HeaderName| !OURS.contains(&name.as_str()))?;
    let mut value: HeaderValue = value.trim().parse().ok()?;
    value.set_sensitive(true);
    Some((name, value))
}
