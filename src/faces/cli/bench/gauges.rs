//! What the machine says of a run: processor time, memory, cores; medians and figures with three decimals.
//!
//! 1. Processor time is read from the system's accounts of processes (hundredths of a second); where there are
//!    none (not Linux, or a server on another machine) the figure is left out, never guessed.

use std::time::Duration;

use serde_json::Value;

use super::store;
use crate::db::{Db, Engine, Failure};

/// Processor time used so far by this program.
pub fn own_cpu() -> Option<Duration> {
    process("self").map(|process| process.cpu)
}

/// Processor time used so far by the database's server and its helpers; `None` for SQLite and for other machines.
pub async fn server_cpu(db: &Db) -> Result<Option<Duration>, Failure> {
    if db.engine == Engine::Sqlite {
        return Ok(None);
    }
    let backend = store::server_process(db).await?;
    let Some(served) = process(&backend.to_string()).filter(|process| process.name == "postgres") else { return Ok(None) };
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let others = entries.filter_map(|entry| process(entry.file_name().to_str()?));
    Ok(Some(others.filter(|process| process.parent == served.parent).map(|process| process.cpu).sum()))
}

struct Process {
    name: String,
    parent: u32,
    cpu: Duration,
}

/// A line of the system's account: `pid (name) state parent … user-time system-time …`.
fn process(pid: &str) -> Option<Process> {
    let account = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, tail) = account.rsplit_once(')')?;
    let fields: Vec<&str> = tail.split_whitespace().collect();
    let hundredths = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    let name = head.split_once('(')?.1.to_owned();
    Some(Process { name, parent: fields.get(1)?.parse().ok()?, cpu: Duration::from_millis(hundredths * 10) })
}

/// The most memory this program has held so far, in MB.
pub fn peak_rss_mb() -> Option<u64> {
    memory_mb("VmHWM:")
}

/// The memory this program holds now, in MB.
pub fn rss_mb() -> Option<u64> {
    memory_mb("VmRSS:")
}

fn memory_mb(what: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(what))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// The memory of one stage after the other: what it was found with and its peak, in MB.
#[derive(Debug)]
pub struct Stages {
    found: Option<u64>,
    of: Vec<(&'static str, Option<u64>, Option<u64>)>,
}

impl Stages {
    /// The first stage begins.
    pub fn begin() -> Stages {
        forget_peak();
        Stages { found: rss_mb(), of: Vec::new() }
    }

    /// A stage ends, the next begins.
    pub fn end(&mut self, stage: &'static str) {
        self.of.push((stage, self.found, peak_rss_mb()));
        *self = Stages { of: std::mem::take(&mut self.of), ..Stages::begin() };
    }

    /// `{stage: [found, peak]}`.
    pub fn figures(&self) -> Value {
        self.of.iter().map(|(stage, found, peak)| ((*stage).to_owned(), serde_json::json!([found, peak]))).collect()
    }

    /// The highest peak of all stages but some.
    pub fn peak_without(&self, left_out: &[&str]) -> Option<u64> {
        self.of.iter().filter(|(stage, ..)| !left_out.contains(stage)).filter_map(|(.., peak)| *peak).max()
    }
}

/// Lets the peak begin anew, so that a stage has a peak of its own; where the system cannot, peaks stay those of the whole run.
pub fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// Cores, processor and engine, for people who compare figures.
pub async fn machine(db: &Db) -> Result<String, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, name)| name);
    Ok(format!("{cores} cores, {model}, {} {}", db.engine.name(), store::engine_version(db).await?))
}

/// The middle one; the lower middle of an even number.
pub fn median<T: Copy + Ord>(mut figures: Vec<T>) -> Option<T> {
    figures.sort_unstable();
    figures.get(figures.len().checked_sub(1)? / 2).copied()
}

/// How many a second.
pub fn rate(count: u64, took: Duration) -> u64 {
    u64::try_from(u128::from(count) * 1_000_000_000 / took.as_nanos().max(1)).unwrap_or(u64::MAX)
}

/// `part / whole` in thousandths.
pub fn thousandths(part: u128, whole: u128) -> u64 {
    u64::try_from(part * 1_000 / whole.max(1)).unwrap_or(u64::MAX)
}

/// Milliseconds per piece, in thousandths.
pub fn millis_each(took: Duration, count: u64) -> u64 {
    thousandths(took.as_micros(), u128::from(count) * 1_000)
}

/// A JSON number with three decimals, from thousandths.
pub fn figure(thousandths: u64) -> Value {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    serde_json::from_str(&text).expect("digits, a point and three digits are a JSON number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numbers_with_three_decimals() {
        assert_eq!(figure(thousandths(2, 3)).to_string(), "0.666");
        assert_eq!(figure(millis_each(Duration::from_millis(5), 4)).to_string(), "1.25");
        assert_eq!(rate(100, Duration::from_millis(50)), 2_000);
        assert_eq!(median(vec![3, 1, 2, 9]), Some(2));
        assert_eq!(median(Vec::<u64>::new()), None);
    }
}
