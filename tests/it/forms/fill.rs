//! What somebody has answered so far: the same on all their devices, and theirs alone.

use quietroom_tests::support::TestClient;
use shared_proto::codec;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask::{Ask, Happened, Told};
use shared_proto::form::fill::AnswerRule;
use shared_proto::form::{ChoiceId, LinkId};
use shared_proto::id::EntryId;
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, Request, ServerEvent};

use super::{WHY, answers, ask, assignments, give, group, keep, opened, saved, short, submit};
use crate::conversations::session;
use crate::given::{contents, device};

/// The answers another device of the same person is told of.
async fn heard(client: &TestClient, of: EntryId) -> Answers {
    let bytes = client
        .event("answers that are kept", |arrival| match &arrival.event {
            ServerEvent::Form(Happened::Kept { entry, answers, .. }) if *entry == of => {
                Some(answers.clone())
            }
            _ => None,
        })
        .await;
    codec::decode(&bytes).unwrap()
}

fn half(text: &str) -> Answers {
    let mut answers = Answers::default();
    answers.set(WHY, Value::Text(text.into()));
    answers
}

#[tokio::test]
async fn two_devices_agree_and_what_is_kept_survives_kill_9() {
    let mut group = group().await;
    let mut body = short("Before we meet");
    let (link, like) = (body.new_link(), body.items[0].clone());
    let kind = shared_proto::form::Kind::LongText;
    body.items.push(shared_proto::form::Item { link, kind, required: false, ..like });
    let form = saved(&group.host, body).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let phone = device(&group.server, &group.ben).await;
    // Of several stored values, then of fewer.
    let mut long = half("half a");
    long.set(link, Value::Text("ü".repeat(4_000)));
    for kept in [&half("half"), &long, &half("half a sentence")] {
        let told = keep(&group.bens, group.talk, entry, kept).await;
        assert!(matches!(told, Ok(Told::Kept { .. })), "{told:?}");
        assert_eq!(heard(&phone, entry).await, *kept);
    }
    assert!(
        group
            .bens
            .take_events()
            .iter()
            .all(|arrival| { !matches!(arrival.event, ServerEvent::Form(_)) }),
        "who keeps them knows"
    );
    let (shown, template, kept) = opened(&phone, group.talk, entry).await.unwrap();
    assert_eq!(kept, half("half a sentence"));
    assert!(shown.saved_at.is_some() && shown.submitted.is_none());
    assert!(template.form.scores.is_empty(), "what counts is not theirs to see");
    assert!(template.form.items.iter().all(|item| item.alert.is_none()));
    keep(&phone, group.talk, entry, &long).await.unwrap();
    group.server.kill9();
    group.server.restart().await;
    let tablet = device(&group.server, &group.ben).await;
    assert_eq!(opened(&tablet, group.talk, entry).await.unwrap().2, long);
    group.verify().await;
}

#[tokio::test]
async fn the_host_sees_nothing_of_it_before_it_is_submitted() {
    let mut group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    keep(&group.bens, group.talk, entry, &half("what I dare not say")).await.unwrap();
    let (shown, template, kept) = opened(&group.host, group.talk, entry).await.unwrap();
    assert_eq!((kept, shown.saved_at, shown.submitted), (Answers::default(), None, None));
    assert_eq!(template.form.scores.len(), 1);
    group.host.settle().await;
    let events = group.host.take_events();
    assert!(events.iter().all(|arrival| !matches!(arrival.event, ServerEvent::Form(_))));
    group.server.sigterm().await;
    for (path, bytes) in contents(group.server.data()) {
        let found = bytes.windows(8).any(|part| part == b"dare not");
        assert!(!found, "{} holds an answer", path.display());
    }
}

#[tokio::test]
async fn what_cannot_be_an_answer_is_not_kept() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    keep(&group.bens, group.talk, entry, &half("kept")).await.unwrap();
    let with = |link, value| {
        let mut answers = Answers::default();
        answers.set(link, value);
        answers
    };
    for (wrong, rule) in [
        (with(LinkId(99), Value::YesNo(true)), AnswerRule::Unknown),
        (with(WHY, Value::YesNo(true)), AnswerRule::WrongKind),
        (with(super::SAD, Value::One(ChoiceId(99))), AnswerRule::NoSuchChoice),
        (half(&"x".repeat(201)), AnswerRule::TooLong { limit: 200 }),
    ] {
        let told = keep(&group.bens, group.talk, entry, &wrong).await;
        let Ok(Told::AnswerProblems(problems)) = told else { panic!("{told:?}") };
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), [rule]);
    }
    let raw = |answers: Vec<u8>| Ask::Keep { conversation: group.talk, entry, answers };
    let malformed = Err(Refusal::invalid(Field::Form, Rule::Malformed));
    // Twice the same item; more than there is; nothing at all.
    for bytes in [vec![2, 1, 3, 1, 1, 3, 1], vec![0xff; 20], vec![]] {
        assert_eq!(ask(&group.bens, raw(bytes)).await, malformed);
    }
    let rule = Rule::TooLong { limit: limits::ANSWERS_BYTES as u32 };
    let too_long = ask(&group.bens, raw(vec![0; limits::ANSWERS_BYTES + 1])).await;
    assert_eq!(too_long, Err(Refusal::invalid(Field::Form, rule)));
    assert_eq!(opened(&group.bens, group.talk, entry).await.unwrap().2, half("kept"));
}

#[tokio::test]
async fn an_intake_is_filled_in_before_the_session_starts() {
    let group = group().await;
    let at = Millis(u64::try_from(crate::clock::now()).unwrap() + 3_600_000);
    let talk = session(&group.host, &[group.ben.id], Some(at)).await.unwrap();
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, talk, form, &[group.ben.id]).await.unwrap();
    assert!(group.bens.request(group.bens.message(talk, "too early")).await.is_err());
    keep(&group.bens, talk, entry, &half("half")).await.unwrap();
    let told = submit(&group.bens, talk, entry, &answers("whole", false)).await;
    assert!(matches!(told, Ok(Told::Submitted { .. })), "{told:?}");
}

#[tokio::test]
async fn completing_a_session_says_first_who_has_a_form_open() {
    let group = group().await;
    let talk = session(&group.host, &[group.ben.id, group.cara.id], None).await.unwrap();
    let form = saved(&group.host, short("Before we meet")).await;
    give(&group.host, talk, form, &[group.ben.id, group.cara.id]).await.unwrap();
    give(&group.host, talk, form, &[group.cara.id]).await.unwrap();
    let open = async || match group.host.request(Request::Rehearse { conversation: talk }).await {
        Ok(Reply::Rehearsal(rehearsal)) => rehearsal.forms,
        other => panic!("{other:?}"),
    };
    let mut both = vec![group.ben.id, group.cara.id];
    both.sort_unstable();
    let mut found = open().await;
    found.sort_unstable();
    assert_eq!(found, both, "each once");
    let mine = assignments(&group.bens, talk).await[0].entry;
    submit(&group.bens, talk, mine, &answers("done", false)).await.unwrap();
    assert_eq!(open().await, [group.cara.id]);
}
