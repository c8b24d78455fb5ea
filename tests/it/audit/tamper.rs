//! Records that somebody with the files, but without the key, changed or took away. A backup is
//! the store in a form that can be edited: magic, records, a zero, their number, a SHA-256.

use std::io::Write;
use std::process::{Command, Stdio};

use quietroom_tests::support::TestServer;

use crate::given::{Two, two};

const MAGIC: &[u8] = b"quietroom data 1";

pub type Records = Vec<(Vec<u8>, Vec<u8>)>;

pub fn records(backup: &[u8]) -> Records {
    let mut rest = &backup[MAGIC.len()..];
    let mut take = |count: usize| {
        let (taken, left) = rest.split_at(count);
        rest = left;
        taken
    };
    let mut records = Vec::new();
    loop {
        let key_length = usize::from(u16::from_be_bytes(take(2).try_into().unwrap()));
        if key_length == 0 {
            return records;
        }
        let value_length = u32::from_be_bytes(take(4).try_into().unwrap()) as usize;
        records.push((take(key_length).to_vec(), take(value_length).to_vec()));
    }
}

pub fn backup(records: &Records) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (key, value) in records {
        bytes.extend((key.len() as u16).to_be_bytes());
        bytes.extend((value.len() as u32).to_be_bytes());
        bytes.extend(key);
        bytes.extend(value);
    }
    bytes.extend([0, 0]);
    bytes.extend((records.len() as u64).to_be_bytes());
    let hash = sha256(&bytes);
    bytes.extend(hash);
    bytes
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    let mut tool = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum is there");
    tool.stdin.take().unwrap().write_all(bytes).unwrap();
    let said = String::from_utf8(tool.wait_with_output().unwrap().stdout).unwrap();
    let byte = |at: usize| u8::from_str_radix(&said[2 * at..2 * at + 2], 16).unwrap();
    (0..32).map(byte).collect()
}

/// A practice whose store somebody edits.
struct Edited {
    two: Two,
    number: usize,
}

impl Edited {
    async fn new() -> Self {
        let two = two().await;
        for n in 0..5 {
            two.provider.send(two.conversation, &format!("message {n}")).await;
        }
        Self { two, number: 0 }
    }

    fn server(&self) -> &TestServer {
        &self.two.server
    }

    fn path(&self, name: &str) -> String {
        self.server().folder().join(name).to_str().unwrap().to_owned()
    }

    fn checkpoint(&self) -> String {
        let (to, data) = (self.path("checkpoint"), self.server().data().to_str().unwrap());
        self.server().succeed(&["audit", "checkpoint", "--data", data, "--to", &to], "");
        to
    }

    /// What `audit verify` says of the practice after `edit`: whether all is well, and why not.
    fn verify(&mut self, edit: impl FnOnce(&mut Records), against: Option<&str>) -> (bool, String) {
        self.number += 1;
        let path = |name: &str| self.path(&format!("{name}-{}", self.number));
        let (store, keys, data, key) =
            (path("store"), path("keys"), path("data"), path("practice-key"));
        let from = self.server().data().to_str().unwrap();
        let arguments = ["backup", "--data", from, "--to", &store, "--keys-to", &keys];
        self.server().succeed(&arguments, "");
        let mut records = records(&std::fs::read(&store).unwrap());
        edit(&mut records);
        std::fs::write(&store, backup(&records)).unwrap();
        std::fs::copy(format!("{from}.key"), &key).unwrap();
        let place = ["--data", &data, "--key-file", &key];
        let restore = [&["restore", "--from", &store, "--keys", &keys], &place[..]].concat();
        self.server().succeed(&restore, "");
        let mut verify = [&["audit", "verify"], &place[..]].concat();
        verify.extend(against.into_iter().flat_map(|against| ["--against", against]));
        let output = self.server().command(&verify, "");
        let said = [&output.stdout[..], &output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }
}

/// Where the records of the audit log lie.
fn audit(records: &Records) -> Vec<usize> {
    let of_log = |(_, (key, _)): &(usize, &(Vec<u8>, Vec<u8>))| key[0] == b'a';
    records.iter().enumerate().filter(of_log).map(|(index, _)| index).collect()
}

#[tokio::test]
async fn a_changed_or_missing_record_is_found_and_named() {
    let mut edited = Edited::new().await;
    let (whole, said) = edited.verify(|_| (), None);
    assert!(whole && said.contains("ok"), "{said}");
    let mut sequence = 0;
    let mut number = |records: &Records, index: usize| {
        sequence = u64::from_be_bytes(records[index].0[1..].try_into().unwrap());
        sequence
    };
    let mut meant = 0;
    let flip = |records: &mut Records| {
        let index = audit(records)[2];
        meant = number(records, index);
        records[index].1[30] ^= 1;
    };
    let (whole, said) = edited.verify(flip, None);
    assert!(!whole && said.contains(&format!("damaged at record {meant}: it does not")), "{said}");
    let remove = |records: &mut Records| {
        let index = audit(records)[3];
        meant = number(records, index);
        records.remove(index);
    };
    let (whole, said) = edited.verify(remove, None);
    assert!(!whole && said.contains(&format!("record {meant}: it is missing")), "{said}");
    let swap = |records: &mut Records| {
        let log = audit(records);
        meant = number(records, log[1]);
        let other = records[log[2]].1.clone();
        records[log[1]].1 = other;
    };
    let (whole, said) = edited.verify(swap, None);
    assert!(!whole && said.contains(&format!("record {meant}:")), "{said}");
}

#[tokio::test]
async fn what_was_taken_from_the_end_is_found_by_a_checkpoint_kept_elsewhere() {
    let mut edited = Edited::new().await;
    let checkpoint = edited.checkpoint();
    let conversation = edited.two.conversation;
    let (whole, said) = edited.verify(|_| (), Some(&checkpoint));
    assert!(whole && said.contains("nothing is missing"), "{said}");
    let cut = |records: &mut Records| {
        let log = audit(records);
        for index in log[log.len() - 3..].iter().rev() {
            records.remove(*index);
        }
    };
    let (whole, said) = edited.verify(cut, None);
    assert!(whole, "by itself it looks whole: {said}");
    let (whole, said) = edited.verify(cut, Some(&checkpoint));
    assert!(!whole && said.contains("audit log: it ends at record"), "{said}");
    let cut = |records: &mut Records| {
        let entries = |(key, _): &(Vec<u8>, Vec<u8>)| key[0] == b'l';
        let last = records.iter().rposition(entries).unwrap();
        records.remove(last);
    };
    let (whole, said) = edited.verify(cut, Some(&checkpoint));
    let expected = format!("conversation {conversation}: its last 1 entries are missing");
    assert!(!whole && said.contains(&expected), "{said}");
    let text = std::fs::read_to_string(&checkpoint).unwrap();
    std::fs::write(&checkpoint, text.replacen("audit ", "audit 1", 1)).unwrap();
    let (whole, said) = edited.verify(|_| (), Some(&checkpoint));
    assert!(!whole && said.contains("the signature of this checkpoint is not right"), "{said}");
}
