//! A record as a bundle: everything in files of its own, in a ZIP file with a signed list, so that
//! anybody can see later, and without this server, that nothing was changed or taken away
//! (`check`).

use ed25519_dalek::{Signer, SigningKey};
use serde_json::Value;
use shared_proto::limits;

use super::lines::Lines;
use super::manifest::{FORMAT, Listed, MANIFEST, Manifest, SIGNATURE, TRANSCRIPT};
use super::people::{Named, People};
use super::row::Row;
use super::zip::Zip;
use super::{Head, csv, html};
use crate::auth::sessions::hex;

const README: &str = "README.txt";
const TABLE: &str = "transcript.csv";
const PAGE: &str = "transcript.html";
const PEOPLE: &str = "people.json";
const ACCESSES: &str = "audit.jsonl";

/// A transcript of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transcript {
    /// For a check: lines bound to each other.
    Lines,
    /// For a spreadsheet.
    Table,
    /// For reading and printing.
    Page,
}

impl Transcript {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Lines, Self::Table, Self::Page];

    const fn name(self) -> &'static str {
        match self {
            Self::Lines => TRANSCRIPT,
            Self::Table => TABLE,
            Self::Page => PAGE,
        }
    }
}

/// A bundle being written.
pub struct Bundle<'a> {
    head: &'a Head,
    people: &'a People,
    zip: Zip,
    lines: Lines,
    /// A transcript may be larger than 4 GiB.
    is_large: bool,
}

impl<'a> Bundle<'a> {
    /// Begins one, with how to check it and who is in it. `is_large`: a transcript of it may be larger
    /// than 4 GiB, as of more than [`limits::BUNDLE_SMALL_ENTRIES`] entries. It shows in the bundle, so
    /// it follows from nothing that whoever takes it does not see.
    #[must_use]
    pub fn new(head: &'a Head, people: &'a People, is_large: bool) -> Self {
        let mut zip = Zip::default();
        zip.member(README, HOW.as_bytes());
        zip.member(PEOPLE, &json(&people.named()));
        Self { head, people, zip, lines: Lines::default(), is_large }
    }

    /// Begins a transcript.
    pub fn begin(&mut self, transcript: Transcript) {
        self.zip.begin(transcript.name(), self.is_large);
        match transcript {
            Transcript::Lines => {}
            Transcript::Table => self.zip.add(&csv::head()),
            Transcript::Page => self.zip.add(&html::head(self.head, self.people)),
        }
    }

    /// Adds a row to the transcript that was begun.
    pub fn row(&mut self, transcript: Transcript, row: &Row<'_>) {
        let (mut out, zone) = (Vec::new(), &self.head.zone);
        match transcript {
            Transcript::Lines => {
                let to = self.people.recipients(row.entry).map(|card| card.id.to_string());
                self.lines.add(&mut out, row, to.collect(), zone);
            }
            Transcript::Table => csv::row(&mut out, row, zone),
            Transcript::Page => html::row(&mut out, row, zone),
        }
        self.zip.add(&out);
    }

    /// Ends the transcript that was begun.
    pub fn end(&mut self, transcript: Transcript) {
        if transcript == Transcript::Page {
            self.zip.add(html::END.as_bytes());
        }
        self.zip.end();
    }

    /// Whether one more file, or form with its answers, would be more than a check takes.
    #[must_use]
    pub fn is_full(&self) -> bool {
        // The part of the audit log, the list and its signature are still to come.
        self.zip.written().len() + 5 > limits::BUNDLE_MEMBERS
    }

    /// Begins the file that the entry of this number shares.
    pub fn begin_file(&mut self, number: u64, name: &str) {
        self.zip.begin(&file_name(number, name), false);
    }

    /// Adds to it.
    pub fn add_to_file(&mut self, piece: &[u8]) {
        self.zip.add(piece);
    }

    /// Ends it.
    pub fn end_file(&mut self) {
        self.zip.end();
    }

    /// Says that a file is not there, where it cannot be read.
    pub fn lost_file(&mut self, number: u64, name: &str) {
        let name = format!("{}.lost.txt", file_name(number, name));
        self.zip.member(&name, b"This file was shared, and could not be read any more.\n");
    }

    /// Adds a form that was submitted with the entry of this number, and its answers.
    pub fn form(&mut self, number: u64, form: &Value, answers: &Value) {
        for (name, resource) in [("questionnaire", form), ("response", answers)] {
            self.zip.member(&format!("forms/{number}-{name}.json"), &json(resource));
        }
    }

    /// Begins the part of the audit log that whoever takes it may see.
    pub fn begin_accesses(&mut self) {
        self.zip.begin(ACCESSES, self.is_large);
    }

    /// That somebody saw the conversation.
    pub fn access(&mut self, at: &str, person: Option<Named>, action: &'static str) {
        #[derive(serde::Serialize)]
        struct Line<'a> {
            at: &'a str,
            action: &'static str,
            /// Nobody: the operator.
            person: Option<Named>,
        }
        let line = serde_json::to_vec(&Line { at, action, person });
        self.zip.add(&line.expect("texts have a form in JSON"));
        self.zip.add(b"\n");
    }

    /// Ends it.
    pub fn end_accesses(&mut self) {
        self.zip.end();
    }

    /// What has been written since it was last taken.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }

    /// Adds the signed list and ends the bundle.
    pub fn finish(&mut self, key: &SigningKey) {
        let listed = self.zip.written().iter().map(|member| Listed {
            name: member.name.clone(),
            bytes: member.bytes,
            sha256: hex(&member.sha256),
        });
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            practice: self.head.practice.clone(),
            conversation: self.head.conversation.to_string(),
            exporter: Named::from(&self.head.exporter).into(),
            at: self.head.zone.exact(self.head.at),
            time_zone: self.head.zone.name().to_owned(),
            build: shared_proto::BUILD.to_owned(),
            entries: self.lines.count(),
            chain: hex(&self.lines.head()),
            key: hex(key.verifying_key().as_bytes()),
            members: listed.collect(),
        };
        let manifest = json(&manifest);
        let signature = key.sign(&manifest).to_bytes();
        self.zip.member(MANIFEST, &manifest);
        self.zip.member(SIGNATURE, &signature);
        self.zip.finish();
    }
}

/// What a file is called in a bundle: as it was, where every system takes it so.
fn file_name(number: u64, name: &str) -> String {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let name: String = name.chars().map(plain).collect();
    format!("files/{number}-{name}")
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    let mut json = serde_json::to_vec_pretty(value).expect("texts and numbers have a form in JSON");
    json.push(b'\n');
    json
}

const HOW: &str = "\
This is the record of one conversation, as the person named in manifest.json may see it.

  transcript.html   to read and to print
  transcript.csv    for a spreadsheet; an apostrophe was put before what would be a formula
  transcript.jsonl  for programs: an entry a line, exactly as it was written
  people.json       who took part, and what each of them is
  files/            files that were shared; each by the number of its entry
  forms/            forms that were submitted, and the answers, as FHIR R4; each by the number of
                    its entry
  audit.jsonl       who opened or took the conversation, newest first; only for who takes part
  manifest.json     the size and SHA-256 of each of these, and the key they are signed with
  manifest.sig      the signature

To see that nothing was changed, added or taken away, with the program of the server and without
any network:

  quietroom verify-bundle THIS.zip --key KEY

KEY is what the practice publishes; on its server it is printed by: quietroom key show
Anybody could have made a bundle with a key of their own: compare the key.

By other means: each line of transcript.jsonl says in \"before\" the SHA-256 of the line before it,
the first one zeros, and manifest.json says that of the last in \"chain\"; sha256sum compares what
manifest.json lists; manifest.sig is Ed25519 (RFC 8032) over the bytes of manifest.json.
";
