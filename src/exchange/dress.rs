//! How a sheet stands on paper, beyond its columns: who signs, what a page carries over, where a new page begins.
//!
//! Pure. Read by `papers`; the writers for screens and spreadsheets do not look at it.

/// What a page hands to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carry {
    /// Nothing.
    #[default]
    Nothing,
    /// 过次页 and 承前页, as bound ledgers have them: the month's movement so far and the balance.
    Ledger,
    /// 本页小计 below every page.
    PageSums,
}

/// What becomes of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// A table, with as many pages as it takes.
    #[default]
    Table,
    /// A certificate for every row.
    Certificates,
}

/// How a sheet stands on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dress {
    /// Who signs below every page.
    pub signers: Vec<&'static str>,
    /// What a page hands to the next.
    pub carry: Carry,
    /// What becomes of the rows.
    pub shape: Shape,
    /// A new page with a subtotal of its own for every value of this column, by key.
    pub by: Option<&'static str>,
    /// Lying paper, as account books are, whatever the width.
    pub lying: bool,
    /// An address that stands as a code (QR) above every page; blank for none.
    pub code: String,
    /// A3, with letters to be read from the street.
    pub large: bool,
}

impl Dress {
    /// A statement: the head of the unit, the chief accountant and the person who drew it up sign.
    pub fn statement() -> Dress {
        Dress::signed(&["单位负责人", "会计主管", "制表"])
    }

    /// A page of an account book.
    pub fn ledger() -> Dress {
        Dress { carry: Carry::Ledger, lying: true, ..Dress::signed(&["会计主管", "复核", "记账"]) }
    }

    /// A list of people, summed page by page.
    pub fn list() -> Dress {
        Dress { carry: Carry::PageSums, ..Dress::signed(&["单位负责人", "审核", "制表"]) }
    }

    /// A certificate for every row.
    pub fn certificates() -> Dress {
        Dress { shape: Shape::Certificates, ..Dress::default() }
    }

    /// Any table with places to sign.
    pub fn signed(signers: &[&'static str]) -> Dress {
        Dress { signers: signers.to_vec(), ..Dress::default() }
    }

    /// With an address as a code.
    pub fn coded(self, address: impl Into<String>) -> Dress {
        Dress { code: address.into(), ..self }
    }

    /// Begins a page for every value of a column.
    pub fn by(self, key: &'static str) -> Dress {
        Dress { by: Some(key), ..self }
    }
}
