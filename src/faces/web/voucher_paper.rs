//! One voucher as its paper (记账凭证), with what may be done to it: reverse in red, copy, edit a draft.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::bills;
use super::fields;
use super::frame::Frame;
use super::room::Picture;
use super::seat::{AtBook, Names};
use super::text::Texts;
use super::trouble::{Trouble, show};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::attachments::store::attachments;
use crate::ledger::books::store as books;
use crate::ledger::vouchers::service::{CopyVoucher, ReverseVoucher};
use crate::ledger::vouchers::{KeptVoucher, State, VoucherRef, store};
use crate::ledger::{Chart, Dimension, LedgerRefusal, VoucherId, VoucherLine};
use crate::money::Amount;
use crate::money::capitals::to_capitals;
use crate::products::village_claims::store as claims;
use crate::refusal::Refusal;

#[derive(Template)]
#[template(path = "voucher_paper.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    voucher: KeptVoucher,
    names: Names,
    lines: Vec<PaperLine>,
    papers: i64,
    pictures: Vec<Picture>,
    others: Vec<(String, String)>,
    claim: Option<(i64, String)>,
    total: Amount,
    capitals: String,
    reverses: Option<(String, String)>,
    reversed_by: Option<(String, String)>,
    here: String,
    keep_template: String,
    list: String,
    key: String,
    today: BusinessDate,
    may_edit: bool,
    may_reverse: bool,
    may_copy: bool,
    refusal: Option<Refusal>,
}

/// A line of the paper.
struct PaperLine {
    summary: String,
    account: String,
    href: String,
    dimensions: String,
    debit: Amount,
    credit: Amount,
}

/// Dimensions as people read them: `往来 H001;项目 P01`.
pub fn dimensions_in_words(line: &VoucherLine) -> String {
    let named = |d: &Dimension| Some(format!("{} {}", d.label_zh(), line.dimensions.get(*d)?));
    Dimension::ALL.iter().filter_map(named).collect::<Vec<_>>().join(";")
}

/// The voucher an address names. Refuses a name the book does not have.
pub async fn named(at: &AtBook, name: &str) -> Result<KeptVoucher, Stop> {
    let reference: VoucherRef = name.parse()?;
    let mut tx = at.seat.snapshot().await?;
    let unknown = || LedgerRefusal::UnknownVoucher { voucher: reference.to_string(), book: at.book.book.to_string() };
    let id = store::find(&mut tx, at.seat.county(), &at.book.book, &reference).await?.ok_or_else(unknown)?;
    Ok(store::vouchers(&mut tx, at.seat.county(), &at.book.book, &[id]).await?.remove(0))
}

/// The paper.
pub async fn page(at: AtBook, Path((_, _, name)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    render(&at, &name, None).await
}

async fn render(at: &AtBook, name: &str, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, super::trouble::status_of);
    let page = drawn(at, name, refusal).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    Ok((status, show(&page)?).into_response())
}

async fn drawn(at: &AtBook, name: &str, refusal: Option<Refusal>) -> Result<Page, Stop> {
    let voucher = named(at, name).await?;
    let (county, book, t) = (at.seat.county(), &at.book.book, at.t());
    let mut tx = at.seat.snapshot().await?;
    let chart = books::chart(&mut tx, county, book, voucher.content.period.year()).await?;
    let files = attachments(&mut tx, county, book, voucher.id).await?;
    let pictures = bills::pictures(at, &files);
    let claim = claims::of_voucher(&mut tx, county, book, voucher.id.0).await?;
    let linked: Vec<VoucherId> = [voucher.content.reverses, voucher.reversed_by].into_iter().flatten().collect();
    let linked = store::vouchers(&mut tx, county, book, &linked).await?;
    let link = |id: Option<VoucherId>| {
        let other = linked.iter().find(|other| Some(other.id) == id)?;
        let address = format!("/b/{book}/{}/vouchers/{}", other.content.period, other.reference());
        Some((other.reference(), address))
    };
    let total = voucher.content.totals().map_or(Amount::ZERO, |(debit, _)| debit);
    let keeps = at.may(Permission::KeepVouchers);
    let reversible = voucher.check_reversible().is_ok() && voucher.reversed_by.is_none();
    Ok(Page {
        t,
        names: Names::of_county(&mut tx, county).await?,
        frame: Frame::at(at, &format!("{} {}", t.voucher, voucher.reference()), "vouchers"),
        lines: voucher.content.lines.iter().map(|line| paper_line(at, line, &chart)).collect(),
        papers: voucher.content.paper_attachments + i64::try_from(files.len()).unwrap_or(0),
        others: files
            .iter()
            .filter(|file| !pictures.iter().any(|picture| picture.src.ends_with(&file.digest)))
            .map(|file| (file.name.clone(), bills::href(at, file)))
            .collect(),
        pictures,
        claim: claim.map(|claim| (claim, at.at(&format!("claims/{claim}")))),
        total,
        capitals: to_capitals(total),
        reverses: link(voucher.content.reverses),
        reversed_by: link(voucher.reversed_by),
        here: at.at(&format!("vouchers/{}", voucher.reference())),
        keep_template: at.at(&format!("do/template/keep?voucher={}", escaped_query(&voucher.reference().to_string()))),
        list: at.at("vouchers"),
        key: at.seat.form_key(),
        today: at.seat.web.office.today().clamp(at.period.first_day(), at.period.last_day()),
        may_edit: keeps && voucher.state == State::Draft && !at.is_closed(),
        may_reverse: keeps && reversible,
        may_copy: keeps,
        voucher,
        refusal,
    })
}

fn paper_line(at: &AtBook, line: &VoucherLine, chart: &Chart) -> PaperLine {
    PaperLine {
        summary: line.summary.clone(),
        account: format!("{} {}", line.account.as_str(), chart.full_name_zh(&line.account)),
        href: at.at(&format!("ledger?account={}", line.account.as_str())),
        dimensions: dimensions_in_words(line),
        debit: line.debit,
        credit: line.credit,
    }
}

/// What the forms below the paper carry.
#[derive(Deserialize)]
pub struct Dated {
    key: String,
    on: String,
    #[serde(default)]
    reason: String,
}

impl Dated {
    fn date(&self) -> Result<BusinessDate, Stop> {
        Ok(fields::date("日期", &self.on)?)
    }
}

/// Makes the red voucher that cancels this one.
pub async fn reverse(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(dated): Form<Dated>,
) -> Result<Response, Trouble> {
    let made = async {
        let wrong = named(&at, &name).await?;
        let reason = fields::text(&dated.reason);
        let act = ReverseVoucher { book: at.book.book.clone(), voucher: wrong.id, on: dated.date()?, reason };
        at.seat.perform(act, &dated.key).await
    };
    led_to(&at, &name, made.await).await
}

/// Copies this voucher into a draft.
pub async fn copy(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(dated): Form<Dated>,
) -> Result<Response, Trouble> {
    let made = async {
        let pattern = named(&at, &name).await?;
        let act = CopyVoucher { book: at.book.book.clone(), voucher: pattern.id, on: dated.date()? };
        at.seat.perform(act, &dated.key).await
    };
    led_to(&at, &name, made.await).await
}

async fn led_to(at: &AtBook, name: &str, made: Result<crate::ledger::service::Numbered, Stop>) -> Result<Response, Trouble> {
    match made {
        Ok(made) => {
            let address = format!("/b/{}/{}/vouchers/{}", at.book.book, made.2, made.reference());
            Ok(lead_to(&address).into_response())
        }
        Err(Stop::Refused(refusal)) => render(at, name, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}
