//! Why something was not done, typed: which rule, and what the person can do about it. The words
//! are the client's, in the person's language (`assets/locales`, message `refusal-<rule>`).

use serde::{Deserialize, Serialize};

use crate::factors::SecondSteps;
use crate::notice::rule::Why;
use crate::time::Millis;

/// What a refused input was typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// The text of a message.
    Text,
    /// The people of a new conversation.
    Participants,
    /// A person's name.
    Name,
    /// An email address.
    Email,
    /// A password.
    Password,
    /// The name of the practice.
    Practice,
    /// The words of a search.
    Query,
    /// The list of conversations in a request.
    Conversations,
    /// A telephone number.
    Phone,
    /// The number of a client's chart.
    ChartNumber,
    /// A division of the practice.
    Division,
    /// A detail in a client's chart.
    Detail,
    /// A time zone.
    TimeZone,
    /// A language.
    Language,
    /// A currency.
    Currency,
    /// The announcement new conversations begin with.
    Announcement,
    /// Minutes without activity before a screen is locked.
    IdleMinutes,
    /// Hours after which somebody signs in again.
    SessionHours,
    /// Why somebody does something out of the ordinary.
    Reason,
    /// What a passkey is called.
    PasskeyName,
    /// A code of an authenticator app, or a recovery code.
    Code,
    /// The password somebody has now.
    CurrentPassword,
    /// When a session starts.
    StartsAt,
    /// When a message is to be sent.
    SendAt,
    /// Those who ever took part in a conversation.
    Memberships,
    /// A file, or what it is called.
    File,
    /// Who leads a conversation.
    Host,
    /// A form, or the answers to one.
    Form,
    /// Those a file is shown to.
    Recipients,
    /// Hours in which somebody answers.
    Hours,
    /// Days on which a provider is away.
    Leave,
    /// Days on which nobody of the practice answers.
    Holidays,
    /// What clients are answered who write outside of somebody's hours.
    AwayReply,
    /// What somebody may begin a conversation with.
    Greeting,
    /// What a saved reply is found by.
    ReplyTitle,
    /// What a saved reply says.
    ReplyText,
    /// The saved replies there are.
    Replies,
    /// Hours in which somebody is told nothing.
    QuietHours,
    /// After how long somebody is told once more.
    Reminder,
    /// What notices are sent as.
    Sender,
    /// A browser that may be pushed to.
    PushDevice,
}

/// The rule an input broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// Nothing was entered.
    Empty,
    /// Above the limit, given in the unit the field is counted in.
    TooLong {
        /// The most that is accepted.
        limit: u32,
    },
    /// Below the limit, given in the unit the field is counted in.
    TooShort {
        /// The least that is accepted.
        limit: u32,
    },
    /// More items than accepted.
    TooMany {
        /// The most that is accepted.
        limit: u32,
    },
    /// Not of the expected form.
    Malformed,
    /// Somebody stands in it twice, or is there already.
    Duplicate,
    /// Nobody by that id can be picked.
    Unknown,
    /// Too easily guessed.
    Common,
    /// Somebody else has it.
    Taken,
    /// Something still depends on it.
    InUse,
    /// Not the right one.
    Wrong,
    /// Earlier than it may be.
    Past,
    /// Later than it may be.
    TooFar,
    /// Of a kind that is not taken here.
    NotAccepted,
    /// Its contents are not what its name says.
    Differs,
    /// Larger than accepted.
    TooLarge {
        /// The most that is accepted, in megabytes of 1,048,576 bytes.
        limit: u32,
    },
    /// With it somebody would keep more than their share.
    QuotaUsed {
        /// Their share, in megabytes of 1,048,576 bytes.
        limit: u32,
    },
}

/// Why a request was refused. The same request again is refused again unless the person or time
/// changes something, as each variant says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// Nobody is signed in, or the session has ended: sign in.
    SignInRequired,
    /// Email and password do not belong together: try again, or ask for a new password.
    WrongCredentials,
    /// Too many wrong passwords: wait.
    TooManyTries {
        /// Seconds until the next try counts.
        retry_after_s: u32,
    },
    /// Not there, or not for this person: both answer the same.
    NotFound,
    /// An input broke a rule: change it.
    Invalid {
        /// Which input.
        field: Field,
        /// Which rule.
        rule: Rule,
    },
    /// A client cannot start a conversation here: ask the provider.
    ClientCannotStart,
    /// Only the author may withdraw a message.
    NotAuthor,
    /// It has been withdrawn already.
    AlreadyWithdrawn,
    /// Only a message can be withdrawn.
    NotAMessage,
    /// Faster than one person may send: wait and send again.
    TooFast {
        /// Milliseconds until there is room again.
        retry_after_ms: u32,
    },
    /// The room or the server has more to do than it can take: send again.
    Busy,
    /// The disk is nearly full: nothing can be written until there is space; reading goes on.
    StorageFull,
    /// The store failed; the operator has been told by the log and `/readyz`.
    Unavailable,
    /// The server is stopping; the client reconnects and sends again.
    Stopping,
    /// The set-up link is wrong, used, or no longer needed.
    SetUpLink,
    /// So much has been written since the message was first tried that the server does not look
    /// through it for the message: resume, see whether it is there, and if not send it anew.
    TooFarBehind,
    /// Only an owner may do this: ask one.
    OwnerOnly,
    /// Only providers may do this.
    ProviderOnly,
    /// The practice would be left without an owner: make somebody else one first.
    LastOwner,
    /// Portal access of the client is switched off: their provider can switch it on.
    PortalOff,
    /// A client starts conversations only with providers they are assigned to.
    NotAssigned,
    /// In this practice a client writes once a provider has.
    ProviderFirst,
    /// In this practice clients write in sessions only.
    SessionsOnly,
    /// The other is a provider of another division.
    OtherDivision,
    /// The client has no account yet: invite them first.
    NoAccount,
    /// They have an account already: they change this themselves.
    HasAccount,
    /// Without an email address nobody can be invited: enter one.
    NoEmail,
    /// They are suspended: an owner can give their access back.
    Suspended,
    /// The screen is locked: enter the password.
    Locked,
    /// Emergency access reads and changes nothing.
    ReadOnly,
    /// Somebody else changed it meanwhile: look again, then change it.
    Outdated,
    /// The code or passkey is not the right one: try again.
    WrongCode,
    /// The second step took too long: sign in again.
    StepExpired,
    /// A link from a letter is wrong, used or too old, or what it was for is not possible any
    /// more. Never which: ask for a new one.
    Link,
    /// The password was right, and more is needed: take the second step.
    SecondStep(SecondSteps),
    /// In this practice somebody in this role signs in with a second step: set one up first.
    SecondFactorRequired,
    /// It is the last second step of somebody who needs one: set up another first.
    LastFactor,
    /// It is a code of their app, of half a minute earlier or later: enter the one it shows now, and
    /// see to the app's clock.
    CodeExpired,
    /// The session has not begun: nobody writes before.
    NotStarted {
        /// When it does.
        starts_at: Millis,
    },
    /// The session is over, for good: it can be read.
    Ended,
    /// Only the host may do this.
    HostOnly,
    /// It goes on without an end: only a session is set for a time, and completed.
    NotASession,
    /// The session has begun: it can be completed.
    Started,
    /// The host stays: they may complete the session.
    HostStays,
    /// Nobody would be left to write to.
    LastParticipant,
    /// They took part, and do not any more: what they could read stays.
    NoMember,
    /// Only what everyone in the conversation may see can be answered to all.
    NotForAll,
    /// The answers have been submitted: they can be read, and not changed.
    Submitted,
    /// The form is no longer offered for assigning: choose another, or offer it again.
    Retired,
    /// A file that was shared stays: nobody takes it back (O23).
    FileStays,
    /// Not all of the file has arrived: send the rest.
    NotWhole,
    /// No notice goes this way to this person now, and why.
    NoNotice(Why),
    /// A notice could not be sent: the operator is told why.
    NotSent,
    /// Not the code that was sent to the mobile number: enter that of the newest message.
    WrongMobileCode,
    /// No code that was sent is good now, for it is used, too old, or was entered wrong too often:
    /// send another.
    MobileCodeOver,
}

impl Refusal {
    /// The rule's stable name: metrics label and Fluent message id. Holds nothing personal.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::SignInRequired => "sign-in-required",
            Self::WrongCredentials => "wrong-credentials",
            Self::TooManyTries { .. } => "too-many-tries",
            Self::NotFound => "not-found",
            Self::Invalid { rule, .. } => match rule {
                Rule::Empty => "empty",
                Rule::TooLong { .. } => "too-long",
                Rule::TooShort { .. } => "too-short",
                Rule::TooMany { .. } => "too-many",
                Rule::Malformed => "malformed",
                Rule::Duplicate => "duplicate",
                Rule::Unknown => "unknown",
                Rule::Common => "common",
                Rule::Taken => "taken",
                Rule::InUse => "in-use",
                Rule::Wrong => "wrong",
                Rule::Past => "past",
                Rule::TooFar => "too-far",
                Rule::NotAccepted => "not-accepted",
                Rule::Differs => "differs",
                Rule::TooLarge { .. } => "too-large",
                Rule::QuotaUsed { .. } => "quota-used",
            },
            Self::ClientCannotStart => "client-cannot-start",
            Self::NotAuthor => "not-author",
            Self::AlreadyWithdrawn => "already-withdrawn",
            Self::NotAMessage => "not-a-message",
            Self::TooFast { .. } => "too-fast",
            Self::Busy => "busy",
            Self::StorageFull => "storage-full",
            Self::Unavailable => "unavailable",
            Self::Stopping => "stopping",
            Self::SetUpLink => "set-up-link",
            Self::TooFarBehind => "too-far-behind",
            Self::OwnerOnly => "owner-only",
            Self::ProviderOnly => "provider-only",
            Self::LastOwner => "last-owner",
            Self::PortalOff => "portal-off",
            Self::NotAssigned => "not-assigned",
            Self::ProviderFirst => "provider-first",
            Self::SessionsOnly => "sessions-only",
            Self::OtherDivision => "other-division",
            Self::NoAccount => "no-account",
            Self::HasAccount => "has-account",
            Self::NoEmail => "no-email",
            Self::Suspended => "suspended",
            Self::Locked => "locked",
            Self::ReadOnly => "read-only",
            Self::Outdated => "outdated",
            Self::WrongCode => "wrong-code",
            Self::StepExpired => "step-expired",
            Self::Link => "link",
            Self::SecondStep(_) => "second-step",
            Self::SecondFactorRequired => "second-factor-required",
            Self::LastFactor => "last-factor",
            Self::CodeExpired => "code-expired",
            Self::NotStarted { .. } => "not-started",
            Self::Ended => "ended",
            Self::HostOnly => "host-only",
            Self::NotASession => "not-a-session",
            Self::Started => "started",
            Self::HostStays => "host-stays",
            Self::LastParticipant => "last-participant",
            Self::NoMember => "no-member",
            Self::NotForAll => "not-for-all",
            Self::Submitted => "submitted",
            Self::Retired => "retired",
            Self::FileStays => "file-stays",
            Self::NotWhole => "not-whole",
            Self::NoNotice(_) => "no-notice",
            Self::NotSent => "not-sent",
            Self::WrongMobileCode => "wrong-mobile-code",
            Self::MobileCodeOver => "mobile-code-over",
        }
    }

    /// Whether the same request may succeed later without the person changing anything, so that a
    /// client keeps it in its outbox.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::TooFast { .. }
                | Self::Busy
                | Self::Stopping
                | Self::StorageFull
                | Self::Unavailable
        )
    }

    /// A broken rule of one input.
    #[must_use]
    pub const fn invalid(field: Field, rule: Rule) -> Self {
        Self::Invalid { field, rule }
    }
}
