//! Notices that the browser itself shows (Push API, Notifications API): whether it can, and its
//! registration, which is all that is ever left in a browser and only until somebody signs out.
//! What is shown is in `assets/sw.js`.

use js_sys::{Array, JsString, Promise, Reflect, Uint8Array};
use shared_proto::notice::ask::PushDevice;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Notification, NotificationPermission, PushEncryptionKeyName, PushSubscription,
    PushSubscriptionOptionsInit, ServiceWorkerContainer, ServiceWorkerRegistration,
};

use crate::browser;

/// Where the worker is that shows them.
const WORKER: &str = "/sw.js";

/// How it stands in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// It can show none.
    Missing,
    /// It can once the page stands on the home screen: Safari on iPhone and iPad.
    HomeScreen,
    /// It was told not to show any from here.
    Denied,
    /// It shows none.
    Off,
    /// It shows them.
    On,
}

/// Why it shows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The person did not allow it, or closed the question.
    NotAllowed,
    /// Something else went wrong: no network, or no push service.
    Other,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Self::Other
    }
}

/// How it stands.
pub async fn here() -> Here {
    let Some(workers) = workers().filter(|_| has("PushManager") && has("Notification")) else {
        return if is_apple_touch() { Here::HomeScreen } else { Here::Missing };
    };
    if Notification::permission() == NotificationPermission::Denied {
        return Here::Denied;
    }
    for registration in registrations(&workers).await {
        if subscription(&registration).await.is_some() {
            return Here::On;
        }
    }
    Here::Off
}

/// Asks the person, in the browser's own words. To be called while a press is handled.
///
/// # Errors
/// When the browser asks nobody.
pub fn ask() -> Result<Promise, JsValue> {
    Notification::request_permission()
}

/// Registers this browser for what is pushed under `key`, once the person has `asked` it to.
///
/// # Errors
/// [`Failure`]; nothing stays registered then.
pub async fn subscribe(asked: Result<Promise, JsValue>, key: &[u8]) -> Result<PushDevice, Failure> {
    let answer = JsFuture::from(asked?).await?;
    if answer.as_string().as_deref() != Some("granted") {
        return Err(Failure::NotAllowed);
    }
    let subscribed = register(key).await;
    if subscribed.is_err() {
        forget().await;
    }
    subscribed
}

async fn register(key: &[u8]) -> Result<PushDevice, Failure> {
    let workers = workers().ok_or(Failure::Other)?;
    JsFuture::from(workers.register(WORKER)).await?;
    // Only one that runs can be subscribed.
    let ready = JsFuture::from(workers.ready()?).await?;
    let registration: ServiceWorkerRegistration = ready.dyn_into()?;
    // One under another key would be refused.
    if let Some(before) = subscription(&registration).await {
        JsFuture::from(before.unsubscribe()?).await?;
    }
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key(&Uint8Array::from(key));
    let manager = registration.push_manager()?;
    let subscribed = JsFuture::from(manager.subscribe_with_options(&options)?).await?;
    let subscribed: PushSubscription = subscribed.dyn_into()?;
    let secret = |name| -> Result<Vec<u8>, Failure> {
        let buffer = subscribed.get_key(name)?.ok_or(Failure::Other)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    };
    Ok(PushDevice {
        endpoint: subscribed.endpoint(),
        key: secret(PushEncryptionKeyName::P256dh)?,
        secret: secret(PushEncryptionKeyName::Auth)?,
    })
}

/// Nothing is pushed to this browser any more, and nothing of it stays here: what a sign-out, too,
/// leaves behind.
pub async fn forget() {
    let Some(workers) = workers() else { return };
    for registration in registrations(&workers).await {
        // What is unregistered is not pushed to either (Push API, 4); said first to the push
        // service, which the browser may be in no hurry to tell.
        if let Some(subscription) = subscription(&registration).await
            && let Ok(done) = subscription.unsubscribe()
        {
            let _ = JsFuture::from(done).await;
        }
        if let Ok(done) = registration.unregister() {
            let _ = JsFuture::from(done).await;
        }
    }
}

/// What this browser registers workers with; none in private windows of some, and without TLS.
fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = browser::window().navigator();
    let found = Reflect::get(&navigator, &JsString::from("serviceWorker")).ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

async fn registrations(workers: &ServiceWorkerContainer) -> Vec<ServiceWorkerRegistration> {
    let found = JsFuture::from(workers.get_registrations()).await;
    let found = found.map(|found| found.unchecked_into::<Array>()).unwrap_or_default();
    found.iter().map(JsCast::unchecked_into).collect()
}

async fn subscription(registration: &ServiceWorkerRegistration) -> Option<PushSubscription> {
    if !has("PushManager") {
        return None;
    }
    let asked = registration.push_manager().ok()?.get_subscription().ok()?;
    let found = JsFuture::from(asked).await.ok()?;
    (!found.is_null()).then(|| found.unchecked_into())
}

fn has(name: &str) -> bool {
    Reflect::has(&browser::window(), &JsString::from(name)).unwrap_or(false)
}

/// Whether it is an iPhone or iPad; the latter says that it is a Mac, and is touched.
fn is_apple_touch() -> bool {
    let agent = browser::window().navigator().user_agent().unwrap_or_default();
    agent.contains("iPhone")
        || agent.contains("iPad")
        || agent.contains("Mac") && browser::is_touch()
}
