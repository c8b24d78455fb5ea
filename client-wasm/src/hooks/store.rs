//! The state as Yew holds it: a reducer over the pure [`State`].

use std::cell::RefCell;
use std::rc::Rc;

use yew::{Callback, Reducible, UseReducerHandle, hook, use_context};

use crate::dates;
use crate::state::{Action, Effect, Env, State};

/// The state, and the effects its changes asked for.
#[derive(Clone)]
pub struct Store {
    /// Everything the client knows.
    pub state: State,
    effects: Rc<RefCell<Vec<Effect>>>,
}

impl Store {
    /// Before anything is known.
    #[must_use]
    pub fn new() -> Self {
        let mut state = State::new();
        let effects = Rc::new(RefCell::new(state.take_effects()));
        Self { state, effects }
    }

    /// What is to be done, each once.
    #[must_use]
    pub fn take_effects(&self) -> Vec<Effect> {
        std::mem::take(&mut self.effects.borrow_mut())
    }
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        // Every change makes a new one.
        std::ptr::eq(self, other)
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut store = Rc::unwrap_or_clone(self);
        let env = Env { now: dates::now().0, random: js_sys::Math::random() };
        store.state.update(env, action);
        let asked = store.state.take_effects();
        store.effects.borrow_mut().extend(asked);
        Rc::new(store)
    }
}

/// Changes the state; equal for the whole life of the page.
#[derive(Clone, PartialEq)]
pub struct Dispatch(Callback<Action>);

impl Dispatch {
    /// Of this store.
    #[must_use]
    pub fn of(store: &UseReducerHandle<Store>) -> Self {
        let dispatcher = store.dispatcher();
        Self(Callback::from(move |action| dispatcher.dispatch(action)))
    }

    /// Something happened.
    pub fn send(&self, action: Action) {
        self.0.emit(action);
    }

    /// As a callback.
    #[must_use]
    pub fn callback(&self) -> Callback<Action> {
        self.0.clone()
    }
}

/// Changes the state, from a component.
#[hook]
pub fn use_dispatch() -> Dispatch {
    use_context::<Dispatch>().expect("App provides the dispatch to everything it draws")
}
