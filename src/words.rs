//! `words!`: enums that tables write as one word and users read as another.
//!
//! Pure.
//!
//! 1. `parse` reads exactly what `as_str` or `label_zh` writes.
//! 2. JSON carries the table's word.

/// Declares such an enum: `Variant = "table_word", "用户看到的词";`.
///
/// ```
/// cunzhang::words! {
///     /// A side of the road.
///     pub enum Road {
///         /// Left.
///         Left = "left", "左";
///         /// Right.
///         Right = "right", "右";
///     }
/// }
/// assert_eq!(Road::parse("左"), Some(Road::Left));
/// assert_eq!(Road::Right.as_str(), "right");
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal, $zh:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As the tables write it.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            /// As users read it.
            pub const fn label_zh(self) -> &'static str {
                match self { $($name::$variant => $zh),* }
            }

            /// Reads what `as_str` or `label_zh` writes.
            pub fn parse(text: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|word| word.as_str() == text || word.label_zh() == text)
            }
        }
    };
}
