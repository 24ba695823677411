//! The press: fonts of the system, templates of `reports/`, leaves in, a PDF out.
//!
//! | file | question it answers |
//! |---|---|
//! | `check_list.rs` | what does the closing check list say on paper? |
//! | `fonts.rs` | which fonts are there, in which order are they asked, which characters do they have? |
//! | `world.rs` | what may a template read? |
//! | `press.rs` | leaves to bytes |
//! | `vouchers.rs` | vouchers from the books as papers |
//!
//! 1. Same leaves, same fonts, same bytes: no date, no chance, no path in the file.
//! 2. Font files are read once in the life of the program, and only those that are used.
//! 3. Without a font papers are refused with the next step and everything else works.
//! 4. Data reaches templates as values of `document.json`; no text is ever read as markup.

pub mod check_list;
pub mod fonts;
pub mod press;
pub mod vouchers;
mod world;

pub use press::{Press, Printed, press};

use crate::refusals;

refusals! {
    /// Why nothing is printed.
    pub enum PrintRefusal {
        /// No font for Chinese.
        "Q-101" NoFont { searched: String }
            zh "没有找到中文字体(找过:{searched}),不能生成 PDF" en "no Chinese font was found ({searched}); papers cannot be made"
            next "安装一种中文字体再试:Debian 或 Ubuntu 执行 sudo apt-get install fonts-noto-cjk,其他系统装宋体和黑体;装好后用 cunzhang fonts 检查。其他格式(xlsx、csv、文字)不受影响";
        /// Nothing to print.
        "Q-102" NothingToPrint { what: String }
            zh "{what}里没有可以打印的内容" en "there is nothing to print in {what}" next "换一个月份,或改一改筛选条件";
        /// Too tall for one picture.
        "Q-110" TooTall { pages: usize, most: usize }
            zh "共 {pages} 页,长图最多 {most} 页" en "{pages} pages are too many for one picture of {most}" next "请下载 PDF";
    }
}
