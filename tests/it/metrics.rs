//! What the operator watches, read by the real Prometheus.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use quietroom_tests::support::client::Upgrade;
use quietroom_tests::support::http::Request;
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{TestServer, eventually};
use serde_json::Value;
use shared_proto::limits::FRAME_BYTES;
use tokio_tungstenite::tungstenite::Message;

use crate::given::two;

const INSTALL: &str = "Prometheus and promtool are needed: apt-get install prometheus";

fn promtool(arguments: &[&str], input: &str) -> (bool, String) {
    let mut child = Command::new("promtool")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect(INSTALL);
    // It may refuse its arguments before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// A server on which everything that is counted has happened at least once.
async fn busy() -> crate::given::Two {
    let two = two().await;
    let address = two.server.address();
    try_sign_in(address, &two.jonas.email, "not the password at all").await.unwrap();
    two.provider.send(two.conversation, "counted").await;
    two.client.reads(two.conversation, &["counted"]).await;
    two.client.request(two.client.message(two.conversation, " ")).await.unwrap_err();
    let leaving = crate::given::device(&two.server, &two.jonas).await;
    leaving.hang_up();
    leaving.close_code().await;
    eventually("the socket to be gone", async || {
        (two.server.metric("quietroom_connections", &[]).await < 2.5).then_some(())
    })
    .await;
    two
}

/// The names of the series in a scrape, histograms by their base name.
fn names(scrape: &str) -> BTreeSet<String> {
    let typed = scrape.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    typed.filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect()
}

#[tokio::test]
async fn no_browser_guesses_what_an_answer_of_the_metrics_listener_is() {
    let server = TestServer::start().await;
    let socket = server.metrics_socket();
    let asked = [
        (Request::get("/metrics"), 200),
        (Request::get("/healthz"), 200),
        (Request::get("/readyz"), 200),
        (Request::get("/absent"), 404),
        (Request::post("/metrics", Vec::new()), 405),
    ];
    for (request, status) in asked {
        let answer = request.clone().send(socket, "localhost").await.unwrap();
        assert_eq!(answer.status, status, "{request:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{request:?}");
        let said = answer.header("content-type").unwrap_or_default();
        assert!(answer.body.is_empty() || said.ends_with("charset=utf-8"), "{request:?}: {said}");
    }
}

#[tokio::test]
async fn what_happens_is_counted() {
    let two = busy().await;
    let server = &two.server;
    assert!((server.metric("quietroom_connections", &[]).await - 2.0).abs() < 0.5);
    assert!((server.metric("quietroom_rooms", &[]).await - 1.0).abs() < 0.5);
    assert!((server.metric("quietroom_entries_committed_total", &[]).await - 2.0).abs() < 0.5);
    let counted = [
        ("quietroom_sign_ins_total", "outcome=\"refused\""),
        ("quietroom_sign_ins_total", "outcome=\"accepted\""),
        ("quietroom_refusals_total", "rule=\"empty\""),
        ("quietroom_socket_closes_total", "reason="),
        ("quietroom_commit_seconds_count", ""),
        ("quietroom_fanout_seconds_count", ""),
        ("quietroom_commit_batch_operations_count", ""),
        ("quietroom_engine_bytes", ""),
        ("quietroom_build_info", "version="),
    ];
    for (name, label) in counted {
        assert!(server.metric(name, &[label]).await >= 1.0, "{name} {label}");
    }
}

#[tokio::test]
async fn a_socket_that_ends_is_counted_under_its_reason() {
    let options = TestServer::options().flag("--sockets-per-person", 2);
    let two = crate::given::two_on(options).await;
    let count = async |reason: &str| {
        let label = format!("reason=\"{reason}\"");
        two.server.metric("quietroom_socket_closes_total", &[&label]).await
    };
    let counted = async |reason: &str| {
        eventually(reason, async || (count(reason).await > 0.5).then_some(())).await;
        assert!(count(reason).await < 1.5, "{reason}");
    };
    let phone = || async { crate::given::device(&two.server, &two.jonas).await };
    let ends = async |what: Message| {
        let device = phone().await;
        device.raw(what);
        device.close_code().await;
    };
    ends(Message::Close(None)).await;
    counted("left").await;
    ends(Message::text("not for us")).await;
    counted("malformed").await;
    ends(Message::binary(vec![0; FRAME_BYTES + 1])).await;
    counted("too-big").await;
    let leaving = phone().await;
    leaving.session().sign_out().await;
    leaving.close_code().await;
    counted("session-ended").await;
    let _second = phone().await;
    let session = two.server.sign_in(&two.jonas).await;
    let third = Upgrade::of(&session).connect(two.server.address()).await.unwrap();
    counted("too-many-sockets").await;
    drop(third);
    for reason in ["silent", "too-slow", "too-fast", "going-away", "other"] {
        assert!(count(reason).await < 0.5, "{reason}");
    }
}

#[tokio::test]
async fn promtool_accepts_the_metrics() {
    let two = busy().await;
    let (accepted, said) = promtool(&["check", "metrics"], &two.server.metrics().await);
    assert!(accepted && said.trim().is_empty(), "{said}");
}

#[tokio::test]
async fn no_label_names_a_person_or_a_conversation() {
    let two = busy().await;
    let scrape = two.server.metrics().await;
    for secret in [two.jonas.id.to_string(), two.dana.id.to_string(), two.conversation.to_string()]
    {
        assert!(!scrape.contains(&secret));
    }
}

struct Prometheus(Child);

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_real_prometheus_scrapes_the_server_and_answers_questions() {
    let two = busy().await;
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("prometheus.yml");
    let text = format!(
        "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n  \
         - job_name: quietroom\n    static_configs:\n      - targets: ['{}']\n",
        two.server.metrics_socket()
    );
    std::fs::write(&config, text).unwrap();
    // A port nobody listens on: taken and let go at once.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let process = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.path().join("tsdb").display()))
        .arg(format!("--web.listen-address={port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect(INSTALL);
    let _running = Prometheus(process);
    let ask = async |query: &str| {
        let path = format!("/api/v1/query?query={query}");
        let answer = Request::get(path).send(port, &port.to_string()).await.ok()?;
        let answer: Value = serde_json::from_slice(&answer.body).ok()?;
        let value = answer["data"]["result"][0]["value"][1].as_str()?.to_owned();
        value.parse::<f64>().ok()
    };
    let up = eventually("Prometheus to find the server up", async || {
        ask("up%7Bjob=%22quietroom%22%7D").await.filter(|up| *up > 0.5)
    })
    .await;
    assert!((up - 1.0).abs() < 0.1);
    let connections = ask("quietroom_connections").await.unwrap();
    assert!((connections - 2.0).abs() < 0.1, "{connections}");
    let p99 = "histogram_quantile(0.99,quietroom_commit_seconds_bucket)";
    assert!(ask(p99).await.is_some_and(|value| value > 0.0 && value < 10.0));
}

#[tokio::test]
async fn every_alert_comes_when_it_should_and_not_before() {
    let tests = docs().join("alerts.test.yml");
    let (accepted, said) = promtool(&["test", "rules", tests.to_str().unwrap()], "");
    assert!(accepted, "{said}");
    let named = |text: &str, label: &str| -> BTreeSet<String> {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix(label));
        lines.map(|name| name.trim().to_owned()).collect()
    };
    let alerts = std::fs::read_to_string(docs().join("alerts.yml")).unwrap();
    let alerts = named(&alerts, "- alert:");
    let tested = named(&std::fs::read_to_string(tests).unwrap(), "alertname:");
    assert_eq!(alerts, tested, "each alert has its test");
}

#[tokio::test]
async fn promtool_accepts_the_alert_rules_and_the_configuration() {
    let rules = docs().join("alerts.yml");
    let (accepted, said) = promtool(&["check", "rules", rules.to_str().unwrap()], "");
    assert!(accepted, "{said}");
    let config = docs().join("prometheus.yml");
    let (accepted, said) = promtool(&["check", "config", config.to_str().unwrap()], "");
    assert!(accepted, "{said}");
}

/// The names beginning with `quietroom_` in a text, histograms by their base name.
fn mentioned(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, _) in text.match_indices("quietroom_") {
        let name: String =
            text[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        found.insert(base.unwrap_or(&name).to_owned());
    }
    found
}

#[tokio::test]
async fn the_dashboard_and_the_alerts_ask_only_for_what_the_server_tells() {
    let two = busy().await;
    let told = names(&two.server.metrics().await);
    let mut dashboards = 0;
    for item in std::fs::read_dir(docs()).unwrap().map(Result::unwrap) {
        let path = item.path();
        let dashboard = path.extension().is_some_and(|end| end == "json");
        let alerts = path.file_name().is_some_and(|name| name == "alerts.yml");
        if !dashboard && !alerts {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if dashboard {
            let value: Value = serde_json::from_str(&text).unwrap();
            let panels = value["panels"].as_array().map_or(0, Vec::len);
            assert!(panels > 3, "{} has {panels} panels", path.display());
            dashboards += 1;
        }
        let asked = mentioned(&text);
        assert!(!asked.is_empty());
        let unknown: Vec<_> = asked.difference(&told).collect();
        assert!(unknown.is_empty(), "{} asks for {unknown:?}; there is {told:?}", path.display());
    }
    assert_eq!(dashboards, 1, "the operator's dashboard is in docs");
}
