//! How a page asks the server around conversations, and hears of changes.
//!
//! ```ignore
//! let desk = use_desk();
//! spawn_local(async move { let reply = desk.ask(Ask::Practice).await; … });
//! use_changes(move |changed| …);
//! ```
//!
//! What is asked and answered goes through the state as bytes. They are written and read here, in
//! functions that only parts of the client call: who opens none does not load them. Sources outside
//! the parts use [`Desk::put`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::rc::Rc;

use futures_channel::oneshot;
use shared_proto::codec;
use shared_proto::office::{Ask, Changed};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use yew::{Callback, hook, use_context, use_effect_with};

use crate::hooks::store::Dispatch;
use crate::protocol;
use crate::state::{Action, Ticket};

/// What the server says.
pub type Answer = Result<Reply, Refusal>;

/// Where pages ask. Equal for the whole life of the page.
#[derive(Clone)]
pub struct Desk {
    dispatch: Dispatch,
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    waiting: HashMap<Ticket, oneshot::Sender<Vec<u8>>>,
    listeners: HashMap<u32, Callback<Changed>>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Desk {
    /// A desk in front of this store.
    #[must_use]
    pub fn new(dispatch: Dispatch) -> Self {
        Self { dispatch, inner: Rc::default() }
    }

    /// Asks. Waits for the line when there is none; resolves once.
    ///
    /// # Errors
    /// Why it was refused; `SignInRequired` also when the session ended before the answer.
    pub fn ask(&self, ask: Ask) -> impl Future<Output = Answer> + use<> {
        self.request(Request::Office(ask))
    }

    /// As [`Self::ask`], for a request of its own.
    ///
    /// # Errors
    /// As there; `Unavailable` for what is no answer.
    pub fn request(&self, request: Request) -> impl Future<Output = Answer> + use<> {
        let answer = self.put(codec::encode(&request));
        async move { codec::decode(&answer.await).unwrap_or(Err(Refusal::Unavailable)) }
    }

    /// As [`Self::ask`], for the bytes of a request; resolves to those of an [`Answer`].
    pub fn put(&self, request: Vec<u8>) -> impl Future<Output = Vec<u8>> + use<> {
        let (sender, receiver) = oneshot::channel();
        let ticket = {
            let mut inner = self.inner.borrow_mut();
            inner.last = inner.last.wrapping_add(1);
            let ticket = Ticket(inner.last);
            inner.waiting.insert(ticket, sender);
            ticket
        };
        self.dispatch.send(Action::Office(ticket, request));
        let gone = |_| protocol::refused(Refusal::SignInRequired);
        async move { receiver.await.unwrap_or_else(gone) }
    }

    /// The driver has an answer.
    pub fn answer(&self, ticket: Ticket, answer: Vec<u8>) {
        let waiting = self.inner.borrow_mut().waiting.remove(&ticket);
        if let Some(waiting) = waiting {
            // Whoever asked may have gone.
            let _ = waiting.send(answer);
        }
    }

    /// The driver has news.
    pub fn tell(&self, changed: &Changed) {
        let listeners: Vec<_> = self.inner.borrow().listeners.values().cloned().collect();
        for listener in listeners {
            listener.emit(changed.clone());
        }
    }
}

/// Where to ask, from a component.
#[hook]
pub fn use_desk() -> Desk {
    use_context::<Desk>().expect("App provides the desk to everything it draws")
}

/// Calls `heard` for every change the server tells of while the component is there. What a
/// closure knows of its component is as old as `deps`.
#[hook]
pub fn use_changes<D: PartialEq + 'static>(deps: D, heard: impl Fn(Changed) + 'static) {
    let desk = use_desk();
    use_effect_with(deps, move |_| {
        let number = {
            let mut inner = desk.inner.borrow_mut();
            inner.last = inner.last.wrapping_add(1);
            let number = inner.last;
            inner.listeners.insert(number, Callback::from(heard));
            number
        };
        move || drop(desk.inner.borrow_mut().listeners.remove(&number))
    });
}
