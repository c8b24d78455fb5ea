//! Files of a stopped server are damaged, a place at a time (test C of TRUST.md): what is served
//! afterwards is what was written, or is refused; and damage is named.

use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use quietroom_tests::support::{Session, TestClient, TestServer};
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Direction, Reply, Request};

use crate::given::{contents, times, two_on};

/// Writes `files`, which lay under `from`, to `to`, readable by their owner only.
fn lay_out(files: &[(PathBuf, Vec<u8>)], from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for (path, bytes) in files {
        let path = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// What a server shows of the conversation to somebody signed in; `None` where it refuses.
async fn served(session: &Session, conversation: ConversationId) -> Option<Vec<Entry>> {
    let client = match TestClient::try_connect(session).await {
        Ok(client) => client,
        // The engine takes a damaged end of its file for one that was never written: the session,
        // or the conversation, went with it, and nothing is shown. What was taken from the end is
        // found by a checkpoint kept elsewhere (`audit::tamper`).
        Err(401) => return Some(Vec::new()),
        Err(status) => {
            eprintln!("the upgrade was answered {status}");
            return None;
        }
    };
    match client.ask(Request::Open { conversation }).await.ok()?.result {
        Ok(_) => {}
        Err(Refusal::NotFound) => return Some(Vec::new()),
        Err(refusal) => {
            eprintln!("opening was answered {refusal:?}");
            return None;
        }
    }
    let (mut from, mut found) = (EntryId::MIN, Vec::new());
    loop {
        let request = Request::History { conversation, from, direction: Direction::After };
        let Ok(Reply::Page(page)) = client.ask(request).await.ok()?.result else { return None };
        from = page.entries.last().map_or(from, |last| last.id);
        found.extend(page.entries);
        if !page.more {
            return Some(found);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_damaged_nothing_altered_is_served() {
    let mut two = two_on(TestServer::options().unhurried()).await;
    for number in 0..60 {
        two.provider.send(two.conversation, &format!("{number} {}", "x".repeat(300))).await;
    }
    let original = served(two.client.session(), two.conversation).await.unwrap();
    assert!(original.len() >= 60);
    let elsewhere = tempfile::tempdir().unwrap();
    let checkpoint = elsewhere.path().join("checkpoint").to_str().unwrap().to_owned();
    let kept = two.server.data().to_str().unwrap().to_owned();
    two.server.succeed(&["audit", "checkpoint", "--data", &kept, "--to", &checkpoint], "");
    two.server.sigterm().await;
    let folder = two.server.folder();
    let files: Vec<_> = contents(folder).into_iter().collect();
    let of_data: Vec<usize> = (0..files.len())
        .filter(|&file| files[file].0.starts_with(two.server.data()))
        .filter(|&file| !files[file].1.is_empty())
        .collect();
    let places = times(24, 600).div_ceil(of_data.len());
    let (mut named, mut unaltered, mut shorter) = (0, 0, 0);
    for &file in &of_data {
        let used: Vec<_> = (0..files[file].1.len()).filter(|&at| files[file].1[at] != 0).collect();
        for place in 0..places {
            let at = used[used.len() * (2 * place + 1) / (2 * places)];
            let cut = place % 4 == 3;
            let mut damaged = files.clone();
            if cut {
                damaged[file].1.truncate(at);
            } else {
                damaged[file].1[at] ^= 1 << (place % 8);
            }
            let what = format!("{} {}{at}", files[file].0.display(), if cut { "<" } else { "^" });
            let copy = tempfile::tempdir().unwrap();
            lay_out(&damaged, folder, copy.path());
            let data = copy.path().join("data");
            let arguments = ["verify", "--data", data.to_str().unwrap()];
            let output = two.server.command(&arguments, "");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!said.contains("panicked at"), "{what}: {said}");
            let found = !output.status.success();
            assert!(!found || said.contains("quietroom: "), "{what} is not named: {said}");
            named += usize::from(found);
            // A server that does not start, and says so, serves nothing.
            let starting = TestServer::options().unhurried().data(data).start();
            let Ok(server) = AssertUnwindSafe(starting).catch_unwind().await else {
                assert!(found, "{what}: the server does not start, and verify found nothing");
                continue;
            };
            let mut session = two.client.session().clone();
            session.server = server.address().clone();
            match served(&session, two.conversation).await {
                Some(seen) if seen == original => unaltered += 1,
                Some(seen) => {
                    let whole = original.get(..seen.len());
                    assert_eq!(Some(&seen[..]), whole, "{what}: something altered was served");
                    shorter += 1;
                    // An earlier state: only what was kept elsewhere knows of a later one.
                    let copy = tempfile::tempdir().unwrap();
                    lay_out(&damaged, folder, copy.path());
                    let data = copy.path().join("data");
                    let data = data.to_str().unwrap();
                    let against = ["audit", "verify", "--data", data, "--against", &checkpoint];
                    let told = two.server.command(&against, "");
                    assert!(found || !told.status.success(), "{what}: nothing finds what is gone");
                    eprintln!("{what}: {} entries, found by verify: {found}", seen.len());
                }
                None => assert!(found, "{what}: refused, and verify found nothing: {said}"),
            }
        }
    }
    eprintln!("named {named}, unaltered {unaltered}, shorter {shorter}");
    assert!(named > 0, "some damage is always found");
}
