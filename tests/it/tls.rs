//! TLS by certificate files, and never plain text beyond this machine.

use std::sync::Arc;

use quietroom_tests::support::client::{TestClient, Upgrade};
use quietroom_tests::support::http::Request;
use quietroom_tests::support::people::session_cookie;
use quietroom_tests::support::server::{Address, binary};
use quietroom_tests::support::{Session, TestServer};
use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

struct Trust {
    connector: TlsConnector,
    server: Address,
}

impl Trust {
    async fn line(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.server.socket).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        self.connector.connect(name, stream).await.expect("the certificate is trusted")
    }

    async fn exchange(&self, request: Request) -> quietroom_tests::support::http::Response {
        request.send_over(self.line().await, &self.server.host).await.unwrap()
    }
}

#[tokio::test]
async fn people_chat_over_tls_with_a_certificate_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = TestServer::options()
        .flag("--tls-cert", certificate.display())
        .flag("--tls-key", key.display())
        .start()
        .await;
    assert!(server.address().origin.starts_with("https://localhost:"), "{:?}", server.address());

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let trust = Trust { connector, server: server.address().clone() };
    let (dana, jonas) = server.pair();
    let mut sockets = Vec::new();
    for person in [&dana, &jonas] {
        let form = api::SignIn { email: person.email.clone(), password: person.password.clone() };
        let answer = trust
            .exchange(
                Request::post(api::SIGN_IN, codec::encode(&form))
                    .header("Origin", &trust.server.origin)
                    .header("Content-Type", api::CONTENT_TYPE),
            )
            .await;
        let me: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
        let hsts = answer.header("strict-transport-security");
        assert_eq!(hsts, Some("max-age=63072000; includeSubDomains"), "two years");
        let session = Session {
            me: me.unwrap(),
            cookie: session_cookie(&answer).unwrap(),
            server: trust.server.clone(),
        };
        let line = Box::new(trust.line().await);
        let socket = Upgrade::of(&session).connect_over(line, &trust.server.host).await.unwrap();
        sockets.push(TestClient::listen(socket, &session).await.unwrap());
    }
    let conversation = sockets[0].create(&[jonas.id]).await;
    sockets[1].open(conversation).await;
    sockets[0].send(conversation, "sealed on its way").await;
    sockets[1].reads(conversation, &["sealed on its way"]).await;

    let plain = Request::get("/").send(trust.server.socket, &trust.server.host).await;
    assert!(plain.is_err() || plain.unwrap().status >= 400, "nothing is served in plain text");
}

#[tokio::test]
async fn plain_text_beyond_this_machine_is_refused_at_the_start() {
    let server = TestServer::options().prepared();
    let data = server.data().to_str().unwrap();
    let arguments =
        ["serve", "--listen", "0.0.0.0:0", "--metrics-listen", "127.0.0.1:0", "--data", data];
    let mut child = std::process::Command::new(binary())
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let status = quietroom_tests::support::eventually("the server to refuse", async || {
        child.try_wait().unwrap()
    })
    .await;
    assert!(!status.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(said.contains("tls"), "it says what to do: {said}");
    assert!(!said.contains("panicked"), "{said}");
}
