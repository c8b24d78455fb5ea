//! Chromium's virtual authenticator (Web Authentication Level 3, 11): a device with passkeys that
//! asks nobody anything. It works in pages at `localhost` and not at an IP address.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::{Command, ExtensionCommand};

use super::browser::Browser;

/// A command of the WebAuthn extension of WebDriver.
#[derive(Debug)]
struct WebAuthn {
    method: Method,
    endpoint: String,
    parameters: Option<Value>,
}

impl ExtensionCommand for WebAuthn {
    fn parameters_json(&self) -> Option<Value> {
        self.parameters.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        self.endpoint.as_str().into()
    }
}

/// A device built into the computer, which knows its owner's finger.
pub struct Authenticator<'a> {
    browser: &'a Browser,
    id: String,
}

impl<'a> Authenticator<'a> {
    /// Adds one to a browser.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn add(browser: &'a Browser) -> Self {
        let device = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "isUserConsenting": true,
        });
        let id = command(browser, Method::POST, "/webauthn/authenticator", Some(device)).await;
        let id = id.as_str().expect("the browser names it").to_owned();
        Self { browser, id }
    }

    /// The passkeys on it, as the browser describes them.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn passkeys(&self) -> Vec<Value> {
        let kept = self.command(Method::GET, "/credentials", None).await;
        kept.as_array().cloned().expect("the browser lists them")
    }

    /// Makes its owner's finger right or wrong.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn recognises(&self, right: bool) {
        self.command(Method::POST, "/uv", Some(json!({ "isUserVerified": right }))).await;
    }

    /// Takes it away, with the passkeys on it.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn remove(self) {
        self.command(Method::DELETE, "", None).await;
    }

    async fn command(&self, method: Method, rest: &str, parameters: Option<Value>) -> Value {
        let endpoint = format!("/webauthn/authenticator/{}{rest}", self.id);
        command(self.browser, method, &endpoint, parameters).await
    }
}

async fn command(
    browser: &Browser,
    method: Method,
    endpoint: &str,
    parameters: Option<Value>,
) -> Value {
    let told = WebAuthn { method, endpoint: endpoint.to_owned(), parameters };
    let answer = browser.driver().handle().cmd(Command::ExtensionCommand(Box::new(told))).await;
    let answer = answer.and_then(thirtyfour::session::http::CmdResponse::value_json);
    answer.unwrap_or_else(|error| panic!("{endpoint}: {error}"))
}

#[cfg(test)]
mod tests {
    use axum::response::Html;
    use axum::routing::get;

    use super::*;
    use crate::support::browser::WIDE;

    const MAKE: &str = "const done = arguments[arguments.length - 1];
        const options = PublicKeyCredential.parseCreationOptionsFromJSON({
            challenge: 'AAAA', rp: { id: 'localhost', name: 'R' },
            user: { id: 'qqqq', name: 'ana', displayName: 'Ana' },
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
            authenticatorSelection: { residentKey: 'required' } });
        navigator.credentials.create({ publicKey: options }).then(
            made => done(made.toJSON()), error => done(error.name))";
    const USE: &str = "const done = arguments[arguments.length - 1];
        const options = PublicKeyCredential.parseRequestOptionsFromJSON({
            challenge: 'AAAA', rpId: 'localhost', userVerification: 'required' });
        navigator.credentials.get({ publicKey: options }).then(
            used => done(used.toJSON()), error => done(error.name))";

    #[tokio::test]
    async fn a_passkey_is_made_and_used_and_a_wrong_finger_is_refused() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let page = axum::Router::new().route("/", get(async || Html("<title>R</title>")));
        tokio::spawn(async move { axum::serve(listener, page).await });
        let browser = Browser::start(WIDE).await;
        browser.goto(&format!("http://localhost:{port}/")).await;
        let device = Authenticator::add(&browser).await;
        let made = browser.script_async(MAKE).await;
        assert!(made["response"]["attestationObject"].is_string(), "{made}");
        let kept = device.passkeys().await;
        assert_eq!(kept.len(), 1);
        let used = browser.script_async(USE).await;
        assert!(used["response"]["signature"].is_string(), "{used}");
        device.recognises(false).await;
        assert_eq!(browser.script_async(USE).await, json!("NotAllowedError"));
        device.remove().await;
    }
}
