//! Notices by email: the bytes, the relay, and ending them with one press.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::Request;
use quietroom_tests::support::smtp::{Authority, Relay, Way};
use shared_proto::notice::How;
use shared_proto::office::{Ask, Told};
use shared_proto::practice::PracticeChange;

use super::{SUBJECT, at_once, notices, told, two_told};
use crate::given::Two;
use crate::office::{ask, change_practice, practice};

/// The text every notice has, with the address of its server.
fn text(url: &str) -> String {
    format!(
        "Hello,\n\nsomething new is waiting for you. Visit your account to read it:\n\n{url}\n\n\
         You are told once until you have read it. To get no more emails like this one, use \
         \"Unsubscribe\" in your mail program, or open your settings after signing in.\n"
    )
}

/// The HTML every notice has.
fn html(url: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{SUBJECT}\
         </title></head>\n<body>\n<p>Hello,</p>\n<p>something new is waiting for you. Visit your \
         account to read it:</p>\n<p><a href=\"{url}\">Visit your account</a></p>\n<p>You are told \
         once until you have read it. To get no more emails like this one, use \
         &quot;Unsubscribe&quot; in your mail program, or open your settings after signing in.</p>\n\
         </body>\n</html>\n"
    )
}

#[tokio::test]
async fn a_notice_is_the_same_whatever_was_written_and_by_whom() {
    let two = two_told(at_once()).await;
    let url = &two.server.address().origin;
    for said in ["Good evening", "Your results are here, Jonas", "Willow Lane Oncology"] {
        let conversation = two.provider.create(&[two.jonas.id]).await;
        two.provider.send(conversation, said).await;
    }
    told(&two.server, &two.jonas.email, 3).await;
    for notice in notices(&two.server, &two.jonas.email) {
        // Lines end as they do in mail (RFC 5322, 2.3).
        let lines = |text: &str| text.replace("\r\n", "\n");
        assert_eq!(lines(&notice.body), text(url));
        assert_eq!(notice.html.as_deref().map(lines), Some(html(url)));
        assert_eq!(notice.header("from"), Some("Quietroom <quietroom@localhost>"));
        let known = [
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "mime-version",
            "content-type",
        ];
        for (name, value) in &notice.headers {
            assert!(known.contains(&name.as_str()), "{name}: {value}");
            for given_away in ["Dana", "Jonas Keller", "Willow", "results"] {
                assert!(!value.contains(given_away), "{name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn a_notice_is_sent_as_what_the_practice_says() {
    let two = two_told(at_once()).await;
    let mut settings = practice(&two.provider).await.settings;
    settings.sender = "  Messages for you ".into();
    let change = PracticeChange::Settings(Box::new(settings));
    change_practice(&two.provider, change).await.unwrap();
    two.provider.send(two.conversation, "Good evening").await;
    told(&two.server, &two.jonas.email, 1).await;
    let notice = notices(&two.server, &two.jonas.email).remove(0);
    assert_eq!(notice.header("from"), Some("Messages for you <quietroom@localhost>"));
}

#[tokio::test]
async fn a_notice_reaches_a_relay_with_tls_and_a_password() {
    let authority = Authority::default();
    let relay = Relay::start_sealed(Way::Tls, &authority, "127.0.0.1").await;
    let folder = tempfile::tempdir().unwrap();
    let url = Relay::sealed_url(Way::Tls, relay.port(), "p%3A%20lake");
    let options = at_once()
        .variable("QUIETROOM_SMTP_URL", url)
        .variable("SSL_CERT_FILE", authority.file(folder.path()).to_str().unwrap())
        .flag("--mail-from", "Our practice <messages@example.org>");
    let two = two_told(options).await;
    two.provider.send(two.conversation, "Good evening").await;
    let notice = relay.letter(&two.jonas.email).await;
    assert_eq!(notice.header("subject"), Some(SUBJECT));
    assert_eq!(notice.header("from"), Some("Quietroom <messages@example.org>"));
    let sent = ["channel=\"email\"", "outcome=\"sent\""];
    assert_eq!(two.server.metric("quietroom_notices_total", &sent).await, 1.0);
    assert!(!two.server.log().contains("example.org"), "{}", two.server.log());
}

/// Where a notice says that emails can be ended.
fn unsubscribe(two: &Two) -> String {
    let notice = notices(&two.server, &two.jonas.email).pop().unwrap();
    assert_eq!(notice.header("list-unsubscribe-post"), Some("List-Unsubscribe=One-Click"));
    let header = notice.header("list-unsubscribe").unwrap().replace(' ', "");
    let url = header.strip_prefix('<').unwrap().strip_suffix('>').unwrap();
    url.strip_prefix(&two.server.address().origin).unwrap().to_owned()
}

#[tokio::test]
async fn one_press_in_a_mail_program_ends_emails_at_once() {
    let two = two_told(at_once()).await;
    two.provider.send(two.conversation, "Good evening").await;
    told(&two.server, &two.jonas.email, 1).await;
    let path = unsubscribe(&two);
    let (socket, host) = (two.server.address().socket, two.server.address().host.clone());
    // A scanner that follows every address of a letter ends nothing.
    let page = Request::get(&path).send(socket, &host).await.unwrap();
    assert_eq!((page.status, page.text().contains("<form method=\"post\">")), (200, true));
    assert!(!page.text().contains("Jonas") && !page.text().contains("example.org"));
    let press = || {
        let body = b"List-Unsubscribe=One-Click".to_vec();
        Request::post(&path, body).header("Content-Type", "application/x-www-form-urlencoded")
    };
    assert_eq!(press().send(socket, &host).await.unwrap().status, 200);
    assert_eq!(press().send(socket, &host).await.unwrap().status, 200, "twice is once");
    let Ok(Told::Account(account)) = ask(&two.client, Ask::Account).await else { panic!() };
    assert!(!account.consents.email);
    let chart = ask(&two.provider, Ask::Chart { person: two.jonas.id }).await;
    let Ok(Told::Chart(chart)) = chart else { panic!("{chart:?}") };
    assert_eq!(chart.agreed.email.map(|agreed| agreed.how), Some(How::Link));
    let other = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(other, "Good morning").await;
    super::said(&two.server, &[&two.jonas.id.to_string(), "email", "has not agreed"]).await;
    assert_eq!(notices(&two.server, &two.jonas.email).len(), 1);
    let data = two.server.data().to_str().unwrap();
    let shown = two.server.succeed(&["audit", "show", "--data", data], "");
    assert!(shown.contains("consent-withdrawn") && shown.contains("by-link"), "{shown}");
}

#[tokio::test]
async fn a_token_that_is_none_answers_as_one_of_nobody() {
    let server = TestServer::start().await;
    let (socket, host) = (server.address().socket, server.address().host.clone());
    for query in ["", "?t=", "?t=AAAA", "?t=%00", "?x=y"] {
        let path = format!("/api/unsubscribe{query}");
        let page = Request::get(&path).send(socket, &host).await.unwrap();
        assert_eq!(page.status, 404, "{path}");
        let pressed = Request::post(&path, Vec::new()).send(socket, &host).await.unwrap();
        assert_eq!((pressed.status, pressed.text()), (404, page.text()), "{path}");
    }
}
