//! Properties of the fold, the projections and the ids: invariants 2, 3 and 5 of
//! `docs/ARCHITECTURE.md`, over logs no rule would write as well as those it does.

mod decisions;
mod entries;
mod grants;
mod logs;
mod members;
mod projections;
mod sight;
mod tries;

use proptest::collection::btree_set;
use proptest::prelude::*;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, PersonId};
use shared_proto::people::{PersonCard, Role};

/// Everybody there is: enough for members, former members and strangers.
const PEOPLE: u8 = 6;
/// An owner who is seldom a member.
const OUTSIDER: u8 = PEOPLE - 1;

fn id(n: u8) -> PersonId {
    PersonId::from_random([n; 16])
}

fn everybody() -> impl Iterator<Item = PersonId> {
    (0..PEOPLE).map(id)
}

fn card(n: u8) -> PersonCard {
    // An owner is the host of what is tried, and another one stands outside of most of it.
    let role = match n {
        0 | OUTSIDER => Role::Owner,
        1 | 2 => Role::Provider,
        _ => Role::Client,
    };
    PersonCard { id: id(n), name: format!("Person {n}"), role }
}

fn person() -> impl Strategy<Value = PersonId> {
    (0..PEOPLE).prop_map(id)
}

fn sorted_people() -> impl Strategy<Value = Vec<PersonId>> {
    btree_set(person(), 0..=usize::from(PEOPLE)).prop_map(|people| people.into_iter().collect())
}

fn client_message_id() -> impl Strategy<Value = ClientMessageId> {
    any::<[u8; 16]>().prop_map(ClientMessageId::from_random)
}

fn fold(state: &State, entries: &[Entry]) -> State {
    let mut state = state.clone();
    entries.iter().for_each(|entry| apply(&mut state, entry));
    state
}

fn nothing() -> State {
    State::absent(Viewer::Everyone)
}
