//! What operators see, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Metrics {
    pub connections_total: AtomicU64,
    pub frames_in: AtomicU64,
    pub frames_out: AtomicU64,
    pub bytes_out: AtomicU64,
    pub refusals: AtomicU64,
    pub repeats: AtomicU64,
    commits: AtomicU64,
    commits_failed: AtomicU64,
    committed_jobs: AtomicU64,
    commit_micros: AtomicU64,
}

impl Metrics {
    pub fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// One group was committed, or could not be.
    pub fn commit(&self, jobs: usize, took: Duration, done: bool) {
        Self::add(if done { &self.commits } else { &self.commits_failed }, 1);
        Self::add(&self.committed_jobs, if done { jobs as u64 } else { 0 });
        Self::add(&self.commit_micros, u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// The answer to `GET /metrics`, while so many connections are open.
    pub fn render(&self, connections: usize) -> String {
        let mut text = String::new();
        let mut line = |name: &str, kind: &str, help: &str, value: f64| {
            write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n").expect("a String takes all");
        };
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        line("stonechat_connections", "gauge", "Open connections.", connections as f64);
        line("stonechat_connections_total", "counter", "Connections ever opened.", count(&self.connections_total));
        line("stonechat_frames_in_total", "counter", "Frames received.", count(&self.frames_in));
        line("stonechat_frames_out_total", "counter", "Frames sent.", count(&self.frames_out));
        line("stonechat_bytes_out_total", "counter", "Bytes of frames sent.", count(&self.bytes_out));
        line("stonechat_refusals_total", "counter", "Commands refused.", count(&self.refusals));
        line("stonechat_repeats_total", "counter", "Commands that came again.", count(&self.repeats));
        line("stonechat_commits_total", "counter", "Groups committed to disk.", count(&self.commits));
        line("stonechat_commits_failed_total", "counter", "Groups that the disk refused.", count(&self.commits_failed));
        line("stonechat_committed_jobs_total", "counter", "Writes in those groups.", count(&self.committed_jobs));
        let seconds = count(&self.commit_micros) / 1e6;
        line("stonechat_commit_seconds_total", "counter", "Time spent in commits.", seconds);
        text
    }
}
