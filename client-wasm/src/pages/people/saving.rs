//! A change to somebody, on its way or refused.

use shared_proto::id::PersonId;
use shared_proto::office::Ask;
use shared_proto::people::PersonChange;
use shared_proto::refusal::{Field as Input, Refusal};
use wasm_bindgen_futures::spawn_local;
use yew::{UseStateHandle, hook, use_effect_with, use_state};

use crate::browser;
use crate::hooks::desk::{Desk, use_desk};

/// How far a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Idle,
    Busy,
    Done,
    Refused(Refusal),
}

/// A change to somebody, on its way or refused.
#[derive(Clone, PartialEq)]
pub struct Saving {
    person: PersonId,
    desk: Desk,
    stage: UseStateHandle<Stage>,
}

impl Saving {
    /// Makes a change that has been `checked`; `then` when it is made.
    pub fn save(
        &self,
        checked: Result<(), Refusal>,
        change: PersonChange,
        then: impl FnOnce() + 'static,
    ) {
        if *self.stage == Stage::Busy {
            return;
        }
        if let Err(refusal) = checked {
            self.stage.set(Stage::Refused(refusal));
            return;
        }
        self.stage.set(Stage::Busy);
        let change = Ask::ChangePerson { person: self.person, change: Box::new(change) };
        let (answer, stage) = (self.desk.ask(change), self.stage.setter());
        spawn_local(async move {
            match answer.await {
                Ok(_) => {
                    then();
                    stage.set(Stage::Done);
                }
                Err(refusal) => stage.set(Stage::Refused(refusal)),
            }
        });
    }

    /// Whether it is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        *self.stage == Stage::Busy
    }

    /// Whether the last one was made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        *self.stage == Stage::Done
    }

    fn refusal(&self) -> Option<Refusal> {
        match *self.stage {
            Stage::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Why what was typed into this field was refused.
    #[must_use]
    pub fn of_field(&self, wanted: Input) -> Option<Refusal> {
        let of = |refusal: &Refusal| matches!(refusal, Refusal::Invalid { field, .. } if *field == wanted);
        self.refusal().filter(of)
    }

    /// Why it was refused, when that is about no field that is typed into.
    #[must_use]
    pub fn general(&self) -> Option<Refusal> {
        let typed = [Input::Name, Input::Email, Input::Phone, Input::ChartNumber, Input::Detail];
        self.refusal().filter(|_| typed.iter().all(|field| self.of_field(*field).is_none()))
    }
}

/// Changes of somebody.
#[hook]
pub fn use_saving(person: PersonId) -> Saving {
    let desk = use_desk();
    let stage = use_state(|| Stage::Idle);
    // What is wrong takes the focus, once it is drawn.
    use_effect_with(*stage, |stage| {
        if matches!(stage, Stage::Refused(_)) {
            browser::focus("[aria-invalid=true]");
        }
    });
    Saving { person, desk, stage }
}
