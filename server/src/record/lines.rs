//! A record as lines of JSON, each with the hash of the line before: what a bundle's check reads.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::people::Named;
use super::row::Row;
use super::zone::Zone;
use crate::auth::sessions::hex;

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    number: u64,
    entry: String,
    at: String,
    author: Named,
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    details: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    withdrawn: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<String>,
    to: Vec<String>,
    before: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Lines, each bound to the one before.
#[derive(Default)]
pub struct Lines {
    head: [u8; 32],
    count: u64,
}

impl Lines {
    /// Adds the line of a row to `out`; `to` are the ids of those who got it besides its
    /// author.
    pub fn add(&mut self, out: &mut Vec<u8>, row: &Row<'_>, to: Vec<String>, zone: &Zone) {
        let author = match row.card {
            Some(card) => Named::from(card),
            None => {
                let (id, name) = (row.entry.author.to_string(), row.author.clone());
                Named { id, name, role: "", email: None }
            }
        };
        let line = Line {
            number: row.number,
            entry: row.entry.id.to_string(),
            at: zone.exact(row.entry.at),
            author,
            kind: &row.kind,
            text: &row.text,
            details: &row.details,
            target: row.target.map(|target| target.to_string()),
            withdrawn: row.withdrawn.is_some(),
            withdrawn_at: row.withdrawn_at().map(|at| zone.exact(at)),
            to,
            before: hex(&self.head),
        };
        let line = serde_json::to_vec(&line).expect("texts and numbers have a form in JSON");
        self.head = Sha256::digest(&line).into();
        self.count += 1;
        out.extend_from_slice(&line);
        out.push(b'\n');
    }

    /// The hash of the last line; zeros before the first.
    #[must_use]
    pub const fn head(&self) -> [u8; 32] {
        self.head
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }
}
