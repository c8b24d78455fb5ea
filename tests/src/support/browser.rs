//! A real Chromium, driven through Debian's chromedriver.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::capabilities::desiredcapabilities::CapabilitiesHelper;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, ChromiumLikeCapabilities, DesiredCapabilities, Key, WebDriver, WebElement};

use super::people::Person;
use super::server::TestServer;
use super::wait::PATIENCE;

/// Size of the part of a window that shows the page, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A laptop.
pub const WIDE: Window = Window { width: 1280, height: 800 };
/// A small phone.
pub const PHONE: Window = Window { width: 360, height: 740 };

/// What the system of the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// As CSS media queries spell it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A browser with one window and a profile of its own, gone when dropped.
pub struct Browser {
    driver: Option<WebDriver>,
    process: Child,
    _profile: TempDir,
    window: Window,
}

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
];

/// How often the driver is started at most.
const STARTS: usize = 5;

/// A driver that listens, and where. Asked for any port it takes one that is free for IPv4 and
/// needs the same for IPv6: when another took that one meanwhile it ends, and is started again.
fn driver_process(folder: &Path) -> (Child, u16) {
    for _ in 0..STARTS {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts: apt-get install chromium chromium-driver");
        let stdout = process.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let rest = line.split("successfully on port ").nth(1);
            if let Some(port) = rest.and_then(|rest| rest.trim_end_matches('.').parse().ok()) {
                std::thread::spawn(move || lines.for_each(drop));
                return (process, port);
            }
            said.push(line);
        }
        let ended = process.wait().expect("it has closed its output");
        eprintln!("chromedriver ended without listening ({ended}): {}", said.join("; "));
    }
    panic!("chromedriver says where it listens");
}

impl Browser {
    /// Starts one with a window of this size, light.
    ///
    /// # Panics
    /// When Chromium or its driver are missing or do not start.
    pub async fn start(window: Window) -> Self {
        let profile = tempfile::Builder::new()
            .prefix("quietroom-browser-")
            .tempdir()
            .expect("a temporary folder can be made");
        let (process, port) = driver_process(profile.path());
        let mut wanted = DesiredCapabilities::chrome();
        let prepared = (|| {
            for flag in FLAGS {
                wanted.add_arg(flag)?;
            }
            let folder = profile.path().join("profile");
            wanted.add_arg(&format!("--user-data-dir={}", folder.display()))?;
            wanted.set("goog:loggingPrefs", json!({ "browser": "ALL" }))
        })();
        prepared.expect("flags can be given");
        // The server's own is the same. Without one the driver's client does not start.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await;
        let driver = driver.expect("Chromium starts");
        let browser = Self { driver: Some(driver), process, _profile: profile, window };
        browser.resize(window).await;
        browser.theme(Theme::Light).await;
        browser
    }

    pub(super) fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("it is there until dropped")
    }

    /// A command of the DevTools protocol.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let answer = self.driver().cdp().send_raw(method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Names of the cookies the browser has of this site, those no script can read included.
    ///
    /// # Panics
    /// When the browser does not say.
    pub async fn cookies(&self) -> Vec<String> {
        let cookies = self.driver().get_all_cookies().await.expect("cookies are told");
        cookies.into_iter().map(|cookie| cookie.name).collect()
    }

    /// Makes the page this size.
    pub async fn resize(&self, window: Window) {
        let size = json!({
            "width": window.width,
            "height": window.height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Makes the system prefer a theme, and no motion, so that nothing is caught half-way.
    pub async fn theme(&self, theme: Theme) {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme.word() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Makes the device this many times slower than it is.
    pub async fn slow_down(&self, times: u32) {
        self.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": times })).await;
    }

    /// Makes the page believe that its window has, or has not, the focus. A browser without a
    /// screen always has it, whatever DevTools are told.
    pub async fn focus(&self, focused: bool) {
        let told = "document.hasFocus = () => arguments[0];
                    window.dispatchEvent(new Event(arguments[0] ? 'focus' : 'blur'))";
        let told = told.replace("() => arguments[0]", &format!("() => {focused}"));
        self.script(&told, vec![json!(focused)]).await;
    }

    /// Goes to an address.
    ///
    /// # Panics
    /// When it does not load.
    pub async fn goto(&self, url: &str) {
        self.driver().goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Goes back in the history, as the page itself would, if it lets it. In a task of its own: a
    /// script during which the page is left is run anew by the driver on the page it came to, and
    /// goes back twice.
    pub async fn try_back(&self) {
        self.script("setTimeout(() => history.back())", Vec::new()).await;
    }

    /// As [`Self::try_back`], and waits until it has.
    pub async fn back(&self) {
        let back = "window.goingBack = true; \
            addEventListener('popstate', () => delete window.goingBack, { capture: true }); \
            setTimeout(() => history.back())";
        self.script(back, Vec::new()).await;
        self.until("the page to go back", "window.goingBack === undefined").await;
    }

    /// Loads the page anew.
    ///
    /// # Panics
    /// When it does not load.
    pub async fn reload(&self) {
        self.driver().refresh().await.expect("the page loads anew");
    }

    /// The address it shows.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn url(&self) -> String {
        self.driver().current_url().await.expect("a page has an address").to_string()
    }

    /// The title of the window.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn title(&self) -> String {
        self.driver().title().await.expect("a page has a title")
    }

    /// Runs `body` as a function of `arguments` in the page and returns its value.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver().execute(body, arguments).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}")).json().clone()
    }

    /// Runs `body`, whose last argument is the function to call with its value.
    ///
    /// # Panics
    /// When it throws or never calls it.
    pub async fn script_async(&self, body: &str) -> Value {
        let answer = self.driver().execute_async(body, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}")).json().clone()
    }

    /// Waits until the expression `condition`, or what it promises, is true in the page, and
    /// returns its value.
    ///
    /// # Panics
    /// When it does not come true, with what the page shows; a screenshot of it is kept.
    pub async fn until(&self, what: &str, condition: &str) -> Value {
        let body = format!("try {{ return ({condition}) }} catch (error) {{ return null }}");
        let started = Instant::now();
        loop {
            if let Ok(answer) = self.driver().execute(body.as_str(), Vec::new()).await {
                let value = answer.json().clone();
                if !matches!(value, Value::Null | Value::Bool(false)) {
                    return value;
                }
            }
            if started.elapsed() > PATIENCE {
                let page = self.script("return document.body.innerText", Vec::new()).await;
                let log = self.driver().browser_log().await;
                let path = screenshots().join(format!("failed-{}.png", std::process::id()));
                let _ = self.driver().screenshot(&path).await;
                panic!(
                    "waited {PATIENCE:?} in vain for {what}; {} shows:\n{}\nlog: {log:?}\nscreenshot: {}",
                    self.url().await,
                    page.as_str().unwrap_or_default(),
                    path.display()
                );
            }
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    /// Waits until the page shows the element with this test id, and returns it.
    ///
    /// # Panics
    /// When it does not appear.
    pub async fn find(&self, testid: &str) -> WebElement {
        let selector = by(testid);
        let shown = format!(
            "Boolean(document.querySelector({0}) && document.querySelector({0}).checkVisibility())",
            json!(selector)
        );
        let started = Instant::now();
        loop {
            self.until(&format!("{testid:?} to be shown"), &shown).await;
            match self.driver().find(By::Css(selector.as_str())).await {
                Ok(found) => return found,
                // The page drew itself anew in between: look again.
                Err(error) => assert!(started.elapsed() < PATIENCE, "{testid:?}: {error}"),
            }
        }
    }

    /// Does something with the element with this test id; again when the page drew itself anew in
    /// between.
    async fn with(&self, testid: &str, act: impl AsyncFn(WebElement) -> WebDriverResult<()>) {
        let started = Instant::now();
        while let Err(error) = act(self.find(testid).await).await {
            assert!(started.elapsed() < PATIENCE, "{testid:?}: {error}");
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    /// Waits until the page shows no element with this test id.
    pub async fn gone(&self, testid: &str) {
        let hidden = format!(
            "[...document.querySelectorAll({})].every(e => !e.checkVisibility())",
            json!(by(testid))
        );
        self.until(&format!("{testid:?} to be gone"), &hidden).await;
    }

    /// Whether the page shows an element with this test id right now.
    pub async fn shows(&self, testid: &str) -> bool {
        let shown = "return [...document.querySelectorAll(arguments[0])]\
                     .some(e => e.checkVisibility())";
        self.script(shown, vec![json!(by(testid))]).await == Value::Bool(true)
    }

    /// Presses it, once it is there and not disabled.
    ///
    /// # Panics
    /// When it cannot be pressed.
    pub async fn press(&self, testid: &str) {
        let enabled = format!(
            "(e => !e.disabled && e.ariaDisabled !== 'true')(document.querySelector({}))",
            json!(by(testid))
        );
        self.until(&format!("{testid:?} to be enabled"), &enabled).await;
        self.with(testid, async |element| element.click().await).await;
    }

    /// Types into it after emptying it. Keys of the keyboard only: see [`Self::insert`].
    ///
    /// # Panics
    /// When it cannot be typed into.
    pub async fn fill(&self, testid: &str, text: &str) {
        // As somebody does: all is marked and removed, and the page hears of it. `clear` sets the
        // value without an `input` event; a page that draws itself anew before the first key
        // puts back what it knows of.
        let empty = "const field = arguments[0]; field.focus(); \
            if (field.value) { field.select?.(); document.execCommand('delete'); } \
            return field.value === ''";
        self.with(testid, async |field| {
            let emptied = self.driver().execute(empty, vec![field.to_json()?]).await?;
            // A date has nothing to mark.
            if *emptied.json() != Value::Bool(true) {
                field.clear().await?;
            }
            field.send_keys(text).await
        })
        .await;
    }

    /// Types into it, at its end.
    ///
    /// # Panics
    /// When it cannot be typed into.
    pub async fn type_into(&self, testid: &str, text: &str) {
        self.with(testid, async |field| field.send_keys(text).await).await;
    }

    /// Presses a key while it has the focus.
    ///
    /// # Panics
    /// When it cannot have the focus.
    pub async fn key(&self, testid: &str, key: Key) {
        self.with(testid, async |field| field.send_keys(key.clone()).await).await;
    }

    /// Chooses files of this machine in the picker with this test id, as its own dialog does.
    ///
    /// # Panics
    /// When there is no such picker.
    pub async fn choose(&self, testid: &str, files: &[&Path]) {
        let there = format!("document.querySelector({}) !== null", json!(by(testid)));
        self.until(&format!("{testid:?} to be there"), &there).await;
        let paths: Vec<&str> =
            files.iter().map(|file| file.to_str().expect("tests name files in words")).collect();
        let picker = self.driver().find(By::Css(by(testid))).await.expect("it is there");
        picker.send_keys(paths.join("\n")).await.expect("it takes files");
    }

    /// Whether a script of the page has something to say in a dialog of its own.
    pub async fn has_alert(&self) -> bool {
        self.driver().get_alert_text().await.is_ok()
    }

    /// Puts any text at once where the cursor is, as pasting does, after focusing the field.
    ///
    /// # Panics
    /// When it cannot have the focus.
    pub async fn insert(&self, testid: &str, text: &str) {
        self.with(testid, async |field| field.focus().await).await;
        self.devtools("Input.insertText", json!({ "text": text })).await;
    }

    /// The text contents of every element with this test id, in order.
    pub async fn texts(&self, testid: &str) -> Vec<String> {
        let all = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)";
        let values = self.script(all, vec![json!(by(testid))]).await;
        let values = values.as_array().cloned().unwrap_or_default();
        values.iter().filter_map(|value| Some(value.as_str()?.to_owned())).collect()
    }

    /// Waits until the texts of every element with this test id are these, and no more.
    pub async fn reads(&self, testid: &str, expected: &[&str]) {
        let condition = format!(
            "JSON.stringify([...document.querySelectorAll({})].map(e => e.textContent)) \
             === JSON.stringify({})",
            json!(by(testid)),
            json!(expected)
        );
        self.until(&format!("{testid:?} to read {expected:?}"), &condition).await;
    }

    /// Waits until the page shows `text` somewhere.
    pub async fn says(&self, text: &str) {
        let condition = format!("document.body.innerText.includes({})", json!(text));
        self.until(&format!("the page to say {text:?}"), &condition).await;
    }

    /// How many elements a CSS selector finds.
    pub async fn count(&self, selector: &str) -> u64 {
        let count = "return document.querySelectorAll(arguments[0]).length";
        self.script(count, vec![json!(selector)]).await.as_u64().unwrap_or_default()
    }

    /// Signs somebody in through the form and waits until they are.
    pub async fn sign_in(&self, server: &TestServer, person: &Person) {
        self.goto(&server.url("/")).await;
        self.fill("email", &person.email).await;
        self.fill("password", &person.password).await;
        self.press("sign-in").await;
        self.find("account-menu").await;
    }

    /// Fails when the page, or anything in it, has to be scrolled sideways.
    ///
    /// # Panics
    /// Then.
    pub async fn fits(&self, screen: &str) {
        let wide = "return [...document.querySelectorAll('*')].filter(element =>
                element.scrollWidth > element.clientWidth + 1 &&
                (element === document.documentElement ||
                    /auto|scroll/.test(getComputedStyle(element).overflowX) &&
                    element.localName !== 'textarea'))
            .map(element => {
                const end = element.getBoundingClientRect().left + element.clientWidth + 1;
                const out = [...element.querySelectorAll('*')]
                    .filter(inner => inner.getBoundingClientRect().right > end)
                    .map(inner => inner.outerHTML.slice(0, 120));
                return `${element.outerHTML.slice(0, 120)} is ${element.scrollWidth} wide in \
                    ${element.clientWidth}; beyond it are ${out.slice(0, 5).join(' and ')}`;
            })";
        let wide = self.script(wide, Vec::new()).await;
        assert_eq!(wide, json!([]), "{screen} has to be scrolled sideways");
    }

    /// Keeps a picture of the window under `target/screenshots`.
    ///
    /// # Panics
    /// When it cannot be kept.
    pub async fn screenshot(&self, screen: &str, window: Window, theme: Theme) {
        let name = format!("{screen}-{}-{}.png", window.width, theme.word());
        let kept = self.driver().screenshot(&screenshots().join(name)).await;
        kept.expect("a screenshot can be kept");
    }

    /// Fails when axe finds anything a person with a disability could stumble over.
    ///
    /// # Panics
    /// Then, with what it found; and when `QUIETROOM_AXE` does not name `axe.min.js`.
    pub async fn accessible(&self, screen: &str) {
        let there = self.script("return typeof axe === 'object'", Vec::new()).await;
        if there != Value::Bool(true) {
            let path = std::env::var("QUIETROOM_AXE").expect(
                "QUIETROOM_AXE names axe.min.js of the npm package axe-core; cargo xtask test sets it",
            );
            let axe = std::fs::read_to_string(&path);
            let axe = axe.unwrap_or_else(|error| panic!("{path}: {error}"));
            self.script(&axe, Vec::new()).await;
        }
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(
                result => done(result.violations.map(violation =>
                    violation.id + ': ' + violation.help + '\\n' + violation.nodes.map(node =>
                        '  ' + node.html + '\\n  ' + node.failureSummary).join('\\n'))),
                error => done(['axe itself failed: ' + error]))";
        let found = self.script_async(run).await;
        let found: Vec<String> = found.as_array().map_or_else(Vec::new, |found| {
            found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
        });
        assert!(found.is_empty(), "axe on {screen}:\n{}", found.join("\n"));
    }

    /// Errors the page logged since the last call. That the server was away is the network's
    /// business, and a test that takes it away expects it; likewise an answer that refuses.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn errors(&self) -> Vec<String> {
        let entries = self.driver().browser_log().await.expect("the browser keeps a log");
        let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE");
        severe.map(|entry| entry.message).filter(|message| !is_of_the_network(message)).collect()
    }

    /// Ends it, and fails when the page logged an error on the way.
    ///
    /// # Panics
    /// Then.
    pub async fn finish(mut self) {
        let errors = self.errors().await;
        if let Some(driver) = self.driver.take() {
            let _ = driver.quit().await;
        }
        assert!(errors.is_empty(), "the page logged errors: {errors:#?}");
    }

    /// The size it was started with.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            // Its own end would block; the processes are ended below.
            let _ = driver.leak();
        }
        let group = i32::try_from(self.process.id()).expect("process ids fit");
        // SAFETY: the group is led by our own child, which has not been waited for yet.
        #[expect(unsafe_code, reason = "std kills one process, not the browser under it")]
        unsafe {
            libc::kill(-group, libc::SIGKILL);
        }
        let _ = self.process.wait();
    }
}

/// Whether what a page logged says that the server was away or refused.
fn is_of_the_network(message: &str) -> bool {
    let refused =
        ["net::ERR_", "WebSocket connection to", "the server responded with a status of 4"];
    // A part that was being fetched; the page asks for it again.
    let part = ["TypeError: Failed to fetch", "at loader ("];
    refused.iter().any(|words| message.contains(words))
        || part.iter().all(|words| message.contains(words))
}

/// Where screenshots are kept: `target/screenshots`.
///
/// # Panics
/// When the folder cannot be made.
#[must_use]
pub fn screenshots() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    std::fs::create_dir_all(&folder).expect("target can be written");
    folder
}

/// The CSS selector of a test id.
#[must_use]
pub fn by(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
