//! Connections on which nothing comes are cut, and nobody else is (TRUST, row L).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::Request;
use shared_proto::wire::Request as Ask;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::given::two_on;

/// Longest until a connection is cut: ten seconds, and some for a busy machine.
const CUT_WITHIN: Duration = Duration::from_secs(15);

/// Says `said` on a new connection and nothing more, until the server cuts it.
async fn is_cut(address: SocketAddr, said: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(said).await.unwrap();
    let begun = Instant::now();
    let mut heard = Vec::new();
    // A reset is an end too.
    let end = tokio::time::timeout(CUT_WITHIN, stream.read_to_end(&mut heard)).await;
    let said = String::from_utf8_lossy(said);
    assert!(end.is_ok(), "{address} holds a connection after {:?}: {said:?}", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(5), "{address} cut it at once: {said:?}");
}

#[tokio::test]
async fn connections_on_which_nothing_comes_are_cut_and_the_others_served() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut sealed = TestServer::options()
        .flag("--tls-cert", certificate.display())
        .flag("--tls-key", key.display())
        .start()
        .await;
    let metrics = sealed.announced("metrics:").await;
    let metrics = metrics.trim_start_matches("http://").trim_end_matches("/metrics");
    let metrics: SocketAddr = metrics.parse().unwrap();
    let sealed = sealed.address().socket;
    let two = two_on(TestServer::options()).await;
    let plain = two.server.address().socket;
    let idle = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    // The first bytes of a TLS record that would hold a hello of 512 bytes.
    let half_a_hello = [22, 3, 1, 2, 0, 1, 0];
    tokio::join!(
        is_cut(sealed, b""),
        is_cut(sealed, &half_a_hello),
        is_cut(plain, b""),
        is_cut(plain, b"GET / HTTP/1.1\r\nHost: loc"),
        is_cut(plain, idle),
        is_cut(metrics, b""),
        is_cut(metrics, idle),
        async {
            let served = Request::get("/healthz").send(plain, "localhost").await.unwrap();
            assert_eq!(served.status, 200);
        },
    );
    for person in [&two.client, &two.provider] {
        person.request(Ask::Ping).await.expect("a socket is not cut for silence of its person");
    }
}

#[tokio::test]
async fn a_request_with_two_lengths_ends_its_connection() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address().socket).await.unwrap();
    let two = "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\
               Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
               GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(two.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut heard)).await;
    assert!(end.is_ok(), "the connection is not kept");
    let heard = String::from_utf8_lossy(&heard).into_owned();
    assert!(heard.matches("HTTP/1.1 ").count() <= 1, "nothing after it is answered: {heard}");
}
