//! A PostgreSQL of the tests' own: started from the installed programs, in a private folder, reached
//! through a socket in it (no port is opened), gone with the test process.
//!
//! 1. One server for all tests of a process; a database of its own for each test.
//! 2. A supervisor (`postgres.sh`) holds the reading end of a pipe. When the test process ends, in whatever
//!    way, the pipe closes, the supervisor stops the server and removes the folder.
//! 3. Root's tests run the server as `postgres` or `nobody`, because PostgreSQL refuses root.
//! 4. Commits are synced to disk, unless `CUNZHANG_TEST_FSYNC=off` or the test asks for a [`Durability::Fast`] server.

use sqlx::Connection;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What `--db` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

/// A fresh, empty database on the shared server; it goes with the process.
pub fn fresh_database() -> DatabaseUrl {
    shared().fresh_database()
}

/// Whether a commit reaches the disk before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Durable,
    Fast,
}

impl Durability {
    fn of_environment() -> Durability {
        match std::env::var("CUNZHANG_TEST_FSYNC").as_deref() {
            Ok("off") => Durability::Fast,
            _ => Durability::Durable,
        }
    }

    fn settings(self) -> &'static str {
        match self {
            Durability::Durable => "-c fsync=on -c synchronous_commit=on",
            Durability::Fast => "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
        }
    }
}

/// A database of one test on the shared server; dropping it drops it there, cutting off who is still connected.
#[derive(Debug)]
pub struct Database(DatabaseUrl);

impl Database {
    pub fn fresh() -> Database {
        Database(fresh_database())
    }

    pub fn url(&self) -> &str {
        &self.0.0
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.0.0.trim_start_matches("postgres:///").split('?').next().unwrap_or_default();
        let _ = shared().administer(format!("drop database if exists {name} with (force)"));
    }
}

/// The server all tests of this process share.
#[track_caller]
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Result<Server, String>> = OnceLock::new();
    SHARED.get_or_init(|| Server::try_start(Durability::of_environment())).as_ref().unwrap_or_else(|why| panic!("{why}"))
}

/// A running PostgreSQL and its supervisor. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Server {
    supervisor: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
    databases: AtomicU64,
}

impl Server {
    /// A server for one test alone, which may stop it half way.
    #[track_caller]
    pub fn start(durability: Durability) -> Server {
        Server::try_start(durability).unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_start(durability: Durability) -> Result<Server, String> {
        let programs = programs()?;
        let owner = unprivileged_owner()?;
        let folder = private_folder(owner)?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(include_str!("postgres.sh")).arg("supervisor");
        command.arg(&programs).arg(&folder).arg(durability.settings());
        command.current_dir("/").process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        let mut supervisor = command.spawn().map_err(|why| format!("/bin/sh does not start: {why}"))?;
        let orders = supervisor.stdin.take();
        let answers = BufReader::new(supervisor.stdout.take().ok_or("a piped output is there")?);
        let mut server = Server { supervisor, orders, answers, folder, databases: AtomicU64::new(0) };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// A fresh, empty database on this server.
    #[track_caller]
    pub fn fresh_database(&self) -> DatabaseUrl {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed) + 1);
        self.administer(format!("create database {name}"))
            .unwrap_or_else(|why| panic!("create database {name}: {why}\n{}", self.log()));
        self.url_of(&name)
    }

    /// Stops the server as a power cut would: at once, without a checkpoint; then starts it again.
    #[track_caller]
    pub fn cut_power(&mut self) {
        let orders = self.orders.as_mut().expect("orders are taken only by drop");
        writeln!(orders, "crash").expect("the supervisor lives as long as this process");
        self.wait_until_ready().unwrap_or_else(|why| panic!("{why}"));
    }

    /// The last lines of what the server wrote.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn url_of(&self, database: &str) -> DatabaseUrl {
        DatabaseUrl(format!("postgres:///{database}?host={}&port=5432&user=cunzhang", self.folder.display()))
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let mut answer = String::new();
        let read = self.answers.read_line(&mut answer).map_err(|why| why.to_string())?;
        match answer.trim() {
            "ready" => Ok(()),
            _ => Err(format!("PostgreSQL did not start ({read} bytes: {answer:?}); its log:\n{}", self.log())),
        }
    }

    /// Runs one statement in a thread of its own, so that it can be called from inside a runtime too.
    fn administer(&self, statement: String) -> Result<(), String> {
        let url = self.url_of("postgres").0;
        let outcome = std::thread::spawn(move || super::engines::run(execute(url, statement))).join();
        outcome.map_err(|_| "the administering thread panicked".to_owned())?.map_err(|why| why.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.supervisor.wait();
    }
}

async fn execute(url: String, statement: String) -> Result<(), sqlx::Error> {
    let mut connection = sqlx::PgConnection::connect(&url).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    connection.close().await
}

/// The folder with `initdb` and `postgres`: the newest installed one.
fn programs() -> Result<PathBuf, String> {
    let is_complete = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    let mut found: Vec<PathBuf> = known_folders().into_iter().filter(is_complete).collect();
    found.sort_by_key(|folder| version_of(folder));
    found.pop().ok_or_else(|| {
        "PostgreSQL is not installed; run './run tests', or 'sudo apt-get install --no-install-recommends postgresql'".to_owned()
    })
}

fn known_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    if let Ok(answer) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()));
    }
    for base in ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/postgresql"] {
        let versions = std::fs::read_dir(base).into_iter().flatten().flatten();
        folders.extend(versions.map(|version| version.path().join("bin")));
    }
    // A link from elsewhere on the PATH leads to the folder that has both programs.
    let real = |folder: &PathBuf| folder.join("initdb").canonicalize().ok()?.parent().map(Path::to_owned);
    folders.iter().filter_map(real).collect()
}

/// The first number in `…/postgresql/15/bin`; 0 when there is none.
fn version_of(folder: &Path) -> u32 {
    folder.components().filter_map(|part| part.as_os_str().to_str()?.split('.').next()?.parse().ok()).next_back().unwrap_or(0)
}

/// The user and group the server runs as: somebody else when this is root, otherwise `None`, the caller.
fn unprivileged_owner() -> Result<Option<(u32, u32)>, String> {
    if id("-u", None) != Some(0) {
        return Ok(None);
    }
    let known = |name| Some((id("-u", Some(name))?, id("-g", Some(name))?));
    let owner = ["postgres", "nobody"].into_iter().find_map(known);
    owner.map(Some).ok_or_else(|| "PostgreSQL refuses root, and there is no user 'postgres' or 'nobody' to run it as".to_owned())
}

fn id(what: &str, name: Option<&str>) -> Option<u32> {
    let answer = Command::new("id").arg(what).args(name).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}

/// A folder short enough for a socket in it (107 bytes), which the server's user owns.
fn private_folder(owner: Option<(u32, u32)>) -> Result<PathBuf, String> {
    let usual = std::env::temp_dir();
    let base = if usual.as_os_str().len() > 60 { PathBuf::from("/tmp") } else { usual };
    let made = tempfile::Builder::new().prefix("cunzhang-postgres-").tempdir_in(&base);
    let folder = made.map_err(|why| format!("no folder for PostgreSQL under {}: {why}", base.display()))?.keep();
    if let Some((user, group)) = owner {
        chown(&folder, Some(user), Some(group)).map_err(|why| format!("chown {}: {why}", folder.display()))?;
    }
    Ok(folder)
}
