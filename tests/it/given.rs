//! What many tests begin with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use quietroom_tests::support::{Person, ServerOptions, TestClient, TestServer};
use shared_proto::id::ConversationId;
use shared_proto::people::Role;
use tokio_rustls::rustls::pki_types::CertificateDer;

/// A provider and a client, each with one device, in one conversation that both have open.
pub struct Two {
    pub server: TestServer,
    pub dana: Person,
    pub jonas: Person,
    pub provider: TestClient,
    pub client: TestClient,
    pub conversation: ConversationId,
}

/// Starts a practice of two who talk with each other.
pub async fn two() -> Two {
    two_on(TestServer::options()).await
}

/// As [`two`], on a server started in this way.
pub async fn two_on(options: ServerOptions) -> Two {
    two_at(options.start().await).await
}

/// As [`two`], on a server that runs.
pub async fn two_at(server: TestServer) -> Two {
    let (dana, jonas) = server.pair();
    let provider = device(&server, &dana).await;
    let client = device(&server, &jonas).await;
    let conversation = provider.create(&[jonas.id]).await;
    provider.open(conversation).await;
    client.open(conversation).await;
    Two { server, dana, jonas, provider, client, conversation }
}

/// A server that speaks TLS, and the certificate it shows for `localhost`.
pub async fn sealed() -> (TestServer, CertificateDer<'static>) {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let options = TestServer::options()
        .flag("--tls-cert", certificate.display())
        .flag("--tls-key", key.display());
    (options.start().await, made.cert.der().clone())
}

/// A new device of somebody, signed in and connected.
pub async fn device(server: &TestServer, person: &Person) -> TestClient {
    TestClient::connect(&server.sign_in(person).await).await
}

/// Somebody who is no member of anything.
pub fn stranger(server: &TestServer) -> Person {
    server.person_add("Mira Stranger", Role::Provider)
}

/// How often to do something that takes long: `ci` times, or `long` times when asked for the long
/// suite.
pub fn times(ci: usize, long: usize) -> usize {
    if std::env::var_os("QUIETROOM_LONG").is_some() { long } else { ci }
}

/// Every file under `folder` with what it holds, but for the server's log.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for item in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (kind, path) = (item.file_type().unwrap(), item.path());
        if kind.is_dir() {
            found.extend(contents(&path));
        } else if kind.is_file() && item.file_name() != "server.log" {
            found.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
    found
}
