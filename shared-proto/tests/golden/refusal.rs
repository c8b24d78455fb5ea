//! Why something was not done.

use crate::AT;
use shared_proto::factors::SecondSteps;
use shared_proto::notice::rule::Why;
use shared_proto::refusal::{Field, Refusal, Rule};

use crate::check;

golden! {
    refusals_keep_their_bytes: Refusal {
        Refusal::SignInRequired => { Refusal::SignInRequired => "00" }
        Refusal::WrongCredentials => { Refusal::WrongCredentials => "01" }
        Refusal::TooManyTries { .. } => {
            Refusal::TooManyTries { retry_after_s: 300 } => "02 ac 02",
        }
        Refusal::NotFound => { Refusal::NotFound => "03" }
        Refusal::Invalid { .. } => { Refusal::invalid(Field::Email, Rule::Taken) => "04 03 08" }
        Refusal::ClientCannotStart => { Refusal::ClientCannotStart => "05" }
        Refusal::NotAuthor => { Refusal::NotAuthor => "06" }
        Refusal::AlreadyWithdrawn => { Refusal::AlreadyWithdrawn => "07" }
        Refusal::NotAMessage => { Refusal::NotAMessage => "08" }
        Refusal::TooFast { .. } => { Refusal::TooFast { retry_after_ms: 300 } => "09 ac 02" }
        Refusal::Busy => { Refusal::Busy => "0a" }
        Refusal::StorageFull => { Refusal::StorageFull => "0b" }
        Refusal::Unavailable => { Refusal::Unavailable => "0c" }
        Refusal::Stopping => { Refusal::Stopping => "0d" }
        Refusal::SetUpLink => { Refusal::SetUpLink => "0e" }
        Refusal::TooFarBehind => { Refusal::TooFarBehind => "0f" }
        Refusal::OwnerOnly => { Refusal::OwnerOnly => "10" }
        Refusal::ProviderOnly => { Refusal::ProviderOnly => "11" }
        Refusal::LastOwner => { Refusal::LastOwner => "12" }
        Refusal::PortalOff => { Refusal::PortalOff => "13" }
        Refusal::NotAssigned => { Refusal::NotAssigned => "14" }
        Refusal::ProviderFirst => { Refusal::ProviderFirst => "15" }
        Refusal::SessionsOnly => { Refusal::SessionsOnly => "16" }
        Refusal::OtherDivision => { Refusal::OtherDivision => "17" }
        Refusal::NoAccount => { Refusal::NoAccount => "18" }
        Refusal::HasAccount => { Refusal::HasAccount => "19" }
        Refusal::NoEmail => { Refusal::NoEmail => "1a" }
        Refusal::Suspended => { Refusal::Suspended => "1b" }
        Refusal::Locked => { Refusal::Locked => "1c" }
        Refusal::ReadOnly => { Refusal::ReadOnly => "1d" }
        Refusal::Outdated => { Refusal::Outdated => "1e" }
        Refusal::WrongCode => { Refusal::WrongCode => "1f" }
        Refusal::StepExpired => { Refusal::StepExpired => "20" }
        Refusal::Link => { Refusal::Link => "21" }
        Refusal::SecondStep(_) => {
            Refusal::SecondStep(SecondSteps { totp: true, passkey: false, recovery: true }) =>
                "22 01 00 01",
        }
        Refusal::SecondFactorRequired => { Refusal::SecondFactorRequired => "23" }
        Refusal::LastFactor => { Refusal::LastFactor => "24" }
        Refusal::CodeExpired => { Refusal::CodeExpired => "25" }
        Refusal::NotStarted { .. } => { Refusal::NotStarted { starts_at: AT } => "26 ac 02" }
        Refusal::Ended => { Refusal::Ended => "27" }
        Refusal::HostOnly => { Refusal::HostOnly => "28" }
        Refusal::NotASession => { Refusal::NotASession => "29" }
        Refusal::Started => { Refusal::Started => "2a" }
        Refusal::HostStays => { Refusal::HostStays => "2b" }
        Refusal::LastParticipant => { Refusal::LastParticipant => "2c" }
        Refusal::NoMember => { Refusal::NoMember => "2d" }
        Refusal::NotForAll => { Refusal::NotForAll => "2e" }
        Refusal::Submitted => { Refusal::Submitted => "2f" }
        Refusal::Retired => { Refusal::Retired => "30" }
        Refusal::FileStays => { Refusal::FileStays => "31" }
        Refusal::NotWhole => { Refusal::NotWhole => "32" }
        Refusal::NoNotice(_) => { Refusal::NoNotice(Why::Consent) => "33 05" }
        Refusal::NotSent => { Refusal::NotSent => "34" }
        Refusal::WrongMobileCode => { Refusal::WrongMobileCode => "35" }
        Refusal::MobileCodeOver => { Refusal::MobileCodeOver => "36" }
    }

    rules_keep_their_bytes: Rule {
        Rule::Empty => { Rule::Empty => "00" }
        Rule::TooLong { .. } => { Rule::TooLong { limit: 8_000 } => "01 c0 3e" }
        Rule::TooShort { .. } => { Rule::TooShort { limit: 15 } => "02 0f" }
        Rule::TooMany { .. } => { Rule::TooMany { limit: 25 } => "03 19" }
        Rule::Malformed => { Rule::Malformed => "04" }
        Rule::Duplicate => { Rule::Duplicate => "05" }
        Rule::Unknown => { Rule::Unknown => "06" }
        Rule::Common => { Rule::Common => "07" }
        Rule::Taken => { Rule::Taken => "08" }
        Rule::InUse => { Rule::InUse => "09" }
        Rule::Wrong => { Rule::Wrong => "0a" }
        Rule::Past => { Rule::Past => "0b" }
        Rule::TooFar => { Rule::TooFar => "0c" }
        Rule::NotAccepted => { Rule::NotAccepted => "0d" }
        Rule::Differs => { Rule::Differs => "0e" }
        Rule::TooLarge { .. } => { Rule::TooLarge { limit: 300 } => "0f ac 02" }
        Rule::QuotaUsed { .. } => { Rule::QuotaUsed { limit: 301 } => "10 ad 02" }
    }

    fields_keep_their_bytes: Field {
        Field::Text => { Field::Text => "00" }
        Field::Participants => { Field::Participants => "01" }
        Field::Name => { Field::Name => "02" }
        Field::Email => { Field::Email => "03" }
        Field::Password => { Field::Password => "04" }
        Field::Practice => { Field::Practice => "05" }
        Field::Query => { Field::Query => "06" }
        Field::Conversations => { Field::Conversations => "07" }
        Field::Phone => { Field::Phone => "08" }
        Field::ChartNumber => { Field::ChartNumber => "09" }
        Field::Division => { Field::Division => "0a" }
        Field::Detail => { Field::Detail => "0b" }
        Field::TimeZone => { Field::TimeZone => "0c" }
        Field::Language => { Field::Language => "0d" }
        Field::Currency => { Field::Currency => "0e" }
        Field::Announcement => { Field::Announcement => "0f" }
        Field::IdleMinutes => { Field::IdleMinutes => "10" }
        Field::SessionHours => { Field::SessionHours => "11" }
        Field::Reason => { Field::Reason => "12" }
        Field::PasskeyName => { Field::PasskeyName => "13" }
        Field::Code => { Field::Code => "14" }
        Field::CurrentPassword => { Field::CurrentPassword => "15" }
        Field::StartsAt => { Field::StartsAt => "16" }
        Field::SendAt => { Field::SendAt => "17" }
        Field::Memberships => { Field::Memberships => "18" }
        Field::File => { Field::File => "19" }
        Field::Host => { Field::Host => "1a" }
        Field::Form => { Field::Form => "1b" }
        Field::Recipients => { Field::Recipients => "1c" }
        Field::Hours => { Field::Hours => "1d" }
        Field::Leave => { Field::Leave => "1e" }
        Field::Holidays => { Field::Holidays => "1f" }
        Field::AwayReply => { Field::AwayReply => "20" }
        Field::Greeting => { Field::Greeting => "21" }
        Field::ReplyTitle => { Field::ReplyTitle => "22" }
        Field::ReplyText => { Field::ReplyText => "23" }
        Field::Replies => { Field::Replies => "24" }
        Field::QuietHours => { Field::QuietHours => "25" }
        Field::Reminder => { Field::Reminder => "26" }
        Field::Sender => { Field::Sender => "27" }
        Field::PushDevice => { Field::PushDevice => "28" }
    }
}
