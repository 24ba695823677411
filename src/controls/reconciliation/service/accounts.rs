//! The register of bank accounts.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::{ReconciliationRefusal, store};
use crate::db::{Connection, Stop};
use crate::ledger::LedgerRefusal;
use crate::ledger::books::store as books;
use crate::office::{Act, Scene, Target};

/// Registers a bank account of a book.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddBankAccount {
    /// The account.
    pub account: BankAccount,
}

impl Act for AddBankAccount {
    const KIND: &'static str = "bank.add";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.account.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        let account = &self.account;
        crate::ledger::store::lock_books(tx, scene.engine, &scene.county, &[&account.book]).await?;
        shape(account)?;
        let others = store::all_accounts(tx, &scene.county).await?;
        if let Some(known) = others.iter().find(|known| known.code == account.code || known.number == account.number) {
            return Err(ReconciliationRefusal::KnownAccount { account: known.code.clone() }.into());
        }
        leaf(tx, scene, account).await?;
        store::save_account(tx, &scene.county, account).await?;
        Ok(account.code.clone())
    }
}

/// Refuses what cannot be a bank account.
fn shape(account: &BankAccount) -> Result<(), ReconciliationRefusal> {
    let bad = |what: &str| Err(ReconciliationRefusal::BadAccount { what: what.to_owned() });
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match account {
        account if !plain(&account.code) || account.code.len() > 20 => bad("代号只用字母和数字"),
        account if !plain(&account.number) || !(4..=34).contains(&account.number.len()) => bad("账号只用字母和数字,4 至 34 位"),
        account if !(0..=31).contains(&account.auto_days) || !(0..=366).contains(&account.candidate_days) => bad("天数"),
        _ => Ok(()),
    }
}

/// Refuses an account code that carries no lines.
async fn leaf(tx: &mut Connection, scene: &Scene, account: &BankAccount) -> Result<(), Stop> {
    use chrono::Datelike;
    let chart = books::accounts(tx, &scene.county, &account.book, account.starts_on.year()).await?;
    let unknown = || LedgerRefusal::UnknownAccount {
        line: 0,
        account: account.account.to_string(),
        book: account.book.to_string(),
        year: account.starts_on.year().into(),
    };
    let found = chart.iter().find(|known| known.code == account.account && known.is_leaf);
    found.map(drop).ok_or_else(|| unknown().into())
}

/// A registered account; refuses a code nobody registered.
pub async fn register(tx: &mut Connection, county: &str, code: &str) -> Result<BankAccount, Stop> {
    let found = store::account(tx, county, code).await?;
    found.ok_or_else(|| ReconciliationRefusal::UnknownAccount { account: code.to_owned() }.into())
}
