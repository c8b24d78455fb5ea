//! The audit log as it is read: who did what, when, to whom and from where (164.312(b); ASVS
//! 16.2, 16.3). It names people and conversations by id only, and never holds what was written.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, PersonId};
use crate::limits;
use crate::people::PersonCard;
use crate::time::Millis;

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident => $name:literal,)+) => {
        /// What was done. Variants are only ever added at the end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Action {
            $($(#[$doc])* $action,)+
        }

        impl Action {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$action),+];

            /// Its name on the command line and in exports; never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name),+
                }
            }
        }
    };
}

actions! {
    /// Somebody signed in.
    SignedIn => "signed-in",
    /// A sign-in was refused; the subject is known when the email is somebody's. The detail says
    /// when it was a locked session that was to be opened.
    SignInFailed => "sign-in-failed",
    /// Somebody signed out.
    SignedOut => "signed-out",
    /// A session was locked: by its person, or with nobody as the actor, after idle time.
    Locked => "locked",
    /// A locked session was opened again.
    Unlocked => "unlocked",
    /// All sessions of somebody were ended.
    SessionsEnded => "sessions-ended",
    /// Somebody changed their password.
    PasswordChanged => "password-changed",
    /// A password was replaced through a link or by the operator.
    PasswordReset => "password-reset",
    /// A link to a new password was asked for.
    ResetAsked => "reset-asked",
    /// A second factor or a passkey was added.
    FactorAdded => "factor-added",
    /// A second factor or a passkey was removed.
    FactorRemoved => "factor-removed",
    /// A recovery code was used.
    RecoveryUsed => "recovery-used",
    /// Another email was asked for.
    EmailChangeAsked => "email-change-asked",
    /// An email was changed.
    EmailChanged => "email-changed",
    /// Somebody changed their own settings.
    SettingsChanged => "settings-changed",
    /// One device was signed out from another.
    DeviceSignedOut => "device-signed-out",
    /// A person was added.
    PersonAdded => "person-added",
    /// A person was changed.
    PersonChanged => "person-changed",
    /// A person was invited.
    PersonInvited => "person-invited",
    /// An invitation was accepted.
    InviteAccepted => "invite-accepted",
    /// A person's access was taken away.
    PersonSuspended => "person-suspended",
    /// A person's access was given back.
    PersonRestored => "person-restored",
    /// Portal access was switched on.
    PortalOn => "portal-on",
    /// Portal access was switched off.
    PortalOff => "portal-off",
    /// A person got another role.
    RoleChanged => "role-changed",
    /// A client was assigned to a provider; the detail is the provider's id.
    Assigned => "assigned",
    /// A client is no longer assigned to a provider; the detail is the provider's id.
    Unassigned => "unassigned",
    /// A chart was opened.
    ChartOpened => "chart-opened",
    /// A chart was changed.
    ChartChanged => "chart-changed",
    /// People were listed or searched, for the first time on a connection; the detail says which
    /// list.
    PeopleListed => "people-listed",
    /// The practice was set up.
    PracticeSetUp => "practice-set-up",
    /// The settings of the practice were changed.
    PracticeChanged => "practice-changed",
    /// A policy was changed.
    PolicyChanged => "policy-changed",
    /// A division was added, renamed or removed.
    DivisionChanged => "division-changed",
    /// An inbox was opened, for the first time on a connection; of somebody else, one's own
    /// conversations with them.
    InboxOpened => "inbox-opened",
    /// A conversation was created.
    ConversationCreated => "conversation-created",
    /// A conversation was opened, for the first time on a connection.
    ConversationOpened => "conversation-opened",
    /// A conversation was exported.
    ConversationExported => "conversation-exported",
    /// The conversations of a client were listed in an emergency; the detail is the reason.
    EmergencyListed => "emergency-listed",
    /// A conversation was opened in an emergency; the detail is the reason.
    EmergencyOpened => "emergency-opened",
    /// The audit log was read.
    AuditRead => "audit-read",
    /// The audit log was exported.
    AuditExported => "audit-exported",
    /// A backup was made.
    BackupMade => "backup-made",
    /// The practice key was exchanged.
    KeyRotated => "key-rotated",
    /// A signed checkpoint was made.
    CheckpointMade => "checkpoint-made",
    /// The server started.
    ServerStarted => "server-started",
    /// The server stopped in order.
    ServerStopped => "server-stopped",
    /// A passkey was renamed.
    FactorRenamed => "factor-renamed",
    /// Recovery codes were replaced by new ones.
    RecoveryReplaced => "recovery-replaced",
    /// All second factors of somebody were taken away by the operator.
    FactorsReset => "factors-reset",
    /// A form of the practice was saved in a new version, or is no longer offered, or is again; the
    /// detail is its id.
    FormChanged => "form-changed",
    /// A form assigned in a conversation was opened, for the first time on a connection; the detail
    /// is the entry that assigned it.
    FormOpened => "form-opened",
    /// A file of a conversation was opened or saved, for the first time in a session.
    FileOpened => "file-opened",
    /// Somebody searched their own conversations, for the first time on a connection.
    Searched => "searched",
    /// The contents of all files were moved to another place by the operator.
    FilesMoved => "files-moved",
}

impl Action {
    /// The action of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// What it belongs to, for whoever looks for records of one kind.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::SignedIn
            | Self::SignInFailed
            | Self::SignedOut
            | Self::Locked
            | Self::Unlocked
            | Self::SessionsEnded
            | Self::DeviceSignedOut => Group::SignIns,
            Self::PasswordChanged
            | Self::PasswordReset
            | Self::ResetAsked
            | Self::FactorAdded
            | Self::FactorRemoved
            | Self::FactorRenamed
            | Self::RecoveryUsed
            | Self::RecoveryReplaced
            | Self::FactorsReset
            | Self::EmailChangeAsked
            | Self::EmailChanged
            | Self::SettingsChanged => Group::Accounts,
            Self::PersonAdded
            | Self::PersonChanged
            | Self::PersonInvited
            | Self::InviteAccepted
            | Self::PersonSuspended
            | Self::PersonRestored
            | Self::PortalOn
            | Self::PortalOff
            | Self::RoleChanged
            | Self::Assigned
            | Self::Unassigned
            | Self::ChartOpened
            | Self::ChartChanged
            | Self::PeopleListed => Group::People,
            Self::PracticeSetUp
            | Self::PracticeChanged
            | Self::PolicyChanged
            | Self::DivisionChanged
            | Self::FormChanged => Group::Practice,
            Self::InboxOpened
            | Self::Searched
            | Self::ConversationCreated
            | Self::ConversationOpened
            | Self::ConversationExported
            | Self::FormOpened
            | Self::FileOpened => Group::Conversations,
            Self::EmergencyListed | Self::EmergencyOpened => Group::Emergency,
            Self::AuditRead
            | Self::AuditExported
            | Self::BackupMade
            | Self::KeyRotated
            | Self::CheckpointMade
            | Self::FilesMoved
            | Self::ServerStarted
            | Self::ServerStopped => Group::Server,
        }
    }

    /// Whether the members of a conversation are shown it: somebody saw what is written there. That
    /// somebody opened a file would tell those it is hidden from that there is one.
    #[must_use]
    pub const fn is_access(self) -> bool {
        matches!(
            self,
            Self::ConversationOpened | Self::ConversationExported | Self::EmergencyOpened
        )
    }
}

/// What actions have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Who came and went.
    SignIns,
    /// What people changed about their own way in and their own settings.
    Accounts,
    /// People and their charts.
    People,
    /// The practice.
    Practice,
    /// Conversations and who saw them.
    Conversations,
    /// Emergency access.
    Emergency,
    /// The audit log itself, and what the server and its operator do.
    Server,
}

impl Group {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::SignIns,
        Self::Accounts,
        Self::People,
        Self::Practice,
        Self::Conversations,
        Self::Emergency,
        Self::Server,
    ];

    /// Its stable name: Fluent message id.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Accounts => "accounts",
            Self::People => "people",
            Self::Practice => "practice",
            Self::Conversations => "conversations",
            Self::Emergency => "emergency",
            Self::Server => "server",
        }
    }

    /// The group of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// Every word a detail is made of, but for reasons and ids: what was changed, or which of
/// several. Each has a Fluent message.
pub const WORDS: &[&str] = &[
    "added",
    "announcement",
    "away-reply",
    "birth-date",
    "booking",
    "chart-number",
    "client-start",
    "clients",
    "consents",
    "country",
    "create-for-invited",
    "currency",
    "division",
    "email",
    "emergency-name",
    "emergency-phone",
    "gender",
    "greeting",
    "group-number",
    "holidays",
    "hours",
    "idle",
    "idle-minutes",
    "insurer",
    "language",
    "leave",
    "member-number",
    "name",
    "notices",
    "owner",
    "phone",
    "policy-holder",
    "pronouns",
    "provider",
    "providers",
    "read-receipts",
    "removed",
    "renamed",
    "replies",
    "resealed",
    "session-hours",
    "street",
    "time-zone",
    "to-write-to",
    "town",
    "unlock",
];

/// What something was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Nothing in particular.
    Nothing,
    /// A person.
    Person(PersonId),
    /// A conversation.
    Conversation(ConversationId),
    /// The practice.
    Practice,
}

/// A record of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the log, from 1 on without a gap.
    pub sequence: u64,
    /// When, by the server's clock.
    pub at: Millis,
    /// Who. `None`: the operator, or nobody that is known.
    pub actor: Option<PersonId>,
    /// From where; `None` for the operator.
    pub address: Option<IpAddr>,
    /// What.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// Names of changed fields, the id of a second person, or the reason of an emergency; at most
    /// [`limits::AUDIT_DETAIL_SCALARS`]. Never what somebody wrote otherwise.
    pub detail: Option<String>,
}

/// Which records are wanted; all of what is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Done by this person, or to them.
    pub person: Option<PersonId>,
    /// Of this kind.
    pub action: Option<Action>,
    /// Not before.
    pub from: Option<Millis>,
    /// Before.
    pub until: Option<Millis>,
    /// Of a kind that belongs to this.
    pub group: Option<Group>,
}

impl AuditEntry {
    /// Whom it concerns besides its subject: the detail of an assignment.
    #[must_use]
    pub fn second(&self) -> Option<PersonId> {
        let named = matches!(self.action, Action::Assigned | Action::Unassigned);
        self.detail.as_ref().filter(|_| named)?.parse().ok()
    }

    /// Everyone it names.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        let subject = match self.subject {
            Subject::Person(person) => Some(person),
            Subject::Nothing | Subject::Conversation(_) | Subject::Practice => None,
        };
        self.actor.into_iter().chain(subject).chain(self.second())
    }
}

impl AuditFilter {
    /// Whether a record is wanted.
    #[must_use]
    pub fn wants(&self, entry: &AuditEntry) -> bool {
        let concerns = |person| entry.people().any(|named| named == person);
        self.person.is_none_or(concerns)
            && self.action.is_none_or(|action| entry.action == action)
            && self.group.is_none_or(|group| entry.action.group() == group)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.until.is_none_or(|until| entry.at < until)
    }
}

/// A page of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Newest first, at most [`limits::AUDIT_ROWS`]. Can be fewer, or none, with more to come:
    /// one request looks at a bounded part of the log.
    pub entries: Vec<AuditEntry>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<u64>,
    /// Those the records name, each once, as far as they are known still.
    pub people: Vec<PersonCard>,
}

/// That somebody saw what is written in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// When.
    pub at: Millis,
    /// Who; `None`: the operator.
    pub person: Option<PersonId>,
    /// How.
    pub action: Action,
}

/// A page of the accesses to a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// Newest first, at most [`limits::ACCESS_ROWS`].
    pub accesses: Vec<Access>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<u64>,
    /// Those the accesses name, each once, as far as they are known still.
    pub people: Vec<PersonCard>,
}

/// A detail that is made of [`WORDS`]; `None` without any.
#[must_use]
pub fn words(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| detail(&words.join(", ")))
}

/// A detail as it is recorded: cut after [`limits::AUDIT_DETAIL_SCALARS`].
#[must_use]
pub fn detail(text: &str) -> String {
    text.chars().take(limits::AUDIT_DETAIL_SCALARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_by_its_name_and_by_no_other() {
        for action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(*action));
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(action.name().chars().all(plain), "{action:?}");
        }
        assert_eq!(Action::named("SignedIn"), None);
    }

    #[test]
    fn a_filter_wants_what_all_of_it_holds_for() {
        let [ana, ben] = [1, 2].map(|n| PersonId::from_random([n; 16]));
        let entry = AuditEntry {
            sequence: 1,
            at: Millis(10),
            actor: Some(ana),
            address: None,
            action: Action::PersonChanged,
            subject: Subject::Person(ben),
            detail: None,
        };
        let all = AuditFilter::default();
        let wants = |filter: AuditFilter| filter.wants(&entry);
        assert!(wants(all));
        assert!(wants(AuditFilter { person: Some(ana), ..all }));
        assert!(wants(AuditFilter { person: Some(ben), ..all }));
        assert!(!wants(AuditFilter { person: Some(PersonId::from_random([3; 16])), ..all }));
        assert!(!wants(AuditFilter { action: Some(Action::SignedIn), ..all }));
        assert!(wants(AuditFilter { group: Some(Group::People), ..all }));
        assert!(!wants(AuditFilter { group: Some(Group::SignIns), ..all }));
        assert!(wants(AuditFilter { from: Some(Millis(10)), until: Some(Millis(11)), ..all }));
        assert!(!wants(AuditFilter { until: Some(Millis(10)), ..all }));
        assert!(!wants(AuditFilter { person: Some(ana), from: Some(Millis(11)), ..all }));
    }

    #[test]
    fn an_assignment_concerns_the_client_and_the_provider() {
        let [ana, ben, cleo] = [1, 2, 3].map(|n| PersonId::from_random([n; 16]));
        let entry = |action| AuditEntry {
            sequence: 1,
            at: Millis(10),
            actor: Some(ana),
            address: None,
            action,
            subject: Subject::Person(ben),
            detail: Some(cleo.to_string()),
        };
        let of_cleo = AuditFilter { person: Some(cleo), ..AuditFilter::default() };
        assert!(of_cleo.wants(&entry(Action::Assigned)));
        assert!(!of_cleo.wants(&entry(Action::EmergencyListed)), "a reason is no name");
        assert!(entry(Action::Unassigned).people().eq([ana, ben, cleo]));
    }

    #[test]
    fn every_group_is_found_by_its_name_and_is_of_some_action() {
        for group in Group::ALL {
            assert_eq!(Group::named(group.name()), Some(group));
            assert!(Action::ALL.iter().any(|action| action.group() == group), "{group:?}");
        }
        assert_eq!(Group::named(""), None);
    }

    #[test]
    fn a_detail_is_cut_between_scalars() {
        assert_eq!(detail(&"é".repeat(300)), "é".repeat(200));
    }
}
