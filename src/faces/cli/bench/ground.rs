//! The ground a benchmark stands on: a scratch database where `--db` points, removed afterwards.
//!
//! 1. SQLite: a file beside the one named, so that it is on the same disk; PostgreSQL: a database of its own
//!    on the same server (the user must be allowed to create one).
//! 2. Its name begins with the named database's and says `bench`; what is there already is refused, never used.

use std::path::PathBuf;

use super::store;
use crate::db::{Db, Engine, Failure, Stop};
use crate::office::{Actor, Clock, Ids, Office};
use crate::refusals;

refusals! {
    /// Why a benchmark does not begin.
    pub enum BenchRefusal {
        /// Remains of an earlier run that was cut off, or somebody's file.
        "O-401" GroundTaken { name: String }
            zh "测试用的 {name} 已存在" en "{name}, which the benchmark would use, exists already" next "确认无用后删除它,再重新运行";
        /// A number that cannot be measured.
        "O-402" NothingToMeasure { option: String }
            zh "选项 {option} 的数值不能测" en "nothing can be measured with that {option}" next "换一个数值";
    }
}

/// The fictional county of all benchmarks.
pub const COUNTY: &str = "459999";

/// A scratch database.
pub struct Ground {
    /// Its address.
    pub url: String,
    home: String,
    name: String,
}

impl Ground {
    /// Makes an empty database beside the one an address names. `part` keeps several apart.
    pub async fn make(db_url: &str, part: &str) -> Result<Ground, Stop> {
        let engine = Engine::of(db_url).ok_or_else(|| Failure::Address(db_url.to_owned()))?;
        let ending = format!("bench_{}_{part}", std::process::id());
        let (head, name, tail) = named(engine, db_url);
        let name = if name.is_empty() { ending } else { format!("{name}_{ending}") };
        let ground = Ground { url: format!("{head}{name}{tail}"), home: db_url.to_owned(), name };
        match engine {
            Engine::Sqlite if ground.files().any(|file| file.exists()) => {
                Err(BenchRefusal::GroundTaken { name: ground.name }.into())
            }
            Engine::Sqlite => Ok(ground),
            Engine::Postgres => {
                store::create_database(&ground.home, &ground.name).await?;
                Ok(ground)
            }
        }
    }

    /// Opens it, with its schema.
    pub async fn open(&self) -> Result<Db, Failure> {
        Db::open_ready(&self.url).await
    }

    /// Opens an office over it.
    pub async fn office(&self) -> Result<Office, Failure> {
        Ok(Office::open(self.open().await?, Clock::System, Ids::from_system()))
    }

    /// Removes it.
    pub async fn remove(self) -> Result<(), Failure> {
        match Engine::of(&self.url) {
            Some(Engine::Postgres) => store::drop_database(&self.home, &self.name).await,
            _ => {
                for file in self.files().filter(|file| file.exists()) {
                    std::fs::remove_file(&file).map_err(Failure::file(&file))?;
                }
                Ok(())
            }
        }
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        ["", "-wal", "-shm"].iter().map(|ending| PathBuf::from(format!("{}{ending}", self.name)))
    }
}

/// Who acts in benchmarks: a county without users lets anybody.
pub fn actor() -> Actor {
    Actor { county: COUNTY.to_owned(), user: "测速".to_owned(), face: "bench" }
}

/// An address as what stands before the database's name, the name (a path on SQLite), and what follows.
fn named(engine: Engine, url: &str) -> (&str, &str, &str) {
    let (front, tail) = url.split_at(url.find('?').unwrap_or(url.len()));
    let start = match engine {
        Engine::Sqlite => front.find("://").map_or(front.find(':').map_or(0, |at| at + 1), |at| at + 3),
        Engine::Postgres => {
            let host = front.find("://").map_or(0, |at| at + 3);
            front[host..].find('/').map_or(front.len(), |at| host + at + 1)
        }
    };
    (&front[..start], &front[start..], tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_in_an_address() {
        let of = |url| named(Engine::of(url).unwrap(), url);
        assert_eq!(of("sqlite:a/b.db"), ("sqlite:", "a/b.db", ""));
        assert_eq!(of("sqlite:///tmp/b.db?x=1"), ("sqlite://", "/tmp/b.db", "?x=1"));
        assert_eq!(of("postgres://u:p@host:5/books?a=b/c"), ("postgres://u:p@host:5/", "books", "?a=b/c"));
        assert_eq!(of("postgres:///books?host=/tmp/x"), ("postgres:///", "books", "?host=/tmp/x"));
    }
}
