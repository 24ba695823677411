//! `claim add | change | photo | send | return | accept | withdraw | book | hand-over | list | show | limits | limit-add`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use super::words::{people, person, word};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::photo;
use crate::ledger::{AccountCode, BookCode, FundClass};
use crate::money::Amount;
use crate::office::local_time;
use crate::products::village_claims::claim::{Claim, ClaimState, Content, Kind, PaidFrom, Paper, Signature, Step};
use crate::products::village_claims::limits::LimitRule;
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::service::booking::{BookClaims, HandOver};
use crate::products::village_claims::service::cash::SaveLimits;
use crate::products::village_claims::service::keep::{AddPhoto, KeepClaim};
use crate::products::village_claims::service::steps::{AcceptClaim, ReturnClaim, SendClaim, WithdrawClaim};
use crate::products::village_claims::{papers, store};

/// Verbs of claims.
#[derive(Debug, Subcommand)]
pub enum ClaimCommand {
    /// 填报一张报账单(草稿)
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// What it says.
        #[command(flatten)]
        says: Box<Says>,
        /// 票据照片(可多张)
        #[arg(long, value_name = "FILE")]
        photo: Vec<PathBuf>,
        /// 填完就送审
        #[arg(long)]
        send: bool,
    },
    /// 修改草稿或退回的报账单:只写要改的项
    Change {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// What it says.
        #[command(flatten)]
        says: Box<Says>,
    },
    /// 补传票据照片
    Photo {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 照片文件
        file: PathBuf,
    },
    /// 送审
    Send {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 与同收款人同金额的另一笔不是同一笔的理由
        #[arg(long, value_name = "REASON")]
        not_the_same: Option<String>,
    },
    /// 退回,逐项写明原因
    Return {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 原因,写成 项目=原因;可多个
        #[arg(long, required = true, value_parser = field_reason)]
        reason: Vec<(String, String)>,
    },
    /// 受理
    Accept {
        /// Which.
        #[command(flatten)]
        which: Which,
    },
    /// 撤回不再报的报账单
    Withdraw {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 已受理的报账单生成凭证,附票据照片
    Book {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 报账单号;不写为全部已受理的
        #[arg(long)]
        claim: Vec<i64>,
        /// 凭证日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 另选支出科目
        #[arg(long)]
        account: Option<String>,
    },
    /// 生成原始凭证移交清单(一式两联)
    HandOver {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 重看以前的清单
        #[arg(long, value_name = "NUMBER")]
        again: Option<i64>,
    },
    /// 报账单台账
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 状态
        #[arg(long, value_parser = |text: &str| word(text, ClaimState::parse, ClaimState::ALL.iter().map(|s| s.as_str())))]
        state: Option<ClaimState>,
    },
    /// 一张报账单及其办理经过
    Show {
        /// Which.
        #[command(flatten)]
        which: Which,
    },
    /// 限额规定
    Limits,
    /// 登记本县的限额规定(json 文件,一个列表)
    LimitAdd {
        /// 文件
        file: PathBuf,
    },
}

/// A claim of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 报账单号
    #[arg(long)]
    claim: i64,
}

/// What a claim says; what is not given stays as it was.
#[derive(Debug, Args)]
pub struct Says {
    /// 类别
    #[arg(long, value_parser = |text: &str| word(text, Kind::parse, Kind::ALL.iter().map(|k| k.as_str())))]
    kind: Option<Kind>,
    /// 支出日期
    #[arg(long)]
    spent_on: Option<BusinessDate>,
    /// 收款人
    #[arg(long)]
    payee: Option<String>,
    /// 金额
    #[arg(long)]
    amount: Option<Amount>,
    /// 摘要
    #[arg(long)]
    summary: Option<String>,
    /// 发票号码
    #[arg(long)]
    invoice: Option<String>,
    /// 付款方式
    #[arg(long, value_parser = |text: &str| word(text, PaidFrom::parse, PaidFrom::ALL.iter().map(|p| p.as_str())))]
    paid_from: Option<PaidFrom>,
    /// 资金类别
    #[arg(long, value_parser = |text: &str| word(text, FundClass::parse, FundClass::ALL.iter().map(|f| f.label_zh())))]
    fund_class: Option<FundClass>,
    /// 项目
    #[arg(long)]
    project: Option<String>,
    /// 签字,写成 经手人=姓名、两委会商议=记录号;可多个
    #[arg(long, value_parser = signature)]
    signed: Vec<(Signature, String)>,
    /// 单据,写成 合同=编号;可多个
    #[arg(long, value_parser = paper)]
    paper: Vec<(Paper, String)>,
    /// 附单据张数
    #[arg(long)]
    sheets: Option<i64>,
}

impl Says {
    fn over(self, old: Content) -> Content {
        let mut content = Content {
            kind: self.kind.unwrap_or(old.kind),
            spent_on: self.spent_on.or(old.spent_on),
            payee: self.payee.unwrap_or(old.payee),
            amount: self.amount.unwrap_or(old.amount),
            summary: self.summary.unwrap_or(old.summary),
            invoice: self.invoice.unwrap_or(old.invoice),
            paid_from: self.paid_from.unwrap_or(old.paid_from),
            fund_class: self.fund_class.or(old.fund_class),
            project: self.project.unwrap_or(old.project),
            signatures: old.signatures,
            papers: old.papers,
            sheets: self.sheets.unwrap_or(old.sheets),
        };
        for (signature, name) in self.signed {
            content.signatures.retain(|(known, _)| *known != signature);
            content.signatures.push((signature, name));
        }
        for (paper, number) in self.paper {
            content.papers.retain(|(known, _)| *known != paper);
            content.papers.push((paper, number));
        }
        content
    }
}

fn pair(text: &str) -> Result<(&str, String), String> {
    let (word, rest) = text.split_once('=').ok_or("写成 名称=内容")?;
    Ok((word.trim(), rest.trim().to_owned()))
}

fn signature(text: &str) -> Result<(Signature, String), String> {
    let (name, who) = pair(text)?;
    Ok((word(name, Signature::parse, Signature::ALL.iter().map(|s| s.label_zh()))?, who))
}

fn paper(text: &str) -> Result<(Paper, String), String> {
    let (name, number) = pair(text)?;
    Ok((word(name, Paper::parse, Paper::ALL.iter().map(|p| p.label_zh()))?, number))
}

fn field_reason(text: &str) -> Result<(String, String), String> {
    let (field, why) = pair(text)?;
    Ok((field.to_owned(), why))
}

/// Runs a verb.
pub async fn run(command: ClaimCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        ClaimCommand::Add { book, says, photo, send } => add(BookCode(book), *says, photo, send, counter).await,
        ClaimCommand::Change { which, says } => {
            let (book, old) = (BookCode(which.book.clone()), found(&which, counter).await?);
            let content = says.over(old.content);
            counter.perform(KeepClaim { book, claim: Some(which.claim), content }).await?;
            Ok(said("已修改", which.claim))
        }
        ClaimCommand::Photo { which, file } => {
            let photo = add_photo(&BookCode(which.book), which.claim, &file, "photo", counter).await?;
            Ok(Reply::said(format!("已存第 {photo} 张照片"), json!({ "claim": which.claim, "photo": photo })))
        }
        ClaimCommand::Send { which, not_the_same } => {
            counter.perform(SendClaim { book: BookCode(which.book), claim: which.claim, not_the_same }).await?;
            Ok(said("已送审", which.claim))
        }
        ClaimCommand::Return { which, reason } => {
            counter.perform(ReturnClaim { book: BookCode(which.book), claim: which.claim, reasons: reason }).await?;
            Ok(said("已退回", which.claim))
        }
        ClaimCommand::Accept { which } => {
            counter.perform(AcceptClaim { book: BookCode(which.book), claim: which.claim }).await?;
            Ok(said("已受理", which.claim))
        }
        ClaimCommand::Withdraw { which, reason } => {
            counter.perform(WithdrawClaim { book: BookCode(which.book), claim: which.claim, reason }).await?;
            Ok(said("已撤回", which.claim))
        }
        ClaimCommand::Book { book, claim, on, account } => book_claims(BookCode(book), claim, on, account, counter).await,
        ClaimCommand::HandOver { book, again } => hand_over(BookCode(book), again, counter).await,
        ClaimCommand::List { book, state } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            Ok(Reply::sheet(papers::list(&unit, &store::claims(&mut tx, counter.county(), &book, state).await?)))
        }
        ClaimCommand::Show { which } => show(&which, counter).await,
        ClaimCommand::Limits => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(papers::limits(&store::limits(&mut tx, counter.county()).await?)))
        }
        ClaimCommand::LimitAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules: Vec<LimitRule> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveLimits { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条限额规定"), json!({ "rules": kept })))
        }
    }
}

fn said(words: &str, claim: i64) -> Reply {
    Reply::said(format!("报账单 {claim} {words}"), json!({ "claim": claim }))
}

async fn found(which: &Which, counter: &Counter) -> Result<Claim, Stop> {
    let mut tx = counter.snapshot().await?;
    let found = store::claim(&mut tx, counter.county(), &BookCode(which.book.clone()), which.claim).await?;
    found.ok_or_else(|| ClaimRefusal::UnknownClaim { claim: which.claim, book: which.book.clone() }.into())
}

async fn add(book: BookCode, says: Says, photos: Vec<PathBuf>, send: bool, counter: &Counter) -> Result<Reply, Stop> {
    let content = says.over(Content::default());
    let claim = counter.perform(KeepClaim { book: book.clone(), claim: None, content }).await?;
    for (n, file) in photos.iter().enumerate() {
        add_photo(&book, claim, file, &format!("photo{n}"), counter).await?;
    }
    if send {
        counter.perform_next(SendClaim { book, claim, not_the_same: None }, "send").await?;
    }
    Ok(said(if send { "已送审" } else { "已存草稿" }, claim))
}

async fn add_photo(book: &BookCode, claim: i64, file: &std::path::Path, part: &str, counter: &Counter) -> Result<i64, Stop> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let cleaned = photo::cleaned(&name, &read_bytes(file)?)?;
    counter.perform_next(AddPhoto::new(book.clone(), claim, name, cleaned), part).await
}

async fn book_claims(
    book: BookCode,
    claims: Vec<i64>,
    on: Option<BusinessDate>,
    account: Option<String>,
    counter: &Counter,
) -> Result<Reply, Stop> {
    let on = on.unwrap_or_else(|| counter.office.today());
    let booked = counter.perform(BookClaims { book, claims, on, account: account.map(AccountCode) }).await?;
    let lines: Vec<String> =
        booked.iter().map(|(claim, voucher)| format!("报账单 {claim} → 凭证 {}", voucher.reference())).collect();
    let json: Vec<_> = booked.iter().map(|(claim, voucher)| json!({ "claim": claim, "voucher": voucher.reference() })).collect();
    let lines = if lines.is_empty() { vec!["没有已受理、待入账的报账单".to_owned()] } else { lines };
    Ok(Reply { lines, json: Some(json!({ "booked": json })), ..Reply::default() })
}

async fn hand_over(book: BookCode, again: Option<i64>, counter: &Counter) -> Result<Reply, Stop> {
    let number = match again {
        Some(number) => number,
        None => counter.perform(HandOver { book: book.clone() }).await?,
    };
    let mut tx = counter.snapshot().await?;
    let unit = counter.book(&mut tx, &book).await?.name;
    let unknown = || ClaimRefusal::UnknownHandover { handover: number, book: book.to_string() };
    let on = store::handed_on(&mut tx, counter.county(), &book, number).await?.ok_or_else(unknown)?;
    let mut claims = store::claims(&mut tx, counter.county(), &book, None).await?;
    claims.retain(|claim| claim.handover == Some(number));
    claims.reverse();
    Ok(Reply { sheets: papers::handover(&unit, number, on, &claims), ..Reply::default() })
}

async fn show(which: &Which, counter: &Counter) -> Result<Reply, Stop> {
    let claim = found(which, counter).await?;
    let book = BookCode(which.book.clone());
    let mut tx = counter.snapshot().await?;
    let unit = counter.book(&mut tx, &book).await?.name;
    let steps = store::steps(&mut tx, counter.county(), &book, which.claim).await?;
    let photos = store::photos(&mut tx, counter.county(), &book, which.claim).await?;
    let json = json!({ "claim": claim, "steps": steps, "photos": photos });
    let people = people(&mut tx, counter.county()).await?;
    let told = |step: Step| Step { at: local_time(&step.at), actor: person(&people, step.actor), ..step };
    let steps: Vec<Step> = steps.into_iter().map(told).collect();
    Ok(Reply { sheets: papers::one(&unit, &claim, &steps), json: Some(json), ..Reply::default() })
}
