//! Second factors: what is asked about one's own, and answered.

use shared_proto::factors::{
    FactorAsk, FactorList, FactorTold, Factors, PasskeyCard, QrCode, RecoveryCodes, TotpSetUp,
};
use shared_proto::id::PasskeyId;

use crate::*;

const KEY: PasskeyId = PasskeyId::from_bytes([0x4b; 16]);

fn list() -> FactorList {
    let passkey =
        PasskeyCard { id: KEY, name: "Key".into(), created_at: AT, last_used: Some(LATER) };
    let factors = Factors { totp: true, passkeys: vec![passkey], recovery_left: 9 };
    FactorList { factors, passkeys_offered: true, required: false }
}

golden! {
    asks_about_factors_keep_their_bytes: FactorAsk {
        FactorAsk::List => { FactorAsk::List => "00" }
        FactorAsk::BeginTotp { .. } => {
            FactorAsk::BeginTotp { password: "secret".into() } => "01 06 'secret'",
        }
        FactorAsk::FinishTotp { .. } => {
            FactorAsk::FinishTotp { ticket: "t0".into(), code: "123".into() } =>
                "02 02 't0' 03 '123'",
        }
        FactorAsk::RemoveTotp { .. } => {
            FactorAsk::RemoveTotp { password: "secret".into() } => "03 06 'secret'",
        }
        FactorAsk::BeginPasskey { .. } => {
            FactorAsk::BeginPasskey { name: "Key".into(), password: "secret".into() } =>
                "04 03 'Key' 06 'secret'",
        }
        FactorAsk::FinishPasskey { .. } => {
            FactorAsk::FinishPasskey { ticket: "t0".into(), response: "{}".into() } =>
                "05 02 't0' 02 7b 7d",
        }
        FactorAsk::RenamePasskey { .. } => {
            FactorAsk::RenamePasskey {
                passkey: KEY,
                name: "Key".into(),
                password: "secret".into(),
            } => "06 4b*16 03 'Key' 06 'secret'",
        }
        FactorAsk::RemovePasskey { .. } => {
            FactorAsk::RemovePasskey { passkey: KEY, password: "secret".into() } =>
                "07 4b*16 06 'secret'",
        }
        FactorAsk::NewRecoveryCodes { .. } => {
            FactorAsk::NewRecoveryCodes { password: "secret".into() } => "08 06 'secret'",
        }
    }

    what_is_told_of_factors_keeps_its_bytes: FactorTold {
        FactorTold::List(_) => {
            FactorTold::List(list()) =>
                "00 01 01 4b*16 03 'Key' ac 02 01 ad 02 09 01 00",
        }
        FactorTold::Totp { .. } => {
            FactorTold::Totp {
                ticket: "t0".into(),
                set_up: TotpSetUp {
                    secret_text: "AB".into(),
                    uri: "o".into(),
                    qr: QrCode { size: 3, bits: vec![0x88, 0x80] },
                },
            } => "01 02 't0' 02 'AB' 01 6f 03 02 88 80",
        }
        FactorTold::Passkey { .. } => {
            FactorTold::Passkey { ticket: "t0".into(), options: "{}".into() } =>
                "02 02 't0' 02 7b 7d",
        }
        FactorTold::Changed { .. } => {
            FactorTold::Changed {
                factors: list(),
                recovery: RecoveryCodes(vec!["AB".into()]),
            } => "03 01 01 4b*16 03 'Key' ac 02 01 ad 02 09 01 00 01 02 'AB'",
        }
    }
}
