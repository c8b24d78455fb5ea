//! Notices pushed to browsers: sealed for each, the same for all, and ended with the session.

use quietroom_tests::support::emulated::Answer;
use quietroom_tests::support::push_service::{PushService, Subscriber, from};
use quietroom_tests::support::{ServerOptions, eventually};
use shared_proto::notice::Channel;
use shared_proto::notice::ask::Ask;
use shared_proto::notice::rule::Why;
use shared_proto::refusal::{Field, Refusal, Rule};

use super::{about, at_once, said};
use crate::given::{Two, device, two_on};

/// What every push says.
const WORDS: &str =
    r#"{"title":"Quietroom","body":"Something new is waiting for you. Sign in to read it."}"#;

fn through(service: &PushService) -> ServerOptions {
    at_once()
        .switch("--push")
        .flag("--push-contact", "mailto:it@example.org")
        .flag("--push-host", service.host())
}

/// Two, after it was decided that nobody is told of the beginning of their conversation.
async fn two(options: ServerOptions) -> Two {
    let two = two_on(options).await;
    said(&two.server, &[&two.jonas.id.to_string(), "push", "has not agreed"]).await;
    two
}

fn allow(browser: &Subscriber) -> Ask {
    Ask::Allow(Box::new(browser.device()))
}

#[tokio::test]
async fn a_push_is_sealed_for_its_browser_and_says_nothing() {
    let service = PushService::start().await;
    let two = two(through(&service)).await;
    let (phone, tablet) = (service.subscriber("phone"), service.subscriber("tablet"));
    let standing = about(&two.client, Ask::Standing).await.unwrap();
    assert_eq!(standing.stopped[2], Some(Why::Consent));
    let standing = about(&two.client, allow(&phone)).await.unwrap();
    assert_eq!((standing.browsers, standing.this_browser, standing.stopped[2]), (1, true, None));
    let other = device(&two.server, &two.jonas).await;
    let standing = about(&other, allow(&tablet)).await.unwrap();
    assert_eq!((standing.browsers, standing.this_browser), (2, true));
    for text in ["Your results are here", "Call me, Jonas"] {
        two.provider.send(two.conversation, text).await;
    }
    for browser in [&phone, &tablet] {
        let push = eventually("a push", async || service.pushed(browser).pop()).await;
        if let Some(opened) = browser.opened(&push.body) {
            assert_eq!(String::from_utf8(opened).unwrap(), WORDS);
        }
        let said_by = from(&push);
        assert_eq!(said_by.key, standing.push_key, "the key browsers subscribe with");
        assert_eq!(said_by.contact, "mailto:it@example.org");
        assert_eq!(push.header("topic"), Some("quietroom"));
        assert_eq!(push.header("content-encoding"), Some("aes128gcm"));
    }
    let third = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(third, "A longer message than the other ones were").await;
    let pushes = eventually("the next", async || {
        let pushes = service.pushed(&phone);
        (pushes.len() == 2).then_some(pushes)
    })
    .await;
    assert_eq!(pushes[0].body.len(), pushes[1].body.len(), "and as long as the others");
    assert!(!two.server.log().contains("/push/"), "{}", two.server.log());
}

#[tokio::test]
async fn a_browser_is_pushed_to_until_somebody_signs_out_in_it() {
    let service = PushService::start().await;
    let two = two(through(&service)).await;
    let (phone, tablet) = (service.subscriber("phone"), service.subscriber("tablet"));
    about(&two.client, allow(&phone)).await.unwrap();
    let other = device(&two.server, &two.jonas).await;
    about(&other, allow(&tablet)).await.unwrap();
    assert_eq!(other.session().sign_out().await, 200);
    let standing = about(&two.client, Ask::Standing).await.unwrap();
    assert_eq!((standing.browsers, standing.this_browser), (1, true));
    two.provider.send(two.conversation, "Good evening").await;
    eventually("a push", async || service.pushed(&phone).pop()).await;
    assert!(service.pushed(&tablet).is_empty());
    let standing = about(&two.client, Ask::Disallow { all: true }).await.unwrap();
    assert_eq!((standing.browsers, standing.stopped[2]), (0, Some(Why::Consent)));
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten_and_one_that_is_busy_is_tried_again() {
    let service = PushService::start().await;
    let two = two(through(&service)).await;
    let phone = service.subscriber("phone");
    about(&two.client, allow(&phone)).await.unwrap();
    service.answer([Answer::status(429), Answer::status(201), Answer::status(410)]);
    two.provider.send(two.conversation, "Good evening").await;
    eventually("the second try", async || (service.pushed(&phone).len() == 2).then_some(())).await;
    let other = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(other, "Good evening").await;
    eventually("it to be forgotten", async || {
        let standing = about(&two.client, Ask::Standing).await.unwrap();
        (standing.browsers == 0).then_some(())
    })
    .await;
    let test = about(&two.client, Ask::Test(Channel::Push)).await;
    assert_eq!(test, Err(Refusal::NoNotice(Why::Consent)));
}

#[tokio::test]
async fn a_browser_that_takes_nothing_holds_up_nobody_elses() {
    let service = PushService::start().await;
    let hours = through(&service).variable("QUIETROOM_NOTICE_RETRY_MS", "7200000");
    let two = two(hours).await;
    let (phone, desk) = (service.subscriber("phone"), service.subscriber("desk"));
    about(&two.client, allow(&phone)).await.unwrap();
    about(&two.provider, allow(&desk)).await.unwrap();
    service.answer([Answer::status(429)]);
    two.provider.send(two.conversation, "Good evening").await;
    let failed = ["channel=\"push\"", "outcome=\"failed\""];
    eventually("the phone's to wait", async || {
        (two.server.metric("quietroom_notices_total", &failed).await == 1.0).then_some(())
    })
    .await;
    two.client.send(two.conversation, "Good evening to you").await;
    eventually("the other's", async || service.pushed(&desk).pop()).await;
    assert_eq!(service.pushed(&phone).len(), 1);
}

#[tokio::test]
async fn nobody_has_the_server_ask_anywhere_else() {
    let service = PushService::start().await;
    let two = two(through(&service)).await;
    for (endpoint, rule) in [
        ("https://example.org/push", Rule::NotAccepted),
        ("https://169.254.169.254/latest", Rule::NotAccepted),
        ("http://fcm.googleapis.com/fcm/send/x", Rule::NotAccepted),
        ("https://fcm.googleapis.com.evil.example/x", Rule::NotAccepted),
        ("nowhere", Rule::Malformed),
    ] {
        let refused = about(&two.client, allow(&Subscriber::new(endpoint.into()))).await;
        assert_eq!(refused, Err(Refusal::invalid(Field::PushDevice, rule)), "{endpoint}");
    }
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn without_push_what_would_be_pushed_is_a_file() {
    let two = two(at_once()).await;
    let browser = Subscriber::new("https://fcm.googleapis.com/fcm/send/abc".into());
    about(&two.client, allow(&browser)).await.unwrap();
    two.provider.send(two.conversation, "Good evening").await;
    assert_eq!(super::pushed(&two.server).await, WORDS);
}
