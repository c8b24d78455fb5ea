//! Once a day: records that are too old go, and a checkpoint is written where the operator wants
//! it.

use std::path::PathBuf;

use shared_proto::time::Millis;

use crate::admin;
use crate::admin::dates;
use crate::app::App;
use crate::clock;
use crate::settings::ServeArgs;
use crate::store::{StoreError, audit};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// How the operator wants it.
pub struct AuditUpkeep {
    days: u64,
    checkpoints: Option<PathBuf>,
}

impl AuditUpkeep {
    /// As the flags say.
    #[must_use]
    pub fn new(args: &ServeArgs) -> Self {
        Self { days: args.audit_days, checkpoints: args.checkpoint_dir.clone() }
    }

    /// Does what is due.
    pub async fn daily(&self, app: &App) {
        match self.prune(app).await {
            Ok(0) => {}
            Ok(records) => tracing::info!(records, "old audit records were removed"),
            Err(error) => tracing::error!(%error, "old audit records could not be removed"),
        }
        if let Some(dir) = &self.checkpoints {
            let name = dates::show(clock::now()).replace(':', "").replace('.', "-");
            let to = dir.join(format!("checkpoint-{name}"));
            if let Err(error) = admin::audit::checkpoint(&app.store, to).await {
                tracing::error!(%error, "the daily checkpoint was not written");
            }
        }
    }

    async fn prune(&self, app: &App) -> Result<u64, StoreError> {
        let age = self.days.saturating_mul(DAY_MS);
        let cutoff = Millis(clock::now().0.saturating_sub(age));
        let mut removed = 0;
        loop {
            let step = app.store.read(move |store| audit::prune(store, cutoff)).await?;
            let Some(step) = step else { return Ok(removed) };
            app.store.commit(step.batch).await?;
            removed += step.records;
        }
    }
}
