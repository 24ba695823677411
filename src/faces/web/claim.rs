//! One claim: what it says, its bills, what happened to it; for the clerk its form, for the centre its decision.
//!
//! 1. Photographs go one by one, each a request of its own; the same one sent again changes nothing.

use axum::Form;
use axum::extract::{Multipart, Path, Query};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::address::lead_to;
use super::bills;
use super::claim_form::{content_of, entry_form};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::room::{Field, FormBox, Picture, Room};
use super::seat::{AtBook, Names};
use super::table::Table;
use super::trouble::{FormRefusal, Trouble};
use crate::access::Permission;
use crate::db::Stop;
use crate::exchange::photo;
use crate::ledger::vouchers;
use crate::ledger::{AccountCode, VoucherId};
use crate::office::local_time;
use crate::products::projects::store as projects;
use crate::products::village_claims::claim::{Claim, ClaimPhoto, ClaimState, Step};
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::service::booking::BookClaims;
use crate::products::village_claims::service::keep::{AddPhoto, KeepClaim, RemovePhoto};
use crate::products::village_claims::service::steps::{AcceptClaim, ReturnClaim, SendClaim, WithdrawClaim};
use crate::products::village_claims::{papers, store};
use crate::refusal::Refusal;

/// A claim with everything its page shows.
struct Shown {
    claim: Claim,
    steps: Vec<Step>,
    photos: Vec<ClaimPhoto>,
    voucher: Option<(String, String)>,
    projects: Vec<(String, String)>,
}

fn number(name: &str) -> i64 {
    name.parse().unwrap_or_default()
}

async fn shown(at: &AtBook, claim: i64) -> Result<Shown, Stop> {
    let (county, book) = (at.seat.county(), &at.book.book);
    let mut tx = at.seat.snapshot().await?;
    let unknown = || ClaimRefusal::UnknownClaim { claim, book: book.to_string() };
    let found = store::claim(&mut tx, county, book, claim).await?.ok_or_else(unknown)?;
    let names = Names::of_county(&mut tx, county).await?;
    let mut steps = store::steps(&mut tx, county, book, claim).await?;
    for step in &mut steps {
        (step.actor, step.at) = (names.of(&step.actor).to_owned(), local_time(&step.at));
    }
    let photos = store::photos(&mut tx, county, book, claim).await?;
    let ids: Vec<VoucherId> = found.voucher.map(VoucherId).into_iter().collect();
    let kept = vouchers::store::vouchers(&mut tx, county, book, &ids).await?;
    let voucher =
        kept.first().map(|kept| (kept.reference(), format!("/b/{book}/{}/vouchers/{}", kept.content.period, kept.reference())));
    let projects = projects::open(&mut tx, county, book).await?;
    Ok(Shown { claim: found, steps, photos, voucher, projects })
}

/// The page.
pub async fn page(at: AtBook, Path((_, _, name)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    render(&at, number(&name), None).await
}

async fn render(at: &AtBook, claim: i64, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let shown = shown(at, claim).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let t = at.t();
    let title = format!("{} {} · {}", t.claim, claim, shown.claim.state.label_zh());
    let mut room = Room::new(t, Frame::at(at, t.claims, "claims"), &title);
    room.back = Some((t.claims.to_owned(), at.at("claims")));
    room.refusal = refusal;
    room.script = super::server::asset("claim.js");
    room.links.extend(shown.voucher.iter().map(|(name, href)| (format!("{} {name}", t.voucher), href.clone())));
    let sheets = papers::one(&at.book.name, &shown.claim, &shown.steps);
    let with_clerk = matches!(shown.claim.state, ClaimState::Draft | ClaimState::Returned) && at.may(Permission::Claim);
    room.tables = sheets.iter().skip(usize::from(with_clerk)).map(Table::plain).collect();
    room.pictures = shown.photos.iter().map(|photo| picture(at, claim, photo, with_clerk)).collect();
    if with_clerk {
        room.forms.extend(clerk_forms(at, &shown, &mut room.notices));
    }
    if at.may(Permission::AcceptClaims) {
        room.forms.extend(centre_forms(at, &shown.claim));
    }
    room.answer()
}

fn here(at: &AtBook, claim: i64, more: &str) -> String {
    at.at(&format!("claims/{claim}{more}"))
}

fn picture(at: &AtBook, claim: i64, photo: &ClaimPhoto, removable: bool) -> Picture {
    let t = at.t();
    let remove = removable.then(|| {
        let form = FormBox::new("", here(at, claim, "/photos/remove"), at.seat.form_key());
        form.field(Field::hidden("photo", photo.photo.to_string())).button("remove", t.remove_photo, "plain")
    });
    let src = here(at, claim, &format!("/photos/{}", photo.photo));
    Picture { src, words: format!("{} {}", t.photo, photo.photo), remove }
}

fn clerk_forms(at: &AtBook, shown: &Shown, notices: &mut Vec<(&'static str, String)>) -> Vec<FormBox> {
    let (t, claim) = (at.t(), shown.claim.claim);
    let reasons = match shown.claim.state {
        ClaimState::Returned => shown.steps.iter().rev().find(|step| step.action == "退回").map(|step| step.reasons.clone()),
        _ => None,
    };
    let reasons = reasons.unwrap_or_default();
    notices.extend(reasons.iter().map(|(field, why)| ("bad", format!("{field}:{why}"))));
    let mut upload = FormBox::new(t.photos, here(at, claim, "/photos"), at.seat.form_key());
    upload.files = true;
    let upload = upload.field(Field::of("file", "photo", t.take_photos, "")).button("upload", t.upload, "");
    let content = (&shown.claim.content, shown.projects.as_slice());
    let form = entry_form(at, (t.claim, here(at, claim, "")), content, &reasons);
    let form = form.field(Field::text("not_the_same", t.not_the_same, "")).button("save", t.save_draft, "");
    let form = form.button("send", t.send_claim, "primary");
    let gone = FormBox::new(t.withdraw_claim, here(at, claim, "/step"), at.seat.form_key());
    let gone = gone.field(Field::text("reason", t.reason, "").required());
    vec![upload, form, gone.asking("withdraw", t.withdraw_claim, "danger", t.confirm_withdraw)]
}

/// Fields a reason may be given for.
const RETURNABLE: [&str; 11] =
    ["类别", "支出日期", "金额", "收款人", "摘要", "资金类别", "项目", "经手人", "证明人", "审批人", "照片"];

fn centre_forms(at: &AtBook, claim: &Claim) -> Vec<FormBox> {
    let t = at.t();
    let form = |title: &str| FormBox::new(title, here(at, claim.claim, "/step"), at.seat.form_key());
    let returning = |title: &str| {
        let fields = RETURNABLE.map(|field| Field::text(&format!("why:{field}"), field, ""));
        let mut form = form(title);
        form.fields.extend(fields);
        form.button("return", t.return_claim, "danger")
    };
    match claim.state {
        ClaimState::Sent => vec![form(t.accept_claim).button("accept", t.accept_claim, "primary"), returning(t.return_claim)],
        ClaimState::Accepted => {
            let on = at.seat.web.office.today().clamp(at.period.first_day(), at.period.last_day());
            let book = form(t.book_claims).field(Field::of("date", "on", t.date, on.to_string()).required());
            let book = book.field(Field::text("account", t.other_account, ""));
            vec![book.button("book", t.make_voucher, "primary"), returning(t.return_claim)]
        }
        _ => Vec::new(),
    }
}

/// Saves the form, and sends it if asked.
pub async fn save(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (claim, fields) = (number(&name), Fields(fields));
    let done = async {
        let (book, key) = (at.book.book.clone(), fields.first("key"));
        let content = content_of(&fields)?;
        at.seat.perform(KeepClaim { book: book.clone(), claim: Some(claim), content }, key).await?;
        if fields.first("do") == "send" {
            let act = SendClaim { book, claim, not_the_same: fields::text(fields.first("not_the_same")) };
            at.seat.perform(act, &format!("{key}/send")).await?;
        }
        Ok::<_, Stop>(())
    };
    let done = done.await;
    led_back(&at, claim, done).await
}

async fn led_back(at: &AtBook, claim: i64, done: Result<(), Stop>) -> Result<Response, Trouble> {
    match done {
        Ok(()) => Ok(lead_to(&here(at, claim, "")).into_response()),
        Err(Stop::Refused(refusal)) => render(at, claim, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Takes photographs in.
pub async fn add_photos(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    mut parts: Multipart,
) -> Result<Response, Trouble> {
    let claim = number(&name);
    let done = async {
        let broken = |text: String| Stop::from(FormRefusal::BadField { field: "照片".to_owned(), text });
        while let Some(part) = parts.next_field().await.map_err(|why| broken(why.body_text()))? {
            let Some(file) = part.file_name().filter(|name| !name.is_empty()).map(str::to_owned) else { continue };
            let bytes = part.bytes().await.map_err(|why| broken(why.body_text()))?;
            let cleaned = photo::cleaned(&file, &bytes)?;
            at.seat.perform(AddPhoto::new(at.book.book.clone(), claim, file, cleaned), "").await?;
        }
        Ok::<_, Stop>(())
    };
    let done = done.await;
    led_back(&at, claim, done).await
}

/// Takes a photograph off.
pub async fn remove_photo(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (claim, fields) = (number(&name), Fields(fields));
    let act = RemovePhoto { book: at.book.book.clone(), claim, photo: number(fields.first("photo")) };
    let done = at.seat.perform(act, fields.first("key")).await;
    led_back(&at, claim, done).await
}

/// One photograph.
pub async fn photo(
    at: AtBook,
    Path((_, _, name, photo)): Path<(String, String, String, String)>,
    Query(asked): Query<bills::Asked>,
) -> Result<Response, Trouble> {
    let (county, book, claim, photo) = (at.seat.county(), &at.book.book, number(&name), number(&photo));
    let mut tx = at.seat.snapshot().await?;
    let found = store::photos(&mut tx, county, book, claim).await?.into_iter().find(|kept| kept.photo == photo);
    let unknown = || Trouble::of(&at.seat, ClaimRefusal::UnknownPhoto { claim, photo }.into());
    let digest = found.ok_or_else(unknown)?.digest;
    let content = store::content(&mut tx, county, &digest).await?.ok_or_else(unknown)?;
    if !asked.small.is_empty() {
        return Ok(bills::small(&content));
    }
    Ok(([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=3600")], content).into_response())
}

/// What the centre decides, or the clerk takes back.
pub async fn step(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (claim, fields) = (number(&name), Fields(fields));
    let done = stepped(&at, claim, &fields).await;
    led_back(&at, claim, done).await
}

async fn stepped(at: &AtBook, claim: i64, fields: &Fields) -> Result<(), Stop> {
    let (book, key) = (at.book.book.clone(), fields.first("key"));
    match fields.first("do") {
        "accept" => at.seat.perform(AcceptClaim { book, claim }, key).await,
        "return" => {
            let given = fields.0.iter().filter_map(|(name, why)| Some((name.strip_prefix("why:")?, why)));
            let reasons = given.map(|(field, why)| (field.to_owned(), why.trim().to_owned())).collect();
            at.seat.perform(ReturnClaim { book, claim, reasons }, key).await
        }
        "withdraw" => at.seat.perform(WithdrawClaim { book, claim, reason: fields.first("reason").to_owned() }, key).await,
        "book" => {
            let account = fields::text(fields.first("account")).map(AccountCode);
            let act = BookClaims { book, claims: vec![claim], on: fields::date("日期", fields.first("on"))?, account };
            at.seat.perform(act, key).await.map(|_| ())
        }
        other => Err(FormRefusal::BadField { field: "操作".to_owned(), text: other.to_owned() }.into()),
    }
}
