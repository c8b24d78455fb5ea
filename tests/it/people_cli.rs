//! `quietroom person`: the same while the server runs and while it does not.

use quietroom_tests::support::links::{accept, new_password};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{Person, TestServer};
use shared_proto::people::{PersonChange, Role};
use shared_proto::refusal::{Field, Refusal, Rule};

use crate::given::device;
use crate::office::{add_client, change};

/// The tab-separated rows `person list` prints.
fn list(server: &TestServer) -> Vec<Vec<String>> {
    let printed = server.person(&["list"], "");
    printed.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn row<'a>(rows: &'a [Vec<String>], person: &Person) -> &'a [String] {
    rows.iter().find(|row| row[0] == person.id.to_string()).expect("everyone is listed")
}

fn refused(server: &TestServer, arguments: &[&str], input: &str) -> String {
    let data = server.data().to_str().unwrap();
    let mut all = vec!["person"];
    all.extend_from_slice(arguments);
    all.extend(["--data", data]);
    let output = server.command(&all, input);
    assert!(!output.status.success(), "{arguments:?} is refused");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.trim().is_empty(), "{arguments:?} says why");
    assert!(!said.contains("panicked"), "{said}");
    said
}

async fn works(server: &TestServer, round: &str) -> Person {
    let person = server.person_add(&format!("Person {round}"), Role::Client);
    let rows = list(server);
    let listed = row(&rows, &person);
    assert_eq!(&listed[1..], ["client", "active", person.name.as_str(), person.email.as_str()]);
    server.person(&["disable", &person.email], "");
    assert_eq!(row(&list(server), &person)[2], "disabled");
    server.person(&["enable", &person.id.to_string()], "");
    assert_eq!(row(&list(server), &person)[2], "active");
    let fresh = format!("a fresh password of {round}");
    server.person(&["reset", &person.email, "--password-stdin"], &format!("{fresh}\n"));
    let duplicate =
        ["add", "--name", "x", "--email", &person.email, "--role", "client", "--password-stdin"];
    refused(server, &duplicate, "some other long password\n");
    refused(server, &["disable", "nobody@example.org"], "");
    let weak =
        ["add", "--name", "x", "--email", "w@example.org", "--role", "client", "--password-stdin"];
    refused(server, &weak, "short\n");
    Person { password: fresh, ..person }
}

#[tokio::test]
async fn people_are_managed_while_the_server_runs() {
    let server = TestServer::start().await;
    server.person_add("Dana Whitfield", Role::Owner);
    let person = works(&server, "running").await;
    device(&server, &person).await.settle().await;
}

#[tokio::test]
async fn people_are_managed_while_the_server_is_stopped() {
    let mut server = TestServer::start().await;
    server.person_add("Dana Whitfield", Role::Owner);
    let (status, _) = server.sigterm().await;
    assert!(status.success());
    let person = works(&server, "stopped").await;
    server.restart().await;
    device(&server, &person).await.settle().await;
}

#[tokio::test]
async fn people_are_managed_after_a_crash_left_the_control_socket_behind() {
    let mut server = TestServer::start().await;
    server.person_add("Dana Whitfield", Role::Owner);
    server.kill9();
    let person = works(&server, "crashed").await;
    server.restart().await;
    device(&server, &person).await.settle().await;
}

#[tokio::test]
async fn without_a_practice_nobody_is_added_and_the_command_says_how_to_begin() {
    let server = TestServer::options().prepared();
    let arguments = [
        "add",
        "--name",
        "Dana",
        "--email",
        "dana@example.org",
        "--role",
        "owner",
        "--password-stdin",
    ];
    let said = refused(&server, &arguments, "a lake in late autumn\n");
    assert!(said.contains("quietroom serve"), "{said}");
    assert!(!server.data().exists(), "a mistyped folder is not made");
}

/// The address and the token of the link a command printed.
fn link(printed: &str) -> (String, String) {
    let line = printed.lines().find_map(|line| line.strip_prefix("link: "));
    let (page, token) = line.expect("a link is shown").split_once('#').unwrap();
    (page.to_owned(), token.to_owned())
}

#[tokio::test]
async fn without_a_given_password_there_is_a_link_to_choose_one_once() {
    let server = TestServer::start().await;
    let arguments = ["add", "--name", "Dana", "--email", "dana@example.org", "--role", "owner"];
    let (page, token) = link(&server.person(&arguments, ""));
    assert_eq!(page, server.url("/invited"));
    assert_eq!(list(&server)[0][2], "invited");
    // Too late for the first: whoever has no account yet is invited anew.
    let (page, newer) = link(&server.person(&["reset", "dana@example.org"], ""));
    assert_eq!(page, server.url("/invited"));
    let address = server.address();
    let refused = accept(address, &token, "Dana", "seven quiet words and one").await;
    assert_eq!(refused.map(|session| session.cookie), Err(Refusal::Link));
    accept(address, &newer, "Dana", "seven quiet words and one").await.unwrap();
    assert_eq!(list(&server)[0][2], "active");

    let (page, token) = link(&server.person(&["reset", "dana@example.org"], ""));
    assert_eq!(page, server.url("/new-password"));
    let old = try_sign_in(address, "dana@example.org", "seven quiet words and one").await;
    assert_eq!(old.unwrap().status, 401, "the old one is gone at once");
    new_password(address, &token, "six crooked lanterns at dusk").await.unwrap();
    let again = new_password(address, &token, "some other lanterns at dawn").await;
    assert_eq!(again, Err(Refusal::Link));
    let fresh = try_sign_in(address, "dana@example.org", "six crooked lanterns at dusk").await;
    assert_eq!(fresh.unwrap().status, 200);
}

#[tokio::test]
async fn a_password_on_the_operators_list_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("leaked.txt");
    std::fs::write(&list, "six crooked lanterns at dusk\n").unwrap();
    let flag = list.to_str().unwrap();
    let server = TestServer::options().flag("--leaked-passwords", flag).start().await;
    let (_, jonas) = server.pair();
    let reset = ["reset", &jonas.email, "--password-stdin"];
    let said = refused(&server, &reset, "Six Crooked Lanterns At Dusk\n");
    assert!(said.contains("easily guessed"), "{said}");
    server.person(&reset, "seven crooked lanterns at dawn\n");
    let (_, token) = link(&server.person(&["reset", &jonas.email], ""));
    let listed = new_password(server.address(), &token, "six crooked lanterns at dusk").await;
    assert_eq!(listed, Err(Refusal::invalid(Field::Password, Rule::Common)));
    new_password(server.address(), &token, "eight crooked lanterns at noon").await.unwrap();

    std::fs::write(&list, "short\n").unwrap();
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--leaked-passwords", flag, "--engine", "memory"];
    let output = server.command(&arguments, "");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("one a line"), "{output:?}");
}

#[tokio::test]
async fn nobody_is_shown_a_link_they_could_not_use() {
    let server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    server.person(&["disable", &jonas.email], "");
    let said = refused(&server, &["reset", &jonas.email], "");
    assert!(said.contains("person enable"), "{said}");
    server.person(&["enable", &jonas.email], "");
    let owner = device(&server, &dana).await;
    change(&owner, jonas.id, PersonChange::Portal(false)).await.unwrap();
    let said = refused(&server, &["reset", &jonas.email], "");
    assert!(said.contains("portal access"), "{said}");
    let added = add_client(&owner, "Ana Ruiz", "").await;
    let said = refused(&server, &["reset", &added.card.id.to_string()], "");
    assert!(said.contains("no email"), "{said}");
    assert_eq!(row(&list(&server), &jonas)[2], "active", "nothing was changed");
}

#[tokio::test]
async fn a_link_made_without_a_server_is_good_once_it_runs() {
    let mut server = TestServer::start().await;
    let (dana, _) = server.pair();
    server.sigterm().await;
    let (page, token) = link(&server.person(&["reset", &dana.email], ""));
    assert_eq!(page, "<address of the server>/new-password");
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
    server.restart().await;
    new_password(server.address(), &token, "six crooked lanterns at dusk").await.unwrap();
}

#[tokio::test]
async fn an_owner_whose_access_the_operator_takes_away_is_no_owner_until_they_have_it_back() {
    let mut server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    let check = |server: &TestServer| {
        server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
    };
    server.person(&["disable", &dana.email], "");
    server.sigterm().await;
    check(&server);
    // The same without a server.
    server.person(&["enable", &dana.email], "");
    check(&server);
    server.person(&["assign", &jonas.email, "--to", &dana.email], "");
    let data = server.data().to_str().unwrap().to_owned();
    let swapped = ["person", "assign", &dana.email, "--to", &dana.email, "--data", &data];
    let refused = server.command(&swapped, "");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no client"));
    server.restart().await;
    device(&server, &dana).await.settle().await;
}
