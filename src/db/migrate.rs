//! Brings a database's schema up to date from the texts in `migrations/`.
//!
//! 1. One portable text per room; the engine's own folder holds only what cannot be portable.
//! 2. Migrations are add-only and numbered; a number, once shipped, keeps its text.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::{Db, Engine, Failure};

/// (number, title, portable?, text for SQLite, text for PostgreSQL)
const MIGRATIONS: &[(i64, &str, Text)] = &[
    (1, "json rows", Text::Own { sqlite: "select 1;", postgres: include_str!("../../migrations/postgres/0000_json_rows.sql") }),
    (2, "county", Text::Portable(include_str!("../../migrations/0001_county.sql"))),
    (3, "ledger", Text::Portable(include_str!("../../migrations/0002_ledger.sql"))),
    (
        4,
        "append only",
        Text::Own {
            sqlite: include_str!("../../migrations/sqlite/0003_append_only.sql"),
            postgres: include_str!("../../migrations/postgres/0003_append_only.sql"),
        },
    ),
    (10, "parties", Text::Portable(include_str!("../../migrations/0010_parties.sql"))),
    (11, "policy", Text::Portable(include_str!("../../migrations/0011_policy.sql"))),
    (12, "microloan", Text::Portable(include_str!("../../migrations/0012_microloan.sql"))),
    (13, "interest subsidy", Text::Portable(include_str!("../../migrations/0013_interest_subsidy.sql"))),
    (14, "risk fund", Text::Portable(include_str!("../../migrations/0014_risk_fund.sql"))),
    (
        15,
        "credit planner",
        Text::Own { sqlite: include_str!("../../migrations/sqlite/0015_credit_planner.sql"), postgres: "select 1;" },
    ),
    (20, "entrusted funds", Text::Portable(include_str!("../../migrations/0020_entrusted_funds.sql"))),
    (21, "shares", Text::Portable(include_str!("../../migrations/0021_shares.sql"))),
    (22, "dividends", Text::Portable(include_str!("../../migrations/0022_dividends.sql"))),
    (23, "payouts", Text::Portable(include_str!("../../migrations/0023_payouts.sql"))),
    (24, "planner", Text::Own { sqlite: include_str!("../../migrations/sqlite/0024_planner.sql"), postgres: "select 1;" }),
    (30, "reconciliation", Text::Portable(include_str!("../../migrations/0030_reconciliation.sql"))),
    (31, "loan money", Text::Portable(include_str!("../../migrations/0031_loan_money.sql"))),
    (
        32,
        "room for standings",
        Text::Own { sqlite: "select 1;", postgres: include_str!("../../migrations/postgres/0032_loan_standing_room.sql") },
    ),
    (40, "web office", Text::Portable(include_str!("../../migrations/0040_web_office.sql"))),
    (41, "api tokens", Text::Portable(include_str!("../../migrations/0041_api_tokens.sql"))),
    (42, "jobs", Text::Portable(include_str!("../../migrations/0042_jobs.sql"))),
    (43, "sealing", Text::Portable(include_str!("../../migrations/0043_sealing.sql"))),
    (44, "voucher templates", Text::Portable(include_str!("../../migrations/0044_voucher_templates.sql"))),
    (50, "subsidy exclusions", Text::Portable(include_str!("../../migrations/0050_subsidy_exclusions.sql"))),
    (51, "loan vouchers", Text::Portable(include_str!("../../migrations/0051_loan_voucher.sql"))),
    (60, "organisations", Text::Portable(include_str!("../../migrations/0060_organisations.sql"))),
    (61, "leases", Text::Portable(include_str!("../../migrations/0061_leases.sql"))),
    (62, "revolving fund", Text::Portable(include_str!("../../migrations/0062_revolving_fund.sql"))),
    (63, "aid funds", Text::Portable(include_str!("../../migrations/0063_aid_funds.sql"))),
    (64, "entrusting", Text::Portable(include_str!("../../migrations/0064_entrusting.sql"))),
    (65, "share facts", Text::Portable(include_str!("../../migrations/0065_share_facts.sql"))),
    (80, "village claims", Text::Portable(include_str!("../../migrations/0080_village_claims.sql"))),
    (81, "disclosure", Text::Portable(include_str!("../../migrations/0081_disclosure.sql"))),
    (82, "supervision", Text::Portable(include_str!("../../migrations/0082_supervision.sql"))),
    (110, "projects", Text::Portable(include_str!("../../migrations/0110_projects.sql"))),
    (111, "assets", Text::Portable(include_str!("../../migrations/0111_assets.sql"))),
    (112, "duties", Text::Portable(include_str!("../../migrations/0112_duties.sql"))),
    (113, "meetings", Text::Portable(include_str!("../../migrations/0113_meetings.sql"))),
    (130, "benefit standards", Text::Portable(include_str!("../../migrations/0130_benefit_standards.sql"))),
    (140, "mergers", Text::Portable(include_str!("../../migrations/0140_mergers.sql"))),
    (141, "merged on public pages", Text::Portable(include_str!("../../migrations/0141_merged_on_public_pages.sql"))),
    (142, "projects moved", Text::Portable(include_str!("../../migrations/0142_projects_moved.sql"))),
    (150, "incomes", Text::Portable(include_str!("../../migrations/0150_incomes.sql"))),
    (151, "notices", Text::Portable(include_str!("../../migrations/0151_notices.sql"))),
    (152, "disclosure contact", Text::Portable(include_str!("../../migrations/0152_disclosure_contact.sql"))),
    (
        153,
        "share entries by member",
        Text::Own {
            sqlite: include_str!("../../migrations/sqlite/0153_share_entry_by_member.sql"),
            postgres: include_str!("../../migrations/postgres/0153_share_entry_by_member.sql"),
        },
    ),
    (160, "bank lists by bank", Text::Portable(include_str!("../../migrations/0160_bank_list_by_bank.sql"))),
];

enum Text {
    Portable(&'static str),
    Own { sqlite: &'static str, postgres: &'static str },
}

impl Text {
    fn for_engine(&self, engine: Engine) -> String {
        match (self, engine) {
            (Text::Portable(text), _) => engine.schema(text),
            (Text::Own { sqlite, .. }, Engine::Sqlite) => (*sqlite).to_owned(),
            (Text::Own { postgres, .. }, Engine::Postgres) => (*postgres).to_owned(),
        }
    }
}

/// Runs what has not been run.
pub async fn run(db: &Db) -> Result<(), Failure> {
    let migrations = MIGRATIONS.iter().map(|(number, title, text)| {
        let sql = AssertSqlSafe(text.for_engine(db.engine)).into_sql_str();
        Migration::new(*number, (*title).into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect()).run(&db.writers).await?;
    Ok(())
}

/// Writes the same day over the schema's installation times and packs an SQLite file anew, so that the same acts give
/// the same bytes.
pub async fn settle(db: &Db) -> Result<(), Failure> {
    const SQL: &str = "update _sqlx_migrations set installed_on = '2025-01-01 00:00:00', execution_time = 0";
    sqlx::query(SQL).execute(&db.writers).await?;
    if db.engine == Engine::Sqlite {
        sqlx::query("vacuum").execute(&db.writers).await?;
    }
    Ok(())
}
