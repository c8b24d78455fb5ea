//! Text messages through Twilio: its resource for messages
//! (<https://www.twilio.com/docs/messaging/api/message-resource>) and what it signs its own requests
//! with (<https://www.twilio.com/docs/usage/security>).

use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use sha1::Sha1;
use shared_proto::http::SMS_NOTICE;
use zeroize::Zeroizing;

use super::template::percent;
use crate::notices::exchange::{Answer, exchange};
use crate::notices::failure::Failure;

/// The number answered STOP (<https://www.twilio.com/docs/api/errors/21610>).
const STOPPED: u32 = 21_610;
/// Not a number messages can go to: invalid (21211, 21214, 21217), not allowed there (21408), a short
/// code (21265), no way there (21612), no mobile one (21614), a landline (21635). Some come with a
/// status that would say otherwise.
const NO_WAY_THERE: [u32; 8] = [21_211, 21_214, 21_217, 21_265, 21_408, 21_612, 21_614, 21_635];
/// About our own sender or settings, and so for the operator to mend: no such sender, or not of this
/// account (21212, 21601, 21603, 21606, 21659, 21660), a callback that is no address (21609), a
/// messaging service that is none or has no number (21705, 21703).
const OURS_TO_MEND: [u32; 9] =
    [21_212, 21_601, 21_603, 21_606, 21_609, 21_659, 21_660, 21_703, 21_705];

/// Who messages come from.
#[derive(Clone)]
pub(super) enum Sender {
    /// A number.
    Number(String),
    /// A messaging service, which picks one of its own.
    Service(String),
}

/// An account at Twilio. No `Debug`: it holds its token.
pub(super) struct TwilioPlace {
    /// Where Twilio is.
    pub base: Url,
    /// Whether that is not where it is for everybody: in tests.
    pub is_elsewhere: bool,
    /// The account.
    pub account: String,
    /// Its token.
    pub token: Zeroizing<String>,
    /// Who messages come from.
    pub from: Sender,
}

/// Twilio.
pub(super) struct Twilio {
    place: TwilioPlace,
    url: Url,
    status_callback: Option<String>,
}

/// What it says of an error. The words beside it repeat the number, so they are not read.
#[derive(Deserialize)]
struct Problem {
    code: Option<u32>,
}

impl Twilio {
    /// Twilio at a place. It is told to report to `public_url` what became of a message, where it can
    /// be reached sealed.
    pub(super) fn new(place: TwilioPlace, public_url: &str) -> Self {
        let mut url = place.base.clone();
        url.set_path(&format!("/2010-04-01/Accounts/{}/Messages.json", place.account));
        let is_reached = public_url.starts_with("https://") || place.is_elsewhere;
        let status_callback =
            is_reached.then(|| format!("{}/api/sms/status", public_url.trim_end_matches('/')));
        Self { place, url, status_callback }
    }

    /// Its host, and its port where it is not the usual one.
    pub(super) fn shown(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Hands a message over. What becomes of it is said with `token`, if there is one.
    ///
    /// # Errors
    /// By what Twilio says of it.
    pub(super) async fn send(
        &self,
        client: &Client,
        to: &str,
        text: &str,
        token: Option<&str>,
    ) -> Result<(), Failure> {
        let from = match &self.place.from {
            Sender::Number(number) => ("From", number.as_str()),
            Sender::Service(service) => ("MessagingServiceSid", service.as_str()),
        };
        let callback = self.status_callback.as_deref().map(|url| match token {
            Some(token) => format!("{url}?{SMS_NOTICE}={token}"),
            None => url.to_owned(),
        });
        let callback = callback.as_deref().map(|url| ("StatusCallback", url));
        let fields = [("To", to), from, ("Body", text)].into_iter().chain(callback);
        let form: Vec<String> =
            fields.map(|(name, value)| format!("{name}={}", percent(value))).collect();
        let request = client
            .post(self.url.clone())
            .basic_auth(&self.place.account, Some(&*self.place.token))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.join("&"));
        judged(&exchange(request, "Twilio").await?)
    }

    /// Whether Twilio signed a request it made to `url` with these parameters.
    pub(super) fn signed(&self, url: &str, params: &[(String, String)], signature: &str) -> bool {
        let Ok(signature) = Base64::decode_vec(signature) else { return false };
        let mut params: Vec<_> = params.iter().collect();
        params.sort_unstable();
        params.dedup();
        // It is not always of one mind whether the port belongs to the address, and its own libraries
        // take either.
        let urls = [Some(url.to_owned()), with_the_other_port(url)];
        urls.iter().flatten().any(|url| {
            let mut hash = <Hmac<Sha1> as Mac>::new_from_slice(self.place.token.as_bytes())
                .expect("a key of any length will do");
            hash.update(url.as_bytes());
            for (name, value) in &params {
                hash.update(name.as_bytes());
                hash.update(value.as_bytes());
            }
            // In constant time.
            hash.verify_slice(&signature).is_ok()
        })
    }
}

fn judged(answer: &Answer) -> Result<(), Failure> {
    let status = answer.status;
    if status.is_success() {
        return Ok(());
    }
    let problem: Option<Problem> = serde_json::from_slice(&answer.body).ok();
    let code = problem.and_then(|problem| problem.code);
    let said = match code {
        Some(code) => format!("Twilio answered {}, error {code}", status.as_u16()),
        None => format!("Twilio answered {}", status.as_u16()),
    };
    Err(match code {
        Some(STOPPED) => Failure::Gone(said),
        Some(code) if NO_WAY_THERE.contains(&code) => Failure::Final(said),
        Some(code) if OURS_TO_MEND.contains(&code) => Failure::Passing(said),
        _ => match status {
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS => Failure::Passing(said),
            status if status.is_client_error() => Failure::Final(said),
            _ => Failure::Passing(said),
        },
    })
}

/// The address without its port, or with the usual one.
fn with_the_other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // Behind the bracket that ends an IPv6 address.
    let host = authority.rfind(']').map_or(0, |at| at + 1);
    Some(match authority[host..].find(':') {
        Some(at) => format!("{scheme}://{}{path}", &authority[..host + at]),
        None => {
            let port = if scheme == "https" { 443 } else { 80 };
            format!("{scheme}://{authority}:{port}{path}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twilio(public_url: &str) -> Twilio {
        let place = TwilioPlace {
            base: Url::parse("https://api.twilio.com").unwrap(),
            is_elsewhere: false,
            account: format!("AC{}", "0".repeat(32)),
            token: Zeroizing::new("12345".to_owned()),
            from: Sender::Number("+15550100199".to_owned()),
        };
        Twilio::new(place, public_url)
    }

    fn params(caller: &str) -> Vec<(String, String)> {
        let params = [
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("From", caller),
            ("Digits", "1234"),
            ("Caller", caller),
        ];
        params.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// The examples of Twilio's documentation and of its library for PHP.
    #[test]
    fn what_twilio_signed_is_known() {
        let (twilio, url) =
            (twilio("https://a.example"), "https://mycompany.com/myapp.php?foo=1&bar=2");
        assert!(twilio.signed(url, &params("+12349013030"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        assert!(twilio.signed(url, &params("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let with_port = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
        assert!(twilio.signed(with_port, &params("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let with_port = "https://mycompany.com:8443/myapp.php?foo=1&bar=2";
        assert!(twilio.signed(with_port, &params("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    #[test]
    fn what_anybody_else_signed_is_not() {
        let (twilio, url) =
            (twilio("https://a.example"), "https://mycompany.com/myapp.php?foo=1&bar=2");
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        let right = params("+14158675309");
        for (url, params, signature) in [
            ("https://mycompany.com/myapp.php?foo=1", &right[..], signature),
            ("https://mycompany.example/myapp.php?foo=1&bar=2", &right[..], signature),
            (url, &right[1..], signature),
            (url, &params("+14158675300"), signature),
            (url, &right[..], ""),
            (url, &right[..], "RSOYDt4T"),
            (url, &right[..], "not base64"),
            (url, &right[..], "SSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ] {
            assert!(!twilio.signed(url, params, signature), "{url} {signature}");
        }
    }

    #[test]
    fn it_reports_only_to_where_it_can_be_reached_sealed() {
        let callback = |url| twilio(url).status_callback;
        assert_eq!(
            callback("https://a.example/").as_deref(),
            Some("https://a.example/api/sms/status")
        );
        assert_eq!(callback("http://localhost:8080"), None);
    }

    #[test]
    fn what_becomes_of_a_message_is_told_by_the_code_before_the_status() {
        let judge = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            judged(&Answer { status, body: body.as_bytes().to_vec() })
        };
        let code = |status, code: u32| {
            judge(
                status,
                &format!(
                    r#"{{"code":{code},"message":"The number +15550100123 …","status":{status}}}"#
                ),
            )
        };
        assert_eq!(judge(201, "{}"), Ok(()));
        let gone = Err(Failure::Gone("Twilio answered 400, error 21610".to_owned()));
        assert_eq!(code(400, 21_610), gone);
        let refused = Err(Failure::Final("Twilio answered 403, error 21408".to_owned()));
        assert_eq!(code(403, 21_408), refused);
        let passing = Err(Failure::Passing("Twilio answered 400, error 21606".to_owned()));
        assert_eq!(code(400, 21_606), passing);
        for (status, number) in [(401, 20_003), (403, 20_403), (429, 20_429), (500, 20_500)] {
            assert!(matches!(code(status, number), Err(Failure::Passing(_))), "{status}");
        }
        for number in [21_211, 21_214, 21_217, 21_612, 21_614, 21_635, 21_617] {
            assert!(matches!(code(400, number), Err(Failure::Final(_))), "{number}");
        }
        for status in [301, 503] {
            let passing = Failure::Passing(format!("Twilio answered {status}"));
            assert_eq!(judge(status, "<html>"), Err(passing));
        }
        assert!(matches!(judge(404, "not json"), Err(Failure::Final(_))));
    }
}
