//! The figures of the equalities, from wherever they are kept. Each statement yields (what, left fen, right fen).

use crate::controls::equalities::Compared;
use crate::db::rows::column;
use crate::db::{Connection, Failure};
use crate::money::Amount;

/// Σ of a party's line balances (credit less debit) by book, account prefix and project: what the books say of a scheme.
const OWED: &str = "select l.book, l.account, l.party, l.project, sum(l.credit_cents - l.debit_cents) as cents from voucher_line l \
     join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
     where l.county = $1 and l.project is not null and l.account in ";

async fn compared(tx: &mut Connection, county: &str, equality: u8, sql: String) -> Result<Vec<Compared>, Failure> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).fetch_all(tx).await?;
    let pair = |row: &sqlx::any::AnyRow| {
        let (left, right): (i64, i64) = (column(row, 1)?, column(row, 2)?);
        let (left, right) = (Amount::from_fen(left), Amount::from_fen(right));
        Ok(Compared { equality, what: column(row, 0)?, left, right })
    };
    rows.iter().map(pair).collect()
}

/// 2: what the company or, without one, the operator owes a household for principal and income = entrusted and earned, less
/// what became shares and what was paid, by the registers.
pub async fn entrusted_by_household(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = format!(
        "select r.what, cast(sum(r.books) as bigint), cast(sum(r.register) as bigint) from (\
         select o.project || ' ' || o.party as what, o.cents as books, 0 as register from ({OWED} ('2701', '2241', '231', '201', '215', '211') \
         group by l.book, l.account, l.party, l.project) o join entrusted_scheme s on s.county = $1 and s.scheme = o.project \
         where exists (select 1 from entrusted_move m where m.county = $1 and m.scheme = o.project and m.household = o.party) \
         union all select m.scheme || ' ' || m.household, 0, m.amount_cents from entrusted_move m where m.county = $1 \
         union all select i.scheme || ' ' || i.household, 0, i.amount_cents from entrusted_income i where i.county = $1 \
         union all select i.scheme || ' ' || i.household, 0, -i.reinvest_cents from entrusted_income i \
         join entrusted_period p on p.county = i.county and p.scheme = i.scheme and p.period = i.period and p.reinvested_on is not null \
         where i.county = $1 \
         union all select b.project || ' ' || r.party, 0, -r.amount_cents from payout_batch b \
         join payout_row r on r.county = b.county and r.batch = b.batch and r.state in ('sent', 'paid') \
         where b.county = $1 and b.kind = 'entrusted_income' \
         union all select f.scheme || ' ' || f.household, 0, -f.amount_cents from entrusted_refund f where f.county = $1) r \
         group by r.what order by r.what"
    );
    compared(tx, county, 2, sql).await
}

/// 2: what a party with a book of its own claims there for principal and income = entrusted and earned, less what became shares,
/// what was given back and what arrived, by the registers.
pub async fn entrusted_by_investor(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    const BOOKS: &str = "select v.scheme || ' ' || v.party as what, l.debit_cents - l.credit_cents as books, 0 as register \
         from entrusted_investor v join voucher_line l on l.county = v.county and l.book = v.investor_book and l.project = v.scheme \
         and l.account in ('141', '111', '112') \
         join voucher w on w.county = l.county and w.book = l.book and w.voucher = l.voucher and w.state = 'posted' \
         and w.stage <> 'opening' where v.county = $1";
    let of = |what: &str, from: &str| {
        format!(
            " union all select v.scheme || ' ' || v.party, 0, {what} from entrusted_investor v \
             join {from} x on x.county = v.county and x.scheme = v.scheme and x.household = v.party where v.county = $1"
        )
    };
    let sql = format!(
        "select r.what, cast(sum(r.books) as bigint), cast(sum(r.register) as bigint) from ({BOOKS}{}{}{} \
         union all select v.scheme || ' ' || v.party, 0, -i.reinvest_cents from entrusted_investor v \
         join entrusted_income i on i.county = v.county and i.scheme = v.scheme and i.household = v.party \
         join entrusted_period p on p.county = i.county and p.scheme = i.scheme and p.period = i.period and p.reinvested_on is not null \
         where v.county = $1 \
         union all select v.scheme || ' ' || v.party, 0, -r.amount_cents from entrusted_investor v \
         join payout_batch b on b.county = v.county and b.project = v.scheme and b.kind = 'entrusted_income' \
         join payout_row r on r.county = b.county and r.batch = b.batch and r.party = v.party and r.state = 'paid' \
         where v.county = $1) r group by r.what order by r.what",
        of("x.amount_cents", "entrusted_move"),
        of("x.amount_cents", "entrusted_income"),
        of("-x.amount_cents", "entrusted_refund")
    );
    compared(tx, county, 2, sql).await
}

/// 2: what the company claims on an operator (1221) = what the operator owes the company (231, 201), scheme by scheme.
pub async fn company_and_operator(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = format!(
        "select r.project, cast(sum(r.claim) as bigint), cast(sum(r.debt) as bigint) from (\
         select o.project, -o.cents as claim, 0 as debt from ({OWED} ('1221') group by l.book, l.account, l.party, l.project) o \
         join entrusted_scheme s on s.county = $1 and s.scheme = o.project and s.state <> 'insolvent' \
         and s.terms like '%\"operator_book\":\"%' and s.terms like '%\"company_book\":\"%' \
         union all select o.project, 0, o.cents from ({OWED} ('231', '201') group by l.book, l.account, l.party, l.project) o \
         join entrusted_scheme s on s.county = $1 and s.scheme = o.project and s.state <> 'insolvent' \
         and s.terms like '%\"operator_book\":\"%' and s.terms like '%\"company_book\":\"%') r group by r.project order by r.project"
    );
    compared(tx, county, 2, sql).await
}

/// 3: account 301 of a member = the share register (I7), member by member.
pub async fn shares_and_register(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select r.book || ' 301 ' || r.member, cast(sum(r.books) as bigint), cast(sum(r.register) as bigint) from (\
         select l.book, l.party as member, l.credit_cents - l.debit_cents as books, 0 as register from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
         join book b on b.county = l.county and b.book = l.book and b.kind = 'cooperative' \
         where l.county = $1 and l.account = '301' and l.party is not null \
         and exists (select 1 from share_class c where c.county = l.county and c.book = l.book) \
         union all select e.book, e.holder, 0, e.amount_cents from share_entry e where e.county = $1 \
         and e.account_column in ('from_poverty_assets', 'from_other') \
         and exists (select 1 from book b where b.county = e.county and b.book = e.book and b.kind = 'cooperative')) r \
         group by r.book, r.member order by r.book, r.member";
    compared(tx, county, 3, sql.to_owned()).await
}

/// 3: 301 of a member that keeps its own book = 141 on that book, and what the cooperative owes it = what it claims.
pub async fn investors(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    // On 141 only shares: money entrusted or invested from a fund stands there under its project.
    let sum = |book: &str, account: &str, party: &str, side: &str| {
        format!(
            "(select coalesce(sum({side}), 0) from voucher_line l join voucher v on v.county = l.county and v.book = l.book \
             and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
             where l.county = i.county and l.book = {book} and l.account = '{account}' and l.party = {party})"
        )
    };
    let (credit, debit) = ("l.credit_cents - l.debit_cents", "l.debit_cents - l.credit_cents");
    let sql = format!(
        "select i.book || ' ' || i.member || ' 301/141', cast({} as bigint), cast({} as bigint) from share_investor i where i.county = $1 \
         order by i.book, i.member",
        sum("i.book", "301", "i.member", credit),
        sum("i.investor_book", "141", "i.book and l.project is null", debit)
    );
    compared(tx, county, 3, sql).await
}

/// 6: what came in for a batch = what is with people, with the bank, and still owed; the clearing account says the same.
pub async fn pass_through(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select b.batch, cast(coalesce((select sum(m.credit_cents - m.debit_cents) from period_movement m where m.county = b.county \
         and m.book = b.book and m.dimension = 'document' and m.account = b.payable and m.member = b.batch and m.stage <> 'opening'), 0) as bigint), \
         cast(b.received_cents - coalesce((select sum(r.amount_cents) from payout_row r where r.county = b.county and r.batch = b.batch \
         and r.state in ('sent', 'paid')), 0) as bigint) from payout_batch b where b.county = $1 and b.received_cents > 0 order by b.batch";
    compared(tx, county, 6, sql.to_owned()).await
}

/// 8: what left a batch's money account in the books = what its rows say was sent or arrived.
pub async fn payments(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select b.batch, cast(coalesce((select sum(m.credit_cents - m.debit_cents) from period_movement m where m.county = b.county \
         and m.book = b.book and m.dimension = 'document' and m.account = b.money_account and m.member = b.batch \
         and m.stage <> 'opening'), 0) + b.received_cents as bigint), \
         cast(coalesce((select sum(r.amount_cents) from payout_row r where r.county = b.county and r.batch = b.batch \
         and r.state in ('sent', 'paid')), 0) as bigint) from payout_batch b where b.county = $1 order by b.batch";
    compared(tx, county, 8, sql.to_owned()).await
}

/// 1: no household has more loan money entrusted than it still owes its banks; the rest it uses itself. Compared is the excess with nothing.
pub async fn loans_in_schemes(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select r.household, cast(case when sum(r.entrusted) > sum(r.owed) then sum(r.entrusted) - sum(r.owed) else 0 end as bigint), \
         cast(0 as bigint) from (select m.household, m.amount_cents as entrusted, 0 as owed from entrusted_move m \
         join entrusted_scheme s on s.county = m.county and s.scheme = m.scheme and s.terms like '%\"source\":\"loan\"%' \
         where m.county = $1 union all select l.household, 0, t.principal_cents from loan l \
         join loan_standing t on t.county = l.county and t.loan = l.loan where l.county = $1) r \
         where exists (select 1 from loan l where l.county = $1 and l.household = r.household) \
         and exists (select 1 from entrusted_move m where m.county = $1 and m.household = r.household) \
         group by r.household order by r.household";
    compared(tx, county, 1, sql.to_owned()).await
}

/// 9 (ours): what the lines of a lease leave with a party = rent accrued, less what came in or was paid, by the register.
pub async fn leases(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select r.what, cast(sum(r.books) as bigint), cast(sum(r.register) as bigint) from (\
         select l.project || ' ' || l.party as what, l.debit_cents - l.credit_cents as books, 0 as register from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
         join lease s on s.county = l.county and s.book = l.book and s.lease = l.project \
         where l.county = $1 and l.party is not null \
         union all select t.lease || ' ' || t.party, 0, case s.direction when 'out' then t.amount_cents else -t.amount_cents end \
         from lease_rent t join lease s on s.county = t.county and s.lease = t.lease where t.county = $1 \
         union all select p.lease || ' ' || p.party, 0, -p.amount_cents from lease_receipt p where p.county = $1 \
         union all select b.project || ' ' || r.party, 0, r.amount_cents from payout_batch b \
         join payout_row r on r.county = b.county and r.batch = b.batch and r.state in ('sent', 'paid') \
         where b.county = $1 and b.source like 'lease:%') r group by r.what order by r.what";
    compared(tx, county, 9, sql.to_owned()).await
}

/// 10 (ours): what the lines of a revolving fund leave on the village's account of a party = the register's moves.
pub async fn revolving(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Failure> {
    let sql = "select r.what, cast(sum(r.books) as bigint), cast(sum(r.register) as bigint) from (\
         select l.project || ' ' || l.party as what, l.debit_cents - l.credit_cents as books, 0 as register from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' and v.stage <> 'opening' \
         join revolving_fund f on f.county = l.county and f.book = l.book and f.fund = l.project \
         where l.county = $1 and l.party is not null \
         union all select m.fund || ' ' || m.party, 0, case when m.kind in ('returned', 'lent', 'invested') then m.amount_cents \
         else -m.amount_cents end from revolving_move m where m.county = $1) r group by r.what order by r.what";
    compared(tx, county, 10, sql.to_owned()).await
}
