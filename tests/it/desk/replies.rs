//! Saved replies: of the practice, and of one's own.

use quietroom_tests::support::{TestClient, fresh_id};
use shared_proto::desk::{Ask, News, Told};
use shared_proto::id::ReplyId;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::replies::Reply;

use super::{ask, news};
use crate::given::device;
use crate::office::three;

fn reply(title: &str, text: &str) -> Reply {
    let id = ReplyId::from_random(*fresh_id().as_bytes());
    Reply { id, revision: 0, title: title.into(), text: text.into() }
}

async fn save(
    client: &TestClient,
    shared: bool,
    reply: &Reply,
) -> Result<[Vec<Reply>; 2], Refusal> {
    kept(client, Ask::SaveReply { shared, reply: Box::new(reply.clone()) }).await
}

async fn kept(client: &TestClient, one: Ask) -> Result<[Vec<Reply>; 2], Refusal> {
    match ask(client, one).await? {
        Told::Replies { shared, own } => Ok([shared, own]),
        other => panic!("{other:?}"),
    }
}

fn titles(replies: &[Reply]) -> Vec<&str> {
    replies.iter().map(|reply| reply.title.as_str()).collect()
}

#[tokio::test]
async fn ones_own_are_ones_own_and_the_practices_are_everyones_who_writes_for_it() {
    let mut three = three().await;
    let phone = device(&three.server, &three.samuel).await;
    let [shared, mine] = [reply("Hours", "We are open."), reply("Late", "I am late, {client}.")];
    let [of_practice, own] = save(&three.provider, false, &mine).await.unwrap();
    assert_eq!((titles(&of_practice), titles(&own)), (vec![], vec!["Late"]));
    news(&phone, News::Replies).await;
    assert_eq!(save(&three.provider, true, &shared).await, Err(Refusal::OwnerOnly));
    save(&three.owner, true, &shared).await.unwrap();
    news(&phone, News::Replies).await;
    let [of_practice, own] = kept(&phone, Ask::Replies).await.unwrap();
    assert_eq!((titles(&of_practice), titles(&own)), (vec!["Hours"], vec!["Late"]));
    let [of_practice, own] = kept(&three.owner, Ask::Replies).await.unwrap();
    assert_eq!((titles(&of_practice), titles(&own)), (vec!["Hours"], vec![]));
    for one in [
        Ask::Replies,
        Ask::SaveReply { shared: false, reply: Box::new(mine.clone()) },
        Ask::DeleteReply { shared: false, id: mine.id },
    ] {
        assert_eq!(ask(&three.client, one).await, Err(Refusal::ProviderOnly));
    }
    // Another's is not there, and nothing is gone.
    let delete = Ask::DeleteReply { shared: false, id: mine.id };
    kept(&three.owner, delete.clone()).await.unwrap();
    let stolen = Reply { revision: 1, ..mine.clone() };
    assert_eq!(save(&three.owner, false, &stolen).await, Err(Refusal::NotFound));
    let delete_shared = Ask::DeleteReply { shared: true, id: shared.id };
    assert_eq!(kept(&three.provider, delete_shared).await, Err(Refusal::OwnerOnly));

    three.server.kill9();
    three.server.restart().await;
    let back = device(&three.server, &three.samuel).await;
    let [of_practice, own] = kept(&back, Ask::Replies).await.unwrap();
    assert_eq!((titles(&of_practice), titles(&own)), (vec!["Hours"], vec!["Late"]));
    let [_, own] = kept(&back, delete.clone()).await.unwrap();
    assert_eq!(own, []);
    kept(&back, delete).await.expect("a retry finds it gone");
    three.server.sigterm().await;
    three.server.succeed(&["verify", "--data", three.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn what_another_device_changed_meanwhile_is_not_overwritten() {
    let three = three().await;
    let phone = device(&three.server, &three.samuel).await;
    let first = reply("Hours", "We are open.");
    save(&three.provider, false, &first).await.unwrap();
    save(&three.provider, false, &first).await.expect("a retry");
    let seen = Reply { revision: 1, ..first };
    let [_, own] =
        save(&phone, false, &Reply { text: "Closed.".into(), ..seen.clone() }).await.unwrap();
    assert_eq!((own[0].text.as_str(), own[0].revision), ("Closed.", 2));
    let stale = Reply { text: "Open.".into(), ..seen };
    assert_eq!(save(&three.provider, false, &stale).await, Err(Refusal::Outdated));
}

#[tokio::test]
async fn they_are_bounded_and_all_of_them_fit_one_answer() {
    let three = three().await;
    let long = reply("Long", &"x".repeat(2_001));
    let rule = Rule::TooLong { limit: 2_000 };
    let refused = save(&three.provider, false, &long).await;
    assert_eq!(refused, Err(Refusal::invalid(Field::ReplyText, rule)));
    // As large as they may be, all of one's own and of the practice's.
    let full = Err(Refusal::invalid(Field::Replies, Rule::TooMany { limit: 40 }));
    for (client, shared) in [(&three.provider, false), (&three.owner, true)] {
        while save(client, shared, &reply("A", &"ü".repeat(1_700))).await != full {}
    }
    let [of_practice, own] = kept(&three.provider, Ask::Replies).await.unwrap();
    assert_eq!([of_practice.len(), own.len()], [7, 7]);
}
