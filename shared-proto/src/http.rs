//! The few exchanges that are plain HTTP requests: everything before there is a session. Bodies
//! are postcard under [`CONTENT_TYPE`]; every answer is a `Result<_, Refusal>` in the same form.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, FileId};
use crate::people::PersonCard;
use crate::practice::{Policies, Settings};

/// Content type of every body. Not one a cross-site form can send (Fetch standard: it forces a
/// preflight, which is never granted).
pub const CONTENT_TYPE: &str = "application/vnd.quietroom.v1";

/// `GET`: who is signed in. Answers [`Session`].
pub const SESSION: &str = "/api/session";
/// `POST` [`SignIn`]: answers [`PersonCard`] and sets the session cookie. Whoever has a second
/// factor is refused with `SecondStep`, and goes on at [`SECOND_STEP`].
pub const SIGN_IN: &str = "/api/sign-in";
/// `POST`, empty body: answers `()`, ends the session and closes its sockets.
pub const SIGN_OUT: &str = "/api/sign-out";
/// `POST` [`SetUp`]: answers [`PersonCard`]: the owner, signed in.
pub const SET_UP: &str = "/api/set-up";
/// `POST`, empty body: locks the session until the password is entered. Answers `()`.
pub const LOCK: &str = "/api/lock";
/// `POST` [`Unlock`]: goes on with a locked session under a new token. Answers [`PersonCard`].
pub const UNLOCK: &str = "/api/unlock";
/// `POST` [`Link`]: what a link from a letter is for. Spends nothing. Answers [`Linked`].
pub const LINK: &str = "/api/link";
/// `POST` [`Accept`]: accepts an invitation. Answers [`PersonCard`]: they are signed in.
pub const ACCEPT: &str = "/api/accept";
/// `POST` [`Forgotten`]: asks for a link to a new password. Answers `()`, whoever it is asked for.
pub const FORGOTTEN: &str = "/api/forgotten";
/// `POST` [`NewPassword`]: a new password by a link; every session of theirs ends. Answers `()`.
pub const NEW_PASSWORD: &str = "/api/new-password";
/// `POST` [`Link`]: confirms another email. Answers [`Confirmed`].
pub const CONFIRM_EMAIL: &str = "/api/confirm-email";
/// `POST` [`ChangePassword`]: every other session ends, this one goes on under a new token.
/// Answers `()`.
pub const PASSWORD: &str = "/api/password";
/// `POST` [`Weigh`]: how good a new password is. Answers [`crate::strength::Verdict`].
pub const STRENGTH: &str = "/api/strength";
/// `POST` [`crate::factors::SecondStep`]: the second step after a sign-in that was refused with
/// `Refusal::SecondStep`; which, says a cookie. Answers [`PersonCard`] and sets the session cookie.
pub const SECOND_STEP: &str = "/api/sign-in/second-step";
/// `POST`, empty body: what the browser needs to ask for a passkey in the second step. Answers
/// JSON for `PublicKeyCredential.parseRequestOptionsFromJSON`.
pub const SECOND_STEP_PASSKEY: &str = "/api/sign-in/passkey";
/// `GET`, upgraded to a WebSocket with [`crate::limits::SUBPROTOCOL`].
pub const LIVE: &str = "/api/live";

/// A file of a conversation: see [`file`]. `PUT`: the rest of its contents from
/// [`UPLOAD_OFFSET`] on, under [`UPLOAD_TYPE`]. Answers `()` once all of it is kept; `Outdated` when
/// something else is kept of it: ask [`crate::file::ask::Ask::Begin`] where to go on. `GET`: its
/// contents, to be saved, in ranges too.
pub const FILE: &str = "/api/conversations/{conversation}/files/{file}";
/// `GET`: the same, to be shown where nothing in it runs; see [`file_preview`].
pub const FILE_PREVIEW: &str = "/api/conversations/{conversation}/files/{file}/preview";
/// The header that says from which byte on, in decimal digits, an upload goes on.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Content type of every upload: what is in it, its name has said.
pub const UPLOAD_TYPE: &str = "application/octet-stream";

/// Where the contents of a file go and come from.
#[must_use]
pub fn file(conversation: ConversationId, file: FileId) -> String {
    format!("/api/conversations/{conversation}/files/{file}")
}

/// Where a file is shown.
#[must_use]
pub fn file_preview(conversation: ConversationId, file: FileId) -> String {
    format!("/api/conversations/{conversation}/files/{file}/preview")
}

/// `GET`: the record of a conversation, as a table.
pub const RECORD_CSV: &str = "/api/conversations/{conversation}/record.csv";
/// `GET`: the same, to be printed.
pub const RECORD_HTML: &str = "/api/conversations/{conversation}/record.html";
/// `GET`: the same, as a FHIR R4 Bundle.
pub const RECORD_FHIR: &str = "/api/conversations/{conversation}/record.fhir.json";
/// `GET`: all of it, in a bundle that can be checked.
pub const RECORD_ZIP: &str = "/api/conversations/{conversation}/record.zip";

/// `GET` and `POST`: what a mail program, or who presses it there, turns emails off with, by the token
/// `t` of the query (RFC 8058).
pub const UNSUBSCRIBE: &str = "/api/unsubscribe";
/// `POST`, by the gateway for text messages: what became of one.
pub const SMS_STATUS: &str = "/api/sms/status";
/// What the query of [`SMS_STATUS`] calls the notice it is about, sealed.
pub const SMS_NOTICE: &str = "n";
/// `POST`, by the gateway for text messages: what somebody answered.
pub const SMS_REPLY: &str = "/api/sms/reply";

/// Whether the server runs.
pub const HEALTHZ: &str = "/healthz";
/// Whether it can serve.
pub const READYZ: &str = "/readyz";

/// Every route people reach besides the client's own files. The server's router is built of this
/// list and of nothing else, and the authorization matrix of the tests has an arm for each: a new
/// route without one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `GET` [`SESSION`].
    Session,
    /// `POST` [`SIGN_IN`].
    SignIn,
    /// `POST` [`SIGN_OUT`].
    SignOut,
    /// `POST` [`SET_UP`].
    SetUp,
    /// `POST` [`LOCK`].
    Lock,
    /// `POST` [`UNLOCK`].
    Unlock,
    /// `POST` [`LINK`].
    Link,
    /// `POST` [`ACCEPT`].
    Accept,
    /// `POST` [`FORGOTTEN`].
    Forgotten,
    /// `POST` [`NEW_PASSWORD`].
    NewPassword,
    /// `POST` [`CONFIRM_EMAIL`].
    ConfirmEmail,
    /// `POST` [`PASSWORD`].
    Password,
    /// `POST` [`STRENGTH`].
    Strength,
    /// `POST` [`SECOND_STEP`].
    SecondStep,
    /// `POST` [`SECOND_STEP_PASSKEY`].
    SecondStepPasskey,
    /// `GET` [`LIVE`].
    Live,
    /// `GET` [`HEALTHZ`].
    Healthz,
    /// `GET` [`READYZ`].
    Readyz,
    /// `GET` and `PUT` [`FILE`].
    File,
    /// `GET` [`FILE_PREVIEW`].
    FilePreview,
    /// `GET` [`RECORD_CSV`].
    RecordCsv,
    /// `GET` [`RECORD_HTML`].
    RecordHtml,
    /// `GET` [`RECORD_FHIR`].
    RecordFhir,
    /// `GET` [`RECORD_ZIP`].
    RecordZip,
    /// `GET` and `POST` [`UNSUBSCRIBE`].
    Unsubscribe,
    /// `POST` [`SMS_STATUS`].
    SmsStatus,
    /// `POST` [`SMS_REPLY`].
    SmsReply,
}

impl Route {
    /// All of them.
    pub const ALL: [Self; 27] = [
        Self::Session,
        Self::SignIn,
        Self::SignOut,
        Self::SetUp,
        Self::Lock,
        Self::Unlock,
        Self::Link,
        Self::Accept,
        Self::Forgotten,
        Self::NewPassword,
        Self::ConfirmEmail,
        Self::Password,
        Self::Strength,
        Self::SecondStep,
        Self::SecondStepPasskey,
        Self::Live,
        Self::Healthz,
        Self::Readyz,
        Self::File,
        Self::FilePreview,
        Self::RecordCsv,
        Self::RecordHtml,
        Self::RecordFhir,
        Self::RecordZip,
        Self::Unsubscribe,
        Self::SmsStatus,
        Self::SmsReply,
    ];

    /// Its address; with `{conversation}` where it is one's of a conversation.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Session => SESSION,
            Self::SignIn => SIGN_IN,
            Self::SignOut => SIGN_OUT,
            Self::SetUp => SET_UP,
            Self::Lock => LOCK,
            Self::Unlock => UNLOCK,
            Self::Link => LINK,
            Self::Accept => ACCEPT,
            Self::Forgotten => FORGOTTEN,
            Self::NewPassword => NEW_PASSWORD,
            Self::ConfirmEmail => CONFIRM_EMAIL,
            Self::Password => PASSWORD,
            Self::Strength => STRENGTH,
            Self::SecondStep => SECOND_STEP,
            Self::SecondStepPasskey => SECOND_STEP_PASSKEY,
            Self::Live => LIVE,
            Self::Healthz => HEALTHZ,
            Self::Readyz => READYZ,
            Self::File => FILE,
            Self::FilePreview => FILE_PREVIEW,
            Self::RecordCsv => RECORD_CSV,
            Self::RecordHtml => RECORD_HTML,
            Self::RecordFhir => RECORD_FHIR,
            Self::RecordZip => RECORD_ZIP,
            Self::Unsubscribe => UNSUBSCRIBE,
            Self::SmsStatus => SMS_STATUS,
            Self::SmsReply => SMS_REPLY,
        }
    }

    /// Its address for a conversation, where it has a place for one.
    #[must_use]
    pub fn of_conversation(self, conversation: ConversationId) -> String {
        self.path().replace("{conversation}", &conversation.to_string())
    }
}

/// What a page finds when it loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Session {
    /// The practice has no owner yet: only the one-time link on the server's console goes on.
    SetUpNeeded,
    /// Nobody: show the sign-in.
    SignedOut {
        /// The practice's name, for the page.
        practice: String,
    },
    /// Somebody.
    SignedIn {
        /// The practice's name, for the page.
        practice: String,
        /// Who.
        me: PersonCard,
    },
    /// Somebody whose screen is locked: they enter their password, and go on.
    Locked {
        /// The practice's name, for the page.
        practice: String,
        /// Who.
        me: PersonCard,
    },
    /// Somebody who has to set up a second factor before they do anything else.
    FactorRequired {
        /// The practice's name, for the page.
        practice: String,
        /// Who.
        me: PersonCard,
    },
}

/// The password of a locked session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlock {
    /// As typed.
    pub password: String,
}

/// Email and password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
}

/// First run: names the practice and creates its owner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// From the fragment of the one-time link.
    pub token: String,
    /// The practice's name, 1 to 100 Unicode scalars.
    pub practice: String,
    /// The owner's name, 1 to 100 Unicode scalars.
    pub name: String,
    /// The owner's email.
    pub email: String,
    /// The owner's password.
    pub password: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Language tag (BCP 47) of those who choose none.
    pub language: String,
    /// Currency (ISO 4217).
    pub currency: String,
    /// The names of its divisions, one a line: a list would take many times its bytes to read.
    pub divisions: String,
    /// What new conversations announce; empty for nothing.
    pub announcement: String,
    /// Minutes without activity before a screen is locked.
    pub idle_minutes: u16,
    /// Hours a session lasts at most.
    pub session_hours: u16,
    /// The policies.
    pub policies: Policies,
}

impl SetUp {
    /// The practice's settings, as they were typed.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            name: self.practice.clone(),
            time_zone: self.time_zone.clone(),
            language: self.language.clone(),
            currency: self.currency.clone(),
            announcement: self.announcement.clone(),
            idle_minutes: self.idle_minutes,
            session_hours: self.session_hours,
            policies: self.policies,
            sender: String::new(),
        }
    }
}

impl Default for SetUp {
    /// Nothing typed yet, and the settings a new practice begins with.
    fn default() -> Self {
        let Settings {
            name: practice,
            time_zone,
            language,
            currency,
            announcement,
            idle_minutes,
            session_hours,
            policies,
            sender: _,
        } = Settings::named("");
        Self {
            token: String::new(),
            practice,
            name: String::new(),
            email: String::new(),
            password: String::new(),
            time_zone,
            language,
            currency,
            divisions: String::new(),
            announcement,
            idle_minutes,
            session_hours,
            policies,
        }
    }
}

/// The token of a link from a letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// From the fragment of the link.
    pub token: String,
}

/// What a link from a letter is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Linked {
    /// An invitation.
    Invitation {
        /// The practice's name.
        practice: String,
        /// Who invites.
        inviter: String,
        /// What the practice calls the invited person.
        name: String,
        /// What they will sign in with.
        email: String,
    },
    /// A new password.
    NewPassword {
        /// The practice's name.
        practice: String,
        /// What they sign in with.
        email: String,
        /// Whether they have a second factor, beside which a shorter password is enough.
        has_factor: bool,
    },
    /// Another email.
    Email {
        /// The practice's name.
        practice: String,
        /// What it will be.
        email: String,
    },
}

/// Accepts an invitation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accept {
    /// From the fragment of the link.
    pub token: String,
    /// Their name as they write it, 1 to 100 Unicode scalars.
    pub name: String,
    /// The password they choose.
    pub password: String,
}

/// Asks for a link to a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// As typed.
    pub email: String,
}

/// A new password by a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPassword {
    /// From the fragment of the link.
    pub token: String,
    /// The password they choose.
    pub password: String,
}

/// What confirming another email came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// The other address has to confirm it too.
    Half,
    /// It is the email from now on.
    Changed,
}

/// Another password for somebody who is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The password they have, as typed.
    pub current: String,
    /// The password they choose.
    pub password: String,
}

/// A password on the way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weigh {
    /// As far as it is typed.
    pub password: String,
    /// For whom.
    pub by: Chooser,
}

/// Who chooses a password, so that it is judged by what others know of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chooser {
    /// Somebody who is signed in.
    Session,
    /// Somebody with an invitation, or a link to a new password.
    Link {
        /// From the fragment of the link.
        token: String,
    },
    /// Whoever sets the practice up.
    SetUp {
        /// From the fragment of the link.
        token: String,
        /// The practice's name, as far as it is typed.
        practice: String,
        /// Their name, as far as it is typed.
        name: String,
        /// Their email, as far as it is typed.
        email: String,
    },
}
