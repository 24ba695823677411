//! `serve`: the web office over one county, until it is told to stop.
//!
//! 1. An empty database is served too: its first start makes the county, with a word printed here.
//! 2. The address is printed once it answers.
//! 3. A backup that waits to be put back takes the place of the books before they are opened; while it does, requests wait
//!    at the door.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::args::Common;
use super::output::Reply;
use crate::access::{password, store as people};
use crate::controls::safekeeping::service::replace::{self, Finished};
use crate::controls::safekeeping::service::{WORK, clear_work};
use crate::db::{Db, Failure, Stop, dialect};
use crate::demo;
use crate::faces::web::job_files::JobFiles;
use crate::faces::web::jobs::{AtWork, stopped as ended_badly};
use crate::faces::web::login::Waits;
use crate::faces::web::seat::Web;
use crate::faces::web::server::{self, Ended};
use crate::faces::web::uploads::Uploads;
use crate::ledger::books::store as books;
use crate::office::backup::beside;
use crate::office::jobs::store as jobs;
use crate::office::{Clock, Ids, Office, OfficeRefusal};

/// Where it listens.
#[derive(Debug, Clone, Args)]
pub struct ServeArguments {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// 对外用 https(前面有代理)时写上;登录凭据只走 https
    #[arg(long, env = "CUNZHANG_HTTPS", value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub https: bool,
    /// 备份放在哪个文件夹;不写时 SQLite 在数据库旁边的“数据库文件.backups”,PostgreSQL 在当前文件夹的 cunzhang-backups
    #[arg(long, env = "CUNZHANG_BACKUPS", value_name = "FOLDER")]
    pub backups: Option<PathBuf>,
}

impl ServeArguments {
    /// The folder of backups.
    fn folder(&self, url: &str) -> PathBuf {
        let beside_books = || dialect::file_of(url).map(|file| beside(&file, ".backups"));
        self.backups.clone().or_else(beside_books).unwrap_or_else(|| PathBuf::from("cunzhang-backups"))
    }
}

/// Serves the county named, or the only one of the database.
pub async fn run(arguments: ServeArguments, common: &Common) -> Result<Reply, Stop> {
    let finished = put_back(&common.db).await?;
    let db = Db::open_ready(&common.db).await?;
    let county = match county(&db, common.county.as_deref()).await {
        Ok(county) => county,
        Err(stop) => {
            db.close().await;
            return Err(stop);
        }
    };
    let office = Office::open(db, Clock::System, Ids::from_system());
    keep_refusal(&office, finished).await?;
    serve(office, county, &arguments).await
}

/// The county served: (code, name); `None` where the database holds none yet.
async fn county(db: &Db, asked: Option<&str>) -> Result<Option<(String, String)>, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let counties = books::counties(&mut tx).await?;
    match (asked, &counties[..]) {
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only.clone())),
        (None, several) => {
            let named: Vec<String> = several.iter().map(|(code, name)| format!("{code} {name}")).collect();
            Err(super::counter::CounterRefusal::WhichCounty { counties: named.join("、") }.into())
        }
        (Some(code), known) => {
            let found = known.iter().find(|(known, _)| known == code).cloned();
            found.map(Some).ok_or_else(|| OfficeRefusal::UnknownCounty { county: code.to_owned() }.into())
        }
    }
}

/// True where the fictional county's people can log in with the password everybody knows.
async fn is_demo(office: &Office, county: &str) -> Result<bool, Stop> {
    let mut tx = office.db.begin_snapshot().await?;
    let (user, ..) = demo::PEOPLE[0];
    let kept = people::person(&mut tx, county, user).await?.and_then(|person| person.password);
    Ok(county == demo::COUNTY && kept.is_some_and(|kept| password::verify(demo::PASSWORD, &kept)))
}

/// Serves an open office until the process is told to stop.
pub async fn serve(office: Office, county: Option<(String, String)>, asked: &ServeArguments) -> Result<Reply, Stop> {
    let failed = |cause| Failure::File { path: asked.listen.to_string(), cause };
    let listener = std::net::TcpListener::bind(asked.listen).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let folder = asked.folder(office.db.url());
    clear_work(&folder, WORK).await?;
    let (mut office, mut county) = (office, county);
    loop {
        let web = Arc::new(open(&office, county, asked, folder.clone()).await?);
        if !web.is_founded() {
            eprintln!("还没有人能登录:在网页上建立县和管理员,启动口令 {}", web.setup_word);
        }
        eprintln!("村账已启动:http://{address}/  (按 Ctrl+C 停止)");
        let door = listener.try_clone().and_then(tokio::net::TcpListener::from_std).map_err(failed)?;
        let ended = server::serve(Arc::clone(&web), door).await?;
        county = web.county.get().cloned();
        if ended == Ended::Told {
            office.close().await;
            return Ok(Reply::said("已停止".to_owned(), json!({ "stopped": true })));
        }
        office = replaced(office).await?;
    }
}

/// What the server of an office shares.
async fn open(office: &Office, county: Option<(String, String)>, asked: &ServeArguments, backups: PathBuf) -> Result<Web, Stop> {
    let (mut is_demo, mut is_founded) = (false, false);
    if let Some((code, _)) = &county {
        is_demo = self::is_demo(office, code).await?;
        is_founded = people::has_passwords(&mut *office.db.begin_snapshot().await?, code).await?;
        jobs::interrupt_all(&office.db, code, &now(office)).await?;
    }
    let web = Web {
        office: office.clone(),
        county: OnceLock::new(),
        is_founded: is_founded.into(),
        setup_word: hex::encode(&office.draw_salt()[..4]),
        waits: Waits::default(),
        registers: Default::default(),
        waiting: Default::default(),
        uploads: Uploads::default(),
        at_work: AtWork::default(),
        job_files: JobFiles::default(),
        backups,
        restoring: tokio::sync::Notify::new(),
        is_demo,
        https: asked.https,
    };
    if let Some(county) = county {
        let _ = web.county.set(county); // just made, so it is empty
    }
    Ok(web)
}

fn now(office: &Office) -> String {
    office.instant().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// How long connections in use are waited for before a backup is put back; later, it waits for the next start.
const LAST_CONNECTIONS: Duration = Duration::from_secs(60);

/// Closes the office, puts the prepared backup in the place of its books, and opens it again over what is there then.
async fn replaced(office: Office) -> Result<Office, Stop> {
    let (url, as_before) = (office.db.url().to_owned(), office.clone());
    tokio::time::timeout(LAST_CONNECTIONS, office.close()).await.map_err(|_| Failure::Stopped)?;
    let finished = put_back(&url).await?;
    let office = as_before.over(Db::open_ready(&url).await?);
    keep_refusal(&office, finished).await?;
    Ok(office)
}

/// Keeps with its job why a backup did not take the place of the books.
async fn keep_refusal(office: &Office, finished: Option<Finished>) -> Result<(), Failure> {
    if let Some(Finished { pending, stopped: Some(stop) }) = finished {
        let (state, answered) = ended_badly(stop);
        let answer = serde_json::to_string(&answered).unwrap_or_default();
        jobs::end(&office.db, &pending.county, &pending.job, (state, &now(office), &answer)).await?;
    }
    Ok(())
}

/// Puts a backup that waits in the place of the books, and says so where the server was started.
async fn put_back(url: &str) -> Result<Option<Finished>, Stop> {
    let Some(books) = dialect::file_of(url) else { return Ok(None) };
    let finished = replace::finish(&books).await?;
    match &finished {
        Some(Finished { stopped: Some(stop), .. }) => eprintln!("没有恢复:{stop}"),
        Some(Finished { pending, .. }) => {
            eprintln!("已恢复备份 {};原来的账存为 {}", pending.file, pending.before.display());
        }
        None => {}
    }
    Ok(finished)
}
