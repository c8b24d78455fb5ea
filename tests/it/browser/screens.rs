//! Every screen, wide and narrow, light and dark: a picture of each under `target/screenshots`,
//! and nothing that a person with a disability would stumble over.

mod menus;
mod trouble;

use quietroom_tests::support::browser::{PHONE, WIDE};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{Browser, TestServer, Theme};
use serde_json::json;
use shared_proto::people::Role;
use shared_proto::wire::Request;

use super::{open, practice, shown, signed_in};
use crate::given::device;

/// Looks at what the browser shows in every size and theme.
pub(super) async fn look(browser: &Browser, screen: &str) {
    look_at(browser, screen, None).await;
}

/// The same, each time with one thing of a long page in sight: what a selector finds.
pub(super) async fn look_at(browser: &Browser, screen: &str, subject: Option<&str>) {
    for window in [WIDE, PHONE] {
        browser.resize(window).await;
        if let Some(subject) = subject {
            let show = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
            browser.script(show, vec![json!(subject)]).await;
        }
        for theme in [Theme::Light, Theme::Dark] {
            browser.theme(theme).await;
            // Two frames: one to lay out, one to paint.
            browser
                .until("the next frame", "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
                .await;
            let name = format!("{screen} at {} {}", window.width, theme.word());
            browser.screenshot(screen, window, theme).await;
            browser.fits(&name).await;
            browser.accessible(&name).await;
        }
    }
    browser.resize(WIDE).await;
    browser.theme(Theme::Light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_being_refused() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/")).await;
    browser.find("sign-in-form").await;
    look(&browser, "sign-in").await;
    browser.fill("email", &jonas.email).await;
    browser.fill("password", "not the password at all").await;
    browser.press("sign-in").await;
    browser.find("refusal").await;
    look(&browser, "sign-in-refused").await;
    browser.fill("password", &jonas.password).await;
    browser.press("sign-in").await;
    browser.find("account-menu").await;
    server.person(&["disable", &jonas.email], "");
    browser.find("session-ended").await;
    look(&browser, "session-ended").await;
    server.person(&["enable", &jonas.email], "");
    // With the one above these are ten.
    for n in 0..9 {
        let guess = format!("a stranger's guess {n}");
        assert_eq!(try_sign_in(server.address(), &jonas.email, &guess).await.unwrap().status, 401);
    }
    browser.fill("email", &jonas.email).await;
    browser.fill("password", &jonas.password).await;
    browser.press("sign-in").await;
    let limited = "document.querySelector('[data-rule=too-many-tries]') !== null";
    browser.until("the refusal", limited).await;
    look(&browser, "sign-in-too-many-tries").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_a_practice() {
    let mut server = TestServer::start().await;
    let link = server.announced("set-up:").await;
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/")).await;
    browser.find("set-up-needed").await;
    look(&browser, "set-up-needed").await;
    browser.goto("about:blank").await;
    browser.goto(&link).await;
    browser.find("set-up-form").await;
    look(&browser, "set-up").await;
    browser.fill("practice", "Lakeside Practice").await;
    browser.fill("name", "Dana Whitfield").await;
    browser.fill("email", "dana@example.org").await;
    browser.fill("password", "short").await;
    browser.press("set-up-next").await;
    browser.find("refusal").await;
    look(&browser, "set-up-refused").await;
    browser.fill("password", "a lake in late autumn").await;
    browser.press("set-up-next").await;
    browser.find("set-up-rest").await;
    look(&browser, "set-up-rest").await;
    browser.press("set-up").await;
    browser.find("account-menu").await;
    assert!(!browser.url().await.contains('#'), "the token does not stay in the address");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_before_anything_was_written() {
    let server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    for (person, screen) in [(&dana, "inbox-empty-provider"), (&jonas, "inbox-empty-client")] {
        let browser = signed_in(&server, person, WIDE, None).await;
        browser.find("inbox-empty").await;
        look(&browser, screen).await;
        browser.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inboxes_and_conversations_in_use() {
    let (server, dana, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let client = device(&server, &jonas).await;
    client.open(conversation).await;
    let lines = [
        (true, "Good morning, Jonas. How did the week go?"),
        (false, "Better than the last one. I slept through twice."),
        (false, "The breathing exercise helps, at least in the evening."),
        (true, "That is good to hear. Here is the page I mentioned: https://example.org/breathing"),
        (false, "Thank you! I will read it tonight."),
        (true, "See you on Tuesday at ten."),
    ];
    for (own, text) in lines {
        let writer = if own { &provider } else { &client };
        writer.send(conversation, text).await;
    }
    let regretted = client.send(conversation, "Wrong window, sorry").await;
    client.request(Request::Withdraw { conversation, target: regretted }).await.unwrap();
    let mut others = Vec::new();
    for name in ["Amara Okafor", "Luca Bianchi", "Sophie Lindqvist"] {
        others.push(server.person_add(name, Role::Client));
    }
    let ids: Vec<_> = others.iter().map(|person| person.id).chain([jonas.id]).collect();
    let group = provider.create(&ids).await;
    provider.open(group).await;
    provider.send(group, "Welcome to the Thursday group.").await;
    for person in &others {
        let guest = device(&server, person).await;
        guest.open(group).await;
        guest.send(group, &format!("Hello from {}", person.name)).await;
    }
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.find("inbox-row").await;
    look(&browser, "inbox").await;
    open(&browser, conversation).await;
    browser.says("See you on Tuesday").await;
    look(&browser, "conversation").await;
    open(&browser, group).await;
    browser.says("Hello from Luca").await;
    client.open(group).await;
    client.tell(Request::Typing { conversation: group });
    browser.find("typing").await;
    look(&browser, "conversation-group").await;
    browser.press("new-conversation").await;
    browser.find("people-search").await;
    look(&browser, "new-conversation").await;
    browser.fill("people-search", "a").await;
    browser.press("people-option").await;
    browser.find("people-chosen").await;
    look(&browser, "new-conversation-chosen").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there() {
    let (server, dana, ..) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.goto(&server.url("/nowhere/at-all")).await;
    browser.find("not-found").await;
    look(&browser, "not-found").await;
    browser.goto(&server.url("/c/018f2d3e-7a51-4cc1-9c6b-2b1d0a4c9e10")).await;
    browser.find("not-found").await;
    look(&browser, "not-found-conversation").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn being_without_the_server() {
    let (mut server, dana, _, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, "Written while all was well").await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    server.kill9();
    let state = |state: &str| {
        format!(
            "document.querySelector('[data-testid=banner]')?.dataset.state === {}",
            json!(state)
        )
    };
    browser.until("the reconnecting banner", &state("reconnecting")).await;
    look(&browser, "reconnecting").await;
    super::send(&browser, "Written while it was away").await;
    super::marked(&browser, "Written while it was away", "sending").await;
    look(&browser, "reconnecting-unsent").await;
    let network = json!({
        "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1
    });
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.emulateNetworkConditions", network).await;
    browser.until("the offline banner", &state("offline")).await;
    look(&browser, "offline-banner").await;
    let network = json!({
        "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1
    });
    browser.devtools("Network.emulateNetworkConditions", network).await;
    server.restart().await;
    browser.gone("banner").await;
    super::marked(&browser, "Written while it was away", "sent").await;

    // The page itself comes from the server: only what it asks for next is out of reach.
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/api/*"] })).await;
    browser.goto(&server.url("/")).await;
    browser.find("offline").await;
    look(&browser, "offline").await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    // Unless the page has just tried by itself.
    let press = "document.querySelector('[data-testid=try-now]')?.click()";
    browser.script(press, Vec::new()).await;
    browser.find("account-menu").await;
    open(&browser, conversation).await;
    shown(&browser, conversation).await;
    browser.finish().await;
}
