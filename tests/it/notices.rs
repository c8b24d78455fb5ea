//! Who is not there is told that there is something, and never what: over a real server, into its
//! folder, through a real relay, and across kills.

mod consent;
mod crowd;
mod email;
mod kill;
mod operator;
mod push;
pub mod sms;
mod told;

use quietroom_tests::support::letter::Letter;
use quietroom_tests::support::{ServerOptions, TestClient, TestServer, eventually, outbox};
use shared_proto::account::AccountChange;
use shared_proto::chart::Consents;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::notice::Wishes;
use shared_proto::notice::ask::{Ask as NoticeAsk, PushDevice, Standing};
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Request;

use crate::given::{Two, two_on};
use crate::office::ask;

/// What every notice is called.
pub const SUBJECT: &str = "Something new is waiting for you";

/// A server that counts nobody as there, so that everyone is told at once.
pub fn at_once() -> ServerOptions {
    TestServer::options()
        .variable("QUIETROOM_NOTICE_ACTIVE_MS", "0")
        .variable("QUIETROOM_NOTICE_RETRY_MS", "50")
}

/// The notices to `to` in the server's folder, the oldest first.
pub fn notices(server: &TestServer, to: &str) -> Vec<Letter> {
    let mut letters = outbox::letters(server.data(), to);
    letters.retain(|letter| letter.header("subject") == Some(SUBJECT));
    letters
}

/// Until there are so many notices to `to`, and no more.
pub async fn told(server: &TestServer, to: &str, count: usize) {
    eventually(&format!("{count} notices to {to}"), async || {
        let found = notices(server, to).len();
        assert!(found <= count, "{found} notices to {to}");
        (found == count).then_some(())
    })
    .await;
}

/// What the server's folder says of why.
pub fn why(server: &TestServer) -> String {
    let file = outbox::folder(server.data()).join("why.log");
    std::fs::read_to_string(file).unwrap_or_default()
}

/// Until the folder says so in one line that holds all of `words`.
pub async fn said(server: &TestServer, words: &[&str]) -> String {
    eventually(&format!("why.log to say {words:?}"), async || {
        let all = why(server);
        let found = all.lines().find(|line| words.iter().all(|word| line.contains(word)));
        found.map(str::to_owned)
    })
    .await
}

/// Somebody agrees to this, in their settings.
pub async fn agree(client: &TestClient, email: bool, sms: bool) {
    let change = AccountChange::Consents(Consents { email, sms });
    ask(client, Ask::ChangeAccount(change)).await.unwrap();
}

/// Two on a server started in this way, after it was decided that nobody is told of the beginning of
/// their conversation; the client agrees to email then.
pub async fn two_told(options: ServerOptions) -> Two {
    let two = two_on(options).await;
    said(&two.server, &[&two.jonas.id.to_string(), "email", "has not agreed"]).await;
    agree(&two.client, true, false).await;
    two
}

/// Asks about one's own notices.
pub async fn about(client: &TestClient, about: NoticeAsk) -> Result<Standing, Refusal> {
    match ask(client, Ask::Notices(about)).await? {
        Told::Notices(standing) => Ok(*standing),
        other => panic!("{other:?}"),
    }
}

/// Wishes something of notices.
pub async fn wish(client: &TestClient, wishes: Wishes) -> Standing {
    about(client, NoticeAsk::Wish(wishes)).await.unwrap()
}

/// Reads up to an entry, and waits until the server has kept that.
pub async fn read(client: &TestClient, conversation: ConversationId, entry: EntryId) {
    let request = Request::ReadUpTo { conversation, entry };
    assert!(client.request_or_silence(request).await.is_none());
}

/// The code that was last sent to a mobile number.
pub async fn code(server: &TestServer) -> String {
    eventually("a code", async || {
        let files = std::fs::read_dir(outbox::folder(server.data())).ok()?;
        let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        let is_code = |name: &str| name.contains("-code-") && name.ends_with(".sms.txt");
        files.retain(|file| file.to_str().is_some_and(is_code));
        files.sort();
        let text = std::fs::read_to_string(files.last()?).ok()?;
        let line = text.lines().find(|line| line.contains("is the code"))?;
        Some(line.split(' ').next()?.to_owned())
    })
    .await
}

/// A browser that says where it is pushed to.
pub fn browser() -> PushDevice {
    let key = p256_point();
    let endpoint = "https://updates.push.services.mozilla.com/wpush/v2/abc".into();
    PushDevice { endpoint, key, secret: vec![7; 16] }
}

/// The generator of P-256: a point like any other (SEC 2, 2.4.2).
fn p256_point() -> Vec<u8> {
    let hex = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8e\
               e7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len() / 2).map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).unwrap()).collect()
}

/// What would have been pushed to a browser first, where there is no way out for that.
pub async fn pushed(server: &TestServer) -> String {
    eventually("what would be pushed", async || {
        let files = std::fs::read_dir(outbox::folder(server.data())).ok()?;
        let mut files = files.filter_map(|file| Some(file.ok()?.path()));
        let file = files.find(|file| file.to_str().is_some_and(|file| file.ends_with(".push.txt")));
        let text = std::fs::read_to_string(file?).ok()?;
        Some(text.split_once("\n\n")?.1.trim_end().to_owned())
    })
    .await
}
