//! `quietroom person …`.

use shared_proto::audit::Action;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::people::{self as rules, AccountState, Role};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::close;

use super::{Admin, Answer};
use crate::audit::of;
use crate::auth::password;
use crate::clock;
use crate::links::Post;
use crate::mail::{Job, Letter, queue};
use crate::office;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::factors::{self, FactorsRecord};
use crate::store::links::{self, LinksRecord, Purpose};
use crate::store::people::{self, PersonRecord};
use crate::store::practice::{self, Owners, PracticeRecord};
use crate::store::{Store, StoreError};

/// Adds somebody.
pub(super) async fn add(
    admin: &Admin,
    name: &str,
    email: &str,
    role: Role,
    password: Option<String>,
) -> Answer {
    let name = rules::name(Field::Name, name).map_err(explain)?;
    let email = rules::email(email).map_err(explain)?;
    let post = post(admin).await?;
    let password_hash = match password {
        Some(given) => {
            let known = vec![name.clone(), email.clone(), post.practice.clone()];
            Some(accepted(given, known, false).await?)
        }
        None => None,
    };
    let (id, now) = (PersonId::from_random(rand::random()), clock::now());
    let invited_until = password_hash.is_none().then_some(Millis(now.0 + limits::INVITATION_MS));
    let person = PersonRecord {
        email,
        password_hash,
        invited_until,
        ..PersonRecord::new(id, name, role, now)
    };
    let mut batch = people::add(&admin.store, &person);
    let shown = match person.password_hash {
        Some(_) => None,
        None => Some(link(&admin.store, &post, Purpose::Invitation, &person, &mut batch)?),
    };
    let begun = match person.role {
        Role::Owner => begin_practice(admin, &person, &mut batch).await?,
        Role::Provider | Role::Client => None,
    };
    batch.audit.push(of(Action::PersonAdded).to(id));
    match admin.store.commit(batch).await {
        Ok(()) => {}
        Err(StoreError::Commit(CommitError::Conflict)) => {
            return Err(
                "somebody with this email is there already, or another owner was added at \
                        the same moment; see: quietroom person list"
                    .into(),
            );
        }
        Err(error) => return Err(error.to_string()),
    }
    taken_in(admin, &person);
    if let (Some(begun), Some(practice)) = (begun, &admin.practice) {
        practice.put(begun);
    }
    tracing::info!(person = %person.id, "a person was added");
    Ok(std::iter::once(format!("added {}", person.id)).chain(shown).collect())
}

/// A first owner is the beginning of a practice, named by them later; the set-up link is void.
async fn begin_practice(
    admin: &Admin,
    owner: &PersonRecord,
    batch: &mut Batch,
) -> Result<Option<PracticeRecord>, String> {
    let known = admin.store.read(|store| Ok((practice::load(store)?, Owners::load(store)?)));
    let (known, mut owners) = known.await.map_err(|error| error.to_string())?;
    owners.follow(owner);
    owners.put(&admin.store, batch);
    if known.is_some() {
        return Ok(None);
    }
    let begun = PracticeRecord::named(practice::UNNAMED, clock::now());
    batch.put.push(practice::put(&admin.store, &begun));
    Ok(Some(begun))
}

/// Everyone: id, role, status, name and email, with tabs between.
pub(super) async fn list(admin: &Admin) -> Answer {
    let people = admin.store.read(people::all).await.map_err(|error| error.to_string())?;
    let mut lines: Vec<String> = people
        .iter()
        .map(|person| {
            let (role, status) = (role_name(person.role), status_name(person.account()));
            format!("{}\t{role}\t{status}\t{}\t{}", person.id, person.name, person.email)
        })
        .collect();
    lines.sort_by_cached_key(|line| line.split('\t').nth(3).unwrap_or_default().to_lowercase());
    Ok(lines)
}

/// Ends somebody's access: their sessions are void and their sockets closed.
pub(super) async fn disable(admin: &Admin, who: &str) -> Answer {
    let judge = |person: &mut PersonRecord| {
        person.suspended = true;
        person.session_epoch += 1;
        Ok(())
    };
    let (person, ()) = change(admin, who, of(Action::PersonSuspended), judge, nothing).await?;
    end_sessions(admin, person.id);
    tracing::info!(person = %person.id, "a person was disabled");
    Ok(vec![format!("disabled {}", person.id)])
}

/// Gives somebody's access back.
pub(super) async fn enable(admin: &Admin, who: &str) -> Answer {
    let judge = |person: &mut PersonRecord| {
        person.suspended = false;
        Ok(())
    };
    let (person, ()) = change(admin, who, of(Action::PersonRestored), judge, nothing).await?;
    tracing::info!(person = %person.id, "a person was enabled");
    Ok(vec![format!("enabled {}", person.id)])
}

/// Takes somebody's password away, and with it every session under it. They have the one that is
/// given, or a link to choose one; whoever had none yet is invited anew.
pub(super) async fn reset(admin: &Admin, who: &str, password: Option<String>) -> Answer {
    let found = find(admin, who).await?;
    let post = post(admin).await?;
    let id = found.id;
    let factors = admin.store.read(move |store| factors::load(store, id)).await;
    let has_factor = factors.map_err(|error| error.to_string())?.record.has_factor();
    let by_link = password.is_none();
    let hash = match password {
        Some(given) => {
            let known = vec![found.name, found.email, post.practice.clone()];
            Some(accepted(given, known, has_factor).await?)
        }
        None if found.password_hash.is_none() => None,
        // Nobody has ever seen this one.
        None => Some(hashed(password::generate()).await?),
    };
    let until = Millis(clock::now().0 + limits::INVITATION_MS);
    let judge = move |person: &mut PersonRecord| {
        if hash.is_none() && person.password_hash.is_some() {
            return Err("they have just chosen a password; try again".to_owned());
        }
        if by_link {
            may_have_a_link(person)?;
        }
        person.invited_until = hash.is_none().then_some(until).or(person.invited_until);
        person.password_hash = hash;
        person.session_epoch += 1;
        Ok(())
    };
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        if !by_link {
            return Ok(None);
        }
        let active = person.password_hash.is_some();
        let purpose = if active { Purpose::Reset } else { Purpose::Invitation };
        link(store, &post, purpose, person, batch).map(Some)
    };
    let (person, shown) = change(admin, who, of(Action::PasswordReset), judge, with).await?;
    end_sessions(admin, person.id);
    tracing::info!(person = %person.id, "a password was reset");
    Ok(std::iter::once(format!("reset {}", person.id)).chain(shown).collect())
}

/// A link would be of no use to some.
fn may_have_a_link(person: &PersonRecord) -> Result<(), String> {
    let why = if person.suspended {
        "is disabled: quietroom person enable, first"
    } else if person.is_portal_off() {
        "has no portal access: it is switched on in their chart"
    } else if person.email.is_empty() {
        "has no email, which they would sign in with: it is entered in their chart"
    } else {
        return Ok(());
    };
    Err(format!("{} {why}", person.id))
}

/// Adds to `batch` a link, the only one of its person there is then: the line that shows it.
fn link(
    store: &Store,
    post: &Post,
    purpose: Purpose,
    person: &PersonRecord,
    batch: &mut Batch,
) -> Result<String, String> {
    let made = post.link(purpose, person, None);
    let mut links = links::load(store, person.id).map_err(|error| error.to_string())?;
    links.record = LinksRecord::default();
    match purpose {
        Purpose::Reset => links.record.add_reset(made.hash),
        _ => links.record.invitation = Some(made.hash),
    }
    links.put(store, &[made.kept()], batch);
    Ok(format!("link: {}", made.url))
}

/// Takes away the second factors of somebody who has lost them. Their sessions end: whoever holds
/// one may be the reason.
pub(super) async fn reset_factors(admin: &Admin, who: &str) -> Answer {
    let id = find(admin, who).await?.id;
    let changed = admin.store.read(move |store| {
        let loaded = factors::load(store, id)?;
        if !loaded.record.has_factor() && loaded.record.recovery.is_empty() {
            return Ok(Err(format!("{id} has no second factor")));
        }
        let end_sessions = |person: &mut PersonRecord| {
            person.session_epoch += 1;
            Ok(())
        };
        let changed = people::change::<String>(store, id, end_sessions)?;
        let Some(Ok((person, mut batch))) = changed else {
            return Ok(Err("they have just been removed".to_owned()));
        };
        let gone = factors::put(store, id, &loaded, &FactorsRecord::default());
        batch.expect.extend(gone.expect);
        batch.delete.extend(gone.delete);
        let practice = practice::load(store)?.map(|practice| practice.settings);
        let language = practice.as_ref().map(|practice| practice.language.clone());
        let own = Some(person.language.clone()).filter(|language| !language.is_empty());
        let practice = practice.map_or_else(|| practice::UNNAMED.to_owned(), |known| known.name);
        let job = Job {
            to: person.email.clone(),
            language: own.or(language).unwrap_or_default(),
            letter: Letter::FactorChanged { practice },
        };
        batch.put.push(queue::job(store, &job));
        batch.audit.push(of(Action::FactorsReset).to(id));
        Ok(Ok((person, batch)))
    });
    let (person, batch) = changed.await.map_err(|error| error.to_string())??;
    admin.store.commit_from_reserve(batch).await.map_err(|error| error.to_string())?;
    taken_in(admin, &person);
    end_sessions(admin, id);
    if let Some(mail) = &admin.mail {
        mail.wake();
    }
    tracing::info!(person = %id, "second factors were taken away");
    Ok(vec![format!("reset the second factors of {id}")])
}

/// Gives a client a provider.
pub(super) async fn assign(admin: &Admin, client: &str, provider: &str) -> Answer {
    let provider = find(admin, provider).await?;
    if !provider.role.is_provider() {
        return Err(format!("{} is no provider", provider.id));
    }
    let given = provider.id;
    let record = of(Action::Assigned).with(&given.to_string());
    let judge = move |client: &mut PersonRecord| {
        if client.role != Role::Client {
            return Err(format!("{} is no client", client.id));
        }
        client.assigned.retain(|assigned| *assigned != given);
        if client.assigned.len() >= limits::ASSIGNED {
            return Err(format!("a client is assigned to at most {} providers", limits::ASSIGNED));
        }
        client.assigned.push(given);
        Ok(())
    };
    let (person, ()) = change(admin, client, record, judge, nothing).await?;
    tracing::info!(person = %person.id, provider = %given, "a client was assigned");
    Ok(vec![format!("assigned {} to {given}", person.id)])
}

fn end_sessions(admin: &Admin, person: PersonId) {
    if let Some(hub) = &admin.hub {
        hub.close(person, None, close::SESSION_ENDED);
    }
}

pub(super) async fn find(admin: &Admin, who: &str) -> Result<PersonRecord, String> {
    let wanted = who.to_owned();
    let found = admin.store.read(move |store| match wanted.parse::<PersonId>() {
        Ok(id) => people::load(store, id),
        Err(_) => match rules::email(&wanted) {
            Ok(email) => people::by_email(store, &email),
            Err(_) => Ok(None),
        },
    });
    let found = found.await.map_err(|error| error.to_string())?;
    // Not repeated: what a command prints may end in a log, and an email does not belong there.
    found.ok_or_else(|| "nobody has that id or email; see: quietroom person list".to_owned())
}

/// Nothing besides.
fn nothing(_: &Store, _: &PersonRecord, _: &mut Batch) -> Result<(), String> {
    Ok(())
}

/// Judges and makes a change to somebody; what else belongs to it is added by `with`.
async fn change<T: Send + 'static>(
    admin: &Admin,
    who: &str,
    record: Record,
    judge: impl FnOnce(&mut PersonRecord) -> Result<(), String> + Send + 'static,
    with: impl FnOnce(&Store, &PersonRecord, &mut Batch) -> Result<T, String> + Send + 'static,
) -> Result<(PersonRecord, T), String> {
    let id = find(admin, who).await?.id;
    let changed = admin.store.read(move |store| {
        let (person, mut batch) = match people::change(store, id, judge)? {
            Some(Ok(changed)) => changed,
            Some(Err(why)) => return Ok(Err(why)),
            None => return Ok(Err("they have just been removed".to_owned())),
        };
        let mut owners = Owners::load(store)?;
        if owners.follow(&person) {
            owners.put(store, &mut batch);
        }
        Ok(with(store, &person, &mut batch).map(|came| (person, batch, came)))
    });
    let (person, mut batch, came) = changed.await.map_err(|error| error.to_string())??;
    batch.audit.push(record.to(id));
    // What ends somebody's access must not wait for space; what gives it is as small.
    let changed = admin.store.commit_from_reserve(batch).await;
    changed.map_err(|error| error.to_string())?;
    taken_in(admin, &person);
    Ok((person, came))
}

/// A running server takes in a person who was added or changed, and tells those who see them.
fn taken_in(admin: &Admin, person: &PersonRecord) {
    if let Some(hub) = &admin.hub {
        office::changed_person(hub, person);
    }
}

/// The hash of a password that was given, if it may be used.
async fn accepted(given: String, known: Vec<String>, has_factor: bool) -> Result<String, String> {
    let judge = move || match password::judge(&given, &known, has_factor).refusal {
        None => Ok(password::hash(&given)),
        Some(refusal) => Err(explain(refusal)),
    };
    tokio::task::spawn_blocking(judge).await.map_err(|error| error.to_string())?
}

async fn hashed(password: String) -> Result<String, String> {
    let hash = tokio::task::spawn_blocking(move || password::hash(&password));
    hash.await.map_err(|error| error.to_string())
}

/// For links. Where no server runs nobody knows where people are going to reach it.
async fn post(admin: &Admin) -> Result<Post, String> {
    let practice = admin.store.read(practice::load).await.map_err(|error| error.to_string())?;
    let url = admin.url.clone().unwrap_or_else(|| "<address of the server>".to_owned());
    Ok(Post::at(url, practice.map(|practice| practice.settings)))
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Provider => "provider",
        Role::Client => "client",
    }
}

const fn status_name(account: AccountState) -> &'static str {
    match account {
        AccountState::None => "no account",
        AccountState::Invited { .. } => "invited",
        AccountState::Active => "active",
        AccountState::Suspended => "disabled",
    }
}

/// A refusal in words for the command line.
fn explain(refusal: Refusal) -> String {
    let Refusal::Invalid { field, rule } = refusal else { return refusal.rule().to_owned() };
    let field = match field {
        Field::Name => "the name",
        Field::Email => "the email",
        Field::Password => "the password",
        _ => "the input",
    };
    match rule {
        Rule::Empty => format!("{field} is empty"),
        Rule::TooLong { limit } => format!("{field} has more than {limit} characters"),
        Rule::TooShort { limit } => format!("{field} has fewer than {limit} characters"),
        Rule::Common => format!("{field} is too easily guessed; use several unusual words"),
        _ => format!("{field} is not of the expected form"),
    }
}
