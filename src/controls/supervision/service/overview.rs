//! The county's matrix, read: every village's year in a handful of statements. Reads only.

use chrono::Datelike;

use crate::controls::disclosure::store as disclosure;
use crate::controls::supervision::matrix::{BookYear, Month, days_to_close};
use crate::controls::supervision::rules;
use crate::controls::supervision::store::overview::{Asked, months};
use crate::db::{Connection, Failure};
use crate::ledger::EntityKind;
use crate::ledger::books::store as books;
use crate::ledger::regime::regimes;

/// Every village's year, and the days within which a month is closed after its end.
pub async fn villages(tx: &mut Connection, county: &str, year: i32) -> Result<(Vec<BookYear>, i64), Failure> {
    let money = regimes().iter().filter(|regime| regime.kind == EntityKind::Village);
    let mut money: Vec<&str> =
        money.flat_map(|regime| regime.cash.iter().chain(&regime.bank)).map(|code| code.as_str()).collect();
    money.sort_unstable();
    let past = format!("{}~", money.last().copied().unwrap_or_default());
    let asked = Asked { year, first: money.first().copied().unwrap_or_default(), past: &past };
    let mut found = months(tx, county, &asked).await?;
    for (book, on) in books::stopped(tx, county).await? {
        // A book that ended keeps no month after the one it ended in.
        let kept = (i64::from(on.year() - year) * 12 + i64::from(on.month())).clamp(0, 12);
        let months = found.get_mut(&book.0).into_iter().flat_map(|months| months.iter_mut().skip(kept as usize));
        months.for_each(|month| *month = Month::default());
    }
    let kept = books::books(tx, county).await?.into_iter().filter(|book| book.kind == EntityKind::Village);
    let years = kept.map(|book| BookYear { months: found.remove(&book.book.0).unwrap_or_default(), book }).collect();
    let own = disclosure::rules::own(tx, county, "supervision").await?;
    Ok((years, days_to_close(&rules::table(own))))
}
