//! Distribution plans and their rows.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, as_json, column, packing, parsed, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::cooperative_shares::distribution::PlanRow;
use crate::products::cooperative_shares::plan::{PlanState, Pools, Terms};

/// Rows of a page, and members of one part of a plan's voucher.
pub const A_PAGE: usize = 2_000;

/// A plan as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    /// Number within the book.
    pub plan: i64,
    /// Step.
    pub state: PlanState,
    /// What the members decided.
    pub terms: Terms,
    /// What came out.
    pub pools: Pools,
    /// Digest of the rows; facts that change it send the plan back.
    pub rows_digest: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Last day of the notice.
    pub notice_through: Option<BusinessDate>,
    /// The event its vouchers point to.
    pub event: Option<String>,
    /// Date of its voucher.
    pub posted_on: Option<BusinessDate>,
    /// What it rests on, as a text.
    pub facts: Option<String>,
}

/// A plan to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// Its number.
    pub plan: i64,
    /// What the members decided.
    pub terms: &'a Terms,
    /// What came out.
    pub pools: &'a Pools,
    /// Digest of the rows.
    pub digest: &'a str,
    /// What it rests on.
    pub facts: &'a str,
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("terms and figures are plain data and always serialise")
}

fn read<T: serde::de::DeserializeOwned>(row: &AnyRow, index: usize) -> Result<T, Failure> {
    let text: String = column(row, index)?;
    serde_json::from_str(&text).map_err(|cause| Failure::Damaged(format!("{text}: {cause}")))
}

/// The number of the next plan of a book that is locked.
pub async fn next_number(tx: &mut Connection, county: &str, book: &BookCode) -> Result<i64, Failure> {
    const LAST: &str = "select cast(coalesce(max(plan), 0) as bigint) from dividend_plan where county = $1 and book = $2";
    Ok(column::<i64>(&sqlx::query(LAST).bind(county).bind(&book.0).fetch_one(tx).await?, 0)? + 1)
}

/// Keeps a new plan; its rows are kept page by page.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    made: Made<'_>,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into dividend_plan (county, book, plan, year, state, terms, figures, rows_digest, drafted_by, drafted_at, facts) \
         values ($1, $2, $3, $4, 'drafted', $5, $6, $7, $8, $9, $10)";
    let Made { plan, terms, pools, digest, facts } = made;
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(i64::from(terms.year));
    query.bind(json(terms)).bind(json(pools)).bind(digest).bind(by).bind(at).bind(facts).execute(tx).await?;
    Ok(())
}

/// Keeps a page of a plan's rows.
pub async fn insert_rows(tx: &mut Connection, county: &str, book: &BookCode, plan: i64, rows: &[PlanRow]) -> Result<(), Failure> {
    const SQL: &str = "insert into dividend_row (county, book, plan, member, trade_cents, base_cents, weight, refund_cents, arrears_cents, \
         floor_due_cents, floor_paid_cents, at_rate_cents, share_cents, guaranteed_cents, cost_cents, carried_cents, tax_cents, net_cents) \
         select $1, $2, $3, value->>0, cast(value->>1 as bigint), cast(value->>2 as bigint), value->>3, cast(value->>4 as bigint), \
         cast(value->>5 as bigint), cast(value->>6 as bigint), cast(value->>7 as bigint), cast(value->>8 as bigint), \
         cast(value->>9 as bigint), cast(value->>10 as bigint), cast(value->>11 as bigint), cast(value->>12 as bigint), \
         cast(value->>13 as bigint), cast(value->>14 as bigint) from jsonb_each($4)";
    let values: Vec<_> = rows
        .iter()
        .map(|r| {
            let fen = |amount: Amount| amount.fen();
            (
                (&r.member, fen(r.trade), fen(r.base), r.weight.to_string(), fen(r.refund), fen(r.arrears), fen(r.floor_due)),
                [r.floor_paid, r.at_rate, r.share, r.guaranteed, r.cost, r.carried, r.tax, r.net].map(fen),
            )
        })
        .map(|((m, t, b, w, rf, a, fd), [fp, ar, s, g, c, k, x, n])| (m, t, b, w, rf, a, fd, fp, ar, s, g, c, k, x, n))
        .collect();
    sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(as_json(&values)).execute(tx).await?;
    Ok(())
}

const COLUMNS: &str = "plan, state, terms, figures, rows_digest, drafted_by, notice_through, event, posted_on, facts";

fn plan_at(row: &AnyRow) -> Result<Plan, Failure> {
    let day = |index: usize| -> Result<Option<BusinessDate>, Failure> {
        Ok(column::<Option<String>>(row, index)?.and_then(|text| text.parse().ok()))
    };
    Ok(Plan {
        plan: column(row, 0)?,
        state: parsed(row, 1, PlanState::parse)?,
        terms: read(row, 2)?,
        pools: read(row, 3)?,
        rows_digest: column(row, 4)?,
        drafted_by: column(row, 5)?,
        notice_through: day(6)?,
        event: column(row, 7)?,
        posted_on: day(8)?,
        facts: column(row, 9)?,
    })
}

/// The plans of a book, oldest first.
pub async fn plans(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Plan>, Failure> {
    let sql = format!("select {COLUMNS} from dividend_plan where county = $1 and book = $2 order by plan");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(plan_at).collect()
}

/// One plan.
pub async fn plan(tx: &mut Connection, county: &str, book: &BookCode, plan: i64) -> Result<Option<Plan>, Failure> {
    let sql = format!("select {COLUMNS} from dividend_plan where county = $1 and book = $2 and plan = $3");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(&book.0).bind(plan).fetch_optional(tx).await?;
    row.as_ref().map(plan_at).transpose()
}

/// The rows of a plan, by member.
pub async fn rows(tx: &mut Connection, county: &str, book: &BookCode, plan: i64) -> Result<Vec<PlanRow>, Failure> {
    let (mut pages, mut rows) = (Pages::of(book, plan), Vec::new());
    while let Some(page) = pages.next(tx, county).await? {
        rows.extend(page);
    }
    Ok(rows)
}

/// The rows of a plan page by page, in the database's order: a long plan is never held whole.
#[derive(Debug)]
pub struct Pages<'a> {
    book: &'a BookCode,
    plan: i64,
    paying: bool,
    after: Option<String>,
}

impl<'a> Pages<'a> {
    /// All rows, from the first on.
    pub fn of(book: &'a BookCode, plan: i64) -> Pages<'a> {
        Pages { book, plan, paying: false, after: Some(String::new()) }
    }

    /// The rows that pay something now; those that only carry a shortfall are left out.
    pub fn paying(book: &'a BookCode, plan: i64) -> Pages<'a> {
        Pages { paying: true, ..Pages::of(book, plan) }
    }

    /// The next page; `None` behind the last row.
    pub async fn next(&mut self, tx: &mut Connection, county: &str) -> Result<Option<Vec<PlanRow>>, Failure> {
        let Some(after) = self.after.take() else { return Ok(None) };
        let page = rows_after(tx, county, self.book, (self.plan, self.paying, &after)).await?;
        self.after = page.last().filter(|_| page.len() == A_PAGE).map(|row| row.member.clone());
        Ok((!page.is_empty()).then_some(page))
    }
}

/// How many rows of a plan pay something, and Σ of what they pay out.
pub async fn counted(tx: &mut Connection, county: &str, book: &BookCode, plan: i64) -> Result<(usize, Amount), Failure> {
    const SQL: &str = "select cast(count(*) as bigint), cast(coalesce(sum(net_cents), 0) as bigint) from dividend_row \
         where county = $1 and book = $2 and plan = $3 and (net_cents <> 0 or tax_cents <> 0)";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).fetch_one(tx).await?;
    let count: i64 = column(&row, 0)?;
    Ok((usize::try_from(count).unwrap_or(usize::MAX), Amount::from_fen(column(&row, 1)?)))
}

/// The next rows of a plan after a member, in the database's order: a long plan never travels as one text.
async fn rows_after(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (plan, paying, after): (i64, bool, &str),
) -> Result<Vec<PlanRow>, Failure> {
    const COLUMNS: [&str; 15] = [
        "member",
        "trade_cents",
        "base_cents",
        "weight",
        "refund_cents",
        "arrears_cents",
        "floor_due_cents",
        "floor_paid_cents",
        "at_rate_cents",
        "share_cents",
        "guaranteed_cents",
        "cost_cents",
        "carried_cents",
        "tax_cents",
        "net_cents",
    ];
    let page = format!(
        "(select * from dividend_row where county = $1 and book = $2 and plan = $3 and member > $4 \
         and ($5 = 0 or net_cents <> 0 or tax_cents <> 0) order by member limit {A_PAGE}) p"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(packing(&COLUMNS, &page))).bind(county).bind(&book.0).bind(plan);
    let text: String = column(&query.bind(after).bind(i64::from(paying)).fetch_one(tx).await?, 0)?;
    let mut rows = unpacked(&text).map(|row| row_at(&row)).collect::<Result<Vec<_>, Failure>>()?;
    rows.sort_by(|a, b| a.member.cmp(&b.member));
    Ok(rows)
}

fn row_at(row: &Cells<'_>) -> Result<PlanRow, Failure> {
    Ok(PlanRow {
        member: row.text(0)?,
        trade: row.fen(1)?,
        base: row.fen(2)?,
        weight: row.parsed(3, |text| text.parse().ok())?,
        refund: row.fen(4)?,
        arrears: row.fen(5)?,
        floor_due: row.fen(6)?,
        floor_paid: row.fen(7)?,
        at_rate: row.fen(8)?,
        share: row.fen(9)?,
        guaranteed: row.fen(10)?,
        cost: row.fen(11)?,
        carried: row.fen(12)?,
        tax: row.fen(13)?,
        net: row.fen(14)?,
    })
}

/// The last posted plan before a year; 0 where there is none.
pub async fn last_before(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<i64, Failure> {
    const SQL: &str = "select p.plan from dividend_plan p where p.county = $1 and p.book = $2 and p.year < $3 \
         and p.state in ('posted', 'archived') order by p.year desc, p.plan desc limit 1";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).fetch_optional(tx).await?;
    row.map_or(Ok(0), |row| column(&row, 0))
}

/// Moves a plan to its next step.
pub async fn step(tx: &mut Connection, county: &str, book: &BookCode, plan: i64, state: PlanState) -> Result<(), Failure> {
    const SQL: &str = "update dividend_plan set state = $4 where county = $1 and book = $2 and plan = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(state.as_str()).execute(tx).await?;
    Ok(())
}

/// Who reviewed a plan, and when.
pub async fn set_reviewed(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    plan: i64,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "update dividend_plan set reviewed_by = $4, reviewed_at = $5 where county = $1 and book = $2 and plan = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// From when to when a plan is shown, and by which paper.
pub async fn set_notice(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    plan: i64,
    (from, through, document): (BusinessDate, BusinessDate, &str),
) -> Result<(), Failure> {
    const SQL: &str = "update dividend_plan set notice_from = $4, notice_through = $5, notice_document = $6 \
         where county = $1 and book = $2 and plan = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(from.to_string()).bind(through.to_string());
    query.bind(document).execute(tx).await?;
    Ok(())
}

/// The event and date of a plan's voucher.
pub async fn set_posted(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    plan: i64,
    (on, event): (BusinessDate, &str),
) -> Result<(), Failure> {
    const SQL: &str = "update dividend_plan set posted_on = $4, event = $5 where county = $1 and book = $2 and plan = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(on.to_string()).bind(event).execute(tx).await?;
    Ok(())
}

/// When a plan was filed away.
pub async fn set_archived(tx: &mut Connection, county: &str, book: &BookCode, plan: i64, at: &str) -> Result<(), Failure> {
    const SQL: &str = "update dividend_plan set archived_at = $4 where county = $1 and book = $2 and plan = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(at).execute(tx).await?;
    Ok(())
}

/// What a payable account still owes the members of a plan, whichever year's vouchers say so: what a year's end carried over
/// counts once.
pub async fn unpaid(tx: &mut Connection, county: &str, book: &BookCode, plan: i64, account: &str) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(owed.cents), 0) as bigint) from (select sum(m.credit_cents - m.debit_cents) as cents \
         from period_movement m where m.county = $1 and m.book = $2 and m.dimension = 'party' and m.account = $4 \
         and (m.stage <> 'opening' or m.period = (select min(f.period) from voucher f where f.county = $1 and f.book = $2 \
         and f.stage = 'opening')) and exists (select 1 from dividend_row r where r.county = $1 and r.book = $2 and r.plan = $3 \
         and r.member = m.member) group by m.member having sum(m.credit_cents - m.debit_cents) > 0) owed";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).bind(account);
    Ok(Amount::from_fen(column(&query.fetch_one(tx).await?, 0)?))
}
