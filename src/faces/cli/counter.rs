//! The counter: an office opened for one command, with the person who stands there.
//!
//! 1. Opening brings the schema up to date; a file that is not there is made only where a command says so.
//! 2. Reading goes through one snapshot; acting through the office's corridor.

use std::path::Path;
use std::sync::Arc;

use super::args::{Common, Format};
use super::watch::Watch;
use crate::access::{AccessRefusal, check_bank};
use crate::db::{Db, Failure, Stop, dialect};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::ledger::books::{Book, BookRefusal};
use crate::office::{Act, Actor, Clock, Ids, Office, OfficeRefusal};
use crate::refusals;

refusals! {
    /// Why a command does not begin.
    pub enum CounterRefusal {
        /// The file is not there.
        "O-201" NoDatabase { file: String }
            zh "没有数据库文件 {file}" en "there is no database file {file}" next "用 --db 指明已有的文件;新建请执行 county add";
        /// The database holds no county yet.
        "O-202" NoCounty
            zh "数据库里还没有县" en "there is no county in this database" next "先执行 county add --code 6位代码 --name 名称";
        /// The database holds several counties.
        "O-203" WhichCounty { counties: String }
            zh "数据库里有几个县:{counties}" en "this database holds several counties: {counties}" next "用 --county 指明其中一个";
        /// Neither vouchers nor a period were named.
        "O-204" NothingNamed
            zh "没有指明凭证" en "no voucher was named" next "写凭证号(2026-10-记-12),或用 --period 指明整个期间";
        /// Text that describes no voucher.
        "O-205" NotAVoucher { why: String }
            zh "凭证内容不能理解:{why}" en "the voucher cannot be read: {why}" next "按 voucher add --help 的写法更正";
        /// A file of decisions that cannot be read.
        "O-207" NotDecisions { why: String }
            zh "衔接选择文件不能理解:{why}" en "the file of decisions cannot be read: {why}" next "按 year close --help 的写法更正";
        /// A file of terms that cannot be read.
        "O-208" NotTerms { why: String }
            zh "条款文件不能理解:{why}" en "the file of terms cannot be read: {why}" next "按命令 --help 列出的各项更正,或不用文件,直接填写各项";
        /// Rows of a file are wrong.
        "O-206" BadRows { rows: usize }
            zh "文件有 {rows} 处问题,没有导入" en "the file has {rows} problems; nothing was imported" next "按上表逐行更正后重新导入;凭证导入也可加 --accepted-only 只导入无误的凭证";
    }
}

/// Terms written in a JSON file. Refuses what cannot be understood (O-208).
pub fn terms_in<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T, Stop> {
    let bytes = super::import::read_bytes(file)?;
    Ok(serde_json::from_slice(&bytes).map_err(|why| CounterRefusal::NotTerms { why: why.to_string() })?)
}

/// An office opened for one command.
pub struct Counter {
    /// The office.
    pub office: Office,
    /// Who acts, in which county.
    pub actor: Actor,
    key: Option<String>,
    watch: Option<Arc<Watch>>,
    into_tables: bool,
    banks: Option<Arc<[String]>>,
}

impl Counter {
    /// Opens a database that is there, in the county named or the only one.
    pub async fn open(common: &Common) -> Result<Counter, Stop> {
        let db = open_existing(&common.db).await?;
        let county = match &common.county {
            Some(county) => known_county(&db, county).await?,
            None => only_county(&db).await?,
        };
        Ok(Counter::over(db, county, common))
    }

    /// A counter in a named county, which need not be there yet.
    pub fn over(db: Db, county: String, common: &Common) -> Counter {
        let office = Office::open(db, Clock::System, Ids::from_system());
        let actor = Actor { county, user: common.acting.clone(), face: "cli" };
        let into_tables = matches!(common.format(), Format::Csv | Format::Xlsx | Format::Pdf);
        Counter { office, actor, key: common.key.clone(), watch: None, into_tables, banks: None }
    }

    /// A counter in an office that is open already.
    pub fn in_office(office: Office, actor: Actor, key: Option<String>) -> Counter {
        Counter { office, actor, key, watch: None, into_tables: false, banks: None }
    }

    /// Watched by a job of the web office rather than at a terminal.
    pub fn watched(mut self, watch: Arc<Watch>) -> Counter {
        self.watch = Some(watch);
        self
    }

    /// For a table that is filed: lists have all their rows.
    pub fn into_file(self) -> Counter {
        Counter { into_tables: true, ..self }
    }

    /// True where the answer is filed as a table.
    pub fn files(&self) -> bool {
        self.into_tables
    }

    /// Kept to the loans of these banks, as their officer is; `None` keeps to nothing.
    pub fn of_banks(mut self, banks: Option<Arc<[String]>>) -> Counter {
        self.banks = banks;
        self
    }

    /// The banks whose loans are shown here; `None` for all.
    pub fn banks(&self) -> Option<Vec<String>> {
        self.banks.as_deref().map(<[String]>::to_vec)
    }

    /// True if loans of a bank are shown here.
    pub fn shows(&self, bank: &str) -> bool {
        self.only_shown(bank).is_ok()
    }

    /// Refuses a bank whose loans are not shown here.
    pub fn only_shown(&self, bank: &str) -> Result<(), AccessRefusal> {
        check_bank(&self.actor.user, self.banks.as_deref(), bank)
    }

    /// Who watches long work.
    pub fn watch(&self) -> Arc<Watch> {
        self.watch.clone().unwrap_or_else(Watch::at_terminal)
    }

    /// The county's code.
    pub fn county(&self) -> &str {
        &self.actor.county
    }

    /// How many rows a list has: as many as asked for, or all in a table that is filed, or a page.
    pub fn rows(&self, asked: Option<i64>) -> i64 {
        const PAGE: i64 = 500;
        asked.unwrap_or(if self.into_tables { i64::MAX } else { PAGE })
    }

    /// Performs the command's act, under the key given with `--key`.
    pub async fn perform<A: Act>(&self, act: A) -> Result<A::Answer, Stop> {
        self.office.perform(&self.actor, act, self.key.as_deref()).await
    }

    /// Performs an act that follows from the command's first; `part` tells its key from the first one's.
    pub async fn perform_next<A: Act>(&self, act: A, part: &str) -> Result<A::Answer, Stop> {
        let key = self.key.as_ref().map(|key| format!("{key}/{part}"));
        self.office.perform(&self.actor, act, key.as_deref()).await
    }

    /// One state of the database, to read from.
    pub async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, Failure> {
        self.office.db.begin_snapshot().await
    }

    /// A book of the county. Refuses a code the county does not have.
    pub async fn book(&self, tx: &mut crate::db::Connection, book: &BookCode) -> Result<Book, Stop> {
        let found = books::book(tx, self.county(), book).await?;
        Ok(found.ok_or_else(|| OfficeRefusal::UnknownBook { book: book.to_string() })?)
    }

    /// The year asked for, or the last one the book keeps. Refuses a year the book does not keep.
    pub async fn year(&self, tx: &mut crate::db::Connection, book: &BookCode, asked: Option<i32>) -> Result<i32, Stop> {
        self.book(tx, book).await?;
        let years = books::years(tx, self.county(), book).await?;
        let found = match asked {
            Some(year) => years.iter().find(|kept| kept.year == year),
            None => years.last(),
        };
        let missing = || BookRefusal::YearNotKept { book: book.to_string(), year: asked.unwrap_or_default().into() };
        Ok(found.ok_or_else(missing)?.year)
    }

    /// Closes the database.
    pub async fn close(self) {
        self.office.close().await;
    }
}

/// Opens a database and brings it up to date; refuses an SQLite file that is not there.
pub async fn open_existing(url: &str) -> Result<Db, Stop> {
    match dialect::file_of(url) {
        Some(file) if !file.exists() => Err(CounterRefusal::NoDatabase { file: file.display().to_string() }.into()),
        _ => Ok(Db::open_ready(url).await?),
    }
}

async fn known_county(db: &Db, county: &str) -> Result<String, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let found = books::county(&mut tx, county).await?;
    found.map(|_| county.to_owned()).ok_or_else(|| OfficeRefusal::UnknownCounty { county: county.to_owned() }.into())
}

async fn only_county(db: &Db) -> Result<String, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let counties = books::counties(&mut tx).await?;
    match &counties[..] {
        [] => Err(CounterRefusal::NoCounty.into()),
        [(code, _)] => Ok(code.clone()),
        several => {
            let named: Vec<String> = several.iter().map(|(code, name)| format!("{code} {name}")).collect();
            Err(CounterRefusal::WhichCounty { counties: named.join("、") }.into())
        }
    }
}
