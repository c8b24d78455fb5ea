//! `PUT /api/conversations/{conversation}/files/{file}`: the contents of a file somebody sends, from
//! where an earlier try ended. Whatever ends it, what has come in whole chunks stays.

use std::sync::Arc;
use std::time::Duration;

use axum::body::BodyDataStream;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use shared_proto::conversation::command::Whole;
use shared_proto::http::{UPLOAD_OFFSET, UPLOAD_TYPE};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use super::{answer, has_own_origin, signed_in};
use crate::app::App;
use crate::attachments::underway::Turn;
use crate::attachments::{Received, Upload, UploadError};
use crate::auth::sessions::SignedIn;
use crate::blobs::sealed::SealedFile;
use crate::files;
use crate::store::files::{Own, UploadRecord};
use crate::store::sessions::Stage;
use crate::transfers::pace::Pace;

/// How long what still comes of a refused file is read: a browser that is cut off while it sends
/// never reads the answer.
const LISTENS_ON: Duration = Duration::from_secs(5);
/// How often the session is looked at: it may have ended.
const LOOKS: Duration = Duration::from_secs(1);

const MALFORMED: Refusal = Refusal::invalid(Field::File, Rule::Malformed);

/// Answers `()`, once all of it is kept.
pub async fn put(
    State(app): State<Arc<App>>,
    Path((conversation, file)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    if !has_own_origin(&app, &head.headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut body = body.into_data_stream();
    let taken = take(&app, &head.headers, &conversation, &file, &mut body).await;
    if taken.is_err_and(|refusal| refusal != Refusal::Stopping) {
        let rest = async { while let Some(Ok(_)) = body.next().await {} };
        let _ = timeout(LISTENS_ON, rest).await;
    }
    app.metrics.upload(if taken.is_ok() { "kept" } else { "refused" });
    answer(taken)
}

async fn take(
    app: &Arc<App>,
    headers: &HeaderMap,
    conversation: &str,
    file: &str,
    body: &mut BodyDataStream,
) -> Result<(), Refusal> {
    let found = signed_in(app, headers).await?;
    if app.lacks_factor(&found) {
        return Err(Refusal::SecondFactorRequired);
    }
    let (Ok(conversation), Ok(file)) = (conversation.parse(), file.parse()) else {
        return Err(Refusal::NotFound);
    };
    let own = Own { conversation, person: found.person.id, file };
    files::may_send(&app.hub, conversation, &found.person).await?;
    files::upload(app, own).await?;
    let (offset, length) = offset_and_length(headers)?;
    let turn = app.files.underway.begin(&found.person, file)?;
    // Again: nobody else changes it from here on.
    let upload = files::upload(app, own).await?;
    if upload.whole.is_some() {
        return if offset == upload.bytes { Ok(()) } else { Err(Refusal::Outdated) };
    }
    if offset > upload.bytes {
        return Err(Refusal::Outdated);
    }
    if length.is_some_and(|length| length != upload.bytes - offset) {
        return Err(MALFORMED);
    }
    let sealed = app.files.sealed(&app.store, conversation, file, upload.bytes).await?;
    match receive(app, &found, sealed, &upload, offset, &turn, body).await {
        Ok(Received { hash, seen, .. }) => {
            files::complete(app, own, Whole { pixels: seen.pixels, hash }).await
        }
        Err(Stopped::Left(refusal)) => Err(refusal),
        Err(Stopped::Never(refusal)) => {
            // It would be refused again: nothing is kept of it.
            files::remove(app, own).await?;
            Err(refusal)
        }
    }
}

/// Where it goes on, and how long the rest is if that is said.
fn offset_and_length(headers: &HeaderMap) -> Result<(u64, Option<u64>), Refusal> {
    let number = |name: &str| {
        let text = headers.get(name).and_then(|value| value.to_str().ok());
        let digits = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u64>().ok())
    };
    let ours = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == UPLOAD_TYPE);
    let offset = number(UPLOAD_OFFSET).filter(|_| ours).ok_or(MALFORMED)?;
    Ok((offset, number(header::CONTENT_LENGTH.as_str())))
}

/// Why an upload ended early.
enum Stopped {
    /// What is kept of it stays.
    Left(Refusal),
    /// A rule is against it.
    Never(Refusal),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Left(refusal)
    }
}

/// What is told of an upload that stopped.
fn stopped(app: &App, error: UploadError) -> Stopped {
    match error {
        UploadError::Refused(refusal) => Stopped::Never(refusal),
        UploadError::Unfinished => Stopped::Left(Refusal::NotWhole),
        UploadError::Blobs(error) => {
            app.files.note(&app.metrics, Err(error));
            Stopped::Left(error.refusal())
        }
    }
}

async fn receive(
    app: &App,
    found: &SignedIn,
    sealed: SealedFile,
    record: &UploadRecord,
    offset: u64,
    turn: &Turn,
    body: &mut BodyDataStream,
) -> Result<Received, Stopped> {
    let failed = |error| stopped(app, error);
    let mut upload = Upload::open(sealed, record.kind).await.map_err(failed)?;
    if upload.offset() != offset {
        return Err(Refusal::Outdated.into());
    }
    let stall = Duration::from_millis(limits::FILE_STALL_MS);
    let (mut deadline, mut moved, mut pace) = (Instant::now() + stall, 0, Pace::default());
    let mut looks = interval_at(Instant::now() + LOOKS, LOOKS);
    loop {
        let since = Instant::now();
        tokio::select! {
            biased;
            refusal = turn.is_to_end() => return Err(refusal.into()),
            _ = looks.tick() => {
                pace.waited(since.elapsed());
                still_signed_in(app, found).await?;
            }
            // What has come in whole chunks is kept, as when the line is cut.
            () = sleep_until(deadline.min(since + pace.left())) => return Err(Refusal::NotWhole.into()),
            piece = body.next() => match piece {
                None => break,
                // The line was cut, and nobody reads the answer.
                Some(Err(_)) => return Err(Refusal::NotWhole.into()),
                Some(Ok(piece)) => {
                    pace.waited(since.elapsed());
                    pace.moved(piece.len());
                    upload.take(&piece).await.map_err(failed)?;
                    app.metrics.upload_bytes.increment(piece.len() as u64);
                    moved += piece.len();
                    if moved >= limits::FILE_MOVES_BYTES {
                        (deadline, moved) = (Instant::now() + stall, 0);
                    }
                }
            },
        }
    }
    let received = upload.finish().map_err(failed)?;
    app.files.note(&app.metrics, Ok(()));
    Ok(received)
}

/// Whether the session goes on, under which a file comes or goes.
///
/// # Errors
/// `SignInRequired`, `Locked`; when the store cannot be read.
pub(super) async fn still_signed_in(app: &App, found: &SignedIn) -> Result<(), Refusal> {
    let now = app.check_token(found.token).await.map_err(|error| files::failed(&error))?;
    match now.ok_or(Refusal::SignInRequired)?.stage {
        Stage::Full => Ok(()),
        Stage::Locked => Err(Refusal::Locked),
    }
}
