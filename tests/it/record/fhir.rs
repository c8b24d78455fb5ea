//! The record as a FHIR R4 Bundle; that it is one by the schema HL7 publishes is tested where it is
//! made: `server/src/fhir/tests/schema.rs`.

use std::collections::BTreeSet;

use serde_json::Value;
use shared_proto::conversation::command::Command;
use shared_proto::http::Route;

use super::{asked, taken};
use crate::conversations::act;
use crate::given::two;

#[tokio::test]
async fn every_entry_is_a_communication_between_people_who_are_in_it() {
    let two = two().await;
    let first = two.provider.send(two.conversation, "How was the\u{a0}week?").await;
    let gone = two.client.send(two.conversation, "a slip of the tongue").await;
    act(&two.client, two.conversation, Command::Withdraw { target: gone }).await.unwrap();
    let answer = asked(two.client.session(), Route::RecordFhir, two.conversation).await;
    assert_eq!(answer.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    assert!(answer.header("content-disposition").unwrap().ends_with(".fhir.json\""));
    let bundle: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&"Bundle".into(), &"collection".into())
    );
    let entries = bundle["entry"].as_array().unwrap();
    let urls: BTreeSet<&str> =
        entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), entries.len(), "each once");
    let kinds: Vec<&str> =
        entries.iter().map(|entry| entry["resource"]["resourceType"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["Practitioner", "Patient"]);
    assert_eq!(kinds[2..], ["Communication"; 4]);
    let said: Vec<&Value> = entries[2..].iter().map(|entry| &entry["resource"]).collect();
    for one in &said {
        for person in one["recipient"].as_array().unwrap().iter().chain([&one["sender"]]) {
            assert!(urls.contains(person["reference"].as_str().unwrap()), "{person}");
        }
    }
    assert_eq!(said[1]["id"], first.to_string());
    assert_eq!(said[1]["status"], "completed");
    assert_eq!(said[1]["payload"][0]["contentString"], "How was the week?");
    assert_eq!(said[1]["sender"]["reference"], format!("urn:uuid:{}", two.dana.id));
    assert_eq!(said[1]["recipient"][0]["reference"], format!("urn:uuid:{}", two.jonas.id));
    assert_eq!(said[2]["status"], "entered-in-error");
    assert_eq!(said[2].get("payload"), None);
    assert_eq!(said[3]["inResponseTo"][0]["reference"], format!("urn:uuid:{gone}"));

    let kept = taken(two.provider.session(), Route::RecordFhir, two.conversation).await;
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    let kept = &kept["entry"][4]["resource"];
    assert_eq!(kept["status"], "entered-in-error");
    assert_eq!(kept["payload"][0]["contentString"], "a slip of the tongue", "the host's record");
}
