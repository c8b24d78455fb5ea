//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::app::App;

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// It takes work: it is not stopping, its store has not failed and is sound, and so is the place of
/// files.
pub async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.hub.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if app.store.committer.failed() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the store has failed; see the log\n");
    }
    if app.is_unsound() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the store is unsound; see the log\n");
    }
    if app.files.is_failing() {
        return (StatusCode::SERVICE_UNAVAILABLE, "files cannot be kept or read; see the log\n");
    }
    (StatusCode::OK, "ready\n")
}

/// The scrape.
pub async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let store = Arc::clone(&app.store);
    let sizes = tokio::task::spawn_blocking(move || {
        (store.engine.size_on_disk(), store.engine.free_space())
    });
    let (bytes, free) = sizes.await.unwrap_or_default();
    app.metrics.notices_undecided(app.hub.notices.undecided());
    (content_type, app.metrics.render(bytes, free))
}
