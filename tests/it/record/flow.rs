//! A long record: sent as it is taken, beside everything else that goes on.

use std::time::Duration;

use quietroom_tests::support::people::{Session, refusal};
use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::http::Route;
use shared_proto::id::ConversationId;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::{asked, taken, verified};

/// So many that no buffer on the way holds a bundle of them.
const MESSAGES: u64 = 20_000;

/// A conversation of many, and the two in it.
struct Long {
    server: TestServer,
    host: Session,
    other: Session,
    conversation: ConversationId,
}

async fn long() -> Long {
    let folder = tempfile::tempdir().unwrap().keep();
    let data = folder.join("data");
    let people = folder.join("people");
    let prepared = TestServer::options().data(&data).prepared();
    let arguments = [
        "seed",
        "--data",
        data.to_str().unwrap(),
        "--people",
        "2",
        "--conversations",
        "1",
        "--entries-in-one",
        &MESSAGES.to_string(),
        "--sessions-to",
        people.to_str().unwrap(),
    ];
    prepared.succeed(&arguments, "");
    let server = TestServer::options().unhurried().data(&data).start().await;
    let people = std::fs::read_to_string(&people).unwrap();
    let session = |number: usize, role| {
        let line: Vec<&str> = people.lines().nth(number).unwrap().split('\t').collect();
        let (id, name) = (line[0].parse().unwrap(), format!("Person {number}"));
        let cookie = format!("__Host-quietroom={}", line[1]);
        let me = PersonCard { id, name, role };
        (Session { me, cookie, server: server.address().clone() }, line[2].parse().unwrap())
    };
    let (host, conversation) = session(0, Role::Owner);
    let (other, _) = session(1, Role::Provider);
    Long { server, host, other, conversation }
}

impl Drop for Long {
    fn drop(&mut self) {
        let folder = self.server.data().parent().map(std::path::Path::to_owned);
        self.server.kill9();
        if let Some(folder) = folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Somebody who asked for a bundle, has its beginning, and reads no further.
async fn waiting(session: &Session, conversation: ConversationId) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(session.server.socket).await.unwrap();
    let path = Route::RecordZip.of_conversation(conversation);
    let (host, cookie) = (&session.server.host, &session.cookie);
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200");
    stream
}

/// What is left of an answer in chunks: its contents, and whether it came to its end.
async fn rest(mut stream: TcpStream) -> (Vec<u8>, bool) {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let head = answer.windows(4).position(|found| found == b"\r\n\r\n").unwrap() + 4;
    let (mut left, mut body) = (&answer[head..], Vec::new());
    loop {
        let Some(line) = left.windows(2).position(|found| found == b"\r\n") else {
            return (body, false);
        };
        let size = usize::from_str_radix(std::str::from_utf8(&left[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        let Some(chunk) = left.get(line + 2..line + 2 + size) else { return (body, false) };
        body.extend_from_slice(chunk);
        left = left.get(line + 4 + size..).unwrap_or_default();
    }
}

/// The most memory the server ever held, in KiB.
fn peak_kib(server: &TestServer) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().split(' ').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_record_is_whole_in_every_form_and_memory_stays_flat() {
    let long = long().await;
    let table = taken(&long.other, Route::RecordCsv, long.conversation).await;
    assert_eq!(table.iter().filter(|byte| **byte == b'\n').count() as u64, MESSAGES + 2);
    let before = peak_kib(&long.server);
    let bundle = taken(&long.host, Route::RecordZip, long.conversation).await;
    let grown = peak_kib(&long.server) - before;
    assert!(bundle.len() > 16 * 1024 * 1024, "{} bytes", bundle.len());
    assert!(grown < 6 * 1024, "{grown} KiB for a bundle of {} KiB", bundle.len() / 1024);
    let (fine, said) = verified(&long.server, &bundle, &[]);
    assert!(fine && said.contains(&format!("{} entries", MESSAGES + 1)), "{said}");
    let resources = taken(&long.host, Route::RecordFhir, long.conversation).await;
    let resources: serde_json::Value = serde_json::from_slice(&resources).unwrap();
    assert_eq!(resources["entry"].as_array().unwrap().len() as u64, MESSAGES + 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_of_when_it_was_asked_for_and_writing_goes_on_meanwhile() {
    let long = long().await;
    let stream = waiting(&long.other, long.conversation).await;
    let writer = TestClient::connect(&long.host).await;
    writer.open(long.conversation).await;
    writer.send(long.conversation, "written meanwhile").await;
    let (bundle, is_whole) = rest(stream).await;
    assert!(is_whole);
    let (fine, said) = verified(&long.server, &bundle, &[]);
    assert!(fine && said.contains(&format!("{} entries", MESSAGES + 1)), "{said}");
    let there = |word: &[u8]| bundle.windows(word.len()).any(|found| found == word);
    assert!(there(b"Message 1 of") && !there(b"written meanwhile"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_takes_one_at_a_time_and_who_goes_away_gives_their_place_up() {
    let long = long().await;
    let stream = waiting(&long.host, long.conversation).await;
    let busy = asked(&long.host, Route::RecordCsv, long.conversation).await;
    assert_eq!((busy.status, refusal(&busy)), (503, Refusal::Busy));
    taken(&long.other, Route::RecordCsv, long.conversation).await;
    drop(stream);
    eventually("the place to be free", async || {
        let answer = asked(&long.host, Route::RecordCsv, long.conversation).await;
        (answer.status == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_takes_no_more_of_it() {
    let long = long().await;
    let stream = waiting(&long.host, long.conversation).await;
    assert_eq!(long.host.sign_out().await, 200);
    let (bundle, is_whole) = rest(stream).await;
    assert!(!is_whole, "{} bytes, and they seem to be all", bundle.len());
    let refused = asked(&long.host, Route::RecordCsv, long.conversation).await;
    assert_eq!(refusal(&refused), Refusal::SignInRequired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_who_takes_a_record() {
    let mut long = long().await;
    let stream = waiting(&long.host, long.conversation).await;
    let (status, taken) = long.server.sigterm().await;
    assert!(status.success() && taken < Duration::from_secs(8), "{status} after {taken:?}");
    assert!(!rest(stream).await.1);
}
