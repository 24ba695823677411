//! `fonts`: which fonts papers are printed with, which rare characters they have; and the sheet with the crosshair.

use clap::Args;
use serde_json::json;

use super::output::Reply;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::faces::print::press;
use crate::papers::setter::code_of;
use crate::papers::{Paper, Widths};

/// What to show.
#[derive(Debug, Args)]
pub struct FontsArguments {
    /// 再查这些字有没有(如一个生僻姓名)
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub text: String,
    /// 打印位置测试页(十字),用 --out 写到 PDF
    #[arg(long)]
    pub trial: bool,
}

/// Characters of names that fonts often lack.
const SAMPLES: &str = "账凭壹〇喆堃镕·䶮㙍㛃𬭎𠮷𬺲";

/// The self-check.
pub fn run(arguments: &FontsArguments) -> Result<Reply, Stop> {
    let fonts = press().map_err(|why| why.refusal())?.fonts();
    let columns = vec![
        Column::text("use", "用途"),
        Column::text("family", "字体"),
        Column::text("file", "文件"),
        Column::count("bytes", "字节"),
    ];
    let mut sheet = Sheet::new("打印用的字体", columns).subtitle(format!("系统共有 {} 种字体", fonts.seen));
    for found in &fonts.found {
        let bytes = i64::try_from(found.bytes).unwrap_or(i64::MAX);
        let words = (found.used_for.label_zh(), found.family.as_str(), found.path.display().to_string());
        sheet.push(vec![words.0.into(), words.1.into(), words.2.into(), bytes.into()]);
    }
    let asked: Vec<char> = SAMPLES.chars().chain(arguments.text.chars()).filter(|c| !c.is_whitespace()).collect();
    let has = |c: &&char| fonts.milli_em(**c).is_some();
    let lacking: Vec<char> = asked.iter().filter(|c| !has(c)).copied().collect();
    sheet.notes.push(format!("有:{}", asked.iter().filter(has).collect::<String>()));
    if !lacking.is_empty() {
        let named: Vec<String> = lacking.iter().map(|c| format!("{c} {}", code_of(*c))).collect();
        sheet.notes.push(format!("没有,打印时印代码:{}", named.join("、")));
    }
    let found: Vec<_> =
        fonts.found.iter().map(|found| json!({ "use": found.used_for.label_zh(), "family": found.family })).collect();
    let json = json!({ "ok": true, "fonts": found, "lacking": lacking });
    let papers = if arguments.trial { vec![Paper::Trial] } else { Vec::new() };
    Ok(Reply { json: Some(json), papers, ..Reply::sheet(sheet) })
}
