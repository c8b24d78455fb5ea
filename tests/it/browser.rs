//! What people see and do, in real browsers. The names of these tests begin with `browser::`, so
//! that the test runner can give each the machine to itself.

mod audit;
mod chat;
mod closed;
mod composer;
mod crash;
mod exit;
mod factors;
mod files;
mod forms;
mod history;
mod invite;
mod keyboard;
mod keys;
mod later;
mod layout;
mod lock;
mod naughty;
mod notices;
mod notices_end;
mod offline;
mod parts;
mod passwords;
mod people;
mod phone;
mod portal;
mod practice;
mod record;
mod refusal;
mod replies;
mod screens;
mod search;
mod seeds;
mod sessions;
mod settings;
mod start;
mod storage;
mod tamper;
mod told;
mod unsent;
mod whole;
mod worker;
mod writing;

use quietroom_tests::support::browser::{WIDE, by};
use quietroom_tests::support::{Browser, Person, ServerOptions, TestClient, TestServer, Window};
use serde_json::json;
use shared_proto::id::ConversationId;
use thirtyfour::Key;

use crate::given::device;

/// A provider and a client, each signed in to a browser of their own, in one conversation.
struct TwoBrowsers {
    server: TestServer,
    dana: Person,
    jonas: Person,
    provider: Browser,
    client: Browser,
    conversation: ConversationId,
}

/// A practice of two with one conversation, and a device of the provider's on a socket.
async fn practice(
    options: ServerOptions,
) -> (TestServer, Person, Person, TestClient, ConversationId) {
    let server = options.start().await;
    let (dana, jonas) = server.pair();
    let provider = device(&server, &dana).await;
    let conversation = provider.create(&[jonas.id]).await;
    provider.open(conversation).await;
    (server, dana, jonas, provider, conversation)
}

async fn two_browsers(options: ServerOptions) -> TwoBrowsers {
    let (server, dana, jonas, _, conversation) = practice(options).await;
    let (provider, client) = tokio::join!(
        signed_in(&server, &dana, WIDE, Some(conversation)),
        signed_in(&server, &jonas, WIDE, Some(conversation)),
    );
    TwoBrowsers { server, dana, jonas, provider, client, conversation }
}

/// A browser in which somebody is signed in, and looks at a conversation.
async fn signed_in(
    server: &TestServer,
    person: &Person,
    window: Window,
    conversation: Option<ConversationId>,
) -> Browser {
    let browser = Browser::start(window).await;
    browser.sign_in(server, person).await;
    if let Some(conversation) = conversation {
        open(&browser, conversation).await;
    }
    browser
}

/// Opens a conversation by its row in the inbox, and waits until it is shown.
async fn open(browser: &Browser, conversation: ConversationId) {
    let row = format!(
        "document.querySelector('[data-testid=inbox-row][data-conversation=\"{conversation}\"]')"
    );
    browser.until("its row in the inbox", &format!("Boolean({row})")).await;
    browser.script(&format!("{row}.click()"), Vec::new()).await;
    shown(browser, conversation).await;
}

/// Waits until a conversation is shown.
async fn shown(browser: &Browser, conversation: ConversationId) {
    let thread = format!(
        "document.querySelector('[data-testid=thread][data-conversation=\"{conversation}\"]')\
         ?.dataset.state === 'ready'"
    );
    browser.until("the conversation to be shown", &thread).await;
    browser.find("composer").await;
}

/// Writes and sends a message with the keyboard.
async fn send(browser: &Browser, text: &str) {
    browser.insert("composer", text).await;
    browser.key("composer", Key::Enter).await;
}

/// Waits until the link is up and everything has been sent.
async fn live(browser: &Browser) {
    let app = format!("document.querySelector({}).dataset.link === 'live'", json!(by("app")));
    browser.until("the link to be up", &app).await;
}

/// Waits until the person's own message that reads `text` carries this mark.
async fn marked(browser: &Browser, text: &str, mark: &str) {
    let rank = "['sending', 'sent', 'delivered', 'read']";
    let condition = format!(
        "[...document.querySelectorAll('[data-testid=message]')].some(message => \
           message.querySelector('[data-testid=message-text]')?.textContent === {} && \
           {rank}.indexOf(message.dataset.mark) >= {rank}.indexOf({}))",
        json!(text),
        json!(mark)
    );
    browser.until(&format!("{text:?} to be marked {mark}"), &condition).await;
}

/// The mark of the person's own message that reads `text` right now.
async fn mark_of(browser: &Browser, text: &str) -> String {
    let script = "return [...document.querySelectorAll('[data-testid=message]')].find(message => \
        message.querySelector('[data-testid=message-text]')?.textContent === arguments[0])\
        ?.dataset.mark ?? ''";
    browser.script(script, vec![json!(text)]).await.as_str().unwrap_or_default().to_owned()
}

/// Signs out through the menu.
async fn sign_out(browser: &Browser) {
    browser.press("account-menu").await;
    browser.press("sign-out").await;
    browser.find("sign-in-form").await;
}
