//! What differs between SQLite and PostgreSQL: addresses, settings, how a transaction begins,
//! how rows are locked, and how the portable schema text is adapted.

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Settings of every SQLite connection: durable commits, waiting for the other process's writer.
const SQLITE_SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
     pragma busy_timeout = 60000; pragma cache_size = -65536; pragma temp_store = memory; pragma wal_autocheckpoint = 4000;";

/// Beyond these, of SQLite's readers: there are several, and the machine keeps the file's pages as well.
const SQLITE_READER: &str = "pragma cache_size = -16384;";

/// Settings of every PostgreSQL connection: our schema first, durable commits, readable notices kept quiet.
const POSTGRES_SETTINGS: &str = "create schema if not exists cunzhang; set search_path to cunzhang, public; \
     set synchronous_commit to on; set client_min_messages to warning; set jit to off;";

impl Engine {
    /// The engine an address names; `None` for any other scheme.
    pub fn of(url: &str) -> Option<Engine> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Engine::Sqlite),
            "postgres" | "postgresql" => Some(Engine::Postgres),
            _ => None,
        }
    }

    /// The name users read.
    pub const fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    pub(super) const fn settings(self) -> &'static str {
        match self {
            Engine::Sqlite => SQLITE_SETTINGS,
            Engine::Postgres => POSTGRES_SETTINGS,
        }
    }

    /// What a connection that only reads is told beside them.
    pub(super) const fn reader_settings(self) -> &'static str {
        match self {
            Engine::Sqlite => SQLITE_READER,
            Engine::Postgres => "",
        }
    }

    pub(super) const fn begin_write(self) -> &'static str {
        match self {
            Engine::Sqlite => "begin immediate",
            Engine::Postgres => "begin isolation level read committed",
        }
    }

    pub(super) const fn begin_snapshot(self) -> &'static str {
        match self {
            Engine::Sqlite => "begin deferred",
            Engine::Postgres => "begin isolation level repeatable read, read only",
        }
    }

    /// What lets the planner know tables that were filled a moment ago; SQLite plans by the schema alone.
    pub(super) const fn after_filling(self) -> Option<&'static str> {
        match self {
            Engine::Sqlite => None,
            Engine::Postgres => Some("analyze"),
        }
    }

    /// Locks the rows a statement reads, in its order, until the transaction ends. SQLite's writer is alone anyway.
    pub const fn locking(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " for update",
        }
    }

    /// Several writes as one statement: one after another on SQLite, side by side on PostgreSQL.
    pub(super) fn together(self, texts: &[String]) -> String {
        match (self, texts) {
            (Engine::Postgres, [beside @ .., last]) if !beside.is_empty() => {
                let named: Vec<String> = beside.iter().enumerate().map(|(at, text)| format!("w{at} as ({text})")).collect();
                format!("with {} {last}", named.join(", "))
            }
            _ => texts.join("; "),
        }
    }

    /// The portable schema text in the engine's own words. Texts sort by their bytes on both (I14).
    pub(super) fn schema(self, portable: &str) -> String {
        match self {
            Engine::Sqlite => portable.replace(" bigint", " integer").replace("\n);", "\n) strict, without rowid;"),
            Engine::Postgres => portable.replace(" blob", " bytea").replace(" text", " text collate \"C\""),
        }
    }
}

/// The address of an SQLite file, whatever characters its path has.
pub fn file_url(file: &std::path::Path) -> String {
    let path = file.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite:{path}")
}

/// The file of an SQLite address; `None` for a server and for a database in memory.
pub fn file_of(url: &str) -> Option<std::path::PathBuf> {
    let Some(Engine::Sqlite) = Engine::of(url) else { return None };
    let path = url.trim_start_matches("sqlite:").split('?').next().unwrap_or_default();
    let path = path.strip_prefix("//").unwrap_or(path);
    let plain = path.replace("%3F", "?").replace("%23", "#").replace("%25", "%");
    (!plain.is_empty() && !plain.contains(":memory:")).then(|| plain.into())
}

/// The address with what opening needs: SQLite creates a file that is not there.
pub(super) fn address(engine: Engine, url: &str) -> String {
    let creates = url.contains("mode=") || url.contains(":memory:");
    match engine {
        Engine::Sqlite if !creates => format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' }),
        _ => url.to_owned(),
    }
}
