//! A file that is hidden from somebody: they see nothing of it (O22).

use quietroom_tests::support::TestServer;
use quietroom_tests::support::browser::PHONE;
use serde_json::json;
use shared_proto::people::Role;

use super::super::{WIDE, open, send, signed_in};
use super::given::{choose, png, send_chosen};
use super::look;
use crate::given::device;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_left_out_of_a_file_sees_nothing_of_it_and_its_sender_sees_who() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let ben = server.person_add("Ben Osei", Role::Client);
    let host = device(&server, &dana).await;
    let group = host.create(&[jonas.id, ben.id]).await;
    let sender = signed_in(&server, &dana, WIDE, Some(group)).await;
    let left_out = signed_in(&server, &ben, WIDE, None).await;
    let shown = signed_in(&server, &jonas, PHONE, Some(group)).await;
    left_out.find("inbox-row").await;

    let folder = tempfile::tempdir().unwrap();
    choose(&sender, folder.path(), &[("for-jonas-only.png", png(90, 60))]).await;
    let ticked =
        "[...document.querySelectorAll('[data-testid=recipient]')].every(box => box.checked)";
    sender.until("everyone to be ticked", ticked).await;
    let tick = |person: shared_proto::id::PersonId| {
        format!(
            "document.querySelector('[data-testid=recipient][data-person=\"{person}\"]').click()"
        )
    };
    // Nobody at all is nobody to send it to.
    for person in [jonas.id, ben.id] {
        sender.script(&tick(person), vec![]).await;
    }
    let nobody = "document.querySelector('[data-testid=send-dialog] [data-rule=empty]') !== null";
    sender.until("that somebody must get it", nobody).await;
    sender.script(&tick(jonas.id), vec![]).await;
    sender.gone("refusal").await;
    look(&sender, "files-recipients").await;
    send_chosen(&sender).await;
    sender.find("file-hidden").await;
    sender.reads("file-hidden", &["Not shown to \u{2068}Ben Osei\u{2069}"]).await;
    look(&sender, "files-hidden").await;
    shown.reads("file-name", &["for-jonas-only.png"]).await;
    shown.fits("a file in a group on a phone").await;
    assert!(!shown.shows("file-hidden").await, "only its sender is told who is left out");
    // All who are to see it have read it: nobody waits for Ben.
    let read = "document.querySelector('[data-testid=message]').dataset.mark === 'read'";
    sender.until("everyone who gets it to have read it", read).await;

    send(&sender, "Hello both").await;
    let unread = "document.querySelector('[data-testid=inbox-row]').dataset.unread === '1'";
    left_out.until("one message, and no file, to be unread", unread).await;
    open(&left_out, group).await;
    left_out.reads("message-text", &["Hello both"]).await;
    left_out.press("details").await;
    left_out.press("details-files").await;
    left_out.find("files-empty").await;
    let page = left_out.script("return document.documentElement.outerHTML", vec![]).await;
    assert!(!page.as_str().unwrap().contains("for-jonas-only"), "a trace of it");
    // Nor by its address.
    let address = "return document.querySelector('[data-testid=file-download]').href";
    let address = sender.script(address, vec![]).await;
    for address in
        [address.as_str().unwrap().to_owned(), format!("{}/preview", address.as_str().unwrap())]
    {
        let get = format!(
            "const done = arguments[arguments.length - 1];
            fetch({}).then(answer => done(answer.status))",
            json!(address)
        );
        assert_eq!(left_out.script_async(&get).await, json!(404), "as if it were not there");
        assert_eq!(shown.script_async(&get).await, json!(200));
    }
    sender.finish().await;
    left_out.finish().await;
    shown.finish().await;
}
