//! What is kept on the server for a provider's desk, asked for when it is shown and whenever it is
//! another.

use std::rc::Rc;

use shared_proto::desk::{Ask, KeptHours, News, Told};
use shared_proto::office::Changed;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, hook, use_effect_with, use_state};

use crate::hooks::desk::{use_changes, use_desk};

/// One thing that is kept.
pub trait OnDesk: Sized + 'static {
    /// Asks for it.
    const ASK: Ask;
    /// Says that it is another now.
    const NEWS: News;
    /// What an answer says of it; `None` when that tells of something else.
    fn told(told: Told) -> Option<Self>;
}

impl OnDesk for KeptHours {
    const ASK: Ask = Ask::Hours;
    const NEWS: News = News::Hours;

    fn told(told: Told) -> Option<Self> {
        match told {
            Told::Hours(now) => Some(*now),
            _ => None,
        }
    }
}

/// What is known of it.
pub struct Known<T> {
    /// As it is.
    pub kept: Option<Rc<T>>,
    /// Why it is not known.
    pub refused: Option<Refusal>,
    /// Asks anew.
    pub load: Callback<()>,
    /// An answer to something that changed it: it is this now.
    pub on_told: Callback<Told>,
}

/// It, as it is now.
#[hook]
pub fn use_kept<T: OnDesk>() -> Known<T> {
    let desk = use_desk();
    let kept = use_state(|| None::<Rc<T>>);
    let refused = use_state(|| None::<Refusal>);
    let on_told = {
        let (kept, refused) = (kept.setter(), refused.setter());
        Callback::from(move |told: Told| {
            if let Some(now) = T::told(told) {
                kept.set(Some(Rc::new(now)));
                refused.set(None);
            }
        })
    };
    let load = {
        let (on_told, refused) = (on_told.clone(), refused.setter());
        Callback::from(move |()| {
            let (on_told, refused) = (on_told.clone(), refused.clone());
            let answer = desk.request(Request::Desk(T::ASK));
            spawn_local(async move {
                match answer.await {
                    Ok(Reply::Desk(told)) => on_told.emit(told),
                    Ok(_) => {}
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    {
        let load = load.clone();
        use_changes((), move |changed| {
            if changed == Changed::Desk(T::NEWS) {
                load.emit(());
            }
        });
    }
    Known { kept: (*kept).clone(), refused: *refused, load, on_told }
}
