//! What a change changed, by name: the log says that a telephone number is another one, never
//! which.

use shared_proto::chart::{DetailField, Details};
use shared_proto::conversation::event::Part;
use shared_proto::hours::{Common, Own};
use shared_proto::practice::{Policies, Settings};

use crate::store::people::PersonRecord;

fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Of a person, as far as no action of its own says it.
#[must_use]
pub fn of_person(before: &PersonRecord, after: &PersonRecord) -> Vec<&'static str> {
    differing([
        ("name", before.name != after.name),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("chart-number", before.chart_number != after.chart_number),
        ("division", before.division != after.division),
        ("language", before.language != after.language),
        ("time-zone", before.time_zone != after.time_zone),
        ("read-receipts", before.read_receipts != after.read_receipts),
    ])
}

/// Of a client, as far as their providers are told of it.
#[must_use]
pub fn parts_of_person(before: &PersonRecord, after: &PersonRecord) -> Vec<Part> {
    let parts = [
        (Part::Name, before.name != after.name),
        (Part::Phone, before.phone != after.phone),
        (Part::Email, before.email != after.email),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

/// Of a chart.
#[must_use]
pub fn of_details(before: &Details, after: &Details) -> Vec<&'static str> {
    let differs = |field: &DetailField| before.get(*field) != after.get(*field);
    DetailField::ALL.into_iter().filter(differs).map(DetailField::name).collect()
}

/// Of the practice's settings, without its policies.
#[must_use]
pub fn of_settings(before: &Settings, after: &Settings) -> Vec<&'static str> {
    differing([
        ("name", before.name != after.name),
        ("time-zone", before.time_zone != after.time_zone),
        ("language", before.language != after.language),
        ("currency", before.currency != after.currency),
        ("announcement", before.announcement != after.announcement),
        ("idle-minutes", before.idle_minutes != after.idle_minutes),
        ("session-hours", before.session_hours != after.session_hours),
    ])
}

/// Of what a provider sets for themselves.
#[must_use]
pub fn of_own_hours(before: &Own, after: &Own) -> Vec<&'static str> {
    differing([
        ("hours", before.hours != after.hours),
        ("leave", before.leave != after.leave),
        ("away-reply", before.away != after.away),
        ("greeting", before.greeting != after.greeting),
    ])
}

/// Of the practice's hours.
#[must_use]
pub fn of_common_hours(before: &Common, after: &Common) -> Vec<&'static str> {
    differing([
        ("hours", before.hours != after.hours),
        ("holidays", before.holidays != after.holidays),
    ])
}

/// Of its policies.
#[must_use]
pub fn of_policies(before: &Policies, after: &Policies) -> Vec<&'static str> {
    differing([
        ("client-start", before.client_start != after.client_start),
        ("create-for-invited", before.create_for_invited != after.create_for_invited),
        ("notices", before.notify != after.notify),
        ("booking", before.booking != after.booking),
    ])
}

#[cfg(test)]
mod tests {
    use shared_proto::audit::WORDS;
    use shared_proto::id::PersonId;
    use shared_proto::people::Role;
    use shared_proto::practice::{Booking, ClientStart};
    use shared_proto::time::Millis;

    use super::*;

    #[test]
    fn what_differs_is_named_and_nothing_else() {
        let id = PersonId::from_bytes([1; 16]);
        let ana = PersonRecord::new(id, "Ana".into(), Role::Client, Millis(1));
        assert!(of_person(&ana, &ana).is_empty());
        let moved = PersonRecord { phone: "123".into(), language: "de".into(), ..ana.clone() };
        assert_eq!(of_person(&ana, &moved), ["phone", "language"]);
        let mut details = Details::default();
        details.set(DetailField::Town, "Bern".into());
        assert_eq!(of_details(&Details::default(), &details), ["town"]);
        let settings = Settings::named("Lindenhof");
        let mut other = Settings { idle_minutes: 5, ..settings.clone() };
        other.policies.client_start = ClientStart::Never;
        other.policies.booking = Booking::Clients;
        assert_eq!(of_settings(&settings, &other), ["idle-minutes"]);
        assert_eq!(of_policies(&settings.policies, &other.policies), ["client-start", "booking"]);
    }

    #[test]
    fn every_detail_of_a_chart_has_its_word() {
        assert!(DetailField::ALL.iter().all(|field| WORDS.contains(&field.name())));
    }
}
