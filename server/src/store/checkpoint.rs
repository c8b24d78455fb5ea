//! Signed checkpoints (164.312(c)(1), (2)): where every chain stood at a moment. Kept elsewhere,
//! one shows what chains alone cannot: that the end of a log was taken away, or a whole
//! conversation.
//!
//! The file is lines of text: the version; `at`, a time in milliseconds; `audit`, the last record
//! and the hash there; `conversation`, its id, entries and chain; `key`, the practice's public key;
//! `signature`, Ed25519 (RFC 8032) over a label and the SHA-256 of all lines before it. Bytes are in
//! hexadecimal.

#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::path::Path;

use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::time::Millis;

use super::audit::{self, Checked, Head};
use super::conversations::{chain, load};
use super::engine::Direction;
use super::entries::{Batches, Encoded};
use super::{Store, StoreError, keys};

const VERSION: &str = "quietroom checkpoint 1";
/// Findings that are named before the rest is only counted.
const NAMED: usize = 20;

/// Why a checkpoint says that something is wrong, or is none.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file is something else, cut short, or of another version.
    #[error("this is no checkpoint of this version, or not all of it")]
    Malformed,
    /// Somebody changed it.
    #[error("the signature of this checkpoint is not right: it was changed after it was made")]
    Signature,
    /// It is of another practice.
    #[error("this checkpoint was signed with another practice's key")]
    Foreign,
    /// What it has seen is gone or changed.
    #[error("{}", .0.join("\n"))]
    Found(Vec<String>),
    /// The file could not be read.
    #[error("the checkpoint could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// What is stored is damaged by itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where one conversation stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stood {
    conversation: ConversationId,
    entries: u64,
    chain: [u8; 32],
}

struct Checkpoint {
    at: Millis,
    audit: Head,
    conversations: Vec<Stood>,
}

/// A checkpoint of now, signed. What it has read may not be durable yet.
///
/// # Errors
/// When a header or the end of the audit log does not open.
pub fn take(store: &Store, at: Millis) -> Result<String, StoreError> {
    let head = audit::Chain::recover(&store.engine, store.vault.records())?.head();
    let mut text = format!("{VERSION}\nat {}\naudit {} {}\n", at.0, head.sequence, hex(&head.hash));
    let mut range = keys::prefix_range(keys::HEADERS);
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, _) in &page {
            let id = keys::parse_conversation(key).ok_or(StoreError::Damaged("header"))?;
            let Some(loaded) = load(store, id)? else { continue };
            let (entries, chain) = (loaded.header.entries, hex(&loaded.header.chain));
            let _ = writeln!(text, "conversation {} {entries} {chain}", hex(id.as_bytes()));
        }
    }
    let key = store.vault.checkpoint_key();
    let _ = writeln!(text, "key {}", hex(key.verifying_key().as_bytes()));
    let signature = key.sign(&signed(&text)).to_bytes();
    let _ = writeln!(text, "signature {}", hex(&signature));
    Ok(text)
}

/// What is signed of these lines.
fn signed(lines: &str) -> Vec<u8> {
    [VERSION.as_bytes(), &[0], &Sha256::digest(lines.as_bytes())].concat()
}

/// Checks the audit log by itself, and it and every conversation against a checkpoint. Lines that
/// say what is in order.
///
/// # Errors
/// [`CheckpointError`].
pub fn compare(store: &Store, path: &Path) -> Result<Vec<String>, CheckpointError> {
    let seen = read(store, &std::fs::read_to_string(path)?)?;
    let mut found = Vec::new();
    let checked = audit::verify(store, Some(seen.audit.sequence))?;
    compare_audit(&checked, seen.audit, &mut found);
    for stood in &seen.conversations {
        if let Some(what) = compare_conversation(store, stood)? {
            found.push(format!("conversation {}: {what}", stood.conversation));
        }
    }
    if found.is_empty() {
        let (at, count) = (seen.at.0, seen.conversations.len());
        let at = crate::admin::dates::show(Millis(at));
        let whole = format!(
            "nothing is missing that the checkpoint of {at} has seen: {} audit records, \
             {count} conversations; its signature is this practice's",
            seen.audit.sequence
        );
        return Ok(vec![described(&checked), whole]);
    }
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    Err(CheckpointError::Found(found))
}

/// What was found in order, in a line.
#[must_use]
pub fn described(checked: &Checked) -> String {
    let (from, to) = (checked.removed.sequence + 1, checked.head.sequence);
    if from > to {
        "audit log: empty, ok".into()
    } else {
        format!("audit records {from} to {to} ok")
    }
}

fn compare_audit(checked: &Checked, seen: Head, found: &mut Vec<String>) {
    let (kept, first) = (checked.head.sequence, checked.removed.sequence);
    match checked.asked {
        Some(now) if now == seen => {}
        // Removed for its age since, as the hash the rest begins with says.
        None if seen.sequence < first => {}
        None if seen.sequence > kept => found.push(format!(
            "audit log: it ends at record {kept}, and records {} to {} are missing",
            kept + 1,
            seen.sequence
        )),
        _ => found.push(format!(
            "audit log: what it says up to record {} is not what the checkpoint has seen",
            seen.sequence
        )),
    }
}

/// What is wrong with a conversation; the whole log is read, as its header may be as old as the
/// end that is missing.
fn compare_conversation(store: &Store, seen: &Stood) -> Result<Option<String>, StoreError> {
    let Some(sealing) = store.vault.conversation(seen.conversation)? else {
        return Ok(Some("its key is not there, so it was destroyed or lost".into()));
    };
    let (mut entries, mut head, mut then) = (0, [0; 32], None);
    let mut batches = Batches::forward(&store.engine, &sealing, seen.conversation, EntryId::MIN)?;
    while let Some(batch) = batches.next_batch()? {
        for entry in batch {
            head = chain(&head, &Encoded::new(entry).bytes);
            entries += 1;
            if entries == seen.entries {
                then = Some(head);
            }
        }
    }
    Ok(match then {
        Some(then) if then == seen.chain => None,
        None if entries < seen.entries => {
            Some(format!("its last {} entries are missing", seen.entries - entries))
        }
        _ => Some("what it says is not what the checkpoint has seen".into()),
    })
}

fn read(store: &Store, text: &str) -> Result<Checkpoint, CheckpointError> {
    use CheckpointError::{Foreign, Malformed, Signature as Wrong};
    let text = text.strip_suffix('\n').ok_or(Malformed)?;
    let (lines, signature) = text.rsplit_once('\n').ok_or(Malformed)?;
    let signed_lines = &text[..=lines.len()];
    let signature = signature.strip_prefix("signature ").and_then(bytes::<64>).ok_or(Malformed)?;
    let (lines, key) = lines.rsplit_once('\n').ok_or(Malformed)?;
    let key = key.strip_prefix("key ").and_then(bytes::<32>).ok_or(Malformed)?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| Malformed)?;
    let holds = key.verify_strict(&signed(signed_lines), &Signature::from_bytes(&signature));
    holds.map_err(|_| Wrong)?;
    if key != store.vault.checkpoint_key().verifying_key() {
        return Err(Foreign);
    }
    parse(lines).ok_or(Malformed)
}

fn parse(lines: &str) -> Option<Checkpoint> {
    let mut lines = lines.lines();
    if lines.next()? != VERSION {
        return None;
    }
    let at = Millis(lines.next()?.strip_prefix("at ")?.parse().ok()?);
    let (sequence, hash) = lines.next()?.strip_prefix("audit ")?.split_once(' ')?;
    let audit = Head { sequence: sequence.parse().ok()?, hash: bytes(hash)? };
    let mut conversations = Vec::new();
    for line in lines {
        let mut words = line.strip_prefix("conversation ")?.splitn(3, ' ');
        let conversation = ConversationId::from_bytes(bytes(words.next()?)?);
        let (entries, chain) = (words.next()?.parse().ok()?, bytes(words.next()?)?);
        conversations.push(Stood { conversation, entries, chain });
    }
    Some(Checkpoint { at, audit, conversations })
}

fn hex(bytes: &[u8]) -> String {
    crate::auth::sessions::hex(bytes)
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let plain = text.len() == 2 * N && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    plain.then_some(bytes)
}
