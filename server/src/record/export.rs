//! Sends a record to whoever takes it, no faster than they take it.

mod fhir;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{TryStreamExt, stream};
use shared_proto::conversation::event::{Event, Shared};
use shared_proto::conversation::state::State;
use shared_proto::id::PersonId;
use shared_proto::limits;
use tokio::sync::mpsc;

use super::bundle::{Bundle, Transcript};
use super::form::Form;
use super::pages::{Ended, Pages};
use super::people::{Named, People};
use super::row::{Row, row};
use super::{Head, csv, html};
use crate::app::App;
use crate::room::Snapshot;
use crate::store::sessions::TokenHash;
use crate::transfers::pace::Pace;
use crate::transfers::places::Place;

/// Largest piece that is handed on at once, in bytes.
const PIECE: usize = 64 * 1024;

/// A record that is about to be written.
pub struct Export {
    /// The server.
    pub app: Arc<App>,
    /// In which form.
    pub form: Form,
    /// What is said of it.
    pub head: Head,
    /// How far it goes, and for whom.
    pub snapshot: Arc<Snapshot>,
    /// Under which session it was asked for.
    pub token: TokenHash,
    /// How often sessions had ended when that was checked.
    pub revocations: u64,
    /// The place of whoever takes it.
    pub slot: Place,
}

/// What is on its way to whoever takes a record. Without an end it was cut off, and they are to see
/// that it was.
enum Piece {
    Bytes(Bytes),
    End,
}

impl Export {
    /// Begins to write; what is written, as it comes.
    pub fn begin(self) -> Body {
        let (sender, receiver) = mpsc::channel(limits::EXPORT_QUEUE);
        tokio::spawn(Box::pin(self.run(sender)));
        Body::from_stream(stream::unfold(Some(receiver), |receiver| async {
            let mut receiver = receiver?;
            match receiver.recv().await {
                Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
                Some(Piece::End) => None,
                None => Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None)),
            }
        }))
    }

    async fn run(self, sender: mpsc::Sender<Piece>) {
        let Self { app, form, head, snapshot, token, revocations, slot } = self;
        let (conversation, person) = (head.conversation, head.exporter.id);
        let people = people(&app, &snapshot.state, person, snapshot.is_host);
        let pages = Pages::new(Arc::clone(&app), Arc::clone(&snapshot), token, revocations);
        let mut writing = Writing { app, head, people, snapshot, pages, taker: Taker::new(sender) };
        let written = match form {
            Form::Csv => writing.csv().await,
            Form::Html => writing.html().await,
            Form::Fhir => writing.fhir().await,
            Form::Zip => writing.zip().await,
        };
        // Before they see the end: whoever has one record may take another.
        drop(slot);
        let written = match written {
            Ok(()) => writing.taker.put(Piece::End).await,
            Err(ended) => Err(ended),
        };
        match written {
            Ok(()) => tracing::info!(%conversation, %person, "a record was taken"),
            Err(error @ (Ended::Store(_) | Ended::File(_))) => {
                tracing::error!(%conversation, %error, "a record could not be read");
            }
            Err(ended) => tracing::info!(%conversation, %person, %ended, "a record was cut off"),
        }
    }
}

/// Those whoever takes a record knows of: with their emails, if they lead the conversation (O21).
fn people(app: &App, state: &State, person: PersonId, is_host: bool) -> People {
    let members = || state.members.iter().map(|member| member.person);
    let emails = members().filter(|member| is_host && *member != person);
    let emails = emails.filter_map(|member| Some((member, app.directory.row(member)?.email)));
    People::new(state, app.directory.cards(members()), emails)
}

/// Where what is written goes.
struct Taker {
    sender: mpsc::Sender<Piece>,
    pace: Pace,
}

impl Taker {
    fn new(sender: mpsc::Sender<Piece>) -> Self {
        Self { sender, pace: Pace::default() }
    }

    async fn put(&mut self, piece: Piece) -> Result<(), Ended> {
        let stall = Duration::from_millis(limits::EXPORT_STALL_MS);
        let bytes = match &piece {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::End => 0,
        };
        let taken = self.pace.moves(bytes, stall, self.sender.send(piece)).await;
        taken.ok_or(Ended::Gone)?.map_err(|_| Ended::Gone)
    }

    async fn bytes(&mut self, bytes: Vec<u8>) -> Result<(), Ended> {
        let mut bytes = Bytes::from(bytes);
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            self.put(Piece::Bytes(piece)).await?;
        }
        Ok(())
    }
}

/// A record being written.
struct Writing {
    app: Arc<App>,
    head: Head,
    people: People,
    snapshot: Arc<Snapshot>,
    pages: Pages,
    taker: Taker,
}

impl Writing {
    /// Hands every row to `write`, which answers with what it comes to.
    async fn rows(
        &mut self,
        mut write: impl FnMut(&Row<'_>, &mut Vec<u8>) + Send,
    ) -> Result<(), Ended> {
        // What came before they joined is not even looked at.
        let mut next = Some(self.snapshot.member.first().before());
        let mut number = 0;
        while let Some(from) = next {
            let stretch = self.pages.stretch(from).await?;
            let mut out = Vec::new();
            for recorded in &stretch.entries {
                number += 1;
                write(&row(number, recorded, &self.people, &self.head.zone), &mut out);
            }
            self.taker.bytes(out).await?;
            next = stretch.next;
        }
        Ok(())
    }

    async fn csv(&mut self) -> Result<(), Ended> {
        self.taker.bytes(csv::head()).await?;
        let zone = self.head.zone.clone();
        self.rows(|row, out| csv::row(out, row, &zone)).await
    }

    async fn html(&mut self) -> Result<(), Ended> {
        self.taker.bytes(html::head(&self.head, &self.people)).await?;
        let zone = self.head.zone.clone();
        self.rows(|row, out| html::row(out, row, &zone)).await?;
        self.taker.bytes(html::END.as_bytes().to_vec()).await
    }

    async fn zip(&mut self) -> Result<(), Ended> {
        let (head, people) = (self.head.clone(), self.people.clone());
        let is_large = self.pages.are_more_than(limits::BUNDLE_SMALL_ENTRIES).await?;
        let mut bundle = Bundle::new(&head, &people, is_large);
        for transcript in Transcript::ALL {
            bundle.begin(transcript);
            self.rows(|row, out| {
                bundle.row(transcript, row);
                out.append(&mut bundle.take());
            })
            .await?;
            bundle.end(transcript);
        }
        self.beside(&mut bundle).await?;
        if self.snapshot.takes_part() {
            bundle.begin_accesses();
            self.accesses(&mut bundle).await?;
            bundle.end_accesses();
        }
        bundle.finish(self.app.store.vault.checkpoint_key());
        self.taker.bytes(bundle.take()).await
    }

    /// What lies beside the log of what an entry says: the files that were shared, and the forms that
    /// were submitted.
    async fn beside(&mut self, bundle: &mut Bundle<'_>) -> Result<(), Ended> {
        let mut next = Some(self.snapshot.member.first().before());
        let mut number = 0;
        while let Some(from) = next {
            let stretch = self.pages.stretch(from).await?;
            for recorded in &stretch.entries {
                number += 1;
                if bundle.is_full() {
                    return Err(Ended::Full);
                }
                match Event::decode(&recorded.entry) {
                    Ok(Event::Shared(body)) => self.file(bundle, number, &body).await?,
                    Ok(Event::Submitted(body)) => {
                        if let Some(filled) = self.pages.filled(body.assigned).await?
                            && let Some((form, answers)) = self.filled(&filled)
                        {
                            bundle.form(number, &form, &answers);
                        }
                    }
                    _ => continue,
                }
                self.taker.bytes(bundle.take()).await?;
            }
            next = stretch.next;
        }
        Ok(())
    }

    /// A file, a chunk at a time. What cannot be read at all is said to be lost, so that the rest can
    /// be taken all the same.
    async fn file(
        &mut self,
        bundle: &mut Bundle<'_>,
        number: u64,
        shared: &Shared,
    ) -> Result<(), Ended> {
        let blobs = Arc::clone(&self.app.files.blobs);
        let sealed = self.snapshot.file(blobs, shared.file, shared.bytes);
        let mut contents = Box::pin(sealed.read(0..shared.bytes));
        let mut begun = false;
        loop {
            self.pages.still().await?;
            match contents.try_next().await {
                Ok(Some(piece)) => {
                    if !begun {
                        bundle.begin_file(number, &shared.name);
                        begun = true;
                    }
                    bundle.add_to_file(&piece);
                    self.taker.bytes(bundle.take()).await?;
                }
                Ok(None) => {
                    bundle.end_file();
                    return Ok(());
                }
                Err(error) if begun => return Err(Ended::File(error)),
                Err(error) => {
                    let conversation = self.head.conversation;
                    tracing::error!(%conversation, %error, "a file of a record cannot be read");
                    bundle.lost_file(number, &shared.name);
                    return Ok(());
                }
            }
        }
    }

    async fn accesses(&mut self, bundle: &mut Bundle<'_>) -> Result<(), Ended> {
        let mut before = None;
        loop {
            let page = self.pages.accesses(before).await?;
            for access in &page.accesses {
                let card = access.person.and_then(|person| self.app.directory.card(person));
                let at = self.head.zone.exact(access.at);
                bundle.access(&at, card.as_ref().map(Named::from), access.action.name());
            }
            self.taker.bytes(bundle.take()).await?;
            before = page.next;
            if before.is_none() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_record_that_is_taken_drop_by_drop_is_cut_off() {
        let each = Duration::from_millis(limits::EXPORT_STALL_MS) * 2 / 3;
        let (sender, mut receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            while receiver.recv().await.is_some() {
                sleep(each).await;
            }
        });
        let (mut taker, begun) = (Taker::new(sender), Instant::now());
        let hour = Duration::from_secs(60 * 60);
        while begun.elapsed() < hour && taker.bytes(vec![0; 100]).await.is_ok() {}
        let lasted = begun.elapsed();
        assert!(lasted < Duration::from_millis(limits::TRANSFER_GRACE_MS) + each, "{lasted:?}");
    }
}
