//! Making a sheet: the live books at one moment, frozen.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::affairs::assets::{reports as asset_reports, store as asset_cards};
use crate::controls::disclosure::frozen::Frozen;
use crate::controls::disclosure::refusal::DisclosureRefusal;
use crate::controls::disclosure::sheet::{Kind, SheetHead, SheetState};
use crate::controls::disclosure::span::Span;
use crate::controls::disclosure::{masking, reports, store};
use crate::db::{Connection, Stop};
use crate::exchange::Sheet;
use crate::ledger::books::service::regime_in;
use crate::ledger::books::store as books;
use crate::ledger::{BookCode, LedgerRefusal, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::payouts::service::rents::wholes as wholes_of;
use crate::payouts::store as payouts;
use crate::products::leases::reports as lease_reports;
use crate::products::projects::reports as project_reports;
use crate::products::projects::service::wholes::wholes;
use crate::statements::service::{Report, report};

/// Makes a sheet from the books as they stand; answers its number. One that was published before needs a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeSheet {
    /// The book.
    pub book: BookCode,
    /// What.
    pub kind: Kind,
    /// Of which time.
    pub span: Span,
    /// The list, for lists of people.
    #[serde(default)]
    pub subject: String,
    /// Why it is made again.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Act for MakeSheet {
    const KIND: &'static str = "disclosure.make";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Disclose, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let heads = store::sheets::heads(tx, &scene.county, &self.book).await?;
        let version = self.next_version(&heads)?;
        let content = frozen(tx, scene, (&self.book, self.kind, self.span, &self.subject)).await?;
        let unit = books::book(tx, &scene.county, &self.book).await?.map_or(String::new(), |book| book.name);
        let (text, digest) = content.sealed();
        let list = if self.subject.is_empty() { String::new() } else { format!(" {}", self.subject) };
        let head = SheetHead {
            sheet: heads.first().map_or(0, |last| last.sheet) + 1,
            kind: self.kind,
            span: self.span,
            subject: self.subject.clone(),
            version,
            state: SheetState::Drafted,
            title: format!("{}{}{list}", self.span.label_zh(), self.kind.label_zh()),
            unit,
            digest,
            made_by: scene.actor.clone(),
            approved_by: None,
            published_on: None,
            reason: self.reason.clone(),
            approver: None,
            contact: None,
        };
        store::sheets::insert(tx, &scene.county, &self.book, (&head, &text), &scene.at).await?;
        Ok(head.sheet)
    }
}

impl MakeSheet {
    /// The version after the last of the same thing. Refuses while one waits, and a correction without a reason.
    fn next_version(&self, heads: &[SheetHead]) -> Result<i64, DisclosureRefusal> {
        let same = |head: &&SheetHead| (head.kind, head.span, &head.subject) == (self.kind, self.span, &self.subject);
        let waits = |head: &&SheetHead| matches!(head.state, SheetState::Drafted | SheetState::Approved);
        if let Some(head) = heads.iter().filter(same).find(waits) {
            let state = head.state.label_zh().to_owned();
            return Err(DisclosureRefusal::VersionWaits { sheet: head.sheet, state });
        }
        let public = heads.iter().filter(same).find(|head| head.published_on.is_some());
        let silent = self.reason.as_deref().is_none_or(|reason| reason.trim().is_empty());
        match public {
            Some(head) if silent => Err(DisclosureRefusal::NeedsReason { sheet: head.sheet }),
            _ => Ok(heads.iter().filter(same).map(|head| head.version).max().unwrap_or(0) + 1),
        }
    }
}

type Asked<'a> = (&'a BookCode, Kind, Span, &'a str);

async fn frozen(tx: &mut Connection, scene: &Scene, (book, kind, span, subject): Asked<'_>) -> Result<Frozen, Stop> {
    let (kept, open, digest) = store::facts::months(tx, &scene.county, book, span).await?;
    if kept == 0 {
        let (book, period) = (book.to_string(), span.through.to_string());
        return Err(LedgerRefusal::PeriodNotKept { book, period }.into());
    }
    let mut sheets = shown(tx, scene, (book, kind, span, subject)).await?;
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        // What must be published is published all the same: that there was nothing is the news.
        let nothing = format!("{}没有{}的内容", span.label_zh(), kind.label_zh().trim_end_matches("公开"));
        sheets.truncate(1);
        sheets.iter_mut().for_each(|sheet| sheet.notes.insert(0, nothing.clone()));
    }
    Ok(Frozen::of(sheets, masking::left_out(kind), open > 0, digest)?)
}

async fn shown(tx: &mut Connection, scene: &Scene, (book, kind, span, subject): Asked<'_>) -> Result<Vec<Sheet>, Stop> {
    let county = scene.county.as_str();
    Ok(match kind {
        Kind::Receipts => receipts(tx, county, book, span).await?,
        Kind::Position => report(tx, county, book, span.through, &Report::BalanceSheet, false).await?,
        Kind::Income => report(tx, county, book, span.through, &Report::ReceiptsPayments, false).await?,
        Kind::Debts => vec![reports::debts(&store::facts::party_balances(tx, county, book, span.through).await?)],
        Kind::Contracts => vec![contracts(tx, county, book, span).await?],
        Kind::Payouts => vec![paid_list(tx, county, book, subject).await?],
        Kind::Dividends => vec![dividend(tx, county, book, subject).await?],
        Kind::Subsidies => vec![subsidies(tx, county, book, subject).await?],
        Kind::Projects => vec![projects(tx, county, book, span).await?],
        Kind::Assets => vec![assets(tx, county, book, span).await?],
    })
}

async fn receipts(tx: &mut Connection, county: &str, book: &BookCode, span: Span) -> Result<Vec<Sheet>, Stop> {
    let regime = regime_in(tx, county, book, span.from.year()).await?;
    let accounts: Vec<&str> = regime.cash.iter().chain(&regime.bank).map(|account| account.as_str()).collect();
    let classes = store::facts::classes(tx, county, book, &accounts, span).await?;
    let lines = store::facts::money_lines(tx, county, book, &accounts, span).await?;
    Ok(vec![reports::classes(&classes), reports::line_by_line(&lines)])
}

/// The leases of a book, with what of their rent is late at the end of the time.
async fn contracts(tx: &mut Connection, county: &str, book: &BookCode, span: Span) -> Result<Sheet, Stop> {
    Ok(lease_reports::list(&wholes_of(tx, county, &book.0).await?, span.through.last_day())?)
}

/// The projects of a book as they stood at the end of the time.
async fn projects(tx: &mut Connection, county: &str, book: &BookCode, span: Span) -> Result<Sheet, Stop> {
    let unit = books::book(tx, county, book).await?.map_or(String::new(), |book| book.name);
    Ok(project_reports::list(&unit, &wholes(tx, county, book, span.through.last_day()).await?))
}

/// The register of assets and resources as it stood at the end of the time.
async fn assets(tx: &mut Connection, county: &str, book: &BookCode, span: Span) -> Result<Sheet, Stop> {
    let unit = books::book(tx, county, book).await?.map_or(String::new(), |book| book.name);
    Ok(asset_reports::register(&unit, &asset_cards::assets(tx, county, book, span.through.last_day()).await?))
}

async fn paid_list(tx: &mut Connection, county: &str, book: &BookCode, subject: &str) -> Result<Sheet, Stop> {
    if subject.is_empty() {
        return Err(DisclosureRefusal::WhichList { kind: Kind::Payouts.label_zh().to_owned() }.into());
    }
    let unknown = || DisclosureRefusal::NothingToShow { kind: subject.to_owned(), span: String::new() };
    let batch = payouts::batch(tx, county, subject).await?.filter(|batch| batch.book == *book).ok_or_else(unknown)?;
    let rows = payouts::rows(tx, county, subject, &[]).await?;
    let people: Vec<_> = rows.into_iter().map(|row| (row.name, row.amount)).collect();
    Ok(reports::payouts(&batch.title, &people))
}

/// The dividend of a plan that was reviewed, member by member.
async fn dividend(tx: &mut Connection, county: &str, book: &BookCode, subject: &str) -> Result<Sheet, Stop> {
    let which = || DisclosureRefusal::WhichList { kind: Kind::Dividends.label_zh().to_owned() };
    let plan: i64 = subject.parse().map_err(|_| which())?;
    let (year, rows) = store::lists::dividend(tx, county, book, plan).await?;
    Ok(reports::dividend(year, &rows))
}

/// The interest subsidies of a batch to the households of the book's village.
async fn subsidies(tx: &mut Connection, county: &str, book: &BookCode, subject: &str) -> Result<Sheet, Stop> {
    if subject.is_empty() {
        return Err(DisclosureRefusal::WhichList { kind: Kind::Subsidies.label_zh().to_owned() }.into());
    }
    let place = books::book(tx, county, book).await?.and_then(|book| book.place).unwrap_or_default();
    Ok(reports::subsidies(subject, &store::lists::subsidies(tx, county, &place, subject).await?))
}
