//! Letters go to the relay the operator named and to no other, sealed on their way (ASVS 12.3.2).

use quietroom_tests::support::smtp::{Authority, Relay, Way};
use quietroom_tests::support::{ServerOptions, TestServer, eventually};

use crate::clock::Clock;
use crate::mail::{mail_test, through};

const TO: &str = "jonas@example.org";
/// The relay's, as it stands in a URL.
const PASSWORD: &str = "p%3A%20lake";

/// The host a relay is named by in [`Relay::sealed_url`].
const fn host(way: Way) -> &'static str {
    if matches!(way, Way::Tls) { "127.0.0.1" } else { "0.0.0.0" }
}

/// A server that sends its mail to a relay at `port`, this `way`, and trusts `authority`.
fn sealed(way: Way, port: u16, password: &str, authority: &std::path::Path) -> ServerOptions {
    TestServer::options()
        .flag("--smtp-url", Relay::sealed_url(way, port, password))
        .flag("--mail-from", "Our practice <messages@example.org>")
        .variable("QUIETROOM_MAIL_RETRY_MS", "50")
        .variable("SSL_CERT_FILE", authority.to_str().unwrap())
}

async fn outcomes(server: &TestServer, outcome: &str) -> f64 {
    let label = format!("outcome=\"{outcome}\"");
    server.metric("quietroom_mails_total", &[&label]).await
}

#[tokio::test]
async fn a_letter_goes_sealed_and_with_the_password_to_a_relay_that_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::default();
    let trusted = authority.file(folder.path());
    for way in [Way::Tls, Way::StartTls] {
        let relay = Relay::start_sealed(way, &authority, host(way)).await;
        let stranger = sealed(way, relay.port(), "another", &trusted).start().await;
        let (sent, said) = mail_test(&stranger, TO);
        assert!(!sent && said.contains("not sent yet") && said.contains("535"), "{way:?}: {said}");
        assert!(relay.letters(TO).is_empty(), "{way:?}");

        let server = sealed(way, relay.port(), PASSWORD, &trusted).start().await;
        let (sent, said) = mail_test(&server, TO);
        assert!(sent, "{way:?}: {said}");
        let letter = relay.letter(TO).await;
        assert!(letter.body.contains("this is a test"), "{}", letter.body);
        for server in [stranger, server] {
            let told = format!("{}{}", server.log(), server.printed().concat());
            assert!(!told.contains("lake") && !told.contains("another"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_relay_nobody_trusts_gets_no_letter_and_the_letter_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::default(), Authority::default());
    let trusted = authority.file(folder.path());
    for way in [Way::Tls, Way::StartTls] {
        let pretender = Relay::start_sealed(way, &other, host(way)).await;
        let misnamed = Relay::start_sealed(way, &authority, "elsewhere.example").await;
        for relay in [pretender, misnamed] {
            let server = sealed(way, relay.port(), PASSWORD, &trusted).start().await;
            let (sent, said) = mail_test(&server, TO);
            assert!(!sent && said.contains("not sent yet"), "{way:?}: {said}");
            assert!(said.contains("TLS cannot be trusted"), "{way:?}: {said}");
            eventually("a few more tries", async || {
                (outcomes(&server, "failed").await >= 3.0).then_some(())
            })
            .await;
            assert!(relay.letters(TO).is_empty(), "{way:?}");
            assert_eq!(server.metric("quietroom_mails_waiting", &[]).await, 1.0);
        }
        let relay = Relay::start_sealed(way, &other, host(way)).await;
        let mut server = sealed(way, relay.port(), PASSWORD, &trusted).start().await;
        assert!(!mail_test(&server, TO).0);
        let folder = tempfile::tempdir().unwrap();
        let mended = other.file(folder.path());
        server.restart_with_variable("SSL_CERT_FILE", mended.to_str().unwrap()).await;
        relay.letter(TO).await;
    }
}

#[tokio::test]
async fn a_relay_on_another_machine_without_starttls_gets_no_letter() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::default();
    let trusted = authority.file(folder.path());
    let mut relay = Relay::start_sealed(Way::StartTls, &authority, host(Way::StartTls)).await;
    relay.down();
    relay.change(Way::Plain);
    relay.up().await;
    let server = sealed(Way::StartTls, relay.port(), PASSWORD, &trusted).start().await;
    let (sent, said) = mail_test(&server, TO);
    assert!(!sent && said.contains("not sent yet") && said.contains("STARTTLS"), "{said}");
    assert!(relay.letters(TO).is_empty());
    relay.down();
    relay.change(Way::StartTls);
    relay.up().await;
    relay.letter(TO).await;
}

#[tokio::test]
async fn a_letter_no_relay_took_for_a_day_is_given_up() {
    const HOUR: i64 = 60 * 60 * 1_000;
    let clock = Clock::new();
    clock.jump(0);
    let mut relay = Relay::start().await;
    let file = clock.variable();
    let server = through(&relay).variable("QUIETROOM_FAULT_CLOCK", file).start().await;
    relay.down();
    assert!(!mail_test(&server, TO).0);
    clock.jump(23 * HOUR);
    let before = outcomes(&server, "failed").await;
    eventually("more tries", async || {
        (outcomes(&server, "failed").await >= before + 2.0).then_some(())
    })
    .await;
    assert_eq!(outcomes(&server, "given-up").await, 0.0);
    clock.jump(24 * HOUR);
    eventually("it to be given up", async || {
        (outcomes(&server, "given-up").await == 1.0).then_some(())
    })
    .await;
    eventually("nothing to wait any more", async || {
        (server.metric("quietroom_mails_waiting", &[]).await == 0.0).then_some(())
    })
    .await;
    assert!(server.log().contains("a letter was given up"), "{}", server.log());
    relay.up().await;
    let (sent, said) = mail_test(&server, "ana@example.org");
    assert!(sent, "the next one goes out: {said}");
    assert!(relay.letters(TO).is_empty());
}
