//! `GET /api/conversations/{conversation}/files/{file}` and `…/preview`: a file that was shared, for
//! whoever sees the entry that shares it. Of any other, as if there were none.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use shared_proto::audit::Action;
use shared_proto::file::Preview;
use shared_proto::id::{ConversationId, FileId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::upload::still_signed_in;
use super::{address, answer, signed_in};
use crate::app::App;
use crate::attachments::headers::{As, Asked, Served};
use crate::audit;
use crate::auth::sessions::SignedIn;
use crate::blobs::sealed::{SealedError, SealedFile};
use crate::files;
use crate::transfers::pace::Pace;
use crate::transfers::places::Place;

/// What goes out in one piece: a line that takes less than this in [`limits::FILE_STALL_MS`] is cut.
const PIECE: usize = 32 * 1024;
/// How often the session is looked at besides, with nobody having ended any: its time may be over.
const LOOKS: Duration = Duration::from_secs(1);

type Named = Path<(String, String)>;

/// To be saved.
pub async fn get(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((conversation, file)): Named,
    headers: HeaderMap,
) -> Response {
    served(&app, peer, (&conversation, &file), &headers, As::Attachment).await
}

/// To be shown.
pub async fn preview(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((conversation, file)): Named,
    headers: HeaderMap,
) -> Response {
    served(&app, peer, (&conversation, &file), &headers, As::Preview).await
}

async fn served(
    app: &Arc<App>,
    peer: SocketAddr,
    named: (&str, &str),
    headers: &HeaderMap,
    how: As,
) -> Response {
    let from = address(app, peer, headers);
    serve(app, from, named, headers, how).await.unwrap_or_else(|refusal| answer::<()>(Err(refusal)))
}

async fn serve(
    app: &Arc<App>,
    from: IpAddr,
    (conversation, file): (&str, &str),
    headers: &HeaderMap,
    how: As,
) -> Result<Response, Refusal> {
    // Before the session is seen to hold.
    let revocations = app.hub.revocations();
    let found = signed_in(app, headers).await?;
    if app.lacks_factor(&found) {
        return Err(Refusal::SecondFactorRequired);
    }
    let (Ok(conversation), Ok(file)) = (conversation.parse(), file.parse()) else {
        return Err(Refusal::NotFound);
    };
    let shared = files::shown(&app.hub, conversation, found.person.id, file).await?;
    if how == As::Preview && shared.kind.preview(shared.pixels) == Preview::None {
        return Err(Refusal::NotFound);
    }
    let place = app.files.readers.begin(&found.person)?;
    let sealed = app.files.sealed(&app.store, conversation, file, shared.bytes).await?;
    let served = Served { id: file, name: &shared.name, kind: shared.kind, bytes: shared.bytes };
    let asked = served.asked(headers);
    record(app, &found, from, conversation, file).await?;
    let range = match &asked {
        Asked::Whole => 0..shared.bytes,
        Asked::Part(range) => range.clone(),
        Asked::Beyond => 0..0,
    };
    let reader = Reader { found, revocations };
    let body = body(Arc::clone(app), reader, sealed, range, place).await?;
    let (status, headers) = served.answer(how, &asked);
    app.metrics.downloads.increment(1);
    Ok((status, headers, body).into_response())
}

/// Nobody is shown anything unless the audit log says so: once a session and file.
async fn record(
    app: &App,
    found: &SignedIn,
    from: IpAddr,
    conversation: ConversationId,
    file: FileId,
) -> Result<(), Refusal> {
    if app.files.opened.has(found.token, file) {
        return Ok(());
    }
    let record = audit::of(Action::FileOpened).in_conversation(conversation);
    audit::record(&app.store, record.by(found.person.id).from(from)).await?;
    app.files.opened.note(found.token, file);
    Ok(())
}

/// Who reads.
struct Reader {
    found: SignedIn,
    /// How often sessions had ended when theirs was last seen to hold.
    revocations: u64,
}

/// What lies in `range`. Its first piece is read before anything is answered.
async fn body(
    app: Arc<App>,
    reader: Reader,
    sealed: SealedFile,
    range: Range<u64>,
    place: Place,
) -> Result<Body, Refusal> {
    let mut contents = Box::pin(sealed.read(range));
    let first = contents.try_next().await.map_err(|error| failed(&app, error))?;
    app.files.note(&app.metrics, Ok(()));
    let Some(first) = first else { return Ok(Body::empty()) };
    let contents = stream::iter([Ok(first)]).chain(contents);
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let _place = place;
        feed(&app, reader, contents, sender).await;
    });
    let pieces = stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
        Some((receiver.recv().await?, receiver))
    });
    Ok(Body::from_stream(pieces))
}

/// Hands contents to whoever reads, as long as they do, and may. What ends early is shorter than its
/// head said, so that no browser takes it for whole.
async fn feed(
    app: &App,
    Reader { found, mut revocations }: Reader,
    contents: impl Stream<Item = Result<Bytes, SealedError>>,
    sender: mpsc::Sender<Result<Bytes, SealedError>>,
) {
    let (stall, mut pace) = (Duration::from_millis(limits::FILE_STALL_MS), Pace::default());
    let mut looked = Instant::now();
    let mut contents = std::pin::pin!(contents);
    while let Some(chunk) = contents.next().await {
        let mut chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                failed(app, error);
                return;
            }
        };
        while !chunk.is_empty() {
            let ended = app.hub.revocations();
            if ended != revocations || looked.elapsed() >= LOOKS {
                (revocations, looked) = (ended, Instant::now());
                if app.hub.is_stopping() || still_signed_in(app, &found).await.is_err() {
                    return;
                }
            }
            let piece = chunk.split_to(chunk.len().min(PIECE));
            let bytes = piece.len();
            app.metrics.download_bytes.increment(bytes as u64);
            if !matches!(pace.moves(bytes, stall, sender.send(Ok(piece))).await, Some(Ok(()))) {
                return;
            }
        }
    }
}

/// What the person is told of contents that cannot be read; the log is told the rest.
fn failed(app: &App, error: SealedError) -> Refusal {
    match error {
        SealedError::Blobs(error) => {
            app.files.note(&app.metrics, Err(error));
            error.refusal()
        }
        SealedError::Damaged | SealedError::Length => {
            tracing::error!(%error, "a file that was shared cannot be read");
            Refusal::Unavailable
        }
    }
}
