//! Where a request ends (ASVS 4.2.1).

use std::time::Duration;

use quietroom_tests::support::TestServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
