//! S02 across the books: what waits for this person wherever they may take the next step, each number opening its list.
//!
//! 1. The number in the head of every page is the sum of this page's.

use std::collections::HashMap;

use askama::Template;

use super::frame::Frame;
use super::seat::{Seat, Web, scope_of};
use super::text::Texts;
use super::trouble::{Answer, show};
use crate::access::{Grant, Scope, check};
use crate::calendar::AccountingPeriod;
use crate::controls::worklist::store::{open_months, waiting};
use crate::controls::worklist::{Kind, Waiting};
use crate::db::{Connection, Failure};
use crate::ledger::books::{Book, store as books};
use crate::money::Amount;
use crate::products::microloan::store::figures::{Totals, Wanted, maturing, totals};

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    work: Vec<Work>,
    loans: Option<Loans>,
}

/// Things of one kind, by book.
struct Work {
    word: &'static str,
    count: i64,
    /// Where they are: name, how many, address.
    places: Vec<(String, i64, String)>,
}

/// The register of loans at a glance.
struct Loans {
    totals: Totals,
    maturing: i64,
}

impl Loans {
    fn owed(&self) -> String {
        Amount::from_fen(self.totals.owed).grouped()
    }

    fn overdue(&self) -> String {
        Amount::from_fen(self.totals.overdue).grouped()
    }
}

/// What waits for somebody: theirs by the permission the next step needs, in the books and registers they hold it for.
async fn of_person(
    tx: &mut Connection,
    web: &Web,
    user: &str,
    grants: &[Grant],
) -> Result<Vec<(Waiting, Option<Book>)>, Failure> {
    let known: HashMap<String, Book> =
        books::books(tx, web.county()).await?.into_iter().map(|book| (book.book.to_string(), book)).collect();
    let mut found = Vec::new();
    for item in waiting(tx, web.county()).await? {
        let book = item.book.as_ref().and_then(|code| known.get(code)).cloned();
        let scope = book.as_ref().map_or(Scope::County, scope_of);
        if check(user, grants, item.kind.needs(), &scope).is_ok() {
            found.push((item, book));
        }
    }
    Ok(found)
}

/// How much waits for somebody, worked out once for all pages asked for in the same moment: over the connection each of them
/// has already, since one that waits for a second could wait for all the others.
pub async fn count(tx: &mut Connection, web: &Web, user: &str, grants: &[Grant]) -> Result<i64, Failure> {
    let work = async { Ok(of_person(tx, web, user, grants).await?.iter().map(|(item, _)| item.count).sum()) };
    let counted: std::sync::Arc<i64> = web.waiting.answer::<Failure>(&web.office, user, work).await?;
    Ok(*counted)
}

/// The page.
pub async fn page(seat: Seat) -> Answer {
    let t = seat.t();
    let mut tx = seat.snapshot().await?;
    let months: HashMap<String, String> = open_months(&mut tx, seat.county()).await?.into_iter().collect();
    let mut work: Vec<(Kind, Work)> = Vec::new();
    for (item, book) in of_person(&mut tx, &seat.web, &seat.user, &seat.grants).await? {
        let place = (named(t, &item, book.as_ref()), item.count, address(&item, &months));
        match work.iter_mut().find(|(kind, _)| *kind == item.kind) {
            Some((_, known)) => {
                known.count += item.count;
                known.places.push(place);
            }
            None => work.push((item.kind, Work { word: word(t, item.kind), count: item.count, places: vec![place] })),
        }
    }
    work.sort_by_key(|(kind, _)| *kind);
    let loans = loans(&mut tx, &seat).await?;
    show(&Page { t, frame: Frame::of(&seat, t.waiting().home), work: work.into_iter().map(|(_, work)| work).collect(), loans })
}

fn named(t: &Texts, item: &Waiting, book: Option<&Book>) -> String {
    let month = item.period.as_deref().and_then(|period| period.parse::<AccountingPeriod>().ok());
    let month = month.map_or_else(String::new, |month| format!(" {}", month.label_zh()));
    book.map_or_else(|| t.whole_county.to_owned(), |book| format!("{} {}{month}", book.book, book.name))
}

/// The register for those who read the county's, or their bank's.
async fn loans(tx: &mut Connection, seat: &Seat) -> Result<Option<Loans>, Failure> {
    if seat.banks.is_none() && !crate::access::may_read(&seat.grants, &Scope::County) {
        return Ok(None);
    }
    let today = seat.web.office.today();
    let wanted = Wanted { banks: seat.banks.as_deref().map(<[String]>::to_vec), ..Wanted::default() };
    let totals = totals(tx, seat.county(), &wanted, &today.to_string()).await?;
    let through = today + chrono::Days::new(90);
    let maturing = maturing(tx, seat.county(), &wanted, (&today.to_string(), &through.to_string())).await?;
    Ok(Some(Loans { totals, maturing }).filter(|loans| loans.totals.loans > 0))
}

/// The list that is counted.
fn address(item: &Waiting, months: &HashMap<String, String>) -> String {
    let book = item.book.as_deref().unwrap_or_default();
    let month = item.period.as_deref().or_else(|| months.get(book).map(String::as_str));
    let Some(month) = month else { return if book.is_empty() { of_county(item.kind) } else { format!("/books/{book}") } };
    let at = |page: &str| format!("/b/{book}/{month}/{page}");
    match item.kind {
        Kind::VoucherDraft => at("vouchers?state=draft"),
        Kind::VoucherSubmitted => at("vouchers?state=submitted"),
        Kind::VoucherApproved => at("vouchers?state=approved"),
        Kind::ClaimSent => at("claims?state=sent"),
        Kind::ClaimAccepted => at("claims?state=accepted"),
        Kind::ClaimReturned => at("claims?state=returned"),
        Kind::DividendDrafted | Kind::DividendReviewed | Kind::DividendPublished => at("desks/dividends"),
        Kind::PayoutDrawnUp | Kind::PayoutReviewed | Kind::PayoutSent => at("desks/payouts"),
        Kind::SheetDrafted | Kind::SheetReturned | Kind::SheetApproved => at("disclosure"),
        Kind::FindingOpen | Kind::FindingAnswered => "/supervision?tab=findings".to_owned(),
        _ => of_county(item.kind),
    }
}

fn of_county(kind: Kind) -> String {
    let loans = |state: &str| format!("/do/loan/list?state={state}");
    match kind {
        Kind::FundClaimFiled | Kind::FundClaimApproved => "/desks/fund".to_owned(),
        Kind::LoanApplied => loans("applied"),
        Kind::LoanChecked => loans("checked"),
        Kind::LoanAnnounced => loans("announced"),
        Kind::LoanGraded => loans("graded"),
        Kind::LoanApproved => loans("approved"),
        Kind::LoanContracted => loans("contracted"),
        _ => "/desks/subsidy".to_owned(),
    }
}

fn word(t: &Texts, kind: Kind) -> &'static str {
    let w = t.waiting();
    match kind {
        Kind::VoucherDraft => t.work_drafts,
        Kind::VoucherSubmitted => t.work_submitted,
        Kind::VoucherApproved => t.work_approved,
        Kind::ClaimSent => w.claims_sent,
        Kind::ClaimAccepted => w.claims_accepted,
        Kind::ClaimReturned => w.claims_returned,
        Kind::DividendDrafted => w.dividends_drafted,
        Kind::DividendReviewed => w.dividends_reviewed,
        Kind::DividendPublished => w.dividends_published,
        Kind::PayoutDrawnUp => w.payouts_drawn_up,
        Kind::PayoutReviewed => w.payouts_reviewed,
        Kind::PayoutSent => w.payouts_sent,
        Kind::SheetDrafted => w.sheets_drafted,
        Kind::SheetReturned => w.sheets_returned,
        Kind::SheetApproved => w.sheets_approved,
        Kind::FindingOpen => w.findings_open,
        Kind::FindingAnswered => w.findings_answered,
        Kind::SubsidyCalculated => w.subsidy_calculated,
        Kind::SubsidyReviewed => w.subsidy_reviewed,
        Kind::SubsidyApproved => w.subsidy_approved,
        Kind::FundClaimFiled => w.fund_claims_filed,
        Kind::FundClaimApproved => w.fund_claims_approved,
        Kind::LoanApplied => w.loans_applied,
        Kind::LoanChecked => w.loans_checked,
        Kind::LoanAnnounced => w.loans_announced,
        Kind::LoanGraded => w.loans_graded,
        Kind::LoanApproved => w.loans_approved,
        Kind::LoanContracted => w.loans_contracted,
    }
}
