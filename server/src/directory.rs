//! People in memory, for names in frames, for the rules and for finding them. Loaded at start,
//! changed after the store has.

use dashmap::DashMap;
use shared_proto::conversation::command::{Pickable, Reach};
use shared_proto::id::{DivisionId, PersonId};
use shared_proto::limits;
use shared_proto::notice::mobile;
use shared_proto::people::rules::{self, Actor};
use shared_proto::people::{PeopleFilter, PeopleMark, PeoplePage, PersonCard, PersonRow, Role};
use shared_proto::practice::{CreateForInvited, Policies};
use shared_proto::refusal::Refusal;

use crate::store::people::PersonRecord;

struct Known {
    revision: u64,
    row: PersonRow,
    /// Name, email, phone and chart number in lower case, a line each.
    found_by: String,
    reach: Reach,
    read_receipts: bool,
    /// IANA time zone; empty for the practice's.
    time_zone: String,
}

/// Everyone in the practice.
#[derive(Default)]
pub struct Directory {
    people: DashMap<PersonId, Known>,
}

impl Directory {
    /// Takes somebody in, or what changed about them; the row as it was before. Something newer
    /// that is known already stays.
    pub fn put(&self, person: &PersonRecord) -> Option<PersonRow> {
        let row = person.row();
        let digits: String = row.phone.chars().filter(char::is_ascii_digit).collect();
        let found_by = [&row.card.name, &row.email, &row.phone, &digits, &row.chart_number]
            .map(|text| text.to_lowercase())
            .join("\n");
        let known = Known {
            revision: person.revision,
            found_by,
            reach: person.reach(),
            read_receipts: person.read_receipts,
            time_zone: person.time_zone.clone(),
            row,
        };
        let mut slot = match self.people.entry(person.id) {
            dashmap::Entry::Vacant(slot) => {
                slot.insert(known);
                return None;
            }
            dashmap::Entry::Occupied(slot) => slot,
        };
        if slot.get().revision > known.revision {
            return Some(slot.get().row.clone());
        }
        Some(slot.insert(known).row)
    }

    /// Those of `people` that are known, each once.
    #[must_use]
    pub fn cards(&self, people: impl Iterator<Item = PersonId>) -> Vec<PersonCard> {
        let people: std::collections::BTreeSet<PersonId> = people.collect();
        people.into_iter().filter_map(|person| self.card(person)).collect()
    }

    /// Those whose telephone number is this one (E.164).
    #[must_use]
    pub fn with_mobile(&self, number: &str) -> Vec<PersonId> {
        let theirs = |phone: &str| mobile(phone).is_some_and(|theirs| theirs == number);
        let found = self.people.iter().filter(|known| theirs(&known.row.phone));
        found.map(|known| *known.key()).collect()
    }

    /// Everyone who has an email, with it.
    pub fn with_email(&self) -> impl Iterator<Item = (PersonId, String)> + '_ {
        let known = self.people.iter().filter(|known| !known.row.email.is_empty());
        known.map(|known| (*known.key(), known.row.email.clone()))
    }

    /// Whether there is nobody yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// What others see of somebody.
    #[must_use]
    pub fn card(&self, id: PersonId) -> Option<PersonCard> {
        self.people.get(&id).map(|known| known.row.card.clone())
    }

    /// Somebody as those who administer them see them.
    #[must_use]
    pub fn row(&self, id: PersonId) -> Option<PersonRow> {
        self.people.get(&id).map(|known| known.row.clone())
    }

    /// Somebody as the rules about people see them when they act.
    #[must_use]
    pub fn actor(&self, id: PersonId) -> Option<Actor> {
        let known = self.people.get(&id)?;
        Some(Actor { id, role: known.row.card.role, division: known.row.division })
    }

    /// Whether anybody belongs to a division.
    #[must_use]
    pub fn is_in_use(&self, division: DivisionId) -> bool {
        self.people.iter().any(|known| known.row.division == Some(division))
    }

    /// Whether others see how far somebody has read.
    #[must_use]
    pub fn shows_reading(&self, id: PersonId) -> bool {
        self.people.get(&id).is_some_and(|known| known.read_receipts)
    }

    /// The time zone somebody has chosen for themselves.
    #[must_use]
    pub fn time_zone(&self, id: PersonId) -> Option<String> {
        let zone = self.people.get(&id)?.time_zone.clone();
        (!zone.is_empty()).then_some(zone)
    }

    /// Whether somebody can read what is written to them, now or later: anybody but a client whose
    /// portal access is off.
    #[must_use]
    pub fn is_reachable(&self, id: PersonId) -> bool {
        self.people.get(&id).is_some_and(|known| known.reach != Reach::PortalOff)
    }

    /// Whether somebody can act: they have an account, and nobody took their access away.
    ///
    /// # Errors
    /// `Suspended`, `PortalOff`, or `NoAccount`; `NotFound` when there is nobody.
    pub fn may_act(&self, id: PersonId) -> Result<(), Refusal> {
        match self.people.get(&id).map(|known| known.reach) {
            Some(Reach::Active) => Ok(()),
            Some(Reach::NoAccount) => Err(Refusal::NoAccount),
            Some(Reach::PortalOff) => Err(Refusal::PortalOff),
            Some(Reach::Suspended) => Err(Refusal::Suspended),
            None => Err(Refusal::NotFound),
        }
    }

    /// Of `ids`, those there are, as the rules of a new conversation see them.
    #[must_use]
    pub fn pickable(&self, actor: PersonId, ids: &[PersonId]) -> Vec<Pickable> {
        if ids.is_empty() {
            return Vec::new();
        }
        let own = self.row(actor).map(|row| row.assigned).unwrap_or_default();
        ids.iter()
            .filter_map(|id| self.people.get(id))
            .map(|known| pickable(&known, actor, &own))
            .collect()
    }

    /// People `actor` may begin a conversation with whose name, email, phone or chart number holds
    /// `text`, assigned ones first, then by name; at most [`limits::PEOPLE_FOUND`]. A client finds
    /// the providers they are assigned to. Whoever has no account is found only where the policy
    /// takes them in (I8).
    #[must_use]
    pub fn find(&self, text: &str, actor: &Actor, policies: &Policies) -> Vec<PersonCard> {
        let text = text.trim().to_lowercase();
        let own = self.row(actor.id).map(|row| row.assigned).unwrap_or_default();
        let mut found: Vec<(bool, String, PersonCard)> = self
            .people
            .iter()
            .filter(|known| known.row.card.id != actor.id)
            .filter(|known| match known.reach {
                Reach::NoAccount => policies.create_for_invited == CreateForInvited::Yes,
                reach => reach != Reach::Suspended,
            })
            .filter(|known| match actor.role {
                Role::Client => own.contains(&known.row.card.id),
                Role::Owner | Role::Provider => rules::sees(actor, &known.row),
            })
            .filter(|known| finds(known, &text, actor.role))
            .map(|known| {
                let assigned = known.row.assigned.contains(&actor.id);
                (!assigned, known.row.card.name.to_lowercase(), known.row.card.clone())
            })
            .collect();
        found.sort_unstable_by(|a, b| (a.0, &a.1, a.2.id).cmp(&(b.0, &b.1, b.2.id)));
        found.truncate(limits::PEOPLE_FOUND);
        found.into_iter().map(|(_, _, card)| card).collect()
    }

    /// A page of the people `actor` sees: assigned ones first, then by name.
    #[must_use]
    pub fn page(
        &self,
        actor: &Actor,
        filter: &PeopleFilter,
        after: Option<&PeopleMark>,
    ) -> PeoplePage {
        let text = filter.text.trim().to_lowercase();
        let mut found: Vec<PeopleMark> = self
            .people
            .iter()
            .filter(|known| {
                filter.shows(&known.row)
                    && rules::sees(actor, &known.row)
                    && finds(known, &text, actor.role)
            })
            .map(|known| PeopleMark {
                assigned: known.row.assigned.contains(&actor.id),
                name: known.row.card.name.to_lowercase(),
                person: known.row.card.id,
            })
            .collect();
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let place = |mark: &PeopleMark| (!mark.assigned, mark.name.clone(), mark.person);
        if let Some(after) = after {
            let after = place(after);
            found.retain(|mark| place(mark) > after);
        }
        found.sort_unstable_by(|a, b| {
            (!a.assigned, &a.name, a.person).cmp(&(!b.assigned, &b.name, b.person))
        });
        let more = found.len() > limits::PEOPLE_ROWS;
        found.truncate(limits::PEOPLE_ROWS);
        let rows = found.iter().filter_map(|mark| self.row(mark.person)).collect();
        let next = if more { found.pop() } else { None };
        PeoplePage { rows, next, total }
    }
}

/// Clients find people by their name only: they never learn an email, not by guessing either.
fn finds(known: &Known, text: &str, role: Role) -> bool {
    text.is_empty()
        || match role {
            Role::Client => known.row.card.name.to_lowercase().contains(text),
            Role::Owner | Role::Provider => known.found_by.contains(text),
        }
}

fn pickable(known: &Known, actor: PersonId, own: &[PersonId]) -> Pickable {
    let card = known.row.card.clone();
    let assigned = known.row.assigned.contains(&actor) || own.contains(&card.id);
    Pickable { account: known.reach, assigned, division: known.row.division, card }
}

#[cfg(test)]
mod tests;
