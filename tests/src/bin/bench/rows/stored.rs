//! (f) and (g): starting with a million entries, and opening a conversation of many.

use std::time::{Duration, Instant};

use shared_proto::id::ConversationId;
use shared_proto::wire::Request;

use crate::frames::Tongue;
use crate::process::Server;
use crate::report::{Line, Reach, Report};
use crate::rows::{Bench, door};
use crate::samples::{Samples, median};
use crate::seed::{Seeded, Wanted};
use crate::sockets::{ask, open, show};
use crate::wire::Wire;

/// Openings of a room that is in memory.
const AGAIN: usize = 100;

impl Bench<'_> {
    /// (f).
    pub async fn start_with_many(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("many");
        self.many()?;
        let mut warm = Vec::new();
        for _ in 0..self.plan.runs {
            let server = self.quietroom(&data)?;
            warm.push(server.started_in.as_secs_f64());
            server.stop()?;
        }
        let entries = self.plan.stored;
        report.add(Line {
            row: "f",
            what: format!("start with {entries} entries, s"),
            value: median(warm),
            yardstick: None,
            reach: Some(Reach::at_most(1.0)),
        });
        let is_cold = drop_caches();
        let server = self.quietroom(&data)?;
        let what = if is_cold { "nothing of it in the page cache" } else { "once more" };
        report.figure("f", format!("the same, {what}, s"), server.started_in.as_secs_f64());
        report.figure("f", "memory then, MiB", server.memory() as f64 / 1024.0 / 1024.0);
        // Dropped is killed.
        drop(server);
        let server = self.quietroom(&data)?;
        report.figure("f", "the same after kill -9, s", server.started_in.as_secs_f64());
        server.stop()
    }

    /// (g).
    pub async fn open_long(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("many");
        let (long, cookie) = long(&self.many()?)?;
        let mut cold = Vec::new();
        let mut again = Samples::default();
        for _ in 0..self.plan.runs {
            let server = self.quietroom(&data)?;
            drop_caches();
            let mut wire = self.greeted(&server, &cookie).await?;
            let (first, entries) = opened(&mut wire, long).await?;
            if entries < 2 {
                return Err(format!("the long conversation shows {entries} entries"));
            }
            cold.push(first.as_secs_f64() * 1e3);
            for _ in 0..AGAIN {
                let left = ask(&mut wire, Request::Leave { conversation: long }).await;
                left.map_err(|error| error.to_string())?;
                again.add(opened(&mut wire, long).await?.0);
            }
            server.stop()?;
        }
        let entries = self.plan.stored_in_one;
        report.add(Line {
            row: "g",
            what: format!("open {entries} entries: first page, first time after a start, ms"),
            value: median(cold),
            yardstick: None,
            reach: Some(Reach::at_most(20.0)),
        });
        for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
            report.add(Line {
                row: "g",
                what: format!("the same, opened before: {percentile}, ms"),
                value: again.percentile_ms(share),
                yardstick: None,
                reach: Some(Reach::at_most(20.0)),
            });
        }
        Ok(())
    }

    async fn greeted(&self, server: &Server, cookie: &str) -> Result<Wire, String> {
        let opened = open(&door(server, cookie), Tongue::Quietroom).await;
        opened.map_err(|error| error.to_string())
    }

    /// Many entries, made once.
    pub fn many(&self) -> Result<Seeded, String> {
        let data = self.data("many");
        let known = data.with_extension("sessions");
        if known.is_file() {
            return crate::seed::read(&known);
        }
        self.seed(
            &data,
            Wanted {
                people: 400,
                conversations: 200,
                members: 2,
                entries: self.plan.stored - self.plan.stored_in_one,
                entries_in_one: self.plan.stored_in_one,
            },
        )
    }
}

/// The conversation with the most entries is the first.
pub fn long(seeded: &Seeded) -> Result<(ConversationId, String), String> {
    let conversations = seeded.conversations();
    let first = conversations.first().ok_or("there is no conversation")?;
    let cookie = first.cookies.first().ok_or("nobody is in it")?;
    Ok((first.id, cookie.clone()))
}

/// Opens a conversation; how long that took, and how many entries came.
pub async fn opened(
    wire: &mut Wire,
    conversation: ConversationId,
) -> Result<(Duration, usize), String> {
    let asked = Instant::now();
    let entries = show(wire, conversation).await.map_err(|error| error.to_string())?;
    Ok((asked.elapsed(), entries.len()))
}

/// Makes the disk be read anew, as after the machine was started. Only root may; whether it was.
pub fn drop_caches() -> bool {
    rustix::fs::sync();
    std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}
