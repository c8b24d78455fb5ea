//! Hours, leave and holidays, and what a client is promised by them.

use shared_proto::desk::{Ask, News};
use shared_proto::hours::{Common, Leave, Own, Promise};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;

use super::{hours, news, nine_to_five, promise, set_own};
use crate::clock::{Clock, HOUR, now};
use crate::given::{device, stranger};
use crate::office::{three, three_on};

/// 2027-01-04T03:00:00Z, a Monday, in milliseconds.
pub const MONDAY_AT_THREE: i64 = 1_799_031_600_000;

/// So many hours after that.
pub fn after(hours: i64) -> Millis {
    Millis(u64::try_from(MONDAY_AT_THREE + hours * HOUR).unwrap())
}

#[tokio::test]
async fn a_provider_sets_their_own_and_an_owner_the_practices() {
    let mut three = three().await;
    let phone = device(&three.server, &three.samuel).await;
    let own = Own { away: " Back soon ".into(), greeting: "Welcome".into(), ..Own::default() };
    let kept = set_own(&three.provider, own.clone()).await.unwrap();
    assert_eq!((kept.own.away.as_str(), kept.own_revision), ("Back soon", 1));
    news(&phone, News::Hours).await;
    let stale = hours(&phone, Ask::SetOwn { revision: 0, own: Box::new(own) }).await;
    assert_eq!(stale, Err(Refusal::Outdated));
    let common = Common { hours: Some(nine_to_five()), ..Common::default() };
    let set = Ask::SetCommon { revision: 0, common: Box::new(common) };
    assert_eq!(hours(&three.provider, set.clone()).await, Err(Refusal::OwnerOnly));
    hours(&three.owner, set.clone()).await.unwrap();
    assert_eq!(hours(&three.owner, set.clone()).await, Err(Refusal::Outdated));
    news(&phone, News::Hours).await;
    for one in [Ask::Hours, Ask::SetOwn { revision: 0, own: Box::default() }, set] {
        assert_eq!(hours(&three.client, one).await, Err(Refusal::ProviderOnly));
    }
    let mut broken = nine_to_five();
    broken.week[0].0[0].until = 5;
    let broken = Own { hours: Some(broken), ..Own::default() };
    let malformed = Refusal::invalid(Field::Hours, Rule::Malformed);
    assert_eq!(set_own(&three.provider, broken).await, Err(malformed));
    three.server.kill9();
    three.server.restart().await;
    let back = device(&three.server, &three.samuel).await;
    let kept = hours(&back, Ask::Hours).await.unwrap();
    assert_eq!((kept.own.greeting.as_str(), kept.common.hours), ("Welcome", Some(nine_to_five())));
    three.server.sigterm().await;
    three.server.succeed(&["verify", "--data", three.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_client_is_promised_by_when_what_waits_longest_is_answered() {
    let clock = Clock::new();
    clock.jump(MONDAY_AT_THREE - now());
    let three = three_on(clock.options()).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.client.open(talk).await;
    assert_eq!(promise(&three.client, talk).await, Ok(None), "nobody has set hours");
    let common = Common { hours: Some(nine_to_five()), ..Common::default() };
    let set = Ask::SetCommon { revision: 0, common: Box::new(common) };
    hours(&three.owner, set).await.unwrap();
    let expect =
        Promise { by: Some(after(8)), waits: false, back: Some(after(6)), away: String::new() };
    assert_eq!(promise(&three.client, talk).await, Ok(Some(expect.clone())));
    let own = Own {
        leave: vec![Leave {
            from: "2027-01-05".parse().unwrap(),
            until: "2027-01-06".parse().unwrap(),
        }],
        away: "I am away.".into(),
        ..Own::default()
    };
    set_own(&three.provider, own.clone()).await.unwrap();
    let away = Promise { away: "I am away.".into(), ..expect.clone() };
    assert_eq!(promise(&three.client, talk).await, Ok(Some(away)));
    three.client.send(talk, "Hello?").await;
    clock.jump(MONDAY_AT_THREE + 7 * HOUR - now());
    // Who comes back hours later is not locked yet.
    let client = device(&three.server, &three.jonas).await;
    let host = device(&three.server, &three.samuel).await;
    let open = Promise { waits: true, back: None, ..expect.clone() };
    assert_eq!(promise(&client, talk).await, Ok(Some(open)));
    host.open(talk).await;
    host.send(talk, "Here I am.").await;
    let Ok(Some(answered)) = promise(&client, talk).await else { panic!() };
    // Whoever writes a moment later is answered as much later, to the next five minutes.
    assert_eq!((answered.waits, answered.by), (false, Some(Millis(after(9).0 + 300_000))));
    let tuesday = MONDAY_AT_THREE + 22 * HOUR;
    clock.jump(tuesday - now());
    let client = device(&three.server, &three.jonas).await;
    let Ok(Some(on_leave)) = promise(&client, talk).await else { panic!() };
    assert_eq!((on_leave.by, on_leave.back), (Some(after(3 * 24 + 8)), Some(after(3 * 24 + 6))));
    assert_eq!(on_leave.away, "I am away.");
}

#[tokio::test]
async fn what_waits_longest_counts_however_much_was_written_after_it() {
    let clock = Clock::new();
    clock.jump(MONDAY_AT_THREE - now());
    let three = three_on(clock.options().unhurried()).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    set_own(&three.provider, Own { hours: Some(nine_to_five()), ..Own::default() }).await.unwrap();
    three.client.open(talk).await;
    three.client.send(talk, "Hello?").await;
    clock.jump(MONDAY_AT_THREE + 7 * HOUR - now());
    // Who comes back hours later is not locked yet.
    let client = device(&three.server, &three.jonas).await;
    client.open(talk).await;
    for number in 0..=2 * limits::PAGE_ENTRIES {
        client.send(talk, &number.to_string()).await;
    }
    let Ok(Some(promise)) = promise(&client, talk).await else { panic!() };
    assert_eq!((promise.waits, promise.by), (true, Some(after(8))), "as when it was written");
}

#[tokio::test]
async fn the_hours_are_those_where_the_provider_is() {
    let clock = Clock::new();
    clock.jump(MONDAY_AT_THREE - now());
    let three = three_on(clock.options()).await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    let own = Own { hours: Some(nine_to_five()), ..Own::default() };
    set_own(&three.provider, own).await.unwrap();
    let zone = shared_proto::account::AccountChange::TimeZone("Asia/Tokyo".into());
    crate::office::ask(&three.provider, shared_proto::office::Ask::ChangeAccount(zone))
        .await
        .unwrap();
    let Ok(Some(promise)) = promise(&three.client, talk).await else { panic!() };
    assert_eq!(promise.back, None, "it is noon there");
    assert_eq!(promise.by, Some(Millis(after(2).0 + 300_000)));
}

#[tokio::test]
async fn nothing_is_promised_to_whom_it_does_not_concern() {
    let three = three().await;
    set_own(&three.provider, Own { hours: Some(nine_to_five()), ..Own::default() }).await.unwrap();
    let talk = three.provider.create(&[three.jonas.id]).await;
    assert_eq!(promise(&three.provider, talk).await, Ok(None), "to the host");
    let stranger = device(&three.server, &stranger(&three.server)).await;
    assert_eq!(promise(&stranger, talk).await, Err(Refusal::NotFound));
    assert_eq!(promise(&three.owner, talk).await, Err(Refusal::NotFound));
}
