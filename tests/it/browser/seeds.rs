//! What practices rent today, followed step by step: the help pages "Using iCouch Secure Messaging",
//! "Messaging Clients from ICANotes+" and OnCall's "How to Create a Secure Messaging Appointment".
//! Each step is a button that is there, says what it is for, and does what the page says; providers
//! at a desk, clients on a small phone, and providers on one where the page has them there. Left out
//! are fees and appointments from a calendar.
//!
//! | page | step | here |
//! |---|---|---|
//! | iCouch | People, the client's listing, "Secure Message" | People, the row, Send message |
//! | | Invite, the email, a strong password, Sign Up | Send invitation, the letter, Accept the invitation |
//! | | start a new conversation, select the client, type | New conversation, the picker, the field below |
//! | | "Consents to Email Notifications", mobile number | chart: Notices they agreed to, Contact |
//! | | one's own mobile number, opt in | Settings: You, Consents |
//! | ICANotes+ | chart, Communications, Messaging | the same |
//! | | Compose, send; the client answers | New message; the client's conversations |
//! | | history of one client with one clinician | the same section |
//! | | activity in the client's inbox | an entry in the conversation |
//! | OnCall | Messages, Create New Conversation | Messages, New conversation |
//! | | division, provider, date and time, participant | the same, and by name and email |
//! | | greeting, text, files both ways | Use your greeting, the field, the paper clip |
//! | | edit the announcement, save | Edit, Save |
//! | | Complete, Archived | Complete, Archived |
//! | | add participants, see emails | the picker, About this conversation |
//! | | paper clip of the attachments, hide, assign a form | Files: Send files, Assign a form |
//! | | Export to .csv | Save the record, Spreadsheet |

mod icanotes;
mod icouch;
mod oncall;
mod oncall_group;

use quietroom_tests::support::browser::by;
use quietroom_tests::support::{Browser, TestClient};
use serde_json::json;
use shared_proto::id::PersonId;
use shared_proto::practice::{Policies, PracticeChange, Settings};

use crate::office::{change_practice, practice};

/// Presses a button that says so, in words or to who cannot see it.
async fn press(browser: &Browser, testid: &str, words: &str) {
    let says = format!(
        "[...document.querySelectorAll({})].some(element => element.checkVisibility() && \
           [element.ariaLabel, element.textContent, element.title].some(said => \
             said?.replace(/[\\u2068\\u2069]/g, '').includes({})))",
        json!(by(testid)),
        json!(words)
    );
    browser.until(&format!("{testid} to say {words:?}"), &says).await;
    browser.press(testid).await;
}

/// Presses the one of several that is about somebody.
async fn press_of(browser: &Browser, testid: &str, person: PersonId) {
    let one = format!("document.querySelector({})", json!(of(testid, person)));
    browser.until(&format!("{testid} of {person}"), &format!("Boolean({one})")).await;
    browser.script(&format!("{one}.click()"), Vec::new()).await;
}

/// The selector of what is about somebody.
fn of(testid: &str, person: PersonId) -> String {
    format!("{}[data-person=\"{person}\"]", by(testid))
}

/// Waits until something about somebody is there.
async fn has(browser: &Browser, testid: &str, person: PersonId) {
    let there = format!("document.querySelector({}) !== null", json!(of(testid, person)));
    browser.until(&format!("{testid} of {person}"), &there).await;
}

/// Waits until a box is ticked, or is not.
async fn ticked(browser: &Browser, testid: &str, on: bool) {
    let is = format!("document.querySelector({})?.checked === {on}", json!(by(testid)));
    browser.until(&format!("{testid} to be ticked: {on}"), &is).await;
}

/// Waits until what stands in a field is this.
async fn holds(browser: &Browser, testid: &str, value: &str) {
    let same = format!("document.querySelector({})?.value === {}", json!(by(testid)), json!(value));
    browser.until(&format!("{testid} to hold {value:?}"), &same).await;
}

/// Brings something into view, for a picture.
async fn scroll_to(browser: &Browser, testid: &str) {
    browser.find(testid).await;
    let scroll = format!("document.querySelector({}).scrollIntoView()", json!(by(testid)));
    browser.script(&scroll, Vec::new()).await;
}

/// Has the practice work in another way.
async fn policies(owner: &TestClient, change: impl FnOnce(&mut Policies)) {
    let settings = practice(owner).await.settings;
    let mut policies = settings.policies;
    change(&mut policies);
    let settings = Box::new(Settings { policies, ..settings });
    change_practice(owner, PracticeChange::Settings(settings)).await.unwrap();
}
