//! Business dates and the accounting periods they fall into.
//!
//! Pure. A date is a calendar date without clock or zone; "today" is handed in.

pub mod day_count;
pub mod period;
pub use day_count::DayCount;
pub use period::AccountingPeriod;

/// The date a business fact carries. Always a calendar date; instants live in `office`.
pub type BusinessDate = chrono::NaiveDate;
