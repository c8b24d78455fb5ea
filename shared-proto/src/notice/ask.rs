//! What somebody asks about notices of their own. `office::Ask::Notices` carries it.

use serde::{Deserialize, Serialize};

use super::rule::Why;
use super::{Channel, Wishes};

/// A browser that may be pushed to (RFC 8030, RFC 8291), as it says itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushDevice {
    /// Where messages for it go: an https address at its push service. At most
    /// [`crate::limits::PUSH_ENDPOINT_BYTES`].
    pub endpoint: String,
    /// Its public key, uncompressed P-256: 65 bytes.
    pub key: Vec<u8>,
    /// What it authenticates messages with: 16 bytes.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for PushDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PushDevice")
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// How it stands. Answers `Standing`.
    Standing,
    /// Other wishes. Answers `Standing`.
    Wish(Wishes),
    /// A notice at once, to see whether it arrives. Answers `Standing`, or why it does not go.
    Test(Channel),
    /// Sends a code to the asker's mobile number. Answers `Standing`.
    SendCode,
    /// The code that came. Answers `Standing`; the number is confirmed then.
    Confirm {
        /// As typed.
        code: String,
    },
    /// The browser that asks may be pushed to, until somebody signs out in it. Answers `Standing`.
    Allow(Box<PushDevice>),
    /// No longer, nor any other browser of the asker with `all`. Answers `Standing`.
    Disallow {
        /// Whether every browser is meant.
        all: bool,
    },
}

/// How it stands with notices of the asker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What they wish.
    pub wishes: Wishes,
    /// Why each channel is not used, in the order of [`Channel::ALL`]; `None` for one that is.
    pub stopped: [Option<Why>; 3],
    /// The key the practice pushes with, uncompressed P-256: 65 bytes (RFC 8292).
    pub push_key: Vec<u8>,
    /// Browsers of theirs that may be pushed to.
    pub browsers: u8,
    /// Whether the one that asks is among them.
    pub this_browser: bool,
    /// Whether their mobile number has been confirmed.
    pub mobile_confirmed: bool,
}
