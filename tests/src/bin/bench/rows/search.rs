//! (i): searching a million messages in two thousand conversations of one person.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use shared_proto::conversation::event::Event;
use shared_proto::search::{Found, Search};
use shared_proto::wire::{Direction, Reply, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::frames::Tongue;
use crate::process::Server;
use crate::report::{Line, Reach, Report};
use crate::rows::{Bench, door};
use crate::samples::{Samples, median};
use crate::seed::{Seeded, Wanted};
use crate::sockets::{ask, open};
use crate::wire::Wire;

/// Conversations of the person who searches.
const CONVERSATIONS: usize = 2_000;
/// Questions of a run.
const QUESTIONS: usize = 300;
/// Longest the index may take to be made.
const INDEXED_WITHIN: Duration = Duration::from_secs(900);
/// Texts that are read with grep.
const GREPS: usize = 9;

impl Bench<'_> {
    /// (i).
    pub async fn search(&mut self, report: &mut Report) -> Result<(), String> {
        let data = self.data("searched");
        let texts = data.with_extension("texts");
        let (entries, conversations) = (self.plan.stored, CONVERSATIONS);
        let wanted = Wanted { people: 2, conversations, members: 2, entries, entries_in_one: 0 };
        let seeded = crate::seed::seed_texts(&self.plan.server, &data, wanted, &texts)?;
        let server = self.quietroom(&data)?;
        let began = Instant::now();
        indexed(&server).await?;
        let took = began.elapsed().as_secs_f64();
        report.figure("i", format!("index of {entries} entries made in, s"), took);
        let mut wire = wire(&server, &seeded).await?;
        let questions = questions(&mut wire, &seeded).await?;
        let before = server.memory();
        let (mut all, mut found) = (Samples::default(), 0);
        for question in &questions {
            let (took, hits) = searched(&mut wire, question).await?;
            all.add(took);
            found += usize::from(hits > 0);
        }
        if found * 10 < questions.len() * 9 {
            return Err(format!("{found} of {} questions found something", questions.len()));
        }
        let grep = grep(&texts, &questions)?;
        for (share, percentile) in [(0.5, "p50"), (0.95, "p95"), (1.0, "slowest")] {
            let reach = (percentile == "p95").then(|| Reach::at_most(50.0));
            report.add(Line {
                row: "i",
                what: format!(
                    "search {entries} entries in {conversations} conversations: {percentile}, ms"
                ),
                value: all.percentile_ms(share),
                yardstick: (percentile == "p50").then_some(grep),
                reach,
            });
        }
        let grown = (server.memory().saturating_sub(before)) as f64 / 1024.0 / 1024.0;
        report.figure("i", "memory that took, MiB", grown);
        report.note(
            "(i) the yardstick is grep -c -i -F over the same texts in one file, in the page cache",
        );
        // As after a restart: the first searches read the index from the disk.
        server.stop()?;
        let server = self.quietroom(&data)?;
        indexed(&server).await?;
        let mut wire = self::wire(&server, &seeded).await?;
        let mut cold = Samples::default();
        for question in questions.iter().take(20) {
            cold.add(searched(&mut wire, question).await?.0);
        }
        report.figure("i", "the first 20 after a restart: slowest, ms", cold.percentile_ms(1.0));
        server.stop()
    }
}

/// What somebody asks, as people do: mostly a word they remember, or two of one message, or how
/// one begins, or a few that follow each other.
async fn questions(wire: &mut Wire, seeded: &Seeded) -> Result<Vec<String>, String> {
    let mut random = fastrand::Rng::with_seed(7);
    let person = seeded.people.first().ok_or("there is nobody")?;
    let mut questions = Vec::with_capacity(QUESTIONS);
    while questions.len() < QUESTIONS {
        let conversation = person.conversations[random.usize(..person.conversations.len())];
        let from = shared_proto::id::EntryId::MAX;
        let request = Request::History { conversation, from, direction: Direction::Before };
        let page = match ask(wire, request).await {
            Ok(Reply::Page(page)) => page,
            other => return Err(format!("no page: {other:?}")),
        };
        let texts = page.entries.iter().filter_map(|entry| match Event::decode(entry).ok()? {
            Event::Message(message) => Some(message.text),
            _ => None,
        });
        let texts: Vec<String> = texts.collect();
        let text = &texts[random.usize(..texts.len())];
        let words: Vec<&str> = text.split(' ').collect();
        let long: Vec<&str> = words.iter().copied().filter(|word| word.len() > 2).collect();
        let (Some(one), Some(other)) = (random.choice(&long), random.choice(&long)) else {
            continue;
        };
        let at = random.usize(..words.len() - 1);
        questions.push(match questions.len() % 10 {
            0..4 => (*one).to_owned(),
            4..7 => format!("{one} {other}"),
            7..9 => one[..one.len().min(4)].to_owned(),
            _ => format!("\"{} {}\"", words[at], words[at + 1]),
        });
    }
    Ok(questions)
}

async fn wire(server: &Server, seeded: &Seeded) -> Result<Wire, String> {
    let person = seeded.people.first().ok_or("there is nobody")?;
    let opened = open(&door(server, &person.cookie), Tongue::Quietroom).await;
    opened.map_err(|error| error.to_string())
}

async fn searched(wire: &mut Wire, text: &str) -> Result<(Duration, usize), String> {
    let search = Search { text: text.to_owned(), ..Search::default() };
    let asked = Instant::now();
    match ask(wire, Request::Search(search)).await {
        Ok(Reply::Found(Found { hits, .. })) => Ok((asked.elapsed(), hits.len())),
        other => Err(format!("nothing is answered to {text:?}: {other:?}")),
    }
}

/// Until everything can be found.
pub(super) async fn indexed(server: &Server) -> Result<(), String> {
    let began = Instant::now();
    while began.elapsed() < INDEXED_WITHIN {
        let behind = metric(server, "quietroom_search_conversations_behind").await?;
        if behind == 0.0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the index was not made in time".to_owned())
}

pub(super) async fn metric(server: &Server, name: &str) -> Result<f64, String> {
    let asked = async {
        let mut line =
            TcpStream::connect(server.metrics.ok_or(std::io::ErrorKind::NotFound)?).await?;
        line.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut said = String::new();
        line.read_to_string(&mut said).await?;
        std::io::Result::Ok(said)
    };
    let said = asked.await.map_err(|error| format!("no metrics: {error}"))?;
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).ok_or_else(|| format!("{name} is not told"))
}

/// What a tool takes that reads everything each time, in milliseconds.
fn grep(texts: &Path, questions: &[String]) -> Result<f64, String> {
    let mut took = Vec::with_capacity(GREPS);
    for question in questions.iter().filter(|question| !question.contains(' ')).take(GREPS) {
        let began = Instant::now();
        let ended =
            Command::new("grep").args(["-c", "-i", "-F", "-e", question]).arg(texts).output();
        ended.map_err(|error| format!("grep: {error}"))?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(took))
}
