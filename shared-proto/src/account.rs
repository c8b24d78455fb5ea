//! A person's own settings, and where they are signed in.

use serde::{Deserialize, Serialize};

use crate::chart::{Consents, Details};
use crate::id::DeviceId;
use crate::people::PersonCard;
use crate::time::Millis;

/// What a person sees of their own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// As others see them.
    pub card: PersonCard,
    /// Where they get mail; how they sign in.
    pub email: String,
    /// Their mobile number; empty for none.
    pub mobile: String,
    /// Language tag; empty for the practice's.
    pub language: String,
    /// IANA time zone; empty for the practice's.
    pub time_zone: String,
    /// What they agreed to.
    pub consents: Consents,
    /// Whether others see how far they have read.
    pub read_receipts: bool,
    /// Their own chart details; clients only.
    pub details: Option<Details>,
}

/// What a person changes of their own account, without a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountChange {
    /// Their name.
    Name(String),
    /// Their mobile number; empty for none.
    Mobile(String),
    /// Their language; empty for the practice's.
    Language(String),
    /// Their time zone; empty for the practice's.
    TimeZone(String),
    /// What they agree to.
    Consents(Consents),
    /// Whether others see how far they have read.
    ReadReceipts(bool),
    /// Their chart details; clients only.
    Details(Box<Details>),
}

/// A device somebody is signed in on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Browser and system as the browser names itself, such as `Chrome`, `Android`; empty where
    /// it does not say.
    pub browser: String,
    /// Its system.
    pub system: String,
    /// When somebody signed in on it.
    pub since: Millis,
    /// When they were last active on it, to the minute.
    pub last_active: Millis,
    /// Whether it is the one that asks.
    pub this_one: bool,
}
