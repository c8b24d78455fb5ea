//! Pushes to a push service on this machine (`tests/src/support/push_service.rs`).

use clap::Parser;
use serde_json::json;

use super::*;
use crate::notices::emulated;

#[path = "../../../../tests/src/support/push_service.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod push_service;

use emulated::Answer;
use push_service::{PushService, Subscriber, from};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: PushArgs,
}

const SECRET: [u8; 32] = [7; 32];
const CONTACT: &str = "mailto:it@example.org";

fn args(line: &[&str]) -> PushArgs {
    let words = std::iter::once("quietroom").chain(line.iter().copied());
    Line::try_parse_from(words).expect("flags").args
}

fn push(host: &str) -> Push {
    let args = args(&["--push", "--push-contact", CONTACT, "--push-host", host]);
    Push::open(&args, &SECRET).unwrap().unwrap()
}

#[tokio::test]
async fn a_browser_opens_what_it_is_pushed_and_its_push_service_knows_whom_it_is_from() {
    let service = PushService::start().await;
    let (push, browser) = (push(&service.host()), service.subscriber("a?b=c"));
    let payload = json!({ "title": "Oak", "tag": "Ünïcode" }).to_string();
    let before = clock::now().0 / 1_000;
    assert_eq!(push.send(&browser.device(), payload.as_bytes(), "topic-_1").await, Ok(()));

    let pushed = service.pushed(&browser);
    let [one] = pushed.as_slice() else { panic!("{pushed:?}") };
    let headers = ["ttl", "urgency", "topic", "content-encoding"].map(|name| one.header(name));
    let expected = ["86400", "normal", "topic-_1", "aes128gcm"].map(Some);
    assert_eq!(headers, expected);
    let from = from(one);
    assert_eq!(Some(&from.key), public(&SECRET).as_ref());
    assert_eq!((from.service, from.contact), (service.url(), CONTACT.to_owned()));
    assert!((before + 43_200..before + 43_260).contains(&from.expires));
    assert_eq!(one.body.len(), 86 + 512 + 17);
    if let Some(opened) = browser.opened(&one.body) {
        assert_eq!(opened, payload.as_bytes());
    }
}

#[tokio::test]
async fn the_longest_push_is_opened_and_a_longer_one_is_not_sent() {
    let service = PushService::start().await;
    let (push, browser) = (push(&service.host()), service.subscriber("a"));
    let payload = vec![0; sealed::MOST_BYTES];
    assert_eq!(push.send(&browser.device(), &payload, "").await, Ok(()));
    let longer = push.send(&browser.device(), &[&payload[..], b"x"].concat(), "").await;
    assert!(matches!(longer, Err(Failure::Final(_))));
    let pushed = service.pushed(&browser);
    assert_eq!(pushed.len(), 1);
    assert_eq!((pushed[0].header("topic"), pushed[0].body.len()), (None, 4_096));
    if let Some(opened) = browser.opened(&pushed[0].body) {
        assert_eq!(opened, payload);
    }
}

#[tokio::test]
async fn what_the_push_service_answers_decides_whether_it_is_tried_again() {
    let mut service = PushService::start().await;
    let (push, browser) = (push(&service.host()), service.subscriber("a"));
    let device = browser.device();
    for status in [200, 201, 202] {
        service.answer([Answer::status(status)]);
        assert_eq!(push.send(&device, b"x", "").await, Ok(()), "{status}");
    }
    let said = |status: u16| format!("the push service answered {status}");
    for status in [404, 410] {
        service.answer([Answer::status(status)]);
        assert_eq!(push.send(&device, b"x", "").await, Err(Failure::Gone(said(status))));
    }
    for status in [400, 413, 415, 422] {
        service.answer([Answer::status(status)]);
        assert_eq!(push.send(&device, b"x", "").await, Err(Failure::Final(said(status))));
    }
    let away = Answer {
        headers: vec![("location".to_owned(), format!("{}/elsewhere", service.url()))],
        ..Answer::status(307)
    };
    service.answer([away]);
    assert_eq!(push.send(&device, b"x", "").await, Err(Failure::Passing(said(307))));
    assert!(service.asked().iter().all(|asked| asked.target != "/elsewhere"));
    for status in [401, 403, 406, 408, 429, 500, 503] {
        service.answer([Answer::status(status)]);
        assert_eq!(push.send(&device, b"x", "").await, Err(Failure::Passing(said(status))));
    }
    service.down().await;
    let unreached = Failure::Passing("the push service cannot be reached".to_owned());
    assert_eq!(push.send(&device, b"x", "").await, Err(unreached));
}

#[tokio::test]
async fn nothing_is_sent_to_where_no_push_service_is() {
    let service = PushService::start().await;
    let browser = service.subscriber("a");
    let elsewhere = push("127.0.0.1:1");
    let failure = elsewhere.send(&browser.device(), b"x", "").await;
    assert!(matches!(failure, Err(Failure::Final(_))), "{failure:?}");
    assert!(service.asked().is_empty());
}

#[test]
fn a_topic_is_32_characters_of_base64url() {
    let longest = "a".repeat(TOPIC);
    assert!(is_topic("a") && is_topic("AZaz09-_") && is_topic(&longest));
    assert!(![&format!("{longest}a"), "", "a b", "a=", "é", "a\r\n"].into_iter().any(is_topic));
}

#[test]
fn pushing_is_asked_for_and_takes_a_key() {
    assert!(Push::open(&args(&[]), &SECRET).unwrap().is_none());
    let asked = args(&["--push", "--push-contact", CONTACT]);
    assert!(Push::open(&asked, &SECRET).unwrap().is_some());
    assert!(Push::open(&asked, &[0; 32]).is_err());
    // Browsers are checked also where nothing is pushed.
    let device = Subscriber::new("https://web.push.apple.com/a".to_owned()).device();
    assert_eq!(args(&[]).hosts().unwrap().check(&device), Ok(()));
}
