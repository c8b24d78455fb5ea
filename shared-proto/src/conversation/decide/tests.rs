use super::*;
use crate::conversation::apply::apply;
use crate::conversation::command::{New, Pickable, Reach, Target};
use crate::conversation::event::{Created, Message};
use crate::conversation::state::{Grant, Viewer};
use crate::entry::Entry;
use crate::id::{ClientMessageId, DivisionId, EntryId, FormId};
use crate::limits;
use crate::practice::CreateForInvited;
use crate::refusal::{Field, Rule};

mod beside;
mod files;
mod forms;
mod members;
mod quotes;
mod sessions;

fn person(n: u8, role: Role) -> PersonCard {
    PersonCard { id: PersonId::from_random([n; 16]), name: format!("Person {n}"), role }
}

fn picked(people: &[PersonCard]) -> Vec<Pickable> {
    let pickable = |card: &PersonCard| Pickable {
        card: card.clone(),
        account: Reach::Active,
        assigned: true,
        division: None,
    };
    people.iter().map(pickable).collect()
}

fn entry(n: u64, author: PersonId, decided: Decided) -> Entry {
    let (kind, body) = decided.event.encode();
    let id = EntryId::next(None, n, 0);
    Entry { id, at: Millis(n), author, audience: decided.audience, kind, body }
}

fn conversation(host: &PersonCard, others: &[PersonCard]) -> State {
    let mut state = State::absent(Viewer::Everyone);
    let participants = others.iter().map(|person| person.id).collect();
    let pickable = picked(others);
    let context = Context { pickable: &pickable, ..Context::of(host) };
    for decided in
        decide(&state, Command::Create(New::ongoing(participants)), &context).expect("created")
    {
        apply(&mut state, &entry(1, host.id, decided));
    }
    state
}

#[track_caller]
fn check_create(host: &PersonCard, named: &[PersonCard], pickable: usize, expect: Option<Refusal>) {
    let state = State::absent(Viewer::Everyone);
    let participants = named.iter().map(|person| person.id).collect();
    let pickable = picked(&named[..pickable]);
    let context = Context { pickable: &pickable, ..Context::of(host) };
    let given = decide(&state, Command::Create(New::ongoing(participants)), &context);
    assert_eq!(given.err(), expect);
}

#[test]
fn create_takes_1_to_25_known_people_once_each() {
    let invalid = |rule| Some(Refusal::invalid(Field::Participants, rule));
    let host = person(200, Role::Provider);
    let clients: Vec<_> = (1..=26).map(|n| person(n, Role::Client)).collect();
    check_create(&host, &clients[..1], 1, None);
    check_create(&host, &clients[..25], 25, None);
    check_create(&host, &clients, 26, invalid(Rule::TooMany { limit: 25 }));
    check_create(&host, &[], 0, invalid(Rule::Empty));
    check_create(&host, &clients[..2], 1, invalid(Rule::Unknown));
    check_create(&host, &[clients[0].clone(), clients[0].clone()], 2, invalid(Rule::Duplicate));
    check_create(&host, std::slice::from_ref(&host), 1, invalid(Rule::Duplicate));
    check_create(&person(200, Role::Owner), &clients[..1], 1, None);
    check_create(&clients[0], &clients[1..2], 1, Some(Refusal::NotAssigned));
}

#[test]
fn an_existing_conversation_is_not_created_again() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let pickable = picked(std::slice::from_ref(&client));
    let context = Context { pickable: &pickable, ..Context::of(&host) };
    let given = decide(&state, Command::Create(New::ongoing(vec![client.id])), &context);
    assert_eq!(given, Err(Refusal::NotFound));
}

#[track_caller]
fn check_send(text: &str, expect: Result<&str, Rule>) {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let command = Command::Send { client_message_id, text: text.to_owned(), quoted: None };
    let given = decide(&state, command, &Context::of(&client));
    let expect = expect
        .map(|text| to_all(Event::Message(Message { client_message_id, text: text.to_owned() })))
        .map_err(|rule| Refusal::invalid(Field::Text, rule));
    assert_eq!(given, expect);
}

#[test]
fn a_message_has_1_to_8000_scalars_after_trimming() {
    check_send("hello", Ok("hello"));
    check_send("  two\nlines \n", Ok("two\nlines"));
    check_send("", Err(Rule::Empty));
    check_send(" \n\t ", Err(Rule::Empty));
    check_send(&"a".repeat(8_000), Ok(&"a".repeat(8_000)));
    check_send(&"a".repeat(8_001), Err(Rule::TooLong { limit: 8_000 }));
    check_send(&"😀".repeat(8_000), Ok(&"😀".repeat(8_000)));
    check_send(&format!(" {} ", "😀".repeat(8_001)), Err(Rule::TooLong { limit: 8_000 }));
}

#[test]
fn a_stranger_is_answered_as_if_nothing_were_there() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, &[client]);
    let stranger = person(3, Role::Owner);
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let send = Command::Send { client_message_id, text: "hi".into(), quoted: None };
    let withdraw = Command::Withdraw { target: EntryId::MIN };
    let person = stranger.id;
    let others = [
        Command::Announce { text: "hi".into() },
        Command::Reschedule { starts_at: None },
        Command::Cancel,
        Command::Complete,
        Command::Add { person },
        Command::Remove { person },
        Command::Leave,
        Command::Assign {
            client_message_id,
            form: FormId::from_bytes([7; 16]),
            version: 1,
            to: vec![person],
        },
        Command::Submit { client_message_id, assigned: EntryId::MIN },
        Command::Share {
            client_message_id,
            file: crate::id::FileId::from_bytes([7; 16]),
            hidden_from: vec![],
        },
    ];
    for state in [&state, &State::absent(Viewer::Everyone)] {
        for command in [send.clone(), withdraw.clone()].into_iter().chain(others.clone()) {
            assert_eq!(decide(state, command, &Context::of(&stranger)), Err(Refusal::NotFound));
        }
    }
}

#[track_caller]
fn check_withdraw(by: u8, author: u8, withdrawn: bool, expect: Option<Refusal>) {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let people = [host, client];
    let message =
        Message { client_message_id: ClientMessageId::from_random([9; 16]), text: "x".into() };
    let decided = to_all(Event::Message(message)).remove(0);
    let target = entry(2, people[usize::from(author)].id, decided);
    let context = Context {
        target: Some(Target { entry: &target, withdrawn }),
        ..Context::of(&people[usize::from(by)])
    };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given.err(), expect);
}

#[test]
fn a_message_is_withdrawn_by_its_author_once() {
    check_withdraw(1, 1, false, None);
    check_withdraw(0, 0, false, None);
    check_withdraw(0, 1, false, Some(Refusal::NotAuthor));
    check_withdraw(1, 1, true, Some(Refusal::AlreadyWithdrawn));
}

#[test]
fn only_a_message_that_is_there_is_withdrawn() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let withdraw = |id| Command::Withdraw { target: id };
    let given = decide(&state, withdraw(EntryId::MIN), &Context::of(&host));
    assert_eq!(given, Err(Refusal::NotFound));
    let created = Created { host: host.id, participants: vec![client.id], division: None };
    let created = entry(1, host.id, to_all(Event::Created(created)).remove(0));
    let context = Context {
        target: Some(Target { entry: &created, withdrawn: false }),
        ..Context::of(&host)
    };
    assert_eq!(decide(&state, withdraw(created.id), &context), Err(Refusal::NotAMessage));
}

#[test]
fn a_withdrawal_reaches_exactly_those_who_saw_the_message() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let message =
        Message { client_message_id: ClientMessageId::from_random([9; 16]), text: "x".into() };
    let audience = Audience::Only(vec![host.id]);
    let decided = Decided { audience: audience.clone(), event: Event::Message(message) };
    let target = entry(2, host.id, decided);
    let context =
        Context { target: Some(Target { entry: &target, withdrawn: false }), ..Context::of(&host) };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given.expect("withdrawn")[0].audience, audience);
    let context = Context { actor: &client, ..context };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given, Err(Refusal::NotFound), "hidden answers as absent");
}

fn pickable(n: u8, role: Role, change: fn(&mut Pickable)) -> Pickable {
    let card = person(n, role);
    let mut pickable = Pickable { card, account: Reach::Active, assigned: false, division: None };
    change(&mut pickable);
    pickable
}

fn policies(client_start: ClientStart) -> Policies {
    Policies { client_start, ..Policies::OPEN }
}

/// What comes of `actor`, of division `here`, beginning a conversation with `others`.
fn begun(
    actor: &PersonCard,
    here: Option<DivisionId>,
    others: &[Pickable],
    policies: Policies,
) -> Option<Refusal> {
    let participants = others.iter().map(|other| other.card.id).collect();
    let context = Context { pickable: others, policies, division: here, ..Context::of(actor) };
    let state = State::absent(Viewer::Everyone);
    decide(&state, Command::Create(New::ongoing(participants)), &context).err()
}

#[test]
fn who_starts_by_every_value_of_the_policy_for_both_sides() {
    let (provider, client) = (person(1, Role::Provider), person(2, Role::Client));
    let assigned = pickable(3, Role::Provider, |p| p.assigned = true);
    let stranger = pickable(4, Role::Provider, |_| {});
    let own = pickable(5, Role::Client, |p| p.assigned = true);
    for (start, with_assigned, with_stranger) in [
        (ClientStart::Assigned, None, Some(Refusal::NotAssigned)),
        (
            ClientStart::AfterProviderFirst,
            Some(Refusal::ProviderFirst),
            Some(Refusal::ProviderFirst),
        ),
        (ClientStart::Never, Some(Refusal::SessionsOnly), Some(Refusal::SessionsOnly)),
    ] {
        let by = |actor, other: &Pickable| {
            begun(actor, None, std::slice::from_ref(other), policies(start))
        };
        assert_eq!(by(&client, &assigned), with_assigned, "{start:?}");
        assert_eq!(by(&client, &stranger), with_stranger, "{start:?}");
        assert_eq!(by(&provider, &own), None, "{start:?}");
        assert_eq!(may_start(Role::Client, &policies(start)).err(), with_assigned);
        assert_eq!(may_start(Role::Provider, &policies(start)), Ok(()));
    }
}

#[test]
fn who_writes_by_every_value_of_the_policy_and_the_table_for_the_owner_says_the_same() {
    use crate::practice::Writes;
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let before = conversation(&host, std::slice::from_ref(&client));
    let mut after = before.clone();
    let client_message_id = ClientMessageId::from_random([1; 16]);
    let said = Command::Send { client_message_id, text: "Hello".into(), quoted: None };
    let said = decide(&after, said, &Context::of(&host)).expect("decided");
    for decided in said {
        apply(&mut after, &entry(2, host.id, decided));
    }
    let invited = pickable(3, Role::Client, |p| p.account = Reach::NoAccount);
    let colleague = pickable(4, Role::Provider, |_| {});
    let assigned = pickable(5, Role::Provider, |p| p.assigned = true);
    for start in [ClientStart::Assigned, ClientStart::AfterProviderFirst, ClientStart::Never] {
        for create_for_invited in [CreateForInvited::Yes, CreateForInvited::No] {
            let policies = Policies { client_start: start, create_for_invited, ..Policies::OPEN };
            let write = |state| may_write(state, &client, &policies, true, Millis(0));
            let begin = |actor, other: &Pickable| {
                begun(actor, None, std::slice::from_ref(other), policies).is_none()
            };
            for writes in Writes::ALL {
                let possible = match writes {
                    Writes::ProviderToClient => {
                        begin(&host, &picked(std::slice::from_ref(&client))[0])
                    }
                    Writes::ProviderToInvited => {
                        begin(&host, &Pickable { assigned: true, ..invited.clone() })
                    }
                    Writes::ProviderToColleague => begin(&host, &colleague),
                    Writes::ClientToAssigned => begin(&client, &assigned),
                    Writes::ClientToOther => begin(&client, &colleague),
                    Writes::ClientFirst => write(&before).is_ok(),
                    Writes::ClientAnswers => write(&after).is_ok(),
                };
                assert_eq!(possible, writes.is_possible(&policies), "{writes:?} {policies:?}");
            }
            assert_eq!(may_write(&before, &host, &policies, true, Millis(0)), Ok(()));
        }
    }
}

#[test]
fn who_can_be_picked_by_account_and_policy() {
    let host = person(1, Role::Provider);
    let with = |account, create_for_invited| {
        let client = Pickable { account, ..pickable(2, Role::Client, |p| p.assigned = true) };
        begun(&host, None, &[client], Policies { create_for_invited, ..Policies::OPEN })
    };
    use CreateForInvited::{No, Yes};
    assert_eq!(with(Reach::Active, No), None);
    assert_eq!(with(Reach::NoAccount, Yes), None);
    assert_eq!(with(Reach::NoAccount, No), Some(Refusal::NoAccount));
    assert_eq!(with(Reach::PortalOff, Yes), Some(Refusal::PortalOff));
    assert_eq!(with(Reach::Suspended, Yes), Some(Refusal::Suspended));
}

#[test]
fn a_conversation_with_clients_stays_within_its_hosts_division() {
    const HERE: Option<DivisionId> = Some(DivisionId::from_bytes([1; 16]));
    const THERE: Option<DivisionId> = Some(DivisionId::from_bytes([2; 16]));
    let host = person(1, Role::Provider);
    let of =
        |n, role, division, assigned| Pickable { division, assigned, ..pickable(n, role, |_| {}) };
    let begun = |others: &[Pickable]| begun(&host, HERE, others, Policies::OPEN);
    let client = of(2, Role::Client, HERE, false);
    assert_eq!(begun(std::slice::from_ref(&client)), None);
    assert_eq!(begun(&[client.clone(), of(3, Role::Provider, HERE, false)]), None);
    let colleague = of(4, Role::Provider, THERE, false);
    assert_eq!(begun(&[client, colleague.clone()]), Some(Refusal::OtherDivision));
    assert_eq!(begun(&[colleague]), None, "colleagues among themselves");
    assert_eq!(begun(&[of(5, Role::Client, THERE, true)]), None, "an assigned client");
    let unknown = Refusal::invalid(Field::Participants, Rule::Unknown);
    assert_eq!(begun(&[of(5, Role::Client, THERE, false)]), Some(unknown));
}

#[test]
fn a_colleague_leads_who_takes_part_and_in_their_own_division() {
    const HERE: Option<DivisionId> = Some(DivisionId::from_bytes([1; 16]));
    const THERE: Option<DivisionId> = Some(DivisionId::from_bytes([2; 16]));
    let of = |n, role, division| Pickable { division, ..pickable(n, role, |_| {}) };
    let (colleague, client) = (of(2, Role::Provider, THERE), of(3, Role::Client, THERE));
    let opens = |role, own, host: Option<PersonId>, meant| {
        let actor = person(1, role);
        let others = [colleague.clone(), client.clone()];
        let participants = others.iter().map(|person| person.card.id).collect();
        let new = New { host, division: meant, ..New::ongoing(participants) };
        let context = Context { pickable: &others, division: own, ..Context::of(&actor) };
        let decided = decide(&State::absent(Viewer::Everyone), Command::Create(new), &context)?;
        let [Decided { event: Event::Begun(begun), .. }] = &decided[..] else { panic!() };
        Ok((begun.host, begun.participants.clone(), begun.division))
    };
    let id = |n| person(n, Role::Provider).id;
    let led = Ok((id(2), vec![id(1), id(3)], THERE));
    assert_eq!(opens(Role::Owner, None, Some(id(2)), None), led);
    assert_eq!(opens(Role::Owner, None, Some(id(2)), THERE), led);
    let wrong = Err(Refusal::invalid(Field::Division, Rule::Wrong));
    assert_eq!(opens(Role::Owner, None, Some(id(2)), HERE), wrong);
    let nobody = Err(Refusal::invalid(Field::Host, Rule::Unknown));
    assert_eq!(opens(Role::Owner, None, Some(id(3)), None), nobody, "a client leads nothing");
    assert_eq!(opens(Role::Owner, None, Some(id(9)), None), nobody, "who leads takes part");
    assert_eq!(opens(Role::Provider, THERE, Some(id(1)), THERE).unwrap().0, id(1));
    assert_eq!(opens(Role::Provider, THERE, Some(id(2)), None), led);
    let other = Err(Refusal::OtherDivision);
    assert_eq!(opens(Role::Owner, HERE, Some(id(2)), None), other, "an owner of a division");
}

#[test]
fn nobody_opens_a_conversation_with_clients_for_a_colleague_of_another_division() {
    const HERE: Option<DivisionId> = Some(DivisionId::from_bytes([1; 16]));
    const THERE: Option<DivisionId> = Some(DivisionId::from_bytes([2; 16]));
    let of = |n, role, division| {
        let assigned = role == Role::Client;
        Pickable { division, assigned, ..pickable(n, role, |_| {}) }
    };
    let (colleague, client) = (of(2, Role::Provider, THERE), of(3, Role::Client, THERE));
    let actor = person(1, Role::Provider);
    let opens = |others: &[Pickable]| {
        let participants = others.iter().map(|person| person.card.id).collect();
        let new = New { host: Some(colleague.card.id), ..New::ongoing(participants) };
        let context = Context { pickable: others, division: HERE, ..Context::of(&actor) };
        decide(&State::absent(Viewer::Everyone), Command::Create(new), &context).err()
    };
    let both = [colleague.clone(), client];
    assert_eq!(opens(&both), Some(Refusal::OtherDivision));
    assert_eq!(opens(&both[..1]), None, "colleagues among themselves");
}

#[test]
fn nothing_is_written_that_nobody_can_read() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let context = Context { reachable: false, ..Context::of(&host) };
    let client_message_id = ClientMessageId::from_random([1; 16]);
    let send = Command::Send { client_message_id, text: "Hello".into(), quoted: None };
    assert_eq!(decide(&state, send, &context), Err(Refusal::PortalOff));
}

#[test]
fn emergency_access_is_an_owners_is_announced_reads_only_and_ends() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let owner = person(3, Role::Owner);
    let mut state = conversation(&host, std::slice::from_ref(&client));
    let ask = |state: &State, actor: &PersonCard, reason: &str| {
        let command = Command::Emergency { reason: reason.into() };
        decide(state, command, &Context { now: Millis(1_000), ..Context::of(actor) })
    };
    let reason = "The client may be in danger";
    assert_eq!(ask(&state, &host, reason), Err(Refusal::OwnerOnly));
    let short = Refusal::invalid(Field::Reason, Rule::TooShort { limit: 10 });
    assert_eq!(ask(&state, &owner, "why"), Err(short));
    let nowhere = State::absent(Viewer::Everyone);
    assert_eq!(ask(&nowhere, &owner, reason), Err(Refusal::NotFound));
    let decided = ask(&state, &owner, reason).expect("granted").remove(0);
    assert_eq!(decided.audience, Audience::Members, "everyone in it is told");
    apply(&mut state, &entry(2, owner.id, decided));
    let end = Millis(1_000 + limits::EMERGENCY_MS);
    assert!(state.has_grant(owner.id, Millis(end.0 - 1)) && !state.has_grant(owner.id, end));
    assert!(!state.is_member(owner.id));
    let write = |now| {
        let client_message_id = ClientMessageId::from_random([1; 16]);
        let send = Command::Send { client_message_id, text: "Hello".into(), quoted: None };
        decide(&state, send, &Context { now, ..Context::of(&owner) })
    };
    assert_eq!(write(Millis(2_000)), Err(Refusal::ReadOnly));
    assert_eq!(write(end), Err(Refusal::NotFound), "as if there were nothing, again");
}

#[test]
fn who_was_a_member_once_reads_only_in_an_emergency_too() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let owner = person(3, Role::Owner);
    let mut state = conversation(&host, &[client, owner.clone()]);
    let write = |state: &State, now| {
        let client_message_id = ClientMessageId::from_random([1; 16]);
        let send = Command::Send { client_message_id, text: "Hello".into(), quoted: None };
        decide(state, send, &Context { now: Millis(now), ..Context::of(&owner) }).err()
    };
    let left = decide(&state, Command::Leave, &Context::of(&owner)).expect("left").remove(0);
    apply(&mut state, &entry(2, owner.id, left));
    assert_eq!(write(&state, 1_000), Some(Refusal::NoMember));
    let command = Command::Emergency { reason: "The client may be in danger".into() };
    let context = Context { now: Millis(1_000), ..Context::of(&owner) };
    let decided = decide(&state, command, &context).expect("granted").remove(0);
    apply(&mut state, &entry(3, owner.id, decided));
    assert_eq!(write(&state, 2_000), Some(Refusal::ReadOnly));
    assert_eq!(write(&state, 1_000 + limits::EMERGENCY_MS), Some(Refusal::NoMember), "again");
}

#[test]
fn whom_somebody_may_not_know_of_is_answered_like_nobody_at_all() {
    const THERE: Option<DivisionId> = Some(DivisionId::from_bytes([2; 16]));
    let [provider, client] = [person(1, Role::Provider), person(2, Role::Client)];
    let absent = |actor: &PersonCard| {
        let state = State::absent(Viewer::Everyone);
        let participants = vec![PersonId::from_random([99; 16])];
        decide(&state, Command::Create(New::ongoing(participants)), &Context::of(actor)).err()
    };
    for account in [Reach::Active, Reach::NoAccount, Reach::PortalOff, Reach::Suspended] {
        for create_for_invited in [CreateForInvited::Yes, CreateForInvited::No] {
            let policies = Policies { create_for_invited, ..Policies::OPEN };
            let elsewhere = pickable(3, Role::Client, |_| {});
            let elsewhere = Pickable { account, division: THERE, ..elsewhere };
            assert_eq!(begun(&provider, None, &[elsewhere], policies), absent(&provider));
            for role in [Role::Client, Role::Provider, Role::Owner] {
                let stranger = Pickable { account, ..pickable(4, role, |_| {}) };
                assert_eq!(begun(&client, None, &[stranger], policies), absent(&client));
            }
        }
    }
}

#[test]
fn one_more_emergency_does_not_end_another_before_its_time() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let mut state = conversation(&host, std::slice::from_ref(&client));
    let mut ask = |n: u8, now: u64| {
        let owner = person(n, Role::Owner);
        let command = Command::Emergency { reason: "The client may be in danger".into() };
        let context = Context { now: Millis(now), ..Context::of(&owner) };
        let decided = decide(&state, command, &context)?.remove(0);
        apply(&mut state, &entry(100 + now, owner.id, decided));
        Ok(state.grants.iter().filter(|grant: &&Grant| now < grant.until.0).count())
    };
    for n in 0..4 {
        assert_eq!(ask(10 + n, u64::from(n)), Ok(usize::from(n) + 1));
    }
    assert_eq!(ask(20, 5), Err(Refusal::Busy));
    assert_eq!(ask(10, 6), Ok(4), "one's own is only made longer");
    assert_eq!(ask(20, 1 + limits::EMERGENCY_MS), Ok(4), "in the place of one that has ended");
}
