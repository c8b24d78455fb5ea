//! What the rule has to know of a person, gathered: their consent, where each channel leads, whether
//! they are there, and whether it is within their quiet hours.

use lettre::message::Mailbox;
use shared_proto::id::PersonId;
use shared_proto::notice::rule::{Address, Reader, Way};
use shared_proto::notice::{Channel, How, mobile};
use shared_proto::practice::{Notices as Policy, SENDER, Settings};
use shared_proto::time::Millis;
use tokio::time::Instant;

use crate::app::App;
use crate::store::notices::{DeviceRecord, devices};
use crate::store::people::{self, PersonRecord};
use crate::store::{Store, StoreError};
use crate::zone::Place;

/// What holds for everyone while a round lasts.
#[derive(Clone, Debug)]
pub struct Round {
    /// The time.
    pub now: Millis,
    /// When the server started, by the clock of now.
    pub started_at: Millis,
    /// How long somebody counts as there after they were active, in milliseconds.
    pub patience_ms: u64,
    /// What the practice lets be used.
    pub policy: Policy,
    /// What this server has a way out for, in the order of [`Channel::ALL`].
    pub offered: [bool; 3],
    /// The zone of who has chosen none.
    pub time_zone: String,
    /// The language of who has chosen none.
    pub language: String,
    /// What notices are sent as.
    pub sender: String,
}

impl Round {
    /// As it is now.
    #[must_use]
    pub fn of(app: &App, now: Millis) -> Self {
        let settings = app.practice.record().map(|record| record.settings.clone());
        let settings = settings.unwrap_or_else(|| Settings::named(SENDER));
        let sender = if settings.sender.is_empty() { SENDER.to_owned() } else { settings.sender };
        Self {
            now,
            started_at: Millis(now.0.saturating_sub(elapsed_ms(app.notices.started))),
            patience_ms: app.notices.patience_ms,
            policy: settings.policies.notify,
            offered: Channel::ALL.map(|channel| app.notices.offers(&app.mail, channel)),
            time_zone: settings.time_zone,
            language: settings.language,
            sender,
        }
    }
}

/// How long ago, in milliseconds.
pub fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A person, as the rule and the way out see them.
pub struct Facts {
    /// Their record.
    pub person: PersonRecord,
    /// What the rule sees.
    pub reader: Reader,
    /// The language they read.
    pub language: String,
    /// Where text messages go; `None` without a number that says its country.
    pub mobile: Option<String>,
    /// Their browsers that may be pushed to, oldest first.
    pub devices: Vec<([u8; 16], DeviceRecord)>,
}

impl Facts {
    /// Everything about a person; `active_at` is when they were last active here. `None` for somebody
    /// there is not.
    ///
    /// # Errors
    /// `Damaged` when a record does not open.
    pub fn read(
        store: &Store,
        round: &Round,
        person: PersonId,
        active_at: Option<Millis>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(person) = people::load(store, person)? else { return Ok(None) };
        let devices = devices(store, person.id)?;
        Ok(Some(Self::of(round, person, devices, active_at)))
    }

    fn of(
        round: &Round,
        person: PersonRecord,
        devices: Vec<([u8; 16], DeviceRecord)>,
        active_at: Option<Millis>,
    ) -> Self {
        let mobile = mobile(&person.phone);
        let chosen = |own: &str, common: &str| if own.is_empty() { common } else { own }.to_owned();
        let zone = chosen(&person.time_zone, &round.time_zone);
        let quiet = person.wishes.quiet;
        // Until it is known who is there, everyone is.
        let known = active_at.unwrap_or_default().max(round.started_at);
        let reader = Reader {
            may_enter: person.may_enter(),
            active_at: Some(known),
            patience_ms: round.patience_ms,
            quiet_until: quiet.and_then(|quiet| quiet.ends(round.now, &Place::named(&zone))),
            ways: [
                Way {
                    policy: round.policy.email,
                    offered: round.offered[Channel::Email.place()],
                    consent: person.consents.email,
                    stopped: false,
                    address: email_address(&person),
                },
                Way {
                    policy: round.policy.sms,
                    offered: round.offered[Channel::Sms.place()],
                    consent: person.consents.sms,
                    stopped: person.sms_choice.is_some_and(|choice| choice.how == How::Reply),
                    address: match &mobile {
                        None if person.phone.is_empty() => Address::Missing,
                        None => Address::Unfit,
                        Some(_) if person.phone_confirmed => Address::Confirmed,
                        Some(_) => Address::Unconfirmed,
                    },
                },
                Way {
                    policy: round.policy.push,
                    offered: round.offered[Channel::Push.place()],
                    // A browser that may be pushed to is both: its person allowed it there.
                    consent: !devices.is_empty(),
                    stopped: false,
                    address: if devices.is_empty() { Address::Missing } else { Address::Confirmed },
                },
            ],
        };
        let language = chosen(&person.language, &round.language);
        Self { person, reader, language, mobile, devices }
    }
}

/// An email is confirmed by accepting the invitation sent there, or by the links a change takes.
fn email_address(person: &PersonRecord) -> Address {
    if person.email.is_empty() || person.email.parse::<Mailbox>().is_err() {
        Address::Missing
    } else if person.password_hash.is_some() {
        Address::Confirmed
    } else {
        Address::Unconfirmed
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::chart::Consents;
    use shared_proto::notice::Quiet;
    use shared_proto::notice::rule::{Why, ways};
    use shared_proto::people::Role;

    use super::*;
    use crate::store::people::Choice;

    const AT: Millis = Millis(1_772_357_400_000);

    fn round() -> Round {
        Round {
            now: AT,
            started_at: Millis(0),
            patience_ms: 30_000,
            policy: Policy::default(),
            offered: [true; 3],
            time_zone: "Europe/Zurich".into(),
            language: "de".into(),
            sender: SENDER.into(),
        }
    }

    fn person(role: Role) -> PersonRecord {
        let id = PersonId::from_bytes([1; 16]);
        let mut person = PersonRecord::new(id, "Ana".into(), role, AT);
        person.email = "ana@example.org".into();
        person.password_hash = Some("hash".into());
        person
    }

    fn facts(person: PersonRecord) -> Facts {
        Facts::of(&round(), person, Vec::new(), None)
    }

    /// I14: a provider is told by email, and by text message with a number and their opt-in.
    #[test]
    fn a_provider_is_told_by_email_and_by_sms_with_a_number_and_consent() {
        for (number, consent, expected) in [
            ("", false, Err(Why::Consent)),
            ("", true, Err(Why::NoAddress)),
            ("+41 79 123 45 67", false, Err(Why::Consent)),
            ("+41 79 123 45 67", true, Ok(())),
        ] {
            let mut provider = person(Role::Provider);
            provider.set_phone(number.into(), false);
            provider.phone_confirmed = true;
            provider.consents.sms = consent;
            let [email, sms, push] = ways(&facts(provider).reader);
            assert_eq!((email, sms, push), (Ok(()), expected, Err(Why::Consent)), "{number}");
        }
    }

    /// I11 and I12: nothing goes to a client who has not agreed.
    #[test]
    fn a_client_is_told_what_they_agreed_to() {
        let mut client = person(Role::Client);
        client.set_phone("079 123 45 67".into(), false);
        let of = |client: &PersonRecord| ways(&facts(client.clone()).reader);
        assert_eq!(of(&client), [Err(Why::Consent); 3]);
        let choice = Choice { at: AT, how: How::Themselves, by: None };
        client.agree(Consents { email: true, sms: true }, choice);
        assert_eq!(of(&client), [Ok(()), Err(Why::Unfit), Err(Why::Consent)]);
        client.set_phone("+41 79 123 45 67".into(), false);
        assert_eq!(of(&client)[1], Err(Why::Unconfirmed));
        client.phone_confirmed = true;
        assert_eq!(of(&client)[1], Ok(()));
        client.set_phone("+41 79 123 45 68".into(), false);
        assert_eq!(of(&client)[1], Err(Why::Unconfirmed), "it is another number");
        client.password_hash = None;
        assert_eq!(of(&client)[0], Err(Why::Unconfirmed));
        client.email.clear();
        assert_eq!(of(&client)[0], Err(Why::NoAddress));
    }

    #[test]
    fn a_number_a_provider_takes_from_paper_is_theirs() {
        let mut client = person(Role::Client);
        client.set_phone("+41 79 123 45 67".into(), false);
        let choice = Choice { at: AT, how: How::Practice, by: Some(client.id) };
        client.agree(Consents { email: false, sms: true }, choice);
        let sms = |client: &PersonRecord| ways(&facts(client.clone()).reader)[1];
        assert_eq!(sms(&client), Err(Why::Unconfirmed), "they entered it themselves");
        client.set_phone("+41 79 123 45 68".into(), true);
        assert_eq!(sms(&client), Ok(()));
        assert_eq!((client.email_choice, client.sms_choice), (None, Some(choice)));
        let later = Choice { at: Millis(AT.0 + 1), how: How::Reply, by: None };
        client.agree(Consents { email: false, sms: true }, later);
        assert_eq!(client.sms_choice, Some(choice), "nothing changed");
    }

    #[test]
    fn quiet_hours_are_of_their_own_zone_and_language_of_their_own() {
        let mut client = person(Role::Client);
        // 10:30 in Zurich, 18:30 in Tokyo.
        client.wishes.quiet = Some(Quiet { from: 18 * 60, until: 19 * 60 });
        assert_eq!(facts(client.clone()).reader.quiet_until, None);
        client.time_zone = "Asia/Tokyo".into();
        let facts = facts(client);
        assert_eq!(facts.reader.quiet_until, Some(Millis(AT.0 + 30 * 60_000)));
        assert_eq!(facts.language, "de");
    }
}
