//! (d): everyone comes back at once.

use std::time::{Duration, Instant};

use shared_proto::codec;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::wire::{CatchUp, ClientFrame, Held, Reply, Request, ServerEvent, ServerFrame};
use tokio::task::JoinSet;

use crate::frames::Tongue;
use crate::report::{Line, Reach, Report};
use crate::rows::{Bench, FEW_BEHIND, door, yardstick_door};
use crate::samples::median;
use crate::sockets::{open, open_all, show};
use crate::wire::{Door, Wire, framed};

/// Longest that everyone may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// For the servers to notice that everyone has gone.
const GONE: Duration = Duration::from_secs(1);

impl Bench<'_> {
    /// (d).
    pub async fn reconnect(&mut self, report: &mut Report) -> Result<(), String> {
        let (count, runs) = (self.plan.reconnecting, self.plan.runs);
        let theirs: Vec<Door> = (0..count)
            .map(|number| yardstick_door(&self.yardstick, FEW_BEHIND, number / 2))
            .collect();
        let (server, seeded) = self.pairs()?;
        let people = seeded.people.iter().filter(|person| !person.conversations.is_empty());
        let (doors, conversations): (Vec<Door>, Vec<ConversationId>) = people
            .take(count)
            .map(|person| (door(server, &person.cookie), person.conversations[0]))
            .unzip();
        if doors.len() < count {
            return Err(format!("only {} people have a conversation", doors.len()));
        }
        let mut held = Vec::new();
        for (wire, conversation) in
            open_all(&doors, Tongue::Quietroom).await?.iter_mut().zip(conversations)
        {
            let entries = show(wire, conversation).await.map_err(|error| error.to_string())?;
            // One entry came while everyone was away.
            let last = entries.len().checked_sub(2).ok_or("a conversation is too short")?;
            let (last, expected) = (entries[last], entries[last + 1]);
            held.push((Held { conversation, last }, expected));
        }
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            tokio::time::sleep(GONE).await;
            let comings = doors.iter().cloned().zip(held.iter().copied().map(Some)).collect();
            ours.push(all_back(comings).await?);
            tokio::time::sleep(GONE).await;
            let comings = theirs.iter().cloned().map(|door| (door, None)).collect();
            others.push(all_back(comings).await?);
        }
        report.add(Line {
            row: "d",
            what: format!("{count} reconnect at once: all resumed after, s"),
            value: median(ours),
            yardstick: Some(median(others)),
            reach: Some(Reach::at_most(1.0)),
        });
        report.note("(d) the yardstick only accepts sockets: nobody signs in or resumes there.");
        Ok(())
    }
}

type Coming = (Door, Option<(Held, EntryId)>);

/// Seconds until all are back.
async fn all_back(comings: Vec<Coming>) -> Result<f64, String> {
    let started = Instant::now();
    let mut coming = JoinSet::new();
    for (door, held) in comings {
        coming.spawn(tokio::time::timeout(PATIENCE, back(door, held)));
    }
    let mut wires = Vec::with_capacity(coming.len());
    while let Some(back) = coming.join_next().await {
        let back = back.map_err(|error| error.to_string())?;
        let back = back.map_err(|_| "somebody did not come back".to_owned())?;
        wires.push(back.map_err(|error| format!("somebody did not come back: {error}"))?);
    }
    Ok(started.elapsed().as_secs_f64())
}

async fn back(door: Door, held: Option<(Held, EntryId)>) -> std::io::Result<Wire> {
    let Some((held, expected)) = held else { return open(&door, Tongue::Yardstick).await };
    let mut wire = Wire::open(&door).await?;
    let request = Request::Resume { held: vec![held] };
    // Like the browser, without waiting for the server's first word.
    wire.write(&framed(&codec::encode(&ClientFrame { id: 1, request }))).await?;
    let (mut caught_up, mut done) = (false, false);
    crate::sockets::until(&mut wire, |frame| {
        match frame {
            ServerFrame::Event(ServerEvent::CaughtUp {
                catch_up: CatchUp::Page { page, .. },
                ..
            }) => caught_up = page.entries.last().is_some_and(|entry| entry.id == expected),
            ServerFrame::Reply { id: 1, result: Ok(Reply::Done) } => done = true,
            _ => {}
        }
        (caught_up && done).then_some(())
    })
    .await?;
    Ok(wire)
}
