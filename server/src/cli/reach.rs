//! How a command reaches a practice: through the server that runs, or in its data directory.

use std::sync::Arc;

use crate::admin::{Admin, Answer, Request, control};
use crate::app::{StartError, open_store};
use crate::blobs::Blobs;
use crate::settings::{DataArgs, EngineKind};
use crate::store::committer::Unobserved;
use crate::store::vault::PracticeKey;

/// Asks the running server, or works on the data directory when none runs.
///
/// # Errors
/// In words for the operator.
pub fn administer(data: &DataArgs, request: Request) -> Result<Vec<String>, StartError> {
    let answered = control::ask(&data.data, &request).map_err(|error| {
        format!("the server on {} does not answer: {error}", data.data.display())
    })?;
    let answer = match answered {
        Some(answer) => answer,
        None => on_directory(data, request)?,
    };
    answer.map_err(Into::into)
}

fn on_directory(data: &DataArgs, request: Request) -> Result<Answer, StartError> {
    require_store(data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let files = Blobs::directory(&data.data);
    let admin = Admin { store, practice: None, hub: None, mail: None, app: None, url: None, files };
    Ok(runtime.block_on(async {
        let answer = admin.handle(request).await;
        admin.store.committer.stop().await;
        answer
    }))
}

/// The practice key of data that is there.
///
/// # Errors
/// When it is not there, or does not read as one.
pub fn practice_key(data: &DataArgs) -> Result<PracticeKey, StartError> {
    Ok(match PracticeKey::from_env() {
        Some(key) => key?,
        None => PracticeKey::load_or_create(&data.key_path(), false)?,
    })
}

/// That a data directory holds a practice.
///
/// # Errors
/// In words for the operator: it holds none.
pub fn require_store(data: &DataArgs) -> Result<(), StartError> {
    if crate::store::exists(&data.data) {
        return Ok(());
    }
    let path = data.data.display();
    Err(format!("there is no practice in {path}; start one with: quietroom serve --data {path}")
        .into())
}
