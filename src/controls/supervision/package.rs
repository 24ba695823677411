//! The package for auditors: a book's groups of the national data interface as csv and xml, and the list that proves them.
//!
//! Pure: rows in, bytes out; bytes in, differences out. Groups follow GB/T 24589 (电子账簿, 会计科目, 科目余额, 记账凭证, 辅助核算).
//!
//! 1. The list holds the SHA-256 of every file and of each of its blocks: a changed byte is named to its block.
//! 2. `清单.sha256` is in the form `sha256sum -c` reads: the package verifies on a machine without this program.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::exchange::{Column, Sheet};

/// Bytes of a block.
const BLOCK: usize = 512;
/// The list for this program.
pub const LIST: &str = "清单.json";
/// The list for `sha256sum -c`.
pub const SUMS: &str = "清单.sha256";
/// What it is and how it is checked.
pub const README: &str = "说明.txt";

/// A group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Element of a row, in xml.
    pub element: &'static str,
    /// Columns.
    pub columns: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Group {
    /// As a sheet, for people.
    pub fn sheet(&self) -> Sheet {
        let columns = self.columns.iter().map(|column| Column::id(*column, *column)).collect();
        let mut sheet = Sheet::new(self.name, columns);
        for row in &self.rows {
            sheet.push(row.iter().map(|text| text.as_str().into()).collect());
        }
        sheet
    }

    /// As csv with a byte-order mark, as spreadsheet programs want it.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(&self.columns).expect("writing to memory does not fail");
        for row in &self.rows {
            writer.write_record(row).expect("rows of a group have its columns");
        }
        writer.into_inner().expect("writing to memory does not fail")
    }
}

/// All groups of a book as one xml document.
pub fn xml(book: &str, groups: &[Group]) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let mut write = |event: Event<'_>| writer.write_event(event).expect("writing to memory does not fail");
    write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    write(Event::Start(BytesStart::new("会计核算数据").with_attributes([("账套编号", book)])));
    for group in groups {
        write(Event::Start(BytesStart::new(group.name)));
        for row in &group.rows {
            write(Event::Start(BytesStart::new(group.element)));
            for (column, text) in group.columns.iter().zip(row) {
                write(Event::Start(BytesStart::new(*column)));
                write(Event::Text(BytesText::new(text)));
                write(Event::End(BytesEnd::new(*column)));
            }
            write(Event::End(BytesEnd::new(group.element)));
        }
        write(Event::End(BytesEnd::new(group.name)));
    }
    write(Event::End(BytesEnd::new("会计核算数据")));
    writer.into_inner()
}

/// A file of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Path within the package.
    pub name: String,
    /// Bytes.
    pub bytes: usize,
    /// SHA-256.
    pub sha256: String,
    /// The first 8 characters of each block's SHA-256.
    pub blocks: Vec<String>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The county.
    pub county: String,
    /// When it was made.
    pub made_at: String,
    /// Files by name.
    pub files: Vec<Listed>,
}

fn sha(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn blocks(bytes: &[u8]) -> Vec<String> {
    bytes.chunks(BLOCK).map(|block| sha(block)[..8].to_owned()).collect()
}

/// The list of some files.
pub fn listed(county: &str, made_at: &str, files: &[(String, Vec<u8>)]) -> List {
    let one = |(name, bytes): &(String, Vec<u8>)| Listed {
        name: name.clone(),
        bytes: bytes.len(),
        sha256: sha(bytes),
        blocks: blocks(bytes),
    };
    List { county: county.to_owned(), made_at: made_at.to_owned(), files: files.iter().map(one).collect() }
}

/// The list as `sha256sum -c` reads it.
pub fn sums(list: &List) -> String {
    list.files.iter().map(|file| format!("{}  {}\n", file.sha256, file.name)).collect()
}

/// What the package is and how it is checked.
pub fn readme(list: &List) -> String {
    format!(
        "审计数据包\n区划 {}  出具时间 {}  文件 {} 个\n\n内容:每个账套一个文件夹,按会计核算软件数据接口(GB/T 24589)分组的 csv,\n\
         全部分组的 xml,可直接打开的 xlsx,附件索引(凭证号、文件名、SHA-256)。\n\n核验(任选一种):\n\
         1. 在本文件夹执行 sha256sum -c {SUMS},每个文件应显示 OK。\n\
         2. 执行 cunzhang audit verify 本文件夹,不符之处会指明文件和字节范围。\n\
         电子账簿里的“链尾校验码”应与原单位 cunzhang verify 的结果一致。\n",
        list.county,
        list.made_at,
        list.files.len()
    )
}

/// A place where a package differs from its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The file.
    pub file: String,
    /// What is different.
    pub what: String,
}

/// Every difference between a list and files as they are.
pub fn changes(list: &List, read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<Change> {
    let of = |file: &Listed| {
        let change = |what: String| vec![Change { file: file.name.clone(), what }];
        match read(&file.name) {
            None => change("文件不在了".to_owned()),
            Some(bytes) if sha(&bytes) == file.sha256 => Vec::new(),
            Some(bytes) if bytes.len() != file.bytes => change(format!("应为 {} 字节,现为 {} 字节", file.bytes, bytes.len())),
            Some(bytes) => changed_blocks(file, &bytes),
        }
    };
    list.files.iter().flat_map(of).collect()
}

fn changed_blocks(file: &Listed, bytes: &[u8]) -> Vec<Change> {
    let differs = blocks(bytes).into_iter().zip(&file.blocks).enumerate().filter(|(_, (now, then))| now != *then);
    let change = |at: usize| {
        let end = bytes.len().min((at + 1) * BLOCK);
        Change { file: file.name.clone(), what: format!("第 {}–{end} 字节被改过", at * BLOCK + 1) }
    };
    differs.map(|(at, _)| change(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, Vec<u8>)> {
        vec![("a.csv".into(), (0..2000_u32).flat_map(u32::to_le_bytes).collect()), ("b.csv".into(), b"x".to_vec())]
    }

    #[test]
    fn a_single_changed_byte_is_named() {
        let (whole, list) = (files(), listed("459900", "2026-01-05", &files()));
        let read =
            |files: &[(String, Vec<u8>)], name: &str| files.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes.clone());
        assert_eq!(changes(&list, |name| read(&whole, name)), []);
        for at in [0, 511, 512, 7999] {
            let mut changed = files();
            changed[0].1[at] ^= 1;
            let found = changes(&list, |name| read(&changed, name));
            let block = at / BLOCK * BLOCK;
            assert_eq!(found.len(), 1);
            assert!(found[0].file == "a.csv" && found[0].what.contains(&format!("第 {}–", block + 1)), "{found:?}");
        }
        let missing = changes(&list, |name| (name != "b.csv").then(|| read(&whole, name)).flatten());
        assert_eq!(missing, [Change { file: "b.csv".into(), what: "文件不在了".into() }]);
    }

    #[test]
    fn texts_come_out_of_xml_and_csv_as_they_went_in() {
        let group =
            Group {
                name: "记账凭证", element: "分录", columns: vec!["摘要"], rows: vec![vec!["<a> & \"b\",\n覃䶮".into()]]
            };
        let text = String::from_utf8(xml("V001", std::slice::from_ref(&group))).unwrap();
        assert!(text.contains("<摘要>&lt;a&gt; &amp; ") && text.contains("覃䶮"), "{text}");
        let bytes = group.csv();
        let mut reader = csv::Reader::from_reader(&bytes[3..]);
        assert_eq!(&reader.records().next().unwrap().unwrap()[0], "<a> & \"b\",\n覃䶮");
    }
}
