//! The link of a letter somebody has followed: its token, and what it is for.

use shared_proto::http::Linked;
use shared_proto::refusal::Refusal;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, MouseEvent, hook, use_effect_with, use_memo, use_state};

use crate::browser;
use crate::http::{self, Failure};

/// What is known of a link.
#[derive(Clone, PartialEq)]
pub enum Look {
    /// Nothing yet.
    Asking,
    /// What it is for.
    Found(Linked),
    /// It cannot be used, or the server cannot be reached.
    Failed(Failure),
}

/// A link.
#[derive(Clone, PartialEq)]
pub struct Followed {
    /// Its token; empty when there was none.
    pub token: String,
    /// What is known of it.
    pub look: Look,
    /// Asks again.
    pub again: Callback<MouseEvent>,
}

/// The link that led here. Its token leaves the address bar at once, and looking spends nothing.
#[hook]
pub fn use_link() -> Followed {
    let token = use_memo((), |()| browser::take_fragment());
    let look = use_state(|| Look::Asking);
    let tries = use_state(|| 0u32);
    {
        let (token, look) = (token.clone(), look.clone());
        use_effect_with(*tries, move |_| {
            if token.is_empty() {
                look.set(Look::Failed(Failure::Refused(Refusal::Link)));
                return;
            }
            look.set(Look::Asking);
            spawn_local(async move {
                look.set(match http::link(&token).await {
                    Ok(linked) => Look::Found(linked),
                    Err(failure) => Look::Failed(failure),
                });
            });
        });
    }
    let again = Callback::from(move |_: MouseEvent| tries.set(*tries + 1));
    Followed { token: (*token).clone(), look: (*look).clone(), again }
}
