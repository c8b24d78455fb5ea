//! A backup while people write, restored elsewhere, holds everything acknowledged before it began.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestServer, eventually};

use crate::given::{device, two};
use crate::load::{Cast, Load};

struct Kept {
    backup: String,
    keys: String,
    data: String,
    key: String,
}

impl Kept {
    fn beside(server: &TestServer) -> Self {
        let path = |name: &str| server.folder().join(name).to_str().unwrap().to_owned();
        Self {
            backup: path("practice.backup"),
            keys: path("practice.keys"),
            data: path("restored"),
            key: path("restored.key"),
        }
    }

    fn back_up(&self, server: &TestServer) {
        let data = server.data().to_str().unwrap();
        let arguments = ["backup", "--data", data, "--to", &self.backup, "--keys-to", &self.keys];
        server.succeed(&arguments, "");
    }

    fn restore(&self, server: &TestServer) {
        let key = format!("{}.key", server.data().to_str().unwrap());
        std::fs::copy(&key, &self.key).unwrap_or_else(|error| panic!("{key}: {error}"));
        let arguments = [
            "restore",
            "--data",
            &self.data,
            "--key-file",
            &self.key,
            "--from",
            &self.backup,
            "--keys",
            &self.keys,
        ];
        server.succeed(&arguments, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before() {
    let server = TestServer::options().unhurried().start().await;
    let cast = Cast::of(&server).await;
    let mut early = Load::start(&cast).await;
    early.progress(40).await;
    let early = early.rest().await;
    let acknowledged: Vec<_> = early.acknowledged().cloned().collect();
    assert!(acknowledged.len() > 300, "{}", acknowledged.len());

    let kept = Kept::beside(&server);
    let mut load = Load::start(&cast).await;
    load.progress(1).await;
    tokio::task::block_in_place(|| kept.back_up(&server));
    load.progress(1).await;
    let mut rested = load.rest().await;
    rested.finish().await;
    assert_eq!(rested.faults(&cast).await, Vec::<String>::new(), "nobody is disturbed by it");

    kept.restore(&server);
    let restored = TestServer::options().unhurried().data(&kept.data).start().await;
    let mut there = Cast { provider: cast.provider.clone(), clients: Vec::new() };
    there.provider.server = restored.address().clone();
    let reader = quietroom_tests::support::TestClient::connect(&there.provider).await;
    let mut conversations: Vec<_> = acknowledged.iter().map(|told| told.conversation).collect();
    conversations.sort_unstable();
    conversations.dedup();
    let original = quietroom_tests::support::TestClient::connect(&cast.provider).await;
    for conversation in conversations {
        let copy = reader.history(conversation).await;
        assert_eq!(copy, original.history(conversation).await, "entry for entry");
        for told in acknowledged.iter().filter(|told| told.conversation == conversation) {
            assert!(copy.iter().any(|entry| entry.id == told.entry), "{told:?}");
        }
    }
    // What was being written meanwhile is there up to some entry, without a hole.
    let mut written: Vec<_> = rested.acknowledged().map(|told| told.conversation).collect();
    written.sort_unstable();
    written.dedup();
    for conversation in written {
        let whole = original.history(conversation).await;
        let open = shared_proto::wire::Request::Open { conversation };
        if reader.request(open).await.is_ok() {
            let copy = reader.history(conversation).await;
            assert_eq!(copy, whole[..copy.len()], "a prefix");
        }
    }
}

#[tokio::test]
async fn a_restored_practice_verifies_and_goes_on() {
    let two = two().await;
    two.provider.send(two.conversation, "before the backup").await;
    let kept = Kept::beside(&two.server);
    kept.back_up(&two.server);
    two.provider.send(two.conversation, "after the backup").await;
    kept.restore(&two.server);
    let printed = two.server.succeed(&["verify", "--data", &kept.data], "");
    assert!(printed.contains("conversations 1 entries 2 people 2 audit "), "{printed}");
    let restored = TestServer::options().data(&kept.data).start().await;
    let dana = device(&restored, &two.dana).await;
    dana.open(two.conversation).await;
    assert_eq!(texts(&dana.history(two.conversation).await), ["before the backup"]);
    dana.send(two.conversation, "life goes on").await;
    let jonas = device(&restored, &two.jonas).await;
    jonas.open(two.conversation).await;
    jonas.reads(two.conversation, &["before the backup", "life goes on"]).await;
}

#[tokio::test]
async fn a_backup_is_of_no_use_without_its_keys() {
    let two = two().await;
    two.provider.send(two.conversation, "canary-in-the-backup").await;
    let kept = Kept::beside(&two.server);
    kept.back_up(&two.server);
    for file in [&kept.backup, &kept.keys] {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(20).any(|window| window == b"canary-in-the-backup"));
    }
    std::fs::write(&kept.key, [7; 32]).unwrap();
    let arguments = [
        "restore",
        "--data",
        &kept.data,
        "--key-file",
        &kept.key,
        "--from",
        &kept.backup,
        "--keys",
        &kept.keys,
    ];
    let output = two.server.command(&arguments, "");
    assert!(!output.status.success(), "another practice key does not open it");
}

#[tokio::test]
async fn a_restore_never_writes_over_a_practice() {
    let two = two().await;
    let kept = Kept::beside(&two.server);
    kept.back_up(&two.server);
    let data = two.server.data().to_str().unwrap();
    let key = format!("{data}.key");
    let arguments = [
        "restore",
        "--data",
        data,
        "--key-file",
        &key,
        "--from",
        &kept.backup,
        "--keys",
        &kept.keys,
    ];
    assert!(!two.server.command(&arguments, "").status.success());
    two.provider.send(two.conversation, "undisturbed").await;
}

#[tokio::test]
async fn damage_is_found_and_named() {
    let mut two = two().await;
    for number in 0..200 {
        let answer = two.provider.request(
            two.provider.message(two.conversation, &format!("{number} {}", "x".repeat(500))),
        );
        if answer.await.is_err() {
            eventually("room to send again", async || {
                two.provider.request(shared_proto::wire::Request::Ping).await.ok()
            })
            .await;
        }
    }
    two.server.sigterm().await;
    let data = two.server.data().to_str().unwrap().to_owned();
    assert!(two.server.succeed(&["verify", "--data", &data], "").trim_end().ends_with("ok"));
    let mut largest = (0, std::path::PathBuf::new());
    let mut folders = vec![two.server.data().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if item.file_type().unwrap().is_dir() {
                folders.push(item.path());
            } else {
                largest = largest.max((item.metadata().unwrap().len(), item.path()));
            }
        }
    }
    let mut bytes = std::fs::read(&largest.1).unwrap();
    // Bits all over the file that holds the entries, where it is not empty.
    let used: Vec<usize> = (0..bytes.len()).filter(|&place| bytes[place] != 0).collect();
    for step in 1..20 {
        bytes[used[used.len() * step / 20]] ^= 0x10;
    }
    std::fs::write(&largest.1, bytes).unwrap();
    let output = two.server.command(&["verify", "--data", &data], "");
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.trim().is_empty() && !said.contains("panicked at"), "{said}");
}
