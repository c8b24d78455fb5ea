//! O25, and V of the trust numbers: the record as a table.

use quietroom_tests::support::http::Request;
use quietroom_tests::support::people::refusal;
use shared_proto::conversation::command::Command;
use shared_proto::http::Route;
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::{Field, Refusal, Rule};

use super::{asked, rows, taken};
use crate::conversations::act;
use crate::given::{Two, two};
use crate::office::{change_practice, practice};

const HOSTILE: [&str; 6] = [
    "=HYPERLINK(\"http://evil.example\",\"Click\")",
    "+41 44 000 00 00",
    "He said \"yes\", then; left\r\nand\n=1+1 came",
    "@SUM(A1:A9)|cmd",
    "grüezi 👋 \u{202e}abc",
    "\u{ff1d}1+1",
];

async fn hostile() -> Two {
    let two = two().await;
    for text in HOSTILE {
        two.provider.send(two.conversation, text).await;
    }
    two
}

#[tokio::test]
async fn a_table_has_a_row_an_entry_and_every_text_in_it_readable_and_no_formula() {
    let two = hostile().await;
    let answer = asked(two.provider.session(), Route::RecordCsv, two.conversation).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-length"), None, "it is sent as it is read");
    let disposition = answer.header("content-disposition").unwrap();
    let short = two.conversation.to_string()[..8].to_owned();
    let begins = format!("attachment; filename=\"conversation-{short}-2");
    assert!(disposition.starts_with(&begins) && disposition.ends_with(".csv\""), "{disposition}");
    assert!(answer.header("content-security-policy").unwrap().starts_with("sandbox; "));
    assert!(answer.body.starts_with("\u{feff}number,time,time zone,author,".as_bytes()));
    assert!(answer.body.ends_with(b"\r\n"));

    let rows = rows(&two.server, &answer.body);
    assert_eq!(rows.len(), 1 + 1 + HOSTILE.len(), "a head, the beginning, and a row a message");
    let held = two.provider.held(two.conversation);
    for (number, row) in rows.iter().enumerate().skip(1) {
        assert_eq!(row.len(), 10, "{row:?}");
        assert_eq!(row[0], number.to_string());
        assert!(row[1].ends_with("+00:00") && row[2] == "UTC", "{row:?}");
        assert_eq!((row[3].as_str(), row[4].as_str()), (two.dana.name.as_str(), "owner"));
        assert_eq!(row[9], held[number - 1].id.to_string());
    }
    assert_eq!(
        rows[1][5..=8],
        ["begin", "", "", &format!("Began the conversation with {}", two.jonas.name)]
    );
    let texts: Vec<&str> = rows[2..].iter().map(|row| row[6].as_str()).collect();
    assert_eq!(
        texts,
        [
            "'=HYPERLINK(\"http://evil.example\",\"Click\")",
            "'+41 44 000 00 00",
            "He said \"yes\", then; left\r\nand\n'=1+1 came",
            "'@SUM(A1:A9)|cmd",
            "grüezi 👋 \u{202e}abc",
            "'\u{ff1d}1+1",
        ]
    );
}

#[tokio::test]
async fn times_are_those_of_the_zone_that_is_asked_for_or_of_the_practice() {
    let two = two().await;
    let session = two.provider.session();
    let in_zone = async |query: &str| {
        let path = Route::RecordCsv.of_conversation(two.conversation) + query;
        let request = Request::get(path).header("Cookie", &session.cookie);
        request.send(session.server.socket, &session.server.host).await.unwrap()
    };
    let zone = |table: &[u8]| rows(&two.server, table)[1][2].clone();
    assert_eq!(zone(&in_zone("").await.body), "UTC");
    let asked = in_zone("?zone=Asia%2FKathmandu").await;
    let rows = rows(&two.server, &asked.body);
    assert!(rows[1][1].ends_with("+05:45") && rows[1][2] == "Asia/Kathmandu", "{rows:?}");
    for (query, rule) in [("?zone=Mars/Olympus", Rule::Unknown), ("?zone=../x", Rule::Malformed)] {
        let refused = in_zone(query).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refusal(&refused), Refusal::invalid(Field::TimeZone, rule), "{query}");
    }
    let mut settings = practice(&two.provider).await.settings;
    settings.time_zone = "America/New_York".to_owned();
    change_practice(&two.provider, PracticeChange::Settings(Box::new(settings))).await.unwrap();
    assert_eq!(zone(&in_zone("").await.body), "America/New_York");
}

#[tokio::test]
async fn what_was_withdrawn_keeps_its_text_for_the_host_and_for_nobody_else() {
    let two = two().await;
    let taken_back = two.client.send(two.conversation, "-I should not have said this").await;
    two.client.send(two.conversation, "Sorry").await;
    act(&two.client, two.conversation, Command::Withdraw { target: taken_back }).await.unwrap();
    for (client, text) in [(&two.provider, "'-I should not have said this"), (&two.client, "")] {
        let table = taken(client.session(), Route::RecordCsv, two.conversation).await;
        let rows = rows(&two.server, &table);
        assert_eq!(rows.len(), 5, "{rows:?}");
        assert_eq!((rows[2][5].as_str(), rows[2][6].as_str()), ("message", text));
        assert_eq!(rows[2][7], rows[4][1], "when it was withdrawn");
        assert_eq!((rows[3][6].as_str(), rows[3][7].as_str()), ("Sorry", ""));
        assert_eq!(rows[4][5], "withdrawal");
        assert_eq!(rows[4][8], format!("Withdrew the entry {taken_back}"));
    }
}
