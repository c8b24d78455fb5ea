//! What a browser loads before anybody can read and write: small enough for a phone on a bad line.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::Request;
use quietroom_tests::support::page::first_files;

/// Bytes, compressed: the bound of docs/performance.md, row (h).
const MOST: usize = 300_000;

#[tokio::test]
async fn what_everybody_loads_is_at_most_300_kb() {
    let server = TestServer::start().await;
    let host = server.address().host.clone();
    let get = async |path: &str| {
        let request = Request::get(path).header("accept-encoding", "br");
        let answer = request.send(server.address().socket, &host).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer
    };
    let page = Request::get("/").send(server.address().socket, &host).await.unwrap().text();
    let named = first_files(&page);
    assert!(named.iter().any(|name| name.ends_with(".wasm")), "{named:?}");
    assert!(named.iter().any(|name| name.ends_with(".css")), "{named:?}");
    assert!(!named.iter().any(|name| name.contains("part-")), "{named:?}");
    let mut all = 0;
    for name in named {
        let answer = get(name).await;
        assert_eq!(answer.header("content-encoding"), Some("br"), "{name}");
        println!("{:>8} {name}", answer.body.len());
        all += answer.body.len();
    }
    println!("{all:>8}");
    assert!(all <= MOST, "{all} bytes");
}
