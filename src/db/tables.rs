//! Every table of the schema with its columns, in an order in which they can be filled. The one list that a
//! copy leans on; a test holds it against the catalogs of both databases, so that no column is forgotten.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number (fen, counts, yes/no).
    Int,
    /// Bytes.
    Bytes,
}

use Kind::{Bytes, Int, Text};

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of the first columns are its key.
    pub key: usize,
    /// Its columns, those of the key first and in its order.
    pub columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// True if rows carry bytes and are therefore taken one by one.
    pub fn has_bytes(&self) -> bool {
        self.columns.iter().any(|(_, kind)| *kind == Bytes)
    }
}

/// All tables, parents before children.
pub const TABLES: &[Table] = &[
    Table { name: "county", key: 1, columns: &[("county", Text), ("name", Text), ("created_at", Text)] },
    Table {
        name: "place",
        key: 3,
        columns: &[
            ("county", Text),
            ("place", Text),
            ("valid_from", Text),
            ("name", Text),
            ("level", Text),
            ("parent", Text),
            ("valid_before", Text),
            ("successor", Text),
        ],
    },
    Table {
        name: "app_user",
        key: 2,
        columns: &[("county", Text), ("user_name", Text), ("name", Text), ("created_at", Text), ("stopped_on", Text)],
    },
    Table { name: "user_role", key: 4, columns: &[("county", Text), ("user_name", Text), ("role", Text), ("scope", Text)] },
    Table {
        name: "book",
        key: 2,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("name", Text),
            ("kind", Text),
            ("place", Text),
            ("organisation", Text),
            ("first_period", Text),
            ("last_voucher", Int),
            ("last_posted", Int),
            ("last_digest", Text),
            ("stopped_on", Text),
        ],
    },
    Table {
        name: "book_year",
        key: 3,
        columns: &[("county", Text), ("book", Text), ("year", Int), ("regime", Text), ("carried_at", Text)],
    },
    Table {
        name: "account",
        key: 4,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("year", Int),
            ("account", Text),
            ("name", Text),
            ("class", Text),
            ("normal_side", Text),
            ("parent", Text),
            ("is_leaf", Int),
            ("is_two_sided", Int),
            ("requires", Text),
            ("source", Text),
            ("stopped_on", Text),
        ],
    },
    Table {
        name: "accounting_period",
        key: 3,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("period", Text),
            ("state", Text),
            ("changed_at", Text),
            ("changed_by", Text),
            ("reason", Text),
            ("digest", Text),
        ],
    },
    Table {
        name: "voucher_number",
        key: 4,
        columns: &[("county", Text), ("book", Text), ("period", Text), ("word", Text), ("last_number", Int)],
    },
    Table {
        name: "event",
        key: 2,
        columns: &[
            ("county", Text),
            ("event", Text),
            ("kind", Text),
            ("happened_on", Text),
            ("what", Text),
            ("recorded_at", Text),
        ],
    },
    Table {
        name: "voucher",
        key: 3,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("voucher", Int),
            ("period", Text),
            ("word", Text),
            ("number", Int),
            ("dated_on", Text),
            ("stage", Text),
            ("state", Text),
            ("event", Text),
            ("maker", Text),
            ("made_at", Text),
            ("reviewer", Text),
            ("reviewed_at", Text),
            ("poster", Text),
            ("posted_at", Text),
            ("posted", Int),
            ("digest", Text),
            ("reverses", Int),
            ("source_key", Text),
            ("paper_attachments", Int),
            ("return_reason", Text),
        ],
    },
    Table {
        name: "voucher_line",
        key: 4,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("voucher", Int),
            ("line", Int),
            ("period", Text),
            ("account", Text),
            ("summary", Text),
            ("debit_cents", Int),
            ("credit_cents", Int),
            ("party", Text),
            ("project", Text),
            ("fund_class", Text),
            ("document", Text),
            ("bank_account", Text),
        ],
    },
    Table {
        name: "period_movement",
        key: 7,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("dimension", Text),
            ("period", Text),
            ("account", Text),
            ("member", Text),
            ("stage", Text),
            ("debit_cents", Int),
            ("credit_cents", Int),
        ],
    },
    Table {
        name: "dimension_member",
        key: 4,
        columns: &[("county", Text), ("book", Text), ("dimension", Text), ("member", Text), ("name", Text), ("stopped_on", Text)],
    },
    Table {
        name: "attachment_file",
        key: 2,
        columns: &[("county", Text), ("digest", Text), ("bytes_size", Int), ("content", Bytes)],
    },
    Table {
        name: "attachment",
        key: 4,
        columns: &[
            ("county", Text),
            ("book", Text),
            ("voucher", Int),
            ("attachment", Int),
            ("digest", Text),
            ("name", Text),
            ("media_type", Text),
            ("added_at", Text),
            ("added_by", Text),
        ],
    },
    Table {
        name: "act",
        key: 2,
        columns: &[
            ("county", Text),
            ("act", Text),
            ("at", Text),
            ("actor", Text),
            ("face", Text),
            ("kind", Text),
            ("book", Text),
            ("what", Text),
            ("before_digest", Text),
            ("after_digest", Text),
            ("idempotency_key", Text),
            ("request_digest", Text),
            ("answer", Text),
        ],
    },
];
