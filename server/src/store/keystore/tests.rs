use super::*;

const ONE: KeyId = [1; 16];
const TWO: KeyId = [2; 16];

fn path(dir: &tempfile::TempDir) -> std::path::PathBuf {
    dir.path().join("keys")
}

#[test]
fn keys_are_there_again_after_opening() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    assert_eq!(keys.insert(ONE, [3; 72]).unwrap(), [3; 72]);
    assert_eq!(keys.insert(TWO, [4; 72]).unwrap(), [4; 72]);
    assert_eq!(keys.insert(ONE, [5; 72]).unwrap(), [3; 72]);
    drop(keys);
    let keys = Keystore::open(&path(&dir)).unwrap();
    assert_eq!((keys.get(&ONE), keys.get(&TWO)), (Some([3; 72]), Some([4; 72])));
    assert_eq!((keys.len(), keys.damaged()), (2, 0));
}

#[test]
fn a_destroyed_key_leaves_no_trace_and_its_place_is_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    keys.insert(ONE, [0xA5; 72]).unwrap();
    keys.insert(TWO, [4; 72]).unwrap();
    assert!(keys.destroy(&ONE).unwrap());
    assert!(!keys.destroy(&ONE).unwrap());
    let bytes = std::fs::read(path(&dir)).unwrap();
    assert!(!bytes.windows(4).any(|window| window == [0xA5; 4]));
    drop(keys);
    let keys = Keystore::open(&path(&dir)).unwrap();
    assert_eq!((keys.get(&ONE), keys.get(&TWO)), (None, Some([4; 72])));
    keys.insert([7; 16], [7; 72]).unwrap();
    assert_eq!(std::fs::read(path(&dir)).unwrap().len(), bytes.len());
}

#[test]
fn a_cut_off_last_write_is_ignored_and_written_over() {
    for torn in [1, 60, SLOT] {
        let dir = tempfile::tempdir().unwrap();
        Keystore::open(&path(&dir)).unwrap().insert(ONE, [3; 72]).unwrap();
        let mut bytes = std::fs::read(path(&dir)).unwrap();
        // All of a slot's length, but only its beginning.
        let mut half = slot(LIVE, &TWO, &[4; 72]);
        half[60..].fill(0);
        bytes.extend_from_slice(&half[..torn]);
        std::fs::write(path(&dir), &bytes).unwrap();
        let keys = Keystore::open(&path(&dir)).unwrap();
        assert_eq!((keys.len(), keys.damaged()), (1, 0));
        keys.insert(TWO, [5; 72]).unwrap();
        drop(keys);
        let keys = Keystore::open(&path(&dir)).unwrap();
        assert_eq!((keys.get(&ONE), keys.get(&TWO)), (Some([3; 72]), Some([5; 72])));
        assert_eq!(std::fs::read(path(&dir)).unwrap().len(), 3 * SLOT);
    }
}

#[test]
fn a_file_whose_head_was_cut_off_starts_anew_and_a_foreign_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(path(&dir), &MAGIC[..5]).unwrap();
    drop(Keystore::open(&path(&dir)).unwrap());
    assert_eq!(std::fs::read(path(&dir)).unwrap(), head());
    std::fs::write(path(&dir), b"something else entirely").unwrap();
    assert!(matches!(Keystore::open(&path(&dir)), Err(KeystoreError::NotAKeystore)));
    assert_eq!(std::fs::read(path(&dir)).unwrap(), b"something else entirely");
}

#[test]
fn a_flipped_bit_anywhere_in_a_key_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    keys.insert(ONE, [3; 72]).unwrap();
    keys.insert(TWO, [4; 72]).unwrap();
    drop(keys);
    let sound = std::fs::read(path(&dir)).unwrap();
    for at in 0..CHECK.end {
        for place in [1, 2] {
            let mut bytes = sound.clone();
            bytes[place * SLOT + at] ^= 0x10;
            std::fs::write(path(&dir), &bytes).unwrap();
            let keys = Keystore::open(&path(&dir)).unwrap();
            assert_eq!((keys.len(), keys.damaged()), (1, 1), "byte {at} of slot {place}");
            // Written beside it, not over it.
            keys.insert([9; 16], [9; 72]).unwrap();
            assert_eq!(std::fs::read(path(&dir)).unwrap()[..bytes.len()], bytes);
        }
    }
}

#[test]
fn only_one_process_has_it_open() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    assert!(matches!(Keystore::open(&path(&dir)), Err(KeystoreError::InUse)));
    drop(keys);
    Keystore::open(&path(&dir)).unwrap();
}

#[cfg(unix)]
#[test]
fn its_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    let copy = dir.path().join("copy");
    keys.copy_to(&copy).unwrap();
    for path in [path(&dir), copy] {
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_copy_holds_what_is_there_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keystore::open(&path(&dir)).unwrap();
    keys.insert(ONE, [3; 72]).unwrap();
    keys.insert(TWO, [4; 72]).unwrap();
    keys.destroy(&ONE).unwrap();
    let copy = dir.path().join("copy");
    assert_eq!(keys.copy_to(&copy).unwrap(), 1);
    assert!(matches!(keys.copy_to(&copy), Err(KeystoreError::Exists)));
    let again = dir.path().join("again");
    assert_eq!(copy_file(&copy, &again).unwrap(), 1);
    let copied = Keystore::open(&again).unwrap();
    assert_eq!((copied.get(&ONE), copied.get(&TWO)), (None, Some([4; 72])));
    std::fs::write(&copy, &std::fs::read(&again).unwrap()[..SLOT + 1]).unwrap();
    let cut = copy_file(&copy, &dir.path().join("cut"));
    assert!(matches!(cut, Err(KeystoreError::NotAKeystore)));
}
