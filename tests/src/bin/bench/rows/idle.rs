//! (c): what an idle signed-in socket takes.

use std::future::ready;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::frames::Tongue;
use crate::process::Server;
use crate::report::{Line, Reach, Report};
use crate::rows::search::indexed;
use crate::rows::{Bench, FEW_BEHIND, door, yardstick_door};
use crate::sockets::{ask, open_all};
use crate::wire::{Door, Wire};
use shared_proto::wire::Request;

/// Inboxes asked for at a time.
const AT_ONCE: usize = 64;
/// For what was needed only while opening to be given back.
const SETTLE: Duration = Duration::from_secs(2);

impl Bench<'_> {
    /// (c).
    pub async fn idle(&mut self, report: &mut Report) -> Result<(), String> {
        let count = self.plan.idle_sockets;
        // Two in a room, as every person here is in a conversation of two.
        let door_of = |number| yardstick_door(&self.yardstick, FEW_BEHIND, 3_000_000 + number / 2);
        let doors: Vec<Door> = (0..count).map(door_of).collect();
        let (yardstick, _) = kibibytes_each(&self.yardstick, &doors, Tongue::Yardstick).await?;
        let (server, seeded) = self.pairs()?;
        let people = seeded.people.iter().take(count);
        let doors: Vec<Door> = people.map(|person| door(server, &person.cookie)).collect();
        // What the server makes of its store once it runs is no socket's.
        indexed(server).await?;
        let before = server.memory();
        let (value, mut wires) = kibibytes_each(server, &doors, Tongue::Quietroom).await?;
        report.add(Line {
            row: "c",
            what: format!("{count} idle signed-in sockets: KiB each"),
            value,
            yardstick: Some(yardstick),
            reach: Some(Reach::times(1.25, yardstick)),
        });
        // Many at a time: each waits until its record is durable, and a socket that says nothing for
        // long is taken for dead.
        let answers = stream::iter(wires.iter_mut())
            .map(|wire| ask(wire, Request::Inbox { after: None }))
            .buffer_unordered(AT_ONCE);
        answers.try_for_each(|_| ready(Ok(()))).await.map_err(|error| error.to_string())?;
        let value = each(server, before, wires.len()).await;
        report.figure("c", "the same, each with its inbox asked for: KiB each", value);
        Ok(())
    }
}

/// Opens them, has each read and write something, and returns what they hold together with them.
async fn kibibytes_each(
    server: &Server,
    doors: &[Door],
    tongue: Tongue,
) -> Result<(f64, Vec<Wire>), String> {
    let before = server.memory();
    let mut wires = open_all(doors, tongue).await?;
    for wire in &mut wires {
        // A socket that never read anything would not have touched its buffers.
        wire.ping().await.map_err(|error| error.to_string())?;
    }
    Ok((each(server, before, wires.len()).await, wires))
}

async fn each(server: &Server, before: u64, sockets: usize) -> f64 {
    tokio::time::sleep(SETTLE).await;
    server.memory().saturating_sub(before) as f64 / 1024.0 / sockets as f64
}
