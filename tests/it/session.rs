//! Signing in, staying signed in, and the end of a session.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use quietroom_tests::support::client::Upgrade;
use quietroom_tests::support::http::Response;
use quietroom_tests::support::links::forgotten;
use quietroom_tests::support::people::{post, refusal, session_cookie, session_state, try_sign_in};
use quietroom_tests::support::{Address, Person, TestClient, TestServer, outbox};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;
use shared_proto::{codec, http as api};
use tokio_tungstenite::tungstenite::Message;

use crate::given::{device, two, two_on};

#[tokio::test]
async fn nobody_connects_without_a_session_of_the_server() {
    let two = two().await;
    let server = two.server.address();
    let own = Upgrade::of(two.client.session());
    let (name, value) = two.client.session().cookie.split_once('=').unwrap();
    let mut forged = value.to_owned();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    let first_changed =
        format!("{}{}", if value.starts_with('A') { 'B' } else { 'A' }, &value[1..]);
    let cookies = [
        None,
        Some(String::new()),
        Some(format!("{name}=")),
        Some(format!("{name}={forged}")),
        Some(format!("{name}={first_changed}")),
        Some(format!("{name}={value}{value}")),
        Some(format!("quietroom={value}")),
        Some(format!("{name}=%00")),
    ];
    for cookie in cookies {
        // The last character of a base64 text may carry unused bits: skip what means the same.
        let upgrade = Upgrade { cookie: cookie.clone(), ..own.clone() };
        assert_eq!(upgrade.connect(server).await.err(), Some(401), "{cookie:?}");
        let state = session_state(server, cookie.as_deref()).await;
        assert!(matches!(state, api::Session::SignedOut { .. }), "{cookie:?}: {state:?}");
    }
    let signed_in = two.client.session().state().await;
    let api::Session::SignedIn { me, .. } = signed_in else { panic!("{signed_in:?}") };
    assert_eq!(me.id, two.jonas.id);
}

#[tokio::test]
async fn the_cookie_is_the_strictest_there_is_and_new_at_each_sign_in() {
    let two = two().await;
    let server = two.server.address();
    let answer = try_sign_in(server, &two.jonas.email, &two.jonas.password).await.unwrap();
    assert_eq!(answer.status, 200);
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    let mut parts = cookie.split(';').map(str::trim);
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    assert_eq!(name, "__Host-quietroom");
    assert!(value.len() >= 43, "256 bits");
    let attributes: Vec<String> = parts.map(str::to_lowercase).collect();
    for expected in ["secure", "httponly", "samesite=strict", "path=/"] {
        assert!(attributes.iter().any(|one| one == expected), "{expected} in {cookie}");
    }
    assert!(!attributes.iter().any(|one| one.starts_with("domain")), "{cookie}");
    assert_eq!(answer.header("cache-control").map(|v| v.contains("no-store")), Some(true));
    let again = try_sign_in(server, &two.jonas.email, &two.jonas.password).await.unwrap();
    assert_ne!(again.header("set-cookie").unwrap(), cookie);
}

#[tokio::test]
async fn an_email_is_the_same_in_any_case_and_a_password_is_not() {
    let two = two().await;
    let server = two.server.address();
    let upper = format!(" {} ", two.jonas.email.to_uppercase());
    assert_eq!(try_sign_in(server, &upper, &two.jonas.password).await.unwrap().status, 200);
    let shouted = two.jonas.password.to_uppercase();
    let answer = try_sign_in(server, &two.jonas.email, &shouted).await.unwrap();
    assert_eq!(refusal(&answer), Refusal::WrongCredentials);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_email_and_a_disabled_person_are_answered_alike() {
    let two = two().await;
    let server = two.server.address();
    let gone = two.server.person_add("Former Client", shared_proto::people::Role::Client);
    two.server.person(&["disable", &gone.email], "");
    let tries = [
        (two.jonas.email.as_str(), "not the password at all"),
        ("nobody@example.org", "not the password at all"),
        (gone.email.as_str(), gone.password.as_str()),
    ];
    let mut answers = Vec::new();
    for (email, password) in tries {
        let started = Instant::now();
        let answer = try_sign_in(server, email, password).await.unwrap();
        let took = started.elapsed();
        assert_eq!(refusal(&answer), Refusal::WrongCredentials, "{email}");
        assert_eq!(answer.header("set-cookie"), None);
        answers.push((answer.status, answer.body, took));
    }
    assert!(answers.windows(2).all(|pair| (pair[0].0, &pair[0].1) == (pair[1].0, &pair[1].1)));
    // Each does the work of one password check: an unknown email is not answered sooner.
    let quickest = answers.iter().map(|answer| answer.2).min().unwrap();
    assert!(quickest > Duration::from_millis(2), "{quickest:?} is too quick for a password check");
}

/// Signs in from a browser that shows this cookie.
async fn sign_in_from(server: &Address, person: &Person, password: &str, known: &str) -> Response {
    let form = api::SignIn { email: person.email.clone(), password: password.to_owned() };
    post(server, api::SIGN_IN, codec::encode(&form), Some(known)).await.unwrap()
}

/// By which a browser is known from now on.
fn known_cookie(answer: &Response) -> String {
    let mut cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let line = cookies.find(|(_, line)| line.starts_with("__Host-quietroom-known="));
    let line = &line.expect("the browser is known from now on").1;
    for wanted in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(line.contains(wanted), "{line}");
    }
    line.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_was_here_before_or_reads_their_letters_comes_in_whatever_strangers_guess() {
    let two = two().await;
    let (server, jonas) = (two.server.address(), &two.jonas);
    let first = try_sign_in(server, &jonas.email, &jonas.password).await.unwrap();
    let known = known_cookie(&first);
    assert!(!known.contains(&jonas.email));
    let of_dana = try_sign_in(server, &two.dana.email, &two.dana.password).await.unwrap();
    let of_dana = known_cookie(&of_dana);
    for n in 0..10 {
        let answer = try_sign_in(server, &jonas.email, &format!("guess {n}")).await.unwrap();
        assert_eq!(refusal(&answer), Refusal::WrongCredentials);
    }
    // A browser of somebody else is a stranger here, and so is one with a cookie of its own make.
    let last = if known.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{last}", &known[..known.len() - 1]);
    for stranger in ["", "__Host-quietroom-known=", &of_dana, &forged] {
        let refused = sign_in_from(server, jonas, &jonas.password, stranger).await;
        assert!(matches!(refusal(&refused), Refusal::TooManyTries { .. }), "{stranger}");
    }
    let known_again = known_cookie(&sign_in_from(server, jonas, &jonas.password, &known).await);
    assert_ne!(known_again, known, "another at every sign-in");
    // Whoever sits at that browser guesses as often as any stranger and no more.
    for n in 0..10 {
        let answer = sign_in_from(server, jonas, &format!("guess {n}"), &known).await;
        assert_eq!(refusal(&answer), Refusal::WrongCredentials);
    }
    let limited = sign_in_from(server, jonas, &jonas.password, &known).await;
    assert!(matches!(refusal(&limited), Refusal::TooManyTries { .. }));
    // Nor does a whole network that guesses at others keep out who is known.
    for n in 0..100 {
        let nobody = format!("nobody-{n}@example.org");
        let answer = try_sign_in(server, &nobody, "a guess at nobody").await.unwrap();
        if let Refusal::TooManyTries { .. } = refusal(&answer) {
            break;
        }
    }
    let stranger = try_sign_in(server, &two.dana.email, &two.dana.password).await.unwrap();
    assert!(matches!(refusal(&stranger), Refusal::TooManyTries { .. }), "{stranger:?}");
    let known = sign_in_from(server, &two.dana, &two.dana.password, &of_dana).await;
    assert_eq!(known.status, 200);

    // A browser that was never here, of somebody who reads their letters.
    forgotten(server, &jonas.email).await.unwrap();
    let letter = outbox::letter(two.server.data(), &jonas.email).await;
    let (_, secret) = letter.link().split_once('#').unwrap();
    let fresh = "a tin of yellow harbour paint";
    let form = api::NewPassword { token: secret.into(), password: fresh.into() };
    let chosen = post(server, api::NEW_PASSWORD, codec::encode(&form), None).await.unwrap();
    assert_eq!(chosen.status, 200);
    // What was known under the old password is a stranger; who chose the new one is not.
    let old = sign_in_from(server, jonas, fresh, &known_again).await;
    assert!(matches!(refusal(&old), Refusal::TooManyTries { .. }));
    let entered = sign_in_from(server, jonas, fresh, &known_cookie(&chosen)).await;
    assert_eq!(entered.status, 200);

    // Signing out leaves nothing behind.
    let session = session_cookie(&entered).unwrap();
    let out = post(server, api::SIGN_OUT, Vec::new(), Some(&session)).await.unwrap();
    let gone = out.headers.iter().filter(|(name, line)| {
        name == "set-cookie" && line.contains("=; ") && line.contains("Max-Age=0")
    });
    assert_eq!(gone.count(), 2, "{:?}", out.headers);
}

#[tokio::test]
async fn after_too_many_wrong_tries_guessing_stops_and_open_sessions_go_on() {
    let two = two().await;
    let server = two.server.address();
    let mut limited = None;
    for number in 0..14 {
        let password = format!("a wrong guess, number {number}");
        let answer = try_sign_in(server, &two.jonas.email, &password).await.unwrap();
        match refusal(&answer) {
            Refusal::WrongCredentials => {
                assert!(limited.is_none(), "guessing went on after the limit");
                assert!(number < 10, "more than 10 guesses count");
            }
            Refusal::TooManyTries { retry_after_s } => {
                assert!((1..=15 * 60).contains(&retry_after_s));
                limited.get_or_insert(number);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(limited.is_some());
    let log = two.server.log();
    assert!(log.contains("too-many-tries"), "it is logged: {log}");
    assert!(!log.contains(&two.jonas.email), "without who it was about: {log}");
    let right = try_sign_in(server, &two.jonas.email, &two.jonas.password).await.unwrap();
    assert!(matches!(refusal(&right), Refusal::TooManyTries { .. }));
    two.client.settle().await;
    let again = TestClient::connect(two.client.session()).await;
    again.settle().await;
    let other = try_sign_in(server, &two.dana.email, &two.dana.password).await.unwrap();
    assert_eq!(other.status, 200, "somebody else is not held up");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_closes_its_sockets_at_once() {
    let two = two().await;
    let tab = TestClient::connect(two.client.session()).await;
    let phone = device(&two.server, &two.jonas).await;
    let started = Instant::now();
    assert_eq!(two.client.session().sign_out().await, 200);
    for socket in [&two.client, &tab] {
        assert_eq!(socket.close_code().await, Some(close::SESSION_ENDED));
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let status = TestClient::try_connect(two.client.session()).await.err();
    assert_eq!(status, Some(401), "the cookie is dead");
    let state = two.client.session().state().await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
    phone.settle().await;
}

#[tokio::test]
async fn a_sign_out_clears_the_cookie_and_all_that_the_site_kept() {
    let two = two().await;
    let session = two.client.session();
    let answer = post(two.server.address(), api::SIGN_OUT, Vec::new(), Some(&session.cookie));
    let answer = answer.await.unwrap();
    let cookie = answer.header("set-cookie").unwrap().to_lowercase();
    assert!(cookie.starts_with("__host-quietroom=;"), "{cookie}");
    assert!(
        cookie.contains("max-age=0") || cookie.contains("expires=thu, 01 jan 1970"),
        "{cookie}"
    );
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\", \"storage\""));
}

/// A socket whose session was good when it was checked, and is ended by `end` before the socket
/// joins the others of its person.
async fn ended_between_check_and_join(end: impl AsyncFnOnce(&crate::given::Two)) {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options =
        TestServer::options().variable("QUIETROOM_FAULT_HOLD_JOIN", hold.to_str().unwrap());
    let two = two_on(options).await;
    std::fs::write(&hold, b"").unwrap();
    // The answer to the upgrade comes after the check.
    let upgrade = Upgrade::of(two.client.session());
    let mut late = upgrade.connect(two.server.address()).await.unwrap();
    let mut other =
        Upgrade::of(two.provider.session()).connect(two.server.address()).await.unwrap();
    end(&two).await;
    assert_eq!(two.client.close_code().await, Some(close::SESSION_ENDED));
    std::fs::remove_file(&hold).unwrap();
    let code = async {
        loop {
            match late.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code),
                Some(Ok(Message::Close(None)) | Err(_)) | None => {
                    panic!("it ends without a reason")
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => panic!("{message:?} is told to somebody who may not be here"),
            }
        }
    };
    let code = tokio::time::timeout(quietroom_tests::support::PATIENCE, code).await;
    assert_eq!(code.expect("the late socket is closed"), close::SESSION_ENDED);
    let greeted = other.next().await.unwrap().unwrap();
    assert!(greeted.is_binary(), "somebody else's stays: {greeted:?}");
}

#[tokio::test]
async fn a_socket_that_joins_after_its_session_ended_is_closed() {
    ended_between_check_and_join(async |two| {
        assert_eq!(two.client.session().sign_out().await, 200);
    })
    .await;
    ended_between_check_and_join(async |two| {
        two.server.person(&["disable", &two.jonas.email], "");
    })
    .await;
    ended_between_check_and_join(async |two| {
        two.server.person(&["reset", &two.jonas.email], "");
    })
    .await;
}

async fn ended_within_a_second(two: &crate::given::Two, act: impl FnOnce()) {
    let started = Instant::now();
    act();
    assert_eq!(two.client.close_code().await, Some(close::SESSION_ENDED));
    // The command itself is a process of its own; it and the close together take no longer.
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    assert_eq!(TestClient::try_connect(two.client.session()).await.err(), Some(401));
    two.provider.settle().await;
}

#[tokio::test]
async fn disabling_somebody_ends_their_sessions_and_enabling_lets_them_in_again() {
    let two = two().await;
    ended_within_a_second(&two, || drop(two.server.person(&["disable", &two.jonas.email], "")))
        .await;
    two.provider.send(two.conversation, "you will read this later").await;
    two.server.person(&["enable", &two.jonas.email], "");
    let back = device(&two.server, &two.jonas).await;
    back.open(two.conversation).await;
    back.reads(two.conversation, &["you will read this later"]).await;
}

#[tokio::test]
async fn a_password_reset_ends_sessions_and_replaces_the_password() {
    let two = two().await;
    let fresh = "a brand new lake in spring";
    ended_within_a_second(&two, || {
        let input = format!("{fresh}\n");
        two.server.person(&["reset", &two.jonas.email, "--password-stdin"], &input);
    })
    .await;
    let server = two.server.address();
    let old = try_sign_in(server, &two.jonas.email, &two.jonas.password).await.unwrap();
    assert_eq!(refusal(&old), Refusal::WrongCredentials);
    let jonas = Person { password: fresh.to_owned(), ..two.jonas.clone() };
    device(&two.server, &jonas).await.settle().await;
}

#[tokio::test]
async fn a_session_ends_by_itself_and_takes_its_socket_with_it() {
    let server = TestServer::options().flag("--session-seconds", 15).start().await;
    let (dana, _) = server.pair();
    let before = Instant::now();
    let session = server.sign_in(&dana).await;
    let after = Instant::now();
    let client = TestClient::connect(&session).await;
    assert_eq!(client.close_code().await, Some(close::SESSION_ENDED));
    let lives = Duration::from_secs(15);
    // A clock that shows milliseconds may be one behind.
    assert!(before.elapsed() > lives - Duration::from_millis(2), "{:?}", before.elapsed());
    assert!(after.elapsed() < lives + Duration::from_secs(2), "{:?}", after.elapsed());
    let status = TestClient::try_connect(&session).await.err();
    assert_eq!(status, Some(401));
    let state = session.state().await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
}

#[tokio::test]
async fn a_session_survives_a_restart_and_its_end_does_too() {
    let mut two = two().await;
    let other = two.server.sign_in(&two.jonas).await;
    other.sign_out().await;
    two.server.kill9();
    two.server.restart().await;
    let back = two.client.reconnect().await.unwrap();
    back.settle().await;
    assert_eq!(TestClient::try_connect(&other).await.err(), Some(401));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_the_page() {
    use quietroom_tests::support::http::Request;
    let server = TestServer::start().await;
    let address = server.address();
    let page = Request::get("/").send(address.socket, &address.host).await.unwrap();
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap().to_owned();
    for expected in ["default-src 'none'", "'wasm-unsafe-eval'", "frame-ancestors 'none'"] {
        assert!(policy.contains(expected), "{expected} in {policy}");
    }
    for forbidden in ["'unsafe-inline'", "'unsafe-eval'", " *"] {
        assert!(!policy.contains(forbidden), "{forbidden} in {policy}");
    }
    // Whatever is asked for: pages, what is not there, answers, and what is refused.
    let paths = ["/", "/c/1", "/absent.js", "/api/absent", api::SESSION, api::LIVE, "/healthz"];
    for path in paths {
        let answer = Request::get(path).send(address.socket, &address.host).await.unwrap();
        assert_eq!(answer.header("content-security-policy"), Some(policy.as_str()), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let is_typed = answer.header("content-type").is_some();
        assert!(answer.body.is_empty() || is_typed, "{path}: {:?}", answer.headers);
    }
    let session = Request::get(api::SESSION).send(address.socket, &address.host).await.unwrap();
    assert!(session.header("cache-control").unwrap().contains("no-store"));
    for path in ["/healthz", "/readyz"] {
        let answer = Request::get(path).send(address.socket, &address.host).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
    }
    let metrics = Request::get("/metrics").send(address.socket, &address.host).await.unwrap();
    assert!(!metrics.text().contains("quietroom_connections"), "metrics have their own listener");
}

#[tokio::test]
async fn text_among_the_clients_files_names_how_it_is_encoded() {
    use quietroom_tests::support::http::Request;
    let server = TestServer::start().await;
    let address = server.address();
    let page = Request::get("/").send(address.socket, &address.host).await.unwrap();
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    let words = || text.split(['=', ' ', '"', '\'', '>']).filter(|word| word.starts_with('/'));
    let text_files = [
        (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"),
        (".svg", "image/svg+xml; charset=utf-8"),
    ];
    for (end, expected) in text_files {
        let path = words().find(|word| word.ends_with(end)).expect("the page names one of each");
        let answer = Request::get(path).send(address.socket, &address.host).await.unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(expected)), "{path}");
    }
}

#[tokio::test]
async fn methods_nobody_needs_are_refused() {
    use quietroom_tests::support::http::Request;
    let server = TestServer::start().await;
    let address = server.address();
    for method in ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE"] {
        for path in ["/", api::SESSION, api::SIGN_IN] {
            let request = Request::with_method(method, path).header("X-Echo", "not to be repeated");
            let answer = request.send(address.socket, &address.host).await.unwrap();
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(!answer.text().contains("repeated"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_session_that_goes_for_a_newer_one_takes_its_sockets_along() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let oldest = server.sign_in(&dana).await;
    let there = TestClient::connect(&oldest).await;
    for _ in 0..limits::DEVICES {
        server.sign_in(&dana).await;
    }
    assert_eq!(there.close_code().await, Some(close::SESSION_ENDED));
    assert!(matches!(oldest.state().await, api::Session::SignedOut { .. }));
}
