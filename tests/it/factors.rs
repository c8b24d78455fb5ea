//! The second step of signing in, and setting it up, over plain requests and sockets.

use quietroom_tests::support::http::Response;
use quietroom_tests::support::people::{post, refusal, session_cookie, session_state, try_sign_in};
use quietroom_tests::support::{Person, Session, TestClient, TestServer, outbox};
use shared_proto::factors::{FactorAsk, FactorList, FactorTold, SecondStep, SecondSteps};
use shared_proto::id::PasskeyId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Request, close};
use shared_proto::{codec, http as api};

use crate::clock::Clock;
use crate::codes::Codes;
use crate::given::device;
use crate::office::ask;

/// Asks about one's own factors.
async fn of_factors(client: &TestClient, asked: FactorAsk) -> Result<FactorTold, Refusal> {
    match ask(client, Ask::Factors(asked)).await? {
        Told::Factors(told) => Ok(*told),
        other => panic!("{other:?}"),
    }
}

/// What somebody has set up.
struct App<'a> {
    codes: Codes<'a>,
    recovery: Vec<String>,
    factors: FactorList,
}

impl App<'_> {
    /// A code not given before.
    fn code(&mut self) -> String {
        self.codes.fresh()
    }
}

/// Sets an authenticator app up.
async fn set_up<'a>(clock: &'a Clock, client: &TestClient, person: &Person) -> App<'a> {
    let password = person.password.clone();
    let begun = of_factors(client, FactorAsk::BeginTotp { password }).await.unwrap();
    let FactorTold::Totp { ticket, set_up } = begun else { panic!("{begun:?}") };
    let secret = set_up.secret_text;
    assert!(set_up.uri.contains(&secret.replace(' ', "")), "{}", set_up.uri);
    let mut codes = Codes::new(clock, secret);
    let code = codes.fresh();
    let told = of_factors(client, FactorAsk::FinishTotp { ticket, code }).await.unwrap();
    let FactorTold::Changed { factors, recovery } = told else { panic!("{told:?}") };
    App { codes, recovery: recovery.0, factors }
}

/// The first step: what the second may be, and its cookie.
async fn first_step(server: &TestServer, person: &Person) -> (SecondSteps, String) {
    let answer = try_sign_in(server.address(), &person.email, &person.password).await.unwrap();
    let Refusal::SecondStep(steps) = refusal(&answer) else { panic!("{:?}", refusal(&answer)) };
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let cookies: Vec<&str> = cookies.map(|(_, value)| value.as_str()).collect();
    assert_eq!(cookies.len(), 1, "no session comes with it: {cookies:?}");
    assert!(cookies[0].starts_with("__Host-quietroom-step="), "{cookies:?}");
    for wanted in ["HttpOnly", "Secure", "SameSite=Strict", "Max-Age=300"] {
        assert!(cookies[0].contains(wanted), "{cookies:?}");
    }
    (steps, cookies[0].split(';').next().unwrap().to_owned())
}

async fn second_step(server: &TestServer, cookie: &str, step: SecondStep) -> Response {
    let body = codec::encode(&step);
    post(server.address(), api::SECOND_STEP, body, Some(cookie)).await.unwrap()
}

/// The session an answer to a second step begins.
fn session(server: &TestServer, answer: &Response) -> Session {
    let me: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
    let cookie = session_cookie(answer).unwrap();
    assert!(cookie.starts_with("__Host-quietroom="), "{cookie}");
    Session { me: me.unwrap(), cookie, server: server.address().clone() }
}

fn totp(code: impl Into<String>) -> SecondStep {
    SecondStep::Totp(code.into())
}

async fn audit_of(server: &TestServer, action: &str) -> usize {
    let data = server.data().to_str().unwrap();
    let shown = server.succeed(&["audit", "show", "--data", data, "--action", action], "");
    shown.lines().filter(|line| line.contains(action)).count()
}

#[tokio::test]
async fn a_password_alone_is_no_session_once_an_app_is_set_up() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (dana, _) = server.pair();
    let client = device(&server, &dana).await;
    // Whoever knows the password was here first.
    let other = server.sign_in(&dana).await;
    let there = TestClient::connect(&other).await;
    let mut app = set_up(&clock, &client, &dana).await;
    assert_eq!((app.factors.factors.totp, app.recovery.len()), (true, 10));
    assert_eq!(there.close_code().await, Some(close::SESSION_ENDED));
    assert!(matches!(other.state().await, api::Session::SignedOut { .. }));

    let (steps, cookie) = first_step(&server, &dana).await;
    assert_eq!(steps, SecondSteps { totp: true, passkey: false, recovery: true });
    let state = session_state(server.address(), Some(&cookie)).await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
    let as_session = cookie.replace("-step=", "=");
    let state = session_state(server.address(), Some(&as_session)).await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "a ticket is no token: {state:?}");

    let empty = second_step(&server, &cookie, totp(" ")).await;
    assert_eq!(refusal(&empty), Refusal::invalid(Field::Code, Rule::Empty));
    // One that ran out is told from a wrong one, and counts as no guess.
    for off_s in [-30, 30] {
        let off = second_step(&server, &cookie, totp(app.codes.off_by(off_s))).await;
        assert_eq!(refusal(&off), Refusal::CodeExpired, "{off_s}");
    }
    assert_eq!(audit_of(&server, "sign-in-failed").await, 0);
    let code = app.code();
    let entered = session(&server, &second_step(&server, &cookie, totp(code.clone())).await);
    assert!(matches!(entered.state().await, api::Session::SignedIn { .. }));
    TestClient::connect(&entered).await.settle().await;
    assert!(!client.is_closed(), "and the session from before goes on");

    let (_, another) = first_step(&server, &dana).await;
    let used = second_step(&server, &another, totp(code)).await;
    assert_eq!(refusal(&used), Refusal::WrongCode, "a code is good once");
    let again = second_step(&server, &cookie, totp(app.code())).await;
    assert_eq!(refusal(&again), Refusal::StepExpired, "a step is taken once");
    let letter = outbox::letter(server.data(), &dana.email).await;
    assert_eq!(letter.header("subject"), Some("The way you sign in was changed"));
    assert_eq!(audit_of(&server, "factor-added").await, 1);
}

#[tokio::test]
async fn of_one_code_used_twice_at_once_one_is_refused() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (dana, _) = server.pair();
    let mut app = set_up(&clock, &device(&server, &dana).await, &dana).await;
    let mut cookies = Vec::new();
    for _ in 0..4 {
        cookies.push(first_step(&server, &dana).await.1);
    }
    let code = app.code();
    let steps = cookies.iter().map(|cookie| second_step(&server, cookie, totp(code.clone())));
    let answers = futures_util::future::join_all(steps).await;
    let entered = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(entered, 1);
    let refused = answers.iter().filter(|answer| answer.status != 200);
    assert!(refused.map(refusal).all(|refusal| refusal == Refusal::WrongCode));
}

#[tokio::test]
async fn wrong_codes_are_counted_and_nobody_who_is_signed_in_notices() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (dana, _) = server.pair();
    let client = device(&server, &dana).await;
    let mut app = set_up(&clock, &client, &dana).await;
    let (_, cookie) = first_step(&server, &dana).await;
    for n in 0..10 {
        let given = if n % 2 == 0 { totp("000000") } else { SecondStep::Recovery("0".repeat(16)) };
        assert_eq!(refusal(&second_step(&server, &cookie, given).await), Refusal::WrongCode);
    }
    let right = second_step(&server, &cookie, totp(app.code())).await;
    assert!(matches!(refusal(&right), Refusal::TooManyTries { retry_after_s: 1..=900 }));
    let (_, other) = first_step(&server, &dana).await;
    let right = second_step(&server, &other, totp(app.code())).await;
    assert!(matches!(refusal(&right), Refusal::TooManyTries { .. }), "with another ticket too");
    client.settle().await;
    assert!(!client.is_closed());
    assert_eq!(audit_of(&server, "sign-in-failed").await, 10);
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_new_ones_make_the_old_void() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (dana, _) = server.pair();
    let client = device(&server, &dana).await;
    let app = set_up(&clock, &client, &dana).await;
    let recovery = |code: &str| SecondStep::Recovery(code.to_owned());
    let (_, cookie) = first_step(&server, &dana).await;
    let typed = app.recovery[3].to_lowercase().replace('-', " ");
    session(&server, &second_step(&server, &cookie, recovery(&typed)).await);
    let (_, cookie) = first_step(&server, &dana).await;
    let again = second_step(&server, &cookie, recovery(&app.recovery[3])).await;
    assert_eq!(refusal(&again), Refusal::WrongCode);
    assert_eq!(audit_of(&server, "recovery-used").await, 1);
    let FactorTold::List(list) = of_factors(&client, FactorAsk::List).await.unwrap() else {
        panic!("no list")
    };
    assert_eq!(list.factors.recovery_left, 9);

    let asked = FactorAsk::NewRecoveryCodes { password: dana.password.clone() };
    let told = of_factors(&client, asked).await.unwrap();
    let FactorTold::Changed { recovery: fresh, factors } = told else { panic!("{told:?}") };
    assert_eq!((fresh.0.len(), factors.factors.recovery_left), (10, 10));
    let old = second_step(&server, &cookie, recovery(&app.recovery[4])).await;
    assert_eq!(refusal(&old), Refusal::WrongCode);
    session(&server, &second_step(&server, &cookie, recovery(&fresh.0[0])).await);
}

#[tokio::test]
async fn a_step_ends_with_the_password_it_began_with_and_with_the_server() {
    let clock = Clock::new();
    let mut server = clock.options().start().await;
    let (dana, _) = server.pair();
    let mut app = set_up(&clock, &device(&server, &dana).await, &dana).await;
    let (_, cookie) = first_step(&server, &dana).await;
    server.person(&["reset", &dana.email, "--password-stdin"], "seven other quiet words");
    let late = second_step(&server, &cookie, totp(app.code())).await;
    assert_eq!(refusal(&late), Refusal::StepExpired);
    let dana = Person { password: "seven other quiet words".into(), ..dana };
    let (_, cookie) = first_step(&server, &dana).await;
    server.restart().await;
    let late = second_step(&server, &cookie, totp(app.code())).await;
    assert_eq!(refusal(&late), Refusal::StepExpired);
    for none in ["__Host-quietroom-step=", "__Host-quietroom-step=00", "a=b"] {
        let answer = second_step(&server, none, totp("000000")).await;
        assert_eq!(refusal(&answer), Refusal::StepExpired, "{none}");
    }
}

#[tokio::test]
async fn changes_take_the_password_and_count_wrong_ones() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let client = device(&server, &dana).await;
    let wrong = Refusal::invalid(Field::CurrentPassword, Rule::Wrong);
    let password = || "not what it is".to_owned();
    let empty = FactorAsk::BeginTotp { password: String::new() };
    let refused = of_factors(&client, empty).await;
    assert_eq!(refused, Err(Refusal::invalid(Field::CurrentPassword, Rule::Empty)));
    let passkey = PasskeyId::from_bytes([1; 16]);
    let asks = || {
        [
            FactorAsk::BeginTotp { password: password() },
            FactorAsk::RemoveTotp { password: password() },
            FactorAsk::BeginPasskey { name: "Key".into(), password: password() },
            FactorAsk::RenamePasskey { passkey, name: "Key".into(), password: password() },
            FactorAsk::RemovePasskey { passkey, password: password() },
        ]
    };
    for asked in asks().into_iter().chain(asks()) {
        assert_eq!(of_factors(&client, asked).await, Err(wrong));
    }
    let right = FactorAsk::BeginTotp { password: dana.password.clone() };
    let limited = of_factors(&client, right).await;
    assert!(matches!(limited, Err(Refusal::TooManyTries { .. })), "{limited:?}");
    assert_eq!(audit_of(&server, "factor-added").await, 0);
    assert!(outbox::letters(server.data(), &dana.email).is_empty());
}

#[tokio::test]
async fn nobody_finishes_what_another_began() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (dana, jonas) = server.pair();
    let (provider, client) = (device(&server, &dana).await, device(&server, &jonas).await);
    let begun = FactorAsk::BeginTotp { password: dana.password.clone() };
    let begun = of_factors(&provider, begun).await.unwrap();
    let FactorTold::Totp { ticket, set_up } = begun else { panic!("{begun:?}") };
    let code = Codes::new(&clock, set_up.secret_text).fresh();
    let finish = |code: &str| FactorAsk::FinishTotp { ticket: ticket.clone(), code: code.into() };
    assert_eq!(of_factors(&client, finish(&code)).await, Err(Refusal::StepExpired));
    assert_eq!(of_factors(&provider, finish("000000")).await, Err(Refusal::WrongCode));
    of_factors(&provider, finish(&code)).await.unwrap();
    assert_eq!(of_factors(&provider, finish(&code)).await, Err(Refusal::StepExpired));
}

#[tokio::test]
async fn a_provider_who_needs_a_factor_reaches_nothing_but_their_own_account_before() {
    let clock = Clock::new();
    let server = clock.options().flag("--second-factor", "required").start().await;
    let (dana, jonas) = server.pair();
    let talks = server.sign_in(&jonas).await;
    assert!(matches!(talks.state().await, api::Session::SignedIn { .. }), "a client needs none");
    let signed_in = server.sign_in(&dana).await;
    let state = signed_in.state().await;
    let api::Session::FactorRequired { me, .. } = state else { panic!("{state:?}") };
    assert_eq!(me.id, dana.id);

    let client = TestClient::connect(&signed_in).await;
    let conversation = shared_proto::id::ConversationId::from_random([1; 16]);
    let refused = [
        Request::Inbox { after: None },
        Request::FindPeople { text: "jonas".into() },
        Request::Open { conversation },
        client.message(conversation, "hello"),
        Request::Office(Ask::People { filter: Default::default(), after: None }),
        Request::Office(Ask::Practice),
        Request::Office(Ask::Chart { person: jonas.id }),
        Request::Audit { filter: Default::default(), before: None },
    ];
    for request in refused {
        let answer = client.request(request.clone()).await;
        assert_eq!(answer, Err(Refusal::SecondFactorRequired), "{request:?}");
    }
    client.request(Request::Office(Ask::Account)).await.unwrap();
    client.request(Request::Office(Ask::Devices)).await.unwrap();

    let mut app = set_up(&clock, &client, &dana).await;
    assert!(app.factors.required);
    assert!(matches!(signed_in.state().await, api::Session::SignedIn { .. }), "the same session");
    let full = TestClient::connect(&signed_in).await;
    full.inbox().await;
    let asked = FactorAsk::RemoveTotp { password: dana.password.clone() };
    assert_eq!(of_factors(&full, asked).await, Err(Refusal::LastFactor));
    let (_, cookie) = first_step(&server, &dana).await;
    let entered = second_step(&server, &cookie, totp(app.code())).await;
    TestClient::connect(&session(&server, &entered)).await.inbox().await;
}

#[tokio::test]
async fn nothing_is_pushed_to_a_provider_who_needs_a_factor_first() {
    let clock = Clock::new();
    let mut server = clock.options().start().await;
    let (dana, jonas) = server.pair();
    let provider = device(&server, &dana).await;
    let client = device(&server, &jonas).await;
    let conversation = provider.create(&[jonas.id]).await;
    server.kill9();
    let data = server.data().to_owned();
    let server = clock.options().data(data).flag("--second-factor", "required");
    let server = server.start().await;
    drop((provider, client));
    let restricted = TestClient::connect(&server.sign_in(&dana).await).await;
    let client = device(&server, &jonas).await;
    client.open(conversation).await;
    client.send(conversation, "for Dana and no one else").await;
    restricted.settle().await;
    assert!(restricted.held(conversation).is_empty());
    assert!(restricted.take_events().len() <= 1, "a greeting and nothing else");
    // The same provider with a factor hears of the next one.
    let mut heard = set_up(&clock, &restricted, &dana).await;
    let (_, cookie) = first_step(&server, &dana).await;
    let entered = session(&server, &second_step(&server, &cookie, totp(heard.code())).await);
    let full = TestClient::connect(&entered).await;
    full.open(conversation).await;
    full.reads(conversation, &["for Dana and no one else"]).await;
}

#[tokio::test]
async fn whoever_needs_none_may_remove_the_last_one_and_signs_in_without() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let (_, jonas) = server.pair();
    let client = device(&server, &jonas).await;
    set_up(&clock, &client, &jonas).await;
    let asked = || FactorAsk::RemoveTotp { password: jonas.password.clone() };
    let told = of_factors(&client, asked()).await.unwrap();
    let FactorTold::Changed { factors, .. } = told else { panic!("{told:?}") };
    assert_eq!(factors.factors, shared_proto::factors::Factors::default(), "and no codes are left");
    assert_eq!(of_factors(&client, asked()).await, Err(Refusal::NotFound));
    device(&server, &jonas).await.inbox().await;
    assert_eq!(audit_of(&server, "factor-removed").await, 1);
}

#[tokio::test]
async fn the_operator_takes_lost_factors_away() {
    let clock = Clock::new();
    let server = clock.options().start().await;
    let dana = server.person_add("Dana", Role::Provider);
    let client = device(&server, &dana).await;
    set_up(&clock, &client, &dana).await;
    server.person(&["reset-factors", &dana.email], "");
    assert_eq!(client.close_code().await, Some(close::SESSION_ENDED));
    device(&server, &dana).await.inbox().await;
    assert_eq!(audit_of(&server, "factors-reset").await, 1);
    assert_eq!(outbox::letters(server.data(), &dana.email).len(), 2);
}
