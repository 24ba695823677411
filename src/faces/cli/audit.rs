//! `audit package | verify`: the package for auditors, made and checked.
//!
//! 1. A package goes into an empty folder; its list is written last.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::controls::supervision::package::{self, List};
use crate::controls::supervision::refusal::SupervisionRefusal;
use crate::controls::supervision::reports;
use crate::controls::supervision::service::package::groups;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::{Sheet, write_xlsx};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;

/// Verbs of the package.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// 出具审计数据包(接口数据、表格、附件索引、校验清单)
    Package {
        /// 空文件夹
        #[arg(long)]
        dir: PathBuf,
        /// 账套编号;可多个,不写为全县
        #[arg(long)]
        book: Vec<String>,
    },
    /// 核验审计数据包
    Verify {
        /// 数据包文件夹
        dir: PathBuf,
    },
}

/// Runs a verb.
pub async fn run(command: AuditCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        AuditCommand::Package { dir, book } => made(&dir, book, counter).await,
        AuditCommand::Verify { dir } => verified(&dir),
    }
}

async fn made(dir: &Path, asked: Vec<String>, counter: &Counter) -> Result<Reply, Stop> {
    if dir.exists() && fs::read_dir(dir).map_err(Failure::file(dir))?.next().is_some() {
        return Err(SupervisionRefusal::FolderInUse { folder: dir.display().to_string() }.into());
    }
    let mut tx = counter.snapshot().await?;
    let asked: Vec<BookCode> = match asked.is_empty() {
        true => books::books(&mut tx, counter.county()).await?.into_iter().map(|book| book.book).collect(),
        false => asked.into_iter().map(BookCode).collect(),
    };
    let mut list = package::listed(counter.county(), &counter.office.instant().to_rfc3339(), &[]);
    for book in &asked {
        let files = of_book(book, &groups(&mut tx, counter.county(), book).await?)?;
        written(dir, &files)?;
        list.files.extend(package::listed("", "", &files).files);
    }
    let text = serde_json::to_vec_pretty(&list).expect("plain data always serialises");
    let notes = [(package::SUMS, package::sums(&list).into_bytes()), (package::README, package::readme(&list).into_bytes())];
    written(dir, &notes.map(|(name, bytes)| (name.to_owned(), bytes)))?;
    written(dir, &[(package::LIST.to_owned(), text)])?;
    let (files, books) = (list.files.len(), asked.len());
    let words = format!("审计数据包:{books} 个账套,{files} 个文件,在 {}", dir.display());
    Ok(Reply::said(words, json!({ "books": books, "files": files, "dir": dir })))
}

/// The whole package of one book, its list last.
pub async fn of_one(tx: &mut Connection, county: &str, made_at: &str, book: &BookCode) -> Result<Vec<(String, Vec<u8>)>, Stop> {
    let mut files = of_book(book, &groups(tx, county, book).await?)?;
    let list = package::listed(county, made_at, &files);
    files.push((package::SUMS.to_owned(), package::sums(&list).into_bytes()));
    files.push((package::README.to_owned(), package::readme(&list).into_bytes()));
    let text = serde_json::to_vec_pretty(&list).expect("plain data always serialises");
    files.push((package::LIST.to_owned(), text));
    Ok(files)
}

fn of_book(book: &BookCode, groups: &[package::Group]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files: Vec<(String, Vec<u8>)> =
        groups.iter().map(|group| (format!("{book}/{}.csv", group.name), group.csv())).collect();
    files.push((format!("{book}/会计核算数据.xml"), package::xml(&book.0, groups)));
    let sheets: Vec<Sheet> = groups.iter().map(package::Group::sheet).collect();
    let mut bytes = Vec::new();
    write_xlsx(&sheets, &mut bytes).map_err(|cause| Failure::File { path: format!("{book}.xlsx"), cause })?;
    files.push((format!("{book}/账簿.xlsx"), bytes));
    Ok(files)
}

fn written(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    for (name, bytes) in files {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        fs::write(&path, bytes).map_err(Failure::file(&path))?;
    }
    Ok(())
}

/// Holds a package against its list; no database is needed, so it can be done on any machine.
pub fn verified(dir: &Path) -> Result<Reply, Stop> {
    let none = || SupervisionRefusal::NotAPackage { folder: dir.display().to_string() };
    let bytes = fs::read(dir.join(package::LIST)).map_err(|_| none())?;
    let list: List = serde_json::from_slice(&bytes).map_err(|_| none())?;
    let changes = package::changes(&list, |name| fs::read(dir.join(name)).ok());
    let json = json!({ "ok": changes.is_empty(), "files": list.files.len(), "changes": changes });
    match changes.first() {
        None => Ok(Reply::said(format!("审计数据包 {} 个文件与清单一致", list.files.len()), json)),
        Some(first) => {
            let why =
                SupervisionRefusal::PackageChanged { found: changes.len(), first: format!("{} {}", first.file, first.what) };
            let reply = Reply { sheets: vec![reports::changes(&changes)], json: Some(json), ..Reply::default() };
            Ok(reply.refused(why.refusal()))
        }
    }
}
