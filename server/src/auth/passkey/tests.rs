use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;

const ORIGIN: &str = "https://messages.example.org";
const HOST: &str = "messages.example.org";
const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// A device made of software: what a browser would answer.
struct Device {
    key: SigningKey,
    credential: Vec<u8>,
    counter: u32,
    /// How far the counter moves with each use.
    steps: u32,
    flags: u8,
    origin: &'static str,
    host: &'static str,
}

impl Device {
    fn new(n: u8) -> Self {
        let key = SigningKey::from_slice(&[n; 32]).unwrap();
        let flags = PRESENT | VERIFIED;
        Self {
            key,
            credential: vec![n; 64],
            counter: 1,
            steps: 1,
            flags,
            origin: ORIGIN,
            host: HOST,
        }
    }

    fn client_data(&self, kind: &str, options: &str) -> Vec<u8> {
        let options: Value = serde_json::from_str(options).unwrap();
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn device_data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.host).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn answer(&self, response: Value) -> String {
        let id = Base64UrlUnpadded::encode_string(&self.credential);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }

    /// With attestation `none` (Web Authentication Level 3, 8.7).
    fn create(&self, options: &str) -> String {
        let mut data = self.device_data(self.flags | WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        let point = self.key.verifying_key().to_sec1_point(false);
        // A COSE key: EC2, ES256, P-256, x, y (RFC 9053).
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point.as_bytes()[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point.as_bytes()[33..]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        let client = self.client_data("webauthn.create", options);
        self.answer(json!({
            "clientDataJSON": Base64UrlUnpadded::encode_string(&client),
            "attestationObject": Base64UrlUnpadded::encode_string(&object),
            "transports": ["internal"],
        }))
    }

    fn get(&mut self, options: &str) -> String {
        self.counter += self.steps;
        let data = self.device_data(self.flags);
        let client = self.client_data("webauthn.get", options);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "clientDataJSON": Base64UrlUnpadded::encode_string(&client),
            "authenticatorData": Base64UrlUnpadded::encode_string(&data),
            "signature": Base64UrlUnpadded::encode_string(signature.to_der().as_bytes()),
            "userHandle": null,
        }))
    }
}

fn passkeys() -> Passkeys {
    Passkeys::new(ORIGIN, &[]).unwrap()
}

fn make(
    passkeys: &Passkeys,
    device: &Device,
    kept: &[StoredPasskey],
) -> Result<StoredPasskey, Refusal> {
    let (options, state) = passkeys.begin_registration(ANA, "Ana", "ana@example.org", kept)?;
    passkeys.finish_registration(&state, &device.create(&options), " Phone ", Millis(7))
}

fn ask(
    passkeys: &Passkeys,
    device: &mut Device,
    kept: &mut [StoredPasskey],
) -> Result<usize, Refusal> {
    let (options, state) = passkeys.begin_authentication(kept)?;
    passkeys.finish_authentication(&state, &device.get(&options), kept, Millis(9))
}

#[test]
fn a_passkey_that_was_made_opens_and_its_use_is_kept() {
    let passkeys = passkeys();
    let (mut phone, mut key) = (Device::new(1), Device::new(2));
    let mut kept = vec![make(&passkeys, &phone, &[]).unwrap()];
    kept.push(make(&passkeys, &key, &kept).unwrap());
    assert_eq!((kept[0].name.as_str(), kept[0].created_at), ("Phone", Millis(7)));
    assert_ne!(kept[0].id, kept[1].id);
    for _ in 0..2 {
        assert_eq!(ask(&passkeys, &mut key, &mut kept), Ok(1));
        assert_eq!(ask(&passkeys, &mut phone, &mut kept), Ok(0));
    }
    assert_eq!(kept[1].last_used, Some(Millis(9)));
    assert_eq!(ask(&passkeys, &mut Device::new(3), &mut kept), Err(Refusal::WrongCode));
}

#[test]
fn a_copy_of_a_passkey_is_found_by_its_counter() {
    let passkeys = passkeys();
    let mut phone = Device::new(1);
    let mut kept = vec![make(&passkeys, &phone, &[]).unwrap()];
    // Begun before another step moves the counter on.
    let (options, state) = passkeys.begin_authentication(&kept).unwrap();
    let early = phone.get(&options);
    assert_eq!(ask(&passkeys, &mut phone, &mut kept), Ok(0));
    let late = passkeys.finish_authentication(&state, &early, &mut kept, Millis(9));
    assert_eq!(late, Err(Refusal::WrongCode));
    phone.counter = 0;
    assert_eq!(ask(&passkeys, &mut phone, &mut kept), Err(Refusal::WrongCode));
}

#[test]
fn a_passkey_without_a_counter_opens_again_and_again() {
    let passkeys = passkeys();
    let mut phone = Device::new(1);
    phone.counter = 0;
    let mut kept = vec![make(&passkeys, &phone, &[]).unwrap()];
    for _ in 0..3 {
        // Some devices have none: theirs is always zero.
        phone.steps = 0;
        assert_eq!(ask(&passkeys, &mut phone, &mut kept), Ok(0));
    }
}

#[test]
fn an_answer_from_elsewhere_or_to_something_else_is_refused() {
    let passkeys = passkeys();
    let phone = Device::new(1);
    for stranger in [
        Device { origin: "https://evil.example.org", ..Device::new(1) },
        Device { origin: "http://messages.example.org", ..Device::new(1) },
        Device { host: "example.net", ..Device::new(1) },
        Device { flags: 0, ..Device::new(1) },
    ] {
        assert!(make(&passkeys, &stranger, &[]).is_err_and(|error| error == Refusal::WrongCode));
    }
    let mut kept = vec![make(&passkeys, &phone, &[]).unwrap()];
    for mut stranger in [
        Device { origin: "https://evil.example.org", counter: 50, ..Device::new(1) },
        Device { host: "example.net", counter: 60, ..Device::new(1) },
        // It asked for a finger when it was made: it has to again.
        Device { flags: PRESENT, counter: 70, ..Device::new(1) },
        Device { key: Device::new(2).key, counter: 80, ..Device::new(1) },
    ] {
        assert_eq!(ask(&passkeys, &mut stranger, &mut kept), Err(Refusal::WrongCode));
    }
    let mut phone = phone;
    let (old, _) = passkeys.begin_authentication(&kept).unwrap();
    let (_, state) = passkeys.begin_authentication(&kept).unwrap();
    let answer = phone.get(&old);
    let replayed = passkeys.finish_authentication(&state, &answer, &mut kept, Millis(9));
    assert_eq!(replayed, Err(Refusal::WrongCode), "an answer to an older question");
    for nonsense in ["", "{}", "null", &"[".repeat(100_000)] {
        let answered = passkeys.finish_authentication(&state, nonsense, &mut kept, Millis(9));
        assert_eq!(answered, Err(Refusal::WrongCode));
    }
}

#[test]
fn a_key_without_a_pin_is_a_second_factor_too() {
    let passkeys = passkeys();
    let mut key = Device { flags: PRESENT, ..Device::new(1) };
    let mut kept = vec![make(&passkeys, &key, &[]).unwrap()];
    assert_eq!(ask(&passkeys, &mut key, &mut kept), Ok(0));
}

#[test]
fn there_are_five_at_most_and_none_twice() {
    let passkeys = passkeys();
    let phone = Device::new(1);
    let mut kept = vec![make(&passkeys, &phone, &[]).unwrap()];
    assert_eq!(make(&passkeys, &phone, &kept).err(), Some(Refusal::WrongCode));
    for n in 2..=5 {
        kept.push(make(&passkeys, &Device::new(n), &kept).unwrap());
    }
    let sizes: Vec<usize> = kept.iter().map(|passkey| passkey.credential.len()).collect();
    assert!(sizes.iter().all(|size| *size < 1_000), "{sizes:?}");
    let refused = make(&passkeys, &Device::new(6), &kept).err();
    let too_many = Refusal::invalid(Field::PasskeyName, Rule::TooMany { limit: 5 });
    assert_eq!(refused, Some(too_many));
    assert_eq!(passkeys.begin_authentication(&[]).err(), Some(Refusal::NotFound));
}

#[test]
fn the_options_ask_for_any_passkey_and_prefer_one_that_verifies() {
    let passkeys = passkeys();
    let (options, _) = passkeys.begin_registration(ANA, "Ana", "ana@example.org", &[]).unwrap();
    let options: Value = serde_json::from_str(&options).unwrap();
    assert_eq!(options["rp"]["id"], HOST);
    assert_eq!(options["user"]["name"], "ana@example.org");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "preferred");
    assert!(options.get("hints").is_none() && options.get("extensions").is_none());
    assert_eq!(options["timeout"], 300_000);
    let kept = [make(&passkeys, &Device::new(1), &[]).unwrap()];
    let (options, _) = passkeys.begin_authentication(&kept).unwrap();
    let options: Value = serde_json::from_str(&options).unwrap();
    assert_eq!(options["allowCredentials"][0]["id"], Base64UrlUnpadded::encode_string(&[1; 64]));
    assert_eq!(options["userVerification"], "preferred");
    assert!(options.get("hints").is_none());
}

#[test]
fn an_address_browsers_give_no_passkeys_at_is_refused() {
    let error = |origin| Passkeys::new(origin, &[]).map(drop);
    assert!(matches!(error("messages"), Err(PasskeysError::Address(_))));
    assert!(matches!(error("https://192.0.2.1"), Err(PasskeysError::NoName)));
    assert!(matches!(error("http://messages.example.org"), Err(PasskeysError::NotSecure)));
    for good in ["http://localhost:8080", "https://messages.example.org:8443"] {
        error(good).unwrap();
    }
    let passkeys = Passkeys::new("http://localhost:8080", &["http://localhost:8081"]).unwrap();
    let other = Device { origin: "http://localhost:8081", host: "localhost", ..Device::new(1) };
    make(&passkeys, &other, &[]).map(drop).unwrap();
}
