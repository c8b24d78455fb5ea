//! Answers are submitted once, read by the host, and stay readable.

use quietroom_tests::support::fresh_id;
use shared_proto::codec;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Event;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask::{Ask, Told};
use shared_proto::form::fill::AnswerRule;
use shared_proto::form::score;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Request;

use super::{SAD, WHY, answers, ask, assignments, give, group, keep, opened, saved, short, submit};
use crate::conversations::{act, session};
use crate::given::device;

#[tokio::test]
async fn the_host_reads_what_was_submitted_with_what_it_counts() {
    let mut group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let told = submit(&group.bens, group.talk, entry, &answers("  I am sad  ", true)).await;
    let Ok(Told::Submitted { entry: submission }) = told else { panic!("{told:?}") };
    // Acknowledged is kept.
    group.server.kill9();
    group.server.restart().await;
    let host = device(&group.server, &group.hana).await;
    let (shown, template, read) = opened(&host, group.talk, entry).await.unwrap();
    assert_eq!(read, answers("I am sad", true), "tidied");
    assert_eq!(shown.submitted.map(|handed| handed.entry), Some(submission));
    assert_eq!((shown.to, shown.saved_at), (group.ben.id, shown.submitted.map(|h| h.at)));
    let totals = score::totals(&template.form, &read);
    let total = totals[0].expect("it is whole");
    assert_eq!((total.points, total.band.map(|band| band.label.as_str())), (3, Some("High")));
    let alerted: Vec<_> = score::alerts(&template.form, &read).iter().map(|i| i.link).collect();
    assert_eq!(alerted, [SAD]);
    let [listed] = &assignments(&host, group.talk).await[..] else { panic!() };
    assert!(listed.alerts && listed.submitted.map(|handed| handed.entry) == Some(submission));
    let bens = device(&group.server, &group.ben).await;
    let [own] = &assignments(&bens, group.talk).await[..] else { panic!() };
    assert!(!own.alerts, "what is alerted to is not theirs to see");
    let (_, filled, read) = opened(&bens, group.talk, entry).await.unwrap();
    assert_eq!(read, answers("I am sad", true), "they keep what they said");
    assert!(filled.form.scores.is_empty());
    group.verify().await;
}

#[tokio::test]
async fn two_devices_at_once_submit_one() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let phone = device(&group.server, &group.ben).await;
    let ask_for = |why: &str| Ask::Submit {
        conversation: group.talk,
        entry,
        client_message_id: fresh_id(),
        answers: codec::encode(&answers(why, false)),
    };
    let both = [(&group.bens, ask_for("one")), (&phone, ask_for("two"))];
    let begun = both
        .each_ref()
        .map(|(client, ask)| client.begin(Request::Form(ask.clone())).expect("the socket is open"));
    let mut results = Vec::new();
    for answer in begun {
        results.push(answer.await.unwrap().result);
    }
    let first = results.iter().position(Result::is_ok).expect("one is submitted");
    assert_eq!(results[1 - first], Err(Refusal::Submitted));
    let retried = both[first].0.request(Request::Form(both[first].1.clone())).await;
    assert_eq!(retried, results[first], "a retry is answered with what was stored first");
    let why = ["one", "two"][first];
    let (_, _, read) = opened(&group.host, group.talk, entry).await.unwrap();
    assert_eq!(read, answers(why, false));
    let late = answers("late", false);
    assert_eq!(keep(&phone, group.talk, entry, &late).await, Err(Refusal::Submitted));
    assert_eq!(submit(&phone, group.talk, entry, &late).await, Err(Refusal::Submitted));
    let said = group.host.history(group.talk).await;
    let submitted =
        said.iter().filter(|entry| matches!(Event::decode(entry), Ok(Event::Submitted(_))));
    assert_eq!(submitted.count(), 1);
    group.verify().await;
}

#[tokio::test]
async fn what_is_not_whole_is_not_submitted() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let mut half = Answers::default();
    half.set(WHY, Value::Text("half".into()));
    keep(&group.bens, group.talk, entry, &half).await.unwrap();
    let told = submit(&group.bens, group.talk, entry, &half).await;
    let Ok(Told::AnswerProblems(problems)) = told else { panic!("{told:?}") };
    assert_eq!((problems[0].item, problems[0].rule), (Some(SAD), AnswerRule::Missing));
    let (shown, _, kept) = opened(&group.bens, group.talk, entry).await.unwrap();
    assert_eq!((kept, shown.submitted), (half, None), "it is still theirs to fill in");
    // A submission has no way but its own.
    let command = Command::Submit { client_message_id: fresh_id(), assigned: entry };
    assert_eq!(act(&group.bens, group.talk, command).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn an_archived_conversation_keeps_its_forms_and_takes_no_more() {
    let group = group().await;
    let talk = session(&group.host, &[group.ben.id], None).await.unwrap();
    let form = saved(&group.host, short("Before we meet")).await;
    let [first, second] = [
        give(&group.host, talk, form, &[group.ben.id]).await.unwrap(),
        give(&group.host, talk, form, &[group.ben.id]).await.unwrap(),
    ];
    let (said, half) = (answers("said", true), answers("half", false));
    submit(&group.bens, talk, first, &said).await.unwrap();
    keep(&group.bens, talk, second, &half).await.unwrap();
    act(&group.host, talk, Command::Complete).await.unwrap();
    for client in [&group.host, &group.bens] {
        assert_eq!(opened(client, talk, first).await.unwrap().2, said);
        assert_eq!(assignments(client, talk).await.len(), 2);
    }
    assert_eq!(opened(&group.bens, talk, second).await.unwrap().2, half);
    let over = Err(Refusal::Ended);
    assert_eq!(keep(&group.bens, talk, second, &said).await, over);
    assert_eq!(submit(&group.bens, talk, second, &said).await, over);
    assert_eq!(give(&group.host, talk, form, &[group.ben.id]).await, Err(Refusal::Ended));
    group.verify().await;
}

#[tokio::test]
async fn who_was_removed_keeps_what_they_could_read() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let [first, second] = [
        give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap(),
        give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap(),
    ];
    let said = answers("said", true);
    submit(&group.bens, group.talk, first, &said).await.unwrap();
    act(&group.host, group.talk, Command::Remove { person: group.ben.id }).await.unwrap();
    assert_eq!(opened(&group.bens, group.talk, first).await.unwrap().2, said);
    assert_eq!(assignments(&group.bens, group.talk).await.len(), 2);
    let no_member = Err(Refusal::NoMember);
    assert_eq!(keep(&group.bens, group.talk, second, &said).await, no_member);
    assert_eq!(submit(&group.bens, group.talk, second, &said).await, no_member);
    assert_eq!(opened(&group.host, group.talk, first).await.unwrap().2, said);
    let opened_by_cara = ask(&group.caras, Ask::Open { conversation: group.talk, entry: first });
    assert_eq!(opened_by_cara.await, Err(Refusal::NotFound));
    group.verify().await;
}
