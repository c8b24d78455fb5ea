//! Sockets that are opened and asked one thing at a time, where that is not what is measured.

use std::io;

use shared_proto::codec;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::wire::{ClientFrame, Reply, Request, ServerEvent, ServerFrame};
use tokio::task::JoinSet;

use crate::frames::Tongue;
use crate::wire::{Door, Wire, framed};

/// Sockets that are opened at a time.
const OPENING_AT_ONCE: usize = 64;

/// Opens `doors`, a few at a time, in their order.
///
/// # Errors
/// When one stays closed.
pub async fn open_all(doors: &[Door], tongue: Tongue) -> Result<Vec<Wire>, String> {
    let mut opening = JoinSet::new();
    let mut wires: Vec<Option<Wire>> = doors.iter().map(|_| None).collect();
    let mut doors = doors.iter().cloned().enumerate();
    loop {
        while opening.len() < OPENING_AT_ONCE
            && let Some((place, door)) = doors.next()
        {
            opening.spawn(async move { (place, open(&door, tongue).await) });
        }
        let Some(opened) = opening.join_next().await else { break };
        let (place, wire) = opened.map_err(|error| error.to_string())?;
        wires[place] = Some(wire.map_err(|error| format!("a socket does not open: {error}"))?);
    }
    Ok(wires.into_iter().flatten().collect())
}

/// Opens one and hears the server's first word.
///
/// # Errors
/// When it stays closed.
pub async fn open(door: &Door, tongue: Tongue) -> io::Result<Wire> {
    let mut wire = Wire::open(door).await?;
    if tongue == Tongue::Quietroom {
        until(&mut wire, |frame| {
            matches!(frame, ServerFrame::Event(ServerEvent::Hello(_))).then_some(())
        })
        .await?;
    }
    Ok(wire)
}

/// Reads frames until `found` is satisfied by one.
///
/// # Errors
/// When the socket closes before, or a frame does not decode.
pub async fn until<T>(
    wire: &mut Wire,
    mut found: impl FnMut(ServerFrame) -> Option<T>,
) -> io::Result<T> {
    let mut result = None;
    let mut malformed = false;
    while result.is_none() {
        wire.read(|payload| match codec::decode(payload) {
            Ok(frame) if result.is_none() => result = found(frame),
            Ok(_) => {}
            Err(_) => malformed = true,
        })
        .await?;
        if malformed {
            return Err(io::Error::other("a frame does not decode"));
        }
    }
    result.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Asks and waits for the answer.
///
/// # Errors
/// When the socket closes before, or the answer is a refusal.
pub async fn ask(wire: &mut Wire, request: Request) -> io::Result<Reply> {
    wire.write(&framed(&codec::encode(&ClientFrame { id: 1, request }))).await?;
    let answer = until(wire, |frame| match frame {
        ServerFrame::Reply { id: 1, result } => Some(result),
        _ => None,
    });
    answer.await?.map_err(|refusal| io::Error::other(format!("refused: {}", refusal.rule())))
}

/// Shows a conversation on a socket. Answers with its newest entries, oldest first.
///
/// # Errors
/// When the server does not show it.
pub async fn show(wire: &mut Wire, conversation: ConversationId) -> io::Result<Vec<EntryId>> {
    match ask(wire, Request::Open { conversation }).await? {
        Reply::Opened(opened) => Ok(opened.page.entries.iter().map(|entry| entry.id).collect()),
        _ => Err(io::Error::other("another answer than asked for")),
    }
}
