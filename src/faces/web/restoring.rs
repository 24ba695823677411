//! S19: a backup proven before it is needed, and put back: as jobs, with what is lost named in numbers.
//!
//! 1. Proving touches neither the backup nor the books in use.
//! 2. Putting back asks for the county's name and the administrator's own password, and keeps what is there as a backup.
//! 3. It is done while the office has no database open (`serve`); a server's database is replaced by nobody here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};

use super::address::lead_to;
use super::backups::{kept, new_file, told, until_stopped};
use super::command::{Asked, table};
use super::fields::Fields;
use super::frame::Frame;
use super::jobs::{self, Answered};
use super::room::{Field, FormBox, Room};
use super::seat::Seat;
use super::sessions;
use super::trouble::{FormRefusal, Trouble};
use super::users::is_own_password;
use crate::access::password::PasswordRefusal;
use crate::controls::safekeeping::service::replace::{Pending, RestoreBackup, prepare};
use crate::controls::safekeeping::service::{Kept, Proven, WORK, look, prove as prove_file, state, work_folder};
use crate::controls::safekeeping::{Change, SafekeepingRefusal, State, change_sheet, changes, store};
use crate::db::{Db, Failure, Stop, dialect};
use crate::faces::cli::watch::Watch;
use crate::ledger::books::store as books;
use crate::office::jobs::{Job, JobState, store as kept_jobs};
use crate::office::{Actor, local_time};
use crate::refusal::Refusal;

/// What jobs that prove a backup are called.
pub const PROVE: &str = "backup prove";
/// What jobs that put one back are called.
pub const RESTORE: &str = "backup restore";

type Typed = Vec<(String, String)>;

/// Proves a backup as a job and leads to its page.
pub async fn prove(seat: Seat, Form(fields): Form<Typed>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let kept = kept(&seat, fields.first("file")).await.map_err(|stop| Trouble::of(&seat, stop))?;
    let number = jobs::number(&seat, fields.first("key"));
    if let Some(watch) = jobs::begin(&seat, &number, "/backup".to_owned(), (PROVE, kept.name.clone())).await? {
        tokio::spawn(run_proof(seat, number.clone(), kept, watch));
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}

async fn run_proof(seat: Seat, number: String, kept: Kept, watch: Arc<Watch>) {
    let ended = match until_stopped(&watch, proof(&seat, &kept, &watch)).await {
        None => (JobState::Interrupted, Answered::default()),
        Some(Ok(answered)) => (JobState::Done, answered),
        Some(Err(stop)) => jobs::stopped(stop),
    };
    jobs::end(&seat, &number, ended).await;
}

async fn proof(seat: &Seat, kept: &Kept, watch: &Watch) -> Result<Answered, Stop> {
    let work = work_folder(&seat.web.backups, WORK).await?;
    let proven = prove_file(&seat.web.backups.join(&kept.name), work.path(), seat.county(), told(watch)).await?;
    let now = state(&seat.web.office.db, seat.county()).await?;
    let (acts, changes) = effect(seat, &proven.state, &now).await?;
    let checked = proven.checked;
    let mut lines = vec![format!(
        "✓ {} 可以恢复:已恢复成一个新的数据库,全部重新推导一遍,核对无误(账套 {}、凭证 {}、已过账 {}、分录 {}、操作日志 {})",
        kept.name, checked.books, checked.vouchers, checked.posted, checked.lines, checked.acts
    )];
    lines.push(match &proven.said {
        None => "△ 这个文件旁边没有备份说明,只核对了文件本身".to_owned(),
        Some(said) => match unlike(&said.state, &proven.state) {
            0 => "✓ 每个账套的账和报表都与备份时记下的摘要相同".to_owned(),
            books => format!("△ 每个账套的账与备份时相同,但有 {books} 个账套的报表与备份时不同(程序升级后报表会变)"),
        },
    });
    let same: Vec<&Change> = changes.iter().filter(|change| change.is_same).collect();
    let alike = same.iter().filter(|change| change.reports_alike).count();
    lines.push(format!("现在的账与备份相同的账套 {} 个,其中报表也相同的 {alike} 个", same.len()));
    lines.push(effect_words(acts, &changes));
    let tables = vec![table(&Asked::County(seat.clone()), &change_sheet(&changes, true))];
    Ok(Answered { lines, tables, refusal: None })
}

/// How many books have other reports than were said.
fn unlike(said: &State, found: &State) -> usize {
    let changes = changes(said, found, &crate::controls::safekeeping::Since::default());
    changes.iter().filter(|change| !change.reports_alike).count()
}

/// What going back to a state changes: acts lost, and book by book.
async fn effect(seat: &Seat, then: &State, now: &State) -> Result<(i64, Vec<Change>), Stop> {
    let since = store::since(&mut *seat.snapshot().await?, seat.county(), then).await?;
    Ok((since.acts, changes(then, now, &since)))
}

/// The effect in numbers (R8).
fn effect_words(acts: i64, changes: &[Change]) -> String {
    let lost: i64 = changes.iter().map(|change| change.lost).sum();
    let found: i64 = changes.iter().map(|change| change.found).sum();
    let books = changes.iter().filter(|change| change.lost > 0).count();
    let found = if found > 0 { format!(",找回 {found} 张现在没有的凭证") } else { String::new() };
    format!("恢复它会丢失备份以后的 {lost} 张凭证({books} 个账套)和 {acts} 笔操作{found}")
}

/// What putting a backup back would do, and the form that asks for it.
pub async fn page(seat: Seat, Query(asked): Query<Typed>) -> Result<Response, Trouble> {
    render(&seat, Fields(asked).first("file"), None).await
}

async fn render(seat: &Seat, name: &str, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = seat.t();
    let told = async {
        let kept = kept(seat, name).await?;
        let then = look(&seat.web.backups, &kept, seat.county()).await?;
        let now = store::state(&mut *seat.snapshot().await?, seat.county()).await?;
        let (acts, changes) = effect(seat, &then, &now).await?;
        Ok::<_, Stop>((kept, acts, changes))
    };
    let (kept, acts, changes) = told.await.map_err(|stop| Trouble::of(seat, stop))?;
    let mut room = Room::new(t, Frame::of(seat, t.safe().backups), t.safe().restore);
    room.back = Some((t.safe().backups.to_owned(), "/backup".to_owned()));
    room.refusal = refusal;
    let taken = kept.said.as_ref().map_or_else(|| t.safe().says_nothing.to_owned(), |said| local_time(&said.taken_at));
    room.notices.push(("", format!("{} · {taken}", kept.name)));
    room.notices.push(("warn", format!("△ {}", effect_words(acts, &changes))));
    room.tables.push(table(&Asked::County(seat.clone()), &change_sheet(&changes, false)));
    match books_file(seat) {
        Ok(_) => {
            room.notices.push(("warn", format!("△ {}", t.safe().restore_effect)));
            room.forms.push(form(seat, &kept.name, effect_words(acts, &changes)));
        }
        Err(why) => {
            room.notices.push(("bad", format!("✕ {} {}", t.sentence(&why.refusal()), t.safe().restore_on_server)));
            room.notices.extend(commands(seat, &kept.name).into_iter().map(|line| ("", line)));
        }
    }
    room.answer()
}

fn form(seat: &Seat, name: &str, question: String) -> FormBox {
    let t = seat.t();
    let county = seat.web.county.get().map_or("", |(_, name)| name);
    FormBox::new(t.safe().restore, "/backup/restore", seat.form_key())
        .field(Field::hidden("file", name))
        .field(Field::text("county", &format!("{}({county})", t.safe().type_county), "").required())
        .field(Field::of("password", "password", t.present_password, "").required())
        .asking("restore", t.safe().restore_now, "danger", format!("{question}。{}", t.safe().restore_sure))
}

/// The file of the books; refused where a server keeps them (O-111).
fn books_file(seat: &Seat) -> Result<PathBuf, SafekeepingRefusal> {
    dialect::file_of(seat.web.office.db.url()).ok_or(SafekeepingRefusal::NotOurServer)
}

/// What whoever looks after the server types.
fn commands(seat: &Seat, name: &str) -> Vec<String> {
    let file = seat.web.backups.join(name);
    let to = "--db postgres://用户@主机/新库";
    let restore = format!("cunzhang {to} restore \"{}\"", file.display());
    vec!["createdb 新库".to_owned(), restore, format!("cunzhang {to} verify"), format!("cunzhang {to} serve")]
}

/// Puts a backup back as a job and leads to its page.
pub async fn restore(seat: Seat, Form(fields): Form<Typed>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let allowed = async {
        let kept = kept(&seat, fields.first("file")).await?;
        let books = books_file(&seat)?;
        may_go_on(&seat, &fields).await?;
        Ok::<_, Stop>((kept, books))
    };
    let (kept, books) = match allowed.await {
        Ok(allowed) => allowed,
        Err(Stop::Refused(refusal)) => return render(&seat, fields.first("file"), Some(refusal)).await,
        Err(failed) => return Err(Trouble::of(&seat, failed)),
    };
    let number = jobs::number(&seat, fields.first("key"));
    if let Some(watch) = jobs::begin(&seat, &number, "/backup".to_owned(), (RESTORE, kept.name.clone())).await? {
        tokio::spawn(run(seat, number.clone(), kept, books, watch));
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}

/// The county by its name, one's own password, nobody's long work, no other county.
async fn may_go_on(seat: &Seat, fields: &Fields) -> Result<(), Stop> {
    let (county, now) = (seat.web.county.get().map_or("", |(_, name)| name), seat.web.office.instant().timestamp());
    if fields.first("county").trim() != county {
        return Err(SafekeepingRefusal::NotNamed { county: county.to_owned() }.into());
    }
    match seat.web.waits.left(&seat.user, now) {
        0 => {}
        seconds => return Err(FormRefusal::Wait { seconds }.into()),
    }
    if !is_own_password(seat, fields.first("password")).await? {
        seat.web.waits.failed(&seat.user, now);
        return Err(PasswordRefusal::WrongPassword.into());
    }
    seat.web.waits.succeeded(&seat.user);
    match seat.web.at_work.count() {
        0 => {}
        jobs => return Err(SafekeepingRefusal::WorkGoesOn { jobs }.into()),
    }
    match books::counties(&mut *seat.snapshot().await?).await?.len() {
        0 | 1 => Ok(()),
        several => Err(SafekeepingRefusal::OtherCounties { counties: several - 1 }.into()),
    }
}

async fn run(seat: Seat, number: String, kept: Kept, books: PathBuf, watch: Arc<Watch>) {
    let ended = match made_ready(&seat, &number, &kept, &books, &watch).await {
        Ok(None) => (JobState::Interrupted, Answered::default()),
        Ok(Some(line)) => {
            jobs::end(&seat, &number, (JobState::Done, Answered { lines: vec![line], ..Answered::default() })).await;
            return seat.web.restoring.notify_one();
        }
        Err(stop) => jobs::stopped(stop),
    };
    jobs::end(&seat, &number, ended).await;
}

/// Proves the backup, writes into it who restored it, and puts it beside the books; nothing when it was stopped.
async fn made_ready(seat: &Seat, number: &str, kept: &Kept, books: &Path, watch: &Watch) -> Result<Option<String>, Stop> {
    let own = books.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = books.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = work_folder(folder, &format!("{own}.work-")).await?;
    let (at, before) = (jobs::local_now(&seat.web), new_file(seat, "-恢复前").await?);
    let (county, by, file) = (seat.county().to_owned(), seat.user.clone(), kept.name.clone());
    let pending = Pending { county, by, at, file, job: number.to_owned(), before };
    let proving = async {
        let proven = prove_file(&seat.web.backups.join(&kept.name), work.path(), seat.county(), told(watch)).await?;
        signed(seat, &proven, &pending).await?;
        Ok::<_, Stop>(proven)
    };
    let Some(proven) = until_stopped(watch, proving).await.transpose()? else { return Ok(None) };
    prepare(books, &proven, &pending).await?;
    Ok(Some(format!("{} 已核对无误,正在换上;请稍候,然后重新登录", kept.name)))
}

/// Writes into the restored database who restored it; sessions end, and the job is found done there.
async fn signed(seat: &Seat, proven: &Proven, pending: &Pending) -> Result<(), Stop> {
    let before = pending.before.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let digest = proven.said.as_ref().map(|said| said.file_digest.clone()).unwrap_or_default();
    let office = seat.web.office.over(Db::open_ready(&dialect::file_url(&proven.database)).await?);
    let written = async {
        let actor = Actor { county: pending.county.clone(), user: pending.by.clone(), face: "web" };
        let line = RestoreBackup { file: pending.file.clone(), digest, before: before.clone() };
        office.perform(&actor, line, Some(&pending.job)).await?;
        sessions::store::delete_all(&office.db, &pending.county).await?;
        let said = format!("已恢复 {};之前的账存为备份 {before}。", pending.file);
        Ok::<_, Stop>(job_done(&office.db, pending, said).await?)
    };
    let written = written.await;
    office.close().await;
    written
}

async fn job_done(db: &Db, pending: &Pending, line: String) -> Result<(), Failure> {
    let job = Job {
        job: pending.job.clone(),
        user: pending.by.clone(),
        place: "/backup".to_owned(),
        command: RESTORE.to_owned(),
        fields: pending.file.clone(),
        state: JobState::Running,
        started_at: pending.at.clone(),
        ended_at: None,
        answer: None,
    };
    kept_jobs::begin(db, &pending.county, &job).await?;
    let answer = serde_json::to_string(&Answered { lines: vec![line], ..Answered::default() }).unwrap_or_default();
    kept_jobs::end(db, &pending.county, &pending.job, (JobState::Done, &pending.at, &answer)).await
}
