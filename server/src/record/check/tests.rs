//! A bundle is damaged in every way there is, and each is found.

use std::io::Cursor;

use ed25519_dalek::{Signer, SigningKey};

use super::*;
use crate::record::manifest::Listed;
use crate::record::tests::{ANA, BEN, bundle, entry, message};
use crate::record::zip::Zip;
use crate::store::conversations::Recorded;

type Members = Vec<(String, Vec<u8>)>;

fn entries() -> Vec<Recorded> {
    let said = |number, author, text| entry(number, author, &message(text));
    vec![said(1, ANA, "How was the week?"), said(2, BEN, "Better"), said(3, ANA, "Good")]
}

fn whole_bundle() -> Vec<u8> {
    bundle(&entries(), 1, false)
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn checked(bytes: &[u8]) -> Result<Vec<String>, CheckError> {
    check(Cursor::new(bytes), None)
}

/// The members of a bundle, by name.
fn unpacked(bytes: &[u8]) -> Members {
    let mut zip = Reader::open(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.members().iter().map(|member| member.name.clone()).collect();
    (0..).zip(names).map(|(index, name)| (name, whole(&mut zip, index).unwrap())).collect()
}

fn packed(members: &Members) -> Vec<u8> {
    let mut zip = Zip::default();
    for (name, bytes) in members {
        zip.member(name, bytes);
    }
    zip.finish();
    zip.take()
}

/// What is said of a bundle whose members were changed by somebody who repacks it, and cannot sign.
fn changed(change: impl FnOnce(&mut Members)) -> String {
    let mut members = unpacked(&whole_bundle());
    change(&mut members);
    checked(&packed(&members)).unwrap_err().to_string()
}

/// The same, with a list and a signature that fit, by a key of their own.
fn forged(seed: u8, change: impl FnOnce(&mut Members)) -> Vec<u8> {
    let mut members = unpacked(&whole_bundle());
    members.pop();
    let (_, list) = members.pop().unwrap();
    let mut manifest: Manifest = serde_json::from_slice(&list).unwrap();
    change(&mut members);
    let key = key(seed);
    manifest.key = hex(key.verifying_key().as_bytes());
    let listed = members.iter().map(|(name, bytes)| Listed {
        name: name.clone(),
        bytes: bytes.len() as u64,
        sha256: hex(&Sha256::digest(bytes)),
    });
    manifest.members = listed.collect();
    let list = serde_json::to_vec(&manifest).unwrap();
    let signature = key.sign(&list).to_bytes().to_vec();
    members.push((MANIFEST.to_owned(), list));
    members.push((SIGNATURE.to_owned(), signature));
    packed(&members)
}

fn of<'a>(members: &'a mut Members, name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|(given, _)| given == name).unwrap().1
}

#[test]
fn a_bundle_says_what_was_found_in_order_and_whose_key_it_is() {
    let bytes = whole_bundle();
    assert_eq!(packed(&unpacked(&bytes)), bytes, "there is one way to pack them");
    let said = checked(&bytes).unwrap();
    assert!(said[0].contains("Lindenhof & Söhne"), "{said:?}");
    assert!(said[0].contains("2026-03-01T10:30:00.125+01:00 (Europe/Zurich)"), "{said:?}");
    assert!(said[1].starts_with("6 members, none changed, missing or added"), "{said:?}");
    assert!(said[1].contains("3 entries"), "{said:?}");
    assert!(said[2].contains("compare it with the one the practice publishes"), "{said:?}");
    let own = key(1).verifying_key();
    assert!(said[2].contains(&hex(own.as_bytes())));
    let said = check(Cursor::new(&bytes), Some(own)).unwrap();
    assert!(said[2].starts_with("signed with the key that was given"), "{said:?}");
    let other = check(Cursor::new(&bytes), Some(key(2).verifying_key()));
    assert!(matches!(other, Err(CheckError::Foreign(_))), "{other:?}");
}

#[test]
fn no_byte_can_be_another() {
    for bytes in [whole_bundle(), bundle(&entries(), 1, true)] {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            assert!(checked(&damaged).is_err(), "byte {at} of {}", bytes.len());
        }
    }
}

#[test]
fn nothing_can_be_cut_off_put_before_or_put_behind() {
    let bytes = whole_bundle();
    for end in 0..bytes.len() {
        assert!(checked(&bytes[..end]).is_err(), "cut after {end}");
    }
    for added in [&b"\0"[..], b"PK\x05\x06", &bytes] {
        assert!(checked(&[added, &bytes].concat()).is_err());
        assert!(checked(&[&bytes, added].concat()).is_err());
    }
}

#[test]
fn members_cannot_be_changed_removed_added_renamed_or_moved() {
    let more = || ("more.txt".to_owned(), Vec::new());
    let text = changed(|members| of(members, TRANSCRIPT).push(b'\n'));
    assert_eq!(text, "transcript.jsonl is not as it was signed: it was changed");
    let text = changed(|members| members.retain(|(name, _)| name != "audit.jsonl"));
    assert_eq!(text, "audit.jsonl is missing");
    let text = changed(|members| members.retain(|(name, _)| name != TRANSCRIPT));
    assert_eq!(text, "transcript.jsonl is missing");
    let text = changed(|members| members.insert(2, more()));
    assert!(text.starts_with("more.txt is not in the list of members"), "{text}");
    let text = changed(|members| members.insert(6, more()));
    assert!(text.starts_with("more.txt is not in the list of members"), "{text}");
    let text = changed(|members| members.swap(0, 1));
    assert!(text.contains("added, moved or renamed"), "{text}");
    let text = changed(|members| members[0].0 = "READ.txt".into());
    assert!(text.contains("README.txt is missing"), "{text}");
    let text = changed(|members| members.push(more()));
    assert!(text.contains("its list of members cannot be read"), "{text}");
    let text = changed(|members| members.truncate(6));
    assert!(text.contains("its list of members cannot be read"), "{text}");
    let text = changed(|members| *of(members, SIGNATURE) = vec![0; 64]);
    assert!(text.contains("the signature is not right"), "{text}");
    let text = changed(|members| of(members, MANIFEST).push(b' '));
    assert!(text.contains("the signature is not right"), "{text}");
}

#[test]
fn whoever_signs_anew_has_another_key_and_is_found_by_it() {
    let forgery = forged(2, |members| of(members, "people.json").push(b' '));
    let said = checked(&forgery).unwrap();
    assert!(said[2].contains(&hex(key(2).verifying_key().as_bytes())), "{said:?}");
    let own = check(Cursor::new(&forgery), Some(key(1).verifying_key()));
    assert!(matches!(own, Err(CheckError::Foreign(_))), "{own:?}");
}

#[test]
fn the_lines_of_a_transcript_hang_together_whoever_signs() {
    type Change = fn(&mut Vec<&str>);
    let lines = |change: Change| {
        forged(1, |members| {
            let text = String::from_utf8(of(members, TRANSCRIPT).clone()).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            change(&mut lines);
            *of(members, TRANSCRIPT) = (lines.join("\n") + "\n").into_bytes();
        })
    };
    let changes: [(Change, u64); 5] = [
        (|lines| _ = lines.remove(1), 2),
        (|lines| lines.swap(0, 1), 1),
        (|lines| _ = lines.pop(), 3),
        (|lines| lines.push("{}"), 4),
        (|lines| lines[0] = lines[1], 1),
    ];
    for (change, at) in changes {
        let found = checked(&lines(change)).unwrap_err();
        assert!(matches!(found, CheckError::Chain(line) if line == at), "{found}");
    }
    let endless = vec![b' '; limits::BUNDLE_LINE_BYTES * 3];
    let endless = forged(1, |members| *of(members, TRANSCRIPT) = endless);
    assert!(matches!(checked(&endless), Err(CheckError::Chain(1))));
    let none = forged(1, |members| members.retain(|(name, _)| name != TRANSCRIPT));
    assert!(matches!(checked(&none), Err(CheckError::Missing(_))));
}

#[test]
fn a_member_is_nowhere_but_below_the_folder_it_is_unpacked_into() {
    let with = |name: &str| {
        let forgery = forged(1, |members| members.push((name.to_owned(), b"x".to_vec())));
        checked(&forgery)
    };
    let long = "a".repeat(limits::BUNDLE_NAME_BYTES + 1);
    let names = [
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "C:\\evil",
        "a\\b",
        "a//b",
        "a/",
        ".",
        "",
        "a\0b",
        "con:",
        "a\nb",
        &long,
    ];
    for name in names {
        assert!(matches!(with(name), Err(CheckError::Zip(_))), "{name:?}");
    }
    for twice in ["README.txt", "readme.TXT"] {
        let found = with(twice).unwrap_err();
        assert!(found.to_string().contains("the same name"), "{found}");
    }
    with("files/1-ü b.pdf").unwrap();
}

#[test]
fn sizes_that_lie_are_found_before_anything_is_read() {
    let bytes = whole_bundle();
    let end = bytes.len() - 22;
    // How many members, how long their list is, and where it begins.
    for at in [8, 12, 16] {
        let mut lying = bytes.clone();
        lying[end + at..end + at + 4].fill(0xff);
        assert!(matches!(checked(&lying), Err(CheckError::Zip(_))), "at {at}");
    }
}

#[test]
fn a_key_is_given_in_hexadecimal_or_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, whole_bundle()).unwrap();
    let own = hex(key(1).verifying_key().as_bytes());
    check_file(&path, None).unwrap();
    check_file(&path, Some(&own)).unwrap();
    let file = folder.path().join("key.txt");
    std::fs::write(&file, format!("{own}\n")).unwrap();
    check_file(&path, file.to_str()).unwrap();
    std::fs::write(&file, "no key").unwrap();
    for none in ["no key", file.to_str().unwrap(), &own[2..]] {
        assert!(matches!(check_file(&path, Some(none)), Err(CheckError::Key)), "{none}");
    }
    let other = hex(key(2).verifying_key().as_bytes());
    assert!(matches!(check_file(&path, Some(&other)), Err(CheckError::Foreign(_))));
}
