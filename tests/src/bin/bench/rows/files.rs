//! (j) and (k): large files on their way, and opening a conversation of many files.

use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

use shared_proto::conversation::command::Command;
use shared_proto::file::ask::{Ask, Told};
use shared_proto::http::file as path_of;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId};
use shared_proto::limits::FILE_BYTES;
use shared_proto::wire::{Reply, Request};

use crate::frames::Tongue;
use crate::http::{get, put};
use crate::process::Server;
use crate::report::{Line, Reach, Report};
use crate::rows::stored::{drop_caches, opened};
use crate::rows::{Bench, door};
use crate::samples::{Samples, median};
use crate::seed::Wanted;
use crate::sockets::{ask, open};
use crate::wire::Wire;

const MIB: f64 = 1024.0 * 1024.0;
/// Files of (k).
const FILES: usize = 500;
/// Openings of the conversation of (k) that is in memory.
const AGAIN: usize = 100;

/// A conversation with next to nothing in it, and who sends files there.
struct Sender {
    conversation: ConversationId,
    cookie: String,
    /// The last entry they know of.
    held: Cell<Option<EntryId>>,
}

impl Bench<'_> {
    /// (j).
    pub async fn move_files(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("files");
        let sender = self.sender(&data)?;
        let server = self.quietroom(&data)?;
        let mut wire = wire(&server, &sender).await?;
        let contents = document(*FILE_BYTES.end() as usize);
        let (source, copy) = (data.with_extension("source"), data.with_extension("copy"));
        std::fs::write(&source, &contents).map_err(|error| error.to_string())?;
        // Once beforehand: what a server takes once it does not take again.
        sender.send(&server, &mut wire, 0, &contents[..1024 * 1024]).await?;
        let (mut sent, mut fetched, mut copied, mut synced) = (vec![], vec![], vec![], vec![]);
        let (mut grown, mut grown_then) = (vec![], vec![]);
        let rate = |started: Instant| contents.len() as f64 / MIB / started.elapsed().as_secs_f64();
        for number in 1..=self.plan.transfers {
            let before = server.forget_peak();
            let started = Instant::now();
            let file = sender.send(&server, &mut wire, number, &contents).await?;
            sent.push(rate(started));
            grown.push(server.peak_memory().saturating_sub(before) as f64 / MIB);
            let started = Instant::now();
            copy_with_cp(&source, &copy)?;
            copied.push(rate(started));
            let started = Instant::now();
            copy_with_cp(&source, &copy)?;
            let kept = std::fs::File::open(&copy).and_then(|copy| copy.sync_all());
            kept.map_err(|error| error.to_string())?;
            synced.push(rate(started));
            let before = server.forget_peak();
            let path = path_of(sender.conversation, file);
            let started = Instant::now();
            let came = get(&server, &sender.cookie, &path, &copy, contents.len()).await;
            came.map_err(|error| format!("a file does not come: {error}"))?;
            fetched.push(rate(started));
            grown_then.push(server.peak_memory().saturating_sub(before) as f64 / MIB);
            if std::fs::read(&copy).map_err(|error| error.to_string())? != contents {
                return Err("a file came back as another".to_owned());
            }
        }
        let size = contents.len() as f64 / MIB;
        let cp = median(copied);
        for (what, value, yardstick) in [
            ("sent and shared, durable", median(sent), median(synced)),
            ("fetched into a file", median(fetched), cp),
        ] {
            report.add(Line {
                row: "j",
                what: format!("a file of {size:.0} MiB {what}: MiB/s"),
                value,
                yardstick: Some(yardstick),
                reach: None,
            });
        }
        for (what, grown) in [("sent", grown), ("fetched", grown_then)] {
            report.add(Line {
                row: "j",
                what: format!("memory the server takes more for one that is {what}, MiB"),
                value: median(grown),
                yardstick: None,
                reach: Some(Reach::at_most(2.0)),
            });
        }
        report.note(format!(
            "(j) the yardstick is cp of the same bytes to the same disk, and a sync of them where \
             the server's are durable; cp without it made {cp:.0} MiB/s"
        ));
        server.stop()
    }

    /// (k).
    pub async fn open_files(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("many-files");
        let sender = self.sender(&data)?;
        let server = self.quietroom(&data)?;
        let mut wire = wire(&server, &sender).await?;
        for number in 0..FILES {
            sender.send(&server, &mut wire, number, &document(1_024)).await?;
        }
        server.stop()?;
        let (mut cold, mut again, mut listed) = (vec![], Samples::default(), Samples::default());
        for _ in 0..self.plan.runs {
            let server = self.quietroom(&data)?;
            drop_caches();
            let mut wire = self::wire(&server, &sender).await?;
            let (first, entries) = opened(&mut wire, sender.conversation).await?;
            if entries < 2 {
                return Err(format!("the conversation of files shows {entries} entries"));
            }
            cold.push(first.as_secs_f64() * 1e3);
            for _ in 0..AGAIN {
                let conversation = sender.conversation;
                let left = ask(&mut wire, Request::Leave { conversation }).await;
                left.map_err(|error| error.to_string())?;
                again.add(opened(&mut wire, conversation).await?.0);
            }
            let started = Instant::now();
            let pages = sender.list(&mut wire).await?;
            listed.add(started.elapsed() / pages);
            server.stop()?;
        }
        let figures = [
            (format!("open {FILES} files: first page, first time after a start, ms"), median(cold)),
            ("the same, opened before: p50, ms".to_owned(), again.percentile_ms(0.5)),
            ("the same, opened before: p99, ms".to_owned(), again.percentile_ms(0.99)),
            ("a page of the list of all its files, ms".to_owned(), listed.percentile_ms(0.5)),
        ];
        for (what, value) in figures {
            let reach = Some(Reach::at_most(20.0));
            report.add(Line { row: "k", what, value, yardstick: None, reach });
        }
        Ok(())
    }

    fn sender(&self, data: &Path) -> Result<Sender, String> {
        let wanted =
            Wanted { people: 2, conversations: 1, members: 2, entries: 2, entries_in_one: 0 };
        let seeded = self.seed(data, wanted)?;
        let person = seeded.people.first().ok_or("there is nobody")?;
        let conversation = *person.conversations.first().ok_or("they are in no conversation")?;
        Ok(Sender { conversation, cookie: person.cookie.clone(), held: Cell::new(None) })
    }
}

impl Sender {
    /// Sends a file and shares it, as the page does.
    async fn send(
        &self,
        server: &Server,
        wire: &mut Wire,
        number: usize,
        contents: &[u8],
    ) -> Result<FileId, String> {
        let failed = |error: std::io::Error| format!("a file is not sent: {error}");
        let (conversation, name) = (self.conversation, format!("measured {number}.pdf"));
        let id = ClientMessageId::from_random(((number as u128) << 64).to_be_bytes());
        let bytes = contents.len() as u64;
        let begin = Ask::Begin { conversation, client_id: id, name, bytes };
        let file = match ask(wire, Request::File(begin)).await.map_err(failed)? {
            Reply::File(Told::Upload { file, .. }) => file,
            other => return Err(format!("a file does not begin: {other:?}")),
        };
        put(server, &self.cookie, &path_of(conversation, file), contents).await.map_err(failed)?;
        let command = Command::Share { client_message_id: id, file, hidden_from: Vec::new() };
        // A retry is looked for from here on, as a page has it done.
        let held = self.held.get();
        let request = Request::Do { conversation, held, command };
        let Reply::Sent { entry, .. } = ask(wire, request).await.map_err(failed)? else {
            return Err("a file is not shared".to_owned());
        };
        self.held.set(Some(entry));
        Ok(file)
    }

    /// Lists all files; of how many pages that was.
    async fn list(&self, wire: &mut Wire) -> Result<u32, String> {
        let (mut before, mut pages, mut count) = (None, 0, 0);
        loop {
            let list = Ask::List { conversation: self.conversation, before };
            match ask(wire, Request::File(list)).await {
                Ok(Reply::File(Told::Files { files, more })) => {
                    pages += 1;
                    count += files.len();
                    before = files.last().map(|entry| entry.id);
                    if !more {
                        break;
                    }
                }
                other => return Err(format!("files are not listed: {other:?}")),
            }
        }
        if count == FILES { Ok(pages) } else { Err(format!("{count} of {FILES} files are listed")) }
    }
}

async fn wire(server: &Server, sender: &Sender) -> Result<Wire, String> {
    let opened = open(&door(server, &sender.cookie), Tongue::Quietroom).await;
    opened.map_err(|error| error.to_string())
}

/// What passes for a document, and cannot be made smaller.
fn document(bytes: usize) -> Vec<u8> {
    let mut contents = b"%PDF-1.7\n".to_vec();
    contents.resize(bytes, 0);
    fastrand::Rng::with_seed(bytes as u64).fill(&mut contents[9..]);
    contents
}

/// `cp`, onto a file that is not there.
fn copy_with_cp(from: &Path, to: &Path) -> Result<(), String> {
    // It may not be there.
    let _ = std::fs::remove_file(to);
    let ended = std::process::Command::new("cp").arg("--reflink=never").arg(from).arg(to).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("cp: {other:?}")),
    }
}
