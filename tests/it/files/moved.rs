//! Files that go from the place where they are kept to another: the folder, an S3 server, another
//! prefix there.

use std::path::PathBuf;

use quietroom_tests::support::weed::{ACCESS_KEY, BUCKET, SECRET_KEY, Weed};
use quietroom_tests::support::{ServerOptions, TestServer};
use shared_proto::id::FileId;

use super::kept::{Files, Paths, are_there, on, paths, with_files};
use super::s3::on as on_s3;
use super::{fetch, pdf, shares};
use crate::given::{Two, contents, device, two, two_on};

/// The arguments of a move of this practice's files.
fn moving<'a>(paths: &'a Paths, arguments: &[&'a str]) -> Vec<&'a str> {
    on(&paths.data, &paths.key, &[&["files", "move"], arguments].concat())
}

/// The flags of an S3 server, as a command takes them about the place where files are (`s3`) or go
/// (`to-s3`).
fn flags(weed: &Weed, which: &str) -> Vec<String> {
    let endpoint = weed.endpoint();
    let named = [
        ("endpoint", endpoint.as_str()),
        ("bucket", BUCKET),
        ("access-key", ACCESS_KEY),
        ("secret-key", SECRET_KEY),
    ];
    named.iter().flat_map(|(name, value)| [format!("--{which}-{name}"), (*value).into()]).collect()
}

fn words(flags: &[String]) -> Vec<&str> {
    flags.iter().map(String::as_str).collect()
}

/// That a server with these flags says that files are elsewhere, and does not start.
fn is_refused(two: &Two, paths: &Paths, flags: &[&str], place: &str) {
    let listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let serve = on(&paths.data, &paths.key, &[&["serve"], &listen[..], flags].concat());
    let output = two.server.command(&serve, "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(place), "{said}");
    assert!(!said.contains(SECRET_KEY), "{said}");
}

/// That what was sent is read by a server with these flags.
async fn is_read(options: ServerOptions, paths: &Paths, two: &Two, files: &[(FileId, Vec<u8>)]) {
    let server = options.data(&paths.data).flag("--key-file", &paths.key).start().await;
    let jonas = device(&server, &two.jonas).await;
    for (file, whole) in files {
        assert!(fetch(&jonas, two.conversation, *file).await.body == *whole);
    }
}

fn folder(paths: &Paths) -> PathBuf {
    PathBuf::from(&paths.data).join("files")
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_from_the_folder_to_an_s3_server_to_another_prefix_and_back() {
    let weed = Weed::start().await;
    let mut two = two().await;
    let files = with_files(&two).await;
    let mut all = vec![(files.0, files.1.clone())];
    for number in 0..10 {
        let body = pdf(&format!("number {number}"));
        let name = format!("{number}.pdf");
        all.push((shares(&two.client, two.conversation, &name, &body).await.0, body));
    }
    let paths = paths(&two.server);
    let (at, to) = (flags(&weed, "s3"), flags(&weed, "to-s3"));
    let to_s3 = moving(&paths, &[&["--to", "s3"], &words(&to)[..]].concat());
    let running = two.server.command(&to_s3, "");
    assert!(!running.status.success(), "while the server runs");
    two.server.sigterm().await;

    // One that cannot be read holds it up half-way: all are where they were.
    let whole = contents(&folder(&paths));
    let [outer, inner, ..] = *files.0.as_bytes();
    let one = folder(&paths).join(format!("{outer:02x}/{inner:02x}/{}", files.0));
    let aside = two.server.folder().join("aside");
    std::fs::rename(&one, &aside).unwrap();
    std::fs::create_dir(&one).unwrap();
    let cut = two.server.command(&to_s3, "");
    let said = String::from_utf8_lossy(&cut.stderr).into_owned();
    assert!(!cut.status.success() && said.contains("the place where files are"), "{said}");
    std::fs::remove_dir(&one).unwrap();
    std::fs::rename(&aside, &one).unwrap();
    is_refused(&two, &paths, &words(&at), "folder");
    is_read(TestServer::options(), &paths, &two, &all).await;

    let said = two.server.succeed(&to_s3, "");
    assert!(said.contains("files 12 ") && said.contains(&weed.endpoint()), "{said}");
    assert!(!said.contains(SECRET_KEY) && !said.contains(ACCESS_KEY), "{said}");
    assert!(contents(&folder(&paths)) == whole, "what was there is there");
    std::fs::remove_dir_all(folder(&paths)).unwrap();
    is_refused(&two, &paths, &[], "s3 http");
    is_read(on_s3(&weed), &paths, &two, &all).await;
    let again = two.server.succeed(&to_s3, "");
    assert!(again.contains("already"), "{again}");
    let verify = [&["verify"], &words(&at)[..]].concat();
    let said = two.server.succeed(&on(&paths.data, &paths.key, &verify), "");
    assert!(said.contains("files 11 ok"), "{said}");

    let prefix = ["--to", "s3", "--to-s3-prefix", "another"];
    let said = two.server.succeed(&moving(&paths, &[&prefix, &words(&at)[..]].concat()), "");
    assert!(said.contains("another"), "{said}");
    is_refused(&two, &paths, &words(&at), "another");
    let another = || on_s3(&weed).flag("--s3-prefix", "another");
    is_read(another(), &paths, &two, &all).await;

    let back = [&["--to", "folder", "--s3-prefix", "another"], &words(&at)[..]].concat();
    two.server.succeed(&moving(&paths, &back), "");
    assert!(contents(&folder(&paths)).len() == whole.len());
    let show = on(&paths.data, &paths.key, &["audit", "show"]);
    let log = two.server.succeed(&show, "");
    assert_eq!(log.matches("files-moved").count(), 3, "{log}");
    // What was half sent goes on here, too.
    are_there(TestServer::options(), &paths.data, &paths.key, &two, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_to_no_place_where_others_are_and_not_while_it_is_away() {
    let mut weed = Weed::start().await;
    let mut two = two().await;
    let files: Files = with_files(&two).await;
    let other = two_on(on_s3(&weed)).await;
    shares(&other.client, other.conversation, "theirs.pdf", &pdf("theirs")).await;
    let paths = paths(&two.server);
    let to = flags(&weed, "to-s3");
    let to_s3 = moving(&paths, &[&["--to", "s3"], &words(&to)[..]].concat());
    two.server.sigterm().await;
    let taken = two.server.command(&to_s3, "");
    let said = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert!(!taken.status.success() && said.contains("not of this practice"), "{said}");
    weed.down();
    let away = two.server.command(&to_s3, "");
    let said = String::from_utf8_lossy(&away.stderr).into_owned();
    assert!(!away.status.success() && said.contains("the place where files go"), "{said}");
    are_there(TestServer::options(), &paths.data, &paths.key, &two, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_anew_files_on_an_s3_server_are_under_another_prefix_and_read_there() {
    let weed = Weed::start().await;
    let mut two = two_on(on_s3(&weed)).await;
    let files = with_files(&two).await;
    let paths = paths(&two.server);
    two.server.sigterm().await;
    let at = flags(&weed, "s3");
    let reseal = |more: &[&str]| -> Vec<String> {
        let all = [&["key", "reseal", "--to", &paths.other], &words(&at)[..], more].concat();
        on(&paths.data, &paths.key, &all).into_iter().map(str::to_owned).collect()
    };
    let same = two.server.command(&words(&reseal(&["--to-s3-prefix", "quietroom"])), "");
    assert!(!same.status.success(), "over what is there");
    let said = two.server.succeed(&words(&reseal(&["--to-s3-prefix", "anew"])), "");
    assert!(said.contains("files 1"), "{said}");

    // The old one is as it was, and the new one takes no other prefix.
    is_read(on_s3(&weed), &paths, &two, &[(files.0, files.1.clone())]).await;
    let other = Paths { data: paths.other.clone(), ..paths };
    is_refused(&two, &other, &words(&at), "anew");
    let anew = || on_s3(&weed).flag("--s3-prefix", "anew");
    are_there(anew(), &other.data, &other.key, &two, &files).await;
}
