//! A command of the catalogue: its words, where it belongs, what it does.
//!
//! Pure.

use crate::access::Permission;

/// Where a command belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In one book: the book is part of the address.
    Book,
    /// In the county.
    County,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads and changes nothing.
    Read,
    /// Reads whole personal numbers, for those who may do this; the trail says who looked.
    Look(Permission),
    /// Acts, for those who may do this.
    Act(Permission),
    /// Acts at length: pages run it as a job.
    Run(Permission),
}

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Noun and verb, as typed.
    pub words: &'static str,
    /// Where it belongs.
    pub place: Place,
    /// What it does.
    pub kind: Kind,
    /// A bank's officer has it too, for the bank's own loans.
    pub of_banks: bool,
}

impl Command {
    /// Its words as they stand in an address: `loan/write-off`.
    pub fn path(&self) -> String {
        self.words.replace(' ', "/")
    }

    /// The permission an act needs.
    pub fn permission(&self) -> Option<Permission> {
        match self.kind {
            Kind::Read => None,
            Kind::Look(permission) | Kind::Act(permission) | Kind::Run(permission) => Some(permission),
        }
    }

    /// True if it changes nothing.
    pub fn reads(&self) -> bool {
        matches!(self.kind, Kind::Read | Kind::Look(_))
    }
}
