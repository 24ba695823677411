//! Failures of the machine, and `Stop`: why an act did not happen.

use crate::refusal::Refusal;

/// The machine failing: a database, a disk, a file. Never a rule of the books.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database said no for a reason of its own.
    #[error("数据库故障 database failure: {0}")]
    Database(#[from] sqlx::Error),
    /// The database cannot be opened.
    #[error("打不开数据库 cannot open database {url}: {cause}")]
    Opening {
        /// The address tried.
        url: String,
        /// What the driver said.
        cause: sqlx::Error,
    },
    /// The schema cannot be brought up to date.
    #[error("数据库升级失败 migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Not an address we know.
    #[error("数据库地址应以 sqlite: 或 postgres:// 开头 unknown database address: {0}")]
    Address(String),
    /// A file cannot be read or written.
    #[error("文件故障 file {path}: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Stored data is not what the program wrote; `verify` names it.
    #[error("库内数据损坏 stored data is damaged: {0}")]
    Damaged(String),
    /// A sealed text that the key does not open.
    #[error("加密的证件号、账号或电话无法解读,密钥不符或内容被改动 a sealed number cannot be read: {0}")]
    Sealed(String),
    /// The database was sealed with another key.
    #[error(
        "数据库是用另一把密钥加密的,请把原来的密钥文件放到 {path},或用环境变量 CUNZHANG_KEY 指明它 \
         this database was sealed with another key; put its key file at {path} or name it in CUNZHANG_KEY"
    )]
    OtherKey {
        /// The key file found.
        path: String,
    },
    /// No place for a key file.
    #[error("不知道密钥文件放在哪里,请用环境变量 CUNZHANG_KEY 指明 no place for the key file; name one in CUNZHANG_KEY")]
    NoKey,
    /// The key file holds no key.
    #[error("{path} 不是密钥文件,请放回原来的密钥文件 {path} holds no key; put the right file back")]
    NotAKey {
        /// Which file.
        path: String,
    },
    /// A commit that several acts shared was lost; none of them happened.
    #[error("提交失败,本次操作没有写入 the commit was lost, nothing was written: {0}")]
    Commit(String),
    /// Acts that were merged must be taken one by one.
    #[error("merged acts are taken one by one")]
    OneByOne,
    /// The writer has stopped.
    #[error("写入服务已停止 the writer has stopped")]
    Stopped,
}

impl Failure {
    pub(super) fn opening(url: &str) -> impl Fn(sqlx::Error) -> Failure + '_ {
        move |cause| Failure::Opening { url: url.to_owned(), cause }
    }

    /// For files: names the path.
    pub fn file(path: &std::path::Path) -> impl Fn(std::io::Error) -> Failure + '_ {
        move |cause| Failure::File { path: path.display().to_string(), cause }
    }

    /// True where a row with the same unique key was there already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Failure::Database(sqlx::Error::Database(cause)) if cause.is_unique_violation())
    }

    /// True where the same act may succeed if tried again: deadlock, serialization, lock timeout,
    /// a shard that could not commit (src/decisions/0002).
    pub fn is_passing(&self) -> bool {
        let Failure::Database(sqlx::Error::Database(cause)) = self else { return false };
        matches!(cause.code().as_deref(), Some("40001" | "40P01" | "55P03" | "XX000" | "5" | "517"))
    }
}

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The books say no.
    #[error("{0}")]
    Refused(Refusal),
    /// The machine failed.
    #[error("{0}")]
    Failed(#[from] Failure),
}

impl<R: Into<Refusal>> From<R> for Stop {
    fn from(why: R) -> Stop {
        Stop::Refused(why.into())
    }
}

impl From<sqlx::Error> for Stop {
    fn from(cause: sqlx::Error) -> Stop {
        Stop::Failed(Failure::Database(cause))
    }
}
