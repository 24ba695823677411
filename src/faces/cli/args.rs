//! The grammar: `cunzhang [--db URL] [--county CODE] [--as USER] NOUN VERB …`.
//!
//! 1. The options of [`Common`] may stand before or after the noun.
//! 2. What cannot be read is a usage error (exit 2); nothing was opened by then.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use super::bench::BenchCommand;
use super::calc::CalcCommand;
pub use super::common::{Common, address};
pub use super::format::Format;
use super::keeping::{BackupArguments, CopyArguments, VerifyArguments};
use super::{
    account, aid_fund, asset, audit, bank, book, branch, cash, claim, county, demo, disclosure, dividend, duty, entrust, export,
    finding, fonts, fund, fund_class, household, lease, loan, meeting, member, notice, organisation, payout, period, place,
    policy, project, reconcile, report, resident, revolving, serve, settle, share, subsidy, supervise, template, user, voucher,
    year,
};

/// 村账:县、乡、村三级的账簿与业务台账
#[derive(Debug, Parser)]
#[command(name = "cunzhang", version, disable_help_subcommand = true, max_term_width = 110)]
pub struct Arguments {
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
    /// What is acted on.
    #[command(subcommand)]
    pub noun: Noun,
}

/// What is acted on.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// 县:建立、列出
    County {
        /// The verb.
        #[command(subcommand)]
        command: county::CountyCommand,
    },
    /// 用户与角色:登记、列出
    User {
        /// The verb.
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// 行政区划:导入、列出
    Place {
        /// The verb.
        #[command(subcommand)]
        command: place::PlaceCommand,
    },
    /// 账套:建立、列出、查看、录入期初
    Book {
        /// The verb.
        #[command(subcommand)]
        command: book::BookCommand,
    },
    /// 会计科目:列出、增设、导入、停用
    Account {
        /// The verb.
        #[command(subcommand)]
        command: account::AccountCommand,
    },
    /// 辅助核算资料(户、成员、项目、银行账户):登记、导入、列出
    Member {
        /// The verb.
        #[command(subcommand)]
        command: member::MemberCommand,
    },
    /// 凭证:导入、录入、提交、审核、退回、过账、作废、红冲、复制、附件
    Voucher {
        /// The verb.
        #[command(subcommand)]
        command: voucher::VoucherCommand,
    },
    /// 会计期间:列出、结账检查、结账、反结账、结转损益
    Period {
        /// The verb.
        #[command(subcommand)]
        command: period::PeriodCommand,
    },
    /// 模板凭证:存、用、删
    Template {
        /// The verb.
        #[command(subcommand)]
        command: template::TemplateCommand,
    },
    /// 年度:启用、年结
    Year {
        /// The verb.
        #[command(subcommand)]
        command: year::YearCommand,
    },
    /// 户:登记、评级、明白卡、收入、监测预警
    Household {
        /// The verb.
        #[command(subcommand)]
        command: household::HouseholdCommand,
    },
    /// 企业、合作社名录:登记、列出
    Organisation {
        /// The verb.
        #[command(subcommand)]
        command: organisation::OrganisationCommand,
    },
    /// 村级报账:填报、照片、送审、退回、受理、入账、移交清单、限额
    Claim {
        /// The verb.
        #[command(subcommand)]
        command: claim::ClaimCommand,
    },
    /// 项目管理:立项、批复、合同、进度、付款、验收、结算、完工、后续收益
    Project {
        /// The verb.
        #[command(subcommand)]
        command: project::ProjectCommand,
    },
    /// 资金类别:六类资金余额、未标类别的处理规定
    FundClass {
        /// The verb.
        #[command(subcommand)]
        command: fund_class::FundClassCommand,
    },
    /// 资产资源:登记、计提折旧、处置、登记簿
    Asset {
        /// The verb.
        #[command(subcommand)]
        command: asset::AssetCommand,
    },
    /// 四议两公开:事项、步骤与表决、登记簿
    Meeting {
        /// The verb.
        #[command(subcommand)]
        command: meeting::MeetingCommand,
    },
    /// 岗位人员:任职、离任、登记簿
    Duty {
        /// The verb.
        #[command(subcommand)]
        command: duty::DutyCommand,
    },
    /// 驻村经费:支付、执行情况、标准
    Resident {
        /// The verb.
        #[command(subcommand)]
        command: resident::ResidentCommand,
    },
    /// 报账员现金日记账:登记、日清
    Cash {
        /// The verb.
        #[command(subcommand)]
        command: cash::CashCommand,
    },
    /// 财务公开:日历、编制、审核、公示、更正、提问
    Disclosure {
        /// The verb.
        #[command(subcommand)]
        command: disclosure::DisclosureCommand,
    },
    /// 监督:预警规则、预警清单、进度矩阵、操作轨迹
    Supervise {
        /// The verb.
        #[command(subcommand)]
        command: supervise::SuperviseCommand,
    },
    /// 督办单:发出、答复、退回、销号
    Finding {
        /// The verb.
        #[command(subcommand)]
        command: finding::FindingCommand,
    },
    /// 通知:发给各村,签收
    Notice {
        /// The verb.
        #[command(subcommand)]
        command: notice::NoticeCommand,
    },
    /// 审计数据包:出具、核验
    Audit {
        /// The verb.
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// 租约:登记、计提、收租、付租、终止、台账、租金计划
    Lease {
        /// The verb.
        #[command(subcommand)]
        command: lease::LeaseCommand,
    },
    /// 扶贫周转金:登记、拨入、借出、归还、投出、收回、退回、台账
    Revolving {
        /// The verb.
        #[command(subcommand)]
        command: revolving::RevolvingCommand,
    },
    /// 县级专项基金:登记、拨入、捐赠、利息、资助、台账
    AidFund {
        /// The verb.
        #[command(subcommand)]
        command: aid_fund::AidFundCommand,
    },
    /// 委托经营:方案、交付、计提、收款、转股、发放、归还
    Entrust {
        /// The verb.
        #[command(subcommand)]
        command: entrust::EntrustCommand,
    },
    /// 股权:种类、入股、配股、转让、转股、量化、退股、登记簿
    Share {
        /// The verb.
        #[command(subcommand)]
        command: share::ShareCommand,
    },
    /// 分红:结转、编制、复核、公示、入账、发放、归档
    Dividend {
        /// The verb.
        #[command(subcommand)]
        command: dividend::DividendCommand,
    },
    /// 代发:收款人、清单、报盘、回盘、更正重发
    Payout {
        /// The verb.
        #[command(subcommand)]
        command: payout::PayoutCommand,
    },
    /// 报表:科目余额表、明细账、日记账、资产负债表、收益分配表、成员权益变动表、成员账户、收支明细表
    Report {
        /// Which.
        #[command(subcommand)]
        command: report::ReportCommand,
    },
    /// 导出日记账供其他程序使用
    Export {
        /// What.
        #[command(subcommand)]
        command: export::ExportCommand,
    },
    /// 银行网点:登记、列出
    Branch {
        /// The verb.
        #[command(subcommand)]
        command: branch::BranchCommand,
    },
    /// 银行账户与对账单:登记、列出、导入、撤销
    Bank {
        /// The verb.
        #[command(subcommand)]
        command: bank::BankCommand,
    },
    /// 银行对账:自动匹配、人工匹配、规则、余额调节表
    Reconcile {
        /// The verb.
        #[command(subcommand)]
        command: reconcile::ReconcileCommand,
    },
    /// 信贷政策:列出、查看、核对、导入
    Policy {
        /// The verb.
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// 小额信贷:申请、审批、合同、放款、还款、展期、续贷、分类、报表
    Loan {
        /// The verb.
        #[command(subcommand)]
        command: loan::LoanCommand,
    },
    /// 结息
    Settle {
        /// The verb.
        #[command(subcommand)]
        command: settle::SettleCommand,
    },
    /// 贴息批次:计算、复核、公示、审批、支付、退票、比对
    Subsidy {
        /// The verb.
        #[command(subcommand)]
        command: subsidy::SubsidyCommand,
    },
    /// 风险补偿金:拨入、代偿、收回、核销、余额
    Fund {
        /// The verb.
        #[command(subcommand)]
        command: fund::FundCommand,
    },
    /// 打印用的字体:自检;打印位置测试页
    Fonts(fonts::FontsArguments),
    /// 操作日志
    Log(book::Log),
    /// 演示:建立虚构的青禾县,按脚本做完一年的账
    Demo(demo::DemoArguments),
    /// 网页办公:启动服务
    Serve(serve::ServeArguments),
    /// 升级数据库结构(不存在时新建)
    Migrate,
    /// 在线备份到文件
    Backup(BackupArguments),
    /// 从备份恢复到空库(--db 指明)
    Restore {
        /// 备份文件
        file: PathBuf,
    },
    /// 整库复制到另一个空库
    Copy(CopyArguments),
    /// 核对:全部重新推导一遍
    Verify(VerifyArguments),
    /// 性能测试(在 --db 旁边的临时库中进行)
    Bench {
        /// What to measure.
        #[command(subcommand)]
        command: BenchCommand,
    },
    /// 计算器:利息、罚息、贴息、分配、大写、校验(不用数据库)
    Calc {
        /// The calculator.
        #[command(subcommand)]
        command: CalcCommand,
    },
}

/// Refuses combinations that could not be printed, before anything is done.
pub fn check(arguments: Arguments) -> Result<Arguments, clap::Error> {
    let wrong = |text: &str| Err(Arguments::command().error(ErrorKind::ArgumentConflict, text));
    let common = &arguments.common;
    match common.format() {
        Format::Hledger | Format::Ledger | Format::Beancount if !arguments.noun.is_export() => {
            wrong("hledger、ledger、beancount 格式只用于 export journal")
        }
        Format::Csv | Format::Xlsx | Format::Pdf if arguments.noun.is_export() => {
            wrong("export 的格式是 hledger、ledger、beancount 或 json;要表格(csv、xlsx、pdf)请用 report journal 或 report ledger")
        }
        Format::Xlsx | Format::Pdf if common.out.is_none() && std::io::stdout().is_terminal() => {
            wrong("xlsx 和 pdf 不能显示在屏幕上,请加 --out FILE.xlsx 或 --out FILE.pdf")
        }
        _ => Ok(arguments),
    }
}

impl Noun {
    fn is_export(&self) -> bool {
        matches!(self, Noun::Export { .. })
    }
}
