//! Everything around conversations that goes over the socket: people, charts, the practice, one's
//! own account, the audit log and emergency access. `wire::Request::Office` carries it.

use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountChange, Device};
use crate::chart::Details;
use crate::desk::News;
use crate::factors::{FactorAsk, FactorTold};
use crate::id::{ClientMessageId, ConversationId, DeviceId, PersonId};
use crate::notice::ask as notice;
use crate::people::{
    Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PersonChange, PersonRow,
};
use crate::practice::{Practice, PracticeChange};
use crate::time::Millis;
use crate::wire::InboxMark;

/// What a client asks around conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// A page of the people the asker may see. Providers only. Answers `People`.
    People {
        /// Which.
        filter: PeopleFilter,
        /// Where the page before ended; `None` for the first.
        after: Option<PeopleMark>,
    },
    /// One person's chart. Answers `Chart`.
    Chart {
        /// Whose.
        person: PersonId,
    },
    /// A new person. Answers `Person`; the same `client_id` again answers with the same person.
    AddPerson {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// Who.
        person: Box<NewPerson>,
    },
    /// A change to somebody. Answers `Person`.
    ChangePerson {
        /// Whom.
        person: PersonId,
        /// What.
        change: Box<PersonChange>,
    },
    /// The asker's conversations with a client, last activity first. Answers `Inbox`.
    ClientInbox {
        /// With whom.
        client: PersonId,
        /// Where the page before ended; `None` for the first.
        after: Option<InboxMark>,
    },
    /// The practice. Answers `Practice`.
    Practice,
    /// A change to the practice; owners only. Answers `Practice`.
    ChangePractice {
        /// The revision that was looked at.
        revision: u64,
        /// What.
        change: PracticeChange,
    },
    /// The asker's own account. Answers `Account`.
    Account,
    /// A change to it. Answers `Account`.
    ChangeAccount(AccountChange),
    /// Where the asker is signed in. Answers `Devices`.
    Devices,
    /// Signs one of the asker's devices out, or with `None` all but the one that asks, by their
    /// password. Answers `Devices`.
    SignOut {
        /// Which.
        device: Option<DeviceId>,
        /// The asker's.
        password: String,
    },
    /// The person is there: puts off the lock. Answers nothing unless refused.
    Active,
    /// What conversations a client has, for emergency access; owners only, recorded. Answers
    /// `Emergency`.
    EmergencyList {
        /// Whose.
        client: PersonId,
        /// Why, 10 to 200 Unicode scalars.
        reason: String,
    },
    /// Opens a conversation the asker is not in, for an hour and to read only; owners only. Its
    /// members are told. Answers `Done`.
    EmergencyOpen {
        /// Which.
        conversation: ConversationId,
        /// Why, 10 to 200 Unicode scalars.
        reason: String,
    },
    /// Whether somebody else in a conversation can read what is written there: what
    /// `conversation::decide::may_write` has to be told. Answers `Reachable`.
    Reachable {
        /// Which.
        conversation: ConversationId,
    },
    /// Invites somebody by a letter; the link in it voids those before. Answers `Person`.
    Invite {
        /// Whom.
        person: PersonId,
    },
    /// Sends somebody who has an account a link to a new password. Answers `Done`.
    SendReset {
        /// Whom.
        person: PersonId,
    },
    /// Another email for the asker, once both addresses have confirmed it. Answers `Done`, also
    /// when somebody else has that email: nobody learns whose there are.
    ChangeEmail {
        /// As typed.
        email: String,
        /// The asker's password, as typed.
        password: String,
    },
    /// About the asker's own second factors. Answers `Factors`.
    Factors(FactorAsk),
    /// About notices to the asker. Answers `Notices`.
    Notices(notice::Ask),
}

impl Ask {
    /// Whether it is answered even when it succeeds.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        !matches!(self, Self::Active)
    }
}

/// An answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// A page of people.
    People(PeoplePage),
    /// A chart.
    Chart(Box<Chart>),
    /// A person as they are now.
    Person(Box<PersonRow>),
    /// The practice as it is now.
    Practice(Box<Practice>),
    /// The asker's account as it is now.
    Account(Box<Account>),
    /// Where the asker is signed in, last active first.
    Devices(Vec<Device>),
    /// A client's conversations.
    Emergency(Vec<EmergencyRow>),
    /// Whether somebody can read what is written.
    Reachable(bool),
    /// About the asker's own second factors.
    Factors(Box<FactorTold>),
    /// How it stands with notices to the asker.
    Notices(Box<notice::Standing>),
}

/// A conversation as somebody in an emergency finds it: who is in it and when, nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyRow {
    /// Which.
    pub conversation: ConversationId,
    /// Its members' names.
    pub members: Vec<String>,
    /// When it began.
    pub created_at: Millis,
    /// When something was last written.
    pub last_at: Millis,
}

/// Something around conversations changed; sent to those who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed {
    /// A person, as the receiver may see them now.
    Person(Box<PersonRow>),
    /// Somebody the receiver may no longer see.
    PersonGone(PersonId),
    /// The practice.
    Practice(Box<Practice>),
    /// The receiver's own account.
    Account(Box<Account>),
    /// The details in a chart.
    Details {
        /// Whose.
        person: PersonId,
        /// As they are now.
        details: Box<Details>,
    },
    /// Something providers keep at hand for writing.
    Desk(News),
}
