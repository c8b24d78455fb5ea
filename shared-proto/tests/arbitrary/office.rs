//! What is asked and told around conversations.

use shared_proto::account::{Account, AccountChange, Device};
use shared_proto::chart::{Consents, Details};
use shared_proto::factors::{
    FactorAsk, FactorList, FactorTold, Factors, PasskeyCard, RecoveryCodes,
};
use shared_proto::id::{DeviceId, DivisionId, PasskeyId};
use shared_proto::notice::ask as notice;
use shared_proto::notice::rule::Why;
use shared_proto::notice::{Agreed, Agreements, How, Quiet, Wishes};
use shared_proto::office::{Ask, Changed, EmergencyRow, Told};
use shared_proto::people::{
    AccountState, Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PersonChange, PersonRow,
    Role,
};
use shared_proto::practice::{Division, Practice, PracticeChange, Settings};
use shared_proto::time::Millis;

use crate::values::{card, message_id, person, room};

pub fn practice() -> Practice {
    let division = Division { id: DivisionId::from_bytes([7; 16]), name: "A".into() };
    Practice { settings: Settings::named("Oak"), divisions: vec![division; 3], revision: 1 }
}

fn person_row() -> PersonRow {
    PersonRow {
        card: card(),
        account: AccountState::Invited { until: Millis(1) },
        email: "a@b".into(),
        phone: "123".into(),
        chart_number: "C1".into(),
        division: Some(DivisionId::from_bytes([7; 16])),
        assigned: vec![person(); 3],
        portal: true,
    }
}

fn account() -> Account {
    Account {
        card: card(),
        email: "a@b".into(),
        mobile: "123".into(),
        language: "en".into(),
        time_zone: "UTC".into(),
        consents: Consents::default(),
        read_receipts: true,
        details: Some(details()),
    }
}

fn details() -> Details {
    Details(std::array::from_fn(|place| "x".repeat(place)))
}

pub fn asks() -> Vec<Ask> {
    let text = String::from("Ben");
    let change = |change| Ask::ChangePerson { person: person(), change: Box::new(change) };
    let of_practice = |change| Ask::ChangePractice { revision: 1, change };
    let mark = PeopleMark { assigned: true, name: text.clone(), person: person() };
    let new_person = NewPerson {
        role: Role::Client,
        name: text.clone(),
        email: text.clone(),
        phone: text.clone(),
        chart_number: text.clone(),
        division: None,
    };
    let contact = PersonChange::Contact {
        name: text.clone(),
        email: text.clone(),
        phone: text.clone(),
        chart_number: text.clone(),
    };
    let device =
        notice::PushDevice { endpoint: text.clone(), key: vec![4; 65], secret: vec![1; 16] };
    vec![
        Ask::People {
            filter: PeopleFilter { text: text.clone(), ..PeopleFilter::default() },
            after: Some(mark),
        },
        Ask::AddPerson { client_id: message_id(), person: Box::new(new_person) },
        change(contact),
        change(PersonChange::Details(Box::new(details()))),
        change(PersonChange::Assigned { provider: person(), on: true }),
        of_practice(PracticeChange::Settings(Box::new(Settings::named("Oak")))),
        of_practice(PracticeChange::AddDivision { name: text.clone() }),
        Ask::ChangeAccount(AccountChange::Name(text.clone())),
        Ask::ChangeAccount(AccountChange::Details(Box::new(details()))),
        Ask::SignOut { device: Some(DeviceId::from_bytes([1; 16])), password: text.clone() },
        Ask::EmergencyList { client: person(), reason: text.clone() },
        Ask::EmergencyOpen { conversation: room(), reason: text.clone() },
        Ask::Reachable { conversation: room() },
        Ask::Invite { person: person() },
        Ask::SendReset { person: person() },
        Ask::ChangeEmail { email: text.clone(), password: text.clone() },
        Ask::Factors(FactorAsk::BeginPasskey { name: text.clone(), password: text.clone() }),
        Ask::Notices(notice::Ask::Allow(Box::new(device))),
        Ask::Notices(notice::Ask::Confirm { code: text }),
    ]
}

pub fn told() -> Vec<Told> {
    let chart = Chart {
        row: person_row(),
        details: details(),
        consents: Consents::default(),
        agreed: Agreements {
            email: Some(Agreed { at: Millis(1), how: How::Link, by: None }),
            sms: Some(Agreed { at: Millis(1), how: How::Practice, by: Some(card()) }),
        },
        assigned: vec![card(); 3],
        since: Millis(1),
    };
    let device = Device {
        id: DeviceId::from_bytes([1; 16]),
        browser: "Chrome".into(),
        system: "Linux".into(),
        since: Millis(1),
        last_active: Millis(1),
        this_one: true,
    };
    let passkey = PasskeyCard {
        id: PasskeyId::from_bytes([1; 16]),
        name: "Phone".into(),
        created_at: Millis(1),
        last_used: None,
    };
    let factors = Factors { totp: true, passkeys: vec![passkey; 3], recovery_left: 3 };
    let factors = FactorList { factors, ..FactorList::default() };
    let recovery = RecoveryCodes(vec!["AB".into(); 3]);
    vec![
        Told::Factors(Box::new(FactorTold::Changed { factors, recovery })),
        Told::People(PeoplePage { rows: vec![person_row(); 3], next: None, total: 3 }),
        Told::Chart(Box::new(chart)),
        Told::Person(Box::new(person_row())),
        Told::Practice(Box::new(practice())),
        Told::Account(Box::new(account())),
        Told::Devices(vec![device; 3]),
        Told::Emergency(vec![emergency_row(vec!["Ana".into(); 3]); 3]),
        Told::Reachable(true),
        Told::Notices(Box::new(standing())),
    ]
}

fn standing() -> notice::Standing {
    notice::Standing {
        wishes: Wishes {
            quiet: Some(Quiet { from: 1, until: 2 }),
            remind_after: Some(1),
            sound: true,
        },
        stopped: [Some(Why::Policy); 3],
        push_key: vec![4; 65],
        browsers: 1,
        this_browser: true,
        mobile_confirmed: true,
    }
}

pub fn emergency_row(members: Vec<String>) -> EmergencyRow {
    EmergencyRow { conversation: room(), members, created_at: Millis(1), last_at: Millis(1) }
}

pub fn changed() -> Vec<Changed> {
    vec![
        Changed::Person(Box::new(person_row())),
        Changed::Practice(Box::new(practice())),
        Changed::Account(Box::new(account())),
        Changed::Details { person: person(), details: Box::new(details()) },
    ]
}
