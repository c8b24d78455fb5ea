//! Who is in a record, as far as whoever takes it knows of them.

use std::collections::BTreeMap;

use serde::Serialize;
use shared_proto::conversation::state::State;
use shared_proto::conversation::state::{Member, Span};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{EntryId, PersonId};
use shared_proto::people::{PersonCard, Role};

/// What the role is called.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Provider => "provider",
        Role::Client => "client",
    }
}

/// Somebody as a record names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Who.
    pub id: String,
    /// Their name now.
    pub name: String,
    /// What they are; empty for somebody who took no part.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub role: &'static str,
    /// For the host alone (O21).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl From<&PersonCard> for Named {
    fn from(card: &PersonCard) -> Self {
        let (id, name) = (card.id.to_string(), card.name.clone());
        Self { id, name, role: role(card.role), email: None }
    }
}

/// The people of a record.
#[derive(Clone, Debug, Default)]
pub struct People {
    cards: BTreeMap<PersonId, PersonCard>,
    emails: BTreeMap<PersonId, String>,
    members: Vec<Member>,
}

impl People {
    /// Those a fold names, with the cards there are of them, and the emails if they are to be seen.
    #[must_use]
    pub fn new(
        state: &State,
        cards: impl IntoIterator<Item = PersonCard>,
        emails: impl IntoIterator<Item = (PersonId, String)>,
    ) -> Self {
        Self {
            cards: cards.into_iter().map(|card| (card.id, card)).collect(),
            emails: emails.into_iter().filter(|(_, email)| !email.is_empty()).collect(),
            members: state.members.clone(),
        }
    }

    /// What is known of somebody.
    #[must_use]
    pub fn card(&self, person: PersonId) -> Option<&PersonCard> {
        self.cards.get(&person)
    }

    /// What somebody is called.
    #[must_use]
    pub fn name(&self, person: PersonId) -> &str {
        self.card(person).map_or("somebody", |card| card.name.as_str())
    }

    /// Everyone, in the order they joined.
    #[must_use]
    pub fn named(&self) -> Vec<Named> {
        let cards = self.cards().map(|card| {
            let email = self.emails.get(&card.id).cloned();
            Named { email, ..Named::from(card) }
        });
        cards.collect()
    }

    /// The cards of everyone, in the order they joined.
    pub fn cards(&self) -> impl Iterator<Item = &PersonCard> {
        self.members.iter().filter_map(|member| self.card(member.person))
    }

    /// Who got an entry besides its author, as far as it is known here.
    pub fn recipients<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = &'a PersonCard> {
        let got = move |member: &&Member| {
            member.person != entry.author
                && match &entry.audience {
                    Audience::Members => was_there(member, entry.id),
                    Audience::Only(people) => people.binary_search(&member.person).is_ok(),
                }
        };
        self.members.iter().filter(got).filter_map(|member| self.card(member.person))
    }
}

fn was_there(member: &Member, entry: EntryId) -> bool {
    let now = member.from <= entry && member.until.is_none_or(|until| entry <= until);
    let was = |span: &Span| span.from <= entry && entry <= span.until;
    now || member.before.iter().any(was)
}
