//! The page as an app: its service worker, which shows what is pushed, and what a home screen asks for.

use quietroom_tests::support::http::Request;
use quietroom_tests::support::{Browser, TestServer, eventually};
use serde_json::{Value, json};
use shared_proto::notice::ask::Ask as NoticeAsk;
use shared_proto::office::{Ask, Told};

use super::screens::look_at;
use super::storage::kept;
use super::{WIDE, sign_out, signed_in};
use crate::given::device;
use crate::office::ask;

/// Registers the worker, as the settings do.
async fn register(browser: &Browser) {
    browser
        .script_async(
            "const done = arguments[arguments.length - 1];
             navigator.serviceWorker.register('/sw.js')
                 .then(() => navigator.serviceWorker.ready).then(() => done(true));",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_leaves_no_worker_behind() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    let workers = async || kept(&browser).await["workers"].clone();
    assert_eq!(workers().await, 0, "none before somebody turns notices on");
    register(&browser).await;
    assert_eq!(workers().await, 1);
    // Of another page load: nothing here knows that there is one.
    browser.reload().await;
    browser.find("account-menu").await;
    sign_out(&browser).await;
    let gone = "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)";
    browser.until("the worker to be gone", gone).await;
    browser.finish().await;
}

#[tokio::test]
async fn the_worker_and_the_manifest_are_served_as_what_they_are_and_asked_for_anew() {
    let server = TestServer::start().await;
    let address = server.address();
    for (path, kind) in [
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/icon-180.png", "image/png"),
    ] {
        let answer = Request::get(path).send(address.socket, &address.host).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("worker-src 'self'"), "{policy}");
    }
    let page = Request::get("/").send(address.socket, &address.host).await.unwrap().text();
    assert!(page.contains("/manifest.webmanifest"), "{page}");
    assert!(page.contains("/icon-180.png"), "{page}");
}

#[tokio::test]
async fn a_page_on_the_home_screen_has_its_icon_in_the_sizes_it_names() {
    let server = TestServer::start().await;
    let address = server.address();
    let get = async |path: &str| {
        let answer = Request::get(path).send(address.socket, &address.host).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    };
    let manifest: Value = serde_json::from_slice(&get("/manifest.webmanifest").await).unwrap();
    let mut sizes = Vec::new();
    for icon in manifest["icons"].as_array().unwrap() {
        let named = |field: &str| icon[field].as_str().unwrap();
        let body = get(named("src")).await;
        if named("type") == "image/png" {
            assert_eq!(named("sizes"), pixels(&body));
            sizes.push(pixels(&body));
        }
    }
    assert_eq!(sizes, ["192x192", "512x512"]);
    // An iPhone does not ask the manifest.
    assert_eq!(pixels(&get("/icon-180.png").await), "180x180");
}

/// Width and height of a PNG, from its first chunk (PNG, third edition, 11.2.1).
fn pixels(png: &[u8]) -> String {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    format!("{}x{}", number(16), number(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_what_the_server_pushes_and_nothing_else() {
    let server = TestServer::options().variable("QUIETROOM_NOTICE_ACTIVE_MS", "0").start().await;
    let (dana, jonas) = server.pair();
    let client = device(&server, &jonas).await;
    let allow = NoticeAsk::Allow(Box::new(crate::notices::browser()));
    ask(&client, Ask::Notices(allow)).await.unwrap();
    let provider = device(&server, &dana).await;
    let conversation = provider.create(&[jonas.id]).await;
    provider.send(conversation, "Your results are here").await;
    // What would be pushed is a file where there is no way out.
    let payload = crate::notices::pushed(&server).await;

    let browser = signed_in(&server, &jonas, WIDE, None).await;
    let origin = &server.address().origin;
    let granted = json!({ "permissions": ["notifications"], "origin": origin });
    browser.devtools("Browser.grantPermissions", granted).await;
    register(&browser).await;
    browser.devtools("ServiceWorker.enable", json!({})).await;
    let shown = async || {
        browser
            .script_async(
                "const done = arguments[arguments.length - 1];
                 navigator.serviceWorker.ready
                     .then((registration) => registration.getNotifications())
                     .then((all) => done(all.map(({ title, body, tag }) => [title, body, tag])));",
            )
            .await
    };
    // The first registration of a new profile. Twice: the second takes the place of the first.
    for data in [payload.as_str(), "{\"title\": 7}"] {
        let push = json!({ "origin": origin, "registrationId": "0", "data": data });
        browser.devtools("ServiceWorker.deliverPushMessage", push).await;
        let words = "Something new is waiting for you. Sign in to read it.";
        let expected = json!([["Quietroom", words, "quietroom"]]);
        eventually("the notice on the screen", async || (shown().await == expected).then_some(()))
            .await;
    }
    sign_out(&browser).await;
    browser.finish().await;
}

/// Chromium's own push service is not to be reached from here: what it would answer. All else is as it
/// is: the permission, the worker, the page and the server.
const SUBSCRIBES: &str = "
    const [endpoint, key, secret] = arguments;
    const bytes = (all) => Uint8Array.from(all).buffer;
    let now = null;
    PushManager.prototype.subscribe = async () => {
        now = Object.create(PushSubscription.prototype, {
            endpoint: { value: endpoint },
            getKey: { value: (name) => bytes(name === 'auth' ? secret : key) },
            unsubscribe: { value: async () => { now = null; return true; } },
        });
        return now;
    };
    PushManager.prototype.getSubscription = async () => now;";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_turns_notices_on_in_a_browser_and_off_again() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let elsewhere = device(&server, &jonas).await;
    let standing = async || match ask(&elsewhere, Ask::Notices(NoticeAsk::Standing)).await {
        Ok(Told::Notices(standing)) => standing,
        other => panic!("{other:?}"),
    };
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    let origin = &server.address().origin;
    let asked = |setting: &str| json!({ "permission": { "name": "notifications" }, "setting": setting, "origin": origin });
    browser.devtools("Browser.setPermission", asked("denied")).await;
    browser.goto(&server.url("/settings")).await;
    browser.says("This browser has been told not to show notices from here.").await;
    look_at(&browser, "notices-push-denied", Some("[data-testid=notice-push]")).await;
    browser.devtools("Browser.setPermission", asked("granted")).await;
    browser.reload().await;
    browser.find("push-on").await;
    let said = crate::notices::browser();
    let answers = vec![json!(said.endpoint), json!(said.key), json!(said.secret)];
    browser.script(SUBSCRIBES, answers).await;
    browser.press("push-on").await;
    browser.find("push-off").await;
    let now = standing().await;
    assert_eq!((now.browsers, now.this_browser, now.stopped[2]), (1, false, None));
    look_at(&browser, "notices-push-on", Some("[data-testid=notice-push]")).await;
    browser.press("push-off").await;
    browser.find("push-on").await;
    assert_eq!(standing().await.browsers, 0);
    assert_eq!(kept(&browser).await["workers"], 0);
    browser.finish().await;
}
