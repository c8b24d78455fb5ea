//! The record as a bundle, checked without the server that made it and by programs of others.

use quietroom_tests::support::TestClient;
use shared_proto::http::Route;

use super::{members, python, taken, verified};
use crate::files::{pdf, send, share, shares, text};
use crate::forms::{answers, give, group, saved, short, submit};
use crate::given::two;

#[tokio::test]
async fn a_bundle_is_checked_offline_and_what_was_changed_is_found() {
    let mut two = two().await;
    two.provider.send(two.conversation, "How was the week?").await;
    two.client.send(two.conversation, "<b>Better</b> 👋").await;
    let bundle = taken(two.client.session(), Route::RecordZip, two.conversation).await;
    let data = two.server.data().to_str().unwrap().to_owned();
    let key = two.server.succeed(&["key", "show", "--data", &data], "").trim().to_owned();
    let (fine, said) = verified(&two.server, &bundle, &[]);
    assert!(fine && said.contains(&key), "{said}");
    assert!(said.contains("compare it with the one the practice publishes"), "{said}");
    assert!(
        said.contains(&two.conversation.to_string()) && said.contains(&two.jonas.name),
        "{said}"
    );
    assert!(said.contains("3 entries hang together"), "{said}");
    let (fine, said) = verified(&two.server, &bundle, &["--key", &key]);
    assert!(fine && said.contains("signed with the key that was given"), "{said}");

    // A word of it, and all that can be seen from outside fits again but the signature.
    let at = bundle.windows(6).position(|found| found == b"Better").unwrap();
    let mut changed = bundle.clone();
    changed[at..at + 6].copy_from_slice(b"Worse!");
    let (fine, said) = verified(&two.server, &changed, &[]);
    assert!(!fine && said.contains("damaged"), "{said}");
    let (fine, said) = verified(&two.server, &bundle[..bundle.len() - 1], &[]);
    assert!(!fine, "{said}");

    // The key stays, also when the practice key is another one and the server does not run.
    two.server.succeed(&["key", "rotate", "--data", &data], "");
    two.server.sigterm().await;
    assert_eq!(two.server.succeed(&["key", "show", "--data", &data], "").trim(), key);
    let other = crate::given::two().await;
    let data = other.server.data().to_str().unwrap();
    let foreign = other.server.succeed(&["key", "show", "--data", data], "");
    let (fine, said) = verified(&two.server, &bundle, &["--key", foreign.trim()]);
    assert!(!fine && said.contains("another key"), "{said}");
}

#[tokio::test]
async fn other_programs_unpack_a_bundle_and_find_every_hash_and_the_chain_right() {
    let two = two().await;
    let hostile = "\"quoted\", 'so'\n=1+1 <script>alert(1)</script> \u{2028}👋";
    two.provider.send(two.conversation, hostile).await;
    for number in 0..60 {
        let request = two.client.message(two.conversation, &format!("message {number}"));
        // Faster than one person may: what was sent before is enough.
        if two.client.request(request).await.is_err() {
            break;
        }
    }
    let bundle = taken(two.provider.session(), Route::RecordZip, two.conversation).await;
    let all = members(&two.server, &bundle);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "people.json",
            "transcript.jsonl",
            "transcript.csv",
            "transcript.html",
            "audit.jsonl",
            "manifest.json",
            "manifest.sig",
        ]
    );
    let file = two.server.folder().join("record.zip");
    let program = "import hashlib, json, sys, zipfile\n\
                   bundle = zipfile.ZipFile(sys.argv[1])\n\
                   list = json.loads(bundle.read('manifest.json'))\n\
                   for one in list['members']:\n    \
                   held = bundle.read(one['name'])\n    \
                   assert len(held) == one['bytes']\n    \
                   assert hashlib.sha256(held).hexdigest() == one['sha256']\n\
                   head, count = '0' * 64, 0\n\
                   for line in bundle.read('transcript.jsonl').split(b'\\n')[:-1]:\n    \
                   assert json.loads(line)['before'] == head\n    \
                   head, count = hashlib.sha256(line).hexdigest(), count + 1\n\
                   assert (head, count) == (list['chain'], list['entries'])\n\
                   print(json.loads(bundle.read('transcript.jsonl').split(b'\\n')[1])['text'], end='')";
    assert_eq!(python(program, &[file.to_str().unwrap()]), hostile, "exactly as it was written");
    let html = &all[4].1;
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "text stays text");
    assert!(html.contains("Content-Security-Policy") && html.ends_with("</html>\n"));
}

#[tokio::test]
async fn forms_are_in_the_bundles_of_the_host_and_of_who_filled_them_in_and_of_nobody_else() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let given = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    submit(&group.bens, group.talk, given, &answers("I cannot sleep", true)).await.unwrap();
    let open = saved(&group.host, short("Another time")).await;
    give(&group.host, group.talk, open, &[group.ben.id]).await.unwrap();
    let bundle = async |client: &TestClient| {
        let bundle = taken(client.session(), Route::RecordZip, group.talk).await;
        let (fine, said) = verified(&group.server, &bundle, &[]);
        assert!(fine, "{said}");
        members(&group.server, &bundle)
    };
    for (client, counts) in [(&group.host, true), (&group.bens, false)] {
        let all = bundle(client).await;
        let of = |name: &str| {
            let found = all.iter().find(|(given, _)| given == name);
            let (_, text) = found.unwrap_or_else(|| panic!("{name}"));
            serde_json::from_str::<serde_json::Value>(text).unwrap()
        };
        // Beginning, assignment, submission.
        let (form, said) = (of("forms/3-questionnaire.json"), of("forms/3-response.json"));
        assert_eq!(form["resourceType"], "Questionnaire");
        assert_eq!(form["title"], "Before we meet");
        assert_eq!(said["resourceType"], "QuestionnaireResponse");
        assert_eq!(said["status"], "completed");
        assert!(said.to_string().contains("I cannot sleep"));
        assert_eq!(form.to_string().contains("Burden"), counts, "what it counts is the host's");
        let forms = all.iter().filter(|(name, _)| name.starts_with("forms/"));
        assert_eq!(forms.count(), 2, "what is not submitted is its writer's alone");
        let (_, table) = all.iter().find(|(name, _)| name == "transcript.csv").unwrap();
        assert!(table.contains("Gave Ben Client the form"), "{table}");
    }
    for (name, text) in bundle(&group.caras).await {
        for hidden in ["Before we meet", "I cannot sleep", "Another time", "form given"] {
            assert!(!text.contains(hidden), "{name} tells Cara of {hidden:?}");
        }
        assert!(!name.starts_with("forms/"), "{name}");
    }
}

#[tokio::test]
async fn files_are_in_the_bundles_of_those_they_were_shared_with_and_leave_no_trace_in_others() {
    let group = group().await;
    let large = text(600_000);
    shares(&group.host, group.talk, "Übung 1.txt", &large).await;
    let hidden = send(&group.host, group.talk, "for Ben alone.pdf", &pdf("hidden words")).await;
    share(&group.host, group.talk, hidden.unwrap(), &[group.cara.id]).await.unwrap();
    let bundle = async |client: &TestClient| {
        let bundle = taken(client.session(), Route::RecordZip, group.talk).await;
        let (fine, said) = verified(&group.server, &bundle, &[]);
        assert!(fine, "{said}");
        members(&group.server, &bundle)
    };
    for client in [&group.host, &group.bens, &group.caras] {
        let all = bundle(client).await;
        let (_, held) = all.iter().find(|(name, _)| name == "files/2-Übung 1.txt").unwrap();
        assert_eq!(held.as_bytes(), large);
        let sees = client.me().id != group.cara.id;
        let there = all.iter().find(|(name, _)| name == "files/3-for Ben alone.pdf");
        assert_eq!(there.is_some_and(|(_, text)| text.contains("hidden words")), sees);
        for (name, text) in &all {
            for trace in ["for Ben alone", "hidden words"] {
                assert!(
                    sees || !name.contains(trace) && !text.contains(trace),
                    "{trace} in {name}"
                );
            }
        }
    }
    for route in super::FORMS {
        let record = taken(group.caras.session(), route, group.talk).await;
        let text = String::from_utf8_lossy(&record);
        assert!(!text.contains("for Ben alone"), "{route:?}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_any_more_is_said_to_be_lost_and_the_rest_is_taken() {
    let two = two().await;
    let (gone, _) = shares(&two.provider, two.conversation, "gone.txt", &text(1_000)).await;
    shares(&two.provider, two.conversation, "kept.txt", &text(1_000)).await;
    let [outer, inner, ..] = *gone.as_bytes();
    let folder = two.server.data().join(format!("files/{outer:02x}/{inner:02x}"));
    std::fs::remove_file(folder.join(gone.to_string())).unwrap();
    let bundle = taken(two.client.session(), Route::RecordZip, two.conversation).await;
    let (fine, said) = verified(&two.server, &bundle, &[]);
    assert!(fine, "{said}");
    let all = members(&two.server, &bundle);
    let files: Vec<&str> = all
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with("files/"))
        .collect();
    assert_eq!(files, ["files/2-gone.txt.lost.txt", "files/3-kept.txt"]);
}
