//! Ids, account numbers and phones of people, sealed before they reach the database (R13).
//!
//! 1. The key stands in a file outside the database: the one `CUNZHANG_KEY` names, or `cunzhang/key` in the user's
//!    configuration folder. It is made at the first need, readable by its owner alone, and never printed.
//! 2. AES-SIV (RFC 5297): the same text under the same key gives the same sealed text, whose first half is a keyed digest
//!    of it. So a sealed column is its own keyed index: it is looked up, joined and kept unique by the sealed text.
//! 3. A database remembers the mark of its key and opens with no other; what stood in it unsealed is sealed then.
//! 4. Empty stays empty, so that "none" can still be asked for.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aes_siv::KeyInit as _;
use aes_siv::siv::Aes256Siv;
use sqlx::AssertSqlSafe;

use super::rows::{as_json, column};
use super::{Connection, Db, Failure};
use crate::office::Ids;

type Key = [u8; 64];

/// What every sealed text begins with.
const SEALED: char = '~';
const MARK: &str = "cunzhang";
const AT_ONCE: i64 = 20_000;

/// The columns that are sealed: (table, column).
pub const COLUMNS: [(&str, &str); 11] = [
    ("household", "head_id"),
    ("household", "phone"),
    ("household", "bank_account"),
    ("person", "id_number"),
    ("person_gone", "id_number"),
    ("payee", "id_number"),
    ("payee", "account"),
    ("payee", "paid_account"),
    ("payout_row", "id_number"),
    ("payout_row", "account"),
    ("statement_line", "account"),
];

/// The sealed form of a text.
pub fn seal(text: &str) -> Result<String, Failure> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let sealed = cipher()?.encrypt([[]; 0], text.as_bytes()).map_err(|_| Failure::Sealed("too long to seal".into()))?;
    Ok(format!("{SEALED}{}", hex::encode(sealed)))
}

/// The sealed form of a text that may be missing.
pub fn seal_some(text: Option<&str>) -> Result<Option<String>, Failure> {
    text.map(seal).transpose()
}

/// The text behind a sealed form.
pub fn unseal(sealed: String) -> Result<String, Failure> {
    let Some(code) = sealed.strip_prefix(SEALED) else { return Ok(sealed) };
    let bytes = hex::decode(code).ok().and_then(|bytes| cipher().ok()?.decrypt([[]; 0], &bytes).ok());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Failure::Sealed(format!("key file {}", place().unwrap_or_default().display())))
}

/// Sees that the database was sealed with this machine's key; a database without a mark is sealed now.
pub(super) async fn settle(db: &Db) -> Result<(), Failure> {
    const ASK: &str = "select mark from _sealing";
    let own = seal(MARK)?;
    let found = sqlx::query(ASK).fetch_optional(&db.readers).await?;
    match found.map(|row| column::<String>(&row, 0)).transpose()? {
        Some(mark) if mark == own => Ok(()),
        Some(_) => Err(Failure::OtherKey { path: place()?.display().to_string() }),
        None => seal_all(db, &own).await,
    }
}

async fn seal_all(db: &Db, mark: &str) -> Result<(), Failure> {
    const KEEP: &str = "insert into _sealing (mark) values ($1) on conflict (mark) do nothing";
    let mut tx = db.begin_write().await?;
    for (table, column) in COLUMNS {
        while seal_some_of(&mut tx, table, column).await? {}
    }
    sqlx::query(KEEP).bind(mark).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Seals a share of a column's plain texts; false when none is left.
async fn seal_some_of(tx: &mut Connection, table: &str, name: &str) -> Result<bool, Failure> {
    let ask = format!("select distinct {name} from {table} where {name} <> '' and {name} not like '{SEALED}%' limit $1");
    let rows = sqlx::query(AssertSqlSafe(ask)).bind(AT_ONCE).fetch_all(&mut *tx).await?;
    let plain = rows.iter().map(|row| column::<String>(row, 0)).collect::<Result<Vec<_>, _>>()?;
    let pairs = plain.iter().map(|text| Ok([text.clone(), seal(text)?])).collect::<Result<Vec<_>, Failure>>()?;
    let put = format!("update {table} set {name} = r.value->>1 from json_each($1) r where {table}.{name} = r.value->>0");
    sqlx::query(AssertSqlSafe(put)).bind(as_json(&pairs)).execute(tx).await?;
    Ok(!pairs.is_empty())
}

fn cipher() -> Result<Aes256Siv, Failure> {
    static KEY: OnceLock<Key> = OnceLock::new();
    let key = match KEY.get() {
        Some(key) => key,
        None => {
            let read = key_at(&place()?)?;
            KEY.get_or_init(|| read)
        }
    };
    Ok(Aes256Siv::new(key.into()))
}

/// Where the key file stands.
pub fn place() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = || set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    set("CUNZHANG_KEY").or_else(|| Some(folder()?.join("cunzhang/key"))).ok_or(Failure::NoKey)
}

fn key_at(path: &Path) -> Result<Key, Failure> {
    if !path.try_exists().map_err(Failure::file(path))? {
        make(path).map_err(Failure::file(path))?;
    }
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    let key = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    key.ok_or_else(|| Failure::NotAKey { path: path.display().to_string() })
}

/// Makes a key file whole or not at all: whoever comes second finds the first one's.
fn make(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let ids = Ids::from_system();
    let key: Vec<u8> = (0..4).flat_map(|_| ids.salt()).collect();
    writeln!(file, "{}", hex::encode(key))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != std::io::ErrorKind::AlreadyExists => Err(failed.error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_tells_nothing_and_comes_back() {
        let sealed = seal("990000199001011234").unwrap();
        assert!(!sealed.contains("9900") && sealed.starts_with(SEALED), "{sealed}");
        assert_eq!(seal("990000199001011234").unwrap(), sealed, "the same text is found by its sealed form");
        assert_ne!(seal("990000199001011235").unwrap()[..20], sealed[..20]);
        assert_eq!(unseal(sealed.clone()).unwrap(), "990000199001011234");
        assert_eq!(unseal(seal("").unwrap()).unwrap(), "");
        assert!(unseal(sealed.replace(&sealed[30..31], "g")).is_err());
    }

    #[test]
    fn a_changed_byte_is_refused() {
        let sealed = seal("6217000000000000004").unwrap();
        let last = if sealed.ends_with('0') { "1" } else { "0" };
        assert!(unseal(format!("{}{last}", &sealed[..sealed.len() - 1])).is_err());
    }

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/key");
        let key = key_at(&path).unwrap();
        assert_eq!(key_at(&path).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        make(&path).unwrap();
        assert_eq!(key_at(&path).unwrap(), key, "a second maker keeps the first one's");
        fs::write(&path, "not a key").unwrap();
        assert!(matches!(key_at(&path), Err(Failure::NotAKey { .. })));
    }
}
