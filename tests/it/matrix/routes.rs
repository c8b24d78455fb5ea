//! Every route, by everyone. But for files and records, none of them names anything: whose it is
//! comes from the cookie alone. Files that are another's are in `tests/it/files/{members,hide}.rs`,
//! records in `tests/it/record/seen.rs`.

use quietroom_tests::support::fresh_id;
use quietroom_tests::support::http::{Request, Response};
use quietroom_tests::support::people::Session;
use quietroom_tests::support::server::Address;
use shared_proto::codec;
use shared_proto::factors::SecondStep;
use shared_proto::http::{
    Accept, CONTENT_TYPE, ChangePassword, Chooser, Forgotten, Link, NewPassword, Route, SetUp,
    SignIn, Unlock, Weigh,
};

use super::two_divisions;

/// Its address. Where it names something, that is not there.
fn path(route: Route) -> String {
    let id = fresh_id().to_string();
    route.path().replace("{conversation}", &id).replace("{file}", &id)
}

/// The request of a route as a page of this server makes it. No arm for everything else: that is
/// how a new one is noticed.
fn request(route: Route) -> Request {
    let post = |body| Request::post(route.path(), body).header("Content-Type", CONTENT_TYPE);
    match route {
        Route::Session | Route::Live | Route::Healthz | Route::Readyz => Request::get(route.path()),
        Route::SignIn => post(codec::encode(&SignIn {
            email: "nobody@example.org".into(),
            password: "a lake in late autumn".into(),
        })),
        Route::SignOut | Route::Lock => post(Vec::new()),
        Route::Unlock => post(codec::encode(&Unlock { password: "not the password".into() })),
        Route::SetUp => post(codec::encode(&SetUp {
            token: "a token of nobody".into(),
            practice: "Mine".into(),
            name: "Me".into(),
            email: "me@example.org".into(),
            password: "a lake in late autumn".into(),
            time_zone: "UTC".into(),
            ..SetUp::default()
        })),
        Route::Link | Route::ConfirmEmail => {
            post(codec::encode(&Link { token: "a token of nobody".into() }))
        }
        Route::Accept => post(codec::encode(&Accept {
            token: "a token of nobody".into(),
            name: "Me".into(),
            password: "a lake in late autumn".into(),
        })),
        Route::Forgotten => post(codec::encode(&Forgotten { email: "me@example.org".into() })),
        Route::NewPassword => post(codec::encode(&NewPassword {
            token: "a token of nobody".into(),
            password: "a lake in late autumn".into(),
        })),
        Route::Password => post(codec::encode(&ChangePassword {
            current: "not the password".into(),
            password: "a lake in late autumn".into(),
        })),
        Route::Strength => post(codec::encode(&Weigh {
            password: "a lake in late autumn".into(),
            by: Chooser::Session,
        })),
        Route::SecondStep => post(codec::encode(&SecondStep::Totp("123456".into()))),
        Route::SecondStepPasskey => post(Vec::new()),
        Route::File
        | Route::FilePreview
        | Route::RecordCsv
        | Route::RecordHtml
        | Route::RecordFhir
        | Route::RecordZip
        | Route::Unsubscribe => Request::get(path(route)),
        Route::SmsStatus | Route::SmsReply => post(b"From=%2B41791234567&Body=STOP".to_vec()),
    }
}

async fn asked(server: &Address, route: Route, cookie: Option<&str>) -> Response {
    let request = request(route).header("Origin", &server.origin);
    let request =
        cookie.into_iter().fold(request, |request, cookie| request.header("Cookie", cookie));
    request.send(server.socket, &server.host).await.unwrap()
}

/// All of an answer but when it was given.
fn told(response: &Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let timeless = response.headers.iter().filter(|(name, _)| name != "date").cloned();
    (response.status, timeless.collect(), response.body.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_their_access_is_answered_exactly_as_nobody_on_every_route() {
    let two = two_divisions().await;
    let server = two.server.address();
    for route in Route::ALL {
        let nobody = asked(server, route, None).await;
        let disabled = asked(server, route, Some(&two.zoe.cookie)).await;
        let invented = two.zoe.cookie.split('=').next().unwrap().to_owned() + "=invented";
        let invented = asked(server, route, Some(&invented)).await;
        assert_eq!(told(&nobody), told(&disabled), "{route:?}");
        assert_eq!(told(&nobody), told(&invented), "{route:?}");
        for person in [&two.dana, &two.samuel, &two.mira, &two.jonas, &two.ana] {
            for word in [person.name.as_str(), person.email.as_str()] {
                assert!(!nobody.text().contains(word), "{route:?} tells nobody of {word}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_of_the_person_behind_the_cookie_and_of_nobody_else() {
    let two = two_divisions().await;
    let server = two.server.address();
    let everyone = [&two.dana, &two.samuel, &two.mira, &two.jonas, &two.ana];
    for route in Route::ALL {
        for person in everyone {
            let session = Session::sign_in(server, person).await;
            let answer = asked(server, route, Some(&session.cookie)).await;
            for other in everyone.into_iter().filter(|other| other.id != person.id) {
                for word in [other.name.as_str(), other.email.as_str()] {
                    let given = format!("{} asks {route:?}", person.name);
                    assert!(!answer.text().contains(word), "{given} and is told of {word}");
                }
            }
            // Their own is there: only what this route does to the session may differ.
            let own = answer.text().contains(person.name.as_str());
            assert_eq!(own, route == Route::Session, "{}: {route:?}", person.name);
        }
    }
}

/// What the operator's listener answers. Which series there are and how they stand is not compared.
fn told_the_operator(path: &str, response: &Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let (status, headers, body) = told(response);
    let changes = path == "/metrics" && status == 200;
    let headers = headers.into_iter().filter(|(name, _)| !changes || name != "content-length");
    (status, headers.collect(), if changes { Vec::new() } else { body })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_listener_answers_everyone_alike_and_tells_of_nobody() {
    let two = two_divisions().await;
    let (server, operator) = (two.server.address(), two.server.metrics_socket());
    let everyone = [&two.dana, &two.samuel, &two.mira, &two.jonas, &two.ana];
    let mut cookies = vec![two.zoe.cookie.clone()];
    for person in everyone {
        cookies.push(Session::sign_in(server, person).await.cookie);
    }
    let served = ["/metrics", "/healthz", "/readyz"];
    let routes = Route::ALL.map(request).into_iter().zip(Route::ALL.map(Route::path));
    let own = served.map(|path| (Request::get(path), path)).into_iter();
    for (request, path) in own.chain(routes) {
        let nobody = request.clone().send(operator, "localhost").await.unwrap();
        let expected = if served.contains(&path) { 200 } else { 404 };
        assert_eq!(nobody.status, expected, "{path}");
        for person in everyone {
            for word in [&person.name, &person.email, &person.id.to_string()] {
                assert!(!nobody.text().contains(word), "{path} tells of {word}");
            }
        }
        for cookie in &cookies {
            let somebody =
                request.clone().header("Cookie", cookie).header("Origin", &server.origin);
            let somebody = somebody.send(operator, "localhost").await.unwrap();
            let told = |response| told_the_operator(path, response);
            assert_eq!(told(&nobody), told(&somebody), "{path}");
        }
    }
    for path in served {
        let posted = Request::post(path, Vec::new()).send(operator, "localhost").await.unwrap();
        assert_eq!(posted.status, 405, "nothing is changed there: {path}");
    }
}
