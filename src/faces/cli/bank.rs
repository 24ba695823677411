//! `bank add | list | import | undo`: bank accounts and their statements.
//!
//! 1. Nothing is imported while a row of the file cannot be read; the rows are shown.
//! 2. A mapping given with `--template NAME` is kept, and used by itself when a file with that head comes again.

use std::collections::HashSet;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::account::{BankAccount, CloseCheck};
use crate::controls::reconciliation::service::{
    AddBankAccount, At, ImportStatement, Imported, KeepTemplate, UndoImport, register, statement_for,
};
use crate::controls::reconciliation::store;
use crate::db::Stop;
use crate::exchange::bank_statement::{
    BankOptions, DebitMeans, StatementFile, StatementLine, Template, read_statement, template,
};
use crate::exchange::{Cell, Column, Sheet};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::office::local_time;
use crate::parties::masking::mask_account;

/// Verbs of bank accounts.
#[derive(Debug, Subcommand)]
pub enum BankCommand {
    /// 登记银行账户
    Add(AddArguments),
    /// 列出银行账户;写明账户时列出它的导入记录
    List {
        /// 账户代号
        #[arg(long)]
        account: Option<String>,
        /// 账套编号;不写时列出全县的
        #[arg(long)]
        book: Option<String>,
    },
    /// 导入对账单(csv、txt、xls、xlsx、MT940、camt.053、OFX)
    Import(ImportArguments),
    /// 撤销一次导入(未被使用时)
    Undo {
        /// 账户代号
        #[arg(long)]
        account: String,
        /// 第几次导入;不写时为最后一次
        #[arg(long)]
        import: Option<i64>,
    },
}

/// A bank account to register.
#[derive(Debug, Args)]
pub struct AddArguments {
    /// 账户代号,如 NS01
    #[arg(long)]
    account: String,
    /// 账号
    #[arg(long)]
    number: String,
    /// 开户行
    #[arg(long, default_value = "")]
    bank: String,
    /// 户名
    #[arg(long, default_value = "")]
    holder: String,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 账套里的科目
    #[arg(long)]
    ledger_account: String,
    /// 科目下的银行账户辅助核算;一个科目就是一个账户时不写
    #[arg(long, default_value = "")]
    member: String,
    /// 对账起始日
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: BusinessDate,
    /// 起始日的银行余额;不写时取第一份对账单的期初余额
    #[arg(long, allow_hyphen_values = true)]
    opening: Option<Amount>,
    /// 未对账时结账:不能结账、提醒、不管
    #[arg(long, value_enum, default_value = "block")]
    close: Close,
    /// 自动匹配时凭证与流水相差的天数
    #[arg(long, default_value_t = 3)]
    auto_days: i64,
    /// 找候选时相差的天数
    #[arg(long, default_value_t = 31)]
    candidate_days: i64,
}

/// What the period close does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Close {
    /// 不能结账
    Block,
    /// 提醒
    Warn,
    /// 不管
    Off,
}

/// A statement to import.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// 对账单文件
    file: PathBuf,
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 只检查,不写入
    #[arg(long)]
    dry_run: bool,
    /// 借方是支出(out)还是收入(in);余额能判断时不用写
    #[arg(long, value_enum)]
    debit_is: Option<DebitIs>,
    /// 把这份文件的列对照存为模板,下次自动识别
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

/// What 借 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DebitIs {
    /// 支出
    Out,
    /// 收入
    In,
}

/// Runs a verb.
pub async fn run(command: BankCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        BankCommand::Add(arguments) => add(arguments, counter).await,
        BankCommand::List { account: None, book } => list(book.map(BookCode), counter).await,
        BankCommand::List { account: Some(account), .. } => imports(&account, counter).await,
        BankCommand::Import(arguments) => import_file(arguments, counter).await,
        BankCommand::Undo { account, import } => {
            let at = at(&account, counter).await?;
            let (number, lines) = counter.perform(UndoImport { at, import }).await?;
            Ok(Reply::said(format!("已撤销第 {number} 次导入,去掉流水 {lines} 行"), json!({ "import": number, "lines": lines })))
        }
    }
}

/// The account named, with its book.
pub async fn at(account: &str, counter: &Counter) -> Result<At, Stop> {
    let mut tx = counter.snapshot().await?;
    Ok(At::from(&register(&mut tx, counter.county(), account).await?))
}

async fn add(arguments: AddArguments, counter: &Counter) -> Result<Reply, Stop> {
    let account = BankAccount {
        code: arguments.account,
        number: arguments.number.chars().filter(char::is_ascii_alphanumeric).collect(),
        bank_name: arguments.bank,
        holder: arguments.holder,
        book: BookCode(arguments.book),
        account: AccountCode(arguments.ledger_account),
        member: arguments.member,
        starts_on: arguments.from,
        opening: arguments.opening,
        close_check: match arguments.close {
            Close::Block => CloseCheck::Block,
            Close::Warn => CloseCheck::Warn,
            Close::Off => CloseCheck::Off,
        },
        auto_days: arguments.auto_days,
        candidate_days: arguments.candidate_days,
    };
    let code = counter.perform(AddBankAccount { account }).await?;
    Ok(Reply::said(format!("已登记银行账户 {code}"), json!({ "account": code })))
}

async fn list(book: Option<BookCode>, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("account", "代号"),
        Column::id("number", "账号"),
        Column::text("bank", "开户行"),
        Column::text("holder", "户名"),
        Column::id("book", "账套"),
        Column::id("ledger_account", "科目"),
        Column::date("starts_on", "对账起始日"),
        Column::id("close", "结账检查"),
    ];
    let mut sheet = Sheet::new("银行账户", columns);
    let mut tx = counter.snapshot().await?;
    let accounts = match &book {
        Some(book) => store::accounts_of(&mut tx, counter.county(), book).await?,
        None => store::all_accounts(&mut tx, counter.county()).await?,
    };
    for account in accounts {
        sheet.push(vec![
            account.code.into(),
            mask_account(&account.number).into(),
            account.bank_name.into(),
            account.holder.into(),
            account.book.0.into(),
            account.account.0.into(),
            account.starts_on.into(),
            account.close_check.as_str().into(),
        ]);
    }
    let close = |text: &str| CloseCheck::parse(text).map(|check| check.label_zh().to_owned());
    Ok(Reply::worded(sheet, |key, text| if key == "close" { close(text) } else { None }))
}

async fn imports(account: &str, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::count("import", "次"),
        Column::text("file", "文件"),
        Column::date("from", "起"),
        Column::date("through", "止"),
        Column::amount("opening", "期初余额"),
        Column::amount("closing", "期末余额"),
        Column::count("new", "新增行"),
        Column::count("known", "已有行"),
        Column::text("by", "经办人"),
        Column::text("state", "状态"),
        Column::text("proof", "收支判断"),
        Column::text("findings", "提示"),
    ];
    let mut sheet = Sheet::new("对账单导入记录", columns).subtitle(format!("银行账户 {account}"));
    let mut tx = counter.snapshot().await?;
    register(&mut tx, counter.county(), account).await?;
    for import in store::imports(&mut tx, counter.county(), account).await? {
        sheet.push(vec![
            import.import.into(),
            import.file_name.into(),
            import.from.into(),
            import.through.into(),
            import.opening.into(),
            import.closing.into(),
            import.lines_new.into(),
            import.lines_known.into(),
            import.imported_by.into(),
            if import.undone_at.is_some() { "已撤销" } else { "" }.into(),
            import.proof.into(),
            import.findings.into(),
        ]);
    }
    Ok(Reply::sheet(sheet))
}

/// The options of a file: what was typed, else what the template of its head says.
async fn options(
    arguments: &ImportArguments,
    bytes: &[u8],
    counter: &Counter,
) -> Result<(BankOptions, String, Option<String>), Stop> {
    let typed = arguments.reading.options()?;
    let means = arguments.debit_is.map(|is| if is == DebitIs::In { DebitMeans::In } else { DebitMeans::Out });
    let mut tx = counter.snapshot().await?;
    let templates = store::templates(&mut tx, counter.county()).await?;
    let known = if arguments.reading.mapping.is_none() { template::recognise(bytes, &typed.read, &templates) } else { None };
    if let Some(known) = known {
        let options = BankOptions { read: typed.read, mapping: known.mapping()?, debit_means: means.or(known.debit_means) };
        return Ok((options, known.mapping.clone(), Some(known.name.clone())));
    }
    let mapping = match &arguments.reading.mapping {
        Some(path) => crate::exchange::encoding::decode(&import::read_bytes(path)?, None)?.into_owned(),
        None => String::new(),
    };
    Ok((BankOptions { read: typed.read, mapping: typed.mapping, debit_means: means }, mapping, None))
}

async fn import_file(arguments: ImportArguments, counter: &Counter) -> Result<Reply, Stop> {
    let account = {
        let mut tx = counter.snapshot().await?;
        register(&mut tx, counter.county(), &arguments.account).await?
    };
    let bytes = import::read_bytes(&arguments.file)?;
    let (options, mapping, known_template) = options(&arguments, &bytes, counter).await?;
    let file = read_statement(&bytes, &options)?;
    if !file.problems.is_empty() {
        return Ok(import::refused(&file.problems, &file.table));
    }
    let kept = arguments.template.as_ref().map(|name| {
        let proof = file.statements.first().and_then(|statement| statement.proof.as_ref());
        Template::of(name, &file.table, &mapping, proof)
    });
    let (format, others) = (file.format.to_owned(), other_accounts(&file, &account));
    let table = file.table.clone();
    let statement = statement_for(file, &account)?;
    let proof = statement.proof.map(|proof| proof.in_words());
    let mut lines: Vec<String> = known_template.map(|name| format!("按模板“{name}”识别")).into_iter().chain(proof).collect();
    lines.extend(others);
    let digest = hex::encode(Sha256::digest(&bytes));
    let file_name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let act = ImportStatement { at: At::from(&account), file_name, digest, format, statement };
    if arguments.dry_run {
        return looked(&act, &account, lines, counter).await;
    }
    let imported = counter.perform(act).await?;
    if let Some(template) = kept {
        lines.push(format!("模板“{}”已保存", template.name));
        counter.perform_next(KeepTemplate { template }, "template").await?;
    }
    Ok(import::with_unknown_columns(imported_reply(lines, &imported), &table))
}

/// What an import would do: which lines are new and which are there already; nothing is written.
async fn looked(act: &ImportStatement, account: &BankAccount, mut lines: Vec<String>, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let fresh: HashSet<u64> =
        act.fresh(&mut tx, counter.county(), account).await?.into_iter().map(|(_, line)| line.row).collect();
    let (count, new) = (act.statement.lines.len(), fresh.len());
    let known = if new < count { format!(",其中 {} 行已经导入过,不会重复", count - new) } else { String::new() };
    lines.push(format!("检查完毕,未写入:流水 {count} 行{known}"));
    let findings = &act.statement.findings;
    let problems = (!findings.is_empty()).then(|| import::problem_sheet("提示", findings));
    let sheets = problems.into_iter().chain([looked_at(&act.statement.lines, &fresh)]).collect();
    let json = json!({ "lines": count, "lines_new": new, "findings": findings, "dry_run": true });
    Ok(Reply { lines, json: Some(json), sheets, ..Reply::default() })
}

/// The first lines of a statement as they would be taken in; `fresh` are the rows of those that are not there yet.
fn looked_at(lines: &[StatementLine], fresh: &HashSet<u64>) -> Sheet {
    const SHOWN: usize = 200;
    let columns = vec![
        Column::text("state", "状态"),
        Column::count("row", "行"),
        Column::date("on", "日期"),
        Column::text("summary", "摘要"),
        Column::text("name", "对方户名"),
        Column::amount("in", "收"),
        Column::amount("out", "付"),
        Column::amount("balance", "余额"),
        Column::id("serial", "流水号"),
    ];
    let mut sheet = Sheet::new("将要导入的流水", columns);
    for line in lines.iter().take(SHOWN) {
        let side = |wanted: bool| (line.amount.is_negative() == wanted).then(|| line.amount.abs());
        let row = i64::try_from(line.row).unwrap_or(i64::MAX);
        let state = if fresh.contains(&line.row) { "✓ 新" } else { "＝ 已有" };
        let head = [state.into(), row.into(), line.on.into(), line.summary.as_str().into(), line.name.as_str().into()];
        let money: [Cell; 3] = [side(false).into(), side(true).into(), line.balance.into()];
        sheet.push(head.into_iter().chain(money).chain([line.serial.as_str().into()]).collect());
    }
    sheet.notes.extend((lines.len() > SHOWN).then(|| format!("共 {} 行,这里列出前 {SHOWN} 行", lines.len())));
    sheet
}

/// Accounts of the file that are not imported now.
fn other_accounts(file: &StatementFile, account: &BankAccount) -> Option<String> {
    let others: Vec<&str> =
        file.statements.iter().map(|s| s.account.as_str()).filter(|number| !number.is_empty() && !account.is(number)).collect();
    (file.statements.len() > 1).then(|| format!("文件里还有别的账户,没有导入:{}", others.join("、")))
}

fn imported_reply(mut lines: Vec<String>, imported: &Imported) -> Reply {
    lines.push(match &imported.before {
        Some((at, by)) => {
            format!("这份文件已由 {by} 于 {} 导入(第 {} 次),新增 0 行", local_time(at), imported.import)
        }
        None => format!("第 {} 次导入:新增 {} 行,已有 {} 行", imported.import, imported.lines_new, imported.lines_known),
    });
    let sheets = if imported.findings.is_empty() {
        Vec::new()
    } else {
        vec![import::problem_sheet("提示(流水已导入)", &imported.findings)]
    };
    Reply { lines, json: Some(json!(imported)), sheets, ..Reply::default() }
}

/// A line or part of one, as users name it: `12` or `12.1`.
pub fn line_ref(text: &str) -> Result<(i64, i64), String> {
    let (line, part) = text.split_once('.').unwrap_or((text, "0"));
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
    number(line).zip(number(part)).ok_or_else(|| format!("“{text}”不是流水号,写成 12 或 12.1"))
}
