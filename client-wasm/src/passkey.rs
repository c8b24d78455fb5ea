//! Passkeys in the browser (Web Authentication Level 3, 5.1). Options and answers pass through as
//! JSON: the browser's own functions turn them into what it needs and back.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why there is no passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyFailure {
    /// This browser has none, or not at this address.
    NotSupported,
    /// The person closed the browser's question, took too long, or has none here.
    Cancelled,
    /// This device has one of theirs already.
    AlreadyRegistered,
    /// Something else went wrong.
    Other,
}

impl PasskeyFailure {
    /// Its Fluent message id.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotSupported => "passkey-not-supported",
            Self::Cancelled => "passkey-cancelled",
            Self::AlreadyRegistered => "passkey-already-registered",
            Self::Other => "passkey-failed",
        }
    }

    /// From the name of a `DOMException` (Web Authentication Level 3, 5.1.3 and 5.1.4).
    fn named(name: &str) -> Self {
        match name {
            // One name for all three, so that no page learns which keys a device has.
            "NotAllowedError" | "AbortError" | "TimeoutError" => Self::Cancelled,
            "InvalidStateError" => Self::AlreadyRegistered,
            "NotSupportedError" | "SecurityError" => Self::NotSupported,
            _ => Self::Other,
        }
    }
}

/// Whether this browser can make and use passkeys, here.
#[must_use]
pub fn supported() -> bool {
    ["parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON"]
        .iter()
        .all(|name| class().and_then(|class| method(&class, name)).is_ok())
        && credentials().is_ok()
}

/// Makes a passkey; from the server's options to what it wants to know of it.
///
/// # Errors
/// [`PasskeyFailure`].
pub async fn create(options_json: &str) -> Result<String, PasskeyFailure> {
    ask("parseCreationOptionsFromJSON", "create", options_json).await
}

/// Uses a passkey; from the server's options to the answer.
///
/// # Errors
/// [`PasskeyFailure`]. Never `AlreadyRegistered`.
pub async fn get(options_json: &str) -> Result<String, PasskeyFailure> {
    ask("parseRequestOptionsFromJSON", "get", options_json).await
}

async fn ask(parse: &str, verb: &str, options_json: &str) -> Result<String, PasskeyFailure> {
    let options = JSON::parse(options_json).map_err(|_| PasskeyFailure::Other)?;
    let class = class()?;
    let options = method(&class, parse)?.call1(&class, &options).map_err(|error| why(&error))?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"publicKey".into(), &options).map_err(|error| why(&error))?;
    let credentials = credentials()?;
    let asked = method(&credentials, verb)?.call1(&credentials, &wanted);
    let asked = asked.map_err(|error| why(&error))?;
    let asked: Promise = asked.dyn_into().map_err(|_| PasskeyFailure::Other)?;
    let credential = JsFuture::from(asked).await.map_err(|error| why(&error))?;
    // `null` when there is nothing to choose from.
    if credential.is_null() {
        return Err(PasskeyFailure::Cancelled);
    }
    let json = method(&credential, "toJSON")?.call0(&credential).map_err(|error| why(&error))?;
    let text = JSON::stringify(&json).map_err(|error| why(&error))?;
    text.as_string().ok_or(PasskeyFailure::Other)
}

fn property(of: &JsValue, name: &str) -> Result<JsValue, PasskeyFailure> {
    let value = Reflect::get(of, &name.into()).map_err(|_| PasskeyFailure::NotSupported)?;
    if value.is_undefined() || value.is_null() {
        return Err(PasskeyFailure::NotSupported);
    }
    Ok(value)
}

fn method(of: &JsValue, name: &str) -> Result<Function, PasskeyFailure> {
    property(of, name)?.dyn_into().map_err(|_| PasskeyFailure::NotSupported)
}

fn class() -> Result<JsValue, PasskeyFailure> {
    property(&js_sys::global(), "PublicKeyCredential")
}

fn credentials() -> Result<JsValue, PasskeyFailure> {
    property(&property(&js_sys::global(), "navigator")?, "credentials")
}

fn why(error: &JsValue) -> PasskeyFailure {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    PasskeyFailure::named(&name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_of_the_browser_has_its_meaning() {
        for (name, failure) in [
            ("NotAllowedError", PasskeyFailure::Cancelled),
            ("InvalidStateError", PasskeyFailure::AlreadyRegistered),
            ("SecurityError", PasskeyFailure::NotSupported),
            ("NotSupportedError", PasskeyFailure::NotSupported),
            ("ConstraintError", PasskeyFailure::Other),
        ] {
            assert_eq!(PasskeyFailure::named(name), failure, "{name}");
        }
    }

    #[test]
    fn each_failure_has_words() {
        let text = crate::text::Text::in_language(&[]);
        text.learn(crate::words::account);
        for failure in [
            PasskeyFailure::NotSupported,
            PasskeyFailure::Cancelled,
            PasskeyFailure::AlreadyRegistered,
            PasskeyFailure::Other,
        ] {
            assert!(text.say(failure.message()).contains(' '), "{failure:?}");
        }
    }
}
