//! Plain requests for pages are sent on to the https address.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::Request;

fn free_port() -> u16 {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0));
    taken.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn plain_requests_for_pages_are_sent_on_to_the_https_address_and_nothing_else_is() {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let _server = TestServer::options()
        .on_a_free_port()
        .flag("--public-url", "https://messages.example.org")
        .flag("--redirect-listen", &listen)
        .start()
        .await;
    let listen = listen.parse().unwrap();
    for request in [Request::get("/a/b?c=d"), Request::with_method("HEAD", "/a/b?c=d")] {
        let answer = request.send(listen, "elsewhere.example").await.unwrap();
        assert_eq!(answer.status, 308);
        assert_eq!(answer.header("location"), Some("https://messages.example.org/a/b?c=d"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.body.is_empty());
    }
    let refused = [
        (Request::get("/api/session"), 404),
        (Request::post("/api/sign-in", b"x".to_vec()), 404),
        (Request::post("/a/b?c=d", b"x".to_vec()), 405),
        (Request::with_method("OPTIONS", "/"), 405),
    ];
    for (request, status) in refused {
        let answer = request.clone().send(listen, "elsewhere.example").await.unwrap();
        assert_eq!(answer.status, status, "{request:?}");
        assert_eq!(answer.header("location"), None, "{request:?}");
        assert_eq!(answer.header("set-cookie"), None, "{request:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{request:?}");
    }
}

#[tokio::test]
async fn without_an_https_address_nothing_is_redirected() {
    let server = TestServer::options().prepared();
    let data = server.data().to_str().unwrap();
    for more in [&[][..], &["--public-url", "http://messages.example.org"]] {
        let arguments =
            [&["serve", "--redirect-listen", "127.0.0.1:0", "--data", data], more].concat();
        let output = server.command(&arguments, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("--redirect-listen"), "{said}");
    }
}
