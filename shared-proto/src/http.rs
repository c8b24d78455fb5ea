//! The few exchanges that are plain HTTP requests: everything before there is a session. Bodies
//! are postcard under [`CONTENT_TYPE`]; every answer is a `Result<_, Refusal>` in the same form.

use serde::{Deserialize, Serialize};

use crate::people::PersonCard;
use crate::practice::{Policies, Settings};

/// Content type of every body. Not one a cross-site form can send (Fetch standard: it forces a
/// preflight, which is never granted).
pub const CONTENT_TYPE: &str = "application/vnd.quietroom.v1";

/// `GET`: who is signed in. Answers [`Session`].
pub const SESSION: &str = "/api/session";
/// `POST` [`SignIn`]: answers [`PersonCard`] and sets the session cookie.
pub const SIGN_IN: &str = "/api/sign-in";
/// `POST`, empty body: answers `()`, ends the session and closes its sockets.
pub const SIGN_OUT: &str = "/api/sign-out";
/// `POST` [`SetUp`]: answers [`PersonCard`]: the owner, signed in.
pub const SET_UP: &str = "/api/set-up";
/// `POST`, empty body: locks the session until the password is entered. Answers `()`.
pub const LOCK: &str = "/api/lock";
/// `POST` [`Unlock`]: goes on with a locked session under a new token. Answers [`PersonCard`].
pub const UNLOCK: &str = "/api/unlock";
/// `GET`, upgraded to a WebSocket with [`crate::limits::SUBPROTOCOL`].
pub const LIVE: &str = "/api/live";

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
    /// `GET` [`LIVE`].
    Live,
    /// `GET` [`HEALTHZ`].
    Healthz,
    /// `GET` [`READYZ`].
    Readyz,
}

impl Route {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Session,
        Self::SignIn,
        Self::SignOut,
        Self::SetUp,
        Self::Lock,
        Self::Unlock,
        Self::Live,
        Self::Healthz,
        Self::Readyz,
    ];

    /// Its address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Session => SESSION,
            Self::SignIn => SIGN_IN,
            Self::SignOut => SIGN_OUT,
            Self::SetUp => SET_UP,
            Self::Lock => LOCK,
            Self::Unlock => UNLOCK,
            Self::Live => LIVE,
            Self::Healthz => HEALTHZ,
            Self::Readyz => READYZ,
        }
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
