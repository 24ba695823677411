//! The two databases behind one connection type: SQLite (embedded) and PostgreSQL (a server).
//!
//! 1. Every statement is one text for both; what differs stands in `dialect.rs` and nowhere else.
//! 2. A failure is the machine's (`Failure`); the books saying no is a `Refusal`; `Stop` is either.
//! 3. SQLite commits with WAL and `synchronous=FULL`: an acknowledged act survives power loss.

pub mod copy;
pub mod dialect;
mod failure;
pub mod migrate;
pub mod rows;
pub mod sealing;
pub mod tables;
mod writes;

use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection as _, Executor};

pub use dialect::Engine;
pub use failure::{Failure, Stop};
pub use writes::Writes;

/// A connection inside a transaction (or a reader's connection).
pub type Connection = AnyConnection;

/// An opened database.
#[derive(Clone, Debug)]
pub struct Db {
    /// Which engine this is.
    pub engine: Engine,
    url: String,
    readers: AnyPool,
    writers: AnyPool,
}

impl Db {
    /// Opens a database by URL (`sqlite:FILE` or `postgres://…`), creating an SQLite file that is not there.
    pub async fn open(url: &str) -> Result<Db, Failure> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url).ok_or_else(|| Failure::Address(url.to_owned()))?;
        let address = dialect::address(engine, url);
        let options: AnyConnectOptions = address.parse().map_err(Failure::Database)?;
        let (writing, reading) = match engine {
            Engine::Sqlite => (1, 4),
            Engine::Postgres => (4, 8),
        };
        try_once(engine, &options).await.map_err(Failure::opening(url))?;
        let writers = pool(engine, writing, "").connect_lazy_with(options.clone());
        let readers = pool(engine, reading, engine.reader_settings()).connect_lazy_with(options);
        Ok(Db { engine, url: url.to_owned(), readers, writers })
    }

    /// Opens, brings the schema up to date and sees that the key fits.
    pub async fn open_ready(url: &str) -> Result<Db, Failure> {
        let db = Db::open(url).await?;
        migrate::run(&db).await?;
        sealing::settle(&db).await?;
        Ok(db)
    }

    /// The address it was opened with.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A reader's connection.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Any>, Failure> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction that sees one state of the database from its first read to its end.
    pub async fn begin_snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, Failure> {
        Ok(self.readers.begin_with(self.engine.begin_snapshot()).await?)
    }

    /// A writing transaction. SQLite: the only one at a time; PostgreSQL: locks rows as it goes.
    pub async fn begin_write(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, Failure> {
        Ok(self.writers.begin_with(self.engine.begin_write()).await?)
    }

    /// The connection that [`Db::write_on`] begins its transaction on. Whoever sees it fail closes it: a database that
    /// has rolled back by itself leaves driver and database of two minds.
    pub async fn writer(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Any>, Failure> {
        Ok(self.writers.acquire().await?)
    }

    /// A writing transaction on a writer's connection.
    pub async fn write_on<'c>(&self, writer: &'c mut Connection) -> Result<sqlx::Transaction<'c, sqlx::Any>, Failure> {
        Ok(sqlx::Connection::begin_with(writer, self.engine.begin_write()).await?)
    }

    /// Lets an SQLite writer go on before the disk has answered. Only for a database that is simply made anew when it is
    /// lost, as the demo's is; whoever keeps books never calls this.
    pub async fn run_ahead_of_the_disk(&self) -> Result<(), Failure> {
        if self.engine == Engine::Sqlite {
            self.writer().await?.execute("pragma synchronous = off").await?;
        }
        Ok(())
    }

    /// What SQLite finds wrong with its own file; a server looks after its own.
    pub async fn unsound(&self) -> Result<Option<String>, Failure> {
        let Engine::Sqlite = self.engine else { return Ok(None) };
        let found: String = sqlx::query_scalar("pragma integrity_check(1)").fetch_one(&self.readers).await?;
        Ok((found != "ok").then_some(found))
    }

    /// Closes all connections; SQLite folds its log into the file.
    pub async fn close(self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// One connection before the pools: they would try an address that cannot work for a minute.
async fn try_once(engine: Engine, options: &AnyConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect_with(options).await?;
    connection.execute(engine.settings()).await?;
    connection.close().await
}

/// An SQLite file with its log folded in, held by this one connection until it is dropped; `None` where somebody else
/// has it open.
pub async fn alone(file: &std::path::Path) -> Result<Option<Connection>, Failure> {
    sqlx::any::install_default_drivers();
    let url = dialect::file_url(file);
    let mut connection = AnyConnection::connect(&url).await.map_err(Failure::opening(&url))?;
    let held = async {
        connection.execute("pragma busy_timeout = 3000; pragma synchronous = full; pragma journal_mode = delete").await?;
        connection.execute("begin exclusive").await?;
        sqlx::query_scalar::<_, String>("pragma journal_mode").fetch_one(&mut connection).await
    };
    match held.await.map_err(Failure::Database) {
        Ok(mode) => Ok((mode == "delete").then_some(connection)),
        Err(failure) if failure.is_passing() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn pool(engine: Engine, connections: u32, beside: &'static str) -> AnyPoolOptions {
    // A server may have gone away since the connection was last used; a file has not.
    let options = AnyPoolOptions::new().max_connections(connections).test_before_acquire(engine == Engine::Postgres);
    options.acquire_timeout(Duration::from_secs(60)).after_connect(move |connection, _| {
        Box::pin(async move {
            connection.execute(engine.settings()).await?;
            if beside.is_empty() { Ok(()) } else { connection.execute(beside).await.map(drop) }
        })
    })
}
