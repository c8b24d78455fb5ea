//! The practice's settings, policies and divisions.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::id::{DivisionId, PersonId};
use shared_proto::limits;
use shared_proto::office::{Changed, Told};
use shared_proto::people::rules::{self, Does};
use shared_proto::practice::{Division, PracticeChange, Settings, division_name};
use shared_proto::refusal::{Field, Refusal, Rule};

use super::{Answer, actor, failed, tell};
use crate::app::App;
use crate::audit::{self, fields};
use crate::socket::session::Session;
use crate::store::StoreError;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::practice::{self, PracticeRecord};

/// The practice, as the asker may see it.
///
/// # Errors
/// `SignInRequired` when there is no such person.
pub fn show(app: &App, asker: PersonId) -> Answer {
    let actor = actor(app, asker)?;
    Ok(Told::Practice(Box::new(app.practice.seen_by(actor.role))))
}

/// Changes the practice, and tells everyone who is connected.
///
/// # Errors
/// `OwnerOnly`; `Outdated` when somebody else has changed it since the asker looked; `Invalid` for
/// a field.
pub async fn change(
    app: &Arc<App>,
    session: &Session,
    revision: u64,
    change: PracticeChange,
) -> Answer {
    let asker = session.person.id;
    let acting = actor(app, asker)?;
    rules::may(acting.role, Does::ChangePractice)?;
    if let PracticeChange::RemoveDivision { division } = &change
        && app.directory.is_in_use(*division)
    {
        return Err(Refusal::invalid(Field::Division, Rule::InUse));
    }
    let fresh = DivisionId::from_random(rand::random());
    let record = |action| audit::of(action).over(session).to_practice();
    let of_division = division_word(&change).map(|word| {
        let record = record(Action::DivisionChanged);
        record.naming(&[word])
    });
    let (of_settings, of_policies) =
        (record(Action::PracticeChanged), record(Action::PolicyChanged));
    let made = app.store.read(move |store| {
        let mut before = None;
        let made = practice::change(store, |record| {
            if record.revision != revision {
                return Err(Refusal::Outdated);
            }
            before = Some(record.settings.clone());
            apply(record, change, fresh)
        })?;
        let Some(Ok((record, mut batch))) = made else { return Ok(made) };
        batch.audit = match (of_division, before) {
            (None, Some(before)) => {
                noted_settings(of_settings, of_policies, &before, &record.settings)
            }
            (of_division, _) => of_division.into_iter().collect(),
        };
        Ok(Some(Ok((record, batch))))
    });
    let made = made.await.map_err(|error| failed(&error))?;
    let (record, batch) = made.ok_or(Refusal::NotFound)??;
    match app.store.commit(batch).await {
        Ok(()) => {}
        Err(StoreError::Commit(CommitError::Conflict)) => return Err(Refusal::Outdated),
        Err(error) => return Err(failed(&error)),
    }
    app.practice.put(record);
    tracing::info!(by = %asker, "the practice was changed");
    for other in app.hub.connected() {
        if let Some(actor) = app.directory.actor(other) {
            let practice = Box::new(app.practice.seen_by(actor.role));
            tell(&app.hub, other, Changed::Practice(practice));
        }
    }
    Ok(Told::Practice(Box::new(app.practice.seen_by(acting.role))))
}

/// What becomes of a division; `None` for a change to something else.
const fn division_word(change: &PracticeChange) -> Option<&'static str> {
    match change {
        PracticeChange::Settings(_) => None,
        PracticeChange::AddDivision { .. } => Some("added"),
        PracticeChange::RenameDivision { .. } => Some("renamed"),
        PracticeChange::RemoveDivision { .. } => Some("removed"),
    }
}

/// Settings and policies are one form and two records, each with what is changed; one of them, when
/// nothing is.
fn noted_settings(
    of_settings: Record,
    of_policies: Record,
    before: &Settings,
    after: &Settings,
) -> Vec<Record> {
    let settings = fields::of_settings(before, after);
    let policies = fields::of_policies(&before.policies, &after.policies);
    let mut records = Vec::with_capacity(2);
    if !settings.is_empty() || policies.is_empty() {
        records.push(of_settings.naming(&settings));
    }
    if !policies.is_empty() {
        records.push(of_policies.naming(&policies));
    }
    records
}

fn apply(
    record: &mut PracticeRecord,
    change: PracticeChange,
    fresh: DivisionId,
) -> Result<(), Refusal> {
    let unknown = Refusal::invalid(Field::Division, Rule::Unknown);
    match change {
        PracticeChange::Settings(settings) => record.settings = settings.checked()?,
        PracticeChange::AddDivision { name } => {
            if record.divisions.len() >= limits::DIVISIONS {
                let rule = Rule::TooMany { limit: limits::DIVISIONS as u32 };
                return Err(Refusal::invalid(Field::Division, rule));
            }
            let others = record.divisions.iter().map(|division| division.name.as_str());
            let name = division_name(&name, others)?;
            record.divisions.push(Division { id: fresh, name });
        }
        PracticeChange::RenameDivision { division, name } => {
            let others = record.divisions.iter().filter(|other| other.id != division);
            let name = division_name(&name, others.map(|other| other.name.as_str()))?;
            let found = record.divisions.iter_mut().find(|known| known.id == division);
            found.ok_or(unknown)?.name = name;
        }
        PracticeChange::RemoveDivision { division } => {
            let before = record.divisions.len();
            record.divisions.retain(|known| known.id != division);
            if record.divisions.len() == before {
                return Err(unknown);
            }
        }
    }
    record.divisions.sort_by_cached_key(|division| division.name.to_lowercase());
    Ok(())
}
