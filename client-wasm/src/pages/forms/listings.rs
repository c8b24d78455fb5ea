//! The practice's forms and those that come along, as far as the server lists them.

use shared_proto::desk::News;
use shared_proto::form::ask::{Ask, Listing, Told};
use shared_proto::office::Changed;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, hook, use_effect_with, use_state};

use crate::hooks::desk::{Desk, use_changes, use_desk};

/// What is known of them.
#[derive(Clone, Default, PartialEq)]
pub struct Listings {
    /// All of them, by title.
    pub forms: Vec<Listing>,
    /// Who changed them.
    pub people: Vec<PersonCard>,
}

impl Listings {
    /// Those that can be assigned.
    pub fn offered(&self) -> impl Iterator<Item = &Listing> {
        self.forms.iter().filter(|form| form.version > 0 && !form.retired)
    }
}

/// The list, on its way or refused.
#[derive(Clone, PartialEq)]
pub struct Loading {
    /// Once it is here.
    pub listings: Option<Listings>,
    /// Why it is not.
    pub refused: Option<Refusal>,
    /// Asks anew.
    pub load: Callback<()>,
}

/// The list as it is now.
#[hook]
pub fn use_listings(live: bool) -> Loading {
    let desk = use_desk();
    let listings = use_state(|| None::<Listings>);
    let refused = use_state(|| None::<Refusal>);
    let load = {
        let (listings, refused) = (listings.setter(), refused.setter());
        Callback::from(move |()| {
            let (desk, listings, refused) = (desk.clone(), listings.clone(), refused.clone());
            spawn_local(async move {
                match all(&desk).await {
                    Ok(all) => {
                        refused.set(None);
                        listings.set(Some(all));
                    }
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    {
        let load = load.clone();
        // Also when the line is back: whatever changed while it was down was not heard of.
        use_effect_with(live, move |live| {
            if *live {
                load.emit(());
            }
        });
    }
    {
        let load = load.clone();
        use_changes((), move |changed| {
            if changed == Changed::Desk(News::Forms) {
                load.emit(());
            }
        });
    }
    Loading { listings: (*listings).clone(), refused: *refused, load }
}

/// Page after page.
async fn all(desk: &Desk) -> Result<Listings, Refusal> {
    let mut all = Listings::default();
    loop {
        let after = all.forms.last().map(|form| form.id);
        match desk.request(Request::Form(Ask::List { after })).await? {
            Reply::Form(Told::Forms { forms, people, more }) => {
                let more = more && !forms.is_empty();
                all.forms.extend(forms);
                all.people.extend(people);
                if !more {
                    all.forms.sort_by_cached_key(|form| (form.title.to_lowercase(), form.id));
                    return Ok(all);
                }
            }
            _ => return Err(Refusal::NotFound),
        }
    }
}
