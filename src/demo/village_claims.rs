//! The demo's claims: the reporting clerk of the first township claims what his villages spent, with photographed bills.
//!
//! April: imprest, a claim refused for want of a witness and mended, one returned by the centre and corrected, the day closed,
//! the papers handed over. Every third month after it: one claim a village.
//!
//! 1. The same month gives the same bills and the same commands.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::village::Village;
use super::{Step, YEAR};
use crate::db::Failure;

/// Who claims, for the villages of the first township.
pub const CLERK: &str = "baozhang";

/// The picture of a bill: paper, a head, lines of writing, a seal.
fn bill(n: u32) -> Result<Vec<u8>, Failure> {
    let mut picture = RgbImage::from_pixel(480, 640, Rgb([250, 248, 240]));
    let mut block = |(x, y, width, height): (u32, u32, u32, u32), shade: [u8; 3]| {
        for (x, y) in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            picture.put_pixel(x, y, Rgb(shade));
        }
    };
    block((90, 40, 300, 26), [170, 40, 40]);
    for line in 0..8 {
        block((50, 120 + line * 48, 380, 2), [120, 120, 120]);
        block((60, 96 + line * 48, 80 + (n * 37 + line * 53) % 257, 14), [60, 64, 90]);
    }
    block((320, 520, 90, 90), [205, 80, 80]);
    block((334, 534, 62, 62), [250, 248, 240]);
    let mut bytes = Cursor::new(Vec::new());
    let written = DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|why| Failure::Damaged(format!("bill {n}: {why}")))?;
    Ok(bytes.into_inner())
}

struct Script<'a> {
    village: &'a Village,
    month: u32,
    steps: Vec<Step>,
}

/// What the clerk and the centre do in a month; nothing outside the first township's first three villages.
pub fn steps(month: u32, village: &Village) -> Result<Vec<Step>, Failure> {
    if village.index >= 3 || ![4, 7, 10].contains(&month) {
        return Ok(Vec::new());
    }
    let mut script = Script { village, month, steps: Vec::new() };
    if month == 4 {
        script.imprest();
    }
    match (month, village.index) {
        (4, 0) => script.with_mishaps()?,
        _ => script.plain()?,
    }
    script.bring_to_the_books();
    Ok(script.steps)
}

impl Script<'_> {
    fn types(&mut self, user: &'static str, line: &str, more: &[&str]) {
        self.command(user, line, more, None);
    }

    fn command(&mut self, user: &'static str, line: &str, more: &[&str], refused: Option<&'static str>) {
        let line = line.replace("BOOK", &format!("--book {}", self.village.book));
        let words = line.split_whitespace().chain(more.iter().copied()).map(str::to_owned).collect();
        self.steps.push(Step::Command { user, words, refused });
    }

    fn day(&self, day: u32) -> String {
        format!("{YEAR}-{:02}-{day:02}", self.month)
    }

    /// A photographed bill among the files users have; answers its place.
    fn photo(&mut self, n: u32) -> Result<String, Failure> {
        let name = format!("{}-{YEAR}{:02}-票据{n}.png", self.village.book, self.month);
        let bytes = bill(self.village.index as u32 * 100 + self.month * 10 + n)?;
        self.steps.push(Step::File { name: name.clone(), bytes });
        Ok(format!("in/{name}"))
    }

    fn imprest(&mut self) {
        let on = self.day(2);
        let lines =
            ["112 debit 2000.00 拨付报账员备用金 party=报账员", "102 credit 2000.00 拨付报账员备用金 fund_class=村办公经费"];
        self.types(
            "kuaiji",
            &format!("voucher add BOOK --date {on} --attachments 1 --submit"),
            &["--line", lines[0], "--line", lines[1]],
        );
        self.types(CLERK, &format!("cash enter BOOK --kind drawn --amount 2000.00 --on {on} --summary 领取备用金"), &[]);
    }

    fn claim(&mut self, n: u32, (kind, amount, payee, summary): (&str, &str, &str, &str), more: &[&str]) -> Result<(), Failure> {
        let photo = self.photo(n)?;
        let line = format!(
            "claim add BOOK --kind {kind} --spent-on {} --payee {payee} --amount {amount} --fund-class 村办公经费 --sheets 2 \
             --signed 经手人=韦立春 --signed 审批人=覃惊蛰 --photo {photo} --summary",
            self.day(8 + n)
        );
        let words: Vec<&str> = std::iter::once(summary).chain(more.iter().copied()).collect();
        self.types(CLERK, &line, &words);
        Ok(())
    }

    fn plain(&mut self) -> Result<(), Failure> {
        let amount = format!("{}.50", 180 + 7 * self.month + 11 * self.village.index as u32);
        let number = self.first_claim();
        self.claim(1, ("office", &amount, "青溪镇文具店", "购办公用品"), &["--signed", "证明人=莫雨水"])?;
        self.types(CLERK, &format!("claim send BOOK --claim {number}"), &[]);
        Ok(())
    }

    /// April has one claim, or two in the first village.
    fn first_claim(&self) -> u32 {
        match (self.month, self.village.index) {
            (4, _) => 1,
            (month, 0) => 2 + (month - 4) / 3,
            (month, _) => 1 + (month - 4) / 3,
        }
    }

    fn with_mishaps(&mut self) -> Result<(), Failure> {
        self.claim(1, ("office", "386.50", "青溪镇文具店", "购打印纸和硒鼓"), &["--invoice", "25459900000000000101"])?;
        self.command(CLERK, "claim send BOOK --claim 1", &[], Some("F-101"));
        self.types(CLERK, "claim change BOOK --claim 1 --signed 证明人=莫雨水", &[]);
        self.types(CLERK, "claim send BOOK --claim 1", &[]);
        self.claim(2, ("upkeep", "420.00", "覃小暑", "修文化院坝路灯"), &["--signed", "证明人=莫雨水"])?;
        self.types(CLERK, "claim send BOOK --claim 2", &[]);
        self.types("kuaiji", "claim return BOOK --claim 2 --reason", &["摘要=写明修理几盏、哪一处"]);
        self.types(CLERK, "claim change BOOK --claim 2 --summary", &["修文化院坝路灯3盏"]);
        self.types(CLERK, "claim send BOOK --claim 2", &[]);
        self.types(CLERK, "claim hand-over BOOK --out out/V001-原始凭证移交清单.xlsx", &[]);
        let last = self.day(30);
        self.command(CLERK, &format!("cash close BOOK --on {last} --counted 1190.00"), &[], Some("F-208"));
        self.types(CLERK, &format!("cash close BOOK --on {last} --counted 1193.50"), &[]);
        self.types(CLERK, "cash book BOOK --out out/V001-备用金现金日记账.xlsx", &[]);
        Ok(())
    }

    /// The centre takes the claims in and makes their vouchers.
    fn bring_to_the_books(&mut self) {
        let first = self.first_claim();
        let last = if self.month == 4 && self.village.index == 0 { 2 } else { first };
        for claim in first..=last {
            self.types("kuaiji", &format!("claim accept BOOK --claim {claim}"), &[]);
        }
        self.types("kuaiji", "claim book BOOK", &[]);
    }
}
