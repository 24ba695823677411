//! `voucher import`: a file of vouchers becomes drafts of the acting person.
//!
//! 1. Nothing is written while a row is wrong, unless `--accepted-only` takes the vouchers without one.
//! 2. A voucher imported before is known again by its source key and left out, so the same file twice adds nothing.
//! 3. A voucher whose date and number are in the book with other content is a problem: a corrected file books nothing twice,
//!    unless `--also-changed` says that it is another voucher.
//! 4. `--dry-run` shows counts, sums and every problem, the book's own included, and writes nothing.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::counter::{Counter, CounterRefusal};
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::db::{Connection, Stop};
use crate::exchange::problems::RowProblem;
use crate::exchange::source_key::{content, place};
use crate::exchange::vouchers_in::{ImportedVoucher, VouchersIn, read_vouchers};
use crate::faces::resolve::{AccountNames, Cards};
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::vouchers::service::{KeepDrafts, MoveVouchers, Step};
use crate::ledger::{BookCode, LedgerRefusal, Voucher, posting, store};
use crate::money::Amount;

/// Source keys looked up at a time.
const AT_A_TIME: usize = 5_000;

/// What to import, how.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// csv、xlsx 或 xls 文件
    file: PathBuf,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 只检查,不写入
    #[arg(long)]
    dry_run: bool,
    /// 有问题的凭证不导入,其余导入
    #[arg(long)]
    accepted_only: bool,
    /// 同日期同字号的凭证已导入过而内容不同的,作为另一张凭证导入
    #[arg(long)]
    also_changed: bool,
    /// 导入后即提交
    #[arg(long)]
    submit: bool,
    /// 只按这一年的科目表认科目;不写时用账套全部年度
    #[arg(long)]
    year: Option<i32>,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

/// What the file came to, as the answer tells it.
#[derive(Debug, Default)]
struct Outcome {
    vouchers: usize,
    lines: usize,
    sums: (Amount, Amount),
    fresh: usize,
    known: usize,
    refused: u64,
    added: Vec<Numbered>,
    submitted: bool,
    dry_run: bool,
}

/// Imports a file.
pub async fn run(arguments: ImportArguments, counter: &Counter) -> Result<Reply, Stop> {
    let book = BookCode(arguments.book.clone());
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let mut read = read(&mut tx, &arguments, &book, counter).await?;
    let vouchers = std::mem::take(&mut read.vouchers);
    let mut outcome = counted(&vouchers, &arguments);
    let fresh = not_known(&mut tx, vouchers, &mut outcome, counter).await?;
    let fresh =
        if arguments.also_changed { fresh } else { not_changed(&mut tx, fresh, &mut read, &mut outcome, counter).await? };
    let fresh = check_fresh(&mut tx, fresh, &mut read, &mut outcome, counter).await?;
    drop(tx);
    outcome.refused += read.refused_vouchers;
    let nothing_good = fresh.is_empty() && outcome.known == 0;
    if !read.problems.is_empty() && (!arguments.accepted_only || nothing_good) {
        let reply = answer(&outcome, &read, false);
        return Ok(reply.refused(CounterRefusal::BadRows { rows: read.problems.len() }.refusal()));
    }
    if !arguments.dry_run && !fresh.is_empty() {
        keep(fresh, &book, arguments.submit, &mut outcome, counter).await?;
    }
    Ok(answer(&outcome, &read, true))
}

async fn read(tx: &mut Connection, arguments: &ImportArguments, book: &BookCode, counter: &Counter) -> Result<VouchersIn, Stop> {
    let names = AccountNames::of(tx, counter.county(), book, arguments.year).await?;
    let cards = Cards::of(tx, counter.county(), book).await?;
    let (bytes, options) = (import::read_bytes(&arguments.file)?, arguments.reading.options()?);
    let mut read = read_vouchers(&bytes, book, &options, &|code, name| names.find(code, name))?;
    let lines = read.vouchers.iter_mut().flat_map(|imported| &mut imported.voucher.lines);
    lines.for_each(|line| cards.resolve(&mut line.dimensions));
    Ok(read)
}

fn counted(vouchers: &[ImportedVoucher], arguments: &ImportArguments) -> Outcome {
    let lines = || vouchers.iter().flat_map(|imported| &imported.voucher.lines);
    let sums = Amount::try_sum(lines().map(|line| line.debit)).zip(Amount::try_sum(lines().map(|line| line.credit)));
    Outcome {
        vouchers: vouchers.len(),
        lines: lines().count(),
        sums: sums.unwrap_or_default(),
        dry_run: arguments.dry_run,
        ..Outcome::default()
    }
}

/// The vouchers that no import brought in before.
async fn not_known(
    tx: &mut Connection,
    mut vouchers: Vec<ImportedVoucher>,
    outcome: &mut Outcome,
    counter: &Counter,
) -> Result<Vec<ImportedVoucher>, Stop> {
    let keys = known_keys(tx, &vouchers, counter.county()).await?;
    let is_known = |imported: &ImportedVoucher| {
        let key = imported.voucher.source_key.as_deref();
        key.is_some_and(|key| keys.contains(key) || keys.contains(content(key)))
    };
    let before = vouchers.len();
    vouchers.retain(|imported| !is_known(imported));
    outcome.known = before - vouchers.len();
    Ok(vouchers)
}

/// The vouchers whose date and number the book does not have; the others join the problems (L-215).
async fn not_changed(
    tx: &mut Connection,
    vouchers: Vec<ImportedVoucher>,
    read: &mut VouchersIn,
    outcome: &mut Outcome,
    counter: &Counter,
) -> Result<Vec<ImportedVoucher>, Stop> {
    let numbered = vouchers.iter().filter(|imported| !imported.file_number.is_empty());
    let places: Vec<String> = numbered.map(|imported| place(imported.voucher.dated_on, &imported.file_number)).collect();
    let mut there: HashMap<String, String> = HashMap::new();
    for part in places.chunks(AT_A_TIME) {
        let asked: Vec<(&str, &str)> = part.iter().map(|place| (vouchers[0].voucher.book.0.as_str(), place.as_str())).collect();
        there.extend(store::sources_at(tx, counter.county(), &asked).await?);
    }
    let mut others = Vec::with_capacity(vouchers.len());
    for imported in vouchers {
        let (on, number) = (imported.voucher.dated_on, imported.file_number.clone());
        let Some(voucher) = there.get(&place(on, &number)).cloned() else {
            others.push(imported);
            continue;
        };
        outcome.refused += 1;
        let why = LedgerRefusal::ChangedSince { number: number.clone(), on: on.to_string(), voucher };
        read.problems.push(RowProblem::at(imported.rows.0, "", &number, why));
    }
    Ok(others)
}

/// The vouchers that the book takes; what it says to the others joins the problems.
async fn check_fresh(
    tx: &mut Connection,
    fresh: Vec<ImportedVoucher>,
    read: &mut VouchersIn,
    outcome: &mut Outcome,
    counter: &Counter,
) -> Result<Vec<Voucher>, Stop> {
    let contents: Vec<&Voucher> = fresh.iter().map(|imported| &imported.voucher).collect();
    let known = ledger::known(tx, counter.county(), &contents).await?;
    let mut good = Vec::with_capacity(fresh.len());
    for imported in fresh {
        match posting::check(&imported.voucher, &known) {
            Ok(()) => good.push(imported.voucher),
            Err(why) => {
                outcome.refused += 1;
                read.problems.push(RowProblem::at(imported.rows.0, "", &imported.file_number, why));
            }
        }
    }
    read.problems.sort_by_key(|problem| problem.row);
    outcome.fresh = good.len();
    Ok(good)
}

async fn known_keys(tx: &mut Connection, vouchers: &[ImportedVoucher], county: &str) -> Result<HashSet<String>, Stop> {
    let mut known = HashSet::new();
    for part in vouchers.chunks(AT_A_TIME) {
        let keyed = part.iter().filter_map(|v| Some((v.voucher.book.0.as_str(), v.voucher.source_key.as_deref()?)));
        let asked: Vec<(&str, &str)> = keyed.flat_map(|(book, key)| [(book, key), (book, content(key))]).collect();
        known.extend(store::known_sources(tx, county, &asked).await?.into_iter().map(|(_, key)| key));
    }
    Ok(known)
}

/// Keeps the drafts in one act; what another import brought in meanwhile is left out.
async fn keep(fresh: Vec<Voucher>, book: &BookCode, submit: bool, outcome: &mut Outcome, counter: &Counter) -> Result<(), Stop> {
    let kept = counter.perform(KeepDrafts { book: book.clone(), vouchers: fresh, skip_known: true }).await?;
    outcome.known += kept.known;
    outcome.added = kept.numbered;
    if submit && !outcome.added.is_empty() {
        let vouchers = outcome.added.iter().map(|numbered| numbered.1).collect();
        let act = MoveVouchers { book: book.clone(), vouchers, step: Step::Submit, reason: None };
        counter.perform_next(act, "submit").await?;
        outcome.submitted = true;
    }
    Ok(())
}

fn answer(outcome: &Outcome, read: &VouchersIn, done: bool) -> Reply {
    let (debit, credit) = (outcome.sums.0.grouped(), outcome.sums.1.grouped());
    let mut lines =
        vec![format!("可导入的凭证 {} 张、分录 {} 条,借方合计 {debit},贷方合计 {credit}", outcome.vouchers, outcome.lines)];
    lines.extend(done.then(|| outcome.in_words()));
    if outcome.refused > 0 {
        lines.push(format!("有问题的凭证 {} 张,没有导入", outcome.refused));
    }
    let mut sheets = Vec::new();
    for (title, problems) in [("问题清单", &read.problems), ("未导入的行(不一定有错)", &read.warnings)] {
        if !problems.is_empty() {
            sheets.push(import::problem_sheet(title, problems));
        }
    }
    let reply = Reply { lines, json: Some(outcome.as_json(read)), sheets, ..Reply::default() };
    import::with_unknown_columns(reply, &read.table)
}

impl Outcome {
    fn in_words(&self) -> String {
        let submitted = if self.submitted { ",已提交" } else { "" };
        match (&self.added[..], self.known) {
            _ if self.dry_run => format!("检查完毕,未写入:可新增 {} 张,已导入过 {} 张", self.fresh, self.known),
            ([], _) => format!("已导入过,新增 0 张(文件中 {} 张凭证都在账上)", self.known),
            ([first, .., last], 0) => {
                format!("新增 {} 张:{} … {}{submitted}", self.added.len(), first.reference(), last.reference())
            }
            ([first, ..], known) => {
                format!("新增 {} 张:{} 起{submitted};已导入过 {known} 张", self.added.len(), first.reference())
            }
        }
    }

    fn as_json(&self, read: &VouchersIn) -> Value {
        let added: Vec<String> = self.added.iter().map(Numbered::reference).collect();
        json!({
            "dry_run": self.dry_run,
            "vouchers": self.vouchers,
            "lines": self.lines,
            "debit": self.sums.0,
            "credit": self.sums.1,
            "new": self.fresh,
            "added": added.len(),
            "added_vouchers": added,
            "known": self.known,
            "refused": self.refused,
            "submitted": self.submitted,
            "problems": read.problems,
            "warnings": read.warnings,
            "unknown_columns": read.table.unknown,
        })
    }
}
