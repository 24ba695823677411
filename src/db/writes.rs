//! Writes handed over together: a statement costs two changes of thread (SQLite) or a way to the server and back
//! (PostgreSQL) before it does anything (src/decisions/0005).
//!
//! 1. Each write is one text for both engines, with the county as `$1` and rows of its own as JSON in `$2`.
//! 2. Writes that go together go to different tables: PostgreSQL does them in no order, and none sees what another did.
//! 3. If one fails, the hand-over fails; its transaction is undone or repeated, as after any statement.

use sqlx::AssertSqlSafe;

use super::{Connection, Engine, Failure};

/// Writes on their way to the database.
#[derive(Debug)]
pub struct Writes<'a> {
    engine: Engine,
    county: &'a str,
    texts: Vec<String>,
    rows: Vec<String>,
}

impl<'a> Writes<'a> {
    /// None yet, for a county's rows.
    pub fn of(engine: Engine, county: &'a str) -> Writes<'a> {
        Writes { engine, county, texts: Vec::new(), rows: Vec::new() }
    }

    /// Adds a write and its rows.
    pub fn add(&mut self, text: &str, rows: String) {
        self.rows.push(rows);
        self.texts.push(text.replace("$2", &format!("${}", self.rows.len() + 1)));
    }

    /// Hands over what was added, and keeps none of it.
    pub async fn send(&mut self, tx: &mut Connection) -> Result<(), Failure> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let all = self.engine.together(&std::mem::take(&mut self.texts));
        let query = sqlx::query(AssertSqlSafe(all)).bind(self.county);
        self.rows.drain(..).fold(query, |query, rows| query.bind(rows)).execute(tx).await?;
        Ok(())
    }
}
