//! Where loans stand: written with every fact and settlement, read by settlement, classes and reports.

use crate::calendar::{BusinessDate, DayCount};
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::products::microloan::settle::PlainLoan;
use crate::products::microloan::store::heads::LoanHead;
use crate::products::microloan::terms::Settlement;
use crate::products::microloan::timeline::Position;

/// Writes positions as standings; the bank's class stays.
pub async fn save(tx: &mut Connection, county: &str, rows: &[(&LoanHead, &Position)]) -> Result<(), Failure> {
    const SQL: &str = "insert into loan_standing (county, loan, bank, place, state, is_plain, rate_ppm, day_count, settlement, \
         row_from_on, next_due_on, matures_on, disbursed_cents, principal_cents, overdue_cents, interest_cents, penalty_cents, \
         held_cents, written_off_cents, disbursed_on, overdue_from_on, interest_overdue_from_on, own_class) \
         select $1, value->>0, value->>1, value->>2, value->>3, cast(value->>4 as bigint), cast(value->>5 as bigint), value->>6, \
         value->>7, value->>8, value->>9, value->>10, cast(value->>11 as bigint), cast(value->>12 as bigint), \
         cast(value->>13 as bigint), cast(value->>14 as bigint), cast(value->>15 as bigint), cast(value->>16 as bigint), \
         cast(value->>17 as bigint), value->>18, value->>19, value->>20, value->>21 from jsonb_each($2) where true \
         on conflict (county, loan) do update set state = excluded.state, is_plain = excluded.is_plain, rate_ppm = excluded.rate_ppm, \
         row_from_on = excluded.row_from_on, next_due_on = excluded.next_due_on, matures_on = excluded.matures_on, \
         disbursed_cents = excluded.disbursed_cents, principal_cents = excluded.principal_cents, \
         overdue_cents = excluded.overdue_cents, interest_cents = excluded.interest_cents, penalty_cents = excluded.penalty_cents, \
         held_cents = excluded.held_cents, written_off_cents = excluded.written_off_cents, disbursed_on = excluded.disbursed_on, \
         overdue_from_on = excluded.overdue_from_on, interest_overdue_from_on = excluded.interest_overdue_from_on, \
         own_class = excluded.own_class";
    let json: Vec<serde_json::Value> = rows.iter().filter_map(|(head, position)| standing_row(head, position)).collect();
    for rows in json.chunks(2_000) {
        sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(&mut *tx).await?;
    }
    Ok(())
}

fn standing_row(head: &LoanHead, p: &Position) -> Option<serde_json::Value> {
    use crate::products::microloan::classification::RiskClass;
    use crate::products::microloan::policy::ENTITY_LOAN;
    let (contract, disbursed_on) = (head.contract.as_ref()?, p.disbursed_on?);
    let own = RiskClass::by_days(p.days_past_due(), p.written_off.is_positive());
    let ppm = p.rate.ppm();
    Some(serde_json::json!([
        head.loan,
        head.bank,
        head.place,
        p.state.as_str(),
        i64::from(p.is_plain && ppm.is_ok() && head.product != ENTITY_LOAN),
        ppm.unwrap_or(0),
        contract.day_count.code(),
        contract.settlement.as_str(),
        p.row_from,
        p.next_due,
        p.matures_on,
        p.disbursed.fen(),
        p.principal.fen(),
        p.overdue_principal.fen(),
        p.interest_owed.fen(),
        p.penalty_owed.fen(),
        p.held.fen(),
        p.written_off.fen(),
        disbursed_on,
        p.overdue_from,
        p.interest_overdue_from,
        own.as_str(),
    ]))
}

/// A loan on which something falls due.
pub struct DueLoan {
    /// Number.
    pub loan: String,
    /// What settlement needs, where the next rows follow from it alone.
    pub plain: Option<PlainLoan>,
}

/// The next loans, by number after one, on which something falls due on or before a day: a line of text each, as
/// [`due_loan`] reads it.
pub async fn due_page(tx: &mut Connection, county: &str, after: &str, day: &str, limit: i64) -> Result<String, Failure> {
    const SQL: &str = "select string_agg(s.line, $5 order by s.loan) from (select loan, loan || ' ' || cast(is_plain as text) || ' ' \
         || cast(principal_cents as text) || ' ' || cast(rate_ppm as text) || ' ' || day_count || ' ' || settlement || ' ' \
         || row_from_on || ' ' || next_due_on || ' ' || matures_on as line \
         from loan_standing where county = $1 and loan > $2 and next_due_on <= $3 order by loan limit $4) s";
    let query = sqlx::query(SQL).bind(county).bind(after).bind(day).bind(limit).bind("\n");
    Ok(column::<Option<String>>(&query.fetch_one(tx).await?, 0)?.unwrap_or_default())
}

/// One line of a page.
pub fn due_loan(line: &str) -> Result<DueLoan, Failure> {
    read_due_loan(line).ok_or_else(|| Failure::Damaged(format!("loan_standing {line}")))
}

fn read_due_loan(line: &str) -> Option<DueLoan> {
    let mut words = line.split(' ');
    let loan = words.next()?.to_owned();
    let is_plain = words.next()? == "1";
    let plain = PlainLoan {
        principal: words.next()?.parse().ok()?,
        rate_ppm: words.next()?.parse().ok()?,
        day_count: words.next()?.parse::<DayCount>().ok()?,
        settlement: Settlement::parse(words.next()?)?,
        row_from: iso_date(words.next()?)?,
        next_due: iso_date(words.next()?)?,
        matures_on: iso_date(words.next()?)?,
    };
    Some(DueLoan { loan, plain: is_plain.then_some(plain) })
}

/// `2026-10-31`, faster than the general parser.
fn iso_date(text: &str) -> Option<BusinessDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 {
        return None;
    }
    let number = |range: std::ops::Range<usize>| bytes[range].iter().fold(0_u32, |n, b| n * 10 + u32::from(b.wrapping_sub(b'0')));
    BusinessDate::from_ymd_opt(i32::try_from(number(0..4)).ok()?, number(5..7), number(8..10))
}

/// What moves a plain loan on: number, first day not settled, next due day, interest added, first due day of it.
pub type Advance<'a> = (&'a str, String, Option<String>, i64, Option<String>);

/// Moves plain loans on, written as JSON: a list of [`Advance`].
pub async fn advance(tx: &mut Connection, county: &str, rows: &str) -> Result<(), Failure> {
    const SQL: &str = "with r as materialized (select value->>0 as loan, value->>1 as row_from, value->>2 as next_due, \
         cast(value->>3 as bigint) as interest, value->>4 as first_due from jsonb_each($2)) \
         update loan_standing set row_from_on = r.row_from, next_due_on = r.next_due, interest_cents = interest_cents + r.interest, \
         interest_overdue_from_on = coalesce(interest_overdue_from_on, r.first_due) \
         from r where loan_standing.county = $1 and loan_standing.loan = r.loan";
    sqlx::query(SQL).bind(county).bind(rows).execute(tx).await?;
    Ok(())
}

/// Puts loans past due into the state overdue and sets our class by days, after a number up to another, where everything
/// fallen due is settled; answers how many changed. `borders`: the first days of past due that make each class.
pub async fn classify(
    tx: &mut Connection,
    county: &str,
    (after, last): (&str, &str),
    borders: &[String; 4],
) -> Result<u64, Failure> {
    const CLASS: &str = "case when state = 'written-off' then 'loss' when overdue_from_on is null or overdue_from_on >= $4 then 'normal' \
         when overdue_from_on >= $5 then 'special-mention' when overdue_from_on >= $6 then 'substandard' \
         when overdue_from_on >= $7 then 'doubtful' else 'loss' end";
    let sql = format!(
        "update loan_standing set own_class = {CLASS}, state = case when state in ('disbursed', 'extended') \
         and overdue_from_on < $4 then 'overdue' else state end where county = $1 and loan > $2 and loan <= $3 \
         and (next_due_on is null or next_due_on > $4 or principal_cents = 0) and (own_class <> {CLASS} or (state in ('disbursed', 'extended') and overdue_from_on < $4))"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(after).bind(last);
    let query = borders.iter().fold(query, |query, border| query.bind(border));
    Ok(query.execute(tx).await?.rows_affected())
}

/// Loans after a number up to another that owe, and on which something fell due by a day that is not settled.
pub async fn unsettled(
    tx: &mut Connection,
    county: &str,
    (after, last): (&str, &str),
    day: &str,
) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select loan from loan_standing where county = $1 and loan > $2 and loan <= $3 \
         and next_due_on <= $4 and principal_cents > 0 order by loan";
    let rows = sqlx::query(SQL).bind(county).bind(after).bind(last).bind(day).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// Writes our classes and the states that follow: (loan, class, state where it is another); answers how many changed.
pub async fn save_own_classes(tx: &mut Connection, county: &str, rows: &[(&str, &str, Option<&str>)]) -> Result<u64, Failure> {
    const SQL: &str = "with r as materialized (select value->>0 as loan, value->>1 as class, value->>2 as moved from jsonb_each($2)) \
         update loan_standing set own_class = r.class, state = coalesce(r.moved, state) from r \
         where loan_standing.county = $1 and loan_standing.loan = r.loan \
         and (own_class <> r.class or state <> coalesce(r.moved, state))";
    Ok(sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(tx).await?.rows_affected())
}

/// The number that ends a page of standings after another; `None` at the end.
pub async fn page_end(tx: &mut Connection, county: &str, after: &str, limit: i64) -> Result<Option<String>, Failure> {
    const SQL: &str =
        "select max(s.loan) from (select loan from loan_standing where county = $1 and loan > $2 order by loan limit $3) s";
    column(&sqlx::query(SQL).bind(county).bind(after).bind(limit).fetch_one(tx).await?, 0)
}

/// Copies the states of standings to the heads where they differ.
pub async fn copy_states(tx: &mut Connection, county: &str, (after, last): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "update loan set state = s.state from loan_standing s where loan.county = $1 and s.county = $1 \
         and s.loan = loan.loan and loan.loan > $2 and loan.loan <= $3 and s.state <> loan.state";
    sqlx::query(SQL).bind(county).bind(after).bind(last).execute(tx).await?;
    Ok(())
}

/// Writes the classes banks give: (loan, class).
pub async fn save_bank_classes(tx: &mut Connection, county: &str, rows: &[(&str, &str)]) -> Result<u64, Failure> {
    const SQL: &str = "with r as materialized (select value->>0 as loan, value->>1 as class from jsonb_each($2)) \
         update loan_standing set bank_class = r.class from r where loan_standing.county = $1 and loan_standing.loan = r.loan";
    Ok(sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(tx).await?.rows_affected())
}

/// The money of a standing, as `verify` compares it.
pub struct StandingMoney {
    /// Loan.
    pub loan: String,
    /// First interest day not settled.
    pub row_from: BusinessDate,
    /// Principal, fen.
    pub principal: i64,
    /// Interest owed, fen.
    pub interest: i64,
}

/// The money of the next standings after a number.
pub async fn money(tx: &mut Connection, county: &str, after: &str, limit: i64) -> Result<Vec<StandingMoney>, Failure> {
    const SQL: &str = "select loan, row_from_on, principal_cents, interest_cents from loan_standing \
         where county = $1 and loan > $2 order by loan limit $3";
    let rows = sqlx::query(SQL).bind(county).bind(after).bind(limit).fetch_all(tx).await?;
    let money = |row: &sqlx::any::AnyRow| -> Result<StandingMoney, Failure> {
        let row_from = crate::products::microloan::store::day(row, 1)?;
        Ok(StandingMoney { loan: column(row, 0)?, row_from, principal: column(row, 2)?, interest: column(row, 3)? })
    };
    rows.iter().map(money).collect()
}
