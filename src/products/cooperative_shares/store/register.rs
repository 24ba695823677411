//! Classes, entries, contributed things, trade: what the register keeps.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode};
use crate::money::{Amount, Rate};
use crate::products::cooperative_shares::class::{
    AccountColumn, ClassKind, Floor, FloorTiming, Participation, ShareClass, Shortfall, Source,
};
pub use crate::products::cooperative_shares::contribution::ContributedAsset;
use crate::products::cooperative_shares::holding::{Entry, EntryKind, Position};

/// Registers classes, or corrects them.
pub async fn save_classes(tx: &mut Connection, county: &str, book: &BookCode, classes: &[ShareClass]) -> Result<(), Failure> {
    const SQL: &str = "insert into share_class (county, book, class, name, kind, floor_ppm, floor_timing, participation, \
         participation_ppm, shortfall, guarantor, basis) select $1, $2, value->>0, value->>1, value->>2, cast(value->>3 as bigint), \
         value->>4, value->>5, cast(value->>6 as bigint), value->>7, value->>8, value->>9 from json_each($3) where true \
         on conflict (county, book, class) do update set name = excluded.name, floor_ppm = excluded.floor_ppm, \
         floor_timing = excluded.floor_timing, participation = excluded.participation, participation_ppm = excluded.participation_ppm, \
         shortfall = excluded.shortfall, guarantor = excluded.guarantor, basis = excluded.basis";
    let rows: Vec<_> = classes
        .iter()
        .map(|c| {
            let floor = c.floor.as_ref();
            (
                &c.class,
                &c.name,
                c.kind.as_str(),
                floor.and_then(|f| f.rate.ppm().ok()),
                floor.map(|f| f.timing.as_str()),
                c.participation.as_str(),
                c.participation_rate.and_then(|rate| rate.ppm().ok()),
                floor.map(|f| f.shortfall.as_str()),
                floor.and_then(|f| f.guarantor.as_deref()),
                floor.map(|f| f.basis.as_str()),
            )
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).execute(&mut *tx).await?;
    note_change(tx, county, book).await
}

/// Notes that something changed that a distribution rests on.
async fn note_change(tx: &mut Connection, county: &str, book: &BookCode) -> Result<(), Failure> {
    const SQL: &str = "insert into share_facts (county, book, changes) values ($1, $2, 1) \
         on conflict (county, book) do update set changes = share_facts.changes + 1";
    sqlx::query(SQL).bind(county).bind(&book.0).execute(tx).await?;
    Ok(())
}

/// How often something changed that a distribution rests on.
pub async fn changes(tx: &mut Connection, county: &str, book: &BookCode) -> Result<i64, Failure> {
    const SQL: &str = "select changes from share_facts where county = $1 and book = $2";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).fetch_optional(tx).await?;
    row.map_or(Ok(0), |row| column(&row, 0))
}

/// The classes of a book, by code.
pub async fn classes(tx: &mut Connection, county: &str, book: &BookCode) -> Result<BTreeMap<String, ShareClass>, Failure> {
    const SQL: &str = "select class, name, kind, floor_ppm, floor_timing, participation, participation_ppm, shortfall, guarantor, basis \
         from share_class where county = $1 and book = $2 order by class";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| class_at(row).map(|class| (class.class.clone(), class))).collect()
}

fn class_at(row: &AnyRow) -> Result<ShareClass, Failure> {
    let floor_ppm: Option<i64> = column(row, 3)?;
    let floor = match floor_ppm {
        None => None,
        Some(ppm) => Some(Floor {
            rate: rate(ppm)?,
            timing: parsed(row, 4, FloorTiming::parse)?,
            shortfall: parsed(row, 7, Shortfall::parse)?,
            guarantor: column(row, 8)?,
            basis: column::<Option<String>>(row, 9)?.unwrap_or_default(),
        }),
    };
    Ok(ShareClass {
        class: column(row, 0)?,
        name: column(row, 1)?,
        kind: parsed(row, 2, ClassKind::parse)?,
        floor,
        participation: parsed(row, 5, Participation::parse)?,
        participation_rate: column::<Option<i64>>(row, 6)?.map(rate).transpose()?,
    })
}

fn rate(ppm: i64) -> Result<Rate, Failure> {
    Rate::from_ppm(ppm).map_err(|why| Failure::Damaged(why.to_string()))
}

/// Adds entries behind the last one of the book.
pub async fn add_entries(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    entries: &[Entry],
    event: &str,
) -> Result<(), Failure> {
    const LAST: &str = "select cast(coalesce(max(entry), 0) as bigint) from share_entry where county = $1 and book = $2";
    const SQL: &str = "insert into share_entry (county, book, entry, dated_on, kind, class, holder, beneficiary, source, account_column, \
         amount_cents, event, document) select $1, $2, cast(value->>0 as bigint), value->>1, value->>2, value->>3, value->>4, value->>5, \
         value->>6, value->>7, cast(value->>8 as bigint), $4, value->>9 from jsonb_each($3)";
    let last: i64 = column(&sqlx::query(LAST).bind(county).bind(&book.0).fetch_one(&mut *tx).await?, 0)?;
    for (page, chunk) in entries.chunks(5_000).enumerate() {
        let first = last + 1 + (page * 5_000) as i64;
        let rows: Vec<_> = (first..)
            .zip(chunk)
            .map(|(entry, e)| {
                let p = &e.position;
                let words = (e.kind.as_str(), &p.class, &p.holder, &p.beneficiary, p.source.as_str(), p.column.as_str());
                (entry, e.on.to_string(), words.0, words.1, words.2, words.3, words.4, words.5, e.amount.fen(), &e.document)
            })
            .collect();
        sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).bind(event).execute(&mut *tx).await?;
    }
    note_change(tx, county, book).await
}

/// All entries of some owners, oldest first.
pub async fn entries_of(tx: &mut Connection, county: &str, book: &BookCode, holders: &[&str]) -> Result<Vec<Entry>, Failure> {
    const SQL: &str = "select e.dated_on, e.kind, e.holder, e.beneficiary, e.class, e.source, e.account_column, e.amount_cents, e.document \
         from share_entry e where e.county = $1 and e.book = $2 and e.holder in (select value->>0 from json_each($3)) order by e.entry";
    let asked: Vec<[&str; 1]> = holders.iter().map(|holder| [*holder]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).fetch_all(tx).await?;
    rows.iter().map(entry_at).collect()
}

fn entry_at(row: &AnyRow) -> Result<Entry, Failure> {
    Ok(Entry {
        on: parsed(row, 0, |text| text.parse().ok())?,
        kind: parsed(row, 1, EntryKind::parse)?,
        position: position_at(row, 2)?,
        amount: Amount::from_fen(column(row, 7)?),
        document: column(row, 8)?,
    })
}

fn position_at(row: &AnyRow, first: usize) -> Result<Position, Failure> {
    Ok(Position {
        holder: column(row, first)?,
        beneficiary: column(row, first + 1)?,
        class: column(row, first + 2)?,
        source: parsed(row, first + 3, Source::parse)?,
        column: parsed(row, first + 4, AccountColumn::parse)?,
    })
}

/// What is held at the end of a day, in the order of positions; of one owner or of all.
pub async fn holdings(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    on: BusinessDate,
    holder: Option<&str>,
) -> Result<Vec<(Position, Amount)>, Failure> {
    const SQL: &str = "select holder, beneficiary, class, source, account_column, cast(sum(amount_cents) as bigint) from share_entry \
         where county = $1 and book = $2 and dated_on <= $3 and (holder = $4 or beneficiary = $4 or $4 = '') \
         group by holder, beneficiary, class, source, account_column having sum(amount_cents) <> 0";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(on.to_string()).bind(holder.unwrap_or_default());
    let rows = query.fetch_all(tx).await?;
    let mut held: Vec<(Position, Amount)> =
        rows.iter().map(|row| Ok((position_at(row, 0)?, Amount::from_fen(column(row, 5)?)))).collect::<Result<_, Failure>>()?;
    held.sort();
    Ok(held)
}

/// Σ of a member account's column over all members at the end of a day.
pub async fn column_total(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    columns: &[AccountColumn],
    on: BusinessDate,
) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(amount_cents), 0) as bigint) from share_entry where county = $1 and book = $2 \
         and account_column in (select value->>0 from json_each($3)) and dated_on <= $4";
    let asked: Vec<[&str; 1]> = columns.iter().map(|column| [column.as_str()]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).bind(on.to_string());
    Ok(Amount::from_fen(column(&query.fetch_one(tx).await?, 0)?))
}

/// Keeps contributed things.
pub async fn add_assets(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    assets: &[ContributedAsset],
    (on, event): (BusinessDate, &str),
) -> Result<(), Failure> {
    const LAST: &str = "select cast(coalesce(max(asset), 0) as bigint) from contributed_asset where county = $1 and book = $2";
    const SQL: &str = "insert into contributed_asset (county, book, asset, member, dated_on, what, account, quantity, value_cents, \
         valued_by, valuation_paper, is_poverty_asset, event) select $1, $2, cast(value->>0 as bigint), value->>1, $4, value->>2, \
         value->>3, value->>4, cast(value->>5 as bigint), value->>6, value->>7, cast(value->>8 as bigint), $5 from json_each($3)";
    let last: i64 = column(&sqlx::query(LAST).bind(county).bind(&book.0).fetch_one(&mut *tx).await?, 0)?;
    let rows: Vec<_> = (last + 1..)
        .zip(assets)
        .map(|(n, a)| {
            let poverty = i64::from(a.is_poverty_asset);
            (n, &a.member, &a.what, a.account.as_str(), &a.quantity, a.value.fen(), &a.valued_by, &a.valuation_paper, poverty)
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).bind(on.to_string()).bind(event).execute(tx).await?;
    Ok(())
}

/// The things put in, by date: (date, thing).
pub async fn assets(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
) -> Result<Vec<(BusinessDate, ContributedAsset)>, Failure> {
    const SQL: &str = "select dated_on, member, what, account, quantity, value_cents, valued_by, valuation_paper, is_poverty_asset \
         from contributed_asset where county = $1 and book = $2 order by asset";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let asset = |row: &AnyRow| {
        let on = parsed(row, 0, |text| text.parse().ok())?;
        let asset = ContributedAsset {
            member: column(row, 1)?,
            what: column(row, 2)?,
            account: AccountCode(column(row, 3)?),
            quantity: column(row, 4)?,
            value: Amount::from_fen(column(row, 5)?),
            valued_by: column(row, 6)?,
            valuation_paper: column(row, 7)?,
            is_poverty_asset: column::<i64>(row, 8)? == 1,
        };
        Ok((on, asset))
    };
    rows.iter().map(asset).collect()
}

/// Remembers that a member keeps a book of its own.
pub async fn save_investor(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    member: &str,
    investor: &BookCode,
) -> Result<(), Failure> {
    const SQL: &str =
        "insert into share_investor (county, book, member, investor_book) values ($1, $2, $3, $4) on conflict do nothing";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(member).bind(&investor.0).execute(tx).await?;
    Ok(())
}

/// The members with books of their own.
pub async fn investors(tx: &mut Connection, county: &str, book: &BookCode) -> Result<BTreeMap<String, BookCode>, Failure> {
    const SQL: &str = "select member, investor_book from share_investor where county = $1 and book = $2 order by member";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, BookCode(column(row, 1)?)))).collect()
}

/// What a member traded with the cooperative in a year.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trade {
    /// The member.
    pub member: String,
    /// Product.
    pub product: String,
    /// Volume as written.
    pub volume: String,
    /// Amount.
    pub amount: Amount,
}

/// Keeps trade, or corrects it.
pub async fn save_trade(tx: &mut Connection, county: &str, book: &BookCode, year: i32, trade: &[Trade]) -> Result<(), Failure> {
    const SQL: &str = "insert into member_trade (county, book, year, member, product, volume, amount_cents) \
         select $1, $2, $4, value->>0, value->>1, value->>2, cast(value->>3 as bigint) from jsonb_each($3) where true \
         on conflict (county, book, year, member, product) do update set volume = excluded.volume, amount_cents = excluded.amount_cents";
    for chunk in trade.chunks(5_000) {
        let rows: Vec<_> = chunk.iter().map(|t| (&t.member, &t.product, &t.volume, t.amount.fen())).collect();
        sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).bind(i64::from(year)).execute(&mut *tx).await?;
    }
    note_change(tx, county, book).await
}

/// Trade of a year.
pub async fn trade(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Vec<Trade>, Failure> {
    const SQL: &str = "select member, product, volume, amount_cents from member_trade where county = $1 and book = $2 and year = $3 \
         order by member, product";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).fetch_all(tx).await?;
    let trade = |row: &AnyRow| {
        Ok(Trade {
            member: column(row, 0)?,
            product: column(row, 1)?,
            volume: column(row, 2)?,
            amount: Amount::from_fen(column(row, 3)?),
        })
    };
    rows.iter().map(trade).collect()
}

/// Credit balance of an account (and what is beneath it) at the end of a year, whole or of one party.
pub async fn balance(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (year, account, party): (i32, &str, Option<&str>),
) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(credit_cents - debit_cents), 0) as bigint) from period_movement where county = $1 \
         and book = $2 and dimension = $3 and period >= $4 and period <= $5 and account >= $6 and account < $7 and (member = $8 or $3 = '')";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(if party.is_some() { "party" } else { "" });
    let query = query.bind(format!("{year:04}-00")).bind(format!("{year:04}-12"));
    let query = query.bind(account).bind(format!("{account}~")).bind(party.unwrap_or_default());
    Ok(Amount::from_fen(column(&query.fetch_one(tx).await?, 0)?))
}

/// What a member put in: by account 301 of a cooperative's book (openings left out), and by the register.
pub async fn contributed(tx: &mut Connection, county: &str, book: &BookCode, member: &str) -> Result<(Amount, Amount), Failure> {
    const SQL: &str = "select cast(coalesce((select sum(l.credit_cents - l.debit_cents) from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
         where l.county = $1 and l.book = $2 and l.account = '301' and l.party = $3), 0) as bigint), \
         cast(coalesce((select sum(e.amount_cents) from share_entry e where e.county = $1 and e.book = $2 and e.holder = $3 \
         and e.account_column in ('from_poverty_assets', 'from_other')), 0) as bigint)";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(member).fetch_one(tx).await?;
    Ok((Amount::from_fen(column(&row, 0)?), Amount::from_fen(column(&row, 1)?)))
}

/// This year's result (income less expense of ordinary business), and what of it is not yet transferred.
pub async fn result(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<(Amount, Amount), Failure> {
    const SQL: &str = "select cast(coalesce(sum(case when m.stage = 'ordinary' then m.credit_cents - m.debit_cents else 0 end), 0) as bigint), \
         cast(coalesce(sum(m.credit_cents - m.debit_cents), 0) as bigint) from account a join period_movement m \
         on m.county = a.county and m.book = a.book and m.dimension = '' and m.period >= $4 and m.period <= $5 and m.account = a.account \
         where a.county = $1 and a.book = $2 and a.year = $3 and a.class in ('income', 'expense')";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year));
    let row = query.bind(format!("{year:04}-00")).bind(format!("{year:04}-12")).fetch_one(tx).await?;
    Ok((Amount::from_fen(column(&row, 0)?), Amount::from_fen(column(&row, 1)?)))
}
