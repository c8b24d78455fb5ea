//! The plain requests before there is a session.

use shared_proto::factors::SecondStep;
use shared_proto::http::{
    self, Accept, ChangePassword, Chooser, Confirmed, Forgotten, Link, Linked, NewPassword,
    Session, SetUp, SignIn, Unlock, Weigh,
};
use shared_proto::limits;
use shared_proto::practice::Policies;
use shared_proto::refusal::Refusal;
use shared_proto::strength::{Verdict, Weakness};

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
        Session::FactorRequired { .. } => {
            Session::FactorRequired { practice: "Oak".into(), me: card() } =>
                "04 03 'Oak' aa*16 03 'Ana' 01",
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

    links_keep_their_bytes: Link {
        Link { .. } => { Link { token: "t0".into() } => "02 't0'" }
    }

    what_a_link_is_for_keeps_its_bytes: Linked {
        Linked::Invitation { .. } => {
            Linked::Invitation {
                practice: "Oak".into(),
                inviter: "Ana".into(),
                name: "Ben".into(),
                email: "b@c".into(),
            } => "00 03 'Oak' 03 'Ana' 03 'Ben' 03 62 40 63",
        }
        Linked::NewPassword { .. } => {
            Linked::NewPassword { practice: "Oak".into(), email: "b@c".into(), has_factor: true } =>
                "01 03 'Oak' 03 62 40 63 01",
        }
        Linked::Email { .. } => {
            Linked::Email { practice: "Oak".into(), email: "b@c".into() } =>
                "02 03 'Oak' 03 62 40 63",
        }
    }

    accepting_keeps_its_bytes: Accept {
        Accept { .. } => {
            Accept { token: "t0".into(), name: "Ben".into(), password: "secret".into() } =>
                "02 't0' 03 'Ben' 06 'secret'",
        }
    }

    asking_for_a_new_password_keeps_its_bytes: Forgotten {
        Forgotten { .. } => { Forgotten { email: "b@c".into() } => "03 62 40 63" }
    }

    a_new_password_keeps_its_bytes: NewPassword {
        NewPassword { .. } => {
            NewPassword { token: "t0".into(), password: "secret".into() } => "02 't0' 06 'secret'",
        }
    }

    confirming_keeps_its_bytes: Confirmed {
        Confirmed::Half => { Confirmed::Half => "00" }
        Confirmed::Changed => { Confirmed::Changed => "01" }
    }

    changing_a_password_keeps_its_bytes: ChangePassword {
        ChangePassword { .. } => {
            ChangePassword { current: "secret".into(), password: "other".into() } =>
                "06 'secret' 05 'other'",
        }
    }

    weighing_keeps_its_bytes: Weigh {
        Weigh { .. } => {
            Weigh { password: "secret".into(), by: Chooser::Session } => "06 'secret' 00",
        }
    }

    choosers_keep_their_bytes: Chooser {
        Chooser::Session => { Chooser::Session => "00" }
        Chooser::Link { .. } => { Chooser::Link { token: "t0".into() } => "01 02 't0'" }
        Chooser::SetUp { .. } => {
            Chooser::SetUp {
                token: "t0".into(),
                practice: "Oak".into(),
                name: "Ana".into(),
                email: "a@b".into(),
            } => "02 02 't0' 03 'Oak' 03 'Ana' 03 61 40 62",
        }
    }

    verdicts_keep_their_bytes: Verdict {
        Verdict { .. } => {
            Verdict {
                score: 2,
                refusal: Some(Refusal::Link),
                weaknesses: vec![Weakness::TooShort { least: 15 }, Weakness::Date],
            } => "02 01 21 02 00 0f 07",
        }
    }

    second_steps_keep_their_bytes: SecondStep {
        SecondStep::Totp(_) => { SecondStep::Totp("123".into()) => "00 03 '123'" }
        SecondStep::Recovery(_) => { SecondStep::Recovery("abc".into()) => "01 03 'abc'" }
        SecondStep::Passkey(_) => { SecondStep::Passkey("{}".into()) => "02 02 7b 7d" }
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
        http::SECOND_STEP,
        http::SECOND_STEP_PASSKEY,
        http::LIVE,
        http::LINK,
        http::ACCEPT,
        http::FORGOTTEN,
        http::NEW_PASSWORD,
        http::CONFIRM_EMAIL,
        http::PASSWORD,
        http::STRENGTH,
        http::FILE,
        http::FILE_PREVIEW,
    ];
    let expect = [
        "/api/session",
        "/api/sign-in",
        "/api/sign-out",
        "/api/set-up",
        "/api/lock",
        "/api/unlock",
        "/api/sign-in/second-step",
        "/api/sign-in/passkey",
        "/api/live",
        "/api/link",
        "/api/accept",
        "/api/forgotten",
        "/api/new-password",
        "/api/confirm-email",
        "/api/password",
        "/api/strength",
        "/api/conversations/{conversation}/files/{file}",
        "/api/conversations/{conversation}/files/{file}/preview",
    ];
    assert_eq!(paths, expect);
    assert_eq!(http::CONTENT_TYPE, "application/vnd.quietroom.v1");
    assert_eq!(limits::SUBPROTOCOL, "quietroom.v1");
    assert_eq!(
        (http::UPLOAD_OFFSET, http::UPLOAD_TYPE),
        ("upload-offset", "application/octet-stream")
    );
    for (made, pattern) in
        [(http::file(ROOM, FILE), http::FILE), (http::file_preview(ROOM, FILE), http::FILE_PREVIEW)]
    {
        let filled = pattern.replace("{conversation}", &ROOM.to_string());
        assert_eq!(made, filled.replace("{file}", &FILE.to_string()));
    }
}
