//! Beginning a conversation, and going on with several after a reconnect.

use std::sync::Arc;

use shared_proto::conversation::command::{Command, Context, New, Pickable, Reach};
use shared_proto::conversation::decide::decide;
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::people::rules::{self, Actor, Does, With};
use shared_proto::people::{self, AccountState, NewPerson, PersonCard, PersonRow, Role};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Held, Invitee, Reply};
use tokio::sync::oneshot;

use super::gather::Resuming;
use super::{change, recorded, tell};
use crate::app::App;
use crate::clock;
use crate::hub::Hub;
use crate::office;
use crate::room::{Message, Write};
use crate::socket::session::{Asker, Session};

/// A new conversation. Its id is a keyed hash of who asks and their own id for it, so that a
/// retry finds the same one, and nobody else could have named it.
pub fn create(hub: &Arc<Hub>, asker: Asker, client_id: ClientMessageId, new: New) {
    if let Err(refusal) = bounded(new.participants.len()) {
        return asker.answer(Err(refusal));
    }
    let name = format!("{}/{client_id}", asker.session.person.id);
    let hash = hub.store.vault.name("conversation", &name);
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    let write = Write::Do { held: None, command: Command::Create(new) };
    change(hub, ConversationId::from_random(random), asker, write);
}

fn bounded(people: usize) -> Result<(), Refusal> {
    if people <= limits::MEMBERS * 2 {
        return Ok(());
    }
    let rule = Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 };
    Err(Refusal::invalid(Field::Participants, rule))
}

/// A new conversation, and people in it who have no account: those entered by name and email are
/// added first (O1b), and they and whoever was picked and waits for an invitation are invited (I8).
/// Nobody is, when the conversation would be refused.
pub async fn begin(
    app: &Arc<App>,
    asker: Asker,
    client_id: ClientMessageId,
    mut new: New,
    invited: &[Invitee],
) {
    let waiting = uninvited(app, &asker.session, &new.participants);
    if !invited.is_empty() || !waiting.is_empty() {
        match take_in(app, &asker.session, client_id, &new, (invited, &waiting)).await {
            Ok(people) => new.participants.extend(people),
            Err(refusal) => return asker.answer(Err(refusal)),
        }
    }
    create(&app.hub, asker, client_id, new);
}

/// Somebody is taken in. Who has no account and waits for an invitation is invited, as for a new
/// conversation (I8); nobody is, when they would be refused.
pub async fn add(app: &Arc<App>, asker: Asker, conversation: ConversationId, person: PersonId) {
    if !uninvited(app, &asker.session, &[person]).is_empty()
        && let Err(refusal) = invite_to(app, &asker.session, conversation, person).await
    {
        return asker.answer(Err(refusal));
    }
    let write = Write::Do { held: None, command: Command::Add { person } };
    change(&app.hub, conversation, asker, write);
}

async fn invite_to(
    app: &Arc<App>,
    session: &Session,
    conversation: ConversationId,
    person: PersonId,
) -> Result<(), Refusal> {
    let (answer, answered) = oneshot::channel();
    let message = Message::MayAdd { actor: Arc::clone(&session.person), person, answer };
    tell(&app.hub, conversation, message);
    answered.await.unwrap_or(Err(Refusal::Unavailable))?;
    Box::pin(office::invite::invite(app, session, person)).await.map(drop)
}

/// Those of `people` who have no account and no invitation, and can be sent one by who asks.
fn uninvited(app: &App, session: &Session, people: &[PersonId]) -> Vec<PersonId> {
    let Some(actor) = app.directory.actor(session.person.id) else { return Vec::new() };
    let rows = people.iter().filter_map(|person| app.directory.row(*person));
    let waits = |row: &PersonRow| {
        let may = rules::may_with(&actor, With::Invite, row).is_ok();
        row.account == AccountState::None && may
    };
    rows.filter(waits).map(|row| row.card.id).collect()
}

/// Adds and invites those who are entered by name and email, and invites those who wait for it; the
/// ids of who was added.
async fn take_in(
    app: &Arc<App>,
    session: &Arc<Session>,
    client_id: ClientMessageId,
    new: &New,
    (invited, waiting): (&[Invitee], &[PersonId]),
) -> Result<Vec<PersonId>, Refusal> {
    let actor = office::actor(app, session.person.id)?;
    rules::may(actor.role, Does::AddClient)?;
    bounded(new.participants.len() + invited.len())?;
    // They belong where the conversation does.
    let host = new.host.and_then(|host| app.directory.actor(host));
    let division = host.map_or(actor.division, |host| host.division);
    let mut added = Vec::with_capacity(invited.len());
    for (number, invitee) in invited.iter().enumerate() {
        let name = people::name(Field::Name, &invitee.name)?;
        let email = people::email(&invitee.email)?;
        let own = app.store.vault.name("invitee", &format!("{client_id}/{number}"));
        let mut random = [0; 16];
        random.copy_from_slice(&own[..16]);
        let own = ClientMessageId::from_random(random);
        let id = office::people::new_id(app, actor.id, own);
        let card = PersonCard { id, name: name.clone(), role: Role::Client };
        let person = NewPerson {
            name,
            email,
            phone: String::new(),
            chart_number: String::new(),
            role: Role::Client,
            division,
        };
        added.push((own, card, person));
    }
    rehearse(app, session, &actor, new, &added)?;
    let mut ids = Vec::with_capacity(added.len());
    for (own, card, person) in added {
        Box::pin(office::people::add(app, session, own, person)).await?;
        let row = app.directory.row(card.id);
        if row.is_some_and(|row| row.account == AccountState::None) {
            Box::pin(office::invite::invite(app, session, card.id)).await?;
        }
        ids.push(card.id);
    }
    for person in waiting {
        Box::pin(office::invite::invite(app, session, *person)).await?;
    }
    Ok(ids)
}

/// What the conversation would come to, by the rules that decide it.
fn rehearse(
    app: &App,
    session: &Session,
    actor: &Actor,
    new: &New,
    added: &[(ClientMessageId, PersonCard, NewPerson)],
) -> Result<(), Refusal> {
    let mut pickable = app.directory.pickable(actor.id, &new.participants);
    let mut new = new.clone();
    for (_, card, person) in added {
        new.participants.push(card.id);
        pickable.push(Pickable {
            card: card.clone(),
            account: Reach::NoAccount,
            assigned: true,
            division: person.division,
        });
    }
    let context = Context {
        division: actor.division,
        now: clock::now(),
        policies: app.practice.policies(),
        pickable: &pickable,
        ..Context::of(&session.person)
    };
    decide(&State::absent(Viewer::Everyone), Command::Create(new), &context).map(drop)
}

/// What is new in the conversations the client shows.
pub async fn resume(hub: &Arc<Hub>, asker: Asker, held: &[Held]) {
    if held.len() > limits::RESUME_CONVERSATIONS {
        let rule = Rule::TooMany { limit: limits::RESUME_CONVERSATIONS as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Conversations, rule)));
    }
    if held.is_empty() {
        return asker.answer(Ok(Reply::Done));
    }
    let conversations: Vec<_> = held.iter().map(|held| held.conversation).collect();
    let Some(asker) = recorded(hub, asker, &conversations).await else { return };
    let resuming = Resuming::new(asker, held.len());
    for held in held {
        let message = Message::Resume { resuming: Arc::clone(&resuming), last: held.last };
        tell(hub, held.conversation, message);
    }
}
