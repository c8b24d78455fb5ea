//! Away replies and activity.

use super::*;
use crate::conversation::event::{Activity, Away, Part};

const CLIENT: Role = Role::Client;

#[test]
fn a_client_is_answered_once_a_day_while_the_host_is_away_and_nobody_else_is() {
    let (host, colleague) = (person(1, Role::Provider), person(2, Role::Provider));
    let client = person(3, CLIENT);
    let talk = conversation(&host, &[colleague.clone(), client.clone()]);
    let gone = Absence { text: "Away", by: Some(Millis(9)), open: false, here: false, said: false };
    let said = Event::Away(Away { text: "Away".into(), by: Some(Millis(9)) });
    let said = Decided { audience: Audience::Members, event: said };
    let check = |actor: &PersonCard, absence: Absence<'_>, expect: Option<&Decided>| {
        assert_eq!(away(&talk, actor, &absence).as_ref(), expect, "{absence:?}");
    };
    check(&client, gone, Some(&said));
    check(&client, Absence { open: true, ..gone }, None);
    check(&client, Absence { here: true, ..gone }, None);
    check(&client, Absence { said: true, ..gone }, None);
    check(&client, Absence { text: "", ..gone }, None);
    check(&colleague, gone, None);
    check(&host, gone, None);
}

#[test]
fn a_change_is_told_to_the_providers_a_client_is_assigned_to() {
    let (host, other) = (person(1, Role::Provider), person(2, Role::Provider));
    let client = person(3, CLIENT);
    let pair = conversation(&host, std::slice::from_ref(&client));
    let group = conversation(&host, &[other.clone(), client.clone()]);
    let told = |state: &State, assigned: &[PersonId]| {
        let decided = activity(state, client.id, assigned, vec![Part::Phone]);
        decided.map(|decided| {
            assert_eq!(decided.event, Event::Activity(Activity { parts: vec![Part::Phone] }));
            decided.audience
        })
    };
    assert_eq!(told(&pair, &[host.id]), Some(Audience::Members));
    assert_eq!(told(&pair, &[other.id]), None, "the host is not theirs any more");
    assert_eq!(told(&group, &[host.id]), Some(Audience::Only(vec![host.id])));
    assert_eq!(told(&group, &[other.id, host.id]), Some(Audience::Members));
    let without = conversation(&host, std::slice::from_ref(&other));
    assert_eq!(told(&without, &[host.id]), None, "the client is not in it");
    assert_eq!(activity(&pair, client.id, &[host.id], Vec::new()), None, "nothing changed");
}
