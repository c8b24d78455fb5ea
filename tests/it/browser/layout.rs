//! Where things stand.

use quietroom_tests::support::{TestServer, Window};
use serde_json::json;
use shared_proto::wire::Request;

use super::{WIDE, open, practice, signed_in};
use crate::given::device;

#[tokio::test(flavor = "multi_thread")]
async fn two_panes_from_900_pixels_on() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    for (width, both) in [(899, false), (900, true)] {
        browser.resize(Window { width, height: 700 }).await;
        let wide = format!("innerWidth === {width}");
        browser.until("the width", &wide).await;
        assert!(browser.shows("composer").await, "{width}");
        assert_eq!(browser.shows("inbox").await, both, "{width}");
        assert_eq!(browser.shows("back").await, !both, "{width}");
        browser.fits(&width.to_string()).await;
    }
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_groups_times_and_the_divider_stand_where_they_belong() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let client = device(&server, &jonas).await;
    client.open(conversation).await;
    let read = provider.send(conversation, "read before").await;
    client.holds(conversation, 1).await;
    client.tell(Request::ReadUpTo { conversation, entry: read });
    client.settle().await;
    provider.send(conversation, "new one").await;
    provider.send(conversation, "new two").await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.says("new two").await;
    browser.reads("day", &["Today"]).await;
    let order = "return [...document.querySelectorAll('[data-testid=day], [data-testid=new-divider], \
                 [data-testid=message-text]')].map(e => e.textContent)";
    let order = browser.script(order, Vec::new()).await;
    assert_eq!(order, json!(["Today", "read before", "New messages", "new one", "new two"]));
    let groups = "return [...document.querySelectorAll('[data-testid=message]')].map(e =>
        [e.classList.contains('message-first'), e.classList.contains('message-last')])";
    let groups = browser.script(groups, Vec::new()).await;
    assert_eq!(groups, json!([[true, true], [true, false], [false, true]]));
    let times = "return [...document.querySelectorAll('[data-testid=message-time]')].every(e =>
        Math.abs(Date.now() - Date.parse(e.dateTime)) < 600000 && /\\d/.test(e.textContent))";
    assert_eq!(browser.script(times, Vec::new()).await, json!(true));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_somebody_who_wants_no_motion() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    provider.tell(Request::Typing { conversation });
    browser.find("typing").await;
    let moving = "return document.getAnimations().length";
    assert_eq!(browser.script(moving, Vec::new()).await, json!(0));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn header_and_composer_stay_in_sight_above_a_keyboard_that_pushes_the_page() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let phone = quietroom_tests::support::browser::PHONE;
    let browser = signed_in(&server, &jonas, phone, Some(conversation)).await;
    // As Safari tells it: the lower part of the page is shown, in what the keyboard leaves.
    let keyboard = "
        for (const [name, value] of [['height', 380], ['pageTop', 200], ['offsetTop', 200]])
            Object.defineProperty(visualViewport, name, { configurable: true, get: () => value });
        visualViewport.dispatchEvent(new Event('scroll'))";
    browser.script(keyboard, Vec::new()).await;
    let rect =
        |selector: &str| format!("document.querySelector('{selector}').getBoundingClientRect()");
    let above = format!("{}.top >= 200 && {0}.top < 210", rect(".conversation .pane-header"));
    browser.until("the header in sight", &above).await;
    let below = format!("{}.bottom <= 580", rect("[data-testid=composer]"));
    browser.until("the composer in sight", &below).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_the_newest_message_has_come_is_written_beside_it() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    super::send(&browser, "older").await;
    super::send(&browser, "newest").await;
    provider.holds(conversation, 2).await;
    super::marked(&browser, "newest", "sent").await;
    let spelled = "[...document.querySelectorAll('.mark-words')].map(e => e.textContent).join()";
    browser.until("one word", &format!("['Sent', 'Delivered'].includes({spelled})")).await;
    let entry = provider.last_held(conversation).unwrap();
    provider.tell(Request::ReadUpTo { conversation, entry });
    browser.until("that it was read", &format!("{spelled} === 'Read'")).await;
    open(&browser, conversation).await;
    browser.finish().await;
}
