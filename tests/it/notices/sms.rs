//! Notices by text message: through Twilio's interface, through any other, and STOP.

use quietroom_tests::support::emulated::Answer;
use quietroom_tests::support::http::{Request, Response};
use quietroom_tests::support::sms_gateway::{ACCOUNT, NUMBER, SmsGateway, TOKEN, form, signature};
use quietroom_tests::support::{ServerOptions, eventually};
use shared_proto::chart::Consents;
use shared_proto::http::{SMS_REPLY, SMS_STATUS};
use shared_proto::notice::How;
use shared_proto::office::{Ask, Told};
use shared_proto::people::PersonChange;

use super::{at_once, said};
use crate::given::{Two, two_on};
use crate::office::{ask, change};

/// The client's number, as it is typed and as messages go to it.
pub const MOBILE: [&str; 2] = ["+41 (0)79 123 45 67", "+41791234567"];

/// Every text message, with the address of its server.
fn words(two: &Two) -> String {
    let url = &two.server.address().origin;
    format!("Something new is waiting for you: {url} Reply STOP to get no more of these.")
}

/// The same where no answer is heard.
fn unheard(two: &Two) -> String {
    let url = &two.server.address().origin;
    format!(
        "Something new is waiting for you: {url} To get no more of these, sign in and open your \
         settings."
    )
}

pub fn through(gateway: &SmsGateway) -> ServerOptions {
    at_once()
        .flag("--sms-twilio-account", ACCOUNT)
        .flag("--sms-twilio-url", gateway.url())
        .flag("--sms-from", NUMBER)
        .variable("QUIETROOM_SMS_TWILIO_TOKEN", TOKEN)
}

/// Two, of whom the client told the practice on paper that they want text messages.
pub async fn agreed(options: ServerOptions) -> Two {
    let two = two_on(options).await;
    said(&two.server, &[&two.jonas.id.to_string(), "sms", "has not agreed"]).await;
    let contact = PersonChange::Contact {
        name: two.jonas.name.clone(),
        email: two.jonas.email.clone(),
        phone: MOBILE[0].into(),
        chart_number: String::new(),
    };
    change(&two.provider, two.jonas.id, contact).await.unwrap();
    let paper = PersonChange::Consents(Consents { email: false, sms: true });
    change(&two.provider, two.jonas.id, paper).await.unwrap();
    two
}

async fn consents(two: &Two) -> (bool, Option<How>) {
    let chart = ask(&two.provider, Ask::Chart { person: two.jonas.id }).await;
    let Ok(Told::Chart(chart)) = chart else { panic!("{chart:?}") };
    (chart.consents.sms, chart.agreed.sms.map(|agreed| agreed.how))
}

#[tokio::test]
async fn a_text_message_goes_through_twilio_and_says_nothing() {
    let gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    for text in ["Your results are here", "Call me, Jonas"] {
        two.provider.send(two.conversation, text).await;
    }
    let sent = eventually("a text message", async || gateway.texts().pop()).await;
    assert_eq!((sent.to.as_str(), sent.from.as_str()), (MOBILE[1], NUMBER));
    assert_eq!(sent.body, words(&two));
    let other = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(other, "And another").await;
    eventually("the next", async || (gateway.texts().len() == 2).then_some(())).await;
    assert!(gateway.texts().iter().all(|text| text.body == words(&two)));
    let log = two.server.log();
    assert!(!log.contains("79123") && !log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn messages_wait_for_a_gateway_that_is_down_and_go_once() {
    let mut gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    gateway.down().await;
    two.provider.send(two.conversation, "Good evening").await;
    let failed = ["channel=\"sms\"", "outcome=\"failed\""];
    eventually("a try in vain", async || {
        (two.server.metric("quietroom_notices_total", &failed).await >= 2.0).then_some(())
    })
    .await;
    gateway.up().await;
    let sent = ["channel=\"sms\"", "outcome=\"sent\""];
    eventually("it to go", async || {
        (two.server.metric("quietroom_notices_total", &sent).await == 1.0).then_some(())
    })
    .await;
    assert_eq!(gateway.taken(MOBILE[1]).len(), 1);
}

/// What the gateway tells the server at `path`, signed with `token`.
pub async fn tells(two: &Two, path: &str, token: &str, fields: &[(&str, &str)]) -> Response {
    let address = two.server.address();
    let signed = signature(token, &format!("{}{path}", address.origin), fields);
    Request::post(path, form(fields).into_bytes())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("X-Twilio-Signature", &signed)
        .send(address.socket, &address.host)
        .await
        .unwrap()
}

#[tokio::test]
async fn stop_turns_text_messages_off_at_once_and_start_on_again() {
    let gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    assert_eq!(consents(&two).await, (true, Some(How::Practice)));
    let says = |word: &'static str| [("From", MOBILE[1]), ("To", NUMBER), ("Body", word)];
    let forged = tells(&two, SMS_REPLY, "another token", &says("STOP")).await;
    assert_eq!((forged.status, consents(&two).await.0), (404, true), "anybody can say so");
    assert_eq!(tells(&two, SMS_REPLY, TOKEN, &says("Thank you")).await.status, 200);
    assert_eq!(tells(&two, SMS_REPLY, TOKEN, &says("Cancel Friday, please")).await.status, 200);
    assert!(consents(&two).await.0, "neither ends anything");
    let stopped = tells(&two, SMS_REPLY, TOKEN, &says(" Stop. Please")).await;
    assert_eq!((stopped.status, stopped.text()), (200, "<Response/>".into()));
    assert_eq!(consents(&two).await, (false, Some(How::Reply)));
    two.provider.send(two.conversation, "Good evening").await;
    let other = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(other, "Good evening").await;
    said(&two.server, &[&two.jonas.id.to_string(), "sms", "answered STOP"]).await;
    assert_eq!(tells(&two, SMS_REPLY, TOKEN, &says("START")).await.status, 200);
    assert_eq!(consents(&two).await, (true, Some(How::Reply)));
    two.provider.send(two.conversation, "Good morning").await;
    eventually("a text message", async || gateway.texts().pop()).await;
    // Who says so by themselves is not taken at an answer from their number.
    super::agree(&two.client, false, false).await;
    assert_eq!(tells(&two, SMS_REPLY, TOKEN, &says("START")).await.status, 200);
    assert_eq!(consents(&two).await, (false, Some(How::Themselves)));
    super::agree(&two.client, false, true).await;
    assert_eq!(tells(&two, SMS_REPLY, TOKEN, &says("cancel")).await.status, 200);
    assert_eq!(consents(&two).await, (false, Some(How::Reply)), "alone it does");
    let data = two.server.data().to_str().unwrap();
    let shown = two.server.succeed(&["audit", "show", "--data", data], "");
    assert!(shown.contains("consent-withdrawn") && shown.contains("by-reply"), "{shown}");
}

#[tokio::test]
async fn what_became_of_a_message_is_counted_when_the_gateway_has_signed_it() {
    let gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    let says = |status: &'static str| [("MessageSid", "SM1"), ("MessageStatus", status)];
    assert_eq!(tells(&two, SMS_STATUS, "another", &says("delivered")).await.status, 404);
    for status in ["queued", "sent", "delivered", "undelivered", "failed"] {
        assert_eq!(tells(&two, SMS_STATUS, TOKEN, &says(status)).await.status, 204);
    }
    let count = async |outcome: &str| {
        let outcome = format!("outcome=\"{outcome}\"");
        two.server.metric("quietroom_text_messages_total", &[&outcome]).await
    };
    assert_eq!((count("delivered").await, count("undelivered").await), (1.0, 2.0));
}

#[tokio::test]
async fn a_message_that_did_not_arrive_is_set_aside_and_goes_when_it_is_tried_again() {
    let gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    two.provider.send(two.conversation, "Good evening").await;
    let sent = eventually("a text message", async || gateway.texts().pop()).await;
    let callback = sent.status_callback.unwrap();
    let path = callback.strip_prefix(&two.server.address().origin).unwrap();
    assert!(!path.contains(&two.jonas.id.to_string()), "{path}");
    let set_aside =
        async || two.server.metric("quietroom_notices_set_aside", &["channel=\"sms\""]).await;
    let says = [("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    assert_eq!(tells(&two, path, "another", &says).await.status, 404);
    // Of another notice, or of none: it is counted, and nothing is made of it.
    let other = path.replace("?n=", "?n=AAAA");
    for path in [SMS_STATUS, &other] {
        assert_eq!(tells(&two, path, TOKEN, &says).await.status, 204);
    }
    assert_eq!(set_aside().await, 0.0);
    for _ in 0..2 {
        assert_eq!(tells(&two, path, TOKEN, &says).await.status, 204);
        assert_eq!(set_aside().await, 1.0, "said twice it is there once");
    }
    let data = two.server.data().to_str().unwrap();
    let status = two.server.succeed(&["notify", "status", "--data", data], "");
    assert!(status.contains("did not arrive, error 30003"), "{status}");
    said(&two.server, &[&two.jonas.id.to_string(), "sms", "set aside", "did not arrive"]).await;
    two.server.succeed(&["notify", "retry", "--channel", "sms", "--data", data], "");
    eventually("it to go again", async || (gateway.texts().len() == 2).then_some(())).await;
    assert_eq!(set_aside().await, 0.0);
}

#[tokio::test]
async fn a_number_the_gateway_knows_to_have_stopped_is_asked_no_more() {
    let gateway = SmsGateway::start().await;
    let two = agreed(through(&gateway)).await;
    gateway.refuse(400, 21_610);
    two.provider.send(two.conversation, "Good evening").await;
    eventually("consent to be withdrawn", async || (!consents(&two).await.0).then_some(())).await;
    assert_eq!(consents(&two).await.1, Some(How::Reply));
    assert_eq!(gateway.texts().len(), 1);
}

#[tokio::test]
async fn any_other_gateway_is_sent_what_its_template_says() {
    let gateway = SmsGateway::start().await;
    let options = at_once()
        .flag("--sms-url", format!("{}/send", gateway.url()))
        .flag("--sms-content-type", "application/json")
        .flag("--sms-from", "Quietroom")
        .variable("QUIETROOM_SMS_HEADER", "Authorization: Bearer hunter22")
        .variable(
            "QUIETROOM_SMS_BODY",
            r#"{"to":"{to}","from":"{from}","text":"{text}","id":"{id}"}"#,
        );
    let two = agreed(options).await;
    gateway.answer([Answer::status(503)]);
    two.provider.send(two.conversation, "Good evening").await;
    let asked = eventually("two tries", async || {
        let asked = gateway.asked();
        (asked.len() == 2).then_some(asked)
    })
    .await;
    let sent: Vec<serde_json::Value> =
        asked.iter().map(|asked| serde_json::from_str(&asked.text()).unwrap()).collect();
    assert_eq!(sent[0], sent[1], "under the same name");
    assert_eq!(sent[0]["to"], MOBILE[1]);
    assert_eq!(sent[0]["text"], unheard(&two));
    assert_eq!(asked[0].header("authorization"), Some("Bearer hunter22"));
    assert!(!two.server.log().contains("hunter22"));
}
