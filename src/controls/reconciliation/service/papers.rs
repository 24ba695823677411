//! What the papers read, and keeping them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{At, locked};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::account::{BankAccount, CloseCheck};
use crate::controls::reconciliation::candidates;
use crate::controls::reconciliation::matching::Window;
use crate::controls::reconciliation::papers::{self, Standing};
use crate::controls::reconciliation::{BankItem, BookItem, ReconciliationRefusal, store};
use crate::db::{Connection, Stop};
use crate::exchange::{Sheet, write_json};
use crate::ledger::BookCode;
use crate::ledger::posting::PeriodState;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Which free statement lines candidates are looked for: the next ones after a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Lines after this one: (line, part).
    pub after: (i64, i64),
    /// How many.
    pub limit: usize,
}

impl Page {
    /// The first page.
    pub const FIRST: Page = Page { after: (0, 0), limit: 1_000 };
}

/// Where an account stands at a month's end. Changes nothing.
pub async fn standing(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    period: AccountingPeriod,
) -> Result<Standing, Stop> {
    let through = period.last_day();
    let free = store::Free { through, as_of: true };
    let (_, cards) = store::names(tx, county, account).await?;
    let bank = store::bank_items(tx, county, account, free).await?;
    let book = store::book_items(tx, county, account, &cards, free).await?;
    let balances = store::balances(tx, county, account, through).await?;
    let opening = match account.opening {
        Some(opening) => Some(opening),
        None => store::imports(tx, county, &account.code)
            .await?
            .iter()
            .filter(|import| import.undone_at.is_none())
            .min_by_key(|import| (import.from, import.import))
            .and_then(|first| first.opening),
    };
    let computed = opening.and_then(|opening| opening.checked_add(balances.bank_moved));
    let bank_balance = balances.bank_stated.or(computed).unwrap_or(balances.bank_moved);
    let mut notes = Vec::new();
    if let (Some(stated), Some(computed)) = (balances.bank_stated, computed)
        && stated != computed
    {
        notes.push(format!("对账单余额 {} 与期初加流水 {} 不符,对账单可能缺行", stated.grouped(), computed.grouped()));
    }
    match balances.covered_through {
        None => notes.push("没有导入对账单".to_owned()),
        Some(covered) if covered < through => notes.push(format!("对账单只到 {covered}")),
        Some(_) => {}
    }
    let book_balance = balances.book_opening.checked_add(balances.book_moved).unwrap_or(Amount::LARGEST);
    Ok(Standing { period, bank_balance, book_balance, bank, book, notes })
}

/// The unmatched list with the first candidate of every statement line of a page.
pub async fn with_candidates(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    period: AccountingPeriod,
    page: Page,
) -> Result<(Standing, Sheet, Vec<candidates::Candidate>), Stop> {
    let free = store::Free { through: period.last_day(), as_of: false };
    let (_, cards) = store::names(tx, county, account).await?;
    let bank = store::bank_items(tx, county, account, free).await?;
    let book = store::book_items(tx, county, account, &cards, free).await?;
    let found = of_page(account, &bank, &book, page);
    let hints = found.iter().filter_map(|(line, found)| Some(((line.line, line.part), in_words(line, found.first()?)))).collect();
    let last = found.last().map(|(line, _)| (line.line, line.part));
    let more = last.is_some_and(|last| bank.iter().any(|item| (item.line, item.part) > last));
    let all = found.into_iter().flat_map(|(_, found)| found.into_iter().take(9)).collect();
    let standing = Standing { period, bank_balance: Amount::ZERO, book_balance: Amount::ZERO, bank, book, notes: Vec::new() };
    let mut sheet = papers::unmatched(account, &standing, &hints);
    if let Some((line, part)) = last.filter(|_| more) {
        let last = papers::line_name(line, part);
        sheet.notes.push(format!("可能的对应列到流水 {last};以后的用 reconcile list --after {last}"));
    }
    Ok((standing, sheet, all))
}

/// The lines of a page with what may belong to them. Lines meet only others near their day, so a page of a large
/// account costs what its days hold.
fn of_page<'b>(
    account: &BankAccount,
    bank: &'b [BankItem],
    book: &[BookItem],
    page: Page,
) -> Vec<(&'b BankItem, Vec<candidates::Candidate>)> {
    let window = Window { days: account.candidate_days };
    let (mut bank_by_day, mut book_by_day) = (bank.to_vec(), book.to_vec());
    bank_by_day.sort_by_key(|item| (item.on, item.line, item.part));
    book_by_day.sort_by_key(|item| (item.on, item.voucher, item.line));
    let wanted = bank.iter().filter(|item| (item.line, item.part) > page.after).take(page.limit);
    let candidates = |item: &'b BankItem| {
        let far = |on: BusinessDate| (on - item.on).num_days();
        let of_bank = bank_by_day.partition_point(|other| far(other.on) < -window.days)
            ..bank_by_day.partition_point(|other| far(other.on) <= window.days);
        let of_book = book_by_day.partition_point(|other| far(other.on) < -window.days)
            ..book_by_day.partition_point(|other| far(other.on) <= window.days);
        (item, candidates::for_line(&account.code, item, &bank_by_day[of_bank], &book_by_day[of_book], window))
    };
    wanted.map(candidates).collect()
}

fn in_words(item: &BankItem, candidate: &candidates::Candidate) -> String {
    let others = candidate.bank.iter().filter(|key| **key != (item.line, item.part));
    let lines: Vec<String> = others.map(|(line, part)| papers::line_name(*line, *part)).collect();
    let with = if lines.is_empty() { String::new() } else { format!("连同流水 {} ", lines.join("、")) };
    format!("{with}{}:{}", candidate.names, candidate.reasons.join(","))
}

/// Keeps a month's 银行存款余额调节表 under the acting person's name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveReconciliation {
    /// The bank account.
    pub at: At,
    /// The month.
    pub period: AccountingPeriod,
}

/// A kept paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Its version; the same as before where nothing changed.
    pub version: i64,
    /// SHA-256 of its content.
    pub digest: String,
    /// What does not balance.
    pub difference: Amount,
    /// True if this very paper was kept before.
    pub known: bool,
}

impl Act for SaveReconciliation {
    const KIND: &'static str = "reconcile.save";
    type Answer = Saved;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Saved, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let standing = standing(tx, &scene.county, &account, self.period).await?;
        let sheets = [papers::statement(&account, &standing), papers::by_age(&account, &standing)];
        let closed = is_closed(tx, scene, &account.book, self.period).await?;
        keep_document(tx, scene, ("bank", &account.code), self.period, &sheets, standing.adjusted().difference(), closed).await
    }
}

async fn is_closed(tx: &mut Connection, scene: &Scene, book: &BookCode, period: AccountingPeriod) -> Result<bool, Stop> {
    let known = crate::ledger::store::known(tx, &scene.county, &[], &[(book.0.as_str(), period)], &[]).await?;
    Ok(known.periods.get(&(book.clone(), period)) == Some(&PeriodState::Closed))
}

/// Keeps a paper, unless the last version is this very paper. Refuses to change one of a closed month.
pub async fn keep_document(
    tx: &mut Connection,
    scene: &Scene,
    (kind, subject): (&str, &str),
    period: AccountingPeriod,
    sheets: &[Sheet],
    difference: Amount,
    closed: bool,
) -> Result<Saved, Stop> {
    let content = content(sheets);
    let digest = hex::encode(Sha256::digest(&content));
    let last = store::document(tx, &scene.county, (kind, subject), period).await?;
    if let Some(last) = &last {
        if last.digest == digest {
            return Ok(Saved { version: last.version, digest, difference, known: true });
        }
        if closed {
            return Err(ReconciliationRefusal::DocumentFrozen { subject: subject.to_owned(), period: period.label_zh() }.into());
        }
    }
    let version = last.map_or(1, |last| last.version + 1);
    let document = store::Document {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        period,
        version,
        digest: digest.clone(),
        content,
        difference,
        made_at: scene.at.clone(),
        made_by: scene.actor.clone(),
    };
    store::save_document(tx, &scene.county, &document).await?;
    Ok(Saved { version, digest, difference, known: false })
}

/// The sheets as one text, the same for the same sheets.
fn content(sheets: &[Sheet]) -> String {
    let mut bytes = Vec::new();
    for sheet in sheets {
        write_json(sheet, &mut bytes).expect("writing into memory does not fail");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a period close finds of a book's bank accounts: (does it block, what was found).
pub async fn close_findings(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<Vec<(bool, String)>, Stop> {
    let mut findings = Vec::new();
    for account in store::accounts_of(tx, county, book).await? {
        if account.close_check == CloseCheck::Off || AccountingPeriod::of(account.starts_on) > period {
            continue;
        }
        if let Some(words) = finding(tx, county, &account, period).await? {
            findings.push((account.close_check == CloseCheck::Block, format!("银行账户 {} {words}", account.code)));
        }
    }
    Ok(findings)
}

async fn finding(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    period: AccountingPeriod,
) -> Result<Option<String>, Stop> {
    let Some(kept) = store::document(tx, county, ("bank", &account.code), period).await? else {
        return Ok(Some("未签存余额调节表".to_owned()));
    };
    let now = standing(tx, county, account, period).await?;
    let difference = now.adjusted().difference();
    if !difference.is_zero() {
        return Ok(Some(format!("调节后不平,差 {}", difference.grouped())));
    }
    let sheets = [papers::statement(account, &now), papers::by_age(account, &now)];
    let same = kept.digest == hex::encode(Sha256::digest(content(&sheets)));
    Ok((!same).then(|| "签存后又有变动,须重新签存余额调节表".to_owned()))
}
