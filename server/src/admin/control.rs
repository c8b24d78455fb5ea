//! The control socket in the data directory: how the command line reaches a running server. Only
//! the user that runs the server may open it. One request a connection, a line of JSON each way.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

use super::{Admin, Answer, Request};
use crate::app::{App, StartError};
use crate::blobs::Blobs;

/// Longest request, in bytes.
const LINE: u64 = 64 * 1024;
/// Longest a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the socket rests when it cannot take a command.
const PAUSE: Duration = Duration::from_millis(500);

/// Where the socket of a data directory lies.
#[must_use]
pub fn path(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Listens for commands.
///
/// # Errors
/// When the socket cannot be made.
pub fn listen(app: &Arc<App>, data: &Path) -> Result<(JoinHandle<()>, PathBuf), StartError> {
    let path = path(data);
    // Whoever holds the store holds this path: what lies here is a dead server's.
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path)
        .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let admin = Arc::new(Admin {
        store: Arc::clone(&app.store),
        practice: Some(Arc::clone(&app.practice)),
        hub: Some(Arc::clone(&app.hub)),
        mail: Some(Arc::clone(&app.mail)),
        app: Some(Arc::clone(app)),
        url: Some(app.settings.url.clone()),
        files: Blobs::directory(data),
    });
    let task = tokio::spawn(async move {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // As when this process may open no more files: it passes.
                    tracing::warn!(%error, "the control socket cannot take a command");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let admin = Arc::clone(&admin);
            tokio::spawn(async move {
                if let Err(error) = answer(&admin, stream).await {
                    tracing::warn!(%error, "a command could not be answered");
                }
            });
        }
    });
    Ok((task, path))
}

async fn answer(admin: &Admin, stream: tokio::net::UnixStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut lines = tokio::io::BufReader::new(read.take(LINE));
    tokio::time::timeout(PATIENCE, lines.read_line(&mut line)).await??;
    let answer: Answer = match serde_json::from_str(&line) {
        Ok(request) => admin.handle(request).await,
        Err(_) => Err("this server does not know that command; is it of another version?".into()),
    };
    let mut answer = serde_json::to_vec(&answer)?;
    answer.push(b'\n');
    write.write_all(&answer).await
}

/// Asks a running server; `None` when none runs on this data directory.
///
/// # Errors
/// When it does not answer.
pub fn ask(data: &Path, request: &Request) -> std::io::Result<Option<Answer>> {
    let Ok(mut stream) = UnixStream::connect(path(data)) else { return Ok(None) };
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(Some(serde_json::from_str(&answer)?))
}
