//! The words of the pages, one file a language. Chinese is the source; a word missing in a language does not compile.
//!
//! Pure.

/// The words of one room, both languages side by side.
macro_rules! words {
    ($what:literal, $($word:ident = $zh:literal, $en:literal;)*) => {
        #[doc = $what]
        #[derive(Debug)]
        pub struct Words { $(#[doc = $en] pub $word: &'static str,)* }

        const ZH: Words = Words { $($word: $zh,)* };
        const EN: Words = Words { $($word: $en,)* };
    };
}

mod acts;
mod commands;
mod en;
pub mod lending;
mod next;
pub mod safekeeping;
pub mod supervision;
pub mod waiting;
mod zh;

pub use acts::{act_name, acts_named, content_in_words};
pub use commands::{label_in_english, title_in_english};
pub use next::{next_in_english, next_on_pages};
pub use zh::Texts;
use zh::ZH;

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
            Lang::Zh => &ZH,
            Lang::En => &en::EN,
        }
    }
}

impl Texts {
    /// A refusal's sentence.
    pub fn sentence<'a>(&self, refusal: &'a Refusal) -> &'a str {
        if self.is_chinese() { &refusal.message_zh } else { &refusal.message_en }
    }

    /// What to do next after a refusal; in Chinese commands and their options have the names of their pages and fields.
    pub fn next(&self, refusal: &Refusal) -> String {
        match next_in_english(refusal).filter(|_| !self.is_chinese()) {
            Some(next) => next.to_owned(),
            None => next_on_pages(&refusal.next),
        }
    }

    /// True for the source language.
    pub fn is_chinese(&self) -> bool {
        self.lang_code == ZH.lang_code
    }
}
