//! How far the accounts of those are who can be picked (I8): who has none is invited when the
//! conversation starts, and said to be.

use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{PeopleFilter, PersonRow, Standing};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{hook, use_effect_with, use_state};

use crate::hooks::desk::{use_changes, use_desk};
use crate::text::Text;

/// Clients by their id, as far as they are known.
pub type Accounts = Rc<HashMap<PersonId, PersonRow>>;

/// Those that are found by `text`; for providers. As many are on a page as are found at most.
#[hook]
pub fn use_accounts(text: &str, provider: bool) -> Accounts {
    let desk = use_desk();
    let known = use_state(Accounts::default);
    {
        let known = known.clone();
        use_effect_with((text.to_owned(), provider), move |(text, provider)| {
            if *provider {
                let filter = PeopleFilter { text: text.clone(), ..PeopleFilter::default() };
                let answer = desk.ask(Ask::People { filter, after: None });
                spawn_local(async move {
                    if let Ok(Reply::Office(Told::People(page))) = answer.await {
                        let rows = page.rows.into_iter().map(|row| (row.card.id, row));
                        known.set(Rc::new(rows.collect()));
                    }
                });
            }
        });
    }
    let now = Rc::clone(&known);
    {
        // Somebody signs up meanwhile.
        let (known, now) = (known.setter(), Rc::clone(&now));
        use_changes(Rc::clone(&now), move |changed| {
            if let Changed::Person(row) = changed
                && now.contains_key(&row.card.id)
            {
                let mut next = (*now).clone();
                next.insert(row.card.id, *row);
                known.set(Rc::new(next));
            }
        });
    }
    now
}

/// What is said of somebody who has no account yet.
pub fn account_words(row: &PersonRow, text: &Text) -> Option<String> {
    match Standing::of(row) {
        Standing::NoAccount if row.email.is_empty() => Some(text.say("new-no-email")),
        Standing::NoAccount => Some(text.say("new-will-be-invited")),
        Standing::Invited => Some(text.say("new-is-invited")),
        Standing::Active | Standing::PortalOff | Standing::Suspended => None,
    }
}
