//! Verification as tests use it, and hands behind the program's back.

use cunzhang::controls::audit_trail::service::{VerifyReport, verify};
use cunzhang::db::{Db, Engine};
use sqlx::{AssertSqlSafe, Executor};

/// Verifies the county of the tests; fails the test unless nothing is found.
pub async fn verified(db: &Db) -> VerifyReport {
    let report = report(db).await;
    assert!(report.ok, "{} findings, first: {:#?}", report.findings.len(), report.findings.first());
    report
}

/// What a verification of the county of the tests finds.
pub async fn report(db: &Db) -> VerifyReport {
    verify(db, "459900", None).await.unwrap_or_else(|stop| panic!("verify stopped: {stop}"))
}

/// Runs SQL behind the program's back. Statements are parted by `;`.
pub async fn by_hand(db: &Db, sql: &str) {
    try_by_hand(db, sql).await.unwrap_or_else(|why| panic!("{sql}: {why}"));
}

/// The same, where the database may refuse.
pub async fn try_by_hand(db: &Db, sql: &str) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_write().await.expect("a writer is free");
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        tx.execute(AssertSqlSafe(statement.to_owned())).await?;
    }
    tx.commit().await
}

/// Takes away what keeps posted rows as they are.
pub async fn drop_guards(db: &Db) {
    let names: &[&str] = match db.engine {
        Engine::Sqlite => &[
            "voucher_posted_update",
            "voucher_posted_delete",
            "voucher_line_posted_update",
            "voucher_line_posted_delete",
            "act_update",
            "act_delete",
        ],
        Engine::Postgres => {
            &["voucher_posted_change on voucher", "voucher_line_posted_change on voucher_line", "act_change on act"]
        }
    };
    for name in names {
        by_hand(db, &format!("drop trigger {name}")).await;
    }
}
