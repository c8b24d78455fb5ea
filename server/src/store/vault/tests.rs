use proptest::prelude::*;

use super::*;

fn key(byte: u8) -> PracticeKey {
    PracticeKey::from_bytes([byte; 32])
}

fn conversation(byte: u8) -> ConversationId {
    ConversationId::from_random([byte; 16])
}

#[test]
fn a_value_opens_only_where_it_was_sealed_for() {
    let vault = Vault::open(None, key(1)).unwrap();
    let (one, two) = (conversation(1), conversation(2));
    let sealing = vault.create_conversation(one).unwrap();
    let other = vault.create_conversation(two).unwrap();
    let sealed = sealing.seal(b"here", b"hello");
    assert_eq!(sealed.len(), 5 + SEAL_BYTES);
    assert_eq!(sealing.open(b"here", &sealed).unwrap(), b"hello");
    for elsewhere in [&b"hers"[..], b"there", b"her", b""] {
        assert_eq!(sealing.open(elsewhere, &sealed), Err(Damaged));
    }
    assert_eq!(other.open(b"here", &sealed), Err(Damaged));
    assert_eq!(vault.records().open(b"here", &sealed), Err(Damaged));
}

#[test]
fn a_place_longer_than_any_key_of_the_store_is_bound_as_well() {
    let sealing = SealingKey::new(&[1; 32]);
    for length in [94, 95, 96, 97, 300] {
        let sealed = sealing.seal(&vec![7; length], b"hello");
        assert!(sealing.open(&vec![7; length], &sealed).is_ok());
        assert!(sealing.open(&vec![8; length], &sealed).is_err());
        assert!(sealing.open(&vec![7; length - 1], &sealed).is_err());
    }
}

#[test]
fn a_changed_value_does_not_open() {
    let sealing = SealingKey::new(&[1; 32]);
    let sealed = sealing.seal(b"here", b"hello");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(sealing.open(b"here", &changed), Err(Damaged));
        assert_eq!(sealing.open(b"here", &sealed[..at]), Err(Damaged));
    }
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again(plain in proptest::collection::vec(any::<u8>(), 0..5_000)) {
        let sealing = SealingKey::new(&[1; 32]);
        let sealed = sealing.seal(b"here", &plain);
        prop_assert_ne!(&sealed, &sealing.seal(b"here", &plain));
        prop_assert_eq!(sealing.open(b"here", &sealed), Ok(plain));
    }

    #[test]
    fn arbitrary_bytes_do_not_open(sealed in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(SealingKey::new(&[1; 32]).open(b"here", &sealed), Err(Damaged));
    }
}

#[test]
fn keys_are_the_same_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(Some(dir.path()), key(1)).unwrap();
    let sealed = vault.create_conversation(conversation(1)).unwrap().seal(b"here", b"hello");
    let record = vault.records().seal(b"there", b"record");
    let hash = vault.lookup("email", "a@example.org");
    drop(vault);
    let vault = Vault::open(Some(dir.path()), key(1)).unwrap();
    let sealing = vault.conversation(conversation(1)).unwrap().unwrap();
    assert_eq!(sealing.open(b"here", &sealed).unwrap(), b"hello");
    assert_eq!(vault.records().open(b"there", &record).unwrap(), b"record");
    assert_eq!(vault.lookup("email", "a@example.org"), hash);
    assert!(vault.conversation(conversation(2)).unwrap().is_none());
    // Made twice, it is the first.
    let again = vault.create_conversation(conversation(1)).unwrap();
    assert_eq!(again.open(b"here", &sealed).unwrap(), b"hello");
}

#[test]
fn a_wrong_practice_key_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::open(Some(dir.path()), key(1)).unwrap());
    let before = std::fs::read(Vault::path(dir.path())).unwrap();
    let refused = Vault::open(Some(dir.path()), key(2));
    assert!(matches!(refused, Err(VaultError::WrongKey)));
    drop(refused);
    assert_eq!(std::fs::read(Vault::path(dir.path())).unwrap(), before);
    Vault::open(Some(dir.path()), key(1)).unwrap();
}

#[test]
fn data_without_its_keys_is_never_taken_for_new() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::open(Some(dir.path()), key(1)).unwrap());
    std::fs::create_dir(Engine::directory(dir.path())).unwrap();
    Vault::open(Some(dir.path()), key(1)).unwrap();
    std::fs::remove_file(Vault::path(dir.path())).unwrap();
    assert!(matches!(Vault::open(Some(dir.path()), key(1)), Err(VaultError::KeysMissing)));
    assert!(!Vault::path(dir.path()).exists());
    std::fs::write(Vault::path(dir.path()), b"").unwrap();
    assert!(matches!(Vault::open(Some(dir.path()), key(1)), Err(VaultError::KeysMissing)));
}

#[test]
fn a_destroyed_conversation_stays_destroyed() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(Some(dir.path()), key(1)).unwrap();
    let id = conversation(1);
    let sealed = vault.create_conversation(id).unwrap().seal(b"here", b"hello");
    assert!(vault.conversation(id).unwrap().is_some());
    assert!(vault.destroy_conversation(id).unwrap());
    assert!(vault.conversation(id).unwrap().is_none());
    assert!(!vault.destroy_conversation(id).unwrap());
    drop(vault);
    let vault = Vault::open(Some(dir.path()), key(1)).unwrap();
    assert!(vault.conversation(id).unwrap().is_none());
    // The same id again is another key.
    let again = vault.create_conversation(id).unwrap();
    assert_eq!(again.open(b"here", &sealed), Err(Damaged));
}

#[test]
fn more_conversations_than_are_kept_unwrapped_all_open() {
    let vault = Vault::open(None, key(1)).unwrap();
    let id = |number: u64| {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        ConversationId::from_bytes({
            bytes[15] = 1;
            bytes
        })
    };
    let count = 3 * CACHED as u64;
    let seal = |number| vault.create_conversation(id(number)).unwrap().seal(b"", b"x");
    let sealed: Vec<_> = (0..count).map(seal).collect();
    for _ in 0..2 {
        for (number, sealed) in (0..count).zip(&sealed) {
            let sealing = vault.conversation(id(number)).unwrap().unwrap();
            assert_eq!(sealing.open(b"", sealed).unwrap(), b"x");
            let cache = vault.cache();
            assert!(cache.young.len() <= CACHED && cache.old.len() <= CACHED);
        }
    }
}

#[test]
fn lookups_differ_by_domain_text_and_practice() {
    let (vault, other) = (Vault::open(None, key(1)).unwrap(), Vault::open(None, key(1)).unwrap());
    let hash = vault.lookup("email", "a@example.org");
    assert_eq!(hash, vault.lookup("email", "a@example.org"));
    assert_ne!(hash, vault.lookup("email", "b@example.org"));
    assert_ne!(hash, vault.lookup("name", "a@example.org"));
    assert_ne!(vault.lookup("ab", "c"), vault.lookup("a", "bc"));
    assert_ne!(hash, other.lookup("email", "a@example.org"));
}

#[cfg(unix)]
mod key_file {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn is_made_once_for_new_data_and_read_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("practice.key");
        let made = PracticeKey::load_or_create(&path, true).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!((text.len(), text.ends_with('\n')), (65, true));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for data_is_new in [true, false] {
            let read = PracticeKey::load_or_create(&path, data_is_new).unwrap();
            assert_eq!(read.bytes(), made.bytes());
        }
        assert_eq!(format!("{made:?}"), "PracticeKey");
    }

    #[test]
    fn missing_beside_data_is_never_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("practice.key");
        let missing = PracticeKey::load_or_create(&path, false);
        assert!(matches!(missing, Err(KeyError::Missing(_))));
        assert!(!path.exists());
    }

    #[test]
    fn that_others_may_read_or_that_is_no_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("practice.key");
        PracticeKey::load_or_create(&path, true).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let exposed = PracticeKey::load_or_create(&path, false);
            assert!(matches!(exposed, Err(KeyError::Exposed(_))));
        }
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let key = "0123456789abcdefABCDEF0123456789".repeat(2);
        let malformed = [
            "",
            &key[..63],
            &key[..62],
            "z",
            &format!("{key}0"),
            &format!("{key}\n00"),
            &key.replace('a', "+"),
            &key.replace('a', "é"),
            &"0".repeat(5_000),
        ];
        for text in malformed {
            fs::write(&path, text).unwrap();
            let refused = PracticeKey::load_or_create(&path, false);
            assert!(matches!(refused, Err(KeyError::Malformed(_))), "{text:?}");
        }
        fs::write(&path, key).unwrap();
        PracticeKey::load_or_create(&path, false).unwrap();
    }
}

#[test]
fn a_file_has_a_key_of_its_own_that_goes_with_the_one_of_its_conversation() {
    let vault = Vault::open(None, key(1)).unwrap();
    let (one, two) = (conversation(1), conversation(2));
    let (file, other) = (FileId::from_random([1; 16]), FileId::from_random([2; 16]));
    let sealed = vault.create_conversation(one).unwrap().of_file(file).seal(b"here", b"hello");
    let again = vault.conversation(one).unwrap().unwrap();
    assert_eq!(again.of_file(file).open(b"here", &sealed).unwrap(), b"hello");
    assert_eq!(again.of_file(other).open(b"here", &sealed), Err(Damaged));
    assert_eq!(again.open(b"here", &sealed), Err(Damaged));
    let elsewhere = vault.create_conversation(two).unwrap();
    assert_eq!(elsewhere.of_file(file).open(b"here", &sealed), Err(Damaged));
    assert!(vault.destroy_conversation(one).unwrap());
    let anew = vault.create_conversation(one).unwrap();
    assert_eq!(anew.of_file(file).open(b"here", &sealed), Err(Damaged));
}

#[test]
fn the_key_of_a_file_is_derived_as_released() {
    // HKDF-SHA256 (RFC 5869), worked out elsewhere.
    const EXPECTED: &str = "d2389f32c1cf8fcd9e1d62c7ccf61b5ccc85d235cf355b2410651c5700d4cd6e";
    let derived = SealingKey::new(&[1; 32]).of_file(FileId::from_bytes([7; 16]));
    assert_eq!(crate::auth::sessions::hex(&*derived.key), EXPECTED);
}
