//! The words of the pages, one file a language. Chinese is the source; a word missing in a language does not compile.
//!
//! Pure.

mod en;
mod zh;

pub use zh::Texts;

use crate::refusal::Refusal;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Lang {
    /// Its words.
    pub const fn texts(self) -> &'static Texts {
        match self {
            Lang::Zh => &zh::ZH,
            Lang::En => &en::EN,
        }
    }

    /// A refusal's sentence.
    pub fn sentence(self, refusal: &Refusal) -> &str {
        match self {
            Lang::Zh => &refusal.message_zh,
            Lang::En => &refusal.message_en,
        }
    }
}
