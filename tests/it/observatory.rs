//! The headers of a served page, judged by MDN's HTTP Observatory as on the open network: TLS on
//! port 443, the redirect on port 80.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use quietroom_tests::support::TestServer;
use serde_json::Value;

/// Whether both ports can be had here. Says so when not: they need root, and nobody else on them.
fn ports_are_ours() -> bool {
    for port in [443, 80] {
        if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            println!("skipped: port {port} cannot be had: {error}");
            eprintln!("skipped: port {port} cannot be had: {error}");
            return false;
        }
    }
    true
}

#[tokio::test]
async fn the_http_observatory_gives_the_best_grade() {
    if !ports_are_ours() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = TestServer::options()
        .on_port(443)
        .flag("--redirect-listen", "127.0.0.1:80")
        .flag("--tls-cert", certificate.display())
        .flag("--tls-key", key.display())
        .start()
        .await;
    assert_eq!(server.address().origin, "https://localhost");
    let scanner = std::env::var("QUIETROOM_OBSERVATORY").expect(
        "QUIETROOM_OBSERVATORY names src/scan.js of the npm package @mdn/mdn-http-observatory; \
         cargo xtask test sets it",
    );
    let scan = Command::new("node")
        .args([&scanner, "localhost"])
        .env("NODE_EXTRA_CA_CERTS", &certificate)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&scan.stdout).into_owned();
    let result: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{scan:?}"));
    assert_eq!(result["scan"]["grade"], "A+", "{said}");
    for (name, test) in result["tests"].as_object().unwrap() {
        assert_ne!(test["pass"], Value::Bool(false), "{name}: {test}");
    }
    assert_eq!(result["tests"]["redirection"]["redirects"], true, "{said}");
}
