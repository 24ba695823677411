//! What many people ask in the same moment is worked out once.
//!
//! 1. An answer is kept until this office has done another act, and for a second at most: other programs may write to the
//!    same books. Nobody sees anything older than that, and everybody sees what they did themselves.
//! 2. Whoever asks while it is being worked out waits for that one answer; a failure is kept for nobody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use crate::office::Office;

/// As long as an answer is kept at most.
const LONGEST: Duration = Duration::from_secs(1);
/// Beyond so many answers, old ones are dropped.
const MANY: usize = 256;

/// Answers by what was asked.
pub struct Kept<T>(Mutex<HashMap<String, Arc<Slot<T>>>>);

struct Slot<T> {
    acts: u64,
    since: Instant,
    answer: OnceCell<Arc<T>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// The answer to what is asked: the one that is kept, else what the work answers.
    pub async fn answer<E>(&self, office: &Office, asked: &str, work: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let slot = self.slot(asked, office.acts_done());
        slot.answer.get_or_try_init(|| async { work.await.map(Arc::new) }).await.cloned()
    }

    fn slot(&self, asked: &str, acts: u64) -> Arc<Slot<T>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |slot: &Arc<Slot<T>>| slot.acts == acts && slot.since.elapsed() < LONGEST;
        if let Some(slot) = slots.get(asked).filter(|slot| holds(slot)) {
            return slot.clone();
        }
        if slots.len() >= MANY {
            slots.retain(|_, slot| holds(slot));
        }
        let slot = Arc::new(Slot { acts, since: Instant::now(), answer: OnceCell::new() });
        slots.insert(asked.to_owned(), slot.clone());
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_until_the_next_act() {
        let kept = Kept::<u32>::default();
        let first = kept.slot("loans", 7);
        assert!(Arc::ptr_eq(&first, &kept.slot("loans", 7)), "asked again");
        assert!(!Arc::ptr_eq(&first, &kept.slot("arrears", 7)), "something else was asked");
        assert!(!Arc::ptr_eq(&first, &kept.slot("loans", 8)), "an act was done");
    }

    #[test]
    fn old_answers_are_dropped_where_there_are_many() {
        let kept = Kept::<u32>::default();
        for asked in 0..MANY {
            kept.slot(&asked.to_string(), 1);
        }
        kept.slot("one more", 2);
        assert_eq!(kept.0.lock().unwrap().len(), 1);
    }
}
