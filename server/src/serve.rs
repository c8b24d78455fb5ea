//! `quietroom serve`: opens the store, listens, and stops in order.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use shared_proto::audit::Action;
use shared_proto::wire::close;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::{App, Outside, StartError, open_store};
use crate::arrival::Bounded;
use crate::audit::{self, AuditUpkeep};
use crate::auth::leaked::Leaked;
use crate::files::{self, Files};
use crate::mail::{self, Mail};
use crate::metrics::Metrics;
use crate::notices::{self, Notices};
use crate::rates::Rates;
use crate::settings::{EngineKind, ServeArgs};
use crate::store::files::count_anew;
use crate::{admin, demo, later, redirect, router, search};

/// Connections that may wait to be accepted: a thousand browsers come back at once.
const BACKLOG: i32 = 4096;
/// Threads that read the store and hash passwords, at most. A thousand browsers that come back at
/// once would otherwise start hundreds, each with memory of its own, to share the same few cores.
const BLOCKING_THREADS: usize = 32;
/// Longest a TLS handshake, then a request's first byte, and then the rest of its head may take to
/// arrive; after an answer, the next head.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How long a failed store shows in `/readyz` before the process ends, to be started anew.
const FAILURE_SHOWN: Duration = Duration::from_secs(15);
/// Five seconds each.
const ROUNDS_A_DAY: u32 = 24 * 60 * 12;
/// How long a scrape under way may take when the server has stopped.
const OPERATOR_PATIENCE: Duration = Duration::from_millis(500);
/// How long notices that are on their way may take when the server stops.
const NOTICE_PATIENCE: Duration = Duration::from_millis(1_500);
/// Longest the server takes to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(4);

/// Serves until told to stop.
///
/// # Errors
/// When it cannot start, in words for the operator.
pub fn run(args: &ServeArgs) -> Result<(), StartError> {
    args.check()?;
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()?;
    let result = runtime.block_on(serve(args));
    runtime.shutdown_timeout(Duration::from_millis(200));
    result
}

async fn serve(args: &ServeArgs) -> Result<(), StartError> {
    let listener = listen(args.listen)?;
    let metrics_listener = listen(args.metrics_listen)?;
    let redirect_listener = args.redirect_listen.map(listen).transpose()?;
    let bound = listener.local_addr()?;
    if let Some(path) = args.leaked_passwords.clone() {
        let list = tokio::task::spawn_blocking(move || Leaked::read(&path)).await??;
        tracing::info!(passwords = list.len(), "passwords on a list are refused");
        list.keep();
    }
    let metrics = Arc::new(Metrics::install()?);
    let observer: Arc<Metrics> = Arc::clone(&metrics);
    let rates = Rates::new(args.rate_per_second, args.rate_burst);
    let settings = args.settings(bound);
    let (mail_args, blob_args, quotas) = (args.mail.clone(), args.files.clone(), args.quotas());
    let notice_args = args.notices.clone();
    let (data, engine) = (args.data.clone(), args.engine);
    let most = args.sockets_per_person;
    let app = tokio::task::spawn_blocking(move || {
        let store = open_store(&data, engine, observer)?;
        // After the store: its lock also keeps two servers from one outbox.
        let mail = Mail::open(&mail_args, &data.data, settings.host())?;
        // After it too: nobody else has the folder of files open.
        let secret = notices::push_secret(&store)?;
        let place = (&mail, data.data.as_path());
        let notices = Notices::open(&notice_args, place, &secret, &settings.url)?;
        let files = Files::new(blob_args.open(&data.data, engine)?, quotas);
        App::new(store, metrics, rates, most, settings, Outside { mail, notices, files })
    });
    let app = app.await??;
    let people = count_anew(&app.store).await?;
    if people > 0 {
        tracing::info!(people, "what they keep in files was counted anew");
    }

    let control = match args.engine {
        EngineKind::Sled => Some(admin::control::listen(&app, &args.data.data)?),
        EngineKind::Memory => None,
    };
    let (handle, operators) = (Doors::default(), Doors::default());
    let public = spawn_public(args, listener, router::public(Arc::clone(&app)), &handle).await?;
    let operator = spawn_plain(metrics_listener, router::operator(Arc::clone(&app)), &operators)?;
    note(&app, Action::ServerStarted).await;
    let upkeep = AuditUpkeep::new(args);
    let redirects = Doors::default();
    if let Some(listener) = redirect_listener {
        spawn_plain(listener, redirect::router(app.settings.url.clone()), &redirects)?;
    }
    let housekeeping = tokio::spawn(keep_house(Arc::clone(&app), upkeep));
    let postman = tokio::spawn(mail::queue::run(Arc::clone(&app)));
    let alarm = tokio::spawn(later::run(Arc::clone(&app)));
    let telling = (!args.notices.no_notices).then(|| tokio::spawn(notices::run(Arc::clone(&app))));
    let keeper = tokio::spawn(files::keeper::run(Arc::clone(&app)));
    let indexing = tokio::spawn(search::keeper::run(Arc::clone(&app.hub)));
    // Before anyone is told that it serves: a stop that comes at once is in order too.
    let mut signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    greet(&app, args, operator.1).await?;

    let failed = tokio::select! {
        () = stop_signal(&mut signals) => false,
        () = store_failure(&app) => true,
    };
    tracing::info!(sockets = app.hub.sockets(), "stopping");
    housekeeping.abort();
    postman.abort();
    alarm.abort();
    app.notices.stop();
    if let Some(mut telling) = telling
        && tokio::time::timeout(NOTICE_PATIENCE, &mut telling).await.is_err()
    {
        telling.abort();
    }
    keeper.abort();
    app.files.underway.stop();
    indexing.abort();
    redirects.handle.shutdown();
    if let Some((task, path)) = control {
        task.abort();
        let _ = std::fs::remove_file(path);
    }
    let stopped = tokio::time::timeout(STOP_PATIENCE, async {
        handle.close(STOP_PATIENCE);
        app.hub.stop(close::GOING_AWAY).await;
        note(&app, Action::ServerStopped).await;
        app.store.committer.stop().await;
        // Until here whoever watches is told that it is stopping.
        operators.close(OPERATOR_PATIENCE);
        let _ = tokio::join!(public, operator.0);
    });
    if stopped.await.is_err() {
        tracing::warn!("some connections were cut while stopping");
    }
    tracing::info!("stopped");
    if failed {
        return Err("the store failed, and is only to be trusted after it is opened anew".into());
    }
    Ok(())
}

/// Until the store has failed, and whoever watches `/readyz` has had time to see it.
async fn store_failure(app: &App) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    while !app.store.committer.failed() {
        tick.tick().await;
    }
    tokio::time::sleep(FAILURE_SHOWN).await;
}

/// Says where everything is.
async fn greet(app: &Arc<App>, args: &ServeArgs, metrics: SocketAddr) -> Result<(), StartError> {
    let signed_ins = if args.demo { demo::fill(app).await? } else { Vec::new() };
    println!("ready: {}", app.settings.url);
    println!("metrics: http://{metrics}/metrics");
    println!("mail: {}", app.mail.shown());
    for line in signed_ins {
        println!("sign-in: {line}");
    }
    if !app.is_set_up() {
        println!("set-up: {}/set-up#{}", app.settings.url, app.set_up.renew());
    }
    Ok(())
}

async fn stop_signal([terminate, interrupt]: &mut [Signal; 2]) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Records that the server starts or stops. It does either all the same: a disk that takes no
/// record takes no change, and shows nobody anything.
async fn note(app: &App, action: Action) {
    let record = audit::of(action).with(shared_proto::BUILD);
    if let Err(error) = app.store.record(record).await {
        tracing::error!(%error, "the audit log does not say that the server started or stopped");
    }
}

async fn keep_house(app: Arc<App>, audit: AuditUpkeep) {
    let mut rounds = 0u32;
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        app.metrics.upkeep();
        app.look_at_engine().await;
        rounds = rounds.wrapping_add(1);
        if rounds.is_multiple_of(12) {
            app.tidy().await;
        }
        if rounds % ROUNDS_A_DAY == 1 {
            audit.daily(&app).await;
        }
    }
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener, StartError> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into()).map_err(|error| {
        format!("cannot listen on {address}: {error}. Is another server running there?")
    })?;
    socket.listen(BACKLOG)?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

type Served = tokio::task::JoinHandle<std::io::Result<()>>;

/// A listener's way to stop.
#[derive(Clone, Default)]
struct Doors {
    handle: Handle<SocketAddr>,
    stopping: CancellationToken,
}

impl Doors {
    /// Lets nobody in any more, and gives requests under way so long.
    fn close(&self, patience: Duration) {
        self.stopping.cancel();
        self.handle.graceful_shutdown(Some(patience));
    }
}

async fn spawn_public(
    args: &ServeArgs,
    listener: std::net::TcpListener,
    router: Router,
    doors: &Doors,
) -> Result<Served, StartError> {
    let (Some(cert), Some(key)) = (&args.tls_cert, &args.tls_key) else {
        return Ok(spawn_plain(listener, router, doors)?.0);
    };
    let config = tls(cert, key).await?;
    let acceptor = RustlsAcceptor::new(config).handshake_timeout(HEAD_PATIENCE);
    let acceptor = Bounded::new(acceptor, HEAD_PATIENCE, doors.stopping.clone());
    let server = axum_server::from_tcp(listener)?.acceptor(acceptor);
    let mut server = server.handle(doors.handle.clone());
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    Ok(tokio::spawn(server.serve(service)))
}

fn spawn_plain(
    listener: std::net::TcpListener,
    router: Router,
    doors: &Doors,
) -> Result<(Served, SocketAddr), StartError> {
    let address = listener.local_addr()?;
    let acceptor = Bounded::new(DefaultAcceptor::new(), HEAD_PATIENCE, doors.stopping.clone());
    let server = axum_server::from_tcp(listener)?.acceptor(acceptor);
    let mut server = server.handle(doors.handle.clone());
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    Ok((tokio::spawn(server.serve(service)), address))
}

async fn tls(cert: &Path, key: &Path) -> Result<RustlsConfig, StartError> {
    // Installed once a process; a second start of the same process finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let given = RustlsConfig::from_pem_file(cert, key).await.map_err(|error| {
        format!("cannot use {} with {}: {error}", cert.display(), key.display())
    })?;
    let mut config = (*given.get_inner()).clone();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

/// A socket is a file: allows as many as the machine lets this process have.
#[allow(unsafe_code, reason = "setrlimit is a plain call of the C library")]
fn raise_file_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls get a pointer to a live rlimit of this frame.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rustls::crypto::{CryptoProvider, ring};

    #[test]
    fn every_suite_has_forward_secrecy_whatever_key_the_certificate_has() {
        // As `tls` does; another test of this process may have been first.
        let _ = ring::default_provider().install_default();
        let provider = CryptoProvider::get_default().expect("there is one");
        let suites = provider.cipher_suites.iter().map(|suite| format!("{:?}", suite.suite()));
        let mut expected = BTreeSet::new();
        for cipher in ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"] {
            for exchange in ["TLS13", "TLS_ECDHE_ECDSA_WITH", "TLS_ECDHE_RSA_WITH"] {
                expected.insert(format!("{exchange}_{cipher}"));
            }
        }
        assert_eq!(suites.collect::<BTreeSet<_>>(), expected);
    }
}
