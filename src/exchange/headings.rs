//! Which column is which: the head row, found by the words county offices use.
//!
//! Pure. The words are data: `headings.csv` (table, field, synonym; the first synonym of a field is its
//! label in messages). A mapping file of the user's comes before them.
//!
//! 1. A column serves one field and a field has one column; of several synonyms the earlier in the data wins.
//! 2. What a mapping names must be in the file.
//! 3. A head may stand on two rows (金额 above 借方 and 贷方).

use std::sync::OnceLock;

use super::refusal::ExchangeRefusal;
use super::rows_in::RawCell;
use crate::money::amount::half_width;

/// A field that must be there: any one of the alternatives, each a set of fields.
pub type Need = &'static [&'static [&'static str]];

/// What a table must look like.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The table's name in `headings.csv`.
    pub table: &'static str,
    /// What must be there.
    pub needs: &'static [Need],
}

/// A synonym of a field.
struct Synonym {
    table: &'static str,
    field: &'static str,
    label: &'static str,
    normal: String,
}

fn synonyms() -> &'static [Synonym] {
    static TABLE: OnceLock<Vec<Synonym>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = include_str!("headings.csv").lines().skip(1).filter_map(|line| {
            let mut parts = line.splitn(3, ',');
            Some((parts.next()?, parts.next()?, parts.next()?))
        });
        rows.map(|(table, field, label)| Synonym { table, field, label, normal: normal_heading(label) }).collect()
    })
}

/// A heading as it is compared: no blanks, no remark in brackets, no stars and colons, ASCII forms, lower case.
pub fn normal_heading(text: &str) -> String {
    let mut depth = 0u32;
    let kept = text.chars().map(half_width).filter(|c| {
        depth += u32::from(matches!(c, '(' | '[' | '【'));
        let outside = depth == 0;
        depth -= u32::from(matches!(c, ')' | ']' | '】') && depth > 0);
        outside && !c.is_whitespace() && !matches!(c, '*' | ':' | '/' | '\\' | '"' | '·' | '、')
    });
    kept.flat_map(char::to_lowercase).collect()
}

impl Plan {
    fn synonyms(&self) -> impl Iterator<Item = &'static Synonym> {
        let table = self.table;
        synonyms().iter().filter(move |synonym| synonym.table == table)
    }

    /// The fields of the table, in the order of the data.
    pub fn fields(&self) -> Vec<&'static str> {
        let mut fields = Vec::new();
        for synonym in self.synonyms() {
            if !fields.contains(&synonym.field) {
                fields.push(synonym.field);
            }
        }
        fields
    }

    /// The Chinese name of a field.
    pub fn label(&self, field: &str) -> &'static str {
        self.synonyms().find(|synonym| synonym.field == field).map_or("?", |synonym| synonym.label)
    }

    /// The needs nothing in `columns` meets, in words.
    fn missing(&self, columns: &[(&'static str, usize)]) -> Vec<String> {
        let has = |fields: &&[&str]| fields.iter().all(|field| columns.iter().any(|(known, _)| known == field));
        let unmet = self.needs.iter().filter(|need| !need.iter().any(&has));
        unmet.map(|need| self.in_words(need)).collect()
    }

    fn in_words(&self, need: Need) -> String {
        let together = |fields: &&[&str]| fields.iter().map(|field| self.label(field)).collect::<Vec<_>>().join("+");
        need.iter().map(together).collect::<Vec<_>>().join("或")
    }

    /// All needs, in words.
    pub fn wanted(&self) -> String {
        self.needs.iter().map(|need| self.in_words(need)).collect::<Vec<_>>().join("、")
    }
}

/// The user's own words for columns: target field → heading in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(String, String)>,
}

impl Mapping {
    /// Reads lines `目标=表头` (or `目标,表头`); blank lines and lines beginning with `#` say nothing.
    /// A target is a field's name or any of its known headings.
    pub fn parse(text: &str) -> Result<Mapping, ExchangeRefusal> {
        let mut pairs = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{FEFF}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let pair = line.split_once(['=', '＝', ',']).map(|(target, heading)| (target.trim(), heading.trim()));
            let (target, heading) = pair
                .filter(|(target, heading)| !target.is_empty() && !heading.is_empty())
                .ok_or_else(|| ExchangeRefusal::BadMapping { line: index + 1, text: line.to_owned() })?;
            pairs.push((target.to_owned(), heading.to_owned()));
        }
        Ok(Mapping { pairs })
    }

    /// The pairs with their fields; a target no field of the plan has is refused.
    fn fields(&self, plan: &Plan) -> Result<Vec<(&'static str, &str)>, ExchangeRefusal> {
        let field = |(line, (target, heading)): (usize, &'_ (String, String))| {
            let normal = normal_heading(target);
            let known = plan.synonyms().find(|synonym| synonym.field == target || synonym.normal == normal);
            known
                .map(|synonym| synonym.field)
                .ok_or_else(|| ExchangeRefusal::BadMapping { line: line + 1, text: format!("{target}={heading}") })
        };
        self.pairs.iter().enumerate().map(|(line, pair)| Ok((field((line, pair))?, pair.1.as_str()))).collect()
    }
}

/// The columns of a found head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Field and column index.
    pub fields: Vec<(&'static str, usize)>,
    /// Every heading as it stands in the file, by column index.
    pub headings: Vec<String>,
}

impl Columns {
    /// The column of a field.
    pub fn index(&self, field: &str) -> Option<usize> {
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, index)| *index)
    }

    /// The heading above a field.
    pub fn heading(&self, field: &str) -> &str {
        self.index(field).map_or("", |index| self.headings[index].as_str())
    }

    /// Headings no field took.
    pub fn unknown(&self) -> Vec<String> {
        let taken = |index: usize| self.fields.iter().any(|(_, column)| *column == index);
        let free = self.headings.iter().enumerate().filter(|(index, heading)| !heading.is_empty() && !taken(*index));
        free.map(|(_, heading)| heading.clone()).collect()
    }
}

/// What a row looks like as a head.
#[derive(Debug, Clone)]
pub struct HeadTry {
    /// The columns recognised.
    pub columns: Columns,
    /// What is missing for it to be the head, in words.
    pub missing: Vec<String>,
}

/// Reads a row as the head; `upper` is the row above, for heads on two rows.
/// Refuses when two columns carry the same word for one field, or a mapped heading is absent from a full head.
pub fn try_head(plan: &Plan, mapping: &Mapping, upper: Option<&[RawCell]>, row: &[RawCell]) -> Result<HeadTry, ExchangeRefusal> {
    let words = head_words(upper, row);
    let mut columns = Columns { fields: Vec::new(), headings: words.iter().map(|words| words[0].clone()).collect() };
    let mut absent = None;
    for (field, heading) in mapping.fields(plan)? {
        let wanted = normal_heading(heading);
        match words.iter().position(|words| words.iter().any(|word| normal_heading(word) == wanted)) {
            Some(index) => columns.fields.push((field, index)),
            None => absent = Some(heading.to_owned()),
        }
    }
    let normal: Vec<Vec<String>> = words.iter().map(|words| words.iter().map(|word| normal_heading(word)).collect()).collect();
    for synonym in plan.synonyms() {
        take(&mut columns, synonym, &normal)?;
    }
    let missing = plan.missing(&columns.fields);
    match absent {
        Some(heading) if missing.is_empty() => {
            Err(ExchangeRefusal::MappedHeadingAbsent { heading, seen: seen(&columns.headings) })
        }
        _ => Ok(HeadTry { columns, missing }),
    }
}

/// Gives the synonym's field its column, if both are free.
fn take(columns: &mut Columns, synonym: &'static Synonym, words: &[Vec<String>]) -> Result<(), ExchangeRefusal> {
    if columns.fields.iter().any(|(field, _)| *field == synonym.field) {
        return Ok(());
    }
    let free = |index: usize| columns.fields.iter().all(|(_, taken)| *taken != index);
    let mut matching = (0..words.len()).filter(|index| free(*index) && words[*index].contains(&synonym.normal));
    let Some(first) = matching.next() else { return Ok(()) };
    if let Some(second) = matching.next() {
        let heading = |index: usize| columns.headings[index].clone();
        return Err(ExchangeRefusal::TwoColumns {
            field: synonym.label.to_owned(),
            first: heading(first),
            second: heading(second),
        });
    }
    columns.fields.push((synonym.field, first));
    Ok(())
}

/// The words that can name each column: the first is the one shown.
fn head_words(upper: Option<&[RawCell]>, row: &[RawCell]) -> Vec<Vec<String>> {
    let Some(upper) = upper else { return row.iter().map(|cell| vec![cell.text.clone()]).collect() };
    let mut above = String::new();
    let blank = RawCell::default();
    let pair = |index: usize| (upper.get(index).unwrap_or(&blank), row.get(index).unwrap_or(&blank));
    (0..upper.len().max(row.len()))
        .map(|index| match pair(index) {
            (over, under) if under.is_blank() => {
                above.clone_from(&over.text);
                vec![over.text.clone()]
            }
            (over, under) => {
                if !over.is_blank() {
                    above.clone_from(&over.text);
                }
                vec![format!("{above}{}", under.text), format!("{}{above}", under.text), under.text.clone()]
            }
        })
        .collect()
}

/// Headings in one line, for a message.
pub fn seen(headings: &[String]) -> String {
    headings.iter().filter(|heading| !heading.is_empty()).cloned().collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan {
        table: "voucher",
        needs: &[&[&["date"]], &[&["account"], &["account_name"]], &[&["debit", "credit"], &["amount", "side"]]],
    };

    fn cells(texts: &[&str]) -> Vec<RawCell> {
        texts.iter().map(|text| RawCell { text: (*text).to_owned(), ..RawCell::default() }).collect()
    }

    fn head(texts: &[&str]) -> HeadTry {
        try_head(&PLAN, &Mapping::default(), None, &cells(texts)).unwrap()
    }

    #[test]
    fn knows_what_offices_write() {
        let found = head(&[
            "制单日期",
            "凭证字号",
            "摘  要*",
            "会计科目编号",
            "会计科目名称",
            "借方金额（元）",
            "贷方 金额(元)",
            "审核人",
        ]);
        assert_eq!(found.missing, Vec::<String>::new());
        assert_eq!((found.columns.index("account"), found.columns.index("credit")), (Some(3), Some(6)));
        assert_eq!(found.columns.unknown(), ["审核人"]);
    }

    #[test]
    fn the_better_word_wins_and_equal_words_are_refused() {
        let found = head(&["日期", "制单日期", "科目", "借方", "贷方"]);
        assert_eq!((found.columns.index("date"), found.columns.unknown()), (Some(0), vec!["制单日期".to_owned()]));
        let refused = try_head(&PLAN, &Mapping::default(), None, &cells(&["日期", "科目", "借方", "贷方", "借方"]));
        assert_eq!(refused.unwrap_err().refusal().code, "X-112");
    }

    #[test]
    fn says_what_is_missing() {
        assert_eq!(head(&["日期", "摘要", "借方"]).missing, ["科目编码或科目名称", "借方金额+贷方金额或金额+方向"]);
    }

    #[test]
    fn a_head_may_stand_on_two_rows() {
        let upper = cells(&["日期", "凭证", "", "摘要", "科目", "", "金额", ""]);
        let lower = cells(&["", "字", "号", "", "编码", "名称", "借方", "贷方"]);
        let found = try_head(&PLAN, &Mapping::default(), Some(&upper), &lower).unwrap();
        assert_eq!(found.missing, Vec::<String>::new());
        for (field, index) in
            [("date", 0), ("word", 1), ("number", 2), ("summary", 3), ("account", 4), ("account_name", 5), ("credit", 7)]
        {
            assert_eq!(found.columns.index(field), Some(index), "{field}");
        }
    }

    #[test]
    fn a_mapping_comes_first_and_must_be_met() {
        let row = cells(&["日期", "何事", "内部码", "科目编码", "借方", "贷方"]);
        let mapping = Mapping::parse("# 我们的表\n摘要=何事\naccount = 内部码\n").unwrap();
        let found = try_head(&PLAN, &mapping, None, &row).unwrap();
        assert_eq!((found.columns.index("summary"), found.columns.index("account")), (Some(1), Some(2)));
        let absent = Mapping::parse("摘要=什么").unwrap();
        assert_eq!(try_head(&PLAN, &absent, None, &row).unwrap_err().refusal().code, "X-114");
        assert_eq!(Mapping::parse("摘要").unwrap_err().refusal().code, "X-113");
        assert_eq!(try_head(&PLAN, &Mapping::parse("天气=晴").unwrap(), None, &row).unwrap_err().refusal().code, "X-113");
    }
}
