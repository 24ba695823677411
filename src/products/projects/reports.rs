//! Papers of projects: the register, the progress card, the share that goes to poverty villages.
//!
//! Pure: facts in, sheets out.

use super::card::{Project, ProjectKind};
use super::deed::{Deed, KeptDeed, quantity};
use super::rules::ProjectRule;
use super::standing::Standing;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::ledger::BookCode;
use crate::money::Amount;

/// A project with its deeds, and what the books hold of it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The project.
    pub project: Project,
    /// Its deeds.
    pub deeds: Vec<KeptDeed>,
    /// Where it stands.
    pub standing: Standing,
    /// Special funds not yet used, by the books.
    pub special: Amount,
    /// Levies not yet used, by the books.
    pub levy: Amount,
    /// Under construction, by the books.
    pub construction: Amount,
}

impl Whole {
    fn total(&self) -> Amount {
        self.project.card.total().unwrap_or_default()
    }
}

/// 项目台账: one row a project.
pub fn list(unit: &str, wholes: &[Whole]) -> Sheet {
    let columns = vec![
        Column::id("project", "项目"),
        Column::text("name", "名称"),
        Column::text("kind", "类别"),
        Column::text("document", "来源文件"),
        Column::text("state", "状态"),
        Column::amount("budget", "预算"),
        Column::amount("contracted", "合同"),
        Column::count("progress", "进度%"),
        Column::amount("received", "到账资金"),
        Column::amount("paid", "已付"),
        Column::amount("claimed", "已报账"),
        Column::amount("special", "专项余额"),
        Column::amount("settled", "结算"),
        Column::id("asset", "形成资产"),
        Column::amount("benefit", "后续收益"),
    ];
    let mut sheet = Sheet::new("项目台账", columns)
        .dressed(Dress { lying: true, ..Dress::list() })
        .subtitle(format!("单位:{unit}"))
        .subtitle("金额单位:元");
    for whole in wholes {
        let (card, standing) = (&whole.project.card, &whole.standing);
        sheet.push(vec![
            whole.project.project.as_str().into(),
            card.name.as_str().into(),
            card.kind.label_zh().into(),
            card.document.as_str().into(),
            standing.state().label_zh().into(),
            whole.total().into(),
            standing.contracted().into(),
            standing.progress.into(),
            (standing.received + standing.collected()).into(),
            standing.paid.into(),
            standing.claimed.into(),
            (whole.special + whole.levy).into(),
            standing.settled.into(),
            standing.asset.as_deref().into(),
            standing.benefit.into(),
        ]);
    }
    let sum = |of: fn(&Whole) -> Amount| wholes.iter().map(of).sum::<Amount>();
    let mut foot = vec!["合计".into(), format!("{} 个", wholes.len()).into()];
    foot.resize(5, Cell::Empty);
    foot.extend([sum(Whole::total).into(), sum(|w| w.standing.contracted()).into(), Cell::Empty]);
    foot.extend([sum(|w| w.standing.received + w.standing.collected()).into(), sum(|w| w.standing.paid).into()]);
    foot.extend([sum(|w| w.standing.claimed).into(), sum(|w| w.special + w.levy).into()]);
    sheet.foot.push(foot);
    sheet
}

/// 项目进度卡: the card, the budget, the contracts, the deeds.
pub fn card(unit: &str, whole: &Whole) -> Vec<Sheet> {
    vec![head(unit, whole), budget(whole), contracts(whole), deeds(&whole.deeds)]
}

fn head(unit: &str, whole: &Whole) -> Sheet {
    let (card, standing) = (&whole.project.card, &whole.standing);
    let columns = vec![Column::text("what", "事项"), Column::text("value", "内容")];
    let mut sheet = Sheet::new(format!("项目进度卡 {}", card.name), columns)
        .dressed(Dress::signed(&["村负责人", "村务监督委员会", "经办人"]))
        .subtitle(format!("单位:{unit} · 项目 {}", whole.project.project))
        .subtitle("金额单位:元");
    let mut say = |what: &str, value: String| sheet.push(vec![what.into(), value.into()]);
    say("类别", format!("{}{}", card.kind.label_zh(), if card.self_built { ",村民自建" } else { "" }));
    say("来源文件", card.document.clone());
    say("资金来源", format!("{} · {}", card.funder, card.fund_class.label_zh()));
    say("村级决议", card.decision.clone());
    say("状态", standing.state().label_zh().to_owned());
    let day = |on: Option<crate::calendar::BusinessDate>| on.map_or_else(|| "未办理".to_owned(), |on| on.to_string());
    say("批复", day(standing.approved.map(|(on, _)| on)));
    say("工程进度", format!("{}%({})", standing.progress, day(standing.progress_on)));
    say("到账资金", standing.received.grouped());
    if card.kind == ProjectKind::OneCase {
        let due: Amount = standing.levied.values().map(|(due, _)| *due).sum();
        say("筹资", format!("应收 {},已收 {}", due.grouped(), standing.collected().grouped()));
    }
    if card.self_built {
        let free = quantity(standing.free_days_milli);
        let lists = (standing.materials.grouped(), standing.labour.grouped());
        say("材料与用工", format!("材料 {},用工 {},投劳 {free} 工日", lists.0, lists.1));
    }
    say("已付 / 已报账", format!("{} / {}", standing.paid.grouped(), standing.claimed.grouped()));
    say("账面在建工程", whole.construction.grouped());
    say("账面专项余额", (whole.special + whole.levy).grouped());
    say("验收", day(standing.accepted));
    say("结算", standing.settled.map_or_else(|| "未办理".to_owned(), Amount::grouped));
    say("完工", day(standing.finished));
    say("形成资产", standing.asset.clone().unwrap_or_default());
    say("后续收益", standing.benefit.grouped());
    sheet
}

fn budget(whole: &Whole) -> Sheet {
    let columns = vec![
        Column::text("item", "预算项"),
        Column::amount("budget", "预算"),
        Column::amount("contracted", "合同"),
        Column::amount("paid", "已付"),
        Column::amount("left", "余额"),
    ];
    let mut sheet = Sheet::new("预算与支付", columns);
    for line in &whole.project.card.budget {
        let paid = whole.standing.by_item.get(&line.item).copied().unwrap_or_default();
        let of_item = whole.standing.contracts.iter().filter(|under| under.contract.item == line.item);
        let bound: Amount = of_item.map(|under| under.contract.amount).sum();
        sheet.push(vec![line.item.as_str().into(), line.amount.into(), bound.into(), paid.into(), (line.amount - paid).into()]);
    }
    let (total, paid) = (whole.total(), whole.standing.paid);
    sheet.foot.push(vec!["合计".into(), total.into(), whole.standing.contracted().into(), paid.into(), (total - paid).into()]);
    sheet
}

fn contracts(whole: &Whole) -> Sheet {
    let columns = vec![
        Column::id("contract", "合同"),
        Column::text("contractor", "承包(供应)方"),
        Column::text("item", "预算项"),
        Column::amount("amount", "合同金额"),
        Column::count("advance", "预付%"),
        Column::amount("paid", "已付"),
    ];
    let mut sheet = Sheet::new("合同", columns);
    for under in &whole.standing.contracts {
        let contract = &under.contract;
        sheet.push(vec![
            contract.contract.as_str().into(),
            contract.contractor.as_str().into(),
            contract.item.as_str().into(),
            contract.amount.into(),
            contract.advance_percent.into(),
            under.paid.into(),
        ]);
    }
    sheet
}

fn deeds(deeds: &[KeptDeed]) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::text("deed", "事项"),
        Column::amount("amount", "金额"),
        Column::text("words", "内容"),
        Column::id("voucher", "凭证"),
        Column::text("by", "经办"),
        Column::text("undone", "作废"),
    ];
    let mut sheet = Sheet::new("办理经过", columns);
    for deed in deeds {
        before_the_move(&mut sheet, &deed.deed);
        sheet.push(vec![
            deed.on.into(),
            deed.deed.words().1.into(),
            Cell::amount_or_blank(deed.deed.amount()),
            deed.deed.in_words().into(),
            deed.voucher.as_deref().into(),
            deed.by.as_str().into(),
            if deed.undone { "作废" } else { "" }.into(),
        ]);
    }
    sheet
}

/// What was done in the book a project came from; its vouchers stand there.
fn before_the_move(sheet: &mut Sheet, deed: &Deed) {
    let Deed::MovedIn { deeds, book, .. } = deed else { return };
    for (on, deed) in deeds {
        let amount = Cell::amount_or_blank(deed.amount());
        let words = [deed.in_words().into(), Cell::Empty, format!("账套 {book}").into(), Cell::Empty];
        sheet.push([(*on).into(), deed.words().1.into(), amount].into_iter().chain(words).collect());
    }
}

/// 项目资金投向: what of a year's approved money from above goes to poverty villages, against the rule.
pub fn share(year: i32, approved: &[(BookCode, Project, Amount)], rule: Option<&ProjectRule>) -> Sheet {
    let columns = vec![
        Column::id("book", "账套"),
        Column::id("project", "项目"),
        Column::text("name", "名称"),
        Column::text("kind", "类别"),
        Column::amount("to_poverty_villages", "投入脱贫村"),
        Column::amount("elsewhere", "投入其他"),
    ];
    let mut sheet = Sheet::new(format!("{year}年项目资金投向"), columns).dressed(Dress::list()).subtitle("金额单位:元");
    let (mut there, mut elsewhere) = (Amount::ZERO, Amount::ZERO);
    for (book, project, amount) in approved {
        *(if project.card.poverty_village { &mut there } else { &mut elsewhere }) += *amount;
        let (to, other) = if project.card.poverty_village { (*amount, Amount::ZERO) } else { (Amount::ZERO, *amount) };
        sheet.push(vec![
            book.0.as_str().into(),
            project.project.as_str().into(),
            project.card.name.as_str().into(),
            project.card.kind.label_zh().into(),
            Cell::amount_or_blank(to),
            Cell::amount_or_blank(other),
        ]);
    }
    sheet.foot.push(vec!["合计".into(), Cell::Empty, Cell::Empty, Cell::Empty, there.into(), elsewhere.into()]);
    sheet.notes.push(verdict(there, there + elsewhere, rule));
    sheet
}

/// The share in words, to a hundredth of a per cent, down.
fn verdict(there: Amount, all: Amount, rule: Option<&ProjectRule>) -> String {
    let Some(hundredths) = share_of(there, all) else { return "本年没有批复的项目资金".to_owned() };
    let share = format!("投入脱贫村 {}.{:02}%", hundredths / 100, hundredths % 100);
    match rule.and_then(|rule| Some((rule.percent?, rule))) {
        Some((percent, rule)) if meets(there, all, percent) => format!("{share},达到 {percent}% 的要求({})", rule.source),
        Some((percent, rule)) => format!("{share},未达到 {percent}% 的要求({})", rule.source),
        None => share,
    }
}

/// A share in hundredths of a per cent; `None` of nothing.
pub fn share_of(part: Amount, whole: Amount) -> Option<i64> {
    let share = i128::from(part.fen()) * 10_000;
    whole.is_positive().then(|| (share / i128::from(whole.fen())) as i64)
}

/// True if a part is at least so many per cent of the whole, exactly.
pub fn meets(part: Amount, whole: Amount, percent: i64) -> bool {
    i128::from(part.fen()) * 100 >= i128::from(whole.fen()) * i128::from(percent)
}
