//! Notices (通知): the centre tells villages something, and sees which of them have read it.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. A notice is for one book, or for every village below a place; it is never changed, a later one says otherwise.
//! 2. A village has seen it when somebody of the village says so; the first is kept, with the time.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::exchange::{Column, Sheet};
use crate::refusals;

refusals! {
    /// Why a notice is not sent or not seen.
    pub enum NoticeRefusal {
        /// Nothing in it.
        "I-901" SaysNothing
            zh "通知没有标题或内容" en "the notice has no title or says nothing" next "写明标题和内容";
        /// Nobody to read it.
        "I-902" ForNobody { place: String }
            zh "区划 {place} 下没有村级账套,通知没有对象" en "there is no village book below {place}" next "核对区划代码,或改发给一个账套";
        /// No such notice for this book.
        "I-903" UnknownNotice { notice: i64 }
            zh "没有通知 {notice},或不是发给本村的" en "there is no notice {notice} for this village" next "用 notice list 查看本村的通知";
    }
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Number within the county.
    pub notice: i64,
    /// The place whose villages it is for; blank for all, or where a book is named.
    pub place: String,
    /// The one book it is for; blank for many.
    pub book: String,
    /// Title.
    pub title: String,
    /// What it says.
    pub words: String,
    /// Who sent it.
    pub posted_by: String,
    /// When.
    pub posted_on: BusinessDate,
}

/// A village that a notice is for: book, name, who saw it first, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Book.
    pub book: String,
    /// Name.
    pub name: String,
    /// Who saw it.
    pub seen_by: Option<String>,
    /// When, as the county reads it.
    pub seen_at: Option<String>,
}

fn columns(more: Vec<Column>) -> Vec<Column> {
    let head = vec![
        Column::id("notice", "编号"),
        Column::date("posted_on", "日期"),
        Column::text("title", "标题"),
        Column::text("words", "内容"),
        Column::text("posted_by", "发出人"),
    ];
    head.into_iter().chain(more).collect()
}

fn cells(notice: &Notice) -> Vec<crate::exchange::Cell> {
    vec![
        notice.notice.to_string().into(),
        notice.posted_on.into(),
        notice.title.as_str().into(),
        notice.words.as_str().into(),
        notice.posted_by.as_str().into(),
    ]
}

/// 通知 of a village: newest first, those nobody has seen said so.
pub fn inbox(unit: &str, notices: &[(Notice, Reader)]) -> Sheet {
    let more = vec![Column::text("seen_by", "签收人"), Column::text("seen_at", "签收时间")];
    let mut sheet = Sheet::new("通知", columns(more)).subtitle(format!("单位:{unit}"));
    for (notice, reader) in notices {
        let seen = reader.seen_by.clone().unwrap_or_else(|| "△ 未签收".to_owned());
        let more = [seen.into(), reader.seen_at.clone().into()];
        sheet.push(cells(notice).into_iter().chain(more).collect());
    }
    sheet
}

/// 通知发送情况: every notice with how many villages it is for and how many have seen it.
pub fn outbox(notices: &[(Notice, Vec<Reader>)]) -> Sheet {
    let more = vec![Column::count("villages", "应签收"), Column::count("seen", "已签收"), Column::text("missing", "未签收")];
    let mut sheet = Sheet::new("通知发送情况", columns(more));
    for (notice, readers) in notices {
        let missing: Vec<&str> =
            readers.iter().filter(|reader| reader.seen_by.is_none()).map(|reader| reader.name.as_str()).collect();
        let seen = readers.len() - missing.len();
        let words = match missing.len() {
            0..=5 => missing.join("、"),
            many => format!("{} 等 {many} 村", missing[..5].join("、")),
        };
        let more = [(readers.len() as i64).into(), (seen as i64).into(), words.into()];
        sheet.push(cells(notice).into_iter().chain(more).collect());
    }
    sheet
}

/// 通知签收表
pub fn receipts(notice: &Notice, readers: &[Reader]) -> Sheet {
    let columns = vec![
        Column::id("book", "账套"),
        Column::text("name", "村"),
        Column::text("seen_by", "签收人"),
        Column::text("seen_at", "签收时间"),
    ];
    let mut sheet = Sheet::new(format!("通知 {} 签收表", notice.notice), columns);
    sheet.subtitle = vec![notice.title.clone(), format!("{} {}", notice.posted_on, notice.posted_by), notice.words.clone()];
    for reader in readers {
        let seen = [reader.seen_by.clone(), reader.seen_at.clone()];
        let head = [reader.book.as_str().into(), reader.name.as_str().into()];
        sheet.push(head.into_iter().chain(seen.map(Into::into)).collect());
    }
    let seen = readers.iter().filter(|reader| reader.seen_by.is_some()).count();
    sheet.notes.push(format!("应签收 {} 村,已签收 {seen} 村", readers.len()));
    sheet
}
