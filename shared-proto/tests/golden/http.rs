//! The plain requests before there is a session.

use shared_proto::http::{self, Session, SetUp, SignIn, Unlock};
use shared_proto::limits;
use shared_proto::practice::Policies;
use shared_proto::refusal::Refusal;

use crate::*;

golden! {
    sessions_keep_their_bytes: Session {
        Session::SetUpNeeded => { Session::SetUpNeeded => "00" }
        Session::SignedOut { .. } => {
            Session::SignedOut { practice: "Oak".into() } => "01 03 'Oak'",
        }
        Session::SignedIn { .. } => {
            Session::SignedIn { practice: "Oak".into(), me: card() } =>
                "02 03 'Oak' aa*16 03 'Ana' 01",
        }
        Session::Locked { .. } => {
            Session::Locked { practice: "Oak".into(), me: card() } =>
                "03 03 'Oak' aa*16 03 'Ana' 01",
        }
    }

    sign_in_keeps_its_bytes: SignIn {
        SignIn { .. } => {
            SignIn { email: "a@b".into(), password: "secret".into() } => "03 61 40 62 06 'secret'",
        }
    }

    set_up_keeps_its_bytes: SetUp {
        SetUp { .. } => {
            SetUp {
                token: "t0".into(),
                practice: "Oak".into(),
                name: "Ana".into(),
                email: "a@b".into(),
                password: "secret".into(),
                time_zone: "UTC".into(),
                language: "de".into(),
                currency: "EUR".into(),
                divisions: "Adults".into(),
                announcement: "Hello".into(),
                idle_minutes: 10,
                session_hours: 12,
                policies: Policies::OPEN,
            } => "02 't0' 03 'Oak' 03 'Ana' 03 61 40 62 06 'secret' 03 'UTC' 02 'de' 03 'EUR' \
                  06 'Adults' 05 'Hello' 0a 0c 00 00 01 01 01 00",
        }
    }

    http_answers_keep_their_bytes: Result<PersonCard, Refusal> {
        Ok(_) => { Ok(card()) => "00 aa*16 03 'Ana' 01" }
        Err(_) => { Err(Refusal::WrongCredentials) => "01 01" }
    }

    http_answers_without_content_keep_their_bytes: Result<(), Refusal> {
        Ok(()) => { Ok(()) => "00" }
        Err(_) => { Err(Refusal::SignInRequired) => "01 00" }
    }

    unlock_keeps_its_bytes: Unlock {
        Unlock { .. } => { Unlock { password: "secret".into() } => "06 'secret'" }
    }
}

#[test]
fn paths_and_names_stay_what_they_are() {
    let paths = [
        http::SESSION,
        http::SIGN_IN,
        http::SIGN_OUT,
        http::SET_UP,
        http::LOCK,
        http::UNLOCK,
        http::LIVE,
    ];
    let expect = [
        "/api/session",
        "/api/sign-in",
        "/api/sign-out",
        "/api/set-up",
        "/api/lock",
        "/api/unlock",
        "/api/live",
    ];
    assert_eq!(paths, expect);
    assert_eq!(http::CONTENT_TYPE, "application/vnd.quietroom.v1");
    assert_eq!(limits::SUBPROTOCOL, "quietroom.v1");
}
