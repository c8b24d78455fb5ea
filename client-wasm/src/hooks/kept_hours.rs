//! The hours there are, asked for when a page is drawn and whenever they are others.

use std::rc::Rc;

use shared_proto::desk::{Ask, KeptHours, News, Told};
use shared_proto::office::Changed;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, hook, use_effect_with, use_state};

use crate::hooks::desk::{use_changes, use_desk};

/// What is known of them.
#[derive(Clone, PartialEq)]
pub struct Known {
    /// As they are.
    pub kept: Option<Rc<KeptHours>>,
    /// Why they are not known.
    pub refused: Option<Refusal>,
    /// Asks anew.
    pub load: Callback<()>,
    /// They are these now.
    pub on_kept: Callback<KeptHours>,
}

/// The practice's hours, and one's own.
#[hook]
pub fn use_kept_hours() -> Known {
    let desk = use_desk();
    let kept = use_state(|| None::<Rc<KeptHours>>);
    let refused = use_state(|| None::<Refusal>);
    let on_kept = {
        let (kept, refused) = (kept.setter(), refused.setter());
        Callback::from(move |now: KeptHours| {
            kept.set(Some(Rc::new(now)));
            refused.set(None);
        })
    };
    let load = {
        let (on_kept, refused) = (on_kept.clone(), refused.setter());
        Callback::from(move |()| {
            let (on_kept, refused) = (on_kept.clone(), refused.clone());
            let answer = desk.request(Request::Desk(Ask::Hours));
            spawn_local(async move {
                match answer.await {
                    Ok(Reply::Desk(Told::Hours(now))) => on_kept.emit(*now),
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
            if changed == Changed::Desk(News::Hours) {
                load.emit(());
            }
        });
    }
    Known { kept: (*kept).clone(), refused: *refused, load, on_kept }
}
