//! Papers: what stands where on the pages that are printed, signed, posted on the wall and bound.
//!
//! Pure: typed values and the widths of characters in, leaves out. A leaf is one page as its template in `reports/` draws it;
//! `faces/print` finds the fonts and makes the PDF.
//!
//! | file | question it answers |
//! |---|---|
//! | `setter.rs` | how wide is a text, where does it break, and what stands for a character no font has? |
//! | `leaf.rs` | what does a template get, and how large is its paper? |
//! | `columns.rs` | how wide is each column, how large the letters, which way round the paper? |
//! | `pages.rs` | which row stands on which page, and what is carried over? |
//! | `table.rs` | any sheet as leaves |
//! | `voucher.rs` | a voucher as slips; a month of them with its cover |
//! | `certificate.rs` | share certificates |
//! | `code.rs` | an address as a code (QR) |
//! | `trial.rs` | the sheet with the crosshair |
//!
//! 1. Lengths are whole micrometres. Every text is broken here, so pages are known before anything is drawn.
//! 2. Nothing is cut off and no text is left out: what is too wide breaks, what is too long takes more lines, rows or pages.
//! 3. What is carried over is summed here from the rows of the pages before; foot rows are the sheet's own.

pub mod certificate;
pub mod code;
pub mod columns;
pub mod leaf;
pub mod pages;
pub mod setter;
pub mod table;
pub mod trial;
pub mod voucher;

pub use leaf::{Dressing, Layer, Leaf, Slip};
pub use setter::{Setter, Widths};

use crate::exchange::dress::Shape;
use crate::exchange::sheet::Sheet;
use voucher::{Cover, VoucherPaper};

/// What can be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// Any sheet.
    Sheet(Sheet),
    /// Vouchers, one after another.
    Vouchers(Vec<VoucherPaper>),
    /// The cover of a month of them.
    Cover(Cover),
    /// The sheet with the crosshair.
    Trial,
}

impl Paper {
    /// Its pages.
    pub fn leaves(&self, setter: &Setter<'_>, dressing: &Dressing) -> Vec<Leaf> {
        match self {
            Paper::Sheet(sheet) => match sheet.dress.shape {
                Shape::Certificates => certificate::leaves(sheet, setter),
                Shape::Table => table::leaves(sheet, setter),
            },
            Paper::Vouchers(vouchers) => voucher::leaves(vouchers, setter, dressing),
            Paper::Cover(cover) => vec![voucher::cover(cover, setter, dressing)],
            Paper::Trial => vec![trial::leaf(dressing)],
        }
    }
}
