//! Nothing of a conversation stays in the browser (Q of the trust numbers).

use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;

use super::{send, sign_out, two_browsers};

/// Everything a page of this origin could find again.
pub(super) async fn kept(browser: &Browser) -> serde_json::Value {
    browser
        .script_async(
            "const done = arguments[arguments.length - 1];
             (async () => done({
                 local: { ...localStorage },
                 session: { ...sessionStorage },
                 cookies: document.cookie,
                 databases: (await indexedDB.databases()).map(one => one.name),
                 caches: await caches.keys(),
                 workers: (await navigator.serviceWorker.getRegistrations()).length,
                 history: history.state === null ? '' : JSON.stringify(history.state),
             }))()",
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_in_the_browser_during_and_after_use() {
    let two = two_browsers(TestServer::options()).await;
    send(&two.provider, "canary of the provider").await;
    send(&two.client, "canary of the client").await;
    two.client.insert("composer", "canary of a draft").await;
    two.client.says("canary of the provider").await;
    let empty = |found: &serde_json::Value| {
        for place in ["local", "session"] {
            let text = found[place].to_string();
            assert!(!text.contains("canary") && !text.contains("Dana"), "{place}: {text}");
        }
        assert_eq!(found["cookies"], "", "the session cookie is out of reach of scripts");
        assert_eq!(found["databases"], json!([]));
        assert_eq!(found["caches"], json!([]));
        assert!(!found["history"].as_str().unwrap().contains("canary"));
    };
    empty(&kept(&two.client).await);
    let mut cookies = two.client.cookies().await;
    cookies.sort_unstable();
    assert_eq!(cookies, ["__Host-quietroom", "__Host-quietroom-known"]);
    let url = two.client.url().await;
    assert!(url.ends_with(&format!("/c/{}", two.conversation)), "{url}");
    two.client.fill("composer", " ").await;
    sign_out(&two.client).await;
    let after = kept(&two.client).await;
    empty(&after);
    assert_eq!(two.client.cookies().await, [""; 0], "none shows that somebody was here");
    assert_eq!(after["local"], json!({}));
    assert_eq!(after["session"], json!({}));
    let page = two.client.script("return document.documentElement.outerHTML", Vec::new()).await;
    let page = page.as_str().unwrap();
    assert!(!page.contains("canary") && !page.contains("Dana Whitfield"), "the page is blank");
    two.client.back().await;
    two.client.find("sign-in-form").await;
    two.provider.finish().await;
    two.client.finish().await;
}
