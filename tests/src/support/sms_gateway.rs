//! An SMS gateway that keeps what it gets: Twilio's resource for messages as it is published
//! (<https://www.twilio.com/docs/messaging/api/message-resource>), with the errors of its dictionary
//! (<https://www.twilio.com/docs/api/errors>); and, under any other path, one that takes whatever it
//! is sent. Shared with the server's own tests: it needs `emulated` beside it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha1::Sha1;

use super::emulated::{Answer, Asked, Emulated};

/// Its one account.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// The account's token.
pub const TOKEN: &str = "quietroom-tw1l10-t0ken";
/// The account's number.
pub const NUMBER: &str = "+15550100199";
/// The account's messaging service.
pub const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

/// A message it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The number it goes to.
    pub to: String,
    /// The number or the messaging service it comes from.
    pub from: String,
    /// What it says.
    pub body: String,
    /// Where the gateway is to say what became of it.
    pub status_callback: Option<String>,
    /// What the message is called at the gateway; empty for one that was refused.
    pub sid: String,
    /// The status it was answered with.
    pub answered: u16,
}

#[derive(Debug, Default)]
struct Kept {
    texts: Vec<Text>,
    answers: VecDeque<Answer>,
}

/// A gateway; stopped when it is dropped.
#[derive(Debug)]
pub struct SmsGateway {
    server: Emulated,
    kept: Arc<Mutex<Kept>>,
}

impl SmsGateway {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start() -> Self {
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let keeps = Arc::clone(&kept);
        let server = Emulated::start(move |asked| {
            let mut kept = keeps.lock().unwrap_or_else(PoisonError::into_inner);
            let scripted = kept.answers.pop_front();
            if !asked.target.starts_with("/2010-04-01/") {
                return scripted.unwrap_or_else(|| Answer::status(200));
            }
            take(&mut kept, asked, scripted)
        });
        Self { server: server.await, kept }
    }

    /// Where it is reached: a server's `--sms-twilio-url`, or the beginning of its `--sms-url`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What it answers next, before what it would: one request each.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).answers.extend(answers);
    }

    /// What it answers next is an error of Twilio's: its HTTP status and its number. As there, the words
    /// beside them repeat the number the message was for.
    pub fn refuse(&self, status: u16, code: u32) {
        self.answer([problem(status, code, "+15550100123")]);
    }

    /// Every message it was sent, also those it refused, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }

    /// Every message to that number it took, in order.
    #[must_use]
    pub fn taken(&self, to: &str) -> Vec<Text> {
        let mut texts = self.texts();
        texts.retain(|text| text.to == to && text.answered == 201);
        texts
    }

    /// Every request it was sent, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.server.asked()
    }

    /// Stops it: whoever connects is refused.
    pub async fn down(&mut self) {
        self.server.down().await;
    }

    /// Starts it again, on the port it had.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn up(&mut self) {
        self.server.up().await;
    }
}

/// What a request of Twilio's to `url` with these parameters carries as `X-Twilio-Signature`
/// (<https://www.twilio.com/docs/usage/security>).
#[must_use]
pub fn signature(token: &str, url: &str, params: &[(&str, &str)]) -> String {
    let mut params = params.to_vec();
    params.sort_unstable();
    let signed =
        params.iter().fold(url.to_owned(), |signed, (name, value)| signed + *name + *value);
    let mut hash = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any key will do");
    hash.update(signed.as_bytes());
    Base64::encode_string(&hash.finalize().into_bytes())
}

/// These parameters as the body of a form.
#[must_use]
pub fn form(params: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        let bytes = text.bytes().map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02X}"),
        });
        bytes.collect()
    };
    let pairs = params.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<String>>().join("&")
}

fn take(kept: &mut Kept, asked: &Asked, scripted: Option<Answer>) -> Answer {
    let field = |name| field(&asked.text(), name);
    let to = field("To").unwrap_or_default();
    let from = field("MessagingServiceSid").or_else(|| field("From")).unwrap_or_default();
    let sid = format!("SM{:032x}", kept.texts.len() + 1);
    let answer = scripted.unwrap_or_else(|| judged(asked, &to, &from, &field("Body"), &sid));
    kept.texts.push(Text {
        to,
        from,
        body: field("Body").unwrap_or_default(),
        status_callback: field("StatusCallback"),
        sid: if answer.status == 201 { sid } else { String::new() },
        answered: answer.status,
    });
    answer
}

fn judged(asked: &Asked, to: &str, from: &str, body: &Option<String>, sid: &str) -> Answer {
    let login = Base64::encode_string(format!("{ACCOUNT}:{TOKEN}").as_bytes());
    if asked.header("authorization") != Some(&format!("Basic {login}")) {
        return problem(401, 20_003, to);
    }
    if asked.target != format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json") {
        return problem(404, 20_404, to);
    }
    let form = "application/x-www-form-urlencoded";
    if asked.method != "POST" || asked.header("content-type") != Some(form) {
        return problem(400, 20_001, to);
    }
    let is_number = to.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    match (to, from, body.as_deref()) {
        ("", ..) => problem(400, 21_604, to),
        (_, "", _) => problem(400, 21_603, to),
        (.., None | Some("")) => problem(400, 21_602, to),
        (.., Some(body)) if body.chars().count() > 1_600 => problem(400, 21_617, to),
        _ if !is_number => problem(400, 21_211, to),
        _ if from != NUMBER && from != SERVICE => problem(400, 21_606, to),
        (.., Some(body)) => Answer::json(
            201,
            &json!({
                "sid": sid, "account_sid": ACCOUNT, "to": to, "from": from, "body": body,
                "status": "queued", "direction": "outbound-api", "num_segments": "1",
                "error_code": null, "error_message": null,
            }),
        ),
    }
}

fn problem(status: u16, code: u32, to: &str) -> Answer {
    Answer::json(
        status,
        &json!({
            "code": code,
            "message": format!("This is wrong about {to}"),
            "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
            "status": status,
        }),
    )
}

/// A field of a form.
fn field(form: &str, wanted: &str) -> Option<String> {
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(name, _)| *name == wanted).map(|(_, value)| value);
    let mut bytes = Vec::new();
    let mut rest = values.next()?.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
