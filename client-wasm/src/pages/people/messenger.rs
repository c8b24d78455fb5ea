//! Writing to somebody from the list or from their chart.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::office::Ask;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, UseReducerHandle, hook, use_memo, use_mut_ref, use_state};
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::hooks::desk::{Desk, use_desk};
use crate::hooks::store::Store;
use crate::route::Route;
use crate::state::{Conversation, State};

/// Whom to write to, and whether in the conversation there is or in a new one.
#[derive(Clone, Debug, PartialEq)]
pub struct To {
    /// Whom.
    pub person: PersonCard,
    /// Whether in a new conversation.
    pub anew: bool,
}

/// Writes to people.
#[derive(Clone, PartialEq)]
pub struct Messenger {
    /// Whom a conversation is being opened with.
    pub busy: Option<PersonId>,
    /// With whom it could not be, and why.
    pub refused: Option<(PersonId, Refusal)>,
    /// Opens it, and goes there.
    pub write: Callback<To>,
}

/// A messenger of `me`.
#[hook]
pub fn use_messenger(store: &UseReducerHandle<Store>, me: PersonId) -> Messenger {
    let desk = use_desk();
    let navigator = use_navigator();
    let busy = use_state(|| None::<PersonId>);
    let refused = use_state(|| None::<(PersonId, Refusal)>);
    let latest = use_mut_ref(|| None::<UseReducerHandle<Store>>);
    *latest.borrow_mut() = Some(store.clone());
    let under_way = use_mut_ref(|| false);
    let ids = use_mut_ref(HashMap::<PersonId, ClientMessageId>::new);
    let write = {
        let (busy, refused) = (busy.setter(), refused.setter());
        use_memo((), move |()| {
            Callback::from(move |to: To| {
                // A second press is not a second conversation.
                if under_way.replace(true) {
                    return;
                }
                let person = to.person.id;
                busy.set(Some(person));
                refused.set(None);
                let store = latest.borrow().clone();
                let known = store.and_then(|store| alone(&store.state, me, person));
                let id = *ids.borrow_mut().entry(person).or_insert_with(browser::random_id);
                let (desk, navigator, ids) = (desk.clone(), navigator.clone(), Rc::clone(&ids));
                let (busy, refused) = (busy.clone(), refused.clone());
                let under_way = Rc::clone(&under_way);
                spawn_local(async move {
                    let found = match known.filter(|_| !to.anew) {
                        Some(known) => Ok(known),
                        None => find_or_begin(&desk, me, &to, id).await,
                    };
                    under_way.replace(false);
                    busy.set(None);
                    match found {
                        Ok(id) => {
                            forget(&ids, person);
                            if let Some(navigator) = navigator {
                                navigator.push(&Route::Conversation { id });
                            }
                        }
                        Err(refusal) => refused.set(Some((person, refusal))),
                    }
                });
            })
        })
    };
    Messenger { busy: *busy, refused: *refused, write: (*write).clone() }
}

fn forget(ids: &Rc<RefCell<HashMap<PersonId, ClientMessageId>>>, person: PersonId) {
    ids.borrow_mut().remove(&person);
}

/// The last conversation that is here with nobody but them.
fn alone(state: &State, me: PersonId, person: PersonId) -> Option<ConversationId> {
    let found = state
        .order
        .iter()
        .find(|id| state.conversations.get(id).is_some_and(|known| is_alone(known, me, person)));
    found.copied()
}

fn is_alone(conversation: &Conversation, me: PersonId, person: PersonId) -> bool {
    let mut others = conversation.others(me);
    others.next().is_some_and(|other| other.id == person) && others.next().is_none()
}

/// The last conversation with a client alone, else a new one.
async fn find_or_begin(
    desk: &Desk,
    me: PersonId,
    to: &To,
    client_id: ClientMessageId,
) -> Result<ConversationId, Refusal> {
    let person = to.person.id;
    if !to.anew && to.person.role == Role::Client {
        let mut after = None;
        loop {
            let Reply::Inbox(page) = desk.ask(Ask::ClientInbox { client: person, after }).await?
            else {
                break;
            };
            let known = page.rows.into_iter().map(Conversation::new);
            if let Some(found) = known.into_iter().find(|known| is_alone(known, me, person)) {
                return Ok(found.id);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    let create = Request::Create { client_id, participants: vec![person] };
    match desk.request(create).await? {
        Reply::Created(id) => Ok(id),
        _ => Err(Refusal::Unavailable),
    }
}
