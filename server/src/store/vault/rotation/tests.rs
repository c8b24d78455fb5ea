use shared_proto::id::ConversationId;

use super::*;

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("data")).unwrap();
        Self { dir }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn key(&self) -> PathBuf {
        self.dir.path().join("data.key")
    }

    fn open(&self) -> Result<Vault, VaultError> {
        let key = PracticeKey::load_or_create(&self.key(), !self.key().exists()).unwrap();
        Vault::open_with_file(&self.data(), key, &self.key())
    }

    /// Every file, by its path below the place.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        for folder in [self.dir.path().to_owned(), self.data()] {
            for item in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if item.file_type().unwrap().is_file() {
                    found.push((item.path(), fs::read(item.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

fn conversation(byte: u8) -> ConversationId {
    ConversationId::from_random([byte; 16])
}

fn reads(vault: &Vault, id: ConversationId, sealed: &[u8]) -> bool {
    let key = vault.conversation(id).unwrap();
    key.is_some_and(|key| key.open(b"here", sealed).as_deref() == Ok(&b"hello"[..]))
}

#[test]
fn everything_opens_with_the_new_key_and_nothing_with_the_old_one() {
    let place = Place::new();
    let vault = place.open().unwrap();
    let old_key = fs::read(place.key()).unwrap();
    let old_keys = fs::read(Vault::path(&place.data())).unwrap();
    let sealed = vault.create_conversation(conversation(1)).unwrap().seal(b"here", b"hello");
    let record = vault.records().seal(b"there", b"record");
    let rotated = vault.rotate().unwrap();
    assert_eq!(rotated, Rotated { keys: 2, key_file: fs::canonicalize(place.key()).unwrap() });
    assert!(reads(&vault, conversation(1), &sealed));
    // What comes and goes afterwards reaches the new key store.
    let later = vault.create_conversation(conversation(2)).unwrap().seal(b"here", b"hello");
    vault.create_conversation(conversation(3)).unwrap();
    vault.destroy_conversation(conversation(3)).unwrap();
    assert!(matches!(place.open(), Err(VaultError::Keystore(_))), "it is still locked");
    drop(vault);
    let vault = place.open().unwrap();
    assert!(reads(&vault, conversation(1), &sealed) && reads(&vault, conversation(2), &later));
    assert!(vault.conversation(conversation(3)).unwrap().is_none());
    assert_eq!(vault.records().open(b"there", &record).unwrap(), b"record");
    drop(vault);
    let files = place.files();
    assert_eq!(files.len(), 2, "nothing is left lying");
    assert!(files.iter().all(|(_, bytes)| *bytes != old_key && *bytes != old_keys));
    fs::write(place.key(), old_key).unwrap();
    let before = place.files();
    assert!(matches!(place.open(), Err(VaultError::WrongKey)));
    assert_eq!(place.files(), before, "nothing was changed");
}

#[test]
fn a_crash_after_any_step_leaves_what_opens_and_is_tidied_up() {
    for step in 1..=6 {
        let place = Place::new();
        let vault = place.open().unwrap();
        let old_key = fs::read(place.key()).unwrap();
        let sealed = vault.create_conversation(conversation(1)).unwrap().seal(b"here", b"hello");
        vault.create_conversation(conversation(2)).unwrap();
        vault.destroy_conversation(conversation(2)).unwrap();
        assert!(matches!(vault.rotate_until(step), Err(RotationError::Stopped)));
        drop(vault);
        let left = place.files().len();
        assert!(left > 2, "after step {step} there is something to tidy up");
        // Twice: what recovery leaves opens by itself.
        for _ in 0..2 {
            let vault = place.open().unwrap_or_else(|error| panic!("after step {step}: {error}"));
            assert!(reads(&vault, conversation(1), &sealed), "after step {step}");
            assert!(vault.conversation(conversation(2)).unwrap().is_none());
            assert_eq!(place.files().len(), 2, "after step {step} nothing is left lying");
        }
        assert_eq!(fs::read(place.key()).unwrap() == old_key, step < 4, "step {step}");
        place.open().unwrap().rotate().unwrap();
        assert!(reads(&place.open().unwrap(), conversation(1), &sealed), "step {step}");
    }
}

#[test]
fn a_wrong_key_beside_an_unfinished_change_changes_nothing() {
    for step in 1..=6 {
        let place = Place::new();
        let vault = place.open().unwrap();
        assert!(matches!(vault.rotate_until(step), Err(RotationError::Stopped)));
        drop(vault);
        let new_key = with_suffix(&place.key(), ".rotating");
        // After step 4 the old key is expected there: take both away.
        for path in [place.key(), new_key] {
            if path.exists() {
                fs::remove_file(&path).unwrap();
                PracticeKey::random().unwrap().create(&path).unwrap();
            }
        }
        let before = place.files();
        assert!(matches!(place.open(), Err(VaultError::WrongKey)), "step {step}");
        assert_eq!(place.files(), before, "step {step}");
    }
}

#[test]
fn the_old_bytes_are_overwritten_before_they_go() {
    let place = Place::new();
    let vault = place.open().unwrap();
    // Handles on the old files see what becomes of their bytes.
    let mut old =
        [fs::File::open(place.key()).unwrap(), fs::File::open(Vault::path(&place.data())).unwrap()];
    vault.rotate().unwrap();
    for file in &mut old {
        let mut bytes = Vec::new();
        io::Read::read_to_end(file, &mut bytes).unwrap();
        assert!(!bytes.is_empty() && bytes.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn conversations_made_and_destroyed_meanwhile_are_not_lost() {
    let place = Place::new();
    let vault = place.open().unwrap();
    let ids: Vec<_> = (1..=60).map(conversation).collect();
    let sealed: Vec<_> = std::thread::scope(|scope| {
        let making = scope.spawn(|| {
            let make = |id: &ConversationId| {
                let sealed = vault.create_conversation(*id).unwrap().seal(b"here", b"hello");
                if id.as_bytes()[0].is_multiple_of(3) {
                    vault.destroy_conversation(*id).unwrap();
                }
                sealed
            };
            ids.iter().map(make).collect()
        });
        for _ in 0..5 {
            vault.rotate().unwrap();
        }
        making.join().unwrap()
    });
    drop(vault);
    let vault = place.open().unwrap();
    for (id, sealed) in ids.iter().zip(&sealed) {
        assert_eq!(reads(&vault, *id, sealed), id.as_bytes()[0] % 3 != 0, "{id}");
    }
}

#[test]
fn a_key_others_can_read_or_from_elsewhere_is_not_changed() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let vault = place.open().unwrap();
    let before = place.files();
    fs::set_permissions(place.key(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(vault.rotate(), Err(RotationError::Key(KeyError::Exposed(_)))));
    fs::set_permissions(place.key(), fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(place.key(), place.dir.path().join("mine")).unwrap();
    assert!(matches!(vault.rotate(), Err(RotationError::Key(KeyError::Missing(_)))));
    PracticeKey::random().unwrap().create(&place.key()).unwrap();
    assert!(matches!(vault.rotate(), Err(RotationError::AnotherKey(_))));
    fs::rename(place.dir.path().join("mine"), place.key()).unwrap();
    assert_eq!(place.files(), before);
    drop(vault);
    let key = PracticeKey::load_or_create(&place.key(), false).unwrap();
    let elsewhere = Vault::open(Some(&place.data()), key).unwrap();
    assert!(matches!(elsewhere.rotate(), Err(RotationError::FromEnvironment)));
    let memory = Vault::open(None, PracticeKey::random().unwrap()).unwrap();
    assert!(matches!(memory.rotate(), Err(RotationError::InMemory)));
    assert_eq!(place.files(), before);
}

#[test]
fn what_root_changes_still_belongs_to_the_servers_user() {
    const NOBODY: u32 = 65_534;
    let place = Place::new();
    drop(place.open().unwrap());
    let files = [place.key(), Vault::path(&place.data())];
    if files.iter().any(|file| chown(file, Some(NOBODY), Some(NOBODY)).is_err()) {
        // Only root gives files away.
        return;
    }
    place.open().unwrap().rotate().unwrap();
    for file in files {
        let metadata = fs::metadata(&file).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (NOBODY, NOBODY), "{}", file.display());
    }
}
