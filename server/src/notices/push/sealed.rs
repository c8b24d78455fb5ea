//! What a push says, sealed for the browser it is for and nobody in between (RFC 8291): one record of
//! the aes128gcm coding (RFC 8188).
//!
//! Made here of RustCrypto's parts, which are in the build for passkeys. The crate that does the same,
//! web-push-native 0.5.0, would bring older versions of them a second time (p256 0.13, aes-gcm 0.10)
//! and for VAPID a library for every other kind of token too, and takes neither the salt nor the key
//! that RFC 8291's own example needs.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit};
use hkdf::Hkdf;
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use shared_proto::notice::ask::PushDevice;
use zeroize::Zeroizing;

use super::vapid;

/// Length of a record, as its header says it (RFC 8188, 2.1): that of the only one.
const RECORD: u32 = 4096;
/// Salt, length of a record, length of a key, key.
const HEADER_BYTES: usize = 16 + 4 + 1 + POINT_BYTES;
/// An uncompressed point.
const POINT_BYTES: usize = 65;
/// What marks the end of the text in the last record (RFC 8188, 2).
const LAST: u8 = 2;
/// The most a push can say: what push services have to take (RFC 8030, 7.2) without the header, the
/// mark and the tag.
pub const MOST_BYTES: usize = RECORD as usize - HEADER_BYTES - 1 - 16;
/// Pushes are filled up to a multiple of this, so that how long they are says next to nothing.
const STEP_BYTES: usize = 512;

/// A browser's keys.
pub struct Recipient {
    key: PublicKey,
    secret: [u8; 16],
}

impl Recipient {
    /// The keys of a browser; `None` where they are none.
    #[must_use]
    pub fn of(device: &PushDevice) -> Option<Self> {
        let key = Some(&device.key).filter(|key| key.len() == POINT_BYTES)?;
        let key = PublicKey::from_sec1_bytes(key).ok()?;
        Some(Self { key, secret: device.secret.as_slice().try_into().ok()? })
    }
}

/// What is fresh for each push.
pub struct Once {
    salt: [u8; 16],
    key: SecretKey,
}

impl Once {
    /// By chance.
    #[must_use]
    pub fn new() -> Self {
        Self { salt: rand::random(), key: vapid::random_key() }
    }
}

/// How many zeros a text of that length is filled up with.
#[must_use]
pub const fn padding(bytes: usize) -> usize {
    let whole = bytes.next_multiple_of(STEP_BYTES);
    let whole = if whole == 0 { STEP_BYTES } else { whole };
    let whole = if whole > MOST_BYTES { MOST_BYTES } else { whole };
    whole.saturating_sub(bytes)
}

/// The body of a push that says `text` and is filled up with `padding` zeros. `None` when these are
/// above [`MOST_BYTES`].
#[must_use]
pub fn seal(recipient: &Recipient, text: &[u8], padding: usize, once: &Once) -> Option<Vec<u8>> {
    if text.len().checked_add(padding)? > MOST_BYTES {
        return None;
    }
    let ours = once.key.public_key().to_sec1_point(false);
    let theirs = recipient.key.to_sec1_point(false);
    let shared = diffie_hellman(once.key.to_nonzero_scalar(), recipient.key.as_affine());

    // RFC 8291, 3.3 and 3.4.
    let about = [b"WebPush: info\0", theirs.as_bytes(), ours.as_bytes()].concat();
    let input: Zeroizing<[u8; 32]> =
        derived(&recipient.secret, shared.raw_secret_bytes().as_slice(), &about);
    let key: Zeroizing<[u8; 16]> = derived(&once.salt, &*input, b"Content-Encoding: aes128gcm\0");
    let nonce: Zeroizing<[u8; 12]> = derived(&once.salt, &*input, b"Content-Encoding: nonce\0");

    let mut record = Zeroizing::new(Vec::with_capacity(text.len() + 1 + padding));
    record.extend_from_slice(text);
    record.push(LAST);
    record.extend(std::iter::repeat_n(0, padding));
    // The first record's nonce is this one unchanged (RFC 8188, 2.3).
    let sealed =
        Aes128Gcm::new(&(*key).into()).encrypt(&(*nonce).into(), record.as_slice()).ok()?;

    let mut body = Vec::with_capacity(HEADER_BYTES + sealed.len());
    body.extend_from_slice(&once.salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(POINT_BYTES as u8);
    body.extend_from_slice(ours.as_bytes());
    body.extend_from_slice(&sealed);
    Some(body)
}

fn derived<const N: usize>(salt: &[u8], input: &[u8], about: &[u8]) -> Zeroizing<[u8; N]> {
    let mut derived = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(Some(salt), input)
        .expand(about, &mut *derived)
        .expect("as much as one hash may be asked for");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};

    fn bytes(text: &str) -> Vec<u8> {
        Base64UrlUnpadded::decode_vec(text).unwrap()
    }

    fn browser() -> PushDevice {
        PushDevice {
            endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".to_owned(),
            key: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            secret: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        }
    }

    #[test]
    fn the_example_of_rfc_8291_is_sealed_byte_for_byte() {
        let key = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"));
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let once = Once { salt, key: key.unwrap() };
        let text = bytes("V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24");
        let sealed = seal(&Recipient::of(&browser()).unwrap(), &text, 0, &once).unwrap();
        assert_eq!(
            Base64UrlUnpadded::encode_string(&sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn what_is_said_cannot_be_told_by_its_length() {
        let recipient = Recipient::of(&browser()).unwrap();
        let sealed = |text: usize| {
            let (text, once) = (vec![b'x'; text], Once::new());
            seal(&recipient, &text, padding(text.len()), &once).map(|body| body.len())
        };
        let short = Some(HEADER_BYTES + STEP_BYTES + 17);
        assert_eq!((sealed(0), sealed(1), sealed(STEP_BYTES)), (short, short, short));
        let longer = Some(HEADER_BYTES + 2 * STEP_BYTES + 17);
        assert_eq!(sealed(STEP_BYTES + 1), longer);
        let longest = Some(RECORD as usize);
        assert_eq!((sealed(MOST_BYTES - 9), sealed(MOST_BYTES)), (longest, longest));
        assert_eq!(sealed(MOST_BYTES + 1), None);
    }

    #[test]
    fn no_two_pushes_are_alike() {
        let recipient = Recipient::of(&browser()).unwrap();
        let sealed = || seal(&recipient, b"the same", 0, &Once::new()).unwrap();
        let (one, other) = (sealed(), sealed());
        assert_ne!(one[..16], other[..16]);
        assert_ne!(one[21..86], other[21..86]);
        assert_ne!(one[86..], other[86..]);
    }
}
