//! What may be done that is recorded.

use serde::{Deserialize, Serialize};

use super::Group;

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
    /// Somebody agreed to notices; the detail says to which and how.
    ConsentGiven => "consent-given",
    /// Somebody withdrew that; the detail says of which and how.
    ConsentWithdrawn => "consent-withdrawn",
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
            | Self::ConsentGiven
            | Self::ConsentWithdrawn
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
}
