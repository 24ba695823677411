//! Jobs as kept.

use sqlx::any::AnyRow;

use super::{Job, JobState};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Db, Failure};

const COLUMNS: &str = "select job, user_name, place, command, fields, state, started_at, ended_at, answer from job";

fn job(row: &AnyRow) -> Result<Job, Failure> {
    Ok(Job {
        job: column(row, 0)?,
        user: column(row, 1)?,
        place: column(row, 2)?,
        command: column(row, 3)?,
        fields: column(row, 4)?,
        state: parsed(row, 5, JobState::parse)?,
        started_at: column(row, 6)?,
        ended_at: column(row, 7)?,
        answer: column(row, 8)?,
    })
}

/// Keeps a job that begins.
pub async fn begin(db: &Db, county: &str, job: &Job) -> Result<(), Failure> {
    const SQL: &str = "insert into job (county, job, user_name, place, command, fields, state, started_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let mut tx = db.begin_write().await?;
    let query = sqlx::query(SQL).bind(county).bind(&job.job).bind(&job.user).bind(&job.place).bind(&job.command);
    query.bind(&job.fields).bind(job.state.as_str()).bind(&job.started_at).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Keeps how a job ended.
pub async fn end(db: &Db, county: &str, job: &str, (state, at, answer): (JobState, &str, &str)) -> Result<(), Failure> {
    const SQL: &str = "update job set state = $3, ended_at = $4, answer = $5 where county = $1 and job = $2";
    let mut tx = db.begin_write().await?;
    let query = sqlx::query(SQL).bind(county).bind(job).bind(state.as_str()).bind(at).bind(answer);
    query.execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Whatever was running when the program ended was interrupted.
pub async fn interrupt_all(db: &Db, county: &str, at: &str) -> Result<(), Failure> {
    const SQL: &str = "update job set state = 'interrupted', ended_at = $2 where county = $1 and state = 'running'";
    let mut tx = db.begin_write().await?;
    sqlx::query(SQL).bind(county).bind(at).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// A job by its number.
pub async fn find(tx: &mut Connection, county: &str, number: &str) -> Result<Option<Job>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} where county = $1 and job = $2"));
    let row = sqlx::query(sql).bind(county).bind(number).fetch_optional(tx).await?;
    row.as_ref().map(job).transpose()
}

/// A user's jobs, the latest first.
pub async fn of_user(tx: &mut Connection, county: &str, user: &str) -> Result<Vec<Job>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{COLUMNS} where county = $1 and user_name = $2 order by started_at desc, job desc limit 100"
    ));
    let rows = sqlx::query(sql).bind(county).bind(user).fetch_all(tx).await?;
    rows.iter().map(job).collect()
}
