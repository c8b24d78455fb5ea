//! Text messages to a gateway on this machine (`tests/src/support/sms_gateway.rs`).

use clap::Parser;
use serde_json::json;

use super::*;
use crate::notices::emulated;

#[path = "../../../../tests/src/support/sms_gateway.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod sms_gateway;

use emulated::Answer;
use sms_gateway::{ACCOUNT, NUMBER, SERVICE, SmsGateway, TOKEN, signature};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SmsArgs,
}

const TO: &str = "+15550100123";
const TEXT: &str = "Oak: \"new\" & {to}\n+1 é";

fn open(line: &[&str], public_url: &str) -> Sms {
    let words = std::iter::once("quietroom").chain(line.iter().copied());
    let args = Line::try_parse_from(words).expect("flags").args;
    Sms::open(&args, public_url).unwrap().unwrap()
}

fn twilio(gateway: &SmsGateway, token: &str, from: &str) -> Sms {
    let url = gateway.url();
    let account = ["--sms-twilio-account", ACCOUNT, "--sms-twilio-token", token];
    let line = [&account[..], &["--sms-from", from, "--sms-twilio-url", &url]].concat();
    open(&line, "http://localhost:8080")
}

fn passing(said: &str) -> Result<(), Failure> {
    Err(Failure::Passing(said.to_owned()))
}

#[tokio::test]
async fn twilio_is_handed_the_number_the_sender_and_the_text() {
    let gateway = SmsGateway::start().await;
    let sms = twilio(&gateway, TOKEN, NUMBER);
    assert_eq!(sms.shown(), gateway.url().strip_prefix("http://").unwrap());
    assert_eq!(sms.send(TO, TEXT, "n-1", Some("to-ken_1")).await, Ok(()));
    assert_eq!(twilio(&gateway, TOKEN, SERVICE).send(TO, TEXT, "n-1", None).await, Ok(()));
    let taken = gateway.taken(TO);
    let from: Vec<&str> = taken.iter().map(|text| text.from.as_str()).collect();
    assert_eq!(from, [NUMBER, SERVICE]);
    assert!(taken.iter().all(|text| text.body == TEXT));
    let callbacks: Vec<_> = taken.iter().map(|text| text.status_callback.as_deref()).collect();
    let status = "http://localhost:8080/api/sms/status";
    let with_token = format!("{status}?n=to-ken_1");
    assert_eq!(callbacks, [Some(with_token.as_str()), Some(status)]);
}

#[tokio::test]
async fn what_twilio_says_decides_whether_it_is_tried_again() {
    let gateway = SmsGateway::start().await;
    let sms = twilio(&gateway, TOKEN, NUMBER);
    gateway.refuse(400, 21_610);
    gateway.refuse(400, 21_614);
    gateway.refuse(429, 20_429);
    let said = "Twilio answered 400, error 21610".to_owned();
    assert_eq!(sms.send(TO, TEXT, "", None).await, Err(Failure::Gone(said)));
    let said = "Twilio answered 400, error 21614".to_owned();
    assert_eq!(sms.send(TO, TEXT, "", None).await, Err(Failure::Final(said)));
    assert_eq!(sms.send(TO, TEXT, "", None).await, passing("Twilio answered 429, error 20429"));
    let longest = "x".repeat(1_601);
    let said = "Twilio answered 400, error 21617".to_owned();
    assert_eq!(sms.send(TO, &longest, "", None).await, Err(Failure::Final(said)));
    let other = twilio(&gateway, "another-token", NUMBER);
    assert_eq!(other.send(TO, TEXT, "", None).await, passing("Twilio answered 401, error 20003"));
    let other = twilio(&gateway, TOKEN, "+15550100198");
    assert_eq!(other.send(TO, TEXT, "", None).await, passing("Twilio answered 400, error 21606"));
    assert_eq!(gateway.taken(TO), []);
}

#[tokio::test]
async fn a_gateway_that_is_not_there_may_be_there_later() {
    let mut gateway = SmsGateway::start().await;
    let sms = twilio(&gateway, TOKEN, NUMBER);
    gateway.down().await;
    assert_eq!(sms.send(TO, TEXT, "", None).await, passing("Twilio cannot be reached"));
    gateway.up().await;
    assert_eq!(sms.send(TO, TEXT, "", None).await, Ok(()));
    // It sends nobody anywhere else, and nobody reads all it says.
    let elsewhere = Answer {
        headers: vec![("location".to_owned(), format!("{}/elsewhere", gateway.url()))],
        ..Answer::status(307)
    };
    gateway.answer([elsewhere, Answer { body: "x".repeat(1 << 20), ..Answer::status(503) }]);
    assert_eq!(sms.send(TO, TEXT, "", None).await, passing("Twilio answered 307"));
    assert_eq!(sms.send(TO, TEXT, "", None).await, passing("Twilio answered 503"));
    assert!(gateway.asked().iter().all(|asked| asked.target != "/elsewhere"));
}

#[tokio::test]
async fn what_is_no_number_goes_nowhere() {
    let gateway = SmsGateway::start().await;
    let sms = twilio(&gateway, TOKEN, NUMBER);
    for to in ["", "079 123 45 67", "whatsapp:+15550100123", "+1555010012a", "+1"] {
        assert!(matches!(sms.send(to, TEXT, "", None).await, Err(Failure::Final(_))), "{to}");
    }
    assert!(gateway.asked().is_empty());
}

#[tokio::test]
async fn a_signature_is_twilios_or_nobodys() {
    let gateway = SmsGateway::start().await;
    let url = "https://practice.example/api/sms/status";
    let params = [("MessageStatus", "delivered"), ("MessageSid", "SM1"), ("To", TO)];
    let signature = signature(TOKEN, url, &params);
    let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(twilio(&gateway, TOKEN, NUMBER).signed(url, &params, &signature));
    assert!(!twilio(&gateway, "another-token", NUMBER).signed(url, &params, &signature));
    let url_flag = format!("{}/?to={{to}}&text={{text}}", gateway.url());
    assert!(!open(&["--sms-url", &url_flag], "").signed(url, &params, &signature));
}

#[tokio::test]
async fn another_gateway_is_asked_as_it_was_written_down() {
    let gateway = SmsGateway::start().await;
    let url = format!("{}/send/{{id}}?to={{to}}", gateway.url());
    let body = r#"{"to":"{to}","text":"{text}","from":"{from}"}"#;
    let line = [
        ["--sms-url", &url],
        ["--sms-body", body],
        ["--sms-content-type", "application/json"],
        ["--sms-header", "Authorization: Bearer s3cr3t"],
        ["--sms-from", "Oak"],
    ];
    let sms = open(line.as_flattened(), "");
    assert_eq!(sms.shown(), gateway.url().strip_prefix("http://").unwrap());
    assert_eq!(sms.send(TO, TEXT, "n/1?", None).await, Ok(()));

    let url = format!("{}/get?to={{to}}&text={{text}}", gateway.url());
    let sms = open(&["--sms-url", &url, "--sms-method", "GET"], "");
    assert_eq!(sms.send(TO, TEXT, "", None).await, Ok(()));

    let url = format!("{}/form", gateway.url());
    let sms = open(&["--sms-url", &url, "--sms-body", "to={to}&text={text}"], "");
    assert_eq!(sms.send(TO, "a&b", "", None).await, Ok(()));

    let asked = gateway.asked();
    let [json, get, form] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(json.target, "/send/n%2F1%3F?to=%2B15550100123");
    assert_eq!(json.header("authorization"), Some("Bearer s3cr3t"));
    assert_eq!(json.header("content-type"), Some("application/json"));
    let read: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(read, json!({ "to": TO, "text": TEXT, "from": "Oak" }));
    assert_eq!((get.method.as_str(), get.body.len()), ("GET", 0));
    let text = "Oak%3A%20%22new%22%20%26%20%7Bto%7D%0A%2B1%20%C3%A9";
    assert_eq!(get.target, format!("/get?to=%2B15550100123&text={text}"));
    assert_eq!(form.text(), "to=%2B15550100123&text=a%26b");
    assert_eq!(form.header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn what_another_gateway_answers_decides_whether_it_is_tried_again() {
    let gateway = SmsGateway::start().await;
    let url = format!("{}/send?to={{to}}&text={{text}}", gateway.url());
    let sms = open(&["--sms-url", &url], "");
    for status in [200, 201, 202, 204] {
        gateway.answer([Answer::status(status)]);
        assert_eq!(sms.send(TO, TEXT, "", None).await, Ok(()), "{status}");
    }
    for status in [301, 401, 403, 404, 405, 408, 425, 429, 500, 503] {
        gateway.answer([Answer::status(status)]);
        let said = format!("the SMS gateway answered {status}");
        assert_eq!(sms.send(TO, TEXT, "", None).await, passing(&said));
    }
    for status in [400, 402, 409, 410, 413, 422, 451] {
        gateway.answer([Answer::status(status)]);
        let said = format!("the SMS gateway answered {status}");
        assert_eq!(sms.send(TO, TEXT, "", None).await, Err(Failure::Final(said)));
    }
}
