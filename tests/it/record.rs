//! The record of a conversation, taken over plain HTTP by whoever may see it.

mod bundle;
mod csv;
mod fhir;
mod flow;
mod seen;

use std::path::Path;
use std::process::{Command, Stdio};

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::{Request, Response};
use quietroom_tests::support::people::Session;
use shared_proto::http::Route;
use shared_proto::id::ConversationId;

/// Every form of it.
const FORMS: [Route; 4] =
    [Route::RecordCsv, Route::RecordHtml, Route::RecordFhir, Route::RecordZip];

/// The request for a record, as the page of `session` makes it.
fn request(session: &Session, route: Route, conversation: ConversationId) -> Request {
    let path = route.of_conversation(conversation);
    Request::get(path).header("Cookie", &session.cookie).header("Sec-Fetch-Site", "same-origin")
}

/// What somebody is answered who asks for a record.
async fn asked(session: &Session, route: Route, conversation: ConversationId) -> Response {
    let request = request(session, route, conversation);
    request.send(session.server.socket, &session.server.host).await.unwrap()
}

/// A record, which they get.
async fn taken(session: &Session, route: Route, conversation: ConversationId) -> Vec<u8> {
    let answer = asked(session, route, conversation).await;
    assert_eq!(answer.status, 200, "{route:?}: {}", answer.text());
    answer.body
}

/// What a program of somebody else's, in Python, makes of `input`.
fn python(program: &str, arguments: &[&str]) -> String {
    let output = Command::new("python3").args(["-c", program]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of a table as Python's own reader finds them.
fn rows(server: &TestServer, table: &[u8]) -> Vec<Vec<String>> {
    let file = server.folder().join("record.csv");
    std::fs::write(&file, table).unwrap();
    let program = "import csv, json, sys\n\
                   with open(sys.argv[1], encoding='utf-8-sig', newline='') as table:\n    \
                   print(json.dumps(list(csv.reader(table, strict=True))))";
    serde_json::from_str(&python(program, &[file.to_str().unwrap()])).unwrap()
}

/// The members of a bundle as Python's own reader finds them, each checked against its checksum.
fn members(server: &TestServer, bundle: &[u8]) -> Vec<(String, String)> {
    let file = server.folder().join("record.zip");
    std::fs::write(&file, bundle).unwrap();
    unpacked(&file)
}

fn unpacked(file: &Path) -> Vec<(String, String)> {
    let program = "import json, sys, zipfile\n\
                   bundle = zipfile.ZipFile(sys.argv[1])\n\
                   assert bundle.testzip() is None\n\
                   names = bundle.namelist()\n\
                   text = lambda name: bundle.read(name).decode('utf-8', 'replace')\n\
                   print(json.dumps([[name, text(name)] for name in names]))";
    serde_json::from_str(&python(program, &[file.to_str().unwrap()])).unwrap()
}

/// What `quietroom verify-bundle` says, and whether it is content.
pub fn verified(server: &TestServer, bundle: &[u8], arguments: &[&str]) -> (bool, String) {
    let file = server.folder().join("checked.zip");
    std::fs::write(&file, bundle).unwrap();
    // In an empty folder, without the server's data: the bundle is all it has.
    let output = Command::new(quietroom_tests::support::server::binary())
        .args(["verify-bundle", file.to_str().unwrap()])
        .args(arguments)
        .current_dir(server.folder())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}
