//! Importing a statement, and undoing it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{At, locked};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::{ReconciliationRefusal, evidence, store};
use crate::db::{Connection, Stop};
use crate::exchange::bank_statement::{Statement, StatementFile, StatementLine, Template, checks};
use crate::exchange::problems::RowProblem;
use crate::ledger::store as ledger;
use crate::office::{Act, Scene, Target};

/// Adds the lines of a statement that are not there yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportStatement {
    /// The bank account.
    pub at: At,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// What kind of file it was.
    pub format: String,
    /// What it states about the account.
    pub statement: Statement,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Its number; of the earlier import if the very file was imported before.
    pub import: i64,
    /// Lines added.
    pub lines_new: i64,
    /// Lines that were there.
    pub lines_known: i64,
    /// When and by whom the very file was imported before.
    pub before: Option<(String, String)>,
    /// What does not follow.
    pub findings: Vec<RowProblem>,
}

/// What a file states of one account. Refuses another account's file.
pub fn statement_for(file: StatementFile, account: &BankAccount) -> Result<Statement, ReconciliationRefusal> {
    let seen: Vec<String> = file.statements.iter().map(|statement| statement.account.clone()).collect();
    let mut statements = file.statements;
    match statements.iter().position(|statement| account.is(&statement.account)) {
        Some(index) => Ok(statements.swap_remove(index)),
        None if statements.len() == 1 && seen[0].is_empty() => Ok(statements.swap_remove(0)),
        None if statements.len() == 1 => {
            let (code, number) = (account.code.clone(), account.number.clone());
            Err(ReconciliationRefusal::OtherAccount { account: code, file: seen[0].clone(), number })
        }
        None => Err(ReconciliationRefusal::NotInFile { account: account.code.clone(), seen: seen.join("、") }),
    }
}

impl Act for ImportStatement {
    const KIND: &'static str = "bank.import";
    type Answer = Imported;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Imported, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        if let Some(before) = store::import_by_digest(tx, &scene.county, &account.code, &self.digest).await? {
            let lines_known = self.statement.lines.len() as i64;
            let who = Some((before.imported_at, before.imported_by));
            return Ok(Imported { import: before.import, lines_new: 0, lines_known, before: who, findings: Vec::new() });
        }
        let fresh = self.fresh(tx, &scene.county, &account).await?;
        self.check(tx, scene, &account, &fresh).await?;
        self.keep(tx, scene, &account, fresh).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "account": self.at.account, "file": self.file_name, "digest": self.digest, "lines": self.statement.lines.len() })
    }
}

impl ImportStatement {
    fn span(&self) -> (BusinessDate, BusinessDate) {
        let dates = || self.statement.lines.iter().map(|line| line.on);
        (dates().min().unwrap_or_default(), dates().max().unwrap_or_default())
    }

    /// The lines beyond those that are there, counted key by key: equal twins survive, late rows come in.
    pub async fn fresh(
        &self,
        tx: &mut Connection,
        county: &str,
        account: &BankAccount,
    ) -> Result<Vec<(String, &StatementLine)>, Stop> {
        let mut there = store::existing(tx, county, &account.code, self.span()).await?;
        let keyed = self.statement.lines.iter().map(|line| (line_key(line), line));
        let is_new = |(key, _): &(String, &StatementLine)| match there.get_mut(key) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        };
        Ok(keyed.filter(is_new).collect())
    }

    async fn check(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        account: &BankAccount,
        fresh: &[(String, &StatementLine)],
    ) -> Result<(), Stop> {
        if let Some((_, early)) = fresh.iter().find(|(_, line)| line.on < account.starts_on) {
            let (row, on, starts_on) = (early.row, early.on.to_string(), account.starts_on.to_string());
            return Err(ReconciliationRefusal::BeforeStart { row, on, starts_on }.into());
        }
        let frozen = store::frozen(tx, &scene.county, account).await?;
        if fresh.iter().any(|(_, line)| frozen.holds_all(std::iter::once(line.on))) {
            return Err(ReconciliationRefusal::PeriodFrozen { account: account.code.clone(), through: frozen.label() }.into());
        }
        Ok(())
    }

    async fn keep(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        account: &BankAccount,
        fresh: Vec<(String, &StatementLine)>,
    ) -> Result<Imported, Stop> {
        let (county, statement) = (scene.county.as_str(), &self.statement);
        let (first_on, last_on) = self.span();
        let mut findings = statement.findings.clone();
        findings.extend(gap(&store::imports(tx, county, &account.code).await?, statement));
        let wanted = store::Numbers { line: fresh.len() as i64, import: 1, ..store::Numbers::default() };
        let last = store::draw(tx, county, &account.code, wanted).await?;
        let first_line = last.line - wanted.line + 1;
        let import = store::Import {
            import: last.import,
            file_name: self.file_name.clone(),
            digest: self.digest.clone(),
            format: self.format.clone(),
            from: statement.from.unwrap_or(first_on),
            through: statement.through.unwrap_or(last_on),
            opening: statement.opening,
            closing: statement.closing,
            lines_new: wanted.line,
            lines_known: statement.lines.len() as i64 - wanted.line,
            first_line,
            last_line: last.line,
            proof: statement.proof.map_or_else(String::new, |proof| proof.in_words()),
            findings: findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            imported_at: scene.at.clone(),
            imported_by: scene.actor.clone(),
            undone_at: None,
        };
        store::save_lines(tx, county, &account.code, (import.import, first_line), &fresh).await?;
        store::save_import(tx, county, &account.code, &import).await?;
        Ok(Imported {
            import: import.import,
            lines_new: import.lines_new,
            lines_known: import.lines_known,
            before: None,
            findings,
        })
    }
}

/// The gap to the statement that ended last before this one begins.
fn gap(imports: &[store::Import], statement: &Statement) -> Option<RowProblem> {
    let from = statement.from?;
    let before = imports.iter().filter(|import| import.undone_at.is_none() && import.through < from);
    let last = before.max_by_key(|import| (import.through, import.import))?;
    checks::gap(last.closing, statement)
}

/// The same for one line however its file was laid out: by serial number where the bank gives one.
fn line_key(line: &StatementLine) -> String {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let words = if line.serial.is_empty() {
        format!("{}|{}|{}", plain(&line.summary), plain(&line.name), plain(&line.account))
    } else {
        line.serial.clone()
    };
    let digest = Sha256::digest(format!("{}|{}|{words}", line.on, line.amount.fen()));
    hex::encode(&digest[..16])
}

/// Takes a whole import back, as long as nothing rests on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoImport {
    /// The bank account.
    pub at: At,
    /// Which import; the last one where blank.
    pub import: Option<i64>,
}

impl Act for UndoImport {
    const KIND: &'static str = "bank.undo";
    /// The import's number and how many lines went.
    type Answer = (i64, i64);

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(i64, i64), Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let imports = store::imports(tx, &scene.county, &account.code).await?;
        let standing: Vec<&store::Import> = imports.iter().filter(|import| import.undone_at.is_none()).collect();
        let found = standing.iter().rev().find(|import| self.import.is_none_or(|wanted| wanted == import.import));
        let unknown = || ReconciliationRefusal::UnknownImport { import: self.import.map_or_else(String::new, |n| n.to_string()) };
        let import = *found.ok_or_else(unknown)?;
        self.unused(tx, scene, &account, import, &standing).await?;
        let lines = store::remove_lines(tx, &scene.county, &account.code, import.import).await?;
        store::mark_undone(tx, &scene.county, &account.code, import.import, (&scene.at, &scene.actor)).await?;
        Ok((import.import, lines as i64))
    }
}

impl UndoImport {
    async fn unused(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        account: &BankAccount,
        import: &store::Import,
        standing: &[&store::Import],
    ) -> Result<(), Stop> {
        let (county, code) = (scene.county.as_str(), account.code.as_str());
        let lines: Vec<(i64, i64)> = (import.first_line..=import.last_line).map(|line| (line, 0)).collect();
        let in_use = |why: &str| ReconciliationRefusal::ImportInUse { import: import.import, why: why.to_owned() };
        let rests = |later: &&&store::Import| {
            later.import > import.import && later.lines_known > 0 && later.from <= import.through && later.through >= import.from
        };
        if standing.iter().any(|later| rests(&later)) {
            return Err(in_use("后来的导入与它重叠").into());
        }
        let frozen = store::frozen(tx, county, account).await?;
        if !lines.is_empty() && frozen.holds_all(std::iter::once(import.from)) {
            return Err(ReconciliationRefusal::PeriodFrozen { account: code.to_owned(), through: frozen.label() }.into());
        }
        if store::has_parts(tx, county, code, import.import).await? {
            return Err(in_use("有拆分的流水").into());
        }
        if store::has_loan_acts(tx, county, code, (import.first_line, import.last_line)).await? {
            return Err(in_use("有据此办理的贷款业务").into());
        }
        for part in lines.chunks(5_000) {
            if !store::groups_of_bank(tx, county, code, part).await?.is_empty() {
                return Err(in_use("有匹配的流水").into());
            }
            let keys: Vec<String> = part.iter().map(|(line, part)| evidence::source_key(code, *line, *part)).collect();
            let keys: Vec<(&str, &str)> = keys.iter().map(|key| (account.book.0.as_str(), key.as_str())).collect();
            if !ledger::known_sources(tx, county, &keys).await?.is_empty() {
                return Err(in_use("有据此生成的凭证").into());
            }
        }
        Ok(())
    }
}

/// Keeps a mapping under a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepTemplate {
    /// The template.
    pub template: Template,
}

impl Act for KeepTemplate {
    const KIND: &'static str = "bank.template";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        store::save_template(tx, &scene.county, &self.template).await?;
        Ok(self.template.name.clone())
    }
}
