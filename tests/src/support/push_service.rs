//! A push service that keeps what it gets (RFC 8030), and a browser that subscribed there. What is
//! sealed for the browser is opened by Mozilla's own library, the npm package `http_ece`, and who it
//! is from is verified. Shared with the server's own tests: it needs `emulated` beside it.

use std::collections::VecDeque;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::SecretKey;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use shared_proto::notice::ask::PushDevice;

use super::emulated::{Answer, Asked, Emulated};

/// Opens a body with a private key and a secret (all base64url), as a browser does.
const OPEN: &str = r#"
const ece = require(process.argv[1]);
const read = JSON.parse(require("fs").readFileSync(0, "utf8"));
const key = require("crypto").createECDH("prime256v1");
key.setPrivateKey(Buffer.from(read.key, "base64url"));
const body = Buffer.from(read.body, "base64url");
const opened = ece.decrypt(body, { version: "aes128gcm", privateKey: key, authSecret: read.secret });
process.stdout.write(opened);
"#;

/// A push service; stopped when it is dropped.
#[derive(Debug)]
pub struct PushService {
    server: Emulated,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

/// A browser that subscribed to pushes.
pub struct Subscriber {
    key: SecretKey,
    device: PushDevice,
}

/// Who a push says it is from, once its signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// The public key it was signed with: 65 bytes.
    pub key: Vec<u8>,
    /// The push service it was signed for.
    pub service: String,
    /// Until when, in seconds since 1970.
    pub expires: u64,
    /// Whom to turn to.
    pub contact: String,
}

impl PushService {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start() -> Self {
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::default();
        let scripted = Arc::clone(&answers);
        let server = Emulated::start(move |_| {
            let next = scripted.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            next.unwrap_or_else(|| Answer::status(201))
        });
        Self { server: server.await, answers }
    }

    /// A server's `--push-host`.
    #[must_use]
    pub fn host(&self) -> String {
        self.server.authority()
    }

    /// Where it is reached, as tokens for it name it.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What it answers next, before 201: one push each.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }

    /// A browser that subscribes, by a name of its own.
    #[must_use]
    pub fn subscriber(&self, name: &str) -> Subscriber {
        Subscriber::new(format!("{}/push/{name}", self.url()))
    }

    /// Everything that was pushed to a browser, in order.
    #[must_use]
    pub fn pushed(&self, browser: &Subscriber) -> Vec<Asked> {
        let mut all = self.asked();
        let endpoint = browser.device.endpoint.strip_prefix(&self.url());
        all.retain(|asked| asked.method == "POST" && Some(asked.target.as_str()) == endpoint);
        all
    }

    /// Every request it was sent, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.server.asked()
    }

    /// Stops it: whoever connects is refused.
    pub async fn down(&mut self) {
        self.server.down().await;
    }

    /// Starts it again, on the port it had.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn up(&mut self) {
        self.server.up().await;
    }
}

impl Subscriber {
    /// A browser with keys of its own and an endpoint.
    ///
    /// # Panics
    /// When the system has no randomness.
    #[must_use]
    pub fn new(endpoint: String) -> Self {
        let mut random = [0; 48];
        let mut source = std::fs::File::open("/dev/urandom").expect("there is randomness");
        std::io::Read::read_exact(&mut source, &mut random).expect("there is randomness");
        let key = SecretKey::from_slice(&random[..32]).expect("all but one of 2^32 are a key");
        let public = key.public_key().to_sec1_bytes().into_vec();
        assert_eq!(public.len(), 65, "uncompressed, as browsers say it");
        let device = PushDevice { endpoint, key: public, secret: random[32..].to_vec() };
        Self { key, device }
    }

    /// As it says itself to the practice.
    #[must_use]
    pub fn device(&self) -> PushDevice {
        self.device.clone()
    }

    /// What a push says. `None`, and a word about it, where the package is not there: `cargo xtask
    /// test` installs it and names its folder in `QUIETROOM_HTTP_ECE`.
    ///
    /// # Panics
    /// When it was not sealed for this browser.
    #[must_use]
    pub fn opened(&self, body: &[u8]) -> Option<Vec<u8>> {
        let Some(package) = std::env::var_os("QUIETROOM_HTTP_ECE") else {
            println!("skipped: QUIETROOM_HTTP_ECE names no http_ece; cargo xtask test sets it");
            eprintln!("skipped: QUIETROOM_HTTP_ECE names no http_ece; cargo xtask test sets it");
            return None;
        };
        let text = Base64UrlUnpadded::encode_string;
        let read = json!({
            "key": text(&self.key.to_bytes()),
            "secret": text(&self.device.secret),
            "body": text(body),
        });
        let mut node = Command::new("node")
            .args(["-e", OPEN])
            .arg(package)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node can be run");
        let mut input = node.stdin.take().expect("its input is piped");
        input.write_all(read.to_string().as_bytes()).expect("it reads");
        drop(input);
        let output = node.wait_with_output().expect("it ends");
        assert!(output.status.success(), "the push is not for this browser");
        Some(output.stdout)
    }
}

/// Who a push is from (RFC 8292).
///
/// # Panics
/// When it does not say so, or its signature is not theirs.
#[must_use]
pub fn from(push: &Asked) -> From {
    let said = push.header("authorization").expect("a push says whom it is from");
    let said = said.strip_prefix("vapid t=").expect("by VAPID");
    let (token, key) = said.split_once(", k=").expect("with a key");
    let decoded = |text: &str| Base64UrlUnpadded::decode_vec(text).expect("base64url");
    let read = |text: &str| -> Value { serde_json::from_slice(&decoded(text)).expect("JSON") };
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let (header, claims) = signed.split_once('.').expect("claims");
    assert_eq!(read(header)["alg"], "ES256");
    let key = decoded(key);
    let verifies = VerifyingKey::from_sec1_bytes(&key).expect("a point of the curve");
    let signature = Signature::from_slice(&decoded(signature)).expect("a signature");
    verifies.verify(signed.as_bytes(), &signature).expect("their signature");
    let claims = read(claims);
    let text = |name: &str| claims[name].as_str().expect("a claim").to_owned();
    let expires = claims["exp"].as_u64().expect("a time");
    From { key, service: text("aud"), expires, contact: text("sub") }
}
