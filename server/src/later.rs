//! The clock of what is to be done later: it wakes when the next thing is due and hands it
//! to its room, which decides it then. What is due lies in the store, so that it is done also when
//! the server was down at that time.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use tokio::sync::Notify;

use crate::app::App;
use crate::clock;
use crate::hub::Hub;
use crate::room::{By, Message, Write};
use crate::store::{StoreError, activity, aside};

/// Longest time between two looks, for a wall clock that was set.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Time until what was due and could not be done is looked at again; doubles up to the longest.
const AGAIN: Duration = Duration::from_millis(250);

/// Tells the one task that looks that something else is due.
#[derive(Default)]
pub struct AlarmClock {
    set: Notify,
}

impl AlarmClock {
    /// Something new is due some time.
    pub fn set(&self) {
        self.set.notify_one();
    }
}

/// Hands to their rooms what is due, for as long as the server runs.
pub async fn run(app: Arc<App>) {
    let mut again = AGAIN;
    loop {
        let (ready, next) = match look(&app).await {
            Ok(looked) => looked,
            Err(error) => {
                tracing::error!(%error, "what is due could not be read");
                (0, None)
            }
        };
        let wait = if ready > 0 { again.min(until(next)) } else { until(next) };
        again = if ready > 0 { (again * 2).min(LONGEST_WAIT) } else { AGAIN };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = app.hub.clock.set.notified() => {}
        }
    }
}

fn until(next: Option<Millis>) -> Duration {
    let left = next.map(|next| Duration::from_millis(next.since(clock::now())));
    left.map_or(LONGEST_WAIT, |left| left.min(LONGEST_WAIT))
}

/// How many things are due, each handed to its room; and when the next is.
async fn look(app: &Arc<App>) -> Result<(usize, Option<Millis>), StoreError> {
    let (mut count, mut after) = (look_at_activity(app).await?, None);
    loop {
        let now = clock::now();
        let (ready, next) = app.store.read(move |store| aside::due(store, now, after)).await?;
        let Some(last) = ready.last().copied() else { return Ok((count, next)) };
        count += ready.len();
        after = Some(last);
        for (_, conversation, person, id) in ready {
            hand_over(&app.hub, conversation, person, Write::Due { id });
        }
    }
}

/// How many changes clients made are still to be told, each handed to its room.
async fn look_at_activity(app: &Arc<App>) -> Result<usize, StoreError> {
    let (mut count, mut after) = (0, None);
    loop {
        let waiting = app.store.read(move |store| activity::waiting(store, after)).await?;
        let Some(last) = waiting.last().copied() else { return Ok(count) };
        count += waiting.len();
        after = Some(last);
        for (conversation, client, revision) in waiting {
            hand_over(&app.hub, conversation, client, Write::Activity { revision });
        }
    }
}

fn hand_over(hub: &Arc<Hub>, conversation: ConversationId, person: PersonId, write: Write) {
    let Some(card) = hub.directory.card(person) else {
        // Nobody is ever removed.
        return tracing::error!(%conversation, %person, "something is due of nobody");
    };
    let message = Message::Write { by: By::Clock(Box::new(card)), write };
    if let Err((refusal, _)) = hub.send(conversation, message)
        && refusal != Refusal::Stopping
    {
        tracing::debug!(%conversation, "a room is too busy for what is due; it is asked again");
    }
}
