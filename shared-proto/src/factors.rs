//! What a person sees of their second factors, and what they need to set one up.

use serde::{Deserialize, Serialize};

use crate::id::PasskeyId;
use crate::time::Millis;

/// A person's second factors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factors {
    /// Whether codes of an authenticator app are set up.
    pub totp: bool,
    /// Their passkeys, oldest first; at most [`crate::limits::PASSKEYS`].
    pub passkeys: Vec<PasskeyCard>,
    /// Recovery codes not used yet; at most [`crate::limits::RECOVERY_CODES`].
    pub recovery_left: u8,
}

/// A passkey as its person tells it from their others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyCard {
    /// Which.
    pub id: PasskeyId,
    /// What they called it.
    pub name: String,
    /// When it was added.
    pub created_at: Millis,
    /// When they last signed in with it.
    pub last_used: Option<Millis>,
}

/// A QR code (ISO/IEC 18004) without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// Modules on each side, 21 to 177.
    pub size: u8,
    /// One bit a module, row by row, the first in the highest bit of the first byte; 1 is dark.
    pub bits: Vec<u8>,
}

impl QrCode {
    /// Whether the module in this column and row is dark. Outside, none is.
    #[must_use]
    pub fn dark(&self, column: u8, row: u8) -> bool {
        let index = usize::from(row) * usize::from(self.size) + usize::from(column);
        let byte = self.bits.get(index / 8).copied().unwrap_or_default();
        column < self.size && row < self.size && byte & (0x80 >> (index % 8)) != 0
    }
}

/// What an authenticator app needs. Shown once, while it is being set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpSetUp {
    /// The secret for typing: base32 (RFC 4648) in groups of four.
    pub secret_text: String,
    /// The same as an `otpauth` address, for an app on this device.
    pub uri: String,
    /// The address as a QR code.
    pub qr: QrCode,
}

impl std::fmt::Debug for TotpSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSetUp")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_row_by_row_and_none_outside_is_dark() {
        let code = QrCode { size: 3, bits: vec![0b1000_1000, 0b1000_0000] };
        let dark: Vec<_> = (0..3)
            .flat_map(|row| (0..3).map(move |column| (column, row)))
            .filter(|(column, row)| code.dark(*column, *row))
            .collect();
        assert_eq!(dark, [(0, 0), (1, 1), (2, 2)]);
        assert!(!code.dark(3, 0) && !code.dark(0, 3));
    }
}
