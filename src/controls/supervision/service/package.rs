//! What the package for auditors holds of a book. Reads only.

use std::collections::BTreeMap;

use crate::calendar::AccountingPeriod;
use crate::controls::supervision::package::Group;
use crate::controls::supervision::store;
use crate::db::{Connection, Stop};
use crate::ledger::books::store as books;
use crate::ledger::vouchers::{KeptVoucher, store as vouchers};
use crate::ledger::{BookCode, Dimension, LedgerRefusal};
use crate::statements::store as statements;

const PAGE: i64 = 1_000;

/// The groups of a book, years and months in their order.
pub async fn groups(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Group>, Stop> {
    let kept = books::book(tx, county, book).await?;
    let kept = kept.ok_or_else(|| LedgerRefusal::UnknownBook { book: book.to_string() })?;
    let (digest, posted) = store::package::chain_end(tx, county, book).await?;
    let years = books::years(tx, county, book).await?;
    let regime = years.last().map_or(String::new(), |year| year.regime.clone());
    let head = vec![kept.book.0.clone(), kept.name, regime, kept.first_period.to_string(), posted.to_string(), digest];
    let head = Group {
        name: "电子账簿",
        element: "账簿",
        columns: vec!["账套编号", "会计核算单位", "会计制度", "启用期间", "已记账凭证数", "链尾校验码"],
        rows: vec![head],
    };
    let (mut accounts, mut balances) = (Vec::new(), Vec::new());
    for year in &years {
        accounts.extend(of_accounts(tx, county, book, year.year).await?);
        balances.extend(of_balances(tx, county, book, year.year).await?);
    }
    let accounts =
        Group {
            name: "会计科目", element: "科目", columns: vec!["年度", "科目编号", "科目名称", "余额方向"], rows: accounts
        };
    let columns = vec!["期间", "科目编号", "借方发生额", "贷方发生额"];
    let balances = Group { name: "科目余额", element: "发生额", columns, rows: balances };
    let cards = of_cards(tx, county, book).await?;
    let columns = vec!["凭证号", "序号", "文件名", "SHA-256", "字节数"];
    let documents = store::package::documents(tx, county, book).await?.into_iter().map(Vec::from).collect();
    let documents = Group { name: "附件索引", element: "附件", columns, rows: documents };
    Ok(vec![head, accounts, balances, lines(tx, county, book).await?, cards, documents])
}

async fn of_accounts(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Vec<Vec<String>>, Stop> {
    let kept = books::accounts(tx, county, book, year).await?;
    let row = |account: &crate::ledger::posting::BookAccount| {
        let side = if account.normal_side == crate::ledger::Side::Debit { "借" } else { "贷" };
        vec![year.to_string(), account.code.as_str().to_owned(), account.name.clone(), side.to_owned()]
    };
    Ok(kept.iter().map(row).collect())
}

async fn of_balances(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Vec<Vec<String>>, Stop> {
    let december = AccountingPeriod::opening(year + 1).previous();
    let rows = statements::movements_by_month(tx, county, book, december).await?;
    let mut sums: BTreeMap<(String, String), (crate::money::Amount, crate::money::Amount)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.dimension.is_none()) {
        let sum = sums.entry((row.period.to_string(), row.account.as_str().to_owned())).or_default();
        sum.0 += row.debit;
        sum.1 += row.credit;
    }
    Ok(sums.into_iter().map(|((period, account), sum)| vec![period, account, sum.0.to_string(), sum.1.to_string()]).collect())
}

async fn of_cards(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Group, Stop> {
    let cards = books::members(tx, county, book).await?;
    let word = |dimension: &str| Dimension::parse(dimension).map_or("", Dimension::label_zh).to_owned();
    let rows = cards.into_iter().map(|card| vec![word(&card.dimension), card.member, card.name]).collect();
    Ok(Group { name: "辅助核算", element: "辅助项", columns: vec!["辅助核算类别", "编号", "名称"], rows })
}

async fn lines(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Group, Stop> {
    let mut columns = vec!["凭证号", "凭证日期", "分录序号", "摘要", "科目编号", "借方金额", "贷方金额"];
    columns.extend(Dimension::ALL.iter().map(|dimension| dimension.label_zh()));
    columns.extend(["附单据数", "制单人", "审核人", "记账人", "记账校验码"]);
    let (mut rows, mut after) = (Vec::new(), 0);
    loop {
        let page = vouchers::posted_page(tx, county, book, after, PAGE).await?;
        let Some(last) = page.last().and_then(|voucher| voucher.posted) else { break };
        rows.extend(page.iter().flat_map(of_voucher));
        after = last;
    }
    Ok(Group { name: "记账凭证", element: "分录", columns, rows })
}

fn of_voucher(voucher: &KeptVoucher) -> Vec<Vec<String>> {
    let content = &voucher.content;
    let person = |name: &Option<String>| name.clone().unwrap_or_default();
    let row = |(n, line): (usize, &crate::ledger::VoucherLine)| {
        let mut row = vec![voucher.reference(), content.dated_on.to_string(), (n + 1).to_string(), line.summary.clone()];
        row.extend([line.account.as_str().to_owned(), line.debit.to_string(), line.credit.to_string()]);
        row.extend(Dimension::ALL.iter().map(|dimension| line.dimensions.get(*dimension).unwrap_or("").to_owned()));
        row.extend([content.paper_attachments.to_string(), voucher.maker.clone(), person(&voucher.reviewer)]);
        row.extend([person(&voucher.poster), person(&voucher.digest)]);
        row
    };
    content.lines.iter().enumerate().map(row).collect()
}
