//! `bench posting`: vouchers through the corridor, then bare inserts of the same rows (the raw limit).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, figure, median, millis_each, rate, thousandths};
use super::ground::{BenchRefusal, COUNTY, Ground, actor};
use super::load::{Load, Shape};
use super::store::{self, Cell, Way};
use crate::db::{Db, Failure, Stop};
use crate::ledger::service::PostVouchers;
use crate::ledger::{Voucher, chain};
use crate::office::Office;

/// How vouchers are posted.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Vouchers a run.
    #[arg(long, default_value_t = 100_000)]
    vouchers: u64,
    /// Lines a voucher.
    #[arg(long, default_value_t = 4)]
    lines: u64,
    /// Vouchers an act.
    #[arg(long, default_value_t = 1_000)]
    batch: u64,
    /// Writers that post at the same time; each waits for its answer before its next act.
    #[arg(long, default_value_t = 1)]
    writers: u64,
    /// Books the vouchers are spread over.
    #[arg(long, default_value_t = 1)]
    books: u64,
    /// Every voucher on the same two accounts of its book.
    #[arg(long)]
    hot: bool,
    /// Runs; each figure is their median.
    #[arg(long, default_value_t = 3)]
    runs: u64,
}

/// What one run showed.
#[derive(Debug, Clone, Copy)]
struct Figures {
    took: Duration,
    raw: Duration,
    way: Way,
    cpu: Option<Duration>,
    server_cpu: Option<Duration>,
}

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    options.check()?;
    let (mut runs, mut machine, mut peak) = (Vec::new(), String::new(), None);
    for run in 0..options.runs {
        let ground = Ground::make(db_url, &format!("posted{run}")).await?;
        let posted = post_all(options, &ground, &mut machine).await;
        ground.remove().await?;
        let (took, cpu, server_cpu) = posted?;
        peak = peak.or_else(gauges::peak_rss_mb);
        let (raw, way) = raw_limit(options, db_url, run).await?;
        runs.push(Figures { took, raw, way, cpu, server_cpu });
    }
    Ok(options.figures(&runs, &machine, peak))
}

impl Options {
    fn check(&self) -> Result<(), BenchRefusal> {
        let refuse = |option: &str| Err(BenchRefusal::NothingToMeasure { option: option.to_owned() });
        match self {
            Options { vouchers: 0, .. } => refuse("--vouchers"),
            Options { lines: 0..2, .. } => refuse("--lines"),
            Options { batch: 0, .. } => refuse("--batch"),
            Options { writers: 0, .. } => refuse("--writers"),
            Options { books: 0 | 10_000.., .. } => refuse("--books"),
            Options { runs: 0, .. } => refuse("--runs"),
            _ => Ok(()),
        }
    }

    fn shape(&self) -> Shape {
        Shape { vouchers: self.vouchers, lines: self.lines, hot: self.hot }
    }

    fn figures(&self, runs: &[Figures], machine: &str, peak: Option<u64>) -> Value {
        let middle = |of: fn(&Figures) -> Option<Duration>| median(runs.iter().filter_map(of).collect());
        let took = middle(|run| Some(run.took)).unwrap_or_default();
        let raw = middle(|run| Some(run.raw)).unwrap_or_default();
        let ratios = runs.iter().map(|run| thousandths(run.raw.as_nanos(), run.took.as_nanos())).collect();
        let each = |cpu: Option<Duration>| cpu.map(|cpu| figure(millis_each(cpu, self.vouchers)));
        json!({
            "machine": machine,
            "vouchers": self.vouchers, "lines": self.lines, "batch": self.batch, "writers": self.writers,
            "books": self.books, "hot": self.hot, "runs": self.runs,
            "vouchers_per_s": rate(self.vouchers, took),
            "lines_per_s": rate(self.vouchers * self.lines, took),
            "raw_lines_per_s": rate(self.vouchers * self.lines, raw),
            "raw_way": runs[0].way.name(),
            "ratio_to_raw": median(ratios).map(figure),
            "cpu_ms_per_voucher": each(middle(|run| run.cpu)),
            "server_cpu_ms_per_voucher": each(middle(|run| run.server_cpu)),
            "peak_rss_mb": peak,
        })
    }
}

type Posted = (Duration, Option<Duration>, Option<Duration>);

async fn post_all(options: &Options, ground: &Ground, machine: &mut String) -> Result<Posted, Stop> {
    let office = ground.office().await?;
    let load = Load::lay_out(&office, options.books, (2026, 1), options.shape()).await?;
    *machine = gauges::machine(&office.db).await?;
    let (own, server) = (gauges::own_cpu(), gauges::server_cpu(&office.db).await?);
    let began = Instant::now();
    post(&office, &Arc::new(load), options.vouchers, options.batch, options.writers).await?;
    let took = began.elapsed();
    let used = |before: Option<Duration>, after: Option<Duration>| Some(after?.saturating_sub(before?));
    let (own, server) = (used(own, gauges::own_cpu()), used(server, gauges::server_cpu(&office.db).await?));
    office.close().await;
    Ok((took, own, server))
}

/// Posts the first `vouchers` of a load: writers take batches in turn, each with a key of its own.
pub async fn post(office: &Office, load: &Arc<Load>, vouchers: u64, batch: u64, writers: u64) -> Result<(), Stop> {
    let next = Arc::new(AtomicU64::new(0));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..writers {
        let (office, load, next, book) = (office.clone(), load.clone(), next.clone(), load.books()[0].clone());
        all.spawn(async move {
            loop {
                let first = next.fetch_add(batch, Ordering::Relaxed);
                if first >= vouchers {
                    return Ok::<(), Stop>(());
                }
                let list = (first..vouchers.min(first + batch)).map(|n| load.voucher(n)).collect();
                office
                    .perform(&actor(), PostVouchers { vouchers: list, event: None }, Some(&format!("bench-{book}-{first}")))
                    .await?;
            }
        });
    }
    while let Some(writer) = all.join_next().await {
        writer.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
    }
    Ok(())
}

/// The faster way of inserting the same rows barely, with as many vouchers a commit.
async fn raw_limit(options: &Options, db_url: &str, run: u64) -> Result<(Duration, Way), Stop> {
    let mut best: Option<(Duration, Way)> = None;
    for way in Way::BOTH {
        let ground = Ground::make(db_url, &format!("raw{run}{}", &way.name()[..1])).await?;
        let took = insert_all(options, &ground, way).await;
        ground.remove().await?;
        let took = took?;
        if best.is_none_or(|(fastest, _)| took < fastest) {
            best = Some((took, way));
        }
    }
    Ok(best.expect("there are two ways"))
}

async fn insert_all(options: &Options, ground: &Ground, way: Way) -> Result<Duration, Stop> {
    let office = ground.office().await?;
    let load = Load::lay_out(&office, options.books, (2026, 1), options.shape()).await?;
    let a_commit = options.batch.saturating_mul(options.writers.min(1_000));
    let mut took = Duration::ZERO;
    let mut first = 0;
    while first < options.vouchers {
        let vouchers: Vec<Voucher> = (first..options.vouchers.min(first + a_commit)).map(|n| load.voucher(n)).collect();
        let texts: Vec<Texts> = vouchers.iter().map(Texts::of).collect();
        let began = Instant::now();
        insert_barely(&office.db, way, first, options.batch, &vouchers, &texts).await?;
        took += began.elapsed();
        first += a_commit;
    }
    office.close().await;
    Ok(took)
}

/// Texts of a row that a voucher holds as other types.
struct Texts {
    period: String,
    dated_on: String,
}

impl Texts {
    fn of(voucher: &Voucher) -> Texts {
        Texts { period: voucher.period.to_string(), dated_on: voucher.dated_on.to_string() }
    }
}

const AT: &str = "2026-01-01T00:00:00.000Z";

/// One commit of bare rows: as many audit lines as there would be acts, vouchers, lines.
async fn insert_barely(db: &Db, way: Way, first: u64, batch: u64, vouchers: &[Voucher], texts: &[Texts]) -> Result<(), Failure> {
    let at = (db.engine, COUNTY);
    let first = i64::try_from(first).unwrap_or(0);
    let acts: Vec<(String, String)> = vouchers
        .chunks(usize::try_from(batch).unwrap_or(1))
        .enumerate()
        .map(|(act, some)| (format!("{:032}bench{act:04}", first), format!("bench-{first}-{act}-{}", some.len())))
        .collect();
    let answer = format!("[{}]", "[\"V0001\",100000,\"2026-01\",\"记\",100000],".repeat(usize::try_from(batch).unwrap_or(1)));
    let acts: Vec<_> = acts.iter().map(|(act, key)| act_row(act, key, &answer)).collect();
    let rows: Vec<_> = (first + 1..).zip(vouchers.iter().zip(texts)).map(|(n, (v, t))| voucher_row(n, v, t)).collect();
    let lines: Vec<_> = (first + 1..).zip(vouchers.iter().zip(texts)).flat_map(|(n, (v, t))| line_rows(n, v, t)).collect();
    let mut tx = db.begin_write().await?;
    store::insert(&mut tx, at, way, &store::VOUCHER, &rows).await?;
    store::insert(&mut tx, at, way, &store::LINE, &lines).await?;
    store::insert(&mut tx, at, way, &store::ACT, &acts).await?;
    Ok(tx.commit().await?)
}

fn act_row<'a>(act: &'a str, key: &'a str, answer: &'a str) -> Vec<Cell<'a>> {
    let digest = chain::GENESIS;
    ["", AT, "测速", "bench", "voucher.post_by_rule", "V0001", "{\"vouchers\":1,\"event\":null}", digest, digest, "", digest, ""]
        .iter()
        .enumerate()
        .map(|(at, text)| match at {
            0 => Cell::Text(act),
            9 => Cell::Text(key),
            11 => Cell::Text(answer),
            _ => Cell::Text(text),
        })
        .collect()
}

fn voucher_row<'a>(n: i64, voucher: &'a Voucher, texts: &'a Texts) -> Vec<Cell<'a>> {
    let text = Cell::Text;
    vec![
        text(&voucher.book.0),
        text(&texts.period),
        text(voucher.word.as_str()),
        text(&texts.dated_on),
        text(voucher.stage.as_str()),
        text("posted"),
        text("测速"),
        text(AT),
        text("系统规则"),
        text(AT),
        text("测速"),
        text(AT),
        text(chain::GENESIS),
        Cell::NoText,
        Cell::NoText,
        Cell::Number(n),
        Cell::Number(n),
        Cell::Number(n),
        Cell::NoNumber,
        Cell::Number(voucher.paper_attachments),
    ]
}

fn line_rows<'a>(n: i64, voucher: &'a Voucher, texts: &'a Texts) -> impl Iterator<Item = Vec<Cell<'a>>> {
    (1..).zip(&voucher.lines).map(move |(at, line)| {
        let none = Cell::NoText;
        let (book, period) = (Cell::Text(&voucher.book.0), Cell::Text(&texts.period));
        let (account, summary) = (Cell::Text(line.account.as_str()), Cell::Text(&line.summary));
        let (debit, credit) = (Cell::Number(line.debit.fen()), Cell::Number(line.credit.fen()));
        vec![book, period, account, summary, none, none, none, none, none, Cell::Number(n), Cell::Number(at), debit, credit]
    })
}
