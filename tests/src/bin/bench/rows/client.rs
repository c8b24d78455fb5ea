//! (h): how much the browser has to fetch, and how long until a person can type.

use std::fs;
use std::path::Path;

use quietroom_tests::support::browser::{Browser, WIDE};
use quietroom_tests::support::page::first_files;
use serde_json::json;

use crate::report::{Line, Reach, Report};
use crate::rows::Bench;
use crate::samples::median;

/// Notes, in the page's own clock, when the sign-in can first be typed into.
const WATCH: &str = "
    new MutationObserver((_, observer) => {
        const field = document.querySelector('[data-testid=email]');
        if (field && !field.disabled && field.checkVisibility()) {
            window.usableAt = performance.now();
            observer.disconnect();
        }
    }).observe(document, { childList: true, subtree: true, attributes: true });
";

impl Bench<'_> {
    /// (h).
    pub async fn client(&mut self, report: &mut Report) -> Result<(), String> {
        sizes(&self.plan.client(), report)?;
        let runs = self.plan.runs;
        let (server, _) = self.pairs()?;
        let url = format!("{}/", server.origin);
        // The browser's support ends a test by panicking: that ends the row here.
        let times = tokio::spawn(async move { interactive(&url, runs).await }).await;
        let (first, again) = times.map_err(|_| "the browser shows no sign-in".to_owned())?;
        report.figure("h", "time to interactive in Chromium, first visit, ms", median(first));
        report.figure("h", "the same, visited before, ms", median(again));
        Ok(())
    }
}

/// What everybody loads, and the rest: pages that are fetched when they are first shown.
fn sizes(folder: &Path, report: &mut Report) -> Result<(), String> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error| {
            format!("{}: {error}; cargo xtask bench builds the client", path.display())
        })
    };
    let page = String::from_utf8_lossy(&read("index.html")?).into_owned();
    let mut first = 0.0;
    for kind in ["wasm", "js", "css"] {
        let mut kilobytes = 0.0;
        for name in first_files(&page).into_iter().filter(|name| name.ends_with(kind)) {
            let compressed = read(&format!("{}.br", name.trim_start_matches('/')))?;
            kilobytes += compressed.len() as f64 / 1_000.0;
        }
        report.figure("h", format!("everybody loads: {kind}, brotli, KB"), kilobytes);
        first += kilobytes;
    }
    report.add(Line {
        row: "h",
        what: "everybody loads, in all, brotli, KB".to_owned(),
        value: first,
        yardstick: None,
        reach: Some(Reach::at_most(300.0)),
    });
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let compressed = files.filter_map(Result::ok).filter(|file| {
        let name = file.file_name();
        [".wasm.br", ".js.br", ".css.br"].iter().any(|end| name.to_string_lossy().ends_with(end))
    });
    let all: u64 = compressed.filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    report.figure("h", "parts, when first shown, in all, brotli, KB", all as f64 / 1_000.0 - first);
    Ok(())
}

/// Milliseconds from the beginning of the navigation, with an empty cache and with a full one.
async fn interactive(url: &str, runs: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let browser = Browser::start(WIDE).await;
        let source = json!({ "source": WATCH });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
        browser.goto(url).await;
        first.push(usable(&browser).await);
        browser.goto("about:blank").await;
        browser.goto(url).await;
        again.push(usable(&browser).await);
    }
    (first, again)
}

async fn usable(browser: &Browser) -> f64 {
    let at = browser.until("the sign-in", "window.usableAt").await;
    at.as_f64().unwrap_or(f64::NAN)
}
