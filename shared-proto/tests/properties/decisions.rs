//! Whatever anybody tries, the state is the fold of what was accepted.

use proptest::prelude::*;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::command::{
    Command, Context, FormCard, Given, New, Pickable, Reach, Target, Uploaded, Whole,
};
use shared_proto::conversation::decide::decide;
use shared_proto::conversation::event::{Decided, Event, Shared, Start, Withdrawn};
use shared_proto::conversation::state::State;
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::{PersonCard, Role};
use shared_proto::practice::graphemes;
use shared_proto::refusal::{Field, Refusal};
use shared_proto::time::Millis;

use crate::logs::file;
use crate::tries::{BETWEEN_MS, Try, tries};
use crate::{PEOPLE, card, fold, id, nothing};

proptest! {
    #[test]
    fn the_state_is_the_fold_of_what_was_accepted_and_nothing_else(tries in tries()) {
        let pickable = |n| Pickable {
            card: card(n),
            account: Reach::Active,
            assigned: false,
            division: None,
        };
        let pickable: Vec<Pickable> = (0..PEOPLE).map(pickable).collect();
        let Shared { file, name, kind, bytes, pixels, hash, .. } = file();
        let whole = Some(Whole { pixels, hash });
        let uploaded = Uploaded { file, name, kind, bytes, whole };
        let mut state = nothing();
        let mut log: Vec<Entry> = Vec::new();
        let mut withdrawn: Vec<EntryId> = Vec::new();
        let mut given: Vec<(EntryId, PersonId, bool)> = Vec::new();
        for (step, attempt) in tries.into_iter().enumerate() {
            let (actor, command) = match attempt {
                Try::Do(actor, command) => (actor, command),
                Try::Create(actor, named) => {
                    let session = (named.len() % 2 == 0).then(|| Start {
                        at: (named.len() % 4 == 0).then_some(Millis((step as u64 + 3) * BETWEEN_MS)),
                    });
                    let named = named.into_iter().map(id).collect();
                    (actor, Command::Create(New { session, ..New::ongoing(named) }))
                }
                Try::Send(actor, text) => {
                    let client_message_id = ClientMessageId::from_random([step as u8; 16]);
                    let quoted = log.iter().rev().nth(text.len() % 7).map(|entry| entry.id);
                    let quoted = quoted.filter(|_| text.len() % 3 == 0);
                    (actor, Command::Send { client_message_id, text, quoted })
                }
                Try::Emergency(actor, reason) => (actor, Command::Emergency { reason }),
                Try::Submit(actor, which) => {
                    let assigned = (!given.is_empty()).then(|| given[which.index(given.len())].0);
                    let assigned = assigned.unwrap_or(EntryId::MIN);
                    let client_message_id = ClientMessageId::from_random([step as u8; 16]);
                    (actor, Command::Submit { client_message_id, assigned })
                }
                Try::Withdraw(actor, target) => {
                    let target = (!log.is_empty()).then(|| log[target.index(log.len())].id);
                    (actor, Command::Withdraw { target: target.unwrap_or(EntryId::MIN) })
                }
            };
            let target = command.target();
            let target = target.and_then(|id| log.iter().find(|entry| entry.id == id));
            let target = target.map(|entry| Target {
                entry,
                withdrawn: withdrawn.contains(&entry.id),
            });
            let actor = card(actor);
            let now = Millis(step as u64 * BETWEEN_MS);
            let title = "Before we meet";
            let wanted = match &command {
                Command::Submit { assigned, .. } => Some(*assigned),
                _ => None,
            };
            let wanted = given.iter().find(|(entry, ..)| Some(*entry) == wanted).copied();
            let context = Context {
                pickable: &pickable,
                target,
                now,
                form: (step % 5 > 0).then_some(FormCard { title, retired: step % 7 == 0 }),
                given: wanted.map(|(_, to, submitted)| Given { to, title, submitted }),
                file: Some(&uploaded),
                ..Context::of(&actor)
            };
            let before = state.clone();
            let decided = decide(&state, command.clone(), &context);
            prop_assert_eq!(&state, &before);
            match command {
                Command::Create { .. } => {}
                Command::Emergency { .. } => check_emergency(&state, &actor, &decided)?,
                _ => {
                    let reads = state.grants.iter().any(|grant| {
                        grant.person == actor.id && now < grant.until
                    });
                    let refused = match (state.member(actor.id), reads) {
                        (_, true) => Refusal::ReadOnly,
                        (Some(_), false) => Refusal::NoMember,
                        (None, false) => Refusal::NotFound,
                    };
                    if !state.is_member(actor.id) {
                        prop_assert_eq!(&decided, &Err(refused));
                    } else if state.ended().is_some() {
                        prop_assert_eq!(&decided, &Err(Refusal::Ended));
                    }
                }
            }
            let waits = state.waits_for(now).is_some();
            let host = state.host() == Some(actor.id);
            for decided in decided.unwrap_or_default() {
                match &decided.event {
                    Event::Message(_) | Event::Quoting(_) => {
                        let said = decided.event.clone().said().and_then(|said| said.text);
                        let text = said.expect("what was written");
                        prop_assert!(limits::MESSAGE_SCALARS.contains(&text.chars().count()));
                        prop_assert_eq!(text.trim(), &text);
                        prop_assert!(!waits, "before the start");
                    }
                    Event::Begun(begun) => {
                        prop_assert!(limits::PARTICIPANTS.contains(&begun.participants.len()));
                        prop_assert!(actor.role.is_provider());
                    }
                    Event::Announced(announced) => {
                        prop_assert!(host && graphemes(&announced.text) <= 120);
                    }
                    Event::Rescheduled(_) | Event::Cancelled => prop_assert!(host && waits),
                    Event::Completed => prop_assert!(host && !waits && state.session.is_some()),
                    Event::Added(added) => {
                        prop_assert!(host && !state.is_member(added.person));
                        prop_assert!(state.current().count() < limits::MEMBERS);
                    }
                    Event::Left(left) => {
                        prop_assert!(host || left.person == actor.id);
                        prop_assert!(Some(left.person) != state.host());
                        prop_assert!(state.current().count() > 2);
                    }
                    Event::Withdrawn(Withdrawn { target }) => {
                        prop_assert!(!withdrawn.contains(target));
                        withdrawn.push(*target);
                    }
                    Event::Emergency(emergency) => {
                        prop_assert_eq!(emergency.person, actor.id);
                        prop_assert_eq!(&emergency.name, &actor.name);
                        prop_assert_eq!(emergency.until, Millis(now.0 + limits::EMERGENCY_MS));
                        prop_assert_eq!(emergency.reason.trim(), &emergency.reason);
                        let count = emergency.reason.chars().count();
                        prop_assert!(limits::REASON_SCALARS.contains(&count));
                        prop_assert_eq!(&decided.audience, &Audience::Members);
                    }
                    Event::Assigned(body) => {
                        prop_assert!(host && state.is_member(body.to) && body.to != actor.id);
                        let mut between = vec![actor.id, body.to];
                        between.sort_unstable();
                        prop_assert_eq!(&decided.audience, &Audience::Only(between));
                    }
                    Event::Submitted(body) => {
                        let found = given.iter_mut().find(|(entry, ..)| *entry == body.assigned);
                        let (_, to, submitted) = found.expect("a form that was given");
                        prop_assert!(*to == actor.id && !*submitted, "once, by whom it was given");
                        *submitted = true;
                        let mut between = vec![actor.id];
                        between.extend(state.host());
                        between.sort_unstable();
                        prop_assert_eq!(&decided.audience, &Audience::Only(between));
                    }
                    Event::Shared(_) => {
                        prop_assert!(!waits, "before the start");
                        if let Audience::Only(people) = &decided.audience {
                            prop_assert!(people.is_sorted_by(|one, next| one < next));
                            prop_assert!(!people.is_empty() && !people.contains(&actor.id));
                            prop_assert!(people.iter().all(|person| state.is_member(*person)));
                        }
                    }
                    Event::Activity(_) | Event::Away(_) => {
                        prop_assert!(false, "nobody asks for it");
                    }
                    Event::Created(_) | Event::Redacted(_) | Event::RedactedQuoting(_) => {
                        prop_assert!(false, "never written");
                    }
                }
                let granted = matches!(decided.event, Event::Emergency(_));
                let gives = match &decided.event {
                    Event::Assigned(body) => Some(body.to),
                    _ => None,
                };
                let (kind, body) = decided.event.encode();
                let id = EntryId::next(log.last().map(|entry| entry.id), step as u64, 5);
                let (at, author, audience) = (now, actor.id, decided.audience);
                let entry = Entry { id, at, author, audience, kind, body };
                apply(&mut state, &entry);
                if granted {
                    let end = Millis(now.0 + limits::EMERGENCY_MS);
                    prop_assert!(state.has_grant(actor.id, now));
                    prop_assert!(state.has_grant(actor.id, Millis(end.0 - 1)));
                    prop_assert!(!state.has_grant(actor.id, end));
                    prop_assert!(!state.is_member(actor.id));
                }
                given.extend(gives.map(|to| (id, to, false)));
                log.push(entry);
            }
        }
        prop_assert_eq!(&fold(&nothing(), &log), &state);
        prop_assert_eq!(state.created.map(|created| created.host), log.first().map(|e| e.author));
    }
}

/// What an emergency is answered: owners only, for what there is, and nothing new for members.
fn check_emergency(
    state: &State,
    actor: &PersonCard,
    decided: &Result<Vec<Decided>, Refusal>,
) -> Result<(), TestCaseError> {
    match decided {
        _ if actor.role != Role::Owner => prop_assert_eq!(decided, &Err(Refusal::OwnerOnly)),
        Err(refusal) => {
            let reason = matches!(refusal, Refusal::Invalid { field: Field::Reason, .. });
            let absent = *refusal == Refusal::NotFound && state.created.is_none();
            prop_assert!(reason || absent, "{:?}", refusal);
        }
        Ok(events) => {
            prop_assert!(state.created.is_some());
            prop_assert_eq!(events.len(), usize::from(!state.is_member(actor.id)));
        }
    }
    Ok(())
}
