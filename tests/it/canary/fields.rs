//! The fields, and what is typed into each.

use shared_proto::account::AccountChange;
use shared_proto::desk;
use shared_proto::factors::FactorAsk;
use shared_proto::file::ask as file;
use shared_proto::form::ask as form;
use shared_proto::notice::ask as notice;
use shared_proto::office::Ask;
use shared_proto::people::PersonChange;
use shared_proto::practice::PracticeChange;
use shared_proto::wire::Request;

/// Whether what is typed into a field can be read again by somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It can.
    Kept,
    /// It cannot: it is not kept, or was replaced by something else.
    Gone,
}
use Then::{Gone, Kept};

/// Every field, what is typed into it, and what becomes of that. Where letters are refused, the
/// word has none; all others hold `canary`.
pub const FIELDS: &[(&str, &str, Then)] = &[
    ("set-up: practice", "canary-first-practice", Gone),
    ("set-up: name", "canary-owner", Kept),
    ("set-up: email", "canary-owner@canary-mail.example", Kept),
    ("set-up: password", "canary-password-of-owner", Gone),
    ("set-up: time zone", "Canary/First_Zone", Gone),
    ("set-up: language", "en-x-canary0", Gone),
    ("set-up: divisions", "canary-first-division", Kept),
    ("set-up: announcement", "canary-first-announcement", Gone),
    ("set-up: a password that is too short", "canary-short", Gone),
    ("sign-in: an email nobody has", "canary-nobody@canary-mail.example", Gone),
    ("sign-in: an email of no form", "canary-no-email", Gone),
    ("sign-in: a wrong password", "canary-wrong-password", Gone),
    ("unlock: a wrong password", "canary-wrong-unlocking", Gone),
    ("practice: name", "canary-practice", Kept),
    ("practice: time zone", "Canary/Practice_Zone", Kept),
    ("practice: language", "en-x-canary1", Kept),
    ("practice: announcement", "canary-announcement", Kept),
    ("practice: what notices are sent as", "canary-sender", Kept),
    ("practice: a division", "canary-division", Gone),
    ("practice: a division's new name", "canary-renamed", Kept),
    ("person: name", "canary-added-client", Gone),
    ("person: email", "canary-added@canary-mail.example", Gone),
    ("person: phone", "+41 79 555 01 71", Gone),
    ("person: chart number", "canary-chart-0", Gone),
    ("contact: name", "canary-contact", Kept),
    ("contact: email", "canary-contact@canary-mail.example", Kept),
    ("contact: phone", "+41 79 555 01 72", Kept),
    ("contact: chart number", "canary-chart-1", Kept),
    ("account: name", "canary-new-name", Kept),
    ("account: mobile", "+41 79 555 01 73", Kept),
    ("account: language", "en-x-canary2", Kept),
    ("account: time zone", "Canary/Own_Zone", Kept),
    ("account: an email not confirmed", "canary-never@canary-mail.example", Gone),
    ("account: a wrong password", "canary-no-email-with-it", Gone),
    ("devices: a wrong password", "canary-signs-nobody-out", Gone),
    ("record: a time zone", "Canary/Asked_Zone", Gone),
    ("factors: a wrong password", "canary-not-to-confirm", Gone),
    ("factors: a wrong code", "canary-code", Gone),
    ("factors: the name of a passkey", "canary-passkey", Gone),
    ("notices: a wrong code", "canary-mobile-code", Gone),
    ("notices: where a browser is", "https://canary-push.example/x", Gone),
    ("search: whom to write to", "canary-sought", Gone),
    ("search: people", "canary-list-sought", Gone),
    ("search: what was written", "canary-written", Gone),
    ("search: one that is too long", TOO_LONG, Gone),
    ("message: one that stays", "canary-message", Kept),
    ("message: one that is withdrawn", "canary-withdrawn", Gone),
    ("message: one that is too long", TOO_LONG, Gone),
    ("message: one that answers another", "canary-reply", Kept),
    ("message: one that waits", "canary-waits", Kept),
    ("message: one that is called back", "canary-called-back", Gone),
    ("draft: one that stays", "canary-draft", Kept),
    ("draft: one that is replaced", "canary-draft-before", Gone),
    ("form: title", "canary-form", Kept),
    ("form: a question", "canary-question", Kept),
    ("form: one that is wrong", "canary-no-form", Gone),
    ("answer: one that is kept", "canary-half-an-answer", Gone),
    ("answer: one that is too long", TOO_LONG, Gone),
    ("answer: one that is submitted", "canary-answer", Kept),
    ("desk: title of a reply", "canary-reply-title", Kept),
    ("desk: a saved reply", "canary-saved-reply", Kept),
    ("desk: a saved reply that is deleted", "canary-deleted-reply", Gone),
    ("desk: away reply", "canary-is-away", Kept),
    ("desk: greeting", "canary-greeting", Kept),
    ("begin: announcement", "canary-bar", Kept),
    ("begin: name of somebody invited", "canary-invitee", Kept),
    ("begin: email of somebody invited", "canary-invitee@canary-mail.example", Kept),
    ("emergency: reason for a list", "canary-reason-to-list", Kept),
    ("emergency: reason for a conversation", "canary-reason-to-open", Gone),
    ("file: name", "canary-file-name", Kept),
    ("file: name of one that is cancelled", "canary-cancelled-file", Gone),
    ("file: contents", "canary-file-contents", Kept),
    ("address bar: a path", "canary-path", Gone),
    ("address bar: a query", "canary-query", Gone),
    ("browser: what it calls itself", "canary-browser", Gone),
    ("browser: where it comes from", "canary-referrer", Gone),
    ("browser: a cookie", "canary-cookie", Gone),
    ("command line: name", "canary-by-command", Kept),
    ("command line: email", "canary-by-command@canary-mail.example", Kept),
    ("command line: password", "canary-given-by-command", Gone),
    ("command line: a new password", "canary-reset-by-command", Gone),
    ("command line: an email nobody has", "canary-sought-by-command@canary.example", Gone),
];
pub const TOO_LONG: &str = "canary-too-long ";
/// Begins every telephone number above.
pub const PHONES: &str = "+41 79 555";
/// What each detail of a chart begins with, after its name.
pub const DETAIL: &str = "canary-detail";
pub const BIRTH_DATE: &str = "1931-07-29";

/// What is typed into a field.
pub fn word(field: &str) -> String {
    let row = FIELDS.iter().find(|row| row.0 == field);
    row.unwrap_or_else(|| panic!("{field:?} is not in the table")).1.to_owned()
}

/// Whether somebody types into it. No arm for everything else: that is how a new one is noticed.
pub const fn has_words(request: &Request) -> bool {
    match request {
        Request::FindPeople { .. }
        | Request::Send { .. }
        | Request::Begin { .. }
        | Request::Do { .. }
        | Request::Later { .. }
        | Request::Draft { .. }
        | Request::File(file::Ask::Begin { .. })
        | Request::Search(_) => true,
        Request::Desk(ask) => match ask {
            desk::Ask::SaveReply { .. } | desk::Ask::SetOwn { .. } => true,
            desk::Ask::Replies
            | desk::Ask::DeleteReply { .. }
            | desk::Ask::Hours
            | desk::Ask::SetCommon { .. }
            | desk::Ask::Promise { .. }
            | desk::Ask::Greeting { .. } => false,
        },
        Request::Ping
        | Request::Inbox { .. }
        | Request::Rows { .. }
        | Request::Create { .. }
        | Request::Open { .. }
        | Request::Leave { .. }
        | Request::Resume { .. }
        | Request::History { .. }
        | Request::Withdraw { .. }
        | Request::ReceivedUpTo { .. }
        | Request::ReadUpTo { .. }
        | Request::Typing { .. }
        | Request::Audit { .. }
        | Request::Accesses { .. }
        | Request::Archive { .. }
        | Request::Rehearse { .. }
        | Request::CallBack { .. }
        | Request::Emails { .. } => false,
        Request::Form(ask) => match ask {
            form::Ask::Save { .. } | form::Ask::Keep { .. } | form::Ask::Submit { .. } => true,
            form::Ask::List { .. }
            | form::Ask::Read { .. }
            | form::Ask::Library { .. }
            | form::Ask::Retire { .. }
            | form::Ask::Open { .. }
            | form::Ask::Assignments { .. } => false,
        },
        Request::File(file::Ask::Cancel { .. } | file::Ask::List { .. }) => false,
        Request::Office(ask) => match ask {
            Ask::People { .. }
            | Ask::AddPerson { .. }
            | Ask::EmergencyList { .. }
            | Ask::EmergencyOpen { .. }
            | Ask::SignOut { .. }
            | Ask::ChangeEmail { .. } => true,
            Ask::ChangePerson { change, .. } => match **change {
                PersonChange::Contact { .. } | PersonChange::Details(_) => true,
                PersonChange::Division(_)
                | PersonChange::Portal(_)
                | PersonChange::Suspended(_)
                | PersonChange::Owner(_)
                | PersonChange::Assigned { .. }
                | PersonChange::Consents(_) => false,
            },
            Ask::ChangePractice { change, .. } => match change {
                PracticeChange::Settings(_)
                | PracticeChange::AddDivision { .. }
                | PracticeChange::RenameDivision { .. } => true,
                PracticeChange::RemoveDivision { .. } => false,
            },
            Ask::ChangeAccount(change) => match change {
                AccountChange::Name(_)
                | AccountChange::Mobile(_)
                | AccountChange::Language(_)
                | AccountChange::TimeZone(_)
                | AccountChange::Details(_) => true,
                AccountChange::Consents(_) | AccountChange::ReadReceipts(_) => false,
            },
            Ask::Chart { .. }
            | Ask::ClientInbox { .. }
            | Ask::Practice
            | Ask::Account
            | Ask::Devices
            | Ask::Active
            | Ask::Reachable { .. }
            | Ask::Invite { .. }
            | Ask::SendReset { .. } => false,
            Ask::Factors(ask) => match ask {
                FactorAsk::BeginTotp { .. }
                | FactorAsk::FinishTotp { .. }
                | FactorAsk::RemoveTotp { .. }
                | FactorAsk::BeginPasskey { .. }
                | FactorAsk::RenamePasskey { .. }
                | FactorAsk::RemovePasskey { .. }
                | FactorAsk::NewRecoveryCodes { .. } => true,
                FactorAsk::List | FactorAsk::FinishPasskey { .. } => false,
            },
            Ask::Notices(ask) => match ask {
                notice::Ask::Confirm { .. } | notice::Ask::Allow(_) => true,
                notice::Ask::Standing
                | notice::Ask::Wish(_)
                | notice::Ask::Test(_)
                | notice::Ask::SendCode
                | notice::Ask::Disallow { .. } => false,
            },
        },
    }
}
