//! Fonts: found on the system, asked in an order that is a setting, read into memory once.
//!
//! 1. Letters stand in the first font of the order that has them; the same for every page of a paper.
//! 2. `CUNZHANG_FONTS` puts names before the usual order, `CUNZHANG_FONT_FOLDER` replaces the system's fonts by a folder's.
//! 3. A file is read once, however many faces it holds, and stays until the program ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::PrintRefusal;
use crate::papers::Widths;

/// What a font is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// 正文
    Body,
    /// 标题
    Titles,
    /// 生僻字
    Rare,
}

impl Use {
    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Use::Body => "正文",
            Use::Titles => "标题",
            Use::Rare => "生僻字",
        }
    }
}

/// 宋体 and its like, best first.
const BODY: [&str; 12] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "SimSun",
    "NSimSun",
    "Songti SC",
    "STSong",
    "FangSong",
    "AR PL UMing CN",
    "AR PL SungtiL GB",
    "HanWangMingMedium",
    "TW-Sung",
];
/// 黑体 and its like.
const TITLES: [&str; 12] = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "STHeiti",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "AR PL UKai CN",
];
/// Fonts of wide coverage, and of the scripts of names that are not Chinese; every one that is there is used.
const RARE: [&str; 19] = [
    "Jigmo",
    "Jigmo2",
    "Jigmo3",
    "HanaMinA",
    "HanaMinB",
    "BabelStone Han",
    "SimSun-ExtB",
    "SimSun-ExtG",
    "MingLiU-ExtB",
    "TW-Sung-Ext-B",
    "TW-Sung-Plus",
    "Plangothic P1",
    "Plangothic P2",
    "Noto Serif Tibetan",
    "Microsoft Himalaya",
    "Noto Sans Yi",
    "Microsoft Yi Baiti",
    "Noto Sans Symbols2",
    "DejaVu Sans",
];

/// A font in use.
#[derive(Debug, Clone)]
pub struct Found {
    /// What for.
    pub used_for: Use,
    /// Its family.
    pub family: String,
    /// Where it is.
    pub path: PathBuf,
    /// Size of its file.
    pub bytes: usize,
}

/// The fonts in use.
pub struct Fonts {
    /// In the order in which they are asked.
    pub found: Vec<Found>,
    /// Faces found on the system.
    pub seen: usize,
    pub(super) fonts: Vec<Font>,
    pub(super) book: LazyHash<FontBook>,
    faces: Vec<ttf_parser::Face<'static>>,
    widths: Vec<AtomicI32>,
}

/// A face chosen to be loaded.
type Choice = (Use, PathBuf, u32);
/// Files read already.
type Files = BTreeMap<PathBuf, (Bytes, &'static [u8])>;
/// A width that was not asked for yet, and one that no font has.
const UNKNOWN: i32 = -2;
const ABSENT: i32 = -1;

impl Fonts {
    /// Finds and reads them. Refuses a system without a font for Chinese.
    pub fn find() -> Result<Fonts, PrintRefusal> {
        let mut db = fontdb::Database::new();
        let folder = std::env::var_os("CUNZHANG_FONT_FOLDER").filter(|folder| !folder.is_empty());
        match &folder {
            Some(folder) => db.load_fonts_dir(folder),
            None => db.load_system_fonts(),
        }
        let searched = folder.map_or_else(|| "系统字体".to_owned(), |folder| folder.display().to_string());
        let first = std::env::var("CUNZHANG_FONTS").unwrap_or_default();
        let choices = choices(&db, &first);
        if !choices.iter().any(|(used_for, ..)| *used_for != Use::Rare) {
            return Err(PrintRefusal::NoFont { searched: format!("{searched},{} 种", db.len()) });
        }
        Ok(Fonts::load(choices, db.len()))
    }

    fn load(choices: Vec<Choice>, seen: usize) -> Fonts {
        let mut files = Files::new();
        let (mut found, mut fonts, mut faces) = (Vec::new(), Vec::new(), Vec::new());
        for (used_for, path, index) in choices {
            let Some((bytes, data)) = read(&path, &mut files) else { continue };
            let (Some(font), Ok(face)) = (Font::new(bytes, index), ttf_parser::Face::parse(data, index)) else { continue };
            found.push(Found { used_for, family: font.info().family.as_str().to_owned(), path, bytes: data.len() });
            fonts.push(font);
            faces.push(face);
        }
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        let widths = std::iter::repeat_with(|| AtomicI32::new(UNKNOWN)).take(0x1_0000).collect();
        Fonts { found, seen, fonts, book, faces, widths }
    }

    /// Families for a use, in the order in which they are asked.
    pub fn order(&self, wanted: Use) -> Vec<String> {
        let of = |used_for: Use| self.found.iter().filter(move |found| found.used_for == used_for);
        let other = if wanted == Use::Titles { Use::Body } else { Use::Titles };
        let mut names: Vec<String> = of(wanted).chain(of(other)).chain(of(Use::Rare)).map(|found| found.family.clone()).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    fn widest(&self, c: char) -> Option<i64> {
        let advance = |face: &ttf_parser::Face<'_>| {
            let units = face.glyph_hor_advance(face.glyph_index(c)?)?;
            Some((i64::from(units) * 1_000 + 999) / i64::from(face.units_per_em()))
        };
        self.faces.iter().filter_map(advance).max()
    }
}

impl Widths for Fonts {
    fn milli_em(&self, c: char) -> Option<i64> {
        let Some(kept) = self.widths.get(u32::from(c) as usize) else { return self.widest(c) };
        let mut width = kept.load(Ordering::Relaxed);
        if width == UNKNOWN {
            width = self.widest(c).and_then(|width| i32::try_from(width).ok()).unwrap_or(ABSENT);
            kept.store(width, Ordering::Relaxed);
        }
        (width != ABSENT).then_some(i64::from(width))
    }
}

/// The file's bytes, which stay until the program ends.
fn read(path: &Path, files: &mut Files) -> Option<(Bytes, &'static [u8])> {
    if let Some(read) = files.get(path) {
        return Some(read.clone());
    }
    let data: &'static [u8] = Box::leak(std::fs::read(path).ok()?.into_boxed_slice());
    let read = (Bytes::new(data), data);
    files.insert(path.to_owned(), read.clone());
    Some(read)
}

/// Body and titles: the first of the order that is there. Rare characters: all that are there. If neither of the first two
/// is known by name, any font that can write 账 serves.
fn choices(db: &fontdb::Database, first: &str) -> Vec<Choice> {
    let own: Vec<&str> = first.split([',', ',']).map(str::trim).filter(|name| !name.is_empty()).collect();
    let body = own.iter().chain(&BODY).find_map(|name| named(db, name));
    let titles = TITLES.iter().find_map(|name| named(db, name));
    let any = || db.faces().find(|face| writes_chinese(db, face)).and_then(place);
    let body = body.or_else(|| titles.clone()).or_else(any);
    let titles = titles.or_else(|| body.clone());
    let rare = own.iter().skip(1).chain(&RARE).filter_map(|name| named(db, name)).map(|(path, index)| (Use::Rare, path, index));
    let main = [(Use::Body, body), (Use::Titles, titles)];
    let main = main.into_iter().filter_map(|(used_for, place)| place.map(|(path, index)| (used_for, path, index)));
    main.chain(rare).collect()
}

/// The face of a family that is nearest to an upright one of ordinary weight.
fn named(db: &fontdb::Database, name: &str) -> Option<(PathBuf, u32)> {
    let of_family = |face: &&fontdb::FaceInfo| {
        face.style == fontdb::Style::Normal && face.families.iter().any(|(family, _)| family.eq_ignore_ascii_case(name))
    };
    db.faces().filter(of_family).min_by_key(|face| (face.weight.0.abs_diff(400), face.index)).and_then(place)
}

fn place(face: &fontdb::FaceInfo) -> Option<(PathBuf, u32)> {
    match &face.source {
        fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => Some((path.clone(), face.index)),
        fontdb::Source::Binary(_) => None,
    }
}

fn writes_chinese(db: &fontdb::Database, face: &fontdb::FaceInfo) -> bool {
    let has = |data: &[u8], index: u32| {
        let face = ttf_parser::Face::parse(data, index).ok()?;
        "村账凭证壹".chars().all(|c| face.glyph_index(c).is_some()).then_some(())
    };
    db.with_face_data(face.id, has).flatten().is_some()
}
