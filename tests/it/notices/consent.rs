//! What somebody agreed to: when, how, and who wrote it down.

use shared_proto::account::AccountChange;
use shared_proto::chart::Consents;
use shared_proto::notice::How;
use shared_proto::notice::ask::Ask as NoticeAsk;
use shared_proto::notice::rule::Why;
use shared_proto::notice::{Agreements, Channel, Quiet, Wishes};
use shared_proto::office::{Ask, Told};
use shared_proto::people::PersonChange;
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::{Field, Refusal, Rule};

use super::{about, agree, at_once, said, told, wish};
use crate::given::{Two, two_on};
use crate::office::{ask, change, change_practice, practice};

async fn agreed(two: &Two) -> Agreements {
    let chart = ask(&two.provider, Ask::Chart { person: two.jonas.id }).await;
    let Ok(Told::Chart(chart)) = chart else { panic!("{chart:?}") };
    chart.agreed
}

#[tokio::test]
async fn a_chart_says_since_when_and_how_and_the_log_keeps_each() {
    let two = two_on(at_once()).await;
    assert_eq!(agreed(&two).await, Agreements::default());
    agree(&two.client, true, false).await;
    let first = agreed(&two).await.email.unwrap();
    assert_eq!((first.how, &first.by), (How::Themselves, &None));
    let paper = PersonChange::Consents(Consents { email: true, sms: true });
    change(&two.provider, two.jonas.id, paper).await.unwrap();
    let now = agreed(&two).await;
    assert_eq!(now.email, Some(first), "what did not change keeps its time");
    let sms = now.sms.unwrap();
    assert_eq!((sms.how, sms.by.unwrap().id), (How::Practice, two.dana.id));
    agree(&two.client, false, true).await;
    let data = two.server.data().to_str().unwrap();
    let shown = two.server.succeed(&["audit", "show", "--data", data], "");
    let lines: Vec<&str> = shown.lines().filter(|line| line.contains("consent-")).collect();
    assert_eq!(lines.len(), 3, "{shown}");
    for (action, detail) in
        [("consent-given", "email"), ("consent-given", "on-paper"), ("consent-withdrawn", "email")]
    {
        let found = lines.iter().any(|line| line.contains(action) && line.contains(detail));
        assert!(found, "{action} {detail}: {shown}");
    }
}

#[tokio::test]
async fn a_number_takes_text_messages_once_it_is_shown_to_be_theirs() {
    let two = two_on(at_once()).await;
    agree(&two.client, false, true).await;
    let stopped = |standing: shared_proto::notice::ask::Standing| standing.stopped[1];
    let standing = about(&two.client, NoticeAsk::Standing).await.unwrap();
    assert_eq!(stopped(standing), Some(Why::NoAddress));
    let no = Err(Refusal::NoNotice(Why::NoAddress));
    assert_eq!(about(&two.client, NoticeAsk::SendCode).await, no);
    let number = |number: &str| Ask::ChangeAccount(AccountChange::Mobile(number.into()));
    ask(&two.client, number("079 123 45 67")).await.unwrap();
    assert_eq!(about(&two.client, NoticeAsk::SendCode).await, Err(Refusal::NoNotice(Why::Unfit)));
    ask(&two.client, number("+41 79 123 45 67")).await.unwrap();
    let standing = about(&two.client, NoticeAsk::SendCode).await.unwrap();
    assert_eq!(stopped(standing), Some(Why::Unconfirmed));
    let code = super::code(&two.server).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let wrong = NoticeAsk::Confirm { code: wrong.into() };
    assert_eq!(about(&two.client, wrong).await, Err(Refusal::WrongMobileCode));
    let right = NoticeAsk::Confirm { code };
    let standing = about(&two.client, right.clone()).await.unwrap();
    assert!(standing.mobile_confirmed);
    assert_eq!(stopped(standing), None);
    assert_eq!(about(&two.client, right).await, Err(Refusal::MobileCodeOver), "it is used");
    ask(&two.client, number("+41 79 123 45 68")).await.unwrap();
    let standing = about(&two.client, NoticeAsk::Standing).await.unwrap();
    assert_eq!(stopped(standing), Some(Why::Unconfirmed), "it is another number");
}

#[tokio::test]
async fn no_code_goes_where_the_practice_sends_no_text_messages_nor_too_many() {
    let two = two_on(at_once()).await;
    let number = AccountChange::Mobile("+41 79 123 45 67".into());
    ask(&two.client, Ask::ChangeAccount(number)).await.unwrap();
    let mut settings = practice(&two.provider).await.settings;
    let change = |settings| PracticeChange::Settings(Box::new(settings));
    settings.policies.notify.sms = false;
    change_practice(&two.provider, change(settings.clone())).await.unwrap();
    let off = Err(Refusal::NoNotice(Why::Policy));
    assert_eq!(about(&two.client, NoticeAsk::SendCode).await, off);
    settings.policies.notify.sms = true;
    change_practice(&two.provider, change(settings)).await.unwrap();
    for _ in 0..5 {
        about(&two.client, NoticeAsk::SendCode).await.unwrap();
    }
    let refused = about(&two.client, NoticeAsk::SendCode).await;
    assert!(matches!(refused, Err(Refusal::TooManyTries { .. })), "{refused:?}");
}

#[tokio::test]
async fn wishes_are_kept_and_odd_ones_refused() {
    let two = two_on(at_once()).await;
    let wishes = Wishes {
        quiet: Some(Quiet { from: 1_320, until: 420 }),
        remind_after: Some(24),
        sound: true,
    };
    assert_eq!(wish(&two.client, wishes).await.wishes, wishes);
    assert_eq!(about(&two.client, NoticeAsk::Standing).await.unwrap().wishes, wishes);
    let odd = Wishes { quiet: Some(Quiet { from: 60, until: 60 }), ..wishes };
    let refused = about(&two.client, NoticeAsk::Wish(odd)).await;
    assert_eq!(refused, Err(Refusal::invalid(Field::QuietHours, Rule::Malformed)));
    let of_provider = about(&two.provider, NoticeAsk::Standing).await.unwrap();
    assert_eq!(of_provider.wishes, Wishes::default(), "and nobody else's");
}

#[tokio::test]
async fn who_wants_to_try_is_sent_one_and_not_too_many() {
    let two = two_on(at_once()).await;
    // The beginning of their conversation is told to nobody.
    said(&two.server, &[&two.jonas.id.to_string(), "email", "has not agreed"]).await;
    let test = || NoticeAsk::Test(Channel::Email);
    let not = Err(Refusal::NoNotice(Why::Consent));
    assert_eq!(about(&two.client, test()).await, not);
    agree(&two.client, true, false).await;
    let quiet = Some(Quiet { from: 0, until: 1_439 });
    wish(&two.client, Wishes { quiet, ..Wishes::default() }).await;
    about(&two.client, test()).await.unwrap();
    told(&two.server, &two.jonas.email, 1).await;
    for _ in 1..5 {
        about(&two.client, test()).await.unwrap();
    }
    let refused = about(&two.client, test()).await;
    assert!(matches!(refused, Err(Refusal::TooManyTries { .. })), "{refused:?}");
}
