//! The options of every command: where the books are, who acts, what form the answer has.

use std::path::PathBuf;

use clap::Args;

use super::format::Format;
use crate::db::Engine;
use crate::papers::Dressing;

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// 数据库地址:sqlite:文件 或 postgres://…
    #[arg(long, global = true, env = "CUNZHANG_DB", default_value = "sqlite:cunzhang.db", value_name = "URL", value_parser = address)]
    pub db: String,
    /// 县级区划代码(6 位);库里只有一个县时可省略
    #[arg(long, global = true, env = "CUNZHANG_COUNTY", value_name = "CODE")]
    pub county: Option<String>,
    /// 操作人
    #[arg(long = "as", global = true, env = "CUNZHANG_AS", default_value = "operator", value_name = "USER")]
    pub acting: String,
    /// 输出格式;不写时按 --out 的扩展名,再不行用 text
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
    /// 写到文件,不写到屏幕
    #[arg(long, global = true, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// PDF 的打印选项,逗号分开:paper=240x140|241x140|a5|a4x2(凭证纸)、digits(金额分位线)、data(套打)、x=毫米、y=毫米(偏移)
    #[arg(long, global = true, value_name = "OPTIONS", value_parser = Dressing::parse)]
    pub print: Option<Dressing>,
    /// 请求号:同一请求号的同一笔业务只办一次,重复时返回第一次的结果
    #[arg(long, global = true, value_name = "KEY")]
    pub key: Option<String>,
}

impl Common {
    /// The format asked for, or told by the name of the file to write, or text.
    pub fn format(&self) -> Format {
        let by_name = || match self.out.as_ref()?.extension()?.to_str()? {
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            "pdf" => Some(Format::Pdf),
            _ => None,
        };
        self.format.or_else(by_name).unwrap_or(Format::Text)
    }
}

/// Reads a database address.
pub fn address(text: &str) -> Result<String, String> {
    let known = Engine::of(text).map(|_| text.to_owned());
    known.ok_or_else(|| "数据库地址应以 sqlite: 或 postgres:// 开头".to_owned())
}
