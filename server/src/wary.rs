//! Says in the log that somebody tried to get round a control (ASVS 16.3.2, 16.3.3). Somebody who is
//! not signed in is not named: an address or an email is a person's. Of somebody who is, their id
//! and the rule are said, and never what they asked for. How often is in the metrics; here a few
//! lines a minute are enough, so that nobody can fill a disk with them.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared_proto::id::PersonId;
use shared_proto::refusal::Refusal;

/// Lines a minute about one kind of try, by nobody or by one person.
const LINES: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");
/// Kinds and people remembered before those of whom nothing was said lately are forgotten.
const REMEMBERED: usize = 1_024;

/// A try to get round a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// More guesses, or more letters, than an account or an address is allowed.
    TooManyTries,
    /// A page of another origin asked for a socket.
    ForeignOrigin,
    /// Somebody came past the proxy that ends TLS.
    PastTheProxy,
    /// The body of a plain request is nothing this server reads.
    Malformed,
}

/// What somebody who is signed in did that no page of ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Deed {
    /// They asked for what a rule keeps from them; its name.
    Refused(&'static str),
    /// They sent what is no frame; why the socket ended.
    Malformed(&'static str),
}

static SAID: LazyLock<DefaultKeyedRateLimiter<Attempt>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(LINES)));
static DONE: LazyLock<DefaultKeyedRateLimiter<(Deed, PersonId)>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(LINES)));

/// Logs a request that was refused, when it was for what a rule keeps from this person, unless
/// enough was said about them and the rule this minute.
pub fn refused(refusal: &Refusal, socket: u64, person: PersonId) {
    if keeps_away(refusal) && is_news(Deed::Refused(refusal.rule()), person) {
        let rule = refusal.rule();
        tracing::warn!(security = "refused", rule, socket, %person, "a request was refused");
    }
}

/// Logs that a socket was ended for what it sent, unless enough was said about its person this
/// minute.
pub fn malformed(reason: &'static str, socket: u64, person: PersonId) {
    if is_news(Deed::Malformed(reason), person) {
        tracing::warn!(security = "malformed", reason, socket, %person, "what came is no frame");
    }
}

fn is_news(deed: Deed, person: PersonId) -> bool {
    if DONE.len() > REMEMBERED {
        DONE.retain_recent();
    }
    DONE.check_key(&(deed, person)).is_ok()
}

/// Whether a refusal says that this person may not, rather than that what they gave or when they
/// gave it was wrong. `NotFound` is what they are told of everything that is not theirs. No arm for
/// everything else: a new refusal is to be thought about.
const fn keeps_away(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::NotFound
        | Refusal::ClientCannotStart
        | Refusal::NotAuthor
        | Refusal::OwnerOnly
        | Refusal::ProviderOnly
        | Refusal::PortalOff
        | Refusal::NotAssigned
        | Refusal::ProviderFirst
        | Refusal::SessionsOnly
        | Refusal::OtherDivision
        | Refusal::Suspended
        | Refusal::Locked
        | Refusal::ReadOnly
        | Refusal::SecondFactorRequired
        | Refusal::SignInRequired
        | Refusal::HostOnly
        | Refusal::NoMember => true,
        Refusal::WrongCredentials
        | Refusal::TooManyTries { .. }
        | Refusal::Invalid { .. }
        | Refusal::AlreadyWithdrawn
        | Refusal::NotAMessage
        | Refusal::TooFast { .. }
        | Refusal::Busy
        | Refusal::StorageFull
        | Refusal::Unavailable
        | Refusal::Stopping
        | Refusal::SetUpLink
        | Refusal::TooFarBehind
        | Refusal::LastOwner
        | Refusal::NoAccount
        | Refusal::HasAccount
        | Refusal::NoEmail
        | Refusal::Outdated
        | Refusal::WrongCode
        | Refusal::StepExpired
        | Refusal::Link
        | Refusal::SecondStep(_)
        | Refusal::LastFactor
        | Refusal::CodeExpired
        | Refusal::NotStarted { .. }
        | Refusal::Ended
        | Refusal::NotASession
        | Refusal::Started
        | Refusal::HostStays
        | Refusal::LastParticipant
        | Refusal::NotForAll
        | Refusal::Submitted
        | Refusal::Retired
        | Refusal::FileStays
        | Refusal::NotWhole
        | Refusal::NoNotice(_)
        | Refusal::NotSent
        | Refusal::WrongMobileCode
        | Refusal::MobileCodeOver => false,
    }
}

/// Logs a try, unless enough was said about its kind this minute.
pub fn tell(attempt: Attempt) {
    if SAID.check_key(&attempt).is_err() {
        return;
    }
    match attempt {
        Attempt::TooManyTries => {
            tracing::warn!(security = "too-many-tries", "a bound on tries was reached");
        }
        Attempt::ForeignOrigin => {
            tracing::warn!(security = "foreign-origin", "a page of another origin was refused");
        }
        Attempt::PastTheProxy => {
            tracing::warn!(security = "past-the-proxy", "a request past the proxy was refused");
        }
        Attempt::Malformed => {
            tracing::warn!(security = "malformed", "a body was nothing this server reads");
        }
    }
}
