//! The clock: the system's, or one handed in for a demo and for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};

use crate::calendar::BusinessDate;

/// Where the time comes from. Instants are UTC; business dates are Asia/Shanghai's (UTC+8, no summer time).
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands until it is set; every reading moves it on by a millisecond.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock standing at nine in the morning (Shanghai) of a date.
    pub fn standing_at(date: BusinessDate) -> Clock {
        let clock = Clock::Set(Arc::new(AtomicI64::new(0)));
        clock.set(date);
        clock
    }

    /// Sets a standing clock to nine in the morning of a date; never backwards.
    pub fn set(&self, date: BusinessDate) {
        if let Clock::Set(millis) = self {
            let morning = date.and_hms_opt(1, 0, 0).expect("one o'clock UTC exists on every day").and_utc().timestamp_millis();
            millis.fetch_max(morning, Ordering::SeqCst);
        }
    }

    /// The instant now.
    #[allow(clippy::disallowed_methods)] // the one place that asks the system
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now(),
            Clock::Set(millis) => {
                DateTime::from_timestamp_millis(millis.fetch_add(1, Ordering::SeqCst)).expect("set from a valid date")
            }
        }
    }

    /// The business date now.
    pub fn today(&self) -> BusinessDate {
        let shanghai = FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset");
        let now = match self {
            Clock::System => self.now(),
            Clock::Set(millis) => DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).expect("set from a valid date"),
        };
        now.with_timezone(&shanghai).date_naive()
    }
}

/// An instant as stored: RFC 3339 with milliseconds and `Z`.
pub fn instant(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A stored instant as people of the county read it: their own date and time. What is no instant stays as it is.
pub fn local_time(at: &str) -> String {
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset");
    let read = DateTime::parse_from_rfc3339(at);
    read.map_or_else(|_| at.to_owned(), |at| at.with_timezone(&shanghai).format("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_in_utc_is_the_next_morning_here() {
        assert_eq!(local_time("2026-01-31T16:30:05.250Z"), "2026-02-01 00:30:05");
        assert_eq!(local_time("昨天"), "昨天");
    }
}
