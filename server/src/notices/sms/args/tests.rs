use super::*;
use clap::Parser;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SmsArgs,
}

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
const TWILIO: [&str; 4] = ["--sms-twilio-account", ACCOUNT, "--sms-twilio-token", "t0ken"];
const URL: &str = "https://gateway.example/send?key=s3cr3t";
const BODY: &str = "to={to}&text={text}&key=s3cr3t";

fn args(line: &[&str]) -> SmsArgs {
    let words = std::iter::once("quietroom").chain(line.iter().copied());
    Line::try_parse_from(words).expect("flags").args
}

fn check(line: &[&str]) -> Result<(), SmsArgsError> {
    args(line).check()
}

#[test]
fn without_a_gateway_there_is_none_and_half_a_gateway_is_refused() {
    assert!(args(&[]).place().is_ok_and(|place| place.is_none()));
    for half in [
        &["--sms-from", "+15550100199"][..],
        &["--sms-twilio-token", "t0ken"],
        &["--sms-body", BODY],
        &["--sms-header", "A: b"],
        &["--sms-url", URL, "--sms-body", BODY, "--sms-twilio-token", "t0ken"],
        &[&TWILIO[..], &["--sms-from", SERVICE, "--sms-body", BODY]].concat(),
    ] {
        assert_eq!(check(half), Err(SmsArgsError::NoGateway), "{half:?}");
    }
    assert_eq!(check(&[&TWILIO[..], &["--sms-url", URL]].concat()), Err(SmsArgsError::Both));
}

#[test]
fn twilio_takes_an_account_its_token_and_a_sender() {
    let with = |more: &[&str]| check(&[&TWILIO[..], more].concat());
    assert_eq!(with(&["--sms-from", "+15550100199"]), Ok(()));
    assert_eq!(with(&["--sms-from", SERVICE]), Ok(()));
    assert_eq!(with(&[]), Err(SmsArgsError::From));
    for from in ["", "Practice", "15550100199", "+0555010019", "+1555", "MG0123", ACCOUNT] {
        assert_eq!(with(&["--sms-from", from]), Err(SmsArgsError::From), "{from}");
    }
    let from = ["--sms-from", SERVICE];
    for account in ["", "AC", SERVICE, "AC0123456789abcdef0123456789abcdeg"] {
        let line = ["--sms-twilio-account", account, "--sms-twilio-token", "t0ken"];
        assert_eq!(check(&[&line[..], &from].concat()), Err(SmsArgsError::Account), "{account}");
    }
    for token in [&[][..], &["--sms-twilio-token", ""]] {
        let line = [&TWILIO[..2], token, &from].concat();
        assert_eq!(check(&line), Err(SmsArgsError::Token));
    }
    for url in ["http://10.0.0.1", "https://api.twilio.com/2010", "api.twilio.com"] {
        let line = [&TWILIO[..], &from, &["--sms-twilio-url", url]].concat();
        assert_eq!(check(&line), Err(SmsArgsError::Url), "{url}");
    }
}

#[test]
fn the_way_to_a_gateway_on_another_machine_is_always_sealed() {
    let with = |url: &str| check(&["--sms-url", url, "--sms-body", BODY]);
    for right in [
        "https://gateway.example/send",
        "https://gateway.example?a={id}",
        "https://gateway.example:8443/{to}/send",
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "http://localhost/",
    ] {
        assert_eq!(with(right), Ok(()), "{right}");
    }
    for wrong in [
        "",
        "gateway.example/send",
        "http://gateway.example/send",
        "http://10.0.0.1/send",
        "http://localhost.example/send",
        "ftp://localhost/send",
        "https://gateway.example",
        "https://{to}.gateway.example/",
        "https://gateway{text}/",
        "{to}://gateway.example/",
        "https://user:s3cr3t@gateway.example/send",
        "https://gateway.example/send#{text}",
        "https://gateway.example/{number}",
    ] {
        assert_eq!(with(wrong), Err(SmsArgsError::Url), "{wrong}");
    }
}

#[test]
fn what_a_gateway_is_sent_holds_the_number_and_the_text() {
    let with = |more: &[&str]| check(&[&["--sms-url", URL], more].concat());
    assert_eq!(with(&["--sms-body", BODY]), Ok(()));
    for body in ["", "to={to}", "text={text}", "to={TO}&text={text}"] {
        assert_eq!(with(&["--sms-body", body]), Err(SmsArgsError::Places), "{body}");
    }
    assert_eq!(with(&[]), Err(SmsArgsError::Places));
    let from = ["--sms-body", "to={to}&text={text}&from={from}"];
    assert_eq!(with(&from), Err(SmsArgsError::NoFrom));
    assert_eq!(with(&[&from[..], &["--sms-from", "Oak Practice"]].concat()), Ok(()));
    let get = ["--sms-method", "GET"];
    assert_eq!(with(&[&get[..], &["--sms-body", BODY]].concat()), Err(SmsArgsError::BodyWithGet));
    let url = "https://gateway.example/send?to={to}&text={text}";
    assert_eq!(check(&["--sms-url", url, "--sms-method", "get"]), Ok(()));
    assert_eq!(check(&["--sms-url", url]), Ok(()));
}

#[test]
fn json_is_json_whatever_the_text_is() {
    let with = |body: &str| {
        let kind = ["--sms-content-type", "application/json"];
        check(&[&["--sms-url", URL, "--sms-body", body], &kind[..]].concat())
    };
    assert_eq!(with(r#"{"to":["{to}"],"text":"{text}","n":{"id":"{id}"}}"#), Ok(()));
    for wrong in [
        r#"{"to":{to},"text":"{text}"}"#,
        r#"{"to":"{to}","text":"{text}","id":{id}}"#,
        r#"{"to":"{to}","text":"{text}""#,
        r#"{"to":"{to}","text":"\{text}"}"#,
        BODY,
    ] {
        assert_eq!(with(wrong), Err(SmsArgsError::Json), "{wrong}");
    }
}

#[test]
fn headers_are_headers_and_not_ours() {
    let with =
        |header: &str| check(&["--sms-url", URL, "--sms-body", BODY, "--sms-header", header]);
    for right in ["Authorization: Bearer s3cr3t", "X-Key:s3cr3t", "A: b:c\nB: d"] {
        assert_eq!(with(right), Ok(()), "{right}");
    }
    for wrong in [
        "",
        "Authorization",
        ": value",
        "Na me: value",
        "A: b\rB: c",
        "Host: gateway.example",
        "content-type: text/plain",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Connection: close",
    ] {
        assert_eq!(with(wrong), Err(SmsArgsError::Header), "{wrong}");
    }
}

#[test]
fn a_secret_is_never_shown() {
    let line = [
        "--sms-url",
        URL,
        "--sms-body",
        BODY,
        "--sms-header",
        "Authorization: Bearer s3cr3t",
        "--sms-twilio-token",
        "t0ken",
    ];
    let args = args(&line);
    let shown = format!("{args:?} {}", args.check().expect_err("too much"));
    assert!(!shown.contains("s3cr3t") && !shown.contains("t0ken"), "{shown}");
}
