//! One question to the server at a time, on its way or refused.

use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{UseStateHandle, hook, use_state};

use crate::hooks::desk::{Desk, use_desk};

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Idle,
    Busy,
    Refused(Refusal),
}

/// A question, on its way or refused.
#[derive(Clone, PartialEq)]
pub struct Asking {
    desk: Desk,
    stage: UseStateHandle<Stage>,
}

impl Asking {
    /// Whether the answer is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        *self.stage == Stage::Busy
    }

    /// Why the last was refused.
    #[must_use]
    pub fn refused(&self) -> Option<Refusal> {
        match *self.stage {
            Stage::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Something was changed that was refused before.
    pub fn forget(&self) {
        if self.refused().is_some() {
            self.stage.set(Stage::Idle);
        }
    }

    /// Asks, unless the answer to the one before is under way; `then` gets what is answered.
    pub fn ask(&self, request: Request, then: impl FnOnce(Reply) + 'static) {
        if self.is_busy() {
            return;
        }
        self.stage.set(Stage::Busy);
        let (answer, stage) = (self.desk.request(request), self.stage.clone());
        spawn_local(async move {
            match answer.await {
                Ok(reply) => {
                    stage.set(Stage::Idle);
                    then(reply);
                }
                Err(refusal) => stage.set(Stage::Refused(refusal)),
            }
        });
    }
}

/// Nothing asked yet.
#[hook]
pub fn use_asking() -> Asking {
    let stage = use_state(Stage::default);
    Asking { desk: use_desk(), stage }
}
