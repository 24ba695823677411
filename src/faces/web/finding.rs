//! S15: one finding (督办单): what was asked, the answer, sent back or closed by somebody who did not answer it.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::address::lead_to;
use super::fields::{self, Fields};
use super::frame::Frame;
use super::room::{Field, FormBox, Room};
use super::seat::{AtBook, Names};
use super::table::Table;
use super::trouble::{FormRefusal, Trouble};
use super::village_watch::flag_link;
use crate::access::Permission;
use crate::controls::supervision::finding::{Finding, FindingState};
use crate::controls::supervision::refusal::SupervisionRefusal;
use crate::controls::supervision::service::findings::{AnswerFinding, CloseFinding};
use crate::controls::supervision::{reports, store};
use crate::db::Stop;
use crate::refusal::Refusal;

/// The page.
pub async fn page(at: AtBook, Path((_, _, number)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    render(&at, number.parse().unwrap_or_default(), None).await
}

async fn render(at: &AtBook, number: i64, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (t, w, county) = (at.t(), at.t().watch(), at.seat.county());
    let mut tx = at.seat.snapshot().await?;
    let found = store::findings::finding(&mut tx, county, number).await?.filter(|found| found.book == at.book.book);
    let unknown = || Trouble::of(&at.seat, SupervisionRefusal::UnknownFinding { finding: number }.into());
    let finding = found.ok_or_else(unknown)?;
    let flags = store::flags::flags(&mut tx, county, &at.book.book.0, true).await?;
    let flag = flags.iter().find(|kept| {
        finding.flag.as_ref().is_some_and(|(rule, object)| kept.flag.rule.as_str() == rule && kept.flag.object == *object)
    });
    let names = Names::of_county(&mut tx, county).await?;
    let title = format!("{} {number} · {}", w.findings, finding.state.label_zh());
    let mut room = Room::new(t, Frame::at(at, w.board, "supervision"), &title);
    room.back = Some((w.board.to_owned(), at.at("supervision")));
    room.refusal = refusal;
    let paper = at.at(&format!("do/finding/show?finding={number}&format=pdf"));
    room.links.push((w.print.to_owned(), paper));
    room.links.extend(flag.map(|kept| (kept.flag.words.clone(), flag_link(&kept.book.0, &kept.flag))));
    if finding.is_late(at.seat.web.office.today()) {
        room.notices.push(("bad", format!("✕ {} {}", w.due, finding.due_on)));
    }
    room.tables.push(Table::plain(&reports::finding(&named(&finding, &names), &at.book.name)));
    room.forms = forms(at, &finding);
    room.answer()
}

/// With names of people in the place of their login names.
fn named(finding: &Finding, names: &Names) -> Finding {
    let of = |user: &Option<String>| user.as_deref().map(|user| names.of(user).to_owned());
    Finding {
        owner: names.of(&finding.owner).to_owned(),
        raised_by: names.of(&finding.raised_by).to_owned(),
        answered_by: of(&finding.answered_by),
        closed_by: of(&finding.closed_by),
        ..finding.clone()
    }
}

fn forms(at: &AtBook, finding: &Finding) -> Vec<FormBox> {
    let w = at.t().watch();
    let form = |title: &str| FormBox::new(title, at.at(&format!("findings/{}", finding.finding)), at.seat.form_key());
    match finding.state {
        FindingState::Open if at.may(Permission::AnswerFinding) => {
            let form = form(w.answer).field(Field::of("long", "answer", w.answer, "").required());
            vec![form.field(Field::text("document", w.document, "")).button("answer", w.answer, "primary")]
        }
        FindingState::Answered if at.may(Permission::Supervise) => {
            let back = form(w.send_back).field(Field::text("reason", at.t().reason, "").required());
            vec![form(w.close).asking("close", w.close, "primary", w.confirm_close), back.button("return", w.send_back, "danger")]
        }
        _ => Vec::new(),
    }
}

/// Answers it, sends the answer back, or closes it.
pub async fn act(
    at: AtBook,
    Path((_, _, number)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (book, finding, fields) = (at.book.book.clone(), number.parse().unwrap_or_default(), Fields(fields));
    let key = fields.first("key");
    let done = match fields.first("do") {
        "answer" => {
            let (answer, document) = (fields.first("answer").to_owned(), fields::text(fields.first("document")));
            at.seat.perform(AnswerFinding { book, finding, answer, document }, key).await
        }
        "return" => {
            let back = Some(fields.first("reason").to_owned());
            at.seat.perform(CloseFinding { book, finding, back }, key).await
        }
        "close" => at.seat.perform(CloseFinding { book, finding, back: None }, key).await,
        other => Err(FormRefusal::BadField { field: "操作".to_owned(), text: other.to_owned() }.into()),
    };
    match done {
        Ok(()) => Ok(lead_to(&at.at(&format!("findings/{finding}"))).into_response()),
        Err(Stop::Refused(refusal)) => render(&at, finding, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}
