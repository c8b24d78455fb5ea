use super::*;
use crate::people::PersonCard;

const ADULTS: DivisionId = DivisionId::from_bytes([1; 16]);
const CHILDREN: DivisionId = DivisionId::from_bytes([2; 16]);
const ACTOR: PersonId = PersonId::from_bytes([0xaa; 16]);

fn actor(role: Role) -> Actor {
    Actor { id: ACTOR, role, division: Some(ADULTS) }
}

fn person(role: Role, division: DivisionId) -> PersonRow {
    PersonRow {
        card: PersonCard { id: PersonId::from_bytes([0xbb; 16]), name: "B".into(), role },
        account: AccountState::None,
        email: "b@example.org".into(),
        phone: String::new(),
        chart_number: String::new(),
        division: Some(division),
        assigned: Vec::new(),
        portal: true,
    }
}

#[test]
fn what_a_role_does_with_the_practice() {
    use Does::*;
    let allowed =
        |role| Does::ALL.into_iter().filter(|d| may(role, *d).is_ok()).collect::<Vec<_>>();
    assert_eq!(allowed(Role::Owner), Does::ALL);
    assert_eq!(allowed(Role::Provider), [ListPeople, AddClient, BuildForms, KeepDesk]);
    assert_eq!(allowed(Role::Client), []);
    assert_eq!(may(Role::Client, ListPeople), Err(Refusal::ProviderOnly));
    assert_eq!(may(Role::Provider, ReadAudit), Err(Refusal::OwnerOnly));
}

#[test]
fn whom_somebody_does_not_see_is_not_there_whatever_they_want_of_them() {
    let elsewhere = person(Role::Client, CHILDREN);
    for does in With::ALL {
        let refused = Err(Refusal::NotFound);
        assert_eq!(may_with(&actor(Role::Provider), does, &elsewhere), refused, "{does:?}");
        assert_eq!(may_with(&actor(Role::Client), does, &elsewhere), refused, "{does:?}");
        let near = person(Role::Client, ADULTS);
        assert_eq!(may_with(&actor(Role::Client), does, &near), refused, "{does:?}");
    }
    let mut assigned = elsewhere;
    assigned.assigned.push(ACTOR);
    assert_eq!(may_with(&actor(Role::Provider), With::See, &assigned), Ok(()));
}

#[test]
fn what_each_role_does_with_a_client_and_with_a_colleague() {
    use With::*;
    let allowed = |role, person: &PersonRow| {
        let may = |does: &With| may_with(&actor(role), *does, person).is_ok();
        With::ALL.into_iter().filter(may).collect::<Vec<_>>()
    };
    let client = person(Role::Client, ADULTS);
    let colleague = person(Role::Provider, CHILDREN);
    assert_eq!(
        allowed(Role::Owner, &client),
        [See, Contact, Details, Invite, Portal, Suspend, Assign, Division, Consents]
    );
    assert_eq!(
        allowed(Role::Provider, &client),
        [See, Contact, Details, Invite, Portal, Assign, Division, Consents]
    );
    assert_eq!(allowed(Role::Owner, &colleague), [See, Contact, Invite, Suspend, Owner, Division]);
    assert_eq!(allowed(Role::Provider, &colleague), [See]);
}

#[test]
fn who_can_be_invited() {
    let invite = |change: fn(&mut PersonRow)| {
        let mut client = person(Role::Client, ADULTS);
        change(&mut client);
        may_with(&actor(Role::Provider), With::Invite, &client)
    };
    assert_eq!(invite(|_| {}), Ok(()));
    const INVITED: AccountState = AccountState::Invited { until: crate::time::Millis(1) };
    assert_eq!(invite(|c| c.account = INVITED), Ok(()), "again");
    assert_eq!(invite(|c| c.account = AccountState::Active), Err(Refusal::HasAccount));
    assert_eq!(invite(|c| c.account = AccountState::Suspended), Err(Refusal::Suspended));
    assert_eq!(invite(|c| c.email.clear()), Err(Refusal::NoEmail));
    assert_eq!(invite(|c| c.portal = false), Err(Refusal::PortalOff));
}

#[test]
fn who_can_be_sent_a_link_to_a_new_password() {
    let reset = |role, change: fn(&mut PersonRow)| {
        let mut other = person(Role::Client, ADULTS);
        other.account = AccountState::Active;
        change(&mut other);
        may_with(&actor(role), With::Reset, &other)
    };
    assert_eq!(reset(Role::Provider, |_| {}), Ok(()));
    assert_eq!(reset(Role::Provider, |c| c.account = AccountState::None), Err(Refusal::NoAccount));
    let suspended = reset(Role::Owner, |c| c.account = AccountState::Suspended);
    assert_eq!(suspended, Err(Refusal::Suspended));
    assert_eq!(reset(Role::Provider, |c| c.email.clear()), Err(Refusal::NoEmail));
    assert_eq!(reset(Role::Provider, |c| c.portal = false), Err(Refusal::PortalOff));
    assert_eq!(reset(Role::Provider, |c| c.card.role = Role::Provider), Err(Refusal::OwnerOnly));
    assert_eq!(reset(Role::Owner, |c| c.card.role = Role::Provider), Ok(()));
    assert_eq!(reset(Role::Client, |_| {}), Err(Refusal::NotFound));
}
