//! S15 of one village: its month's steps and flags with the way to the voucher and its bills, the findings sent about it.
//!
//! 1. A figure leads to what it was reckoned from: the voucher, the claim, the ledger, the closing.
//! 2. Who supervises asks and closes; who keeps the book answers; nobody closes what they answered.

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use chrono::Days;
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::room::{Field, FormBox, Room};
use super::seat::{AtBook, Names, scope_of};
use super::table::Table;
use super::trouble::Trouble;
use crate::access::{Grant, Permission, Role, check, store as access};
use crate::calendar::AccountingPeriod;
use crate::controls::supervision::flags::Flag;
use crate::controls::supervision::matrix::square;
use crate::controls::supervision::rules::RuleKind;
use crate::controls::supervision::service::findings::RaiseFinding;
use crate::controls::supervision::service::flags::RunFlags;
use crate::controls::supervision::service::overview::villages;
use crate::controls::supervision::store::flags::KeptFlag;
use crate::controls::supervision::{reports, store};
use crate::db::{Connection, Failure, Stop};
use crate::office::local_time;
use crate::refusal::Refusal;

/// Days to answer in, if nothing else is typed.
const DAYS: u64 = 10;

/// What the address asks for: all flags, and the flag a finding is about to be sent for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    all: String,
    rule: String,
    object: String,
}

/// Where a flag's figure leads.
pub fn flag_link(book: &str, flag: &Flag) -> String {
    let month = AccountingPeriod::of(flag.on);
    let at = |period: &str, page: &str| format!("/b/{book}/{period}/{page}");
    match (&flag.voucher, flag.claim) {
        (Some(voucher), _) => at(voucher.get(..7).unwrap_or_default(), &format!("vouchers/{}", escaped_query(voucher))),
        (None, Some(claim)) => at(&month.to_string(), &format!("claims/{claim}")),
        (None, None) => in_register(flag).unwrap_or_else(|| at(&month.to_string(), &of_rule(flag))),
    }
}

/// The county's register behind a flag, where no page of the book is.
fn in_register(flag: &Flag) -> Option<String> {
    let page = match flag.rule {
        RuleKind::ClassDiffers | RuleKind::BorrowerAge | RuleKind::LoanMoneyTwice => {
            format!("/loans/{}", escaped_query(&flag.object))
        }
        RuleKind::LoansOverdue => "/loans?report=arrears".to_owned(),
        RuleKind::SubsidyTwice => {
            format!("/households/{}", escaped_query(flag.object.split(':').next().unwrap_or_default()))
        }
        RuleKind::GuaranteeUnpaid | RuleKind::IncomeArrears => "/do/entrust/list".to_owned(),
        _ => return None,
    };
    Some(page)
}

fn of_rule(flag: &Flag) -> String {
    match flag.rule {
        RuleKind::CashOverLimit | RuleKind::NegativeCash => "ledger?account=101".to_owned(),
        RuleKind::BankUnreconciled => "desks/bank".to_owned(),
        RuleKind::DisclosureLate => "disclosure".to_owned(),
        RuleKind::DisclosureWithdrawn => format!("disclosure/{}", escaped_query(&flag.object)),
        RuleKind::RentLate | RuleKind::RentDue | RuleKind::ContractEnding => "desks/leases".to_owned(),
        RuleKind::ProjectUnapproved | RuleKind::ProjectOverBudget | RuleKind::ProjectAhead | RuleKind::ProjectUnaccepted => {
            format!("do/project/show?project={}", escaped_query(&flag.object))
        }
        RuleKind::DividendUnlikePlan if flag.object.starts_with("account:") => {
            of_party(flag.object.trim_start_matches("account:"))
        }
        RuleKind::PayeeDoubt | RuleKind::DividendUnlikePlan | RuleKind::ReturnWithoutContract => {
            format!("do/payout/show?batch={}", escaped_query(&flag.object))
        }
        RuleKind::CashNotBanked => "ledger?account=101".to_owned(),
        RuleKind::OldClaim | RuleKind::OldAdvance | RuleKind::DebtsGrowing => of_party(&flag.object),
        RuleKind::SpecialNegative => "trial-balance".to_owned(),
        _ => "closing".to_owned(),
    }
}

/// The ledger of an account's party: `113:H001`.
fn of_party(object: &str) -> String {
    let (account, party) = object.split_once(':').unwrap_or((object, ""));
    format!("ledger?account={}&dimension=party&member={}", escaped_query(account), escaped_query(party))
}

/// The village's month.
pub async fn page(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    render(&at, &asked, None).await
}

async fn render(at: &AtBook, asked: &Asked, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (t, w, county) = (at.t(), at.t().watch(), at.seat.county());
    let mut tx = at.seat.snapshot().await?;
    let all = store::flags::flags(&mut tx, county, &at.book.book.0, false).await?;
    let ran = store::flags::last_run(&mut tx, county, &at.book.book.0).await?;
    let mut room = Room::new(t, Frame::at(at, w.board, "supervision"), &format!("{} · {}", w.board, at.period.label_zh()));
    room.refusal = refusal;
    room.back = Some((w.matrix.to_owned(), format!("/supervision?year={}", at.period.year())));
    room.notices.extend(standing(&mut tx, at).await?);
    let ran = ran.map_or(w.rules_never_ran.to_owned(), |ran| format!("{} {}", w.rules_ran, local_time(&ran)));
    room.notices.push(("", ran));
    room.links.push(match asked.all.is_empty() {
        true => (w.all_flags.to_owned(), at.at("supervision?all=1")),
        false => (w.this_month.to_owned(), at.at("supervision")),
    });
    room.links.push((w.commands.to_owned(), at.at("desks/supervision")));
    let shown: Vec<&KeptFlag> =
        all.iter().filter(|kept| !asked.all.is_empty() || AccountingPeriod::of(kept.flag.on) == at.period).collect();
    match shown.is_empty() {
        true => room.notices.push(("ok", format!("✓ {}", w.no_flags))),
        false => room.tables.push(flag_table(at, &shown)),
    }
    room.tables.extend(finding_table(at, &mut tx).await?);
    if at.may(Permission::Supervise) {
        room.links.push((w.package.to_owned(), at.at("supervision/package")));
        room.forms.push(raise_form(at, asked, &all, owners(&mut tx, at).await?));
        let run = FormBox::new(w.run_rules, at.at("supervision/run"), at.seat.form_key());
        room.forms.push(run.button("run", w.run_rules, ""));
    }
    room.answer()
}

/// The month in a word, as the matrix shows it.
async fn standing(tx: &mut Connection, at: &AtBook) -> Result<Option<(&'static str, String)>, Failure> {
    let (years, days) = villages(tx, at.seat.county(), at.period.year()).await?;
    let own = years.into_iter().find(|kept| kept.book.book == at.book.book);
    let place = at.period.month().checked_sub(1).and_then(|n| usize::try_from(n).ok());
    let Some((own, n)) = own.zip(place) else { return Ok(None) };
    let square = square(&own.months[n], at.period, (at.seat.web.office.today(), days));
    let class = square.tone.as_str();
    let words = format!("{}:{} · {} {}", at.t().watch().steps, square.words(), at.t().watch().money_out, square.went.grouped());
    Ok(Some((if class == "blank" { "" } else { class }, words)))
}

fn flag_table(at: &AtBook, shown: &[&KeptFlag]) -> Table {
    let w = at.t().watch();
    let rows: Vec<_> = shown.iter().map(|kept| (kept.book.0.clone(), kept.flag.clone(), kept.first_seen_on)).collect();
    let mut table = Table::plain(&reports::flags(&rows, ""));
    table.subtitle.clear();
    for (row, kept) in table.rows.iter_mut().zip(shown) {
        let link = flag_link(&kept.book.0, &kept.flag);
        row.iter_mut().skip(3).take(2).for_each(|td| td.href = (!td.text.is_empty()).then(|| link.clone()));
        if at.may(Permission::Supervise) {
            let (rule, object) = (kept.flag.rule.as_str(), escaped_query(&kept.flag.object));
            let last = row.last_mut().expect("a row of flags has its columns");
            last.text = w.ask.to_owned();
            last.href = Some(at.at(&format!("supervision?rule={rule}&object={object}#raise")));
        }
        row.remove(0);
    }
    table.heads.remove(0);
    if let Some(head) = table.heads.last_mut().filter(|_| at.may(Permission::Supervise)) {
        head.text = w.findings.to_owned();
    }
    table
}

async fn finding_table(at: &AtBook, tx: &mut Connection) -> Result<Option<Table>, Failure> {
    let names = Names::of_county(tx, at.seat.county()).await?;
    let mut kept = store::findings::findings(tx, at.seat.county(), &at.book.book.0).await?;
    for finding in &mut kept {
        (finding.owner, finding.raised_by) = (names.of(&finding.owner).to_owned(), names.of(&finding.raised_by).to_owned());
    }
    let link =
        |_: &[crate::exchange::Cell], key: &str, text: &str| (key == "finding").then(|| at.at(&format!("findings/{text}")));
    Ok((!kept.is_empty()).then(|| Table::of(&reports::findings(&kept, at.seat.web.office.today()), link)))
}

/// Who may answer for the book: login name and name.
async fn owners(tx: &mut Connection, at: &AtBook) -> Result<Vec<(String, String)>, Failure> {
    let scope = scope_of(&at.book);
    let users = access::users(tx, at.seat.county()).await?;
    let may = users.into_iter().filter(|(user, _, role, place)| {
        let grant = [Grant { role: *role, scope: place.clone() }];
        check(user, &grant, Permission::AnswerFinding, &scope).is_ok()
    });
    let mut owners: Vec<_> = may.map(|(user, name, role, _)| (role != Role::Accountant, user, name)).collect();
    owners.sort(); // who keeps the book stands first
    owners.dedup_by(|a, b| a.1 == b.1);
    Ok(owners.into_iter().map(|(_, user, name)| (user, name)).collect())
}

fn raise_form(at: &AtBook, asked: &Asked, all: &[KeptFlag], owners: Vec<(String, String)>) -> FormBox {
    let w = at.t().watch();
    let chosen = all.iter().find(|kept| kept.flag.rule.as_str() == asked.rule && kept.flag.object == asked.object);
    let (title, words) = chosen.map_or((String::new(), String::new()), |kept| {
        (kept.flag.rule.label_zh().to_owned(), format!("{}。请说明情况并附材料。", kept.flag.words))
    });
    let none = (String::new(), String::new());
    let name = |kept: &KeptFlag| {
        (
            format!("{} {}", kept.flag.rule.as_str(), kept.flag.object),
            format!("{} {}", kept.flag.rule.label_zh(), kept.flag.words),
        )
    };
    let about = std::iter::once(none).chain(all.iter().map(name)).collect();
    let value = chosen.map_or_else(String::new, |kept| name(kept).0);
    let due = at.seat.web.office.today().checked_add_days(Days::new(DAYS));
    let first = owners.first().map(|(user, _)| user.clone()).unwrap_or_default();
    let mut form = FormBox::new(w.ask, at.at("supervision/raise"), at.seat.form_key())
        .field(Field::select("about", w.about, value, about))
        .field(Field::text("title", w.title, title).required())
        .field(Field::of("long", "text", w.asked, words).required())
        .field(Field::select("owner", w.owner, first, owners).required())
        .field(Field::of("date", "due", w.due, due.map(|on| on.to_string()).unwrap_or_default()).required())
        .button("raise", w.ask, "primary");
    form.id = "raise".to_owned();
    form
}

/// Sends a finding.
pub async fn raise(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let raised = async {
        let act = RaiseFinding {
            book: at.book.book.clone(),
            flag: fields.first("about").split_once(' ').map(|(rule, object)| (rule.to_owned(), object.to_owned())),
            title: fields.first("title").to_owned(),
            text: fields.first("text").to_owned(),
            owner: fields.first("owner").to_owned(),
            due_on: fields::date(at.t().watch().due, fields.first("due"))?,
        };
        at.seat.perform(act, fields.first("key")).await
    };
    match raised.await {
        Ok(finding) => Ok(lead_to(&at.at(&format!("findings/{finding}"))).into_response()),
        Err(stop) => refused(&at, stop).await,
    }
}

/// Runs the rules over the book's year.
pub async fn run(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let act = RunFlags { book: at.book.book.clone(), year: Some(at.period.year()) };
    match at.seat.perform(act, Fields(fields).first("key")).await {
        Ok(_) => Ok(lead_to(&at.at("supervision")).into_response()),
        Err(stop) => refused(&at, stop).await,
    }
}

async fn refused(at: &AtBook, stop: Stop) -> Result<Response, Trouble> {
    match stop {
        Stop::Refused(refusal) => render(at, &Asked::default(), Some(refusal)).await,
        failed => Err(Trouble::of(&at.seat, failed)),
    }
}
