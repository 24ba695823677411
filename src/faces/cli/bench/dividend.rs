//! `bench dividend`: a year-end distribution over many holders with share-days, from plan to pay file.
//!
//! 1. Memory is told of each stage: what it was found with, and its peak. Laying the cooperative out and
//!    sending the list to the bank are no part of the whole.
//! 2. SQLite's writer keeps up to 64 MB of the file's pages: memory grows until that is full, and then no more.

use std::collections::HashMap;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, Stages, figure, thousandths};
use super::ground::{BenchRefusal, Ground, actor};
use crate::calendar::BusinessDate;
use crate::db::{Failure, Stop};
use crate::exchange::Growing;
use crate::ledger::books::Book;
use crate::ledger::books::service::{AddBook, AddCounty};
use crate::ledger::service::PostVouchers;
use crate::ledger::{AccountCode, BookCode, Dimensions, EntityKind, Voucher};
use crate::money::{Amount, Rate};
use crate::office::{Actor, Office};
use crate::payouts::layout::Layout;
use crate::payouts::list::Payee;
use crate::payouts::service::draw_up::{KeepPayees, ReviewBatch};
use crate::payouts::service::sending::SendBatch;
use crate::payouts::service::sources::PayDividend;
use crate::payouts::store as payouts;
use crate::products::cooperative_shares::class::{ClassKind, ShareClass, Source};
use crate::products::cooperative_shares::plan::{Method, Terms};
use crate::products::cooperative_shares::service::register::{AddShareClasses, KeepTrade, Subscribe, Subscription};
use crate::products::cooperative_shares::service::steps::{PostPlan, PublishPlan, ReviewPlan};
use crate::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use crate::products::cooperative_shares::store::register::Trade;

/// How large the cooperative is.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Holders, every third with a second holding from the middle of the year.
    #[arg(long, default_value_t = 100_000)]
    holders: usize,
}

/// Holders of one act.
const AT_ONCE: usize = 2_000;

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.holders == 0 {
        return Err(BenchRefusal::NothingToMeasure { option: "--holders".to_owned() }.into());
    }
    let ground = Ground::make(db_url, "dividend").await?;
    let measured = measure(options.holders, &ground).await;
    ground.remove().await?;
    measured
}

fn on(month: u32, day: u32) -> BusinessDate {
    BusinessDate::from_ymd_opt(2025, month, day).expect("the days of this file are days of 2025")
}

async fn measure(holders: usize, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let book = BookCode::from("C001");
    let mut stages = Stages::begin();
    lay_out(&office, &book, holders).await?;
    stages.end("laid_out");
    let terms = Terms {
        year: 2025,
        reserve_rate: Rate::from_percent(10.into())?,
        refund_rate: Rate::from_percent(60.into())?,
        basis: None,
        remaining: None,
        method: Method::ShareDays,
        tax_rate: Rate::ZERO,
    };
    let began = Instant::now();
    let plan = office.perform(&actor(), DraftPlan { book: book.clone(), terms }, None).await?.plan;
    let planned = began.elapsed();
    stages.end("planned");
    let reviewer = Actor { user: "reviewer".to_owned(), ..actor() };
    office.perform(&reviewer, ReviewPlan { book: book.clone(), plan }, None).await?;
    let notice = PublishPlan { book: book.clone(), plan, from: on(12, 1), through: on(12, 10), document: "notice".to_owned() };
    office.perform(&actor(), notice, None).await?;
    let began = Instant::now();
    office.perform(&actor(), PostPlan { book: book.clone(), plan, on: on(12, 31) }, None).await?;
    let posted = began.elapsed();
    stages.end("posted");
    let pay = PayDividend { book: book.clone(), plan, batch: "D1".to_owned(), on: on(12, 31), money_account: None, accept: None };
    office.perform(&actor(), pay, None).await?;
    office.perform(&reviewer, ReviewBatch { book: book.clone(), batch: "D1".to_owned() }, None).await?;
    stages.end("drawn_up");
    let rows = write_file(&office).await?;
    let filed = began.elapsed();
    stages.end("filed");
    let began = Instant::now();
    office.perform(&actor(), SendBatch { book: book.clone(), batch: "D1".to_owned(), on: on(12, 31) }, None).await?;
    let sent = began.elapsed();
    stages.end("sent");
    let card = statement(&office, holders).await?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    let seconds = |took: Duration| figure(thousandths(took.as_micros(), 1_000_000));
    Ok(json!({
        "machine": machine,
        "holders": holders,
        "plan_s": seconds(planned),
        "posted_s": seconds(posted),
        "posted_and_file_s": seconds(filed),
        "sent_s": seconds(sent),
        "rows_in_file": rows,
        "household_statement_ms": figure(gauges::millis_each(card, 1)),
        "peak_rss_mb": stages.peak_without(&["laid_out", "sent"]),
        "found_and_peak_rss_mb_of": stages.figures(),
    }))
}

/// The cooperative with its holders, their trade and accounts, and a surplus that is settled.
async fn lay_out(office: &Office, book: &BookCode, holders: usize) -> Result<(), Stop> {
    let me = actor();
    office.perform(&me, AddCounty { name: "青禾县".to_owned() }, None).await?;
    let first_period = crate::calendar::AccountingPeriod::of(on(1, 1));
    let (kind, name) = (EntityKind::Cooperative, "合作社".to_owned());
    let new = Book { book: book.clone(), name, kind, place: None, organisation: None, first_period };
    office.perform(&me, AddBook { book: new, regime: None }, None).await?;
    let class = ShareClass::ordinary("A", "资金股", ClassKind::Subscribed);
    office.perform(&me, AddShareClasses { book: book.clone(), classes: vec![class] }, None).await?;
    let numbers: Vec<usize> = (0..holders).collect();
    for chunk in numbers.chunks(AT_ONCE) {
        subscribe(office, book, on(1, 5), chunk.iter().copied()).await?;
        subscribe(office, book, on(7, 1), chunk.iter().copied().filter(|n| n % 3 == 0)).await?;
        let trade =
            |n: &usize| Trade {
                member: member(*n), product: "香柚".to_owned(), volume: "1".to_owned(), amount: sum(*n, 7_919)
            };
        office.perform(&me, KeepTrade { book: book.clone(), year: 2025, trade: chunk.iter().map(trade).collect() }, None).await?;
        office.perform(&me, KeepPayees { payees: chunk.iter().map(|n| payee(*n)).collect() }, None).await?;
    }
    let surplus = Amount::from_fen(i64::try_from(holders).unwrap_or(1).saturating_mul(123_457));
    let voucher = Voucher::on(book, on(11, 1), "经营收入").debit(&AccountCode::from("102"), surplus, Dimensions::default());
    let voucher = voucher.credit(&AccountCode::from("501"), surplus, Dimensions::default()).balanced()?;
    office.perform(&me, PostVouchers { vouchers: vec![voucher], event: None }, None).await?;
    office.perform(&me, SettleResult { book: book.clone(), year: 2025 }, None).await?;
    Ok(())
}

fn member(n: usize) -> String {
    format!("H{n:06}")
}

/// A sum that differs from holder to holder.
fn sum(n: usize, factor: usize) -> Amount {
    Amount::from_fen(i64::try_from(10_000 + n * factor % 5_000_000).unwrap_or(10_000))
}

fn payee(n: usize) -> Payee {
    let name = format!("户{n}");
    Payee {
        party: member(n),
        account_name: name.clone(),
        name,
        account: format!("6217{n:012}"),
        bank: "农商行".to_owned(),
        ..Payee::default()
    }
}

async fn subscribe(office: &Office, book: &BookCode, on: BusinessDate, who: impl Iterator<Item = usize>) -> Result<(), Stop> {
    let one = |n: usize| {
        let amount = sum(n, 104_729);
        Subscription { member: member(n), source: Source::OwnCash, paid: amount, assets: Vec::new(), shares: amount }
    };
    let act = Subscribe {
        book: book.clone(),
        on,
        class: "A".to_owned(),
        money_account: AccountCode::from("102"),
        subscriptions: who.map(one).collect(),
        document: "协议".to_owned(),
        investor_book: None,
        investor_project: None,
    };
    office.perform(&actor(), act, None).await.map(drop)
}

/// Writes the bank's file, page by page, beside the temporary files; answers its rows.
async fn write_file(office: &Office) -> Result<usize, Stop> {
    let mut reader = office.db.reader().await?;
    let path = std::env::temp_dir().join(format!("cunzhang-bench-{}.csv", std::process::id()));
    let file = std::fs::File::create(&path).map_err(Failure::file(&path))?;
    let layout = Layout::default();
    let head = layout.sheet("2025 年分红", &[]);
    let mut table = Growing::csv(&head, std::io::BufWriter::new(file)).map_err(Failure::file(&path))?;
    let (mut pages, mut count, mut total) = (payouts::Pages::of("D1", &[]), 0, Amount::ZERO);
    while let Some(rows) = pages.next(&mut reader, &actor().county).await? {
        table.rows(&layout.cells(&rows)).map_err(Failure::file(&path))?;
        count += rows.len();
        total += rows.iter().map(|row| row.amount).sum();
    }
    table.end(&[layout.foot(total)]).and_then(|mut out| out.flush()).map_err(Failure::file(&path))?;
    std::fs::remove_file(&path).map_err(Failure::file(&path))?;
    Ok(count)
}

/// The median cost of a household's statement among all holders.
async fn statement(office: &Office, holders: usize) -> Result<Duration, Stop> {
    let mut reader = office.db.reader().await?;
    let mut taken = HashMap::new();
    for turn in 0..21usize {
        let began = Instant::now();
        let household = member(turn * 7_919 % holders);
        crate::household_card::store::card(&mut reader, &actor().county, &household, on(12, 31)).await?;
        taken.insert(turn, began.elapsed());
    }
    Ok(gauges::median(taken.into_values().collect()).unwrap_or_default())
}
