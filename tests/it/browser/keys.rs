//! A keyboard and nothing else.

use quietroom_tests::support::Browser;
use serde_json::json;

/// Strikes a key wherever the focus is.
pub async fn strike(browser: &Browser, key: &str) {
    strike_with(browser, key, 0).await;
}

/// Strikes a key with Control.
pub async fn strike_control(browser: &Browser, key: &str) {
    strike_with(browser, key, 2).await;
}

/// Strikes a key with Shift.
pub async fn strike_shift(browser: &Browser, key: &str) {
    strike_with(browser, key, 8).await;
}

async fn strike_with(browser: &Browser, key: &str, modifiers: u32) {
    let (code, text) = match key {
        "Tab" => (9, ""),
        "Enter" => (13, "\r"),
        "Escape" => (27, ""),
        "End" => (35, ""),
        "Home" => (36, ""),
        "ArrowUp" => (38, ""),
        "ArrowDown" => (40, ""),
        "k" => (75, ""),
        "/" => (191, "/"),
        other => panic!("no such key here: {other}"),
    };
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({
            "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        });
        if kind == "keyDown" && !text.is_empty() {
            event["text"] = json!(text);
        }
        browser.devtools("Input.dispatchKeyEvent", event).await;
    }
}

/// Types wherever the focus is.
pub async fn type_text(browser: &Browser, text: &str) {
    browser.devtools("Input.insertText", json!({ "text": text })).await;
}

/// Waits until what matches `selector` has the focus.
pub async fn has_focus(browser: &Browser, selector: &str) {
    let focused = format!("Boolean(document.activeElement?.closest({}))", json!(selector));
    browser.until(&format!("{selector} to have the focus"), &focused).await;
}
