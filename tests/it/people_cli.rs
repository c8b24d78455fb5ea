//! `quietroom person`: the same while the server runs and while it does not.

use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{Person, TestServer};
use shared_proto::people::Role;

use crate::given::device;

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

#[tokio::test]
async fn without_a_given_password_a_good_one_is_made() {
    let server = TestServer::start().await;
    let arguments = ["add", "--name", "Dana", "--email", "dana@example.org", "--role", "owner"];
    let printed = server.person(&arguments, "");
    let password = printed.lines().find_map(|line| line.strip_prefix("password: ")).unwrap();
    assert!(password.trim().chars().count() >= 15, "{password}");
    let answer = try_sign_in(server.address(), "dana@example.org", password.trim()).await.unwrap();
    assert_eq!(answer.status, 200);
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
