//! Which files the audit log says already that a session has opened.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use shared_proto::id::FileId;
use shared_proto::limits;

use crate::store::sessions::TokenHash;

/// At most [`limits::FILES_OPENED`]; of one opened longer ago it is recorded once more.
#[derive(Default)]
pub struct Opened {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    all: HashSet<(TokenHash, FileId)>,
    /// The oldest first.
    order: VecDeque<(TokenHash, FileId)>,
}

impl Opened {
    /// Whether it is in the log.
    #[must_use]
    pub fn has(&self, session: TokenHash, file: FileId) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).all.contains(&(session, file))
    }

    /// It is in the log now.
    pub fn note(&self, session: TokenHash, file: FileId) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.all.insert((session, file)) {
            return;
        }
        known.order.push_back((session, file));
        if known.order.len() > limits::FILES_OPENED
            && let Some(oldest) = known.order.pop_front()
        {
            known.all.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opened_long_ago_is_forgotten() {
        let opened = Opened::default();
        let file = |n: usize| {
            let mut bytes = [7; 16];
            bytes[..8].copy_from_slice(&n.to_be_bytes());
            FileId::from_bytes(bytes)
        };
        (0..=limits::FILES_OPENED).for_each(|n| opened.note([1; 32], file(n)));
        opened.note([1; 32], file(1));
        assert!(!opened.has([1; 32], file(0)));
        assert!(opened.has([1; 32], file(1)) && !opened.has([2; 32], file(1)));
        assert!(opened.has([1; 32], file(limits::FILES_OPENED)));
    }
}
