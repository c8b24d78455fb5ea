//! The parts of the server, put together. The only place that knows which engine is used.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shared_proto::audit::Action;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;

use crate::audit;
use crate::auth::activity::Activity;
use crate::auth::password::Passwords;
use crate::auth::second::Second;
use crate::auth::sessions::{self, Lasting, SignedIn};
use crate::auth::throttle::Throttle;
use crate::desk::LiveDesk;
use crate::directory::Directory;
use crate::files::Files;
use crate::forms::live::LiveForms;
use crate::http::set_up::SetUpLink;
use crate::hub::Hub;
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::notices::Notices;
use crate::practice::LivePractice;
use crate::rates::Rates;
use crate::settings::{DataArgs, EngineKind, SecondFactor, Settings};
use crate::store::committer::CommitObserver;
use crate::store::durability;
use crate::store::engine::Engine;
use crate::store::people::PersonRecord;
use crate::store::practice;
use crate::store::sessions::TokenHash;
use crate::store::vault::{PracticeKey, Vault};
use crate::store::{self, Store};
use crate::transfers::places::Places;

/// Idle sessions that are locked in one go.
const LOCKED_AT_ONCE: usize = 256;

/// The server cannot start, and why, in words for the operator.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// The running server.
pub struct App {
    /// Where everything is kept.
    pub store: Arc<Store>,
    /// Names.
    pub directory: Arc<Directory>,
    /// Sockets and rooms.
    pub hub: Arc<Hub>,
    /// What the operator watches.
    pub metrics: Arc<Metrics>,
    /// How fast people may send.
    pub rates: Rates,
    /// Passwords.
    pub passwords: Passwords,
    /// The bound on guessing them.
    pub throttle: Throttle,
    /// The practice, once it is set up.
    pub practice: Arc<LivePractice>,
    /// When each session was last active.
    pub activity: Activity,
    /// The way in while it is not.
    pub set_up: SetUpLink,
    /// Second factors.
    pub second: Second,
    /// Records being taken.
    pub exports: Places,
    /// The way out for mail.
    pub mail: Arc<Mail>,
    /// Notices to who is not there.
    pub notices: Arc<Notices>,
    /// Files that come and go.
    pub files: Files,
    /// How it is to run.
    pub settings: Settings,
    /// Whether the engine was found unfit to make anything durable.
    unsound: AtomicBool,
}

/// Opens the store in a data directory.
///
/// # Errors
/// When another process holds it, the key is missing or wrong, or the disk cannot be trusted.
pub fn open_store(
    args: &DataArgs,
    kind: EngineKind,
    observer: Arc<dyn CommitObserver>,
) -> Result<Arc<Store>, StartError> {
    let (engine, vault) = match kind {
        EngineKind::Memory => {
            let key = PracticeKey::from_env().unwrap_or_else(PracticeKey::random)?;
            (Engine::memory(), Vault::open(None, key)?)
        }
        EngineKind::Sled => open_sled(&args.data, &args.key_path())?,
    };
    Ok(Arc::new(Store::open(Arc::new(engine), vault, observer)?))
}

fn open_sled(data: &Path, key_path: &Path) -> Result<(Engine, Vault), StartError> {
    let is_new = !store::exists(data);
    let (key, key_file) = match PracticeKey::from_env() {
        Some(key) => (key?, None),
        None => (PracticeKey::load_or_create(key_path, is_new)?, Some(key_path)),
    };
    make_private(data)?;
    // The vault first: with a wrong key, nothing else is touched.
    let vault = match key_file {
        Some(key_file) => Vault::open_with_file(data, key, key_file)?,
        None => Vault::open(Some(data), key)?,
    };
    let engine = Engine::open_sled(&Engine::directory(data))?;
    durability::self_test(&engine)?;
    Ok((engine, vault))
}

/// Makes the data directory, for its owner's eyes only.
fn make_private(data: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if data.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data)
}

/// Everyone in the practice, into memory.
///
/// # Errors
/// When a record is damaged.
pub fn load_directory(store: &Store) -> Result<Directory, store::StoreError> {
    let directory = Directory::default();
    for person in store::people::all(store)? {
        directory.put(&person);
    }
    Ok(directory)
}

/// What the server reaches beyond its own store.
pub struct Outside {
    /// The way out for mail.
    pub mail: Mail,
    /// The ways out for notices.
    pub notices: Notices,
    /// Where files are kept.
    pub files: Files,
}

impl App {
    /// Puts the server together over an open store.
    ///
    /// # Errors
    /// When a record is damaged.
    pub fn new(
        store: Arc<Store>,
        metrics: Arc<Metrics>,
        rates: Rates,
        sockets_per_person: usize,
        settings: Settings,
        outside: Outside,
    ) -> Result<Arc<Self>, StartError> {
        let directory = Arc::new(load_directory(&store)?);
        let practice = practice::load(&store)?;
        let forms = LiveForms::new(store::forms::all(&store)?);
        let most = sockets_per_person.max(1);
        let practice = Arc::new(LivePractice::new(practice));
        let hub = Hub::new(
            Arc::clone(&store),
            Arc::clone(&directory),
            Arc::clone(&practice),
            forms,
            LiveDesk::load(&store)?,
            Arc::clone(&metrics),
            most,
        );
        Ok(Arc::new(Self {
            store,
            directory,
            hub,
            metrics,
            rates,
            passwords: Passwords::new(),
            throttle: Throttle::default(),
            practice,
            activity: Activity::default(),
            set_up: SetUpLink::new(),
            second: Second::new(&settings),
            exports: Places::new(
                limits::EXPORTS,
                limits::EXPORTS_OF_CLIENTS,
                limits::EXPORTS_PER_PERSON,
            ),
            mail: Arc::new(outside.mail),
            notices: Arc::new(outside.notices),
            files: outside.files,
            settings,
            unsound: AtomicBool::new(false),
        }))
    }

    /// Whether the practice has an owner.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        self.practice.record().is_some()
    }

    /// What the practice is called where somebody may sign in; `None` while nobody can.
    #[must_use]
    pub fn practice_name(&self) -> Option<String> {
        let name = self.practice.record().map(|practice| practice.settings.name.clone());
        name.or_else(|| (!self.directory.is_empty()).then(|| practice::UNNAMED.to_owned()))
    }

    /// How long sessions last: as the owner set it, and never longer than the operator allows.
    #[must_use]
    pub fn lasting(&self) -> Lasting {
        let (idle, absolute) = self.practice.session_limits();
        Lasting {
            idle: idle.min(self.settings.idle_ms),
            absolute: absolute.min(self.settings.session_ms),
        }
    }

    /// Whether somebody in this role needs a second factor here (164.312(d)).
    #[must_use]
    pub fn needs_factor(&self, role: Role) -> bool {
        self.settings.second_factor == SecondFactor::Required && role.is_provider()
    }

    /// Whether somebody may do nothing before they have set up a second factor.
    #[must_use]
    pub fn lacks_factor(&self, signed_in: &SignedIn) -> bool {
        self.needs_factor(signed_in.person.role) && !signed_in.has_factor
    }

    /// Who holds this token now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn check_token(
        &self,
        token: TokenHash,
    ) -> Result<Option<SignedIn>, store::StoreError> {
        sessions::check_hash(&self.store, &self.activity, self.lasting(), token).await
    }

    /// Whether this is the password of somebody who is signed in already. Wrong ones count for the
    /// session they are entered in: neither a stranger who guesses at the sign-in (TRUST B) nor
    /// whoever has taken another session of theirs keeps them out of what they are in.
    ///
    /// # Errors
    /// `WrongCredentials`, `TooManyTries`, `Busy`.
    pub async fn verify(
        &self,
        person: &PersonRecord,
        session: &TokenHash,
        password: String,
        from: IpAddr,
    ) -> Result<(), Refusal> {
        let session = self.store.vault.lookup("password again", &sessions::hex(session));
        let attempt = self.throttle.begin(session, None)?;
        let too_long = password.chars().count() > *limits::PASSWORD_SCALARS.end();
        let kept = person.password_hash.clone().filter(|_| !too_long);
        if !attempt.came_to(self.passwords.verify(password, kept).await)? {
            tracing::info!(person = %person.id, "a password was not confirmed");
            let failed = audit::of(Action::SignInFailed).from(from).to(person.id);
            audit::record(&self.store, failed).await?;
            return Err(Refusal::WrongCredentials);
        }
        Ok(())
    }

    /// What others know of somebody, for judging a password of theirs.
    #[must_use]
    pub fn known_of(&self, person: &PersonRecord) -> Vec<String> {
        let practice = self.practice_name().unwrap_or_default();
        vec![person.name.clone(), person.email.clone(), practice]
    }

    /// Somebody was active under this session.
    pub async fn was_active(&self, person: PersonId, token: TokenHash) {
        self.hub.was_active(person, token);
        if self.activity.touch(&token, crate::clock::now())
            && let Err(error) = sessions::renew(&self.store, token).await
        {
            tracing::warn!(%error, "that a session was active could not be kept");
        }
    }

    /// Whether the engine was found unfit to make anything durable when it was last looked at.
    #[must_use]
    pub fn is_unsound(&self) -> bool {
        self.unsound.load(Ordering::Relaxed)
    }

    /// Every few seconds: looks whether the engine keeps everything where a sync reaches it.
    pub async fn look_at_engine(&self) {
        let engine = Arc::clone(&self.store.engine);
        let checked = tokio::task::spawn_blocking(move || engine.check()).await;
        let error = match checked {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => return,
        };
        let before = self.unsound.swap(error.is_some(), Ordering::Relaxed);
        if let Some(error) = error.as_ref().filter(|_| !before) {
            tracing::error!(%error, "what is acknowledged may not survive a power cut");
        }
        self.metrics.engine_unsound(error.is_some());
    }

    /// Locks sessions nobody has been active under, for which no socket did: their pages are
    /// closed, or offline. Whoever comes back finds them locked in either case; so the audit log
    /// says it.
    async fn lock_idle(&self) {
        let lasting = self.lasting();
        let idle = match sessions::idle(&self.store, &self.activity, lasting, LOCKED_AT_ONCE).await
        {
            Ok(idle) => idle,
            Err(error) => return tracing::warn!(%error, "idle sessions could not be found"),
        };
        let locking = idle.into_iter().map(|(token, person)| {
            let record = audit::of(Action::Locked).to(person).naming(&["idle"]);
            sessions::lock(&self.store, token, record)
        });
        // Together, so that they share a sync.
        for locked in futures_util::future::join_all(locking).await {
            if let Err(error) = locked {
                tracing::warn!(%error, "an idle session could not be locked");
            }
        }
    }

    /// Once a minute: forgets what time has made useless.
    pub async fn tidy(&self) {
        self.rates.tidy();
        self.throttle.tidy();
        self.lock_idle().await;
        self.second.tidy();
        let day = 24 * 60 * 60 * 1_000;
        self.hub.tidy();
        self.activity.tidy(shared_proto::time::Millis(crate::clock::now().0.saturating_sub(day)));
        match crate::auth::sessions::tidy(&self.store).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "sessions that had ended were forgotten"),
            Err(error) => tracing::warn!(%error, "ended sessions could not be forgotten"),
        }
        if let Err(error) = crate::links::tidy(&self.store).await {
            tracing::warn!(%error, "ended links could not be forgotten");
        }
    }
}
