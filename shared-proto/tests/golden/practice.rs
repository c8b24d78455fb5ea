//! The practice: settings, divisions and policies.

use shared_proto::practice::PracticeChange;

use crate::*;

golden! {
    practices_keep_their_bytes: Practice {
        Practice { .. } => {
            practice() =>
                "03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' ac 02 0d 02 01 01 00 01 02 03 'Hut' 01 \
                 d1*16 01 41 ac 02",
        }
    }

    settings_keep_their_bytes: Settings {
        Settings { .. } => {
            Settings::named("Oak") =>
                "03 'Oak' 03 'UTC' 02 'en' 03 'USD' 00 0a 0c 00 00 01 01 01 00 00",
            settings() =>
                "03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' ac 02 0d 02 01 01 00 01 02 03 'Hut'",
        }
    }

    divisions_keep_their_bytes: Division {
        Division { .. } => { division() => "d1*16 01 41" }
    }

    policies_keep_their_bytes: Policies {
        Policies { .. } => {
            Policies::OPEN => "00 00 01 01 01 00",
            settings().policies => "02 01 01 00 01 02",
        }
    }

    who_starts_keeps_its_bytes: ClientStart {
        ClientStart::Assigned => { ClientStart::Assigned => "00" }
        ClientStart::AfterProviderFirst => { ClientStart::AfterProviderFirst => "01" }
        ClientStart::Never => { ClientStart::Never => "02" }
    }

    who_is_taken_in_keeps_its_bytes: CreateForInvited {
        CreateForInvited::Yes => { CreateForInvited::Yes => "00" }
        CreateForInvited::No => { CreateForInvited::No => "01" }
    }

    who_books_keeps_its_bytes: Booking {
        Booking::Off => { Booking::Off => "00" }
        Booking::Clients => { Booking::Clients => "01" }
        Booking::Public => { Booking::Public => "02" }
    }

    notices_keep_their_bytes: Notices {
        Notices { .. } => {
            Notices { email: true, sms: false, push: false } => "01 00 00",
            Notices { email: false, sms: true, push: false } => "00 01 00",
            Notices { email: false, sms: false, push: true } => "00 00 01",
        }
    }

    changes_of_the_practice_keep_their_bytes: PracticeChange {
        PracticeChange::Settings(_) => {
            PracticeChange::Settings(Box::new(settings())) =>
                "00 03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' ac 02 0d 02 01 01 00 01 02 03 'Hut'",
        }
        PracticeChange::AddDivision { .. } => {
            PracticeChange::AddDivision { name: "A".into() } => "01 01 41",
        }
        PracticeChange::RenameDivision { .. } => {
            PracticeChange::RenameDivision { division: ADULTS, name: "B".into() } =>
                "02 d1*16 01 42",
        }
        PracticeChange::RemoveDivision { .. } => {
            PracticeChange::RemoveDivision { division: ADULTS } => "03 d1*16",
        }
    }
}
