//! Runs the scenarios named by `III_SCENARIOS` (comma separated) in that order against the engine at `III_URL` and
//! prints one JSON line for each. `HARNESS <wish>` on stdout asks the harness for something; it answers with a line on stdin.

pub mod client;
mod http;
mod scenarios;
mod state;

use std::{
    env,
    io::{BufRead, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use client::{Client, Open};
use serde_json::json;

const DEADLINE: Duration = Duration::from_secs(75);
/// The restart comes when all drivers wait for it.
const RESTART_DEADLINE: Duration = Duration::from_secs(600);

pub struct Bench {
    pub name: String,
    pub http_url: String,
    pub proxy_url: String,
    pub legacy_lists: bool,
    pub open: Open,
    pub a: Arc<dyn Client>,
    pub b: Arc<dyn Client>,
}

impl Bench {
    pub fn id(&self, name: &str) -> String {
        format!("{}::{name}", self.name)
    }

    pub async fn harness(&self, wish: &str) {
        say(&format!("HARNESS {wish}"));
        tokio::task::spawn_blocking(|| std::io::stdin().lock().read_line(&mut String::new())).await.ok();
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The whole driver; `open` is what differs between SDK generations. Ends the process.
pub async fn run(open: Open) {
    let (name, url) = (var("III_RUN"), var("III_URL"));
    let bench = Arc::new(Bench {
        a: open(url.clone(), format!("{name}-a")).await,
        b: open(url, format!("{name}-b")).await,
        http_url: var("III_HTTP_URL"),
        proxy_url: var("III_PROXY_URL"),
        legacy_lists: var("III_LEGACY_LISTS") == "true",
        name,
        open,
    });
    let mut failed = false;
    for scenario in var("III_SCENARIOS").split(',') {
        let began = Instant::now();
        let deadline = if scenario == "restart" { RESTART_DEADLINE } else { DEADLINE };
        // A task of its own, so that a panicking scenario is a failed one.
        let task = tokio::spawn(scenarios::scenario(scenario.to_string(), bench.clone()));
        let outcome = match tokio::time::timeout(deadline, task).await {
            Ok(Ok(detail)) => Ok(detail),
            Ok(Err(panic)) => Err(panic_text(panic)),
            Err(_) => Err(format!("no end within {deadline:?}")),
        };
        failed |= outcome.is_err();
        let ok = outcome.is_ok();
        let mut line =
            json!({"sdk": var("III_SDK"), "scenario": scenario, "ok": ok, "ms": began.elapsed().as_millis() as u64});
        if let Some(detail) = outcome.unwrap_or_else(Some) {
            line["detail"] = detail.into();
        }
        say(&line.to_string());
    }
    tokio::time::timeout(Duration::from_secs(5), async { tokio::join!(bench.a.close(), bench.b.close()) }).await.ok();
    std::process::exit(i32::from(failed));
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()))
            .unwrap_or_else(|| "panicked".to_string()),
        Err(error) => error.to_string(),
    }
}
