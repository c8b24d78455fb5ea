use super::*;

fn composed(letter: Letter, to: &str) -> Result<String, MailError> {
    let job = Job { to: to.to_owned(), language: "en".into(), letter };
    let from = "Our practice <messages@example.org>".parse().unwrap();
    let store = crate::store::testing::store();
    let (id, _, _) = queue::named_job(&store, &job);
    let message = compose(&from, id, Millis(1_700_000_000_000), &job)?;
    Ok(String::from_utf8(message.formatted()).unwrap())
}

#[test]
fn a_letter_has_the_headers_mail_needs_and_says_that_a_program_wrote_it() {
    let letter = Letter::PasswordChanged { practice: "Lane".into() };
    let text = composed(letter, "jonas@example.org").unwrap();
    for line in [
        "To: jonas@example.org",
        "Subject: Your password was changed",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(text.contains("@example.org>") && text.contains("Message-ID: <"), "{text}");
}

#[test]
fn no_name_and_no_address_adds_a_header() {
    let hostile = "Lane\r\nBcc: everyone@example.org\r\n\r\nvoid";
    let letter = Letter::Invitation {
        practice: hostile.into(),
        inviter: format!("Zoë {hostile}"),
        link: "https://messages.example.org/x".into(),
    };
    let text = composed(letter.clone(), "jonas@example.org").unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("Bcc") && !head.contains("Lane"), "{head}");
    assert_eq!(head.lines().count(), head.split("\r\n").count());
    for to in ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a"] {
        assert!(matches!(composed(letter.clone(), to), Err(MailError::Final(_))), "{to}");
    }
}
