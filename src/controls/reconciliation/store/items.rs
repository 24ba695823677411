//! Lines of both sides that are not matched, and the balances they lead to.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::{BankItem, BookItem};
use crate::db::rows::{as_json, column, parsed};
use crate::db::sealing::unseal;
use crate::db::{Connection, Failure};
use crate::money::Amount;

/// Which lines are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Free {
    /// Through this day.
    pub through: BusinessDate,
    /// Also lines whose group reaches beyond that day: outstanding on it, though matched since.
    pub as_of: bool,
}

/// The bank's lines that are not matched, in their order.
pub async fn bank_items(tx: &mut Connection, county: &str, account: &BankAccount, free: Free) -> Result<Vec<BankItem>, Failure> {
    let text = bank_text(tx, county, account, free, (0, i64::MAX)).await?;
    let mut items = parsed_lines(text.as_deref(), bank_item_of)?;
    items.sort_by_key(|item: &BankItem| (item.line, item.part));
    Ok(items)
}

/// The bank's lines that are not matched, of lines after one through another, as one text.
pub(super) async fn bank_text(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    free: Free,
    (after, through): (i64, i64),
) -> Result<Option<String>, Failure> {
    const SQL: &str = "select string_agg(cast(s.line as text) || $7 || cast(s.part as text) || $7 || s.dated_on || $7 \
         || cast(s.amount_cents as text) || $7 || replace(replace(s.name, $7, ' '), $8, ' ') || $7 \
         || s.account || $7 || replace(replace(s.serial, $7, ' '), $8, ' ') || $7 \
         || replace(replace(s.summary, $7, ' '), $8, ' '), $8) from statement_line s \
         where s.county = $1 and s.bank_account = $2 and s.line > $4 and s.line <= $5 and s.dated_on <= $3 and s.parts = 0 \
         and not exists (select 1 from match_bank m where m.county = s.county and m.bank_account = s.bank_account \
         and m.line = s.line and m.part = s.part and ($6 = 0 or not (exists (select 1 from match_bank mb \
         join statement_line t on t.county = mb.county and t.bank_account = mb.bank_account and t.line = mb.line and t.part = mb.part \
         where mb.county = m.county and mb.bank_account = m.bank_account and mb.match_group = m.match_group and t.dated_on > $3) \
         or exists (select 1 from match_book k join voucher v on v.county = k.county and v.book = k.book and v.voucher = k.voucher \
         where k.county = m.county and k.bank_account = m.bank_account and k.match_group = m.match_group and v.dated_on > $3))))";
    let query = sqlx::query(SQL).bind(county).bind(&account.code).bind(free.through.to_string()).bind(after).bind(through);
    column(&query.bind(i64::from(free.as_of)).bind(FIELD).bind(LINE).fetch_one(tx).await?, 0)
}

/// What stands between fields and lines where many rows come as one text: one text costs a tenth of as many rows.
pub(super) const FIELD: &str = "\u{1f}";
pub(super) const LINE: &str = "\u{1e}";

/// The rows of a text.
pub(super) fn parsed_lines<T>(
    text: Option<&str>,
    read: fn(&mut std::str::Split<'_, &str>) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let lines = text.into_iter().flat_map(|text| text.split(LINE));
    let damaged = |line: &str| Failure::Damaged(format!("line {line}"));
    lines.map(|line| read(&mut line.split(FIELD)).ok_or_else(|| damaged(line))).collect()
}

pub(super) fn bank_item_of(fields: &mut std::str::Split<'_, &str>) -> Option<BankItem> {
    let (line, part) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let (on, amount) = (iso_date(fields.next()?)?, Amount::from_fen(fields.next()?.parse().ok()?));
    let mut text = || fields.next().map(str::to_owned);
    Some(BankItem { line, part, on, amount, name: text()?, account: unseal(text()?).ok()?, serial: text()?, summary: text()? })
}

/// `2026-10-31`, faster than the general parser.
fn iso_date(text: &str) -> Option<BusinessDate> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    BusinessDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn bank_item(row: &AnyRow) -> Result<BankItem, Failure> {
    Ok(BankItem {
        line: column(row, 0)?,
        part: column(row, 1)?,
        on: parsed(row, 2, |text| text.parse().ok())?,
        amount: Amount::from_fen(column(row, 3)?),
        name: column(row, 4)?,
        account: unseal(column(row, 5)?)?,
        serial: column(row, 6)?,
        summary: column(row, 7)?,
    })
}

/// The book's posted lines that are not matched, openings left out, in the order of vouchers.
pub async fn book_items(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    names: &HashMap<String, String>,
    free: Free,
) -> Result<Vec<BookItem>, Failure> {
    let first = AccountingPeriod::of(account.starts_on).to_string();
    let text = book_text(tx, county, account, free, (&first, LAST_PERIOD)).await?;
    let mut items = parsed_lines(text.as_deref(), book_item_of)?;
    for item in &mut items {
        named(item, names);
    }
    items.sort_by_key(|item: &BookItem| (item.voucher, item.line));
    Ok(items)
}

/// Later than every period.
pub(super) const LAST_PERIOD: &str = "9999-99";

/// The same of vouchers from one period through another, as one text.
pub(super) async fn book_text(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    free: Free,
    (first, last): (&str, &str),
) -> Result<Option<String>, Failure> {
    const SQL: &str = "select string_agg(cast(l.voucher as text) || $11 || cast(l.line as text) || $11 || v.dated_on || $11 \
         || cast(l.debit_cents - l.credit_cents as text) || $11 || replace(replace(l.summary, $11, ' '), $12, ' ') || $11 \
         || v.period || '-' || v.word || '-' || cast(v.number as text) || $11 || coalesce(v.source_key, '') || $11 \
         || coalesce(cast(v.reverses as text), '') || $11 || coalesce((select case when min(o.party) = max(o.party) then min(o.party) end  \
         from voucher_line o where o.county = l.county and o.book = l.book and o.voucher = l.voucher), ''), $12) \
         from voucher_line l join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher \
         and v.state = 'posted' and v.stage <> 'opening' \
         where l.county = $1 and l.book = $2 and l.account = $3 and ($4 = '' or l.bank_account = $4) and l.period >= $5 and l.period <= $8 \
         and v.dated_on >= $6 and v.dated_on <= $7 \
         and not exists (select 1 from match_book m where m.county = l.county and m.bank_account = $9 and m.book = l.book \
         and m.voucher = l.voucher and m.line = l.line and ($10 = 0 or not (exists (select 1 from match_bank mb \
         join statement_line t on t.county = mb.county and t.bank_account = mb.bank_account and t.line = mb.line and t.part = mb.part \
         where mb.county = m.county and mb.bank_account = m.bank_account and mb.match_group = m.match_group and t.dated_on > $7) \
         or exists (select 1 from match_book k join voucher w on w.county = k.county and w.book = k.book and w.voucher = k.voucher \
         where k.county = m.county and k.bank_account = m.bank_account and k.match_group = m.match_group and w.dated_on > $7))))";
    let query = sqlx::query(SQL).bind(county).bind(&account.book.0).bind(account.account.as_str()).bind(&account.member);
    let query = query.bind(first).bind(account.starts_on.to_string()).bind(free.through.to_string()).bind(last);
    column(&query.bind(&account.code).bind(i64::from(free.as_of)).bind(FIELD).bind(LINE).fetch_one(tx).await?, 0)
}

/// A book item whose party is still a code.
pub(super) fn book_item_of(fields: &mut std::str::Split<'_, &str>) -> Option<BookItem> {
    let (voucher, line) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let (on, amount) = (iso_date(fields.next()?)?, Amount::from_fen(fields.next()?.parse().ok()?));
    let (summary, reference) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let source = Some(fields.next()?.to_owned()).filter(|source| !source.is_empty());
    let reverses = Some(fields.next()?).filter(|text| !text.is_empty()).map(str::parse).transpose().ok()?;
    let party = fields.next()?.to_owned();
    Some(BookItem { voucher, line, on, amount, summary, reference, party, party_account: String::new(), source, reverses })
}

/// Puts the party's name for its code; a code that is a number is an account, too.
pub(super) fn named(item: &mut BookItem, names: &HashMap<String, String>) {
    let party = std::mem::take(&mut item.party);
    item.party = names.get(&party).cloned().unwrap_or_default();
    let is_number = party.len() >= 8 && party.bytes().all(|b| b.is_ascii_digit());
    item.party_account = if is_number { party } else { String::new() };
}

fn book_item(row: &AnyRow) -> Result<BookItem, Failure> {
    let (period, word, number): (String, String, i64) = (column(row, 5)?, column(row, 6)?, column(row, 7)?);
    let mut item = BookItem {
        voucher: column(row, 0)?,
        line: column(row, 1)?,
        on: parsed(row, 2, |text| text.parse().ok())?,
        amount: Amount::from_fen(column(row, 3)?),
        summary: column(row, 4)?,
        reference: format!("{period}-{word}-{number}"),
        party: column::<Option<String>>(row, 10)?.unwrap_or_default(),
        party_account: String::new(),
        source: column(row, 8)?,
        reverses: column(row, 9)?,
    };
    named(&mut item, &HashMap::new());
    Ok(item)
}

/// Every name the account's lines and the book's cards carry: the bank's counterparties, and (code, name) of parties.
pub async fn names(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
) -> Result<(Vec<String>, HashMap<String, String>), Failure> {
    const BANK: &str = "select distinct name from statement_line where county = $1 and bank_account = $2 and name <> ''";
    const CARDS: &str = "select member, name from dimension_member where county = $1 and book = $2 and dimension = 'party'";
    let bank = sqlx::query(BANK).bind(county).bind(&account.code).fetch_all(&mut *tx).await?;
    let cards = sqlx::query(CARDS).bind(county).bind(&account.book.0).fetch_all(tx).await?;
    let bank = bank.iter().map(|row| column(row, 0)).collect::<Result<_, Failure>>()?;
    Ok((bank, cards.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect::<Result<_, Failure>>()?))
}

/// Sums of both sides through a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balances {
    /// Σ of the bank's lines.
    pub bank_moved: Amount,
    /// The balance the bank last stated, by that day.
    pub bank_stated: Option<Amount>,
    /// Opening of the book's account before the start.
    pub book_opening: Amount,
    /// Σ of the book's lines since the start.
    pub book_moved: Amount,
    /// Last day a statement covers.
    pub covered_through: Option<BusinessDate>,
}

/// Both sides' sums through a day.
pub async fn balances(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    through: BusinessDate,
) -> Result<Balances, Failure> {
    const BANK: &str = "select cast(coalesce(sum(amount_cents), 0) as bigint) from statement_line \
         where county = $1 and bank_account = $2 and dated_on <= $3 and part = 0";
    const STATED: &str = "select balance_cents from statement_line where county = $1 and bank_account = $2 and part = 0 \
         and balance_cents is not null and dated_on <= $3 order by dated_on desc, import desc, line desc limit 1";
    const COVERED: &str =
        "select max(through_on) from statement_import where county = $1 and bank_account = $2 and undone_at is null";
    const BOOK: &str = "select cast(coalesce(sum(case when v.stage = 'opening' or v.dated_on < $5 then l.debit_cents - l.credit_cents else 0 end), 0) as bigint), \
         cast(coalesce(sum(case when v.stage <> 'opening' and v.dated_on >= $5 then l.debit_cents - l.credit_cents else 0 end), 0) as bigint) \
         from voucher_line l join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         where l.county = $1 and l.book = $2 and l.account = $3 and ($4 = '' or l.bank_account = $4) and v.dated_on <= $6 \
         and (v.stage <> 'opening' or l.period = (select min(f.period) from voucher f where f.county = $1 and f.book = $2 and f.stage = 'opening'))";
    let day = through.to_string();
    let bank = sqlx::query(BANK).bind(county).bind(&account.code).bind(&day).fetch_one(&mut *tx).await?;
    let stated = sqlx::query(STATED).bind(county).bind(&account.code).bind(&day).fetch_optional(&mut *tx).await?;
    let covered = sqlx::query(COVERED).bind(county).bind(&account.code).fetch_one(&mut *tx).await?;
    let query = sqlx::query(BOOK).bind(county).bind(&account.book.0).bind(account.account.as_str()).bind(&account.member);
    let book = query.bind(account.starts_on.to_string()).bind(&day).fetch_one(tx).await?;
    let covered: Option<String> = column(&covered, 0)?;
    Ok(Balances {
        bank_moved: Amount::from_fen(column(&bank, 0)?),
        bank_stated: stated.map(|row| column(&row, 0)).transpose()?.map(Amount::from_fen),
        book_opening: Amount::from_fen(column(&book, 0)?),
        book_moved: Amount::from_fen(column(&book, 1)?),
        covered_through: covered.and_then(|text| text.parse().ok()),
    })
}

/// Free lines a person chose: (line, part).
pub async fn chosen_bank(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    lines: &[(i64, i64)],
) -> Result<Vec<BankItem>, Failure> {
    const SQL: &str = "select s.line, s.part, s.dated_on, s.amount_cents, s.name, s.account, s.serial, s.summary from json_each($3) r \
         join statement_line s on s.county = $1 and s.bank_account = $2 and s.line = cast(r.value->>0 as bigint) \
         and s.part = cast(r.value->>1 as bigint) and s.parts = 0 \
         and not exists (select 1 from match_bank m where m.county = s.county and m.bank_account = s.bank_account \
         and m.line = s.line and m.part = s.part) order by s.line, s.part";
    let query = sqlx::query(SQL).bind(county).bind(&account.code).bind(as_json(lines));
    query.fetch_all(tx).await?.iter().map(bank_item).collect()
}

/// Free book lines a person chose: (voucher, line), posted and of this account.
pub async fn chosen_book(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    lines: &[(i64, i64)],
) -> Result<Vec<BookItem>, Failure> {
    const SQL: &str = "select l.voucher, l.line, v.dated_on, l.debit_cents - l.credit_cents, l.summary, v.period, v.word, v.number, \
         v.source_key, v.reverses, l.party from json_each($5) r \
         join voucher_line l on l.county = $1 and l.book = $2 and l.voucher = cast(r.value->>0 as bigint) \
         and l.line = cast(r.value->>1 as bigint) and l.account = $3 and ($4 = '' or l.bank_account = $4) \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         and v.stage <> 'opening' and v.dated_on >= $6 \
         where not exists (select 1 from match_book m where m.county = l.county and m.bank_account = $7 and m.book = l.book \
         and m.voucher = l.voucher and m.line = l.line) order by l.voucher, l.line";
    let query = sqlx::query(SQL).bind(county).bind(&account.book.0).bind(account.account.as_str()).bind(&account.member);
    let query = query.bind(as_json(lines)).bind(account.starts_on.to_string()).bind(&account.code);
    query.fetch_all(tx).await?.iter().map(book_item).collect()
}

/// How many statement lines an account has, and the number of its last one.
pub(super) async fn extent(tx: &mut Connection, county: &str, account: &str) -> Result<(i64, i64), Failure> {
    const SQL: &str = "select cast(count(*) as bigint), cast(coalesce(max(line), 0) as bigint) from statement_line \
         where county = $1 and bank_account = $2";
    let row = sqlx::query(SQL).bind(county).bind(account).fetch_one(tx).await?;
    Ok((column(&row, 0)?, column(&row, 1)?))
}
