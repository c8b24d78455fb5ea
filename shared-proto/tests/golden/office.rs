//! What is asked, told and changed around conversations.

use shared_proto::account::{AccountChange, Device};
use shared_proto::desk::News;
use shared_proto::factors::{FactorAsk, FactorList, FactorTold};
use shared_proto::notice::ask as notice;
use shared_proto::notice::rule::Why;
use shared_proto::notice::{Agreed, Agreements, How, Quiet, Wishes};
use shared_proto::office::{Ask, Changed, EmergencyRow, Told};
use shared_proto::people::{
    Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PeopleShown, PersonChange, Standing,
};
use shared_proto::practice::PracticeChange;

use crate::*;

fn new_person() -> NewPerson {
    NewPerson {
        role: Role::Client,
        name: "Ben".into(),
        email: "b@c".into(),
        phone: "123".into(),
        chart_number: "C1".into(),
        division: Some(ADULTS),
    }
}

fn people_mark() -> PeopleMark {
    PeopleMark { assigned: true, name: "ana".into(), person: ANA }
}

fn chart() -> Chart {
    Chart {
        row: person_row(),
        details: details(),
        consents: Consents { email: false, sms: true },
        agreed: Agreements {
            email: None,
            sms: Some(Agreed { at: AT, how: How::Practice, by: Some(card()) }),
        },
        assigned: vec![card()],
        since: AT,
    }
}

pub fn standing() -> notice::Standing {
    notice::Standing {
        wishes: Wishes {
            quiet: Some(Quiet { from: 22 * 60, until: 7 * 60 }),
            remind_after: Some(24),
            sound: true,
        },
        stopped: [None, Some(Why::Told), Some(Why::Consent)],
        push_key: vec![4, 5],
        browsers: 2,
        this_browser: true,
        mobile_confirmed: false,
    }
}

fn device() -> Device {
    Device {
        id: PHONE,
        browser: "Chrome".into(),
        system: "Linux".into(),
        since: AT,
        last_active: LATER,
        this_one: true,
    }
}

fn emergency_row() -> EmergencyRow {
    let members = vec!["Ana".into(), "Ben".into()];
    EmergencyRow { conversation: ROOM, members, created_at: AT, last_at: LATER }
}

golden! {
    asks_keep_their_bytes: Ask {
        Ask::People { .. } => {
            Ask::People { filter: PeopleFilter::default(), after: None } => "00*5",
            Ask::People {
                filter: PeopleFilter {
                    text: "an".into(),
                    shown: PeopleShown::Providers,
                    standing: Some(Standing::NoAccount),
                },
                after: Some(people_mark()),
            } => "00 02 'an' 01 01 04 01 01 03 'ana' aa*16",
        }
        Ask::Chart { .. } => { Ask::Chart { person: ANA } => "01 aa*16" }
        Ask::AddPerson { .. } => {
            Ask::AddPerson { client_id: MINE, person: Box::new(new_person()) } =>
                "02 11*16 02 03 'Ben' 03 62 40 63 03 '123' 02 'C1' 01 d1*16",
        }
        Ask::ChangePerson { .. } => {
            Ask::ChangePerson { person: BEN, change: Box::new(PersonChange::Portal(false)) } =>
                "03 bb*16 03 00",
        }
        Ask::ClientInbox { .. } => {
            Ask::ClientInbox { client: BEN, after: None } => "04 bb*16 00",
            Ask::ClientInbox { client: BEN, after: Some(mark()) } => "04 bb*16 01 ac 02 c0*16",
        }
        Ask::Practice => { Ask::Practice => "05" }
        Ask::ChangePractice { .. } => {
            Ask::ChangePractice {
                revision: 300,
                change: PracticeChange::AddDivision { name: "A".into() },
            } => "06 ac 02 01 01 41",
        }
        Ask::Account => { Ask::Account => "07" }
        Ask::ChangeAccount(_) => {
            Ask::ChangeAccount(AccountChange::ReadReceipts(true)) => "08 05 01",
        }
        Ask::Devices => { Ask::Devices => "09" }
        Ask::SignOut { .. } => {
            Ask::SignOut { device: None, password: "x".into() } => "0a 00 01 78",
            Ask::SignOut { device: Some(PHONE), password: "x".into() } => "0a 01 de*16 01 78",
        }
        Ask::Active => { Ask::Active => "0b" }
        Ask::EmergencyList { .. } => {
            Ask::EmergencyList { client: BEN, reason: "why".into() } => "0c bb*16 03 'why'",
        }
        Ask::EmergencyOpen { .. } => {
            Ask::EmergencyOpen { conversation: ROOM, reason: "why".into() } => "0d c0*16 03 'why'",
        }
        Ask::Reachable { .. } => { Ask::Reachable { conversation: ROOM } => "0e c0*16" }
        Ask::Invite { .. } => { Ask::Invite { person: BEN } => "0f bb*16" }
        Ask::SendReset { .. } => { Ask::SendReset { person: BEN } => "10 bb*16" }
        Ask::ChangeEmail { .. } => {
            Ask::ChangeEmail { email: "b@c".into(), password: "secret".into() } =>
                "11 03 62 40 63 06 'secret'",
        }
        Ask::Factors(_) => { Ask::Factors(FactorAsk::List) => "12 00" }
        Ask::Notices(_) => { Ask::Notices(notice::Ask::Standing) => "13 00" }
    }

    what_is_told_keeps_its_bytes: Told {
        Told::People(_) => {
            Told::People(PeoplePage::default()) => "00*4",
            Told::People(PeoplePage {
                rows: vec![person_row()],
                next: Some(people_mark()),
                total: 300,
            }) =>
                "00 01 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 \
                 01 01 01 03 'ana' aa*16 ac 02",
        }
        Told::Chart(_) => {
            Told::Chart(Box::new(chart())) =>
                "01 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 01 \
                 01 61 01 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c 00 01 00 \
                 01 ac 02 01 01 aa*16 03 'Ana' 01 01 aa*16 03 'Ana' 01 ac 02",
        }
        Told::Person(_) => {
            Told::Person(Box::new(person_row())) =>
                "02 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 01",
        }
        Told::Practice(_) => {
            Told::Practice(Box::new(practice())) =>
                "03 03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' ac 02 0d 02 01 01 00 01 02 03 \
                 'Hut' 01 d1*16 01 41 ac 02",
        }
        Told::Account(_) => {
            Told::Account(Box::new(account())) =>
                "04 aa*16 03 'Ana' 01 03 61 40 62 03 '123' 02 'en' 03 'UTC' 01 00 01 01 01 61 01 \
                 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
        Told::Devices(_) => {
            Told::Devices(vec![device()]) =>
                "05 01 de*16 06 'Chrome' 05 'Linux' ac 02 ad 02 01",
        }
        Told::Emergency(_) => {
            Told::Emergency(vec![emergency_row()]) =>
                "06 01 c0*16 02 03 'Ana' 03 'Ben' ac 02 ad 02",
        }
        Told::Reachable(_) => { Told::Reachable(true) => "07 01" }
        Told::Factors(_) => {
            Told::Factors(Box::new(FactorTold::List(FactorList::default()))) => "08 00*6",
        }
        Told::Notices(_) => {
            Told::Notices(Box::new(standing())) =>
                "09 01 a8 0a a4 03 01 18 01 00 01 02 01 05 02 04 05 02 01 00",
        }
    }

    changes_keep_their_bytes: Changed {
        Changed::Person(_) => {
            Changed::Person(Box::new(person_row())) =>
                "00 aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 01",
        }
        Changed::PersonGone(_) => { Changed::PersonGone(BEN) => "01 bb*16" }
        Changed::Practice(_) => {
            Changed::Practice(Box::new(practice())) =>
                "02 03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' ac 02 0d 02 01 01 00 01 02 03 \
                 'Hut' 01 d1*16 01 41 ac 02",
        }
        Changed::Account(_) => {
            Changed::Account(Box::new(account())) =>
                "03 aa*16 03 'Ana' 01 03 61 40 62 03 '123' 02 'en' 03 'UTC' 01 00 01 01 01 61 01 \
                 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
        Changed::Details { .. } => {
            Changed::Details { person: BEN, details: Box::new(details()) } =>
                "04 bb*16 01 61 01 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
        Changed::Desk(_) => { Changed::Desk(News::Hours) => "05 01" }
    }
}
