//! The lines of a household's statement, each from the place that keeps it; every statement goes through an index of the household.

use sqlx::any::AnyRow;

use super::{CardLine, HouseholdCard, Section};
use crate::calendar::BusinessDate;
use crate::db::rows::column;
use crate::db::{Connection, Failure, Stop};
use crate::money::Amount;
use crate::payouts::{PayoutKind, RowState};
use crate::products::microloan::store::as_of;

/// (part, statement): columns are date, what, source, fen, state (of a loan its number, until `state_loans`).
const PARTS: [(Section, &str); 11] = [
    (
        Section::Borrowed,
        "select s.disbursed_on, '贷款本金余额', l.bank || ' ' || l.loan, s.principal_cents, s.loan from loan l \
         join loan_standing s on s.county = l.county and s.loan = l.loan where l.county = $1 and l.household = $2",
    ),
    (
        Section::Entrusted,
        "select min(m.dated_on), '委托本金', m.scheme, cast(sum(m.amount_cents) as bigint), '' from entrusted_move m \
         where m.county = $1 and m.household = $2 group by m.scheme having sum(m.amount_cents) <> 0",
    ),
    (
        Section::Held,
        "select min(e.dated_on), c.name, e.book, cast(sum(e.amount_cents) as bigint), \
         case when e.holder = e.beneficiary then '' when e.holder = $2 then '收益权已让出' else '仅收益权' end from share_entry e \
         join share_class c on c.county = e.county and c.book = e.book and c.class = e.class \
         where e.county = $1 and e.holder = $2 group by c.name, e.book, e.holder, e.beneficiary having sum(e.amount_cents) <> 0",
    ),
    (
        Section::Held,
        "select min(e.dated_on), c.name, e.book, cast(sum(e.amount_cents) as bigint), '仅收益权' from share_entry e \
         join share_class c on c.county = e.county and c.book = e.book and c.class = e.class \
         where e.county = $1 and e.beneficiary = $2 and e.holder <> $2 group by c.name, e.book having sum(e.amount_cents) <> 0",
    ),
    (
        Section::Due,
        "select p.posted_on, cast(p.year as text) || '年分红', r.book, r.net_cents, '待发放' from dividend_row r \
         join dividend_plan p on p.county = r.county and p.book = r.book and p.plan = r.plan and p.state = 'posted' \
         where r.county = $1 and r.member = $2 and not exists (select 1 from payout_batch b where b.county = r.county \
         and b.source = 'dividend:' || r.book || ':' || cast(r.plan as text) and b.state <> 'dropped')",
    ),
    (
        Section::Due,
        "select p.due_on, '委托收益', i.scheme, i.amount_cents - i.reinvest_cents, '待发放' from entrusted_income i \
         join entrusted_period p on p.county = i.county and p.scheme = i.scheme and p.period = i.period \
         where i.county = $1 and i.household = $2 and not exists (select 1 from payout_batch b where b.county = i.county \
         and b.source = 'entrust:' || i.scheme || ':' || cast(i.period as text) and b.state <> 'dropped')",
    ),
    (
        Section::Borrowed,
        "select min(m.dated_on), '扶贫周转金借款', m.fund, \
         cast(sum(case m.kind when 'lent' then m.amount_cents else -m.amount_cents end) as bigint), '' from revolving_move m \
         where m.county = $1 and m.party = $2 and m.kind in ('lent', 'repaid') group by m.fund \
         having sum(case m.kind when 'lent' then m.amount_cents else -m.amount_cents end) <> 0",
    ),
    (
        Section::Due,
        "select max(f.dated_on), '应退回委托收益', f.scheme, cast(-(sum(f.amount_cents) \
         - coalesce((select sum(i.amount_cents - i.reinvest_cents) from entrusted_income i where i.county = $1 and i.household = $2 \
         and i.scheme = f.scheme and exists (select 1 from payout_batch b where b.county = $1 \
         and b.source = 'entrust:' || i.scheme || ':' || cast(i.period as text) and b.state <> 'dropped')), 0) \
         + coalesce((select sum(r.amount_cents) from payout_row r join payout_batch b on b.county = r.county and b.batch = r.batch \
         where r.county = $1 and r.party = $2 and b.project = f.scheme and b.kind = 'entrusted_income' and b.source is not null \
         and b.state <> 'dropped'), 0)) as bigint), '待扣回' from entrusted_refund f where f.county = $1 and f.household = $2 \
         group by f.scheme",
    ),
    (
        Section::Due,
        "select r.due_on, '土地租金', r.lease, r.amount_cents, '待发放' from lease_rent r \
         join lease l on l.county = r.county and l.lease = r.lease and l.direction = 'in' \
         where r.county = $1 and r.party = $2 and not exists (select 1 from payout_batch b where b.county = r.county \
         and b.source = 'lease:' || r.lease || ':' || cast(r.period as text) and b.state <> 'dropped')",
    ),
    (
        Section::Received,
        "select r.paid_on, '小额信贷贴息', r.loan, r.subsidy_cents, '' from loan l \
         join subsidy_row r on r.county = l.county and r.loan = l.loan where l.county = $1 and l.household = $2 \
         and r.payee = 'household' and r.paid_on is not null and r.returned_on is null and r.subsidy_cents <> 0",
    ),
    (
        Section::Due,
        "select b.sent_on, b.kind, b.batch, r.amount_cents, r.state from payout_row r \
         join payout_batch b on b.county = r.county and b.batch = r.batch and b.state <> 'dropped' \
         where r.county = $1 and r.party = $2 and r.state <> 'paid'",
    ),
];

/// Payments that arrived: one line each.
const PAID: &str = "select r.decided_on, b.kind, b.title || ' ' || b.batch, r.amount_cents, '' from payout_row r \
     join payout_batch b on b.county = r.county and b.batch = r.batch where r.county = $1 and r.party = $2 and r.state = 'paid'";

fn line(section: Section, row: &AnyRow) -> Result<CardLine, Failure> {
    let (what, state): (String, String) = (column(row, 1)?, column(row, 4)?);
    Ok(CardLine {
        section,
        on: column::<Option<String>>(row, 0)?.and_then(|text| text.parse().ok()),
        what: PayoutKind::parse(&what).map_or(what, |kind| kind.label_zh().to_owned()),
        source: column(row, 2)?,
        amount: Amount::from_fen(column(row, 3)?),
        state: RowState::parse(&state).map_or(state, |state| state.label_zh().to_owned()),
    })
}

/// A household's statement as things stand, labelled with a date.
pub async fn card(tx: &mut Connection, county: &str, household: &str, on: BusinessDate) -> Result<HouseholdCard, Stop> {
    const NAMES: &str = "select h.head_name from household h where h.county = $1 and h.household = $2 \
         union all select p.name from payee p where p.county = $1 and p.party = $2";
    let names = sqlx::query(NAMES).bind(county).bind(household).fetch_all(&mut *tx).await?;
    let name = names.first().map(|row| column(row, 0)).transpose()?.unwrap_or_default();
    let mut lines = Vec::new();
    for (section, sql) in PARTS.iter().copied().chain([(Section::Received, PAID)]) {
        for row in sqlx::query(sql).bind(county).bind(household).fetch_all(&mut *tx).await? {
            lines.push(line(section, &row)?);
        }
    }
    state_loans(tx, county, &mut lines, on).await?;
    lines.sort();
    Ok(HouseholdCard { household: household.to_owned(), name, on, lines })
}

/// Puts the state of each loan on a day, in words, in the place of its number.
async fn state_loans(tx: &mut Connection, county: &str, lines: &mut [CardLine], on: BusinessDate) -> Result<(), Stop> {
    let borrowed = |line: &&CardLine| line.section == Section::Borrowed;
    let loans: Vec<String> = lines.iter().filter(borrowed).map(|line| line.state.clone()).collect();
    let positions = as_of::positions(tx, county, &loans, on).await?;
    for line in lines.iter_mut() {
        if let Some(position) = positions.get(&line.state).filter(|_| line.section == Section::Borrowed) {
            line.state = position.state.label_zh().to_owned();
        }
    }
    Ok(())
}
