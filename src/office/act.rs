//! What an act is, and the scene it is performed in.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ids::Ids;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Engine, Stop};
use crate::ledger::service::PostVouchers;
use crate::ledger::vouchers::service::KeepDrafts;
use crate::ledger::{BookCode, Voucher};
use crate::refusals;

/// One thing somebody does to the books. Its fields are the request: they are compared when a key is repeated.
pub trait Act: Serialize + Send + Sync + 'static {
    /// The act's name in the audit trail, such as `voucher.submit`.
    const KIND: &'static str;
    /// What is answered, now and at every repetition of the key.
    type Answer: Serialize + DeserializeOwned + Send;

    /// The permission needed and what the act is done to.
    fn needs(&self) -> (Permission, Target<'_>);

    /// Load, decide, account, post, remember: inside the desk's transaction.
    fn perform(&self, tx: &mut Connection, scene: &Scene) -> impl Future<Output = Result<Self::Answer, Stop>> + Send;

    /// What the audit trail says of it; the whole request unless it is long.
    fn in_words(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Set where acts of its kind that wait together can be done in one list call.
    fn as_listing(&self) -> Option<Listing<'_>> {
        None
    }
}

/// Acts that only add vouchers; those of one kind that wait together become one list.
#[derive(Debug, Clone, Copy)]
pub enum Listing<'a> {
    /// Postings by rule.
    Post(&'a PostVouchers),
    /// Drafts as people enter them.
    Keep(&'a KeepDrafts),
}

impl<'a> Listing<'a> {
    /// Its vouchers.
    pub fn vouchers(self) -> &'a [Voucher] {
        match self {
            Listing::Post(act) => &act.vouchers,
            Listing::Keep(act) => &act.vouchers,
        }
    }
}

/// What an act is done to.
#[derive(Debug, Clone)]
pub enum Target<'a> {
    /// The county.
    County,
    /// One book.
    Book(&'a BookCode),
    /// The acting person's own account.
    Own,
    /// Loans: the county's officer keeps all of them, a bank's officer those of the bank.
    Loans(Vec<&'a str>),
    /// What concerns the loans of one bank as a whole.
    Bank(&'a str),
}

/// Who, where and when, handed to everything an act does.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The county's code.
    pub county: String,
    /// Who acts.
    pub actor: String,
    /// The instant, as stored.
    pub at: String,
    /// The business date.
    pub today: BusinessDate,
    /// Which engine, for `locking`.
    pub engine: Engine,
    /// For events the act makes.
    pub ids: Ids,
    pub(super) now: chrono::DateTime<chrono::Utc>,
}

impl Scene {
    /// A new id for an event.
    pub fn draw_id(&self) -> String {
        self.ids.draw(self.now)
    }
}

refusals! {
    /// Why the corridor turns an act away.
    pub enum OfficeRefusal {
        /// The key was used for another request.
        "O-101" KeyReused { key: String }
            zh "请求号“{key}”已用于另一笔业务" en "the idempotency key '{key}' was used for another request" next "换一个请求号,或核对是否重复提交";
        /// The county is not in this database.
        "O-102" UnknownCounty { county: String }
            zh "数据库里没有区划代码为 {county} 的县" en "county {county} is not in this database" next "先执行 county add,或用 --county 指定已有的县";
        /// The book is not in this county.
        "O-103" UnknownBook { book: String }
            zh "没有账套 {book}" en "there is no book {book}" next "用 book list 查看已有账套";
        /// An internal rule of the program broke; nothing was written.
        "O-104" Panicked { act: String }
            zh "处理“{act}”时程序出错,本次操作没有写入任何内容" en "the program failed while performing '{act}'; nothing was written" next "把这句话和操作时间报给维护人员";
    }
}
