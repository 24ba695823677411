//! Both databases, side by side: what holds on one must hold on the other.

use super::{postgres, sqlite};

/// The two databases the program serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Both, in the order tests report them.
    pub const BOTH: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    /// `sqlite` or `postgres`.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }
}

/// An empty database of one test. Dropping it removes it; open pools are cut off.
#[derive(Debug)]
pub struct TestDatabase {
    engine: Engine,
    url: String,
    _remains: Remains,
}

/// What has to be cleared away with a test database.
#[derive(Debug)]
enum Remains {
    Folder(sqlite::Folder),
    Database(postgres::Database),
}

impl TestDatabase {
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// `sqlite` or `postgres`, for messages.
    pub fn name(&self) -> &'static str {
        self.engine.name()
    }

    /// What `--db` takes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The SQLite file; `None` on PostgreSQL.
    pub fn sqlite_file(&self) -> Option<std::path::PathBuf> {
        match &self._remains {
            Remains::Folder(folder) => Some(folder.file()),
            Remains::Database(_) => None,
        }
    }
}

/// A fresh, empty database on one engine.
pub fn fresh(engine: Engine) -> TestDatabase {
    match engine {
        Engine::Sqlite => {
            let folder = sqlite::Folder::fresh();
            TestDatabase { engine, url: folder.url(), _remains: Remains::Folder(folder) }
        }
        Engine::Postgres => {
            let database = postgres::Database::fresh();
            TestDatabase { engine, url: database.url().to_owned(), _remains: Remains::Database(database) }
        }
    }
}

/// A fresh, empty database on each engine, for tests that compare the two.
pub fn engines() -> Vec<TestDatabase> {
    Engine::BOTH.into_iter().map(fresh).collect()
}

/// Runs an async body to its end on its own runtime of two threads.
pub fn run<T>(body: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime can be built").block_on(body)
}

/// Makes two tests of one async function: `NAME::sqlite` and `NAME::postgres`.
///
/// ```ignore
/// on_both_engines! {
///     /// Numbers have no gaps.
///     async fn numbers_are_dense(database: &TestDatabase) { … database.url() … }
/// }
/// ```
macro_rules! on_both_engines {
    ($( $(#[$meta:meta])* async fn $name:ident($database:ident : $kind:ty) $body:block )+) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($database: $kind) $body

            #[test]
            fn sqlite() {
                let database = $crate::support::fresh($crate::support::Engine::Sqlite);
                $crate::support::engines::run(body(&database));
            }

            #[test]
            fn postgres() {
                let database = $crate::support::fresh($crate::support::Engine::Postgres);
                $crate::support::engines::run(body(&database));
            }
        }
    )+ };
}
pub(crate) use on_both_engines;
