//! The forms of a practice: saved in versions that stay, taken from the library, taken out of offer.

use quietroom_tests::support::fresh_id;
use shared_proto::codec;
use shared_proto::desk::News;
use shared_proto::form::ask::{Ask, Known, Listing, Source, Told};
use shared_proto::form::check::{FormRule, Part};
use shared_proto::form::{Form, Item, Kind};
use shared_proto::id::FormId;
use shared_proto::limits;
use shared_proto::office::Changed;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::ServerEvent;

use super::{ask, give, group, save, saved, short, template};
use crate::desk::news;
use crate::given::device;
use crate::office::three;

async fn list(client: &quietroom_tests::support::TestClient) -> Vec<Listing> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        match ask(client, Ask::List { after }).await {
            Ok(Told::Forms { forms, people, more }) => {
                let changed = forms.iter().filter_map(|form| form.changed);
                for changed in changed {
                    assert!(people.iter().any(|card| card.id == changed.person));
                }
                after = forms.last().map(|form| form.id);
                all.extend(forms);
                if !more {
                    return all;
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn each_version_stays_as_it_was_saved_over_kill_9_too() {
    let mut three = three().await;
    let mut body = short("  Before we meet ");
    let form = saved(&three.provider, body.clone()).await;
    body.title = "Before we meet again".into();
    let again = save(&three.owner, Some(form), 1, &body).await;
    assert_eq!(again, Ok(Told::Saved { form, version: 2 }), "a colleague goes on with it");
    assert_eq!(save(&three.provider, Some(form), 2, &body).await, again, "no different");
    body.title = "Another".into();
    let late = save(&three.provider, Some(form), 1, &body).await;
    assert_eq!(late, Err(Refusal::Outdated), "somebody else saved it meanwhile");
    three.server.kill9();
    three.server.restart().await;
    let provider = device(&three.server, &three.samuel).await;
    let first = template(&provider, form, Some(1)).await;
    assert_eq!((first.version, first.form.title.as_str()), (1, "Before we meet"));
    let latest = template(&provider, form, None).await;
    assert_eq!((latest.version, latest.form.title.as_str()), (2, "Before we meet again"));
    let third = ask(&provider, Ask::Read { form, version: Some(3) }).await;
    assert_eq!(third, Err(Refusal::NotFound));
    let all = list(&provider).await;
    let listed = all.iter().find(|listing| listing.id == form).unwrap();
    assert_eq!((listed.version, listed.questions, listed.source), (2, 2, Source::Own));
    assert_eq!(listed.changed.unwrap().person, three.dana.id);
    three.server.sigterm().await;
    three.server.succeed(&["verify", "--data", three.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn every_provider_is_told_when_the_forms_are_others_and_no_client() {
    let three = three().await;
    let form = saved(&three.provider, short("Before we meet")).await;
    for client in [&three.provider, &three.owner] {
        news(client, News::Forms).await;
    }
    let body = short("Before we meet again");
    save(&three.owner, Some(form), 1, &body).await.unwrap();
    news(&three.provider, News::Forms).await;
    ask(&three.owner, Ask::Retire { form, retired: true }).await.unwrap();
    news(&three.provider, News::Forms).await;
    // Nobody is told of what changed nothing, or was refused.
    drop(three.provider.take_events());
    ask(&three.owner, Ask::Retire { form, retired: true }).await.unwrap();
    save(&three.owner, Some(form), 2, &body).await.unwrap();
    save(&three.owner, Some(form), 1, &short("Late")).await.unwrap_err();
    three.provider.settle().await;
    three.client.settle().await;
    for client in [&three.provider, &three.client] {
        let told = client.take_events().into_iter().map(|arrival| arrival.event);
        let told: Vec<_> =
            told.filter(|event| matches!(event, ServerEvent::Changed(Changed::Desk(_)))).collect();
        assert_eq!(told, [], "{}", client.me().name);
    }
}

#[tokio::test]
async fn a_retry_is_answered_with_the_version_it_made() {
    let three = three().await;
    let mut body = short("Before we meet");
    let new =
        Ask::Save { client_id: fresh_id(), form: None, version: 0, body: codec::encode(&body) };
    let Ok(Told::Saved { form, version: 1 }) = ask(&three.provider, new.clone()).await else {
        panic!()
    };
    body.description = "Take your time".into();
    let body = codec::encode(&body);
    let next = Ask::Save { client_id: fresh_id(), form: Some(form), version: 1, body };
    for _ in 0..2 {
        let told = ask(&three.provider, next.clone()).await;
        assert_eq!(told, Ok(Told::Saved { form, version: 2 }));
        let told = ask(&three.provider, new.clone()).await;
        assert_eq!(told, Ok(Told::Saved { form, version: 1 }));
    }
    // Somebody else's own id for theirs leads to another form.
    let Ok(Told::Saved { form: other, .. }) = ask(&three.owner, new).await else { panic!() };
    assert_ne!(other, form);
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_and_nothing_is_kept() {
    let three = three().await;
    let mut body = short("Before we meet");
    body.items[0].label.clear();
    let Ok(Told::Problems(problems)) = save(&three.provider, None, 0, &body).await else {
        panic!()
    };
    let [problem] = problems[..] else { panic!("{problems:?}") };
    assert_eq!((problem.part, problem.rule), (Part::Label, FormRule::Empty));
    let client_id = fresh_id();
    let raw = |body: Vec<u8>| Ask::Save { client_id, form: None, version: 0, body };
    let malformed = Err(Refusal::invalid(Field::Form, Rule::Malformed));
    for bytes in [vec![], vec![0xff; 100], codec::encode(&("x", 7))] {
        assert_eq!(ask(&three.provider, raw(bytes)).await, malformed);
    }
    let rule = Rule::TooLong { limit: limits::FORM_BYTES as u32 };
    let too_long = ask(&three.provider, raw(vec![0; limits::FORM_BYTES + 1])).await;
    assert_eq!(too_long, Err(Refusal::invalid(Field::Form, rule)));
    let absent = FormId::from_bytes([7; 16]);
    let of_nothing = save(&three.provider, Some(absent), 1, &short("Mine")).await;
    assert_eq!(of_nothing, Err(Refusal::NotFound));
    assert!(list(&three.provider).await.iter().all(|form| form.source != Source::Own));
    // As many problems as are named at a time.
    let mut many = Form::named("Many");
    for _ in 0..100 {
        let link = many.new_link();
        let kind = Kind::One(Vec::new());
        let (label, help) = (String::new(), String::new());
        let item = Item { link, label, help, required: false, show_if: None, alert: None, kind };
        many.items.extend([item.clone(), item].into_iter().take(2 - many.items.len() / 99));
    }
    many.items.truncate(limits::FORM_ITEMS);
    let Ok(Told::Problems(problems)) = save(&three.provider, None, 0, &many).await else {
        panic!()
    };
    assert_eq!(problems.len(), limits::FORM_PROBLEMS);
}

#[tokio::test]
async fn a_form_that_came_along_is_the_practices_once_it_is_saved() {
    let three = three().await;
    let untouched: Vec<(Source, u32)> =
        list(&three.provider).await.iter().map(|form| (form.source, form.version)).collect();
    assert_eq!(untouched, Known::ALL.map(|known| (Source::Library(known), 0)));
    let Ok(Told::Template(bytes)) = ask(&three.provider, Ask::Library { which: Known::Phq9 }).await
    else {
        panic!()
    };
    let came: shared_proto::form::version::Template = codec::decode(&bytes).unwrap();
    assert_eq!((came.id, came.version), (Known::Phq9.id(), 0));
    assert_eq!(template(&three.provider, came.id, None).await, came);
    let saved = Ok(Told::Saved { form: came.id, version: 1 });
    assert_eq!(save(&three.provider, Some(came.id), 0, &came.form).await, saved);
    let mut other = came.form.clone();
    other.title = "Mine".into();
    let late = save(&three.owner, Some(came.id), 0, &other).await;
    assert_eq!(late, Err(Refusal::Outdated), "of two who take it one is first");
    let all = list(&three.owner).await;
    let listed = all.iter().find(|form| form.id == came.id).unwrap();
    assert_eq!((listed.source, listed.version), (Source::Library(Known::Phq9), 1));
    assert_eq!(all.len(), Known::ALL.len());
    assert_eq!(template(&three.owner, came.id, None).await.form, came.form);
}

#[tokio::test]
async fn a_form_that_is_not_offered_is_given_to_nobody_and_stays_readable() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    for retired in [true, true] {
        let told = ask(&group.host, Ask::Retire { form, retired }).await;
        assert!(
            matches!(told, Ok(Told::Listing(listing)) if listing.retired && listing.id == form)
        );
    }
    let refused = give(&group.host, group.talk, form, &[group.ben.id]).await;
    assert_eq!(refused, Err(Refusal::Retired));
    assert_eq!(template(&group.host, form, None).await.version, 1);
    ask(&group.host, Ask::Retire { form, retired: false }).await.unwrap();
    give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let came = Ask::Retire { form: Known::Intake.id(), retired: true };
    assert_eq!(ask(&group.host, came).await, Err(Refusal::NotFound), "not the practice's yet");
}
