//! `verify`: reads a county's books from one snapshot and names everything that does not hold.
//!
//! 1. One snapshot for all of it: writers go on, and what is compared belongs together.
//! 2. Every check runs, whatever an earlier one found; findings are counted beyond those kept.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::balances::{self};
use super::finding::{Finding, Findings};
use super::months;
use super::store::{self, BookRow};
use super::verify::{BookFacts, MovementKey, Walk};
use crate::calendar::AccountingPeriod;
use crate::controls::equalities::service as equalities;
use crate::db::{Connection, Db, Failure, Stop};
use crate::ledger::books::store::{self as books, BookYear};
use crate::ledger::conversion::WorkSheet;
use crate::ledger::{BookCode, Chart, LedgerRefusal};
use crate::money::Amount;
use crate::products::microloan::service as microloan;
use crate::refusal::Refusal;

const VOUCHERS_A_PAGE: i64 = 1_000;
const MOVEMENTS_A_PAGE: i64 = 5_000;
const ACTS_A_PAGE: i64 = 500;
const FINDINGS_A_QUERY: i64 = Findings::MOST as i64 + 1;

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Books.
    pub books: u64,
    /// Vouchers, drafts and voided ones included.
    pub vouchers: u64,
    /// Posted vouchers whose digest was computed again.
    pub posted: u64,
    /// Lines of posted vouchers.
    pub lines: u64,
    /// Movement rows compared with their lines.
    pub movements: u64,
    /// Series of numbers.
    pub series: u64,
    /// Periods.
    pub periods: u64,
    /// Lines of the audit trail.
    pub acts: u64,
    /// Stored files whose digest was computed again.
    pub files: u64,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// True if nothing was found.
    pub ok: bool,
    /// How much was looked at.
    pub checked: Checked,
    /// The findings, at most a hundred.
    pub findings: Vec<Refusal>,
    /// How many more there were.
    pub beyond: u64,
}

/// The event of a change of regime.
#[derive(serde::Deserialize)]
struct Converted {
    book: String,
    work_sheet: WorkSheet,
}

struct Run<'a> {
    county: &'a str,
    /// Empty for all books.
    only: &'a str,
    checked: Checked,
    findings: Findings,
}

/// Derives everything again for a county's books, or one of them. Refuses a book the county does not have (L-306).
pub async fn verify(db: &Db, county: &str, book: Option<&BookCode>) -> Result<VerifyReport, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let only = book.map_or("", |book| book.0.as_str());
    let rows = store::books(&mut tx, county, only).await?;
    if rows.is_empty() && book.is_some() {
        return Err(LedgerRefusal::UnknownBook { book: only.to_owned() }.into());
    }
    let mut run = Run { county, only, checked: Checked::default(), findings: Findings::default() };
    for row in &rows {
        run.book(&mut tx, row).await?;
    }
    run.keys(&mut tx).await?;
    run.acts(&mut tx).await?;
    run.files(&mut tx).await?;
    if book.is_none() {
        run.across(&mut tx).await?;
    }
    let Findings { list, beyond } = run.findings;
    Ok(VerifyReport { ok: list.is_empty(), checked: run.checked, findings: list, beyond })
}

impl Run<'_> {
    /// I8: what spans books and registers (posting-rules.md §6), and every loan derived again from its facts.
    async fn across(&mut self, tx: &mut Connection) -> Result<(), Stop> {
        for finding in equalities::check_equalities(tx, self.county).await? {
            self.findings.note(Finding::BooksDisagree { what: format!("第 {} 项 {}", finding.equality, finding.what) });
        }
        let (_, loans) = microloan::check_loans(tx, self.county).await?;
        for finding in microloan::check_equalities(tx, self.county).await?.into_iter().chain(loans) {
            let (books, registers) = (finding.books.grouped(), finding.registers.grouped());
            self.findings
                .note(Finding::BooksDisagree { what: format!("{} {}:{books} ≠ {registers}", finding.rule, finding.place) });
        }
        Ok(())
    }

    async fn book(&mut self, tx: &mut Connection, row: &BookRow) -> Result<(), Stop> {
        let facts = self.facts(tx, &row.book).await?;
        let mut walk = Walk::begin(self.county, &row.book, &facts);
        loop {
            let page = store::posted(tx, self.county, &row.book, walk.place, VOUCHERS_A_PAGE).await?;
            if page.is_empty() {
                break;
            }
            page.iter().for_each(|voucher| walk.take(voucher, &mut self.findings));
            self.checked.posted += page.len() as u64;
        }
        walk.end(row.last_posted, &row.last_digest, &mut self.findings);
        self.checked.lines += walk.lines;
        balances::check_equation(&row.book, &facts, &walk.movements, &mut self.findings);
        balances::compare_closings(&row.book, &facts.closings, &walk.movements, &mut self.findings);
        self.openings(tx, &row.book, &walk).await?;
        let derived = walk.movements;
        self.movements(tx, &row.book, derived).await?;
        self.numbers(tx, row).await?;
        self.strays(tx, &row.book).await?;
        self.checked.books += 1;
        Ok(())
    }

    /// Charts and periods; statutory accounts are compared with their regime on the way.
    async fn facts(&mut self, tx: &mut Connection, book: &str) -> Result<BookFacts, Stop> {
        let mut facts = BookFacts::default();
        let code = BookCode::from(book);
        for year in books::years(tx, self.county, &code).await? {
            let accounts = books::accounts(tx, self.county, &code, year.year).await?;
            balances::compare_chart(book, year.year, &Chart::of(&year.regime)?, accounts.iter(), &mut self.findings);
            let by_code = accounts.into_iter().map(|account| (account.code.clone(), account)).collect();
            facts.accounts.insert(format!("{:04}", year.year), by_code);
        }
        let periods = store::periods(tx, self.county, book).await?;
        let acts = store::month_acts(tx, self.county, book).await?;
        months::compare_months(book, &periods, &acts, &mut self.findings);
        for (period, state, changed_at, digest) in periods {
            if let (Ok(closed), "closed") = (AccountingPeriod::parse(&period), state.as_str()) {
                facts.closings.push((closed, digest));
            }
            facts.periods.insert(period, (state == "closed").then_some(changed_at));
            self.checked.periods += 1;
        }
        Ok(facts)
    }

    /// I5, for every year whose balances were carried on.
    async fn openings(&mut self, tx: &mut Connection, book: &str, walk: &Walk<'_>) -> Result<(), Failure> {
        let years = books::years(tx, self.county, &BookCode::from(book)).await?;
        let carried = years.windows(2).filter(|pair| pair[0].carried_at.is_some() && pair[0].year + 1 == pair[1].year);
        for pair in carried {
            if pair[0].regime == pair[1].regime {
                balances::compare_opening(book, &walk.movements, pair[1].year, &mut self.findings);
            } else {
                self.conversion(tx, book, walk, pair).await?;
            }
        }
        Ok(())
    }

    /// The newest work sheet of the book's change of regime; a lost one cannot explain the opening.
    async fn conversion(&mut self, tx: &mut Connection, book: &str, walk: &Walk<'_>, pair: &[BookYear]) -> Result<(), Failure> {
        let kept = store::work_sheets(tx, self.county).await?;
        let sheets = kept.iter().filter_map(|what| serde_json::from_str::<Converted>(what).ok());
        let of_book = |c: &Converted| c.book == book && c.work_sheet.from == pair[0].regime && c.work_sheet.to == pair[1].regime;
        match sheets.into_iter().find(of_book) {
            Some(found) => {
                balances::compare_conversion(book, &walk.movements, pair[1].year, &found.work_sheet, &mut self.findings);
            }
            None => self.findings.note(Finding::WorkSheetMissing { book: book.to_owned(), year: pair[1].year.into() }),
        }
        Ok(())
    }

    /// I4: stored movements are struck off against derived ones, both ways.
    async fn movements(
        &mut self,
        tx: &mut Connection,
        book: &str,
        mut derived: std::collections::HashMap<MovementKey, super::verify::Sums>,
    ) -> Result<(), Failure> {
        let mut after = MovementKey::default();
        loop {
            let page = store::movements(tx, self.county, book, &after, MOVEMENTS_A_PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = last.clone();
            for (key, stored) in &page {
                balances::compare_movement(book, &mut derived, key, *stored, &mut self.findings);
            }
            self.checked.movements += page.len() as u64;
        }
        balances::missing_movements(book, derived, &mut self.findings);
        Ok(())
    }

    /// I3: numbers and keys without gaps.
    async fn numbers(&mut self, tx: &mut Connection, row: &BookRow) -> Result<(), Failure> {
        for series in store::series(tx, self.county, &row.book).await? {
            if !series.is_dense() {
                let numbers = store::numbers(tx, self.county, &row.book, &series.series).await?;
                self.findings.note(series.finding(&row.book, &numbers));
            }
            self.checked.series += 1;
        }
        for (what, expected) in [("凭证张数", row.vouchers), ("末张凭证键", row.highest)] {
            if expected != row.last_voucher {
                let (expected, found) = (expected.to_string(), row.last_voucher.to_string());
                self.findings.note(Finding::BookRowDiffers { book: row.book.clone(), what: what.to_owned(), expected, found });
            }
        }
        self.checked.vouchers += u64::try_from(row.vouchers).unwrap_or(0);
        Ok(())
    }

    /// Lines without voucher, drafts that do not balance, states that contradict the chain.
    async fn strays(&mut self, tx: &mut Connection, book: &str) -> Result<(), Failure> {
        for (voucher, line) in store::orphan_lines(tx, self.county, book, FINDINGS_A_QUERY).await? {
            let what = "没有所属凭证".to_owned();
            self.findings.note(Finding::LineAstray { book: book.to_owned(), voucher: format!("键 {voucher}"), line, what });
        }
        for (voucher, debit, credit) in store::unbalanced_drafts(tx, self.county, book, FINDINGS_A_QUERY).await? {
            let (debit, credit) = (Amount::from_fen(debit).grouped(), Amount::from_fen(credit).grouped());
            self.findings.note(Finding::Unbalanced { book: book.to_owned(), voucher, debit, credit });
        }
        for (voucher, state, posted) in store::wrong_states(tx, self.county, book, FINDINGS_A_QUERY).await? {
            let posted = posted.map_or("无".to_owned(), |place| place.to_string());
            self.findings.note(Finding::StateDiffers { book: book.to_owned(), voucher, state, posted });
        }
        Ok(())
    }

    /// I11.
    async fn keys(&mut self, tx: &mut Connection) -> Result<(), Failure> {
        for (what, key, times) in store::keys_twice(tx, self.county, self.only).await? {
            self.findings.note(Finding::KeyTwice { what, key, times });
        }
        Ok(())
    }

    /// Every posting has its act, every digest an act saw is still in the chain, every act can be read.
    async fn acts(&mut self, tx: &mut Connection) -> Result<(), Failure> {
        for (book, voucher, by, at) in store::postings_without_act(tx, self.county, self.only).await? {
            self.findings.note(Finding::NoAct { book, voucher, by, at });
        }
        for (book, act, digest) in store::forgotten_digests(tx, self.county, self.only).await? {
            self.findings.note(Finding::DigestForgotten { book, act, digest });
        }
        let mut after = String::new();
        loop {
            let page = store::acts(tx, self.county, self.only, &after, ACTS_A_PAGE).await?;
            let Some((last, ..)) = page.last() else { return Ok(()) };
            after = last.clone();
            page.iter().for_each(|act| self.act(act));
        }
    }

    fn act(&mut self, (act, what, answer): &(String, String, String)) {
        for (part, text) in [("内容", what), ("答复", answer)] {
            if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
                self.findings.note(Finding::ActDamaged { act: act.clone(), what: part.to_owned() });
            }
        }
        self.checked.acts += 1;
    }

    /// Stored files still have the digest they are kept by; one at a time.
    async fn files(&mut self, tx: &mut Connection) -> Result<(), Failure> {
        for (book, voucher, name, digest) in store::missing_files(tx, self.county, self.only).await? {
            self.findings.note(Finding::FileMissing { book, voucher, name, digest });
        }
        let mut after = String::new();
        while let Some((digest, content)) = store::next_file(tx, self.county, &after).await? {
            let found = hex::encode(Sha256::digest(&content));
            if found != digest {
                self.findings.note(Finding::FileDiffers { digest: digest.clone(), found });
            }
            after = digest;
            self.checked.files += 1;
        }
        Ok(())
    }
}
