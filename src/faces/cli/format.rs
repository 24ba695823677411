//! The formats an answer is written in.

use clap::ValueEnum;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 文字,给人看
    Text,
    /// 给程序用
    Json,
    /// 逗号分隔,给表格软件和其他程序
    Csv,
    /// 表格,可直接打印
    Xlsx,
    /// 纸面,按打印的样子
    Pdf,
    /// hledger 日记账(仅 export)
    Hledger,
    /// ledger 日记账(仅 export)
    Ledger,
    /// beancount 日记账(仅 export)
    Beancount,
}
