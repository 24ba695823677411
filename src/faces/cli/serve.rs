//! `serve`: the web office over one county, until it is told to stop.
//!
//! 1. An empty database is served too: its first start makes the county, with a word printed here.
//! 2. The address is printed once it answers.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use clap::Args;
use serde_json::json;

use super::args::Common;
use super::output::Reply;
use crate::access::{password, store as people};
use crate::db::{Db, Failure, Stop};
use crate::demo;
use crate::faces::web::job_files::JobFiles;
use crate::faces::web::jobs::AtWork;
use crate::faces::web::login::Waits;
use crate::faces::web::seat::Web;
use crate::faces::web::server;
use crate::faces::web::uploads::Uploads;
use crate::ledger::books::store as books;
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
}

/// Serves the county named, or the only one of the database.
pub async fn run(arguments: ServeArguments, common: &Common) -> Result<Reply, Stop> {
    let db = Db::open_ready(&common.db).await?;
    let county = match county(&db, common.county.as_deref()).await {
        Ok(county) => county,
        Err(stop) => {
            db.close().await;
            return Err(stop);
        }
    };
    let office = Office::open(db, Clock::System, Ids::from_system());
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
    let ServeArguments { listen, https } = *asked;
    let failed = |cause| Failure::File { path: listen.to_string(), cause };
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let setup_word = hex::encode(&office.draw_salt()[..4]);
    let is_demo = match &county {
        Some((code, _)) => is_demo(&office, code).await?,
        None => false,
    };
    let is_founded = match &county {
        Some((code, _)) => people::has_passwords(&mut *office.db.begin_snapshot().await?, code).await?,
        None => false,
    };
    if let Some((code, _)) = &county {
        let now = office.instant().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        crate::office::jobs::store::interrupt_all(&office.db, code, &now).await?;
    }
    let web = Web {
        office: office.clone(),
        county: OnceLock::new(),
        is_founded: is_founded.into(),
        setup_word,
        waits: Waits::default(),
        registers: Default::default(),
        uploads: Uploads::default(),
        at_work: AtWork::default(),
        job_files: JobFiles::default(),
        is_demo,
        https,
    };
    if let Some(county) = county {
        let _ = web.county.set(county); // just made, so it is empty
    }
    if !is_founded {
        eprintln!("还没有人能登录:在网页上建立县和管理员,启动口令 {}", web.setup_word);
    }
    eprintln!("村账已启动:http://{address}/  (按 Ctrl+C 停止)");
    server::serve(Arc::new(web), listener).await?;
    office.close().await;
    Ok(Reply::said("已停止".to_owned(), json!({ "stopped": true })))
}
