//! (r): the record of a long conversation, taken over HTTP.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use shared_proto::http::Route;
use shared_proto::id::ConversationId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::Server;
use crate::report::{Line, Reach, Report};
use crate::rows::Bench;
use crate::rows::search::indexed;
use crate::rows::stored::long;
use crate::samples::median;

const MIB: f64 = 1024.0 * 1024.0;

impl Bench<'_> {
    /// (r).
    pub async fn take_record(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("many");
        let (conversation, cookie) = long(&self.many()?)?;
        let entries = self.plan.stored_in_one;
        for (route, name) in [(Route::RecordCsv, "table"), (Route::RecordZip, "bundle")] {
            let (mut taken, mut copied, mut bytes) = (vec![], vec![], 0);
            let (mut first, mut grown) = (vec![], vec![]);
            for _ in 0..self.plan.runs {
                let server = self.quietroom(&data)?;
                indexed(&server).await?;
                let file = data.with_extension(name);
                let before = server.memory();
                let took = take(&server, route, conversation, &cookie, &file).await?;
                taken.push(took.as_secs_f64());
                first.push(server.peak_memory().saturating_sub(before) as f64 / MIB);
                // The store keeps what it has read, up to a bound; what a record takes is the rest.
                let before = server.forget_peak();
                take(&server, route, conversation, &cookie, &file).await?;
                grown.push(server.peak_memory().saturating_sub(before) as f64 / MIB);
                server.stop()?;
                let started = Instant::now();
                let copy = std::fs::copy(&file, file.with_extension("copy"));
                bytes = copy.map_err(|error| error.to_string())?;
                copied.push(started.elapsed().as_secs_f64());
            }
            let what = format!("{name} of {entries} entries, {:.0} MiB, s", bytes as f64 / MIB);
            let (value, yardstick) = (median(taken), Some(median(copied)));
            report.add(Line { row: "r", what, value, yardstick, reach: None });
            let what =
                "the same: memory the server takes more, the store's 128 MiB cache empty, MiB";
            report.figure("r", what.to_owned(), median(first));
            report.add(Line {
                row: "r",
                what: "the same, taken before: memory the server takes more, MiB".to_owned(),
                value: median(grown),
                yardstick: None,
                reach: Some(Reach::at_most(16.0)),
            });
        }
        Ok(())
    }
}

/// Takes a record into a file.
async fn take(
    server: &Server,
    route: Route,
    conversation: ConversationId,
    cookie: &str,
    file: &Path,
) -> Result<Duration, String> {
    let failed = |error: std::io::Error| error.to_string();
    let host = server.origin.rsplit('/').next().unwrap_or_default();
    let head = format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\nCookie: __Host-quietroom={cookie}\r\n\
         Connection: close\r\n\r\n",
        route.of_conversation(conversation)
    );
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.map_err(failed)?;
    stream.write_all(head.as_bytes()).await.map_err(failed)?;
    let mut file = std::fs::File::create(file).map_err(failed)?;
    let (mut buffer, mut last) = (vec![0; 256 * 1024], [0; 5]);
    let mut is_fine = None;
    loop {
        let count = stream.read(&mut buffer).await.map_err(failed)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        is_fine.get_or_insert_with(|| read.starts_with(b"HTTP/1.1 200"));
        file.write_all(read).map_err(failed)?;
        if let Some(end) = read.last_chunk::<5>() {
            last = *end;
        }
    }
    // A record that was cut off has no last chunk.
    if is_fine == Some(true) && &last == b"0\r\n\r\n" {
        Ok(started.elapsed())
    } else {
        Err("the record did not come whole".to_owned())
    }
}
