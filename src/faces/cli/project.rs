//! `project add | change | approve | contract | progress | work | receive | levy | collect | pay | return | accept | settle | finish | …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::project_papers;
use super::project_parts::{AssetSays, CardSays, WorkLine, work_line};
use super::words::{member_amount, named, word};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode, FundClass};
use crate::money::Amount;
use crate::products::projects::card::Project;
use crate::products::projects::deed::{Contract, Payment};
use crate::products::projects::refusal::ProjectRefusal;
use crate::products::projects::service::ending::{AcceptProject, FinishProject, SettleProject};
use crate::products::projects::service::keep::{ApproveProject, KeepProject};
use crate::products::projects::service::money::{GrantMoney, Levy, PayProject, ReceiveGrant, ReturnGrant};
use crate::products::projects::service::works::{AddContract, RecordBenefit, RecordProgress, RecordWork};
use crate::products::projects::store;

/// Verbs of projects.
#[derive(Debug, Subcommand)]
pub enum ProjectCommand {
    /// 立项:登记项目卡
    Add {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// The card.
        #[command(flatten)]
        says: Box<CardSays>,
    },
    /// 修改待批复的项目卡:只写要改的项
    Change {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// The card.
        #[command(flatten)]
        says: Box<CardSays>,
    },
    /// 批复
    Approve {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 批复文号
        #[arg(long)]
        document: String,
    },
    /// 登记合同
    Contract {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 合同编号
        #[arg(long)]
        contract: String,
        /// 承包(供应)方
        #[arg(long)]
        contractor: String,
        /// 预算项
        #[arg(long)]
        item: String,
        /// 合同金额
        #[arg(long)]
        amount: Amount,
        /// 预付比例(百分数)
        #[arg(long, default_value_t = 0)]
        advance: i64,
    },
    /// 登记工程进度
    Progress {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 完成百分数
        #[arg(long)]
        percent: i64,
        /// 进度说明
        #[arg(long)]
        note: String,
    },
    /// 登记自建工程的材料与用工
    Work {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 清单行,写成 材料:水泥:吨=2.5×480.00 或 用工:韦立春=3×120.00,投劳写单价0;可多行
        #[arg(long = "line", required = true, value_parser = work_line)]
        lines: Vec<WorkLine>,
    },
    /// 收到项目资金
    Receive {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 拨款文号
        #[arg(long)]
        document: String,
        /// 收款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 一事一议筹资:各户应缴
    Levy {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 户和金额,写成 H001=50.00;可多个
        #[arg(long, required = true, value_parser = member_amount)]
        household: Vec<(String, Amount)>,
    },
    /// 一事一议筹资:各户缴来
    Collect {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 户和金额,写成 H001=50.00;可多个
        #[arg(long, required = true, value_parser = member_amount)]
        household: Vec<(String, Amount)>,
        /// 收款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 付款:在预算和进度内生成待审凭证
    Pay {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 预算项
        #[arg(long)]
        item: String,
        /// 合同编号;村民自建的不写
        #[arg(long)]
        contract: Option<String>,
        /// 收款人
        #[arg(long)]
        payee: String,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 资金类别;不写为项目卡上的
        #[arg(long, value_parser = |text: &str| word(text, FundClass::parse, FundClass::ALL.iter().map(|f| f.label_zh())))]
        fund_class: Option<FundClass>,
        /// 附单据张数
        #[arg(long, default_value_t = 1)]
        sheets: i64,
        /// 付款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 退回未用的项目资金
    Return {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 退款文件
        #[arg(long)]
        document: String,
        /// 付款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 验收
    Accept {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 验收单编号
        #[arg(long)]
        document: String,
    },
    /// 结算审定
    Settle {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 审定金额
        #[arg(long)]
        amount: Amount,
        /// 结算文件
        #[arg(long)]
        document: String,
    },
    /// 完工:转固定资产并登记资产卡
    Finish {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// The asset's card.
        #[command(flatten)]
        says: Box<AssetSays>,
    },
    /// 登记后续收益
    Benefit {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 年度
        #[arg(long)]
        year: i64,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 受益户数
        #[arg(long, default_value_t = 0)]
        households: i64,
        /// 依据
        #[arg(long)]
        document: String,
    },
    /// 项目台账
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 项目进度卡
    Show {
        /// Which.
        #[command(flatten)]
        which: Which,
    },
    /// 项目资金投向脱贫村的比例
    Share {
        /// 年度;不写为今年
        #[arg(long)]
        year: Option<i32>,
    },
    /// 登记本县的项目规定(json 文件,一个列表)
    RuleAdd {
        /// 文件
        file: PathBuf,
    },
}

/// A project of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    pub(super) book: String,
    /// 项目编号
    #[arg(long)]
    pub(super) project: String,
}

/// A project on a date.
#[derive(Debug, Args)]
pub struct At {
    /// Which.
    #[command(flatten)]
    which: Which,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

impl At {
    fn taken(self, counter: &Counter) -> (BookCode, String, BusinessDate) {
        (BookCode(self.which.book), self.which.project, self.on.unwrap_or_else(|| counter.office.today()))
    }
}

/// Runs a verb.
pub async fn run(command: ProjectCommand, counter: &Counter) -> Result<Reply, Stop> {
    use ProjectCommand::{Accept, Approve, Benefit, Collect, Contract as Sign, Finish, Levy as Due, Pay, Progress};
    use ProjectCommand::{Receive, Return, Settle, Work};
    match command {
        ProjectCommand::Add { which, says } => keep(which, *says, true, counter).await,
        ProjectCommand::Change { which, says } => keep(which, *says, false, counter).await,
        Approve { at, document } => {
            let (book, project, on) = at.taken(counter);
            counter.perform(ApproveProject { book, project: project.clone(), on, document }).await?;
            Ok(said(&project, "已批复"))
        }
        Sign { at, contract, contractor, item, amount, advance } => {
            let (book, project, on) = at.taken(counter);
            let contract = Contract { contract, contractor, item, amount, advance_percent: advance };
            counter.perform(AddContract { book, project: project.clone(), on, contract }).await?;
            Ok(said(&project, "已登记合同"))
        }
        Progress { at, percent, note } => {
            let (book, project, on) = at.taken(counter);
            counter.perform(RecordProgress { book, project: project.clone(), on, percent, note }).await?;
            Ok(said(&project, &format!("进度 {percent}%")))
        }
        Work { at, lines } => {
            let ((book, project, on), lines) = (at.taken(counter), lines.into_iter().map(|line| line.0).collect());
            let amount = counter.perform(RecordWork { book, project: project.clone(), on, lines }).await?;
            Ok(said(&project, &format!("已登记清单 {} 元", amount.grouped())))
        }
        Receive { at, amount, document, money_account } => {
            let ((book, project, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            let act = ReceiveGrant(GrantMoney { book, project: project.clone(), on, amount, document, money_account });
            Ok(posted(&project, "已收到资金", &counter.perform(act).await?))
        }
        Due { at, household } => {
            let (book, project, on) = at.taken(counter);
            let (households, comes_in, money_account) = (household, false, None);
            let act = Levy { book, project: project.clone(), on, households, comes_in, money_account };
            Ok(posted(&project, "筹资已记应收", &counter.perform(act).await?))
        }
        Collect { at, household, money_account } => {
            let ((book, project, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            let act = Levy { book, project: project.clone(), on, households: household, comes_in: true, money_account };
            Ok(posted(&project, "筹资已收到", &counter.perform(act).await?))
        }
        pay @ Pay { .. } => pay_out(pay, counter).await,
        Return { at, amount, document, money_account } => {
            let ((book, project, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            let act = ReturnGrant(GrantMoney { book, project: project.clone(), on, amount, document, money_account });
            Ok(posted(&project, "已退回资金", &counter.perform(act).await?))
        }
        Accept { at, document } => {
            let (book, project, on) = at.taken(counter);
            counter.perform(AcceptProject { book, project: project.clone(), on, document }).await?;
            Ok(said(&project, "已验收"))
        }
        Settle { at, amount, document } => {
            let (book, project, on) = at.taken(counter);
            counter.perform(SettleProject { book, project: project.clone(), on, amount, document }).await?;
            Ok(said(&project, &format!("结算 {} 元", amount.grouped())))
        }
        Finish { at, says } => {
            let (book, project, on) = at.taken(counter);
            let name = found(&book, &project, counter).await?.card.name;
            let asset = says.card(&name, on);
            Ok(posted(&project, "已完工", &counter.perform(FinishProject { book, project: project.clone(), on, asset }).await?))
        }
        Benefit { at, year, amount, households, document } => {
            let (book, project, on) = at.taken(counter);
            let act = RecordBenefit { book, project: project.clone(), on, year, amount, households, document };
            counter.perform(act).await?;
            Ok(said(&project, &format!("已登记 {year} 年收益 {} 元", amount.grouped())))
        }
        other => project_papers::look(other, counter).await,
    }
}

fn said(project: &str, words: &str) -> Reply {
    Reply::said(format!("项目 {project} {words}"), json!({ "project": project }))
}

fn posted(project: &str, words: &str, vouchers: &[Numbered]) -> Reply {
    let vouchers: Vec<String> = vouchers.iter().map(Numbered::reference).collect();
    let json = json!({ "project": project, "vouchers": vouchers });
    Reply::said(format!("项目 {project} {words}{}", named(&vouchers)), json)
}

pub(super) async fn found(book: &BookCode, project: &str, counter: &Counter) -> Result<Project, Stop> {
    let mut tx = counter.snapshot().await?;
    let found = store::project(&mut tx, counter.county(), book, project).await?;
    found.ok_or_else(|| ProjectRefusal::UnknownProject { project: project.to_owned(), book: book.to_string() }.into())
}

async fn keep(which: Which, says: CardSays, is_new: bool, counter: &Counter) -> Result<Reply, Stop> {
    let book = BookCode(which.book);
    let old = if is_new { None } else { Some(found(&book, &which.project, counter).await?.card) };
    let card = says.over(old);
    counter.perform(KeepProject { book, project: which.project.clone(), card, is_new }).await?;
    Ok(said(&which.project, if is_new { "已登记,待批复" } else { "已修改" }))
}

async fn pay_out(pay: ProjectCommand, counter: &Counter) -> Result<Reply, Stop> {
    let ProjectCommand::Pay { at, item, contract, payee, amount, fund_class, sheets, money_account } = pay else {
        unreachable!("called for payments");
    };
    let (book, project, on) = at.taken(counter);
    let fund_class = match fund_class {
        Some(class) => class,
        None => found(&book, &project, counter).await?.card.fund_class,
    };
    let payment = Payment { item, contract, payee, amount, fund_class };
    let money_account = money_account.map(AccountCode);
    let act = PayProject { book, project: project.clone(), on, payment, sheets, money_account };
    let numbered = counter.perform(act).await?;
    let words = format!("付款 {} 元,凭证 {} 待审核", amount.grouped(), numbered.reference());
    Ok(Reply::said(format!("项目 {project} {words}"), json!({ "project": project, "voucher": numbered.reference() })))
}
