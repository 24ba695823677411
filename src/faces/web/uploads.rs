//! Uploaded files that wait between looking and taking in: kept aside under a number only their sender can use.
//!
//! 1. They stand in a private folder that is gone when the server ends; the oldest make room for new ones.
//! 2. A number of somebody else opens nothing.

use std::collections::VecDeque;
use std::sync::Mutex;

use tempfile::TempDir;

use crate::db::Failure;
use crate::faces::commands::run::Upload;

/// Uploads kept at once.
const KEPT: usize = 64;

struct Kept {
    number: String,
    user: String,
    files: Vec<(String, String)>,
    folder: TempDir,
}

/// What waits.
#[derive(Default)]
pub struct Uploads(Mutex<VecDeque<Kept>>);

impl Uploads {
    /// Keeps files for somebody under a number.
    pub fn keep(&self, number: &str, user: &str, files: &[Upload]) -> Result<(), Failure> {
        let failed = |cause| Failure::File { path: "uploads".to_owned(), cause };
        let folder = tempfile::tempdir().map_err(failed)?;
        for (at, file) in files.iter().enumerate() {
            std::fs::write(folder.path().join(at.to_string()), &file.bytes).map_err(failed)?;
        }
        let files = files.iter().map(|file| (file.field.clone(), file.name.clone())).collect();
        let mut kept = self.0.lock().expect("nothing panics while it holds the uploads");
        kept.push_back(Kept { number: number.to_owned(), user: user.to_owned(), files, folder });
        while kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(())
    }

    /// Somebody's files of a number; none where there are none.
    pub fn of(&self, number: &str, user: &str) -> Vec<Upload> {
        let kept = self.0.lock().expect("nothing panics while it holds the uploads");
        let Some(found) = kept.iter().find(|kept| kept.number == number && kept.user == user) else { return Vec::new() };
        let read = |(at, (field, name)): (usize, &(String, String))| {
            let bytes = std::fs::read(found.folder.path().join(at.to_string())).ok()?;
            Some(Upload { field: field.clone(), name: name.clone(), bytes })
        };
        found.files.iter().enumerate().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_wait_for_their_sender_only() {
        let (uploads, file) =
            (Uploads::default(), Upload { field: "file".into(), name: "一月.csv".into(), bytes: b"1".to_vec() });
        uploads.keep("n1", "甲", std::slice::from_ref(&file)).unwrap();
        assert_eq!(uploads.of("n1", "甲"), std::slice::from_ref(&file));
        assert!(uploads.of("n1", "乙").is_empty() && uploads.of("n2", "甲").is_empty());
        for at in 0..KEPT {
            uploads.keep(&format!("m{at}"), "甲", std::slice::from_ref(&file)).unwrap();
        }
        assert!(uploads.of("n1", "甲").is_empty(), "the oldest made room");
    }
}
