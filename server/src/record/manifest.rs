//! The list of a bundle's members: what is signed of it.

use serde::{Deserialize, Serialize};

use super::people::Named;

/// The form of bundles, and what their list begins with: nothing else that is signed with this key
/// begins so.
pub const FORMAT: &str = "quietroom bundle 1";
/// The list.
pub const MANIFEST: &str = "manifest.json";
/// Ed25519 (RFC 8032) over the bytes of the list.
pub const SIGNATURE: &str = "manifest.sig";
/// The transcript whose lines are bound to each other.
pub const TRANSCRIPT: &str = "transcript.jsonl";

/// A bundle, as its list describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Of which practice.
    pub practice: String,
    /// Of which conversation.
    pub conversation: String,
    /// Who took it: it holds what they may see.
    pub exporter: Exporter,
    /// When.
    pub at: String,
    /// Whose times it shows.
    pub time_zone: String,
    /// The build of the server that wrote it.
    pub build: String,
    /// Lines of the transcript.
    pub entries: u64,
    /// The hash of its last line, in hexadecimal.
    pub chain: String,
    /// The key it is signed with, in hexadecimal.
    pub key: String,
    /// Everything in it but this list and its signature, in order.
    pub members: Vec<Listed>,
}

/// Who took a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exporter {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: String,
}

/// A member of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its contents, in hexadecimal.
    pub sha256: String,
}

impl From<Named> for Exporter {
    fn from(Named { id, name, role, .. }: Named) -> Self {
        Self { id, name, role: role.to_owned() }
    }
}
