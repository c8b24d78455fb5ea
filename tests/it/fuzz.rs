//! F of the trust numbers: bytes nobody should send. Each is answered with its close code, and the
//! server goes on serving others within bounded memory.

use futures_util::{SinkExt, StreamExt};
use quietroom_tests::support::client::{Line, Upgrade};
use quietroom_tests::support::{Connection, PATIENCE, TestServer, fresh_id};
use shared_proto::codec;
use shared_proto::form::ask::Ask;
use shared_proto::limits::FRAME_BYTES;
use shared_proto::wire::{ClientFrame, Request, close};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use crate::given::{Two, two_on};

async fn open(two: &Two) -> Connection {
    Upgrade::of(two.client.session()).connect(two.server.address()).await.unwrap()
}

/// The code the server closes with after `message`.
async fn verdict(two: &Two, message: Message) -> Option<u16> {
    let mut socket = open(two).await;
    let _ = socket.send(message).await;
    closed_with(&mut socket).await
}

async fn closed_with(socket: &mut Connection) -> Option<u16> {
    let closing = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| frame.code.into());
            }
        }
        None
    };
    tokio::time::timeout(PATIENCE, closing).await.expect("the server closes the socket")
}

/// A client's WebSocket frame as raw bytes, masked with zeros.
fn frame(first_byte: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first_byte, payload.len() as u64);
    bytes.extend_from_slice(payload);
    bytes
}

/// The head of a client's WebSocket frame that claims `length` bytes.
fn header(first_byte: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first_byte];
    match length {
        0..126 => bytes.push(0x80 | length as u8),
        126..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&length.to_be_bytes());
        }
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

/// Sends raw bytes until the server has had enough, and returns its close code.
async fn raw_verdict(two: &Two, pieces: impl Iterator<Item = Vec<u8>>) -> Option<u16> {
    let mut line: Box<dyn Line> = open(two).await.into_inner();
    for piece in pieces {
        if line.write_all(&piece).await.is_err() {
            break;
        }
    }
    let _ = line.flush().await;
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(PATIENCE, line.read_to_end(&mut answer));
    let _ = reading.await.expect("the server closes the socket");
    close_frame(&answer)
}

/// The code of the close frame in a server's stream of unmasked frames.
fn close_frame(mut stream: &[u8]) -> Option<u16> {
    while let [first, second, rest @ ..] = stream {
        let (length, rest) = match second & 0x7f {
            126 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), &rest[2..]),
            127 => (u64::from_be_bytes(*rest.first_chunk()?) as usize, &rest[8..]),
            length => (usize::from(length), rest),
        };
        let payload = rest.get(..length)?;
        if first & 0x0f == 8 {
            return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
        }
        stream = &rest[length..];
    }
    None
}

#[tokio::test]
async fn frames_that_do_not_decode_close_the_socket_as_malformed() {
    let two = two_on(TestServer::options().unhurried()).await;
    let valid = codec::encode(&ClientFrame { id: 1, request: Request::Ping });
    let mut trailing = valid.clone();
    trailing.push(0);
    for bytes in [vec![], vec![0xff], vec![0; 64], valid[..1].to_vec(), trailing] {
        let code = verdict(&two, Message::binary(bytes.clone())).await;
        assert_eq!(code, Some(close::MALFORMED), "{bytes:?}");
    }
    assert_eq!(verdict(&two, Message::text("{}")).await, Some(close::MALFORMED));
}

#[tokio::test]
async fn random_and_damaged_frames_never_stop_the_server() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let two = two_on(TestServer::options().unhurried()).await;
    two.provider.send(two.conversation, "before").await;
    let form = crate::forms::saved(&two.provider, crate::forms::short("Before we meet")).await;
    let (talk, to) = (two.conversation, [two.jonas.id]);
    let given = crate::forms::give(&two.provider, talk, form, &to).await.unwrap();
    let valid = [
        codec::encode(&ClientFrame {
            id: 7,
            request: Request::Open { conversation: two.conversation },
        }),
        codec::encode(&ClientFrame {
            id: 8,
            request: two.client.message(two.conversation, "fuzzed"),
        }),
        codec::encode(&ClientFrame { id: 9, request: Request::Inbox { after: None } }),
        codec::encode(&ClientFrame {
            id: 10,
            request: Request::Form(Ask::Save {
                client_id: fresh_id(),
                form: None,
                version: 0,
                body: codec::encode(&crate::forms::short("fuzzed")),
            }),
        }),
        codec::encode(&ClientFrame {
            id: 11,
            request: Request::Form(Ask::Keep {
                conversation: two.conversation,
                entry: given,
                answers: codec::encode(&crate::forms::answers("fuzzed", true)),
            }),
        }),
    ];
    let mut socket = open(&two).await;
    let mut refused = 0;
    for _ in 0..400 {
        let mut bytes = if random.bool() {
            valid[random.usize(..valid.len())].clone()
        } else {
            (0..random.usize(..200)).map(|_| random.u8(..)).collect()
        };
        for _ in 0..random.usize(1..4) {
            if !bytes.is_empty() {
                let place = random.usize(..bytes.len());
                bytes[place] = random.u8(..);
            }
        }
        let malformed = codec::decode::<ClientFrame>(&bytes).is_err();
        if socket.send(Message::binary(bytes)).await.is_err() || malformed {
            let code = closed_with(&mut socket).await;
            assert!(matches!(code, Some(close::MALFORMED) | None), "{code:?}");
            refused += 1;
            socket = open(&two).await;
        }
    }
    assert!(refused > 50, "most of it is refused: {refused}");
    two.client.settle().await;
    two.provider.send(two.conversation, "after").await;
    two.client.reads(two.conversation, &["after"]).await;
}

#[tokio::test]
async fn lengths_that_lie_and_messages_without_end_are_cut_within_bounded_memory() {
    let two = two_on(TestServer::options().unhurried()).await;
    two.client.settle().await;
    let before = two.server.resident_kib();

    let large = Message::binary(vec![0; FRAME_BYTES + 1]);
    assert_eq!(verdict(&two, large).await, Some(close::TOO_BIG), "one byte over");

    // A frame that claims 2^62 bytes.
    let code = raw_verdict(&two, std::iter::once(header(0x82, 1 << 62))).await;
    assert_eq!(code, Some(close::TOO_BIG), "a claim is enough");

    // A message in endless pieces: binary, then continuations, never the last.
    let pieces = std::iter::once(frame(0x02, &[0; 1024]))
        .chain(std::iter::repeat_with(|| frame(0x00, &[0; 1024])).take(64 * 1024));
    assert_eq!(raw_verdict(&two, pieces).await, Some(close::TOO_BIG), "endless pieces");

    // Continuations of nothing in them, for as long as the server listens, stay small; then a lie
    // inside: a vector that claims four billion elements.
    let mut lie =
        codec::encode(&ClientFrame { id: 1, request: Request::Rows { conversations: vec![] } });
    lie.pop();
    lie.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert_eq!(verdict(&two, Message::binary(lie)).await, Some(close::MALFORMED));

    // A hundred sockets that each stop in the middle of a frame.
    let mut halves = Vec::new();
    for _ in 0..100 {
        let mut line = open(&two).await.into_inner();
        let mut half = header(0x82, FRAME_BYTES as u64);
        half.extend_from_slice(&vec![0; FRAME_BYTES - 1]);
        line.write_all(&half).await.unwrap();
        halves.push(line);
    }
    two.client.settle().await;
    let after = two.server.resident_kib();
    let allowed = 100 * 2 * FRAME_BYTES as u64 / 1024 + 16 * 1024;
    assert!(after < before + allowed, "from {before} to {after} KiB");
    drop(halves);

    two.provider.send(two.conversation, "still served").await;
    two.client.reads(two.conversation, &["still served"]).await;
}

#[tokio::test]
async fn an_oversize_or_malformed_body_of_a_form_is_refused() {
    use quietroom_tests::support::people::post;
    let two = two_on(TestServer::options()).await;
    let server = two.server.address();
    let sign_in = shared_proto::http::SIGN_IN;
    for body in [vec![], vec![0xff; 100], vec![0x80; 10], vec![0; 3]] {
        let response = post(server, sign_in, body, None).await.unwrap();
        assert!((400..500).contains(&response.status), "{}", response.status);
    }
    // The server may answer and close before it has read a body that is far too large.
    if let Ok(response) = post(server, sign_in, vec![0; 8 * 1024 * 1024], None).await {
        assert!((400..500).contains(&response.status), "{}", response.status);
    }
    two.client.settle().await;
}
