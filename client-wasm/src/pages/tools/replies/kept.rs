//! The saved replies there are, asked for when they are shown and whenever they are others.

use std::rc::Rc;

use shared_proto::desk::{Ask, News, Told};
use shared_proto::office::Changed;
use shared_proto::refusal::Refusal;
use shared_proto::replies::Reply;
use shared_proto::wire::{Reply as Answer, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, hook, use_effect_with, use_state};

use crate::hooks::desk::{use_changes, use_desk};

/// Those of the practice, and one's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The practice's.
    pub shared: Vec<Reply>,
    /// One's own.
    pub own: Vec<Reply>,
}

impl Kept {
    /// Those whose title or text holds what was typed, and whether they are the practice's.
    pub fn found(&self, typed: &str) -> Vec<(bool, Reply)> {
        let typed = typed.trim().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&typed);
        let own = self.own.iter().map(|reply| (false, reply));
        let all = own.chain(self.shared.iter().map(|reply| (true, reply)));
        let found = all.filter(|(_, reply)| holds(&reply.title) || holds(&reply.text));
        found.map(|(shared, reply)| (shared, reply.clone())).collect()
    }
}

/// What is known of them.
pub struct Known {
    /// As they are.
    pub kept: Option<Rc<Kept>>,
    /// Why they are not known.
    pub refused: Option<Refusal>,
    /// Asks anew.
    pub load: Callback<()>,
    /// They are these now.
    pub on_told: Callback<Told>,
}

/// The saved replies as they are now.
#[hook]
pub fn use_kept() -> Known {
    let desk = use_desk();
    let kept = use_state(|| None::<Rc<Kept>>);
    let refused = use_state(|| None::<Refusal>);
    let on_told = {
        let (kept, refused) = (kept.setter(), refused.setter());
        Callback::from(move |told: Told| {
            if let Told::Replies { shared, own } = told {
                kept.set(Some(Rc::new(Kept { shared, own })));
                refused.set(None);
            }
        })
    };
    let load = {
        let (on_told, refused) = (on_told.clone(), refused.setter());
        Callback::from(move |()| {
            let (on_told, refused) = (on_told.clone(), refused.clone());
            let answer = desk.request(Request::Desk(Ask::Replies));
            spawn_local(async move {
                match answer.await {
                    Ok(Answer::Desk(told)) => on_told.emit(told),
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
            if changed == Changed::Desk(News::Replies) {
                load.emit(());
            }
        });
    }
    Known { kept: (*kept).clone(), refused: *refused, load, on_told }
}

#[cfg(test)]
mod tests {
    use shared_proto::id::ReplyId;

    use super::*;

    #[test]
    fn a_reply_is_found_by_its_title_and_its_text() {
        let reply = |title: &str, text: &str| Reply {
            id: ReplyId::from_random([1; 16]),
            revision: 1,
            title: title.into(),
            text: text.into(),
        };
        let kept = Kept {
            shared: vec![reply("Hours", "We are open.")],
            own: vec![reply("Late", "I am late.")],
        };
        let found = |typed| {
            let found = kept.found(typed);
            found.into_iter().map(|(shared, reply)| (shared, reply.title)).collect::<Vec<_>>()
        };
        let (late, hours) = ((false, "Late".to_owned()), (true, "Hours".to_owned()));
        assert_eq!(found(" "), [late.clone(), hours.clone()]);
        assert_eq!(found("hou"), std::slice::from_ref(&hours));
        assert_eq!(found("OPEN"), [hours]);
        assert_eq!(found("nothing"), []);
    }
}
