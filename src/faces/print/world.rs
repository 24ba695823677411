//! What a template may read: the templates built into the program, one file of data, the fonts. No clock, no disk, no network.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::{Fonts, Use};

/// The templates, and the data as a template names it.
const TEMPLATES: [(&str, &str); 7] = [
    ("main.typ", include_str!("../../../reports/main.typ")),
    ("furniture.typ", include_str!("../../../reports/furniture.typ")),
    ("table.typ", include_str!("../../../reports/table.typ")),
    ("voucher.typ", include_str!("../../../reports/voucher.typ")),
    ("cover.typ", include_str!("../../../reports/cover.typ")),
    ("certificate.typ", include_str!("../../../reports/certificate.typ")),
    ("trial.typ", include_str!("../../../reports/trial.typ")),
];
const DATA: &str = "document.json";

/// What is the same for every paper.
pub(super) struct Shop {
    pub(super) fonts: Fonts,
    library: LazyHash<Library>,
}

impl Shop {
    pub(super) fn new(fonts: Fonts) -> Shop {
        let names = |wanted: Use| {
            Value::Array(fonts.order(wanted).iter().map(|name| Value::Str(name.as_str().into())).collect::<Array>())
        };
        let mut inputs = Dict::new();
        inputs.insert("body".into(), names(Use::Body));
        inputs.insert("titles".into(), names(Use::Titles));
        Shop { library: LazyHash::new(Library::builder().with_inputs(inputs).build()), fonts }
    }
}

/// The world of one paper.
pub(super) struct Job<'a> {
    pub(super) shop: &'a Shop,
    pub(super) data: Bytes,
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Templates by the numbers the compiler knows them by, the first one, and the data's number.
fn files() -> &'static (HashMap<FileId, Source>, FileId, FileId) {
    static FILES: OnceLock<(HashMap<FileId, Source>, FileId, FileId)> = OnceLock::new();
    FILES.get_or_init(|| {
        let sources = TEMPLATES.iter().map(|(name, text)| (id(name), Source::new(id(name), (*text).to_owned()))).collect();
        (sources, id(TEMPLATES[0].0), id(DATA))
    })
}

fn not_there(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.fonts.book
    }

    fn main(&self) -> FileId {
        files().1
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        files().0.get(&id).cloned().ok_or_else(|| not_there(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == files().2 { Ok(self.data.clone()) } else { Err(not_there(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
