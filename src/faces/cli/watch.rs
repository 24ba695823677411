//! Watching long work: how far it is, and the wish that it stop after the chunk in hand.
//!
//! 1. On a terminal it shows a bar and hears Ctrl-C; for a job of the web office the job's page asks and stops it.
//! 2. Stopping loses nothing: what was done stays, and the same command goes on from there.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::ProgressBar;

/// One long work.
#[derive(Debug)]
pub struct Watch {
    going: AtomicBool,
    words: Mutex<String>,
    bar: ProgressBar,
}

impl Watch {
    /// For somebody at a terminal: a bar, and Ctrl-C stops it. In a pipe it stays quiet.
    pub fn at_terminal() -> Arc<Watch> {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let watch = Arc::new(Watch { bar, ..Watch::unseen() });
        let stopped = Arc::clone(&watch);
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stopped.stop();
            }
        });
        watch
    }

    /// For work nobody sees at a terminal.
    pub fn unseen() -> Watch {
        Watch { going: AtomicBool::new(true), words: Mutex::default(), bar: ProgressBar::hidden() }
    }

    /// Says how far it is; false if it shall stop.
    pub fn told(&self, words: String) -> bool {
        self.bar.set_message(words.clone());
        self.bar.inc(1);
        *self.words.lock().expect("nothing panics while it holds the words") = words;
        self.is_going()
    }

    /// How far it said it was.
    pub fn words(&self) -> String {
        self.words.lock().expect("nothing panics while it holds the words").clone()
    }

    /// Asks it to stop.
    pub fn stop(&self) {
        self.going.store(false, Ordering::SeqCst);
    }

    /// True until it shall stop.
    pub fn is_going(&self) -> bool {
        self.going.load(Ordering::SeqCst)
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
