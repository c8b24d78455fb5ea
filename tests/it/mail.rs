//! Mail reaches a relay or a folder, once the change it is about is durable and however long the
//! relay is away.

use std::os::unix::fs::PermissionsExt;

use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestServer, eventually, outbox};

const TO: &str = "jonas@example.org";

/// A server that sends its mail through `relay`.
pub fn through(relay: &Relay) -> quietroom_tests::support::ServerOptions {
    TestServer::options()
        .flag("--smtp-url", relay.url())
        .flag("--mail-from", "Our practice <messages@example.org>")
        .variable("QUIETROOM_MAIL_RETRY_MS", "50")
}

/// Runs `quietroom mail test` and returns what it said, on either output.
pub fn mail_test(server: &TestServer, to: &str) -> (bool, String) {
    let data = server.data().to_str().unwrap();
    let output = server.command(&["mail", "test", "--to", to, "--data", data], "");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn mail_arrives_at_the_relay_as_plain_text_that_a_program_wrote() {
    let relay = Relay::start().await;
    let mut server = through(&relay).start().await;
    let shown = server.announced("mail:").await;
    assert_eq!(format!("smtp://{shown}"), relay.url());
    let (sent, said) = mail_test(&server, TO);
    assert!(sent, "{said}");
    let letter = relay.letter(TO).await;
    assert_eq!(letter.header("subject"), Some("A test message"));
    assert_eq!(letter.header("from"), Some("Our practice <messages@example.org>"));
    assert_eq!(letter.header("to"), Some(TO));
    assert_eq!(letter.header("auto-submitted"), Some("auto-generated"));
    assert_eq!(letter.header("content-type"), Some("text/plain; charset=\"utf-8\""));
    assert!(letter.header("date").is_some() && letter.header("message-id").is_some());
    assert!(letter.body.contains("this is a test"), "{}", letter.body);
    assert_eq!(server.metric("quietroom_mails_total", &["outcome=\"sent\""]).await, 1.0);
    assert!(!server.log().contains("jonas"), "{}", server.log());
}

#[tokio::test]
async fn mail_waits_for_a_relay_that_is_down_and_goes_out_when_it_is_back() {
    let mut relay = Relay::start().await;
    let server = through(&relay).start().await;
    relay.down();
    let (sent, said) = mail_test(&server, TO);
    assert!(!sent && said.contains("not sent yet"), "{said}");
    assert!(server.metric("quietroom_mails_total", &["outcome=\"failed\""]).await >= 1.0);
    relay.up().await;
    relay.letter(TO).await;
    eventually("nothing to wait any more", async || {
        (server.metric("quietroom_mails_waiting", &[]).await == 0.0).then_some(())
    })
    .await;
    assert_eq!(relay.letters(TO).len(), 1);
}

#[tokio::test]
async fn mail_that_waits_survives_a_kill() {
    let mut relay = Relay::start().await;
    let options = through(&relay).variable("QUIETROOM_MAIL_RETRY_MS", "3600000");
    let mut server = options.start().await;
    relay.down();
    let (sent, said) = mail_test(&server, TO);
    assert!(!sent && said.contains("not sent yet"), "{said}");
    server.kill9();
    let data = server.data().to_str().unwrap().to_owned();
    let verified = server.succeed(&["verify", "--data", &data], "");
    assert!(verified.contains("ok"), "{verified}");
    relay.up().await;
    server.restart().await;
    relay.letter(TO).await;
}

#[tokio::test]
async fn mail_the_relay_never_takes_is_given_up_and_holds_up_nothing() {
    let relay = Relay::start().await;
    let server = through(&relay).start().await;
    let (sent, said) = mail_test(&server, "never@example.org");
    assert!(!sent && said.contains("not sent:") && said.contains("550"), "{said}");
    let (sent, said) = mail_test(&server, "later@example.org");
    assert!(!sent && said.contains("not sent yet") && said.contains("450"), "{said}");
    let (sent, said) = mail_test(&server, TO);
    assert!(sent, "{said}");
    assert_eq!(server.metric("quietroom_mails_total", &["outcome=\"given-up\""]).await, 1.0);
    assert!(!server.log().contains("example.org"), "no address is logged: {}", server.log());
}

#[tokio::test]
async fn without_a_relay_mail_is_a_whole_file_in_a_folder_for_its_owner_only() {
    let mut server = TestServer::start().await;
    let folder = outbox::folder(server.data());
    assert_eq!(server.announced("mail:").await, folder.display().to_string());
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let (sent, said) = mail_test(&server, TO);
    assert!(sent, "{said}");
    let letter = outbox::letter(server.data(), TO).await;
    assert!(letter.body.contains("this is a test"), "{}", letter.body);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].file_name().into_string().unwrap();
    assert_eq!(mode(&files[0].path()), 0o600);
    let says_nothing = |c: char| c.is_ascii_hexdigit() || c == '-';
    assert!(name.strip_suffix(".eml").unwrap().chars().all(says_nothing), "{name}");
}

#[tokio::test]
async fn an_address_with_another_header_in_it_gets_no_mail() {
    let server = TestServer::start().await;
    for to in ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org"] {
        let (sent, said) = mail_test(&server, to);
        assert!(!sent && said.contains("not sent:"), "{said}");
    }
    assert!(outbox::files(server.data()).is_empty());
}

#[tokio::test]
async fn a_relay_without_a_sender_is_refused_at_the_start_and_no_password_is_repeated() {
    let server = TestServer::options().prepared();
    let data = server.data().to_str().unwrap();
    for url in ["smtps://user:hunter22@mail.example.org", "http://user:hunter22@mail.example.org"] {
        let arguments = ["serve", "--smtp-url", url, "--data", data];
        let output = server.command(&arguments, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{said}");
        assert!(said.contains("--smtp-url") && !said.contains("hunter22"), "{said}");
    }
}
