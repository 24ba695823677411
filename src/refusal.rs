//! A refusal: the books saying no, as a value with a code, two sentences and the next step.
//!
//! A refusal is not a failure of the machine (`db::Failure`) and not a bug (a panic).
//!
//! 1. A code, once given, keeps its meaning; scripts and people quote it.
//! 2. Every refusal names place and reason in Chinese and English, and what to do next.
//! 3. Rooms declare theirs in one enum with [`refusals!`]; nobody builds one from loose text.

/// What a user or a script is told when the books say no.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refusal {
    /// Stable code such as `L-101`; the letter is the room's.
    pub code: String,
    /// Place and reason, in Chinese.
    pub message_zh: String,
    /// The same in English.
    pub message_en: String,
    /// What the user can do now, in Chinese.
    pub next: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {}。{}", self.code, self.message_zh, self.next)
    }
}

impl std::error::Error for Refusal {}

/// Declares a room's refusals: an enum whose variants carry their facts, each with a code, a
/// Chinese and an English sentence and a next step. Field names in braces fill the sentences.
///
/// ```
/// cunzhang::refusals! {
///     /// Why a door stays shut.
///     pub enum DoorRefusal {
///         /// The key does not fit this door.
///         "D-101" WrongKey { key: u32 }
///             zh "钥匙 {key} 不对" en "key {key} does not fit" next "换一把钥匙";
///     }
/// }
/// assert_eq!(DoorRefusal::WrongKey { key: 7 }.refusal().message_zh, "钥匙 7 不对");
/// ```
#[macro_export]
macro_rules! refusals {
    ($(#[$doc:meta])* pub enum $name:ident {
        $( $(#[$vdoc:meta])* $code:literal $variant:ident $({ $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })?
            zh $zh:literal en $en:literal next $next:literal ; )*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name { $( $(#[$vdoc])* $variant $({ $($(#[$fdoc])* $field: $ty),* })? ),* }

        impl $name {
            /// The refusal as users and scripts see it.
            pub fn refusal(&self) -> $crate::refusal::Refusal {
                match self {
                    $( #[allow(unused_variables)] Self::$variant $({ $($field),* })? => $crate::refusal::Refusal {
                        code: $code.to_owned(),
                        message_zh: format!($zh),
                        message_en: format!($en),
                        next: format!($next),
                    }, )*
                }
            }
        }

        impl From<$name> for $crate::refusal::Refusal {
            fn from(why: $name) -> Self { why.refusal() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.refusal())
            }
        }

        impl std::error::Error for $name {}
    };
}
