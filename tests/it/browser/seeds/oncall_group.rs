//! OnCall's "How to Create Group Messaging Appointments".

use quietroom_tests::support::TestServer;
use quietroom_tests::support::browser::{PHONE, WIDE};
use shared_proto::form::Kind;
use shared_proto::people::Role;

use super::super::files::given::{send_chosen, text};
use super::super::forms::{form, saved};
use super::super::record::{saved as saved_file, saves_to};
use super::super::screens::look;
use super::super::sessions::list;
use super::super::{send, signed_in};
use super::{press, press_of};
use crate::given::device;

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_created_given_files_and_forms_saved_and_completed() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let ben = server.person_add("Ben Osei", Role::Client);
    let mira = server.person_add("Mira Berg", Role::Provider);
    let owner = device(&server, &dana).await;
    let asked = vec![("What brought you here?".to_owned(), Kind::LongText)];
    let intake = saved(&owner, &form("Before we meet", asked)).await;

    // "Add Participant", patients or colleagues; "leave the date & time blank".
    let host = signed_in(&server, &dana, WIDE, None).await;
    press(&host, "section-messages", "Messages").await;
    press(&host, "new-conversation", "New conversation").await;
    for person in [&jonas, &ben, &mira] {
        press_of(&host, "people-option", person.id).await;
        super::has(&host, "people-chosen", person.id).await;
    }
    host.press("kind-session").await;
    press(&host, "start-conversation", "Start conversation").await;
    host.find("running").await;
    list(&host, "list-active", 1).await;
    press(&host, "inbox-row", "Jonas Keller").await;
    send(&host, "Welcome to the group").await;
    let [shown, hidden] = [&jonas, &ben].map(|who| signed_in(&server, who, PHONE, None));
    let (shown, hidden) = tokio::join!(shown, hidden);
    for client in [&shown, &hidden] {
        client.press("inbox-row").await;
        client.says("Welcome to the group").await;
        client.fits("a group on a phone").await;
    }
    send(&shown, "Hello from Jonas").await;
    hidden.says("Hello from Jonas").await;

    // The host sees emails in a drop-down; participants see names, never emails.
    press(&host, "details", "About this conversation").await;
    let emails = "document.querySelectorAll('[data-testid=member-email]').length >= 3";
    host.until("emails", emails).await;
    let open = format!(
        "document.querySelector('[data-testid=member][data-person=\"{}\"] summary').click()",
        ben.id
    );
    host.script(&open, Vec::new()).await;
    host.says(&ben.email).await;
    press(&shown, "details", "About this conversation").await;
    shown.says("Ben Osei").await;
    let page = shown.script("return document.documentElement.innerHTML", Vec::new()).await;
    assert!(!page.as_str().unwrap().contains(&ben.email));
    shown.press("tool-close").await;

    // "To send files, click on the paper clip in your attachments list"; all are selected, and one is
    // deselected.
    press(&host, "details-files", "Files").await;
    host.find("files-empty").await;
    look(&host, "seeds-attachments").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.txt");
    std::fs::write(&file, text(3)).unwrap();
    let says = "document.querySelector('[data-testid=files-send]').textContent === 'Send files'";
    host.until("the paper clip", says).await;
    host.choose("files-send-input", &[file.as_path()]).await;
    host.find("send-files").await;
    let all = "[...document.querySelectorAll('[data-testid=recipient]')].map(box => box.checked)\
        .join() === 'true,true,true'";
    host.until("all to be selected", all).await;
    press_of(&host, "recipient", ben.id).await;
    send_chosen(&host).await;
    shown.reads("file-name", &["plan.txt"]).await;
    host.reads("file-hidden", &["Not shown to \u{2068}Ben Osei\u{2069}"]).await;
    assert!(!hidden.shows("file").await);
    // "You will not be able to delete the file after uploading."
    let read = "document.querySelector('[data-testid=message][data-own=true]:has([data-testid=file])')\
        ?.querySelector('[data-testid=message-menu]') === null";
    host.until("no way to take it back", read).await;

    // "Click on 'Assign a form'. Select the form and the participant."
    press(&host, "details", "About this conversation").await;
    press(&host, "details-files", "Files").await;
    host.reads("listed-name", &["plan.txt"]).await;
    press(&host, "files-assign", "Assign a form").await;
    let one =
        format!("document.querySelector('[data-testid=assign-form][data-form=\"{intake}\"]')");
    host.until("the form", &format!("Boolean({one})")).await;
    host.script(&format!("{one}.click()"), Vec::new()).await;
    press_of(&host, "assign-person", jonas.id).await;
    press(&host, "assign-save", "Assign").await;
    shown.says("To fill in").await;
    assert!(!hidden.shows("form-card").await);
    shown.press("form-card-open").await;
    shown.find("paper").await;
    shown.fits("a form on a phone").await;
    shown.press("tool-close").await;
    shown.gone("paper").await;

    // "Export to .csv".
    saves_to(&host, folder.path()).await;
    press(&host, "details", "About this conversation").await;
    press(&host, "details-record", "Save the record").await;
    host.press("record-csv").await;
    let table = std::fs::read_to_string(saved_file(folder.path(), ".csv").await).unwrap();
    assert!(table.contains("Hello from Jonas"), "{table}");
    host.press("tool-close").await;

    // Complete, and Archived: read, with its files and forms, by everyone.
    press(&host, "complete", "Complete session").await;
    host.find("complete-open").await;
    let ready =
        "document.querySelector('[data-testid=complete-confirm]')?.ariaDisabled === 'false'";
    host.until("the question", ready).await;
    press(&host, "complete-confirm", "Complete session").await;
    host.find("ended").await;
    list(&host, "list-archived", 1).await;
    host.press("inbox-row").await;
    host.says("Welcome to the group").await;
    press(&host, "details", "About this conversation").await;
    host.find("form-given").await;
    press(&host, "details-files", "Files").await;
    host.reads("listed-name", &["plan.txt"]).await;
    assert!(!host.shows("files-send").await && !host.shows("files-assign").await);
    for client in [&shown, &hidden] {
        client.find("read-only").await;
        assert!(!client.shows("composer").await);
        client.says("Hello from Jonas").await;
    }
    assert_eq!(hidden.count("[data-testid=file]").await, 0);
    shown.finish().await;
    hidden.finish().await;
    host.finish().await;
}
