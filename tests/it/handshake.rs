//! Which TLS the server speaks (ASVS 12.1.1, 12.1.2), asked of the running server with hellos of
//! our own making.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use quietroom_tests::support::http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore};

use crate::given::sealed;

/// Numbers of RFC 8446, appendix B.
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;

const TLS_1_2: u16 = 0x0303;

/// What a server says to a hello.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// It would go on, with this suite.
    Suite(u16),
    /// It refuses, with this alert.
    Alert(u8),
}

/// `content` with its length before it, in two bytes.
fn sized(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&length.to_be_bytes()[..], content].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &sized(content)].concat()
}

/// A hello of `version` that offers `suites`, and TLS 1.3 as well when `newest`.
fn hello(version: u16, suites: &[u16], newest: bool) -> Vec<u8> {
    let suites: Vec<u8> = suites.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    // X25519 and P-256; ECDSA with P-256, RSA-PSS and RSA, each with SHA-256; uncompressed points.
    let mut extensions = [
        extension(10, &sized(&[0x00, 0x1d, 0x00, 0x17])),
        extension(13, &sized(&[0x04, 0x03, 0x08, 0x04, 0x04, 0x01])),
        extension(11, &[1, 0]),
    ]
    .concat();
    if newest {
        extensions.extend(extension(43, &[2, 0x03, 0x04]));
        let share = [&[0x00, 0x1d][..], &sized(&[9; 32])].concat();
        extensions.extend(extension(51, &sized(&share)));
    }
    let body =
        [&version.to_be_bytes()[..], &[7; 32], &[0], &sized(&suites), &[1, 0], &sized(&extensions)]
            .concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let message = [&[1], &length[1..], &body].concat();
    [&[HANDSHAKE, 3, 1][..], &sized(&message)].concat()
}

async fn said_to(server: SocketAddr, hello: &[u8]) -> Said {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(hello).await.unwrap();
    let mut head = [0; 5];
    stream.read_exact(&mut head).await.unwrap();
    let mut record = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    stream.read_exact(&mut record).await.unwrap();
    match (head[0], record[0]) {
        (ALERT, _) => Said::Alert(record[1]),
        (HANDSHAKE, SERVER_HELLO) => {
            // Behind the kind, the length, the version, 32 random bytes and a session's id.
            let at = 39 + usize::from(record[38]);
            Said::Suite(u16::from_be_bytes([record[at], record[at + 1]]))
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_older_than_tls_1_2_is_spoken_and_1_3_is_preferred() {
    let (server, trusted) = sealed().await;
    let address = server.address();
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let offers = [
        (&[&TLS12, &TLS13][..], ProtocolVersion::TLSv1_3),
        (&[&TLS13][..], ProtocolVersion::TLSv1_3),
        (&[&TLS12][..], ProtocolVersion::TLSv1_2),
    ];
    for (offered, spoken) in offers {
        let config = ClientConfig::builder_with_protocol_versions(offered)
            .with_root_certificates(roots.clone())
            .with_no_client_auth();
        let stream = TcpStream::connect(address.socket).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let line = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        assert_eq!(line.get_ref().1.protocol_version(), Some(spoken));
        let answer = Request::get("/healthz").send_over(line, &address.host).await.unwrap();
        assert_eq!(answer.status, 200);
    }
    // ECDHE_ECDSA with AES-128-CBC, of TLS 1.0 on, and with AES-128-GCM, of TLS 1.2.
    let suites = [0xc009, 0xc02b];
    let now = said_to(address.socket, &hello(TLS_1_2, &suites, false)).await;
    assert_eq!(now, Said::Suite(0xc02b), "the hello is a good one");
    for older in [0x0300, 0x0301, 0x0302] {
        let said = said_to(address.socket, &hello(older, &suites, false)).await;
        assert_eq!(said, Said::Alert(PROTOCOL_VERSION), "{older:#06x}");
    }
}

/// Every suite the server would speak: all 65,536 there can be are offered, less those it took.
async fn spoken(server: SocketAddr, newest: bool) -> BTreeSet<u16> {
    let mut spoken = BTreeSet::new();
    // As many as fit into one record.
    for first in (0..=u16::MAX).step_by(4_096) {
        let mut offered: Vec<u16> = (first..=first + 4_095).collect();
        loop {
            match said_to(server, &hello(TLS_1_2, &offered, newest)).await {
                Said::Suite(suite) => {
                    assert!(offered.contains(&suite) && spoken.insert(suite), "{suite:#06x}");
                    offered.retain(|other| *other != suite);
                }
                Said::Alert(alert) => {
                    assert_eq!(alert, HANDSHAKE_FAILURE);
                    break;
                }
            }
        }
    }
    spoken
}

#[tokio::test]
async fn the_suites_spoken_are_these_and_each_has_forward_secrecy() {
    let (server, _) = sealed().await;
    let address = server.address().socket;
    // TLS 1.3 has no other key exchange: AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305.
    assert_eq!(spoken(address, true).await, BTreeSet::from([0x1301, 0x1302, 0x1303]));
    // ECDHE_ECDSA with the same three: the key of this certificate is one of ECDSA.
    assert_eq!(spoken(address, false).await, BTreeSet::from([0xc02b, 0xc02c, 0xcca9]));
}
