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

/// The second steps somebody can take to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SecondSteps {
    /// A code of their authenticator app.
    pub totp: bool,
    /// A passkey.
    pub passkey: bool,
    /// A recovery code.
    pub recovery: bool,
}

/// A second step somebody takes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondStep {
    /// The code their authenticator app shows, as typed.
    Totp(String),
    /// One of their recovery codes, as typed.
    Recovery(String),
    /// What their browser answered, as JSON (`credential.toJSON()`).
    Passkey(String),
}

/// What somebody asks about their own second factors. Whatever changes them takes their password
/// again (ASVS 7.5.1), and what has two parts takes it in the first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactorAsk {
    /// Which there are. Answers `List`.
    List,
    /// Begins to set up an authenticator app, in the place of one that is set up. Answers `Totp`.
    BeginTotp {
        /// Their password.
        password: String,
    },
    /// Shows that the app works. Answers `Changed`.
    FinishTotp {
        /// Of `Totp`.
        ticket: String,
        /// The code it shows.
        code: String,
    },
    /// Removes the authenticator app. Answers `Changed`.
    RemoveTotp {
        /// Their password.
        password: String,
    },
    /// Begins to make a passkey. Answers `Passkey`.
    BeginPasskey {
        /// What to call it.
        name: String,
        /// Their password.
        password: String,
    },
    /// The passkey their browser made. Answers `Changed`.
    FinishPasskey {
        /// Of `Passkey`.
        ticket: String,
        /// What the browser answered, as JSON (`credential.toJSON()`).
        response: String,
    },
    /// Calls a passkey something else. Answers `Changed`.
    RenamePasskey {
        /// Which.
        passkey: PasskeyId,
        /// The new name.
        name: String,
        /// Their password.
        password: String,
    },
    /// Removes a passkey. Answers `Changed`.
    RemovePasskey {
        /// Which.
        passkey: PasskeyId,
        /// Their password.
        password: String,
    },
    /// New recovery codes; the old ones are void. Answers `Changed`.
    NewRecoveryCodes {
        /// Their password.
        password: String,
    },
}

impl std::fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondStep")
    }
}

impl std::fmt::Debug for FactorAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorAsk")
    }
}

/// An answer to a [`FactorAsk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactorTold {
    /// Which there are.
    List(FactorList),
    /// What an authenticator app needs; shown once.
    Totp {
        /// For `FinishTotp`.
        ticket: String,
        /// What the app needs.
        set_up: TotpSetUp,
    },
    /// What the browser needs to make a passkey.
    Passkey {
        /// For `FinishPasskey`.
        ticket: String,
        /// JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`.
        options: String,
    },
    /// Which there are now.
    Changed {
        /// Which.
        factors: FactorList,
        /// New recovery codes, shown once; none where the old ones hold.
        recovery: RecoveryCodes,
    },
}

/// Somebody's second factors, and what may become of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorList {
    /// Those they have.
    pub factors: Factors,
    /// Whether passkeys can be made and used at the address of this server.
    pub passkeys_offered: bool,
    /// Whether they must keep one.
    pub required: bool,
}

impl Factors {
    /// Whether there is a second step to signing in.
    #[must_use]
    pub fn any(&self) -> bool {
        self.totp || !self.passkeys.is_empty()
    }
}

/// Recovery codes as they are shown once.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes(pub Vec<String>);

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCodes")
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
