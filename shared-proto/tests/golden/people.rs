//! People: rows, changes, accounts and charts.

use shared_proto::account::AccountChange;
use shared_proto::chart::DetailField;
use shared_proto::people::rules::Does;
use shared_proto::people::{PeopleShown, PersonChange};

use crate::*;

golden! {
    roles_keep_their_bytes: Role {
        Role::Owner => { Role::Owner => "00" }
        Role::Provider => { Role::Provider => "01" }
        Role::Client => { Role::Client => "02" }
    }

    person_cards_keep_their_bytes: PersonCard {
        PersonCard { .. } => { card() => "aa*16 03 'Ana' 01" }
    }

    states_of_an_account_keep_their_bytes: AccountState {
        AccountState::None => { AccountState::None => "00" }
        AccountState::Invited { .. } => { AccountState::Invited { until: AT } => "01 ac 02" }
        AccountState::Active => { AccountState::Active => "02" }
        AccountState::Suspended => { AccountState::Suspended => "03" }
    }

    rows_of_people_keep_their_bytes: PersonRow {
        PersonRow { .. } => {
            person_row() =>
                "aa*16 03 'Ana' 01 01 ac 02 03 61 40 62 03 '123' 02 'C1' 01 d1*16 01 bb*16 01",
            PersonRow {
                account: AccountState::Active,
                division: None,
                assigned: vec![],
                portal: false,
                ..person_row()
            } => "aa*16 03 'Ana' 01 02 03 61 40 62 03 '123' 02 'C1' 00 00 00",
        }
    }

    who_is_shown_keeps_its_bytes: PeopleShown {
        PeopleShown::Clients => { PeopleShown::Clients => "00" }
        PeopleShown::Providers => { PeopleShown::Providers => "01" }
    }

    changes_of_a_person_keep_their_bytes: PersonChange {
        PersonChange::Contact { .. } => {
            PersonChange::Contact {
                name: "B".into(),
                email: "b@c".into(),
                phone: "123".into(),
                chart_number: "C1".into(),
            } => "00 01 42 03 62 40 63 03 '123' 02 'C1'",
        }
        PersonChange::Details(_) => {
            PersonChange::Details(Box::new(details())) =>
                "01 01 61 01 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
        PersonChange::Division(_) => {
            PersonChange::Division(None) => "02 00",
            PersonChange::Division(Some(ADULTS)) => "02 01 d1*16",
        }
        PersonChange::Portal(_) => { PersonChange::Portal(true) => "03 01" }
        PersonChange::Suspended(_) => { PersonChange::Suspended(true) => "04 01" }
        PersonChange::Owner(_) => { PersonChange::Owner(true) => "05 01" }
        PersonChange::Assigned { .. } => {
            PersonChange::Assigned { provider: ANA, on: true } => "06 aa*16 01",
        }
        PersonChange::Consents(_) => {
            PersonChange::Consents(Consents { email: true, sms: false }) => "07 01 00",
        }
    }

    accounts_keep_their_bytes: Account {
        Account { .. } => {
            Account { details: None, ..account() } =>
                "aa*16 03 'Ana' 01 03 61 40 62 03 '123' 02 'en' 03 'UTC' 01 00 01 00",
        }
    }

    changes_of_an_account_keep_their_bytes: AccountChange {
        AccountChange::Name(_) => { AccountChange::Name("A".into()) => "00 01 41" }
        AccountChange::Mobile(_) => { AccountChange::Mobile("123".into()) => "01 03 '123'" }
        AccountChange::Language(_) => { AccountChange::Language("de".into()) => "02 02 'de'" }
        AccountChange::TimeZone(_) => { AccountChange::TimeZone("UTC".into()) => "03 03 'UTC'" }
        AccountChange::Consents(_) => {
            AccountChange::Consents(Consents { email: true, sms: false }) => "04 01 00",
        }
        AccountChange::ReadReceipts(_) => { AccountChange::ReadReceipts(true) => "05 01" }
        AccountChange::Details(_) => {
            AccountChange::Details(Box::new(details())) =>
                "06 01 61 01 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
    }

    consents_keep_their_bytes: Consents {
        Consents { .. } => {
            Consents { email: true, sms: false } => "01 00",
            Consents { email: false, sms: true } => "00 01",
        }
    }

    details_keep_their_bytes: Details {
        Details(_) => {
            Details::default() => "00*12",
            details() => "01 61 01 62 01 63 01 64 01 65 01 66 01 67 01 68 01 69 01 6a 01 6b 01 6c",
        }
    }

    // The number is besides the place of its text in the details.
    fields_of_a_chart_keep_their_bytes: DetailField {
        DetailField::BirthDate => { DetailField::BirthDate => "00" }
        DetailField::Gender => { DetailField::Gender => "01" }
        DetailField::Pronouns => { DetailField::Pronouns => "02" }
        DetailField::Street => { DetailField::Street => "03" }
        DetailField::Town => { DetailField::Town => "04" }
        DetailField::Country => { DetailField::Country => "05" }
        DetailField::EmergencyName => { DetailField::EmergencyName => "06" }
        DetailField::EmergencyPhone => { DetailField::EmergencyPhone => "07" }
        DetailField::Insurer => { DetailField::Insurer => "08" }
        DetailField::MemberNumber => { DetailField::MemberNumber => "09" }
        DetailField::GroupNumber => { DetailField::GroupNumber => "0a" }
        DetailField::PolicyHolder => { DetailField::PolicyHolder => "0b" }
    }

    what_somebody_does_keeps_its_bytes: Does {
        Does::ListPeople => { Does::ListPeople => "00" }
        Does::AddClient => { Does::AddClient => "01" }
        Does::AddProvider => { Does::AddProvider => "02" }
        Does::ChangePractice => { Does::ChangePractice => "03" }
        Does::ReadAudit => { Does::ReadAudit => "04" }
        Does::Emergency => { Does::Emergency => "05" }
        Does::BuildForms => { Does::BuildForms => "06" }
        Does::KeepDesk => { Does::KeepDesk => "07" }
    }
}
