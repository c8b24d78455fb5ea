//! The machine's clock jumps while the server runs: order is kept, people go on, and sessions end
//! when they should.

use std::path::{Path, PathBuf};

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestClient, TestServer};
use shared_proto::http as api;
use shared_proto::wire::close;

use crate::given::{device, two_on};

pub const HOUR: i64 = 3_600_000;
/// 2038-01-20T00:00:00Z, a day after 32-bit clocks run out, in milliseconds.
const AFTER_2038: i64 = 2_147_558_400_000;

/// The clock of a server, set by a test.
pub struct Clock {
    _folder: tempfile::TempDir,
    file: PathBuf,
}

impl Clock {
    /// As the machine's.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { file: folder.path().join("clock"), _folder: folder }
    }

    /// A server that goes by it.
    pub fn options(&self) -> quietroom_tests::support::ServerOptions {
        TestServer::options().variable("QUIETROOM_FAULT_CLOCK", self.variable())
    }

    /// What the variable that makes a server go by it is set to.
    pub fn variable(&self) -> &str {
        let file: &Path = &self.file;
        file.to_str().unwrap()
    }

    /// Makes the server's clock differ from the machine's by this many milliseconds.
    pub fn jump(&self, offset: i64) {
        // Renamed, so that the server never reads half of it.
        let whole = self.file.with_extension("next");
        std::fs::write(&whole, offset.to_string()).unwrap();
        std::fs::rename(whole, &self.file).unwrap();
    }
}

/// The machine's, in milliseconds.
pub fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test]
async fn whatever_the_clock_does_order_is_kept_and_sending_goes_on() {
    let clock = Clock::new();
    let mut two = two_on(clock.options().unhurried()).await;
    two.provider.send(two.conversation, "at first").await;
    let jumps = [
        ("an hour on", HOUR),
        ("a day on", 24 * HOUR),
        ("in 2038", AFTER_2038 - now()),
        ("an hour back", -HOUR),
        ("as it was", 0),
    ];
    let mut said = vec!["at first"];
    let mut times = Vec::new();
    for (text, offset) in jumps {
        clock.jump(offset);
        let provider = device(&two.server, &two.dana).await;
        let client = device(&two.server, &two.jonas).await;
        provider.open(two.conversation).await;
        client.open(two.conversation).await;
        let entry = provider.send(two.conversation, text).await;
        said.push(text);
        client.holds(two.conversation, said.len()).await;
        let history = client.history(two.conversation).await;
        assert_eq!(texts(&history), said);
        assert!(history.is_sorted_by(|one, next| one.id < next.id), "{history:?}");
        let last = history.last().unwrap();
        assert_eq!(last.id, entry);
        times.push(i64::try_from(last.at.0).unwrap());
        assert_eq!(client.breaches(), Vec::<String>::new());
    }
    assert!(times[2] >= AFTER_2038, "the clock did jump: {times:?}");
    two.server.restart().await;
    let reader = device(&two.server, &two.jonas).await;
    reader.open(two.conversation).await;
    assert_eq!(texts(&reader.history(two.conversation).await), said);
    two.server.sigterm().await;
    two.server.succeed(&["verify", "--data", two.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_day_later_everyone_is_signed_out_and_signs_in_anew() {
    let clock = Clock::new();
    let two = two_on(clock.options()).await;
    let session = two.client.session().clone();
    clock.jump(24 * HOUR);
    let state = session.state().await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
    assert_eq!(TestClient::try_connect(&session).await.err(), Some(401));
    let again = device(&two.server, &two.jonas).await;
    again.open(two.conversation).await;
    again.send(two.conversation, "back again").await;
    assert!(matches!(again.session().state().await, api::Session::SignedIn { .. }));
}

#[tokio::test]
async fn a_session_that_begins_in_2038_lasts_as_long_as_any() {
    let clock = Clock::new();
    clock.jump(AFTER_2038 - now());
    let server = clock.options().flag("--session-seconds", 15).start().await;
    let (dana, _) = server.pair();
    let client = device(&server, &dana).await;
    assert!(matches!(client.session().state().await, api::Session::SignedIn { .. }));
    assert_eq!(client.close_code().await, Some(close::SESSION_ENDED));
    let state = client.session().state().await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
}
