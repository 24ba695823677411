//! A fresh SQLite file per test, in a folder of its own beside the build, on a disk that keeps what is synced.

use std::path::{Path, PathBuf};
use std::sync::Once;
use tempfile::TempDir;

/// The folder of one test's database; dropping it removes the file and its journal.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// A new empty folder; the file is made by whoever opens the URL.
    pub fn fresh() -> Folder {
        static SWEEP: Once = Once::new();
        let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
        SWEEP.call_once(|| sweep(base));
        let made = tempfile::Builder::new().prefix(&format!("sqlite-{}-", std::process::id())).tempdir_in(base);
        Folder(made.unwrap_or_else(|why| panic!("no folder for a SQLite file under {}: {why}", base.display())))
    }

    pub fn file(&self) -> PathBuf {
        self.0.path().join("books.db")
    }

    pub fn url(&self) -> String {
        format!("sqlite:{}", self.file().display())
    }
}

/// Removes what test processes that were killed left behind.
fn sweep(base: &Path) {
    for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let maker = name.strip_prefix("sqlite-").and_then(|rest| rest.split('-').next()).map(str::to_owned);
        let is_gone = |pid: String| Path::new("/proc/self").exists() && !Path::new("/proc").join(pid).exists();
        if maker.is_some_and(is_gone) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
