//! Ids of acts and events: time-ordered UUIDs (version 7) from the clock and a source of chance.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// Draws ids.
#[derive(Clone, Debug)]
pub struct Ids(Arc<Mutex<ChaCha12Rng>>);

impl Ids {
    /// From the system's chance.
    #[allow(clippy::disallowed_methods)] // the one place that draws it
    pub fn from_system() -> Ids {
        Ids(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same ids every time, for a demo and for tests.
    pub fn seeded(seed: u64) -> Ids {
        Ids(Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))))
    }

    /// An id no act or event has had; later ids sort later.
    pub fn draw(&self, now: DateTime<Utc>) -> String {
        let mut random = [0u8; 10];
        self.0.lock().expect("drawing an id does not panic").fill_bytes(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// Sixteen bytes of chance.
    pub fn salt(&self) -> [u8; 16] {
        let mut random = [0u8; 16];
        self.0.lock().expect("drawing chance does not panic").fill_bytes(&mut random);
        random
    }
}
