//! Connections on which nothing comes, or too slowly, are cut; nobody else is, and no stop waits
//! for them (ASVS 15.2.2).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quietroom_tests::support::TestServer;
use quietroom_tests::support::http::Request;
use shared_proto::http as api;
use shared_proto::wire::Request as Ask;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::given::{sealed, two_on};

/// Longest until a connection is cut: ten seconds, and some for a busy machine.
const CUT_WITHIN: Duration = Duration::from_secs(15);
/// Soonest: who is a little slow is not cut.
const KEPT_FOR: Duration = Duration::from_secs(9);

const IDLE: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HALF_A_HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: loc";
/// What could become a POST, and HTTP/2 as well.
const ONE_LETTER: &[u8] = b"P";
/// The first bytes of a TLS record that would hold a hello of 512 bytes.
const HALF_A_HELLO: &[u8] = &[22, 3, 1, 2, 0, 1, 0];

/// A connection on which the TLS handshake is done.
async fn shaken(address: SocketAddr, trusted: CertificateDer<'static>) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

/// A connection on which so much is said.
async fn said(address: SocketAddr, said: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(said).await.unwrap();
    stream
}

/// Says nothing more until the server cuts it, and answers with what came until then.
async fn is_cut(what: &str, mut stream: impl AsyncRead + Unpin) -> String {
    let begun = Instant::now();
    let mut heard = Vec::new();
    // A reset is an end too.
    let end = tokio::time::timeout(CUT_WITHIN, stream.read_to_end(&mut heard)).await;
    assert!(end.is_ok(), "{what}: it is held after {:?}", begun.elapsed());
    assert!(begun.elapsed() > KEPT_FOR, "{what}: it was cut after {:?}", begun.elapsed());
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn connections_on_which_nothing_comes_are_cut_and_the_others_served() {
    let (sealed, trusted) = sealed().await;
    let two = two_on(TestServer::options()).await;
    let plain = two.server.address().socket;
    let (metrics, sealed) = (sealed.metrics_socket(), sealed.address().socket);
    let shaken_idle = async {
        let mut stream = shaken(sealed, trusted.clone()).await;
        stream.write_all(IDLE).await.unwrap();
        let heard = is_cut("an answer over TLS, and then nothing", stream).await;
        assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
    };
    let idle = async |address| {
        let heard = is_cut("an answer, and then nothing", said(address, IDLE).await).await;
        assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
    };
    tokio::join!(
        async { is_cut("nothing instead of TLS", said(sealed, b"").await).await },
        async { is_cut("half a hello", said(sealed, HALF_A_HELLO).await).await },
        async { is_cut("TLS, and then nothing", shaken(sealed, trusted.clone()).await).await },
        shaken_idle,
        async { is_cut("nothing", said(plain, b"").await).await },
        async { is_cut("one letter", said(plain, ONE_LETTER).await).await },
        async { is_cut("half a head", said(plain, HALF_A_HEAD).await).await },
        idle(plain),
        async { is_cut("nothing for the operator", said(metrics, b"").await).await },
        idle(metrics),
        async {
            let served = Request::get("/healthz").send(plain, "localhost").await.unwrap();
            assert_eq!(served.status, 200);
        },
    );
    for person in [&two.client, &two.provider] {
        person.request(Ask::Ping).await.expect("a socket is not cut for silence of its person");
    }
}

/// Posts a sign-in whose body never ends: a byte each second, or none at all.
async fn posts_slowly(address: SocketAddr, origin: &str, length: &str, drip: &[u8]) -> String {
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nContent-Type: {}\r\n{length}\r\n\r\n",
        api::SIGN_IN,
        api::CONTENT_TYPE,
    );
    let (reader, mut writer) = split(said(address, head.as_bytes()).await);
    let dripping = async {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        loop {
            second.tick().await;
            // The other half sees the end.
            let _ = writer.write_all(drip).await;
        }
    };
    tokio::select! {
        heard = is_cut(length, reader) => heard,
        () = dripping => unreachable!("it goes on for ever"),
    }
}

#[tokio::test]
async fn a_request_whose_body_comes_too_slowly_is_cut() {
    let server = TestServer::start().await;
    let (socket, origin) = (server.address().socket, &server.address().origin);
    let (stalled, counted, chunked) = tokio::join!(
        posts_slowly(socket, origin, "Content-Length: 4000", b""),
        posts_slowly(socket, origin, "Content-Length: 4000", b"x"),
        posts_slowly(socket, origin, "Transfer-Encoding: chunked", b"1\r\nx\r\n"),
    );
    for heard in [stalled, counted, chunked] {
        assert!(heard.starts_with("HTTP/1.1 408 "), "its sender is told why: {heard}");
    }
}

#[tokio::test]
async fn stop_is_held_up_by_no_connection_on_which_nothing_comes() {
    let (mut sealed, trusted) = sealed().await;
    let mut plain = TestServer::start().await;
    let idle = async |address| {
        let mut stream = said(address, IDLE).await;
        let mut heard = [0; 12];
        stream.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"HTTP/1.1 200");
        stream
    };
    let (to_sealed, to_plain) = (sealed.address().socket, plain.address().socket);
    // The last of each is answered: those before it were let in by then.
    let mut open: Vec<Box<dyn AsyncWrite>> = vec![
        Box::new(said(to_sealed, b"").await),
        Box::new(said(to_sealed, HALF_A_HELLO).await),
        Box::new(shaken(to_sealed, trusted).await),
    ];
    for address in [to_plain, plain.metrics_socket()] {
        open.push(Box::new(said(address, b"").await));
        open.push(Box::new(said(address, ONE_LETTER).await));
        open.push(Box::new(said(address, HALF_A_HEAD).await));
        open.push(Box::new(idle(address).await));
    }
    for server in [&mut sealed, &mut plain] {
        let (status, took) = server.sigterm().await;
        assert_eq!(status.code(), Some(0));
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
    drop(open);
}
